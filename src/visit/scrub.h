/*
 * scrub: card numbers out of whatever is to be stored. hinoban must not become the place where
 * cards lie.
 *
 * Besides what looks like a card number (parse/cards.h), the canaries, in digits or
 * in the writings that skimmers like best (reversed, hexadecimal, base64 at its three
 * alignments, code numbers joined by commas): they become "[card]".
 */
#ifndef HINOBAN_VISIT_SCRUB_H
#define HINOBAN_VISIT_SCRUB_H

#include "base/base.h"

#define SCRUB_MAX_CANARIES 4
#define SCRUB_WRITINGS     7
#define SCRUB_MARK         "[card]"

struct scrub {
	struct slice canary[SCRUB_MAX_CANARIES]; /* digits; borrowed */
	size_t canaries;
	struct slice writing[SCRUB_MAX_CANARIES * SCRUB_WRITINGS]; /* in mem */
	size_t writings;
	struct arena mem;
};

void scrub_init(struct scrub *s);
void scrub_done(struct scrub *s);
/* A number that will be typed. */
void scrub_add(struct scrub *s, struct slice digits);
/* A canary in any of the writings? */
bool scrub_finds_canary(const struct scrub *s, struct slice text);
/* The text without card numbers, in `a`; the same slice where there are none. */
struct slice scrub_text(const struct scrub *s, struct arena *a, struct slice text);
/* A host's name for the record: labels as long as the values below, or with as many digits, are
 * "..." too. */
struct slice scrub_host(const struct scrub *s, struct arena *a, struct slice host);
/*
 * A URL for the record: scrub_text, user and password and fragment left out, values of its
 * query that are longer than 24 bytes or hold more than seven digits as "...": they may carry
 * what was typed in a writing that nobody knows.
 */
struct slice scrub_url(const struct scrub *s, struct arena *a, struct slice url);

#endif
