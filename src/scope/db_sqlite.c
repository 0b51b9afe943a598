/*
 * SQLite: the file, read only, in one read transaction. What a server would do (hashes,
 * normal forms, times) is done by functions that are registered here:
 *
 *   hinoban_key(salt, prefix, text)   24 hexadecimal digits, or NULL
 *   hinoban_email(x), _phone(x), _postal(x), _name(x)   normal forms (norm.h), or NULL
 *   hinoban_filled(x)                 does it hold anything but blanks?
 *   hinoban_before(x, civil, utc)     is the time before the moment, whose civil time that is?
 */
#include "scope/db.h"
#include "scope/norm.h"
#include "scope/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MAX_COLUMNS   64
#define PROGRESS      20000 /* instructions of SQLite's machine between looks at the clock */
#define KEY_HEX       24
#define NORM_MAX      65536u
#define HEADER_BYTES  100 /* https://www.sqlite.org/fileformat.html */
#define HEADER_CHANGE 24
#define WAL_BYTES     32

struct lite {
	sqlite3 *db;
	struct buf b;
	int64_t until_us;
	int fd, wal; /* the file itself, and its log, for their headers */
};

static struct lite *own(const struct db *db)
{
	return db->own;
}

static int tell(struct db *db, int rc)
{
	const char *said = sqlite3_errmsg(own(db)->db);
	char text[FAULT_ARG_BYTES], s[32];

	snprintf(s, sizeof(s), "%lld", (long long)db->timeout_s);
	switch (rc & 0xff) {
	case SQLITE_INTERRUPT:
		return fault_set(db->fault, -ETIME, SCOPE_STATEMENT_TIMEOUT, s, db->doing, NULL,
		                 NULL);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		snprintf(s, sizeof(s), "%lld", (long long)db->lock_timeout_s);
		return fault_set(db->fault, -EBUSY, SCOPE_LOCK_TIMEOUT, s, db->doing, NULL,
		                 NULL);
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fault_set(db->fault, -EPIPE, SCOPE_LOST, db->doing, said, NULL, NULL);
	default:
		snprintf(text, sizeof(text), "%d: %s", rc, said);
		return fault_set(db->fault, -EINVAL, SCOPE_SQL, text, db->doing, NULL, NULL);
	}
}

static int out_of_time(void *ctx)
{
	const struct lite *l = ctx;

	return clock_mono_us() > l->until_us;
}

static struct slice value_of(sqlite3_value *v)
{
	const void *at;

	if (sqlite3_value_type(v) == SQLITE_NULL)
		return (struct slice){0};
	at = sqlite3_value_blob(v); /* the text's bytes, for numbers too: first as text */
	if (sqlite3_value_type(v) != SQLITE_BLOB)
		at = sqlite3_value_text(v);
	return slice_mem(at ? at : "", (size_t)sqlite3_value_bytes(v));
}

static void normal(sqlite3_context *c, sqlite3_value **v,
                   bool (*norm)(struct slice, struct buf *))
{
	struct lite *l = sqlite3_user_data(c);
	struct slice s = value_of(v[0]);

	buf_reset(&l->b);
	if (s.n && norm(s, &l->b))
		sqlite3_result_text(c, (const char *)l->b.at, (int)l->b.n, SQLITE_TRANSIENT);
	else
		sqlite3_result_null(c);
}

static void email_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	normal(c, v, norm_email);
}

static void phone_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	normal(c, v, norm_phone);
}

static void postal_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	normal(c, v, norm_postal);
}

static void name_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	normal(c, v, norm_name);
}

static void filled_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct slice s = value_of(v[0]);

	(void)n;
	sqlite3_result_int(c, norm_filled(s) && !slice_starts(s, SLICE("0000-00-00")));
}

static void key_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct lite *l = sqlite3_user_data(c);
	char hex[HASH_HEX_BYTES];
	struct hash h;

	(void)n;
	if (sqlite3_value_type(v[2]) == SQLITE_NULL) {
		sqlite3_result_null(c);
		return;
	}
	buf_reset(&l->b);
	for (int i = 0; i < 3; i++)
		buf_add(&l->b, value_of(v[i]));
	h = hash_of(buf_slice(&l->b));
	hash_hex(&h, hex);
	sqlite3_result_text(c, hex, KEY_HEX, SQLITE_TRANSIENT);
}

static void before_fn(sqlite3_context *c, int n, sqlite3_value **v)
{
	int64_t us;
	bool civil;

	(void)n;
	if (!zone_parse(value_of(v[0]), &us, &civil))
		sqlite3_result_null(c);
	else
		sqlite3_result_int(c, us < sqlite3_value_int64(v[civil ? 1 : 2]));
}

static int register_all(struct lite *l)
{
	static const struct {
		const char *name;
		int args;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} all[] = {
	    {"hinoban_key", 3, key_fn},       {"hinoban_email", 1, email_fn},
	    {"hinoban_phone", 1, phone_fn},   {"hinoban_postal", 1, postal_fn},
	    {"hinoban_name", 1, name_fn},     {"hinoban_filled", 1, filled_fn},
	    {"hinoban_before", 3, before_fn},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (sqlite3_create_function_v2(l->db, all[i].name, all[i].args,
		                               SQLITE_UTF8 | SQLITE_DETERMINISTIC |
		                                   SQLITE_DIRECTONLY,
		                               l, all[i].fn, NULL, NULL, NULL) != SQLITE_OK)
			return -ENOMEM;
	return 0;
}

static int step_all(struct db *db, sqlite3_stmt *st, db_row_fn *fn, void *ctx)
{
	struct slice v[MAX_COLUMNS];
	int columns = sqlite3_column_count(st), rc = SQLITE_ROW, r = 0;

	if (columns > MAX_COLUMNS)
		return -E2BIG;
	while (r == 0 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++) {
			const uint8_t *at = sqlite3_column_text(st, i);

			v[i] = slice_mem(at, at ? (size_t)sqlite3_column_bytes(st, i) : 0);
		}
		db->rows++;
		r = fn(ctx, v, (size_t)columns);
	}
	return r == 0 && rc != SQLITE_DONE ? tell(db, rc) : r;
}

static int query(struct db *db, const char *sql, const struct slice *param, size_t params,
                 db_row_fn *fn, void *ctx)
{
	struct lite *l = own(db);
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(l->db, sql, -1, &st, NULL), r;

	/* a parameter that the statement has no use for is no fault */
	for (size_t i = 0; i < params && rc == SQLITE_OK; i++)
		if ((int)i < sqlite3_bind_parameter_count(st))
			rc = sqlite3_bind_text(st, (int)i + 1, (const char *)param[i].at,
			                       (int)param[i].n, SQLITE_TRANSIENT);
	l->until_us = clock_mono_us() + db->timeout_s * 1000000;
	r = rc == SQLITE_OK ? step_all(db, st, fn, ctx) : tell(db, rc);
	sqlite3_finalize(st);
	return r;
}

static int ignore_row(void *ctx, const struct slice *v, size_t n)
{
	(void)ctx, (void)v, (void)n;
	return 0;
}

static int open_it(struct db *db, const struct url *u, struct slice password)
{
	struct lite *l = calloc(1, sizeof(*l));
	char log[sizeof(u->path) + 8];
	int rc;

	(void)password;
	if (!l)
		return -ENOMEM;
	db->own = l;
	buf_init(&l->b, NORM_MAX);
	l->fd = open(u->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	snprintf(log, sizeof(log), "%s-wal", u->path);
	l->wal = open(log, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->fd < 0)
		return fault_set(db->fault, -ENOENT, SCOPE_NO_DATABASE, u->path,
		                 strerror(errno), NULL, NULL);
	rc = sqlite3_open_v2(u->path, &l->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return fault_set(db->fault, -ENOENT, SCOPE_NO_DATABASE, u->path,
		                 sqlite3_errstr(rc), NULL, NULL);
	sqlite3_busy_timeout(l->db, (int)db->lock_timeout_s * 1000);
	sqlite3_progress_handler(l->db, PROGRESS, out_of_time, l);
	sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	db->wide = db->unicode = true;
	snprintf(db->encoding, sizeof(db->encoding), "UTF-8");
	snprintf(db->version, sizeof(db->version), "SQLite %s", sqlite3_libversion());
	return register_all(l);
}

/* There is no login, and the file was opened for reading. */
static int writable(struct db *db)
{
	(void)db;
	return 0;
}

/*
 * What names this state of the file: its change counter, pages and when it was written (in WAL
 * mode the counter may stand still), and what lies in the log.
 */
static void name_snapshot(struct db *db)
{
	uint8_t h[HEADER_BYTES] = {0};
	uint8_t w[WAL_BYTES] = {0}; /* its salts stand at 16 */
	char log[80] = "", pages[DB_TEXT_BYTES] = "", written[CLOCK_TEXT_BYTES] = "";
	struct stat st;
	unsigned change = 0;

	if (pread(own(db)->fd, h, sizeof(h), 0) == sizeof(h))
		for (int i = 0; i < 4; i++)
			change = change << 8 | h[HEADER_CHANGE + i];
	(void)db_text(db, "PRAGMA page_count", pages);
	if (fstat(own(db)->fd, &st) == 0)
		clock_text((int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000,
		           written);
	if (own(db)->wal >= 0 && fstat(own(db)->wal, &st) == 0 && st.st_size > 0 &&
	    pread(own(db)->wal, w, sizeof(w), 0) == sizeof(w))
		snprintf(log, sizeof(log), ", log %02x%02x%02x%02x%02x%02x%02x%02x: %lld bytes",
		         w[16], w[17], w[18], w[19], w[20], w[21], w[22], w[23],
		         (long long)st.st_size);
	snprintf(db->snapshot, sizeof(db->snapshot), "change %u, %.20s pages, written %s%s",
	         change, pages, written, log);
}

static int begin(struct db *db)
{
	int r = query(db, "PRAGMA temp_store = MEMORY", NULL, 0, ignore_row, NULL);

	if (r == 0)
		r = query(db, "PRAGMA query_only = ON", NULL, 0, ignore_row, NULL);
	if (r == 0)
		r = query(db, "BEGIN", NULL, 0, ignore_row, NULL);
	/* The transaction begins with the first look. */
	if (r == 0)
		r = query(db, "SELECT COUNT(*) FROM sqlite_schema", NULL, 0, ignore_row, NULL);
	if (r == 0)
		r = db_text(db, "SELECT datetime('now')", db->now);
	if (r == 0)
		name_snapshot(db);
	return r;
}

struct wants {
	db_column_fn *column;
	void *ctx;
};

static int take_column(void *ctx, const struct slice *v, size_t n)
{
	const struct wants *w = ctx;
	struct db_column c = {.name = v[0], .type = DB_ANY, .readable = true};

	(void)n;
	return w->column(w->ctx, &c);
}

static int columns(struct db *db, struct slice table, db_column_fn *fn, void *ctx)
{
	struct wants w = {.column = fn, .ctx = ctx};

	return query(db, "SELECT name FROM pragma_table_info(?1)", &table, 1, take_column, &w);
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
	    db, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY 1",
	    NULL, 0, db_take_name, &w);
}

static void close_it(struct db *db)
{
	struct lite *l = db->own;

	if (!l)
		return;
	sqlite3_close(l->db);
	if (l->fd >= 0)
		close(l->fd);
	if (l->wal >= 0)
		close(l->wal);
	buf_done(&l->b);
	free(l);
	db->own = NULL;
}

const struct db_ops db_sqlite = {.open = open_it,
                                 .writable = writable,
                                 .begin = begin,
                                 .columns = columns,
                                 .engine = engine,
                                 .tables = tables,
                                 .query = query,
                                 .close = close_it};
