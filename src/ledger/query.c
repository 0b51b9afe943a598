/* query: the reading half of the door: facts by many keys, heads, proofs, contents. */
#include "ledger/files.h"
#include "ledger/past.h"
#include "ledger/proof.h"
#include "ledger/reader.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define SQL_MAX_BYTES 4096
#define FEW_TYPES \
	8 /* sightings make up nearly all facts: there the rows themselves are faster */

static const struct db_statement statements[] = {
    {offsetof(struct ledger, get), "SELECT body FROM fact WHERE seq = ?"},
    {offsetof(struct ledger, size), "SELECT max(seq) FROM fact"},
    {offsetof(struct ledger, head),
     "SELECT " HEAD_COLUMNS " FROM head ORDER BY size DESC LIMIT 1"},
    {offsetof(struct ledger, head_of), "SELECT " HEAD_COLUMNS " FROM head WHERE size = ?"},
    {offsetof(struct ledger, referrers),
     "SELECT f.seq, f.body FROM ref r JOIN fact f ON f.seq = r.seq WHERE r.target = ?"
     " ORDER BY r.seq"},
    {offsetof(struct ledger, about),
     "SELECT seq, body FROM fact INDEXED BY fact_path WHERE path = ? ORDER BY seq"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

int ledger_open(const char *state_dir, struct ledger **out, struct err *e)
{
	struct ledger *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return err_set(e, -ENOMEM, "out of memory");
	l->dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = l->dir < 0 ? err_sys(e, -errno, "state directory %s", state_dir)
	               : db_open(state_dir, DB_READ, &l->db, e);
	if (r == 0)
		r = db_prepare_all(l->db, statements, STATEMENTS, l, "main", e);
	if (r == 0)
		r = shelf_open(l->db, &l->shelf, &l->tiles.shelf, e);
	if (r == 0)
		r = vault_peek(l->dir, l->db, &l->vault, e);
	if (r < 0) {
		ledger_close(l);
		return r;
	}
	*out = l;
	return 0;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	vault_close(l->vault);
	shelf_done(&l->shelf);
	db_finalize_all(statements, STATEMENTS, l);
	db_close(l->db);
	if (l->dir >= 0)
		close(l->dir);
	free(l);
}

int64_t ledger_size(struct ledger *l)
{
	int64_t n = db_step(l->size);

	if (n > 0)
		n = db_int(l->size, 0);
	db_reset(l->size);
	return n;
}

int ledger_get(struct ledger *l, int64_t seq, struct buf *out)
{
	int r;

	db_bind_int(l->get, 1, seq);
	r = db_step(l->get);
	if (r > 0)
		buf_add(out, db_blob(l->get, 0));
	db_reset(l->get);
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

int ledger_referrers(struct ledger *l, int64_t seq, ledger_fact_fn *fn, void *ctx)
{
	int r, end = 0;

	db_bind_int(l->referrers, 1, seq);
	while (end == 0 && (r = db_step(l->referrers)) > 0)
		end = fn(ctx, db_int(l->referrers, 0), db_blob(l->referrers, 1));
	db_reset(l->referrers);
	return end ? end : r;
}

int ledger_about(struct ledger *l, struct slice path, ledger_fact_fn *fn, void *ctx)
{
	int r, end = 0;

	db_bind_text(l->about, 1, path.at ? path : slice_str(""));
	while (end == 0 && (r = db_step(l->about)) > 0)
		end = fn(ctx, db_int(l->about, 0), db_blob(l->about, 1));
	db_reset(l->about);
	return end ? end : r;
}

/* ---- the query by many keys ---- */

static bool is_glob(struct slice s)
{
	return slice_chr(s, '*') != SIZE_MAX || slice_chr(s, '?') != SIZE_MAX ||
	       slice_chr(s, '[') != SIZE_MAX;
}

/* Types that fit kind and type of the query, as a list for IN; how many. */
static int types_of(const struct ledger_query *q, struct buf *sql)
{
	int n = 0;

	for (size_t i = 0; i < fact_type_count; i++) {
		const struct fact_type *t = &fact_types[i];

		if (q->kind.n && !slice_eq(q->kind, slice_str(fact_kind_name(t->kind))))
			continue;
		if (q->type.n && !text_glob(q->type, slice_str(t->type)))
			continue;
		buf_printf(sql, "%s'%s'", n++ ? "," : "", t->type);
	}
	return n;
}

/* Bytes of a glob before its first special one: an index can find those. */
static struct slice literal_prefix(struct slice glob)
{
	size_t n = 0;

	while (n < glob.n && glob.at[n] != '*' && glob.at[n] != '?' && glob.at[n] != '[')
		n++;
	return slice_sub(glob, 0, n);
}

/*
 * The clauses, in the order of their parameters. SQLite has no statistics here, so the
 * index is named: the path's where one is asked for, else the type's where few types are
 * meant, else the rows themselves.
 */
static bool write_sql(const struct ledger_query *q, struct buf *sql)
{
	struct buf types;
	int n;

	buf_init(&types, SQL_MAX_BYTES);
	n = types_of(q, &types);
	buf_str(sql, "SELECT seq, body, path FROM fact ");
	buf_str(sql, q->path.n        ? "INDEXED BY fact_path"
	             : n <= FEW_TYPES ? "INDEXED BY fact_type"
	                              : "");
	buf_str(sql, " WHERE seq >= ?1 AND seq <= ?2 AND at >= ?3 AND at < ?4");
	if (q->path.n)
		buf_str(sql, " AND path IS NOT NULL AND path >= ?5 AND path < ?6");
	if (q->kind.n || q->type.n) {
		buf_str(sql, " AND type IN (");
		buf_add(sql, buf_slice(&types));
		buf_str(sql, ")");
	}
	buf_done(&types);
	buf_str(sql, q->newest_first ? " ORDER BY seq DESC" : " ORDER BY seq");
	return buf_ok(sql);
}

/* First text behind all that begin with the prefix (in bytes). */
static void after_prefix(struct buf *b, struct slice prefix)
{
	buf_add(b, prefix);
	buf_add(b, slice_mem("\xf4\x8f\xbf\xbf", 4)); /* U+10FFFF */
}

static void bind_query(sqlite3_stmt *s, const struct ledger_query *q, struct slice from,
                       struct slice to)
{
	db_bind_int(s, 1, q->from_seq);
	db_bind_int(s, 2, q->to_seq ? q->to_seq : INT64_MAX);
	db_bind_int(s, 3, q->since_us ? q->since_us : INT64_MIN);
	db_bind_int(s, 4, q->until_us ? q->until_us : INT64_MAX);
	if (q->path.n) {
		db_bind_text(s, 5, from.at ? from : slice_str(""));
		db_bind_text(s, 6, to);
	}
}

/* The path itself, one below it, or one that the glob takes. */
static bool path_fits(struct slice want, bool glob, struct slice path)
{
	if (slice_eq(want, path) || (glob && text_glob(want, path)))
		return true;
	return slice_starts(path, want) && path.n > want.n &&
	       (path.at[want.n] == '/' || (want.n && want.at[want.n - 1] == '/'));
}

int ledger_each(struct ledger *l, const struct ledger_query *q, ledger_fact_fn *fn, void *ctx)
{
	bool glob = is_glob(q->path);
	struct slice prefix = glob ? literal_prefix(q->path) : q->path;
	struct buf sql, to;
	sqlite3_stmt *s = NULL;
	int64_t left = q->limit ? q->limit : INT64_MAX;
	int r, end = 0;

	buf_init(&sql, SQL_MAX_BYTES);
	buf_init(&to, FACT_MAX_BYTES + 8);
	after_prefix(&to, prefix);
	r = write_sql(q, &sql) ? db_prepare(l->db, buf_cstr(&sql), &s) : -EMSGSIZE;
	if (r == 0)
		bind_query(s, q, prefix, buf_slice(&to));
	while (r >= 0 && end == 0 && left > 0 && (r = db_step(s)) > 0) {
		if (q->path.n && !path_fits(q->path, glob, db_text(s, 2)))
			continue;
		left--;
		end = fn(ctx, db_int(s, 0), db_blob(s, 1));
	}
	sqlite3_finalize(s);
	buf_done(&sql);
	buf_done(&to);
	return end ? end : r < 0 ? r : 0;
}

/* ---- heads and proofs ---- */

static int head_step(sqlite3_stmt *s, struct ledger_head *out)
{
	struct ledger_head h;
	int r = db_step(s);

	if (r > 0 && !head_row(s, &h))
		r = -EBADMSG;
	db_reset(s);
	if (r > 0)
		*out = h;
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

int ledger_head(struct ledger *l, struct ledger_head *out)
{
	return head_step(l->head, out);
}

/* The head of exactly this size; between two heads an unsigned one with the root. */
static int head_of_size(struct ledger *l, int64_t size, struct ledger_head *out)
{
	int r;

	db_bind_int(l->head_of, 1, size);
	r = head_step(l->head_of, out);
	if (r != -ENOENT)
		return r;
	*out = (struct ledger_head){.size = size};
	return tree_range(&l->tiles, 0, size, &out->root);
}

static int inclusion(struct ledger *l, int64_t seq, struct buf *out, struct err *e)
{
	struct ledger_head head;
	struct tree_path path;
	struct buf body;
	int r = ledger_head(l, &head);

	if (r == 0 && (seq < 1 || seq > head.size))
		r = -ENOENT;
	if (r < 0)
		return err_set(e, r, "there is no fact %lld under a signed head",
		               (long long)seq);
	buf_init(&body, FACT_MAX_BYTES);
	r = ledger_get(l, seq, &body);
	if (r == 0)
		r = tree_inclusion(&l->tiles, seq - 1, head.size, &path);
	if (r == 0 && !proof_inclusion(out, seq, buf_slice(&body), &path, &head))
		r = -ENOMEM;
	buf_done(&body);
	return r < 0 ? err_sys(e, r, "no proof for fact %lld", (long long)seq) : 0;
}

static int consistency(struct ledger *l, int64_t from, int64_t to, struct buf *out,
                       struct err *e)
{
	struct ledger_head a, b;
	struct tree_path path;
	int64_t size = ledger_size(l);
	int r;

	if (from < 1 || from > to || to > size)
		return err_set(e, -ENOENT, "sizes must be 1 <= from <= to <= %lld",
		               (long long)size);
	r = head_of_size(l, from, &a);
	if (r == 0)
		r = head_of_size(l, to, &b);
	if (r == 0)
		r = tree_consistency(&l->tiles, from, to, &path);
	if (r == 0 && !proof_consistency(out, &a, &b, &path))
		r = -ENOMEM;
	return r < 0 ? err_sys(e, r, "no proof") : 0;
}

/* One moment of the database for all that a proof reads. */
static void moment(struct ledger *l)
{
	tree_read(&l->tiles,
	          &(struct tree_shelf){l->tiles.shelf.get, l->tiles.shelf.put, &l->shelf});
	db_exec(l->db, "BEGIN");
}

int ledger_proof(struct ledger *l, int64_t seq, struct buf *out, struct err *e)
{
	int r;

	moment(l);
	r = inclusion(l, seq, out, e);
	db_exec(l->db, "COMMIT");
	return r;
}

int ledger_consistency(struct ledger *l, int64_t from, int64_t to, struct buf *out,
                       struct err *e)
{
	int r;

	moment(l);
	r = consistency(l, from, to, out, e);
	db_exec(l->db, "COMMIT");
	return r;
}

/* ---- contents, the table ---- */

int ledger_content(struct ledger *l, const struct hash *h)
{
	return vault_get(l->vault, h);
}

int ledger_kept(struct ledger *l, const struct hash *h)
{
	return vault_has(l->vault, h);
}

int ledger_table(struct ledger *l, struct table *out)
{
	struct err e;
	int fd = files_table(l->db, l->dir, &e), r;

	if (fd < 0)
		return fd;
	r = table_open(fd, out);
	close(fd);
	return r;
}

/* ---- the past ---- */

int ledger_rows(struct ledger *l, struct slice path, int64_t upto, ledger_row_fn *fn, void *ctx)
{
	return past_rows(l->db, path, upto, fn, ctx);
}

int64_t ledger_seq_at(struct ledger *l, int64_t at_us)
{
	int64_t seq = 0;
	int r = past_seq(l->db, at_us, &seq);

	return r < 0 ? r : seq;
}

int ledger_state(struct ledger *l, struct arena *a, struct slice root, struct slice path,
                 const struct table_state *want, const struct json **out)
{
	return past_state(l->db, a, root, path, want, out);
}
