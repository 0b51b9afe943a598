/*
 * News: services and the vendors behind them: names in quotes, names that end with the word for
 * a shop.
 */
#include "parse/news_name.h"

#define MAX_QUOTE 100
#define NEAR      16

static const char *state_of(const struct news *n, size_t from, size_t to)
{
	size_t begin = from > NEAR ? from - NEAR : 0;

	while (begin < from && (news_c(n, begin) == 0x3002 || news_c(n, begin) == '\n' ||
	                        news_c(n, begin) == 0x3001))
		begin++;
	for (size_t i = from; i > begin; i--)
		if (news_c(n, i - 1) == '\n' || news_c(n, i - 1) == 0x3002 ||
		    news_c(n, i - 1) == 0x3001)
			begin = i;
	if (news_has(n, N_CUE, "old", begin, to + NEAR))
		return "old";
	if (news_has(n, N_CUE, "current", begin, to + NEAR))
		return "current";
	return "";
}

static void tell_service(struct news *n, size_t from, size_t to, size_t outer_from,
                         size_t outer_to)
{
	struct slice name = news_utf8(n, from, to);
	const char *state = state_of(n, outer_from, outer_to);
	struct json *f = news_tell(n, "services", name, from, to);

	if (!f)
		return;
	json_put_slice(n->mem, f, "name", name);
	if (*state || !json_get(f, "state"))
		json_put_str(n->mem, f, "state", *state ? state : "unknown");
}

/* "株式会社Yが提供する「Z」": the name in front, with "提供" between. */
static bool of_vendor(struct news *n, const struct news_mark *q)
{
	size_t begin = q->from > 40 ? q->from - 40 : 0;
	const struct news_mark *m = NULL, *last = NULL;

	for (m = news_first(n, N_NAME, begin, q->from); m; m = news_next(n, m, q->from))
		last = m;
	if (!last || !news_has(n, N_CUE, "vendor.after", last->to, q->from))
		return false;
	for (size_t i = last->to; i < q->from; i++)
		if (news_c(n, i) == 0x3002 || news_c(n, i) == '\n')
			return false;
	struct slice name = news_utf8(n, last->from, last->to);
	struct json *f = news_tell(n, "vendors", name, last->from, last->to);
	if (f) {
		json_put_slice(n->mem, f, "name", name);
		json_put_slice(n->mem, f, "service", news_utf8(n, q->from, q->to));
	}
	return true;
}

/* "A」と「B": is only this between the two? */
static bool chained(const struct news *n, size_t close, size_t open)
{
	static const char *const links[] = {"と",   "、",       "・",     "や",   "および",
	                                    "及び", "ならびに", "並びに", "」と", NULL};

	if (close == 0 || close > open)
		return false;
	for (size_t i = 0; links[i]; i++)
		if (news_lit(n, close, links[i]) == open - close)
			return true;
	return close == open;
}

static size_t trimmed(const struct news *n, size_t from, size_t to)
{
	while (to > from && news_is_space(news_c(n, to - 1)))
		to--;
	return to;
}

/* "Y(以下、ECサイト", "Y(https://...)" within the quotes: the name is what stands before. */
static size_t quote_end(const struct news *n, const struct news_mark *q)
{
	for (size_t i = q->from + 1; i < q->to; i++)
		if (news_c(n, i) == '(' &&
		    (news_lit(n, i + 1, "以下") || news_lit(n, i + 1, "http") ||
		     news_lit(n, i + 1, "URL") || news_lit(n, i + 1, "旧")))
			return trimmed(n, q->from, i);
	return trimmed(n, q->from, q->to);
}

/* "…に委託している会社「X」": a vendor in quotes, with no legal form. */
static bool quoted_vendor(struct news *n, const struct news_mark *q)
{
	static const char *const kinds[] = {"会社",   "事業者",   "業者",
	                                    "委託先", "ベンダー", NULL};
	size_t open = q->from - 1, from = open > 40 ? open - 40 : 0;
	bool kind = news_name_behind(n, open, kinds);
	struct json *f;

	for (size_t i = from; i < open; i++)
		from = news_c(n, i) == 0x3002 || news_c(n, i) == '\n' ? i + 1 : from;
	if (!(kind && news_has(n, N_CUE, "vendor.before", from, open)) &&
	    !news_lit(n, q->to + 1, "に委託") && !news_cue_ends(n, "vendor.before", open, 0))
		return false;
	if (news_name_before(n, q->to) > q->from)
		return false;
	f = news_tell(n, "vendors", news_utf8(n, q->from, q->to), q->from, q->to);
	if (f)
		json_put_slice(n->mem, f, "name", news_utf8(n, q->from, q->to));
	return true;
}

/* "…実行計画-2017-": the number of the edition left out. */
static size_t without_number(const struct news *n, const struct news_mark *q)
{
	size_t to = q->to;

	while (to > q->from + 1 &&
	       (news_is_digit(news_c(n, to - 1)) || news_c(n, to - 1) == '-'))
		to--;
	return to;
}

/* The "お問い合わせ" page: a word that these texts are made of, and no name. */
static bool common_word(const struct news *n, const struct news_mark *q)
{
	static const enum news_class classes[] = {N_SECTION, N_ITEM, N_GROUP, N_ATTACK,
	                                          N_ACT,     N_NEED, N_UNIT};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const struct news_mark *m = news_first(n, classes[i], q->from, q->to);
		if (m && m->from == q->from && m->to == q->to)
			return true;
	}
	return false;
}

/* "「Y」の情報は別のサーバーで管理されており、漏えいはございません": one that was not hit. */
static bool denied_here(const struct news *n, size_t from, size_t to)
{
	for (size_t i = 0; i < n->lines; i++) {
		const struct news_line *l = &n->line[i];

		if (l->from <= from && to <= l->to)
			return news_has(n, N_CUE, "elsewhere", l->from, l->to) &&
			       news_first(n, N_NOT, to, l->to);
	}
	return false;
}

/* Returns the end where the quote is told as a service, else 0. */
static size_t weigh_quote(struct news *n, const struct news_mark *whole, size_t last)
{
	static const char *const papers[] = {"表",   "会",   "計画", "書",   "通知",
	                                     "文書", "攻撃", "調査", "報告", "メール",
	                                     "制度", "業務", "事業", "教室", NULL};
	struct news_mark part = *whole, *q = &part;
	size_t open = q->from - 1, close = q->to + 1;
	bool chain = chained(n, last, open);

	q->to = (uint32_t)quote_end(n, whole);
	if (news_name_form(n, q->from, news_name_forms) ||
	    news_first(n, N_NAME, q->from, q->to + 1))
		if (!news_name_ends(n, q->from, q->to, news_name_shops))
			return 0; /* the name of a company */
	if (news_name_ends(n, q->from, without_number(n, q), papers) ||
	    news_name_ends(n, q->from, q->to, news_name_bodies))
		return 0;
	if (q->to - q->from > 44 || news_cue_ends(n, "alias", open, 2) ||
	    news_cue_ends(n, "subject", open, 4) ||
	    news_name_is(n, q->from, q->to, news_name_nobody) ||
	    news_has(n, N_CUE, "publish", q->from, q->to))
		return 0;
	for (size_t i = q->from; i < q->to; i++)
		if (news_c(n, i) == 0x3002 || news_c(n, i) == 0x3001)
			return 0;
	if (common_word(n, q) || news_has(n, N_CUE, "tool", q->from, q->to))
		return 0;
	if (news_cue_begins(n, "brand", close, 2) || quoted_vendor(n, q))
		return 0;
	if (!chain && !news_cue_ends(n, "run", open, 1) &&
	    !news_cue_begins(n, "run.after", close, 0) &&
	    !news_cue_ends(n, "service.before", open, 1) &&
	    !news_cue_begins(n, "service.after", close, 1) &&
	    !news_name_ends(n, q->from, q->to, news_name_shops))
		return 0;
	if (of_vendor(n, q) || denied_here(n, q->from, q->to))
		return 0;
	tell_service(n, q->from, q->to, open, close);
	return close;
}

/* "下着ECサイト": what is sold there, unless the organisation is called so. */
static bool sold_there(const struct news *n, size_t from, size_t i)
{
	const struct json *org = json_get(n->out, "organisations");

	if (!news_name_form(n, i, news_name_plain_shops) || i - from > 4)
		return false;
	for (size_t k = from; k < i; k++)
		if (!news_is_kanji(news_c(n, k)))
			return false;
	return !org || !org->first ||
	       slice_find(json_text(org->first, "name"), news_utf8(n, from, i)) == SIZE_MAX;
}

/* ワコムストア, ○○公式オンラインショップ: no quotes. */
static void weigh_shop(struct news *n, size_t i)
{
	size_t from, len = news_name_form(n, i, news_name_shops);

	if (!len || (i + len < n->n && news_name_char(news_c(n, i + len)) &&
	             !news_is_kanji(news_c(n, i + len))))
		return;
	from = news_name_before(n, i);
	if (from + 2 > i || news_c(n, from - (from > 0)) == 0x300c ||
	    news_name_of_nobody(n, from, i) || news_is_digit(news_c(n, from)) ||
	    news_name_ends(n, from - 1, i + len, news_name_kinds) || sold_there(n, from, i))
		return;
	for (const struct news_mark *q =
	         news_first(n, N_QUOTE, from > MAX_QUOTE ? from - MAX_QUOTE : 0, n->n);
	     q && q->from <= from; q = news_next(n, q, n->n))
		if (q->to >= i + len)
			return; /* part of a quote */
	if (news_name_form(n, from, news_name_forms) || news_first(n, N_NAME, from, i + len))
		return;
	tell_service(n, from, i + len, from, i + len);
}

void news_services(struct news *n)
{
	size_t last = 0;

	for (const struct news_mark *q = news_first(n, N_QUOTE, 0, n->n); q;
	     q = news_next(n, q, n->n))
		last = weigh_quote(n, q, last);
	for (size_t i = 0; i < n->n; i++)
		weigh_shop(n, i);
}
