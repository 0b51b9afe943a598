/*
 * hash: SHA-256 (FIPS 180-4, by OpenSSL with the machine's SHA instructions)
 * and hexadecimal text, and SipHash-like keyed hashing for tables.
 */
#ifndef HINOBAN_BASE_HASH_H
#define HINOBAN_BASE_HASH_H

#include "base/slice.h"

#define HASH_BYTES     32
#define HASH_HEX_BYTES 65 /* with NUL */

struct hash {
	uint8_t b[HASH_BYTES];
};

struct hash_state; /* streaming */

struct hash hash_of(struct slice s);
struct hash_state *hash_new(void);
void hash_add(struct hash_state *st, struct slice s);
/* Ends the stream and starts it anew. */
struct hash hash_end(struct hash_state *st);
void hash_free(struct hash_state *st);
bool hash_eq(const struct hash *a, const struct hash *b);
void hash_hex(const struct hash *h, char out[HASH_HEX_BYTES]);
/* 64 hexadecimal digits, either case. */
bool hash_unhex(struct slice s, struct hash *out);
/* Keyed 64-bit hash for hash tables (SipHash-1-3 with a key per process). */
uint64_t hash_table(struct slice s);

#endif
