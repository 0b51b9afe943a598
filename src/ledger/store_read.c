/* store_read: senders' counters, cursors, facts to push, the table. */
#include "ledger/files.h"
#include "ledger/store_parts.h"
#include <errno.h>

#define TABLE_BEHIND   1000    /* facts: a copy of the table further behind is written anew, */
#define TABLE_QUIET_US 1000000 /* once nothing came in for so long */

/* ---- senders, cursors, reading ---- */

int store_sender(struct store *st, struct slice name, int64_t *last, int64_t *seq)
{
	int r;

	*last = *seq = 0;
	db_bind_text(st->sender_get, 1, name);
	r = db_step(st->sender_get);
	if (r > 0) {
		*last = db_int(st->sender_get, 0);
		*seq = db_int(st->sender_get, 1);
	}
	db_reset(st->sender_get);
	return r < 0 ? r : 0;
}

int store_sender_set(struct store *st, struct slice name, int64_t last, int64_t seq)
{
	db_bind_text(st->sender_set, 1, name);
	db_bind_int(st->sender_set, 2, last);
	db_bind_int(st->sender_set, 3, seq);
	db_bind_int(st->sender_set, 4, clock_now_us());
	st->counted = true;
	return db_run(st->sender_set);
}

int store_cursor(struct store *st, const char *name, int64_t *seq)
{
	int r;

	db_bind_text(st->cursor_get, 1, slice_str(name));
	r = db_step(st->cursor_get);
	*seq = r > 0 ? db_int(st->cursor_get, 0) : 0;
	db_reset(st->cursor_get);
	return r < 0 ? r : 0;
}

int store_cursor_set(struct store *st, const char *name, int64_t seq)
{
	db_bind_text(st->cursor_set, 1, slice_str(name));
	db_bind_int(st->cursor_set, 2, seq);
	st->counted = true;
	return db_run(st->cursor_set);
}

int store_get(struct store *st, int64_t seq, struct buf *out)
{
	int r;

	db_bind_int(st->fact_get, 1, seq);
	r = db_step(st->fact_get);
	if (r > 0)
		buf_add(out, db_blob(st->fact_get, 0));
	db_reset(st->fact_get);
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

int store_found_before(struct store *st, int64_t after, int64_t upto, int64_t *seq, int max)
{
	int n = 0, r = 0;

	db_bind_int(st->found, 1, after);
	db_bind_int(st->found, 2, upto);
	while (n < max && (r = db_step(st->found)) > 0)
		seq[n++] = db_int(st->found, 0);
	db_reset(st->found);
	return r < 0 ? r : n;
}

int store_next_of(struct store *st, const char *type, int64_t after, int64_t *seq)
{
	int r;

	db_bind_text(st->next_of, 1, slice_str(type));
	db_bind_int(st->next_of, 2, after);
	r = db_step(st->next_of);
	if (r > 0)
		*seq = db_int(st->next_of, 0);
	db_reset(st->next_of);
	return r < 0 ? r : 0;
}

int store_read_begin(struct store *st)
{
	return db_exec(st->db, "BEGIN");
}

void store_read_end(struct store *st)
{
	db_exec(st->db, "COMMIT");
}

int store_roots_differ(struct store *st, const struct json *roots)
{
	const struct json *want = roots->first;
	sqlite3_stmt *s = NULL;
	int64_t told = 0;
	bool same = true;
	int r = db_prepare(st->db,
	                   "SELECT path FROM main.view_root WHERE place IS NOT NULL"
	                   " ORDER BY place",
	                   &s);

	while (r == 0 && (r = db_step(s)) > 0) {
		told++;
		same = same && want && slice_eq(want->s, db_text(s, 0));
		want = want ? want->next : NULL;
		r = 0;
	}
	sqlite3_finalize(s);
	return r < 0 ? r : told > 0 && !(same && !want);
}

int store_table(struct store *st, struct err *e)
{
	return files_table(st->db, st->dir, e);
}

int store_keep_table(struct store *st, bool end)
{
	int64_t size = st->head.size, now = clock_mono_us();

	if (size - st->table_upto < TABLE_BEHIND)
		return 0;
	if (size != st->quiet_size) {
		st->quiet_size = size;
		st->quiet_us = now;
	}
	if (!end && now - st->quiet_us < TABLE_QUIET_US)
		return 0;
	st->table_upto = size; /* also where it failed: the next one is due later */
	return files_keep(st->db, st->dir);
}

int store_content(struct store *st, const struct hash *hash)
{
	return vault_get(st->vault, hash);
}

bool store_has(struct store *st, const struct hash *hash)
{
	return vault_has(st->vault, hash) > 0;
}

/* The first column of all rows, at most max. */
static int seqs(sqlite3_stmt *s, int64_t *seq, int max)
{
	int n = 0;

	while (n < max && db_step(s) > 0)
		seq[n++] = db_int(s, 0);
	db_reset(s);
	return n;
}

int store_modes(struct store *st, int64_t *seq, int max)
{
	db_bind_int(st->modes, 1, max);
	return seqs(st->modes, seq, max);
}

int store_learnt(struct store *st, int64_t *seq, int max)
{
	db_bind_int(st->learnt, 1, max);
	return seqs(st->learnt, seq, max);
}

int store_page_records(struct store *st, int64_t *seq, int max)
{
	db_bind_int(st->page_records, 1, max);
	return seqs(st->page_records, seq, max);
}

int store_asked_pages(struct store *st, int64_t since_us, int64_t *seq, int max)
{
	db_bind_int(st->asked_pages, 1, since_us);
	db_bind_int(st->asked_pages, 2, max);
	return seqs(st->asked_pages, seq, max);
}

int store_open_orders(struct store *st, int64_t since_us, int64_t *seq, int max)
{
	db_bind_int(st->orders, 1, since_us);
	db_bind_int(st->orders, 2, max);
	return seqs(st->orders, seq, max);
}

int store_contained(struct store *st, int64_t since_us, int64_t *seq, int max)
{
	db_bind_int(st->contained, 1, since_us);
	db_bind_int(st->contained, 2, max);
	return seqs(st->contained, seq, max);
}

int store_open_deploys(struct store *st, int64_t since_us, int64_t *seq, int max)
{
	db_bind_int(st->deploys, 1, since_us);
	db_bind_int(st->deploys, 2, max);
	return seqs(st->deploys, seq, max);
}

/* ---- the vault ---- */

sqlite3 *store_db(struct store *st)
{
	return st->db;
}

int store_drop(struct store *st, const struct hash *hash, size_t n, int64_t *bytes,
               struct err *e)
{
	int r = vault_drop(st->vault, hash, n, bytes);

	return r < 0 ? err_sys(e, r, "the vault is not as it was signed, see hinoban verify")
	             : 0;
}

int store_compact(struct store *st, int64_t bytes, struct err *e)
{
	int r = vault_compact(st->vault, bytes);

	return r < 0 ? err_sys(e, r, "a pack of the vault can't be emptied") : r;
}
