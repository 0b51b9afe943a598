/*
 * heard: the facts that the herald hears, in their order: findings, what persons say about them
 * and about cases, counts, and what it told before. Found through the index by type, so that
 * what it costs depends on them alone and not on the millions of others.
 */
#ifndef HINOBAN_LEDGER_HEARD_H
#define HINOBAN_LEDGER_HEARD_H

#include "ledger/store.h"

#define HEARD_MAX 64 /* types */

struct heard {
	int64_t pushed; /* the newest that was told */
	int64_t asked;  /* size of the ledger when types without a next one were asked for */
	int64_t next[HEARD_MAX]; /* by type: the first behind `pushed`, 0: none */
};

void heard_begin(struct heard *h);
/* The next one's seq; 0 when all are told; or a fault. */
int64_t heard_next(struct heard *h, struct store *st);
/* That one was told. */
void heard_told(struct heard *h, int64_t seq);

#endif
