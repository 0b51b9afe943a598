/*
 * News: what the marks of one sentence say together. A text is gone through sentence by
 * sentence; headings and the lines before say what the next ones speak of.
 */
#include "parse/news_rule.h"

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

/* Is what stands at m denied in its sentence? "は含まれておりません" and the like. */
bool news_rule_denied(const struct news_view *v, size_t from, size_t to)
{
	const struct news_mark *m = news_first(v->n, N_NOT, to, v->to);
	const struct news_mark *before;

	if (v->n->latin) {
		before = news_first(v->n, N_NOT, v->from, from);
		return before != NULL || (m && m->from < to + 40);
	}
	if (!m)
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
	if (news_first(v->n, N_DATE, v->from, v->to) || !v->s->date.year)
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

static void tell_named(const struct news_view *v, enum news_class class, const char *list)
{
	const struct news_mark *m = news_first(v->n, class, v->from, v->to);

	for (; m; m = news_next(v->n, m, v->to)) {
		if (news_rule_denied(v, m->from, m->to) && !v->leak)
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

static void tell_noticed(const struct news_view *v, struct slice by, size_t from, size_t to)
{
	size_t d_from = 0, d_to = 0;
	const struct news_date *d = news_rule_day(v, from, false, &d_from, &d_to);
	struct json *f = news_tell(v->n, "noticed", by, from, to);

	if (!f || json_get(f, "by"))
		return;
	json_put_slice(v->n->mem, f, "by", by);
	if (d)
		news_rule_put_day(v->n, f, "at", d);
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

static void rule_noticed(const struct news_view *v)
{
	const struct news_mark *w, *c;

	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    news_rule_is(v->s->section, "request") || v->s->phish)
		return;
	c = news_has(v->n, N_CUE, "called", v->from, v->to);
	w = c ? caller(v, c->from) : NULL;
	if (v->n->latin && c && !w)
		w = news_first(v->n, N_WHO, v->from, v->to);
	if (c && w && !v->s->by_outside) {
		tell_noticed(v, w->id, w->from, c->to > w->to ? c->to : w->to);
		v->s->by_outside = true;
		return;
	}
	c = news_has(v->n, N_CUE, "own", v->from, v->to);
	if (c && !v->s->by_outside && !news_rule_denied(v, c->from, c->to)) {
		tell_noticed(v, SLICE("own-staff"), c->from, c->to);
		v->s->by_outside = true;
	}
}

/* --- events --------------------------------------------------------------------------- */

static void rule_events(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_ACT, v->from, v->to);

	if (news_rule_is(v->s->section, "contact"))
		return;
	for (; m; m = news_next(v->n, m, v->to)) {
		size_t from = 0, to = 0;
		const struct news_date *d =
		    news_rule_day(v, m->to, news_rule_is(m->id, "published"), &from, &to);
		struct json *f;

		if (!d || only_told(v, m) ||
		    (news_first(v->n, N_NOT, m->to, m->to + 12) && !v->n->latin))
			continue;
		f = news_tell(v->n, "events",
		              arena_printf(v->n->mem, "%.*s %.*s", SLICE_ARG(m->id),
		                           SLICE_ARG(news_date_text(v->n->mem, d))),
		              from < m->from && from >= v->from ? from : m->from, m->to);
		if (!f)
			continue;
		json_put_slice(v->n->mem, f, "act", m->id);
		news_rule_put_day(v->n, f, "at", d);
		news_rule_put_hour(v->n, f, d);
		if (v->future && v->n->published.year && news_date_cmp(d, &v->n->published) > 0)
			json_put_bool(v->n->mem, f, "planned", true);
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
	return d->from - v->from <= 3 && v->to - d->to <= 3;
}

static void enter(struct news_view *v)
{
	struct news *n = v->n;
	struct news_state *s = v->s;
	const struct news_line *l = v->l;
	const struct news_mark *m = news_first(n, N_SECTION, v->from, v->to), *d;
	bool title = l->heading && l->starts && !news_first(n, N_COUNT, v->from, v->to);

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
	for (; d; d = news_next(v->n, d, v->to))
		if (!news_rule_in_range(v, d))
			v->s->told = d;
}

static bool warns_of_phishing(const struct news *n)
{
	return news_has(n, N_CUE, "brand", 0, n->n) &&
	       news_has(n, N_ATTACK, "phishing", 0, n->n) &&
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
