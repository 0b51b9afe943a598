#include "parse/canary_in.h"

#include <errno.h>
#include <stdlib.h>

#define ITEMS_MAX   2048
#define ITEM_LEAST  4    /* bytes */
#define FIELDS_MAX  32   /* fields of each part that are joined over the parts */
#define JOIN_LEAST  2    /* parts */
#define SHORT_BYTES 4096 /* parts up to this long may be frames of one message */

struct item {
	struct slice bytes;
	uint32_t part;
	uint8_t depth;
	int8_t undo; /* the last one taken back; -1: none */
	char chain[CANARY_CHAIN_BYTES];
};

struct search {
	struct arena mem;
	struct canary_forms *forms;
	struct item *item;
	size_t items, next;
	uint64_t *seen; /* of the items' bytes */
	size_t work;
	struct canary_hit *out;
};

/* Chains are told from the outside in. */
static void put_chain(char out[CANARY_CHAIN_BYTES], const char *outer, const char *inner)
{
	size_t n = strlen(outer), m = strlen(inner);
	size_t sep = n && m ? 3 : 0;

	memmove(out, outer, n);
	if (n + sep + m + 1 > CANARY_CHAIN_BYTES)
		sep = m = 0;
	if (sep)
		memcpy(out + n, " > ", sep);
	memcpy(out + n + sep, inner, m);
	out[n + sep + m] = '\0';
}

static bool seen(struct search *s, struct slice bytes)
{
	uint64_t h = hash_table(bytes);

	for (size_t i = 0; i < s->items; i++) {
		if (s->seen[i] == h)
			return true;
	}
	s->seen[s->items] = h;
	return false;
}

static bool put(struct search *s, struct slice bytes, uint32_t part, const struct item *from,
                int undo)
{
	struct item *it;

	bytes = slice_sub(bytes, 0, CANARY_PART_BYTES);
	if (bytes.n < ITEM_LEAST || s->items == ITEMS_MAX ||
	    s->work + bytes.n > CANARY_WORK_BYTES || seen(s, bytes))
		return false;
	s->work += bytes.n;
	it = &s->item[s->items++];
	*it = (struct item){.bytes = bytes, .part = part, .undo = (int8_t)undo};
	if (from) {
		it->depth = (uint8_t)(from->depth + 1);
		put_chain(it->chain, from->chain, canary_undos[undo].name);
	}
	return true;
}

static bool match(struct search *s, const struct item *it)
{
	const char *how;
	uint32_t value;

	if (!canary_forms_match(s->forms, it->bytes, &value, &how))
		return false;
	s->out->value = value;
	s->out->part = it->part;
	put_chain(s->out->chain, it->chain,
	          strcmp(how, "plain") == 0 && it->chain[0] ? "" : how);
	return true;
}

static void undo_all(struct search *s, size_t at)
{
	for (size_t u = 0; u < canary_undo_count; u++) {
		const struct canary_undo *undo = &canary_undos[u];

		for (int way = 0; way < undo->ways && s->item[at].depth < undo->deepest;
		     way++) {
			const struct item *it = &s->item[at];
			struct buf b;

			/* Twice backwards is nothing done; other alignments of decoded text,
			 * too. */
			if ((undo->ways == 1 && it->undo == (int8_t)u && it->depth) ||
			    (way && it->depth > 1))
				continue;
			buf_init(&b, 2 * CANARY_PART_BYTES);
			if (undo->fn(it->bytes, way, &b) && buf_ok(&b)) {
				struct slice copy = arena_copy(&s->mem, buf_slice(&b));

				if (copy.at)
					put(s, copy, it->part, it, (int)u);
			}
			buf_done(&b);
		}
	}
}

/* The next unopened items, one depth after the other. */
static bool run(struct search *s)
{
	for (; s->next < s->items; s->next++) {
		if (match(s, &s->item[s->next]))
			return true;
		if (s->item[s->next].depth < CANARY_MAX_DEPTH)
			undo_all(s, s->next);
	}
	return false;
}

/* ---- parts joined ---- */

static bool separates(uint8_t c)
{
	return slice_chr(SLICE("&=?;,:{}[]()<>\"' \t\r\n/|#"), c) != SIZE_MAX;
}

/* The k-th field of a part. */
static struct slice field(struct slice part, size_t k)
{
	size_t at = 0;

	for (size_t n = 0;; n++) {
		size_t from;

		while (at < part.n && separates(part.at[at]))
			at++;
		from = at;
		while (at < part.n && !separates(part.at[at]))
			at++;
		if (from == at || n == k)
			return slice_sub(part, from, at);
	}
}

/* One message in many frames, each with the same fields: each field's values in a row. */
static void join_fields(struct search *s, const struct slice *parts, size_t n)
{
	for (size_t k = 0; k < FIELDS_MAX; k++) {
		struct buf b;
		size_t filled = 0;

		buf_init(&b, CANARY_PART_BYTES);
		for (size_t i = 0; i < n; i++) {
			struct slice f = field(slice_sub(parts[i], 0, SHORT_BYTES), k);

			filled += f.n > 0;
			buf_add(&b, f);
		}
		if (filled >= JOIN_LEAST && buf_ok(&b)) {
			struct slice copy = arena_copy(&s->mem, buf_slice(&b));

			if (copy.at)
				put(s, copy, CANARY_JOINED, NULL, -1);
		}
		buf_done(&b);
		if (filled == 0)
			return;
	}
}

/* Glued, as pieces of one text; and apart, as texts of their own. */
static void join_parts(struct search *s, const struct slice *parts, size_t n, bool apart)
{
	struct buf b;

	buf_init(&b, CANARY_PART_BYTES);
	for (size_t i = 0; i < n; i++) {
		if (b.n + parts[i].n >= CANARY_PART_BYTES)
			continue;
		buf_str(&b, apart ? " " : "");
		buf_add(&b, slice_sub(parts[i], 0, SHORT_BYTES));
	}
	if (buf_ok(&b)) {
		struct slice copy = arena_copy(&s->mem, buf_slice(&b));

		if (copy.at)
			put(s, copy, CANARY_JOINED, NULL, -1);
	}
	buf_done(&b);
}

static int search_all(struct search *s, const struct slice *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(s, parts[i], (uint32_t)i, NULL, -1);
	if (run(s))
		return 1;
	if (n < JOIN_LEAST)
		return 0;
	join_parts(s, parts, n, false);
	join_parts(s, parts, n, true);
	join_fields(s, parts, n);
	if (!run(s))
		return 0;
	if (s->out->part == CANARY_JOINED && !strstr(s->out->chain, "pieces")) {
		char chain[CANARY_CHAIN_BYTES];

		memcpy(chain, s->out->chain, sizeof(chain));
		put_chain(s->out->chain, "pieces", strcmp(chain, "plain") == 0 ? "" : chain);
	}
	return 1;
}

int canary_find(const struct slice *values, size_t n_values, const struct slice *parts,
                size_t n_parts, struct canary_hit *out)
{
	struct canary_hit hit = {0};
	struct search s = {.out = &hit};
	int r;

	arena_init(&s.mem, 4 * CANARY_WORK_BYTES);
	s.forms = arena_alloc(&s.mem, sizeof(*s.forms));
	s.item = arena_array(&s.mem, ITEMS_MAX, sizeof(*s.item));
	s.seen = arena_array(&s.mem, ITEMS_MAX, sizeof(*s.seen));
	r = s.forms && s.item && s.seen ? canary_forms_make(&s.mem, values, n_values, s.forms)
	                                : -ENOMEM;
	if (r == 0)
		r = search_all(&s, parts, n_parts);
	arena_done(&s.mem);
	if (r == 1)
		*out = hit;
	return r;
}
