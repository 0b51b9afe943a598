/*
 * view: what the facts say now: every path's approved and present state, every finding's
 * state. Computed from facts alone, in order, by the same code when a fact is committed
 * and when all is computed anew; so the two must agree (verify).
 *
 * Approved is the latest of: file.baseline; file.changed during a deploy; the word
 * approve. Paths of the roles generated, uploads and data are approved as they are, unless
 * an open finding says otherwise: then what was approved before the change counts.
 * A finding is ENDED once its path is as approved again (or a newer finding updates it),
 * APPROVED once its present state was approved, DISMISSED by the word dismiss.
 */
#ifndef HINOBAN_LEDGER_VIEW_H
#define HINOBAN_LEDGER_VIEW_H

#include "fact/fact.h"
#include "fact/table.h"
#include "ledger/db.h"

struct view;

/* schema: "main", or "temp" where the tables were just made by view_fresh. */
int view_open(sqlite3 *db, const char *schema, struct view **out, struct err *e);
void view_close(struct view *v);
/* Take the next fact into account, in the transaction that stands open. */
int view_apply(struct view *v, const struct json *fact);
/* After ROLLBACK: forget what was remembered of the rows. */
void view_forget(struct view *v);

/* Make empty tables of the view in schema "temp" of this connection. */
int view_fresh(sqlite3 *db);
/*
 * Compute the view of all facts up to `upto` into schema "temp". progress may be NULL.
 * Facts that can't be read are passed over (verify tells of them).
 */
typedef void view_progress_fn(void *ctx, int64_t done, int64_t all);
int view_compute(sqlite3 *db, int64_t upto, view_progress_fn *progress, void *ctx,
                 struct err *e);
/*
 * The same of files only (nothing of pages), of those facts that name no path, or `path`
 * (text), or one below it; empty: all. Done with it: view_drop.
 */
int view_compute_of(sqlite3 *db, struct slice path, int64_t upto, struct err *e);
void view_drop(sqlite3 *db);
/* Hold main's rows against temp's: number of differing rows; up to 20 are told. */
typedef void view_differs_fn(void *ctx, const char *table, const char *row);
int64_t view_compare(sqlite3 *db, view_differs_fn *differs, void *ctx);
/* Put temp's rows in the place of main's, in the transaction that stands open. */
int view_replace(sqlite3 *db);

#endif
