#include "desk/page_word.h"

struct slice page_word_field(const struct page *p, const char *name)
{
	return slice_trim(form_field(p->a, p->rq->body, name));
}

struct slice page_word_by(struct page *p)
{
	struct slice by = page_word_field(p, "by");

	if (by.n)
		session_sign(p->who, by);
	return slice_str(p->who->name);
}

void page_word_refuse(struct page *p, unsigned status, const char *key)
{
	p->rp->status = status;
	json_put_str(p->a, p->m, "refused", key);
}

enum page_said page_word_say(struct page *p, const struct json *draft, int64_t *seq)
{
	struct word *w = p->rq->state;

	if (!w) {
		p->rq->state = word_send(&p->desk->words, p->desk->post, draft);
		if (p->rq->state)
			return PAGE_SAID_WAIT;
		page_word_refuse(p, MHD_HTTP_SERVICE_UNAVAILABLE, "refused.full");
		return PAGE_SAID_NOT;
	}
	if (w->state == WORD_SENT && clock_mono_us() - w->at < WORD_WAIT_US)
		return PAGE_SAID_WAIT;
	if (w->state == WORD_SENT) {
		page_word_refuse(p, MHD_HTTP_ACCEPTED, "refused.later");
		return PAGE_SAID_NOT;
	}
	*seq = w->seq;
	if (w->state == WORD_KEPT) {
		word_forget(w);
		return PAGE_SAID_KEPT;
	}
	json_put_str(p->a, p->m, "ledger_says", w->why);
	word_forget(w);
	page_word_refuse(p, MHD_HTTP_BAD_REQUEST, "refused.ledger");
	return PAGE_SAID_NOT;
}
