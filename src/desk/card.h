/*
 * card: a finding in short, as home and other lists show it.
 */
#ifndef HINOBAN_DESK_CARD_H
#define HINOBAN_DESK_CARD_H

#include "desk/page.h"

/*
 * {"seq", "severity", "severity_say", "what" (key), "path", "why", "sure" (key), "percent",
 * "state", "state_say", "when", "ago"}.
 */
struct json *card_of(struct page *p, const struct ledger_finding *f);
/* The gravest first, the newest first among equals. */
struct json *card_sort(struct arena *a, struct json *cards);
/* What a finding is about, as a person calls it: a path, or a page and what on it. */
struct slice card_path(struct arena *a, const struct json *fact);
/* The key of the words for a confidence of 0..1. */
const char *card_sure(double confidence);

#endif
