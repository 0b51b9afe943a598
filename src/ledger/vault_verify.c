/* vault_verify: every record against its row, its hash, its pack. */
#include "ledger/vault_parts.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAID_BYTES 160

struct check_packs {
	struct vault *v;
	sqlite3_stmt *now; /* of the fresh connection, or NULL */
	vault_fault_fn *fault;
	void *ctx;
};

static bool header_good(struct vault *v, const struct vault_record *rec,
                        const struct hash *hash)
{
	uint8_t raw[VAULT_RECORD_BYTES];
	struct buf want;
	bool good;
	int fd = vault_pack_fd(v, rec->pack);

	if (fd < 0 || rec->place < VAULT_RECORD_BYTES ||
	    pread(fd, raw, sizeof(raw), (off_t)(rec->place - VAULT_RECORD_BYTES)) !=
	        (ssize_t)sizeof(raw))
		return false;
	buf_init(&want, VAULT_RECORD_BYTES);
	vault_header(&want, rec, hash);
	good = slice_eq(buf_slice(&want), slice_mem(raw, sizeof(raw)));
	buf_done(&want);
	return good;
}

/* Moved or dropped since our moment: then what stands there now is another's business. */
static bool is_elsewhere(struct check_packs *c, const struct vault_record *rec,
                         const struct hash *hash)
{
	struct vault_record now;
	int r = c->now ? vault_find(c->v, c->now, hash, &now) : 1;

	if (r == -ENOENT)
		return true;
	return r == 0 && (now.pack != rec->pack || now.place != rec->place) &&
	       vault_unpack(c->v, &now, hash) == 0;
}

static void check_record(struct check_packs *c, const struct vault_record *rec,
                         const struct hash *hash)
{
	const char *what = NULL;

	if (!header_good(c->v, rec, hash))
		what = "the record in vault.pack is not the one of its row";
	else if (vault_unpack(c->v, rec, hash) < 0)
		what = "the content is not what its hash says";
	if (what && !is_elsewhere(c, rec, hash))
		c->fault(c->ctx, rec->place, what);
}

/* Records stand one behind the other; what is between them was dropped, and counted. */
static int check_rows(struct check_packs *c, const struct vault_pack *p)
{
	struct vault *v = c->v;
	struct vault_pack is = {.id = p->id};
	int64_t end = 0, gone = 0;
	struct hash hash;
	int r;

	db_bind_int(v->records, 1, p->id);
	while ((r = db_step(v->records)) > 0) {
		struct vault_record rec = {p->id, db_int(v->records, 0), db_int(v->records, 1),
		                           db_int(v->records, 2)};

		if (!db_hash(v->records, 3, &hash)) {
			c->fault(c->ctx, rec.place, "a row of vault without a hash");
			continue;
		}
		if (rec.place - VAULT_RECORD_BYTES < end)
			c->fault(c->ctx, rec.place, "two rows of vault name the same bytes");
		gone += rec.place - VAULT_RECORD_BYTES - end;
		end = rec.place + rec.packed;
		vault_chain_add(&is, &rec, &hash);
		check_record(c, &rec, &hash);
	}
	db_reset(v->records);
	if (r < 0)
		return r;
	if (gone + p->bytes - end != p->gone)
		c->fault(c->ctx, end, "bytes in vault.pack that no row of vault knows");
	if (is.contents != p->contents || !hash_eq(&is.chain, &p->chain)) {
		char said[SAID_BYTES];

		snprintf(said, sizeof(said),
		         "%lld contents were signed, these are %lld, and not the same",
		         (long long)p->contents, (long long)is.contents);
		c->fault(c->ctx, -1, said);
	}
	return 0;
}

static bool is_gone_by_now(struct check_packs *c, int64_t id)
{
	sqlite3_stmt *s = NULL;
	bool gone = false;

	if (c->now &&
	    db_prepare(sqlite3_db_handle(c->now), "SELECT 1 FROM pack WHERE id = ?", &s) == 0) {
		db_bind_int(s, 1, id);
		gone = db_step(s) == 0;
	}
	sqlite3_finalize(s);
	return gone;
}

static int check_pack(struct check_packs *c, const struct vault_pack *p)
{
	char name[VAULT_NAME_BYTES], said[SAID_BYTES];
	int fd = vault_pack_fd(c->v, p->id);
	struct stat st;

	vault_pack_name(p->id, name);
	if (fd < 0 && !is_gone_by_now(c, p->id)) {
		snprintf(said, sizeof(said), "the file %s is missing", name);
		c->fault(c->ctx, -1, said);
		return 0;
	}
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size < p->bytes) {
		snprintf(said, sizeof(said), "%s is too short", name);
		c->fault(c->ctx, st.st_size, said);
	}
	return check_rows(c, p);
}

static int check_all(struct check_packs *c)
{
	struct vault *v = c->v;
	sqlite3_stmt *s = NULL;
	int64_t lost = 0;
	int r = db_prepare(v->db, "SELECT id FROM pack ORDER BY id", &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		struct vault_pack p;

		r = vault_pack_load(v, db_int(s, 0), &p);
		if (r == 0)
			r = check_pack(c, &p);
	}
	sqlite3_finalize(s);
	if (r == 0)
		r = db_number(
		    v->db, "SELECT count(*) FROM vault WHERE pack NOT IN (SELECT id FROM pack)",
		    0, &lost);
	if (lost)
		c->fault(c->ctx, -1, "rows of vault in a pack that there is not");
	return r;
}

int vault_verify(struct vault *v, sqlite3 *fresh, vault_fault_fn *fault, void *ctx,
                 struct vault_chain *out)
{
	struct check_packs c = {.v = v, .fault = fault, .ctx = ctx};
	int r = 0;

	if (fresh)
		r = db_prepare(fresh,
		               "SELECT pack, place, packed, size FROM vault WHERE hash = ?",
		               &c.now);
	if (r == 0)
		r = check_all(&c);
	if (r == 0)
		r = vault_pack_sum(v, out);
	sqlite3_finalize(c.now);
	return r;
}
