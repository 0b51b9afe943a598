/* store_open: a ledger is only written to if what is there belongs together. */
#include "ledger/files.h"
#include "ledger/keys.h"
#include "ledger/schema.h"
#include "ledger/store_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#define SENDER_KEEP_US (INT64_C(7) * 86400 * 1000000)

/* What the judge of pages remembers; of the visits themselves it needs none (recall.h). */
#define JUDGED_PAGES                                                                       \
	"'page.record', 'page.content', 'page.twins', 'page.reported', 'page.authorised'," \
	" 'page.refused'"

static const struct db_statement statements[] = {
    {offsetof(struct store, fact_add),
     "INSERT INTO fact(seq, at, kind, type, path, body) VALUES(?, ?, ?, ?, ?, ?)"},
    {offsetof(struct store, fact_get), "SELECT body FROM fact WHERE seq = ?"},
    {offsetof(struct store, ref_add), "INSERT OR IGNORE INTO ref(target, seq) VALUES(?, ?)"},
    {offsetof(struct store, head_add),
     "INSERT INTO head(" HEAD_COLUMNS ") VALUES(?, ?, ?, ?, ?)"},
    {offsetof(struct store, sender_get), "SELECT last, seq FROM sender WHERE name = ?"},
    {offsetof(struct store, sender_set),
     "INSERT OR REPLACE INTO sender(name, last, seq, at) VALUES(?, ?, ?, ?)"},
    {offsetof(struct store, deploys),
     "SELECT seq FROM fact s WHERE type = 'deploy.started' AND at > ? AND NOT EXISTS"
     " (SELECT 1 FROM ref r JOIN fact d ON d.seq = r.seq WHERE r.target = s.seq"
     "  AND d.type = 'deploy.ended') ORDER BY seq DESC LIMIT ?"},
    {offsetof(struct store, found),
     "SELECT seq FROM fact INDEXED BY fact_path WHERE path IN"
     " (SELECT path FROM view_finding) AND seq > ?1 AND seq <= ?2"
     " UNION SELECT seq FROM fact INDEXED BY fact_type WHERE type IN (" JUDGED_PAGES ")"
     " AND seq > ?1 AND seq <= ?2"
     " UNION SELECT closed_by FROM view_finding WHERE type = 'page.blind'"
     " AND closed_by > ?1 AND closed_by <= ?2 ORDER BY seq"},
    {offsetof(struct store, modes),
     "SELECT seq FROM (SELECT seq FROM fact WHERE type = 'mode' ORDER BY seq DESC LIMIT ?)"
     " ORDER BY seq"},
    {offsetof(struct store, learnt),
     "SELECT seq FROM (SELECT seq FROM fact WHERE type = 'fence.learnt'"
     " ORDER BY seq DESC LIMIT ?) ORDER BY seq"},
    {offsetof(struct store, orders),
     "SELECT seq FROM fact o WHERE type GLOB 'order.*' AND at > ? AND NOT EXISTS"
     " (SELECT 1 FROM ref r JOIN fact d ON d.seq = r.seq WHERE r.target = o.seq"
     "  AND d.kind = 'deed') ORDER BY seq LIMIT ?"},
    {offsetof(struct store, contained),
     "SELECT o.seq FROM fact w JOIN ref r ON r.target = w.seq JOIN fact o ON o.seq = r.seq"
     " WHERE w.type = 'contain' AND o.type = 'order.contain' AND NOT EXISTS"
     " (SELECT 1 FROM ref x JOIN fact l ON l.seq = x.seq WHERE x.target = w.seq"
     "  AND l.type = 'lift')"
     " UNION SELECT w.seq FROM fact w WHERE w.type IN ('contain', 'lift') AND w.at > ?"
     " AND NOT EXISTS (SELECT 1 FROM ref r JOIN fact o ON o.seq = r.seq"
     "  WHERE r.target = w.seq AND o.kind = 'order') ORDER BY 1 DESC LIMIT ?"},
    {offsetof(struct store, next_of),
     "SELECT min(seq) FROM fact INDEXED BY fact_type WHERE type = ? AND seq > ?"},
    /* The text is the fact; the index finds the type, so this reads records only. */
    {offsetof(struct store, page_records),
     "SELECT max(seq) FROM (SELECT seq, CAST(body AS TEXT) AS text FROM fact"
     "  WHERE type = 'page.record') WHERE coalesce(json_extract(text, '$.part'), 1) = 1"
     " GROUP BY json_extract(text, '$.page'), json_extract(text, '$.arm')"
     " ORDER BY 1 DESC LIMIT ?"},
    {offsetof(struct store, asked_pages),
     "SELECT w.seq FROM fact w WHERE w.type = 'page.asked' AND w.at > ? AND NOT EXISTS"
     " (SELECT 1 FROM ref r JOIN fact d ON d.seq = r.seq WHERE r.target = w.seq"
     "  AND d.type = 'page.round') ORDER BY w.seq LIMIT ?"},
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
	int r =
	    db_prepare(db, "SELECT " HEAD_COLUMNS " FROM head ORDER BY size DESC LIMIT 1", &s);

	*out = (struct ledger_head){0};
	if (r == 0)
		r = db_step(s);
	if (r > 0 && !head_row(s, out))
		r = -EBADMSG;
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

static int check_kept(struct store *st, bool *head_missing, struct err *e)
{
	struct ledger_head kept = {0};
	int r = head_kept(st->dir, &kept);

	*head_missing = r == -ENOENT && st->head.size > 0;
	st->kept = st->kept_durably = kept.size;
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

static void schema_fault(void *ctx, const char *name, const char *what)
{
	struct err *e = ctx;

	if (!e->text[0])
		err_set(e, -EBADMSG, "ledger.db: %s %s: it was altered. See hinoban verify",
		        name, what);
}

static int check_schema(struct store *st, struct err *e)
{
	struct err found = {""};
	int r = schema_check(st->db, schema_fault, &found);

	if (r < 0)
		return db_tell(st->db, r, e);
	return found.text[0] ? err_set(e, -EBADMSG, "%s", found.text) : 0;
}

/* Counters and contents go on from where the last commit signed them. */
static int check_stamp(struct store *st, struct err *e)
{
	struct vault_chain vault;
	struct stamp now = {0};
	int r = stamp_tables(st->db, &now);

	if (r == 0)
		r = stamp_get(st->db, st->key, &st->stamp);
	if (r == -ENOENT && st->head.size == 0) {
		vault = vault_chain(st->vault);
		now.vault = vault.hash;
		st->stamp = now;
		return 0;
	}
	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return db_tell(st->db, r, e);
	if (r < 0 || st->stamp.size != st->head.size ||
	    !hash_eq(&now.sender, &st->stamp.sender) ||
	    !hash_eq(&now.cursor, &st->stamp.cursor))
		return err_set(e, -EBADMSG,
		               "ledger.db: its counters are not those that were signed: it was "
		               "altered. See hinoban verify");
	vault = vault_chain(st->vault);
	if (vault.contents != st->stamp.contents || !hash_eq(&vault.hash, &st->stamp.vault))
		return err_set(e, -EBADMSG,
		               "ledger.db: its contents are not those that were signed: it was "
		               "altered. See hinoban verify");
	return 0;
}

static int open_parts(struct store *st, const char *state_dir, struct err *e)
{
	int r = db_open(state_dir, DB_WRITE, &st->db, e);

	if (r == 0)
		r = check_schema(st, e);
	if (r == 0)
		r = keys_open(st->dir, st->db, &st->key, e);
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
	struct err e;
	char sql[128];
	int r = store_begin(st);

	snprintf(sql, sizeof(sql), "DELETE FROM sender WHERE at < %lld",
	         (long long)(clock_now_us() - SENDER_KEEP_US));
	if (r == 0)
		r = db_exec(st->db, sql);
	st->counted = r == 0 && sqlite3_changes(st->db) > 0;
	if (r == 0)
		r = store_commit(st, &e);
	if (r < 0)
		store_rollback(st);
	return r;
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
	if (r == 0)
		r = check_stamp(st, e);
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
