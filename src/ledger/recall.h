/*
 * recall: what a judge that begins anew must hear again to remember what it knew. Of the
 * facts that are judged already it needs only those about paths that ever had a finding, and
 * what pages loaded and people said about that; of the visits of pages, which are most of all
 * facts, only those that ended a finding of blindness. All others would leave no trace in it.
 * The start of a judge then costs what was found and altered, not what was ever recorded.
 */
#ifndef HINOBAN_LEDGER_RECALL_H
#define HINOBAN_LEDGER_RECALL_H

#include "ledger/store.h"

#define RECALL_STEP 65536 /* facts of the ledger looked over at a time */

struct recall {
	int64_t from, upto; /* not looked over yet: (from, upto] */
	int64_t seq[RECALL_STEP];
	size_t n, at;
};

/* To be heard again: of the facts up to `upto`. */
void recall_begin(struct recall *r, int64_t upto);
/* The next one's seq, in order; 0 when all are told; or a fault. */
int64_t recall_next(struct recall *r, struct store *st);

#endif
