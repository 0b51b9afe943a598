/*
 * news: the verdict on outside news: where a text names somebody that the shop depends on (a
 * name of [news]), that is a finding, so that the vendor is asked at once. A pure function of
 * one fact.
 */
#ifndef HINOBAN_JUDGE_NEWS_H
#define HINOBAN_JUDGE_NEWS_H

#include "fact/fact.h"

/* Judge the next fact; finding drafts are appended to `out`. */
void news_fact(struct arena *a, const struct json *fact, struct json *out);

#endif
