/*
 * view_pages: pages as the facts say: which visits saw the same (page.checked folded into
 * intervals, so that five years of visits every quarter of an hour are few rows), and which
 * script, in which version, was loaded from which record to which (page.record). Part of the
 * view (view.h): computed from facts alone; every row names the facts that prove it.
 */
#ifndef HINOBAN_LEDGER_VIEW_PAGES_H
#define HINOBAN_LEDGER_VIEW_PAGES_H

#include "fact/fact.h"
#include "ledger/db.h"

struct view_pages;

/* Bits of view_record.takes. */
enum { VIEW_TAKES_CARD = 1, VIEW_TAKES_PERSON = 2, VIEW_TAKES_PASSWORD = 4 };

int view_pages_open(sqlite3 *db, const char *schema, struct view_pages **out, struct err *e);
void view_pages_close(struct view_pages *v);
int view_pages_record(struct view_pages *v, struct arena *a, const struct json *fact);
/* *seen_again: the visits before failed, this one did not. */
int view_pages_checked(struct view_pages *v, const struct json *fact, bool *seen_again);

#endif
