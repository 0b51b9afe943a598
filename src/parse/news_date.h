/*
 * news_date: a date as it stands in the text, before anyone knows which day is meant.
 * Private to parse/news_*.
 */
#ifndef HINOBAN_PARSE_NEWS_DATE_H
#define HINOBAN_PARSE_NEWS_DATE_H

#include "parse/news.h"

#define NEWS_YEAR_LEAST 1990
#define NEWS_YEAR_MOST  2100

/* A date while it is read: what was told, and how it leans on others. */
struct news_draft {
	struct news_date d;
	int year_shift;                       /* against the year of publication: 昨年 -1 */
	bool year_lean, month_lean, day_lean; /* 同年, 同月, 同日 */
	bool year_rel;                        /* 昨年, 今年 */
	bool month_rel;                       /* 今月, 先月 */
	int month_shift;
	bool next_day; /* 翌日 */
	bool today;    /* 本日: the day of publication */
	bool before;   /* yesterday */
	int weekday;   /* Monday 1 ... Sunday 7: the last one; 0: none told */
	bool next;     /* 翌6日 */
};

/* A date at *i: read, and *i moved behind it; or false. */
bool news_date_at(const struct news *n, size_t *i, struct news_draft *t);
/* Is what ended at i the day of what is held then: "8月2日開催予定の", "6月に市内で開催する"?
 */
bool news_date_to_come(const struct news *n, size_t i);
/* news_date_english.c */
bool news_date_english(const struct news *n, size_t *i, struct news_draft *t);
/* Up to `most` digits at *i. Returns how many; *v is their value. */
int news_date_number(const struct news *n, size_t *i, int most, int *v);
/* Step over the literal if it stands at *i. */
bool news_date_eat(const struct news *n, size_t *i, const char *lit);
/* Are month and day such that there can be one? */
bool news_date_valid(const struct news_date *d);
/* Monday 1 ... Sunday 7 */
int news_date_weekday(const struct news_date *d);
/* One more day, one fewer; one more or fewer months. */
void news_date_next(struct news_date *d);
void news_date_back(struct news_date *d);
void news_date_shift(struct news_date *d, int by);

#endif
