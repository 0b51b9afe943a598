#include "base/hash.h"
#include "base/text.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct hash_state {
	EVP_MD_CTX *ctx;
};

/* Fetched once: EVP_sha256() looks the algorithm up anew at every init, which costs more
 * than hashing a small file. */
static const EVP_MD *sha256(void)
{
	static EVP_MD *md;

	if (!md)
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!md)
		abort();
	return md;
}

struct hash_state *hash_new(void)
{
	struct hash_state *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->ctx = EVP_MD_CTX_new();
	if (!st->ctx || EVP_DigestInit_ex2(st->ctx, sha256(), NULL) != 1) {
		hash_free(st);
		return NULL;
	}
	return st;
}

void hash_add(struct hash_state *st, struct slice s)
{
	if (s.n && EVP_DigestUpdate(st->ctx, s.at, s.n) != 1)
		abort(); /* a wrong hash would be worse than no process */
}

struct hash hash_end(struct hash_state *st)
{
	struct hash h;

	if (EVP_DigestFinal_ex(st->ctx, h.b, NULL) != 1 ||
	    EVP_DigestInit_ex2(st->ctx, sha256(), NULL) != 1)
		abort();
	return h;
}

void hash_free(struct hash_state *st)
{
	if (!st)
		return;
	EVP_MD_CTX_free(st->ctx);
	free(st);
}

struct hash hash_of(struct slice s)
{
	static _Thread_local struct hash_state *st;

	if (!st)
		st = hash_new();
	if (!st)
		abort();
	hash_add(st, s);
	return hash_end(st);
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, HASH_BYTES) == 0;
}

void hash_hex(const struct hash *h, char out[HASH_HEX_BYTES])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_BYTES; i++) {
		out[2 * i] = digit[h->b[i] >> 4];
		out[2 * i + 1] = digit[h->b[i] & 15];
	}
	out[2 * HASH_BYTES] = '\0';
}

bool hash_unhex(struct slice s, struct hash *out)
{
	struct hash h;

	if (s.n != 2 * HASH_BYTES)
		return false;
	for (size_t i = 0; i < HASH_BYTES; i++) {
		int hi = text_hexval(s.at[2 * i]), lo = text_hexval(s.at[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		h.b[i] = (uint8_t)(hi << 4 | lo);
	}
	*out = h;
	return true;
}

/*
 * SipHash-1-3 (Aumasson, Bernstein 2012; one compression and three finalisation rounds):
 * an attacker who chooses file names must not be able to choose collisions.
 */
struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v2 = rotl(s->v2, 32);
}

static void sip_word(struct sip *s, uint64_t m)
{
	s->v3 ^= m;
	sip_round(s);
	s->v0 ^= m;
}

static const uint64_t *table_key(void)
{
	static uint64_t key[2];
	static bool made;

	if (!made && getrandom(key, sizeof(key), 0) != sizeof(key))
		abort();
	made = true;
	return key;
}

uint64_t hash_table(struct slice in)
{
	const uint64_t *k = table_key();
	struct sip s = {k[0] ^ 0x736f6d6570736575, k[1] ^ 0x646f72616e646f6d,
	                k[0] ^ 0x6c7967656e657261, k[1] ^ 0x7465646279746573};
	size_t whole = in.n & ~(size_t)7;
	uint64_t m = 0;

	for (size_t i = 0; i < whole; i += 8) {
		memcpy(&m, in.at + i, 8);
		sip_word(&s, m);
	}
	m = 0;
	if (in.n > whole)
		memcpy(&m, in.at + whole, in.n - whole);
	sip_word(&s, m | (uint64_t)in.n << 56);
	s.v2 ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
