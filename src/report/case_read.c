/*
 * case_read: the facts that matter, out of a ledger that may hold millions of others. Each
 * type is asked for by itself, through the index; then all are put in order and taken.
 */
#include "report/case_parts.h"
#include <errno.h>
#include <stdlib.h>

struct read_fact {
	int64_t seq;
	struct slice body;
};

struct reading {
	struct arena mem;
	struct read_fact *at;
	size_t n, room;
};

static int note(void *ctx, int64_t seq, struct slice body)
{
	struct reading *r = ctx;
	struct slice copy = arena_copy(&r->mem, body);

	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		struct read_fact *more = realloc(r->at, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		r->at = more;
		r->room = room;
	}
	if (!copy.at)
		return -ENOMEM;
	r->at[r->n++] = (struct read_fact){seq, copy};
	return 0;
}

static int by_seq(const void *a, const void *b)
{
	const struct read_fact *f = a, *g = b;

	return f->seq < g->seq ? -1 : f->seq > g->seq;
}

static int gather(struct ledger *l, struct reading *r)
{
	int64_t upto = ledger_size(l);
	int c = upto < 0 ? (int)upto : 0;

	for (size_t i = 0; c == 0 && i < fact_type_count; i++) {
		struct ledger_query q = {.to_seq = upto, .type = slice_str(fact_types[i].type)};

		if (cases_wants(&fact_types[i]) && upto > 0)
			c = ledger_each(l, &q, note, r);
	}
	if (c == 0 && r->n > 1)
		qsort(r->at, r->n, sizeof(r->at[0]), by_seq);
	return c;
}

static int take_all(const struct reading *r, struct cases *cs)
{
	struct arena mem;
	int c = 0;

	arena_init(&mem, 16 * FACT_MAX_BYTES);
	for (size_t i = 0; c == 0 && i < r->n; i++) {
		const struct json *fact;

		arena_reset(&mem);
		fact = json_parse(&mem, r->at[i].body, NULL);
		c = fact ? cases_take(cs, fact) : -EBADMSG;
	}
	arena_done(&mem);
	return c;
}

int cases_read(struct ledger *l, struct cases **out, struct err *e)
{
	struct cases *cs = cases_new();
	struct reading r = {0};
	int c = cs ? 0 : -ENOMEM;

	arena_init(&r.mem, 1u << 30);
	if (c == 0)
		c = gather(l, &r);
	if (c == 0)
		c = take_all(&r, cs);
	arena_done(&r.mem);
	free(r.at);
	if (c < 0) {
		cases_free(cs);
		return err_sys(e, c, "cases");
	}
	*out = cs;
	return 0;
}
