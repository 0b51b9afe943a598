/* reader: what a read-only connection (struct ledger of ledger.h) consists of. */
#ifndef HINOBAN_LEDGER_READER_H
#define HINOBAN_LEDGER_READER_H

#include "ledger/ledger.h"
#include "ledger/shelf.h"
#include "ledger/vault.h"

struct ledger {
	int dir;
	sqlite3 *db;
	sqlite3_stmt *get, *size, *head, *head_of, *referrers, *about;
	struct shelf shelf;
	struct tree_reader tiles;
	struct vault *vault;
};

#endif
