/*
 * restore_then: a moment of the past is no judge of all that stood there. Of what changes by
 * itself, each state is approved until a finding speaks against it; and before a root's first
 * inventory was complete, nothing is known of what it had not come to.
 */
#include "face/restore.h"
#include "fact/version.h"
#include <string.h>

int restore_kept(const struct restore *r, const struct table_state *s)
{
	return s->class == CLASS_FILE ? ledger_kept(r->f->ledger, &s->hash) : 1;
}

static int fault(int c)
{
	COMPLAIN(T_LEDGER_FAULT, face_why(c));
	return EXIT_OURS;
}

/* ---- the first inventory ---- */

struct first {
	const struct restore *r;
	struct arena mem; /* one fact */
	int64_t seq;      /* the first fact about the root itself, then what ended that walk */
};

static int on_root(void *ctx, int64_t seq, struct slice body)
{
	struct first *f = ctx;

	arena_reset(&f->mem);
	if (!slice_eq(json_text(json_parse(&f->mem, body, NULL), "root"), f->r->where.root))
		return 0;
	f->seq = seq;
	return 1;
}

static int on_end(void *ctx, int64_t seq, struct slice body)
{
	int64_t *end = ctx;

	(void)body;
	*end = !*end || seq < *end ? seq : *end;
	return 1;
}

/* The fact by which all below the root had been looked at once; 0: not yet. */
static int known_since(const struct restore *r, int64_t *out)
{
	static const char *const ends[] = {"baseline.done", "watch.rescanned"};
	struct first f = {.r = r};
	int c;

	*out = 0;
	arena_init(&f.mem, 4u * FACT_MAX_BYTES);
	c = ledger_about(r->f->ledger, face_path_text(r->f, SLICE("")), on_root, &f);
	arena_done(&f.mem);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && c >= 0; i++) {
		struct ledger_query q = {
		    .from_seq = f.seq, .type = slice_str(ends[i]), .limit = 1};

		c = ledger_each(r->f->ledger, &q, on_end, out);
	}
	return c < 0 ? c : 0;
}

/* In a folder all that was not there is removed: what was not known yet would be, too. */
int restore_known_then(const struct restore *r)
{
	const char *at = args_text(&r->f->args, OPT_AT);
	int64_t since = 0;
	int c = known_since(r, &since);

	if (c < 0)
		return fault(c);
	if (r->to || (since && r->upto >= since))
		return EXIT_GOOD;
	COMPLAIN(T_BEFORE_LEDGER, at ? at : args_text(&r->f->args, OPT_BEFORE));
	return EXIT_USE;
}

/* ---- uploads, caches, data ---- */

struct states {
	struct restore *r;
	const struct restore_item *it;
	struct arena mem; /* one fact */
	bool there;       /* the fact that brought what is wanted was read, and says so */
	bool bad;         /* a finding that rests on it was not taken back by a person */
};

static int take_state(void *ctx, const struct ledger_finding *f)
{
	struct states *s = ctx;

	s->bad = s->bad || (f->state != FINDING_DISMISSED && f->state != FINDING_APPROVED);
	return 0;
}

static bool rests_on(const struct json *finding, int64_t seq)
{
	const struct json *refs = json_get(finding, "refs");

	for (const struct json *x = refs ? refs->first : NULL; x; x = x->next) {
		if (x->kind == JSON_INT && x->i == seq)
			return true;
	}
	return false;
}

static int on_fact(void *ctx, int64_t seq, struct slice body)
{
	struct states *s = ctx;
	const struct json *fact;
	struct table_state present;

	arena_reset(&s->mem);
	fact = json_parse(&s->mem, body, NULL);
	if (!slice_eq(json_text(fact, "root"), s->r->where.root))
		return 0;
	if (seq == s->it->want.seq) {
		present = version_of(json_get(fact, "present"), seq);
		s->there = table_same(&present, &s->it->want);
	}
	if (s->there && slice_eq(json_text(fact, "kind"), SLICE("finding")) &&
	    rests_on(fact, s->it->want.seq))
		return ledger_finding_get(s->r->f->ledger, seq, take_state, s);
	return 0;
}

/* Does a finding rest on the very change by which what is wanted came there? */
static int found_bad(struct restore *r, const struct restore_item *it, bool *bad)
{
	struct states s = {.r = r, .it = it};
	int c;

	arena_init(&s.mem, 16u * FACT_MAX_BYTES);
	c = ledger_about(r->f->ledger, face_path_text(r->f, it->name), on_fact, &s);
	arena_done(&s.mem);
	*bad = s.bad;
	return c < 0 ? c : 0;
}

/*
 * What was approved only since nobody had looked yet is not put back, nor left there; what is
 * not kept can't be. Then the state comes in its place that no finding speaks against.
 */
int restore_judge_then(struct restore *r)
{
	for (size_t i = 0; i < r->items; i++) {
		struct restore_item *it = &r->item[i];
		bool bad = false;
		int c = 0;

		if (!it->taken_back)
			continue;
		if (it->want.class != CLASS_NONE)
			c = found_bad(r, it, &bad);
		if (c < 0)
			return fault(c);
		bad = bad || table_same(&it->want, &it->now) ||
		      (!r->to && !slice_eq(it->name, r->where.raw) &&
		       restore_kept(r, &it->want) != 1);
		if (bad)
			it->want = it->good;
	}
	return EXIT_GOOD;
}
