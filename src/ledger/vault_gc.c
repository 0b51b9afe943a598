/* vault_gc: contents dropped, packs emptied. */
#include "ledger/vault_parts.h"
#include <errno.h>

#define PACKS_AT_ONCE 1024 /* that one call may drop from */

/* ---- dropping ---- */

struct touched {
	int64_t id[PACKS_AT_ONCE];
	int64_t gone[PACKS_AT_ONCE];
	size_t n;
};

/* Its rows must be those that were signed: a drop must not hide what an intruder took. */
static int check_pack(struct vault *v, int64_t id)
{
	struct vault_pack signed_as, is = {0};
	int r = vault_pack_load(v, id, &signed_as);

	if (r == 0)
		r = vault_pack_count(v, id, &is);
	if (r < 0)
		return r == -ENOENT ? -EBADMSG : r;
	return is.contents == signed_as.contents && hash_eq(&is.chain, &signed_as.chain)
	           ? 0
	           : -EBADMSG;
}

static int touch(struct vault *v, struct touched *t, const struct vault_record *rec)
{
	size_t i = 0;
	int r;

	while (i < t->n && t->id[i] != rec->pack)
		i++;
	if (i == PACKS_AT_ONCE)
		return -E2BIG;
	if (i == t->n) {
		r = check_pack(v, rec->pack);
		if (r < 0)
			return r;
		t->id[t->n] = rec->pack;
		t->gone[t->n++] = 0;
	}
	t->gone[i] += rec->packed + VAULT_RECORD_BYTES;
	return 0;
}

static int drop_one(struct vault *v, struct touched *t, const struct hash *hash)
{
	struct vault_record rec;
	int r = vault_find(v, v->find, hash, &rec);

	if (r == 0)
		r = touch(v, t, &rec);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	db_bind_blob(v->drop, 1, slice_mem(hash->b, HASH_BYTES));
	if (v->holes < VAULT_HOLES)
		v->hole[v->holes++] = (struct vault_hole){
		    rec.pack, rec.place - VAULT_RECORD_BYTES, rec.packed + VAULT_RECORD_BYTES};
	return db_run(v->drop);
}

/* Count a pack anew after rows were taken from it. */
static int recount(struct vault *v, int64_t id, int64_t gone)
{
	struct vault_pack p;
	int r = vault_pack_load(v, id, &p);

	if (r == 0)
		r = vault_pack_count(v, id, &p);
	p.gone += gone;
	return r < 0 ? r : vault_pack_store(v, &p);
}

int vault_drop(struct vault *v, const struct hash *hash, size_t n, int64_t *bytes)
{
	struct touched t = {.n = 0};
	int64_t all = 0;
	int r = 0;

	/* All packs are looked at before the first row goes. */
	for (size_t i = 0; i < n && r == 0; i++) {
		struct vault_record rec;

		r = vault_find(v, v->find, &hash[i], &rec);
		r = r == 0 ? touch(v, &t, &rec) : r == -ENOENT ? 0 : r;
	}
	for (size_t i = 0; i < t.n; i++)
		t.gone[i] = 0;
	for (size_t i = 0; i < n && r == 0; i++)
		r = drop_one(v, &t, &hash[i]);
	for (size_t i = 0; i < t.n && r == 0; i++) {
		all += t.gone[i];
		r = recount(v, t.id[i], t.gone[i]);
	}
	if (r == 0)
		*bytes = all;
	return r;
}

/* ---- emptying packs ---- */

/* One record to the end of the newest pack. */
static int move(struct vault *v, const struct vault_record *from, const struct hash *hash)
{
	struct vault_record to = *from;
	int r =
	    vault_unpack(v, from, hash); /* a damaged one is not copied on as if it were good */

	if (r == 0)
		r = vault_append(v, &to, hash);
	if (r < 0)
		return r == -ENOENT ? -EBADMSG : r;
	db_bind_int(v->move, 1, to.pack);
	db_bind_int(v->move, 2, to.place);
	db_bind_blob(v->move, 3, slice_mem(hash->b, HASH_BYTES));
	return db_run(v->move);
}

struct moving {
	struct vault_record rec;
	struct hash hash;
};
#define MOVED_AT_ONCE 256

/* The first records of a pack: how many. */
static int first_records(struct vault *v, int64_t id, int64_t bytes, struct moving *out)
{
	int n = 0, r = 0;

	db_bind_int(v->records, 1, id);
	while (n < MOVED_AT_ONCE && bytes > 0 && (r = db_step(v->records)) > 0) {
		out[n].rec = (struct vault_record){
		    id, db_int(v->records, 0), db_int(v->records, 1), db_int(v->records, 2)};
		if (!db_hash(v->records, 3, &out[n].hash)) {
			r = -EBADMSG;
			break;
		}
		bytes -= out[n++].rec.packed;
	}
	db_reset(v->records);
	return r < 0 ? r : n;
}

static int remove_pack(struct vault *v, int64_t id)
{
	db_bind_int(v->pack_drop, 1, id);
	v->touched = true;
	v->emptied = id;
	return db_run(v->pack_drop);
}

static int empty_some(struct vault *v, const struct vault_pack *p, int64_t bytes)
{
	struct moving *some = calloc(MOVED_AT_ONCE, sizeof(*some));
	int64_t gone = 0;
	int r = some ? check_pack(v, p->id) : -ENOMEM, n = 0;

	if (r == 0)
		n = r = first_records(v, p->id, bytes, some);
	for (int i = 0; i < n && r >= 0; i++) {
		r = move(v, &some[i].rec, &some[i].hash);
		gone += some[i].rec.packed + VAULT_RECORD_BYTES;
	}
	/* Before the first one that stays nothing is left: room for what is moved next. */
	if (r >= 0 && n > 0 && v->holes < VAULT_HOLES)
		v->hole[v->holes++] = (struct vault_hole){
		    p->id, 0, some[n - 1].rec.place + some[n - 1].rec.packed};
	free(some);
	if (r < 0)
		return r;
	return n < p->contents ? recount(v, p->id, gone) : remove_pack(v, p->id);
}

/* Of all but the newest; the newest too, once a newer one is begun. */
static int worst_pack(struct vault *v, struct vault_pack *out)
{
	int64_t id = -1;
	int r;

	if (v->cur.gone > v->cur.bytes / 2 && v->cur.gone > VAULT_RECORD_BYTES) {
		r = vault_pack_next(v);
		if (r < 0)
			return r;
	}
	db_bind_int(v->pack_worst, 1, v->cur.id);
	r = db_step(v->pack_worst);
	if (r > 0)
		id = db_int(v->pack_worst, 0);
	db_reset(v->pack_worst);
	if (r <= 0)
		return r;
	r = vault_pack_load(v, id, out);
	return r < 0 ? r : 1;
}

int vault_compact(struct vault *v, int64_t bytes)
{
	struct vault_pack p;
	int r = worst_pack(v, &p);

	if (r <= 0)
		return r;
	r = empty_some(v, &p, bytes);
	return r < 0 ? r : 1;
}
