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

/*
 * The item's value, trimmed, in lower case, wide letters made narrow. translate() is slow, and
 * few addresses need it: those with a character of more than one byte.
 */
static void narrow(struct gen *g, const char *id, const char *wide, const char *to)
{
	struct buf *out = g->b, v;

	buf_init(&v, SQL_MAX_BYTES);
	g->b = &v;
	PUT(g, "btrim(");
	sql_item(g, id);
	PUT(g, ", ");
	sql_postgres_blanks(g);
	PUT(g, ")");
	g->b = out;
	PUT(g, "lower(");
	if (g->db->wide)
		PUT(g, "CASE WHEN octet_length(%s) = length(%s) THEN ", buf_cstr(&v),
		    buf_cstr(&v));
	buf_add(g->b, buf_slice(&v));
	if (g->db->wide) {
		PUT(g, " ELSE translate(");
		buf_add(g->b, buf_slice(&v));
		PUT(g, ", '%s', '%s') END", wide, to);
	}
	PUT(g, ")");
	buf_done(&v);
}

void sql_postgres_email(struct gen *g)
{
	narrow(g, "email", WIDE_UPPER SQL_WIDE_EMAIL,
	       "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SQL_NARROW_EMAIL);
}

/* Only what `class` names stays. */
static void only(struct gen *g, const char *id, const char *class)
{
	PUT(g, "regexp_replace(");
	narrow(g, id, SQL_WIDE_DIGITS, "0123456789");
	PUT(g, ", '[^%s]', '', 'g')", class);
}

/* The outer level takes the blanks out and makes katakana hiragana. */
static void name(struct gen *g)
{
	bool nfkc = g->db->unicode;

	PUT(g, "lower(%s", nfkc ? "normalize(" : "");
	sql_item(g, "name");
	PUT(g, "%s)", nfkc ? ", NFKC)" : "");
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

void sql_postgres_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT)
		keys(g);
	else if (kind == SQL_LIST)
		PUT(g, "r.e, r.o, r.d");
	PUT(g, "%sr.f", kind == SQL_PERSON ? "" : ", ");
	sql_rule(g, inner_email);
	PUT(g, "%s FROM (SELECT ", kind == SQL_COUNT ? "" : ", r.t");
	sql_postgres_email(g);
	PUT(g, " AS e, ");
	only(g, "phone", "0-9");
	PUT(g, " AS d, ");
	if (kind == SQL_COUNT) {
		name(g);
		PUT(g, " AS n, ");
		only(g, "postal", "0-9a-z");
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
