#include "ledger/stamp.h"
#include <errno.h>

#define LINE_MAX_BYTES 1024
#define STAMP_ARENA    16384

/* ---- the tables ---- */

/* Each column behind its length, so that no two rows read the same. */
static void add_row(struct hash_state *st, sqlite3_stmt *s)
{
	struct buf b;

	buf_init(&b, 64);
	for (int i = 0; i < sqlite3_column_count(s); i++) {
		struct slice v = db_text(s, i);

		buf_reset(&b);
		buf_u64(&b, v.n);
		hash_add(st, buf_slice(&b));
		hash_add(st, v);
	}
	buf_done(&b);
}

static int hash_rows(sqlite3 *db, const char *sql, struct hash *out)
{
	struct hash_state *st = hash_new();
	sqlite3_stmt *s = NULL;
	int r = db_prepare(db, sql, &s);

	while (r >= 0 && (r = db_step(s)) > 0)
		add_row(st, s);
	sqlite3_finalize(s);
	if (r == 0)
		*out = hash_end(st);
	hash_free(st);
	return r;
}

int stamp_tables(sqlite3 *db, struct stamp *s)
{
	int r =
	    hash_rows(db, "SELECT name, last, seq, at FROM sender ORDER BY name", &s->sender);

	return r < 0 ? r
	             : hash_rows(db, "SELECT name, seq FROM cursor ORDER BY name", &s->cursor);
}

/* ---- as a line ---- */

static void put_hash(struct arena *a, struct json *o, const char *name, const struct hash *h)
{
	char hex[HASH_HEX_BYTES];

	hash_hex(h, hex);
	json_put_str(a, o, name, hex);
}

static bool write_line(struct buf *out, const struct stamp *s, bool sig)
{
	char hex[2 * HEAD_SIG_BYTES + 1];
	struct arena a;
	struct json *o;
	bool good;

	arena_init(&a, STAMP_ARENA);
	o = json_obj(&a);
	json_put_int(&a, o, "size", s->size);
	json_put_int(&a, o, "contents", s->contents);
	put_hash(&a, o, "vault", &s->vault);
	put_hash(&a, o, "cursor", &s->cursor);
	put_hash(&a, o, "sender", &s->sender);
	head_sig_hex(s->sig, hex);
	if (sig)
		json_put_str(&a, o, "sig", hex);
	good = !a.broken && json_write(out, o);
	arena_done(&a);
	return good;
}

static bool parse(struct slice line, struct stamp *out)
{
	struct arena a;
	struct json *v;
	bool good;

	arena_init(&a, STAMP_ARENA);
	v = json_parse(&a, slice_sub(line, 0, LINE_MAX_BYTES), NULL);
	out->size = json_num(v, "size", -1);
	out->contents = json_num(v, "contents", -1);
	good = v && out->size >= 0 && out->contents >= 0 &&
	       hash_unhex(json_text(v, "vault"), &out->vault) &&
	       hash_unhex(json_text(v, "cursor"), &out->cursor) &&
	       hash_unhex(json_text(v, "sender"), &out->sender) &&
	       head_sig_unhex(json_text(v, "sig"), out->sig);
	arena_done(&a);
	return good;
}

/* ---- the row ---- */

static int store_line(sqlite3 *db, struct slice line)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(db, "INSERT OR REPLACE INTO stamp(id, line) VALUES(1, ?)", &s);

	if (r == 0) {
		db_bind_blob(s, 1, line);
		r = db_run(s);
	}
	sqlite3_finalize(s);
	return r;
}

int stamp_put(sqlite3 *db, const struct head_key *k, struct stamp *s)
{
	struct buf b;
	int r;

	buf_init(&b, LINE_MAX_BYTES);
	r = write_line(&b, s, false) ? head_key_sign(k, buf_slice(&b), s->sig) : -ENOMEM;
	buf_reset(&b);
	if (r == 0)
		r = write_line(&b, s, true) ? store_line(db, buf_slice(&b)) : -ENOMEM;
	buf_done(&b);
	return r;
}

static bool holds(const struct head_key *k, const struct stamp *s)
{
	struct buf b;
	bool good;

	buf_init(&b, LINE_MAX_BYTES);
	good = write_line(&b, s, false) && head_key_holds(k, buf_slice(&b), s->sig);
	buf_done(&b);
	return good;
}

int stamp_get(sqlite3 *db, const struct head_key *k, struct stamp *out)
{
	struct stamp s;
	sqlite3_stmt *q = NULL;
	int r = db_prepare(db, "SELECT line FROM stamp WHERE id = 1", &q);

	if (r == 0)
		r = db_step(q);
	if (r == 0)
		r = -ENOENT;
	else if (r > 0)
		r = parse(db_blob(q, 0), &s) && holds(k, &s) ? 0 : -EBADMSG;
	sqlite3_finalize(q);
	if (r == 0)
		*out = s;
	return r;
}
