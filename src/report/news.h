/*
 * news: what stands of a text of outside news, after persons confirmed, corrected or rejected
 * what the reader took from it (words news.checked, the newest about a fact counts).
 */
#ifndef HINOBAN_REPORT_NEWS_H
#define HINOBAN_REPORT_NEWS_H

#include "ledger/ledger.h"

/*
 * The lists of a news.read as they stand: corrected values in place, what was confirmed or
 * corrected first, what was rejected left out. No places. NULL without memory.
 */
struct json *news_standing(struct arena *a, struct ledger *l, const struct json *read);
/*
 * The same for looking at: every fact in its order, the rejected, too, each with "nth" (its
 * number in its list as the reader told it), its places, and where a person spoke "verdict",
 * "word" (seq) and "judged_by".
 */
struct json *news_judged(struct arena *a, struct ledger *l, const struct json *read);

#endif
