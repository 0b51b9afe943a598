/* SQLite: the functions of db_sqlite.c do what a server would. */
#include "scope/sql_parts.h"

static void lite_form(struct gen *g, const char *fn, const char *id)
{
	PUT(g, "hinoban_%s(", fn);
	sql_item(g, id);
	PUT(g, ")");
}

void sql_sqlite_email(struct gen *g)
{
	lite_form(g, "email", "email");
}

static void lite_keys(struct gen *g)
{
	PUT(g, "hinoban_key(?1, 'e', ");
	lite_form(g, "email", "email");
	PUT(g, "), hinoban_key(?1, 'p', ");
	lite_form(g, "phone", "phone");
	PUT(g, "), hinoban_key(?1, 'n', ");
	lite_form(g, "name", "name");
	PUT(g, " || ' ' || ");
	lite_form(g, "postal", "postal");
	PUT(g, "), hinoban_key(?1, 'm', NULLIF(NULLIF(CAST(");
	sql_columns(g, &g->p->p->member);
	PUT(g, " AS TEXT), ''), '0')), hinoban_key(?1, 'k', NULLIF(CAST(");
	sql_columns(g, &g->p->p->card);
	PUT(g, " AS TEXT), ''))");
}

void sql_sqlite_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT) {
		lite_keys(g);
		PUT(g, ", ");
	} else if (kind == SQL_LIST) {
		lite_form(g, "email", "email");
		PUT(g, ", ");
		sql_item(g, "name");
		PUT(g, ", ");
		sql_item(g, "phone");
		PUT(g, ", ");
	}
	sql_flags(g);
	sql_rule(g, sql_sqlite_email, NULL, NULL);
	if (kind != SQL_COUNT) {
		PUT(g, ", ");
		sql_time(g);
	}
	sql_from(g);
	if (kind == SQL_PERSON) {
		PUT(g, " AND ");
		lite_form(g, "email", "email");
		PUT(g, " = ?1");
	}
	PUT(g, kind == SQL_LIST ? " ORDER BY 1, 3, 2" : "");
}
