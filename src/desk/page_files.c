/* page_files: what is watched, by role; and one file's history. */
#include "desk/tell.h"
#include "desk/watch.h"
#include "fact/table.h"
#include <stdio.h>

#define ROWS  200
#define LINES 200

static bool contains(struct slice hay, struct slice needle)
{
	return needle.n == 0 || slice_casefind(hay, needle) != SIZE_MAX;
}

struct search {
	struct page *p;
	struct slice words;
	int role; /* -1: any */
	bool differing;
	struct json *rows;
	int64_t n;
	const struct json *roots; /* of the newest watch.started: names of the table's roots */
};

static struct slice root_name(const struct search *s, uint32_t root)
{
	const struct json *r = s->roots ? s->roots->first : NULL;

	for (uint32_t i = 0; r && i < root; i++)
		r = r->next;
	return r && r->kind == JSON_STR ? r->s : SLICE("");
}

static struct slice path_text(struct page *p, struct slice raw)
{
	struct slice text;
	struct buf b;

	buf_init(&b, raw.n * 4 + 1);
	text_path(&b, raw);
	text = arena_copy(p->a, buf_slice(&b));
	buf_done(&b);
	return text;
}

static void add_row(struct search *s, const struct table_entry *e, struct slice path,
                    bool differs)
{
	struct page *p = s->p;
	struct json *row = json_obj(p->a);
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", e->present.mode & 07777);
	json_put_slice(p->a, row, "path", path);
	json_put_slice(p->a, row, "url", page_file_url(p, root_name(s, e->root), path));
	json_put_slice(p->a, row, "role_say",
	               arena_printf(p->a, "role.%s", role_name(e->role)));
	json_put_str(p->a, row, "role", role_name(e->role));
	json_put_bool(p->a, row, "differs", differs);
	json_put_bool(p->a, row, "gone", e->present.class == CLASS_NONE);
	json_put_bool(p->a, row, "fresh", e->approved.class == CLASS_NONE);
	json_put_str(p->a, row, "mode", mode);
	json_put_int(p->a, row, "size", e->present.size);
	when_put(p->a, row, "mtime", e->mtime_ns / 1000, WHEN_SHORT, p->lang);
	json_push(s->rows, row);
}

static void look_at(struct search *s, const struct table *t, const struct table_entry *e,
                    bool want_differing)
{
	bool differs = !table_same(&e->approved, &e->present);
	struct slice raw = table_path(t, e);

	if (differs != want_differing || e->present.class == CLASS_DIR || e->role >= ROLES)
		return;
	if ((s->role >= 0 && (int)e->role != s->role) || !contains(raw, s->words))
		return;
	if (s->n++ < ROWS)
		add_row(s, e, path_text(s->p, raw), differs);
}

/* Those that are not as approved first. */
static void search_table(struct search *s)
{
	const struct table *t = desk_files(s->p->desk);

	for (int pass = 0; t && pass < (s->differing ? 1 : 2); pass++) {
		for (size_t i = 0; i < t->count; i++)
			look_at(s, t, &t->entry[i], pass == 0);
	}
}

enum http_turn page_files(struct page *p)
{
	struct json *started = watch_newest(p, "watch.started", NULL);
	struct search s = {.p = p,
	                   .words = page_query(p, "q"),
	                   .role = -1,
	                   .differing = page_query(p, "differs").n > 0,
	                   .rows = json_arr(p->a)};
	struct json *roles;
	enum role role;
	int64_t all;

	if (!started)
		started = watch_newest(p, "baseline.started", NULL);
	s.roots = json_get(started, "roots");
	if (role_of(page_query(p, "role"), &role))
		s.role = (int)role;
	search_table(&s);
	roles = watch_roles(p, &all);
	json_put(p->a, p->m, "rows", s.rows);
	json_put_int(p->a, p->m, "n", s.n);
	json_put_bool(p->a, p->m, "more", s.n > ROWS);
	json_put(p->a, p->m, "roles", roles);
	json_put_int(p->a, p->m, "all", all);
	json_put_slice(p->a, p->m, "q", s.words);
	json_put_bool(p->a, p->m, "differs", s.differing);
	json_put_str(p->a, p->m, "role", s.role >= 0 ? role_name(role) : "");
	return HTTP_DONE;
}

/* ---- one file ---- */

struct history {
	struct page *p;
	struct slice root, path;
	struct json *lines, *newest;
	int64_t n;
};

static int add_line(void *ctx, int64_t seq, struct slice body)
{
	struct history *h = ctx;
	struct json *fact = json_parse(h->p->a, arena_copy(h->p->a, body), NULL);
	struct slice root = json_text(fact, "root");

	(void)seq;
	if (!fact || !slice_eq(json_text(fact, "path"), h->path) ||
	    (root.n && h->root.n && !slice_eq(root, h->root)))
		return 0;
	if (!h->newest && json_get(fact, "present"))
		h->newest = json_copy(h->p->a, fact);
	json_push(h->lines, tell_fact(h->p, fact, WHEN_FULL));
	return ++h->n >= LINES;
}

static void put_state(struct page *p, const struct json *fact)
{
	const struct json *present = json_get(fact, "present");
	struct json *m = json_obj(p->a);
	int64_t us = 0;

	json_put_slice(p->a, m, "role", json_text(fact, "role"));
	json_put_slice(p->a, m, "role_say",
	               arena_printf(p->a, "role.%.*s", SLICE_ARG(json_text(fact, "role"))));
	json_put_slice(
	    p->a, m, "means",
	    arena_printf(p->a, "role.%.*s.means", SLICE_ARG(json_text(fact, "role"))));
	if (present && present->kind == JSON_OBJ) {
		json_put(p->a, m, "file", json_copy(p->a, present));
		if (clock_parse(json_text(present, "mtime"), &us))
			when_put(p->a, m, "mtime", us, WHEN_FULL, p->lang);
	}
	json_put(p->a, p->m, "state", m);
}

enum http_turn page_file(struct page *p)
{
	struct history h = {.p = p,
	                    .root = page_query(p, "root"),
	                    .path = page_query(p, "path"),
	                    .lines = json_arr(p->a)};
	struct ledger_query q = {.path = h.path, .newest_first = true};

	if (h.path.n == 0)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	if (ledger_each(p->ledger, &q, add_line, &h) < 0)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	if (h.n == 0)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.nofile");
	if (h.newest)
		put_state(p, h.newest);
	json_put_slice(p->a, p->m, "root", h.root);
	json_put_slice(p->a, p->m, "path", h.path);
	json_put(p->a, p->m, "lines", h.lines);
	json_put_bool(p->a, p->m, "more", h.n >= LINES);
	return HTTP_DONE;
}
