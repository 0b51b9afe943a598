/*
 * check_kept: the vault against the facts. A fact says `kept` where its content went into the
 * vault; vault.dropped names what was taken out in order. What is neither there nor dropped was
 * taken by somebody.
 */
#include "ledger/check.h"
#include <errno.h>

static const char make[] =
    "CREATE TABLE IF NOT EXISTS temp.promise(hash BLOB PRIMARY KEY, seq INTEGER NOT NULL,"
    " dropped INTEGER NOT NULL) WITHOUT ROWID";

static int prepare(struct check *c)
{
	int r;

	if (c->promise_put)
		return 0;
	r = db_exec(c->db, make);
	if (r == 0)
		r = db_prepare(c->db,
		               "INSERT INTO temp.promise(hash, seq, dropped) VALUES(?1, ?2, 0)"
		               " ON CONFLICT(hash) DO UPDATE SET seq = ?2, dropped = 0",
		               &c->promise_put);
	if (r == 0)
		r = db_prepare(c->db, "UPDATE temp.promise SET dropped = ?2 WHERE hash = ?1",
		               &c->promise_end);
	return r;
}

static int put(sqlite3_stmt *s, struct slice hex, int64_t seq)
{
	struct hash hash;

	if (!hash_unhex(hex, &hash))
		return 0;
	db_bind_blob(s, 1, slice_mem(hash.b, HASH_BYTES));
	db_bind_int(s, 2, seq);
	return db_run(s);
}

int check_promise(struct check *c, const struct json *fact, int64_t seq)
{
	bool dropped = slice_eq(fact_type(fact), SLICE("vault.dropped"));
	const struct json *list = dropped ? json_get(fact, "hashes") : NULL;
	int r;

	if (!dropped && !json_true(fact, "kept"))
		return 0;
	r = prepare(c);
	if (r == 0 && !dropped)
		r = put(c->promise_put, json_text(fact, "present.hash"), seq);
	for (const struct json *h = list ? list->first : NULL; h && r == 0; h = h->next)
		r = put(c->promise_end, h->kind == JSON_STR ? h->s : SLICE(""), seq);
	return r;
}

static int tell_each(struct check *c, const char *sql, bool there)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(c->db, sql, &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		if (there)
			check_fault(
			    c, db_int(s, 1),
			    "vault: a content that this fact says was dropped is there");
		else
			check_fault(
			    c, db_int(s, 0),
			    "vault: the content that this fact says is kept is gone, and "
			    "no fact tells that it was dropped");
	}
	sqlite3_finalize(s);
	return r;
}

int check_promises(struct check *c)
{
	int r = prepare(c);

	if (r == 0)
		r = tell_each(
		    c,
		    "SELECT seq, dropped FROM temp.promise p WHERE dropped = 0 AND NOT"
		    " EXISTS (SELECT 1 FROM main.vault v WHERE v.hash = p.hash)"
		    " ORDER BY seq",
		    false);
	if (r == 0)
		r = tell_each(c,
		              "SELECT seq, dropped FROM temp.promise p WHERE dropped > 0 AND"
		              " EXISTS (SELECT 1 FROM main.vault v WHERE v.hash = p.hash)"
		              " ORDER BY dropped",
		              true);
	return r;
}
