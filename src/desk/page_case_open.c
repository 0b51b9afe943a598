/* page_case_open: somebody called: a person opens a case. */
#include "desk/page_case.h"
#include "desk/page_word.h"

/* What is wrong with the form, or NULL and the word. */
static const char *draft(struct page *p, struct json **out)
{
	static const char *const traits[] = {"money", "wrongful", "sensitive"};
	struct slice from = page_word_field(p, "from"), reason = page_word_field(p, "text");
	struct slice known = page_word_field(p, "known"), by = page_word_by(p);
	struct json *w = fact_draft(p->a, "case.opened"), *list = json_arr(p->a);
	int64_t us = 0;
	char at[CLOCK_TEXT_BYTES];

	if (!reason.n)
		return "refused.text";
	if (reason.n > WORD_REASON_MAX || from.n > WORD_REASON_MAX)
		return "refused.long";
	if (!by.n)
		return "refused.name";
	if (known.n && (!page_time(known, false, &us) || us <= 0 || us > p->now))
		return "refused.time";
	if (us > 0) {
		clock_text(us, at);
		json_put_str(p->a, w, "known", at);
	}
	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++) {
		if (page_word_field(p, traits[i]).n)
			json_push(list, json_str(p->a, slice_str(traits[i])));
	}
	if (list && list->first)
		json_put(p->a, w, "traits", list);
	if (from.n)
		json_put_slice(p->a, w, "from", from);
	json_put_slice(p->a, w, "by", by);
	json_put_slice(p->a, w, "reason", reason);
	*out = w;
	return NULL;
}

static enum http_turn opened(struct page *p, int64_t seq)
{
	struct cases *cs = NULL;
	int64_t number = 0;

	if (seq > 0 && page_case_read(p, &cs)) {
		for (int64_t n = (int64_t)cases_count(cs); n > 0 && !number; n--)
			number = cases_get(cs, n)->opened_seq == seq ? n : 0;
	}
	cases_free(cs);
	return page_redirect(p, number ? arena_printf(p->a, "/case/%lld", (long long)number)
	                               : SLICE("/cases"));
}

enum http_turn page_case_open(struct page *p)
{
	static const char *const fields[] = {"from", "known", "text"};
	struct json *word = NULL;
	const char *key = p->rq->state ? NULL : draft(p, &word);
	enum page_said said = PAGE_SAID_NOT;
	int64_t seq = 0;

	if (key)
		page_word_refuse(p, MHD_HTTP_BAD_REQUEST, key);
	else
		said = page_word_say(p, word, &seq);
	if (said == PAGE_SAID_WAIT)
		return HTTP_WAIT;
	if (said == PAGE_SAID_KEPT)
		return opened(p, seq);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		json_put_slice(p->a, p->m,
		               arena_cstr(p->a, arena_printf(p->a, "form_%s", fields[i])),
		               page_word_field(p, fields[i]));
	return page_cases(p);
}
