/*
 * scope: who is affected. The program hinoban-scope, which `hinoban scope` and
 * `hinoban person` start, counts in the shop's database through a login that can only read.
 * It alone is linked with the databases' libraries; others know of it what stands here.
 *
 * It is started by spawn_role() with --config FILE --state DIR, as the user who typed the
 * command, and spoken to over descriptor 3 (wall/msg.h):
 *
 *   SCOPE  id 1: J the request, see below;  D 0..1: where a list is to be written
 *          id 2: the password's bytes, perhaps none
 *          id 3: `person` only: the e-mail address that was typed
 *   -> SCOPED id n: J one answer each: {"count": draft}, {"warning": code, "args": [..]},
 *          {"excluded": {..}}, {"person": {..}}, {"fault": code, "args": [..]}, last
 *          {"done": {..}} or a fault
 *
 * The request: {"what": "count" | "person" | "list", "database": URL, "profiles": DIR, "force":
 * bool, "case": n | null, "only": "" | "entered" | "stored", "refs": [seq ..], "entered":
 * [{"earliest", "from", "to"} ..], "stored": {"from", "to"}, "certificate": PEM}. Times are RFC
 * 3339; windows are half open: from <= t < to; `earliest` is the earliest possible start where
 * that is not `from`.
 *
 * Nothing personal leaves the database but, for a moment and in locked memory, for a list
 * that is encrypted at once. Persons are told apart by hashes that the server computes with a
 * salt of this run (SQLite, which has no server: in this process).
 */
#ifndef HINOBAN_SCOPE_H
#define HINOBAN_SCOPE_H

#include "scope/zone.h"

#define SCOPE_ROLE      "scope"
#define SCOPE_MAX_EMAIL 320
#define SCOPE_MAX_PASS  1024

/*
 * Codes of warnings and faults, with what their arguments are. The command line has a
 * sentence for each in both languages (face/texts_scope.h).
 */
/* clang-format off */
#define SCOPE_CODES(X)                                                                       \
	/* faults: nothing is counted */                                                     \
	X(BAD_URL, "bad_url")             /* what was expected */                            \
	X(PASSWORD_IN_URL, "password_in_url")                                                \
	X(NO_POPULATIONS, "no_populations") /* profile */                                    \
	X(NO_VARIANT, "no_variant")       /* group, profile */                               \
	X(BAD_ZONE, "bad_zone")           /* zone */                                         \
	X(CONNECT, "connect")             /* server's words */                               \
	X(CREDENTIALS, "credentials")     /* server's words */                               \
	X(NO_DATABASE, "no_database")     /* name */                                         \
	X(CAN_WRITE, "can_write")         /* login, what it may */                           \
	X(NO_TABLE, "no_table")           /* table, group, profile, tables that are near */  \
	X(NO_COLUMN, "no_column")         /* table.column, what it holds, group, near */     \
	X(NO_RIGHT, "no_right")           /* table, login */                                 \
	X(STATEMENT_TIMEOUT, "statement_timeout") /* seconds */                              \
	X(LOCK_TIMEOUT, "lock_timeout")   /* seconds */                                      \
	X(LOST, "lost")                   /* while counting what */                          \
	X(CONFLICT, "conflict")           /* times tried */                                  \
	X(SQL, "sql")                     /* SQLSTATE and words, while counting what */      \
	X(TOO_MANY, "too_many")           /* persons */                                      \
	X(BAD_CERTIFICATE, "bad_certificate") /* why */                                      \
	X(CANNOT_WRITE, "cannot_write")   /* why */                                          \
	X(BAD_EMAIL, "bad_email")                                                            \
	/* warnings: it is counted */                                                        \
	X(MAY_WRITE, "may_write")         /* login, what it may */                           \
	X(MYISAM, "myisam")               /* table, engine */                                \
	X(NOT_UTF8, "not_utf8")           /* table.column or database, charset */                        \
	X(LACKS, "lacks")                 /* table.column, what it would hold */             \
	X(UNDATED, "undated")             /* group, rows */                                  \
	X(UNTIMED, "untimed")             /* group */                                        \
	X(FUTURE, "future")               /* group, newest time, the server's clock */       \
	X(REPLICA, "replica")             /* lag in seconds, or "?" */                        \
	X(PRIMARY, "primary")                                                                \
	X(SHARED, "shared")               /* keys that very many persons share */            \
	X(SWAP, "swap")
/* clang-format on */

#define SCOPE_ENUM(id, name) SCOPE_##id,
enum scope_code { SCOPE_CODES(SCOPE_ENUM) SCOPE_CODE_COUNT };
#undef SCOPE_ENUM

#endif
