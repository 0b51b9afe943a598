#include "face/bundle.h"
#include "base/path.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAR_BLOCK      512
#define SUMS_NAME      "SHA256SUMS"
#define SUMS_MAX_BYTES (64u << 20)
#define FILE_MODE      0400

/* POSIX.1-1988, "ustar". Numbers are octal text. */
struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155],
	    pad[12];
};
_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a block of tar");

int bundle_open(const char *to, struct bundle *out)
{
	struct bundle b = {.tar = slice_ends(slice_str(to), SLICE(".tar")),
	                   .at_us = clock_now_us()};

	if (b.tar) {
		b.fd =
		    open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
	} else {
		if (mkdir(to, 0700) < 0)
			return -errno;
		b.fd = open(to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (b.fd < 0)
		return -errno;
	buf_init(&b.sums, SUMS_MAX_BYTES);
	*out = b;
	return 0;
}

/* ---- tar ---- */

static int put_header(struct bundle *b, const char *name, size_t size)
{
	struct tar_header h = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
	unsigned sum = 0;

	snprintf(h.name, sizeof(h.name), "%s", name);
	snprintf(h.mode, sizeof(h.mode), "%07o", FILE_MODE);
	snprintf(h.uid, sizeof(h.uid), "%07o", 0);
	snprintf(h.gid, sizeof(h.gid), "%07o", 0);
	snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size);
	snprintf(h.mtime, sizeof(h.mtime), "%011llo",
	         (unsigned long long)(b->at_us / 1000000) & 077777777777ULL);
	memset(h.sum, ' ', sizeof(h.sum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((const uint8_t *)&h)[i];
	snprintf(h.sum, sizeof(h.sum), "%06o", sum);
	return path_write(b->fd, slice_mem(&h, sizeof(h)));
}

static int add_to_tar(struct bundle *b, const char *name, struct slice content)
{
	static const uint8_t zero[TAR_BLOCK];
	size_t over = content.n % TAR_BLOCK;
	int r = put_header(b, name, content.n);

	if (r == 0)
		r = path_write(b->fd, content);
	if (r == 0 && over)
		r = path_write(b->fd, slice_mem(zero, TAR_BLOCK - over));
	return r;
}

/* ---- a folder ---- */

static int add_to_folder(struct bundle *b, const char *name, struct slice content)
{
	size_t slash = slice_chr(slice_str(name), '/');
	char dir[BUNDLE_NAME_BYTES];
	AUTO_FD fd = -1;

	if (slash != SIZE_MAX) {
		snprintf(dir, sizeof(dir), "%.*s", (int)slash, name);
		if (mkdirat(b->fd, dir, 0700) < 0 && errno != EEXIST)
			return -errno;
	}
	fd = openat(b->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	            FILE_MODE);
	return fd < 0 ? -errno : path_write(fd, content);
}

/* ---- both ---- */

static int put(struct bundle *b, const char *name, struct slice content)
{
	b->files++;
	return b->tar ? add_to_tar(b, name, content) : add_to_folder(b, name, content);
}

int bundle_add(struct bundle *b, const char *name, struct slice content)
{
	struct hash h = hash_of(content);
	char hex[HASH_HEX_BYTES];

	if (strlen(name) >= BUNDLE_NAME_BYTES)
		return -ENAMETOOLONG;
	hash_hex(&h, hex);
	buf_printf(&b->sums, "%s  %s\n", hex, name);
	return put(b, name, content);
}

int bundle_add_fd(struct bundle *b, const char *name, int fd)
{
	struct stat st;
	void *map;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size == 0)
		return bundle_add(b, name, SLICE(""));
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	r = bundle_add(b, name, slice_mem(map, (size_t)st.st_size));
	munmap(map, (size_t)st.st_size);
	return r;
}

int bundle_end(struct bundle *b, struct hash *sums)
{
	static const uint8_t end[2 * TAR_BLOCK];
	int r = buf_ok(&b->sums) ? put(b, SUMS_NAME, buf_slice(&b->sums)) : -ENOMEM;

	if (r == 0 && b->tar)
		r = path_write(b->fd, slice_mem(end, sizeof(end)));
	if (r == 0 && (b->tar ? fsync(b->fd) : syncfs(b->fd)) < 0)
		r = -errno;
	if (r == 0)
		*sums = hash_of(buf_slice(&b->sums));
	return r;
}

/* Lines are ours: "HASH  NAME", as bundle_add wrote them. */
static void remove_files(struct bundle *b)
{
	struct cursor c = cursor_over(buf_slice(&b->sums));
	struct slice line;

	while (cursor_line(&c, &line)) {
		char name[BUNDLE_NAME_BYTES];
		struct slice s = slice_sub(line, HASH_HEX_BYTES + 1, line.n);
		size_t slash = slice_chr(s, '/');

		snprintf(name, sizeof(name), "%.*s", SLICE_ARG(s));
		unlinkat(b->fd, name, 0);
		if (slash == SIZE_MAX)
			continue;
		name[slash] = '\0';
		unlinkat(b->fd, name, AT_REMOVEDIR); /* by its last file it is empty */
	}
	unlinkat(b->fd, SUMS_NAME, 0);
}

void bundle_discard(struct bundle *b, const char *to)
{
	if (b->tar) {
		unlink(to);
		return;
	}
	remove_files(b);
	rmdir(to);
}

void bundle_close(struct bundle *b)
{
	if (b->fd >= 0)
		close(b->fd);
	buf_done(&b->sums);
}
