/*
 * twins: what left in the visits that differ in the card alone, held for parse/flows.h, which
 * says which destination gets the card. Nothing of what was sent is stored: it holds the card.
 *
 * Values that the server itself put into the page (tokens of forms) are made equal first: they
 * alter by themselves.
 *
 * A request that a crowded machine lost, or a key that was typed twice, looks like a card that
 * goes somewhere. So what could not be read counts only if a second pair of visits shows it
 * too.
 */
#ifndef HINOBAN_VISIT_TWINS_H
#define HINOBAN_VISIT_TWINS_H

#include "visit/tab.h"

enum twins_run { TWINS_IDLE, TWINS_A, TWINS_A2, TWINS_B, TWINS_RUNS };

struct twins;

struct twins *twins_new(void);
void twins_free(struct twins *w);
/* What left in this visit, in which this card was typed; before the tab is closed. */
void twins_take(struct twins *w, enum twins_run run, struct tab *t, struct slice card);
/*
 * What carries the card, or alters, and could not be read, as a number; 0: all of it could be,
 * or there is nothing. Equal numbers: the same places with the same verdicts.
 */
uint64_t twins_doubt(const struct twins *w);
/* From now on what TWINS_A2 and TWINS_B take is the second pair. */
void twins_again(struct twins *w);
/* The list `flows` of page.twins, in `a`. */
struct json *twins_flows(const struct twins *w, struct arena *a, const struct scrub *scrub);

#endif
