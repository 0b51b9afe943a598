#include "base/path.h"
#include "ledger/vault_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define VAULT_LEVEL (-1) /* fast: a first inventory keeps everything that is code */
#define FIND_TRIES  4    /* of a reader whose pack is removed meanwhile */

#define FIND "SELECT pack, place, packed, size FROM vault WHERE hash = ?"
#define PACK "SELECT id, bytes, contents, gone, chain FROM pack"

static const struct db_statement statements[] = {
    {offsetof(struct vault, find), FIND},
    {offsetof(struct vault, records),
     "SELECT place, packed, size, hash FROM vault WHERE pack = ? ORDER BY place"},
    {offsetof(struct vault, pack_get), PACK " WHERE id = ?"},
    {offsetof(struct vault, packs), PACK " ORDER BY id"},
};
static const struct db_statement writing[] = {
    {offsetof(struct vault, add),
     "INSERT INTO vault(hash, pack, place, packed, size) VALUES(?, ?, ?, ?, ?)"},
    {offsetof(struct vault, drop), "DELETE FROM vault WHERE hash = ?"},
    {offsetof(struct vault, move), "UPDATE vault SET pack = ?, place = ? WHERE hash = ?"},
    {offsetof(struct vault, pack_put),
     "INSERT OR REPLACE INTO pack(id, bytes, contents, gone, chain) VALUES(?, ?, ?, ?, ?)"},
    {offsetof(struct vault, pack_drop), "DELETE FROM pack WHERE id = ?"},
    {offsetof(struct vault, pack_worst),
     PACK " WHERE id <> ? AND (gone > bytes / 2 OR contents = 0) ORDER BY gone DESC LIMIT 1"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))
#define WRITING    (sizeof(writing) / sizeof(writing[0]))

void vault_close(struct vault *v)
{
	if (!v)
		return;
	db_finalize_all(statements, STATEMENTS, v);
	db_finalize_all(writing, WRITING, v);
	for (int i = 0; i < VAULT_OPEN_PACKS; i++) {
		if (v->open[i].fd >= 0)
			close(v->open[i].fd);
	}
	if (v->fd >= 0)
		close(v->fd);
	buf_done(&v->content);
	buf_done(&v->packed);
	ZSTD_freeCCtx(v->zip);
	ZSTD_freeDCtx(v->unzip);
	free(v);
}

static int begin(int dir, sqlite3 *db, struct vault **out, struct err *e)
{
	struct vault *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return err_set(e, -ENOMEM, "out of memory");
	v->dir = dir;
	v->db = db;
	v->fd = -1;
	v->cur.id = v->emptied = -1;
	for (int i = 0; i < VAULT_OPEN_PACKS; i++)
		v->open[i].fd = -1;
	buf_init(&v->content, VAULT_MAX_CONTENT);
	buf_init(&v->packed, VAULT_MAX_PACKED);
	v->zip = ZSTD_createCCtx();
	v->unzip = ZSTD_createDCtx();
	if (!v->zip || !v->unzip)
		r = err_set(e, -ENOMEM, "out of memory");
	else
		r = db_prepare_all(db, statements, STATEMENTS, v, "main", e);
	if (r < 0) {
		vault_close(v);
		return r;
	}
	ZSTD_CCtx_setParameter(v->zip, ZSTD_c_compressionLevel, VAULT_LEVEL);
	*out = v;
	return 0;
}

int vault_peek(int dir, sqlite3 *db, struct vault **out, struct err *e)
{
	return begin(dir, db, out, e);
}

int vault_open(int dir, sqlite3 *db, struct vault **out, struct err *e)
{
	struct vault *v;
	int r = begin(dir, db, &v, e);

	if (r < 0)
		return r;
	v->writer = true;
	r = db_prepare_all(db, writing, WRITING, v, "main", e);
	if (r == 0)
		r = vault_pack_begin(v, e);
	if (r == 0 && vault_pack_sum(v, &v->chain) < 0)
		r = db_tell(db, -EBADMSG, e);
	if (r < 0) {
		vault_close(v);
		return r;
	}
	v->committed_chain = v->chain;
	*out = v;
	return 0;
}

int vault_find(struct vault *v, sqlite3_stmt *find, const struct hash *hash,
               struct vault_record *out)
{
	int r;

	(void)v;
	db_bind_blob(find, 1, slice_mem(hash->b, HASH_BYTES));
	r = db_step(find);
	if (r > 0)
		*out = (struct vault_record){db_int(find, 0), db_int(find, 1), db_int(find, 2),
		                             db_int(find, 3)};
	db_reset(find);
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

/* ---- the chain ---- */

void vault_chain_add(struct vault_pack *p, const struct vault_record *rec,
                     const struct hash *hash)
{
	struct buf b;

	buf_init(&b, 128);
	buf_add(&b, slice_mem(p->chain.b, HASH_BYTES));
	buf_add(&b, slice_mem(hash->b, HASH_BYTES));
	buf_u64(&b, (uint64_t)rec->place);
	buf_u64(&b, (uint64_t)rec->packed);
	buf_u64(&b, (uint64_t)rec->size);
	p->chain = hash_of(buf_slice(&b));
	p->contents++;
	buf_done(&b);
}

struct vault_chain vault_chain(const struct vault *v)
{
	return v->chain;
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

void vault_header(struct buf *out, const struct vault_record *rec, const struct hash *hash)
{
	buf_str(out, VAULT_MAGIC);
	buf_u64(out, (uint64_t)rec->size);
	buf_u64(out, (uint64_t)rec->packed);
	buf_add(out, slice_mem(hash->b, HASH_BYTES));
}

static int pack(struct vault *v, struct vault_record *rec, const struct hash *hash)
{
	size_t bound = ZSTD_compressBound(v->content.n), n;
	uint8_t *to;

	buf_reset(&v->packed);
	to = buf_reserve(&v->packed, VAULT_RECORD_BYTES + bound);
	if (!to)
		return -ENOMEM;
	n = ZSTD_compress2(v->zip, to + VAULT_RECORD_BYTES, bound, v->content.at, v->content.n);
	if (ZSTD_isError(n))
		return -ENOMEM;
	rec->size = (int64_t)v->content.n;
	rec->packed = (int64_t)n;
	vault_header(&v->packed, rec, hash);
	buf_commit(&v->packed, n);
	return buf_ok(&v->packed) ? 0 : -ENOMEM;
}

static int write_record(struct vault *v)
{
	size_t done = 0;

	while (done < v->packed.n) {
		ssize_t n = pwrite(v->fd, v->packed.at + done, v->packed.n - done,
		                   (off_t)v->cur.bytes + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || errno == EDQUOT ? -ENOSPC : -errno;
		done += (size_t)n;
	}
	v->dirty = true;
	return 0;
}

int vault_append(struct vault *v, struct vault_record *rec, const struct hash *hash)
{
	bool full = v->cur.bytes >= VAULT_PACK_BYTES || v->cur.contents >= VAULT_PACK_CONTENTS;
	int r = full ? vault_pack_next(v) : 0;

	if (r == 0)
		r = write_record(v);
	if (r < 0)
		return r;
	rec->pack = v->cur.id;
	rec->place = v->cur.bytes + VAULT_RECORD_BYTES;
	vault_chain_add(&v->cur, rec, hash);
	v->cur.bytes += (int64_t)v->packed.n;
	v->touched = true;
	return 0;
}

int vault_keep(struct vault *v, int fd, const struct hash *hash)
{
	struct vault_record rec;
	struct hash is;
	int r = vault_find(v, v->find, hash, &rec);

	if (r != -ENOENT)
		return r;
	r = read_whole(fd, &v->content);
	if (r < 0)
		return r;
	is = hash_of(buf_slice(&v->content));
	if (!hash_eq(&is, hash))
		return -ESTALE;
	r = pack(v, &rec, hash);
	if (r == 0)
		r = vault_append(v, &rec, hash);
	if (r < 0)
		return r;
	db_bind_blob(v->add, 1, slice_mem(hash->b, HASH_BYTES));
	db_bind_int(v->add, 2, rec.pack);
	db_bind_int(v->add, 3, rec.place);
	db_bind_int(v->add, 4, rec.packed);
	db_bind_int(v->add, 5, rec.size);
	r = db_run(v->add);
	return r < 0 ? r : 1;
}

/* ---- transactions ---- */

static int put_current(struct vault *v)
{
	db_bind_int(v->pack_put, 1, v->cur.id);
	db_bind_int(v->pack_put, 2, v->cur.bytes);
	db_bind_int(v->pack_put, 3, v->cur.contents);
	db_bind_int(v->pack_put, 4, v->cur.gone);
	db_bind_blob(v->pack_put, 5, slice_mem(v->cur.chain.b, HASH_BYTES));
	return db_run(v->pack_put);
}

int vault_flush(struct vault *v)
{
	int r = v->touched ? put_current(v) : 0;

	if (r == 0 && v->touched)
		r = vault_pack_sum(v, &v->chain);
	if (r == 0)
		v->touched = false;
	return r;
}

int vault_sync(struct vault *v)
{
	if (v->dirty && fdatasync(v->fd) < 0)
		return errno == EDQUOT ? -ENOSPC : -errno;
	if (v->fresh_pack && fsync(v->dir) < 0)
		return -errno;
	v->dirty = v->fresh_pack = false;
	return 0;
}

/* Give the bytes of what was dropped back: whole blocks, where the filesystem can. */
static void punch(struct vault *v)
{
	for (size_t i = 0; i < v->holes; i++) {
		const struct vault_hole *h = &v->hole[i];
		int fd = vault_pack_fd(v, h->pack);

		if (fd >= 0 &&
		    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)h->at,
		              (off_t)h->bytes) < 0 &&
		    errno == EOPNOTSUPP)
			break;
	}
	v->holes = 0;
}

void vault_committed(struct vault *v)
{
	v->committed = v->cur;
	v->committed_chain = v->chain;
	punch(v);
	if (v->emptied >= 0) {
		char name[VAULT_NAME_BYTES];

		vault_pack_forget(v, v->emptied);
		vault_pack_name(v->emptied, name);
		unlinkat(v->dir, name, 0);
	}
	v->emptied = -1;
}

int vault_rollback(struct vault *v)
{
	v->chain = v->committed_chain;
	v->dirty = v->touched = false;
	v->holes = 0;
	v->emptied = -1;
	return vault_pack_back(v);
}

/* ---- reading ---- */

int vault_unpack(struct vault *v, const struct vault_record *rec, const struct hash *hash)
{
	struct hash is;
	uint8_t *to;
	size_t n;
	int fd;

	buf_reset(&v->content);
	buf_reset(&v->packed);
	if (rec->size < 0 || rec->size > (int64_t)VAULT_MAX_CONTENT || rec->packed < 0 ||
	    rec->packed > (int64_t)VAULT_MAX_PACKED - VAULT_RECORD_BYTES)
		return -EBADMSG;
	fd = vault_pack_fd(v, rec->pack);
	if (fd < 0)
		return fd;
	vault_header(&v->packed, rec, hash);
	to = buf_reserve(&v->packed, (size_t)rec->packed + 1);
	if (!to)
		return -ENOMEM;
	if (pread(fd, to, (size_t)rec->packed, (off_t)rec->place) != (ssize_t)rec->packed)
		return -EBADMSG;
	buf_commit(&v->packed, (size_t)rec->packed);
	to = buf_reserve(&v->content, (size_t)rec->size + 1);
	if (!to)
		return -ENOMEM;
	n = ZSTD_decompressDCtx(v->unzip, to, (size_t)rec->size,
	                        v->packed.at + VAULT_RECORD_BYTES, (size_t)rec->packed);
	if (ZSTD_isError(n) || n != (size_t)rec->size)
		return -EBADMSG;
	buf_commit(&v->content, n);
	is = hash_of(buf_slice(&v->content));
	return hash_eq(&is, hash) ? 0 : -EBADMSG;
}

static bool same_record(const struct vault_record *a, const struct vault_record *b)
{
	return a->pack == b->pack && a->place == b->place && a->packed == b->packed;
}

/* The writer may have moved or dropped it since its row was read: then the row is another. */
static int fetch(struct vault *v, const struct hash *hash)
{
	struct vault_record rec, last = {.pack = -1};
	int r = -ENOENT;

	for (int i = 0; i < FIND_TRIES; i++) {
		int found = vault_find(v, v->find, hash, &rec);

		if (found < 0)
			return found;
		if (i && same_record(&rec, &last))
			break;
		r = vault_unpack(v, &rec, hash);
		if (r != -ENOENT && r != -EBADMSG)
			return r;
		last = rec;
	}
	return r == -ENOENT ? -EBADMSG : r; /* a row without its pack */
}

/* A memfd that nobody can alter any more. */
static int sealed(struct slice s)
{
	int fd = memfd_create("hinoban-content", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return -errno;
	r = path_write(fd, s);
	if (r < 0) {
		close(fd);
		return r;
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
	int r = fetch(v, hash);

	return r < 0 ? r : sealed(buf_slice(&v->content));
}

int vault_get_packed(struct vault *v, const struct hash *hash)
{
	int r = fetch(v, hash);

	return r < 0
	           ? r
	           : sealed(slice_sub(buf_slice(&v->packed), VAULT_RECORD_BYTES, v->packed.n));
}

int vault_has(struct vault *v, const struct hash *hash)
{
	struct vault_record rec;
	int r = vault_find(v, v->find, hash, &rec);

	return r == 0 ? 1 : r == -ENOENT ? 0 : r;
}
