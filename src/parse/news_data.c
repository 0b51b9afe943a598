/* News: which periods, how many, which items of data: of whom, and whether they were told. */
#include "parse/news_name.h"
#include "parse/news_rule.h"

#define USED_NEAR 16 /* "メールアドレスとパスワードの組み合わせ)を利用した" */
#define ITEM_GAP  14 /* between an item and its own count */
#define LOGIN     40 /* "third-party vendor's username and password" */
#define CAMPAIGN  16 /* "10月にかけて弊社が実施いたしました" */

/* --- periods, counts, items ------------------------------------------------------------ */

/* "会員登録されたお客様4,951名": what these customers did, if it is told. */
static const struct news_mark *who_did(const struct news_view *v, const struct news_mark *m)
{
	const struct news_mark *b =
	    news_first(v->n, N_GROUP, m->from > v->from + 12 ? m->from - 12 : v->from, m->from);

	if (!news_rule_is(m->id, "customer") || v->n->latin)
		return m;
	for (; b; b = news_next(v->n, b, m->from))
		if (b->to == m->from && !news_rule_is(b->id, "person"))
			return b;
	return m;
}

/* "保護者18名", "会員の個人情報(60名)", "個人情報(60件)": what stands right before the number.
 */
static struct slice group_right_before(const struct news_view *v, size_t at)
{
	const struct news_mark *m;
	size_t to = at, len;

	while (to > v->from &&
	       (news_c(v->n, to - 1) == '(' || news_is_space(news_c(v->n, to - 1))))
		to--;
	len = news_lit_before(v->n, to, "最大");
	len += len ? 0 : news_lit_before(v->n, to, "約");
	to -= len;
	while (to > v->from && news_is_space(news_c(v->n, to - 1)))
		to--;
	len = news_lit_before(v->n, to, "個人情報");
	if (len)
		to -= len + (news_lit_before(v->n, to - len, "の") ? 1 : 0);
	for (m = news_first(v->n, N_GROUP, to > 16 ? to - 16 : 0, to); m;
	     m = news_next(v->n, m, to))
		if (m->to == to && m->from >= v->from)
			return who_did(v, m)->id;
	return len && !news_lit(v->n, to, "の") ? SLICE("person") : SLICE("");
}

/* The last group named there; "個人情報" only where nothing says whose. */
static const struct news_mark *last_group(const struct news_view *v, size_t from, size_t to)
{
	const struct news_mark *last = NULL, *b = news_first(v->n, N_GROUP, from, to);

	for (; b; b = news_next(v->n, b, to))
		if (!last || !news_rule_is(b->id, "person") || news_rule_is(last->id, "person"))
			last = b;
	return last;
}

/* Where the count before this place ends: what stands before that belongs to it. */
static size_t behind_count(const struct news_view *v, size_t at)
{
	const struct news_mark *c = news_first(v->n, N_COUNT, v->from, at);
	size_t from = v->from;

	for (; c; c = news_next(v->n, c, at))
		from = c->to;
	return from;
}

/* The group that a place speaks of: behind it in its clause, else before it, else the state's.
 */
static struct slice group_of(const struct news_view *v, size_t from, size_t to)
{
	const struct news_mark *m = news_first(v->n, N_GROUP, to, news_rule_clause_to(v, to)),
	                       *last = NULL;
	bool near = m && m->from <= to + 12 && !news_rule_is(m->id, "person");
	struct slice right = group_right_before(v, from);

	if (right.n)
		return right;
	if (near && (news_lit(v->n, to, "の") || news_lit(v->n, to, "分の") || v->n->latin))
		return m->id;
	last = last_group(v, behind_count(v, from), from);
	if (!last)
		last = last_group(v, v->from, from);
	if (last)
		return last->id;
	m = news_first(v->n, N_GROUP, to, v->to);
	if (m)
		return m->id;
	return v->s->group;
}

/* "8月から10月にかけて弊社が実施したキャンペーン": the period of something else. */
static bool of_a_campaign(const struct news_view *v, const struct news_mark *r)
{
	static const char *const held[] = {"実施し", "実施いたし", "開催", NULL};
	size_t most = r->to + CAMPAIGN < v->to ? r->to + CAMPAIGN : v->to;

	return !v->n->latin && news_name_within(v->n, r->to, most, held) &&
	       !news_first(v->n, N_ATTACK, r->to, most);
}

void news_rule_periods(const struct news_view *v)
{
	const struct news_mark *r = news_first(v->n, N_RANGE, v->from, v->to);

	if (news_rule_is(v->s->section, "contact") || news_rule_cue(v, "schedule"))
		return;
	for (; r; r = news_next(v->n, r, v->to)) {
		const struct news_mark *after = news_first(v->n, N_GROUP, r->to, v->to);
		struct slice group = after ? after->id : group_of(v, r->from, r->to), id;
		struct json *f;

		if (!after && !v->leak && !v->s->leak && !group.n &&
		    !news_rule_cue(v, "exposed"))
			continue;
		if (!r->date.month && !r->until.month)
			continue; /* "2000年から2005年までの帳票": how old the data are */
		if (of_a_campaign(v, r))
			continue;
		v->s->period = r;
		id = arena_printf(v->n->mem, "%.*s %.*s",
		                  SLICE_ARG(news_date_text(v->n->mem, &r->date)),
		                  SLICE_ARG(news_date_text(v->n->mem, &r->until)));
		f = news_tell(v->n, "periods", id, r->from, r->to);
		if (!f)
			continue;
		news_rule_put_day(v->n, f, "from", &r->date);
		news_rule_put_day(v->n, f, "to", &r->until);
		if (r->until.part.n)
			json_put_slice(v->n->mem, f, "part", r->until.part);
		if (!json_text(f, "group").n)
			json_put_slice(v->n->mem, f, "group", group);
	}
}

/* "会社名(任意)": what is said in brackets right behind the item. */
static const struct news_mark *own_need(const struct news_view *v, size_t to)
{
	size_t most = to + 8 < v->to ? to + 8 : v->to;
	const struct news_mark *m = news_first(v->n, N_NEED, to, most + 4);
	size_t at = news_skip_space(v->n, to);

	return m && m->from <= at + 1 && (news_c(v->n, at) == '(' || news_c(v->n, at) == 0x3010)
	           ? m
	           : NULL;
}

/* Does it stand in brackets behind an item, and hold for that one only? */
static bool of_one_item(const struct news_view *v, const struct news_mark *need)
{
	const struct news_mark *i = news_first(
	    v->n, N_ITEM, need->from > v->from + 24 ? need->from - 24 : v->from, need->from);

	for (; i; i = news_next(v->n, i, need->from))
		if (own_need(v, i->to) == need)
			return true;
	return false;
}

/* "(必須)" and "任意" hold for what follows; in a table's row for the row's item. */
static struct slice need_of(const struct news_view *v, const struct news_mark *item)
{
	const struct news_mark *last = own_need(v, item->to), *m;

	if (last)
		return last->id;
	for (m = news_first(v->n, N_NEED, v->from, item->from); m;
	     m = news_next(v->n, m, item->from))
		last = of_one_item(v, m) ? last : m;
	if (last)
		return last->id;
	m = news_first(v->n, N_NEED, item->to, item->to + 8 < v->to ? item->to + 8 : v->to);
	return m && !of_one_item(v, m) ? m->id : v->s->need;
}

/* Between an item and its count, from i on: "(任意)", "約" and the like. Its end, or i. */
static size_t filler(const struct news_view *v, size_t i, size_t at)
{
	static const char *const words[] = {"任意", "必須",   "項目", "入力", "約",     "最大",
	                                    "計",   "およそ", "、約", "、計", "、最大", NULL};
	const struct news_mark *m = news_first(v->n, N_NEED, i, at);

	if (m && m->from == i) {
		bool apart = news_c(v->n, m->to) == 0x3001 || news_c(v->n, m->to) == ',';
		return m->to + apart; /* "(任意、553名)" */
	}
	return i + news_name_form(v->n, i, words);
}

/* Do these characters say that the count is of the item before them? */
static bool only_fillers(const struct news_view *v, size_t from, size_t at)
{
	bool of = news_lit_before(v->n, at, " of ") || news_lit_before(v->n, at, " for ");

	for (size_t i = from; i < at; i++) {
		uint32_t c = news_c(v->n, i);
		size_t end = filler(v, i, at);
		if (end > i)
			i = end - 1;
		else if (v->n->latin
		             ? (c == ',' || news_is_alnum(c)) && !of
		             : news_is_kanji(c) || news_is_hiragana(c) || news_is_katakana(c) ||
		                   c == 0x3001 || news_is_alnum(c))
			return false;
	}
	return true;
}

/* The item right before a count: "会社名 5,534名", "学校名(2,992名)". */
static const struct news_mark *item_before(const struct news_view *v, size_t at)
{
	const struct news_mark *last = NULL, *m, *before = NULL;

	for (m = news_first(v->n, N_ITEM, v->from, at); m; m = news_next(v->n, m, at)) {
		before = last;
		last = m;
	}
	/* "氏名、メールアドレス 812件" counts persons, not mail addresses; so does
	 * "ID・メールアドレス(812件)", but not "会社名(100件)、メールアドレス(812件)". */
	if (last && before && !own_need(v, last->to) &&
	    (news_c(v->n, at - 1) != '(' ||
	     news_lit(v->n, before->to, "・") == last->from - before->to) &&
	    !news_first(v->n, N_COUNT, before->to, last->from))
		return NULL;
	if (!last || at - last->to > ITEM_GAP || news_rule_is(last->id, "card_data") ||
	    news_rule_is(last->id, "-"))
		return NULL;
	return only_fillers(v, last->to, at) ? last : NULL;
}

/* "不正ログイン数:1,792件", "5万905件に不正ログイン": of what the attack was on. */
static bool of_logins(const struct news_view *v, const struct news_mark *m)
{
	size_t from = news_rule_clause_from(v, m->from), to = news_rule_clause_to(v, m->to);

	return news_has(v->n, N_ATTACK, "login", from, to) ||
	       news_has(v->n, N_ATTACK, "list-attack", from, to);
}

/* "46万人の個人情報が入ったUSBメモリーを紛失", "対象件数 85件" */
static bool of_the_matter(const struct news_view *v, const struct news_mark *m)
{
	static const char *const how_many[] = {"件数", "人数",       "者数",
	                                       "数は", "number of ", NULL};
	static const char *const data[] = {"情報", NULL};
	size_t most = v->n->latin ? 32 : 12;
	size_t from = m->from > v->from + most ? m->from - most : v->from;

	return news_name_within(v->n, from, m->from, how_many) ||
	       news_lit(v->n, m->to, "のメールが") ||
	       (news_first(v->n, N_ATTACK, v->from, v->to) &&
	        news_name_within(v->n, m->to, m->to + 14 < v->to ? m->to + 14 : v->to, data));
}

static bool counts_here(const struct news_view *v, const struct news_mark *m)
{
	size_t from = news_rule_clause_from(v, m->from);

	if (news_rule_is(v->s->section, "contact") || news_rule_is(v->s->section, "prevent") ||
	    v->s->phish)
		return false;
	if (news_has(v->n, N_CUE, "no-count", m->from > from + 20 ? m->from - 20 : from,
	             m->to + 14 < news_rule_clause_to(v, m->to)
	                 ? m->to + 14
	                 : news_rule_clause_to(v, m->to)))
		return false;
	return v->leak || v->s->leak || news_first(v->n, N_GROUP, v->from, v->to) ||
	       news_lit_before(v->n, m->to, "分") || item_before(v, m->from) ||
	       of_logins(v, m) || of_the_matter(v, m);
}

static const char *how_name(enum news_how how)
{
	static const char *const names[] = {[NEWS_EXACT] = "exact",
	                                    [NEWS_AT_MOST] = "at_most",
	                                    [NEWS_AT_LEAST] = "at_least",
	                                    [NEWS_ABOUT] = "about"};
	return names[how];
}

static void fill_count(const struct news_view *v, struct json *f, const struct news_mark *m,
                       const struct news_mark *item)
{
	struct arena *a = v->n->mem;
	struct slice group = group_of(v, m->from, m->to);

	if (m->count.low == m->count.high) {
		json_put_int(a, f, "n", m->count.low);
	} else {
		json_put_int(a, f, "low", m->count.low);
		json_put_int(a, f, "high", m->count.high);
	}
	json_put_slice(a, f, "unit", m->count.unit);
	if (m->count.how != NEWS_EXACT || !json_get(f, "how"))
		json_put_str(a, f, "how",
		             how_name(v->s->most && m->count.how == NEWS_EXACT ? NEWS_AT_MOST
		                                                               : m->count.how));
	if (item)
		json_put_slice(a, f, "item", item->id);
	if (item && need_of(v, item).n)
		json_put_slice(a, f, "need", need_of(v, item));
	if (!json_text(f, "group").n)
		json_put_slice(a, f, "group", group);
	if (news_has(v->n, N_CUE, "misuse", news_rule_clause_from(v, m->from), m->to + 12) &&
	    !item)
		json_put_str(a, f, "group", "misuse");
}

void news_rule_counts(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_COUNT, v->from, v->to);

	for (; m; m = news_next(v->n, m, v->to)) {
		const struct news_mark *item;
		struct json *f;

		if (!counts_here(v, m))
			continue;
		item = item_before(v, m->from);
		f = news_tell(v->n, "counts",
		              arena_printf(v->n->mem, "%lld %lld %.*s %.*s",
		                           (long long)m->count.low, (long long)m->count.high,
		                           SLICE_ARG(m->count.unit),
		                           SLICE_ARG(item ? item->id : SLICE(""))),
		              item ? item->from : m->from, m->to);
		if (f)
			fill_count(v, f, m, item);
	}
}

/* "USBには、氏名や成績が入っていた": what was lost or could be read held them. */
static bool held(const struct news_view *v)
{
	return news_rule_cue(v, "held") && news_told(v->n, "attacks");
}

static bool items_here(const struct news_view *v)
{
	struct slice s = v->s->section;

	if (news_rule_is(s, "contact") || news_rule_is(s, "prevent") ||
	    news_rule_is(s, "request") || news_rule_is(s, "late") || news_rule_is(s, "cause") ||
	    v->s->phish)
		return false;
	if (news_rule_cue(v, "request") || news_rule_cue(v, "contact") ||
	    (news_rule_cue(v, "prevent") && !v->leak))
		return false;
	return v->leak || v->s->leak || held(v);
}

/* "名義人" is a card's where the line speaks of cards. */
static bool of_no_card(const struct news_view *v, const struct news_mark *item)
{
	return news_rule_is(item->id, "card_holder") && news_c(v->n, item->from) == 0x540d &&
	       !v->s->card && !news_has(v->n, N_GROUP, "card", v->from, v->to);
}

/* "usernames and passwords taken from other sites": what was tried, not what was taken. */
static bool tried_elsewhere(const struct news_view *v, const struct news_mark *item)
{
	static const char *const words[] = {"stuffing",
	                                    "reuse",
	                                    "re-use",
	                                    "other sites",
	                                    "other web",
	                                    "other compan",
	                                    "one breach",
	                                    "another breach",
	                                    "third-party source",
	                                    "stolen password",
	                                    "stolen credential",
	                                    "login attempts",
	                                    "same login",
	                                    "same password",
	                                    "same username",
	                                    "list of username",
	                                    "unrelated",
	                                    "enter their",
	                                    NULL};

	return (news_rule_is(item->id, "password") || news_rule_is(item->id, "member_id") ||
	        news_rule_is(item->id, "email")) &&
	       news_name_within(v->n, v->from, v->to, words);
}

/* "流出したメールアドレスとパスワードを用いたリスト型攻撃": with what they came in. */
static bool used_by_them(const struct news_view *v, const struct news_mark *item)
{
	static const char *const used[] = {"を利用した", "を利用して", "を用い",
	                                   "を使っ",     "を悪用",     NULL};

	if (v->n->latin && tried_elsewhere(v, item))
		return true;
	for (size_t i = item->to; i < item->to + USED_NEAR && i < v->to; i++)
		if (news_name_begins(v->n, i, used) && !v->n->latin)
			return true;
	return news_has(v->n, N_ATTACK, "list-attack", item->to, v->to) != NULL;
}

/* "パスワードリスト型攻撃" is no password. */
static bool within_word(const struct news_view *v, const struct news_mark *item)
{
	size_t from = item->from > 12 ? item->from - 12 : 0;
	const struct news_mark *m = news_first(v->n, N_ATTACK, from, v->to);

	for (; m && m->from <= item->from; m = news_next(v->n, m, v->to))
		if (m->to >= item->to)
			return true;
	/* "IDとパスワードが不正に利用され": how they came in. */
	m = news_first(v->n, N_WAY, item->from > LOGIN ? item->from - LOGIN : 0, v->to);
	for (; m && m->from <= item->from; m = news_next(v->n, m, v->to))
		if (m->to >= item->to && news_rule_is(m->id, "stolen-login"))
			return true;
	return false;
}

/* Does the sentence list items, or is it a row of a list? */
static bool lists_items(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_ITEM, v->from, v->to);
	int items = 0;

	for (; m; m = news_next(v->n, m, v->to))
		items += !news_rule_is(m->id, "-");
	return items > 1 || v->l->bullet || v->l->heading;
}

/* "原因は、利用者のパスワードが…": no item that leaked. */
static bool told_as_cause(const struct news_view *v, const struct news_mark *item)
{
	return news_has(v->n, N_CUE, "because", v->from, item->from) != NULL;
}

void news_rule_items(const struct news_view *v)
{
	const struct news_mark *m = news_first(v->n, N_ITEM, v->from, v->to);

	for (; m && items_here(v); m = news_next(v->n, m, v->to)) {
		struct slice need = need_of(v, m);
		struct json *f;

		if (news_rule_denied(v, m->from, m->to) || news_rule_is(m->id, "-") ||
		    within_word(v, m) || told_as_cause(v, m) || used_by_them(v, m) ||
		    of_no_card(v, m) ||
		    (!v->leak && !v->n->latin && !lists_items(v) && !held(v)))
			continue;
		f = news_tell(v->n, "items", m->id, m->from, m->to);
		if (!f)
			continue;
		json_put_slice(v->n->mem, f, "item", m->id);
		if (need.n && !json_get(f, "need"))
			json_put_slice(v->n->mem, f, "need", need);
		if (!json_text(f, "group").n)
			json_put_slice(v->n->mem, f, "group",
			               slice_starts(m->id, SLICE("card_")) ? SLICE("card")
			                                                   : v->s->group);
	}
}
