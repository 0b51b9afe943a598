#include "ledger/store.h"
#include "ledger/files.h"
#include "ledger/shelf.h"
#include "ledger/vault.h"
#include "ledger/view.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#define CLOCK_SLACK_US 2000000 /* a smaller step back is smoothed, not told */
#define TABLE_BEHIND   1000    /* facts: a copy of the table further behind is written anew, */
#define TABLE_QUIET_US 1000000 /* once nothing came in for so long */
#define SENDER_KEEP_US (INT64_C(7) * 86400 * 1000000)

struct store {
	int dir, lock;
	sqlite3 *db;
	sqlite3_stmt *fact_add, *fact_get, *ref_add, *head_add;
	sqlite3_stmt *sender_get, *sender_set, *cursor_get, *cursor_set, *deploys;
	struct head_key *key;
	struct shelf shelf;
	struct tree tree;
	struct view *view;
	struct vault *vault;
	struct ledger_head head;       /* newest committed */
	struct ledger_head next;       /* of the batch */
	int64_t kept;                  /* size of the head in <state>/head */
	int64_t last_us, committed_us; /* the newest fact's time */
	int64_t table_upto;            /* the copy of the table is so far */
	int64_t quiet_size, quiet_us;
	struct buf body;
};

static const struct db_statement statements[] = {
    {offsetof(struct store, fact_add),
     "INSERT INTO fact(seq, at, kind, type, path, body) VALUES(?, ?, ?, ?, ?, ?)"},
    {offsetof(struct store, fact_get), "SELECT body FROM fact WHERE seq = ?"},
    {offsetof(struct store, ref_add), "INSERT OR IGNORE INTO ref(target, seq) VALUES(?, ?)"},
    {offsetof(struct store, head_add),
     "INSERT INTO head(size, at, root, sig) VALUES(?, ?, ?, ?)"},
    {offsetof(struct store, sender_get), "SELECT last, seq FROM sender WHERE name = ?"},
    {offsetof(struct store, sender_set),
     "INSERT OR REPLACE INTO sender(name, last, seq, at) VALUES(?, ?, ?, ?)"},
    {offsetof(struct store, deploys),
     "SELECT seq FROM fact s WHERE type = 'deploy.started' AND at > ? AND NOT EXISTS"
     " (SELECT 1 FROM ref r JOIN fact d ON d.seq = r.seq WHERE r.target = s.seq"
     "  AND d.type = 'deploy.ended') ORDER BY seq DESC LIMIT ?"},
    {offsetof(struct store, cursor_get), "SELECT seq FROM cursor WHERE name = ?"},
    {offsetof(struct store, cursor_set),
     "INSERT OR REPLACE INTO cursor(name, seq) VALUES(?, ?)"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

/* ---- opening ---- */

static int lock(struct store *st, const char *state_dir, struct err *e)
{
	st->dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (st->dir < 0)
		return err_sys(e, -errno, "state directory %s", state_dir);
	st->lock =
	    openat(st->dir, STORE_LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (st->lock < 0)
		return err_sys(e, -errno, "state directory %s", state_dir);
	if (flock(st->lock, LOCK_EX | LOCK_NB) < 0)
		return err_set(e, -EBUSY, "another hinoban writes to %s", state_dir);
	return 0;
}

/* Newest head of the database; size 0 where there is none. */
static int newest_head(sqlite3 *db, struct ledger_head *out)
{
	sqlite3_stmt *s = NULL;
	struct slice sig;
	int r = db_prepare(
	    db, "SELECT size, at, root, sig FROM head ORDER BY size DESC LIMIT 1", &s);

	*out = (struct ledger_head){0};
	if (r == 0)
		r = db_step(s);
	if (r > 0) {
		out->size = db_int(s, 0);
		out->at_us = db_int(s, 1);
		sig = db_blob(s, 3);
		if (!db_hash(s, 2, &out->root) || sig.n != HEAD_SIG_BYTES)
			r = -EBADMSG;
		else
			memcpy(out->sig, sig.at, HEAD_SIG_BYTES);
	}
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

static int check_kept(struct store *st, bool *head_missing, struct err *e)
{
	struct ledger_head kept = {0};
	int r = head_kept(st->dir, &kept);

	*head_missing = r == -ENOENT && st->head.size > 0;
	st->kept = kept.size;
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_set(e, -EBADMSG, "the file " HEAD_NAME " holds no signed head");
	if (kept.size > st->head.size)
		return err_set(
		    e, -EBADMSG,
		    "the newest signed head knew %lld facts, ledger.db has %lld: facts were "
		    "removed."
		    " See hinoban verify; to go on without them, move the file " HEAD_NAME
		    " away (this is recorded)",
		    (long long)kept.size, (long long)st->head.size);
	return 0;
}

static int check_whole(struct store *st, struct err *e)
{
	struct hash root = tree_root(&st->tree);

	if (st->head.size > 0 &&
	    (!hash_eq(&root, &st->head.root) || !head_valid(st->key, &st->head)))
		return err_set(
		    e, -EBADMSG,
		    "ledger.db does not agree with its newest signed head: it was altered."
		    " See hinoban verify");
	return 0;
}

/* Tree, time of the newest fact, newest head: from what is committed. */
static int load(struct store *st, struct err *e)
{
	struct tree_shelf shelf = st->tree.shelf;
	int64_t size = 0;
	int r = db_number(st->db, "SELECT max(seq) FROM fact", 0, &size);

	if (r == 0)
		r = db_number(st->db, "SELECT at FROM fact ORDER BY seq DESC LIMIT 1", 0,
		              &st->last_us);
	if (r == 0)
		r = newest_head(st->db, &st->head);
	if (r < 0)
		return db_tell(st->db, r, e);
	st->committed_us = st->last_us;
	if (st->head.size != size)
		return err_set(e, -EBADMSG,
		               "ledger.db has %lld facts, its newest signed head covers %lld: "
		               "it was altered."
		               " See hinoban verify",
		               (long long)size, (long long)st->head.size);
	r = tree_load(&st->tree, &shelf, size);
	return r < 0 ? err_set(e, r,
	                       "ledger.db: the tree's nodes are damaged. See hinoban verify")
	             : 0;
}

static int open_parts(struct store *st, const char *state_dir, struct err *e)
{
	int r = db_open(state_dir, DB_WRITE, &st->db, e);

	if (r == 0)
		r = head_key_load(st->dir, &st->key, e);
	if (r == 0)
		r = db_prepare_all(st->db, statements, STATEMENTS, st, "main", e);
	if (r == 0)
		r = shelf_open(st->db, &st->shelf, &st->tree.shelf, e);
	if (r == 0)
		r = view_open(st->db, "main", &st->view, e);
	if (r == 0)
		r = vault_open(st->dir, st->db, &st->vault, e);
	return r;
}

static int drop_old_senders(struct store *st)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "DELETE FROM sender WHERE at < %lld",
	         (long long)(clock_now_us() - SENDER_KEEP_US));
	return db_exec(st->db, sql);
}

int store_open(const char *state_dir, struct store **out, bool *head_missing, struct err *e)
{
	struct store *st = calloc(1, sizeof(*st));
	int r;

	if (!st)
		return err_set(e, -ENOMEM, "out of memory");
	st->dir = st->lock = -1;
	buf_init(&st->body, FACT_MAX_BYTES);
	r = lock(st, state_dir, e);
	if (r == 0)
		r = open_parts(st, state_dir, e);
	if (r == 0)
		r = load(st, e);
	if (r == 0)
		r = check_whole(st, e);
	if (r == 0)
		r = check_kept(st, head_missing, e);
	if (r < 0) {
		store_close(st);
		return r;
	}
	st->table_upto = files_upto(st->db, st->dir);
	drop_old_senders(st); /* on a full disk the next start does it */
	*out = st;
	return 0;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	vault_close(st->vault);
	view_close(st->view);
	shelf_done(&st->shelf);
	db_finalize_all(statements, STATEMENTS, st);
	db_close(st->db);
	head_key_free(st->key);
	buf_done(&st->body);
	if (st->lock >= 0)
		close(st->lock);
	if (st->dir >= 0)
		close(st->dir);
	free(st);
}

int64_t store_size(const struct store *st)
{
	return st->tree.size;
}

struct ledger_head store_head(const struct store *st)
{
	return st->head;
}

int store_dir(const struct store *st)
{
	return st->dir;
}

/* ---- putting ---- */

int store_begin(struct store *st)
{
	return db_exec(st->db, "BEGIN IMMEDIATE");
}

static int add_refs(struct store *st, const struct json *fact, int64_t seq)
{
	const struct json *refs = json_get(fact, "refs");
	int r = 0;

	for (const struct json *t = refs ? refs->first : NULL; t && r == 0; t = t->next) {
		db_bind_int(st->ref_add, 1, t->i);
		db_bind_int(st->ref_add, 2, seq);
		r = db_run(st->ref_add);
	}
	return r;
}

static int add_row(struct store *st, const struct json *fact, int64_t seq, int64_t at)
{
	db_bind_int(st->fact_add, 1, seq);
	db_bind_int(st->fact_add, 2, at);
	db_bind_text(st->fact_add, 3, json_text(fact, "kind"));
	db_bind_text(st->fact_add, 4, json_text(fact, "type"));
	db_bind_text(st->fact_add, 5, json_text(fact, "path"));
	db_bind_blob(st->fact_add, 6, buf_slice(&st->body));
	return db_run(st->fact_add);
}

/* Seal the draft with seq and at, and put it everywhere. */
static int put(struct store *st, struct arena *a, struct json *draft, int64_t at, struct err *e)
{
	int64_t seq = st->tree.size + 1;
	char text[CLOCK_TEXT_BYTES];
	struct hash leaf;
	int r;

	clock_text(at, text);
	json_put_str(a, draft, "at", text);
	json_put_int(a, draft, "seq", seq);
	buf_reset(&st->body);
	if (a->broken || !json_write(&st->body, draft))
		return err_set(e, -EINVAL, "a fact may have %u bytes", FACT_MAX_BYTES);
	leaf = tree_leaf(buf_slice(&st->body));
	r = add_row(st, draft, seq, at);
	if (r == 0)
		r = add_refs(st, draft, seq);
	if (r == 0)
		r = view_apply(st->view, draft);
	if (r < 0) /* never -EINVAL: the row may stand already */
		return db_tell(st->db, r == -EINVAL ? -EBADMSG : r, e);
	r = tree_add(&st->tree, &leaf);
	st->last_us = at;
	return r < 0 ? db_tell(st->db, r, e) : 0;
}

/* What the table of types can't say. */
static int check_more(struct store *st, const struct json *draft, struct err *e)
{
	const struct json *path = json_get(draft, "path"), *refs = json_get(draft, "refs");
	int64_t seq = st->tree.size + 1;

	buf_reset(&st->body);
	if (path && (path->kind != JSON_STR || !text_unpath(&st->body, path->s)))
		return err_set(e, -EINVAL, "path must be a file name as text");
	if (json_get(draft, "root") && !json_text(draft, "root").at)
		return err_set(e, -EINVAL, "root must be text");
	for (const struct json *t = refs ? refs->first : NULL; t; t = t->next) {
		if (t->i >= seq)
			return err_set(e, -EINVAL, "refs must name earlier facts");
	}
	return 0;
}

static int put_jump(struct store *st, struct arena *a, int64_t now, struct err *e)
{
	struct json *jump = fact_draft(a, "clock.jumped");
	char from[CLOCK_TEXT_BYTES], to[CLOCK_TEXT_BYTES];

	clock_text(st->last_us, from);
	clock_text(now, to);
	json_put_str(a, jump, "from", from);
	json_put_str(a, jump, "to", to);
	return put(st, a, jump, now, e);
}

static int keep_content(struct store *st, const struct json *draft, int fd, struct err *e)
{
	struct hash hash;
	int r;

	if (fd < 0 || !hash_unhex(json_text(draft, "present.hash"), &hash))
		return 0;
	r = vault_keep(st->vault, fd, &hash);
	/* Too large, gone or already something else: the fact stands without its content. */
	if (r >= 0 || r == -ESTALE || r == -EFBIG || r == -EIO)
		return 0;
	return err_sys(e, r, VAULT_NAME);
}

int store_put(struct store *st, struct arena *a, struct json *draft, int fd, int64_t *seq,
              struct err *e)
{
	int64_t now = clock_now_us();
	int r = fact_check_draft(draft, e);

	if (r == 0)
		r = check_more(st, draft, e);
	if (r < 0)
		return -EINVAL;
	r = keep_content(st, draft, fd, e);
	if (r == 0 && now < st->last_us - CLOCK_SLACK_US)
		r = put_jump(st, a, now, e);
	else if (now < st->last_us)
		now = st->last_us;
	if (r == 0)
		r = put(st, a, draft, now, e);
	if (r == 0)
		*seq = st->tree.size;
	return r;
}

/* ---- committing ---- */

static int add_head(struct store *st)
{
	struct ledger_head *h = &st->next;
	int r;

	h->size = st->tree.size;
	h->at_us = st->last_us;
	h->root = tree_root(&st->tree);
	r = head_sign(st->key, h);
	if (r < 0)
		return r;
	db_bind_int(st->head_add, 1, h->size);
	db_bind_int(st->head_add, 2, h->at_us);
	db_bind_blob(st->head_add, 3, slice_mem(h->root.b, HASH_BYTES));
	db_bind_blob(st->head_add, 4, slice_mem(h->sig, HEAD_SIG_BYTES));
	return db_run(st->head_add);
}

int store_commit(struct store *st, struct err *e)
{
	bool grew = st->tree.size > st->head.size;
	int r = tree_flush(&st->tree);

	if (r == 0 && grew)
		r = add_head(st);
	if (r < 0)
		return db_tell(st->db, r, e);
	r = vault_sync(st->vault);
	if (r < 0)
		return err_sys(e, r, VAULT_NAME);
	r = db_exec(st->db, "COMMIT");
	if (r < 0)
		return db_tell(st->db, r, e);
	if (grew)
		st->head = st->next;
	st->committed_us = st->last_us;
	vault_committed(st->vault);
	return 0;
}

void store_rollback(struct store *st)
{
	struct tree_shelf shelf = st->tree.shelf;

	if (!sqlite3_get_autocommit(st->db))
		db_exec(st->db, "ROLLBACK");
	vault_rollback(st->vault);
	view_forget(st->view);
	st->last_us = st->committed_us;
	if (tree_load(&st->tree, &shelf, st->head.size) < 0)
		err_die("ledger.db can't be read any more: %s", sqlite3_errmsg(st->db));
}

int store_keep_head(struct store *st)
{
	int r;

	if (st->kept == st->head.size)
		return 0;
	r = head_keep(st->dir, &st->head);
	if (r == 0)
		st->kept = st->head.size;
	return r;
}

/* ---- senders, cursors, reading ---- */

int store_sender(struct store *st, struct slice name, int64_t *last, int64_t *seq)
{
	int r;

	*last = *seq = 0;
	db_bind_text(st->sender_get, 1, name);
	r = db_step(st->sender_get);
	if (r > 0) {
		*last = db_int(st->sender_get, 0);
		*seq = db_int(st->sender_get, 1);
	}
	db_reset(st->sender_get);
	return r < 0 ? r : 0;
}

int store_sender_set(struct store *st, struct slice name, int64_t last, int64_t seq)
{
	db_bind_text(st->sender_set, 1, name);
	db_bind_int(st->sender_set, 2, last);
	db_bind_int(st->sender_set, 3, seq);
	db_bind_int(st->sender_set, 4, clock_now_us());
	return db_run(st->sender_set);
}

int store_cursor(struct store *st, const char *name, int64_t *seq)
{
	int r;

	db_bind_text(st->cursor_get, 1, slice_str(name));
	r = db_step(st->cursor_get);
	*seq = r > 0 ? db_int(st->cursor_get, 0) : 0;
	db_reset(st->cursor_get);
	return r < 0 ? r : 0;
}

int store_cursor_set(struct store *st, const char *name, int64_t seq)
{
	db_bind_text(st->cursor_set, 1, slice_str(name));
	db_bind_int(st->cursor_set, 2, seq);
	return db_run(st->cursor_set);
}

int store_get(struct store *st, int64_t seq, struct buf *out)
{
	int r;

	db_bind_int(st->fact_get, 1, seq);
	r = db_step(st->fact_get);
	if (r > 0)
		buf_add(out, db_blob(st->fact_get, 0));
	db_reset(st->fact_get);
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

int store_table(struct store *st, struct err *e)
{
	return files_table(st->db, st->dir, e);
}

int store_keep_table(struct store *st, bool end)
{
	int64_t size = st->head.size, now = clock_mono_us();

	if (size - st->table_upto < TABLE_BEHIND)
		return 0;
	if (size != st->quiet_size) {
		st->quiet_size = size;
		st->quiet_us = now;
	}
	if (!end && now - st->quiet_us < TABLE_QUIET_US)
		return 0;
	st->table_upto = size; /* also where it failed: the next one is due later */
	return files_keep(st->db, st->dir);
}

int store_open_deploys(struct store *st, int64_t since_us, int64_t *seq, int max)
{
	int n = 0;

	db_bind_int(st->deploys, 1, since_us);
	db_bind_int(st->deploys, 2, max);
	while (n < max && db_step(st->deploys) > 0)
		seq[n++] = db_int(st->deploys, 0);
	db_reset(st->deploys);
	return n;
}
