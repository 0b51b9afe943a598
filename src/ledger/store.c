#include "ledger/store_parts.h"
#include <errno.h>

#define CLOCK_SLACK_US 2000000 /* a smaller step back is smoothed, not told */

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

/* What is kept is said in the fact: so its loss would show. */
static int keep_content(struct store *st, struct arena *a, struct json *draft, int fd,
                        struct err *e)
{
	struct hash hash;
	int r;

	if (fd < 0 || !hash_unhex(json_text(draft, "present.hash"), &hash))
		return 0;
	r = vault_keep(st->vault, fd, &hash);
	if (r >= 0)
		json_put_bool(a, draft, "kept", true);
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
	r = keep_content(st, a, draft, fd, e);
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

	h->before = st->head.size;
	h->size = st->tree.size;
	h->at_us = st->last_us;
	h->root = tree_root(&st->tree);
	r = head_sign(st->key, h);
	if (r < 0)
		return r;
	head_bind(st->head_add, h);
	return db_run(st->head_add);
}

/* The signature over what is no fact, if any of it moved. */
static int add_stamp(struct store *st, struct stamp *s)
{
	struct vault_chain chain = vault_chain(st->vault);
	int r = st->counted ? stamp_tables(st->db, s) : 0;

	s->size = st->tree.size;
	s->contents = chain.contents;
	s->vault = chain.hash;
	return r < 0 ? r : stamp_put(st->db, st->key, s);
}

static bool vault_moved(const struct store *st)
{
	struct vault_chain chain = vault_chain(st->vault);

	return !hash_eq(&chain.hash, &st->stamp.vault);
}

int store_commit(struct store *st, struct err *e)
{
	bool grew = st->tree.size > st->head.size;
	struct stamp stamp = st->stamp;
	int r = tree_flush(&st->tree);

	if (r == 0 && grew)
		r = add_head(st);
	if (r == 0)
		r = vault_flush(st->vault);
	if (r == 0 && (grew || st->counted || vault_moved(st)))
		r = add_stamp(st, &stamp);
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
	st->stamp = stamp;
	st->counted = false;
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
	st->counted = false;
	view_forget(st->view);
	st->last_us = st->committed_us;
	if (tree_load(&st->tree, &shelf, st->head.size) < 0)
		err_die("ledger.db can't be read any more: %s", sqlite3_errmsg(st->db));
}

int store_keep_head(struct store *st, bool durable)
{
	int64_t *done = durable ? &st->kept_durably : &st->kept;
	int r;

	if (*done == st->head.size)
		return 0;
	r = head_keep(st->dir, &st->head, durable);
	if (r == 0)
		st->kept = *done = st->head.size;
	return r;
}
