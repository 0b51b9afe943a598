/* PostgreSQL: an inner level makes normal forms, the outer one judges and hashes. */
#include "scope/sql_parts.h"

#define WIDE_UPPER "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
#define KATAKANA                                                                                                                         \
	"ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナ" \
	"ニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴ" \
	"ヵヶ"
#define HIRAGANA                                                                                                                         \
	"ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどな" \
	"にぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ" \
	"ゕゖ"

static void pg_wide(struct gen *g, const char *from, const char *to)
{
	if (g->db->wide)
		PUT(g, ", '%s', '%s')", from, to);
}

void sql_postgres_email(struct gen *g)
{
	PUT(g, "lower(%sbtrim(", g->db->wide ? "translate(" : "");
	sql_item(g, "email");
	PUT(g, ", ");
	sql_postgres_blanks(g);
	PUT(g, ")");
	pg_wide(g, WIDE_UPPER SQL_WIDE_EMAIL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SQL_NARROW_EMAIL);
	PUT(g, ")");
}

/* Only what `class` names stays; the regular expression is run only where it is needed. */
static void pg_only(struct gen *g, const char *id, const char *class, bool low)
{
	PUT(g, "regexp_replace(%s%s", low ? "lower(" : "", g->db->wide ? "translate(" : "");
	sql_item(g, id);
	pg_wide(g, SQL_WIDE_DIGITS "－−‐―ー（）　-() .+/", "0123456789");
	PUT(g, "%s, '[^%s]', '', 'g')", low ? ")" : "", class);
}

static void pg_name(struct gen *g)
{
	bool nfkc = g->db->unicode;

	PUT(g, "translate(lower(%s", nfkc ? "normalize(" : "");
	sql_item(g, "name");
	PUT(g, "%s), '%s', '%s')", nfkc ? ", NFKC)" : "",
	    g->db->wide ? KATAKANA " 　\t" : " \t", g->db->wide ? HIRAGANA : "");
}

static void pg_key(struct gen *g, char prefix, const char *when, const char *what)
{
	PUT(g, "CASE WHEN %s THEN left(encode(sha256(convert_to(", when);
	db_param(g->db, g->b, 1);
	PUT(g, " || '%c' || %s, '%s')), 'hex'), %d) END", prefix, what, g->db->encoding,
	    SQL_KEY_HEX);
}

#define PG_DIGITS                                                                            \
	"CASE WHEN length(r.d) >= 11 AND left(r.d, 2) = '81' THEN '0' || ltrim(substr(r.d, " \
	"3), '0') ELSE r.d END"

static void pg_keys(struct gen *g)
{
	pg_key(g, 'e', "position('@' IN r.e) > 1", "r.e");
	PUT(g, ", ");
	pg_key(g, 'p', "length(r.d) BETWEEN 9 AND 15 AND btrim(r.d, left(r.d, 1)) <> ''",
	       PG_DIGITS);
	PUT(g, ", ");
	pg_key(g, 'n', "length(r.z) >= 3 AND btrim(r.z, left(r.z, 1)) <> '' AND r.n <> ''",
	       "r.n || ' ' || r.z");
	PUT(g, ", ");
	pg_key(g, 'm', "r.m NOT IN ('', '0')", "r.m");
	PUT(g, ", ");
	pg_key(g, 'k', "r.k <> ''", "r.k");
}

static void pg_inner_email(struct gen *g)
{
	PUT(g, "r.e");
}

void sql_postgres_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT)
		pg_keys(g);
	else if (kind == SQL_LIST)
		PUT(g, "r.e, r.o, r.d");
	PUT(g, "%sr.f", kind == SQL_PERSON ? "" : ", ");
	sql_rule(g, pg_inner_email);
	PUT(g, "%s FROM (SELECT ", kind == SQL_COUNT ? "" : ", r.t");
	sql_postgres_email(g);
	PUT(g, " AS e, ");
	pg_only(g, "phone", "0-9", false);
	PUT(g, " AS d, ");
	if (kind == SQL_COUNT) {
		pg_name(g);
		PUT(g, " AS n, ");
		pg_only(g, "postal", "0-9a-z", true);
		PUT(g, " AS z, ");
		sql_columns(g, &g->p->p->member);
		PUT(g, " AS m, ");
		sql_columns(g, &g->p->p->card);
		PUT(g, " AS k, ");
	} else {
		sql_item(g, "name");
		PUT(g, " AS o, ");
		sql_time(g);
		PUT(g, " AS t, ");
	}
	sql_flags(g);
	PUT(g, " AS f");
	sql_from(g);
	PUT(g, " OFFSET 0) r");
	if (kind == SQL_PERSON) {
		PUT(g, " WHERE r.e = ");
		db_param(g->db, g->b, 1);
	}
	PUT(g, kind == SQL_LIST ? " ORDER BY 1, 3, 2" : "");
}
