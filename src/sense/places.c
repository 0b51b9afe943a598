#include "sense/places.h"
#include "sense/events.h"
#include "sense/handle.h"
#include <errno.h>
#include <string.h>

#define FIRST_SLOTS 1024
#define MAX_DEPTH   65536

struct place {
	struct place *next; /* in its slot; places of one handle follow each other */
	struct place *parent;
	char *name;
	uint64_t hash;
	uint32_t root;
	uint32_t children; /* places that name this one as their parent */
	uint16_t name_n;
	uint8_t key_n;
	bool folder;
	bool gone;     /* no longer found by handle; kept only for its children */
	uint8_t key[]; /* of a folder handle_key() of its handle, of a file the handle */
};

struct places {
	struct place **slot;
	size_t slots, count;
};

struct places *places_new(void)
{
	struct places *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->slots = FIRST_SLOTS;
	p->slot = calloc(p->slots, sizeof(struct place *));
	if (p->slot)
		return p;
	free(p);
	return NULL;
}

static void place_free(struct place *x)
{
	free(x->name);
	free(x);
}

/* Free it, and the gone folders above that were kept for it alone. */
static void release(struct place *x)
{
	while (x && x->gone && x->children == 0) {
		struct place *up = x->parent;
		place_free(x);
		if (up)
			up->children--;
		x = up;
	}
}

void places_free(struct places *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->slots; i++) {
		while (p->slot[i]) {
			struct place *x = p->slot[i];
			p->slot[i] = x->next;
			x->gone = true;
			release(x);
		}
	}
	free(p->slot);
	free(p);
}

size_t places_count(const struct places *p)
{
	return p->count;
}

static struct slice key_of(const struct place *x)
{
	return slice_mem(x->key, x->key_n);
}

static struct place *first_of(const struct places *p, struct slice key)
{
	uint64_t hash = hash_table(key);
	struct place *x = p->slot[hash & (p->slots - 1)];

	while (x && (x->hash != hash || !slice_eq(key_of(x), key)))
		x = x->next;
	return x;
}

struct place *places_more(const struct place *place)
{
	struct place *x = place->next;

	while (x && (x->hash != place->hash || !slice_eq(key_of(x), key_of(place))))
		x = x->next;
	return x;
}

struct place *places_get(const struct places *p, struct slice handle)
{
	struct place *x = first_of(p, handle);

	return x ? x : places_folder(p, handle);
}

struct place *places_folder(const struct places *p, struct slice handle)
{
	struct place *x = first_of(p, handle_key(handle));

	while (x && !x->folder)
		x = places_more(x);
	return x;
}

struct place *places_at(const struct places *p, struct slice handle, const struct place *parent,
                        struct slice name)
{
	struct place *x = places_get(p, handle);

	while (x && (x->parent != parent || !slice_eq(slice_mem(x->name, x->name_n), name)))
		x = places_more(x);
	return x;
}

static void grow(struct places *p)
{
	size_t slots = p->slots * 2;
	struct place **slot = calloc(slots, sizeof(struct place *));

	if (!slot)
		return; /* slower, but right */
	for (size_t i = 0; i < p->slots; i++) {
		while (p->slot[i]) {
			struct place *x = p->slot[i];
			p->slot[i] = x->next;
			x->next = slot[x->hash & (slots - 1)];
			slot[x->hash & (slots - 1)] = x;
		}
	}
	free(p->slot);
	p->slot = slot;
	p->slots = slots;
}

static bool set_name(struct place *x, struct slice name)
{
	char *copy = malloc(name.n + 1);

	if (!copy)
		return false;
	if (name.n)
		memcpy(copy, name.at, name.n);
	copy[name.n] = '\0';
	free(x->name);
	x->name = copy;
	x->name_n = (uint16_t)name.n;
	return true;
}

static struct place *add(struct places *p, struct slice key, struct slice name)
{
	struct place *x;

	if (key.n == 0 || key.n > EVENTS_HANDLE_MAX_BYTES || name.n > 255)
		return NULL;
	x = calloc(1, sizeof(*x) + key.n);
	if (!x || !set_name(x, name)) {
		free(x);
		return NULL;
	}
	if (p->count >= p->slots)
		grow(p);
	memcpy(x->key, key.at, key.n);
	x->key_n = (uint8_t)key.n;
	x->hash = hash_table(key);
	x->next = p->slot[x->hash & (p->slots - 1)];
	p->slot[x->hash & (p->slots - 1)] = x;
	p->count++;
	return x;
}

static void set_parent(struct place *x, struct place *parent)
{
	struct place *old = x->parent;

	if (parent)
		parent->children++;
	x->parent = parent;
	if (old) {
		old->children--;
		release(old);
	}
}

struct place *places_root(struct places *p, uint32_t root, struct slice handle)
{
	struct place *x = places_folder(p, handle);

	if (!x)
		x = add(p, handle_key(handle), slice_str(NULL));
	if (!x)
		return NULL;
	set_parent(x, NULL);
	set_name(x, slice_str(NULL));
	x->root = root;
	x->folder = true;
	return x;
}

/* Would x, put there, lie below itself? Only a lost event could make it seem so. */
static bool loops(const struct place *x, const struct place *parent)
{
	for (int i = 0; parent && i < MAX_DEPTH; i++, parent = parent->parent) {
		if (parent == x)
			return true;
	}
	return false;
}

static int links(const struct place *x)
{
	int n = 0;

	for (; x; x = places_more(x))
		n++;
	return n;
}

struct place *places_put(struct places *p, struct slice handle, struct place *parent,
                         struct slice name, bool folder)
{
	struct place *x = places_at(p, handle, parent, name);

	if (x && x->folder == folder)
		return x;
	x = folder ? places_folder(p, handle) : first_of(p, handle);
	if (x && folder) {
		if (loops(x, parent) || !set_name(x, name))
			return NULL;
	} else if (links(x) >= PLACES_MAX_LINKS) {
		return x;
	} else {
		x = add(p, folder ? handle_key(handle) : handle, name);
		if (!x)
			return NULL;
	}
	x->folder = folder;
	x->root = parent->root;
	set_parent(x, parent);
	return x;
}

void places_drop(struct places *p, struct place *place)
{
	struct place **at = &p->slot[place->hash & (p->slots - 1)];

	while (*at && *at != place)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = place->next;
	p->count--;
	place->next = NULL;
	place->gone = true;
	release(place);
}

bool place_is_folder(const struct place *place)
{
	return place->folder;
}

/* Written from the end to the front, since a place knows only the way up. */
bool place_path(const struct place *place, uint32_t *root, struct buf *out)
{
	const struct place *x = place;
	size_t n = 0;

	for (; x->parent; x = x->parent) {
		if (x->gone)
			return false;
		n += x->name_n + 1u;
	}
	buf_reset(out);
	*root = x->root; /* names of folders that were moved keep an old root's number */
	if (x->gone)
		return false;
	if (n == 0)
		return true;
	n--; /* no slash before the first */
	uint8_t *at = buf_reserve(out, n);
	if (!at)
		return false;
	buf_commit(out, n);
	for (x = place; x->parent; x = x->parent) {
		n -= x->name_n;
		memcpy(at + n, x->name, x->name_n);
		if (n > 0)
			at[--n] = '/';
	}
	return true;
}
