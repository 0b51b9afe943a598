/*
 * sql: the statements, in each database's own dialect. Pure: a plan and windows in, text out.
 *
 * A statement gives one row for each row of the shop's:
 *   keys (SQL_COUNT)  e-mail, telephone, name and postal code, member, card: hashes of normal
 *                     forms with the salt: 24 hexadecimal digits, or NULL; of PostgreSQL, whose
 *                     rows must be asked for in binary (db->binary), 32 bytes
 *   persons' own (SQL_LIST)  e-mail, name, telephone, in clear, by e-mail, then telephone
 *   flags             an integer: which items hold a value, and the SQL_* bits below
 *   time (all but SQL_COUNT)  as the shop wrote it
 * Parameters: of SQL_COUNT the salt, of SQL_PERSON the e-mail in its normal form; then, in all,
 * the rules by which rows are passed over, as patterns for LIKE. No personal value stands in
 * the text.
 */
#ifndef HINOBAN_SCOPE_SQL_H
#define HINOBAN_SCOPE_SQL_H

#include "scope/plan.h"

#define SQL_KEYS      5
#define SQL_KEY_HEX   24
#define SQL_KEY_RAW   32
#define SQL_MAX_BYTES (512u * 1024)
#define SQL_MAX_RULES 200
#define SQL_WINDOWS   32

/* Of the flags: items are bits 0 .. 47. */
#define SQL_SURE    (1LL << 48) /* in the certain part of a window */
#define SQL_DELETED (1LL << 49)
#define SQL_UNDATED (1LL << 50)
#define SQL_STATE   51 /* three bits: number of the plan's state, from 1; 0: none */
#define SQL_RULE    54 /* eight bits: number of the rule, from 1; 0: none */
#define SQL_OPEN    INT64_MIN

struct sql_window {
	int64_t earliest, from, to; /* microseconds; SQL_OPEN: no start */
};

struct sql_windows {
	struct sql_window at[SQL_WINDOWS];
	size_t n;
};

enum sql_kind { SQL_COUNT, SQL_PERSON, SQL_LIST };

/* The zone of the plan must be set (zone_set). */
void sql_rows(struct buf *out, const struct db *db, const struct plan *p,
              const struct sql_windows *w, size_t rules, enum sql_kind kind);
/* Ids of rows that are passed over (id, flags: SQL_RULE and SQL_STATE), at most `most`. */
void sql_excluded(struct buf *out, const struct db *db, const struct plan *p,
                  const struct sql_windows *w, size_t rules, int most);
/* The newest time of the group, as UTC text: to notice a wrong zone. False: it has no time. */
bool sql_newest(struct buf *out, const struct db *db, const struct plan *p);
/* "*@example.com" as a pattern for LIKE with the escape '!'. */
void sql_pattern(struct buf *out, struct slice glob);

#endif
