/*
 * words: findings as sentences for a person who runs a shop and is no security specialist,
 * in English and in Japanese. Both are built from the same parts, so neither says more.
 */
#ifndef HINOBAN_JUDGE_WORDS_H
#define HINOBAN_JUDGE_WORDS_H

#include "judge/signs.h"

/* What happened to the path: picks the opening sentence and the advice. */
enum words_event {
	WORDS_TAMPERED,
	WORDS_PLANTED,
	WORDS_REMOVED,
	WORDS_GONE, /* a watched folder as a whole */
	WORDS_RIGHTS,
	WORDS_REPLACED,  /* a file became a link, a folder ... */
	WORDS_UPLOAD,    /* code among uploads */
	WORDS_CARDS,     /* a file that collects what look like card numbers */
	WORDS_GENERATED, /* generated code that does what templates never do */
	WORDS_REFUSED,   /* a write that hinoban refused */
	WORDS_AGAIN,     /* altered, put right, and altered again, over and over */
	WORDS_HIDDEN,    /* kept even from hinoban */
	WORDS_FOUND,     /* was there when hinoban began */
	WORDS_EVENTS
};

struct words {
	enum words_event event;
	const struct change *change;
	const struct signs *signs;
	double sure;
	bool grave; /* severity high or critical: the advice is to act now */
};

/* {"en": ..., "ja": ...}: what happened, how, by whom, how sure. NULL if memory is out. */
struct json *words_why(struct arena *a, const struct words *w);
/* What to do next. */
struct json *words_next(struct arena *a, const struct words *w);
/* `why` with a sentence on the web request of a file.request fact added. */
struct json *words_why_request(struct arena *a, const struct json *why,
                               const struct json *request);

#endif
