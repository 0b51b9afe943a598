/* vault_pack: the files and rows of packs. */
#include "ledger/vault_parts.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PACK_MODE 0640

/* ---- files ---- */

void vault_pack_name(int64_t id, char out[VAULT_NAME_BYTES])
{
	if (id == 0)
		snprintf(out, VAULT_NAME_BYTES, VAULT_NAME);
	else
		snprintf(out, VAULT_NAME_BYTES, VAULT_NAME ".%lld", (long long)id);
}

static bool pack_id(const char *name, int64_t *id)
{
	struct slice s = slice_str(name);
	char back[VAULT_NAME_BYTES];
	uint64_t n = 0;

	if (!slice_starts(s, SLICE(VAULT_NAME)))
		return false;
	s = slice_sub(s, sizeof(VAULT_NAME) - 1, s.n);
	if (s.n && (s.at[0] != '.' || !slice_u64(slice_sub(s, 1, s.n), &n) || n > INT32_MAX))
		return false;
	*id = (int64_t)n;
	vault_pack_name(*id, back);
	return strcmp(back, name) == 0;
}

static int open_file(const struct vault *v, int64_t id, int flags)
{
	char name[VAULT_NAME_BYTES];
	int fd;

	vault_pack_name(id, name);
	fd = openat(v->dir, name, flags | O_CLOEXEC | O_NOFOLLOW, PACK_MODE);
	if (fd < 0)
		return errno == EDQUOT ? -ENOSPC : -errno;
	/* Whatever the umask: the console's group reads it, as the folder's other files. */
	if (flags & O_CREAT && fchmod(fd, PACK_MODE) < 0) {
		int r = -errno;

		close(fd);
		return r == -EPERM ? open_file(v, id, flags & ~(O_CREAT | O_TRUNC)) : r;
	}
	return fd;
}

static void remove_file(const struct vault *v, int64_t id)
{
	char name[VAULT_NAME_BYTES];

	vault_pack_name(id, name);
	unlinkat(v->dir, name, 0); /* what stays is removed at the next start */
}

int vault_pack_fd(struct vault *v, int64_t id)
{
	int fd;

	if (v->fd >= 0 && v->cur.id == id)
		return v->fd;
	for (int i = 0; i < VAULT_OPEN_PACKS; i++) {
		if (v->open[i].fd >= 0 && v->open[i].id == id)
			return v->open[i].fd;
	}
	fd = open_file(v, id, v->writer ? O_RDWR : O_RDONLY);
	if (fd < 0)
		return fd;
	v->next_open = (v->next_open + 1) % VAULT_OPEN_PACKS;
	if (v->open[v->next_open].fd >= 0)
		close(v->open[v->next_open].fd);
	v->open[v->next_open].fd = fd;
	v->open[v->next_open].id = id;
	return fd;
}

void vault_pack_forget(struct vault *v, int64_t id)
{
	for (int i = 0; i < VAULT_OPEN_PACKS; i++) {
		if (v->open[i].fd < 0 || v->open[i].id != id)
			continue;
		close(v->open[i].fd);
		v->open[i].fd = -1;
	}
}

/* ---- rows ---- */

static bool read_pack(sqlite3_stmt *s, struct vault_pack *out)
{
	*out = (struct vault_pack){.id = db_int(s, 0),
	                           .bytes = db_int(s, 1),
	                           .contents = db_int(s, 2),
	                           .gone = db_int(s, 3)};
	return db_hash(s, 4, &out->chain);
}

int vault_pack_load(struct vault *v, int64_t id, struct vault_pack *out)
{
	struct vault_pack p;
	int r;

	if (v->writer && id == v->cur.id) {
		*out = v->cur;
		return 0;
	}
	db_bind_int(v->pack_get, 1, id);
	r = db_step(v->pack_get);
	if (r > 0)
		r = read_pack(v->pack_get, &p) ? 1 : -EBADMSG;
	db_reset(v->pack_get);
	if (r > 0)
		*out = p;
	return r > 0 ? 0 : r < 0 ? r : -ENOENT;
}

static int put_row(struct vault *v, const struct vault_pack *p)
{
	db_bind_int(v->pack_put, 1, p->id);
	db_bind_int(v->pack_put, 2, p->bytes);
	db_bind_int(v->pack_put, 3, p->contents);
	db_bind_int(v->pack_put, 4, p->gone);
	db_bind_blob(v->pack_put, 5, slice_mem(p->chain.b, HASH_BYTES));
	v->touched = true;
	return db_run(v->pack_put);
}

int vault_pack_store(struct vault *v, const struct vault_pack *p)
{
	if (p->id != v->cur.id)
		return put_row(v, p);
	v->cur = *p;
	v->touched = true;
	return 0;
}

int vault_pack_count(struct vault *v, int64_t id, struct vault_pack *out)
{
	struct vault_pack p = {.id = id};
	int r;

	db_bind_int(v->records, 1, id);
	while ((r = db_step(v->records)) > 0) {
		struct vault_record rec = {id, db_int(v->records, 0), db_int(v->records, 1),
		                           db_int(v->records, 2)};
		struct hash hash;

		if (!db_hash(v->records, 3, &hash)) {
			r = -EBADMSG;
			break;
		}
		vault_chain_add(&p, &rec, &hash);
	}
	db_reset(v->records);
	if (r < 0)
		return r;
	out->contents = p.contents;
	out->chain = p.chain;
	return 0;
}

int vault_pack_sum(struct vault *v, struct vault_chain *out)
{
	struct hash_state *st = hash_new();
	struct vault_chain sum = {0};
	struct vault_pack p;
	struct buf b;
	int r = st ? 0 : -ENOMEM;

	buf_init(&b, 128);
	while (r >= 0 && (r = db_step(v->packs)) > 0) {
		if (!read_pack(v->packs, &p)) {
			r = -EBADMSG;
			break;
		}
		buf_reset(&b);
		buf_u64(&b, (uint64_t)p.id);
		buf_u64(&b, (uint64_t)p.bytes);
		buf_u64(&b, (uint64_t)p.contents);
		buf_u64(&b, (uint64_t)p.gone);
		buf_add(&b, slice_mem(p.chain.b, HASH_BYTES));
		hash_add(st, buf_slice(&b));
		sum.contents += p.contents;
	}
	db_reset(v->packs);
	if (r == 0)
		sum.hash = hash_end(st);
	hash_free(st);
	buf_done(&b);
	if (r == 0)
		*out = sum;
	return r;
}

/* ---- the newest pack ---- */

static int cut_tail(struct vault *v, struct err *e)
{
	struct stat st;

	if (fstat(v->fd, &st) < 0)
		return err_sys(e, -errno, VAULT_NAME);
	if (st.st_size > v->cur.bytes && ftruncate(v->fd, v->cur.bytes) < 0)
		return err_sys(e, -errno, "can't cut off the torn end of " VAULT_NAME);
	/* One that is too short lost contents: verify says so; new ones go where they belong.
	 */
	return 0;
}

/* What a crash left between a commit and its tidying up. */
static void remove_strays(struct vault *v)
{
	int copy = openat(v->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;
	struct vault_pack p;
	int64_t id;

	while (d && (entry = readdir(d))) {
		if (pack_id(entry->d_name, &id) && id != v->cur.id &&
		    vault_pack_load(v, id, &p) == -ENOENT)
			remove_file(v, id);
	}
	if (d)
		closedir(d);
	else if (copy >= 0)
		close(copy);
}

int vault_pack_begin(struct vault *v, struct err *e)
{
	int64_t newest = 0;
	int r = db_number(v->db, "SELECT max(id) FROM pack", 0, &newest), c;

	if (r < 0)
		return db_tell(v->db, r, e);
	v->cur.id = -1;
	r = vault_pack_load(v, newest, &v->cur);
	if (r == -ENOENT)
		v->cur = (struct vault_pack){.id = newest};
	else if (r < 0)
		return db_tell(v->db, r, e);
	v->fd = open_file(v, newest, O_RDWR | O_CREAT);
	if (v->fd < 0)
		return err_sys(e, v->fd, VAULT_NAME);
	c = cut_tail(v, e);
	v->committed = v->cur;
	if (c == 0)
		remove_strays(v);
	return c;
}

int vault_pack_next(struct vault *v)
{
	int64_t id = v->cur.id + 1;
	int fd, r = put_row(v, &v->cur);

	if (r < 0)
		return r;
	fd = open_file(v, id, O_RDWR | O_CREAT | O_TRUNC);
	if (fd < 0)
		return fd;
	/* What was written to the last one must be on the disk as well. */
	if (v->dirty && fdatasync(v->fd) < 0) {
		r = errno == EDQUOT ? -ENOSPC : -errno;
		close(fd);
		remove_file(v, id);
		return r;
	}
	close(v->fd);
	v->fd = fd;
	v->cur = (struct vault_pack){.id = id};
	v->fresh_pack = v->touched = true;
	return 0;
}

int vault_pack_back(struct vault *v)
{
	if (v->cur.id != v->committed.id) {
		int fd = open_file(v, v->committed.id, O_RDWR);

		if (fd < 0)
			return fd;
		for (int64_t id = v->cur.id; id > v->committed.id; id--)
			remove_file(v, id);
		close(v->fd);
		v->fd = fd;
		v->fresh_pack = false;
	}
	v->cur = v->committed;
	return ftruncate(v->fd, v->cur.bytes) < 0 ? -errno : 0;
}
