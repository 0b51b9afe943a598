#include "ledger/check.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PROGRESS_EVERY 2000
#define MAX_FAULTS     10000 /* told; more are counted */

void check_fault(struct check *c, int64_t seq, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (c->faults++ < MAX_FAULTS && c->fault)
		c->fault(c->ctx, seq, text);
}

/* ---- one fact ---- */

static void check_time(struct check *c, const struct json *fact, int64_t seq)
{
	int64_t at = fact_at_us(fact);

	if (at < c->last_us && !slice_eq(fact_type(fact), SLICE("clock.jumped")))
		check_fault(c, seq, "fact: its time lies before that of the fact before it");
	c->last_us = at;
}

static void check_columns(struct check *c, const struct json *fact, int64_t seq)
{
	static const struct {
		int col;
		const char *name;
	} text[] = {{2, "kind"}, {3, "type"}, {4, "path"}};

	if (db_int(c->fact, 1) != fact_at_us(fact))
		check_fault(c, seq, "fact: the column at is not what the fact says");
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		struct slice is = db_text(c->fact, text[i].col);

		if (!slice_eq(is, json_text(fact, text[i].name)))
			check_fault(c, seq, "fact: the column %s is not what the fact says",
			            text[i].name);
	}
}

/* A fact may name another twice; the table has it once. */
static bool first_of(const struct json *refs, const struct json *t)
{
	const struct json *x = refs->first;

	while (x != t && x->i != t->i)
		x = x->next;
	return x == t;
}

static int check_refs(struct check *c, const struct json *fact, int64_t seq)
{
	const struct json *refs = json_get(fact, "refs");
	int64_t want = 0, have = 0;
	int r = 0;

	for (const struct json *t = refs ? refs->first : NULL; t && r == 0; t = t->next) {
		want++;
		db_bind_int(c->refs, 1, t->i);
		db_bind_int(c->refs, 2, seq);
		r = db_step(c->refs);
		have += r > 0;
		if (r > 0 && first_of(refs, t))
			c->refs_met++;
		db_reset(c->refs);
		r = r < 0 ? r : 0;
	}
	if (have != want)
		check_fault(c, seq, "ref: a reference of this fact is missing");
	return r;
}

static int check_body(struct check *c, int64_t seq, struct slice body)
{
	struct json *fact;
	struct err why = {""};
	int r;

	arena_reset(&c->mem);
	buf_reset(&c->text);
	fact = json_parse(&c->mem, body, NULL);
	if (!fact || !json_write(&c->text, fact) || !slice_eq(body, buf_slice(&c->text))) {
		check_fault(c, seq, "fact: not a fact in canonical form");
		return 0;
	}
	if (fact_check(fact, &why) < 0)
		check_fault(c, seq, "fact: %s", why.text);
	if (fact_seq(fact) != seq)
		check_fault(c, seq, "fact: says it is number %lld", (long long)fact_seq(fact));
	check_time(c, fact, seq);
	check_columns(c, fact, seq);
	r = check_promise(c, fact, seq);
	return r < 0 ? r : check_refs(c, fact, seq);
}

/* ---- tree and heads ---- */

/* The leaf as recorded in the tree, if it can be read. */
static void check_leaf(struct check *c, int64_t seq, const struct hash *leaf)
{
	struct hash recorded;

	if (tree_range(&c->tiles, seq - 1, seq, &recorded) < 0)
		check_fault(c, seq, "tile: the tree lacks this fact");
	else if (!hash_eq(&recorded, leaf))
		check_fault(c, seq, "fact: its bytes are not those that the tree recorded");
}

static int next_head(struct check *c)
{
	int r = db_step(c->head);

	c->before = c->next.size;
	c->head_left = r > 0;
	if (r > 0)
		head_row(c->head, &c->next); /* one that can't be read has no good signature */
	return r < 0 ? r : 0;
}

/* Heads of a size that the facts never had. */
static void lone_head(struct check *c)
{
	check_fault(c, c->next.size, "head: covers %lld facts, but these are not here",
	            (long long)c->next.size);
}

/* All heads up to the tree's present size. */
static int check_heads(struct check *c)
{
	struct hash root;
	int r = 0;

	for (; c->head_left && c->next.size <= c->tree.size && r == 0; r = next_head(c)) {
		if (!head_valid(c->key, &c->next))
			check_fault(c, c->next.size,
			            "head: the signature is not that of ledger.pub");
		else if (c->next.before != c->before)
			check_fault(c, c->next.before,
			            "head: the signed head of %lld facts is missing",
			            (long long)c->next.before);
		if (c->next.size != c->tree.size) {
			lone_head(c);
			continue;
		}
		root = tree_root(&c->tree);
		if (!hash_eq(&root, &c->next.root))
			check_fault(c, c->next.size,
			            "head: the facts up to here do not give its root");
	}
	return r;
}

static void check_kept(struct check *c)
{
	struct hash root;

	if (c->kept_code == -ENOENT)
		check_fault(c, 0,
		            "head: the copy of the newest head beside the database is missing");
	else if (c->kept_code < 0 || !head_valid(c->key, &c->kept))
		check_fault(
		    c, 0,
		    "head: the copy beside the database is no signed head of this ledger");
	else if (c->kept.size > c->size)
		check_fault(c, c->size + 1,
		            "fact: facts %lld to %lld were removed, together with their heads"
		            " (the head beside the database knew them)",
		            (long long)c->size + 1, (long long)c->kept.size);
	else if (c->kept.size > 0 && (tree_range(&c->tiles, 0, c->kept.size, &root) < 0 ||
	                              !hash_eq(&root, &c->kept.root)))
		check_fault(c, c->kept.size,
		            "head: the copy beside the database has another root");
}

/* ---- the walk over all facts ---- */

/* After a gap the tree can't be grown on as it was: take the recorded leaf in its place. */
static int fill_gap(struct check *c, int64_t upto)
{
	int r = 0;

	if (c->tree.size + 1 < upto)
		check_fault(c, c->tree.size + 1, "fact: facts %lld to %lld are missing",
		            (long long)c->tree.size + 1, (long long)upto - 1);
	while (r == 0 && c->tree.size + 1 < upto) {
		struct hash leaf;

		if (tree_range(&c->tiles, c->tree.size, c->tree.size + 1, &leaf) < 0)
			leaf = tree_empty();
		r = tree_add(&c->tree, &leaf);
		if (r == 0)
			r = check_heads(c);
	}
	return r;
}

static int check_fact(struct check *c)
{
	int64_t seq = db_int(c->fact, 0);
	struct slice body = db_blob(c->fact, 5);
	struct hash leaf = tree_leaf(body);
	int r;

	if (seq < 1 || seq > c->tree.size + (INT64_C(1) << 24)) {
		check_fault(c, seq, "fact: a number that no ledger gave");
		return 0;
	}
	r = fill_gap(c, seq);
	if (r == 0)
		r = check_body(c, seq, body);
	check_leaf(c, seq, &leaf);
	if (r == 0)
		r = tree_add(&c->tree, &leaf);
	if (r == 0)
		r = check_heads(c);
	if (c->progress && seq % PROGRESS_EVERY == 0)
		c->progress(c->ctx, seq, c->size);
	return r;
}

/* Facts behind the newest head, or heads behind the newest fact. */
static int check_end(struct check *c)
{
	int64_t newest = 0;
	int r = db_number(c->db, "SELECT max(size) FROM head", 0, &newest);

	if (r == 0 && newest < c->size)
		check_fault(c, newest + 1, "fact: no signed head covers facts %lld to %lld",
		            (long long)newest + 1, (long long)c->size);
	for (; r == 0 && c->head_left; r = next_head(c)) {
		if (c->next.size > c->size)
			lone_head(c);
	}
	check_kept(c);
	return r;
}

static int forget_tile(void *ctx, int level, int64_t number, const struct tree_tile *t)
{
	(void)ctx, (void)level, (void)number, (void)t;
	return 0;
}

int check_facts(struct check *c)
{
	int r = db_prepare(
	    c->db, "SELECT seq, at, kind, type, path, body FROM fact ORDER BY seq", &c->fact);

	if (r == 0)
		r = db_prepare(c->db, "SELECT " HEAD_COLUMNS " FROM head ORDER BY size",
		               &c->head);
	if (r == 0)
		r = db_prepare(c->db, "SELECT 1 FROM ref WHERE target = ? AND seq = ?",
		               &c->refs);
	if (r == 0)
		r = db_number(c->db, "SELECT max(seq) FROM fact", 0, &c->size);
	if (r == 0)
		r = next_head(c);
	c->tree.shelf.put = forget_tile;
	while (r == 0 && (r = db_step(c->fact)) > 0)
		r = check_fact(c);
	return r < 0 ? r : check_end(c);
}

/* ---- the tree's upper levels ---- */

/* Every tile above the leaves against the tile below it: inner nodes can't be altered unseen.
 */
int check_tiles(struct check *c)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(c->db,
	                   "SELECT level, number, hashes FROM tile ORDER BY level, number", &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		int64_t level = db_int(s, 0), number = db_int(s, 1), at;
		struct slice have = db_blob(s, 2);
		int64_t count, full;
		struct hash want;

		if (level < 0 || level >= TREE_LEVELS || number < 0 || number > INT32_MAX) {
			check_fault(c, 0, "tile: a node that no tree has");
			continue;
		}
		full = c->size >> (TREE_BITS * level);
		count = full - (number << TREE_BITS);
		count = count > TREE_TILE ? TREE_TILE : count;
		at = (number << TREE_BITS) << (TREE_BITS * level);
		if (count <= 0 || have.n != (size_t)count * HASH_BYTES) {
			check_fault(c, at + 1,
			            "tile: level %lld, number %lld has a wrong length",
			            (long long)level, (long long)number);
			continue;
		}
		for (int64_t i = 0; level > 0 && i < count; i++) {
			int64_t lo = at + (i << (TREE_BITS * level)),
			        half = INT64_C(1) << (TREE_BITS * level - 1);
			struct hash left, right;

			if (tree_range(&c->tiles, lo, lo + half, &left) < 0 ||
			    tree_range(&c->tiles, lo + half, lo + 2 * half, &right) < 0)
				continue;
			want = tree_node(&left, &right);
			if (memcmp(want.b, have.at + i * HASH_BYTES, HASH_BYTES) != 0)
				check_fault(c, lo + 1,
				            "tile: a node over facts %lld to %lld was altered",
				            (long long)lo + 1, (long long)(lo + 2 * half));
		}
	}
	sqlite3_finalize(s);
	return r;
}
