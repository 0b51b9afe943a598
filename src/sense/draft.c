#include "sense/draft.h"
#include "conf/roots.h"
#include <stdio.h>

void draft_time(struct arena *a, struct json *o, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	json_put_str(a, o, name, text);
}

/* A path or link target as text. */
void draft_path(struct arena *a, struct json *o, const char *name, struct slice raw)
{
	struct buf text;

	buf_init(&text, 8 * PATH_TEXT_MAX_BYTES);
	path_text(&text, raw);
	json_put_slice(a, o, name, buf_slice(&text));
	buf_done(&text);
}

static void put_sight(struct arena *a, struct json *o, const struct sight *s)
{
	char sig[80];

	if (s->class == CLASS_NONE)
		return;
	snprintf(sig, sizeof(sig), "%llx.%llx.%llx.%llx", (unsigned long long)s->dev,
	         (unsigned long long)s->ino, (unsigned long long)s->mtime_ns,
	         (unsigned long long)s->ctime_ns);
	json_put_str(a, o, "sig", sig);
	draft_time(a, o, "mtime", s->mtime_ns / 1000);
}

struct json *draft_state(struct arena *a, const struct table_state *t, const struct sight *s,
                         const struct draft_file *f)
{
	char hex[HASH_HEX_BYTES], mode[8];
	struct json *o;

	if (t->class == CLASS_NONE)
		return json_null(a);
	o = json_obj(a);
	json_put_str(a, o, "class", table_class_name((enum table_class)t->class));
	if (t->class == CLASS_FILE || t->class == CLASS_LINK) {
		hash_hex(&t->hash, hex);
		json_put_str(a, o, "hash", hex);
	}
	snprintf(mode, sizeof(mode), "%04o", t->mode & 07777u);
	json_put_str(a, o, "mode", mode);
	json_put_int(a, o, "size", t->size);
	json_put_int(a, o, "uid", t->uid);
	json_put_int(a, o, "gid", t->gid);
	if (s)
		put_sight(a, o, s);
	if (s && f && t->class == CLASS_LINK)
		draft_path(a, o, "target", f->target);
	if (s && f && f->attrs.n)
		json_put(a, o, "xattrs", json_parse(a, f->attrs, NULL));
	if (!(s && f) && t->attrs)
		json_put_int(a, o, "attrs", t->attrs);
	return o;
}

/* Of a LOOKED body: what was recognised, without hash and size. */
static struct json *content_json(struct arena *a, const struct json *looked)
{
	struct json *o;

	if (!json_get(looked, "kind"))
		return NULL;
	o = json_obj(a);
	json_put(a, o, "kind", json_copy(a, json_get(looked, "kind")));
	if (json_get(looked, "features"))
		json_put(a, o, "features", json_copy(a, json_get(looked, "features")));
	return o;
}

static struct json *begin(struct arena *a, const char *type, struct slice root,
                          struct slice path, enum role role)
{
	struct json *d = fact_draft(a, type);

	draft_path(a, d, "root", root);
	draft_path(a, d, "path", path);
	json_put_str(a, d, "role", role_name(role));
	return d;
}

static void put_present(struct arena *a, struct json *d, const struct draft_file *f)
{
	struct json *content = f->content ? content_json(a, f->content) : NULL;

	json_put(a, d, "present", draft_state(a, &f->present, &f->sight, f));
	if (content)
		json_put(a, d, "content", content);
	if (f->in_data)
		json_put_bool(a, d, "in_data", true);
	if (f->changed_while_read)
		json_put_bool(a, d, "changed_while_read", true);
	if (f->seen_us)
		draft_time(a, d, "seen", f->seen_us);
}

struct json *draft_baseline(struct arena *a, const struct draft_file *f)
{
	struct json *d = begin(a, "file.baseline", f->root, f->path, f->role);

	put_present(a, d, f);
	return d;
}

unsigned draft_what(const struct table_state *was, const struct table_state *now)
{
	unsigned what = 0;

	if (was->class == CLASS_NONE)
		return now->class == CLASS_NONE ? 0 : DRAFT_CREATED;
	if (now->class == CLASS_NONE)
		return DRAFT_REMOVED;
	if (was->class != now->class)
		what |= DRAFT_CLASS;
	if (!hash_eq(&was->hash, &now->hash))
		what |= DRAFT_CONTENT;
	if (was->mode != now->mode && now->class != CLASS_LINK)
		what |= DRAFT_MODE;
	if (was->uid != now->uid || was->gid != now->gid)
		what |= DRAFT_OWNER;
	if (was->attrs != now->attrs)
		what |= DRAFT_ATTRIBUTES;
	return what;
}

static struct json *what_json(struct arena *a, unsigned what)
{
	static const char *const names[] = {"created", "removed",    "class",
	                                    "content", "mode",       "owner",
	                                    "renamed", "attributes", "times"};
	struct json *arr = json_arr(a);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (what & 1u << i)
			json_push(arr, json_str(a, slice_str(names[i])));
	}
	return arr;
}

/* What the table keeps of the approved version: the content object, or only its features. */
static void put_approved_content(struct arena *a, struct json *d, struct slice text)
{
	struct json *v = text.n ? json_parse(a, text, NULL) : NULL;
	struct json *o = v;

	if (!v)
		return;
	if (!json_get(v, "features") && !json_get(v, "kind")) {
		o = json_obj(a);
		json_put(a, o, "features", v);
	}
	json_put(a, d, "approved_content", o);
}

static bool times_set(const struct draft_file *f)
{
	return f->deploy && f->was && role_is_code(f->role) &&
	       f->was->present.class == CLASS_FILE && f->present.class == CLASS_FILE &&
	       (f->was->mtime_ns != f->sight.mtime_ns || f->was->ctime_ns != f->sight.ctime_ns);
}

struct json *draft_changed(struct arena *a, const struct draft_file *f)
{
	static const struct table_state nothing = {.class = CLASS_NONE};
	const struct table_state *was = f->was ? &f->was->present : &nothing;
	const struct table_state *approved = f->was ? &f->was->approved : &nothing;
	unsigned what = draft_what(was, &f->present);
	struct json *d;

	if (!what && times_set(f))
		what = DRAFT_TIMES;
	if (!what)
		return NULL;
	if (f->renamed_from.n)
		what |= DRAFT_RENAMED;
	d = begin(a, "file.changed", f->root, f->path, f->role);
	json_put(a, d, "what", what_json(a, what));
	json_put(a, d, "approved", draft_state(a, approved, NULL, f));
	put_present(a, d, f);
	if (role_is_code(f->role) || f->role == ROLE_GENERATED)
		put_approved_content(a, d, f->was_content);
	if (f->who)
		json_put(a, d, "who", f->who);
	json_put_str(a, d, "found_by", f->found_by_scan ? "scan" : "event");
	if (f->deploy)
		json_put_int(a, d, "deploy", f->deploy);
	if (f->renamed_from.n)
		draft_path(a, d, "renamed_from", f->renamed_from);
	return d;
}

struct json *draft_unreadable(struct arena *a, struct slice root, struct slice path,
                              enum role role, const char *why)
{
	struct json *d = begin(a, "watch.unreadable", root, path, role);

	json_put_str(a, d, "why", why);
	return d;
}

struct json *draft_reader_died(struct arena *a, struct slice path_text, const char *how)
{
	struct json *d = fact_draft(a, "reader.died");

	json_put_slice(a, d, "path", path_text);
	json_put_str(a, d, "how", how);
	return d;
}

struct json *draft_rescanned(struct arena *a, const char *reason, int64_t files,
                             int64_t differing, int64_t us)
{
	struct json *d = fact_draft(a, "watch.rescanned");

	json_put_str(a, d, "reason", reason);
	json_put_int(a, d, "files", files);
	json_put_int(a, d, "differing", differing);
	json_put_int(a, d, "us", us);
	return d;
}

struct json *draft_added(struct arena *a, struct slice root)
{
	struct json *d = fact_draft(a, "watch.added");

	draft_path(a, d, "root", root);
	return d;
}

struct json *draft_baseline_started(struct arena *a, const struct conf *c, const char *why)
{
	struct json *d = fact_draft(a, "baseline.started");

	json_put(a, d, "roots", roots_json(a, c));
	json_put_slice(a, d, "profile", c->profile);
	json_put_str(a, d, "why", why);
	return d;
}

struct json *draft_baseline_done(struct arena *a, int64_t files, int64_t bytes, int64_t us)
{
	struct json *d = fact_draft(a, "baseline.done");

	json_put_int(a, d, "files", files);
	json_put_int(a, d, "bytes", bytes);
	json_put_int(a, d, "us", us);
	return d;
}
