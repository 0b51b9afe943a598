/*
 * check: the half of verify that walks over facts, tree and heads (check.c), and over a
 * witness's heads (check_witness.c); verify.c has the rest.
 */
#ifndef HINOBAN_LEDGER_CHECK_H
#define HINOBAN_LEDGER_CHECK_H

#include "ledger/head.h"
#include "ledger/shelf.h"
#include "ledger/tree.h"
#include "ledger/vault.h"
#include <stdio.h>

struct check {
	int dir;
	sqlite3 *db;
	sqlite3 *fresh; /* outside of the moment that db stands in; NULL: none */
	struct head_key *key;
	struct vault *vault;
	struct shelf shelf;
	struct ledger_head kept; /* <state>/head, read before the database */
	int kept_code;
	struct tree tree;         /* grown anew from the facts */
	struct tree_reader tiles; /* as recorded */
	struct arena mem;
	struct buf text;
	sqlite3_stmt *fact, *head, *refs;
	sqlite3_stmt *promise_put, *promise_end; /* check_kept.c */
	int64_t size, last_us, faults;
	int64_t refs_met; /* references of facts that ref has */
	bool head_left;   /* c->head stands on a row that is not yet held against the tree */
	struct ledger_head next;
	int64_t before;    /* size of the head before it */
	FILE *witness;     /* or NULL */
	off_t witness_end; /* what came later may be newer than the moment we look at; -1: read
	                      all */
	ledger_progress_fn *progress;
	ledger_fault_fn *fault;
	void *ctx;
};

/* Tell a fault; seq 0 where it belongs to no fact. */
void check_fault(struct check *c, int64_t seq, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Every fact against its columns, its neighbours, the tree, the heads; the kept head. */
int check_facts(struct check *c);
/*
 * check_kept.c: what a fact says is kept must be in the vault, unless a later fact says that it
 * was dropped. Told of each fact in order, then asked at the end.
 */
int check_promise(struct check *c, const struct json *fact, int64_t seq);
int check_promises(struct check *c);
/* Every tile above the leaves against the one below: inner nodes can't be altered unseen. */
int check_tiles(struct check *c);

/*
 * Signed heads, one a line, as a witness kept them: does each agree with what is here?
 * -EINVAL: there is none in it.
 */
int check_witness(struct check *c, struct err *e);

#endif
