#include "ledger/files.h"
#include "fact/fact.h"
#include "ledger/state.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define COPY_TEMPORARY ".table.new"
#define PATCH_MAX      4000 /* facts since the copy: beyond, all is built anew */
#define PATCH_BYTES    (64u << 20)

/* Names are qualified: while verify runs, temp holds views of the same names. */
#define ROW_COLUMNS "SELECT " STATE_COLUMNS

static struct table_entry entry_of(const struct state_row *row, uint32_t root)
{
	struct table_entry en = {.approved = row->approved,
	                         .present = row->present,
	                         .checked_us = row->checked_us,
	                         .role = row->role,
	                         .root = root};

	version_sig(row->sig, &en);
	return en;
}

static int seal(int fd)
{
	if (lseek(fd, 0, SEEK_SET) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) <
	        0)
		return -errno;
	return 0;
}

/* ---- all from the view ---- */

/* Where no roots were told, they count in the order they came in. */
static int build(sqlite3 *db, struct table_writer *w)
{
	static const char sql[] =
	    ROW_COLUMNS ", coalesce(r.place, r.id - 1) FROM main.view_root r CROSS JOIN"
	                " main.view_file ON root = r.id WHERE r.place IS NOT NULL OR NOT EXISTS"
	                " (SELECT 1 FROM main.view_root WHERE place IS NOT NULL)"
	                " ORDER BY coalesce(r.place, r.id - 1), name";
	sqlite3_stmt *s = NULL;
	struct state_row row;
	int r = db_prepare(db, sql, &s);

	while (r == 0 && (r = db_step(s)) > 0) {
		struct table_entry en;

		state_read(s, &row);
		en = entry_of(&row, (uint32_t)db_int(s, STATE_COLUMN_COUNT));
		r = table_add(w, &en, row.name, row.a_feat);
	}
	sqlite3_finalize(s);
	return r;
}

/* ---- the copy, with the paths that facts named since put in anew ---- */

struct patch {
	uint32_t place;
	struct slice name;
	bool gone;
	struct state_row row;
};

struct patches {
	sqlite3 *db;
	sqlite3_stmt *by_path, *by_finding, *row;
	struct arena mem;  /* what the patches point into */
	struct arena fact; /* one fact at a time */
	struct patch *at;
	size_t count;
};

static int patch_cmp(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

static struct slice keep(struct patches *p, struct slice s)
{
	return s.at ? arena_copy(&p->mem, s) : s;
}

/* The row of one path as it is now. */
static int add_patch(struct patches *p, int64_t root, int64_t place, struct slice name)
{
	struct patch *to = &p->at[p->count++];
	int r;

	*to = (struct patch){.place = (uint32_t)place, .name = keep(p, name), .gone = true};
	db_bind_int(p->row, 1, root);
	db_bind_blob(p->row, 2, name);
	r = db_step(p->row);
	if (r > 0) {
		to->gone = false;
		state_read(p->row, &to->row);
		to->row.name = to->name;
		to->row.a_feat = keep(p, to->row.a_feat);
		to->row.sig = keep(p, to->row.sig);
	}
	db_reset(p->row);
	return p->mem.broken ? -ENOMEM : r < 0 ? r : 0;
}

static int patch_path(struct patches *p, const struct json *fact)
{
	struct buf name;
	int r;

	buf_init(&name, FACT_MAX_BYTES);
	db_bind_text(p->by_path, 1, json_text(fact, "root"));
	r = db_step(p->by_path);
	if (r > 0 && text_unpath(&name, json_text(fact, "path")))
		r = add_patch(p, db_int(p->by_path, 0), db_int(p->by_path, 1),
		              slice_mem(name.at ? name.at : (const uint8_t *)"", name.n));
	db_reset(p->by_path);
	buf_done(&name);
	return r < 0 ? r : 0;
}

/* A dismissal may give the present state its approval back. */
static int patch_finding(struct patches *p, const struct json *fact)
{
	int r;

	db_bind_int(p->by_finding, 1, json_num(fact, "finding", 0));
	r = db_step(p->by_finding);
	if (r > 0)
		r = add_patch(p, db_int(p->by_finding, 0), db_int(p->by_finding, 1),
		              db_blob(p->by_finding, 2));
	db_reset(p->by_finding);
	return r < 0 ? r : 0;
}

static int collect(struct patches *p, int64_t upto)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(p->db, "SELECT body FROM main.fact WHERE seq > ? ORDER BY seq", &s);

	if (r == 0)
		db_bind_int(s, 1, upto);
	while (r == 0 && (r = db_step(s)) > 0) {
		struct json *fact;

		if (p->count == PATCH_MAX) {
			r = -E2BIG;
			break;
		}
		arena_reset(&p->fact);
		fact = json_parse(&p->fact, db_blob(s, 0), NULL);
		r = json_get(fact, "finding") ? patch_finding(p, fact)
		    : json_get(fact, "path")  ? patch_path(p, fact)
		                              : 0;
	}
	sqlite3_finalize(s);
	qsort(p->at, p->count, sizeof(*p->at), patch_cmp);
	return r;
}

static int prepare(struct patches *p)
{
	static const char places[] =
	    ", coalesce(r.place, r.id - 1)%s WHERE (r.place IS NOT NULL OR NOT EXISTS"
	    " (SELECT 1 FROM main.view_root WHERE place IS NOT NULL)) AND %s";
	char sql[512], tail[400];
	int r;

	snprintf(tail, sizeof(tail), places, " FROM main.view_root r", "r.path = ?");
	snprintf(sql, sizeof(sql), "SELECT r.id%s", tail);
	r = db_prepare(p->db, sql, &p->by_path);
	snprintf(tail, sizeof(tail), places,
	         ", v.name FROM main.view_finding v JOIN main.view_root r ON r.id = v.root",
	         "v.seq = ?");
	snprintf(sql, sizeof(sql), "SELECT r.id%s", tail);
	if (r == 0)
		r = db_prepare(p->db, sql, &p->by_finding);
	if (r == 0)
		r = db_prepare(p->db,
		               ROW_COLUMNS " FROM main.view_file WHERE root = ? AND name = ?",
		               &p->row);
	return r;
}

static int add_patched(struct table_writer *w, const struct patch *p)
{
	struct table_entry en = entry_of(&p->row, p->place);

	return p->gone ? 0 : table_add(w, &en, p->name, p->row.a_feat);
}

/* < 0: the entry comes before the patch; 0: it is the one that the patch replaces. */
static int order(const struct table *t, const struct table_entry *en, const struct patch *p)
{
	if (en->root != p->place)
		return en->root < p->place ? -1 : 1;
	return slice_cmp(table_path(t, en), p->name);
}

static int merge(struct table_writer *w, const struct table *t, const struct patches *p)
{
	size_t e = 0, k = 0;
	int r = 0;

	while (r == 0 && (e < t->count || k < p->count)) {
		const struct table_entry *en = &t->entry[e];
		int d = e == t->count ? 1 : k == p->count ? -1 : order(t, en, &p->at[k]);

		if (k + 1 < p->count && d >= 0 && patch_cmp(&p->at[k], &p->at[k + 1]) == 0) {
			k++; /* the same path again: all of them hold the newest row */
			continue;
		}
		r = d < 0 ? table_add(w, en, table_path(t, en), table_features(t, en))
		          : add_patched(w, &p->at[k]);
		e += d <= 0;
		k += d >= 0;
	}
	return r;
}

static void patches_done(struct patches *p)
{
	sqlite3_finalize(p->by_path);
	sqlite3_finalize(p->by_finding);
	sqlite3_finalize(p->row);
	arena_done(&p->mem);
	arena_done(&p->fact);
	free(p->at);
}

static int patched(sqlite3 *db, const struct table *t, struct table_writer *w)
{
	struct patches p = {.db = db};
	int r;

	arena_init(&p.mem, PATCH_BYTES);
	arena_init(&p.fact, 16 * FACT_MAX_BYTES);
	p.at = calloc(PATCH_MAX, sizeof(*p.at));
	r = p.at ? prepare(&p) : -ENOMEM;
	if (r == 0)
		r = collect(&p, t->upto_seq);
	if (r == 0)
		r = merge(w, t, &p);
	patches_done(&p);
	return r;
}

/* ---- the door ---- */

static int numbers(sqlite3 *db, int64_t *newest, int64_t *valid_from)
{
	int r = db_number(db, "SELECT max(seq) FROM main.fact", 0, newest);

	return r < 0
	           ? r
	           : db_number(db, "SELECT value FROM main.view_note WHERE name = 'table_seq'",
	                       0, valid_from);
}

/* The copy, if it is one to go on from. */
static int open_copy(int dir, int64_t newest, int64_t valid_from, struct table *out)
{
	AUTO_FD fd = dir < 0 ? -1 : openat(dir, FILES_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct table t;
	int r = fd < 0 ? -ENOENT : table_open(fd, &t);

	if (r < 0)
		return r;
	if (t.upto_seq > newest || t.upto_seq < valid_from || newest - t.upto_seq > PATCH_MAX) {
		table_close(&t);
		return -ESTALE;
	}
	*out = t;
	return 0;
}

static int write_table(sqlite3 *db, int dir, int64_t newest, int64_t valid_from, int fd)
{
	struct table_writer *w = table_writer_new();
	struct table t;
	int r = w ? open_copy(dir, newest, valid_from, &t) : -ENOMEM;

	if (r == 0) {
		r = patched(db, &t, w);
		table_close(&t);
	}
	if (r < 0 && r != -ENOMEM) {
		table_writer_free(w);
		w = table_writer_new();
		r = w ? build(db, w) : -ENOMEM;
	}
	if (r == 0)
		r = table_write(w, newest, fd);
	table_writer_free(w);
	return r;
}

/* All that is read belongs to one moment, also beside a writer. */
static int in_one_moment(sqlite3 *db, int dir, int fd)
{
	bool alone = sqlite3_get_autocommit(db);
	int64_t newest = 0, valid_from = 0;
	int r = alone ? db_exec(db, "BEGIN") : 0;

	if (r == 0)
		r = numbers(db, &newest, &valid_from);
	if (r == 0)
		r = write_table(db, dir, newest, valid_from, fd);
	if (alone)
		db_exec(db, "COMMIT");
	return r;
}

int files_table(sqlite3 *db, int dir, struct err *e)
{
	int fd = memfd_create("hinoban-table", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;

	if (fd < 0)
		return err_sys(e, -errno, "memfd");
	r = in_one_moment(db, dir, fd);
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
	AUTO_FD fd = openat(dir, COPY_TEMPORARY,
	                    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int r = fd < 0 ? -errno : in_one_moment(db, dir, fd);

	if (r == 0 && renameat(dir, COPY_TEMPORARY, dir, FILES_NAME) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, COPY_TEMPORARY, 0);
	return r;
}

int64_t files_upto(sqlite3 *db, int dir)
{
	AUTO_FD fd = openat(dir, FILES_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int64_t newest, valid_from;
	uint64_t upto = 0;
	uint8_t header[24];
	struct cursor c = cursor_over(slice_mem(header, sizeof(header)));

	/* Only a hint of when to write it anew, so its head is enough (fact/table.h). */
	if (fd < 0 || pread(fd, header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
	    !cursor_skip(&c, 16) || !cursor_u64(&c, &upto) ||
	    numbers(db, &newest, &valid_from) < 0)
		return 0;
	return upto >= (uint64_t)valid_from && upto <= (uint64_t)newest ? (int64_t)upto : 0;
}

static bool same_bytes(int a, int b)
{
	struct stat x, y;
	void *p, *q;
	bool same = false;

	if (fstat(a, &x) < 0 || fstat(b, &y) < 0 || x.st_size != y.st_size)
		return false;
	p = mmap(NULL, (size_t)x.st_size, PROT_READ, MAP_PRIVATE, a, 0);
	q = mmap(NULL, (size_t)x.st_size, PROT_READ, MAP_PRIVATE, b, 0);
	if (p != MAP_FAILED && q != MAP_FAILED)
		same = memcmp(p, q, (size_t)x.st_size) == 0;
	if (p != MAP_FAILED)
		munmap(p, (size_t)x.st_size);
	if (q != MAP_FAILED)
		munmap(q, (size_t)x.st_size);
	return same;
}

int files_verify(sqlite3 *db, int dir)
{
	struct err e;
	AUTO_FD copied = files_table(db, dir, &e);
	AUTO_FD built = copied < 0 ? -1 : files_table(db, -1, &e);

	if (copied < 0 || built < 0)
		return copied < 0 ? copied : built;
	return same_bytes(copied, built);
}
