/*
 * holiday: the days on which Japanese offices are closed.
 *
 * Computed from the Act on National Holidays (国民の祝日に関する法律) as it stands since 2007,
 * with its later changes: Mountain Day since 2016, the Emperor's Birthday on 12-23 until 2018
 * and on 02-23 since 2020. The equinoxes by the usual approximation for 1980 to 2099, which is
 * what the almanac announces a year before. A holiday that falls on a Sunday makes the next
 * day that is none a holiday (振替休日); a day between two holidays is one (国民の休日). What
 * special laws add or move comes from data (clocks/japan.holidays), and so does whatever the
 * almanac decides otherwise. Days are counted since 1970-01-01 (base/clock.h).
 */
#ifndef HINOBAN_REPORT_HOLIDAY_H
#define HINOBAN_REPORT_HOLIDAY_H

#include "base/base.h"

#define HOLIDAY_MAX_CHANGES 256

/* What data say otherwise. A zeroed one is valid. */
struct holidays {
	int64_t add[HOLIDAY_MAX_CHANGES], remove[HOLIDAY_MAX_CHANGES];
	size_t adds, removes;
};

/* A national holiday, substitutes and days between included. */
bool holiday_is(const struct holidays *h, int64_t day);
/*
 * Is a public office open: neither Saturday nor Sunday nor a holiday nor 12-29 to 01-03? Where
 * h is NULL only Saturdays and Sundays are closed.
 */
bool holiday_open(const struct holidays *h, int64_t day);
/* 0: Sunday .. 6: Saturday. */
int holiday_weekday(int64_t day);

#endif
