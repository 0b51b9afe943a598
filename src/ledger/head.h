/*
 * head: signed tree heads. A head says which facts were in the ledger at a time: the size
 * and root of the tree. It is signed with Ed25519 (RFC 8032) over its canonical JSON
 *
 *     {"at":"2026-11-24T04:05:06.000007Z","before":9,"root":"<64 hex>","size":12}
 *
 * and told with its signature as one line: {"at":..,"before":..,"root":..,"sig":"<128 hex>",
 * "size":..}. `before` is the size of the head signed before it, so that a head taken away
 * leaves a gap.
 *
 * What heads give, honestly: who can write to the database, yet lacks ledger.key, can alter
 * no fact under a head. Cutting off the newest facts together with their heads shows by the
 * copy of the newest head in <state>/head. Who has the key too (root on this machine) can
 * rewrite all of it; only a head that a witness elsewhere keeps tells on him.
 */
#ifndef HINOBAN_LEDGER_HEAD_H
#define HINOBAN_LEDGER_HEAD_H

#include "fact/json.h"
#include "ledger/db.h"
#include "ledger/ledger.h"

#define HEAD_SIG_BYTES 64
#define HEAD_MAX_BYTES 512 /* as a line */

#define HEAD_KEY_NAME "ledger.key"
#define HEAD_PUB_NAME "ledger.pub"
#define HEAD_NAME     "head" /* the newest head, a line */

struct head_key; /* private or public */

/* Make a key and write both files into the directory (0600, 0640 resp. 0644). */
int head_key_make(int dir, struct head_key **out, struct err *e);
/* Load the private key; its name is told in e. */
int head_key_load(int dir, struct head_key **out, struct err *e);
int head_pub_load(int dir, struct head_key **out, struct err *e);
void head_key_free(struct head_key *k);
/* The raw public key in hexadecimal. */
void head_key_hex(const struct head_key *k, char out[HASH_HEX_BYTES]);

/* Sign bytes, and hold a signature against them. What is signed must tell what it is. */
int head_key_sign(const struct head_key *k, struct slice bytes, uint8_t sig[HEAD_SIG_BYTES]);
bool head_key_holds(const struct head_key *k, struct slice bytes,
                    const uint8_t sig[HEAD_SIG_BYTES]);

/* Sign all but the signature. */
int head_sign(const struct head_key *k, struct ledger_head *h);
bool head_valid(const struct head_key *k, const struct ledger_head *h);

/* Rows of the table of heads, in one order of columns. */
#define HEAD_COLUMNS "size, at, before, root, sig"
bool head_row(sqlite3_stmt *s, struct ledger_head *out);
void head_bind(sqlite3_stmt *s, const struct ledger_head *h);

/* As JSON with its signature; without where sig is false (what is signed). */
struct json *head_json(struct arena *a, const struct ledger_head *h, bool sig);
/* Append as a line without '\n'. */
bool head_line(struct buf *out, const struct ledger_head *h);
bool head_parse(struct slice line, struct ledger_head *out);
/* A signature as hexadecimal, and back. */
void head_sig_hex(const uint8_t sig[HEAD_SIG_BYTES], char out[2 * HEAD_SIG_BYTES + 1]);
bool head_sig_unhex(struct slice hex, uint8_t sig[HEAD_SIG_BYTES]);

/*
 * The copy outside of the database: replaced as a whole. Where `durable`, it is on the disk
 * when this returns; else a power cut may leave an older one, or on some filesystems an empty
 * file. It says nothing that the database doesn't say too, so no commit waits for the disk on
 * its account.
 */
int head_keep(int dir, const struct ledger_head *h, bool durable);
/* -ENOENT: none, or an empty file; -EBADMSG: no head. The signature is not looked at. */
int head_kept(int dir, struct ledger_head *out);

#endif
