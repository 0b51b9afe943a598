/*
 * tree: the Merkle tree of RFC 9162 (section 2.1) over the facts' canonical bytes.
 *
 *     leaf  SHA-256(0x00 || bytes)        node  SHA-256(0x01 || left || right)
 *
 * Kept are the roots of all complete subtrees of 256^level leaves, up to 256 of them in a
 * tile; what lies between is at most 255 hashes away. So the tree costs 32 bytes a fact,
 * and a proof reads about two tiles a level whatever the size.
 */
#ifndef HINOBAN_LEDGER_TREE_H
#define HINOBAN_LEDGER_TREE_H

#include "base/base.h"

#define TREE_TILE   256
#define TREE_BITS   8 /* log2 of it */
#define TREE_LEVELS 6 /* 2^48 facts */
#define TREE_HEIGHT (TREE_LEVELS * TREE_BITS)
#define TREE_PATH   (2 * TREE_HEIGHT) /* hashes in a proof at most */

struct tree_tile {
	struct hash hash[TREE_TILE];
	int count;
};

/* Where tiles are kept. get: 0, -ENOENT, or a fault. */
struct tree_shelf {
	int (*get)(void *ctx, int level, int64_t number, struct tree_tile *out);
	int (*put)(void *ctx, int level, int64_t number, const struct tree_tile *t);
	void *ctx;
};

struct hash tree_leaf(struct slice bytes);
struct hash tree_node(const struct hash *left, const struct hash *right);
/* The root of no leaves: SHA-256 of nothing. */
struct hash tree_empty(void);

/* ---- growing ---- */

struct tree {
	struct tree_shelf shelf;
	int64_t size;
	struct hash
	    peak[TREE_HEIGHT]; /* complete subtree of 2^i leaves, where bit i of size is set */
	struct tree_tile tile[TREE_LEVELS]; /* the tile that grows, on each level */
	bool dirty[TREE_LEVELS];
};

/* The tree of `size` leaves as it lies on the shelf. -EBADMSG where tiles are missing or short.
 */
int tree_load(struct tree *t, const struct tree_shelf *shelf, int64_t size);
/* Full tiles go to the shelf at once, growing ones at tree_flush. */
int tree_add(struct tree *t, const struct hash *leaf);
int tree_flush(struct tree *t);
struct hash tree_root(const struct tree *t);

/* ---- reading ---- */

struct tree_reader {
	struct tree_shelf shelf;
	struct {
		struct tree_tile tile;
		int64_t number; /* -1: none */
	} last[TREE_LEVELS];    /* the tile read last on each level */
};

struct tree_path {
	struct hash hash[TREE_PATH];
	int count;
};

void tree_read(struct tree_reader *r, const struct tree_shelf *shelf);
/* Root of the tree over leaves [lo, hi), lo a multiple of the largest power of two below hi -
 * lo. */
int tree_range(struct tree_reader *r, int64_t lo, int64_t hi, struct hash *out);
/* RFC 9162, 2.1.3.1: for leaf 0 <= index < size. */
int tree_inclusion(struct tree_reader *r, int64_t index, int64_t size, struct tree_path *out);
/* RFC 9162, 2.1.4.1: for 0 < from <= to. */
int tree_consistency(struct tree_reader *r, int64_t from, int64_t to, struct tree_path *out);

#endif
