/*
 * News: dates as they are written: 2022年11月21日(月), 令和4年, 22年4月, 同22日, 2022/11/21,
 * 8/19, with what follows of the day (午前中, 9時00分). In English: news_date_english.c. Which
 * day a short form means: news_day.c.
 */
#include "parse/news_date.h"
#include "parse/news_name.h"
#include <stdlib.h>

static const int8_t month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

int news_date_number(const struct news *n, size_t *i, int most, int *v)
{
	int digits = 0, sum = 0;

	while (digits < most && news_is_digit(news_c(n, *i + (size_t)digits)))
		sum = sum * 10 + (int)(news_c(n, *i + (size_t)digits++) - '0');
	if (digits == 0 || news_is_digit(news_c(n, *i + (size_t)digits)))
		return 0;
	*i += (size_t)digits;
	*v = sum;
	return digits;
}

bool news_date_eat(const struct news *n, size_t *i, const char *lit)
{
	size_t len = news_lit(n, *i, lit);

	*i += len;
	return len > 0;
}

static bool era_year(const struct news *n, size_t *i, int *year)
{
	static const struct {
		const char *name;
		int before;
	} eras[] = {{"令和", 2018}, {"平成", 1988}, {"R", 2018}, {"H", 1988}};

	for (size_t k = 0; k < sizeof(eras) / sizeof(eras[0]); k++) {
		size_t at = *i;
		int v = 1;
		if (!news_date_eat(n, &at, eras[k].name))
			continue;
		at = news_skip_space(n, at);
		if (!news_date_eat(n, &at, "元") && !news_date_number(n, &at, 2, &v))
			return false;
		if (eras[k].name[1] == '\0') { /* R4.8.19, R4年 */
			if (news_c(n, at) != '.' && !news_lit(n, at, "年"))
				return false;
			if (*i > 0 && news_is_alnum(news_c(n, *i - 1)))
				return false;
			if (news_c(n, at) == '.') {
				*i = at;
				*year = eras[k].before + v;
				return true;
			}
		}
		at = news_skip_space(n, at);
		if (!news_date_eat(n, &at, "年"))
			return false;
		*i = at;
		*year = eras[k].before + v;
		return true;
	}
	return false;
}

/* "(令和4年)" behind a year, "(月)", "(火曜日)", "(水・祝)" behind a day. */
static void skip_aside(const struct news *n, size_t *i)
{
	static const char weekdays[] = "月火水木金土日";
	size_t at = news_skip_space(n, *i), k;
	int v;

	if (news_c(n, at) != '(')
		return;
	k = at + 1;
	if (era_year(n, &k, &v) ||
	    (news_date_number(n, &k, 4, &v) && news_date_eat(n, &k, "年"))) {
		if (news_c(n, k) == ')')
			*i = k + 1;
		return;
	}
	k = at + 1;
	for (const char *w = weekdays; *w; w += 3) {
		char day[4] = {w[0], w[1], w[2], 0};
		if (!news_lit(n, k, day))
			continue;
		for (k++; k < at + 8 && news_c(n, k) != ')'; k++)
			;
		if (news_c(n, k) == ')')
			*i = k + 1;
		return;
	}
}

static bool year_word(const struct news *n, size_t *i, struct news_draft *t)
{
	static const struct {
		const char *word;
		int shift;
		bool lean;
	} words[] = {{"同年", 0, true},   {"翌年", 1, true},    {"前年", -1, true},
	             {"昨年", -1, false}, {"去年", -1, false},  {"一昨年", -2, false},
	             {"今年", 0, false},  {"ことし", 0, false}, {"本年", 0, false},
	             {"来年", 1, false}};

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		if (!news_date_eat(n, i, words[k].word))
			continue;
		t->year_shift = words[k].shift;
		t->year_lean = words[k].lean;
		t->year_rel = !words[k].lean;
		return true;
	}
	return false;
}

static bool read_year(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i, k;
	int v = 0, digits;

	if (year_word(n, i, t))
		return true;
	if (era_year(n, &at, &v)) {
		t->d.year = (int16_t)v;
	} else {
		news_date_eat(n, &at, "西暦");
		if (news_c(n, at) == '\'')
			at++;
		digits = news_date_number(n, &at, 4, &v);
		k = news_skip_space(n, at);
		if ((digits != 4 && digits != 2) || !news_date_eat(n, &k, "年"))
			return false;
		at = k;
		if (digits == 2) { /* 22年4月, not 22年間 */
			k = news_skip_space(n, at);
			if (v < 10 || v > 60 || !news_date_number(n, &k, 2, &digits) ||
			    !news_lit(n, k, "月"))
				return false;
			v += 2000;
		}
		if (news_lit(n, at, "間") || news_lit(n, at, "前") || news_lit(n, at, "以上") ||
		    v < NEWS_YEAR_LEAST || v > NEWS_YEAR_MOST)
			return false;
		t->d.year = (int16_t)v;
	}
	t->d.told_year = true;
	*i = at;
	skip_aside(n, i);
	return true;
}

static bool read_month(const struct news *n, size_t *i, struct news_draft *t)
{
	static const struct {
		const char *word;
		int shift;
		bool lean;
	} words[] = {{"同月", 0, true},  {"翌月", 1, true},   {"今月", 0, false},
	             {"本月", 0, false}, {"先月", -1, false}, {"来月", 1, false}};
	size_t at = *i;
	int v;

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		if (!news_date_eat(n, i, words[k].word))
			continue;
		t->month_lean = words[k].lean;
		t->month_rel = !words[k].lean;
		t->month_shift = words[k].shift;
		return true;
	}
	if (news_lit(n, at, "同") && news_is_digit(news_c(n, at + 1)))
		at++; /* 同11月 */
	at = news_skip_space(n, at);
	if (!news_date_number(n, &at, 2, &v))
		return false;
	at = news_skip_space(n, at);
	if (!news_date_eat(n, &at, "月") || v < 1 || v > 12 || news_lit(n, at, "間") ||
	    news_lit(n, at, "期")) /* 3月期決算 */
		return false;
	t->d.month = (int8_t)v;
	t->d.told_month = true;
	*i = at;
	return true;
}

/* "同5時5分": of the day last told. */
static bool same_days_hour(const struct news *n, size_t i)
{
	int hour;

	if (!news_date_eat(n, &i, "同"))
		return false;
	if (!news_date_eat(n, &i, "午前"))
		news_date_eat(n, &i, "午後");
	return news_date_number(n, &i, 2, &hour) > 0 && hour <= 24 && news_lit(n, i, "時") &&
	       !news_lit(n, i, "時間");
}

/* "25" of "25~27日" */
static bool begins_days(const struct news *n, size_t i)
{
	int day;

	if (news_c(n, i) != '~')
		return false;
	i++;
	return news_date_number(n, &i, 2, &day) > 0 && day <= 31 && news_lit(n, i, "日") &&
	       !news_lit(n, i, "日間");
}

static bool read_day(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i, k;
	int v;

	if (news_date_eat(n, i, "同日") || news_date_eat(n, i, "当日")) {
		t->day_lean = true;
		return true;
	}
	if (same_days_hour(n, at)) {
		*i = at + 1;
		t->day_lean = true;
		return true;
	}
	if (news_date_eat(n, i, "本日")) {
		t->today = true;
		return true;
	}
	if (news_date_eat(n, i, "翌日")) {
		t->day_lean = t->next_day = true;
		return true;
	}
	if (news_lit(n, at, "同") && news_is_digit(news_c(n, at + 1))) {
		at++;
		t->month_lean = true;
	}
	if (news_lit(n, at, "翌") && news_is_digit(news_c(n, at + 1))) {
		at++;
		t->month_lean = t->next = true;
	}
	at = news_skip_space(n, at);
	if (!news_date_number(n, &at, 2, &v) || v < 1 || v > 31)
		return false;
	if (begins_days(n, at)) {
		t->d.day = (int8_t)v;
		*i = at;
		return true;
	}
	k = news_skip_space(n, at);
	if (!news_date_eat(n, &k, "日") || news_lit(n, k, "間") || news_lit(n, k, "以内") ||
	    news_lit(n, k, "後") || news_lit(n, k, "目") || news_lit(n, k, "ほど") ||
	    news_lit(n, k, "程度") || news_lit(n, k, "当たり") || news_lit(n, k, "営業"))
		return false;
	t->d.day = (int8_t)v;
	*i = k;
	skip_aside(n, i);
	return true;
}

/* "3/9 13:40" */
static bool clock_follows(const struct news *n, size_t i)
{
	int hour;

	return news_is_space(news_c(n, i)) && (i++, news_date_number(n, &i, 2, &hour)) &&
	       hour < 24 && news_c(n, i) == ':';
}

/* 2022/11/21, 2022-11-21, 2022.11.21, and 8/19 where a weekday or a list says that it is one.
 */
static bool read_slashed(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i;
	int y = 0, m, d, digits = news_date_number(n, &at, 4, &y);
	uint32_t sign = news_c(n, at);

	if (digits == 0 || (sign != '/' && sign != '-' && sign != '.'))
		return false;
	if (*i > 0 && (news_c(n, *i - 1) == '/' || news_c(n, *i - 1) == '.' ||
	               news_c(n, *i - 1) == '-' || news_is_alnum(news_c(n, *i - 1))))
		return false;
	at++;
	if (digits == 4) {
		if (!news_date_number(n, &at, 2, &m) || m < 1 || m > 12 ||
		    y < NEWS_YEAR_LEAST || y > NEWS_YEAR_MOST)
			return false;
		t->d.year = (int16_t)y;
		t->d.told_year = true;
		if (news_c(n, at) == sign) {
			at++;
			if (!news_date_number(n, &at, 2, &d) || d < 1 || d > 31)
				return false;
			t->d.day = (int8_t)d;
		} else if (sign != '/') {
			return false;
		}
	} else {
		size_t k;
		if (sign != '/' || y < 1 || y > 12 || !news_date_number(n, &at, 2, &d) ||
		    d < 1 || d > 31)
			return false;
		k = at;
		m = y;
		skip_aside(n, &k);
		if (k == at && !(*i == 0 || news_c(n, *i - 1) == '\n') &&
		    !(news_lit(n, at, "、") && news_lit_before(n, *i, "は")) &&
		    !clock_follows(n, at) && !news_lit(n, at, "に") && !news_lit(n, at, "~") &&
		    !news_lit(n, at, "から") && !news_lit(n, at, "まで"))
			return false;
		t->d.day = (int8_t)d;
	}
	t->d.month = (int8_t)m;
	t->d.told_month = true;
	*i = at;
	skip_aside(n, i);
	return true;
}

static void read_clock(const struct news *n, size_t *i, struct news_date *d)
{
	size_t at = news_skip_space(n, *i);
	int h, m = 0, add = 0;

	if (news_date_eat(n, &at, "午後") || news_date_eat(n, &at, "PM"))
		add = 12;
	else if (!news_date_eat(n, &at, "午前"))
		news_date_eat(n, &at, "AM");
	at = news_skip_space(n, at);
	if (!news_date_number(n, &at, 2, &h) || h > 24)
		return;
	if (news_date_eat(n, &at, "時")) {
		size_t k = at;
		if (news_date_eat(n, &k, "半")) {
			m = 30;
			at = k;
		} else if (news_date_number(n, &k, 2, &m) && news_date_eat(n, &k, "分")) {
			at = k;
		} else {
			m = 0;
		}
		if (news_lit(n, at, "間"))
			return;
	} else if (news_c(n, at) != ':' || (at++, news_date_number(n, &at, 2, &m) == 0) ||
	           m > 59) {
		return;
	}
	d->minute = (int16_t)((h + (h < 12 ? add : 0)) * 60 + m);
	*i = at;
}

static void read_part(const struct news *n, size_t *i, struct news_draft *t)
{
	static const struct {
		const char *word, *part;
	} parts[] = {{"午前中", "am"},        {"午前", "am"},        {"正午", "noon"},
	             {"昼", "noon"},          {"午後", "pm"},        {"未明", "night"},
	             {"早朝", "early"},       {"朝", "early"},       {"夕方", "evening"},
	             {"深夜", "night"},       {"夜", "evening"},     {"上旬", "early-month"},
	             {"初旬", "early-month"}, {"中旬", "mid-month"}, {"下旬", "late-month"},
	             {"末", "late-month"}};
	size_t at = *i;

	read_clock(n, &at, &t->d);
	if (at > *i) {
		*i = at;
		return;
	}
	at = news_skip_space(n, at);
	if (news_lit(n, at, "の"))
		at++;
	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		if (!news_date_eat(n, &at, parts[k].word))
			continue;
		t->d.part = slice_str(parts[k].part);
		*i = at;
		return;
	}
}

/* "2023年 3月期決算": no day on which anything was done. */
static bool accounting_period(const struct news *n, size_t i)
{
	int month;

	i = news_skip_space(n, i);
	return news_date_number(n, &i, 2, &month) > 0 &&
	       news_lit(n, news_skip_space(n, i), "月期");
}

bool news_date_at(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i;
	bool year, month, day;

	*t = (struct news_draft){.d = {.minute = -1}};
	if (read_slashed(n, &at, t) || news_date_english(n, &at, t)) {
		read_part(n, &at, t);
		*i = at;
		return true;
	}
	*t = (struct news_draft){.d = {.minute = -1}};
	year = read_year(n, &at, t);
	at = year ? news_skip_space(n, at) : at;
	if (year && news_c(n, at) == '.' && t->d.year) { /* R4.8.19 */
		int m, d;
		size_t k = at + 1;
		if (news_date_number(n, &k, 2, &m) && news_c(n, k) == '.' &&
		    (k++, news_date_number(n, &k, 2, &d)) && m >= 1 && m <= 12 && d >= 1 &&
		    d <= 31) {
			t->d.month = (int8_t)m;
			t->d.day = (int8_t)d;
			*i = k;
			return true;
		}
		return false;
	}
	if (year && news_lit(n, at, "の"))
		at++;
	if (year && accounting_period(n, at))
		return false;
	month = read_month(n, &at, t);
	if (month)
		at = news_skip_space(n, at);
	if (month && news_lit(n, at, "の") && news_is_digit(news_c(n, at + 1)))
		at++;
	day = read_day(n, &at, t);
	if (!year && !month && !day)
		return false;
	read_part(n, &at, t);
	*i = at;
	return true;
}

/* --- days --------------------------------------------------------------------------- */

int news_date_cmp(const struct news_date *a, const struct news_date *b)
{
	if (a->year != b->year)
		return a->year < b->year ? -1 : 1;
	if (!a->month || !b->month || a->month != b->month)
		return !a->month || !b->month ? 0 : a->month < b->month ? -1 : 1;
	if (!a->day || !b->day || a->day == b->day)
		return 0;
	return a->day < b->day ? -1 : 1;
}

static int last_of_month(const struct news_date *d)
{
	bool leap = (d->year % 4 == 0 && d->year % 100 != 0) || d->year % 400 == 0;

	return d->month == 2 && !leap ? 28 : month_days[d->month - 1];
}

/* Zeller's congruence (1882), for the Gregorian calendar */
int news_date_weekday(const struct news_date *d)
{
	int m = d->month < 3 ? d->month + 12 : d->month,
	    y = d->month < 3 ? d->year - 1 : d->year;
	int h =
	    (d->day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7; /* Saturday 0 */

	return (h + 5) % 7 + 1;
}

void news_date_back(struct news_date *d)
{
	if (--d->day > 0)
		return;
	news_date_shift(d, -1);
	d->day = (int8_t)last_of_month(d);
}

void news_date_next(struct news_date *d)
{
	if (++d->day <= last_of_month(d))
		return;
	d->day = 1;
	if (++d->month <= 12)
		return;
	d->month = 1;
	d->year++;
}

void news_date_shift(struct news_date *d, int by)
{
	int m = d->year * 12 + d->month - 1 + by;

	d->year = (int16_t)(m / 12);
	d->month = (int8_t)(m % 12 + 1);
}

bool news_date_valid(const struct news_date *d)
{
	return !d->month || !d->day || d->day <= month_days[d->month - 1];
}

struct slice news_date_text(struct arena *a, const struct news_date *d)
{
	if (!d->month)
		return arena_printf(a, "%04d", d->year);
	if (!d->day)
		return arena_printf(a, "%04d-%02d", d->year, d->month);
	return arena_printf(a, "%04d-%02d-%02d", d->year, d->month, d->day);
}

bool news_date_read(struct slice s, struct news_date *out)
{
	uint64_t v[3] = {0, 0, 0};
	size_t at = 0;

	for (int i = 0; i < 3 && at < s.n; i++) {
		size_t end = slice_chr(slice_sub(s, at, s.n), '-');
		size_t to = end == SIZE_MAX ? s.n : at + end;
		if (!slice_u64(slice_sub(s, at, to), &v[i]))
			return false;
		at = to + 1;
	}
	if (v[0] < NEWS_YEAR_LEAST || v[0] > NEWS_YEAR_MOST || v[1] > 12 || v[2] > 31)
		return false;
	*out =
	    (struct news_date){(int16_t)v[0], (int8_t)v[1], (int8_t)v[2], -1, {0}, true, true};
	return true;
}
