/*
 * slice: borrowed bytes, and the only pointer arithmetic on input.
 *
 * A slice never owns what it points at and need not end in NUL. All functions
 * here are total: no input makes them read outside of [at, at + n).
 * The cursor is the way to read input: every step either succeeds and moves,
 * or returns false and moves nothing. The small steps are inline: parsers take one per byte.
 */
#ifndef HINOBAN_BASE_SLICE_H
#define HINOBAN_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *at;
	size_t n;
};

/* A slice over a string literal, without its NUL. */
#define SLICE(lit) ((struct slice){(const uint8_t *)("" lit), sizeof(lit) - 1})
/* For printf: "%.*s" with SLICE_ARG(s). Only for slices known to be short text. */
#define SLICE_ARG(s) (int)(s).n, (const char *)(s).at

/* Borrow a NUL-terminated string; NULL gives the empty slice. */
struct slice slice_str(const char *s);
/* Borrow n bytes. */
static inline struct slice slice_mem(const void *at, size_t n)
{
	return (struct slice){at, n};
}
bool slice_eq(struct slice a, struct slice b);
/* Equal but for the case of ASCII letters. */
bool slice_caseeq(struct slice a, struct slice b);
/* Order as memcmp, the shorter first: <0, 0, >0. */
int slice_cmp(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
/* Offset of the first occurrence, or SIZE_MAX. An empty needle is found at 0. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_casefind(struct slice s, struct slice needle);
/* Offset of the first byte b, or SIZE_MAX. */
size_t slice_chr(struct slice s, uint8_t b);
/* Bytes [from, to), both clamped to the slice. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return s.at ? slice_mem(s.at + from, to - from) : s;
}
/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice s);
/* Decimal digits only, no sign; false on empty, other bytes or overflow. */
bool slice_u64(struct slice s, uint64_t *out);
bool slice_utf8_valid(struct slice s);
/*
 * Decode one UTF-8 code point (RFC 3629: no surrogates, no overlong forms) at
 * the start of s. Returns its length 1..4, or 0 if s is empty or ill-formed there.
 */
size_t slice_utf8(struct slice s, uint32_t *cp);
/* Encode a code point up to U+10FFFF; returns how many bytes of `to` it takes, 1..4. */
size_t slice_utf8_put(uint8_t to[4], uint32_t cp);

struct cursor {
	struct slice in;
	size_t pos; /* 0..in.n */
};

struct cursor cursor_over(struct slice in);
static inline bool cursor_end(const struct cursor *c)
{
	return c->pos >= c->in.n;
}
/* The byte ahead positions further on, or -1 past the end. */
static inline int cursor_peek(const struct cursor *c, size_t ahead)
{
	size_t left = c->in.n - c->pos;

	return ahead < left ? c->in.at[c->pos + ahead] : -1;
}
struct slice cursor_rest(const struct cursor *c);
static inline bool cursor_skip(struct cursor *c, size_t n)
{
	if (n > c->in.n - c->pos)
		return false;
	c->pos += n;
	return true;
}
/* Step over lit if it stands here. */
static inline bool cursor_eat(struct cursor *c, struct slice lit)
{
	if (lit.n > c->in.n - c->pos ||
	    (lit.n && memcmp(c->in.at + c->pos, lit.at, lit.n) != 0))
		return false;
	c->pos += lit.n;
	return true;
}
static inline bool cursor_byte(struct cursor *c, uint8_t *out)
{
	if (cursor_end(c))
		return false;
	*out = c->in.at[c->pos++];
	return true;
}
bool cursor_take(struct cursor *c, size_t n, struct slice *out);
/* Up to and over the next '\n' (not in out); the last line may lack it. False at the end. */
bool cursor_line(struct cursor *c, struct slice *out);
/* Little-endian integers, for our own binary formats. */
bool cursor_u32(struct cursor *c, uint32_t *out);
bool cursor_u64(struct cursor *c, uint64_t *out);

#endif
