#include "report/holiday.h"

#define EQUINOX_YEAR  1980
#define EQUINOX_DRIFT 242194 /* millionths of a day a year */
#define SPRING        20843100
#define AUTUMN        23248800
#define UNIT          1000000

enum { SUNDAY, MONDAY, SATURDAY = 6 };

/* Fixed dates, with the years in which they hold; until 0: to this day. */
static const struct {
	int month, day, since, until;
} fixed[] = {
    {1, 1, 0, 0},  {2, 11, 0, 0},  {2, 23, 2020, 0},     {4, 29, 0, 0},
    {5, 3, 0, 0},  {5, 4, 0, 0},   {5, 5, 0, 0},         {8, 11, 2016, 0},
    {11, 3, 0, 0}, {11, 23, 0, 0}, {12, 23, 1989, 2018},
};

/* The second or third Monday of a month. */
static const struct {
	int month, which;
} mondays[] = {{1, 2}, {7, 3}, {9, 3}, {10, 2}};

int holiday_weekday(int64_t day)
{
	int64_t w = (day + 4) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w);
}

static int64_t equinox(int64_t year, int64_t base)
{
	int64_t y = year - EQUINOX_YEAR;

	return (base + EQUINOX_DRIFT * y) / UNIT - y / 4;
}

static bool listed(const int64_t *at, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++) {
		if (at[i] == day)
			return true;
	}
	return false;
}

/* By the Act alone. */
static bool by_date(int64_t day)
{
	int64_t y, m, d;

	clock_civil(day, &y, &m, &d);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (fixed[i].month == m && fixed[i].day == d && y >= fixed[i].since &&
		    (fixed[i].until == 0 || y <= fixed[i].until))
			return true;
	}
	for (size_t i = 0; i < sizeof(mondays) / sizeof(mondays[0]); i++) {
		if (mondays[i].month == m && holiday_weekday(day) == MONDAY &&
		    (d + 6) / 7 == mondays[i].which)
			return true;
	}
	return (m == 3 && d == equinox(y, SPRING)) || (m == 9 && d == equinox(y, AUTUMN));
}

/* A holiday of its own, neither as a substitute nor by lying between two. */
static bool proper(const struct holidays *h, int64_t day)
{
	if (listed(h->add, h->adds, day))
		return true;
	return by_date(day) && !listed(h->remove, h->removes, day);
}

static bool substitute(const struct holidays *h, int64_t day)
{
	for (int64_t d = day - 1; proper(h, d); d--) {
		if (holiday_weekday(d) == SUNDAY)
			return true;
	}
	return false;
}

bool holiday_is(const struct holidays *h, int64_t day)
{
	if (proper(h, day))
		return true;
	if (listed(h->remove, h->removes, day))
		return false;
	return substitute(h, day) || (proper(h, day - 1) && proper(h, day + 1));
}

bool holiday_open(const struct holidays *h, int64_t day)
{
	int w = holiday_weekday(day);
	int64_t y, m, d;

	if (w == SUNDAY || w == SATURDAY)
		return false;
	if (!h)
		return true;
	clock_civil(day, &y, &m, &d);
	if ((m == 12 && d >= 29) || (m == 1 && d <= 3))
		return false;
	return !holiday_is(h, day);
}
