#include "conf/roots.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_MAX_BYTES 8192 /* as a fact writes it */

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

bool roots_renew(const struct conf *c, int fd[])
{
	bool changed = false;

	for (size_t i = 0; i < c->roots; i++) {
		enum root_place to = root_place(c, i, fd[i]);
		int fresh = to == ROOT_OTHER ? root_open(c, i) : -1;

		/* Not for want of a descriptor. */
		if (to == ROOT_STANDS || (to == ROOT_OTHER && fresh < 0))
			continue;
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = fresh;
		changed = true;
	}
	return changed;
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
