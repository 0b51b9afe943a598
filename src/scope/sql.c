/* The parts of a statement that the dialects share, and the door. */
#include "conf/canary.h"
#include "scope/sql_parts.h"
#include "scope/zone.h"

static bool postgres(const struct gen *g)
{
	return g->db->kind == URL_POSTGRES;
}

static bool mariadb(const struct gen *g)
{
	return g->db->kind == URL_MARIADB;
}

/* A name in the dialect's quotes; those of a profile hold no quotes themselves. */
static void name(struct gen *g, struct slice s)
{
	char q = mariadb(g) ? '`' : '"';

	buf_byte(g->b, (uint8_t)q);
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '.')
			PUT(g, "%c.%c", q, q);
		else
			buf_byte(g->b, s.at[i]);
	}
	buf_byte(g->b, (uint8_t)q);
}

static void column(struct gen *g, const struct population_column *c)
{
	const struct plan_column *col = plan_column(g->p, c);

	PUT(g, "%.*s.", SLICE_ARG(c->alias));
	name(g, col->name);
}

static enum db_type type_of(const struct gen *g, const struct population_column *c)
{
	const struct plan_column *col = plan_column(g->p, c);

	return col ? col->type : DB_ABSENT;
}

/*
 * As UTF-8. Old shops wrote UTF-8 over connections that said latin1, into columns that say so,
 * too: what is no valid UTF-8 as it lies there is latin1 indeed.
 */
static void mariadb_text(struct gen *g, const struct population_column *c)
{
	const struct plan_column *col = plan_column(g->p, c);

	if (slice_eq(col->charset, SLICE("latin1"))) {
		PUT(g, "IF(CONVERT(CONVERT(CAST(");
		column(g, c);
		PUT(g, " AS BINARY) USING utf8mb4) USING binary) = CAST(");
		column(g, c);
		PUT(g, " AS BINARY), CONVERT(CAST(");
		column(g, c);
		PUT(g, " AS BINARY) USING utf8mb4), CONVERT(");
		column(g, c);
		PUT(g, " USING utf8mb4)) COLLATE utf8mb4_bin");
		return;
	}
	PUT(g, "CONVERT(");
	column(g, c);
	PUT(g, " USING utf8mb4) COLLATE utf8mb4_bin");
}

/* The column as text, NULL where it is NULL. */
static void text(struct gen *g, const struct population_column *c)
{
	enum db_type t = type_of(g, c);

	if (t == DB_ABSENT) {
		PUT(g, "NULL");
	} else if (postgres(g)) {
		PUT(g, t == DB_BINARY ? "encode(" : "(");
		column(g, c);
		PUT(g, t == DB_BINARY ? ", 'escape')" : ")::text");
	} else if (mariadb(g)) {
		mariadb_text(g, c);
	} else {
		column(g, c);
	}
}

/* Columns of one value, joined; NULLs are nothing. */
static void joined(struct gen *g, const struct population_columns *c, size_t from, size_t to)
{
	if (to - from == 1) {
		text(g, &c->at[from]);
		return;
	}
	PUT(g, postgres(g) ? "concat(" : mariadb(g) ? "CONCAT_WS('', " : "(");
	for (size_t i = from; i < to; i++) {
		PUT(g, i == from ? "" : g->db->kind == URL_SQLITE ? " || " : ", ");
		if (g->db->kind == URL_SQLITE)
			PUT(g, "COALESCE(");
		text(g, &c->at[i]);
		if (g->db->kind == URL_SQLITE)
			PUT(g, ", '')");
	}
	PUT(g, ")");
}

static size_t value_end(const struct population_columns *c, size_t from)
{
	size_t to = from + 1;

	while (to < c->n && !c->at[to].instead)
		to++;
	return to;
}

/* The item's value as text: the first of its alternatives that is not empty. */
static void value(struct gen *g, const struct population_columns *c)
{
	bool several = value_end(c, 0) < c->n;

	PUT(g, several ? "COALESCE(" : "");
	for (size_t i = 0; i < c->n; i = value_end(c, i)) {
		PUT(g, "%s%s", i ? ", " : "", several ? "NULLIF(" : "");
		joined(g, c, i, value_end(c, i));
		PUT(g, several ? ", '')" : "");
	}
	PUT(g, several ? ")" : "");
}

/* ---- does an item hold a value? ---- */

void sql_postgres_blanks(struct gen *g)
{
	PUT(g, g->db->wide ? "E' \\t\\r\\n　'" : "E' \\t\\r\\n'");
}

static void not_one_of(struct gen *g, const struct population_item *it,
                       const struct population_column *c, bool number)
{
	for (size_t i = 0; i < it->empties; i++) {
		struct slice e = it->empty[i];
		bool zero = slice_eq(e, SLICE("0"));

		if (zero && number) {
			PUT(g, " AND ");
			column(g, c);
			PUT(g, " <> 0");
			continue;
		}
		PUT(g, " AND ");
		PUT(g, zero && mariadb(g) ? "TRIM(TRAILING '.' FROM TRIM(BOTH '0' FROM "
		       : zero             ? "trim("
		                          : "(");
		text(g, c);
		PUT(g, zero && mariadb(g) ? "))" : zero ? ", '0.')" : ")");
		if (zero)
			PUT(g, " <> ''");
		else
			PUT(g, " <> '%.*s'", SLICE_ARG(e));
	}
}

/*
 * To trim is dear, and most texts begin with what is no blank: 32 and 12288 are the narrow and
 * the wide one. Other encodings than UTF-8 have no ascii() of a wide letter.
 */
static void postgres_filled(struct gen *g, const struct population_column *c)
{
	if (g->db->unicode) {
		PUT(g, "(ascii(");
		text(g, c);
		PUT(g, ") > 32 AND ascii(");
		text(g, c);
		PUT(g, ") <> 12288 OR ");
	}
	PUT(g, "btrim(");
	text(g, c);
	PUT(g, ", ");
	sql_postgres_blanks(g);
	PUT(g, ") <> ''%s", g->db->unicode ? ")" : "");
}

static void filled_text(struct gen *g, const struct population_column *c)
{
	if (g->db->kind == URL_SQLITE) {
		PUT(g, "hinoban_filled(");
		column(g, c);
		PUT(g, ")");
		return;
	}
	if (postgres(g)) {
		postgres_filled(g, c);
		return;
	}
	PUT(g, "TRIM(REPLACE(");
	text(g, c);
	PUT(g, ", '　', '')) <> ''");
}

static void filled_column(struct gen *g, const struct population_item *it,
                          const struct population_column *c)
{
	enum db_type t = type_of(g, c);

	PUT(g, "(");
	if (t == DB_TEXT || t == DB_ANY) {
		filled_text(g, c);
	} else {
		column(g, c);
		PUT(g, " IS NOT NULL");
		/* MySQL's date of nothing */
		if (mariadb(g) && (t == DB_DATE || t == DB_CIVIL || t == DB_INSTANT)) {
			PUT(g, " AND ");
			column(g, c);
			PUT(g, " > '0001-01-01'");
		}
		if (t == DB_BINARY) {
			PUT(g, " AND length(");
			column(g, c);
			PUT(g, ") > 0");
		}
	}
	not_one_of(g, it, c, t == DB_NUMBER);
	PUT(g, ")");
}

static bool filled(struct gen *g, const struct population_item *it)
{
	bool any = false;

	for (size_t i = 0; i < it->columns.n; i++) {
		if (type_of(g, &it->columns.at[i]) == DB_ABSENT)
			continue;
		PUT(g, any ? " OR " : "");
		filled_column(g, it, &it->columns.at[i]);
		any = true;
	}
	return any;
}

/* ---- windows ---- */

static bool there(const struct gen *g, const struct population_columns *c)
{
	return c->n && type_of(g, &c->at[0]) != DB_ABSENT;
}

static bool has_time(const struct gen *g)
{
	return there(g, &g->p->p->time) || there(g, &g->p->p->until);
}

/* When the row came to be, or else was last altered: the group has one of them. */
static const struct population_column *time_column(const struct gen *g)
{
	const struct population *p = g->p->p;

	return there(g, &p->time) ? &p->time.at[0] : &p->until.at[0];
}

/* "column < moment" */
static void before(struct gen *g, const struct population_column *c, int64_t us)
{
	enum db_type t = type_of(g, c);
	int64_t civil = zone_civil(us);
	char at[ZONE_TEXT_BYTES];

	if (t == DB_ANY) {
		PUT(g, "hinoban_before(");
		column(g, c);
		PUT(g, ", %lld, %lld)", (long long)civil, (long long)us);
		return;
	}
	column(g, c);
	if (t == DB_NUMBER) { /* seconds since 1970; the first that is not before */
		PUT(g, " < %lld", (long long)((us + 999999) / 1000000));
		return;
	}
	zone_text(t == DB_INSTANT ? us : civil, at);
	if (postgres(g) && t != DB_TEXT)
		PUT(g, " < TIMESTAMP%s '%s%s'", t == DB_INSTANT ? "TZ" : "", at,
		    t == DB_INSTANT ? "+00" : "");
	else
		PUT(g, " < '%s'", at);
}

static void not_before(struct gen *g, const struct population_column *c, int64_t us)
{
	PUT(g, "NOT (");
	before(g, c, us);
	PUT(g, ")");
}

/*
 * A row that is altered later has an interval instead of a moment: from its time (or from ever)
 * until its last alteration. It is surely in the window where all of the interval is, and may
 * be where a part of it is. That it was there at all, its beginning alone says, if that is
 * known.
 */
static void in_window(struct gen *g, int64_t from, int64_t to, bool sure)
{
	const struct population_column *begin = time_column(g), *end = begin;

	if (there(g, &g->p->p->until) && (from != SQL_OPEN || !there(g, &g->p->p->time)))
		end = &g->p->p->until.at[0];
	PUT(g, "(");
	if (sure || there(g, &g->p->p->time))
		before(g, sure ? end : begin, to);
	else
		PUT(g, "1 = 1");
	if (from != SQL_OPEN) {
		PUT(g, " AND ");
		not_before(g, sure ? begin : end, from);
	}
	PUT(g, ")");
}

static void in_windows(struct gen *g, bool sure)
{
	for (size_t i = 0; i < g->w->n; i++) {
		const struct sql_window *w = &g->w->at[i];

		PUT(g, i ? " OR " : "");
		in_window(g, sure ? w->from : w->earliest, w->to, sure);
	}
}

static void undated(struct gen *g)
{
	const struct population_column *c = time_column(g);
	enum db_type t = type_of(g, c);

	if (t == DB_ANY) {
		PUT(g, "hinoban_before(");
		column(g, c);
		PUT(g, ", 0, 0)");
	} else {
		column(g, c);
	}
	PUT(g, " IS NULL");
	if (mariadb(g) && t != DB_NUMBER) {
		PUT(g, " OR ");
		column(g, c);
		PUT(g, " < '1970-01-01'");
	}
}

static bool windows_differ(const struct gen *g)
{
	if (there(g, &g->p->p->until))
		return true;
	for (size_t i = 0; i < g->w->n; i++)
		if (g->w->at[i].earliest != g->w->at[i].from)
			return true;
	return false;
}

/* ---- flags ---- */

static void bit(struct gen *g, long long value)
{
	PUT(g, " THEN %lld ELSE 0 END", value);
}

static void item_bits(struct gen *g)
{
	for (size_t i = 0; i < g->p->p->items; i++) {
		struct buf *out = g->b, one;
		bool any;

		buf_init(&one, SQL_MAX_BYTES);
		g->b = &one;
		any = filled(g, &g->p->p->item[i]);
		g->b = out;
		if (any) {
			PUT(g, " + CASE WHEN ");
			buf_add(g->b, buf_slice(&one));
			bit(g, 1LL << i);
		}
		buf_done(&one);
	}
}

static void time_bits(struct gen *g)
{
	if (!has_time(g)) {
		PUT(g, " + %lld", (long long)SQL_SURE);
		return;
	}
	PUT(g, " + CASE WHEN ");
	undated(g);
	PUT(g, " THEN %lld", (long long)SQL_UNDATED);
	if (windows_differ(g)) {
		PUT(g, " WHEN ");
		in_windows(g, true);
		PUT(g, " THEN %lld ELSE 0 END", (long long)SQL_SURE);
	} else {
		PUT(g, " ELSE %lld END", (long long)SQL_SURE);
	}
}

static void state_bits(struct gen *g)
{
	if (!g->p->p->states)
		return;
	PUT(g, " + CASE");
	for (size_t i = 0; i < g->p->p->states; i++)
		PUT(g, " WHEN %.*s THEN %lld", SLICE_ARG(g->p->state[i]),
		    (long long)(i + 1) << SQL_STATE);
	PUT(g, " ELSE 0 END");
}

void sql_flags(struct gen *g)
{
	PUT(g, "CAST(0 AS %s)", mariadb(g) ? "SIGNED" : "bigint");
	item_bits(g);
	time_bits(g);
	if (g->p->deleted.n) {
		PUT(g, " + CASE WHEN %.*s", SLICE_ARG(g->p->deleted));
		bit(g, SQL_DELETED);
	}
	state_bits(g);
}

/* " OR" it is hinoban's own, without an address: a parcel's, say. */
static void or_canary(struct gen *g, const char *name, const char *phone)
{
	if (!g->db->wide) /* its name could not be written there */
		return;
	PUT(g, " OR (REPLACE(REPLACE(");
	if (phone)
		PUT(g, "%s", phone);
	else
		sql_item(g, "phone");
	PUT(g, ", '-', ''), ' ', '') = '" CANARY_PHONE "' AND REPLACE(REPLACE(");
	if (name)
		PUT(g, "%s", name);
	else
		sql_item(g, "name");
	PUT(g, ", ' ', ''), '　', '') = '" CANARY_FAMILY CANARY_GIVEN "')");
}

void sql_rule(struct gen *g, void (*form)(struct gen *), const char *name, const char *phone)
{
	struct buf *out = g->b, e;
	const char *email;

	if (!g->rules)
		return;
	buf_init(&e, 65536);
	g->b = &e;
	form(g);
	g->b = out;
	email = buf_cstr(&e);
	PUT(g, " + CASE");
	for (size_t i = 0; i < g->rules; i++) {
		PUT(g, " WHEN %s LIKE ", email);
		db_param(g->db, g->b, g->first_rule + i);
		PUT(g, " ESCAPE '!'");
		if (i == 0)
			or_canary(g, name, phone);
		PUT(g, " THEN %lld", (long long)(i + 1) << SQL_RULE);
	}
	PUT(g, " ELSE 0 END");
	buf_done(&e);
}

/* ---- FROM and WHERE ---- */

void sql_from(struct gen *g)
{
	PUT(g, " FROM ");
	for (size_t i = 0; i < g->p->p->tables; i++) {
		PUT(g, i ? " LEFT JOIN " : "");
		name(g, g->p->table[i].name);
		PUT(g, " %.*s", SLICE_ARG(g->p->p->table[i].alias));
		if (i)
			PUT(g, " ON %.*s", SLICE_ARG(g->p->on[i]));
	}
	PUT(g, " WHERE ");
	if (g->p->where.n)
		PUT(g, "(%.*s)", SLICE_ARG(g->p->where));
	if (has_time(g)) {
		PUT(g, g->p->where.n ? " AND (" : "(");
		in_windows(g, false);
		PUT(g, " OR ");
		undated(g);
		PUT(g, ")");
	} else if (!g->p->where.n) {
		PUT(g, "1 = 1");
	}
}

static const struct population_columns *columns_of(const struct gen *g, const char *id)
{
	for (size_t i = 0; i < g->p->p->items; i++) {
		const struct population_item *it = &g->p->p->item[i];

		if (!slice_eq(it->id, slice_str(id)))
			continue;
		for (size_t c = 0; c < it->columns.n; c++)
			if (type_of(g, &it->columns.at[c]) != DB_ABSENT)
				return &it->columns;
	}
	return NULL;
}

/* An item's value, or NULL where the group holds none. */
void sql_item(struct gen *g, const char *id)
{
	const struct population_columns *c = columns_of(g, id);

	if (!c && strcmp(id, "email") == 0 && there(g, &g->p->p->email))
		c = &g->p->p->email;
	if (c)
		value(g, c);
	else
		PUT(g, postgres(g) ? "NULL::text" : "NULL");
}

void sql_columns(struct gen *g, const struct population_columns *c)
{
	if (c->n && type_of(g, &c->at[0]) != DB_ABSENT)
		value(g, c);
	else
		PUT(g, postgres(g) ? "NULL::text" : "NULL");
}

void sql_time(struct gen *g)
{
	if (has_time(g))
		text(g, time_column(g));
	else
		PUT(g, "NULL");
}

/* ---- the door ---- */

void sql_rows(struct buf *out, const struct db *db, const struct plan *p,
              const struct sql_windows *w, size_t rules, enum sql_kind kind)
{
	struct gen g = {out, db, p, w, rules, kind == SQL_LIST ? 1 : 2};

	if (db->kind == URL_POSTGRES)
		sql_postgres_rows(&g, kind);
	else if (db->kind == URL_MARIADB)
		sql_mariadb_rows(&g, kind);
	else
		sql_sqlite_rows(&g, kind);
}

void sql_excluded(struct buf *out, const struct db *db, const struct plan *p,
                  const struct sql_windows *w, size_t rules, int most)
{
	struct gen g = {out, db, p, w, rules, 1};

	PUT(&g, "SELECT q.i, q.r FROM (SELECT ");
	value(&g, &p->p->id);
	PUT(&g, " AS i, CAST(0 AS %s)", mariadb(&g) ? "SIGNED" : "bigint");
	sql_rule(&g,
	         postgres(&g)  ? sql_postgres_email
	         : mariadb(&g) ? sql_mariadb_email
	                       : sql_sqlite_email,
	         NULL, NULL);
	state_bits(&g);
	PUT(&g, " AS r");
	sql_from(&g);
	PUT(&g, ") q WHERE q.r >= %lld", (long long)1 << SQL_RULE);
	for (size_t i = 0; i < p->p->states; i++)
		if (slice_eq(p->p->state[i].name, SLICE(POPULATION_KEPT)))
			PUT(&g, " OR q.r = %lld", (long long)(i + 1) << SQL_STATE);
	PUT(&g, " ORDER BY CASE WHEN q.r >= %lld THEN q.r >> %d ELSE 256 END, 1 LIMIT %d",
	    (long long)1 << SQL_RULE, SQL_RULE, most);
}

bool sql_newest(struct buf *out, const struct db *db, const struct plan *p)
{
	struct gen g = {.b = out, .db = db, .p = p};

	if (!there(&g, &p->p->time))
		return false;
	PUT(&g, "SELECT MAX(");
	column(&g, &p->p->time.at[0]);
	PUT(&g, ")%s FROM ", postgres(&g) ? "::text" : "");
	name(&g, p->table[0].name);
	PUT(&g, " %.*s", SLICE_ARG(p->p->table[0].alias));
	return slice_eq(p->p->time.at[0].alias, p->p->table[0].alias);
}

void sql_pattern(struct buf *out, struct slice glob)
{
	for (size_t i = 0; i < glob.n; i++) {
		uint8_t c = glob.at[i];

		if (c == '%' || c == '_' || c == '!')
			buf_byte(out, '!');
		buf_byte(out, c == '*' ? '%' : c);
	}
}
