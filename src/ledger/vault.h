/*
 * vault: contents by their SHA-256, so that it can be told later what stood there.
 *
 * They lie in packs: vault.pack, then vault.pack.1, .2 ... A pack is only ever appended to:
 * records { "HNBVAULT", u64 size, u64 packed bytes, 32 bytes SHA-256 of the content, packed
 * bytes } (integers little-endian; zstd). When it has grown to VAULT_PACK_BYTES, or to
 * VAULT_PACK_CONTENTS (its rows are counted anew at each drop), the next is begun. Where each
 * content lies stands in the table `vault` of the database, in the same transaction as the fact
 * that came with it; the pack is on the disk before that commit. What a crash left behind the
 * last record, or as a pack that no row names, is taken away at the next start.
 *
 * Contents are dropped by the writer only (gc.h), by taking their rows away in the
 * transaction that holds the fact about it. Their bytes are given back to the filesystem
 * afterwards; a pack of which more than half is gone is emptied: its other records are copied
 * to the newest pack, a few at a time, each time in one transaction, and the file is removed
 * last. So a record is always in the place that its row names, whatever is killed when. A
 * reader that finds a pack gone asks for the row anew.
 *
 * Every content is held against its hash when it is written, read or copied. The table
 * `pack` has a row for each: its length, contents, bytes that were dropped, and a chain over
 * its records in their order: SHA-256(chain before || hash || place || packed || size),
 * beginning with zeroes. A hash over these rows is signed (stamp.h), so that none can be
 * taken away unseen.
 */
#ifndef HINOBAN_LEDGER_VAULT_H
#define HINOBAN_LEDGER_VAULT_H

#include "ledger/db.h"

#define VAULT_NAME          "vault.pack"
#define VAULT_MAX_CONTENT   (64u << 20) /* larger ones are not kept */
#define VAULT_RECORD_BYTES  56          /* before the packed bytes */
#define VAULT_PACK_BYTES    (INT64_C(64) << 20)
#define VAULT_PACK_CONTENTS 8192

struct vault;

/* For the writer: makes the pack where it is missing, cuts off a torn tail. */
int vault_open(int dir, sqlite3 *db, struct vault **out, struct err *e);
/* For readers: nothing is changed. */
int vault_peek(int dir, sqlite3 *db, struct vault **out, struct err *e);
void vault_close(struct vault *v);

/*
 * Keep what fd holds, if it is what hash says; in the transaction that stands open.
 * 1: kept; 0: it is there already; -ESTALE: the file holds something else by now;
 * -EFBIG: too large; -ENOSPC ...
 */
int vault_keep(struct vault *v, int fd, const struct hash *hash);
/* Before COMMIT: the rows of packs, then (after the stamp) the bytes on the disk. */
int vault_flush(struct vault *v);
int vault_sync(struct vault *v);
/* Forget what was done since the last commit: after ROLLBACK. */
int vault_rollback(struct vault *v);
/* After COMMIT: take away what is not needed any more. */
void vault_committed(struct vault *v);

struct vault_chain {
	int64_t contents;
	struct hash hash;
};
/* What the rows of packs come to, as of the last vault_flush. */
struct vault_chain vault_chain(const struct vault *v);

/* A sealed memfd with the content, at its start. -ENOENT; -EBADMSG: not what was kept. */
int vault_get(struct vault *v, const struct hash *hash);
/* The same as it lies there: a zstd frame, held against its hash as well. */
int vault_get_packed(struct vault *v, const struct hash *hash);
/* 1: it is kept; 0: it is not. */
int vault_has(struct vault *v, const struct hash *hash);

/* ---- vault_gc.c: the writer, in the transaction that stands open ---- */

/*
 * Take away the rows of these contents; those that aren't there are passed over. *bytes gets
 * what they took. -EBADMSG: a pack's rows are not those that were signed; nothing may be
 * dropped from it.
 */
int vault_drop(struct vault *v, const struct hash *hash, size_t n, int64_t *bytes);
/*
 * Copy records out of a pack of which more than half is gone, at most about `bytes` of them.
 * 1: something was done; 0: no pack is worth it; -ENOSPC ...
 */
int vault_compact(struct vault *v, int64_t bytes);

/* ---- vault_verify.c ---- */

/*
 * Hold every record against table and hash. fault() gets the place in the pack, or -1. What the
 * rows of packs come to goes to `out`. fresh: a second connection, outside of the transaction
 * that v reads in, or NULL: a record that was moved or dropped since is no fault.
 */
typedef void vault_fault_fn(void *ctx, int64_t place, const char *what);
int vault_verify(struct vault *v, sqlite3 *fresh, vault_fault_fn *fault, void *ctx,
                 struct vault_chain *out);

#endif
