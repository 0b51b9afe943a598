/*
 * count: the figures. All groups are read in one snapshot, persons are told apart over all of
 * them, and then each figure becomes the draft of a fact count.scope (hinoban.facts(7)).
 */
#ifndef HINOBAN_SCOPE_COUNT_H
#define HINOBAN_SCOPE_COUNT_H

#include "scope/answer.h"
#include "scope/persons.h"
#include "scope/sql.h"

#define COUNT_BITS    64
#define COUNT_ALL     48 /* bit of every row; items are 0 .. 47 */
#define COUNT_DELETED 49
#define COUNT_STATE   50 /* bit of the plan's first state; eight of them */
#define COUNT_LISTED  20 /* ids of rows passed over, of each rule */

struct count_rule {
	struct slice name, pattern; /* "test", for LIKE */
};

struct count_rules {
	struct count_rule at[SQL_MAX_RULES];
	size_t n;
};

/* What is counted: read from the request. */
struct count_want {
	bool entered, stored; /* which scopes */
	struct sql_windows window_entered, window_stored;
	struct slice from[2], to[2]; /* RFC 3339, of entered and stored, for the facts */
	const struct json *windows;  /* of entered, as they came */
	const struct json *refs;
	int64_t number; /* of the case, 0: none */
};

struct count_group {
	const struct plan *plan;
	bool entered;
	struct buf sql, sql_excluded;
	int64_t us, rows;
	int64_t sure[COUNT_BITS], all[COUNT_BITS];          /* rows that bear the bit */
	int64_t undated, excluded[SQL_MAX_RULES + 1], kept; /* rows that were passed over */
	int64_t keyed;                                      /* rows that name their card */
	struct json *listed; /* of each rule the ids of rows that it passed over, or NULL */
	struct persons_marks *marks_sure, *marks_unsure; /* unsure: NULL while there are none */
	struct persons *cards;
};

struct count {
	struct db *db;
	struct answer *a;
	const struct conf *c;
	const struct count_want *want;
	const struct count_rules *rules;
	struct arena *mem;
	enum sql_kind kind; /* of the statements */
	struct count_group group[POPULATION_MAX];
	size_t groups;
	struct persons *persons;
	char salt[HASH_HEX_BYTES];
	struct slice database; /* url_said() */
	char run[17];
};

/*
 * "test: *@example.com" of [scope] exclude, after the rule for what hinoban itself left there
 * (conf/canary.h), which knows it by name and telephone number, too. False: not of that form.
 */
bool count_rules_read(const struct conf *c, struct arena *mem, struct count_rules *out);
/* Is a row of these flags passed over, since nobody typed a card? */
bool count_kept(const struct population *p, uint64_t flags);
/* Write all statements: before the seal, for time zones are read from files. */
int count_prepare(struct count *c, const struct plans *plans);
/* Read, tell persons apart, answer. 0 or a negative errno with the fault in db->fault. */
int count_run(struct count *c);
void count_done(struct count *c);
/* The answers, one for each figure (count_tell.c). */
int count_tell(struct count *c);

#endif
