/* vault_door: what readers may ask of the vault as a whole. */
#include "ledger/gc.h"
#include "ledger/reader.h"
#include "ledger/vault_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define STEP_US 1000000

/* What the packs take on the disk: holes don't count. */
static int disk_bytes(struct ledger *l, struct ledger_vault_stat *s)
{
	sqlite3_stmt *q = NULL;
	int r = db_prepare(l->db, "SELECT id FROM pack", &q);

	while (r >= 0 && (r = db_step(q)) > 0) {
		char name[VAULT_NAME_BYTES];
		struct stat st;

		vault_pack_name(db_int(q, 0), name);
		if (fstatat(l->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			s->pack_bytes += (int64_t)st.st_blocks * 512;
		s->packs++;
	}
	sqlite3_finalize(q);
	return r;
}

static int count_dropped(void *ctx, int64_t seq, struct slice canonical)
{
	struct ledger_vault_stat *s = ctx;
	struct arena a;
	const struct json *fact;

	(void)seq;
	arena_init(&a, 64 * FACT_MAX_BYTES);
	fact = json_parse(&a, canonical, NULL);
	s->dropped += (int64_t)json_count(json_get(fact, "hashes"));
	arena_done(&a);
	return 0;
}

static int newest(void *ctx, int64_t seq, struct slice canonical)
{
	struct ledger_vault_stat *s = ctx;
	struct arena a;

	arena_init(&a, 64 * FACT_MAX_BYTES);
	s->collected_seq = seq;
	s->collected_us = fact_at_us(json_parse(&a, canonical, NULL));
	arena_done(&a);
	return 1;
}

/* -ENOENT: no such file. */
static int glance_at(struct ledger *l, const char *name, int64_t bytes, int64_t first,
                     struct err *e)
{
	AUTO_FD fd = openat(l->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char magic[sizeof(VAULT_MAGIC) - 1] = "";
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, -errno, "%s", name);
	if (st.st_size < bytes) {
		err_set(e, 0, "%s: %lld bytes, %lld were recorded", name, (long long)st.st_size,
		        (long long)bytes);
		return 1;
	}
	if (first < 0 || (pread(fd, magic, sizeof(magic), first) == (ssize_t)sizeof(magic) &&
	                  memcmp(magic, VAULT_MAGIC, sizeof(magic)) == 0))
		return 0;
	err_set(e, 0, "%s: no content begins at byte %lld", name, (long long)first);
	return 1;
}

static int glance(struct ledger *l, struct err *e)
{
	sqlite3_stmt *q = NULL;
	int r = db_prepare(l->db,
	                   "SELECT id, bytes, (SELECT min(place) FROM vault WHERE pack = id)"
	                   " FROM pack",
	                   &q);
	int found = 0;

	while (r >= 0 && found == 0 && (r = db_step(q)) > 0) {
		bool none = sqlite3_column_type(q, 2) == SQLITE_NULL;
		char name[VAULT_NAME_BYTES];

		vault_pack_name(db_int(q, 0), name);
		found = glance_at(l, name, db_int(q, 1),
		                  none ? -1 : db_int(q, 2) - VAULT_RECORD_BYTES, e);
	}
	sqlite3_finalize(q);
	return r < 0 ? r : found;
}

int ledger_vault_glance(struct ledger *l, struct err *e)
{
	int r = glance(l, e);

	if (r == 0)
		return 0;
	*e = (struct err){""};
	r = glance(l, e); /* gc may have removed it just then */
	return r == -ENOENT ? 1 : r;
}

int ledger_vault_stat(struct ledger *l, struct ledger_vault_stat *out)
{
	static const struct {
		const char *sql;
		size_t at;
	} sums[] = {
	    {"SELECT count(*) FROM vault", offsetof(struct ledger_vault_stat, contents)},
	    {"SELECT sum(size) FROM vault", offsetof(struct ledger_vault_stat, content_bytes)},
	    {"SELECT sum(packed) FROM vault", offsetof(struct ledger_vault_stat, packed_bytes)},
	    {"SELECT sum(gone) FROM pack", offsetof(struct ledger_vault_stat, gone_bytes)},
	};
	struct ledger_query dropped = {.type = SLICE("vault.dropped")},
	                    collected = {.type = SLICE("vault.collected"),
	                                 .newest_first = true};
	struct ledger_vault_stat s = {0};
	int r = 0;

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]) && r == 0; i++)
		r = db_number(l->db, sums[i].sql, 0,
		              (int64_t *)(void *)((char *)&s + sums[i].at));
	if (r == 0)
		r = disk_bytes(l, &s);
	if (r == 0)
		r = ledger_each(l, &dropped, count_dropped, &s);
	if (r == 0)
		r = ledger_each(l, &collected, newest, &s);
	if (r < 0)
		return r;
	*out = s;
	return 0;
}

int ledger_vault_plan(struct ledger *l, const struct ledger_vault_limits *limits,
                      struct ledger_vault_plan *out, struct err *e)
{
	struct gc *g = gc_new(l->db, NULL, limits, 0);
	int r = g ? 1 : err_set(e, -ENOMEM, "out of memory");

	while (r > 0)
		r = gc_step(g, STEP_US, e);
	if (r == 0)
		*out = gc_plan(g);
	gc_free(g);
	return r;
}

struct wanted {
	char hex[HASH_HEX_BYTES];
	int64_t seq;
};

static int names_it(void *ctx, int64_t seq, struct slice canonical)
{
	struct wanted *w = ctx;

	if (slice_find(canonical, slice_str(w->hex)) == SIZE_MAX)
		return 0;
	w->seq = seq;
	return 1;
}

int64_t ledger_dropped(struct ledger *l, const struct hash *h)
{
	struct ledger_query q = {.type = SLICE("vault.dropped"), .newest_first = true};
	struct wanted w = {.seq = 0};
	int r;

	hash_hex(h, w.hex);
	r = ledger_each(l, &q, names_it, &w);
	return r < 0 ? r : w.seq;
}

int ledger_content_packed(struct ledger *l, const struct hash *h)
{
	return vault_get_packed(l->vault, h);
}
