/*
 * News: what the marks of one sentence say together. A text is gone through sentence by
 * sentence; headings and the lines before say what the next ones speak of.
 */
#include "parse/news_rule.h"
#include "parse/news_name.h"

#define NO_LIST     120 /* characters of a list behind "no" */
#define HEAD_LINES  4
#define BESIDE      16 /* "コンピューターウイルス「ランサムウエア」" */
#define DENIED_NEAR 18 /* "不正アクセスの痕跡は確認されていない" */

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

/* Does a list of items, and nothing else, stand there? */
static bool only_items(const struct news_view *v, size_t from, size_t to)
{
	static const char *const words[] = {"and ",        "or ",      "other ",   "customer ",
	                                    "account ",    "payment ", "patient ", "financial ",
	                                    "of ",         ", ",       " ",        "any ",
	                                    "customers' ", "full ",    NULL};

	while (from < to) {
		const struct news_mark *i = news_first(v->n, N_ITEM, from, to);
		size_t len =
		    i && i->from == from ? i->to - from : news_name_form(v->n, from, words);
		if (!len)
			return false;
		from += len;
	}
	return true;
}

/*
 * "no Social Security numbers, bank account numbers or card numbers were exposed": all of a
 * list that "no" begins.
 */
static bool begins_with_no(const struct news_view *v, size_t at)
{
	size_t from = at > v->from + NO_LIST ? at - NO_LIST : v->from, no = 0;

	for (size_t i = from; i < at; i++)
		if ((news_lit(v->n, i, "No ") || news_lit(v->n, i, "no ")) &&
		    (i == 0 || !news_is_alnum(news_c(v->n, i - 1))))
			no = i + 3;
	return no && !news_first(v->n, N_ACT, no, at) &&
	       !news_has(v->n, N_CUE, "leak", no, at) && !news_lit(v->n, no, "evidence") &&
	       (news_has(v->n, N_CUE, "leak", at, v->to) || only_items(v, no, at));
}

/* "no evidence of misuse, but warned that names may have been taken" */
static bool turns(const struct news_view *v, size_t from, size_t to)
{
	static const char *const but[] = {", but ", "; but ", NULL};

	return news_name_within(v->n, from, to, but) ||
	       news_has(v->n, N_CUE, "turns", from, to) != NULL;
}

/* Is what stands at m denied in its sentence? "は含まれておりません" and the like. */
bool news_rule_denied(const struct news_view *v, size_t from, size_t to)
{
	const struct news_mark *m = news_first(v->n, N_NOT, to, v->to);
	const struct news_mark *before;

	if (v->n->latin && begins_with_no(v, from))
		return true;
	if (v->n->latin) {
		before = news_first(v->n, N_NOT, v->from, from);
		while (m && news_rule_is(m->id, "after")) /* denies what stands behind it */
			m = news_next(v->n, m, v->to);
		return (before && !turns(v, before->to, from)) ||
		       (m && m->from < to + 40 &&
		        !news_lit_before(v->n, m->from, ", there is ") &&
		        !news_lit_before(v->n, m->from, ", but "));
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

/* --- attack, way in ------------------------------------------------------ */

/* "フィッシング等への対処": not what happened. */
static bool guarded_against(const struct news_view *v, size_t at)
{
	for (size_t i = at; i < at + 6; i++)
		if (news_lit(v->n, i, "への対") || news_lit(v->n, i, "に対する対") ||
		    news_lit(v->n, i, "対策"))
			return true;
	return false;
}

/* "決済アプリケーションを改ざん" is told as that, not as the tampering that it ends with. */
static bool only_says_more(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *o = news_first(v->n, N_ATTACK, v->from, v->to);

	if (!news_rule_is(m->id, "tampering"))
		return false;
	while (o && (o->to != m->to || news_rule_is(o->id, "tampering")))
		o = news_next(v->n, o, v->to);
	return o != NULL;
}

/* "コンピューターウイルス「ランサムウエア」", "ランサムウエアによるサイバー攻撃": the plain
 * word beside the exact one says no more. */
static bool said_exactly(const struct news_view *v, const struct news_mark *m)
{
	bool plain = news_rule_is(m->id, "unauthorised-access"),
	     code = news_rule_is(m->id, "malware");
	size_t from = m->from > v->from + BESIDE ? m->from - BESIDE : v->from;
	const struct news_mark *o;

	if (v->n->latin || !(plain || code))
		return false;
	for (o = news_first(v->n, N_ATTACK, from, m->to + BESIDE); o;
	     o = news_next(v->n, o, m->to + BESIDE)) {
		if (!news_rule_is(o->id, "ransomware"))
			continue;
		if (o->to <= m->from && (news_lit_before(v->n, m->from, "による") ||
		                         (code && news_lit_before(v->n, m->from, "呼ばれる"))))
			return true;
		if (code && o->from >= m->to && o->from <= m->to + 1)
			return true;
	}
	return false;
}

/* "当社を装った迷惑メールが送信され": by whom is not known; no mail server of ours need be
 * broken. */
static bool in_our_name(const struct news_view *v, const struct news_mark *m)
{
	return news_rule_is(m->id, "spam-relay") && news_rule_cue(v, "brand") &&
	       !news_has(v->n, N_ATTACK, "unauthorised-access", 0, v->n->n);
}

/* A mail sent to all shows them each other's addresses: that is told already. */
static bool of_the_mail(const struct news_view *v, const struct news_mark *m)
{
	return news_rule_is(m->id, "exposure") &&
	       news_has(v->n, N_ATTACK, "misdirected-mail", 0, v->to) &&
	       news_has(v->n, N_ITEM, "email", v->from, v->to);
}

static void tell_named(const struct news_view *v, enum news_class class, const char *list)
{
	const struct news_mark *m = news_first(v->n, class, v->from, v->to);

	for (; m; m = news_next(v->n, m, v->to)) {
		if ((v->n->latin
		         ? news_rule_denied(v, m->from, m->to) && !v->leak
		         : news_first(v->n, N_NOT, m->to, m->to + DENIED_NEAR) != NULL) ||
		    guarded_against(v, m->to) || news_rule_is(m->id, "-") ||
		    only_says_more(v, m) || said_exactly(v, m) || in_our_name(v, m) ||
		    of_the_mail(v, m))
			continue;
		struct json *f = news_tell(v->n, list, m->id, m->from, m->to);
		if (f)
			json_put_slice(v->n->mem, f, "kind", m->id);
	}
}

static void rule_attack(const struct news_view *v)
{
	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    news_rule_is(v->s->section, "request") ||
	    (news_rule_cue(v, "prevent") && !v->leak) ||
	    (v->n->latin && news_rule_cue(v, "request") && !v->leak))
		return;
	tell_named(v, N_ATTACK, "attacks");
	if (news_rule_cue(v, "cause") || news_rule_is(v->s->section, "cause") ||
	    news_first(v->n, N_ATTACK, v->from, v->to) || news_rule_cue(v, "leak"))
		tell_named(v, N_WAY, "ways");
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
	return d->from - v->from <= 4 && v->to - d->to <= 6; /* "(1) ", "(火曜日)" */
}

/* "…に関する調査結果と再発防止策" as the title of all: no section. */
static bool aside_section(const struct news_mark *m)
{
	return !news_rule_is(m->id, "leak") && !news_rule_is(m->id, "course") &&
	       !news_rule_is(m->id, "recover");
}

/* "■不正アクセスを受けたアカウント数", "■不正使用期間": what stands below is of the incident.
 */
static bool tells_how_many(const struct news_view *v)
{
	return (news_lit_before(v->n, v->to, "数") || news_lit_before(v->n, v->to, "期間")) &&
	       (news_first(v->n, N_ATTACK, v->from, v->to) || news_rule_cue(v, "misuse"));
}

/* "氏名(必須)": of that item alone. */
static bool behind_item(const struct news_view *v, const struct news_mark *need)
{
	for (const struct news_mark *i = news_first(v->n, N_ITEM, v->from, need->from); i;
	     i = news_next(v->n, i, need->from))
		if (i->to == need->from ||
		    (i->to + 1 == need->from && news_c(v->n, i->to) == '('))
			return true;
	return false;
}

/* A day in a line of its own at the head of a text is that of the text, whatever the caller
 * says. */
static bool of_the_text(const struct news_view *v, const struct news_mark *d)
{
	return (size_t)(v->l - v->n->line) < HEAD_LINES && d->date.told_year && d->date.day &&
	       d->from == v->from && v->l->starts && !v->l->bullet;
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
	if (m && title && v->to - m->to <= 12 && !(l == n->line && aside_section(m)))
		turn_section(s, m);
	else if (title && tells_how_many(v))
		turn_to_leak(s);
	else if (title && l->bullet && news_rule_cue(v, "leak"))
		turn_to_leak(s);
	d = news_first(n, N_DATE, v->from, v->to);
	if (d && only_date(v, d) && !of_the_text(v, d) &&
	    (news_date_cmp(&d->date, &n->published) != 0 || s->date.year)) {
		s->date = d->date;
		s->date_from = d->from;
		s->date_to = d->to;
	} else if (l->gap && !l->bullet && d) {
		s->date = (struct news_date){0};
	}
	s->card |= news_has(n, N_GROUP, "card", v->from, v->to) != NULL;
	m = news_first(n, N_NEED, v->from, v->to);
	if (m && (title || m->from - v->from <= 6 || v->to - m->to <= 4) && !behind_item(v, m))
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
	v->s->topic =
	    news_has(v->n, N_ACT, "published", v->from, v->to) ? NULL : news_rule_topic_day(v);
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
	if (!news_has(n, N_CUE, "brand", 0, n->n))
		return false;
	return news_has(n, N_CUE, "subject", 0, n->n) || /* somebody fell for one: no warning */
	       (news_has(n, N_CUE, "ask", 0, n->n) &&
	        !news_has(n, N_ATTACK, "unauthorised-access", 0, n->n));
}

static void tell_published(struct news *n)
{
	struct json *p = json_obj(n->mem);

	json_put_slice(n->mem, p, "at", news_date_text(n->mem, &n->published));
	json_put_str(n->mem, p, "by", n->published_by);
	json_put(n->mem, n->out, "published", p);
}

/* "このときは1,200件が流出した": the sentence before goes on. */
static bool goes_on(const struct news *n, const struct news_line *l)
{
	static const char *const words[] = {"このとき", "この時", "この事", "その際", NULL};
	static const char *const one_of[] = {"相次いで", NULL}; /* "7月には…から流出し" */

	return !l->starts && (n->latin || news_name_begins(n, l->from, words) ||
	                      news_name_within(n, l[-1].from, l[-1].to, one_of));
}

void news_asides(struct news *n)
{
	for (size_t k = 1; k < n->lines; k++) {
		struct news_line *l = &n->line[k];

		if (!news_has(n, N_CUE, "other-case", l->from, l->to))
			continue;
		l->aside = true;
		if (k + 1 < n->lines && goes_on(n, l + 1))
			l[1].aside = true;
	}
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
		if (news_rule_is(s.section, "other") || v.l->aside)
			continue;
		rule_attack(&v);
		news_rule_noticed(&v);
		news_rule_events(&v);
		news_rule_periods(&v);
		news_rule_counts(&v);
		news_rule_items(&v);
		news_rule_recovery(&v);
		if (s.phish)
			news_rule_phishing(&v);
		leave(&v);
	}
}
