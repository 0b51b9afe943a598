#include "ledger/tree.h"
#include <errno.h>
#include <string.h>

struct hash tree_leaf(struct slice bytes)
{
	static _Thread_local struct hash_state *st;
	static const uint8_t prefix = 0;

	if (!st)
		st = hash_new();
	if (!st)
		err_die("out of memory");
	hash_add(st, slice_mem(&prefix, 1));
	hash_add(st, bytes);
	return hash_end(st);
}

struct hash tree_node(const struct hash *left, const struct hash *right)
{
	uint8_t both[1 + 2 * HASH_BYTES];

	both[0] = 1;
	memcpy(both + 1, left->b, HASH_BYTES);
	memcpy(both + 1 + HASH_BYTES, right->b, HASH_BYTES);
	return hash_of(slice_mem(both, sizeof(both)));
}

struct hash tree_empty(void)
{
	return hash_of((struct slice){0});
}

/* Root over count (a power of two, at most a tile) hashes that stand side by side. */
static struct hash fold(const struct hash *at, int count)
{
	struct hash row[TREE_TILE];

	memcpy(row, at, (size_t)count * sizeof(*at));
	for (; count > 1; count /= 2) {
		for (int i = 0; i < count / 2; i++)
			row[i] = tree_node(&row[2 * i], &row[2 * i + 1]);
	}
	return row[0];
}

/* Largest power of two that is smaller than n (n > 1). */
static int64_t split(int64_t n)
{
	return INT64_C(1) << (63 - __builtin_clzll((uint64_t)(n - 1)));
}

/* ---- growing ---- */

static int64_t tile_number(int64_t size, int level)
{
	return size >> (TREE_BITS * (level + 1));
}

static int tile_fill(int64_t size, int level)
{
	return (int)(size >> (TREE_BITS * level)) & (TREE_TILE - 1);
}

int tree_load(struct tree *t, const struct tree_shelf *shelf, int64_t size)
{
	memset(t, 0, sizeof(*t));
	t->shelf = *shelf;
	t->size = size;
	for (int level = 0; level < TREE_LEVELS; level++) {
		struct tree_tile *tile = &t->tile[level];
		int fill = tile_fill(size, level), r;
		int from = 0;

		if (fill == 0)
			continue;
		r = shelf->get(shelf->ctx, level, tile_number(size, level), tile);
		if (r == -ENOENT || (r == 0 && tile->count != fill))
			return -EBADMSG;
		if (r < 0)
			return r;
		for (int bit = TREE_BITS - 1; bit >= 0; bit--) {
			if (!(fill >> bit & 1))
				continue;
			t->peak[level * TREE_BITS + bit] = fold(tile->hash + from, 1 << bit);
			from += 1 << bit;
		}
	}
	return 0;
}

/* A new complete subtree of 256^level leaves: into the growing tile of its level. */
static int tile_add(struct tree *t, int level, const struct hash *h)
{
	struct tree_tile *tile = &t->tile[level];
	int r = 0;

	tile->hash[tile->count++] = *h;
	t->dirty[level] = true;
	if (tile->count == TREE_TILE) {
		r = t->shelf.put(t->shelf.ctx, level, tile_number(t->size, level), tile);
		tile->count = 0;
		t->dirty[level] = false;
	}
	return r;
}

int tree_add(struct tree *t, const struct hash *leaf)
{
	struct hash node = *leaf;
	int height = 0, r;

	if (t->size >> (TREE_HEIGHT - 1))
		return -EOVERFLOW;
	r = tile_add(t, 0, &node);
	for (; r == 0 && t->size >> height & 1; height++) {
		node = tree_node(&t->peak[height], &node);
		if ((height + 1) % TREE_BITS == 0)
			r = tile_add(t, (height + 1) / TREE_BITS, &node);
	}
	if (r < 0)
		return r;
	t->peak[height] = node;
	t->size++;
	return 0;
}

int tree_flush(struct tree *t)
{
	for (int level = 0; level < TREE_LEVELS; level++) {
		int r;

		if (!t->dirty[level])
			continue;
		r = t->shelf.put(t->shelf.ctx, level, tile_number(t->size, level),
		                 &t->tile[level]);
		if (r < 0)
			return r;
		t->dirty[level] = false;
	}
	return 0;
}

struct hash tree_root(const struct tree *t)
{
	struct hash root = {{0}};
	bool any = false;

	if (t->size == 0)
		return tree_empty();
	for (int i = 0; i < TREE_HEIGHT; i++) {
		if (!(t->size >> i & 1))
			continue;
		root = any ? tree_node(&t->peak[i], &root) : t->peak[i];
		any = true;
	}
	return root;
}

/* ---- reading ---- */

void tree_read(struct tree_reader *r, const struct tree_shelf *shelf)
{
	r->shelf = *shelf;
	for (int i = 0; i < TREE_LEVELS; i++)
		r->last[i].number = -1;
}

/* Root of the complete subtree of 2^height leaves that begins at leaf lo. */
static int complete(struct tree_reader *r, int64_t lo, int height, struct hash *out)
{
	int level = height / TREE_BITS, count = 1 << (height % TREE_BITS), code;
	int64_t first = lo >> (TREE_BITS * level), number = first >> TREE_BITS;
	int from = (int)(first & (TREE_TILE - 1));
	struct tree_tile *tile = &r->last[level].tile;

	if (level >= TREE_LEVELS)
		return -EOVERFLOW;
	if (r->last[level].number != number) {
		r->last[level].number = -1;
		code = r->shelf.get(r->shelf.ctx, level, number, tile);
		if (code < 0)
			return code == -ENOENT ? -EBADMSG : code;
		r->last[level].number = number;
	}
	if (from + count > tile->count) {
		r->last[level].number = -1; /* it may have grown since */
		return -EBADMSG;
	}
	*out = fold(tile->hash + from, count);
	return 0;
}

int tree_range(struct tree_reader *r, int64_t lo, int64_t hi, struct hash *out)
{
	struct hash left[TREE_HEIGHT + 1];
	int n = 0, code = 0;

	/* Cut off the largest complete subtree on the left until nothing is left. */
	while (lo < hi && n <= TREE_HEIGHT) {
		int height = 63 - __builtin_clzll((uint64_t)(hi - lo));

		code = complete(r, lo, height, &left[n++]);
		if (code < 0)
			return code;
		lo += INT64_C(1) << height;
	}
	if (n == 0 || lo != hi)
		return -EINVAL;
	while (--n > 0)
		left[n - 1] = tree_node(&left[n - 1], &left[n]);
	*out = left[0];
	return 0;
}

static void reverse(struct tree_path *p)
{
	for (int i = 0, k = p->count - 1; i < k; i++, k--) {
		struct hash h = p->hash[i];

		p->hash[i] = p->hash[k];
		p->hash[k] = h;
	}
}

int tree_inclusion(struct tree_reader *r, int64_t index, int64_t size, struct tree_path *out)
{
	int64_t lo = 0, hi = size;
	struct tree_path p = {.count = 0};
	int code = 0;

	if (index < 0 || index >= size)
		return -EINVAL;
	/* From the root down; the path is told from the leaf up. */
	while (hi - lo > 1 && code == 0) {
		int64_t mid = lo + split(hi - lo);
		bool left = index < mid;

		code = tree_range(r, left ? mid : lo, left ? hi : mid, &p.hash[p.count++]);
		if (left)
			hi = mid;
		else
			lo = mid;
	}
	if (code < 0)
		return code;
	reverse(&p);
	*out = p;
	return 0;
}

int tree_consistency(struct tree_reader *r, int64_t from, int64_t to, struct tree_path *out)
{
	int64_t lo = 0, hi = to;
	struct tree_path p = {.count = 0};
	bool whole = true; /* is [lo, hi) a subtree that the old head knew as its root? */
	int code = 0;

	if (from < 1 || from > to)
		return -EINVAL;
	while (from != hi && code == 0) {
		int64_t mid = lo + split(hi - lo);

		if (from <= mid) {
			code = tree_range(r, mid, hi, &p.hash[p.count++]);
			hi = mid;
		} else {
			code = tree_range(r, lo, mid, &p.hash[p.count++]);
			lo = mid;
			whole = false;
		}
	}
	if (code == 0 && !whole)
		code = tree_range(r, lo, hi, &p.hash[p.count++]);
	if (code < 0)
		return code;
	reverse(&p);
	*out = p;
	return 0;
}
