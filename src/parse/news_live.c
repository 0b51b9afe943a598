/* News: what is back again, and what a phishing mail says. */
#include "parse/news_name.h"
#include "parse/news_rule.h"

#define UNIT_CHARS   28
#define MAX_SUBJECT  90
#define MAX_SUBJECTS 32
#define MAX_UNITS    64
#define BROKEN_NEAR  16 /* "電子カルテが閲覧できなくなった病院が…" */

/* --- recovery --------------------------------------------------------------------------- */

static bool unit_ends(const struct news_view *v, size_t i)
{
	uint32_t c = news_c(v->n, i);

	return c == 0x3001 || c == 0x300c || c == '(' || c == ':' || c == 0x3002 || c == '\n' ||
	       c == '|' || c == ')' || c == 0x300d || news_is_space(c) ||
	       (c >= 0x25a0 && c <= 0x25ff);
}

static bool particle(const struct news_view *v, size_t i)
{
	static const char *const words[] = {"は", "が", "の",   "を", "に", "で",
	                                    "と", "も", "から", "る", "た", NULL};

	for (size_t k = 0; words[k]; k++)
		if (news_lit(v->n, i, words[k]))
			return true;
	return false;
}

/* The name that ends with the word of a unit ("課", "センター", "外来" ...) at m. */
static size_t unit_from(const struct news_view *v, const struct news_mark *m)
{
	size_t i = m->from, least = v->from;

	if (m->from > UNIT_CHARS && m->from - UNIT_CHARS > least)
		least = m->from - UNIT_CHARS;
	while (i > least && !unit_ends(v, i - 1) && !particle(v, i - 1)) {
		const struct news_mark *before =
		    news_first(v->n, N_DEPARTMENT, i > 8 ? i - 8 : 0, i - 1);
		if (news_c(v->n, i - 1) == 0x30fb &&
		    (i - 1 == v->from || (before && before->to == i - 1)))
			break;
		i--;
	}
	return i;
}

static void tell_unit(const struct news_view *v, size_t from, size_t to, struct slice state,
                      const struct news_date *d)
{
	struct slice name = news_utf8(v->n, from, to);
	struct json *f = news_tell(
	    v->n, "recovery",
	    arena_printf(v->n->mem, "%.*s %.*s", SLICE_ARG(name), SLICE_ARG(state)), from, to);

	if (!f)
		return;
	json_put_slice(v->n->mem, f, "unit", name);
	json_put_slice(v->n->mem, f, "state", state);
	if (d) {
		news_rule_put_day(v->n, f, "at", d);
		news_rule_put_hour(v->n, f, d);
	}
}

void news_rule_recovery(const struct news_view *v)
{
	const struct news_mark *c = news_has(v->n, N_CUE, "recovered", v->from, v->to);
	const struct news_mark *m = news_first(v->n, N_DEPARTMENT, v->from, v->to),
	                       *last = NULL;
	struct slice state = v->future ? SLICE("expected") : SLICE("restored");
	int left = MAX_UNITS;

	if (news_has(v->n, N_ATTACK, "exposure", v->from, v->to))
		return; /* "閲覧可能な状態になっていた" */
	if (!c || news_has(v->n, N_CUE, "broken", c->to, c->to + 8) || v->s->phish ||
	    news_rule_cue(v, "request") || (news_rule_denied(v, c->from, c->to) && !v->future))
		return;
	if (news_has(v->n, N_CUE, "partial", v->from, v->to) && !v->future)
		state = SLICE("partial");
	for (; m && left-- > 0; m = news_next(v->n, m, v->to)) {
		size_t from = unit_from(v, m), d_from = 0, d_to = 0;
		const struct news_date *d = news_rule_day(v, c->from, false, &d_from, &d_to);

		if (news_rule_is(m->id, "no") ||
		    news_has(v->n, N_CUE, "broken", m->to, m->to + BROKEN_NEAR) ||
		    news_lit(v->n, m->to, "の代わり") || news_lit(v->n, m->to, "に代わ") ||
		    (m->from - from < 1 && !news_rule_is(m->id, "whole")))
			continue;
		if (last && last->to > from)
			from = last->to;
		last = m;
		if (d)
			tell_unit(v, from, m->to, state, d);
	}
}

/* --- phishing ---------------------------------------------------------------------------- */

static void tell_text(const struct news_view *v, const char *list, const char *field,
                      size_t from, size_t to)
{
	struct slice s = news_source(v->n, from, to);
	struct json *f;

	if (v->n->html || !slice_utf8_valid(s))
		s = news_utf8(v->n, from, to);
	f = news_tell(v->n, list, s, from, to);
	if (f)
		json_put_slice(v->n->mem, f, field, s);
}

/* "送信者:【X銀行】", "差出人: X銀行 <...>" */
static void rule_sender(const struct news_view *v)
{
	static const char *const nobody[] = {"不定", "不明", "様々", "さまざま", NULL};
	const struct news_mark *c = news_has(v->n, N_CUE, "sender", v->from, v->to);
	size_t from, to;

	if (!c || c->from > v->from + 4)
		return;
	from = news_skip_space(v->n, c->to);
	if (news_c(v->n, from) != ':')
		return;
	from = news_skip_space(v->n, from + 1);
	from += news_c(v->n, from) == 0x3010 || news_c(v->n, from) == 0x300c ||
	        news_c(v->n, from) == '"';
	for (to = from; to < v->to && (news_name_char(news_c(v->n, to)) ||
	                               news_is_hiragana(news_c(v->n, to)));
	     to++)
		;
	if (to - from >= 3 && to - from <= NEWS_NAME_MAX && news_c(v->n, to) != '@' &&
	    !news_is_alnum(news_c(v->n, to - 1)) && !news_name_begins(v->n, from, nobody))
		tell_text(v, "phishing_brands", "brand", from, to);
}

/* "So-netをかたる", "「So-net」を装った": the name in front of the cue. */
static void rule_brand(const struct news_view *v)
{
	static const char *const kinds[] = {
	    "組織",     "企業",     "団体",   "機関",       "知人",     "友人",     "上司",
	    "取引先",   "関係者",   "他人",   "第三者",     "有名企業", "公的機関", "金融機関",
	    "事業者",   "会社",     "銀行",   "カード会社", "宅配業者", "運送会社", "業者",
	    "サービス", "実在企業", "警察官", "大手企業",   NULL};
	static const char *const we[] = {"当社", "弊社", "当行", "当会", "当店", "当院",
	                                 "当方", "本学", "同社", "自社", NULL};
	const struct news_mark *c = news_has(v->n, N_CUE, "brand", v->from, v->to);
	size_t to, from;

	if (!c)
		return;
	to = c->from;
	while (to > v->from && news_is_space(news_c(v->n, to - 1)))
		to--;
	if (to > v->from && (news_c(v->n, to - 1) == 0x300d || news_c(v->n, to - 1) == '"'))
		to--;
	from = to;
	while (from > v->from && to - from < 32) {
		uint32_t b = news_c(v->n, from - 1);
		bool latin_gap = news_is_space(b) && from < to &&
		                 news_is_alnum(news_c(v->n, from)) && from > 1 &&
		                 news_is_alnum(news_c(v->n, from - 2));
		bool within = news_is_hiragana(b) && from < to && /* 三つ葉銀行 */
		              news_is_kanji(news_c(v->n, from)) &&
		              news_lit(v->n, from - 1, "つ") &&
		              news_is_kanji(news_c(v->n, from - 2));
		if (!(news_is_kanji(b) || news_is_katakana(b) || news_is_alnum(b) ||
		      b == 0x30fb || b == '-' || b == '.' || b == '&' || b == ':' ||
		      latin_gap || within))
			break;
		from--;
	}
	if (news_name_before(v->n, to) < from && news_name_before(v->n, to) >= v->from)
		from = news_name_before(v->n, to); /* ゆうちょ銀行 */
	if (to - from >= 2 && !news_name_begins(v->n, from, we) &&
	    !news_name_is(v->n, from, to, kinds))
		tell_text(v, "phishing_brands", "brand", from, to);
}

/* An empty line, a remark, a sentence, the next heading: the list of subjects is over. */
static bool no_subject(const struct news_view *v, size_t from, size_t to, int before)
{
	if (before == 0)
		return false;
	return to - from < 8 || news_c(v->n, from) == 0x203b || news_c(v->n, from) == '[' ||
	       (news_lit_before(v->n, to, "。") && news_c(v->n, from) != 0x3010) ||
	       news_has(v->n, N_CUE, "subject", from, to) != NULL;
}

/* "[件名]" is all of its line: the subjects stand in the next ones. */
static void subject_below(const struct news_view *v, size_t at)
{
	size_t i = at, to;

	while (news_c(v->n, i) == ']' || news_c(v->n, i) == 0x3011 || news_c(v->n, i) == ':' ||
	       news_is_space(news_c(v->n, i)))
		i++;
	if (news_c(v->n, i) != '\n')
		return;
	i = news_skip_space(v->n, i + 1);
	if (news_c(v->n, i) == '\n') /* an empty line below the heading */
		i = news_skip_space(v->n, i + 1);
	for (int lines = 0; lines < MAX_SUBJECTS && i < v->n->n; lines++) {
		size_t from = i;
		for (to = i; to < v->n->n && news_c(v->n, to) != '\n'; to++)
			;
		i = news_skip_space(v->n, to + 1);
		if (news_c(v->n, from) == 0x300c && news_c(v->n, to - 1) == 0x300d) {
			from++;
			to--;
		}
		if (to <= from + 3 || to - from >= MAX_SUBJECT ||
		    no_subject(v, from, to, lines))
			return;
		tell_text(v, "phishing_subjects", "subject", from, to);
	}
}

/* "確認された件名の一部は以下のとおりです。": the rows of the list that follows. */
static void subjects_listed(const struct news_view *v)
{
	const struct news_line *l = v->l + 1, *end = v->n->line + v->n->lines;

	for (int rows = 0; rows < MAX_SUBJECTS && l < end && l->bullet; rows++, l++) {
		size_t from = l->from;
		while (from < l->to &&
		       (news_is_space(news_c(v->n, from)) || news_c(v->n, from) == 0x30fb ||
		        news_c(v->n, from) == '-'))
			from++;
		if (l->to <= from + 3 || l->to - from >= MAX_SUBJECT)
			return;
		tell_text(v, "phishing_subjects", "subject", from, l->to);
	}
}

static bool says_below(const struct news_view *v)
{
	static const char *const below[] = {"以下", "下記", "次の", NULL};

	return news_name_within(v->n, v->from, v->to, below);
}

static void rule_subject(const struct news_view *v)
{
	const struct news_mark *c = news_has(v->n, N_CUE, "subject", v->from, v->to), *q;
	size_t at, end;

	if (!c)
		return;
	q = news_first(v->n, N_QUOTE, c->to, v->to);
	for (; q; q = news_next(v->n, q, v->to))
		if (q->to > q->from + 4 &&
		    (q->from <= c->to + 60 || news_c(v->n, q->from - 2) == 0x300d))
			tell_text(v, "phishing_subjects", "subject", q->from, q->to);
	if (news_first(v->n, N_QUOTE, c->to, v->to))
		return;
	subject_below(v, c->to);
	if (says_below(v))
		subjects_listed(v);
	at = news_skip_space(v->n, c->to);
	if (news_c(v->n, at) != ':' && news_c(v->n, at) != 0x300d &&
	    news_c(v->n, at) != 0x3011 && news_c(v->n, at) != '|')
		return;
	at = news_skip_space(v->n, at + 1);
	end = v->to;
	if (end > at + 3 && end - at < MAX_SUBJECT)
		tell_text(v, "phishing_subjects", "subject", at, end);
}

/* "フィッシングとは、…を詐取する行為です": what the word means. */
static bool defines(const struct news_view *v)
{
	const struct news_mark *m = news_has(v->n, N_ATTACK, "phishing", v->from, v->to);

	return m && news_lit(v->n, m->to, "とは");
}

void news_rule_phishing(const struct news_view *v)
{
	const struct news_mark *m;
	size_t from = 0, to = 0;
	const struct news_date *d;
	struct json *f;

	if (defines(v))
		return;
	rule_brand(v);
	rule_sender(v);
	rule_subject(v);
	for (m = news_rule_cue(v, "ask") ? news_first(v->n, N_ITEM, v->from, v->to) : NULL; m;
	     m = news_next(v->n, m, v->to)) {
		if (news_rule_is(m->id, "-"))
			continue;
		f = news_tell(v->n, "phishing_asks", m->id, m->from, m->to);
		if (f)
			json_put_slice(v->n->mem, f, "item", m->id);
	}
	m = news_has(v->n, N_CUE, "live", v->from, v->to);
	d = m ? news_rule_day(v, m->from, true, &from, &to) : NULL;
	if (!d)
		return;
	f = news_tell(v->n, "phishing_live", news_date_text(v->n->mem, d), from, m->to);
	if (f) {
		news_rule_put_day(v->n, f, "at", d);
		news_rule_put_hour(v->n, f, d);
	}
}
