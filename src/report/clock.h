/*
 * clock: what has to be told to whom until when, computed from cases and rules.
 *
 * The rules are data (clocks/NAME.clocks beside the profiles, and the operator's own beside the
 * config; hinoban.clocks(5)): which kind of case starts a clock, how days are counted, the
 * source, and from when on the rule holds. A case's clock starts with each of the case's starts
 * (case.h) and counts from the earliest that no person set aside; it ends with a receipt
 * (case.filed) and with nothing else but the dismissal of the case. This is no legal advice,
 * and every view of it says so.
 */
#ifndef HINOBAN_REPORT_CLOCK_H
#define HINOBAN_REPORT_CLOCK_H

#include "report/case.h"

#define CLOCK_MAX_RULES 128

enum clock_unit {
	CLOCK_PROMPTLY, /* no number of days: at once, without delay */
	CLOCK_DAYS,     /* calendar days */
	CLOCK_WORKDAYS, /* days on which offices are open */
	CLOCK_HOURS,
};

struct clock_rule {
	struct slice id;
	struct slice to, to_en;     /* who is told */
	struct slice what, what_en; /* what: 速報, preliminary report ... */
	struct slice note, note_en; /* "" or a sentence */
	/* Each is a trait of the case, or "persons > N" (more than N persons are counted). */
	struct slice *starts_when; /* one is enough */
	size_t starts;
	struct slice *needs, *unless; /* traits: all of these, none of those */
	size_t need_count, unless_count;
	enum clock_unit unit;
	int64_t soon, due; /* from so many units on (0: no such), until so many */
	bool first_day;    /* the day of the start is day 1; else the day after is */
	bool rolls;        /* a last day on which offices are closed moves on */
	bool
	    from_word; /* counts from the word that gave the trait, not from the case's start */
	bool japan;    /* Japanese holidays; else Saturdays and Sundays only */
	int64_t zone_s;     /* seconds east of UTC: where the days are */
	int64_t valid_from; /* day: of starts from then on */
	struct slice source;
};

struct clocks; /* rules and holidays */

/*
 * Read DIR/clocks of every folder (NULL-terminated list; one that is not there is passed over).
 * A rule of a later folder takes the place of one with the same id. 0, or -EINVAL with
 * FILE:LINE.
 */
int clocks_load(const char *const *dir, struct clocks **out, struct err *e);
void clocks_free(struct clocks *k);
struct clocks *clocks_new(void);
/* Rules, or holidays (a file that ends in ".holidays"), from text that is copied. */
int clocks_parse(struct clocks *k, struct slice text, const char *file, struct err *e);
size_t clocks_count(const struct clocks *k);
const struct clock_rule *clocks_rule(const struct clocks *k, size_t i);

enum clock_state {
	CLOCK_RUNS,
	CLOCK_OVERDUE,
	CLOCK_FILED,   /* a receipt is there */
	CLOCK_STOPPED, /* the case was dismissed */
	CLOCK_WAITS,   /* it starts when more persons are counted */
	CLOCK_STATES
};

struct clock_view {
	const struct clock_rule *rule;
	enum clock_state state;
	int64_t start_us, start_seq; /* what it counts from; 0 of CLOCK_WAITS */
	int64_t soon_us;             /* the first of the days on which it is due, or 0 */
	int64_t due_us; /* the first moment that is too late; 0: promptly, no number of days */
	int64_t
	    due_day; /* the last day, as days since 1970 in the rule's zone; 0 of CLOCK_HOURS */
	const struct case_receipt *receipt; /* of CLOCK_FILED */
};

/*
 * The clocks of a case, in the order of their due dates, in the arena; `now` decides only
 * between CLOCK_RUNS and CLOCK_OVERDUE. How many, or -ENOMEM.
 */
int64_t clocks_of(const struct clocks *k, const struct case_view *c, int64_t now_us,
                  struct arena *a, struct clock_view **out);
/* Where a rule's last day lies for a start: days since 1970. Of CLOCK_DAYS and CLOCK_WORKDAYS.
 */
int64_t clocks_due_day(const struct clocks *k, const struct clock_rule *r, int64_t start_us);
/* The most persons that any count about the case names. */
int64_t clocks_persons(const struct case_view *c);

const char *clock_state_name(enum clock_state s);
struct json *clock_json(struct arena *a, const struct case_view *c, const struct clock_view *v);
/* "2026-11-01" */
#define CLOCK_DAY_BYTES 16
void clock_day_text(int64_t day, char out[CLOCK_DAY_BYTES]);

#endif
