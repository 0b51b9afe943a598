/*
 * past: what was approved and what was present where, at any time: the view of files as of
 * any fact, and the whole STATE of it as it was told. For readers and for the writer alike.
 */
#ifndef HINOBAN_LEDGER_PAST_H
#define HINOBAN_LEDGER_PAST_H

#include "fact/json.h"
#include "ledger/db.h"
#include "ledger/ledger.h"

/*
 * Each path known as of the fact `upto` (0: now), in the order of roots and names; only
 * `path` (text) and what lies below it, empty: all. Nothing comes of facts that came later:
 * what was approved by a later word was not approved then.
 */
int past_rows(sqlite3 *db, struct slice path, int64_t upto, ledger_row_fn *fn, void *ctx);
/* The newest fact at or before a time; 0 where there is none. */
int past_seq(sqlite3 *db, int64_t at_us, int64_t *seq);
/*
 * The fullest STATE that facts up to want->seq tell of this state of a path (texts as in
 * facts), in the arena; NULL where none tells it. -errno on a fault.
 */
int past_state(sqlite3 *db, struct arena *a, struct slice root, struct slice path,
               const struct table_state *want, const struct json **out);

#endif
