/*
 * buf: a growing byte buffer, born with its ceiling.
 *
 * Appending never fails halfway: bytes that would pass the ceiling, or that
 * memory lacks room for, set `broken` and are dropped together with all that
 * follows; the caller checks once, at the end, with buf_ok(). A zeroed struct
 * with `max` set is a valid empty buffer. buf_done() takes NULL and zeroed ones.
 */
#ifndef HINOBAN_BASE_BUF_H
#define HINOBAN_BASE_BUF_H

#include "base/slice.h"
#include <stdarg.h>

struct buf {
	uint8_t *at;
	size_t n, room;
	size_t max; /* ceiling in bytes, > 0 */
	bool broken;
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);
/* Empty it, keep the memory, clear `broken`. */
void buf_reset(struct buf *b);
bool buf_ok(const struct buf *b);
struct slice buf_slice(const struct buf *b);
void buf_add(struct buf *b, struct slice s);
void buf_str(struct buf *b, const char *s);
void buf_byte(struct buf *b, uint8_t c);
void buf_utf8(struct buf *b, uint32_t cp); /* a code point up to U+10FFFF */
void buf_u32(struct buf *b, uint32_t v);   /* little-endian */
void buf_u64(struct buf *b, uint64_t v);   /* little-endian */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Make sure that n more bytes fit and return where to write them, or NULL; then buf_commit. */
uint8_t *buf_reserve(struct buf *b, size_t n);
void buf_commit(struct buf *b, size_t n);
/* Drop the first n bytes (n <= b->n). */
void buf_drop(struct buf *b, size_t n);
/* A NUL is kept behind the bytes: borrow as a C string (NUL bytes inside stay inside). */
const char *buf_cstr(struct buf *b);

#endif
