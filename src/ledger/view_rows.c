/* view_rows: the rows of the view, read and written. */
#include "ledger/view_parts.h"
#include <errno.h>
#include <string.h>

static const struct db_statement statements[] = {
    {offsetof(struct view, file_get),
     "SELECT " STATE_COLUMNS " FROM %s.view_file WHERE root = ? AND name = ?"},
    {offsetof(struct view, file_put),
     "INSERT OR REPLACE INTO %s.view_file(" STATE_COLUMNS
     ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
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
    /* By the path: the index of types would lead through all changes there are. */
    {offsetof(struct view, path_changes),
     "SELECT body FROM main.fact WHERE path = ? AND +type = 'file.changed' AND seq < ?"
     " ORDER BY seq DESC"},
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
	if (r == 0)
		r = view_pages_open(db, schema, &v->pages, e);
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
	view_pages_close(v->pages);
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

int view_root_id(struct view *v, struct slice path, int64_t *id)
{
	int r;

	for (int i = 0; i < v->roots; i++) {
		if (slice_eq(path, slice_str(v->root[i].path))) {
			*id = v->root[i].id;
			return 0;
		}
	}
	r = root_find(v, path.at ? path : slice_str(""), id);
	if (r == 0 && v->roots < VIEW_ROOTS) {
		v->root[v->roots].id = *id;
		v->root[v->roots].path = strndup((const char *)path.at, path.n);
		if (v->root[v->roots].path)
			v->roots++;
	}
	return r;
}

int view_note_set(struct view *v, const char *name, int64_t value)
{
	db_bind_text(v->note_set, 1, slice_str(name));
	db_bind_int(v->note_set, 2, value);
	return db_run(v->note_set);
}

int view_note_get(struct view *v, const char *name, int64_t *value)
{
	int r;

	db_bind_text(v->note_get, 1, slice_str(name));
	r = db_step(v->note_get);
	*value = r > 0 ? db_int(v->note_get, 0) : 0;
	db_reset(v->note_get);
	return r < 0 ? r : 0;
}

/* ---- rows of files ---- */

int view_place(struct view *v, const struct json *fact, struct place *p)
{
	const struct json *path = json_get(fact, "path");
	int r;

	buf_reset(&v->name);
	if (!path || path->kind != JSON_STR || !text_unpath(&v->name, path->s))
		return 0;
	r = view_root_id(v, json_text(fact, "root"), &p->root);
	p->name = slice_mem(v->name.at ? v->name.at : (const uint8_t *)"", v->name.n);
	return r < 0 ? r : 1;
}

void view_bind_place(sqlite3_stmt *s, int i, const struct place *p)
{
	db_bind_int(s, i, p->root);
	db_bind_blob(s, i + 1, p->name);
}

int view_row_load(struct view *v, const struct place *p, struct state_row *row)
{
	int r;

	view_bind_place(v->file_get, 1, p);
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

int view_row_store(struct view *v, struct state_row *row)
{
	if (row->approved.class == CLASS_NONE && row->present.class == CLASS_NONE) {
		view_bind_place(v->file_drop, 1, &(struct place){row->root, row->name});
		return db_run(v->file_drop);
	}
	if (hash_eq(&row->approved.hash, &row->present.hash) &&
	    slice_eq(row->a_feat, row->p_feat))
		row->p_feat = (struct slice){0};
	state_bind(v->file_put, row);
	return db_run(v->file_put);
}

void view_approve_present(struct state_row *row)
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

bool view_lax(enum role r)
{
	return r == ROLE_GENERATED || r == ROLE_UPLOADS || r == ROLE_DATA;
}

void view_row_present(struct view *v, const struct json *fact, struct state_row *row)
{
	const struct json *present = json_get(fact, "present");
	int64_t seen;

	role_of(json_text(fact, "role"), &row->role);
	row->present = version_of(present, fact_seq(fact));
	row->p_feat = features(&v->p_feat, fact);
	row->sig = json_text(present, "sig");
	/* Taken at or after this: an inventory says only when it began. */
	row->checked_us = clock_parse(json_text(fact, "seen"), &seen) ? seen : v->baseline_us;
}

/* ---- findings ---- */

int view_findings_open(struct view *v, const struct place *p)
{
	int r;

	view_bind_place(v->path_open, 1, p);
	r = db_step(v->path_open);
	db_reset(v->path_open);
	return r;
}

int view_findings_close(struct view *v, const struct place *p, enum ledger_finding_state to,
                        int64_t by)
{
	int r = view_findings_open(v, p);

	if (r <= 0)
		return r;
	db_bind_int(v->path_close, 1, to);
	db_bind_int(v->path_close, 2, by);
	view_bind_place(v->path_close, 3, p);
	return db_run(v->path_close);
}

int view_finding_load(struct view *v, int64_t seq, struct finding *f)
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

int view_finding_close(struct view *v, int64_t seq, enum ledger_finding_state to, int64_t by)
{
	db_bind_int(v->finding_close, 1, to);
	db_bind_int(v->finding_close, 2, by);
	db_bind_int(v->finding_close, 3, seq);
	return db_run(v->finding_close);
}
