/*
 * Which of what a release leaves behind may it approve? What it wrote. What it only found there
 * (chown -R, touch, a move and back, a copy by hard links) stays what it was: unapproved, where
 * somebody else had made it. Contents of which that is known are remembered, for a release may
 * move them out of the watched folders and back. So are the files that a release wrote last:
 * most tools write beside and rename, and a look may come too late for the first name.
 */
#include "sense/guard.h"
#include <string.h>

#define LEAST 1024
#define WROTE 4096
#define MOST  (1u << 20) /* contents: 32 MiB; an intruder makes as many as he likes */

struct tainted {
	struct hash *at; /* open addressing: of all zeros is a free place */
	size_t places, n;
	uint64_t wrote[WROTE]; /* a ring of files, by their handles */
	unsigned writes;
};

struct tainted *tainted_new(void)
{
	return calloc(1, sizeof(struct tainted));
}

void tainted_free(struct tainted *t)
{
	if (t)
		free(t->at);
	free(t);
}

static bool is_free(const struct hash *h)
{
	static const struct hash none;

	return hash_eq(h, &none);
}

/* It is a SHA-256: any part of it is as good as a hash of it. */
static size_t home_of(const struct tainted *t, const struct hash *h)
{
	uint64_t x;

	memcpy(&x, h->b, sizeof(x));
	return (size_t)x & (t->places - 1);
}

/* Its place, or the free one where it belongs. */
static struct hash *place_of(const struct tainted *t, const struct hash *h)
{
	size_t i = home_of(t, h);

	while (!is_free(&t->at[i]) && !hash_eq(&t->at[i], h))
		i = (i + 1) & (t->places - 1);
	return &t->at[i];
}

static bool grow(struct tainted *t)
{
	struct hash *was = t->at;
	size_t places = t->places, more = places ? 2 * places : LEAST;

	t->at = calloc(more, sizeof(*t->at));
	if (!t->at) {
		t->at = was;
		return false;
	}
	t->places = more;
	for (size_t i = 0; i < places; i++) {
		if (!is_free(&was[i]))
			*place_of(t, &was[i]) = was[i];
	}
	free(was);
	return true;
}

static void add(struct tainted *t, const struct hash *h)
{
	if (is_free(h) || t->n >= MOST || (4 * t->n >= 3 * t->places && !grow(t)))
		return;
	struct hash *p = place_of(t, h);

	t->n += is_free(p);
	*p = *h;
}

static bool has(const struct tainted *t, const struct hash *h)
{
	return t->n > 0 && !is_free(h) && !is_free(place_of(t, h));
}

/* Those behind it move up, so that no search ends before them. */
static void drop(struct tainted *t, const struct hash *h)
{
	size_t hole, i;

	if (!has(t, h))
		return;
	hole = i = (size_t)(place_of(t, h) - t->at);
	for (;;) {
		i = (i + 1) & (t->places - 1);
		if (is_free(&t->at[i]))
			break;
		size_t home = home_of(t, &t->at[i]);
		/* Does it lie at or before the hole, as one walks from its home? */
		if (((i - home) & (t->places - 1)) >= ((i - hole) & (t->places - 1))) {
			t->at[hole] = t->at[i];
			hole = i;
		}
	}
	t->at[hole] = (struct hash){{0}};
	t->n--;
}

/* ---- */

static bool has_content(const struct table_state *s)
{
	return s->class == CLASS_FILE || s->class == CLASS_LINK;
}

static bool same_content(const struct table_state *a, const struct table_state *b)
{
	return a->class == b->class && hash_eq(&a->hash, &b->hash);
}

struct search {
	const struct hash *hash;
	bool found;
};

static void compare(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	struct search *s = ctx;

	(void)root;
	(void)path;
	s->found |= has_content(&e->approved) && hash_eq(&e->approved.hash, s->hash);
}

/* An intruder may copy code of the shop: that does not make it his. */
static bool approved_somewhere(const struct guard *g, const struct hash *hash)
{
	struct search s = {.hash = hash};

	state_each(g->state, compare, &s);
	return s.found;
}

bool release_approves(const struct guard *g, const struct look *k)
{
	const struct table_entry *e = state_find(g->state, k->root, look_path(k), NULL);

	if (!role_is_code(k->role) || k->present.class == CLASS_DIR)
		return true;
	/* Altered code that is moved away: what was approved there still is, and comes back. */
	if (!has_content(&k->present))
		return !e || !has_content(&e->approved) || !has_content(&e->present) ||
		       same_content(&e->approved, &e->present);
	if (e && same_content(&e->approved, &k->present))
		return true; /* its rights and times are */
	if (e && same_content(&e->present, &k->present))
		return false; /* it stood there before */
	/* Nothing, come back to where something was approved: the rest of a refused write. */
	if (e && k->present.class == CLASS_FILE && k->present.size == 0 &&
	    has_content(&e->approved) && !has_content(&e->present))
		return false;
	return !has(g->tainted, &k->present.hash) || approved_somewhere(g, &k->present.hash);
}

static uint64_t key_of(struct slice handle)
{
	return handle.n ? hash_table(handle) | 1 : 0;
}

void release_wrote(struct guard *g, struct slice handle, bool deploy)
{
	struct tainted *t = g->tainted;
	uint64_t key = key_of(handle);

	for (size_t i = 0; i < WROTE && key; i++) {
		if (t->wrote[i] == key)
			t->wrote[i] = 0;
	}
	if (deploy)
		t->wrote[t->writes++ % WROTE] = key;
}

bool release_brought(const struct guard *g, struct slice handle, uint32_t root,
                     struct slice path)
{
	const struct table_entry *e = state_find(g->state, root, path, NULL);
	uint64_t key = key_of(handle);

	for (size_t i = 0; i < WROTE && key; i++) {
		if (g->tainted->wrote[i] == key)
			return true;
	}
	return e && has_content(&e->present) && same_content(&e->approved, &e->present);
}

void release_taint(struct guard *g, enum role role, const struct table_state *s)
{
	/* Of what is empty nothing is anybody's. */
	if (role_is_code(role) && has_content(s) && (s->size > 0 || s->class == CLASS_LINK))
		add(g->tainted, &s->hash);
}

void release_clear(struct guard *g, const struct table_state *s)
{
	drop(g->tainted, &s->hash);
}

static void learn_one(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	(void)root;
	(void)path;
	if (!same_content(&e->approved, &e->present))
		release_taint(ctx, (enum role)e->role, &e->present);
}

void release_learn(struct guard *g)
{
	state_each(g->state, learn_one, g);
}
