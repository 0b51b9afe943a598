#include "desk/card.h"

static const struct {
	double least;
	const char *key;
} sures[] = {
    {0.95, "sure.certain"}, {0.8, "sure.very"}, {0.6, "sure.likely"},
    {0.2, "sure.maybe"},    {0.0, "sure.low"},
};

const char *card_sure(double confidence)
{
	size_t i = 0;

	while (i + 1 < sizeof(sures) / sizeof(sures[0]) && confidence < sures[i].least)
		i++;
	return sures[i].key;
}

/* "what.file.tampered.payment" where there are words for this role or sign, else without it. */
static struct slice what_key(struct arena *a, const struct json *fact)
{
	const struct json *signs = json_get(fact, "signs");
	struct slice type = fact_type(fact), more[] = {json_text(fact, "role"), SLICE("")};

	if (signs && signs->first && signs->first->kind == JSON_STR)
		more[1] = signs->first->s;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		struct slice key =
		    arena_printf(a, "what.%.*s.%.*s", SLICE_ARG(type), SLICE_ARG(more[i]));

		if (!slice_eq(lang_text(key, LANG_EN), key))
			return key;
	}
	return arena_printf(a, "what.%.*s", SLICE_ARG(type));
}

struct slice card_path(struct arena *a, const struct json *fact)
{
	struct slice page = json_text(fact, "page"), subject = json_text(fact, "subject");

	if (!page.n)
		return json_text(fact, "path");
	/* What is counted has a number as its subject. */
	return !subject.n || (subject.at[0] >= '0' && subject.at[0] <= '9' && subject.n < 5)
	           ? page
	           : arena_printf(a, "%.*s · %.*s", SLICE_ARG(page), SLICE_ARG(subject));
}

static void put_words(struct page *p, struct json *c, const struct json *fact)
{
	double sure = json_real(fact, "confidence", 0);

	json_put_slice(p->a, c, "what", what_key(p->a, fact));
	json_put_slice(p->a, c, "path", card_path(p->a, fact));
	json_put_slice(p->a, c, "why",
	               json_text(fact, p->lang == LANG_JA ? "why.ja" : "why.en"));
	json_put_str(p->a, c, "sure", card_sure(sure));
	json_put_int(p->a, c, "percent", (int64_t)(sure * 100 + 0.5));
}

struct json *card_of(struct page *p, const struct ledger_finding *f)
{
	struct json *c = json_obj(p->a);
	struct json *fact = json_parse(p->a, arena_copy(p->a, f->body), NULL);
	const char *severity = fact_severity_name(f->severity);
	const char *state = ledger_finding_state_name(f->state);
	struct buf ago;

	buf_init(&ago, 128);
	json_put_int(p->a, c, "seq", f->seq);
	json_put_int(p->a, c, "rank", (int64_t)f->severity);
	json_put_str(p->a, c, "severity", severity);
	json_put_slice(p->a, c, "severity_say", arena_printf(p->a, "severity.%s", severity));
	json_put_str(p->a, c, "state", state);
	json_put_slice(p->a, c, "state_say", arena_printf(p->a, "state.%s", state));
	put_words(p, c, fact);
	when_put(p->a, c, "when", f->at_us, WHEN_SHORT, p->lang);
	when_ago(&ago, f->at_us, p->now, p->lang);
	json_put_slice(p->a, c, "ago", buf_slice(&ago));
	buf_done(&ago);
	return c;
}

/* One pass a severity keeps the order among equals. */
struct json *card_sort(struct arena *a, struct json *cards)
{
	struct json *sorted = json_arr(a);

	for (int64_t rank = SEV_CRITICAL; cards && rank >= SEV_INFO; rank--) {
		for (struct json *c = cards->first; c; c = c->next) {
			if (json_num(c, "rank", 0) == rank)
				json_push(sorted, json_copy(a, c));
		}
	}
	return sorted;
}
