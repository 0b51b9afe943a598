#include "scope/persons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_SLOTS 65536u
#define NOBODY      UINT32_MAX
#define SEVERAL     (UINT32_MAX - 1)
#define SORT_BOTH   PERSONS_KEYS /* telephone number, and name with postal code */

/* A key, with its sort in the lowest bits of the first byte's place, and who bore it first. */
struct slot {
	uint8_t key[PERSONS_KEY_BYTES];
	uint32_t person; /* NOBODY: free */
};

/* A person who bears a key that another bore first. */
struct link {
	uint32_t slot_person; /* who bore it first: stands for the key together with `key` */
	uint32_t person;
	uint8_t key[PERSONS_KEY_BYTES];
};

struct links {
	struct link *at;
	size_t n, room;
};

struct persons {
	struct slot *slot;
	size_t slots, used;
	struct links links; /* who may be one */
	struct links same;  /* persons without e-mail, by both of their keys */
	uint32_t count;
	uint32_t *parent; /* after persons_join: who may be one with whom */
	uint32_t *sure;   /* and who is, or NULL */
};

struct persons_marks {
	uint64_t *bits;
	size_t n;
};

/* ---- memory that goes into no dump ---- */

static void *map(size_t bytes)
{
	void *at =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	(void)madvise(at, bytes, MADV_DONTDUMP);
	return at;
}

static void unmap(void *at, size_t bytes)
{
	if (at && bytes)
		munmap(at, bytes);
}

static void *grow(void *old, size_t from, size_t to)
{
	void *at;

	if (!old)
		return map(to);
	at = mremap(old, from, to, MREMAP_MAYMOVE);
	return at == MAP_FAILED ? NULL : at;
}

/* ---- keys ---- */

static void clear(struct slot *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i].person = NOBODY;
}

static size_t place(const struct slot *s, size_t slots, const uint8_t *key)
{
	uint64_t h;
	size_t i;

	memcpy(&h, key, sizeof(h)); /* it is a hash already */
	for (i = h & (slots - 1); s[i].person != NOBODY; i = (i + 1) & (slots - 1))
		if (memcmp(s[i].key, key, PERSONS_KEY_BYTES) == 0)
			break;
	return i;
}

static int widen(struct persons *p)
{
	size_t slots = p->slots ? 2 * p->slots : FIRST_SLOTS;
	struct slot *at = map(slots * sizeof(*at));

	if (!at)
		return -ENOMEM;
	clear(at, slots);
	for (size_t i = 0; i < p->slots; i++)
		if (p->slot[i].person != NOBODY)
			at[place(at, slots, p->slot[i].key)] = p->slot[i];
	unmap(p->slot, p->slots * sizeof(*at));
	p->slot = at;
	p->slots = slots;
	return 0;
}

static int add_link(struct links *l, uint32_t first, uint32_t person, const uint8_t *key)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : FIRST_SLOTS;
		void *at = grow(l->at, l->room * sizeof(*l->at), room * sizeof(*l->at));

		if (!at)
			return -ENOMEM;
		l->at = at;
		l->room = room;
	}
	l->at[l->n].slot_person = first;
	l->at[l->n].person = person;
	memcpy(l->at[l->n++].key, key, PERSONS_KEY_BYTES);
	return 0;
}

/*
 * The sort of a key is put into it, so that a member's number can't be taken for a telephone
 * number; `own` sets the persons that a key makes apart from those that an e-mail makes.
 */
static void sorted_key(uint8_t out[PERSONS_KEY_BYTES], struct slice key, unsigned sort,
                       bool own)
{
	memcpy(out, key.at, PERSONS_KEY_BYTES);
	out[PERSONS_KEY_BYTES - 1] =
	    (uint8_t)((out[PERSONS_KEY_BYTES - 1] & 0xf0) | sort << 1 | own);
}

/* The person that this key makes; a new one where it is new. */
static int64_t maker(struct persons *p, const uint8_t *key)
{
	size_t i;

	if (p->used * 2 >= p->slots && widen(p) < 0)
		return -ENOMEM;
	i = place(p->slot, p->slots, key);
	if (p->slot[i].person != NOBODY)
		return p->slot[i].person;
	if (p->count == PERSONS_MAX)
		return -E2BIG;
	memcpy(p->slot[i].key, key, PERSONS_KEY_BYTES);
	p->slot[i].person = p->count;
	p->used++;
	return p->count++;
}

/* `person` bears this key. */
static int bear(struct persons *p, const uint8_t *key, uint32_t person)
{
	size_t i;

	if (p->used * 2 >= p->slots && widen(p) < 0)
		return -ENOMEM;
	i = place(p->slot, p->slots, key);
	if (p->slot[i].person == NOBODY) {
		memcpy(p->slot[i].key, key, PERSONS_KEY_BYTES);
		p->slot[i].person = person;
		p->used++;
		return 0;
	}
	return p->slot[i].person == person
	           ? 0
	           : add_link(&p->links, p->slot[i].person, person, key);
}

/*
 * Both keys of a row as one: of a person with e-mail whom others may turn out to be (and
 * SEVERAL is nobody), or of one without, to be looked up when all rows have been read.
 */
static int bear_both(struct persons *p, const struct slice key[PERSONS_KEYS], uint32_t person)
{
	uint8_t both[PERSONS_KEY_BYTES], k[PERSONS_KEY_BYTES];
	bool known = key[PERSONS_EMAIL].n > 0;
	size_t i;

	if (!key[PERSONS_PHONE].n || !key[PERSONS_NAME].n)
		return 0;
	for (i = 0; i < PERSONS_KEY_BYTES; i++)
		both[i] = key[PERSONS_PHONE].at[i] ^ key[PERSONS_NAME].at[i];
	sorted_key(k, slice_mem(both, sizeof(both)), SORT_BOTH, !known);
	if (p->used * 2 >= p->slots && widen(p) < 0)
		return -ENOMEM;
	i = place(p->slot, p->slots, k);
	if (p->slot[i].person == person)
		return 0;
	if (p->slot[i].person == NOBODY) {
		memcpy(p->slot[i].key, k, PERSONS_KEY_BYTES);
		p->slot[i].person = person;
		p->used++;
	} else if (known) {
		p->slot[i].person = SEVERAL;
	}
	return known ? 0 : add_link(&p->same, 0, person, k);
}

int64_t persons_add(struct persons *p, const struct slice key[PERSONS_KEYS])
{
	static const enum persons_key order[] = {PERSONS_EMAIL, PERSONS_MEMBER, PERSONS_PHONE,
	                                         PERSONS_NAME};
	uint8_t k[PERSONS_KEY_BYTES];
	int64_t who = -1;
	int r = 0;

	for (size_t i = 0; i < PERSONS_KEYS && who < 0; i++)
		if (key[order[i]].n) {
			sorted_key(k, key[order[i]], order[i], true);
			who = maker(p, k);
			if (who < 0)
				return who;
		}
	if (who < 0) {
		if (p->count == PERSONS_MAX)
			return -E2BIG;
		return p->count++;
	}
	for (unsigned i = PERSONS_PHONE; i < PERSONS_KEYS && r == 0; i++)
		if (key[i].n) {
			sorted_key(k, key[i], i, false);
			r = bear(p, k, (uint32_t)who);
		}
	if (r == 0)
		r = bear_both(p, key, (uint32_t)who);
	return r < 0 ? r : who;
}

int64_t persons_total(const struct persons *p)
{
	return p->count;
}

/* ---- joining ---- */

static uint32_t root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static int by_key(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	int r = memcmp(x->key, y->key, PERSONS_KEY_BYTES);

	return r ? r : x->person < y->person ? -1 : x->person > y->person;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root(parent, a);
	b = root(parent, b);
	parent[a > b ? a : b] = a > b ? b : a;
}

/* All links of one key: [from, to). */
static bool join_key(struct persons *p, size_t from, size_t to)
{
	const struct link *l = p->links.at;
	size_t others = 0;

	for (size_t i = from; i < to; i++)
		others += i == from || l[i].person != l[i - 1].person;
	if (others + 1 > PERSONS_SHARED)
		return false;
	for (size_t i = from; i < to; i++)
		join(p->parent, l[i].slot_person, l[i].person);
	return true;
}

static uint32_t *each_by_itself(const struct persons *p)
{
	uint32_t *parent = map(p->count * sizeof(*parent));

	for (uint32_t i = 0; parent && i < p->count; i++)
		parent[i] = i;
	return parent;
}

/* Persons without e-mail who are one that has. */
static int join_same(struct persons *p)
{
	if (!p->same.n)
		return 0;
	p->sure = each_by_itself(p);
	if (!p->sure)
		return -ENOMEM;
	for (size_t i = 0; i < p->same.n; i++) {
		struct link *l = &p->same.at[i];
		uint32_t who;

		l->key[PERSONS_KEY_BYTES - 1] &= 0xfe; /* as one with e-mail bears it */
		who = p->slot[place(p->slot, p->slots, l->key)].person;
		if (who == NOBODY || who == SEVERAL)
			continue;
		join(p->sure, who, l->person);
		join(p->parent, who, l->person);
	}
	return 0;
}

int persons_join(struct persons *p, int64_t *shared)
{
	struct links *l = &p->links;

	*shared = 0;
	if (!p->count)
		return 0;
	p->parent = each_by_itself(p);
	if (!p->parent)
		return -ENOMEM;
	if (l->n)
		qsort(l->at, l->n, sizeof(*l->at), by_key);
	for (size_t from = 0, to; from < l->n; from = to) {
		for (to = from + 1; to < l->n && memcmp(l->at[to].key, l->at[from].key,
		                                        PERSONS_KEY_BYTES) == 0;)
			to++;
		*shared += !join_key(p, from, to);
	}
	return join_same(p);
}

/* ---- marks ---- */

struct persons_marks *persons_marks_new(void)
{
	return calloc(1, sizeof(struct persons_marks));
}

void persons_marks_free(struct persons_marks *m)
{
	if (m)
		unmap(m->bits, m->n * sizeof(*m->bits));
	free(m);
}

static int marks_room(struct persons_marks *m, size_t want)
{
	size_t n = m->n ? m->n : FIRST_SLOTS;
	void *at;

	while (n < want)
		n *= 2;
	if (n == m->n)
		return 0;
	at = grow(m->bits, m->n * sizeof(*m->bits), n * sizeof(*m->bits));
	if (!at)
		return -ENOMEM;
	m->bits = at;
	m->n = n;
	return 0;
}

int persons_mark(struct persons_marks *m, int64_t person, uint64_t bits)
{
	if ((size_t)person >= m->n && marks_room(m, (size_t)person + 1) < 0)
		return -ENOMEM;
	m->bits[person] |= bits;
	return 0;
}

int persons_marks_add(struct persons_marks *to, const struct persons_marks *from)
{
	if (marks_room(to, from->n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < from->n; i++)
		to->bits[i] |= from->bits[i];
	return 0;
}

static void count_bits(const uint64_t *bits, size_t n, int64_t out[64])
{
	memset(out, 0, 64 * sizeof(*out));
	for (size_t i = 0; i < n; i++)
		for (uint64_t b = bits[i]; b; b &= b - 1)
			out[__builtin_ctzll(b)]++;
}

/* With the bits of those who are one put together. */
static int count_joined(const struct persons *p, uint32_t *parent,
                        const struct persons_marks *m, int64_t out[64])
{
	size_t n = m->n < p->count ? m->n : p->count;
	uint64_t *joined = map(p->count * sizeof(*joined));

	if (!joined)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		joined[root(parent, (uint32_t)i)] |= m->bits[i];
	count_bits(joined, p->count, out);
	unmap(joined, p->count * sizeof(*joined));
	return 0;
}

int persons_count(const struct persons *p, const struct persons_marks *m, int64_t high[64],
                  int64_t low[64])
{
	int r = 0;

	if (p->sure)
		r = count_joined(p, p->sure, m, high);
	else
		count_bits(m->bits, m->n < p->count ? m->n : p->count, high);
	if (r == 0 && p->parent && (p->links.n || p->sure))
		return count_joined(p, p->parent, m, low);
	memcpy(low, high, 64 * sizeof(*low));
	return r;
}

struct persons *persons_new(void)
{
	struct persons *p = calloc(1, sizeof(*p));

	if (p && widen(p) < 0) {
		free(p);
		return NULL;
	}
	return p;
}

void persons_free(struct persons *p)
{
	if (!p)
		return;
	unmap(p->slot, p->slots * sizeof(*p->slot));
	unmap(p->links.at, p->links.room * sizeof(*p->links.at));
	unmap(p->same.at, p->same.room * sizeof(*p->same.at));
	unmap(p->parent, p->count * sizeof(*p->parent));
	unmap(p->sure, p->count * sizeof(*p->sure));
	free(p);
}
