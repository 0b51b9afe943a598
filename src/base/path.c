#include "base/path.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/*
 * One name after the other, so that no link on the way can lead elsewhere. (openat2 would
 * do it in one call, but its flags lie in memory, where the guard's seccomp filter can't
 * see whether they write.)
 */
static int open_name(int dir, struct slice name, int flags)
{
	char text[NAME_MAX + 1];
	int fd;

	if (name.n > NAME_MAX)
		return -ENAMETOOLONG;
	if (slice_eq(name, SLICE("..")))
		return -EINVAL;
	if (name.n)
		memcpy(text, name.at, name.n);
	text[name.n] = '\0';
	fd = openat(dir, name.n ? text : ".",
	            flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int path_open(int base, struct slice path, int flags)
{
	AUTO_FD at = -1;
	size_t end;

	while ((end = slice_chr(path, '/')) != SIZE_MAX) {
		int next = open_name(at < 0 ? base : at, slice_sub(path, 0, end),
		                     O_PATH | O_DIRECTORY);
		if (next < 0)
			return next;
		if (at >= 0)
			close(at);
		at = next;
		path = slice_sub(path, end + 1, path.n);
	}
	return open_name(at < 0 ? base : at, path, flags);
}

static int leaf_name(struct slice path, char name[256])
{
	struct slice leaf = path_leaf(path);

	if (leaf.n == 0 || leaf.n > NAME_MAX)
		return -ENAMETOOLONG;
	if (slice_eq(leaf, SLICE("..")))
		return -EINVAL;
	memcpy(name, leaf.at, leaf.n);
	name[leaf.n] = '\0';
	return 0;
}

int path_open_parent(int base, struct slice path, char name[256])
{
	int r = leaf_name(path, name);

	return r < 0 ? r : path_open(base, path_dir(path), O_PATH | O_DIRECTORY);
}

void path_near_init(struct path_near *n)
{
	*n = (struct path_near){.base = -1, .fd = -1};
	buf_init(&n->path, PATH_MAX_BYTES);
}

void path_near_forget(struct path_near *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
	buf_reset(&n->path);
}

void path_near_done(struct path_near *n)
{
	path_near_forget(n);
	buf_done(&n->path);
}

/* One name further down: 0 or -errno, and then it stays where it is. */
static int near_step(struct path_near *n, struct slice name)
{
	int fd = open_name(n->fd < 0 ? n->base : n->fd, name, O_PATH | O_DIRECTORY);

	if (fd < 0)
		return fd;
	if (n->fd >= 0)
		close(n->fd);
	n->fd = fd;
	if (n->path.n)
		buf_byte(&n->path, '/');
	buf_add(&n->path, name);
	return buf_ok(&n->path) ? 0 : -ENAMETOOLONG;
}

int path_near_parent(struct path_near *n, int base, struct slice path, char name[256])
{
	struct slice dir = path_dir(path);
	int r = leaf_name(path, name);

	if (n->base != base || !buf_ok(&n->path) || !path_below(dir, buf_slice(&n->path)))
		path_near_forget(n);
	n->base = base;
	for (size_t at = n->path.n ? n->path.n + 1 : 0; r == 0 && at < dir.n;) {
		struct slice rest = slice_sub(dir, at, dir.n);
		size_t end = slice_chr(rest, '/');
		r = near_step(n, slice_sub(rest, 0, end == SIZE_MAX ? rest.n : end));
		at = end == SIZE_MAX ? dir.n : at + end + 1;
	}
	if (r < 0)
		return r;
	return n->fd < 0 ? base : n->fd;
}

void path_join(struct buf *out, struct slice dir, struct slice name)
{
	buf_reset(out);
	buf_add(out, dir);
	if (dir.n)
		buf_byte(out, '/');
	buf_add(out, name);
}

void path_go(struct buf *out, struct slice path)
{
	if (path.n && path.at[0] == '/')
		buf_reset(out);
	while (path.n) {
		size_t slash = slice_chr(path, '/');
		struct slice name = slice_sub(path, 0, slash);

		path =
		    slash == SIZE_MAX ? (struct slice){0} : slice_sub(path, slash + 1, path.n);
		if (slice_eq(name, SLICE(".."))) {
			out->n = path_dir(buf_slice(out)).n;
		} else if (name.n && !slice_eq(name, SLICE("."))) {
			buf_byte(out, '/');
			buf_add(out, name);
		}
	}
}

bool path_below(struct slice path, struct slice dir)
{
	if (dir.n == 0)
		return true;
	return slice_starts(path, dir) && (path.n == dir.n || path.at[dir.n] == '/');
}

static size_t last_slash(struct slice path)
{
	size_t n = path.n;

	while (n > 0 && path.at[n - 1] != '/')
		n--;
	return n; /* just behind it; 0: there is none */
}

int path_write(int fd, struct slice s)
{
	while (s.n) {
		ssize_t n = write(fd, s.at, s.n);

		if (n < 0 && errno != EINTR)
			return errno == EDQUOT ? -ENOSPC : -errno;
		if (n == 0)
			return -EIO;
		s = slice_sub(s, n > 0 ? (size_t)n : 0, s.n);
	}
	return 0;
}

struct slice path_dir(struct slice path)
{
	size_t n = last_slash(path);

	return slice_sub(path, 0, n ? n - 1 : 0);
}

struct slice path_leaf(struct slice path)
{
	return slice_sub(path, last_slash(path), path.n);
}

bool path_text(struct buf *out, struct slice path)
{
	size_t before = out->n;

	text_path(out, slice_sub(path, 0, PATH_TEXT_MAX_BYTES + 1));
	if (path.n <= PATH_TEXT_MAX_BYTES && out->n - before <= PATH_TEXT_MAX_BYTES)
		return true;
	/* Cut in the raw bytes, well-formed again by escaping. */
	struct slice head = slice_sub(path, 0, 1024);
	out->n = before;
	out->broken = false;
	text_path(out, head);
	buf_str(out, "...");
	return false;
}
