/*
 * News: numbers with a unit. 1,938件, 10万4,000名, 1万2千人, 最大 100,565 名様, 100〜200件,
 * 1,938 cards, up to 147,545 customers. "第1報", "2件目", prices and telephone numbers are
 * no counts.
 */
#include "parse/news_name.h"

#define DATE_BEFORE 24
#define UNIT_BEFORE 40 /* characters from the unit to its number */
#define MANY        10 /* fewer of so many are a share */
#define MOST        INT64_C(1000000000000)

static int64_t power_of(uint32_t c)
{
	switch (c) {
	case 0x5343: /* 千 */
		return 1000;
	case 0x4e07: /* 万 */
		return 10000;
	case 0x5104: /* 億 */
		return 100000000;
	default:
		return 0;
	}
}

/* Digits with commas between groups of three; *tenths: a fraction behind a point, in 1/10. */
static size_t plain_number(const struct news *n, size_t i, int64_t *v, int *tenths)
{
	size_t at = i, group = 0;
	bool commas = false;

	*v = 0;
	*tenths = -1;
	for (;; at++) {
		uint32_t c = news_c(n, at);
		if (news_is_digit(c) && *v < MOST) {
			*v = *v * 10 + (c - '0');
			group++;
		} else if ((c == ',' || c == 0x3001) && group > 0 && group <= 3 &&
		           news_is_digit(news_c(n, at + 1)) &&
		           news_is_digit(news_c(n, at + 2)) &&
		           news_is_digit(news_c(n, at + 3)) &&
		           !news_is_digit(news_c(n, at + 4)) &&
		           (c == ',' || commas || news_c(n, at + 4) != 0x3001)) {
			commas = true;
			group = 0;
		} else {
			break;
		}
	}
	if (at == i || (commas && group != 3))
		return 0;
	if (news_c(n, at) == '.' && news_is_digit(news_c(n, at + 1)) &&
	    !news_is_digit(news_c(n, at + 2))) {
		*tenths = (int)(news_c(n, at + 1) - '0');
		at += 2;
	}
	return at;
}

/* With 万, 千, 億. Returns the end, or 0. */
static size_t whole_number(const struct news *n, size_t i, int64_t *out)
{
	int64_t sum = 0, power, last = INT64_MAX;
	size_t at = i;

	for (;;) {
		int64_t v;
		int tenths;
		size_t end = plain_number(n, at, &v, &tenths);
		if (!end)
			break;
		power = power_of(news_c(n, end));
		if (!power && !n->latin && news_is_space(news_c(n, end)) &&
		    power_of(news_c(n, end + 1)) >= 10000)
			power = power_of(news_c(n, ++end)); /* "3,370 万人" */
		if (power && power < last) {
			sum += v * power + (tenths > 0 ? tenths * (power / 10) : 0);
			last = power;
			at = end + 1;
			continue;
		}
		if (tenths >= 0 && n->latin) { /* "1.7 million": the rest is read by others */
			*out = v;
			return end - 2;
		}
		if (tenths >= 0 || v >= last)
			return 0;
		*out = sum + v;
		return end;
	}
	*out = sum;
	return at > i && sum < MOST ? at : 0;
}

/* 百十九万, 三百八万: as newspapers write. Ten at least, or it is but a word. */
static size_t kanji_number(const struct news *n, size_t i, int64_t *out)
{
	static const uint16_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
	                                  0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};
	int64_t sum = 0, group = 0, digit = -1;
	size_t at = i;
	bool power = false;

	for (; sum < MOST; at++) {
		uint32_t c = news_c(n, at);
		int64_t p = c == 0x5341 ? 10 : c == 0x767e ? 100 : power_of(c);
		int d = 0;

		while (d < 10 && digits[d] != c)
			d++;
		if (d < 10 && digit < 0) {
			digit = d;
		} else if (p && p < 10000) {
			group += (digit < 0 ? 1 : digit) * p;
			digit = -1;
		} else if (p) {
			sum += (group + (digit < 0 ? 0 : digit)) * p;
			group = 0;
			digit = -1;
		} else {
			break;
		}
		power |= p > 0;
	}
	*out = sum + group + (digit < 0 ? 0 : digit);
	return power && *out >= 10 ? at : 0;
}

static const struct {
	const char *word;
	enum news_how how;
} before_words[] =
    {
        {"最大で", NEWS_AT_MOST},
        {"最大で計", NEWS_AT_MOST},
        {"計", NEWS_EXACT},
        {"合計", NEWS_EXACT},
        {"延べ", NEWS_EXACT},
        {"のべ", NEWS_EXACT},
        {"最大", NEWS_AT_MOST},
        {"最大件数", NEWS_AT_MOST},
        {"少なくとも", NEWS_AT_LEAST},
        {"約", NEWS_ABOUT},
        {"およそ", NEWS_ABOUT},
        {"推定", NEWS_ABOUT},
        {"up to", NEWS_AT_MOST},
        {"fewer than", NEWS_AT_MOST},
        {"less than", NEWS_AT_MOST},
        {"at most", NEWS_AT_MOST},
        {"a maximum of", NEWS_AT_MOST},
        {"at least", NEWS_AT_LEAST},
        {"more than", NEWS_AT_LEAST},
        {"over", NEWS_AT_LEAST},
        {"approximately", NEWS_ABOUT},
        {"about", NEWS_ABOUT},
        {"around", NEWS_ABOUT},
        {"roughly", NEWS_ABOUT},
        {"nearly", NEWS_ABOUT},
        {"some", NEWS_ABOUT},
        {"as many as", NEWS_AT_MOST},
        {"estimated", NEWS_ABOUT},
        {"almost", NEWS_ABOUT},
},
  after_words[] = {
      {"以上", NEWS_AT_LEAST}, {"超", NEWS_AT_LEAST},       {"余り", NEWS_ABOUT},
      {"あまり", NEWS_ABOUT},  {"余", NEWS_ABOUT},          {"弱", NEWS_ABOUT},
      {"強", NEWS_ABOUT},      {"程度", NEWS_ABOUT},        {"ほど", NEWS_ABOUT},
      {"前後", NEWS_ABOUT},    {"を超える", NEWS_AT_LEAST}, {"以下", NEWS_AT_MOST},
      {"未満", NEWS_AT_MOST},
};

/* Does the word end at i, with a capital or without? Its length, or 0. */
static size_t word_before(const struct news *n, size_t i, const char *word)
{
	size_t len = news_lit_before(n, i, word), rest;

	if (len || *word < 'a' || *word > 'z')
		return len;
	rest = news_lit_before(n, i, word + 1);
	return rest && i > rest && news_c(n, i - rest - 1) == (uint32_t)(*word - 'a' + 'A')
	           ? rest + 1
	           : 0;
}

/* "最大で約 1,938": the outer word decides. */
static enum news_how how_before(const struct news *n, size_t i)
{
	enum news_how how = NEWS_EXACT;

	for (int words = 0; words < 3; words++) {
		size_t k, len = 0;
		while (i > 0 && (news_is_space(news_c(n, i - 1)) || news_c(n, i - 1) == ':' ||
		                 news_c(n, i - 1) == '('))
			i--;
		for (k = 0; k < sizeof(before_words) / sizeof(before_words[0]); k++) {
			len = word_before(n, i, before_words[k].word);
			if (len &&
			    (!n->latin || i == len || !news_is_alnum(news_c(n, i - len - 1))))
				break;
			len = 0;
		}
		if (!len)
			break;
		/* "合計約2万名"; "information about up to 9 million users" */
		if (before_words[k].how != NEWS_EXACT &&
		    !(how != NEWS_EXACT && before_words[k].how == NEWS_ABOUT && n->latin))
			how = before_words[k].how;
		i -= len;
	}
	return how;
}

static enum news_how how_after(const struct news *n, size_t i, enum news_how how)
{
	for (size_t k = 0; k < sizeof(after_words) / sizeof(after_words[0]); k++)
		if (news_lit(n, i, after_words[k].word))
			return how == NEWS_EXACT ? after_words[k].how : how;
	return how;
}

static size_t digits_end(const struct news *n, size_t i)
{
	while (news_is_digit(news_c(n, i)) ||
	       (news_c(n, i) == ',' && news_is_digit(news_c(n, i + 1))))
		i++;
	return i;
}

/* " million" at i: its length and its value, or 0. */
static size_t power_word(const struct news *n, size_t i, int64_t *power)
{
	static const struct {
		const char *word;
		int64_t power;
	} powers[] = {{"million", 1000000}, {"thousand", 1000}, {"billion", 1000000000}};
	bool gap = news_is_space(news_c(n, i)); /* or a new line */

	for (size_t k = 0; k < sizeof(powers) / sizeof(powers[0]); k++) {
		size_t len = news_lit(n, i + gap, powers[k].word);
		*power = powers[k].power;
		if (len)
			return len + gap;
	}
	*power = 1000000; /* "9.4m passengers" */
	if (n->latin && news_c(n, i) == 'm' && news_is_space(news_c(n, i + 1)))
		return 1;
	return 0;
}

/* "5th", "3D", but "10m people", "10million" */
static bool ordinal(const struct news *n, size_t i)
{
	int64_t power;

	return news_is_alnum(news_c(n, i)) && !power_word(n, i, &power);
}

/* What makes of a number something else. */
static bool no_count(const struct news *n, size_t from, size_t to)
{
	uint32_t before = from > 0 ? news_c(n, from - 1) : 0;

	if (before == 0x7b2c /* 第 */ || before == 0xa5 || before == '$' || before == 0x3012 ||
	    before == '.' || before == '/' || before == '-' || before == 0x20ac)
		return true;
	if (before && (news_is_alnum(before) ||
	               (before == ',' && from > 1 && news_is_digit(news_c(n, from - 2)))))
		return true; /* also of "8,60,000", as India writes it */
	if (n->latin && news_is_digit(news_c(n, from)) && ordinal(n, digits_end(n, from)))
		return true;
	return news_lit(n, to, "まで") || news_lit(n, to, "目") || news_lit(n, to, "番") ||
	       news_lit(n, to, "を除") || news_lit_before(n, from, "報告(") ||
	       news_lit(n, to, "当たり") || news_lit(n, to, "あたり") ||
	       news_lit(n, to, "体制") || news_lit(n, to, "につき");
}

/* The unit behind the number: directly, or in English with words between. */
static const struct news_mark *unit_at(const struct news *n, size_t end)
{
	static const char *const of[] = {" on ", " by ",  " from ", " to ",
	                                 " in ", " for ", NULL};
	size_t i = news_skip_space(n, end), most = n->latin ? end + 28 : i + 1;
	const struct news_mark *m = news_first(n, N_UNIT, i, most + 20);

	if (!m || (!n->latin && m->from != i) || m->from > most)
		return NULL;
	/* "45 tax returns on behalf of clients" */
	if (n->latin && news_name_within(n, end, m->from, of))
		return NULL;
	for (size_t k = end; n->latin && k < m->from; k++)
		if (news_is_digit(news_c(n, k)) || news_c(n, k) == '.' || news_c(n, k) == ',' ||
		    news_c(n, k) == '(' || news_c(n, k) == ':' || news_c(n, k) == '|' ||
		    news_c(n, k) == '\n' || news_is_cjk(news_c(n, k)))
			return NULL;
	return m;
}

/* "1.7 million", "12 thousand": what stands behind the number that ended at `end`. */
static size_t english_power(const struct news *n, size_t end, int64_t *v)
{
	int64_t whole = *v, tenths = 0, power;
	size_t at = end, len;

	if (news_c(n, at) == '.' && news_is_digit(news_c(n, at + 1))) {
		tenths = news_c(n, at + 1) - '0';
		tenths = tenths * 10;
		if (news_is_digit(news_c(n, at + 2)))
			tenths += news_c(n, at + 2) - '0';
		at += news_is_digit(news_c(n, at + 2)) ? 3 : 2;
	}
	len = whole < 1000 ? power_word(n, at, &power) : 0;
	if (!len)
		return end;
	*v = whole * power + tenths * (power / 100);
	return at + len;
}

/* "4人中3人", "4人のうち3人": a share, no count. */
static bool of_so_many(const struct news *n, size_t from, size_t to)
{
	to = news_skip_space(n, to);
	while (from > 0 && news_is_space(news_c(n, from - 1)))
		from--;
	if (news_lit_before(n, from, "もう") || news_lit(n, from, "1人で") ||
	    (to - from < 4 && (news_lit(n, to, "は") || news_lit(n, to, "から") ||
	                       news_lit(n, to, "より")))) /* "1人は", "1社から" */
		return true;
	return news_lit(n, to, "中") || news_lit(n, to, "のうち") || news_lit(n, to, "に1") ||
	       news_lit_before(n, from, "人中") || news_lit_before(n, from, "人のうち") ||
	       news_lit_before(n, from, "人に");
}

/* "the number of victims was 521,046": the unit stands in front. */
static const struct news_mark *unit_before(const struct news *n, size_t i)
{
	static const char *const verbs[] = {" was ", " is ", " as ", " at ", " to ", NULL};
	const struct news_mark *m =
	    news_first(n, N_UNIT, i > UNIT_BEFORE ? i - UNIT_BEFORE : 0, i);

	for (; m; m = news_next(n, m, i)) {
		bool number = news_lit_before(n, m->from, "number of ") ||
		              news_lit_before(n, m->from, "number of affected ");
		for (size_t k = 0; number && verbs[k]; k++)
			if (m->to + news_lit(n, m->to, verbs[k]) == i)
				return m;
	}
	return NULL;
}

/* "five million", "half a million": a number in words, which only such large ones are. */
static size_t number_in_words(const struct news *n, size_t i, int64_t *out)
{
	static const struct {
		const char *word;
		int64_t tenths;
	} words[] = {{"half a", 5}, {"one", 10},  {"two", 20},  {"three", 30},
	             {"four", 40},  {"five", 50}, {"six", 60},  {"seven", 70},
	             {"eight", 80}, {"nine", 90}, {"ten", 100}, {"a", 10}};
	if (!n->latin || (i > 0 && news_is_alnum(news_c(n, i - 1))))
		return 0;
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		size_t at = i + news_lit(n, i, words[k].word);
		int64_t power;
		size_t len = at > i ? power_word(n, at, &power) : 0;
		if (!len || news_is_alnum(news_c(n, at + len)))
			continue;
		*out = words[k].tenths * power / 10;
		return at + len;
	}
	return 0;
}

/* "Oct. 17, 2019 for swipe cards": does the number that begins at i belong to a date? */
static bool in_date(const struct news *n, size_t i)
{
	const struct news_mark *d =
	    news_first(n, N_DATE, i > DATE_BEFORE ? i - DATE_BEFORE : 0, i + DATE_BEFORE);

	while (d && !(d->from < i && d->to > i))
		d = news_next(n, d, i + DATE_BEFORE);
	return d != NULL;
}

static void add_count(struct news *n, size_t from, int64_t low, int64_t high, size_t end)
{
	const struct news_mark *u = unit_at(n, end);
	enum news_how how;
	struct slice unit;
	size_t to;
	struct news_mark *m;

	if (!u &&
	    !n->latin) { /* 1,938件: the number may stand far from its unit in a table only */
		enum news_how ignored = how_after(n, end, NEWS_EXACT);
		for (size_t k = 1; ignored != NEWS_EXACT && !u && k <= 4; k++)
			u = unit_at(n, end + k);
	}
	if (in_date(n, from))
		return;
	to = u ? u->to : end;
	u = u || !n->latin ? u : unit_before(n, from);
	if (!u)
		return;
	unit = u->id;
	if (no_count(n, from, to) || (high < MANY && of_so_many(n, from, to)))
		return;
	how = how_before(n, from);
	how = how_after(n, end, how);
	how = how_after(n, to, how);
	if (news_lit(n, to, "様"))
		to++;
	m = news_mark_add(n, N_COUNT, from, to);
	if (!m)
		return;
	m->count = (struct news_count){low, high, how, unit};
}

void news_counts(struct news *n)
{
	/* Marks are sorted already; those added here are not looked at as units. */
	for (size_t i = 0; i < n->n;) {
		int64_t low, high;
		size_t end, at;

		end = news_is_digit(news_c(n, i)) ? whole_number(n, i, &low)
		      : n->latin                  ? number_in_words(n, i, &low)
		                                  : kanji_number(n, i, &low);
		if (!end) {
			i++;
			continue;
		}
		end = english_power(n, end, &low);
		high = low;
		at = news_skip_space(n, end);
		if (news_c(n, at) == '~' || (news_c(n, at) == '-' && !n->latin)) {
			int64_t v;
			size_t more = news_skip_space(n, at + 1), stop;
			stop = news_is_digit(news_c(n, more)) ? whole_number(n, more, &v) : 0;
			if (stop && v > low) {
				high = v;
				end = stop;
			}
		}
		add_count(n, i, low, high, end);
		i = end;
	}
}
