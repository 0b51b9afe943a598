#include "ledger/vault.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zstd.h>

#define VAULT_MAGIC      "HNBVAULT"
#define VAULT_LEVEL      (-1) /* fast: a first inventory keeps everything that is code */
#define VAULT_MAX_PACKED ((size_t)VAULT_MAX_CONTENT + (VAULT_MAX_CONTENT >> 7) + 4096)

struct vault {
	sqlite3 *db;
	sqlite3_stmt *find, *add;
	int fd;
	int64_t end, committed; /* where the next record goes; where the last commit ended */
	bool dirty;
	struct vault_chain chain, committed_chain;
	struct buf content, packed;
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
};

struct record {
	int64_t place, packed, size;
};

static const struct db_statement statements[] = {
    {offsetof(struct vault, find), "SELECT place, packed, size FROM vault WHERE hash = ?"},
    {offsetof(struct vault, add),
     "INSERT INTO vault(hash, place, packed, size) VALUES(?, ?, ?, ?)"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

void vault_close(struct vault *v)
{
	if (!v)
		return;
	db_finalize_all(statements, STATEMENTS, v);
	if (v->fd >= 0)
		close(v->fd);
	buf_done(&v->content);
	buf_done(&v->packed);
	ZSTD_freeCCtx(v->pack);
	ZSTD_freeDCtx(v->unpack);
	free(v);
}

static int begin(int dir, sqlite3 *db, int flags, struct vault **out, struct err *e)
{
	struct vault *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return err_set(e, -ENOMEM, "out of memory");
	v->db = db;
	buf_init(&v->content, VAULT_MAX_CONTENT);
	buf_init(&v->packed, VAULT_MAX_PACKED);
	v->pack = ZSTD_createCCtx();
	v->unpack = ZSTD_createDCtx();
	v->fd = openat(dir, VAULT_NAME, flags | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (v->fd < 0)
		r = err_sys(e, -errno, VAULT_NAME);
	else if (!v->pack || !v->unpack)
		r = err_set(e, -ENOMEM, "out of memory");
	else
		r = db_prepare_all(db, statements, STATEMENTS, v, "main", e);
	if (r < 0) {
		vault_close(v);
		return r;
	}
	ZSTD_CCtx_setParameter(v->pack, ZSTD_c_compressionLevel, VAULT_LEVEL);
	*out = v;
	return 0;
}

int vault_peek(int dir, sqlite3 *db, struct vault **out, struct err *e)
{
	return begin(dir, db, O_RDONLY, out, e);
}

int vault_open(int dir, sqlite3 *db, struct vault **out, struct err *e)
{
	struct vault *v;
	struct stat st;
	int64_t end = 0;
	int r = begin(dir, db, O_RDWR | O_CREAT, &v, e);

	if (r < 0)
		return r;
	r = db_number(db, "SELECT max(place + packed) FROM vault", 0, &end);
	if (r < 0)
		r = db_tell(db, r, e);
	else if (fstat(v->fd, &st) < 0)
		r = err_sys(e, -errno, VAULT_NAME);
	else if (st.st_size > end && ftruncate(v->fd, end) < 0)
		r = err_sys(e, -errno, "can't cut off the torn end of " VAULT_NAME);
	if (r < 0) {
		vault_close(v);
		return r;
	}
	/* A pack that is too short lost contents: verify says so; new ones go where they
	 * belong. */
	v->end = v->committed = end;
	*out = v;
	return 0;
}

static int find(struct vault *v, const struct hash *hash, struct record *out)
{
	int r;

	db_bind_blob(v->find, 1, slice_mem(hash->b, HASH_BYTES));
	r = db_step(v->find);
	if (r > 0)
		*out =
		    (struct record){db_int(v->find, 0), db_int(v->find, 1), db_int(v->find, 2)};
	db_reset(v->find);
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

/* ---- the chain ---- */

static void chain_add(struct vault_chain *c, const struct record *rec, const struct hash *hash)
{
	struct buf b;

	buf_init(&b, 128);
	buf_add(&b, slice_mem(c->hash.b, HASH_BYTES));
	buf_add(&b, slice_mem(hash->b, HASH_BYTES));
	buf_u64(&b, (uint64_t)rec->place);
	buf_u64(&b, (uint64_t)rec->packed);
	buf_u64(&b, (uint64_t)rec->size);
	c->hash = hash_of(buf_slice(&b));
	c->contents++;
	buf_done(&b);
}

struct vault_chain vault_chain(const struct vault *v)
{
	return v->chain;
}

void vault_resume(struct vault *v, const struct vault_chain *c)
{
	v->chain = v->committed_chain = *c;
}

/* ---- writing ---- */

static int read_whole(int fd, struct buf *out)
{
	struct stat st;

	buf_reset(out);
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ESTALE;
	if (st.st_size > (off_t)VAULT_MAX_CONTENT)
		return -EFBIG;
	while (out->n < (size_t)st.st_size) {
		size_t want = (size_t)st.st_size - out->n;
		uint8_t *to = buf_reserve(out, want);
		ssize_t n = to ? pread(fd, to, want, (off_t)out->n) : -1;

		if (!to || (n < 0 && errno != EINTR))
			return to ? -errno : -ENOMEM;
		if (n == 0)
			return -ESTALE; /* it shrank under us */
		if (n > 0)
			buf_commit(out, (size_t)n);
	}
	return 0;
}

static int pack(struct vault *v, const struct hash *hash)
{
	size_t bound = ZSTD_compressBound(v->content.n), n;
	uint8_t *to;

	buf_reset(&v->packed);
	to = buf_reserve(&v->packed, VAULT_RECORD_BYTES + bound);
	if (!to)
		return -ENOMEM;
	n = ZSTD_compress2(v->pack, to + VAULT_RECORD_BYTES, bound, v->content.at,
	                   v->content.n);
	if (ZSTD_isError(n))
		return -ENOMEM;
	buf_str(&v->packed, VAULT_MAGIC);
	buf_u64(&v->packed, v->content.n);
	buf_u64(&v->packed, n);
	buf_add(&v->packed, slice_mem(hash->b, HASH_BYTES));
	buf_commit(&v->packed, n);
	return buf_ok(&v->packed) ? 0 : -ENOMEM;
}

static int append(struct vault *v)
{
	size_t done = 0;

	while (done < v->packed.n) {
		ssize_t n = pwrite(v->fd, v->packed.at + done, v->packed.n - done,
		                   (off_t)v->end + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || errno == EDQUOT ? -ENOSPC : -errno;
		done += (size_t)n;
	}
	v->dirty = true;
	return 0;
}

int vault_keep(struct vault *v, int fd, const struct hash *hash)
{
	struct record rec;
	struct hash is;
	int r = find(v, hash, &rec);

	if (r != -ENOENT)
		return r;
	r = read_whole(fd, &v->content);
	if (r < 0)
		return r;
	is = hash_of(buf_slice(&v->content));
	if (!hash_eq(&is, hash))
		return -ESTALE;
	r = pack(v, hash);
	if (r == 0)
		r = append(v);
	if (r < 0)
		return r;
	rec = (struct record){.place = v->end + VAULT_RECORD_BYTES,
	                      .packed = (int64_t)v->packed.n - VAULT_RECORD_BYTES,
	                      .size = (int64_t)v->content.n};
	db_bind_blob(v->add, 1, slice_mem(hash->b, HASH_BYTES));
	db_bind_int(v->add, 2, rec.place);
	db_bind_int(v->add, 3, rec.packed);
	db_bind_int(v->add, 4, rec.size);
	r = db_run(v->add);
	if (r < 0)
		return r;
	chain_add(&v->chain, &rec, hash);
	v->end += (int64_t)v->packed.n;
	return 1;
}

int vault_sync(struct vault *v)
{
	if (!v->dirty)
		return 0;
	if (fdatasync(v->fd) < 0)
		return errno == EDQUOT ? -ENOSPC : -errno;
	v->dirty = false;
	return 0;
}

void vault_committed(struct vault *v)
{
	v->committed = v->end;
	v->committed_chain = v->chain;
}

int vault_rollback(struct vault *v)
{
	v->end = v->committed;
	v->chain = v->committed_chain;
	v->dirty = false;
	return ftruncate(v->fd, v->end) < 0 ? -errno : 0;
}

/* ---- reading ---- */

/* Read a record's packed bytes and unpack them into v->content. */
static int unpack(struct vault *v, const struct record *rec, const struct hash *hash)
{
	struct hash is;
	uint8_t *to;
	size_t n;

	buf_reset(&v->content);
	buf_reset(&v->packed);
	if (rec->size < 0 || rec->size > (int64_t)VAULT_MAX_CONTENT || rec->packed < 0 ||
	    rec->packed > (int64_t)VAULT_MAX_PACKED)
		return -EBADMSG;
	to = buf_reserve(&v->packed, (size_t)rec->packed + 1);
	if (!to)
		return -ENOMEM;
	if (pread(v->fd, to, (size_t)rec->packed, (off_t)rec->place) != (ssize_t)rec->packed)
		return -EBADMSG;
	buf_commit(&v->packed, (size_t)rec->packed);
	to = buf_reserve(&v->content, (size_t)rec->size + 1);
	if (!to)
		return -ENOMEM;
	n = ZSTD_decompressDCtx(v->unpack, to, (size_t)rec->size, v->packed.at, v->packed.n);
	if (ZSTD_isError(n) || n != (size_t)rec->size)
		return -EBADMSG;
	buf_commit(&v->content, n);
	is = hash_of(buf_slice(&v->content));
	return hash_eq(&is, hash) ? 0 : -EBADMSG;
}

/* A memfd that nobody can alter any more. */
static int sealed(struct slice s)
{
	int fd = memfd_create("hinoban-content", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	while (s.n) {
		ssize_t n = write(fd, s.at, s.n);

		if (n < 0) {
			n = -errno;
			close(fd);
			return (int)n;
		}
		s = slice_sub(s, (size_t)n, s.n);
	}
	if (lseek(fd, 0, SEEK_SET) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) <
	        0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

int vault_get(struct vault *v, const struct hash *hash)
{
	struct record rec;
	int r = find(v, hash, &rec);

	if (r == 0)
		r = unpack(v, &rec, hash);
	return r < 0 ? r : sealed(buf_slice(&v->content));
}

int vault_has(struct vault *v, const struct hash *hash)
{
	struct record rec;
	int r = find(v, hash, &rec);

	return r == 0 ? 1 : r == -ENOENT ? 0 : r;
}

/* ---- verifying ---- */

static bool header_good(struct vault *v, const struct record *rec, const struct hash *hash)
{
	uint8_t raw[VAULT_RECORD_BYTES];
	struct cursor c = cursor_over(slice_mem(raw, sizeof(raw)));
	uint64_t size, packed;
	struct slice h;

	return rec->place >= VAULT_RECORD_BYTES &&
	       pread(v->fd, raw, sizeof(raw), (off_t)(rec->place - VAULT_RECORD_BYTES)) ==
	           (ssize_t)sizeof(raw) &&
	       cursor_eat(&c, SLICE(VAULT_MAGIC)) && cursor_u64(&c, &size) &&
	       cursor_u64(&c, &packed) && cursor_take(&c, HASH_BYTES, &h) &&
	       size == (uint64_t)rec->size && packed == (uint64_t)rec->packed &&
	       memcmp(h.at, hash->b, HASH_BYTES) == 0;
}

int vault_verify(struct vault *v, vault_fault_fn *fault, void *ctx, struct vault_chain *out)
{
	sqlite3_stmt *s = NULL;
	struct record rec;
	struct hash hash;
	int64_t end = 0;
	int r =
	    db_prepare(v->db, "SELECT place, packed, size, hash FROM vault ORDER BY place", &s);

	*out = (struct vault_chain){0};
	while (r >= 0 && (r = db_step(s)) > 0) {
		rec = (struct record){db_int(s, 0), db_int(s, 1), db_int(s, 2)};
		if (!db_hash(s, 3, &hash)) {
			fault(ctx, rec.place, "a row of vault without a hash");
			continue;
		}
		/* Records stand gaplessly: a row taken away leaves its bytes behind. */
		if (rec.place - VAULT_RECORD_BYTES != end)
			fault(ctx, end, "bytes in vault.pack that no row of vault knows");
		end = rec.place + rec.packed;
		chain_add(out, &rec, &hash);
		if (!header_good(v, &rec, &hash))
			fault(ctx, rec.place,
			      "the record in vault.pack is not the one of its row");
		else if (unpack(v, &rec, &hash) < 0)
			fault(ctx, rec.place, "the content is not what its hash says");
	}
	sqlite3_finalize(s);
	return r;
}
