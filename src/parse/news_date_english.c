/*
 * News: English dates: November 21, 2022; 21 November 2022; November 2022; Nov. 21; in
 * November; Friday, yesterday, last month.
 */
#include "parse/news_date.h"
#include "parse/news_name.h"

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static bool month_name(const struct news *n, size_t *i, int *month)
{
	for (int m = 0; m < 12; m++) {
		char three[4] = {months[m][0], months[m][1], months[m][2], 0};
		size_t len = news_lit(n, *i, months[m]);
		if (!len)
			len = news_lit(n, *i, three);
		if (!len || (*i > 0 && news_is_alnum(news_c(n, *i - 1))))
			continue;
		if (len == 3 && m == 8 && news_c(n, *i + 3) == 't')
			len = 4;
		if (news_is_alnum(news_c(n, *i + len)))
			continue;
		*i += len;
		if (news_c(n, *i) == '.')
			++*i;
		*month = m + 1;
		return true;
	}
	return false;
}

static void ordinal(const struct news *n, size_t *i)
{
	static const char *const ends[] = {"st", "nd", "rd", "th"};

	for (int k = 0; k < 4; k++)
		if (news_date_eat(n, i, ends[k]))
			return;
}

/* "in March", "late March", "mid-April": a month, though neither day nor year is told. */
static bool month_led(const struct news *n, size_t i)
{
	static const char *const leads[] = {"last ",  "in ",    "early ",   "late ",    "mid-",
	                                    "since ", "until ", "mid ",     "past ",    "and ",
	                                    "to ",    "from ",  "between ", "through ", NULL};

	return news_name_behind(n, i, leads);
}

static bool read_month(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i, k;
	int day = 0, month = 0, year = 0;

	if (news_is_digit(news_c(n, at))) {
		if ((at > 0 && news_is_alnum(news_c(n, at - 1))) ||
		    !news_date_number(n, &at, 2, &day))
			return false;
		ordinal(n, &at);
		at = news_skip_space(n, at);
		news_date_eat(n, &at, "of ");
	}
	if (!month_name(n, &at, &month))
		return false;
	k = news_skip_space(n, at);
	if (!day && news_date_number(n, &k, 2, &day)) {
		ordinal(n, &k);
		at = k;
	}
	k = at;
	if (news_c(n, k) == ',')
		k++;
	k = news_skip_space(n, k);
	if (news_date_number(n, &k, 4, &year) == 4 && year >= NEWS_YEAR_LEAST &&
	    year <= NEWS_YEAR_MOST) {
		at = k;
		t->d.year = (int16_t)year;
		t->d.told_year = true;
	} else if (!day && !month_led(n, *i)) {
		return false; /* "may" */
	}
	if (day > 31)
		return false;
	t->d.month = (int8_t)month;
	t->d.day = (int8_t)day;
	t->d.told_month = true;
	*i = at;
	return true;
}

/* "Monday through Friday", "every Friday", "Cyber Monday": no day on which anything was done.
 */
static bool any_week(const struct news *n, size_t from, size_t to)
{
	static const char *const before[] = {"through ", "to ",    "every ", "each ",
	                                     "Cyber ",   "Black ", "next ",  "Good ",
	                                     "until ",   "-",      NULL},
	                         *const behind[] = {" through ", " to ",  "-",
	                                            " - ",       " and ", NULL};

	return news_name_behind(n, from, before) || news_name_begins(n, to, behind);
}

/* "Friday", "Monday morning"; "Wednesday, June 6" is that day of June. */
static bool read_weekday(const struct news *n, size_t *i, struct news_draft *t)
{
	static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
	                                   "Friday", "Saturday", "Sunday"};
	static const struct {
		const char *word, *part;
	} parts[] = {{" morning", "early"},
	             {" afternoon", "pm"},
	             {" evening", "evening"},
	             {" night", "evening"}};

	for (int k = 0; k < 7; k++) {
		size_t end = *i + news_lit(n, *i, days[k]), at = end;
		if (end == *i || news_is_alnum(news_c(n, end)) || any_week(n, *i, end))
			continue;
		at += news_c(n, at) == ',';
		at = news_skip_space(n, at);
		news_date_eat(n, &at, "the ");
		if (read_month(n, &at, t)) {
			*i = at;
			return true;
		}
		for (size_t j = 0; j < sizeof(parts) / sizeof(parts[0]); j++)
			if (news_date_eat(n, &end, parts[j].word))
				t->d.part = slice_str(parts[j].part);
		t->weekday = k + 1;
		*i = end;
		return true;
	}
	return false;
}

static bool read_near(const struct news *n, size_t *i, struct news_draft *t)
{
	if (news_date_eat(n, i, "yesterday") || news_date_eat(n, i, "Yesterday")) {
		t->today = t->before = true;
		return true;
	}
	if (!news_date_eat(n, i, "last month") && !news_date_eat(n, i, "Last month"))
		return false;
	t->month_rel = true;
	t->month_shift = -1;
	return true;
}

bool news_date_english(const struct news *n, size_t *i, struct news_draft *t)
{
	bool inside = *i > 0 && news_is_alnum(news_c(n, *i - 1));

	return read_month(n, i, t) ||
	       (n->latin && !inside && (read_weekday(n, i, t) || read_near(n, i, t)));
}
