/*
 * arena: memory that is given back all at once; one per input or message.
 *
 * arena_alloc returns zeroed memory aligned for any type, or NULL once the
 * ceiling is passed or memory is out (then `broken` stays set until reset).
 * A zeroed struct with `max` set is a valid empty arena.
 */
#ifndef HINOBAN_BASE_ARENA_H
#define HINOBAN_BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out since the last reset */
	size_t max;  /* ceiling in bytes, > 0 */
	bool broken;
};

void arena_init(struct arena *a, size_t max);
/* Forget all, keep one block for the next input. */
void arena_reset(struct arena *a);
void arena_done(struct arena *a);
void *arena_alloc(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy with a NUL behind it; on failure the empty slice with at == NULL. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_cstr(struct arena *a, struct slice s);
struct slice arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
