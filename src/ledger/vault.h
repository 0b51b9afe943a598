/*
 * vault: contents by their SHA-256, so that it can be told later what stood there.
 *
 * vault.pack is only ever appended to: records { "HNBVAULT", u64 size, u64 packed bytes,
 * 32 bytes SHA-256 of the content, packed bytes } (integers little-endian; zstd). Where
 * each lies stands in the table `vault` of the database, in the same transaction as the
 * fact that came with it; the pack is on the disk before that commit. What a crash left
 * behind the last record of the table is cut off at the next start.
 *
 * Every content is held against its hash when it is written and when it is read. The chain
 * over all records, in their order, is SHA-256(chain before || hash || place || packed ||
 * size), beginning with zeroes; it is signed (stamp.h), so that none can be taken away unseen.
 */
#ifndef HINOBAN_LEDGER_VAULT_H
#define HINOBAN_LEDGER_VAULT_H

#include "ledger/db.h"

#define VAULT_NAME         "vault.pack"
#define VAULT_MAX_CONTENT  (64u << 20) /* larger ones are not kept */
#define VAULT_RECORD_BYTES 56          /* before the packed bytes */

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
/* Put all that was kept on the disk: before COMMIT. */
int vault_sync(struct vault *v);
/* Forget what was kept since the last commit: after ROLLBACK. */
int vault_rollback(struct vault *v);
void vault_committed(struct vault *v);

struct vault_chain {
	int64_t contents;
	struct hash hash;
};
/* The chain as of all that was kept, and where the last one to be signed had come to. */
struct vault_chain vault_chain(const struct vault *v);
void vault_resume(struct vault *v, const struct vault_chain *c);

/* A sealed memfd with the content, at its start. -ENOENT; -EBADMSG: not what was kept. */
int vault_get(struct vault *v, const struct hash *hash);
/* 1: it is kept; 0: it is not. */
int vault_has(struct vault *v, const struct hash *hash);

/*
 * Hold every record against table and hash. fault() gets the place in the pack. What the chain
 * comes to goes to `out`.
 */
typedef void vault_fault_fn(void *ctx, int64_t place, const char *what);
int vault_verify(struct vault *v, vault_fault_fn *fault, void *ctx, struct vault_chain *out);

#endif
