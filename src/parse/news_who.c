/*
 * News: who. Which of the names is the one that the text is about, which a vendor; which names
 * are services.
 */
#include "parse/news_name.h"

#define MANY_BEFORE 120 /* characters of a list of names */
#define MAX_HEADS   6   /* lines at an end of a text where a name may stand alone */
#define MAX_KANA    8

/* --- who is it about ---------------------------------------------------------------- */

static bool same(const struct news *n, const struct news_candidate *a, size_t from, size_t to)
{
	if (a->to - a->from != to - from)
		return false;
	for (size_t i = 0; i < to - from; i++)
		if (news_c(n, a->from + i) != news_c(n, from + i))
			return false;
	return true;
}

void news_vote(const struct news *n, struct news_people *p, size_t from, size_t to, int score,
               bool vendor)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!same(n, &p->at[i], from, to))
			continue;
		p->at[i].score += score;
		p->at[i].vendor |= vendor;
		return;
	}
	if (p->n < NEWS_MAX_CANDIDATES)
		p->at[p->n++] = (struct news_candidate){from, to, score, vendor};
}

void news_veto(const struct news *n, struct news_people *p, size_t from, size_t to)
{
	for (size_t i = 0; i < p->n; i++)
		if (same(n, &p->at[i], from, to))
			p->at[i].score = 0;
}

/* Behind "(...)". */
size_t news_skip_aside(const struct news *n, size_t i)
{
	size_t at = news_skip_space(n, i), begin = at;

	if (news_c(n, at) != '(')
		return i;
	while (at < n->n && at - begin < NEWS_MAX_ASIDE && news_c(n, at) != ')' &&
	       news_c(n, at) != '\n')
		at++;
	return news_c(n, at) == ')' ? at + 1 : i;
}

static bool aside_says_we(const struct news *n, size_t i, size_t end)
{
	static const char *const we[] = {
	    "当社",   "弊社",        "本学",   "当院", "当会",   "当機構", "当センター",
	    "当財団", "当協会",      "当組合", "当行", "当法人", "本校",   "当店",
	    "当館",   "\"Company\"", "we",     "同社", "同院",   "同市",   "同大",
	    "本市",   "本院",        "本会",   NULL};

	return news_name_within(n, i, end, we);
}

bool news_cue_ends(const struct news *n, const char *id, size_t at, size_t near)
{
	const struct news_mark *m =
	    news_has(n, N_CUE, id, at > near + 12 ? at - near - 12 : 0, at);

	for (; m; m = news_next(n, m, at))
		if (slice_eq(m->id, slice_str(id)) && m->to + near >= at)
			return true;
	return false;
}

bool news_cue_begins(const struct news *n, const char *id, size_t at, size_t near)
{
	return news_has(n, N_CUE, id, at, at + near + 12) &&
	       news_has(n, N_CUE, id, at, at + near + 12)->from <= at + near;
}

static bool alone(const struct news_line *l, const struct news_mark *m)
{
	size_t around = (m->from - l->from) + (l->to - m->to);

	return l->starts && around <= 12 && m->from - l->from <= 3;
}

/* "customers such as X, Y and Z" */
static bool one_of_many(const struct news *n, size_t least, size_t at)
{
	static const char *const begins[] = {"such as ", NULL};
	size_t from = at > least + MANY_BEFORE ? at - MANY_BEFORE : least;

	return news_name_within(n, from, at, begins);
}

/* In English, does what the name does follow? */
static bool does(const struct news *n, size_t i)
{
	static const char *const others[] = {
	    " and ", " or ",   " in ", " of ",   " to ",      " for ",  " on ",    " at ",
	    " by ",  " from ", " as ", " with ", " network ", " that ", " which ", NULL};

	return news_is_space(news_c(n, i)) && news_c(n, i + 1) >= 'a' &&
	       news_c(n, i + 1) <= 'z' && !news_name_begins(n, i, others);
}

static void weigh(const struct news *n, struct news_people *p, const struct news_mark *m,
                  size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t behind = news_skip_aside(n, m->to);
	int score = 1;
	bool vendor = news_cue_ends(n, "vendor.before", m->from, 2) ||
	              news_cue_begins(n, "vendor.after", behind, 2) ||
	              (behind > m->to && news_lit_before(n, m->from, "提供する") &&
	               !aside_says_we(n, m->to, behind));

	if (news_cue_begins(n, "brand", m->to, 2) ||
	    (n->latin && news_has(n, N_CUE, "outsider", m->from, m->to)))
		return;
	score += k == 0 ? 2 : 0;
	score += n->latin && does(n, news_english_skip_apposition(n, behind)) ? 2 : 0;
	score += n->latin && k < 4 && news_lit(n, behind, "'s ") ? 2 : 0;
	score += news_lit(n, behind, "は") || news_lit(n, behind, "が") ? 2 : 0;
	/* "発表したのは「有限会社X」です" */
	score += news_c(n, m->to) == 0x300d && news_lit(n, m->to + 1, "です") ? 3 : 0;
	score += aside_says_we(n, m->to, behind) ? 6 : 0;
	score += news_cue_ends(n, "run", m->from, 1) ? 3 : 0;
	score += news_cue_begins(n, "run.after", behind, 3) ? 2 : 0;
	score += news_cue_begins(n, "run", behind, 1) && news_lit(n, behind, "が") ? 2 : 0;
	score += alone(l, m) && (k < MAX_HEADS || k + MAX_HEADS >= n->lines) ? 3 : 0;
	score -= n->latin && one_of_many(n, l->from, m->from) ? 4 : 0;
	if (news_cue_ends(n, "helper", m->from, 2) ||
	    news_cue_begins(n, "helper.after", behind, 2))
		score -= 6;
	news_vote(n, p, m->from, m->to, vendor ? score - 7 : score, vendor);
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
	return at - i >= 2 && !news_name_of_nobody(n, i, at) &&
	               !news_name_form(n, i, news_name_forms)
	           ? at
	           : i;
}

static size_t skip_ornament(const struct news *n, size_t i, size_t to)
{
	while (i < to &&
	       (!news_name_char(news_c(n, i)) || news_c(n, i) == 0x30fb ||
	        news_c(n, i) == '-' || news_c(n, i) == '.') &&
	       news_c(n, i) != 0x300c)
		i++;
	return i;
}

/* "しおかぜ事務機は": hiragana that begins the sentence and is no word of its own. */
static size_t from_start(const struct news *n, size_t least, size_t from, size_t to)
{
	static const char *const words[] = {
	    "この", "その", "あの", "また", "なお", "これ", "それ", "さらに", "すで", "およ",
	    "わが", "われ", "あく", "ほか", "いず", "すべ", "ただ", "もし",   "まず", NULL};
	static const char *const ends[] = {"の", "は", "が", "を", "に", "で",
	                                   "も", "へ", "や", "る", "た", "い",
	                                   "な", "く", "ら", "て", "び", NULL};
	size_t i = from;

	while (i > least && from - i < MAX_KANA && news_is_hiragana(news_c(n, i - 1)))
		i--;
	return i == least && from >= i + 2 && to > from && !news_name_begins(n, i, words) &&
	               !news_name_begins(n, from - 1, ends) && !news_name_of_nobody(n, from, to)
	           ? i
	           : from;
}

static void weigh_subject(const struct news *n, struct news_people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t i = skip_ornament(n, l->from, l->to), to = subject_at(n, i), behind;
	bool title = k == 0 && l->heading;

	if (i > l->from && to > i && news_name_torn(n, i)) /* こまどり商店 */
		i = news_name_before(n, to) < i ? news_name_before(n, to) : to;
	i = to > i ? from_start(n, l->from, i, to) : i;
	if (to == i || to > l->to || !news_name_may(n, i, to) || news_first(n, N_ITEM, i, to))
		return;
	behind = news_skip_aside(n, to);
	if (title && news_c(n, behind) == 0x3001 && to - i <= 24)
		news_vote(n, p, i, to, 3, false);
	else if (title &&
	         (news_lit(n, behind, "に") || news_lit(n, behind, "が") ||
	          news_lit(n, behind, "で") || news_lit(n, behind, "の")) &&
	         news_first(n, N_ATTACK, behind, behind + 24))
		news_vote(n, p, i, to, 2, false);
	else if (k == 0 && (news_lit(n, behind, "にて") || news_lit(n, behind, "において")) &&
	         news_first(n, N_ATTACK, behind, behind + 20))
		news_vote(n, p, i, to, 3, false);
	else if ((news_lit(n, behind, "は") || news_lit(n, behind, "が")) && k < 12 &&
	         (news_has(n, N_CUE, "publish", behind, l->to) ||
	          news_first(n, N_DATE, behind, behind + 14)))
		news_vote(n, p, i, to, 4 - (k > 4), false);
}

/* "運営会社オズ商会", "保険会社Xジャパン": behind what kind of company it is, or i. */
static size_t behind_kind(const struct news *n, size_t i, size_t end)
{
	static const char *const kinds[] = {"運営元", "販売元", "大手", NULL};
	static const char *const company[] = {"会社", NULL};
	static const char *const formed[] = {"式会社", "限会社", "同会社", NULL};
	size_t at = i + news_name_form(n, i, kinds);

	for (size_t k = at + 1; k + 3 < end && news_is_kanji(news_c(n, k)); k++)
		if (news_name_begins(n, k, company) && !news_name_begins(n, k - 1, formed) &&
		    !news_is_kanji(news_c(n, k + 2)))
			return k + 2;
	return at + 3 < end ? at : i;
}

/* A name that ends at i, an aside in brackets left out; its end in *to. */
static size_t name_ending(const struct news *n, size_t least, size_t i, size_t *to)
{
	size_t from;

	if (i > least && news_c(n, i - 1) == ')') {
		size_t open = i - 1;
		while (open > least && i - open < NEWS_MAX_ASIDE && news_c(n, open) != '(')
			open--;
		i = news_c(n, open) == '(' ? open : i;
	}
	*to = i;
	from = news_name_before(n, i);
	from = behind_kind(n, from, i);
	if (from > least + 1 && news_is_space(news_c(n, from - 1)) &&
	    news_is_katakana(news_c(n, from)) && news_is_katakana(news_c(n, from - 2)))
		from = news_name_before(n, from - 1); /* "サクラドラッグ ヘルスケア" */
	return from < least ? least : from;
}

bool news_starts_soon(const struct news *n, enum news_class class, size_t at, size_t near)
{
	const struct news_mark *m = news_first(n, class, at, at + near + 20);

	return m && m->from <= at + near;
}

/* "家具店のあおば堂は、…と発表した", "町立病院が4日、…を再開した", "大手のあおばが発表した…":
 * what the sentence is about. */
static void weigh_topic(const struct news *n, struct news_people *p, size_t k)
{
	static const char *const announced[] = {"発表した", "公表した", "発表しました",
	                                        "公表しました", NULL};
	const struct news_line *l = &n->line[k];
	size_t end = l->to - (l->to > 0 && news_c(n, l->to - 1) == 0x3002 ? 1 : 0);

	for (size_t i = l->from + 2; i < l->to; i++) {
		bool topic = news_lit(n, i, "は"), day = news_starts_soon(n, N_DATE, i + 1, 1);
		bool told = news_lit(n, i, "が発表し") || news_lit(n, i, "が公表し") ||
		            (topic && k < 3 && news_name_behind(n, end, announced));
		size_t from, to;
		if (!topic && !news_lit(n, i, "が"))
			continue;
		from = name_ending(n, l->from, i, &to);
		from = from_start(n, l->from, from, to);
		if (!news_name_may(n, from, to))
			continue;
		if (day || told ||
		    (topic && news_c(n, i + 1) == 0x3001 &&
		     news_has(n, N_CUE, "publish", i, l->to)))
			news_vote(n, p, from, to, k < 2 ? 4 : k < MAX_HEADS ? 3 : 2, false);
		else
			continue;
		return;
	}
}

/* Does it end with the word for what kind of body it is? */
static bool body(const struct news *n, size_t from, size_t to)
{
	return news_name_ends(n, from, to, news_name_bodies) > 0;
}

/*
 * Where the first lines tell of an attack: "X市において、…", "X病院に…", "X県ホームページの…",
 * "XのECサイト「Y」が".
 */
static void weigh_place(const struct news *n, struct news_people *p, size_t k)
{
	static const char *const places[] = {"において", "にて", "に",   "で",
	                                     "での",     "への", "から", NULL};
	static const char *const sites[] = {
	    "ホームページ", "のホームページ", "公式サイト", "の公式サイト",
	    "のWebサイト",  "のウェブサイト", NULL};
	static const char *const shops[] = {"のECサイト「", "の通販サイト「", "の公式サイト「",
	                                    "のオンラインショップ「", NULL};
	const struct news_line *l = &n->line[k];

	for (size_t i = l->from + 2; i < l->to; i++) {
		size_t from, to;
		bool attack = news_name_begins(n, i, places) &&
		              news_first(n, N_ATTACK, i, i + 24 < l->to ? i + 24 : l->to);
		bool site = news_name_begins(n, i, sites), shop = news_name_begins(n, i, shops);
		if (!attack && !site && !shop)
			continue;
		from = name_ending(n, l->from, i, &to);
		if (!news_name_may(n, from, to) || (!shop && !body(n, from, to)))
			continue;
		news_vote(n, p, from, to, 3, false);
		return;
	}
}

/* "Xが運営する「Y」", "サイトを運営するXは", "Xによりますと", "X(以下「当社」)". */
static void weigh_marks(const struct news *n, struct news_people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t from, to;

	for (const struct news_mark *m = news_first(n, N_CUE, l->from, l->to); m;
	     m = news_next(n, m, l->to)) {
		bool run = slice_eq(m->id, SLICE("run"));
		size_t at = run && news_lit_before(n, m->from, "が") ? m->from - 1 : m->from;
		if (!run && !slice_eq(m->id, SLICE("by")))
			continue;
		at -= run ? 0 : news_lit_before(n, at, "の発表");
		from = name_ending(n, l->from, at, &to);
		if (news_name_may(n, from, to) && (!run || news_lit(n, at, "が")))
			news_vote(n, p, from, to,
			          run ? 4
			          : news_lit_before(n, m->from, "の発表") ||
			                  (k < 3 && body(n, from, to))
			              ? 3
			              : 2,
			          false);
		to = subject_at(n, m->to);
		if (run && news_lit_before(n, m->from, "を") && news_name_may(n, m->to, to))
			news_vote(n, p, m->to, to, 4, false);
	}
	for (size_t i = l->from + 2; i < l->to; i++) {
		size_t behind = news_c(n, i) == '(' ? news_skip_aside(n, i) : i;
		if (behind == i || !news_lit(n, i + 1, "以下") || !aside_says_we(n, i, behind))
			continue;
		from = name_ending(n, l->from, i, &to);
		if (news_name_may(n, from, to))
			news_vote(n, p, from, to, 6, false);
	}
}

/* "メール誤送信│X市": what stands last in a title whose parts are told apart by a stroke. */
static void weigh_last(const struct news *n, struct news_people *p)
{
	const struct news_line *l = &n->line[0];
	size_t i = l->to;

	while (i > l->from && news_c(n, i - 1) != 0x2502 && news_c(n, i - 1) != NEWS_CELL)
		i--;
	i = news_skip_space(n, i);
	if (i > l->from + 4 && i < l->to && news_name_may(n, i, l->to) && body(n, i, l->to))
		news_vote(n, p, i, l->to, 3, false);
}

/* "【X庁】…のお詫び" */
static void weigh_bracket(const struct news *n, struct news_people *p)
{
	static const char *const at[] = {"で", "に", "が", NULL};
	const struct news_line *l = &n->line[0];
	size_t i = l->from + 1, to = i;

	while (to < l->to && news_c(n, to) != 0x3011)
		to++;
	if (news_c(n, l->from) == 0x3010 && to < l->to && news_name_may(n, i, to) &&
	    (body(n, i, to) || /* 【X製網】で…感染 */
	     (news_name_begins(n, to + 1, at) && news_first(n, N_ATTACK, to, l->to))))
		news_vote(n, p, i, to, 4, false);
}

/* "むつ市 個人情報を…": behind a town whose name is no Chinese word, else i. */
static size_t town(const struct news *n, size_t i, size_t end)
{
	static const char *const kinds[] = {"市", "町", "村", "区", NULL};
	size_t to = i;

	while (to < end && to - i < 8 && news_is_hiragana(news_c(n, to)))
		to++;
	return to > i + 1 && news_name_begins(n, to, kinds) ? to + 1 : i;
}

/* "【…】X市 委託先における…について": the first word of the title. */
static void weigh_title(const struct news *n, struct news_people *p)
{
	const struct news_line *l = &n->line[0];
	size_t i = l->from, to;

	if (news_c(n, i) == 0x3010)
		while (i < l->to && news_c(n, i) != 0x3011)
			i++;
	i = news_skip_space(n, news_c(n, i) == 0x3011 ? i + 1 : i);
	to = town(n, i, l->to);
	while (to == i || (to < l->to && news_name_char(news_c(n, to))))
		to++;
	if (to < l->to && (news_is_space(news_c(n, to)) || news_c(n, to) == 0x3001) &&
	    news_name_may(n, i, to) &&
	    (news_has(n, N_CUE, "publish", to, l->to) || news_first(n, N_ATTACK, to, l->to)))
		news_vote(n, p, i, to, 4, false);
}

/* Before the quotes stands what kind of body it is: 通販大手「X」が. */
static bool body_before(const struct news *n, size_t open)
{
	static const char *const kinds[] = {"大手",     "会社", "企業", "法人", "団体",
	                                    "メーカー", "大学", "学校", "病院", NULL};

	return news_name_behind(n, open - news_lit_before(n, open, "の"), kinds);
}

/* The name in quotes: 医療法人X「Y病院」が. */
static void weigh_quoted(const struct news *n, struct news_people *p)
{
	for (const struct news_mark *q = news_first(n, N_QUOTE, 0, n->n); q;
	     q = news_next(n, q, n->n)) {
		size_t behind = news_skip_aside(n, q->to + 1), to = q->from;
		while (to < q->to && news_name_char(news_c(n, to)))
			to++;
		if (to - q->from > 24 ||
		    (to < q->to && news_c(n, news_skip_space(n, to)) != '(') ||
		    !news_name_may(n, q->from, to))
			continue;
		if (news_lit(n, behind, "により") || news_lit(n, behind, "によると")) {
			news_vote(n, p, q->from, to, 3, false);
			continue;
		}
		if (!body_before(n, q->from - 1) &&
		    !news_name_ends(n, q->from, to, news_name_bodies))
			continue;
		behind += news_lit(n, behind, "社"); /* 「X製作所」社は */
		if (news_lit_before(n, q->from - 1, "委託先の")) {
			to -= news_lit_before(n, to, "社") && to > q->from + 3;
			news_vote(n, p, q->from, to, -4, true);
		} else if (news_lit(n, behind, "は") || news_lit(n, behind, "が") ||
		           news_lit(n, behind, "で") || news_lit(n, behind, "において"))
			news_vote(n, p, q->from, to, 3, false);
	}
}

/* "足利市立の中学校で": the town whose school it is. */
static void weigh_town(const struct news *n, struct news_people *p, size_t k)
{
	static const char *const owned[] = {"市立", "町立", "村立", "県立",
	                                    "府立", "区立", NULL};
	static const char *const schools[] = {"の", "小", "中", "高", "学校", "幼", NULL};
	const struct news_line *l = &n->line[k];

	for (size_t i = l->from + 2; i < l->to; i++) {
		size_t from;
		if (!news_name_begins(n, i, owned) || !news_name_begins(n, i + 2, schools))
			continue;
		from = news_name_before(n, i + 1);
		from = from < l->from ? l->from : from;
		if (i > from && news_name_may(n, from, i + 1))
			news_vote(n, p, from, i + 1, 3, false);
		return;
	}
}

static void weigh_body(const struct news *n, struct news_people *p, size_t k)
{
	const struct news_line *l = &n->line[k];
	size_t from = skip_ornament(n, l->from, l->to), to = subject_at(n, from);

	if (to > from && to >= l->to && to - from <= 24 &&
	    news_name_ends(n, from, l->to, news_name_bodies) &&
	    (k < MAX_HEADS || k + MAX_HEADS >= n->lines) && !news_first(n, N_NAME, from, to))
		news_vote(n, p, from, l->to, 3, false);
}

/* Is the long name the short one with a legal form: 株式会社X, X株式会社, X, Inc.? */
static bool formed_of(const struct news *n, const struct news_candidate *whole,
                      const struct news_candidate *bare)
{
	size_t len = bare->to - bare->from, more = whole->to - whole->from;
	static const char *const english[] = {", Inc", ", LLC", ", Ltd", " Inc",
	                                      " LLC",  " Ltd",  " Corp", NULL};
	size_t form = news_name_form(n, whole->from, news_name_forms);
	struct news_candidate rest = *whole;

	if (more <= len)
		return false;
	if (form) {
		rest.from = (uint32_t)news_skip_space(n, whole->from + form);
		return same(n, &rest, bare->from, bare->to);
	}
	rest.to = whole->from + len;
	return same(n, &rest, bare->from, bare->to) &&
	       (news_name_form(n, rest.to, news_name_forms) == more - len ||
	        (n->latin && news_name_begins(n, rest.to, english)));
}

/* "青空商事株式会社は", later "青空商事では": one name, told as the longer one. */
static void join_forms(const struct news *n, struct news_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->n; k++) {
			if (i == k || !formed_of(n, &p->at[i], &p->at[k]))
				continue;
			p->at[i].score += p->at[k].score;
			p->at[k].score = 0;
		}
	}
}

/* Do the capitals of the long name make the short one: "Midorikawa Public Schools", MPS? */
static bool initials_of(const struct news *n, const struct news_candidate *whole,
                        const struct news_candidate *bare)
{
	size_t k = bare->from;

	for (size_t i = whole->from; i < whole->to; i++) {
		bool first = i == whole->from || news_is_space(news_c(n, i - 1));
		uint32_t c = news_c(n, i);
		if (!first || c < 'A' || c > 'Z')
			continue;
		if (k == bare->to || news_c(n, k++) != c)
			return false;
	}
	return k == bare->to && bare->to > bare->from + 1;
}

/* "Midorikawa General Hospital (MGH)": is the short name told behind the long one? */
static bool told_short(const struct news *n, const struct news_candidate *whole,
                       const struct news_candidate *bare)
{
	size_t at = whole->to, open = at + 2 + (news_c(n, at + 2) == '"');
	size_t end = open + bare->to - bare->from;

	return news_lit(n, at, " (") && same(n, bare, open, end) &&
	       news_c(n, end + (news_c(n, end) == '"')) == ')';
}

/* The name in full, later "MGH learned": one name, told as the longer one. */
static void join_short(const struct news *n, struct news_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->n; k++) {
			if (i == k || !(told_short(n, &p->at[i], &p->at[k]) ||
			                (n->latin && initials_of(n, &p->at[i], &p->at[k]))))
				continue;
			p->at[i].score += p->at[k].score;
			p->at[k].score = 0;
		}
	}
}

/*
 * "Midorikawa Pet Supply, a retailer", later "Midorikawa said", or "Supply said": the longer
 * one, if it was told first.
 */
static void join_first_words(const struct news *n, struct news_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct news_candidate *whole = &p->at[i];
		for (size_t k = 0; k < p->n; k++) {
			size_t end = whole->from + p->at[k].to - p->at[k].from;
			size_t last = whole->to - (p->at[k].to - p->at[k].from);
			bool begins = end < whole->to && news_is_space(news_c(n, end)) &&
			              same(n, &p->at[k], whole->from, end);
			bool ends = end < whole->to && news_is_space(news_c(n, last - 1)) &&
			            same(n, &p->at[k], last, whole->to);
			if (i == k || whole->score <= 0 || whole->from > p->at[k].from ||
			    !(begins || ends))
				continue;
			p->at[i].score += p->at[k].score;
			p->at[k].score = 0;
		}
	}
}

/* "雲見県川面市において", later "川面市は": the town is the one of that prefecture. */
static void join_towns(const struct news *n, struct news_people *p)
{
	static const char *const prefectures[] = {"県", "府", "道", "都", NULL};

	for (size_t i = 0; i < p->n; i++) {
		const struct news_candidate *whole = &p->at[i];
		for (size_t k = 0; k < p->n; k++) {
			size_t len = p->at[k].to - p->at[k].from;
			size_t from = whole->to - len;
			if (whole->to - whole->from < len + 3 ||
			    !same(n, &p->at[k], from, whole->to) ||
			    !news_name_begins(n, from - 1, prefectures))
				continue;
			p->at[k].score += whole->score;
			p->at[i].score = 0;
		}
	}
}

/* "X協会が提供する「Y」": where nobody else is told of, it is X who writes. */
static struct news_candidate *only_provider(const struct news *n, struct news_people *p)
{
	struct news_candidate *only = NULL;

	for (size_t i = 0; i < p->n; i++) {
		if (p->at[i].vendor && only)
			return NULL;
		if (p->at[i].vendor)
			only = &p->at[i];
	}
	return only && news_lit(n, only->to, "が提供する") ? only : NULL;
}

static void tell_victim(struct news *n, struct news_people *p)
{
	struct news_candidate *best = NULL;
	struct json *f;

	for (size_t i = 0; i < p->n; i++)
		if (!best || p->at[i].score > best->score)
			best = &p->at[i];
	if (!best || best->score < 3)
		best = only_provider(n, p);
	if (!best)
		return;
	best->vendor = false;
	f = news_tell(n, "organisations", news_utf8(n, best->from, best->to), best->from,
	              best->to);
	if (f)
		json_put_slice(n->mem, f, "name", news_utf8(n, best->from, best->to));
}

static void tell_vendors(struct news *n, const struct news_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct news_candidate *c = &p->at[i];
		struct slice name = news_utf8(n, c->from, c->to);
		struct json *f;
		if (!c->vendor || c->score > 3)
			continue;
		f = news_tell(n, "vendors", name, c->from, c->to);
		if (f)
			json_put_slice(n->mem, f, "name", name);
	}
}

void news_who(struct news *n)
{
	struct news_people *p = arena_alloc(n->mem, sizeof(*p));

	if (!p)
		return;
	for (size_t k = 0; k < n->lines; k++) {
		const struct news_line *l = &n->line[k];
		const struct news_mark *m = news_first(n, N_NAME, l->from, l->to);
		if (l->aside)
			continue;
		for (; m; m = news_next(n, m, l->to))
			weigh(n, p, m, k);
		if (n->latin) {
			news_english_weigh(n, p, k);
		} else {
			weigh_subject(n, p, k);
			weigh_body(n, p, k);
			weigh_topic(n, p, k);
			if (k < MAX_HEADS) {
				weigh_town(n, p, k);
				weigh_place(n, p, k);
			}
			weigh_marks(n, p, k);
		}
	}
	if (!n->latin && n->lines) {
		weigh_title(n, p);
		weigh_last(n, p);
		weigh_bracket(n, p);
	}
	if (!n->latin)
		weigh_quoted(n, p);
	if (n->latin) {
		news_english_persons(n, p);
		join_first_words(n, p);
	}
	join_forms(n, p);
	join_short(n, p);
	join_towns(n, p);
	tell_victim(n, p);
	tell_vendors(n, p);
	news_services(n);
}
