/*
 * page_web_word: what a person says of what a page runs: page.authorised, page.refused, and
 * that it be visited now. Only what the page itself offered: a script that the inventory has
 * in the version that was shown, or the subject of an open finding.
 */
#include "desk/page_web.h"
#include "desk/page_word.h"

#define OWNER_MAX 200

struct asked {
	struct page *p;
	struct web *w;
	const char *what; /* script, flow, header, form, frame */
	struct slice subject;
	const struct inventory_script *script;
};

static enum http_turn again(struct asked *q)
{
	if (!page_web_fill(q->p, q->w))
		return page_fault(q->p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	return HTTP_DONE;
}

static enum http_turn refuse(struct asked *q, unsigned status, const char *key)
{
	page_word_refuse(q->p, status, key);
	return again(q);
}

static int take_finding(void *ctx, const struct ledger_finding *f)
{
	struct asked *q = ctx;
	const struct json *fact = json_parse(q->p->a, arena_copy(q->p->a, f->body), NULL);

	if (f->state == FINDING_OPEN && inventory_one(fact) &&
	    slice_eq(json_text(fact, "page"), q->w->name)) {
		q->what = inventory_what(fact);
		q->subject = json_text(fact, "subject");
	}
	return 0;
}

/* What it is about; false: it is not there any more, or not as it was shown. */
static bool find(struct asked *q)
{
	struct page *p = q->p;
	struct slice url = page_word_field(p, "url"), hash = page_word_field(p, "hash");
	int64_t finding = form_number(p->a, p->rq->body, "finding", 0);

	if (finding > 0) {
		ledger_finding_get(p->ledger, finding, take_finding, q);
		return q->what != NULL;
	}
	for (size_t i = 0; i < q->w->inv.n; i++) {
		const struct inventory_script *s = &q->w->inv.script[i];

		if (!slice_eq(slice_str(s->page), q->w->name) ||
		    !slice_eq(slice_str(s->url), url) || !slice_eq(slice_str(s->hash), hash))
			continue;
		q->what = "script";
		q->subject = slice_str(s->subject);
		q->script = s;
		return true;
	}
	return false;
}

static struct json *draft(struct asked *q, const char *type, struct slice by)
{
	struct page *p = q->p;
	struct json *w = fact_draft(p->a, type);

	json_put_slice(p->a, w, "script", q->subject);
	json_put_str(p->a, w, "what", q->what);
	json_put_slice(p->a, w, "page", q->w->name);
	json_put_slice(p->a, w, "reason", page_word_field(p, "reason"));
	json_put_slice(p->a, w, "by", by);
	return w;
}

/* "as": this: the version that was shown alone; releases: whatever its address gives. */
static struct json *authorisation(struct asked *q, struct slice by)
{
	struct page *p = q->p;
	struct json *w = draft(q, "page.authorised", by), *list;
	int64_t seq[INVENTORY_SETTLED];
	struct slice as = page_word_field(p, "as");
	size_t n;

	json_put_slice(p->a, w, "owner", page_word_field(p, "owner"));
	json_put_slice(p->a, w, "class", slice_eq(as, SLICE("3ds")) ? as : SLICE(""));
	if (q->script && slice_eq(as, SLICE("this"))) {
		if (q->script->structure[0])
			json_put_str(p->a, w, "structure", q->script->structure);
		else
			json_put_str(p->a, w, "hash", q->script->hash);
	}
	n = inventory_settles(p->ledger, p->a, w, seq);
	list = n ? json_put(p->a, w, "findings", json_arr(p->a)) : NULL;
	for (size_t i = 0; i < n; i++)
		json_push(list, json_int(p->a, seq[i]));
	return w;
}

static struct json *visit(struct asked *q, struct slice by)
{
	struct json *w = fact_draft(q->p->a, "page.asked");

	json_put_slice(q->p->a, w, "page", q->w->name);
	json_put(q->p->a, w, "arms", json_arr(q->p->a));
	json_put_slice(q->p->a, w, "by", by);
	return w;
}

/* What is wrong with the form, or NULL. */
static const char *wrong(struct asked *q, bool authorise, struct slice by)
{
	struct slice reason = page_word_field(q->p, "reason");
	struct slice owner = page_word_field(q->p, "owner");

	if (!reason.n)
		return "refused.reason";
	if (reason.n > WORD_REASON_MAX || owner.n > OWNER_MAX)
		return "refused.long";
	if (authorise && !owner.n)
		return "refused.owner";
	return by.n ? NULL : "refused.name";
}

static enum http_turn say(struct asked *q)
{
	struct page *p = q->p;
	bool authorise = slice_ends(p->rq->path, SLICE("/authorise"));
	struct slice by = page_word_by(p);
	struct json *word = NULL;
	const char *key;
	int64_t seq;

	if (p->rq->state) {
		word = NULL; /* it is on its way */
	} else if (slice_ends(p->rq->path, SLICE("/visit"))) {
		word = visit(q, by.n ? by : SLICE("console"));
	} else {
		key = wrong(q, authorise, by);
		if (key)
			return refuse(q, MHD_HTTP_BAD_REQUEST, key);
		if (!find(q))
			return refuse(q, MHD_HTTP_CONFLICT, "refused.moved");
		word = authorise ? authorisation(q, by) : draft(q, "page.refused", by);
		if (!authorise && q->script && q->script->hash[0])
			json_put_str(p->a, word, "hash", q->script->hash);
	}
	switch (page_word_say(p, word, &seq)) {
	case PAGE_SAID_WAIT:
		return HTTP_WAIT;
	case PAGE_SAID_NOT:
		return again(q);
	case PAGE_SAID_KEPT:
	default:
		return page_redirect(p, page_web_url(p, q->w->name));
	}
}

enum http_turn page_web_word(struct page *p)
{
	struct web w;
	struct asked q = {.p = p, .w = &w};
	enum http_turn turn;

	if (!page_web_open(p, page_word_field(p, "page"), &w))
		return HTTP_DONE;
	turn = say(&q);
	page_web_done(&w);
	return turn;
}
