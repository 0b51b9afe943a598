#include "ledger/db.h"
#include "ledger/schema.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SQL_MAX_BYTES 4096
#define BUSY_MS       10000

/* What every connection is told. The writer commits to the disk itself (FULL). */
static const char setup_common[] = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                                   "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;";
static const char setup_read[] =
    "PRAGMA cache_size = -16384;" /* opened read-only; temp is for views computed anew */;
static const char setup_write[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;";
#define LOG_PAGES       4000 /* of the write-ahead log, before it begins anew: 16 MiB */
#define LOG_PAGES_SPARE 250

int db_errno(sqlite3 *db, int rc)
{
	static const struct {
		int rc, code;
	} table[] = {
	    {SQLITE_OK, 0},
	    {SQLITE_ROW, 0},
	    {SQLITE_DONE, 0},
	    {SQLITE_FULL, -ENOSPC},
	    {SQLITE_BUSY, -EBUSY},
	    {SQLITE_LOCKED, -EBUSY},
	    {SQLITE_CORRUPT, -EBADMSG},
	    {SQLITE_NOTADB, -EBADMSG},
	    {SQLITE_CONSTRAINT, -EBADMSG},
	    {SQLITE_SCHEMA, -EBADMSG},
	    {SQLITE_ERROR, -EBADMSG}, /* our statements are right: the tables are not */
	    {SQLITE_READONLY, -EROFS},
	    {SQLITE_NOMEM, -ENOMEM},
	    {SQLITE_TOOBIG, -EMSGSIZE},
	    {SQLITE_INTERRUPT, -EINTR},
	};
	int sys = db ? sqlite3_system_errno(db) : 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].rc == (rc & 0xff))
			return table[i].code;
	}
	return (sys == ENOSPC || sys == EDQUOT || sys == ENOENT || sys == EACCES ||
	        sys == EROFS)
	           ? (sys == EDQUOT ? -ENOSPC : -sys)
	           : -EIO;
}

int db_tell(sqlite3 *db, int code, struct err *e)
{
	const char *file = db ? sqlite3_db_filename(db, "main") : DB_NAME;
	bool sqlites = db && sqlite3_errcode(db) != SQLITE_OK; /* else it says "not an error" */

	return err_set(e, code, "%s: %s", file ? file : DB_NAME,
	               sqlites ? sqlite3_errmsg(db) : strerror(-code));
}

int db_exec(sqlite3 *db, const char *sql)
{
	return db_errno(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

void db_spare(sqlite3 *db, bool spare)
{
	sqlite3_wal_autocheckpoint(db, spare ? LOG_PAGES_SPARE : LOG_PAGES);
}

int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out)
{
	return db_errno(db,
	                sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL));
}

int db_number(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(db, sql, &s);

	if (r == 0)
		r = db_step(s);
	if (r >= 0)
		*out = r && sqlite3_column_type(s, 0) != SQLITE_NULL ? db_int(s, 0) : otherwise;
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

/* Write sql with every "%s" replaced by the schema. */
static bool with_schema(struct buf *out, const char *sql, const char *schema)
{
	struct slice rest = slice_str(sql);
	size_t at;

	buf_reset(out);
	while ((at = slice_find(rest, SLICE("%s"))) != SIZE_MAX) {
		buf_add(out, slice_sub(rest, 0, at));
		buf_str(out, schema);
		rest = slice_sub(rest, at + 2, rest.n);
	}
	buf_add(out, rest);
	return buf_ok(out);
}

int db_exec_with(sqlite3 *db, const char *sql, const char *word)
{
	struct buf b;
	int r;

	buf_init(&b, SQL_MAX_BYTES);
	r = with_schema(&b, sql, word) ? db_exec(db, buf_cstr(&b)) : -ENOMEM;
	buf_done(&b);
	return r;
}

int db_prepare_all(sqlite3 *db, const struct db_statement *table, size_t n, void *owner,
                   const char *schema, struct err *e)
{
	struct buf sql;
	int r = 0;

	buf_init(&sql, SQL_MAX_BYTES);
	for (size_t i = 0; i < n && r == 0; i++) {
		sqlite3_stmt **s = (void *)((char *)owner + table[i].offset);

		r = with_schema(&sql, table[i].sql, schema) ? db_prepare(db, buf_cstr(&sql), s)
		                                            : -ENOMEM;
	}
	buf_done(&sql);
	return r < 0 ? db_tell(db, r, e) : 0;
}

void db_finalize_all(const struct db_statement *table, size_t n, void *owner)
{
	for (size_t i = 0; i < n; i++) {
		sqlite3_stmt **s = (void *)((char *)owner + table[i].offset);

		sqlite3_finalize(*s);
		*s = NULL;
	}
}

int db_step(sqlite3_stmt *s)
{
	int rc = sqlite3_step(s);

	return rc == SQLITE_ROW ? 1 : db_errno(sqlite3_db_handle(s), rc);
}

void db_reset(sqlite3_stmt *s)
{
	sqlite3_reset(s);
}

int db_run(sqlite3_stmt *s)
{
	int r = db_step(s);

	sqlite3_reset(s);
	return r < 0 ? r : 0;
}

void db_bind_text(sqlite3_stmt *s, int i, struct slice text)
{
	if (text.at)
		sqlite3_bind_text(s, i, (const char *)text.at, (int)text.n, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, i);
}

void db_bind_blob(sqlite3_stmt *s, int i, struct slice bytes)
{
	if (bytes.at)
		sqlite3_bind_blob(s, i, bytes.at, (int)bytes.n, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, i);
}

void db_bind_int(sqlite3_stmt *s, int i, int64_t v)
{
	sqlite3_bind_int64(s, i, v);
}

struct slice db_text(sqlite3_stmt *s, int col)
{
	const void *at = sqlite3_column_text(s, col);

	return slice_mem(at, (size_t)sqlite3_column_bytes(s, col));
}

struct slice db_blob(sqlite3_stmt *s, int col)
{
	const void *at = sqlite3_column_blob(s, col);

	return slice_mem(at, (size_t)sqlite3_column_bytes(s, col));
}

int64_t db_int(sqlite3_stmt *s, int col)
{
	return sqlite3_column_int64(s, col);
}

bool db_hash(sqlite3_stmt *s, int col, struct hash *out)
{
	struct slice b = db_blob(s, col);

	if (b.n != HASH_BYTES)
		return false;
	memcpy(out->b, b.at, HASH_BYTES);
	return true;
}

/* ---- opening ---- */

static int make_tables(sqlite3 *db)
{
	char sql[128];
	int r = db_exec(db, "PRAGMA journal_mode = WAL; BEGIN");

	if (r == 0)
		r = schema_make(db);
	if (r == 0) {
		snprintf(sql, sizeof(sql),
		         "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		         DB_APPLICATION_ID, DB_VERSION);
		r = db_exec(db, sql);
	}
	return r;
}

static int check_kind(sqlite3 *db, struct err *e)
{
	int64_t id = 0, version = 0;
	int r = db_number(db, "PRAGMA application_id", 0, &id);

	if (r == 0)
		r = db_number(db, "PRAGMA user_version", 0, &version);
	if (r < 0)
		return db_tell(db, r, e);
	if (id != DB_APPLICATION_ID)
		return err_set(e, -EBADMSG, "%s is no ledger of hinoban",
		               sqlite3_db_filename(db, "main"));
	if (version != DB_VERSION)
		return err_set(e, -EBADMSG,
		               "%s is of version %lld, this hinoban knows version %d",
		               sqlite3_db_filename(db, "main"), (long long)version, DB_VERSION);
	return 0;
}

static int set_up(sqlite3 *db, enum db_mode mode, struct err *e)
{
	int keep = 1, r;

	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	/* Readers without the right to make files need -wal and -shm to stay. */
	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	r = db_exec(db, setup_common);
	if (r == 0 && mode == DB_CREATE)
		r = make_tables(db);
	if (r < 0)
		return db_tell(db, r, e);
	r = check_kind(db, e);
	if (r < 0)
		return r;
	if (mode != DB_READ)
		db_spare(db, false);
	r = db_exec(db, mode == DB_READ ? setup_read : setup_write);
	return r < 0 ? db_tell(db, r, e) : 0;
}

int db_open(const char *state_dir, enum db_mode mode, sqlite3 **out, struct err *e)
{
	static const int flags[] = {
	    [DB_READ] = SQLITE_OPEN_READONLY,
	    [DB_WRITE] = SQLITE_OPEN_READWRITE,
	    [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	char path[4096];
	sqlite3 *db = NULL;
	int n = snprintf(path, sizeof(path), "%s/" DB_NAME, state_dir), rc, r;

	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, -ENAMETOOLONG, "the state directory's name is too long");
	if ((access(path, F_OK) == 0) != (mode != DB_CREATE))
		return err_sys(e, mode == DB_CREATE ? -EEXIST : -errno, "%s", path);
	rc = sqlite3_open_v2(path, &db, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		r = db_tell(db, db_errno(db, rc), e);
	} else if (mode != DB_READ && sqlite3_db_readonly(db, "main") == 1) {
		r = err_set(e, -EROFS, "%s can't be written to", path);
	} else {
		sqlite3_extended_result_codes(db, 1);
		r = set_up(db, mode, e);
	}
	if (r < 0) {
		sqlite3_close(db);
		return r;
	}
	*out = db;
	return 0;
}

void db_close(sqlite3 *db)
{
	sqlite3_close(db);
}
