#include "base/arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK_BYTES (16u * 1024)
#define ARENA_ALIGN       _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	_Alignas(max_align_t) uint8_t at[];
};

void arena_init(struct arena *a, size_t max)
{
	*a = (struct arena){.max = max};
}

static void free_blocks(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_reset(struct arena *a)
{
	if (a->blocks) {
		/* The newest block is the largest need so far: keep that one. */
		free_blocks(a->blocks->next);
		a->blocks->next = NULL;
		a->blocks->used = 0;
	}
	a->used = 0;
	a->broken = false;
}

void arena_done(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->blocks);
	*a = (struct arena){.max = a->max};
}

static struct arena_block *block_for(struct arena *a, size_t n)
{
	struct arena_block *b = a->blocks;
	size_t room = n > ARENA_BLOCK_BYTES ? n : ARENA_BLOCK_BYTES;

	if (b && n <= b->room - b->used)
		return b;
	b = malloc(sizeof(*b) + room);
	if (!b)
		return NULL;
	b->next = a->blocks;
	b->used = 0;
	b->room = room;
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct arena_block *b;
	void *p;

	if (a->broken || n > a->max - a->used || n > SIZE_MAX / 2) {
		a->broken = true;
		return NULL;
	}
	n = (n + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	b = block_for(a, n);
	if (!b) {
		a->broken = true;
		return NULL;
	}
	p = b->at + b->used;
	b->used += n;
	a->used = n > a->max - a->used ? a->max : a->used + n;
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n)) {
		a->broken = true;
		return NULL;
	}
	return arena_alloc(a, n);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	uint8_t *p = s.n == SIZE_MAX ? NULL : arena_alloc(a, s.n + 1);

	if (!p)
		return (struct slice){0};
	if (s.n)
		memcpy(p, s.at, s.n);
	return slice_mem(p, s.n);
}

char *arena_cstr(struct arena *a, struct slice s)
{
	return (char *)(uintptr_t)arena_copy(a, s).at;
}

struct slice arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	struct slice out = {0};
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		out = slice_mem(p, (size_t)n);
	}
	va_end(again);
	va_end(ap);
	return out;
}
