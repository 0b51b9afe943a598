#include "judge/again.h"
#include <stdlib.h>

struct again {
	struct again_entry at[AGAIN_PATHS];
	size_t next; /* to be used next where none is free */
};

struct again *again_new(void)
{
	return calloc(1, sizeof(struct again));
}

void again_free(struct again *a)
{
	free(a);
}

static struct again_entry *entry_of(struct again *a, uint64_t key)
{
	struct again_entry *e;

	for (size_t i = 0; i < AGAIN_PATHS; i++) {
		if (a->at[i].key == key)
			return &a->at[i];
	}
	e = &a->at[a->next++ % AGAIN_PATHS];
	*e = (struct again_entry){.key = key};
	return e;
}

const struct again_entry *again_note(struct again *a, const struct change *c)
{
	struct again_entry *e = entry_of(a, change_key(c->root, c->path));
	int64_t now = fact_at_us(c->fact);
	size_t at = e->n++ % AGAIN_TIMES;

	e->seq[at] = c->seq;
	e->at_us[at] = now;
	/* The oldest of the ring is the next to be overwritten. */
	if (e->n < AGAIN_TIMES || now - e->at_us[e->n % AGAIN_TIMES] > AGAIN_WITHIN_US ||
	    (e->told_us && now - e->told_us < AGAIN_WITHIN_US))
		return NULL;
	e->told_us = now;
	return e;
}
