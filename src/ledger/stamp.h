/*
 * stamp: a signature over what the ledger must remember but what is no fact: which drafts of
 * each sender are in, how far the judge is, which contents lie in the vault. Without it a
 * moved counter would make a draft seem known, and a content could be taken away together
 * with its row, unseen.
 *
 * One row, written anew in each transaction that alters any of these:
 *
 *     {"contents":3,"cursor":"<64 hex>","sender":"<64 hex>","size":12,"vault":"<64 hex>"}
 *
 * cursor, sender: SHA-256 over the rows of these tables, in their order. contents, vault: the
 * vault's sum over its packs (vault.h). size: facts in the ledger. Signed with the ledger's
 * key, stored with "sig".
 */
#ifndef HINOBAN_LEDGER_STAMP_H
#define HINOBAN_LEDGER_STAMP_H

#include "ledger/head.h"

struct stamp {
	int64_t size, contents;
	struct hash vault, cursor, sender;
	uint8_t sig[HEAD_SIG_BYTES];
};

/* The rows of sender and cursor as they are. 0 or a fault. */
int stamp_tables(sqlite3 *db, struct stamp *s);
/* Sign and store, in the transaction that stands open. */
int stamp_put(sqlite3 *db, const struct head_key *k, struct stamp *s);
/* -ENOENT: none there; -EBADMSG: what is there is no stamp, or not signed by this key. */
int stamp_get(sqlite3 *db, const struct head_key *k, struct stamp *out);

#endif
