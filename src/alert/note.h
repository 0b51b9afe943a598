/*
 * note: the words of one message, in the operator's language: a subject, a text, and for
 * programs the same as JSON. Our own sentences, and names that were wiped (wipe.h).
 */
#ifndef HINOBAN_ALERT_NOTE_H
#define HINOBAN_ALERT_NOTE_H

#include "alert/news.h"

#define NOTE_SHOWN 20 /* items; the rest is counted */

struct note {
	const struct news_item **item; /* the gravest first */
	size_t items;
	int64_t more; /* that are not among them */
	bool japanese;
	const char *host;
};

/* Sort the items. */
void note_sort(struct note *n);
enum fact_severity note_severity(const struct note *n);
void note_subject(const struct note *n, struct buf *out);
void note_text(const struct note *n, struct buf *out);
/* For webhooks of the kind json. */
struct json *note_json(const struct note *n, struct arena *a);

#endif
