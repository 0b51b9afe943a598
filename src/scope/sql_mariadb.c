/* MariaDB: no inner level, for it would be written to disk; variables instead. */
#include "scope/sql_parts.h"

static void my_narrow(struct gen *g, const char *id, const char *wide, const char *narrow)
{
	struct slice w = slice_str(wide);
	size_t n = 0;
	uint32_t cp;

	for (struct slice s = w; s.n; n++)
		s = slice_sub(s, slice_utf8(s, &cp), s.n);
	PUT(g, "IF(LENGTH(@hinoban_t := LOWER(");
	sql_item(g, id);
	PUT(g, ")) = CHAR_LENGTH(@hinoban_t), @hinoban_t, ");
	for (size_t i = 0; i < n; i++)
		PUT(g, "REPLACE(");
	PUT(g, "@hinoban_t");
	for (size_t i = 0; i < n; i++) {
		size_t len = slice_utf8(w, &cp);

		PUT(g, ", '%.*s', '%c')", (int)len, (const char *)w.at, narrow[i]);
		w = slice_sub(w, len, w.n);
	}
	PUT(g, ")");
}

void sql_mariadb_email(struct gen *g)
{
	PUT(g, "TRIM(REPLACE(");
	my_narrow(g, "email", SQL_WIDE_EMAIL, SQL_NARROW_EMAIL);
	PUT(g, ", '　', ' '))");
}

/* Into @hinoban_NAME: only what the class names. */
static void my_only(struct gen *g, const char *id, const char *variable, const char *class)
{
	PUT(g, "@hinoban_%s := IF((@hinoban_%s := ", variable, variable);
	my_narrow(g, id, SQL_WIDE_DIGITS, "0123456789");
	PUT(g, ") RLIKE '^[%s]*$', @hinoban_%s, REGEXP_REPLACE(@hinoban_%s, '[^%s]', ''))",
	    class, variable, variable, class);
}

static void my_hash(struct gen *g, char prefix, const char *what)
{
	PUT(g, "LEFT(SHA2(CONCAT(@hinoban_1, '%c', %s), 256), %d)", prefix, what, SQL_KEY_HEX);
}

static void my_keys(struct gen *g)
{
	PUT(g, "IF(LOCATE('@', @hinoban_e := ");
	sql_mariadb_email(g);
	PUT(g, ") > 1, ");
	my_hash(g, 'e', "@hinoban_e");
	PUT(g, ", NULL), IF(LENGTH(");
	my_only(g, "phone", "d", "0-9");
	PUT(g, ") BETWEEN 9 AND 15 AND TRIM(BOTH LEFT(@hinoban_d, 1) FROM @hinoban_d) <> '', ");
	my_hash(g, 'p',
	        "IF(LENGTH(@hinoban_d) >= 11 AND LEFT(@hinoban_d, 2) = '81', CONCAT('0', "
	        "TRIM(LEADING '0' FROM SUBSTR(@hinoban_d, 3))), @hinoban_d)");
	PUT(g, ", NULL), IF(LENGTH(");
	my_only(g, "postal", "z", "0-9a-z");
	PUT(g,
	    ") >= 3 AND TRIM(BOTH LEFT(@hinoban_z, 1) FROM @hinoban_z) <> '' AND (@hinoban_n "
	    ":= REPLACE(REPLACE(");
	sql_item(g, "name");
	PUT(g, ", ' ', ''), '　', '')) <> '', ");
	/* weights of this collation make no difference of width, case and kind of kana */
	my_hash(g, 'n',
	        "HEX(WEIGHT_STRING(@hinoban_n COLLATE utf8mb4_unicode_ci)), ' ', @hinoban_z");
	PUT(g, ", NULL), IF((@hinoban_m := ");
	sql_columns(g, &g->p->p->member);
	PUT(g, ") NOT IN ('', '0'), ");
	my_hash(g, 'm', "@hinoban_m");
	PUT(g, ", NULL), IF((@hinoban_k := ");
	sql_columns(g, &g->p->p->card);
	PUT(g, ") <> '', ");
	my_hash(g, 'k', "@hinoban_k");
	PUT(g, ", NULL)");
}

static void my_kept_email(struct gen *g)
{
	PUT(g, "@hinoban_e");
}

void sql_mariadb_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT) {
		my_keys(g);
		PUT(g, ", ");
	} else if (kind == SQL_LIST) {
		sql_mariadb_email(g);
		PUT(g, ", ");
		sql_item(g, "name");
		PUT(g, ", ");
		sql_item(g, "phone");
		PUT(g, ", ");
	}
	sql_flags(g);
	sql_rule(g, kind == SQL_COUNT ? my_kept_email : sql_mariadb_email, NULL, NULL);
	if (kind != SQL_COUNT) {
		PUT(g, ", ");
		sql_time(g);
	}
	sql_from(g);
	if (kind == SQL_PERSON) {
		PUT(g, " AND ");
		sql_mariadb_email(g);
		PUT(g, " = @hinoban_1");
	}
	PUT(g, kind == SQL_LIST ? " ORDER BY 1, 3, 2" : "");
}
