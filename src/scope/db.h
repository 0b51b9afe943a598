/*
 * db: one connection to a shop's database, whatever kind it is. Everything read is read in one
 * read-only snapshot; statements and waits for locks have their time.
 *
 * Functions give 0 or a negative errno, with the fault told in db->fault. Texts in
 * statements are UTF-8. A statement's parameters are texts that must not stand in a log: the
 * n-th is written as db_param() says.
 */
#ifndef HINOBAN_SCOPE_DB_H
#define HINOBAN_SCOPE_DB_H

#include "scope/fault.h"
#include "scope/url.h"

#define DB_MAX_PARAMS 260
#define DB_TEXT_BYTES 256

enum db_type {
	DB_ABSENT,
	DB_TEXT,
	DB_NUMBER,
	DB_DATE,    /* a day */
	DB_CIVIL,   /* date and time as a clock showed them */
	DB_INSTANT, /* date and time of a known zone */
	DB_BINARY,
	DB_ANY, /* SQLite: whatever the row says */
};

struct db_column {
	struct slice name, charset; /* charset: MariaDB, of texts */
	enum db_type type;
	bool readable;
};

struct db;
/* Columns of one row; at NULL: SQL's NULL. Non-zero ends the statement and is passed on. */
typedef int db_row_fn(void *ctx, const struct slice *v, size_t n);
typedef int db_column_fn(void *ctx, const struct db_column *c);
typedef int db_name_fn(void *ctx, struct slice name);

struct db_ops {
	int (*open)(struct db *db, const struct url *u, struct slice password);
	/* 1: the login may write; what, in db->may. */
	int (*writable)(struct db *db);
	int (*begin)(struct db *db);
	int (*columns)(struct db *db, struct slice table, db_column_fn *fn, void *ctx);
	/* Engine of a table where engines differ, "" elsewhere. */
	int (*engine)(struct db *db, struct slice table, char out[DB_TEXT_BYTES]);
	int (*tables)(struct db *db, db_name_fn *fn, void *ctx);
	int (*query)(struct db *db, const char *sql, const struct slice *param, size_t params,
	             db_row_fn *fn, void *ctx);
	void (*close)(struct db *db);
};

struct db {
	const struct db_ops *ops;
	enum url_kind kind;
	struct fault *fault;
	const char *doing; /* what a fault would be told of */
	int64_t timeout_s, lock_timeout_s;
	bool wide;    /* texts may hold any character of Japanese */
	bool unicode; /* UTF-8 in the server */
	bool replica;
	bool
	    binary; /* PostgreSQL: rows come as its own bytes; numbers of 64 bits, big endian */
	char version[DB_TEXT_BYTES], login[DB_TEXT_BYTES], encoding[DB_TEXT_BYTES];
	char snapshot[DB_TEXT_BYTES], now[DB_TEXT_BYTES], lag[DB_TEXT_BYTES];
	char may[DB_TEXT_BYTES];
	int64_t rows; /* read by statements so far */
	void *own;
};

extern const struct db_ops db_postgres, db_mariadb, db_sqlite;

/* "$2", "@hinoban_2", "?2" */
void db_param(const struct db *db, struct buf *out, size_t n);
/* For statements whose rows are one name each (ctx: struct db_names): passes it on. */
struct db_names {
	db_name_fn *fn;
	void *ctx;
};
int db_take_name(void *ctx, const struct slice *v, size_t n);
/* One statement that gives one text (or none: ""). */
int db_text(struct db *db, const char *sql, char out[DB_TEXT_BYTES]);
/* Bytes that stay in memory: not swapped where the machine lets us, in no dump. */
int db_lock(void *at, size_t n);

#endif
