#include "base/buf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST_BYTES 256

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
	if (!b)
		return;
	free(b->at);
	*b = (struct buf){.max = b->max};
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->broken = false;
}

bool buf_ok(const struct buf *b)
{
	return !b->broken;
}

struct slice buf_slice(const struct buf *b)
{
	return slice_mem(b->at, b->n);
}

/* Room for n more bytes and a NUL; the NUL does not count against the ceiling. */
static bool grow(struct buf *b, size_t n)
{
	size_t want, room;
	uint8_t *at;

	if (b->broken || n > b->max - b->n) {
		b->broken = true;
		return false;
	}
	want = b->n + n + 1;
	if (want <= b->room)
		return true;
	room = b->room ? b->room : BUF_FIRST_BYTES;
	while (room < want)
		room += room / 2;
	if (room > b->max + 1)
		room = b->max + 1;
	at = realloc(b->at, room);
	if (!at) {
		b->broken = true;
		return false;
	}
	b->at = at;
	b->room = room;
	return true;
}

uint8_t *buf_reserve(struct buf *b, size_t n)
{
	return grow(b, n) ? b->at + b->n : NULL;
}

void buf_commit(struct buf *b, size_t n)
{
	b->n += n;
}

void buf_add(struct buf *b, struct slice s)
{
	uint8_t *to = buf_reserve(b, s.n);

	if (!to || s.n == 0)
		return;
	memcpy(to, s.at, s.n);
	buf_commit(b, s.n);
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, slice_str(s));
}

void buf_byte(struct buf *b, uint8_t c)
{
	if (b->n + 1 < b->room && b->n < b->max && !b->broken)
		b->at[b->n++] = c;
	else
		buf_add(b, slice_mem(&c, 1));
}

void buf_utf8(struct buf *b, uint32_t cp)
{
	uint8_t to[4];

	buf_add(b, slice_mem(to, slice_utf8_put(to, cp)));
}

static void add_little_endian(struct buf *b, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_byte(b, (uint8_t)(v >> (8 * i)));
}

void buf_u32(struct buf *b, uint32_t v)
{
	add_little_endian(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	add_little_endian(b, v, 8);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		b->broken = true;
	else if (buf_reserve(b, (size_t)n)) {
		vsnprintf((char *)b->at + b->n, (size_t)n + 1, fmt, again);
		buf_commit(b, (size_t)n);
	}
	va_end(again);
	va_end(ap);
}

void buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->n -= n;
	memmove(b->at, b->at + n, b->n);
}

const char *buf_cstr(struct buf *b)
{
	if (!b->at)
		return "";
	b->at[b->n] = '\0'; /* grow() always leaves room for it */
	return (const char *)b->at;
}
