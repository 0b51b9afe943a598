/*
 * case_look: since when, and until when, each component of a case was not as it should be.
 *
 * The facts about a path, in their order, fall into runs: as approved, or not. A run of bad
 * facts that holds the change of one of the case's findings is an exposure. It began at its
 * first bad fact at the latest, and not before the last time that all was well: the good fact
 * before it, or a sweep over all files in between. Containment cuts pieces out of it.
 */
#include "fact/version.h"
#include "report/case_parts.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FACT_MEM_BYTES (16u * FACT_MAX_BYTES)

/* The sweep asked for last, kept: the windows of one attack lie close together. */
struct sweeps {
	int64_t seq, us; /* 0: there was none */
	int64_t upto;    /* no other one up to this fact; 0: none was asked for yet */
};

struct look {
	struct cases *cs;
	struct ledger *ledger;
	struct case_view *c;
	const struct case_index *index;
	struct sweeps *sweeps;
	struct slice root, path, role;
	struct arena mem; /* one fact */
	struct case_window run;
	bool bad,
	    ours; /* a run of bad facts stands open; one of the case's findings is in it */
	bool failed;
};

/* Is this fact the change on which one of the case's findings about this path rests? */
static bool found(const struct look *k, int64_t seq, bool baseline)
{
	const struct case_change *c = case_index_change(k->index, seq, k->root, k->path);

	return c && (!baseline || c->baseline);
}

/* Changes of these are normal: only what was found is bad. */
static bool lax(struct slice role)
{
	enum role r;

	return role_of(role, &r) && !role_is_code(r);
}

static bool by_hand(const struct json *fact)
{
	return slice_ends(json_text(fact, "who.exe"), SLICE("/hinoban-hand"));
}

enum says { SAYS_NOTHING, SAYS_GOOD, SAYS_BAD };

static enum says changed(const struct look *k, const struct json *fact, enum case_end *end)
{
	struct table_state approved = version_of(json_get(fact, "approved"), 0);
	struct table_state present = version_of(json_get(fact, "present"), 0);

	*end = by_hand(fact)                     ? CASE_HEALED
	       : present.class == CLASS_NONE     ? CASE_REMOVED
	       : table_same(&approved, &present) ? CASE_RESTORED
	                                         : CASE_APPROVED;
	if (json_get(fact, "deploy") || table_same(&approved, &present))
		return SAYS_GOOD;
	if (lax(k->role))
		return found(k, fact_seq(fact), false) ? SAYS_BAD : SAYS_GOOD;
	return SAYS_BAD;
}

static enum says says(const struct look *k, const struct json *fact, enum case_end *end)
{
	struct slice type = fact_type(fact);

	*end = CASE_APPROVED;
	if (slice_eq(type, SLICE("file.changed")))
		return changed(k, fact, end);
	if (slice_eq(type, SLICE("file.baseline")))
		return found(k, fact_seq(fact), true) ? SAYS_BAD : SAYS_GOOD;
	return slice_eq(type, SLICE("approve")) ? SAYS_GOOD : SAYS_NOTHING;
}

static int64_t seen_us(const struct json *fact)
{
	int64_t us;

	return clock_parse(json_text(fact, "seen"), &us) ? us : fact_at_us(fact);
}

/* ---- containment ---- */

static bool holds(const struct case_hold *h, const struct case_window *w)
{
	if (slice_eq(h->verb, SLICE("hold")))
		return slice_eq(h->root, w->root) && slice_eq(h->path, w->path);
	if (slice_eq(h->verb, SLICE("stop-payment")))
		return slice_eq(w->role, SLICE("payment")) || !w->root.n;
	return slice_eq(h->verb, SLICE("stop-shop")) || slice_eq(h->verb, SLICE("isolate"));
}

static bool keep(struct look *k, struct case_window w)
{
	return CASE_PUSH(k->cs, k->c->window, k->c->windows, w);
}

/*
 * Keep the window, without what lies within containments. One that lies wholly within one is
 * kept with no length: the component was bad, though nobody got it.
 */
static bool cut(struct look *k, struct case_window w)
{
	for (size_t i = 0; i < k->cs->holds; i++) {
		const struct case_hold *h = &k->cs->hold[i];
		struct case_window before = w;
		bool last;

		if (!holds(h, &w) || (h->to_us && h->to_us <= w.from_us) ||
		    (w.to_us && h->from_us >= w.to_us))
			continue;
		before.to_us = h->from_us > w.from_us ? h->from_us : w.from_us;
		before.to_seq = h->from_seq;
		before.end = CASE_HELD;
		last = !h->to_us || (w.to_us && h->to_us >= w.to_us);
		if ((before.to_us > w.from_us || last) && !keep(k, before))
			return false;
		if (last)
			return true;
		/* Open again while it was still bad. */
		w.from_us = w.earliest_us = h->to_us;
	}
	return keep(k, w);
}

/* ---- runs ---- */

static int note_sweep(void *ctx, int64_t seq, struct slice body)
{
	struct look *k = ctx;
	struct json *fact;

	if (seq <= k->sweeps->seq)
		return 1;
	arena_reset(&k->mem);
	fact = json_parse(&k->mem, body, NULL);
	k->sweeps->seq = seq;
	k->sweeps->us = fact_at_us(fact);
	return 1;
}

static int note_next(void *ctx, int64_t seq, struct slice body)
{
	struct look *k = ctx;

	(void)body;
	if (seq <= k->sweeps->upto)
		k->sweeps->upto = seq - 1;
	return 1;
}

/* The nearest sweep of each type, on one side of a fact. */
static int ask_sweeps(struct look *k, struct ledger_query q, ledger_fact_fn *fn)
{
	static const char *const types[] = {"watch.rescanned", "baseline.done"};
	int r = 0;

	q.limit = 1;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && r >= 0; i++) {
		q.type = slice_str(types[i]);
		r = ledger_each(k->ledger, &q, fn, k);
	}
	return r;
}

/* The newest sweep at or before this fact. It is that for all facts up to the next one. */
static int newest_sweep(struct look *k, int64_t at)
{
	int64_t size;
	int r;

	if (at >= k->sweeps->seq && at <= k->sweeps->upto)
		return 0;
	size = ledger_size(k->ledger);
	if (size < 0)
		return (int)size;
	*k->sweeps = (struct sweeps){.upto = size > at ? size : at};
	r = ask_sweeps(k, (struct ledger_query){.to_seq = at, .newest_first = true},
	               note_sweep);
	if (r >= 0)
		r = ask_sweeps(k, (struct ledger_query){.from_seq = at + 1}, note_next);
	return r < 0 ? r : 0;
}

/*
 * All files were looked at after the good fact, or when there was none: then all was well, or
 * what was planted was not there yet.
 */
static int sweep(struct look *k)
{
	int r = k->run.from_seq > 1 ? newest_sweep(k, k->run.from_seq - 1) : 0;

	if (r == 0 && k->run.from_seq > 1 && k->sweeps->seq > k->run.earliest_seq) {
		k->run.earliest_seq = k->sweeps->seq;
		k->run.earliest_us = k->sweeps->us;
	}
	return r;
}

static void end_run(struct look *k, int64_t us, int64_t seq, enum case_end end)
{
	if (k->bad && k->ours) {
		k->run.to_us = us;
		k->run.to_seq = seq;
		k->run.end = end;
		if (sweep(k) < 0 || !cut(k, k->run))
			k->failed = true;
	}
	k->bad = k->ours = false;
}

static void begin_run(struct look *k, int64_t us, int64_t seq)
{
	k->run.from_us = us;
	k->run.from_seq = seq;
	k->bad = true;
}

static int step(void *ctx, int64_t seq, struct slice body)
{
	struct look *k = ctx;
	struct json *fact;
	enum case_end end;
	enum says s;

	arena_reset(&k->mem);
	fact = json_parse(&k->mem, body, NULL);
	if (!fact || !slice_eq(json_text(fact, "root"), k->root))
		return 0;
	s = says(k, fact, &end);
	if (s == SAYS_BAD && !k->bad)
		begin_run(k, seen_us(fact), seq);
	if (s == SAYS_BAD)
		k->ours = k->ours || found(k, seq, false);
	if (s != SAYS_GOOD)
		return 0;
	end_run(k, seen_us(fact), seq, end);
	k->run.earliest_us = fact_at_us(fact);
	k->run.earliest_seq = seq;
	return k->failed ? -ENOMEM : 0;
}

static int look_at(struct look *k, const struct json *finding)
{
	int r;

	k->root = json_text(finding, "root");
	k->path = json_text(finding, "path");
	k->role = json_text(finding, "role");
	k->run = (struct case_window){.root = k->root, .path = k->path, .role = k->role};
	k->bad = k->ours = false;
	r = ledger_about(k->ledger, k->path, step, k);
	if (r == 0)
		end_run(k, 0, 0, CASE_LASTS);
	return k->failed ? -ENOMEM : r;
}

static int look_at_page(struct cases *cs, struct ledger *l, struct case_view *c,
                        const struct case_finding *f)
{
	struct look k = {.cs = cs, .c = c};
	struct case_window w;
	int r;

	if (!f->suspicion) /* a new script, a lost header: no exposure by itself */
		return 0;
	r = case_page_window(l, c, f->fact, &w);
	return r < 0 ? r : cut(&k, w) ? 0 : -ENOMEM;
}

static int look_at_all(struct cases *cs, struct ledger *l, struct case_view *c)
{
	struct case_index index;
	struct sweeps sweeps = {0};
	struct look k = {.cs = cs, .ledger = l, .c = c, .index = &index, .sweeps = &sweeps};
	int r = case_index_init(&index, c);

	if (r < 0)
		return r;
	arena_init(&k.mem, FACT_MEM_BYTES);
	for (size_t i = 0; r == 0 && i < c->findings; i++) {
		const struct json *f = c->finding[i].fact;

		if (!index.first[i])
			continue;
		if (json_text(f, "page").n)
			r = look_at_page(cs, l, c, &c->finding[i]);
		else if (json_text(f, "path").n)
			r = look_at(&k, f);
	}
	arena_done(&k.mem);
	case_index_done(&index);
	return r;
}

static int by_time(const void *a, const void *b)
{
	const struct case_window *v = a, *w = b;

	if (v->from_us != w->from_us)
		return v->from_us < w->from_us ? -1 : 1;
	return slice_cmp(v->path, w->path);
}

int cases_look(struct cases *cs, struct ledger *l, int64_t number, struct err *e)
{
	struct case_view *c = cases_get(cs, number) ? cs->view[number - 1] : NULL;
	int r = c ? 0 : -ENOENT;

	if (c) {
		c->windows = 0;
		r = look_at_all(cs, l, c);
	}
	if (r == 0 && c->windows > 1)
		qsort(c->window, c->windows, sizeof(c->window[0]), by_time);
	return r < 0 ? err_sys(e, r, "case %lld", (long long)number) : 0;
}

int64_t cases_before(const struct case_view *c)
{
	int64_t oldest = c->opened_seq;

	for (size_t i = 0; i < c->findings; i++) {
		const struct json *refs = json_get(c->finding[i].fact, "refs");

		if (c->finding[i].seq < oldest)
			oldest = c->finding[i].seq;
		for (const struct json *r = refs ? refs->first : NULL; r; r = r->next) {
			if (r->kind == JSON_INT && r->i > 0 && r->i < oldest)
				oldest = r->i;
		}
	}
	return oldest - 1;
}
