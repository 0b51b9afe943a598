/*
 * case: the findings that belong together, since when, what was said and done about them. A
 * view: a pure fold over facts in the order of their seq. It looks at no clock and no setting,
 * so the same facts give the same cases, with the same numbers, everywhere and for ever.
 *
 * What opens a case: a finding that is a trace of theft (case_suspicion()), unless it belongs
 * to a case that is open; the word case.opened (somebody called); the word case.split. Cases
 * are numbered 1, 2, 3 ... in the order of these facts. A finding belongs to an open case if
 * it is about an object (a path, a page) of it, if the same address did it, or if it comes
 * within CASE_NEAR_US of the case's newest finding; where the address becomes known only later,
 * the case that the finding opened is taken up into the older one. Persons join and split the
 * rest. A finding
 * of high severity that is no trace of theft joins a case in the same way, but opens none.
 *
 * A case is dismissed by the word case.dismissed, or when a person who gave a name has
 * dismissed each trace of theft in it and nobody called. What comes after that is a new case.
 */
#ifndef HINOBAN_REPORT_CASE_H
#define HINOBAN_REPORT_CASE_H

#include "fact/fact.h"
#include "ledger/ledger.h"

#define CASE_NEAR_US (INT64_C(3600) * 1000000)

enum case_state { CASE_OPEN, CASE_CLOSED, CASE_DISMISSED, CASE_JOINED };

/* How an exposure ended. */
enum case_end {
	CASE_LASTS,    /* it has not */
	CASE_RESTORED, /* it is as approved again */
	CASE_HEALED,   /* the same, by hinoban's hand */
	CASE_REMOVED,  /* what was planted is gone */
	CASE_APPROVED, /* a person approved what stands there */
	CASE_HELD,     /* contained: nobody gets it any more */
	CASE_ENDS
};

/* Why the operator knows of it: each of these may start the clocks. */
enum case_why { CASE_BY_FINDING, CASE_BY_CALL, CASE_BY_PERSON, CASE_WHYS };

/*
 * One time during which one component was not as it should be. It began after earliest (when
 * it was last known good; 0: unknown, it may have been so for ever) and not after from (when it
 * was first seen bad); it ended at to (0: it lasts). Microseconds; the seqs say who tells it.
 */
struct case_window {
	struct slice root, path; /* of a page: root is empty, path its name */
	struct slice role;       /* "" for a page */
	int64_t earliest_us, from_us, to_us;
	int64_t earliest_seq, from_seq, to_seq;
	enum case_end end;
};

struct case_start {
	int64_t at_us; /* when the operator came to know */
	int64_t seq;   /* the fact that says so */
	enum case_why why;
	struct slice from;   /* CASE_BY_CALL: who called */
	int64_t not_counted; /* seq of the word case.clock that sets it aside, or 0 */
};

struct case_finding {
	int64_t seq, at_us;
	int64_t dismissed; /* seq of the word, or 0 */
	int64_t change;    /* the first fact that it rests on, or 0 */
	bool suspicion;
	const struct json *fact;
};

struct case_receipt {
	int64_t seq, at_us; /* when it was filed */
	struct slice clock, receipt;
};

/* "wrongful", "money" ...: what kind of case it is, as clocks ask for it. */
struct case_trait {
	struct slice name;
	int64_t at_us, seq; /* when it was so first, and who says it */
};

/* Arrays are in the order of facts; all memory is the struct cases'. */
struct case_view {
	int64_t number;
	enum case_state state;
	int64_t into;                  /* CASE_JOINED: the number of the case that took it up */
	int64_t opened_seq, opened_us; /* the fact that opened it */
	int64_t ended_seq;             /* the word that closed, dismissed or joined it, or 0 */
	int64_t newest_us;             /* of its newest finding; 0: none */
	enum fact_severity severity;   /* the gravest finding's; SEV_HIGH where there is none */
	struct slice assigned;         /* to whom, or "" */
	struct case_finding *finding;
	size_t findings;
	struct case_start *start;
	size_t starts;
	struct case_receipt *receipt;
	size_t receipts;
	struct case_trait *trait; /* no doubles */
	size_t traits;
	const struct json **word; /* case.* about it */
	size_t words;
	const struct json **count; /* count.scope about it */
	size_t counts;
	struct case_window *window; /* after cases_look(), in the order of from_us */
	size_t windows;
};

struct cases;

struct cases *cases_new(void); /* NULL: no memory */
void cases_free(struct cases *cs);
/* Do facts of this type matter? The others need not be shown to cases_take(). */
bool cases_wants(const struct fact_type *type);
/* Take the next fact into account. 0 or -ENOMEM. */
int cases_take(struct cases *cs, const struct json *fact);
/* All that the ledger holds: cases_new() and cases_take(), reading what matters only. */
int cases_read(struct ledger *l, struct cases **out, struct err *e);

size_t cases_count(const struct cases *cs);
/* By number, 1..cases_count(); NULL for others. A joined one is given as it is. */
const struct case_view *cases_get(const struct cases *cs, int64_t number);
/* The case that took this one up, and so on; itself where none did. */
const struct case_view *cases_final(const struct cases *cs, int64_t number);
/* The case (not a joined one) that a finding belongs to, or NULL. */
const struct case_view *cases_of_finding(const struct cases *cs, int64_t seq);
/* Fill in a case's windows from what the ledger tells of its objects. 0 or -errno. */
int cases_look(struct cases *cs, struct ledger *l, int64_t number, struct err *e);
/* The fact just before the first change that the case rests on; 0: before the ledger began. */
int64_t cases_before(const struct case_view *c);

/* Is this finding a trace of theft, from which on the operator must act? */
bool case_suspicion(const struct json *finding);
/* NULL: it has not this trait. */
const struct case_trait *case_trait(const struct case_view *c, struct slice name);

/*
 * What it is about, in a word: the first trace of theft in payment code or on a page, else the
 * first of any, else who called. Borrowed; may be empty.
 */
struct slice case_subject(const struct case_view *c);
const char *case_state_name(enum case_state s); /* "open", "closed" ... */
const char *case_end_name(enum case_end e);
const char *case_why_name(enum case_why w);
/* The whole case as JSON: what `hinoban case --json` prints, and the console shows. */
struct json *case_json(struct arena *a, const struct case_view *c);

#endif
