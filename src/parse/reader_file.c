/*
 * Hash a file by reading it (never by mapping it: whoever truncates a mapped file kills
 * its reader), look at its beginning, and tell whether it changed meanwhile.
 */
#include "parse/reader.h"

#include "fact/role.h"
#include "parse/parse.h"
#include "parse/unpack.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK_BYTES  4096
#define BUDGET_BYTES (INT64_C(1) << 30) /* read before more processor time is asked for */

struct file {
	int fd;
	struct stat st;
	int64_t at, end; /* end: what it was when we began */
	struct hash_state *hash;
	uint8_t *content;
	size_t kept;  /* bytes of the beginning that lie in `content` */
	int64_t hole; /* where the next hole begins, as far as known */
	int64_t budget;
	reader_before_fn *before;
};

/* Full reads but for the end of the file; -errno. */
static ssize_t read_at(int fd, uint8_t *to, size_t n, int64_t at)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, to + got, n - got, at + (int64_t)got);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

/* ---- what goes into the hash: see READER_PLAIN_MAX_BYTES ---- */

static bool plain(const struct file *f)
{
	return f->end <= READER_PLAIN_MAX_BYTES;
}

static void hash_number(struct file *f, int64_t v)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)((uint64_t)v >> 8 * i);
	hash_add(f->hash, slice_mem(b, sizeof(b)));
}

static bool all_zero(struct slice s)
{
	return s.at[0] == 0 && memcmp(s.at, s.at + 1, s.n - 1) == 0;
}

static void hash_blocks(struct file *f, struct slice s, int64_t at)
{
	for (size_t i = 0; i < s.n; i += BLOCK_BYTES) {
		struct slice block =
		    slice_sub(s, i, i + BLOCK_BYTES < s.n ? i + BLOCK_BYTES : s.n);
		if (all_zero(block))
			continue;
		hash_number(f, at + (int64_t)i);
		hash_add(f->hash, block);
	}
}

static void hash_data(struct file *f, struct slice s)
{
	if (plain(f))
		hash_add(f->hash, s);
	else
		hash_blocks(f, s, f->at);
	f->at += (int64_t)s.n;
	f->budget -= (int64_t)s.n;
	if (f->budget < 0 && f->before) {
		f->budget = BUDGET_BYTES;
		f->before(BUDGET_BYTES);
	}
}

static void hash_hole(struct file *f, int64_t to)
{
	static const uint8_t zeros[65536];

	while (plain(f) && f->at < to) {
		size_t n =
		    to - f->at < (int64_t)sizeof(zeros) ? (size_t)(to - f->at) : sizeof(zeros);
		hash_add(f->hash, slice_mem(zeros, n));
		f->at += (int64_t)n;
	}
	f->at = to;
}

/* ---- reading ---- */

/* A file with fewer blocks than bytes has holes: they are zeros and need not be read. */
static bool sparse(const struct stat *st)
{
	return st->st_size > (int64_t)READER_CHUNK_BYTES && st->st_blocks * 512 < st->st_size;
}

/* Pass over a hole that begins here; what is read next begins with a block. */
static void skip_hole(struct file *f)
{
	if (!sparse(&f->st) || f->at < f->hole)
		return;
	int64_t data = lseek(f->fd, f->at, SEEK_DATA);
	if (data < 0)
		data = errno == ENXIO ? f->end : f->at;
	f->hole = lseek(f->fd, data, SEEK_HOLE);
	if (data < f->end)
		data -= data % BLOCK_BYTES;
	if (data > f->at)
		hash_hole(f, data < f->end ? data : f->end);
}

/* How much to read here: a buffer, to the end, or to the end of the block where a hole begins.
 */
static size_t stretch(const struct file *f, size_t room)
{
	int64_t n = f->end - f->at;
	int64_t data = f->hole - f->at;

	if (sparse(&f->st) && data > 0) {
		data += BLOCK_BYTES - 1 - (f->hole + BLOCK_BYTES - 1) % BLOCK_BYTES;
		n = data < n ? data : n;
	}
	return n < (int64_t)room ? (size_t)n : room;
}

/* Hash all of it; the first `keep` bytes stay in f->content. */
static int hash_all(struct file *f, size_t keep)
{
	if (!plain(f))
		hash_number(f, f->end);
	while (f->at < f->end) {
		bool beginning = f->at < (int64_t)keep;
		if (!beginning)
			skip_hole(f);
		size_t room = beginning ? keep - (size_t)f->at : READER_CHUNK_BYTES;
		/* Behind the beginning, its room's end serves as the buffer once more. */
		uint8_t *to = beginning
		                  ? f->content + f->at
		                  : f->content + PARSE_LOOK_MAX_BYTES - READER_CHUNK_BYTES;
		size_t n = stretch(f, room);
		ssize_t got = read_at(f->fd, to, n, f->at);
		if (got < 0)
			return (int)got;
		hash_data(f, slice_mem(to, (size_t)got));
		if (beginning)
			f->kept = (size_t)f->at;
		if ((size_t)got < n)
			break; /* it became shorter */
	}
	return 0;
}

static bool same_stat(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static struct json *fault(struct arena *a, int error)
{
	return reader_error(a, strerror(error));
}

/*
 * Behind an 8 MiB file's beginning the last chunk of the buffer is used again, so what is
 * looked at ends before it where more was read than the buffer holds.
 */
static struct slice looked_at(const struct file *f)
{
	size_t n = f->kept;

	if (f->end > (int64_t)PARSE_LOOK_MAX_BYTES &&
	    n > PARSE_LOOK_MAX_BYTES - READER_CHUNK_BYTES)
		n = PARSE_LOOK_MAX_BYTES - READER_CHUNK_BYTES;
	return slice_mem(f->content, n);
}

/* Of code each byte may count; an upload is a program by its beginning, or by its name. */
static struct json *look_text(struct arena *a, const struct json *ask, struct slice s,
                              struct slice path, bool whole)
{
	enum role role;

	if (!whole && role_of(json_text(ask, "role"), &role) && role_is_code(role))
		return parse_look_part(a, s, path);
	return parse_look(a, s, path);
}

/*
 * A packed copy is what is in it, under that name. What can't be unpacked is what its bytes
 * are, and not looked at whole.
 */
static struct json *look_packed(struct arena *a, const struct json *ask, struct slice s,
                                size_t most, bool whole)
{
	struct slice path = json_text(ask, "path"), text = path;
	int r = unpack(a, s, role_packing(path, &text), most, &s);
	struct json *out;
	struct hash h;
	char hex[HASH_HEX_BYTES];

	if (r < 0)
		return look_text(a, ask, s, path, false);
	whole &= r == 0;
	out = look_text(a, ask, s, text, whole);
	if (out && whole) {
		h = hash_of(s);
		hash_hex(&h, hex);
		json_put_str(a, out, "unpacked", hex);
	}
	return out;
}

static struct json *look(struct arena *a, const struct file *f, const struct json *ask)
{
	struct slice path = json_text(ask, "path"), all = looked_at(f);
	int64_t told = json_num(ask, "look_max", PARSE_LOOK_MAX_BYTES);
	size_t most = told >= 0 && told < (int64_t)PARSE_LOOK_MAX_BYTES ? (size_t)told
	                                                                : PARSE_LOOK_MAX_BYTES;
	struct slice s = slice_sub(all, 0, most);
	bool whole = (int64_t)s.n == f->at;

	if (role_packing(path, NULL) != ROLE_UNPACKED)
		return look_packed(a, ask, s, most, whole);
	return look_text(a, ask, s, path, whole);
}

struct json *reader_file(struct arena *a, const struct json *ask, int fd, bool inside,
                         struct hash_state *hash, uint8_t *content, reader_before_fn *before)
{
	struct file f = {.fd = fd, .hash = hash, .content = content, .before = before};
	int64_t max = json_num(ask, "max_bytes", INT64_MAX);
	struct json *out;
	struct stat after;
	char hex[HASH_HEX_BYTES];

	if (fstat(fd, &f.st) < 0)
		return fault(a, errno);
	if (!S_ISREG(f.st.st_mode))
		return reader_error(a, "no regular file");
	if (f.st.st_size > max)
		return reader_error(a, "too large");
	f.end = f.st.st_size;
	f.budget = f.end < BUDGET_BYTES ? f.end : BUDGET_BYTES;
	if (before)
		before(f.budget);
	int n = hash_all(&f, inside ? PARSE_LOOK_MAX_BYTES : READER_CHUNK_BYTES);
	struct hash h = hash_end(hash);
	if (n < 0)
		return fault(a, -n);
	out = inside ? look(a, &f, ask) : json_obj(a);
	if (!out)
		out = json_obj(a);
	hash_hex(&h, hex);
	json_put_str(a, out, "hash", hex);
	json_put_int(a, out, "size", f.at);
	if (fstat(fd, &after) == 0 && (!same_stat(&f.st, &after) || f.at != f.st.st_size))
		json_put_bool(a, out, "changed", true);
	return out;
}
