/*
 * news: what there is to be told. Facts come in, in their order; items come out: findings,
 * cases that were opened, clocks that must not be forgotten, tests. Pure: no clock of its own.
 */
#ifndef HINOBAN_ALERT_NEWS_H
#define HINOBAN_ALERT_NEWS_H

#include "report/report.h"

#define NEWS_MAX_ITEMS 4096 /* kept with their words; more are only counted */
#define NEWS_KEY_BYTES 96

enum news_sort { NEWS_FINDING, NEWS_CASE, NEWS_CLOCK, NEWS_TEST };

struct news_item {
	enum news_sort sort;
	int64_t seq; /* of the fact; of a clock: 0 */
	int64_t at_us;
	enum fact_severity severity;
	int64_t number; /* of the case, or 0 */
	char type[32];  /* of the finding */
	char what[256]; /* a path or a page, wiped */
	char role[16];
	char key[NEWS_KEY_BYTES]; /* NEWS_CLOCK: "CASE/CLOCK/STAGE", told once each */
	struct clock_view clock;  /* NEWS_CLOCK */
};

struct news {
	struct cases *cases;
	enum fact_severity least; /* of findings */
	struct news_item *item;
	size_t items;
	int64_t more, more_seq; /* not kept: how many, the newest's seq */
};

bool news_init(struct news *n, enum fact_severity least);
void news_done(struct news *n);
/* Begin anew: all facts come again. */
bool news_again(struct news *n);
/* The next fact. False: no memory. */
bool news_take(struct news *n, const struct json *fact);
/* What everybody was told up to this fact is forgotten. */
void news_forget(struct news *n, int64_t upto);
/*
 * What the clocks of all cases ask to be reminded of now, one item a clock: when it starts, on
 * the first day that it is due, three days and one day before the end, on the last day, and
 * then every day. How many were written to out, at most max.
 */
size_t news_clocks(const struct news *n, const struct clocks *k, int64_t now_us,
                   struct arena *a, struct news_item *out, size_t max);

#endif
