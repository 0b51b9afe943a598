/* Reading the config: items of the syntax into the table of keys, then the profile. */
#include "conf/conf.h"
#include "conf/keys.h"
#include "conf/match.h"
#include "conf/profile.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONF_MEM_BYTES (32u << 20)

struct reading {
	struct syntax s;
	struct slice section;
	struct profile_rules rules;
	bool seen[128];
	bool seen_role[ROLES];
	struct syntax_pos roots_at, profile_at, base_at, extend_at;
	struct conf *c;
};

static int second_time(const struct reading *r, const struct syntax_item *it)
{
	return syntax_fault(&r->s, it->pos, "found %.*s a second time; expected it once",
	                    SLICE_ARG(it->name));
}

static int take_path_rule(struct reading *r, const struct syntax_item *it)
{
	enum role role;

	if (role_of(it->name, &role)) {
		if (r->seen_role[role])
			return second_time(r, it);
		r->seen_role[role] = true;
	}
	return profile_add_rules(&r->rules, &r->s, it, (struct slice){0});
}

static int take_key(struct reading *r, const struct syntax_item *it)
{
	ptrdiff_t k = keys_find(r->section, it->name);

	if (slice_eq(r->section, SLICE("paths")))
		return take_path_rule(r, it);
	if (k < 0)
		return keys_unknown(&r->s, it, r->section);
	if (r->seen[k])
		return second_time(r, it);
	r->seen[k] = true;
	if (slice_eq(it->name, SLICE("roots")))
		r->roots_at = it->value.pos;
	else if (slice_eq(it->name, SLICE("profile")))
		r->profile_at = it->value.pos;
	else if (slice_eq(it->name, SLICE("profile_base")))
		r->base_at = it->value.pos;
	else if (slice_eq(it->name, SLICE("extend")))
		r->extend_at = it->value.pos;
	return keys_set(&keys_table[k], &r->s, &it->value, r->c);
}

static int take_section(struct reading *r, const struct syntax_item *it)
{
	for (size_t i = 1; i < keys_section_count; i++)
		if (slice_eq(it->name, slice_str(keys_sections[i].name))) {
			r->section = it->name;
			return 0;
		}
	return keys_unknown(&r->s, it, r->section);
}

/* Settings that the file leaves out: the table's text is read as if it stood there. */
static int set_defaults(struct reading *r)
{
	for (size_t k = 0; k < keys_count; k++) {
		struct syntax s;
		struct syntax_item it;
		struct slice line;
		int rc;

		if (r->seen[k] || !keys_table[k].otherwise)
			continue;
		line = arena_printf(&r->c->mem, "%s = %s\n", keys_table[k].name,
		                    keys_table[k].otherwise);
		syntax_init(&s, line, "default", &r->c->mem, r->s.err);
		rc = syntax_next(&s, &it);
		if (rc > 0)
			rc = keys_set(&keys_table[k], &s, &it.value, r->c);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static bool lies_in(struct slice inner, struct slice outer)
{
	return slice_starts(inner, outer) && (inner.n == outer.n || inner.at[outer.n] == '/');
}

static int check_roots(const struct reading *r)
{
	const struct conf *c = r->c;

	if (c->roots == 0)
		return syntax_fault(&r->s, r->s.pos,
		                    "found no roots; expected roots = [\"/path/of/the/shop\"] "
		                    "in the first part");
	for (size_t i = 0; i < c->roots; i++)
		for (size_t j = 0; j < c->roots; j++)
			if (i != j && lies_in(c->root[i].path, c->root[j].path))
				return syntax_fault(&r->s, r->roots_at,
				                    "found \"%.*s\", which lies in \"%.*s\"; "
				                    "expected folders apart",
				                    SLICE_ARG(c->root[i].path),
				                    SLICE_ARG(c->root[j].path));
	return 0;
}

static int check_base(const struct reading *r)
{
	struct slice b = r->c->profile_base;

	if (b.n &&
	    (b.at[0] == '/' || b.at[b.n - 1] == '/' || slice_find(b, SLICE("..")) != SIZE_MAX))
		return syntax_fault(
		    &r->s, r->base_at,
		    "found \"%.*s\"; expected a folder below the watched one, such as \"html\"",
		    SLICE_ARG(b));
	return 0;
}

/* Our own state below a watched folder is none of the shop's files. */
static int ignore_state(struct reading *r)
{
	struct conf *c = r->c;

	for (size_t i = 0; i < c->roots; i++) {
		struct slice root = c->root[i].path, g;
		struct syntax_item it = {.name = SLICE("ignored"), .pos = r->s.pos};

		if (!lies_in(c->state, root) || c->state.n <= root.n + 1)
			continue;
		g = slice_sub(c->state, root.n + 1, c->state.n);
		g = arena_printf(&c->mem, "%.*s/**", SLICE_ARG(g));
		it.value = (struct syntax_value){
		    .kind = SYNTAX_LIST, .list = &g, .list_pos = &it.pos, .list_count = 1};
		int rc = profile_add_rules(&r->rules, &r->s, &it, (struct slice){0});

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The groups of another kind of shop, where [scope] names one; then the operator's own columns.
 */
static int extend(struct reading *r, const char *profile_dir)
{
	struct conf *c = r->c;
	struct profile other;
	int n = c->scope_profile.n
	            ? profile_load(profile_dir, c->scope_profile, &c->mem, &other, r->s.err)
	            : 0;

	if (n < 0)
		return n;
	if (c->scope_profile.n)
		c->populations = other.populations;

	for (size_t i = 0; i < c->scope_extends; i++) {
		const char *why =
		    population_extend(&c->populations, &c->mem, c->scope_extend[i]);

		if (why)
			return syntax_fault(&r->s, r->extend_at, "found \"%.*s\"; expected %s",
			                    SLICE_ARG(c->scope_extend[i]), why);
	}
	return 0;
}

static int add_profile(struct reading *r, const char *profile_dir)
{
	struct conf *c = r->c;
	struct profile p;
	struct err why = {0};
	int rc = profile_load(profile_dir, c->profile, &c->mem, &p, &why);

	if (rc == -ENOENT)
		return syntax_fault(&r->s, r->profile_at,
		                    "found the profile \"%.*s\"; expected one of the folder %s",
		                    SLICE_ARG(c->profile), profile_dir);
	if (rc < 0)
		return err_set(r->s.err, rc, "%s", why.text);
	c->profile_title = p.title;
	c->maintenance = p.maintenance;
	if (c->profile_base.n && p.maintenance.n)
		c->maintenance = arena_printf(&c->mem, "%.*s/%.*s", SLICE_ARG(c->profile_base),
		                              SLICE_ARG(p.maintenance));
	c->populations = p.populations;
	c->pages = p.pages.at;
	c->page_count = p.pages.n;
	c->rules = r->rules.n + p.rules.n;
	c->rule = arena_array(&c->mem, c->rules ? c->rules : 1, sizeof(*c->rule));
	for (size_t i = 0; c->rule && i < c->rules; i++) {
		if (i < r->rules.n) {
			c->rule[i] = r->rules.at[i];
			continue;
		}
		c->rule[i] = p.rules.at[i - r->rules.n];
		if (c->profile_base.n)
			c->rule[i].glob =
			    arena_printf(&c->mem, "%.*s/%.*s", SLICE_ARG(c->profile_base),
			                 SLICE_ARG(c->rule[i].glob));
	}
	c->match = c->rule ? match_new(&c->mem, c->rule, c->rules) : NULL;
	if (!c->match || c->mem.broken)
		return err_set(r->s.err, -ENOMEM, "%s: out of memory", r->s.file);
	return extend(r, profile_dir);
}

static int read_items(struct reading *r)
{
	struct syntax_item it;
	int rc;

	while ((rc = syntax_next(&r->s, &it)) > 0) {
		rc = it.section ? take_section(r, &it) : take_key(r, &it);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* c->mem is set up; `text` must outlive c. */
static int parse(struct slice text, const char *name, const char *profile_dir, struct conf *c,
                 struct err *e)
{
	struct reading r = {.c = c, .profile_at = {1, 1}, .section = SLICE("")};
	int rc;

	c->file = arena_copy(&c->mem, slice_str(name));
	syntax_init(&r.s, text, name, &c->mem, e);
	if ((rc = read_items(&r)) < 0 || (rc = set_defaults(&r)) < 0 ||
	    (rc = check_roots(&r)) < 0 || (rc = check_base(&r)) < 0 ||
	    (rc = ignore_state(&r)) < 0)
		return rc;
	return add_profile(&r, profile_dir);
}

int conf_parse(struct slice text, const char *name, const char *profile_dir, struct conf *out,
               struct err *e)
{
	struct slice copy;
	int r;

	*out = (struct conf){0};
	arena_init(&out->mem, CONF_MEM_BYTES);
	if (text.n > CONF_MAX_BYTES)
		return err_set(e, -EFBIG, "%s: found %zu bytes; expected at most %u", name,
		               text.n, CONF_MAX_BYTES);
	copy = arena_copy(&out->mem, text);
	r = copy.at ? parse(copy, name, profile_dir, out, e)
	            : err_set(e, -ENOMEM, "%s: out of memory", name);
	if (r < 0)
		conf_done(out);
	return r;
}

int conf_load(const char *file, const char *profile_dir, struct conf *out, struct err *e)
{
	struct slice text;
	int r;

	*out = (struct conf){0};
	arena_init(&out->mem, CONF_MEM_BYTES);
	r = profile_read_file(file, true, &out->mem, &text, e);
	if (r == 0)
		r = parse(text, file, profile_dir, out, e);
	if (r < 0)
		conf_done(out);
	return r;
}

void conf_done(struct conf *c)
{
	if (!c)
		return;
	arena_done(&c->mem);
	*c = (struct conf){0};
}

/* By the globs, or its name. *text: of a packed copy the path without that end. */
static enum role role_of_place(const struct conf *c, struct slice path, struct slice *text)
{
	bool packed = role_packing(path, text) != ROLE_UNPACKED;
	ptrdiff_t i = c->match ? match_find(c->match, path) : -1;
	ptrdiff_t of_text = c->match && packed ? match_find(c->match, *text) : -1;

	if (of_text >= 0 && (i < 0 || of_text < i))
		i = of_text;
	return i >= 0 ? c->rule[i].role : match_by_name(*text);
}

enum role conf_role(const struct conf *c, struct slice path)
{
	struct slice text = path;
	enum role r = role_of_place(c, path, &text);

	return r == ROLE_DATA ? match_in_data(text) : r;
}

bool conf_in_data(const struct conf *c, struct slice path)
{
	struct slice text = path;

	return role_of_place(c, path, &text) == ROLE_DATA;
}

bool conf_web_worker(const struct conf *c, struct slice user, struct slice exe)
{
	for (size_t i = 0; i < c->web_user_count; i++)
		if (user.n && slice_eq(c->web_users[i], user))
			return true;
	for (size_t i = 0; i < c->web_program_count; i++)
		if (exe.n && text_glob(c->web_programs[i], exe))
			return true;
	return false;
}

size_t conf_web_uids(const struct conf *c, uid_t *out, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < c->web_user_count && n < most; i++) {
		char name[256];
		const struct passwd *pw;
		struct slice s = c->web_users[i];

		if (s.n >= sizeof(name))
			continue;
		memcpy(name, s.at, s.n);
		name[s.n] = '\0';
		pw = getpwnam(name);
		if (pw && pw->pw_uid != 0)
			out[n++] = pw->pw_uid;
	}
	return n;
}

const char *conf_profile_dir(void)
{
	const char *dir = secure_getenv("HINOBAN_PROFILES");

	if (dir && dir[0] == '/')
		return dir;
#ifdef HINOBAN_SOURCE
	if (access(HINOBAN_SOURCE "/profiles", R_OK | X_OK) == 0)
		return HINOBAN_SOURCE "/profiles";
#endif
	return HINOBAN_DATA "/profiles";
}

bool conf_root_of(const struct conf *c, struct slice path, uint32_t *root)
{
	for (size_t i = 0; i < c->roots; i++) {
		if (slice_eq(c->root[i].path, path)) {
			*root = (uint32_t)i;
			return true;
		}
	}
	return false;
}
