/*
 * store_parts: what the writer consists of; shared by store_open.c (opening, with its
 * checks), store.c (putting and committing) and store_read.c (counters, cursors, reading).
 */
#ifndef HINOBAN_LEDGER_STORE_PARTS_H
#define HINOBAN_LEDGER_STORE_PARTS_H

#include "ledger/shelf.h"
#include "ledger/stamp.h"
#include "ledger/store.h"
#include "ledger/vault.h"
#include "ledger/view.h"

struct store {
	int dir, lock;
	sqlite3 *db;
	sqlite3_stmt *fact_add, *fact_get, *ref_add, *head_add;
	sqlite3_stmt *sender_get, *sender_set, *cursor_get, *cursor_set, *deploys;
	sqlite3_stmt *found, *modes, *learnt, *orders, *contained, *next_of;
	sqlite3_stmt *page_records, *asked_pages;
	struct head_key *key;
	struct shelf shelf;
	struct tree tree;
	struct view *view;
	struct vault *vault;
	struct ledger_head head;       /* newest committed */
	struct ledger_head next;       /* of the batch */
	struct stamp stamp;            /* newest committed */
	bool counted;                  /* a sender's counter or a cursor moved in this batch */
	int64_t kept;                  /* size of the head in <state>/head */
	int64_t kept_durably;          /* that of the newest one known to be on the disk */
	int64_t last_us, committed_us; /* the newest fact's time */
	int64_t table_upto;            /* the copy of the table is so far */
	int64_t quiet_size, quiet_us;
	struct buf body;
};

#endif
