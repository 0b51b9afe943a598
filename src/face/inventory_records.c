/* The newest records, read from the ledger part by part. */
#include "face/inventory.h"

#define LOOK_AHEAD 4096 /* facts behind a record's first part among which the others lie */

struct walk {
	struct face *f;
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

struct visits {
	struct face *f;
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
			return -1;
		k->all = more;
		k->room = room;
	}
	k->all[k->n] = *v;
	k->all[k->n].page = slice_str(face_cstr(k->f, v->page));
	k->all[k->n++].arm = slice_str(face_cstr(k->f, v->arm));
	return 0;
}

int inventory_records(struct face *f, inventory_record_fn *fn, void *ctx)
{
	struct visits k = {.f = f};
	int r = ledger_visits(f->ledger, keep_visits, &k);

	for (size_t i = 0; i < k.n && r == 0; i++) {
		struct ledger_query q = {.type = SLICE("page.record"),
		                         .from_seq = k.all[i].record,
		                         .to_seq = k.all[i].record + LOOK_AHEAD};
		struct walk w = {.f = f, .fn = fn, .ctx = ctx, .of = &k.all[i]};

		if (k.all[i].record == 0)
			continue;
		r = ledger_each(f->ledger, &q, take_part, &w);
		r = r < 0 ? r : w.end;
	}
	free(k.all);
	if (r < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
	return r < 0 ? EXIT_OURS : EXIT_GOOD;
}
