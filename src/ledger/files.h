/*
 * files: the table of all watched files (fact/table.h) from the view.
 *
 * Building it from 100,000 rows takes a tenth of a second, so a copy lies in <state>/table
 * and only the paths that facts named since are put in anew. The copy is a view as well:
 * it can be thrown away, and verify holds it against the facts. The view's note table_seq
 * says from which seq on a copy is good (an inventory or other roots alter too much).
 * Root numbers are places in `roots` of the newest baseline.started or watch.started; paths
 * of other roots are left out.
 */
#ifndef HINOBAN_LEDGER_FILES_H
#define HINOBAN_LEDGER_FILES_H

#include "fact/table.h"
#include "ledger/db.h"

#define FILES_NAME "table"

/* A sealed memfd with the table. dir: where the copy lies, or -1 to use none. */
int files_table(sqlite3 *db, int dir, struct err *e);
/* Write the copy anew. The writer's business. */
int files_keep(sqlite3 *db, int dir);
/* Up to which seq the copy goes; 0 where there is none to go on from. */
int64_t files_upto(sqlite3 *db, int dir);
/* Is the copy what the view says up to its seq? 1: yes or none there; 0: no. */
int files_verify(sqlite3 *db, int dir);

#endif
