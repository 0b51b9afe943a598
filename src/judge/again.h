/*
 * again: paths that are altered again and again. Each alteration has its own finding, and is
 * healed where the settings say so; that somebody keeps at it is a fact of its own: he is in
 * still. Counted by the ledger's time, so a replay counts the same. Bounded: past AGAIN_PATHS
 * paths the one that came first is forgotten.
 */
#ifndef HINOBAN_JUDGE_AGAIN_H
#define HINOBAN_JUDGE_AGAIN_H

#include "judge/change.h"

#define AGAIN_PATHS     1024
#define AGAIN_TIMES     5         /* so many alterations ... */
#define AGAIN_WITHIN_US 600000000 /* ... within ten minutes are "again and again" */

struct again;

struct again_entry {
	uint64_t key;             /* of root and path; 0: free */
	int64_t seq[AGAIN_TIMES]; /* the last alterations; a ring */
	int64_t at_us[AGAIN_TIMES];
	int64_t told_us; /* when it was said last; 0: never */
	uint64_t n;      /* alterations, all in all */
};

struct again *again_new(void);
void again_free(struct again *a);
/*
 * One more alteration of this path. Its entry where that is to be told now: not again before
 * AGAIN_WITHIN_US have passed; else NULL.
 */
const struct again_entry *again_note(struct again *a, const struct change *c);

#endif
