/*
 * vault_parts: what vault.c (keeping, reading), vault_pack.c (files and rows of packs),
 * vault_gc.c, vault_verify.c and vault_door.c share. Nobody else includes it.
 */
#ifndef HINOBAN_LEDGER_VAULT_PARTS_H
#define HINOBAN_LEDGER_VAULT_PARTS_H

#include "ledger/vault.h"
#include <zstd.h>

#define VAULT_MAGIC      "HNBVAULT"
#define VAULT_MAX_PACKED ((size_t)VAULT_MAX_CONTENT + (VAULT_MAX_CONTENT >> 7) + 4096)
#define VAULT_NAME_BYTES 40
#define VAULT_OPEN_PACKS 8
#define VAULT_HOLES      512 /* places to be given back after a commit; more are left */

struct vault_record {
	int64_t pack, place, packed, size;
};

/* A row of `pack`. */
struct vault_pack {
	int64_t id;
	int64_t bytes;    /* where the next record goes */
	int64_t contents; /* rows of vault that name it */
	int64_t gone;     /* bytes of records that no row names any more, with their headers */
	struct hash chain;
};

struct vault_hole {
	int64_t pack, at, bytes;
};

struct vault {
	int dir;
	sqlite3 *db;
	sqlite3_stmt *find, *add, *drop, *move, *records;
	sqlite3_stmt *pack_get, *pack_put, *pack_drop, *packs, *pack_worst;
	bool writer;
	int fd; /* writer: of the newest pack */
	struct vault_pack cur, committed;
	bool dirty, fresh_pack; /* bytes not yet on the disk; a file not yet in its folder */
	bool touched;           /* rows of packs differ from `chain` */
	struct vault_chain chain, committed_chain;
	struct vault_hole hole[VAULT_HOLES];
	size_t holes;
	int64_t emptied; /* a pack without contents, to be removed after the commit; -1: none */
	/* Other packs, open for reading. */
	struct {
		int64_t id;
		int fd;
	} open[VAULT_OPEN_PACKS];
	int next_open;
	struct buf content, packed;
	ZSTD_CCtx *zip;
	ZSTD_DCtx *unzip;
};

/* ---- vault_pack.c ---- */

void vault_pack_name(int64_t id, char out[VAULT_NAME_BYTES]);
/* Borrowed. -ENOENT where the file is gone. */
int vault_pack_fd(struct vault *v, int64_t id);
/* The file was removed or is another now. */
void vault_pack_forget(struct vault *v, int64_t id);
/* The newest pack, its torn end cut off; files that no row names are removed. */
int vault_pack_begin(struct vault *v, struct err *e);
/* Go on in a new pack. */
int vault_pack_next(struct vault *v);
/* Back to the newest pack of the last commit. */
int vault_pack_back(struct vault *v);
int vault_pack_load(struct vault *v, int64_t id, struct vault_pack *out);
/* Of the current pack: it is stored by vault_flush only. */
int vault_pack_store(struct vault *v, const struct vault_pack *p);
/* Compute contents and chain anew from the rows of vault. */
int vault_pack_count(struct vault *v, int64_t id, struct vault_pack *out);
/* A hash over all rows of `pack`. */
int vault_pack_sum(struct vault *v, struct vault_chain *out);

/* ---- vault.c ---- */

void vault_chain_add(struct vault_pack *p, const struct vault_record *rec,
                     const struct hash *hash);
int vault_find(struct vault *v, sqlite3_stmt *find, const struct hash *hash,
               struct vault_record *out);
/* Write v->packed at the end of the newest pack, and count it: place and pack go to rec. */
int vault_append(struct vault *v, struct vault_record *rec, const struct hash *hash);
/* A record's packed bytes into v->packed (behind room for a header), its content, held
 * against its hash, into v->content. */
int vault_unpack(struct vault *v, const struct vault_record *rec, const struct hash *hash);
/* The header of a record, appended. */
void vault_header(struct buf *out, const struct vault_record *rec, const struct hash *hash);

#endif
