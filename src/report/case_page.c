/*
 * case_page: since when, and until when, a page was not as it should be. A finding about a page
 * names what it rests on: what a visit saw. The last good visit of the page before that is when
 * it was last known good. What leaves a page only comparisons of visits can tell: the last one
 * before in which it did not leave, and it is over with the first in which it does not leave
 * any more; the rest is over with what closes the finding.
 */
#include "report/case_parts.h"
#include <errno.h>

#define FACT_MEM_BYTES (16u * FACT_MAX_BYTES)

struct visit {
	struct slice page, arm, to;
	struct arena mem;
	int64_t us, seq; /* found */
};

/* A valid visit of this page, in this way of visiting where the finding names one. */
static int on_checked(void *ctx, int64_t seq, struct slice body)
{
	struct visit *v = ctx;
	const struct json *fact;

	arena_reset(&v->mem);
	fact = json_parse(&v->mem, body, NULL);
	if (!slice_eq(json_text(fact, "page"), v->page) || !json_true(fact, "valid") ||
	    (v->arm.n && !slice_eq(json_text(fact, "arm"), v->arm)))
		return 0;
	v->us = fact_at_us(fact);
	v->seq = seq;
	return 1;
}

static bool leaves(const struct json *fact, struct slice to)
{
	const struct json *flows = json_get(fact, "flows");

	for (const struct json *f = flows ? flows->first : NULL; f; f = f->next) {
		if (slice_eq(json_text(f, "to"), to) &&
		    !slice_eq(json_text(f, "verdict"), SLICE("independent")))
			return true;
	}
	return false;
}

static int on_twins(void *ctx, int64_t seq, struct slice body)
{
	struct visit *v = ctx;
	const struct json *fact;

	arena_reset(&v->mem);
	fact = json_parse(&v->mem, body, NULL);
	if (!slice_eq(json_text(fact, "page"), v->page) || !json_true(fact, "valid") ||
	    leaves(fact, v->to))
		return 0;
	v->us = fact_at_us(fact);
	v->seq = seq;
	return 1;
}

/* The newest of the case's findings about the same as this one. */
static const struct json *newest(const struct case_view *c, const struct json *finding)
{
	const struct json *last = finding;

	for (size_t i = 0; i < c->findings; i++) {
		const struct json *f = c->finding[i].fact;

		if (slice_eq(json_text(f, "root"), json_text(finding, "root")) &&
		    slice_eq(json_text(f, "path"), json_text(finding, "path")))
			last = f;
	}
	return last;
}

static int on_state(void *ctx, const struct ledger_finding *f)
{
	struct ledger_finding *out = ctx;

	out->state = f->state;
	out->closed_by = f->closed_by;
	return 0;
}

/* What closed the finding, where that was no newer finding and no word of dismissal. */
static int closed(struct ledger *l, const struct json *finding, struct visit *v,
                  struct case_window *w)
{
	struct ledger_finding state = {0};
	struct buf body;
	const struct json *by;
	int r = ledger_finding_get(l, fact_seq(finding), on_state, &state);

	if (r < 0 || !state.closed_by || state.state == FINDING_DISMISSED)
		return r == -ENOENT ? 0 : r;
	buf_init(&body, FACT_MAX_BYTES);
	r = ledger_get(l, state.closed_by, &body);
	arena_reset(&v->mem);
	by = r == 0 ? json_parse(&v->mem, buf_slice(&body), NULL) : NULL;
	if (by && !slice_eq(json_text(by, "kind"), SLICE("finding"))) {
		w->to_us = fact_at_us(by);
		w->to_seq = state.closed_by;
		w->end = state.state == FINDING_APPROVED ? CASE_APPROVED : CASE_RESTORED;
	}
	buf_done(&body);
	return r;
}

static int64_t first_ref(const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");

	return refs && refs->first && refs->first->kind == JSON_INT ? refs->first->i
	                                                            : fact_seq(fact);
}

static bool by_twins(const struct json *finding)
{
	return slice_eq(fact_type(finding), SLICE("page.flow")) ||
	       slice_eq(fact_type(finding), SLICE("page.opaque"));
}

static int began(struct ledger *l, const struct json *finding, struct visit *v,
                 struct case_window *w)
{
	struct ledger_query q = {.to_seq = first_ref(finding) - 1,
	                         .type = SLICE("page.checked"),
	                         .newest_first = true};
	ledger_fact_fn *fn = on_checked;
	int r;

	if (by_twins(finding)) {
		q.type = SLICE("page.twins");
		fn = on_twins;
	}
	r = q.to_seq > 0 ? ledger_each(l, &q, fn, v) : 0;
	w->from_seq = first_ref(finding);
	if (!clock_parse(json_text(finding, "since"), &w->from_us))
		w->from_us = fact_at_us(finding);
	w->earliest_us = v->seq ? v->us : 0;
	w->earliest_seq = v->seq;
	return r < 0 ? r : 0;
}

static int ended(struct ledger *l, const struct json *last, struct visit *v,
                 struct case_window *w)
{
	struct ledger_query q = {.from_seq = first_ref(last) + 1, .type = SLICE("page.twins")};
	int r = 0;

	v->us = v->seq = 0;
	if (by_twins(last))
		r = ledger_each(l, &q, on_twins, v);
	if (r < 0 || !v->seq)
		return r < 0 ? r : closed(l, last, v, w);
	w->to_us = v->us;
	w->to_seq = v->seq;
	w->end = CASE_REMOVED;
	return 0;
}

int case_page_window(struct ledger *l, const struct case_view *c, const struct json *finding,
                     struct case_window *out)
{
	struct case_window w = {.path = json_text(finding, "page")};
	struct visit v = {.page = w.path,
	                  .arm = json_text(finding, "arm"),
	                  .to = json_text(finding, "subject")};
	int r;

	arena_init(&v.mem, FACT_MEM_BYTES);
	r = began(l, finding, &v, &w);
	if (r == 0)
		r = ended(l, newest(c, finding), &v, &w);
	arena_done(&v.mem);
	if (r == 0)
		*out = w;
	return r;
}
