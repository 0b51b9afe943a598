#include "ledger/view.h"
#include "ledger/ledger.h"
#include "ledger/state.h"
#include <errno.h>
#include <string.h>

#define ROOTS_REMEMBERED 32
#define CHAIN_MAX        64 /* findings that update one another */

struct view {
	sqlite3 *db;
	sqlite3_stmt *file_get, *file_put, *file_drop, *file_sweep;
	sqlite3_stmt *root_get, *root_add, *root_clear, *root_place, *root_at, *root_places;
	sqlite3_stmt *finding_add, *finding_get, *finding_close, *finding_next;
	sqlite3_stmt *path_open, *path_close, *gone_close;
	sqlite3_stmt *note_get, *note_set, *body_get;
	struct {
		char *path;
		int64_t id;
	} root[ROOTS_REMEMBERED];
	int roots;
	int64_t baseline_us; /* when the newest inventory began; -1: not yet looked up */
	struct buf name, a_feat, p_feat;
	struct arena mem;
};

static const struct db_statement statements[] = {
    {offsetof(struct view, file_get),
     "SELECT " STATE_COLUMNS " FROM %s.view_file WHERE root = ? AND name = ?"},
    {offsetof(struct view, file_put), "INSERT OR REPLACE INTO %s.view_file(" STATE_COLUMNS
                                      ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
    {offsetof(struct view, file_drop), "DELETE FROM %s.view_file WHERE root = ? AND name = ?"},
    {offsetof(struct view, file_sweep),
     "DELETE FROM %s.view_file WHERE p_seq < ?1 AND a_seq < ?1 AND root IN"
     " (SELECT id FROM %s.view_root WHERE place IS NOT NULL)"},
    {offsetof(struct view, root_get), "SELECT id FROM %s.view_root WHERE path = ?"},
    {offsetof(struct view, root_add),
     "INSERT INTO %s.view_root(id, path) SELECT coalesce(max(id), 0) + 1, ?"
     " FROM %s.view_root RETURNING id"},
    {offsetof(struct view, root_at), "SELECT 1 FROM %s.view_root WHERE path = ? AND place = ?"},
    {offsetof(struct view, root_places),
     "SELECT count(*) FROM %s.view_root WHERE place IS NOT NULL"},
    {offsetof(struct view, root_clear), "UPDATE %s.view_root SET place = NULL"},
    {offsetof(struct view, root_place), "UPDATE %s.view_root SET place = ? WHERE id = ?"},
    {offsetof(struct view, finding_add),
     "INSERT INTO %s.view_finding(seq, at, state, closed_by, severity, type, root, name, path)"
     " VALUES(?,?,?,?,?,?,?,?,?)"},
    {offsetof(struct view, finding_get),
     "SELECT state, closed_by, root, name FROM %s.view_finding WHERE seq = ?"},
    {offsetof(struct view, finding_close),
     "UPDATE %s.view_finding SET state = ?, closed_by = ? WHERE seq = ? AND state = 0"},
    {offsetof(struct view, finding_next),
     "SELECT n.seq FROM %s.view_finding o JOIN %s.view_finding n ON n.seq = o.closed_by"
     " WHERE o.seq = ? AND o.state = 3"},
    {offsetof(struct view, path_open),
     "SELECT 1 FROM %s.view_finding INDEXED BY"
     " view_finding_open WHERE state = 0 AND root = ? AND name = ? LIMIT 1"},
    {offsetof(struct view, path_close), "UPDATE %s.view_finding SET state = ?, closed_by = ? "
                                        "WHERE state = 0 AND root = ? AND name = ?"},
    {offsetof(struct view, gone_close),
     "UPDATE %s.view_finding AS g SET state = 2, closed_by = ?1 WHERE state = 0 AND seq < ?2"
     " AND root IN (SELECT id FROM %s.view_root WHERE place IS NOT NULL) AND NOT EXISTS"
     " (SELECT 1 FROM %s.view_file f WHERE f.root = g.root AND f.name = g.name)"},
    {offsetof(struct view, note_get), "SELECT value FROM %s.view_note WHERE name = ?"},
    {offsetof(struct view, note_set),
     "INSERT OR REPLACE INTO %s.view_note(name, value) VALUES(?, ?)"},
    {offsetof(struct view, body_get), "SELECT body FROM main.fact WHERE seq = ?"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

void view_forget(struct view *v)
{
	for (int i = 0; i < v->roots; i++)
		free(v->root[i].path);
	v->roots = 0;
	v->baseline_us = -1;
}

int view_open(sqlite3 *db, const char *schema, struct view **out, struct err *e)
{
	struct view *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return err_set(e, -ENOMEM, "out of memory");
	v->db = db;
	v->baseline_us = -1;
	buf_init(&v->name, FACT_MAX_BYTES);
	buf_init(&v->a_feat, FACT_MAX_BYTES);
	buf_init(&v->p_feat, FACT_MAX_BYTES);
	arena_init(&v->mem, 16 * FACT_MAX_BYTES);
	r = db_prepare_all(db, statements, STATEMENTS, v, schema, e);
	if (r < 0) {
		view_close(v);
		return r;
	}
	*out = v;
	return 0;
}

void view_close(struct view *v)
{
	if (!v)
		return;
	db_finalize_all(statements, STATEMENTS, v);
	view_forget(v);
	buf_done(&v->name);
	buf_done(&v->a_feat);
	buf_done(&v->p_feat);
	arena_done(&v->mem);
	free(v);
}

/* ---- roots and notes ---- */

static int root_find(struct view *v, struct slice path, int64_t *id)
{
	int r;

	db_bind_text(v->root_get, 1, path);
	r = db_step(v->root_get);
	if (r > 0)
		*id = db_int(v->root_get, 0);
	db_reset(v->root_get);
	if (r != 0)
		return r < 0 ? r : 0;
	db_bind_text(v->root_add, 1, path);
	r = db_step(v->root_add);
	if (r > 0)
		*id = db_int(v->root_add, 0);
	if (r > 0)
		r = db_step(v->root_add); /* to the end, so that the row stands */
	db_reset(v->root_add);
	return r;
}

static int root_id(struct view *v, struct slice path, int64_t *id)
{
	int r;

	for (int i = 0; i < v->roots; i++) {
		if (slice_eq(path, slice_str(v->root[i].path))) {
			*id = v->root[i].id;
			return 0;
		}
	}
	r = root_find(v, path.at ? path : slice_str(""), id);
	if (r == 0 && v->roots < ROOTS_REMEMBERED) {
		v->root[v->roots].id = *id;
		v->root[v->roots].path = strndup((const char *)path.at, path.n);
		if (v->root[v->roots].path)
			v->roots++;
	}
	return r;
}

static int note_set(struct view *v, const char *name, int64_t value)
{
	db_bind_text(v->note_set, 1, slice_str(name));
	db_bind_int(v->note_set, 2, value);
	return db_run(v->note_set);
}

static int note_get(struct view *v, const char *name, int64_t *value)
{
	int r;

	db_bind_text(v->note_get, 1, slice_str(name));
	r = db_step(v->note_get);
	*value = r > 0 ? db_int(v->note_get, 0) : 0;
	db_reset(v->note_get);
	return r < 0 ? r : 0;
}

/* ---- rows of files ---- */

struct place {
	int64_t root;
	struct slice name; /* in v->name */
};

/* The path that a fact speaks of. 0: none, 1: one. */
static int place_of(struct view *v, const struct json *fact, struct place *p)
{
	const struct json *path = json_get(fact, "path");
	int r;

	buf_reset(&v->name);
	if (!path || path->kind != JSON_STR || !text_unpath(&v->name, path->s))
		return 0;
	r = root_id(v, json_text(fact, "root"), &p->root);
	p->name = slice_mem(v->name.at ? v->name.at : (const uint8_t *)"", v->name.n);
	return r < 0 ? r : 1;
}

static void bind_place(sqlite3_stmt *s, int i, const struct place *p)
{
	db_bind_int(s, i, p->root);
	db_bind_blob(s, i + 1, p->name);
}

/* Load a path's row; an empty one where there is none. Its texts are copied. */
static int row_load(struct view *v, const struct place *p, struct state_row *row)
{
	int r;

	bind_place(v->file_get, 1, p);
	r = db_step(v->file_get);
	*row = (struct state_row){.role = ROLE_CODE};
	buf_reset(&v->a_feat);
	buf_reset(&v->p_feat);
	if (r > 0) {
		state_read(v->file_get, row);
		if (!row->p_feat.at && hash_eq(&row->approved.hash, &row->present.hash))
			row->p_feat = row->a_feat;
		buf_add(&v->a_feat, row->a_feat);
		buf_add(&v->p_feat, row->p_feat);
		row->a_feat = row->a_feat.at ? buf_slice(&v->a_feat) : (struct slice){0};
		row->p_feat = row->p_feat.at ? buf_slice(&v->p_feat) : (struct slice){0};
		row->sig = arena_copy(&v->mem, row->sig);
	}
	row->root = p->root;
	row->name = p->name;
	db_reset(v->file_get);
	return r < 0 ? r : 0;
}

static int row_store(struct view *v, struct state_row *row)
{
	if (row->approved.class == CLASS_NONE && row->present.class == CLASS_NONE) {
		bind_place(v->file_drop, 1, &(struct place){row->root, row->name});
		return db_run(v->file_drop);
	}
	if (hash_eq(&row->approved.hash, &row->present.hash) &&
	    slice_eq(row->a_feat, row->p_feat))
		row->p_feat = (struct slice){0};
	state_bind(v->file_put, row);
	return db_run(v->file_put);
}

static void approve_present(struct state_row *row)
{
	row->approved = row->present;
	row->a_feat = row->p_feat;
}

/* Canonical text of content.features in the buffer; at == NULL where there are none. */
static struct slice features(struct buf *b, const struct json *fact)
{
	const struct json *f = json_at(fact, "content.features");

	buf_reset(b);
	return f && json_write(b, f) ? buf_slice(b) : (struct slice){0};
}

/* Changes of these are normal: what is present is approved unless a finding says otherwise. */
static bool lax(enum role r)
{
	return r == ROLE_GENERATED || r == ROLE_UPLOADS || r == ROLE_DATA;
}

static void row_present(struct view *v, const struct json *fact, struct state_row *row)
{
	const struct json *present = json_get(fact, "present");
	int64_t seen;

	role_of(json_text(fact, "role"), &row->role);
	row->present = state_of(present, fact_seq(fact));
	row->p_feat = features(&v->p_feat, fact);
	row->sig = json_text(present, "sig");
	/* Taken at or after this: an inventory says only when it began. */
	row->checked_us = clock_parse(json_text(fact, "seen"), &seen) ? seen : v->baseline_us;
}

/* ---- findings ---- */

static int findings_open(struct view *v, const struct place *p)
{
	int r;

	bind_place(v->path_open, 1, p);
	r = db_step(v->path_open);
	db_reset(v->path_open);
	return r;
}

static int findings_close(struct view *v, const struct place *p, enum ledger_finding_state to,
                          int64_t by)
{
	int r = findings_open(v, p);

	if (r <= 0)
		return r;
	db_bind_int(v->path_close, 1, to);
	db_bind_int(v->path_close, 2, by);
	bind_place(v->path_close, 3, p);
	return db_run(v->path_close);
}

struct finding {
	enum ledger_finding_state state;
	int64_t closed_by;
	struct place place; /* name in v->name */
};

/* 1: there is one; 0: none. */
static int finding_load(struct view *v, int64_t seq, struct finding *f)
{
	int r;

	db_bind_int(v->finding_get, 1, seq);
	r = db_step(v->finding_get);
	if (r > 0) {
		f->state = (enum ledger_finding_state)db_int(v->finding_get, 0);
		f->closed_by = db_int(v->finding_get, 1);
		f->place.root = db_int(v->finding_get, 2);
		buf_reset(&v->name);
		buf_add(&v->name, db_blob(v->finding_get, 3));
		f->place.name =
		    slice_mem(v->name.at ? v->name.at : (const uint8_t *)"", v->name.n);
	}
	db_reset(v->finding_get);
	return r;
}

static int finding_close(struct view *v, int64_t seq, enum ledger_finding_state to, int64_t by)
{
	db_bind_int(v->finding_close, 1, to);
	db_bind_int(v->finding_close, 2, by);
	db_bind_int(v->finding_close, 3, seq);
	return db_run(v->finding_close);
}

/* ---- one function per type of fact ---- */

/* 1: the roots stand in these places already. */
static int roots_same(struct view *v, const struct json *roots)
{
	int64_t n = 0;
	int r;

	for (const struct json *p = roots ? roots->first : NULL; p; p = p->next, n++) {
		db_bind_text(v->root_at, 1, p->kind == JSON_STR ? p->s : slice_str(""));
		db_bind_int(v->root_at, 2, n);
		r = db_step(v->root_at);
		db_reset(v->root_at);
		if (r <= 0)
			return r;
	}
	r = db_step(v->root_places);
	if (r > 0)
		r = db_int(v->root_places, 0) == n;
	db_reset(v->root_places);
	return r;
}

static int on_roots(struct view *v, const struct json *fact)
{
	const struct json *roots = json_get(fact, "roots");
	int64_t place = 0;
	int r = roots_same(v, roots);

	if (r != 0)
		return r < 0 ? r : 0;
	r = note_set(v, "table_seq", fact_seq(fact));
	if (r == 0)
		r = db_run(v->root_clear);

	for (const struct json *p = roots ? roots->first : NULL; p && r == 0; p = p->next) {
		int64_t id;

		if (p->kind != JSON_STR)
			continue;
		r = root_id(v, p->s, &id);
		if (r < 0)
			break;
		db_bind_int(v->root_place, 1, place++);
		db_bind_int(v->root_place, 2, id);
		r = db_run(v->root_place);
	}
	return r;
}

static int on_inventory(struct view *v, const struct json *fact)
{
	int r = on_roots(v, fact);

	v->baseline_us = fact_at_us(fact);
	if (r == 0)
		r = note_set(v, "baseline_us", v->baseline_us);
	return r == 0 ? note_set(v, "baseline_seq", fact_seq(fact)) : r;
}

/* What the inventory did not meet is no more. */
static int on_inventory_done(struct view *v, const struct json *fact)
{
	int64_t since;
	int r = note_get(v, "baseline_seq", &since);

	if (r < 0 || since == 0)
		return r;
	db_bind_int(v->file_sweep, 1, since);
	r = db_run(v->file_sweep);
	if (r < 0)
		return r;
	r = note_set(v, "table_seq", fact_seq(fact));
	if (r < 0)
		return r;
	db_bind_int(v->gone_close, 1, fact_seq(fact));
	db_bind_int(v->gone_close, 2, since);
	return db_run(v->gone_close);
}

static int on_baseline(struct view *v, const struct json *fact)
{
	struct state_row row = {.role = ROLE_CODE};
	struct place p;
	int r = place_of(v, fact, &p);

	if (r <= 0)
		return r;
	row.root = p.root;
	row.name = p.name;
	row_present(v, fact, &row);
	approve_present(&row);
	r = row_store(v, &row);
	return r < 0 ? r : findings_close(v, &p, FINDING_APPROVED, fact_seq(fact));
}

static int on_changed(struct view *v, const struct json *fact)
{
	struct state_row row;
	struct place p;
	bool deploy = json_get(fact, "deploy") != NULL;
	int r = place_of(v, fact, &p), open = 0;

	if (r <= 0)
		return r;
	r = row_load(v, &p, &row);
	if (r < 0)
		return r;
	row_present(v, fact, &row);
	if (lax(row.role) && !deploy)
		open = findings_open(v, &p);
	if (open < 0)
		return open;
	if (deploy || (lax(row.role) && (!open || row.present.class == CLASS_NONE)))
		approve_present(&row);
	r = row_store(v, &row);
	if (r < 0 || !table_same(&row.approved, &row.present))
		return r;
	return findings_close(v, &p, deploy ? FINDING_APPROVED : FINDING_ENDED, fact_seq(fact));
}

static int on_approve(struct view *v, const struct json *fact)
{
	struct state_row row;
	struct place p;
	int r = place_of(v, fact, &p);

	if (r <= 0)
		return r;
	r = row_load(v, &p, &row);
	if (r < 0)
		return r;
	row.approved = state_of(json_get(fact, "state"), fact_seq(fact));
	row.a_feat =
	    hash_eq(&row.approved.hash, &row.present.hash) ? row.p_feat : (struct slice){0};
	r = row_store(v, &row);
	if (r < 0 || !table_same(&row.approved, &row.present))
		return r;
	return findings_close(v, &p, FINDING_APPROVED, fact_seq(fact));
}

/* A finding on a path whose changes are normal takes the approval back. */
static int disapprove(struct view *v, const struct place *p, const struct json *finding)
{
	struct state_row row;
	struct json *body = NULL;
	int r = row_load(v, p, &row);

	if (r < 0 || !lax(row.role) || row.present.class == CLASS_NONE ||
	    !table_same(&row.approved, &row.present) || json_get(finding, "updates"))
		return r;
	db_bind_int(v->body_get, 1, row.present.seq);
	r = db_step(v->body_get);
	if (r > 0)
		body = json_parse(&v->mem, arena_copy(&v->mem, db_blob(v->body_get, 0)), NULL);
	db_reset(v->body_get);
	if (r < 0)
		return r;
	row.approved = state_of(json_get(body, "approved"), row.present.seq);
	row.a_feat = (struct slice){0};
	return row_store(v, &row);
}

static int64_t newest_ref(const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	int64_t newest = 0;

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next)
		newest = r->kind == JSON_INT && r->i > newest ? r->i : newest;
	return newest;
}

/* The state a new finding begins in: what it rests on may be past by now. */
static int first_state(struct view *v, const struct json *fact, const struct place *p,
                       struct finding *out)
{
	int64_t updates = json_num(fact, "updates", 0);
	struct state_row row;
	struct finding old;
	int r;

	*out = (struct finding){.state = FINDING_OPEN};
	r = row_load(v, p, &row);
	if (r < 0)
		return r;
	if (row.present.seq > newest_ref(fact) && table_same(&row.approved, &row.present) &&
	    (!lax(row.role) || row.present.class == CLASS_NONE))
		*out = (struct finding){.state = FINDING_ENDED, .closed_by = row.present.seq};
	if (updates == 0)
		return 0;
	r = finding_load(v, updates, &old);
	if (r > 0 && old.state != FINDING_OPEN)
		*out = old;
	else if (r > 0)
		r = finding_close(v, updates, FINDING_ENDED, fact_seq(fact));
	return r < 0 ? r : 0;
}

static int on_finding(struct view *v, const struct json *fact)
{
	enum fact_severity severity = SEV_INFO;
	struct finding f;
	struct place p;
	int r = place_of(v, fact, &p);

	if (r <= 0)
		return r;
	fact_severity_of(json_text(fact, "severity"), &severity);
	r = first_state(v, fact, &p, &f);
	if (r == 0)
		r = place_of(v, fact, &p); /* v->name was used in between */
	if (r < 0)
		return r;
	db_bind_int(v->finding_add, 1, fact_seq(fact));
	db_bind_int(v->finding_add, 2, fact_at_us(fact));
	db_bind_int(v->finding_add, 3, f.state);
	db_bind_int(v->finding_add, 4, f.closed_by);
	db_bind_int(v->finding_add, 5, severity);
	db_bind_text(v->finding_add, 6, fact_type(fact));
	bind_place(v->finding_add, 7, &p);
	db_bind_text(v->finding_add, 9, json_text(fact, "path"));
	r = db_run(v->finding_add);
	return r == 0 && f.state == FINDING_OPEN ? disapprove(v, &p, fact) : r;
}

/* The person may have looked at a finding that was updated meanwhile: follow to the newest. */
static int newest_of(struct view *v, int64_t *seq)
{
	int r = 1;

	for (int i = 0; i < CHAIN_MAX && r > 0; i++) {
		db_bind_int(v->finding_next, 1, *seq);
		r = db_step(v->finding_next);
		if (r > 0)
			*seq = db_int(v->finding_next, 0);
		db_reset(v->finding_next);
	}
	return r < 0 ? r : 0;
}

static int on_dismiss(struct view *v, const struct json *fact)
{
	int64_t seq = json_num(fact, "finding", 0);
	struct state_row row;
	struct finding f;
	int r = newest_of(v, &seq);

	if (r == 0)
		r = finding_close(v, seq, FINDING_DISMISSED, fact_seq(fact));
	if (r == 0)
		r = finding_load(v, seq, &f);
	if (r <= 0)
		return r;
	r = findings_open(v, &f.place);
	if (r != 0)
		return r < 0 ? r : 0;
	r = row_load(v, &f.place, &row);
	if (r < 0 || !lax(row.role))
		return r;
	approve_present(&row);
	return row_store(v, &row);
}

typedef int view_fn(struct view *v, const struct json *fact);

static view_fn *handler(const struct json *fact)
{
	static const struct {
		const char *type;
		view_fn *fn;
	} table[] = {
	    {"file.baseline", on_baseline},
	    {"file.changed", on_changed},
	    {"approve", on_approve},
	    {"dismiss", on_dismiss},
	    {"baseline.started", on_inventory},
	    {"baseline.done", on_inventory_done},
	    {"watch.started", on_roots},
	};
	struct slice type = fact_type(fact);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(type, slice_str(table[i].type)))
			return table[i].fn;
	}
	return slice_eq(json_text(fact, "kind"), SLICE("finding")) ? on_finding : NULL;
}

int view_apply(struct view *v, const struct json *fact)
{
	view_fn *fn = handler(fact);
	int r = 0;

	if (!fn)
		return 0;
	arena_reset(&v->mem);
	if (v->baseline_us < 0)
		r = note_get(v, "baseline_us", &v->baseline_us);
	return r < 0 ? r : fn(v, fact);
}
