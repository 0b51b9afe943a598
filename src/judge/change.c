#include "judge/change.h"
#include "fact/version.h"

#define HOSTS_TOLD   16 /* parse/look.h: LOOK_MAX_NAMES */
#define ROOM_BEGINS  ".hinoban-"
#define ROOM_DIGITS  16
#define FEATURE_MOST 1000000 /* counts are capped: sums of them must not overflow */

static const struct json *state(const struct json *fact, const char *name)
{
	const struct json *s = json_get(fact, name);

	return s && s->kind == JSON_OBJ ? s : NULL;
}

static uint32_t octal(struct slice s)
{
	uint32_t v = 0;

	for (size_t i = 0; i < s.n && i < 6; i++) {
		if (s.at[i] < '0' || s.at[i] > '7')
			return 0;
		v = v * 8 + (uint32_t)(s.at[i] - '0');
	}
	return v;
}

static void read_features(const struct json *content, int32_t *out)
{
	const struct json *list = json_get(content, "features");
	enum feature f;

	for (const struct json *m = list ? list->first : NULL; m; m = m->next) {
		if (m->kind != JSON_INT || m->i < 0 || !feature_of(m->name, &f))
			continue;
		out[f] = m->i > FEATURE_MOST ? FEATURE_MOST : (int32_t)m->i;
	}
}

/* A size or a share grows with every honest edit: only a jump by half counts. */
static int32_t more(enum feature f, int32_t now, int32_t before)
{
	if (feature_rows[f].sort == FEATURE_MEASURED && now <= before + before / 2)
		return 0;
	return now > before ? now - before : 0;
}

static bool names(const struct json *list, struct slice host)
{
	for (const struct json *m = list ? list->first : NULL; m; m = m->next)
		if (m->kind == JSON_STR && slice_caseeq(m->s, host))
			return true;
	return false;
}

/*
 * The list of hosts may be cut short (parse/look.h): a file that names more than fit tells
 * nothing about new ones.
 */
static void read_hosts(const struct json *now, const struct json *before, struct change *c)
{
	const struct json *list = json_get(now, "hosts"), *old = json_get(before, "hosts");
	int32_t fresh = 0, n = 0;

	if (before && !json_get(before, "kind"))
		return; /* what was kept of the approved version names no hosts */
	for (const struct json *m = old ? old->first : NULL; m; m = m->next)
		n++;
	for (const struct json *m = list ? list->first : NULL; m; m = m->next) {
		if (m->kind != JSON_STR || names(old, m->s))
			continue;
		if (fresh++ == 0)
			c->new_host = m->s;
	}
	c->gained[F_HOSTS] = n < HOSTS_TOLD ? fresh : 0;
	if (!c->gained[F_HOSTS])
		c->new_host = (struct slice){0};
}

static void read_content(const struct json *fact, struct change *c)
{
	int32_t before[FEATURE_COUNT] = {0};
	const struct json *content = json_get(fact, "content");

	c->kind = json_text(content, "kind");
	read_features(content, c->now);
	read_features(json_get(fact, "approved_content"), before);
	for (unsigned f = 0; f < FEATURE_COUNT; f++)
		c->gained[f] = more((enum feature)f, c->now[f], before[f]);
	read_hosts(content, json_get(fact, "approved_content"), c);
}

/* A write was refused, or it was let wait until it could do no harm. */
static bool is_refusal(const struct json *fact)
{
	struct slice type = fact_type(fact);

	if (slice_eq(type, SLICE("open.denied")))
		return json_true(fact, "writes");
	return slice_eq(type, SLICE("fence.denied")) ||
	       (slice_eq(type, SLICE("order.heal")) &&
	        slice_eq(json_text(fact, "cause"), SLICE("write")));
}

/* Approved code that is put back before the guard can have seen that it was gone. */
static bool is_removal(const struct json *fact)
{
	return slice_eq(fact_type(fact), SLICE("order.heal")) &&
	       slice_eq(json_text(fact, "cause"), SLICE("gone"));
}

/* As wall/place.c names a room, and the file that is made in it. */
static bool is_room(struct slice path)
{
	size_t name = slice_find(path, SLICE(ROOM_BEGINS)), i;

	if (name == SIZE_MAX || (name > 0 && path.at[name - 1] != '/'))
		return false;
	path = slice_sub(path, name + sizeof(ROOM_BEGINS) - 1, path.n);
	for (i = 0; i < path.n && i < ROOM_DIGITS; i++) {
		if (slice_chr(SLICE("0123456789abcdef"), path.at[i]) == SIZE_MAX)
			return false;
	}
	path = slice_sub(path, i, path.n);
	return i == ROOM_DIGITS && (path.n == 0 || slice_eq(path, SLICE("/new")));
}

/*
 * Anybody may choose such a name, and call his program so. But its parent is hinoband, and
 * root's.
 */
static bool by_hand(const struct json *who)
{
	const struct json *parents = json_get(who, "parents");
	const struct json *keeper = parents ? parents->first : NULL;

	return slice_ends(json_text(who, "exe"), SLICE("/hinoban-hand")) &&
	       slice_ends(json_text(keeper, "exe"), SLICE("/hinoband")) &&
	       slice_eq(json_text(keeper, "user"), SLICE("root"));
}

bool change_of(const struct json *fact, struct change *out)
{
	struct slice type = fact_type(fact);

	*out = (struct change){.fact = fact, .seq = fact_seq(fact)};
	out->baseline = slice_eq(type, SLICE("file.baseline"));
	out->refused = is_refusal(fact);
	out->hidden = slice_eq(type, SLICE("watch.unreadable")) && json_true(fact, "hidden");
	if (!out->baseline && !out->refused && !out->hidden && !is_removal(fact) &&
	    !slice_eq(type, SLICE("file.changed")))
		return false;
	out->root = json_text(fact, "root");
	out->path = json_text(fact, "path");
	if (!role_of(json_text(fact, "role"), &out->role) ||
	    (out->hidden && !role_is_code(out->role)))
		return false;
	out->present = state(fact, "present");
	out->approved = out->baseline ? out->present : state(fact, "approved");
	out->deployed = json_get(fact, "deploy") != NULL;
	out->in_data = json_true(fact, "in_data");
	out->class = json_text(out->present, "class");
	out->mode = octal(json_text(out->present, "mode"));
	out->approved_mode = octal(json_text(out->approved, "mode"));
	out->who = state(fact, "who");
	out->ours = is_room(out->path) && by_hand(out->who);
	read_content(fact, out);
	return true;
}

static bool same_text(const struct change *c, const char *name)
{
	return slice_eq(json_text(c->approved, name), json_text(c->present, name));
}

bool change_content_differs(const struct change *c)
{
	if (!c->approved || !c->present)
		return c->approved != c->present;
	return !same_text(c, "class") || !same_text(c, "hash");
}

bool change_attributes_differ(const struct change *c)
{
	return c->approved && c->present &&
	       version_of(c->approved, 0).attrs != version_of(c->present, 0).attrs;
}

bool change_rights_differ(const struct change *c)
{
	if (!c->approved || !c->present)
		return false;
	/* A link's own mode is always 0777 and means nothing. */
	return json_num(c->approved, "uid", 0) != json_num(c->present, "uid", 0) ||
	       json_num(c->approved, "gid", 0) != json_num(c->present, "gid", 0) ||
	       (c->mode != c->approved_mode && !slice_eq(c->class, SLICE("link"))) ||
	       change_attributes_differ(c);
}

bool change_is_none(const struct change *c)
{
	return !change_content_differs(c) && !change_rights_differ(c);
}

bool change_by_worker(const struct change *c)
{
	return json_true(c->who, "worker");
}

static bool one_of(struct slice s, const char *const *list)
{
	for (; *list; list++) {
		if (slice_caseeq(s, slice_str(*list)))
			return true;
	}
	return false;
}

static struct slice behind_last(struct slice s, uint8_t c)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.at[i - 1] == c)
			return slice_sub(s, i, s.n);
	}
	return (struct slice){0};
}

static struct slice file_name(const struct change *c)
{
	struct slice name = behind_last(c->path, '/');

	return name.n ? name : c->path;
}

bool change_named_program(const struct change *c)
{
	static const char *const ends[] = {"php",  "phtml", "php3", "php4", "php5",  "php7",
	                                   "php8", "pht",   "phps", "phar", "inc",   "cgi",
	                                   "pl",   "asp",   "aspx", "jsp",  "shtml", NULL};

	/* Names like "x.php " and "x.php." are run by some servers as "x.php". */
	return one_of(behind_last(slice_trim(file_name(c)), '.'), ends);
}

bool change_named_setting(const struct change *c)
{
	static const char *const names[] = {".htaccess", ".user.ini", "php.ini", "web.config",
	                                    NULL};

	return one_of(file_name(c), names);
}

bool change_named_prose(const struct change *c)
{
	static const char *const ends[] = {
	    "md",  "txt",  "rst",   "pot", "po",  "mo",   "css",  "map", "svg",  "csv", "log",
	    "sql", "woff", "woff2", "ttf", "eot", "lock", "json", "xml", "yaml", "yml", NULL};

	return one_of(behind_last(file_name(c), '.'), ends);
}

bool change_runs(const struct change *c)
{
	return feature_runs(json_get(c->fact, "content"));
}

uint64_t change_key(struct slice root, struct slice path)
{
	uint64_t k = hash_table(root) * 31 + hash_table(path);

	return k ? k : 1;
}
