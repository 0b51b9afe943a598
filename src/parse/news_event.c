/*
 * News: what was done on which day. An act is laid to the day that its own part of the sentence
 * tells; what is only told of, planned or denied is no event.
 */
#include "parse/news_date.h"
#include "parse/news_name.h"
#include "parse/news_rule.h"

#define DAYS_BESIDE 12  /* "1月10日及び" */
#define SINCE       18  /* "…から不正アクセス攻撃が始まり" */
#define PERIOD_NEAR 9   /* "occurred between May 3 and ..." */
#define LEADING     32  /* "On May 8, the company first " */
#define MAX_STORY   800 /* characters of a sentence whose acts are held against each other */

/* "1月23日に調査が完了し、…と発表した": the day is of the act that comes next. */
static bool taken(const struct news_view *v, const struct news_mark *d, size_t at)
{
	const struct news_mark *a = news_first(v->n, N_ACT, d->to, at);

	return !v->n->latin && news_lit(v->n, d->to, "に") && a && a->to < at;
}

/*
 * The act of making it known in this sentence; or in the next one, where this one ends with a
 * noun: "X社は9月24日、サーバーが…に感染。情報が流出した可能性があると発表した。"
 */
static const struct news_mark *publishing(const struct news_view *v)
{
	const struct news_mark *p = news_has(v->n, N_ACT, "published", v->from, v->to);
	const struct news_line *next = v->l + 1;

	if (p || v->n->latin || next >= v->n->line + v->n->lines || next->starts ||
	    news_is_hiragana(news_c(v->n, v->to > v->from + 1 ? v->to - 2 : v->from)))
		return p;
	p = news_has(v->n, N_ACT, "published", next->from, next->to);
	return p && !news_first(v->n, N_DATE, next->from, p->from) ? p : NULL;
}

/* "X社は11月21日、... と発表した": this day is the announcement's, and no other act's. */
const struct news_mark *news_rule_topic_day(const struct news_view *v)
{
	const struct news_mark *p = publishing(v);
	const struct news_mark *d = p ? news_first(v->n, N_DATE, v->from, v->to) : NULL;

	if (!d || d->from > p->from || news_rule_in_range(v, d) || taken(v, d, p->from))
		return NULL;
	return d->from <= v->from + 2 || news_lit_before(v->n, d->from, "は") ||
	               news_lit_before(v->n, d->from, "が") ||
	               news_lit_before(v->n, d->from, "は、")
	           ? d
	           : NULL;
}

/* "27日から繰り返されていたことが判明": that day is of what went on, not of what was found. */
static bool since_then(const struct news_view *v, const struct news_mark *d, size_t at)
{
	static const char *const went_on[] = {"繰り返", "継続", "続い", "始ま", NULL};

	return news_lit(v->n, d->to, "から") && at > d->to + SINCE &&
	       news_name_within(v->n, d->to, d->to + SINCE, went_on);
}

/*
 * "11日までに", "5日時点で": no day on which something was done. And what comes behind
 * "…しましたが、" is another story.
 */
static bool no_event(const struct news_view *v, const struct news_mark *d, size_t at)
{
	const struct news_mark *p;

	if (news_lit(v->n, d->to, "まで") || news_lit(v->n, d->to, "時点で") ||
	    news_lit(v->n, d->to, "現在") || since_then(v, d, at) ||
	    news_date_to_come(v->n, d->to))
		return true;
	p = news_has(v->n, N_ACT, "published", d->to, at);
	return (p && p->to + 2 < at) ||
	       (at > d->to && news_has(v->n, N_CUE, "turn", d->to, at) != NULL);
}

/* "改ざんされていること", "漏えいした可能性": told of, not done on this day. */
static bool only_told(const struct news_view *v, const struct news_mark *m)
{
	static const char *const words[] = {"可能性", "旨",   "懸念",     "おそれ",
	                                    "恐れ",   "との", "とみられ", NULL};
	static const char *const matter[] = {"こと", NULL};
	static const char *const hearsay[] = {"ということです", "ということだ", NULL};
	size_t to = m->to + 7 < v->to ? m->to + 7 : v->to;

	if (!news_rule_is(m->id, "began") && !news_rule_is(m->id, "mailed"))
		return false;
	return news_name_within(v->n, m->to, to, words) ||
	       (news_name_within(v->n, m->to, to, matter) &&
	        !news_name_within(v->n, m->to, to, hearsay));
}

/* "discovered on May 8 that somebody gained access": the day is of the other clause. */
static bool clause_between(const struct news_view *v, const struct news_mark *d, size_t at)
{
	static const char *const links[] = {" that ", " after ",  " which ", " when ",
	                                    " who ",  " before ", NULL};
	size_t from = d->from < at ? d->to : at, to = d->from < at ? at : d->from;

	return v->n->latin && news_name_within(v->n, from, to, links);
}

/* "said on Friday that hackers gained access": the day on which it was said, no other act's. */
static bool said_then(const struct news_view *v, const struct news_mark *d)
{
	/* clang-format off */
	static const char *const said[] = {
	    "said ", "says ", "said on ", "announced ", "announced on ", "disclosed ",
	    "disclosed on ", "confirmed ", "reported ", "reported on ", "confirmed on ", "revealed ",
	    "revealed on ", "told ", "said in a statement ", "statement ", "warned ", "said late ",
	    "said early ", NULL};
	/* clang-format on */

	return v->n->latin && news_name_behind(v->n, d->from, said);
}

/*
 * The day that an act at `at` is laid to: the last one told before it in the sentence; where
 * the sentence tells none, the day of the line before that is nothing but a date, or, for what
 * was done at once, the last one told.
 */
const struct news_date *news_rule_day(const struct news_view *v, size_t at, bool announced,
                                      size_t *from, size_t *to)
{
	const struct news_mark *best = NULL, *m,
	                       *topic = announced ? NULL : news_rule_topic_day(v);

	for (m = news_first(v->n, N_DATE, v->from, v->to); m; m = news_next(v->n, m, v->to)) {
		if (news_rule_in_range(v, m) || m == topic ||
		    (!announced && no_event(v, m, at)))
			continue;
		if ((announced && taken(v, m, at)) || clause_between(v, m, at) ||
		    (!announced && said_then(v, m)))
			continue;
		if (m->from < at || (v->n->latin && !best))
			best = m;
		if (announced && m == news_rule_topic_day(v))
			break;
	}
	if (best && !announced && !v->n->latin && news_has(v->n, N_CUE, "lately", best->to, at))
		return NULL; /* "5月27日の第二報の後、このたび調査が完了": no day is told */
	if (best) {
		*from = best->from;
		*to = best->to;
		return &best->date;
	}
	if (news_has(v->n, N_CUE, "at-once", v->from, at) && v->s->told) {
		*from = v->s->told->from;
		*to = v->s->told->to;
		return &v->s->told->date;
	}
	if (!v->s->date.year)
		return NULL;
	*from = v->s->date_from;
	*to = v->s->date_to;
	return &v->s->date;
}

void news_rule_put_day(struct news *n, struct json *f, const char *name,
                       const struct news_date *d)
{
	json_put_slice(n->mem, f, name, news_date_text(n->mem, d));
}

void news_rule_put_hour(struct news *n, struct json *f, const struct news_date *d)
{
	if (d->minute >= 0)
		json_put_slice(
		    n->mem, f, "time",
		    arena_printf(n->mem, "%02d:%02d", d->minute / 60, d->minute % 60));
	else if (d->part.n)
		json_put_slice(n->mem, f, "part", d->part);
}

/* --- acts ----------------------------------------------------------------------------- */

bool news_rule_of_noun(const struct news_view *v, const struct news_mark *m)
{
	static const char *const matters[] = {"可能性", "事案", "問題", "事実", "際",
	                                      "恐れ",   "懸念", "形跡", "痕跡", "旨",
	                                      "件",     "後",   "日",   NULL};
	size_t at =
	    m->to + (news_lit(v->n, m->to, "た") ? 1 : news_lit(v->n, m->to, "していた"));

	if (at == m->to || v->n->latin ||
	    !(news_is_kanji(news_c(v->n, at)) || news_is_katakana(news_c(v->n, at))))
		return false;
	for (size_t i = 0; matters[i]; i++)
		if (news_lit(v->n, at, matters[i]))
			return false;
	return true;
}

/* Between two acts of one sentence: is the first only what the second is about? */
static bool reported_by(const struct news_view *v, size_t from, size_t to)
{
	static const char *const links[] = {"旨", "との", "こと", "たと", "ると", "跡", NULL};

	return !news_first(v->n, N_DATE, from, to) && news_name_within(v->n, from, to, links);
}

static bool is_done(const struct news_mark *m)
{
	return news_rule_is(m->id, "began") || news_rule_is(m->id, "began.day") ||
	       news_rule_is(m->id, "mailed");
}

static bool is_learnt(const struct news_mark *m)
{
	return news_rule_is(m->id, "known") || news_rule_is(m->id, "found");
}

/* The act that m is told in ("...改ざんされたと連絡を受けた"), or that is told in m; or NULL.
 */
static const struct news_mark *told_with(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *o = news_first(v->n, N_ACT, v->from, v->to);

	if (v->n->latin || !(is_done(m) || is_learnt(m)) || v->to - v->from > MAX_STORY)
		return NULL;
	for (; o; o = news_next(v->n, o, v->to)) {
		if (is_done(m) && (is_learnt(o) || news_rule_is(o->id, "published")) &&
		    o->from >= m->to && reported_by(v, m->to, o->to))
			return o;
		if (is_learnt(m) && is_done(o) && o->to <= m->from &&
		    !news_rule_of_noun(v, o) && reported_by(v, o->to, m->to))
			return o;
	}
	return NULL;
}

/* Days of the sentence before `at`; the first of them. */
static size_t days_before(const struct news_view *v, size_t at, const struct news_mark **first)
{
	size_t days = 0;

	*first = NULL;
	for (const struct news_mark *d = news_first(v->n, N_DATE, v->from, at); d;
	     d = news_next(v->n, d, at)) {
		if (news_rule_in_range(v, d) || no_event(v, d, at))
			continue;
		*first = *first ? *first : d;
		days++;
	}
	return days;
}

/* "published.day" is told as "published", where its day stands next to it. */
static struct slice act_of(const struct news_mark *m)
{
	return slice_sub(m->id, 0, slice_chr(m->id, '.'));
}

/* "6月6日に公表した", "11日付で報告し": right in front of the act. */
static const struct news_mark *day_before(const struct news_view *v, const struct news_mark *m)
{
	static const char *const between[] = {"に", "付で", "付けで", "、", NULL},
	                         *const noun[] = {"の", "付の", "付けの", " ",
	                                          NULL}; /* 第二報 */
	const char *const *links = slice_eq(act_of(m), m->id) ? between : noun;
	const struct news_mark *d = news_first(v->n, N_DATE, v->from, m->from), *last = d;

	for (; d; d = news_next(v->n, d, m->from))
		last = d;
	if (!last || news_rule_in_range(v, last) ||
	    (last == news_rule_topic_day(v) && !news_rule_is(m->id, "published")))
		return NULL;
	for (size_t k = 0; links[k]; k++)
		if (last->to + news_lit(v->n, last->to, links[k]) == m->from)
			return last;
	return NULL;
}

/* "mailed letters to patients on April 12": further behind in the same part of the sentence. */
static const struct news_mark *day_further(const struct news_view *v, const struct news_mark *m)
{
	static const char *const ends[] = {",", ".", ";", " that ", " who ", " which ", NULL};
	const struct news_mark *d = news_first(v->n, N_DATE, m->to, v->to);

	if (!v->n->latin || !d || d->from > m->to + LEADING ||
	    !news_lit_before(v->n, d->from, " on ") || news_rule_in_range(v, d) ||
	    news_first(v->n, N_ACT, m->to, d->from) ||
	    news_name_within(v->n, m->to, d->from, ends))
		return NULL;
	return d;
}

/* "判明したのは7月3日", "閉鎖した11月21日": the day stands behind. */
static const struct news_mark *day_behind(const struct news_view *v, const struct news_mark *m)
{
	static const char *const done[] = {"た",       "した",       "された",
	                                   "しました", "されました", NULL};
	static const char *const on[] = {" on ",     " in ", " in early ",    " in late ",
	                                 " in mid-", " ",    " the week of ", NULL};

	for (size_t k = 0; v->n->latin && on[k]; k++) { /* "disclosed on May 8" */
		size_t at = m->to + news_lit(v->n, m->to, on[k]);
		const struct news_mark *d = news_first(v->n, N_DATE, at, v->to);
		if (at > m->to && d && d->from == at && !news_rule_in_range(v, d))
			return d;
	}
	if (!v->n->latin && news_lit_before(v->n, m->to, "た")) { /* "発表した4月7日から" */
		const struct news_mark *d = news_first(v->n, N_DATE, m->to, v->to);
		if (d && d->from == m->to)
			return d;
	}
	for (size_t k = 0; done[k]; k++) {
		size_t at = m->to + news_lit(v->n, m->to, done[k]);
		const struct news_mark *d = news_first(v->n, N_DATE, at, v->to);
		if (at > m->to && d && d->from == at)
			return d;
	}
	for (size_t i = m->to; i < m->to + 4; i++) {
		const struct news_mark *d =
		    news_c(v->n, i) == '(' ? news_first(v->n, N_DATE, i, v->to) : NULL;
		if (d && d->from == i + 1 && news_c(v->n, d->to) == ')')
			return d; /* "警察に相談(7月1日)し" */
		if (news_lit(v->n, i, "のは"))
			return news_first(v->n, N_DATE, i, v->to);
	}
	return NULL;
}

/* What was done at once when it became known, told in the next sentence without a day. */
static bool at_once(const struct news_view *v, const struct news_mark *m)
{
	return !v->n->latin && !v->l->starts && v->s->told && v->s->learnt &&
	       !news_rule_cue(v, "lately") && !news_first(v->n, N_DATE, v->from, v->to) &&
	       (news_rule_is(m->id, "payment-stopped") || news_rule_is(m->id, "disconnected") ||
	        news_rule_is(m->id, "shop-closed"));
}

/* "開設した5月11日から閉鎖した11月21日までの間に…と判明": the day that a period begins on. */
static bool starts_then(const struct news_view *v, const struct news_mark *m, size_t to)
{
	const struct news_mark *d = news_first(v->n, N_DATE, to, m->from);

	if (v->n->latin || (!news_lit(v->n, to, "から") && !news_lit(v->n, to, "より")))
		return false;
	while (d && !news_lit(v->n, d->to, "まで"))
		d = news_next(v->n, d, m->from);
	return d != NULL;
}

/* "6月30日に報告された調査結果により…判明": that day is what the noun tells of itself. */
static bool of_a_noun(const struct news_view *v, size_t from, size_t to)
{
	static const char *const when[] = {"際",   "後", "直後", "結果", "時",   "旨",   "所",
	                                   "可能", "件", "日",   "事実", "事案", "問題", NULL};

	if (v->n->latin || from < v->from || !news_lit(v->n, from, "に"))
		return false;
	for (size_t i = from; i < to && news_c(v->n, i) != 0x3001; i++) {
		size_t len = news_lit(v->n, i, "した") + news_lit(v->n, i, "れた");
		uint32_t c = news_c(v->n, i + len);
		if (len && (news_is_kanji(c) || news_is_katakana(c)) &&
		    !news_name_form(v->n, i + len, when))
			return true;
	}
	return false;
}

/*
 * "10日 X社より、不正アクセスを受けたとの報告": that day is the report's. Where it is a line's
 * own day, what was found on it was done on it as far as anyone knows.
 */
static bool only_told_of(const struct news_view *v, const struct news_mark *m,
                         const struct news_mark *other)
{
	const struct news_mark *first;
	size_t days = days_before(v, m->from, &first);

	if (v->s->date.year && days == 0)
		return !news_rule_is(other->id, "found");
	return days < 2 && !v->s->date.year;
}

/* "access occurred between May 3 and July 9": that is a period, told as such. */
static bool within_period(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *r = news_first(v->n, N_RANGE, m->to, v->to);

	return v->n->latin && is_done(m) && r && r->from <= m->to + PERIOD_NEAR;
}

/* "On May 8, the company said": the day that begins the sentence is its first act's. */
static const struct news_mark *day_leading(const struct news_view *v, const struct news_mark *m)
{
	static const char *const noun[] = {"according to", NULL};
	const struct news_mark *d = news_first(v->n, N_DATE, v->from, m->from);
	size_t lead = news_lit(v->n, v->from, "On ") + news_lit(v->n, v->from, "In ");
	size_t end = d ? d->to + news_lit(v->n, d->to, " this year") : 0;

	if (!v->n->latin || !d || news_name_within(v->n, d->to, m->from, noun) ||
	    d->from > v->from + lead || news_c(v->n, end) != ',' || m->from > d->to + LEADING ||
	    news_first(v->n, N_DATE, d->to, m->from) || news_rule_in_range(v, d))
		return NULL;
	return news_first(v->n, N_ACT, d->to, m->from) ? NULL : d;
}

static const struct news_date *day_of(const struct news_view *v, const struct news_mark *m,
                                      size_t *from, size_t *to)
{
	const struct news_mark *near = day_before(v, m), *other = told_with(v, m), *first;
	const struct news_date *d =
	    news_rule_day(v, m->to, news_rule_is(m->id, "published"), from, to);

	near = near ? near : day_behind(v, m);
	near = near ? near : day_leading(v, m);
	near = near || !slice_eq(act_of(m), m->id) ? near : day_further(v, m);
	if (within_period(v, m) || (!near && !slice_eq(act_of(m), m->id)))
		return NULL;
	if (near) {
		*from = near->from;
		*to = near->to;
		return &near->date;
	}
	if (d && is_learnt(m) &&
	    (news_lit(v->n, *to, "以降") ||
	     (news_lit(v->n, *to, "から") &&
	      news_has(v->n, N_ACT, "forensics-started", *to, m->from))))
		return NULL; /* "15日以降、閲覧できたことがわかりました" */
	if (d && (starts_then(v, m, *to) || (is_learnt(m) && of_a_noun(v, *to, m->from))))
		return NULL;
	if (news_rule_is(m->id, "published") && v->s->topic && !v->l->starts &&
	    !news_first(v->n, N_DATE, v->from, v->to)) {
		*from = v->s->topic->from;
		*to = v->s->topic->to;
		return &v->s->topic->date;
	}
	if (other && is_done(m) && only_told_of(v, m, other))
		return NULL;
	if (other && is_learnt(m) && days_before(v, other->from, &first) > 0) {
		if (days_before(v, other->from, &first) > 1) {
			*from = first->from;
			*to = first->to;
			return &first->date;
		}
		return v->s->date.year ? &v->s->date : d;
	}
	if (!d && at_once(v, m)) {
		*from = v->s->told->from;
		*to = v->s->told->to;
		return &v->s->told->date;
	}
	return d;
}

/*
 * What is done cannot be done after the day of publication; only plans can. Nor is a year alone
 * a day on which anything is learnt.
 */
static bool impossible(const struct news_view *v, const struct news_mark *m,
                       const struct news_date *d)
{
	if (is_learnt(m) && !d->month)
		return true; /* "令和5年の選挙時": of what it is, not when it was learnt */
	return v->n->published.year && news_date_cmp(d, &v->n->published) > 0 &&
	       (is_done(m) || is_learnt(m) || news_rule_is(m->id, "published"));
}

/* "became aware of the cyberattack on May 3": when it was learnt, not when it began. */
static bool heard_of(const struct news_view *v, const struct news_mark *m)
{
	static const char *const we[] = {"we ", "investigation ", "investigators ", NULL};
	static const char *const of[] = {"of the ",
	                                 "of a ",
	                                 "of ",
	                                 "about the ",
	                                 "about a ",
	                                 "to the ",
	                                 "about ",
	                                 "announcing the ",
	                                 "announced the ",
	                                 "disclosed the ",
	                                 "reported the ",
	                                 "confirmed the ",
	                                 "discovered the ",
	                                 "detected the ",
	                                 "discovering the ",
	                                 "announced a ",
	                                 "disclosed a ",
	                                 "reported a ",
	                                 "discovered a ",
	                                 "detected a ",
	                                 "confirmed a ",
	                                 NULL};

	if (news_lit(v->n, m->from, "confirmed"))
		return news_name_behind(v->n, m->from, we); /* "we confirmed on May 3" */
	return news_rule_is(m->id, "began.day") && news_name_behind(v->n, m->from, of);
}

/* "On May 9 X learned it was the victim of an attack": learnt on that day, begun before. */
static bool only_learnt(const struct news_view *v, const struct news_mark *m, size_t from)
{
	const struct news_mark *o =
	    v->n->latin && is_done(m) ? news_has(v->n, N_ACT, "found", v->from, m->from) : NULL;
	size_t found = 0, to;

	if (!o || from < m->from)
		return o && from < o->from;
	/* "They discovered hackers had gained access on May 9": which of both? */
	return news_rule_day(v, o->to, false, &found, &to) && found == from;
}

static void tell_event(const struct news_view *v, const struct news_mark *m,
                       const struct news_date *d, size_t from)
{
	struct slice act = act_of(m);
	struct json *f = news_tell(v->n, "events",
	                           arena_printf(v->n->mem, "%.*s %.*s", SLICE_ARG(act),
	                                        SLICE_ARG(news_date_text(v->n->mem, d))),
	                           from < m->from && from >= v->from ? from : m->from, m->to);

	if (!f)
		return;
	json_put_slice(v->n->mem, f, "act", act);
	news_rule_put_day(v->n, f, "at", d);
	news_rule_put_hour(v->n, f, d);
	if (v->future && v->n->published.year && news_date_cmp(d, &v->n->published) > 0)
		json_put_bool(v->n->mem, f, "planned", true);
}

/* "7日には利用者から、8日にはカード会社から、それぞれ連絡を受け": a day for each caller. */
static void tell_each_call(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *w = news_first(v->n, N_WHO, v->from, m->from);

	for (; w; w = news_next(v->n, w, m->from)) {
		size_t from = 0, to = 0;
		const struct news_date *d = news_rule_calls_from(v, w->to)
		                                ? news_rule_day(v, w->from, false, &from, &to)
		                                : NULL;
		if (d && from >= v->from)
			tell_event(v, m, d, from);
	}
}

/*
 * "expected to be restored": one act, and what is within its words none of its own. So is
 * "関係者への取材で分かった", which is no act at all.
 */
static bool within_act(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *o = news_first(v->n, N_ACT, v->from, m->from);

	while (o && (o->to < m->to || !(v->n->latin || news_rule_is(o->id, "-"))))
		o = news_next(v->n, o, m->from);
	return o != NULL || news_rule_is(m->id, "-");
}

/* "警察から連絡があり": it was they who told. */
static bool told_by_police(const struct news_view *v, const struct news_mark *m)
{
	static const char *const from[] = {"から", "より", NULL};

	return !v->n->latin && news_rule_is(m->id, "police-told") &&
	       news_name_within(v->n, m->from, m->to, from);
}

/* "1月と3月に不正アクセスを受け", told of March: and of January. */
static void tell_day_beside(const struct news_view *v, const struct news_mark *m, size_t from)
{
	static const char *const links[] = {"と", "及び", "および", NULL};
	size_t least = from > v->from + DAYS_BESIDE ? from - DAYS_BESIDE : v->from;

	for (const struct news_mark *d = news_first(v->n, N_DATE, least, from); d;
	     d = news_next(v->n, d, from))
		for (size_t k = 0; links[k] && !news_rule_in_range(v, d); k++)
			if (d->to + news_lit(v->n, d->to, links[k]) == from && d->to < from)
				tell_event(v, m, &d->date, d->from);
}

void news_rule_events(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_ACT, v->from, v->to);

	if (news_rule_is(v->s->section, "contact") || v->s->phish)
		return;
	for (; m; m = news_next(v->n, m, v->to)) {
		size_t from = 0, to = 0;
		const struct news_date *d = day_of(v, m, &from, &to);

		if (!d || impossible(v, m, d) || within_act(v, m) || told_by_police(v, m) ||
		    (only_told(v, m) && !told_with(v, m)) ||
		    (news_first(v->n, N_NOT, m->to, m->to + 12) && !v->n->latin) ||
		    (news_rule_is(m->id, "began") && news_rule_of_noun(v, m)) ||
		    only_learnt(v, m, from) || heard_of(v, m))
			continue;
		tell_event(v, m, d, from);
		if (is_done(m) && !v->n->latin && from > v->from && from < m->to)
			tell_day_beside(v, m, from);
		if (news_rule_is(m->id, "known") && !v->n->latin && !told_with(v, m) &&
		    v->to - v->from <= MAX_STORY)
			tell_each_call(v, m);
	}
}
