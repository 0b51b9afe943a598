/*
 * News: who. Which of the names is the one that the text is about, which a vendor; which names
 * are services.
 */
#include "parse/news_name.h"

#define MAX_QUOTE      100
#define MAX_ASIDE      100 /* "(以下、当社)", "(本社:東京都千代田区)" */
#define NEAR           16
#define MAX_HEADS      6 /* lines at an end of a text where a name may stand alone */
#define MAX_CANDIDATES 256

/* --- who is it about ---------------------------------------------------------------- */

struct candidate {
	size_t from, to;
	int score;
	bool vendor;
};

struct people {
	struct candidate at[MAX_CANDIDATES];
	size_t n;
};

static bool same(const struct news *n, const struct candidate *a, size_t from, size_t to)
{
	if (a->to - a->from != to - from)
		return false;
	for (size_t i = 0; i < to - from; i++)
		if (news_c(n, a->from + i) != news_c(n, from + i))
			return false;
	return true;
}

static void vote(const struct news *n, struct people *p, size_t from, size_t to, int score,
                 bool vendor)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!same(n, &p->at[i], from, to))
			continue;
		p->at[i].score += score;
		p->at[i].vendor |= vendor;
		return;
	}
	if (p->n < MAX_CANDIDATES)
		p->at[p->n++] = (struct candidate){from, to, score, vendor};
}

/* Behind "(...)". */
static size_t skip_aside(const struct news *n, size_t i)
{
	size_t at = news_skip_space(n, i), begin = at;

	if (news_c(n, at) != '(')
		return i;
	while (at < n->n && at - begin < MAX_ASIDE && news_c(n, at) != ')' &&
	       news_c(n, at) != '\n')
		at++;
	return news_c(n, at) == ')' ? at + 1 : i;
}

static bool aside_says_we(const struct news *n, size_t i, size_t end)
{
	static const char *const we[] = {
	    "当社",       "弊社",   "本学",   "当院",        "当会", "当機構",
	    "当センター", "当財団", "当協会", "当組合",      "当行", "当法人",
	    "本校",       "当店",   "当館",   "\"Company\"", "we",   NULL};

	for (; i < end; i++)
		if (news_name_begins(n, i, we))
			return true;
	return false;
}

static bool cue_ends_near(const struct news *n, const char *id, size_t at, size_t near)
{
	const struct news_mark *m =
	    news_has(n, N_CUE, id, at > near + 12 ? at - near - 12 : 0, at);

	for (; m; m = news_next(n, m, at))
		if (slice_eq(m->id, slice_str(id)) && m->to + near >= at)
			return true;
	return false;
}

static bool cue_begins_near(const struct news *n, const char *id, size_t at, size_t near)
{
	return news_has(n, N_CUE, id, at, at + near + 12) &&
	       news_has(n, N_CUE, id, at, at + near + 12)->from <= at + near;
}

static bool alone(const struct news_line *l, const struct news_mark *m)
{
	size_t around = (m->from - l->from) + (l->to - m->to);

	return l->starts && around <= 12 && m->from - l->from <= 3;
}

static void weigh(const struct news *n, struct people *p, const struct news_mark *m, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t behind = skip_aside(n, m->to);
	int score = 1;
	bool vendor = cue_ends_near(n, "vendor.before", m->from, 2) ||
	              cue_begins_near(n, "vendor.after", behind, 2);

	if (cue_begins_near(n, "brand", m->to, 2))
		return;
	score += k == 0 ? 2 : 0;
	score += n->latin && news_is_space(news_c(n, m->to)) && news_c(n, m->to + 1) >= 'a' &&
	                 news_c(n, m->to + 1) <= 'z'
	             ? 2
	             : 0;
	score += news_lit(n, behind, "は") || news_lit(n, behind, "が") ? 2 : 0;
	score += aside_says_we(n, m->to, behind) ? 6 : 0;
	score += cue_ends_near(n, "run", m->from, 1) ? 3 : 0;
	score += cue_begins_near(n, "run.after", behind, 3) ? 2 : 0;
	score += alone(l, m) && (k < MAX_HEADS || k + MAX_HEADS >= n->lines) ? 3 : 0;
	if (cue_ends_near(n, "helper", m->from, 2) ||
	    cue_begins_near(n, "helper.after", behind, 2))
		score -= 6;
	vote(n, p, m->from, m->to, vendor ? score - 7 : score, vendor);
}

/* A name that the text itself calls nothing: the subject of a sentence, or of the title. */
static size_t subject_at(const struct news *n, size_t i)
{
	size_t at = i;

	while (at < n->n && at - i < NEWS_NAME_MAX &&
	       (news_name_char(news_c(n, at)) ||
	        (news_is_space(news_c(n, at)) && at > i && news_is_alnum(news_c(n, at - 1)) &&
	         news_is_alnum(news_c(n, at + 1)))))
		at++;
	return at - i >= 2 && !news_name_begins(n, i, news_name_nobody) &&
	               !news_name_form(n, i, news_name_forms)
	           ? at
	           : i;
}

static size_t skip_ornament(const struct news *n, size_t i, size_t to)
{
	while (i < to && !news_name_char(news_c(n, i)) && news_c(n, i) != 0x300c)
		i++;
	return i;
}

static bool has_digit_first(const struct news *n, size_t i)
{
	return news_c(n, i) >= '0' && news_c(n, i) <= '9';
}

static void weigh_subject(const struct news *n, struct people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t i = skip_ornament(n, l->from, l->to), to = subject_at(n, i), behind;
	bool title = k == 0 && l->heading;

	if (to == i || has_digit_first(n, i) || to > l->to ||
	    news_name_ends(n, i, to, news_name_shops) || news_first(n, N_NAME, i, to))
		return;
	behind = skip_aside(n, to);
	if (title && news_c(n, behind) == 0x3001 && to - i <= 24)
		vote(n, p, i, to, 3, false);
	else if (k == 0 && (news_lit(n, behind, "にて") || news_lit(n, behind, "において")) &&
	         news_first(n, N_ATTACK, behind, behind + 20))
		vote(n, p, i, to, 3, false);
	else if (title &&
	         (news_lit(n, behind, "に") || news_lit(n, behind, "が") ||
	          news_lit(n, behind, "で") || news_lit(n, behind, "の")) &&
	         news_first(n, N_ATTACK, behind, behind + 24))
		vote(n, p, i, to, 2, false);
	else if ((news_lit(n, behind, "は") || news_lit(n, behind, "が")) && k < 12 &&
	         (news_has(n, N_CUE, "publish", behind, l->to) ||
	          news_first(n, N_DATE, behind, behind + 14)))
		vote(n, p, i, to, 4 - (k > 4), false);
}

static void weigh_body(const struct news *n, struct people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t from = skip_ornament(n, l->from, l->to), to = subject_at(n, from);

	if (to > from && to >= l->to && to - from <= 24 &&
	    news_name_ends(n, from, l->to, news_name_bodies) &&
	    (k < MAX_HEADS || k + MAX_HEADS >= n->lines) && !news_first(n, N_NAME, from, to))
		vote(n, p, from, l->to, 3, false);
}

/* "「X」(京都市)が ... 攻撃を受け": a name in quotes as the subject. */
static void weigh_quoted(const struct news *n, struct people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	const struct news_mark *q = news_first(n, N_QUOTE, l->from, l->to);
	size_t behind;

	if (!q || k > 4 || q->to - q->from > 24 || news_first(n, N_NAME, q->from, q->to) ||
	    news_name_is(n, q->from, q->to, news_name_nobody) ||
	    news_name_ends(n, q->from, q->to, news_name_shops))
		return;
	behind = skip_aside(n, q->to + 1);
	if ((news_lit(n, behind, "は") || news_lit(n, behind, "が")) &&
	    !cue_ends_near(n, "service.before", q->from - 1, 1) &&
	    !cue_ends_near(n, "alias", q->from - 1, 2) &&
	    news_first(n, N_ATTACK, behind, l->to))
		vote(n, p, q->from, q->to, 3, false);
}

/* "JA大潟村が運用しているシステム": whose system it is. */
static void weigh_runner(const struct news *n, struct people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	const struct news_mark *c = news_has(n, N_CUE, "run.after", l->from, l->to);
	size_t from;

	if (!c || k > 6)
		return;
	from = news_name_before(n, c->from);
	if (from + 2 <= c->from && !news_name_begins(n, from, news_name_nobody) &&
	    !news_first(n, N_NAME, from, c->from) && news_c(n, from - (from > 0)) != 0x300c)
		vote(n, p, from, c->from, 2, false);
}

/* "Slim CD has been hit", "Macy's reveals": capitalised words in front of what a company does.
 */
static void weigh_english(const struct news *n, struct people *p, size_t k)
{
	static const char *const does[] = {" has ",
	                                   " said ",
	                                   " says ",
	                                   " announced ",
	                                   " disclosed ",
	                                   " confirmed ",
	                                   " suffered ",
	                                   " reveals ",
	                                   " revealed ",
	                                   " reported ",
	                                   " is notifying ",
	                                   " is writing ",
	                                   " learned ",
	                                   " discovered ",
	                                   " detected ",
	                                   " was hit ",
	                                   " experienced ",
	                                   " warned ",
	                                   " began notifying ",
	                                   " value",
	                                   " takes ",
	                                   NULL};
	static const char *const others[] = {
	    "The ",  "It ", "We ",  "This ", "On ", "In ", "Our ",  "According ", "Law ",
	    "They ", "He ", "She ", "If ",   "An ", "A ",  "What ", "Dear ",      NULL};
	const struct news_line *l = &n->line[k];
	size_t end;
	bool formed;
	int words;

	for (size_t i = l->from; i < l->to && k<14; i = end> i ? end : i + 1) {
		end = i;
		if (news_c(n, i) < 'A' || news_c(n, i) > 'Z' ||
		    (i > l->from && news_is_alnum(news_c(n, i - 1))))
			continue;
		if (news_lit(n, i, "The "))
			i += 4;
		if (news_name_begins(n, i, others))
			continue;
		end = news_name_english(n, i, &formed, &words);
		if (end > i && !formed && news_name_begins(n, end, does))
			vote(n, p, i, end, 3, false);
	}
}

static void tell_victim(struct news *n, const struct people *p)
{
	const struct candidate *best = NULL;
	struct json *f;

	for (size_t i = 0; i < p->n; i++)
		if (!best || p->at[i].score > best->score)
			best = &p->at[i];
	if (!best || best->score < 3)
		return;
	f = news_tell(n, "organisations", news_utf8(n, best->from, best->to), best->from,
	              best->to);
	if (f)
		json_put_slice(n->mem, f, "name", news_utf8(n, best->from, best->to));
}

static void tell_vendors(struct news *n, const struct people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct candidate *c = &p->at[i];
		struct slice name = news_utf8(n, c->from, c->to);
		struct json *f;
		if (!c->vendor || c->score > 3)
			continue;
		f = news_tell(n, "vendors", name, c->from, c->to);
		if (f)
			json_put_slice(n->mem, f, "name", name);
	}
}

/* --- services ----------------------------------------------------------------------- */

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

/* "「名前(https://...)」": the name alone. */
static size_t inner_end(const struct news *n, const struct news_mark *q)
{
	size_t i = q->from;

	while (i < q->to && news_c(n, i) != '(')
		i++;
	return i > q->from + 1 ? i : q->to;
}

static void weigh_quote(struct news *n, const struct news_mark *q)
{
	size_t open = q->from - 1, close = q->to + 1, to = inner_end(n, q);

	if (to - q->from > 44 || cue_ends_near(n, "alias", open, 2) ||
	    cue_ends_near(n, "subject", open, 4) ||
	    news_name_is(n, q->from, q->to, news_name_nobody) ||
	    news_has(n, N_CUE, "publish", q->from, q->to))
		return;
	for (size_t i = q->from; i < to; i++)
		if (news_c(n, i) == 0x3002 || news_c(n, i) == 0x3001)
			return;
	if (news_first(n, N_NAME, q->from, q->to))
		return;
	if (cue_begins_near(n, "brand", close, 2))
		return;
	if (!cue_ends_near(n, "service.before", open, 1) &&
	    !cue_begins_near(n, "service.after", close, 1) &&
	    !news_name_ends(n, q->from, to, news_name_shops))
		return;
	if (!of_vendor(n, q))
		tell_service(n, q->from, to, open, close);
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
	    news_name_is(n, from, i, news_name_nobody) ||
	    news_name_begins(n, from, news_name_nobody) || has_digit_first(n, from))
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

void news_who(struct news *n)
{
	struct people *p = arena_alloc(n->mem, sizeof(*p));

	if (!p)
		return;
	for (size_t k = 0; k < n->lines; k++) {
		const struct news_line *l = &n->line[k];
		const struct news_mark *m = news_first(n, N_NAME, l->from, l->to);
		for (; m; m = news_next(n, m, l->to))
			weigh(n, p, m, k);
		if (n->latin) {
			weigh_english(n, p, k);
		} else {
			weigh_subject(n, p, k);
			weigh_quoted(n, p, k);
			weigh_runner(n, p, k);
			weigh_body(n, p, k);
		}
	}
	tell_victim(n, p);
	tell_vendors(n, p);
	for (const struct news_mark *q = news_first(n, N_QUOTE, 0, n->n); q;
	     q = news_next(n, q, n->n))
		weigh_quote(n, q);
	for (size_t i = 0; i < n->n; i++)
		weigh_shop(n, i);
}
