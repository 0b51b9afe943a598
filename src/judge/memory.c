#include "judge/memory.h"
#include <stdlib.h>
#include <string.h>

#define DATE_BYTES 10               /* of a time: 2026-11-27 */
#define SLOTS      (2 * MEMORY_MAX) /* open addressing, at most half full; a power of two */

struct memory {
	struct memory_entry slot[SLOTS]; /* key 0: free */
	uint64_t order[MEMORY_MAX];      /* ring of keys in the order of their coming */
	size_t first, n;
};

struct memory *memory_new(void)
{
	return calloc(1, sizeof(struct memory));
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free(m->slot[i].draft);
	free(m);
}

static struct memory_entry *probe(struct memory *m, uint64_t key)
{
	size_t i = key % SLOTS;

	while (m->slot[i].key && m->slot[i].key != key)
		i = (i + 1) % SLOTS;
	return &m->slot[i];
}

struct memory_entry *memory_find(struct memory *m, struct slice root, struct slice path)
{
	struct memory_entry *e = probe(m, change_key(root, path));

	return e->key ? e : NULL;
}

struct memory_entry *memory_by_change(struct memory *m, int64_t change_seq)
{
	for (size_t i = m->n; i > 0; i--) {
		struct memory_entry *e = probe(m, m->order[(m->first + i - 1) % MEMORY_MAX]);

		if (e->key && e->change_seq == change_seq)
			return e;
	}
	return NULL;
}

/* Entries behind the freed slot move up, so that no probe ends too early (Knuth 6.4, R). */
static void free_slot(struct memory *m, size_t i)
{
	size_t k = i;

	free(m->slot[i].draft);
	for (;;) {
		m->slot[i] = (struct memory_entry){0};
		for (;;) {
			size_t home;

			k = (k + 1) % SLOTS;
			if (!m->slot[k].key)
				return;
			home = m->slot[k].key % SLOTS;
			if (i <= k ? home <= i || home > k : home <= i && home > k)
				break;
		}
		m->slot[i] = m->slot[k];
		i = k;
	}
}

static void drop(struct memory *m, uint64_t key)
{
	struct memory_entry *e = probe(m, key);

	if (e->key)
		free_slot(m, (size_t)(e - m->slot));
}

void memory_forget(struct memory *m, struct slice root, struct slice path)
{
	/* Its place in the ring stays and is skipped when it comes round. */
	drop(m, change_key(root, path));
}

static void remember_order(struct memory *m, uint64_t key)
{
	if (m->n == MEMORY_MAX) {
		drop(m, m->order[m->first]);
		m->first = (m->first + 1) % MEMORY_MAX;
		m->n--;
	}
	m->order[(m->first + m->n++) % MEMORY_MAX] = key;
}

bool memory_put(struct memory *m, const struct change *c, const struct json *draft)
{
	uint64_t key = change_key(c->root, c->path);
	struct memory_entry *e = probe(m, key);
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	if (!json_write(&b, draft)) {
		buf_done(&b);
		return false;
	}
	if (!e->key) {
		remember_order(m, key);
		e = probe(m, key);
	}
	free(e->draft);
	*e = (struct memory_entry){.key = key,
	                           .change_seq = c->seq,
	                           .seen = memory_fingerprint(c),
	                           .draft = b.at,
	                           .draft_bytes = b.n};
	return true;
}

struct hash memory_fingerprint(const struct change *c)
{
	struct buf b;
	struct hash h;

	buf_init(&b, 4096);
	buf_add(&b, json_text(c->present, "class"));
	buf_byte(&b, 0);
	/* It is told at each walk, and nobody tells when it is over: once a day. */
	if (c->hidden)
		buf_add(&b, slice_sub(json_text(c->fact, "at"), 0, DATE_BYTES));
	buf_add(&b, json_text(c->present, "hash"));
	buf_u32(&b, c->mode);
	buf_u64(&b, (uint64_t)json_num(c->present, "uid", 0));
	buf_u64(&b, (uint64_t)json_num(c->present, "gid", 0));
	h = hash_of(buf_slice(&b));
	buf_done(&b);
	return h;
}
