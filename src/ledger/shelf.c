#include "ledger/shelf.h"
#include <errno.h>
#include <string.h>

static const struct db_statement statements[] = {
    {offsetof(struct shelf, get), "SELECT hashes FROM tile WHERE level = ? AND number = ?"},
    {offsetof(struct shelf, put),
     "INSERT OR REPLACE INTO tile(level, number, hashes) VALUES(?, ?, ?)"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static int get(void *ctx, int level, int64_t number, struct tree_tile *out)
{
	struct shelf *s = ctx;
	struct slice b;
	int r;

	db_bind_int(s->get, 1, level);
	db_bind_int(s->get, 2, number);
	r = db_step(s->get);
	if (r > 0) {
		b = db_blob(s->get, 0);
		if (b.n == 0 || b.n % HASH_BYTES != 0 || b.n > sizeof(out->hash)) {
			r = -EBADMSG;
		} else {
			memcpy(out->hash, b.at, b.n);
			out->count = (int)(b.n / HASH_BYTES);
		}
	}
	db_reset(s->get);
	return r == 0 ? -ENOENT : r < 0 ? r : 0;
}

static int put(void *ctx, int level, int64_t number, const struct tree_tile *t)
{
	struct shelf *s = ctx;

	db_bind_int(s->put, 1, level);
	db_bind_int(s->put, 2, number);
	db_bind_blob(s->put, 3, slice_mem(t->hash, (size_t)t->count * HASH_BYTES));
	return db_run(s->put);
}

int shelf_open(sqlite3 *db, struct shelf *s, struct tree_shelf *out, struct err *e)
{
	int r;

	*s = (struct shelf){0};
	r = db_prepare_all(db, statements, STATEMENTS, s, "main", e);
	if (r == 0)
		*out = (struct tree_shelf){.get = get, .put = put, .ctx = s};
	return r;
}

void shelf_done(struct shelf *s)
{
	db_finalize_all(statements, STATEMENTS, s);
}
