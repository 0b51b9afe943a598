/*
 * scope: which value a name means, and what is known about it (bits.h).
 *
 * Values have keys. PHP: a variable belongs to its function, a property to the file.
 * JavaScript: a declared name belongs to the function that declares it, any other to the
 * file. Tables are of fixed size: what does not fit is forgotten.
 */
#ifndef HINOBAN_PARSE_SCOPE_H
#define HINOBAN_PARSE_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCOPE_BITS    2048 /* values about which something is known */
#define SCOPE_NAMES   2048 /* declared names alive at a time */
#define SCOPE_BUCKETS 512

struct scope_name {
	uint32_t hash, key;
	uint16_t next; /* in the bucket, index + 1 */
};

struct scope {
	struct {
		uint32_t key, bits;
	} slot[SCOPE_BITS];
	uint32_t used;
	struct scope_name name[SCOPE_NAMES];
	uint32_t names;
	uint16_t bucket[SCOPE_BUCKETS];
	uint32_t serial;
};

static inline uint32_t scope_mix(uint32_t a, uint32_t b)
{
	uint64_t v = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u >> 13;

	return (uint32_t)(v & UINT32_MAX) | 1; /* never 0 */
}

uint32_t scope_get(const struct scope *s, uint32_t key);
void scope_or(struct scope *s, uint32_t key, uint32_t bits);
/* JavaScript: make a name known in the innermost function; returns its key. */
uint32_t scope_declare(struct scope *s, uint32_t hash);
/* The key of a name as it is seen from here. */
uint32_t scope_key(const struct scope *s, uint32_t hash);
/* Leave a function: forget the names declared since `mark` (s->names then). */
void scope_leave(struct scope *s, uint32_t mark);
/* For another pass over the same text: forget names, keep what is known about values. */
void scope_again(struct scope *s);

#endif
