/*
 * twins: what left in the visits that differ in the card alone, held for parse/flows.h, which
 * says which destination gets the card. Nothing of what was sent is stored: it holds the card.
 *
 * Values that the server itself put into the page (tokens of forms) are made equal first: they
 * alter by themselves.
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
/* The list `flows` of page.twins, in `a`. */
struct json *twins_flows(const struct twins *w, struct arena *a, const struct scrub *scrub);

#endif
