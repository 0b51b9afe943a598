/*
 * schema_check: are the tables, indices and nothing else there, as schema.c makes them? A
 * trigger could drop facts, an index of another wording hide them from a search.
 */
#include "ledger/schema.h"
#include <errno.h>
#include <string.h>

#define NAME_BYTES 128

/* What SQLite makes by itself has no text; what it counts of its own is no table of ours. */
static const char listing[] = "SELECT type || ' ' || name, sql FROM sqlite_schema"
                              " WHERE sql IS NOT NULL ORDER BY 1";

int schema_make(sqlite3 *db)
{
	int r = db_exec(db, schema_truth);

	for (int i = 0; i < schema_view_count && r == 0; i++)
		r = db_exec_with(db, schema_view[i], "main");
	return r;
}

static int as_it_should_be(sqlite3 **out)
{
	sqlite3 *db = NULL;
	int r = db_errno(db, sqlite3_open_v2(":memory:", &db,
	                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));

	if (r == 0)
		r = schema_make(db);
	if (r == 0)
		*out = db;
	else
		sqlite3_close(db);
	return r;
}

/* < 0: the first comes before the second in the order of names; at the end comes all last. */
static int order(sqlite3_stmt *a, int a_more, sqlite3_stmt *b, int b_more)
{
	if (!a_more || !b_more)
		return a_more ? -1 : 1;
	return slice_cmp(db_text(a, 0), db_text(b, 0));
}

static void tell(sqlite3_stmt *s, const char *what, schema_fault_fn *fault, void *ctx)
{
	char name[NAME_BYTES] = "";
	struct slice n = slice_sub(db_text(s, 0), 0, sizeof(name) - 1);

	if (n.n)
		memcpy(name, n.at, n.n);
	fault(ctx, name, what);
}

/* Both lists stand in the order of names: one walk over the two. */
static int compare(sqlite3_stmt *want, sqlite3_stmt *have, schema_fault_fn *fault, void *ctx)
{
	int w = db_step(want), h = db_step(have);

	while (w >= 0 && h >= 0 && (w || h)) {
		int d = order(want, w, have, h);

		if (d < 0)
			tell(want, "is missing", fault, ctx);
		else if (d > 0)
			tell(have, "is none of ours", fault, ctx);
		else if (!slice_eq(db_text(want, 1), db_text(have, 1)))
			tell(have, "is not made as it should be", fault, ctx);
		if (d <= 0)
			w = db_step(want);
		if (d >= 0)
			h = db_step(have);
	}
	return w < 0 ? w : h < 0 ? h : 0;
}

int schema_check(sqlite3 *db, schema_fault_fn *fault, void *ctx)
{
	sqlite3_stmt *want = NULL, *have = NULL;
	sqlite3 *model = NULL;
	int r = as_it_should_be(&model);

	if (r == 0)
		r = db_prepare(model, listing, &want);
	if (r == 0)
		r = db_prepare(db, listing, &have);
	if (r == 0)
		r = compare(want, have, fault, ctx);
	sqlite3_finalize(want);
	sqlite3_finalize(have);
	sqlite3_close(model);
	return r;
}
