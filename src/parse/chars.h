/*
 * chars: classes of bytes by one table, and the hash of names (FNV-1a over lower-case
 * bytes). Names in PHP may hold any byte from 0x80 on; so do ours.
 */
#ifndef HINOBAN_PARSE_CHARS_H
#define HINOBAN_PARSE_CHARS_H

#include "base/slice.h"

enum {
	CHARS_ALPHA = 1,
	CHARS_DIGIT = 2,
	CHARS_HIGH = 4,
	CHARS_SPACE = 8,
	CHARS_UPPER = 16,
	CHARS_HEX = 32,
	CHARS_BASE64 = 64,
	CHARS_OPERATOR = 128, /* may be the second byte of a long operator */
};

extern const uint8_t chars_class[256];

static inline bool chars_alpha(uint8_t c)
{
	return chars_class[c] & CHARS_ALPHA;
}
static inline bool chars_digit(uint8_t c)
{
	return chars_class[c] & CHARS_DIGIT;
}
/* May stand inside a name ('_' included; '$' is not). */
static inline bool chars_word(uint8_t c)
{
	return chars_class[c] & (CHARS_ALPHA | CHARS_DIGIT | CHARS_HIGH);
}
static inline bool chars_name_start(uint8_t c)
{
	return chars_class[c] & (CHARS_ALPHA | CHARS_HIGH);
}
static inline bool chars_operator(uint8_t c)
{
	return chars_class[c] & CHARS_OPERATOR;
}
static inline bool chars_space(uint8_t c)
{
	return chars_class[c] & CHARS_SPACE;
}
static inline bool chars_upper(uint8_t c)
{
	return chars_class[c] & CHARS_UPPER;
}
static inline uint8_t chars_lower(uint8_t c)
{
	return chars_upper(c) ? c | 0x20 : c;
}

#define CHARS_HASH 2166136261u
static inline uint32_t chars_hash(uint32_t h, uint8_t c)
{
	return (uint32_t)(((uint64_t)(h ^ chars_lower(c)) * 16777619u) & UINT32_MAX);
}
uint32_t chars_hash_of(struct slice s);

#endif
