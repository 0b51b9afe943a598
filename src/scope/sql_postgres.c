/*
 * PostgreSQL, on three levels, so that each value is read and each form made once: values,
 * normal forms, and the outer one, which judges and hashes. LIMIT ALL keeps them apart, and,
 * unlike OFFSET 0, lets the server's workers share all three.
 *
 * Most values need no rewriting. What is dear in a database of UTF-8 (trimming, translate(),
 * lower() by the locale) is done only where a cheap look says that there is a need.
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
 * A database of EUC-JP knows no small wide ka and ke in hiragana, and another wide minus sign;
 * a statement that held what it can't say would fail.
 */
#define EUC_KATAKANA                                                                                                                     \
	"ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナ" \
	"ニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲン"
#define EUC_HIRAGANA                                                                                                                     \
	"ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどな" \
	"にぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをん"
#define EUC_WIDE \
	"ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ" SQL_WIDE_DIGITS "＠．＿＋"
#define EUC_NARROW "abcdefghijklmnopqrstuvwxyz0123456789@._+"

/* `v`, an expression, with wide letters made narrow and in lower case. */
static void narrow(struct gen *g, const char *v, const char *wide, const char *to)
{
	PUT(g, "CASE WHEN octet_length(%s) = length(%s) THEN lower(%s COLLATE \"C\") ELSE ", v,
	    v, v);
	if (g->db->wide)
		PUT(g, "lower(translate(%s, '%s', '%s')) END", v, wide, to);
	else
		PUT(g, "lower(%s) END", v);
}

static void trimmed(struct gen *g, const char *v)
{
	PUT(g, "btrim(%s, ", v);
	sql_postgres_blanks(g);
	PUT(g, ")");
}

static void email(struct gen *g, const char *v)
{
	struct buf *out = g->b, t;

	buf_init(&t, SQL_MAX_BYTES);
	g->b = &t;
	trimmed(g, v);
	g->b = out;
	PUT(g, "CASE WHEN %s ~ '^[!-~]*$' THEN lower(%s COLLATE \"C\") ELSE ", v, v);
	if (g->db->unicode)
		narrow(g, buf_cstr(&t), WIDE_UPPER SQL_WIDE_EMAIL,
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SQL_NARROW_EMAIL);
	else
		narrow(g, buf_cstr(&t), WIDE_UPPER EUC_WIDE,
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ" EUC_NARROW);
	PUT(g, " END");
	buf_done(&t);
}

void sql_postgres_email(struct gen *g)
{
	struct buf *out = g->b, v;

	buf_init(&v, SQL_MAX_BYTES);
	g->b = &v;
	sql_item(g, "email");
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

/*
 * Without blanks, in lower case, katakana made hiragana; of UTF-8 in width as NFKC has it. A
 * name without any blank, capital, wide or half-wide letter or katakana is so already.
 */
static void name(struct gen *g)
{
	if (g->db->unicode)
		PUT(g, "CASE WHEN w.n ~ '[ \\t\\r\\nA-ZÀ-῿　！-ﾟァ-ヶ]' THEN "
		       "translate(lower(CASE "
		       "WHEN w.n ~ '[！-ﾟ]' THEN normalize(w.n, NFKC) ELSE w.n END), '" KATAKANA
		       "' || E' \\t\\r\\n　', '" HIRAGANA "') ELSE w.n END");
	else if (g->db->wide)
		PUT(g, "translate(lower(w.n), '" EUC_KATAKANA
		       "' || E' \\t\\r\\n　', '" EUC_HIRAGANA "')");
	else
		PUT(g, "translate(lower(w.n), E' \\t\\r\\n', '')");
}

/* All 32 bytes: to cut them, or to write them in hexadecimal, would cost the server more. */
static void hash(struct gen *g, char prefix, const char *what)
{
	PUT(g, "sha256(%s(", g->db->unicode ? "textsend" : "convert_to");
	db_param(g->db, g->b, 1);
	PUT(g, " || '%c' || %s", prefix, what);
	if (g->db->unicode)
		PUT(g, "))");
	else
		PUT(g, ", '%s'))", g->db->encoding);
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

/* Not one sign over and over. */
#define PG_VARIED(v) "(left(" v ", 1) <> right(" v ", 1) OR btrim(" v ", left(" v ", 1)) <> '')"

static void keys(struct gen *g)
{
	key(g, 'e', "position('@' IN r.e) > 1", "r.e");
	PUT(g, ", ");
	key(g, 'p', "length(r.d) BETWEEN 9 AND 15 AND " PG_VARIED("r.d"), PG_DIGITS);
	PUT(g, ", ");
	key(g, 'n', "length(r.z) >= 3 AND " PG_VARIED("r.z") " AND r.n <> ''",
	    "r.n || ' ' || r.z");
	PUT(g, ", ");
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
	sql_item(g, "email");
	PUT(g, " AS e, ");
	sql_item(g, "phone");
	PUT(g, " AS d, ");
	sql_item(g, "name");
	PUT(g, " AS n, ");
	if (kind == SQL_COUNT) {
		sql_item(g, "postal");
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
	PUT(g, " LIMIT ALL) w");
}

void sql_postgres_rows(struct gen *g, enum sql_kind kind)
{
	PUT(g, "SELECT ");
	if (kind == SQL_COUNT)
		keys(g);
	else if (kind == SQL_LIST)
		PUT(g, "r.e, r.o, r.d");
	PUT(g, "%sr.f", kind == SQL_PERSON ? "" : ", ");
	sql_rule(g, inner_email, kind == SQL_COUNT ? "r.n" : "r.o", "r.d");
	PUT(g, "%s FROM (", kind == SQL_COUNT ? "" : ", r.t");
	normal_values(g, kind);
	PUT(g, " LIMIT ALL) r");
	if (kind == SQL_PERSON) {
		PUT(g, " WHERE r.e = ");
		db_param(g->db, g->b, 1);
	}
	PUT(g, kind == SQL_LIST ? " ORDER BY 1, 3, 2" : "");
}
