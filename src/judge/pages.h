/*
 * pages: the verdict on watched pages: what they run, where the card goes, what guards them.
 *
 * Held against each other: the records of one page and arm (page.record, all of its parts),
 * the comparison of visits (page.twins), what people authorised or refused (page.authorised,
 * page.refused), and whether visits succeed at all (page.checked). A page's first record is
 * where it begins, not what is approved: what nobody authorised is told once, all together.
 *
 * A pure function of facts, like all of the judge; what it must hear again after a restart is
 * what ledger/recall.h tells. Bounded: PAGES_MAX pages and arms, PAGES_MAX_ITEMS things each.
 */
#ifndef HINOBAN_JUDGE_PAGES_H
#define HINOBAN_JUDGE_PAGES_H

#include "fact/fact.h"

#define PAGES_MAX       256  /* pages times arms; more are not judged */
#define PAGES_MAX_ITEMS 4096 /* of a record */

struct pages;

struct pages *pages_new(void);
void pages_free(struct pages *p);
/* Judge the next fact; finding drafts are appended to `out`. */
void pages_fact(struct pages *p, struct arena *a, const struct json *fact, struct json *out);

#endif
