#include "conf/roots.h"
#include "base/path.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_MAX_BYTES 8192 /* as a fact writes it */
#define LINKS_MOST     40   /* as the kernel follows, path_resolution(7) */

static bool path_of(const struct conf *c, size_t i, char path[PATH_MAX])
{
	struct slice s = c->root[i].path;

	if (s.n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(path, s.at, s.n);
	path[s.n] = '\0';
	return true;
}

int root_open(const struct conf *c, size_t i)
{
	char path[PATH_MAX];

	return path_of(c, i, path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

enum root_place root_place(const struct conf *c, size_t i, int fd)
{
	char path[PATH_MAX];
	struct stat was, now;
	int r = path_of(c, i, path) ? stat(path, &now) : -1;

	if (r < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return ROOT_STANDS;
	if (r < 0 || !S_ISDIR(now.st_mode))
		return fd < 0 ? ROOT_STANDS : ROOT_GONE;
	if (fd >= 0 && fstat(fd, &was) == 0 && was.st_ino == now.st_ino &&
	    was.st_dev == now.st_dev)
		return ROOT_STANDS;
	return ROOT_OTHER;
}

uint32_t roots_renew(const struct conf *c, int fd[])
{
	uint32_t changed = 0;

	for (size_t i = 0; i < c->roots; i++) {
		enum root_place to = root_place(c, i, fd[i]);
		int fresh = to == ROOT_OTHER ? root_open(c, i) : -1;

		/* Not for want of a descriptor. */
		if (to == ROOT_STANDS || (to == ROOT_OTHER && fresh < 0))
			continue;
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = fresh;
		changed |= UINT32_C(1) << i;
	}
	return changed;
}

/* The first name of a path that is still to go, taken off it. False: there is none left. */
static bool next_name(char rest[PATH_MAX], char name[NAME_MAX + 1])
{
	char *at = rest + strspn(rest, "/");
	size_t n = strcspn(at, "/");

	if (n == 0 || n > NAME_MAX)
		return false;
	memcpy(name, at, n);
	name[n] = '\0';
	memmove(rest, at + n, strlen(at + n) + 1);
	return true;
}

/* Where that is a link, what it says comes before the rest. */
static bool follow(int dir, const char *name, char rest[PATH_MAX])
{
	char to[PATH_MAX];
	ssize_t n = readlinkat(dir, name, to, sizeof(to) - 1);
	size_t left = strlen(rest) + 1;

	if (n <= 0 || (size_t)n + 1 + left > PATH_MAX)
		return false;
	memmove(rest + n + 1, rest, left);
	memcpy(rest, to, (size_t)n);
	rest[n] = '/';
	return true;
}

void root_above(const struct conf *c, size_t i, void (*met)(void *ctx, int dir), void *ctx)
{
	static const int how = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char rest[PATH_MAX], name[NAME_MAX + 1];
	int dir = open("/", how), links = 0;

	if (!path_of(c, i, rest))
		rest[0] = '\0';
	while (dir >= 0 && next_name(rest, name)) {
		int next;

		met(ctx, dir);
		next = openat(dir, name, how);
		if (next < 0 && links++ < LINKS_MOST && follow(dir, name, rest)) {
			if (rest[0] != '/')
				continue;
			next = open("/", how);
		}
		close(dir);
		dir = next;
	}
	if (dir >= 0)
		close(dir);
}

struct json *roots_json(struct arena *a, const struct conf *c)
{
	struct json *arr = json_arr(a);

	for (size_t i = 0; i < c->roots; i++) {
		struct buf text;

		buf_init(&text, 8 * PATH_TEXT_MAX_BYTES);
		path_text(&text, c->root[i].path);
		json_push(arr, json_str(a, buf_slice(&text)));
		buf_done(&text);
	}
	return arr;
}

bool root_of_fact(const struct conf *c, const struct json *fact, uint32_t *root,
                  struct buf *path)
{
	struct buf name = {.max = ROOT_MAX_BYTES};
	bool found = text_unpath(&name, json_text(fact, "root")) &&
	             conf_root_of(c, buf_slice(&name), root);

	buf_done(&name);
	buf_reset(path);
	return found && text_unpath(path, json_text(fact, "path"));
}
