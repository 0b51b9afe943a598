/*
 * MariaDB (10.2 or newer) and MySQL (8) by libmariadb. Rows are taken as they come, none are
 * kept. Times of type TIMESTAMP are read in UTC, whatever zone the shop's session has.
 */
#include "scope/db.h"

#include <errmsg.h>
#include <errno.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_COLUMNS 64
#define CONNECT_S   10
#define SPARE_S     30 /* the server ends a statement before we lose patience with the socket */

/* Not in every version's header. */
#define ER_MARIADB_STATEMENT_TIMEOUT 1969
#define ER_MYSQL_QUERY_TIMEOUT       3024
#define ER_MARIADB_KILLED            1927

static MYSQL *conn(const struct db *db)
{
	return db->own;
}

static bool is_mariadb(const struct db *db)
{
	return strstr(mysql_get_server_info(conn(db)), "MariaDB") != NULL;
}

static const struct {
	unsigned number;
	int r;
	enum scope_code code;
} numbers[] = {
    {ER_MARIADB_STATEMENT_TIMEOUT, -ETIME, SCOPE_STATEMENT_TIMEOUT},
    {ER_MYSQL_QUERY_TIMEOUT, -ETIME, SCOPE_STATEMENT_TIMEOUT},
    {ER_LOCK_WAIT_TIMEOUT, -EBUSY, SCOPE_LOCK_TIMEOUT},
    {ER_LOCK_DEADLOCK, -EAGAIN, SCOPE_CONFLICT},
    {ER_TABLEACCESS_DENIED_ERROR, -EACCES, SCOPE_NO_RIGHT},
    {ER_COLUMNACCESS_DENIED_ERROR, -EACCES, SCOPE_NO_RIGHT},
    {ER_MARIADB_KILLED, -EPIPE, SCOPE_LOST},
    {ER_QUERY_INTERRUPTED, -EPIPE, SCOPE_LOST},
    {ER_SERVER_SHUTDOWN, -EPIPE, SCOPE_LOST},
    {CR_SERVER_GONE_ERROR, -EPIPE, SCOPE_LOST},
    {CR_SERVER_LOST, -EPIPE, SCOPE_LOST},
};

/* The words of other errors may quote a row: then only the number. */
static bool may_speak(unsigned number)
{
	static const unsigned speak[] = {
	    ER_BAD_FIELD_ERROR,        ER_PARSE_ERROR,
	    ER_NO_SUCH_TABLE,          ER_SPECIFIC_ACCESS_DENIED_ERROR,
	    ER_SP_DOES_NOT_EXIST,      ER_TABLEACCESS_DENIED_ERROR,
	    ER_UNKNOWN_SYSTEM_VARIABLE};

	for (size_t i = 0; i < sizeof(speak) / sizeof(speak[0]); i++)
		if (speak[i] == number)
			return true;
	return number >= 2000 && number < 3000;
}

static int tell(struct db *db)
{
	unsigned number = mysql_errno(conn(db));
	const char *said = mysql_error(conn(db));
	char text[FAULT_ARG_BYTES], s[32];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].number != number)
			continue;
		if (numbers[i].r == -EACCES)
			return fault_set(db->fault, -EACCES, SCOPE_NO_RIGHT, db->doing,
			                 db->login, said, NULL);
		if (numbers[i].r != -ETIME && numbers[i].r != -EBUSY)
			return fault_set(db->fault, numbers[i].r, numbers[i].code, db->doing,
			                 NULL, NULL, NULL);
		snprintf(
		    s, sizeof(s), "%lld",
		    (long long)(numbers[i].r == -EBUSY ? db->lock_timeout_s : db->timeout_s));
		return fault_set(db->fault, numbers[i].r, numbers[i].code, s, db->doing, NULL,
		                 NULL);
	}
	snprintf(text, sizeof(text), "%u%s%s", number, may_speak(number) ? ": " : "",
	         may_speak(number) ? said : "");
	return fault_set(db->fault, -EINVAL, SCOPE_SQL, text, db->doing, NULL, NULL);
}

static int exec(struct db *db, const char *sql)
{
	return mysql_real_query(conn(db), sql, strlen(sql)) ? tell(db) : 0;
}

/* Parameters go into variables of the session, so that no statement shows them. */
static int set_param(struct db *db, size_t number, struct slice value)
{
	struct buf b;
	uint8_t *at;
	int r = -ENOMEM;

	buf_init(&b, 1u << 20);
	buf_printf(&b, "SET @hinoban_%zu = '", number);
	at = buf_reserve(&b, 2 * value.n + 1);
	if (at) {
		buf_commit(&b, mysql_real_escape_string(conn(db), (char *)at,
		                                        (const char *)value.at,
		                                        (unsigned long)value.n));
		buf_str(&b, "'");
		r = exec(db, buf_cstr(&b));
		explicit_bzero(b.at, b.n);
	}
	buf_done(&b);
	return r;
}

static int take_rows(struct db *db, MYSQL_RES *res, db_row_fn *fn, void *ctx)
{
	unsigned columns = mysql_num_fields(res);
	struct slice v[MAX_COLUMNS];
	MYSQL_ROW row;
	int r = columns > MAX_COLUMNS ? -E2BIG : 0;

	while (r == 0 && (row = mysql_fetch_row(res))) {
		unsigned long *length = mysql_fetch_lengths(res);

		for (unsigned i = 0; i < columns; i++)
			v[i] = row[i] ? slice_mem(row[i], length[i]) : slice_mem(NULL, 0);
		db->rows++;
		r = fn(ctx, v, columns);
	}
	return r == 0 && mysql_errno(conn(db)) ? tell(db) : r;
}

static int query(struct db *db, const char *sql, const struct slice *param, size_t params,
                 db_row_fn *fn, void *ctx)
{
	MYSQL_RES *res;
	int r = 0;

	for (size_t i = 0; i < params && r == 0; i++)
		r = set_param(db, i + 1, param[i]);
	if (r == 0)
		r = exec(db, sql);
	if (r < 0)
		return r;
	res = mysql_use_result(conn(db));
	if (!res)
		return mysql_errno(conn(db)) ? tell(db) : 0;
	r = take_rows(db, res, fn, ctx);
	mysql_free_result(res); /* reads what is left */
	return r;
}

static int connect_failed(struct db *db, const struct url *u)
{
	unsigned number = mysql_errno(conn(db));
	const char *said = mysql_error(conn(db));

	if (number == ER_BAD_DB_ERROR || number == ER_DBACCESS_DENIED_ERROR)
		return fault_set(db->fault, -ENOENT, SCOPE_NO_DATABASE, u->name, said, NULL,
		                 NULL);
	return fault_set(db->fault, -ECONNREFUSED,
	                 number == ER_ACCESS_DENIED_ERROR ? SCOPE_CREDENTIALS : SCOPE_CONNECT,
	                 said, NULL, NULL, NULL);
}

static void set_tls(MYSQL *m, const struct url *u)
{
	my_bool yes = 1, no = 0;

	if (u->ca[0])
		mysql_optionsv(m, MYSQL_OPT_SSL_CA, u->ca);
	if (u->tls == URL_TLS_REQUIRE || u->tls == URL_TLS_VERIFY)
		mysql_optionsv(m, MYSQL_OPT_SSL_ENFORCE, &yes);
	mysql_optionsv(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
	               u->tls == URL_TLS_VERIFY ? &yes : &no);
}

static int set_session(struct db *db)
{
	char limits[256];
	int r;

	snprintf(limits, sizeof(limits),
	         "SET SESSION %s = %lld, lock_wait_timeout = %lld, innodb_lock_wait_timeout = "
	         "%lld, time_zone = '+00:00', sql_mode = '', net_write_timeout = 600",
	         is_mariadb(db) ? "max_statement_time" : "max_execution_time",
	         (long long)db->timeout_s * (is_mariadb(db) ? 1 : 1000),
	         (long long)db->lock_timeout_s, (long long)db->lock_timeout_s);
	r = exec(db, limits);
	if (r == 0)
		r = exec(db,
		         "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
	return r;
}

static int open_it(struct db *db, const struct url *u, struct slice password)
{
	char pass[SCOPE_MAX_PASS + 1];
	unsigned connect_s = CONNECT_S, io_s = (unsigned)db->timeout_s + SPARE_S;
	my_bool off = 0;
	MYSQL *m = db->own = mysql_init(NULL), *there;

	if (!m)
		return -ENOMEM;
	mysql_optionsv(m, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_optionsv(m, MYSQL_OPT_READ_TIMEOUT, &io_s);
	mysql_optionsv(m, MYSQL_OPT_WRITE_TIMEOUT, &io_s);
	mysql_optionsv(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_optionsv(m, MYSQL_OPT_LOCAL_INFILE, &off); /* a server may ask for any file */
	set_tls(m, u);
	snprintf(pass, sizeof(pass), "%.*s", SLICE_ARG(password));
	there = mysql_real_connect(m, u->host[0] ? u->host : NULL, u->user, pass, u->name,
	                           u->port, u->socket[0] ? u->socket : NULL, 0);
	explicit_bzero(pass, sizeof(pass));
	if (!there)
		return connect_failed(db, u);
	db->wide = db->unicode = true;
	snprintf(db->encoding, sizeof(db->encoding), "utf8mb4");
	snprintf(db->login, sizeof(db->login), "%.200s", u->user);
	snprintf(db->version, sizeof(db->version), "%s%s",
	         is_mariadb(db) ? "MariaDB " : "MySQL ", mysql_get_server_info(m));
	return set_session(db);
}

/* ---- what the login may ---- */

static bool harmless(struct slice privilege)
{
	static const char *const words[] = {
	    "USAGE",          "SELECT",        "SHOW VIEW",
	    "SHOW DATABASES", "PROCESS",       "REPLICATION CLIENT",
	    "BINLOG MONITOR", "SLAVE MONITOR", "REPLICA MONITOR",
	};
	struct slice word = slice_trim(slice_sub(privilege, 0, slice_chr(privilege, '(')));

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_caseeq(word, slice_str(words[i])))
			return true;
	return false;
}

/* The first privilege of "SELECT (a, b), INSERT" that is not harmless, or empty. */
static struct slice harm_in(struct slice list)
{
	size_t from = 0;
	int depth = 0;

	for (size_t i = 0; i <= list.n; i++) {
		uint8_t c = i < list.n ? list.at[i] : ',';

		depth += c == '(' ? 1 : c == ')' ? -1 : 0;
		if (c != ',' || depth > 0)
			continue;
		if (!harmless(slice_sub(list, from, i)))
			return slice_trim(slice_sub(list, from, i));
		from = i + 1;
	}
	return (struct slice){0};
}

struct grants {
	struct db *db;
	char role[8][DB_TEXT_BYTES]; /* as SHOW GRANTS quotes them */
	size_t roles;
};

/* "GRANT SELECT, INSERT ON `shop`.* TO `x`@`%`", "GRANT `role` TO `x`@`%`" */
static int take_grant(void *ctx, const struct slice *v, size_t n)
{
	struct grants *g = ctx;
	struct slice line = v[0], harm;
	size_t on = slice_find(line, SLICE(" ON ")), to = slice_find(line, SLICE(" TO "));

	if (n < 1 || !slice_starts(line, SLICE("GRANT ")))
		return 0;
	if (on == SIZE_MAX || (to != SIZE_MAX && to < on)) {
		if (g->roles < 8)
			snprintf(g->role[g->roles++], DB_TEXT_BYTES, "%.*s",
			         SLICE_ARG(slice_sub(line, 6, to)));
		return 0;
	}
	harm = harm_in(slice_sub(line, 6, on));
	if (harm.n && !g->db->may[0])
		snprintf(g->db->may, sizeof(g->db->may), "%.*s%.*s",
		         SLICE_ARG(slice_sub(harm, 0, 80)),
		         SLICE_ARG(slice_sub(slice_sub(line, on, to), 0, 120)));
	return 0;
}

static int writable(struct db *db)
{
	struct grants g = {.db = db};
	char sql[DB_TEXT_BYTES + 32];
	int r;

	db->may[0] = '\0';
	r = query(db, "SHOW GRANTS", NULL, 0, take_grant, &g);
	for (size_t i = 0; i < g.roles && r == 0; i++) {
		struct grants inner = {.db = db};

		snprintf(sql, sizeof(sql), "SHOW GRANTS FOR %s", g.role[i]);
		if (query(db, sql, NULL, 0, take_grant, &inner) < 0 || inner.roles)
			snprintf(db->may, sizeof(db->may), "SET ROLE %.200s", g.role[i]);
	}
	return r < 0 ? r : db->may[0] != '\0';
}

static void name_snapshot(struct db *db)
{
	struct fault kept = *db->fault;
	char pos[DB_TEXT_BYTES] = "";

	if (db_text(db,
	            is_mariadb(db) ? "SELECT @@gtid_current_pos"
	                           : "SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')",
	            pos) < 0)
		pos[0] = '\0';
	*db->fault = kept;
	if (pos[0])
		snprintf(db->snapshot, sizeof(db->snapshot), "gtid %.240s", pos);
	else
		snprintf(db->snapshot, sizeof(db->snapshot), "at %.200s UTC", db->now);
}

#define BEHIND_COLUMN 32 /* Seconds_Behind_Master, of SHOW SLAVE STATUS; also in MySQL */

struct behind {
	bool any; /* it is set up to take another's changes, if perhaps at rest */
	char *lag;
};

static int take_behind(void *ctx, const struct slice *v, size_t n)
{
	struct behind *b = ctx;

	b->any = true;
	if (n > BEHIND_COLUMN && v[BEHIND_COLUMN].at)
		snprintf(b->lag, DB_TEXT_BYTES, "%.*s",
		         SLICE_ARG(slice_sub(v[BEHIND_COLUMN], 0, 20)));
	return 0;
}

static int take_second(void *ctx, const struct slice *v, size_t n)
{
	if (n > 1)
		snprintf(ctx, DB_TEXT_BYTES, "%.*s", SLICE_ARG(slice_sub(v[1], 0, 20)));
	return 0;
}

/*
 * A server that may not be written to, or that takes another's changes. How far it is behind,
 * only a login with REPLICA MONITOR (MySQL: REPLICATION CLIENT) is told.
 */
static int look_for_replica(struct db *db)
{
	struct fault kept = *db->fault;
	struct behind behind = {.lag = db->lag};
	char ro[DB_TEXT_BYTES] = "", runs[DB_TEXT_BYTES] = "";
	int r = db_text(db, "SELECT @@GLOBAL.read_only", ro);

	if (r == 0)
		r = query(db, "SHOW GLOBAL STATUS LIKE 'Slave_running'", NULL, 0, take_second,
		          runs);
	if (r == 0 && query(db, "SHOW SLAVE STATUS", NULL, 0, take_behind, &behind) < 0)
		*db->fault = kept;
	db->replica = behind.any || strcmp(ro, "1") == 0 || strcmp(ro, "ON") == 0 ||
	              strcmp(runs, "ON") == 0;
	return r;
}

static int begin(struct db *db)
{
	int r = exec(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");

	if (r == 0)
		r = db_text(db, "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%d %H:%i:%s.%f')",
		            db->now);
	if (r == 0)
		r = look_for_replica(db);
	if (r == 0)
		name_snapshot(db);
	return r;
}

/* ---- the schema ---- */

static enum db_type type_of(struct slice t)
{
	static const struct {
		const char *name;
		enum db_type type;
	} types[] = {
	    {"timestamp", DB_INSTANT}, {"datetime", DB_CIVIL},    {"date", DB_DATE},
	    {"tinyint", DB_NUMBER},    {"smallint", DB_NUMBER},   {"mediumint", DB_NUMBER},
	    {"int", DB_NUMBER},        {"bigint", DB_NUMBER},     {"decimal", DB_NUMBER},
	    {"float", DB_NUMBER},      {"double", DB_NUMBER},     {"bit", DB_NUMBER},
	    {"binary", DB_BINARY},     {"varbinary", DB_BINARY},  {"blob", DB_BINARY},
	    {"tinyblob", DB_BINARY},   {"mediumblob", DB_BINARY}, {"longblob", DB_BINARY},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_caseeq(t, slice_str(types[i].name)))
			return types[i].type;
	return DB_TEXT;
}

struct wants {
	db_column_fn *column;
	void *ctx;
};

static int take_column(void *ctx, const struct slice *v, size_t n)
{
	const struct wants *w = ctx;
	struct db_column c = {
	    .name = v[0], .type = type_of(v[1]), .charset = v[2], .readable = true};

	(void)n;
	return w->column(w->ctx, &c);
}

static int columns(struct db *db, struct slice table, db_column_fn *fn, void *ctx)
{
	struct wants w = {.column = fn, .ctx = ctx};

	return query(
	    db,
	    "SELECT column_name, data_type, character_set_name FROM "
	    "information_schema.columns WHERE table_schema = DATABASE() AND table_name = "
	    "@hinoban_1 ORDER BY ordinal_position",
	    &table, 1, take_column, &w);
}

static int take_engine(void *ctx, const struct slice *v, size_t n)
{
	(void)n;
	snprintf(ctx, DB_TEXT_BYTES, "%.*s", SLICE_ARG(slice_sub(v[0], 0, 64)));
	return 0;
}

static int engine(struct db *db, struct slice table, char out[DB_TEXT_BYTES])
{
	out[0] = '\0';
	return query(
	    db,
	    "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() "
	    "AND table_name = @hinoban_1",
	    &table, 1, take_engine, out);
}

static int tables(struct db *db, db_name_fn *fn, void *ctx)
{
	struct db_names w = {fn, ctx};

	return query(db,
	             "SELECT table_name FROM information_schema.tables WHERE table_schema = "
	             "DATABASE() ORDER BY 1",
	             NULL, 0, db_take_name, &w);
}

static void close_it(struct db *db)
{
	if (db->own)
		mysql_close(conn(db));
	db->own = NULL;
}

const struct db_ops db_mariadb = {.open = open_it,
                                  .writable = writable,
                                  .begin = begin,
                                  .columns = columns,
                                  .engine = engine,
                                  .tables = tables,
                                  .query = query,
                                  .close = close_it};
