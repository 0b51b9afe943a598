/* shelf: the tree's tiles in the database's table `tile`. */
#ifndef HINOBAN_LEDGER_SHELF_H
#define HINOBAN_LEDGER_SHELF_H

#include "ledger/db.h"
#include "ledger/tree.h"

struct shelf {
	sqlite3_stmt *get, *put;
};

/* Prepare; *out gives and takes tiles through s, which must stay where it is. */
int shelf_open(sqlite3 *db, struct shelf *s, struct tree_shelf *out, struct err *e);
void shelf_done(struct shelf *s);

#endif
