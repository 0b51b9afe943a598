#include "sense/state.h"
#include "base/path.h"
#include <errno.h>
#include <string.h>

#define SLOTS 16384 /* a power of two; grown never: chains stay short below 10^5 changes */

/* Code in chains, by a key each. */
struct alike {
	uint32_t *first,
	    *next; /* of the base: its place there, from 1 on; NULL: not made yet */
	uint32_t mask;
	struct known *over[SLOTS];
};

struct state {
	struct table base;
	struct alike alike[STATE_ALIKES];
	uint32_t *met; /* per entry of the base: the round that met it last */
	uint32_t round;
	struct known *slot[SLOTS];
};

struct state *state_new(void)
{
	return calloc(1, sizeof(struct state));
}

static void known_free(struct known *k)
{
	state_set_text(&k->features, slice_str(NULL));
	state_set_text(&k->content, slice_str(NULL));
	free(k);
}

static void alike_drop(struct state *s)
{
	for (int by = 0; by < STATE_ALIKES; by++) {
		free(s->alike[by].first);
		free(s->alike[by].next);
		s->alike[by].first = s->alike[by].next = NULL;
	}
}

void state_free(struct state *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		while (s->slot[i]) {
			struct known *k = s->slot[i];
			s->slot[i] = k->next;
			known_free(k);
		}
	}
	alike_drop(s);
	free(s->met);
	table_close(&s->base);
	free(s);
}

void state_set_text(struct slice *own, struct slice text)
{
	uint8_t *copy = text.n ? malloc(text.n) : NULL;

	if (copy)
		memcpy(copy, text.at, text.n);
	free((void *)(uintptr_t)own->at);
	*own = slice_mem(copy, copy ? text.n : 0);
}

static struct known **slot_of(const struct state *s, uint32_t root, struct slice path)
{
	uint64_t h = hash_table(path) + root;

	return (struct known **)&s->slot[h & (SLOTS - 1)];
}

static struct slice known_path(const struct known *k)
{
	return slice_mem(k->path, k->path_n);
}

static struct known *over(const struct state *s, uint32_t root, struct slice path)
{
	struct known *k = *slot_of(s, root, path);

	while (k && (k->e.root != root || !slice_eq(known_path(k), path)))
		k = k->next;
	return k;
}

static const struct table_entry *under(const struct state *s, uint32_t root, struct slice path)
{
	ptrdiff_t i = s->base.count ? table_find(&s->base, root, path) : -1;

	return i < 0 ? NULL : &s->base.entry[i];
}

/* ---- code by its file and by its content ---- */

static bool is_code(const struct table_entry *e)
{
	return (e->approved.class == CLASS_FILE || e->approved.class == CLASS_DIR) &&
	       e->role < ROLES && role_is_code((enum role)e->role);
}

static uint64_t file_key(uint64_t dev, uint64_t ino)
{
	return (ino ^ dev << 40) * 0x9e3779b97f4a7c15 >> 32;
}

static uint64_t content_key(const struct hash *h)
{
	uint64_t key;

	memcpy(&key, h->b, sizeof(key));
	return key;
}

/* Folders have no content: they are spread out. */
static uint64_t key_by(enum state_alikes by, const struct table_entry *e)
{
	return by == STATE_FILE || e->approved.class == CLASS_DIR
	           ? file_key(e->dev, e->ino)
	           : content_key(&e->approved.hash);
}

static struct known **alike_slot(struct state *s, enum state_alikes by, uint64_t key)
{
	return &s->alike[by].over[key & (SLOTS - 1)];
}

static void alike_out(struct state *s, struct known *k)
{
	for (enum state_alikes by = 0; k->alike_in && by < STATE_ALIKES; by++) {
		struct known **at = alike_slot(s, by, k->alike_key[by]);

		while (*at != k)
			at = &(*at)->alike[by];
		*at = k->alike[by];
	}
	k->alike_in = false;
}

static void alike_over(struct state *s, struct known *k)
{
	alike_out(s, k);
	k->alike_in = is_code(&k->e);
	for (enum state_alikes by = 0; k->alike_in && by < STATE_ALIKES; by++) {
		struct known **at;

		k->alike_key[by] = key_by(by, &k->e);
		at = alike_slot(s, by, k->alike_key[by]);
		k->alike[by] = *at;
		*at = k;
	}
}

static bool alike_base(struct state *s, enum state_alikes by)
{
	struct alike *a = &s->alike[by];
	uint32_t room = 1;

	if (a->first)
		return true;
	while (room < s->base.count)
		room *= 2;
	a->mask = room - 1;
	a->first = calloc(room, sizeof(*a->first));
	a->next = calloc(s->base.count + 1, sizeof(*a->next));
	for (size_t i = 0; a->first && a->next && i < s->base.count; i++) {
		const struct table_entry *e = &s->base.entry[i];
		uint32_t *first = &a->first[key_by(by, e) & a->mask];

		if (!is_code(e))
			continue;
		a->next[i] = *first;
		*first = (uint32_t)i + 1;
	}
	return a->first && a->next;
}

static void each_alike(struct state *s, enum state_alikes by, uint64_t key, state_fn *fn,
                       void *ctx)
{
	const struct alike *a = &s->alike[by];

	if (!alike_base(s, by))
		err_die("no memory");
	for (uint32_t i = a->first[key & a->mask]; i; i = a->next[i - 1]) {
		const struct table_entry *e = &s->base.entry[i - 1];
		struct slice path = table_path(&s->base, e);

		if (!over(s, e->root, path))
			fn(ctx, e->root, path, e);
	}
	for (const struct known *k = *alike_slot(s, by, key); k; k = k->alike[by])
		fn(ctx, k->e.root, known_path(k), &k->e);
}

void state_alike(struct state *s, uint64_t dev, uint64_t ino, const struct hash *content,
                 state_fn *fn, void *ctx)
{
	each_alike(s, STATE_FILE, file_key(dev, ino), fn, ctx);
	if (content)
		each_alike(s, STATE_CONTENT, content_key(content), fn, ctx);
}

/* ---- the table and what is over it ---- */

static void approve_anew(struct state *s, struct known *k)
{
	const struct table_entry *e = under(s, k->e.root, known_path(k));

	if (!e)
		return;
	k->e.approved = e->approved;
	state_set_text(&k->features, table_features(&s->base, e));
}

int state_base(struct state *s, struct table *t)
{
	uint32_t *met = calloc(t->count + 1, sizeof(*met));

	if (!met)
		return -ENOMEM;
	alike_drop(s);
	free(s->met);
	table_close(&s->base);
	s->met = met;
	s->base = *t;
	*t = (struct table){0};
	for (size_t i = 0; i < SLOTS; i++) {
		for (struct known *k = s->slot[i]; k; k = k->next) {
			approve_anew(s, k);
			alike_over(s, k);
		}
	}
	return 0;
}

void state_renew(struct state **s, int fd)
{
	struct state *fresh = state_new();
	struct table t;

	if (!fresh || fd < 0 || table_open(fd, &t) < 0 || state_base(fresh, &t) < 0)
		err_die("the ledger's table can't be used");
	state_free(*s);
	*s = fresh;
}

size_t state_count(const struct state *s)
{
	return s->base.count;
}

const struct table_entry *state_find(const struct state *s, uint32_t root, struct slice path,
                                     struct slice *features)
{
	const struct known *k = over(s, root, path);
	const struct table_entry *e = k ? &k->e : under(s, root, path);

	if (features && e)
		*features = k ? k->features : table_features(&s->base, e);
	return e;
}

const struct table_entry *state_packed(const struct state *s, uint32_t root, struct slice path)
{
	struct slice text;

	return role_packing(path, &text) ? state_find(s, root, text, NULL) : NULL;
}

struct known *state_edit(struct state *s, uint32_t root, struct slice path)
{
	struct known **slot = slot_of(s, root, path);
	struct known *k = over(s, root, path);
	const struct table_entry *e;

	if (k)
		return k;
	k = calloc(1, sizeof(*k) + path.n);
	if (!k)
		return NULL;
	e = under(s, root, path);
	if (e) {
		k->e = *e;
		state_set_text(&k->features, table_features(&s->base, e));
	}
	k->e.root = root;
	k->path_n = (uint32_t)path.n;
	k->round = s->round;
	if (path.n)
		memcpy(k->path, path.at, path.n);
	k->next = *slot;
	*slot = k;
	return k;
}

void state_deployed(struct known *k, int64_t deploy)
{
	static const struct hash none;

	if (k->deploy == deploy)
		return;
	k->deploy = deploy;
	k->before = k->e.approved.class == CLASS_FILE ? k->e.approved.hash : none;
}

bool state_was_approved(const struct state *s, uint32_t root, struct slice path,
                        const struct hash *content)
{
	const struct known *k = over(s, root, path);

	return k && k->deploy && hash_eq(&k->before, content);
}

void state_settle(struct state *s, struct known *k)
{
	struct known **at = slot_of(s, k->e.root, known_path(k));

	alike_over(s, k);
	if (k->e.present.class != CLASS_NONE || k->e.approved.class != CLASS_NONE ||
	    under(s, k->e.root, known_path(k)))
		return;
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	alike_out(s, k);
	known_free(k);
}

void state_round(struct state *s)
{
	s->round++;
}

void state_met(struct state *s, uint32_t root, struct slice path)
{
	struct known *k = over(s, root, path);
	const struct table_entry *e = k ? NULL : under(s, root, path);

	if (k)
		k->round = s->round;
	else if (e)
		s->met[e - s->base.entry] = s->round;
}

void state_each(const struct state *s, state_fn *fn, void *ctx)
{
	for (size_t i = 0; i < s->base.count; i++) {
		const struct table_entry *e = &s->base.entry[i];
		struct slice path = table_path(&s->base, e);
		if (!over(s, e->root, path))
			fn(ctx, e->root, path, e);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		for (const struct known *k = s->slot[i]; k; k = k->next)
			fn(ctx, k->e.root, known_path(k), &k->e);
	}
}

void state_unmet(struct state *s, state_fn *fn, void *ctx)
{
	for (size_t i = 0; i < s->base.count; i++) {
		const struct table_entry *e = &s->base.entry[i];
		struct slice path = table_path(&s->base, e);
		if (s->met[i] != s->round && e->present.class != CLASS_NONE &&
		    !over(s, e->root, path))
			fn(ctx, e->root, path, e);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		for (const struct known *k = s->slot[i]; k; k = k->next) {
			if (k->round != s->round && k->e.present.class != CLASS_NONE)
				fn(ctx, k->e.root, known_path(k), &k->e);
		}
	}
}

/* The first entry of the base that is not before `dir`. Below it, names follow in order. */
static size_t first_from(const struct table *t, uint32_t root, struct slice dir)
{
	size_t from = 0, to = t->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		const struct table_entry *e = &t->entry[mid];
		if (e->root < root || (e->root == root && slice_cmp(table_path(t, e), dir) < 0))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

void state_below(struct state *s, uint32_t root, struct slice dir, state_fn *fn, void *ctx)
{
	for (size_t i = first_from(&s->base, root, dir); i < s->base.count; i++) {
		const struct table_entry *e = &s->base.entry[i];
		struct slice path = table_path(&s->base, e);
		/* "a-b" lies between "a" and "a/b": go on as long as the prefix stands. */
		if (e->root != root || !slice_starts(path, dir))
			break;
		if (path.n > dir.n && path_below(path, dir) && e->present.class != CLASS_NONE &&
		    !over(s, root, path))
			fn(ctx, root, path, e);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		for (const struct known *k = s->slot[i]; k; k = k->next) {
			if (k->e.root == root && k->path_n > dir.n &&
			    path_below(known_path(k), dir) && k->e.present.class != CLASS_NONE)
				fn(ctx, root, known_path(k), &k->e);
		}
	}
}
