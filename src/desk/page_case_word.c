/* page_case_word: what a person says of a case on the console: a word, then a fact. */
#include "desk/page_case.h"

struct asked {
	struct page *p;
	struct cases *cases;
	const struct case_view *c;
};

static struct slice field(const struct asked *q, const char *name)
{
	return slice_trim(form_field(q->p->a, q->p->rq->body, name));
}

/* Show the page with what was wrong about the form. */
static enum http_turn refuse(struct asked *q, unsigned status, const char *key)
{
	q->p->rp->status = status;
	json_put_str(q->p->a, q->p->m, "refused", key);
	json_put_slice(q->p->a, q->p->m, "text", field(q, "text"));
	if (!page_case_fill(q->p, q->cases, q->c))
		return page_fault(q->p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	return HTTP_DONE;
}

static struct slice signature(const struct asked *q)
{
	struct slice by = field(q, "by");

	if (by.n)
		session_sign(q->p->who, by);
	return slice_str(q->p->who->name);
}

/* ---- verbs ---- */

typedef bool fill_fn(const struct asked *q, struct json *word);

static bool fill_text(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "text", field(q, "text"));
	return true;
}

static bool fill_reason(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "reason", field(q, "text"));
	return true;
}

static bool fill_assign(const struct asked *q, struct json *word)
{
	json_put_slice(q->p->a, word, "to", field(q, "text"));
	return true;
}

static bool fill_filed(const struct asked *q, struct json *word)
{
	struct slice id = field(q, "clock");
	struct clock_view *v = NULL;
	int64_t n = clocks_of(q->p->desk->clocks, q->c, q->p->now, q->p->a, &v);

	json_put_slice(q->p->a, word, "clock", id);
	json_put_slice(q->p->a, word, "receipt", field(q, "text"));
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
	json_put_slice(q->p->a, word, "reason", field(q, "text"));
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

static enum http_turn send_word(struct asked *q)
{
	struct page *p = q->p;
	size_t v = verb_of(p);
	struct slice text = field(q, "text"), by = signature(q);
	struct json *word;

	if (v == VERBS)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	if (verbs[v].open && q->c->state != CASE_OPEN)
		return refuse(q, MHD_HTTP_CONFLICT, "refused.closed");
	if (!text.n || text.n > WORD_REASON_MAX)
		return refuse(q, MHD_HTTP_BAD_REQUEST,
		              text.n ? "refused.long" : "refused.text");
	if (verbs[v].named && !by.n)
		return refuse(q, MHD_HTTP_BAD_REQUEST, "refused.name");
	word = fact_draft(p->a, verbs[v].type);
	json_put_int(p->a, word, "case", q->c->number);
	json_put_slice(p->a, word, "by", by.n ? by : SLICE("console"));
	fact_ref(p->a, word, q->c->opened_seq);
	if (!verbs[v].fill(q, word))
		return refuse(q, MHD_HTTP_BAD_REQUEST, "refused.moved");
	p->rq->state = word_send(&p->desk->words, p->desk->post, word);
	return p->rq->state ? HTTP_WAIT
	                    : refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "refused.full");
}

static enum http_turn answer(struct asked *q)
{
	struct word *w = q->p->rq->state;

	if (!w)
		return send_word(q);
	if (w->state == WORD_SENT && clock_mono_us() - w->at < WORD_WAIT_US)
		return HTTP_WAIT;
	if (w->state == WORD_SENT)
		return refuse(q, MHD_HTTP_ACCEPTED, "refused.later");
	if (w->state == WORD_REFUSED) {
		json_put_str(q->p->a, q->p->m, "ledger_says", w->why);
		word_forget(w);
		return refuse(q, MHD_HTTP_BAD_REQUEST, "refused.ledger");
	}
	word_forget(w);
	return page_redirect(
	    q->p, arena_printf(q->p->a, "/case/%lld#words", (long long)q->c->number));
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
