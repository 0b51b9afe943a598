/* remake: the view computed anew, held against the recorded one, put in its place. */
#include "ledger/schema.h"
#include "ledger/view.h"
#include <errno.h>
#include <stdio.h>

#define ROWS_TOLD      20
#define PROGRESS_EVERY 5000

void view_drop(sqlite3 *db)
{
	for (int i = 0; i < schema_view_tables; i++)
		db_exec_with(db, "DROP TABLE IF EXISTS temp.%s", schema_view_table[i]);
}

int view_fresh(sqlite3 *db)
{
	int r = 0;

	for (int i = 0; i < schema_view_tables && r == 0; i++)
		r = db_exec_with(db, "DROP TABLE IF EXISTS temp.%s", schema_view_table[i]);
	for (int i = 0; i < schema_view_count && r == 0; i++)
		r = db_exec_with(db, schema_view[i], "temp");
	return r;
}

/* What begins with the path, and '/' or nothing behind it. */
static const char facts_of[] =
    "SELECT body, path FROM main.fact WHERE seq <= ?1 AND (?2 IS NULL OR path IS NULL"
    " OR path = ?2 OR substr(path, 1, length(?2) + 1) = ?2 || '/')"
    " AND (?3 OR type NOT GLOB 'page.*') ORDER BY seq";

static int compute(sqlite3 *db, struct view *v, struct slice path, bool pages, int64_t upto,
                   view_progress_fn *progress, void *ctx)
{
	sqlite3_stmt *s = NULL;
	struct arena a;
	int64_t done = 0;
	int r = db_prepare(db, facts_of, &s);

	arena_init(&a, 16 * FACT_MAX_BYTES);
	if (r == 0) {
		db_bind_int(s, 1, upto);
		db_bind_text(s, 2, path.n ? path : (struct slice){0});
		db_bind_int(s, 3, pages);
	}
	while (r == 0 && (r = db_step(s)) > 0) {
		struct json *fact = json_parse(&a, db_blob(s, 0), NULL);

		r = fact ? view_apply(v, fact) : 0;
		arena_reset(&a);
		if (++done % PROGRESS_EVERY == 0 && progress)
			progress(ctx, done, upto);
	}
	arena_done(&a);
	sqlite3_finalize(s);
	return r;
}

static int compute_anew(sqlite3 *db, struct slice path, bool pages, int64_t upto,
                        view_progress_fn *progress, void *ctx, struct err *e)
{
	struct view *v = NULL;
	int r = view_fresh(db);

	if (r == 0)
		r = view_open(db, "temp", &v, e);
	else
		db_tell(db, r, e);
	if (r < 0)
		return r;
	r = compute(db, v, path, pages, upto, progress, ctx);
	if (r < 0)
		db_tell(db, r, e);
	view_close(v);
	return r;
}

int view_compute(sqlite3 *db, int64_t upto, view_progress_fn *progress, void *ctx,
                 struct err *e)
{
	return compute_anew(db, (struct slice){0}, true, upto, progress, ctx, e);
}

int view_compute_of(sqlite3 *db, struct slice path, int64_t upto, struct err *e)
{
	return compute_anew(db, path, false, upto, NULL, NULL, e);
}

/* ---- holding one against the other ---- */

/* Some words that name a row: its columns but for blobs and long ones. */
static void tell_row(sqlite3_stmt *s, const char *table, view_differs_fn *differs, void *ctx)
{
	struct buf b;

	buf_init(&b, 512);
	for (int i = 0; i < sqlite3_column_count(s) && i < 4; i++) {
		struct slice t;

		buf_printf(&b, "%s%s=", i ? " " : "", sqlite3_column_name(s, i));
		if (sqlite3_column_type(s, i) == SQLITE_BLOB)
			text_path(&b, slice_sub(db_blob(s, i), 0, 128));
		else if ((t = slice_sub(db_text(s, i), 0, 64)).at)
			buf_add(&b, t);
	}
	if (differs)
		differs(ctx, table, buf_ok(&b) ? buf_cstr(&b) : "");
	buf_done(&b);
}

/* Rows of table a that table b lacks. */
static int64_t lacking(sqlite3 *db, const char *table, const char *a, const char *b,
                       view_differs_fn *differs, void *ctx)
{
	sqlite3_stmt *s = NULL;
	char sql[256];
	int64_t rows = 0;
	int r;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s.%s EXCEPT SELECT * FROM %s.%s", a, table,
	         b, table);
	r = db_prepare(db, sql, &s);
	while (r >= 0 && (r = db_step(s)) > 0) {
		if (rows++ < ROWS_TOLD)
			tell_row(s, table, differs, ctx);
	}
	sqlite3_finalize(s);
	return r < 0 ? r : rows;
}

int64_t view_compare(sqlite3 *db, view_differs_fn *differs, void *ctx)
{
	int64_t all = 0;

	for (int i = 0; i < schema_view_tables; i++) {
		int64_t more = lacking(db, schema_view_table[i], "main", "temp", differs, ctx);
		int64_t less = more < 0 ? 0
		                        : lacking(db, schema_view_table[i], "temp", "main",
		                                  more ? NULL : differs, ctx);

		if (more < 0 || less < 0)
			return more < 0 ? more : less;
		all += more > less ? more : less;
	}
	return all;
}

int view_replace(sqlite3 *db)
{
	int r = 0;

	for (int i = 0; i < schema_view_tables && r == 0; i++)
		r = db_exec_with(
		    db, "DELETE FROM main.%s; INSERT INTO main.%s SELECT * FROM temp.%s",
		    schema_view_table[i]);
	return r;
}
