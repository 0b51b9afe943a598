/* The newest records, read from the ledger part by part. */
#include "report/inventory.h"
#include <errno.h>
#include <stdlib.h>

#define LOOK_AHEAD 4096 /* facts behind a record's first part among which the others lie */

struct walk {
	inventory_record_fn *fn;
	void *ctx;
	const struct ledger_visits *of;
	int64_t parts, got;
	int end;
};

static int take_part(void *ctx, int64_t seq, struct slice canonical)
{
	struct walk *w = ctx;
	struct arena mem;
	const struct json *fact;
	int done;

	(void)seq;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	fact = json_parse(&mem, arena_copy(&mem, canonical), NULL);
	if (slice_eq(json_text(fact, "page"), w->of->page) &&
	    slice_eq(json_text(fact, "arm"), w->of->arm)) {
		w->parts = json_num(fact, "parts", 1);
		w->got++;
		w->end = w->fn(w->ctx, w->of, fact);
	}
	done = w->end || (w->got && w->got >= w->parts);
	arena_done(&mem);
	return done;
}

int inventory_record(struct ledger *l, const struct ledger_visits *of, inventory_record_fn *fn,
                     void *ctx)
{
	struct ledger_query q = {.type = SLICE("page.record"),
	                         .from_seq = of->record,
	                         .to_seq = of->record + LOOK_AHEAD};
	struct walk w = {.fn = fn, .ctx = ctx, .of = of};
	int r = of->record ? ledger_each(l, &q, take_part, &w) : 0;

	return r < 0 ? r : w.end;
}

struct visits {
	struct arena *a;
	struct ledger_visits *all;
	size_t n, room;
};

static int keep_visits(void *ctx, const struct ledger_visits *v)
{
	struct visits *k = ctx;

	if (k->n == k->room) {
		size_t room = k->room ? 2 * k->room : 64;
		struct ledger_visits *more = reallocarray(k->all, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		k->all = more;
		k->room = room;
	}
	k->all[k->n] = *v;
	k->all[k->n].page = arena_copy(k->a, v->page);
	k->all[k->n++].arm = arena_copy(k->a, v->arm);
	return 0;
}

int inventory_records(struct ledger *l, struct arena *a, inventory_record_fn *fn, void *ctx)
{
	struct visits k = {.a = a};
	int r = ledger_visits(l, keep_visits, &k);

	for (size_t i = 0; i < k.n && r == 0; i++)
		r = inventory_record(l, &k.all[i], fn, ctx);
	free(k.all);
	return r;
}
