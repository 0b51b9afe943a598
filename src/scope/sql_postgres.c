/*
 * PostgreSQL, on three levels, so that each value is read and each form made once: values,
 * normal forms, and the outer one, which judges and hashes. OFFSET 0 keeps them apart.
 */
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

/*
 * `v`, an expression, in lower case, wide letters made narrow. translate() is slow, and few
 * addresses need it: those with a character of more than one byte.
 */
static void narrow(struct gen *g, const char *v, const char *wide, const char *to)
{
	if (g->db->wide)
		PUT(g,
		    "lower(CASE WHEN octet_length(%s) = length(%s) THEN %s ELSE translate(%s, "
		    "'%s', "
		    "'%s') END)",
		    v, v, v, v, wide, to);
	else
		PUT(g, "lower(%s)", v);
}

static void email(struct gen *g, const char *v)
{
	narrow(g, v, WIDE_UPPER SQL_WIDE_EMAIL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SQL_NARROW_EMAIL);
}

/* An item's value without blanks at its ends. */
static void trimmed(struct gen *g, const char *id)
{
	PUT(g, "btrim(");
	sql_item(g, id);
	PUT(g, ", ");
	sql_postgres_blanks(g);
	PUT(g, ")");
}

void sql_postgres_email(struct gen *g)
{
	struct buf *out = g->b, v;

	buf_init(&v, SQL_MAX_BYTES);
	g->b = &v;
	trimmed(g, "email");
	g->b = out;
	email(g, buf_cstr(&v));
	buf_done(&v);
}

/* Only what `class` names stays. */
static void only(struct gen *g, const char *v, const char *class)
{
	PUT(g, "regexp_replace(");
	narrow(g, v, SQL_WIDE_DIGITS, "0123456789");
	PUT(g, ", '[^%s]', '', 'g')", class);
}

/* In width as NFKC has it; the outermost level takes blanks out and makes katakana hiragana. */
static void name(struct gen *g)
{
	if (g->db->unicode)
		PUT(g,
		    "lower(CASE WHEN w.n ~ '[！-ﾟ]' THEN normalize(w.n, NFKC) ELSE w.n END)");
	else
		PUT(g, "lower(w.n)");
}

static void hash(struct gen *g, char prefix, const char *what)
{
	PUT(g, "encode(substr(sha256(%s(", g->db->unicode ? "textsend" : "convert_to");
	db_param(g->db, g->b, 1);
	PUT(g, " || '%c' || %s", prefix, what);
	if (g->db->unicode)
		PUT(g, ")");
	else
		PUT(g, ", '%s')", g->db->encoding);
	PUT(g, "), 1, %d), 'hex')", SQL_KEY_HEX / 2);
}

static void key(struct gen *g, char prefix, const char *when, const char *what)
{
	PUT(g, "CASE WHEN %s THEN ", when);
	hash(g, prefix, what);
	PUT(g, " END");
}

#define PG_DIGITS                                                                            \
	"CASE WHEN length(r.d) >= 11 AND left(r.d, 2) = '81' THEN '0' || ltrim(substr(r.d, " \
	"3), '0') ELSE r.d END"

#define PG_NAME_PLAIN "replace(replace(r.n, ' ', ''), '　', '')"

static void keys(struct gen *g)
{
	key(g, 'e', "position('@' IN r.e) > 1", "r.e");
	PUT(g, ", ");
	key(g, 'p', "length(r.d) BETWEEN 9 AND 15 AND btrim(r.d, left(r.d, 1)) <> ''",
	    PG_DIGITS);
	PUT(g, ", CASE WHEN length(r.z) >= 3 AND btrim(r.z, left(r.z, 1)) <> '' AND r.n <> '' "
	       "THEN ");
	if (g->db->wide)
		hash(g, 'n',
		     "CASE WHEN r.n ~ '[ァ-ヶ]' THEN translate(" PG_NAME_PLAIN ", '" KATAKANA
		     "', '" HIRAGANA "') ELSE " PG_NAME_PLAIN " END || ' ' || r.z");
	else
		hash(g, 'n', "replace(r.n, ' ', '') || ' ' || r.z");
	PUT(g, " END, ");
	key(g, 'm', "r.m NOT IN ('', '0')", "r.m");
	PUT(g, ", ");
	key(g, 'k', "r.k <> ''", "r.k");
}

static void inner_email(struct gen *g)
{
	PUT(g, "r.e");
}

/* The innermost level: values as they are, each read once. */
static void raw_values(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	trimmed(g, "email");
	PUT(g, " AS e, ");
	trimmed(g, "phone");
	PUT(g, " AS d, ");
	sql_item(g, "name");
	PUT(g, " AS n, ");
	if (kind == SQL_COUNT) {
		trimmed(g, "postal");
		PUT(g, " AS z, ");
		sql_columns(g, &g->p->p->member);
		PUT(g, " AS m, ");
		sql_columns(g, &g->p->p->card);
		PUT(g, " AS k, ");
	} else {
		sql_time(g);
		PUT(g, " AS t, ");
	}
	sql_flags(g);
	PUT(g, " AS f");
	sql_from(g);
}

static void normal_values(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	email(g, "w.e");
	PUT(g, " AS e, ");
	only(g, "w.d", "0-9");
	PUT(g, " AS d, ");
	if (kind == SQL_COUNT) {
		name(g);
		PUT(g, " AS n, ");
		only(g, "w.z", "0-9a-z");
		PUT(g, " AS z, w.m, w.k, ");
	} else {
		PUT(g, "w.n AS o, w.t, ");
	}
	PUT(g, "w.f FROM (");
	raw_values(g, kind);
	PUT(g, " OFFSET 0) w");
}

void sql_postgres_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT)
		keys(g);
	else if (kind == SQL_LIST)
		PUT(g, "r.e, r.o, r.d");
	PUT(g, "%sr.f", kind == SQL_PERSON ? "" : ", ");
	sql_rule(g, inner_email);
	PUT(g, "%s FROM (", kind == SQL_COUNT ? "" : ", r.t");
	normal_values(g, kind);
	PUT(g, " OFFSET 0) r");
	if (kind == SQL_PERSON) {
		PUT(g, " WHERE r.e = ");
		db_param(g->db, g->b, 1);
	}
	PUT(g, kind == SQL_LIST ? " ORDER BY 1, 3, 2" : "");
}
