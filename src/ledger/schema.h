/*
 * schema: the tables of ledger.db. Those of the view exist twice while it is computed
 * anew: in the schema "main" as recorded, in the schema "temp" as they should be.
 */
#ifndef HINOBAN_LEDGER_SCHEMA_H
#define HINOBAN_LEDGER_SCHEMA_H

#include "ledger/db.h"

/* The truth: facts, the tree over them, heads; senders and the judge's cursor. */
extern const char schema_truth[];
/* The view; "%s" stands for the schema. Indices come after the rows in a rebuild. */
extern const char *const schema_view[];
extern const int schema_view_count;
/* Tables of the view, for comparing and copying. */
extern const char *const schema_view_table[];
extern const int schema_view_tables;

/* Make all of them in "main". */
int schema_make(sqlite3 *db);
/* Is what stands in "main" exactly that? fault() gets "table fact" and what is wrong. */
typedef void schema_fault_fn(void *ctx, const char *name, const char *what);
int schema_check(sqlite3 *db, schema_fault_fn *fault, void *ctx);

#endif
