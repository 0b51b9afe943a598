/* page_case_word: what a person says of a case on the console: a word, then a fact. */
#include "desk/page_case.h"
#include "desk/page_word.h"

struct asked {
	struct page *p;
	struct cases *cases;
	const struct case_view *c;
};

/* Show the page with what was wrong about the form. */
static enum http_turn again(struct asked *q)
{
	json_put_slice(q->p->a, q->p->m, "text", page_word_field(q->p, "text"));
	if (!page_case_fill(q->p, q->cases, q->c))
		return page_fault(q->p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	return HTTP_DONE;
}

/* ---- verbs ---- */

typedef bool fill_fn(const struct asked *q, struct json *word);

static bool fill_text(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "text", page_word_field(q->p, "text"));
	return true;
}

static bool fill_reason(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "reason", page_word_field(q->p, "text"));
	return true;
}

static bool fill_assign(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "to", page_word_field(q->p, "text"));
	return true;
}

static bool fill_filed(const struct asked *q, struct json *word)
{
	struct slice id = page_word_field(q->p, "clock");
	struct clock_view *v = NULL;
	int64_t n = clocks_of(q->p->desk->clocks, q->c, q->p->now, q->p->a, &v);

	json_put_slice(q->p->a, word, "clock", id);
	json_put_slice(q->p->a, word, "receipt", page_word_field(q->p, "text"));
	for (int64_t i = 0; i < n; i++) {
		if (slice_eq(v[i].rule->id, id))
			return true;
	}
	return false;
}

static bool fill_uncount(const struct asked *q, struct json *word)
{
	int64_t start = form_number(q->p->a, q->p->rq->body, "start", 0);

	json_put_int(q->p->a, word, "start", start);
	json_put_slice(q->p->a, word, "reason", page_word_field(q->p, "text"));
	for (size_t i = 0; i < q->c->starts; i++) {
		if (q->c->start[i].seq == start)
			return true;
	}
	return false;
}

static const struct {
	const char *verb; /* the address's end */
	const char *type;
	bool open;  /* of an open case only */
	bool named; /* by a person who gives a name */
	fill_fn *fill;
} verbs[] = {
    {"/note", "case.noted", false, false, fill_text},
    {"/assign", "case.assigned", false, false, fill_assign},
    {"/close", "case.closed", true, false, fill_reason},
    {"/dismiss", "case.dismissed", true, true, fill_reason},
    {"/filed", "case.filed", false, false, fill_filed},
    {"/uncount", "case.clock", false, true, fill_uncount},
};
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static size_t verb_of(const struct page *p)
{
	size_t v = 0;

	while (v < VERBS && !slice_ends(p->rq->path, slice_str(verbs[v].verb)))
		v++;
	return v;
}

/* The word, or NULL: what is wrong with the form is said. */
static struct json *draft(struct asked *q, size_t v)
{
	struct page *p = q->p;
	struct slice text = page_word_field(p, "text"), by = page_word_by(p);
	struct json *word = fact_draft(p->a, verbs[v].type);
	unsigned status = MHD_HTTP_BAD_REQUEST;
	const char *key = NULL;

	json_put_int(p->a, word, "case", q->c->number);
	json_put_slice(p->a, word, "by", by.n ? by : SLICE("console"));
	fact_ref(p->a, word, q->c->opened_seq);
	if (verbs[v].open && q->c->state != CASE_OPEN) {
		status = MHD_HTTP_CONFLICT;
		key = "refused.closed";
	} else if (!text.n || text.n > WORD_REASON_MAX) {
		key = text.n ? "refused.long" : "refused.text";
	} else if (verbs[v].named && !by.n) {
		key = "refused.name";
	} else if (!verbs[v].fill(q, word)) {
		key = "refused.moved";
	}
	if (key)
		page_word_refuse(p, status, key);
	return key ? NULL : word;
}

static enum http_turn answer(struct asked *q)
{
	struct page *p = q->p;
	struct json *word = NULL;
	size_t v = verb_of(p);
	int64_t seq;

	if (v == VERBS)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	if (!p->rq->state) {
		word = draft(q, v);
		if (!word)
			return again(q);
	}
	switch (page_word_say(p, word, &seq)) {
	case PAGE_SAID_WAIT:
		return HTTP_WAIT;
	case PAGE_SAID_NOT:
		return again(q);
	case PAGE_SAID_KEPT:
	default:
		return page_redirect(
		    p, arena_printf(p->a, "/case/%lld#words", (long long)q->c->number));
	}
}

enum http_turn page_case_word(struct page *p)
{
	struct asked q = {.p = p};
	enum http_turn turn;

	if (!page_case_read(p, &q.cases))
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	q.c = cases_final(q.cases, p->number);
	turn = q.c ? answer(&q) : page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	cases_free(q.cases);
	return turn;
}
