/*
 * db: the little of SQLite that the ledger uses, with faults as negative errno.
 *
 * One process writes (the ledger role; a rebuild takes its place for a moment), any
 * number read. All connections distrust the file: schema code can't run, cells are
 * checked, triggers and views are off, temporary things live in memory only.
 */
#ifndef HINOBAN_LEDGER_DB_H
#define HINOBAN_LEDGER_DB_H

#include "base/base.h"
#include <sqlite3.h>

#define DB_NAME           "ledger.db"
#define DB_APPLICATION_ID 0x484e424e /* "HNBN" */
#define DB_VERSION        4

enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

/*
 * Open <state_dir>/ledger.db. DB_CREATE makes it with its tables and fails with -EEXIST
 * where one is. -ENOENT: none there; -EBADMSG: no ledger of this version, or damaged;
 * -EROFS, -EACCES: not writable.
 */
int db_open(const char *state_dir, enum db_mode mode, sqlite3 **out, struct err *e);
void db_close(sqlite3 *db); /* NULL is fine; all statements must be finalized */

/* What SQLite's result code means to us. -ENOSPC: full; -EBADMSG: damaged; -EBUSY ... */
int db_errno(sqlite3 *db, int rc);
/* One sentence for a person, with the file's name. Returns code. */
int db_tell(sqlite3 *db, int code, struct err *e);

int db_exec(sqlite3 *db, const char *sql);
/* A writer's log is to take little room (about 1 MiB, and what one transaction takes). */
void db_spare(sqlite3 *db, bool spare);
/* "%s" stands for the word, everywhere it occurs. */
int db_exec_with(sqlite3 *db, const char *sql, const char *word);
/* The first column of the first row, or `otherwise` where there is none or it is NULL. */
int db_number(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *out);

/* Statements. A table of them is prepared and finalized at once. */
struct db_statement {
	size_t offset;   /* of the sqlite3_stmt * in the owner's struct */
	const char *sql; /* "%s" stands for the schema, everywhere it occurs */
};
int db_prepare_all(sqlite3 *db, const struct db_statement *table, size_t n, void *owner,
                   const char *schema, struct err *e);
void db_finalize_all(const struct db_statement *table, size_t n, void *owner);
int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out);

/* 1: a row; 0: done; or a fault. */
int db_step(sqlite3_stmt *s);
/* Run to the end and reset: 0 or a fault. */
int db_run(sqlite3_stmt *s);
void db_reset(sqlite3_stmt *s);

/* Binding borrows: the bytes must live until db_run or db_reset. at == NULL binds NULL. */
void db_bind_text(sqlite3_stmt *s, int i, struct slice text);
void db_bind_blob(sqlite3_stmt *s, int i, struct slice bytes);
void db_bind_int(sqlite3_stmt *s, int i, int64_t v);
/* Reading borrows until the next step or reset. */
struct slice db_text(sqlite3_stmt *s, int col);
struct slice db_blob(sqlite3_stmt *s, int col);
int64_t db_int(sqlite3_stmt *s, int col);
/* False if the column is no blob of exactly 32 bytes. */
bool db_hash(sqlite3_stmt *s, int col, struct hash *out);

#endif
