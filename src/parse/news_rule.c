/*
 * News: what the marks of one sentence say together. A text is gone through sentence by
 * sentence; headings and the lines before say what the next ones speak of.
 */
#include "parse/news_rule.h"
#include "parse/news_name.h"

#define MAX_ASIDE   60
#define DENIED_NEAR 18 /* "不正アクセスの痕跡は確認されていない" */
#define NEAR_LATIN  40
#define NEXT_LATIN  8
#define MAX_STORY   800 /* characters of a sentence whose acts are held against each other */

bool news_rule_is(struct slice s, const char *what)
{
	return slice_eq(s, slice_str(what));
}

bool news_rule_cue(const struct news_view *v, const char *id)
{
	return news_has(v->n, N_CUE, id, v->from, v->to) != NULL;
}

/* The part of a sentence, between commas, around i. */
size_t news_rule_clause_from(const struct news_view *v, size_t i)
{
	while (i > v->from && news_c(v->n, i - 1) != 0x3001)
		i--;
	return i;
}

size_t news_rule_clause_to(const struct news_view *v, size_t i)
{
	while (i < v->to && news_c(v->n, i) != 0x3001 && news_c(v->n, i) != 0x3002)
		i++;
	return i;
}

/*
 * "氏名、住所などで、カード番号は含まれていない": behind a comma the denial has its own
 * subject, another item or other data.
 */
static bool told_apart(const struct news_view *v, size_t from, size_t to)
{
	static const char *const ends[] = {"で、", "が、", "し、", "り、", NULL};
	size_t begin = 0;

	for (size_t i = from; i < to; i++)
		for (size_t k = 0; ends[k]; k++)
			begin = news_lit(v->n, i, ends[k]) ? i + 2 : begin;
	if (!begin)
		return false;
	for (size_t i = begin; i < to; i++)
		if (news_lit(v->n, i, "情報は"))
			return true;
	return news_first(v->n, N_ITEM, begin, to) != NULL;
}

/* Is what stands at m denied in its sentence? "は含まれておりません" and the like. */
bool news_rule_denied(const struct news_view *v, size_t from, size_t to)
{
	const struct news_mark *m = news_first(v->n, N_NOT, to, v->to);
	const struct news_mark *before;

	if (v->n->latin) {
		before = news_first(v->n, N_NOT, v->from, from);
		return before != NULL || (m && m->from < to + 40);
	}
	if (!m || told_apart(v, to, m->from))
		return false;
	/* A new statement between the two: "AとBが流出し、Cは含まれない". */
	for (const struct news_mark *c = news_first(v->n, N_CUE, to, m->from); c;
	     c = news_next(v->n, c, m->from)) {
		if (!news_rule_is(c->id, "leak"))
			continue;
		for (size_t i = c->to; i < m->from; i++)
			if (news_c(v->n, i) == 0x3001)
				return false;
	}
	return true;
}

bool news_rule_in_range(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *r = news_first(v->n, N_RANGE, v->from, v->to);

	for (; r; r = news_next(v->n, r, v->to))
		if (m->from >= r->from && m->to <= r->to)
			return true;
	return false;
}

/* "X社は11月21日、... と発表した": this day is the announcement's, and no other act's. */
static const struct news_mark *topic_day(const struct news_view *v)
{
	const struct news_mark *p = news_has(v->n, N_ACT, "published", v->from, v->to);
	const struct news_mark *d = p ? news_first(v->n, N_DATE, v->from, p->from) : NULL;

	if (!d || news_rule_in_range(v, d))
		return NULL;
	return d->from <= v->from + 2 || news_lit_before(v->n, d->from, "は") ||
	               news_lit_before(v->n, d->from, "が") ||
	               news_lit_before(v->n, d->from, "は、")
	           ? d
	           : NULL;
}

/*
 * "11日までに", "5日時点で": no day on which something was done. And what comes behind
 * "…しましたが、" is another story.
 */
static bool no_event(const struct news_view *v, const struct news_mark *d, size_t at)
{
	const struct news_mark *p;

	if (news_lit(v->n, d->to, "まで") || news_lit(v->n, d->to, "時点で") ||
	    news_lit(v->n, d->to, "現在"))
		return true;
	p = news_has(v->n, N_ACT, "published", d->to, at);
	return (p && p->to + 2 < at) ||
	       (at > d->to && news_has(v->n, N_CUE, "turn", d->to, at) != NULL);
}

/* "改ざんされていること", "漏えいした可能性": told of, not done on this day. */
static bool only_told(const struct news_view *v, const struct news_mark *m)
{
	static const char *const words[] = {"こと",   "可能性", "旨",   "懸念",
	                                    "おそれ", "恐れ",   "との", NULL};

	if (!news_rule_is(m->id, "began") && !news_rule_is(m->id, "mailed"))
		return false;
	for (size_t i = m->to; i < m->to + 7 && i < v->to; i++)
		for (size_t k = 0; words[k]; k++)
			if (news_lit(v->n, i, words[k]))
				return true;
	return false;
}

/*
 * The day that an act at `at` is laid to: the last one told before it in the sentence; where
 * the sentence tells none, the day of the line before that is nothing but a date, or, for what
 * was done at once, the last one told.
 */
const struct news_date *news_rule_day(const struct news_view *v, size_t at, bool announced,
                                      size_t *from, size_t *to)
{
	const struct news_mark *best = NULL, *m, *topic = announced ? NULL : topic_day(v);

	for (m = news_first(v->n, N_DATE, v->from, v->to); m; m = news_next(v->n, m, v->to)) {
		if (news_rule_in_range(v, m) || m == topic ||
		    (!announced && no_event(v, m, at)))
			continue;
		if (m->from < at || (v->n->latin && !best))
			best = m;
		if (announced && m == topic_day(v))
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

/* --- attack, way in, who noticed ------------------------------------------------------ */

/* "フィッシング等への対処": not what happened. */
static bool guarded_against(const struct news_view *v, size_t at)
{
	for (size_t i = at; i < at + 6; i++)
		if (news_lit(v->n, i, "への対") || news_lit(v->n, i, "に対する対") ||
		    news_lit(v->n, i, "対策"))
			return true;
	return false;
}

static void tell_named(const struct news_view *v, enum news_class class, const char *list)
{
	const struct news_mark *m = news_first(v->n, class, v->from, v->to);

	for (; m; m = news_next(v->n, m, v->to)) {
		if ((v->n->latin
		         ? news_rule_denied(v, m->from, m->to) && !v->leak
		         : news_first(v->n, N_NOT, m->to, m->to + DENIED_NEAR) != NULL) ||
		    guarded_against(v, m->to))
			continue;
		struct json *f = news_tell(v->n, list, m->id, m->from, m->to);
		if (f)
			json_put_slice(v->n->mem, f, "kind", m->id);
	}
}

static void rule_attack(const struct news_view *v)
{
	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    news_rule_is(v->s->section, "request"))
		return;
	tell_named(v, N_ATTACK, "attacks");
	if (news_rule_cue(v, "cause") || news_rule_is(v->s->section, "cause") ||
	    news_first(v->n, N_ATTACK, v->from, v->to) || news_rule_cue(v, "leak"))
		tell_named(v, N_WAY, "ways");
}

static struct json *known_caller(const struct news_view *v, struct slice by)
{
	const struct json *all = json_get(v->n->out, "noticed");

	for (struct json *f = all ? all->first : NULL; f; f = f->next)
		if (slice_eq(json_text(f, "by"), by))
			return f;
	return NULL;
}

static void tell_noticed(const struct news_view *v, struct slice by, size_t from, size_t to)
{
	size_t d_from = 0, d_to = 0;
	const struct news_date *d = news_rule_day(v, from, false, &d_from, &d_to);
	struct json *f = v->s->by_outside ? known_caller(v, by) : NULL;

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
static bool calls_from(const struct news_view *v, size_t at)
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
		if (news_lit_before(v->n, to, "会社"))
			continue;
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

/* Who is told of before the call: whom "から" follows, else the last one. */
static const struct news_mark *caller(const struct news_view *v, size_t to)
{
	static const char *const from[] = {"から", "より", "を通じ", "を経由", "による", NULL};
	const struct news_mark *w = news_first(v->n, N_WHO, v->from, to), *last = NULL;

	for (; w; w = news_next(v->n, w, to)) {
		last = w;
		for (size_t k = 0; from[k]; k++)
			for (size_t i = w->to; i < w->to + 4; i++)
				if (news_lit(v->n, i, from[k]))
					return w;
	}
	return last;
}

/* Who called, of all that the sentence names: those with "から" behind, else the first. */
static bool tell_callers(const struct news_view *v, const struct news_mark *c)
{
	const struct news_mark *first = news_first(v->n, N_WHO, v->from, c->from), *w;
	bool any = false;

	for (w = first; w && !v->n->latin; w = news_next(v->n, w, c->from)) {
		if (!calls_from(v, w->to))
			continue;
		tell_noticed(v, w->id, w->from, c->to);
		any = true;
	}
	if (any || vendor_called(v, c->from))
		return true;
	first = v->n->latin ? latin_caller(v, c) : caller(v, c->from);
	if (first)
		tell_noticed(v, first->id, first->from, c->to > first->to ? c->to : first->to);
	return first != NULL;
}

/* "the attack was discovered", "USBが発見された": by whom, it does not say. */
static bool by_nobody(const struct news_view *v, const struct news_mark *c)
{
	if (!v->n->latin)
		return news_lit(v->n, c->to, "され") || news_lit(v->n, c->to, "られ");
	return news_lit_before(v->n, c->from, "was ") ||
	       news_lit_before(v->n, c->from, "were ") ||
	       news_lit_before(v->n, c->from, "been ") ||
	       news_lit_before(v->n, c->from, "not ");
}

static void rule_noticed(const struct news_view *v)
{
	const struct news_mark *c;

	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    news_rule_is(v->s->section, "request") || v->s->phish)
		return;
	c = news_has(v->n, N_CUE, "called", v->from, v->to);
	if (c && tell_callers(v, c)) {
		v->s->by_outside = true;
		return;
	}
	c = news_has(v->n, N_CUE, "own", v->from, v->to);
	if (c && !news_rule_denied(v, c->from, c->to) && !by_nobody(v, c)) {
		tell_noticed(v, SLICE("own-staff"), c->from, c->to);
		v->s->by_outside = true;
	}
}

/* --- events --------------------------------------------------------------------------- */

/* "感染したサーバー", "被害を受けた端末": which one, not what happened. */
static bool adnominal(const struct news_view *v, const struct news_mark *m)
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
	static const char *const links[] = {"旨", "との", "こと", "たと", "ると", NULL};

	if (news_first(v->n, N_DATE, from, to))
		return false;
	for (; from < to; from++)
		for (size_t k = 0; links[k]; k++)
			if (news_lit(v->n, from, links[k]))
				return true;
	return false;
}

static bool is_done(const struct news_mark *m)
{
	return news_rule_is(m->id, "began") || news_rule_is(m->id, "mailed");
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
		if (is_done(m) && is_learnt(o) && o->from >= m->to &&
		    reported_by(v, m->to, o->to))
			return o;
		if (is_learnt(m) && is_done(o) && o->to <= m->from && !adnominal(v, o) &&
		    reported_by(v, o->to, m->to))
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
		if (news_rule_in_range(v, d))
			continue;
		*first = *first ? *first : d;
		days++;
	}
	return days;
}

/* "判明したのは7月3日": the day stands behind. */
static const struct news_mark *day_behind(const struct news_view *v, const struct news_mark *m)
{
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
	       !news_rule_cue(v, "lately") &&
	       (news_rule_is(m->id, "payment-stopped") || news_rule_is(m->id, "disconnected") ||
	        news_rule_is(m->id, "shop-closed"));
}

static const struct news_date *day_of(const struct news_view *v, const struct news_mark *m,
                                      size_t *from, size_t *to)
{
	const struct news_mark *behind = day_behind(v, m), *other = told_with(v, m), *first;
	const struct news_date *d =
	    news_rule_day(v, m->to, news_rule_is(m->id, "published"), from, to);

	if (behind) {
		*from = behind->from;
		*to = behind->to;
		return &behind->date;
	}
	if (other && is_done(m) && days_before(v, m->from, &first) < 2 && !v->s->date.year)
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

static void tell_event(const struct news_view *v, const struct news_mark *m,
                       const struct news_date *d, size_t from)
{
	struct json *f = news_tell(v->n, "events",
	                           arena_printf(v->n->mem, "%.*s %.*s", SLICE_ARG(m->id),
	                                        SLICE_ARG(news_date_text(v->n->mem, d))),
	                           from < m->from && from >= v->from ? from : m->from, m->to);

	if (!f)
		return;
	json_put_slice(v->n->mem, f, "act", m->id);
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
		const struct news_date *d =
		    calls_from(v, w->to) ? news_rule_day(v, w->from, false, &from, &to) : NULL;
		if (d && from >= v->from)
			tell_event(v, m, d, from);
	}
}

static void rule_events(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_ACT, v->from, v->to);

	if (news_rule_is(v->s->section, "contact") || v->s->phish)
		return;
	for (; m; m = news_next(v->n, m, v->to)) {
		size_t from = 0, to = 0;
		const struct news_date *d = day_of(v, m, &from, &to);

		if (!d || (only_told(v, m) && !told_with(v, m)) ||
		    (news_first(v->n, N_NOT, m->to, m->to + 12) && !v->n->latin) ||
		    (news_rule_is(m->id, "began") && adnominal(v, m)))
			continue;
		tell_event(v, m, d, from);
		if (news_rule_is(m->id, "known") && !v->n->latin && !told_with(v, m) &&
		    v->to - v->from <= MAX_STORY)
			tell_each_call(v, m);
	}
}

/* --- the walk ------------------------------------------------------------------------------
 */

static void turn_section(struct news_state *s, const struct news_mark *m)
{
	s->section = m->id;
	s->leak = news_rule_is(m->id, "leak");
	s->need = SLICE("");
	s->date = (struct news_date){0};
	if (!s->leak)
		s->group = SLICE("");
}

/* A heading such as "(2) クレジットカード情報漏えいの可能性があるお客様". */
static void turn_to_leak(struct news_state *s)
{
	s->section = SLICE("leak");
	s->leak = true;
	s->need = s->group = SLICE("");
}

static bool only_date(const struct news_view *v, const struct news_mark *d)
{
	for (size_t i = d->to; i < v->to; i++)
		if (news_is_hiragana(news_c(v->n, i)))
			return false;
	return d->from - v->from <= 3 && v->to - d->to <= 6; /* "(火曜日)" */
}

static void enter(struct news_view *v)
{
	struct news *n = v->n;
	struct news_state *s = v->s;
	const struct news_line *l = v->l;
	const struct news_mark *m = news_first(n, N_SECTION, v->from, v->to), *d;
	bool title = l->heading && l->starts && !news_first(n, N_COUNT, v->from, v->to);

	if (l->heading && l->starts && !news_first(n, N_COUNT, v->from, v->to))
		s->most = news_has(n, N_CUE, "most", v->from, v->to) != NULL;
	if (m && title && v->to - m->to <= 12)
		turn_section(s, m);
	else if (title && l->bullet && news_rule_cue(v, "leak"))
		turn_to_leak(s);
	d = news_first(n, N_DATE, v->from, v->to);
	if (d && only_date(v, d) && news_date_cmp(&d->date, &n->published) != 0) {
		s->date = d->date;
		s->date_from = d->from;
		s->date_to = d->to;
	} else if (l->gap && !l->bullet && d) {
		s->date = (struct news_date){0};
	}
	m = news_first(n, N_NEED, v->from, v->to);
	if (m && (title || m->from - v->from <= 6 || v->to - m->to <= 4))
		s->need = m->id;
	m = news_first(n, N_GROUP, v->from, v->to);
	if (m && (l->heading || l->starts)) {
		if (title && !slice_eq(m->id, s->group) &&
		    !news_first(n, N_NEED, v->from, v->to))
			s->need = SLICE("");
		s->group = m->id;
	}
	if (news_rule_cue(v, "leak") && !news_rule_denied(v, v->from, v->from) &&
	    !news_rule_is(s->section, "contact") && !news_rule_is(s->section, "request") &&
	    !news_rule_is(s->section, "prevent"))
		s->leak = v->leak = true;
	else if (!l->bullet && !l->heading && l->starts && !news_rule_is(s->section, "leak") &&
	         !news_first(n, N_ITEM, v->from, v->to))
		s->leak = false;
}

/* The last date of the sentence, for what the next one says was done at once. */
static void leave(const struct news_view *v)
{
	const struct news_mark *d = news_first(v->n, N_DATE, v->from, v->to);

	if (v->l->starts)
		v->s->told = NULL;
	v->s->learnt = d && news_has(v->n, N_ACT, "known", v->from, v->to);
	for (; d; d = news_next(v->n, d, v->to))
		if (!news_rule_in_range(v, d))
			v->s->told = d;
}

static bool warns_of_phishing(const struct news *n)
{
	if (!news_has(n, N_ATTACK, "phishing", 0, n->n))
		return false;
	if (news_has(n, N_CUE, "subject", 0, n->n) && news_has(n, N_CUE, "unrelated", 0, n->n))
		return true; /* "当会とは一切関係がありません" */
	return news_has(n, N_CUE, "brand", 0, n->n) &&
	       (news_has(n, N_CUE, "subject", 0, n->n) || news_has(n, N_CUE, "ask", 0, n->n));
}

static void tell_published(struct news *n)
{
	struct json *p = json_obj(n->mem);

	json_put_slice(n->mem, p, "at", news_date_text(n->mem, &n->published));
	json_put_str(n->mem, p, "by", n->published_by);
	json_put(n->mem, n->out, "published", p);
}

void news_rules(struct news *n)
{
	struct news_state s = {.section = SLICE(""), .group = SLICE(""), .need = SLICE("")};

	s.phish = warns_of_phishing(n);
	if (n->published.year)
		tell_published(n);
	for (size_t k = 0; k < n->lines; k++) {
		struct news_view v = {.n = n,
		                      .s = &s,
		                      .l = &n->line[k],
		                      .from = n->line[k].from,
		                      .to = n->line[k].to};

		v.future = news_rule_cue(&v, "future");
		enter(&v);
		if (news_rule_is(s.section, "other"))
			continue;
		rule_attack(&v);
		rule_noticed(&v);
		rule_events(&v);
		news_rule_periods(&v);
		news_rule_counts(&v);
		news_rule_items(&v);
		news_rule_recovery(&v);
		if (s.phish)
			news_rule_phishing(&v);
		leave(&v);
	}
}
