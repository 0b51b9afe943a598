/* Profiles: a table of keys over the common syntax. */
#include "conf/profile.h"
#include "conf/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct {
	const char *section, *name;
	size_t at;
	bool list;
} keys[] = {
    {"", "title", offsetof(struct profile, title), false},
    {"recognise", "files", offsetof(struct profile, files), true},
    {"recognise", "texts", offsetof(struct profile, texts), true},
    {"recognise", "also", offsetof(struct profile, also), true},
    {"recognise", "version", offsetof(struct profile, version), true},
    {"recognise", "with", offsetof(struct profile, with), true},
    {"recognise", "docroot", offsetof(struct profile, docroot), true},
    {"contain", "maintenance", offsetof(struct profile, maintenance), false},
    {"contain", "pages", offsetof(struct profile, pages), true},
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

bool profile_name_ok(struct slice name)
{
	if (name.n == 0 || name.n > PROFILE_NAME_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

/* Why a glob can never do what its writer meant, or NULL. */
static const char *glob_fault(struct slice g)
{
	bool in_class = false;

	if (g.n == 0)
		return "a glob";
	if (g.at[0] == '/')
		return "a glob relative to the watched folder, without / in front";
	if (g.at[g.n - 1] == '/')
		return "a glob that ends in /** for all that is in a folder";
	if (slice_eq(g, SLICE("..")) || slice_starts(g, SLICE("../")) ||
	    slice_find(g, SLICE("/../")) != SIZE_MAX)
		return "a glob without ..";
	for (size_t i = 0; i < g.n; i++) {
		if (g.at[i] == '[')
			in_class = true;
		else if (g.at[i] == ']')
			in_class = false;
	}
	return in_class ? "a ] behind the [ of the glob" : NULL;
}

static int rules_room(struct profile_rules *r, struct arena *mem, size_t more)
{
	struct conf_rule *at;
	size_t room = r->room ? r->room : 64;

	while (room < r->n + more)
		room *= 2;
	if (room == r->room)
		return 0;
	at = arena_array(mem, room, sizeof(*at));
	if (!at)
		return -ENOMEM;
	for (size_t i = 0; i < r->n; i++)
		at[i] = r->at[i];
	r->at = at;
	r->room = room;
	return 0;
}

int profile_add_rules(struct profile_rules *r, const struct syntax *s,
                      const struct syntax_item *it, struct slice base)
{
	const struct syntax_value *v = &it->value;
	enum role role;

	if (!role_of(it->name, &role))
		return keys_unknown(s, it, SLICE("paths"));
	if (v->kind != SYNTAX_LIST)
		return syntax_fault(s, v->pos, "found %s for %.*s; expected a list of globs",
		                    syntax_kind_name(v->kind), SLICE_ARG(it->name));
	if (r->n + v->list_count > CONF_MAX_RULES)
		return syntax_fault(s, v->pos, "found more than %d globs; expected fewer",
		                    CONF_MAX_RULES);
	if (rules_room(r, s->mem, v->list_count) < 0)
		return err_set(s->err, -ENOMEM, "%s: out of memory", s->file);
	for (size_t i = 0; i < v->list_count; i++) {
		struct slice g = v->list[i];
		const char *why = glob_fault(g);

		if (why)
			return syntax_fault(s, v->list_pos[i], "found \"%.*s\"; expected %s",
			                    SLICE_ARG(g), why);
		if (base.n)
			g = arena_printf(s->mem, "%.*s/%.*s", SLICE_ARG(base), SLICE_ARG(g));
		if (!g.at)
			return err_set(s->err, -ENOMEM, "%s: out of memory", s->file);
		r->at[r->n++] = (struct conf_rule){role, g};
	}
	return 0;
}

static int unknown_key(const struct syntax *s, const struct syntax_item *it,
                       struct slice section)
{
	const char *names[KEYS + 1] = {0};
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < KEYS; i++)
		if (slice_eq(section, slice_str(keys[i].section)))
			names[n++] = keys[i].name;
	near = keys_near(it->name, names);
	return syntax_fault(s, it->pos, "found the unknown key \"%.*s\"; %s%s%s",
	                    SLICE_ARG(it->name),
	                    near ? "did you mean " : "expected one of hinoban.profile(5)",
	                    near ? near : "", near ? "?" : "");
}

static int set_key(size_t i, const struct syntax *s, const struct syntax_value *v,
                   struct profile *p)
{
	enum syntax_kind want = keys[i].list ? SYNTAX_LIST : SYNTAX_TEXT;

	if (v->kind != want)
		return syntax_fault(s, v->pos, "found %s for %s; expected %s",
		                    syntax_kind_name(v->kind), keys[i].name,
		                    syntax_kind_name(want));
	if (want == SYNTAX_TEXT)
		*(struct slice *)((char *)p + keys[i].at) = v->text;
	else
		*(struct profile_list *)((char *)p + keys[i].at) =
		    (struct profile_list){v->list, v->list_count};
	return 0;
}

static int take_item(const struct syntax *s, const struct syntax_item *it, struct slice section,
                     unsigned *seen, struct profile *p)
{
	if (slice_eq(section, SLICE("paths")))
		return profile_add_rules(&p->rules, s, it, (struct slice){0});
	if (population_section(section))
		return population_take(&p->populations, s, it, section);
	for (size_t i = 0; i < KEYS; i++)
		if (slice_eq(section, slice_str(keys[i].section)) &&
		    slice_eq(it->name, slice_str(keys[i].name))) {
			if (*seen & 1u << i)
				return syntax_fault(s, it->pos,
				                    "found %s a second time; expected it once",
				                    keys[i].name);
			*seen |= 1u << i;
			return set_key(i, s, &it->value, p);
		}
	return unknown_key(s, it, section);
}

int profile_parse(struct slice text, const char *file, struct arena *mem, struct profile *out,
                  struct err *e)
{
	struct syntax s;
	struct syntax_item it;
	struct slice section = SLICE("");
	unsigned seen = 0;
	int r;

	*out = (struct profile){0};
	syntax_init(&s, text, file, mem, e);
	while ((r = syntax_next(&s, &it)) > 0) {
		if (!it.section)
			r = take_item(&s, &it, section, &seen, out);
		else if (!slice_eq(it.name, SLICE("recognise")) &&
		         !slice_eq(it.name, SLICE("paths")) &&
		         !slice_eq(it.name, SLICE("contain")) && !population_section(it.name))
			r = syntax_fault(&s, it.pos,
			                 "found the section [%.*s]; expected [recognise], "
			                 "[contain], [paths], [database] or a group such as "
			                 "[orders]",
			                 SLICE_ARG(it.name));
		section = it.section ? it.name : section;
		if (r < 0)
			break;
	}
	if (r == 0)
		r = population_check(&out->populations, &s);
	if (r == 0 && out->title.n == 0)
		r = syntax_fault(&s, s.pos, "found no title; expected title = \"...\"");
	return r < 0 ? r : 0;
}

int profile_read_file(const char *path, bool trusted_only, struct arena *mem, struct slice *out,
                      struct err *e)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	uint8_t *at;
	size_t n = 0, room;
	ssize_t got = 1;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, -errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s: found no ordinary file; expected one", path);
	if (trusted_only && geteuid() == 0 && st.st_mode & S_IWOTH)
		return err_set(e, -EPERM,
		               "%s: everyone may write this file (mode %04o), so run as root "
		               "hinoban does not "
		               "follow it; do: chmod o-w '%s'",
		               path, (unsigned)st.st_mode & 07777, path);
	if (st.st_size > (off_t)CONF_MAX_BYTES)
		return err_set(e, -EFBIG, "%s: found %lld bytes; expected at most %u", path,
		               (long long)st.st_size, CONF_MAX_BYTES);
	room = (size_t)st.st_size + 1;
	at = arena_alloc(mem, room);
	if (!at)
		return err_set(e, -ENOMEM, "%s: out of memory", path);
	while (n < room && got > 0) {
		got = read(fd, at + n, room - n);
		if (got < 0)
			return err_sys(e, -errno, "%s", path);
		n += (size_t)got;
	}
	if (n == room)
		return err_set(e, -EAGAIN, "%s: it grew while it was read; try again", path);
	*out = slice_mem(at, n);
	return 0;
}

int profile_load(const char *profile_dir, struct slice name, struct arena *mem,
                 struct profile *out, struct err *e)
{
	struct slice text;
	char path[4096];
	int n, r;

	if (!profile_name_ok(name))
		return err_set(e, -EINVAL,
		               "found the profile name \"%.*s\"; expected lower-case "
		               "letters, digits and '-'",
		               SLICE_ARG(name));
	n = snprintf(path, sizeof(path), "%s/%.*s.profile", profile_dir, SLICE_ARG(name));
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, -ENAMETOOLONG, "%s: the path is too long", profile_dir);
	r = profile_read_file(path, true, mem, &text, e);
	return r < 0 ? r : profile_parse(text, path, mem, out, e);
}
