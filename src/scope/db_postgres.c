/*
 * PostgreSQL by libpq (version 13 or newer: sha256(), normalize()). Rows are taken as they
 * come, none are kept.
 */
#include "scope/db.h"

#include <endian.h>
#include <errno.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_COLUMNS 64
#define OLDEST      130000

struct postgres {
	PGconn *c;
};

static PGconn *conn(const struct db *db)
{
	return ((struct postgres *)db->own)->c;
}

/* A code of class 22 (data exception) and its like may quote a row: then only the code. */
static bool may_quote(const char *state)
{
	static const char *const speak[] = {"42", "08", "28", "3D", "53",
	                                    "55", "57", "58", "40", "25"};

	for (size_t i = 0; i < sizeof(speak) / sizeof(speak[0]); i++)
		if (strncmp(state, speak[i], 2) == 0)
			return false;
	return true;
}

static const struct {
	const char *state;
	int r;
	enum scope_code code;
} states[] = {
    {"57014", -ETIME, SCOPE_STATEMENT_TIMEOUT},
    {"55P03", -EBUSY, SCOPE_LOCK_TIMEOUT},
    {"40001", -EAGAIN, SCOPE_CONFLICT},
    {"40P01", -EAGAIN, SCOPE_CONFLICT},
    {"42501", -EACCES, SCOPE_NO_RIGHT},
    {"57P01", -EPIPE, SCOPE_LOST},
    {"57P02", -EPIPE, SCOPE_LOST},
    {"57P03", -EPIPE, SCOPE_LOST},
};

static int tell_time(struct db *db, enum scope_code code, int r)
{
	char s[32];

	snprintf(s, sizeof(s), "%lld",
	         (long long)(code == SCOPE_LOCK_TIMEOUT ? db->lock_timeout_s : db->timeout_s));
	return fault_set(db->fault, r, code, s, db->doing, NULL, NULL);
}

static int tell(struct db *db, const PGresult *res)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *said = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char text[FAULT_ARG_BYTES];

	if (PQstatus(conn(db)) != CONNECTION_OK || !state)
		return fault_set(db->fault, -EPIPE, SCOPE_LOST, db->doing, NULL, NULL, NULL);
	/* a cancel for a conflict with recovery bears the code of a timeout on old servers */
	if (said && strstr(said, "conflict with recovery"))
		return fault_set(db->fault, -EAGAIN, SCOPE_CONFLICT, db->doing, NULL, NULL,
		                 NULL);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(state, states[i].state) == 0) {
			if (states[i].r == -ETIME || states[i].r == -EBUSY)
				return tell_time(db, states[i].code, states[i].r);
			return fault_set(db->fault, states[i].r, states[i].code, db->doing,
			                 db->login, said, NULL);
		}
	snprintf(text, sizeof(text), "%s%s%s", state, may_quote(state) ? "" : ": ",
	         may_quote(state) || !said ? "" : said);
	return fault_set(db->fault, -EINVAL, SCOPE_SQL, text, db->doing, NULL, NULL);
}

static int give_rows(struct db *db, const PGresult *res, db_row_fn *fn, void *ctx)
{
	struct slice v[MAX_COLUMNS];
	int rows = PQntuples(res), columns = PQnfields(res), r = 0;

	if (columns > MAX_COLUMNS)
		return -E2BIG;
	for (int i = 0; i < rows && r == 0; i++) {
		for (int k = 0; k < columns; k++)
			v[k] = PQgetisnull(res, i, k)
			           ? slice_mem(NULL, 0)
			           : slice_mem(PQgetvalue(res, i, k),
			                       (size_t)PQgetlength(res, i, k));
		r = fn(ctx, v, (size_t)columns);
	}
	db->rows += rows;
	return r;
}

static int exec(struct db *db, const char *sql)
{
	PGresult *res = PQexec(conn(db), sql);
	ExecStatusType st = PQresultStatus(res);
	int r = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK ? 0 : tell(db, res);

	PQclear(res);
	return r;
}

/* Row by row as they come: a cursor would keep the server from working in parallel. */
static int take_rows(struct db *db, db_row_fn *fn, void *ctx)
{
	PGresult *res;
	int r = 0;

	while ((res = PQgetResult(conn(db)))) {
		ExecStatusType st = PQresultStatus(res);

		/* once there is a fault, what is left is read and passed over */
		if (r == 0 && (st == PGRES_SINGLE_TUPLE || st == PGRES_TUPLES_OK))
			r = give_rows(db, res, fn, ctx);
		else if (r == 0 && st != PGRES_COMMAND_OK)
			r = tell(db, res);
		PQclear(res);
	}
	return r;
}

static int query(struct db *db, const char *sql, const struct slice *param, size_t params,
                 db_row_fn *fn, void *ctx)
{
	const char *value[DB_MAX_PARAMS] = {NULL};
	char *copy[DB_MAX_PARAMS];
	int sent;

	if (params > DB_MAX_PARAMS)
		return -E2BIG;
	for (size_t i = 0; i < params; i++)
		value[i] = copy[i] = strndup((const char *)param[i].at, param[i].n);
	sent =
	    PQsendQueryParams(conn(db), sql, (int)params, NULL, value, NULL, NULL, db->binary);
	for (size_t i = 0; i < params; i++) {
		if (copy[i])
			explicit_bzero(copy[i], param[i].n);
		free(copy[i]);
	}
	if (!sent || !PQsetSingleRowMode(conn(db)))
		return tell(db, NULL);
	return take_rows(db, fn, ctx);
}

static const char *encoding_of(const struct db *db)
{
	const char *e = PQparameterStatus(conn(db), "server_encoding");

	return e ? e : "";
}

static int connect_failed(struct db *db, const struct url *u)
{
	const char *said = PQerrorMessage(conn(db));
	char text[FAULT_ARG_BYTES];
	struct slice line = slice_trim(slice_str(said));
	bool wrong = strstr(said, "authentication failed") || strstr(said, "no password") ||
	             strstr(said, "password") || strstr(said, "role \"");
	bool none = strstr(said, "database \"") && strstr(said, "does not exist");

	line = slice_sub(line, 0, sizeof(text) - 1);
	memcpy(text, line.at, line.n);
	text[line.n] = '\0';
	if (none)
		return fault_set(db->fault, -ENOENT, SCOPE_NO_DATABASE, u->name, text, NULL,
		                 NULL);
	return fault_set(db->fault, -ECONNREFUSED, wrong ? SCOPE_CREDENTIALS : SCOPE_CONNECT,
	                 text, NULL, NULL, NULL);
}

static int dial(struct db *db, const struct url *u, struct slice password)
{
	static const char *const tls[] = {"prefer", "disable", "require", "verify-full"};
	const char *key[16], *value[16];
	char port[16], pass[SCOPE_MAX_PASS + 1], options[320];
	int n = 0;

	snprintf(port, sizeof(port), "%u", u->port);
	snprintf(pass, sizeof(pass), "%.*s", SLICE_ARG(password));
	snprintf(options, sizeof(options),
	         "-c default_transaction_read_only=on -c statement_timeout=%llds -c "
	         "lock_timeout=%llds -c idle_in_transaction_session_timeout=300s -c "
	         "TimeZone=UTC -c DateStyle=ISO -c standard_conforming_strings=on -c "
	         "parallel_tuple_cost=0", /* rows are small, what is made of them is not */
	         (long long)db->timeout_s, (long long)db->lock_timeout_s);
	const struct {
		const char *key, *value;
	} all[] = {
	    {"host", u->socket[0] ? u->socket : u->host},
	    {"port", u->port ? port : ""},
	    {"user", u->user},
	    {"password", pass},
	    {"dbname", u->name},
	    {"sslmode", tls[u->tls]},
	    {"sslrootcert", u->ca},
	    {"options", options},
	    {"client_encoding", "UTF8"},
	    {"application_name", "hinoban-scope"},
	    {"connect_timeout", "10"},
	    {"keepalives_idle", "30"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].value[0]) {
			key[n] = all[i].key;
			value[n++] = all[i].value;
		}
	key[n] = value[n] = NULL;
	((struct postgres *)db->own)->c = PQconnectdbParams(key, value, 0);
	explicit_bzero(pass, sizeof(pass));
	return PQstatus(conn(db)) == CONNECTION_OK ? 0 : connect_failed(db, u);
}

/* A notice of the server may quote a row, and would go to standard error. */
static void no_notice(void *ctx, const PGresult *res)
{
	(void)ctx, (void)res;
}

static int open_it(struct db *db, const struct url *u, struct slice password)
{
	const char *e;
	int r;

	db->own = calloc(1, sizeof(struct postgres));
	if (!db->own)
		return -ENOMEM;
	r = dial(db, u, password);
	if (r < 0)
		return r;
	PQsetNoticeReceiver(conn(db), no_notice, NULL);
	e = encoding_of(db);
	snprintf(db->encoding, sizeof(db->encoding), "%s", e);
	db->unicode = strcmp(e, "UTF8") == 0;
	db->wide = db->unicode || strncmp(e, "EUC_J", 5) == 0;
	snprintf(db->login, sizeof(db->login), "%s", PQuser(conn(db)));
	snprintf(db->version, sizeof(db->version), "PostgreSQL %s",
	         PQparameterStatus(conn(db), "server_version"));
	if (PQserverVersion(conn(db)) < OLDEST)
		return fault_set(db->fault, -ENOTSUP, SCOPE_SQL,
		                 "PostgreSQL 13 or newer is needed", db->version, NULL, NULL);
	return 0;
}

static int writable(struct db *db)
{
	static const char ask[] =
	    "SELECT CASE WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) "
	    "THEN "
	    "'SUPERUSER' ELSE (SELECT string_agg(w, ', ') FROM (SELECT c.relname || ': ' || "
	    "concat_ws('/', CASE WHEN has_any_column_privilege(c.oid, 'INSERT') THEN 'INSERT' "
	    "END, CASE WHEN has_any_column_privilege(c.oid, 'UPDATE') THEN 'UPDATE' END, CASE "
	    "WHEN has_table_privilege(c.oid, 'DELETE') THEN 'DELETE' END, CASE WHEN "
	    "has_table_privilege(c.oid, 'TRUNCATE') THEN 'TRUNCATE' END) AS w FROM pg_class c "
	    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', "
	    "'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT "
	    "LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast%' AND (has_any_column_privilege("
	    "c.oid, 'INSERT, UPDATE') OR has_table_privilege(c.oid, 'DELETE, TRUNCATE')) ORDER "
	    "BY 1 LIMIT 3) x) END";
	int r = exec(db, "BEGIN READ ONLY");

	if (r == 0)
		r = db_text(db, ask, db->may);
	if (r == 0)
		r = exec(db, "COMMIT");
	return r < 0 ? r : db->may[0] != '\0';
}

static int begin(struct db *db)
{
	char standby[DB_TEXT_BYTES] = "";
	int r = 0;

	if (PQtransactionStatus(conn(db)) != PQTRANS_IDLE) /* once more */
		r = exec(db, "ROLLBACK");
	if (r == 0)
		r = exec(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

	if (r == 0)
		r = db_text(db, "SELECT pg_current_snapshot()::text", db->snapshot);
	if (r == 0)
		r = db_text(db, "SELECT pg_is_in_recovery()::text", standby);
	db->replica = strcmp(standby, "true") == 0;
	if (r == 0 && db->replica)
		/* where the stream runs and all of it is replayed, it is up to date however
		 * long the main server has been at rest */
		r = db_text(
		    db,
		    "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND "
		    "EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) THEN 0 "
		    "ELSE "
		    "round(extract(epoch FROM clock_timestamp() - "
		    "pg_last_xact_replay_timestamp())) "
		    "END::bigint::text",
		    db->lag);
	if (r == 0)
		r = db_text(db,
		            "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD "
		            "HH24:MI:SS')",
		            db->now);
	return r;
}

static enum db_type type_of(struct slice name, struct slice category)
{
	if (slice_eq(name, SLICE("timestamptz")))
		return DB_INSTANT;
	if (slice_eq(name, SLICE("timestamp")))
		return DB_CIVIL;
	if (slice_eq(category, SLICE("D")))
		return DB_DATE;
	if (slice_eq(category, SLICE("N")) || slice_eq(category, SLICE("B")))
		return DB_NUMBER;
	return slice_eq(name, SLICE("bytea")) ? DB_BINARY : DB_TEXT;
}

struct wants_columns {
	db_column_fn *fn;
	void *ctx;
};

static int take_column(void *ctx, const struct slice *v, size_t n)
{
	const struct wants_columns *w = ctx;
	struct db_column c = {.name = v[0],
	                      .type = type_of(v[1], v[2]),
	                      .readable = slice_eq(v[3], SLICE("true"))};

	(void)n;
	return w->fn(w->ctx, &c);
}

/* "a.b" -> "a"."b", as to_regclass() reads it */
static struct slice quoted(struct slice table, struct buf *b)
{
	buf_byte(b, '"');
	for (size_t i = 0; i < table.n; i++) {
		if (table.at[i] == '.')
			buf_str(b, "\".\"");
		else
			buf_byte(b, table.at[i]);
	}
	buf_byte(b, '"');
	return buf_slice(b);
}

static int columns(struct db *db, struct slice table, db_column_fn *fn, void *ctx)
{
	struct wants_columns w = {fn, ctx};
	struct slice param;
	struct buf b;
	int r;

	buf_init(&b, 4096);
	param = quoted(table, &b);
	r = query(
	    db,
	    "SELECT a.attname::text, t.typname::text, t.typcategory::text, "
	    "has_column_privilege(a.attrelid, a.attnum, 'SELECT')::text FROM pg_attribute a "
	    "JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass($1::text) "
	    "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
	    &param, 1, take_column, &w);
	buf_done(&b);
	return r;
}

static int engine(struct db *db, struct slice table, char out[DB_TEXT_BYTES])
{
	(void)db, (void)table;
	out[0] = '\0';
	return 0;
}

static int tables(struct db *db, db_name_fn *fn, void *ctx)
{
	struct db_names w = {fn, ctx};

	return query(
	    db,
	    "SELECT relname::text FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', "
	    "'f') AND pg_table_is_visible(oid) AND relnamespace NOT IN (SELECT oid FROM "
	    "pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema')) ORDER "
	    "BY 1",
	    NULL, 0, db_take_name, &w);
}

static void close_it(struct db *db)
{
	if (db->own && conn(db))
		PQfinish(conn(db));
	free(db->own);
	db->own = NULL;
}

const struct db_ops db_postgres = {.open = open_it,
                                   .writable = writable,
                                   .begin = begin,
                                   .columns = columns,
                                   .engine = engine,
                                   .tables = tables,
                                   .query = query,
                                   .close = close_it};
