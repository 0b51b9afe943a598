/*
 * News: who noticed. A call from outside ("カード会社より連絡を受け"), else what was found in
 * the own house; who called is told only where the sentence names them.
 */
#include "parse/news_name.h"
#include "parse/news_rule.h"

#define MAX_ASIDE  60
#define MAX_OFFICE 16
#define NEAR_LATIN 40
#define NEXT_LATIN 8

static struct json *known_caller(const struct news_view *v, struct slice by)
{
	const struct json *all = json_get(v->n->out, "noticed");

	for (struct json *f = all ? all->first : NULL; f; f = f->next)
		if (slice_eq(json_text(f, "by"), by))
			return f;
	return NULL;
}

/* Behind "異常を確認したのは", "改ざんを" stands the day: how far behind. Else 0. */
static size_t day_comes(const struct news_view *v, size_t to)
{
	static const char *const links[] = {"を", "のは", "たのは", "したのは", NULL};

	return news_name_form(v->n, to, links);
}

/* "決済代行会社から3月5日に連絡があり", "改ざんされていることを3月5日に確認し" */
static const struct news_mark *day_within(const struct news_view *v, size_t from, size_t to)
{
	static const char *const before[] = {"から", "より", "ことを", NULL};
	const struct news_mark *d = news_first(v->n, N_DATE, from, to);
	size_t at = d ? d->from : 0;

	at -= d && news_c(v->n, at - 1) == 0x3001 ? 1 : 0;
	if (d && news_name_behind(v->n, at, before))
		return d;
	d = news_first(v->n, N_DATE, to, v->to);
	return d && d->from == to + day_comes(v, to) ? d : NULL;
}

static void tell_noticed(const struct news_view *v, struct slice by, size_t from, size_t to)
{
	size_t d_from = 0, d_to = 0;
	const struct news_date *d = news_rule_day(v, from, false, &d_from, &d_to);
	struct json *f = v->s->by_outside ? known_caller(v, by) : NULL;

	if (!d || d_from < v->from || news_lit(v->n, from, "ことを") || day_comes(v, to))
		d = day_within(v, from, to) ? &day_within(v, from, to)->date : d;
	if (v->s->by_outside && (!f || !d || json_get(f, "at")))
		return;
	f = news_tell(v->n, "noticed", by, from, to);
	if (!f || json_get(f, "at"))
		return;
	if (!json_get(f, "by"))
		json_put_slice(v->n->mem, f, "by", by);
	if (d)
		news_rule_put_day(v->n, f, "at", d);
}

/* Behind what stands at `at`, an aside in brackets left out: "から", "より"? */
bool news_rule_calls_from(const struct news_view *v, size_t at)
{
	if (news_c(v->n, at) == '(') {
		size_t end = at;
		while (end < v->to && end - at < MAX_ASIDE && news_c(v->n, end) != ')')
			end++;
		at = news_c(v->n, end) == ')' ? end + 1 : at;
	}
	return news_lit(v->n, at, "から") || news_lit(v->n, at, "より");
}

/* "A社より連絡を受け", where A is a vendor that the text named. */
static bool vendor_called(const struct news_view *v, size_t called)
{
	const struct json *all = json_get(v->n->out, "vendors");

	for (size_t i = v->from; i < called; i++) {
		size_t from, to = i;
		struct slice name;
		if (!news_lit(v->n, i, "から") && !news_lit(v->n, i, "より"))
			continue;
		from = news_name_before(v->n, i);
		if (news_lit_before(v->n, to, "社") && !news_lit_before(v->n, to, "会社"))
			to--;
		name = news_utf8(v->n, from, to);
		if (news_name_is(v->n, from, to, news_name_forms) ||
		    (news_lit_before(v->n, to, "会社") &&
		     !news_name_ends(v->n, from, to, news_name_forms)))
			continue; /* "保守会社から" */
		for (const struct json *f = all ? all->first : NULL; f && to >= from + 2;
		     f = f->next) {
			if (slice_find(json_text(f, "name"), name) == SIZE_MAX)
				continue;
			tell_noticed(v, SLICE("vendor"), from, i);
			return true;
		}
	}
	return false;
}

/* "card brands notified us", "was notified by its bank" */
static const struct news_mark *latin_caller(const struct news_view *v,
                                            const struct news_mark *c)
{
	size_t from = c->from > v->from + NEAR_LATIN ? c->from - NEAR_LATIN : v->from;
	size_t to = c->to + NEAR_LATIN < v->to ? c->to + NEAR_LATIN : v->to;
	const struct news_mark *w = news_first(v->n, N_WHO, from, c->from), *last = NULL;

	for (; w; w = news_next(v->n, w, c->from))
		last = w;
	if (last && last->to + NEXT_LATIN >= c->from)
		return last;
	for (w = news_first(v->n, N_WHO, c->to, to); w; w = news_next(v->n, w, to))
		for (size_t i = c->to; i < w->from; i++)
			if (news_lit(v->n, i, "by ") || news_lit(v->n, i, "from "))
				return w;
	return NULL;
}

/* Behind "警視庁" in "警視庁サイバー犯罪対策課より". */
static size_t behind_office(const struct news_view *v, size_t at)
{
	size_t i = at;

	while (i < v->to && i - at < MAX_OFFICE && news_name_char(news_c(v->n, i)))
		i++;
	return i;
}

/*
 * Who is told of before the call: whom "から" follows, or whose it is ("カード会社の連絡").
 * "顧客の情報の漏えい懸念について連絡を受け" names nobody.
 */
static const struct news_mark *caller(const struct news_view *v, size_t to)
{
	static const char *const from[] = {"から", "より", "を通じ", "を経由", "による", NULL};
	const struct news_mark *w = news_first(v->n, N_WHO, v->from, to), *last = NULL;

	for (; w; w = news_next(v->n, w, to)) {
		last = w;
		for (size_t i = w->to; i < behind_office(v, w->to) + 4; i++)
			for (size_t k = 0; from[k]; k++)
				if (news_lit(v->n, i, from[k]))
					return w;
	}
	return last && news_lit(v->n, last->to, "の") && last->to + 1 == to ? last : NULL;
}

/* "株式会社Xから報告を受け": somebody with a name, of whom the text says no more. */
static bool stranger_called(const struct news_view *v, size_t called)
{
	const struct news_mark *m = news_first(v->n, N_NAME, v->from, called);

	while (m && !news_rule_calls_from(v, m->to))
		m = news_next(v->n, m, called);
	return m && !v->n->latin;
}

/* Who called, of all that the sentence names: those with "から" behind, else the first. */
static bool tell_callers(const struct news_view *v, const struct news_mark *c)
{
	const struct news_mark *first = news_first(v->n, N_WHO, v->from, c->from), *w;
	bool any = false;

	for (w = first; w && !v->n->latin; w = news_next(v->n, w, c->from)) {
		if (!news_rule_calls_from(v, w->to))
			continue;
		tell_noticed(v, w->id, w->from, c->to);
		any = true;
	}
	if (any || vendor_called(v, c->from) || stranger_called(v, c->from))
		return true;
	first = v->n->latin ? latin_caller(v, c) : caller(v, c->from);
	if (first)
		tell_noticed(v, first->id, first->from, c->to > first->to ? c->to : first->to);
	return first != NULL;
}

/* "the attack was discovered", "USBが発見された": by whom, it does not say. */
static bool by_nobody(const struct news_view *v, const struct news_mark *c)
{
	static const char *const behind[] = {" on ", " in ", " by ", " at ", NULL},
	                         *const by[] = {" by ", NULL};
	static const char *const others[] = {"nvestigators ", "esearchers ", "xperts ", "firm ",
	                                     "hackers ",      "vendor ",     "who ",    NULL};

	if (!v->n->latin) /* "障害が発生したシステム": which one */
		return news_lit(v->n, c->to, "され") || news_lit(v->n, c->to, "られ") ||
		       news_rule_of_noun(v, c);
	if (news_name_within(v->n, c->from, c->to, by))
		return false; /* "was identified by our staff" */
	if (news_name_behind(v->n, c->from, others))
		return true;
	/* "ransomware discovered on the network", but "discovered on May 8" */
	for (size_t i = 0; behind[i]; i++) {
		size_t len = news_lit(v->n, c->to, behind[i]);
		const struct news_mark *d = news_first(v->n, N_DATE, c->to, v->to);
		if (len && !(d && d->from == c->to + len))
			return true;
	}
	return news_lit_before(v->n, c->from, "was ") ||
	       news_lit_before(v->n, c->from, "were ") ||
	       news_lit_before(v->n, c->from, "been ") ||
	       news_lit_before(v->n, c->from, "not ");
}

/* "X社でシステム障害が発生", where X is a vendor: it is not the own staff that notices. */
static bool at_vendor(const struct news_view *v, const struct news_mark *c)
{
	const struct json *all = json_get(v->n->out, "vendors");
	struct slice before = news_utf8(v->n, v->from, c->from);

	for (const struct json *f = all ? all->first : NULL; f; f = f->next)
		if (slice_find(before, json_text(f, "name")) != SIZE_MAX)
			return true;
	return false;
}

/* The call. "懸念について…から連絡" spans who called; "連絡を受け" in it does not. */
static const struct news_mark *call_in(const struct news_view *v)
{
	const struct news_mark *c = news_has(v->n, N_CUE, "called", v->from, v->to), *m = c;

	if (c && v->n->latin && news_lit_before(v->n, c->from, "when "))
		return NULL; /* "declined to comment when contacted by" */
	while (m && (m = news_next(v->n, m, v->to)) && m->from < c->to)
		if (news_rule_is(m->id, "called"))
			c = m;
	return c;
}

/* "after its payment processor detected unusual activity" */
static const struct news_mark *who_right_before(const struct news_view *v,
                                                const struct news_mark *c)
{
	size_t least = c->from > v->from + NEAR_LATIN ? c->from - NEAR_LATIN : v->from;
	const struct news_mark *w = news_first(v->n, N_WHO, least, c->from);

	while (w && w->to + 1 != c->from)
		w = news_next(v->n, w, c->from);
	return w;
}

void news_rule_noticed(const struct news_view *v)
{
	const struct news_mark *c;
	size_t from, to;

	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    news_rule_is(v->s->section, "request") || v->s->phish)
		return;
	c = call_in(v);
	if (c && tell_callers(v, c)) {
		v->s->by_outside = true;
		return;
	}
	c = news_has(v->n, N_CUE, "own", v->from, v->to);
	if (!c && news_first(v->n, N_DATE, v->from, v->to))
		c = news_has(v->n, N_CUE, "own.day", v->from, v->to);
	if (c && !news_rule_denied(v, c->from, c->to) && !by_nobody(v, c) && !at_vendor(v, c) &&
	    /* "we identified the issue": without a day it may be anything */
	    (!v->n->latin || news_rule_day(v, c->from, false, &from, &to))) {
		const struct news_mark *w = v->n->latin ? who_right_before(v, c) : NULL;
		tell_noticed(v, w ? w->id : SLICE("own-staff"), w ? w->from : c->from, c->to);
		v->s->by_outside = true;
	}
}
