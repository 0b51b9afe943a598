#include "ledger/past.h"
#include "fact/version.h"
#include "ledger/state.h"
#include "ledger/view.h"
#include <errno.h>
#include <string.h>

#define FACTS_TRIED 64 /* older facts about a path, looked through for a full STATE */

int past_seq(sqlite3 *db, int64_t at_us, int64_t *seq)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(
	    db, "SELECT seq FROM fact WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT 1", &s);

	if (r == 0) {
		db_bind_int(s, 1, at_us);
		r = db_step(s);
	}
	if (r >= 0)
		*seq = r > 0 ? db_int(s, 0) : 0;
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

/* ---- rows ---- */

static bool fits(struct slice want, struct slice name, struct buf *text)
{
	if (!want.n)
		return true;
	buf_reset(text);
	text_path(text, name);
	return slice_eq(buf_slice(text), want) || (slice_starts(buf_slice(text), want) &&
	                                           text->n > want.n && text->at[want.n] == '/');
}

static int each_row(sqlite3_stmt *s, struct slice path, ledger_row_fn *fn, void *ctx)
{
	struct buf text;
	int r = 0, end = 0;

	buf_init(&text, FACT_MAX_BYTES);
	while (end == 0 && (r = db_step(s)) > 0) {
		struct state_row row;
		struct ledger_row out;

		state_read(s, &row);
		if (!fits(path, row.name, &text))
			continue;
		out = (struct ledger_row){.root = db_text(s, STATE_COLUMN_COUNT),
		                          .name = row.name,
		                          .role = row.role,
		                          .approved = row.approved,
		                          .present = row.present};
		end = fn(ctx, &out);
	}
	buf_done(&text);
	return end ? end : r < 0 ? r : 0;
}

static int rows_of(sqlite3 *db, const char *schema, struct slice path, ledger_row_fn *fn,
                   void *ctx)
{
	struct rows {
		sqlite3_stmt *s;
	} q = {NULL};
	static const struct db_statement all = {
	    0, "SELECT " STATE_COLUMNS ", r.path FROM %s.view_root r JOIN %s.view_file"
	       " ON root = r.id ORDER BY r.id, name"};
	struct err e;
	int r = db_prepare_all(db, &all, 1, &q, schema, &e);

	if (r == 0)
		r = each_row(q.s, path, fn, ctx);
	db_finalize_all(&all, 1, &q);
	return r;
}

int past_rows(sqlite3 *db, struct slice path, int64_t upto, ledger_row_fn *fn, void *ctx)
{
	struct err e;
	int64_t newest = 0;
	int r = db_number(db, "SELECT max(seq) FROM main.fact", 0, &newest);

	if (r < 0)
		return r;
	if (upto == 0 || upto >= newest)
		return rows_of(db, "main", path, fn, ctx);
	r = view_compute_of(db, path, upto, &e);
	if (r == 0)
		r = rows_of(db, "temp", path, fn, ctx);
	view_drop(db); /* they would hide the true ones of the same names */
	return r;
}

/* ---- the whole STATE ---- */

static const struct json *fits_state(const struct json *o, const struct table_state *want)
{
	struct table_state t = version_of(o, want->seq);

	return o && o->kind == JSON_OBJ && table_same(&t, want) ? o : NULL;
}

/* Extended attributes and times are told where a path was looked at, seldom elsewhere. */
static bool is_full(const struct json *state)
{
	return json_get(state, "mtime") &&
	       (json_get(state, "xattrs") || !json_get(state, "attrs"));
}

/* 1: a full one; 0: none, or one with less in *out. */
static int try_fact(struct arena *a, struct slice body, struct slice root,
                    const struct table_state *want, const struct json **out)
{
	static const char *const members[] = {"present", "state", "approved"};
	const struct json *fact = json_parse(a, arena_copy(a, body), NULL);

	if (!fact || !slice_eq(json_text(fact, "root"), root))
		return a->broken ? -ENOMEM : 0;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct json *o = fits_state(json_get(fact, members[i]), want);

		if (o && (!*out || is_full(o)))
			*out = o;
		if (o && is_full(o))
			return 1;
	}
	return 0;
}

int past_state(sqlite3 *db, struct arena *a, struct slice root, struct slice path,
               const struct table_state *want, const struct json **out)
{
	const struct json *found = NULL;
	sqlite3_stmt *s = NULL;
	int tries = 0, full = 0;
	int r = db_prepare(
	    db, "SELECT body FROM fact WHERE path = ? AND seq <= ? ORDER BY seq DESC", &s);

	if (r == 0) {
		db_bind_text(s, 1, path.at ? path : SLICE(""));
		db_bind_int(s, 2, want->seq);
	}
	while (r >= 0 && full == 0 && tries++ < FACTS_TRIED && (r = db_step(s)) > 0)
		full = try_fact(a, db_blob(s, 0), root, want, &found);
	sqlite3_finalize(s);
	if (r < 0 || full < 0)
		return r < 0 ? r : full;
	*out = found;
	return 0;
}
