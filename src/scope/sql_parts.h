/* sql_parts: what the files of sql.h share: the text that grows, and the parts of a statement.
 */
#ifndef HINOBAN_SCOPE_SQL_PARTS_H
#define HINOBAN_SCOPE_SQL_PARTS_H

#include "scope/sql.h"

struct gen {
	struct buf *b;
	const struct db *db;
	const struct plan *p;
	const struct sql_windows *w;
	size_t rules;
	size_t first_rule; /* its parameter */
};

#define PUT(g, ...) buf_printf((g)->b, __VA_ARGS__)

/* Wide letters and digits, and their narrow forms. */
#define SQL_WIDE_DIGITS "０１２３４５６７８９"
#define SQL_WIDE_EMAIL \
	"ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ" SQL_WIDE_DIGITS "＠．－＿＋"
#define SQL_NARROW_EMAIL "abcdefghijklmnopqrstuvwxyz0123456789@.-_+"

/* An item's value, or NULL where the group holds none. */
void sql_item(struct gen *g, const char *id);
void sql_columns(struct gen *g, const struct population_columns *c);
void sql_time(struct gen *g);
void sql_flags(struct gen *g);
/*
 * " + CASE": which rule passes this row over; `form` writes the e-mail's normal form. Name and
 * telephone: where they stand already, or NULL.
 */
void sql_rule(struct gen *g, void (*form)(struct gen *), const char *name, const char *phone);
void sql_from(struct gen *g);

/* Of each dialect: the whole statement, and the normal form of the e-mail in it. */
void sql_postgres_rows(struct gen *g, enum sql_kind kind);
void sql_postgres_email(struct gen *g);
void sql_postgres_blanks(struct gen *g);
void sql_mariadb_rows(struct gen *g, enum sql_kind kind);
void sql_mariadb_email(struct gen *g);
void sql_sqlite_rows(struct gen *g, enum sql_kind kind);
void sql_sqlite_email(struct gen *g);

#endif
