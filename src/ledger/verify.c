/*
 * verify: everything is held against everything: the tables' making, every fact's bytes and
 * columns, its place in the tree, every head's root and signature, the copy of the newest
 * head, the references, the stamp over counters and contents, the vault, the views and the
 * table, the indices; a witness's heads.
 */
#include "ledger/check.h"
#include "ledger/files.h"
#include "ledger/schema.h"
#include "ledger/stamp.h"
#include "ledger/view.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* ---- views, references ---- */

static void view_fault(void *ctx, const char *table, const char *row)
{
	check_fault(ctx, 0, "%s: not what the facts give: %s", table, row);
}

static int check_views(struct check *c, struct err *e)
{
	int r = view_compute(c->db, c->size, NULL, NULL, e);
	int64_t n = r < 0 ? r : view_compare(c->db, view_fault, c);

	if (n < 0)
		return (int)n;
	r = files_verify(c->db, c->dir);
	if (r == 0)
		check_fault(c, 0, "the file " FILES_NAME " is not what the facts give");
	return r < 0 ? r : 0;
}

/* A row of ref that its fact does not bear: located by asking each fact. */
static int find_extra_refs(struct check *c)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(c->db,
	                   "SELECT r.seq, r.target, f.body FROM ref r LEFT JOIN fact f"
	                   " ON f.seq = r.seq ORDER BY r.seq, r.target",
	                   &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		const struct json *refs, *t;

		arena_reset(&c->mem);
		refs = json_get(json_parse(&c->mem, db_blob(s, 2), NULL), "refs");
		t = refs ? refs->first : NULL;
		while (t && t->i != db_int(s, 1))
			t = t->next;
		if (!t)
			check_fault(c, db_int(s, 0),
			            "ref: a reference to %lld that this fact does not have",
			            (long long)db_int(s, 1));
	}
	sqlite3_finalize(s);
	return r;
}

static int check_extra_refs(struct check *c)
{
	int64_t rows = 0;
	int r = db_number(c->db, "SELECT count(*) FROM ref", 0, &rows);

	return r == 0 && rows != c->refs_met ? find_extra_refs(c) : r;
}

/* ---- the stamp, the vault ---- */

static void vault_fault(void *ctx, int64_t place, const char *what)
{
	if (place < 0)
		check_fault(ctx, 0, "vault: %s", what);
	else
		check_fault(ctx, 0, "vault: at byte %lld: %s", (long long)place, what);
}

static int check_stamp(struct check *c, const struct vault_chain *chain)
{
	struct stamp stamp, now = {0};
	int r = stamp_tables(c->db, &now);

	if (r == 0)
		r = stamp_get(c->db, c->key, &stamp);
	if (r == -ENOENT || r == -EBADMSG) {
		check_fault(c, 0,
		            r == -ENOENT ? "stamp: missing"
		                         : "stamp: not signed by " HEAD_PUB_NAME);
		return 0;
	}
	if (r < 0)
		return r;
	if (stamp.size != c->size)
		check_fault(c, 0, "stamp: of a ledger with %lld facts, here are %lld",
		            (long long)stamp.size, (long long)c->size);
	if (!hash_eq(&stamp.sender, &now.sender))
		check_fault(c, 0, "sender: a row is not as it was signed");
	if (!hash_eq(&stamp.cursor, &now.cursor))
		check_fault(c, 0, "cursor: a row is not as it was signed");
	if (c->vault &&
	    (stamp.contents != chain->contents || !hash_eq(&stamp.vault, &chain->hash)))
		check_fault(
		    c, 0, "vault: %lld contents were signed, these are %lld, and not the same",
		    (long long)stamp.contents, (long long)chain->contents);
	return 0;
}

static int check_vault(struct check *c)
{
	struct vault_chain chain = {0};
	int r = c->vault ? vault_verify(c->vault, c->fresh, vault_fault, c, &chain) : 0;

	if (r == 0)
		r = check_stamp(c, &chain);
	return r < 0 ? r : check_promises(c);
}

/* ---- the tables themselves ---- */

static void schema_fault(void *ctx, const char *name, const char *what)
{
	check_fault(ctx, 0, "ledger.db: %s %s", name, what);
}

/* Pages, cells and indices as SQLite itself knows them. */
static int check_integrity(struct check *c)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(c->db, "PRAGMA main.integrity_check(20)", &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		struct slice line = db_text(s, 0);

		if (!slice_eq(line, SLICE("ok")))
			check_fault(c, 0, "ledger.db: damaged: %.*s", SLICE_ARG(line));
	}
	sqlite3_finalize(s);
	return r;
}

/* ---- all of it ---- */

/* Without its tables nothing can be asked: their lack is told, and that is all. */
static int open_tables(struct check *c, struct err *e)
{
	struct tree_shelf shelf;
	int64_t before = c->faults;
	int r = schema_check(c->db, schema_fault, c);

	if (r == 0)
		r = shelf_open(c->db, &c->shelf, &shelf, e);
	if (r == 0)
		tree_read(&c->tiles, &shelf);
	if (r == 0)
		r = vault_peek(c->dir, c->db, &c->vault, e);
	return r == -EBADMSG && c->faults > before ? 1 : r;
}

static int open_parts(struct check *c, const char *state_dir, struct err *e)
{
	int r;

	c->dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		return err_sys(e, -errno, "state directory %s", state_dir);
	c->kept_code = head_kept(c->dir, &c->kept);
	r = head_pub_load(c->dir, &c->key, e);
	if (r == 0)
		r = db_open(state_dir, DB_READ, &c->db, e);
	if (r == 0 && db_open(state_dir, DB_READ, &c->fresh, e) < 0)
		c->fresh = NULL; /* only what gc does at this very time would need it */
	if (r == -EBADMSG) {
		check_fault(c, 0, "%s", e->text);
		return 1;
	}
	return r < 0 ? r : open_tables(c, e);
}

static void done(struct check *c)
{
	sqlite3_finalize(c->fact);
	sqlite3_finalize(c->head);
	sqlite3_finalize(c->refs);
	shelf_done(&c->shelf);
	vault_close(c->vault);
	sqlite3_finalize(c->promise_put);
	sqlite3_finalize(c->promise_end);
	db_close(c->fresh);
	db_close(c->db);
	head_key_free(c->key);
	arena_done(&c->mem);
	buf_done(&c->text);
	if (c->dir >= 0)
		close(c->dir);
	free(c);
}

/* The database itself first: a page that SQLite can't read is a fault, not our failure. */
static int check_all(struct check *c, struct err *e)
{
	int r = db_exec(c->db, "BEGIN");

	if (r == 0)
		r = check_facts(c);
	if (r == 0)
		r = check_tiles(c);
	if (r == 0)
		r = check_extra_refs(c);
	if (r == 0)
		r = check_vault(c);
	if (r == 0)
		r = check_views(c, e);
	if (r == 0)
		r = check_integrity(c);
	if (r == 0 && c->witness)
		r = check_witness(c, e);
	if (r == -EBADMSG) {
		check_fault(c, 0, "ledger.db: damaged: %s", sqlite3_errmsg(c->db));
		r = 0;
	}
	if (r < 0 && !e->text[0])
		db_tell(c->db, r, e);
	return r;
}

/* The key is in fact 1 as well: another ledger.pub would show. */
static int check_key(struct check *c)
{
	char hex[HASH_HEX_BYTES];
	sqlite3_stmt *s = NULL;
	int r = db_prepare(c->db, "SELECT body FROM fact WHERE seq = 1", &s);

	if (r == 0)
		r = db_step(s);
	if (r > 0) {
		struct json *first;

		arena_reset(&c->mem);
		first = json_parse(&c->mem, db_blob(s, 0), NULL);
		head_key_hex(c->key, hex);
		if (!slice_eq(json_text(first, "key"), slice_str(hex)))
			check_fault(c, 1, "fact: names another key than ledger.pub");
	}
	sqlite3_finalize(s);
	return r == -EBADMSG ? 0 : r < 0 ? r : 0;
}

/* The vault's half: what facts promise, what lies there, what was signed. */
static int check_vault_alone(struct check *c, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int r = db_exec(c->db, "BEGIN");

	if (r == 0)
		r = db_number(c->db, "SELECT max(seq) FROM fact", 0, &c->size);
	if (r == 0)
		r = db_prepare(c->db, "SELECT seq, body FROM fact ORDER BY seq", &s);
	while (r >= 0 && (r = db_step(s)) > 0) {
		arena_reset(&c->mem);
		r = check_promise(c, json_parse(&c->mem, db_blob(s, 1), NULL), db_int(s, 0));
	}
	sqlite3_finalize(s);
	if (r == 0)
		r = check_vault(c);
	if (r < 0 && !e->text[0])
		db_tell(c->db, r, e);
	return r;
}

typedef int check_fn(struct check *c, struct err *e);

static int64_t run(struct check *c, const char *state_dir, check_fn *check, struct err *e)
{
	int64_t r;

	*e = (struct err){""};
	c->dir = -1;
	arena_init(&c->mem, 16 * FACT_MAX_BYTES);
	buf_init(&c->text, FACT_MAX_BYTES);
	r = open_parts(c, state_dir, e);
	if (r == 0 && check_key(c) == 0)
		r = check(c, e);
	if (r >= 0)
		r = c->faults;
	if (r >= 0 && c->progress)
		c->progress(c->ctx, c->size, c->size);
	done(c);
	return r;
}

static struct check *begin(ledger_progress_fn *progress, ledger_fault_fn *fault_fn, void *ctx,
                           struct err *e)
{
	struct check *c = calloc(1, sizeof(*c));

	if (!c) {
		err_set(e, -ENOMEM, "out of memory");
		return NULL;
	}
	c->progress = progress;
	c->fault = fault_fn;
	c->ctx = ctx;
	return c;
}

int64_t ledger_verify(const char *state_dir, FILE *witness, ledger_progress_fn *progress,
                      ledger_fault_fn *fault_fn, void *ctx, struct err *e)
{
	struct check *c = begin(progress, fault_fn, ctx, e);
	struct stat st;

	if (!c)
		return -ENOMEM;
	c->witness = witness;
	c->witness_end = witness && fstat(fileno(witness), &st) == 0 && S_ISREG(st.st_mode)
	                     ? st.st_size
	                     : -1;
	return run(c, state_dir, check_all, e);
}

int64_t ledger_vault_verify(const char *state_dir, ledger_progress_fn *progress,
                            ledger_fault_fn *fault_fn, void *ctx, struct err *e)
{
	struct check *c = begin(progress, fault_fn, ctx, e);

	return c ? run(c, state_dir, check_vault_alone, e) : -ENOMEM;
}

static int rebuild(sqlite3 *db, ledger_progress_fn *progress, void *ctx, bool *differs,
                   struct err *e)
{
	int64_t size = 0, n;
	int r = db_number(db, "SELECT max(seq) FROM fact", 0, &size);

	if (r == 0)
		r = view_compute(db, size, progress, ctx, e);
	if (r < 0)
		return r;
	n = view_compare(db, NULL, NULL);
	if (n < 0)
		return (int)n;
	r = n ? view_replace(db) : 0;
	if (r == 0)
		*differs = n > 0;
	return r;
}

int ledger_rebuild(const char *state_dir, ledger_progress_fn *progress, void *ctx,
                   bool *differs, struct err *e)
{
	sqlite3 *db = NULL;
	int r = db_open(state_dir, DB_WRITE, &db, e);

	if (r < 0)
		return r;
	*e = (struct err){""};
	r = db_exec(db, "BEGIN IMMEDIATE");
	if (r == 0)
		r = rebuild(db, progress, ctx, differs, e);
	if (r == 0)
		r = db_exec(db, "COMMIT");
	if (r < 0 && !e->text[0])
		db_tell(db, r, e);
	if (r < 0)
		db_exec(db, "ROLLBACK");
	db_close(db);
	return r;
}
