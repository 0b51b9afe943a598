/*
 * news_rule: what the rules of the several kinds of facts share: the sentence that is looked
 * at, and what the ones before it said. Private to parse/news_*.
 */
#ifndef HINOBAN_PARSE_NEWS_RULE_H
#define HINOBAN_PARSE_NEWS_RULE_H

#include "parse/news.h"

struct news_state {
	struct slice section, group, need;
	bool leak;       /* what follows is data that leaked */
	bool phish;      /* the text warns of a phishing mail */
	bool by_outside; /* somebody who noticed was told already */
	bool most;       /* the heading said: at most */
	bool card;       /* cards were spoken of */
	bool learnt;     /* the sentence before says on which day it became known */
	struct news_date
	    date; /* a line that is nothing but a date: what follows is of that day */
	uint32_t date_from, date_to;
	const struct news_mark *period;
	const struct news_mark *told;  /* the date told last, of this line */
	const struct news_mark *topic; /* the day on which the next sentence makes it known */
};

struct news_view {
	struct news *n;
	struct news_state *s;
	const struct news_line *l;
	size_t from, to;
	bool leak, request, future;
};

bool news_rule_is(struct slice s, const char *what);
/* Is there a cue of this name in the sentence? */
bool news_rule_cue(const struct news_view *v, const char *id);
/* The part of a sentence, between commas, around i. */
size_t news_rule_clause_from(const struct news_view *v, size_t i);
size_t news_rule_clause_to(const struct news_view *v, size_t i);
/* Is what stands at [from, to) denied in its sentence? */
bool news_rule_denied(const struct news_view *v, size_t from, size_t to);
/* Is the date one end of a period? */
bool news_rule_in_range(const struct news_view *v, const struct news_mark *m);
/* "感染したサーバー", "被害を受けた端末": does the mark say which one, not what happened? */
bool news_rule_of_noun(const struct news_view *v, const struct news_mark *m);
/* The day that what is said up to `at` is laid to; its place in *from, *to. NULL: none. */
const struct news_date *news_rule_day(const struct news_view *v, size_t at, bool announced,
                                      size_t *from, size_t *to);
void news_rule_put_day(struct news *n, struct json *f, const char *name,
                       const struct news_date *d);
void news_rule_put_hour(struct news *n, struct json *f, const struct news_date *d);

/* news_call.c, news_event.c */
void news_rule_noticed(const struct news_view *v);
void news_rule_events(const struct news_view *v);
/* The day on which this sentence, or the next one, says that it was made known; or NULL. */
const struct news_mark *news_rule_topic_day(const struct news_view *v);
/* Behind what stands at `at`, an aside in brackets left out: "から", "より"? */
bool news_rule_calls_from(const struct news_view *v, size_t at);
/* news_data.c: periods, counts, items */
void news_rule_periods(const struct news_view *v);
void news_rule_counts(const struct news_view *v);
void news_rule_items(const struct news_view *v);
/* news_live.c: recovery, phishing */
void news_rule_recovery(const struct news_view *v);
void news_rule_phishing(const struct news_view *v);

#endif
