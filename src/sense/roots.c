#include "sense/roots.h"
#include "sense/sight.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ROOT_MAX_BYTES 8192 /* as a fact writes it */

int root_open(const struct conf *c, size_t i)
{
	char path[4096];
	struct slice s = c->root[i].path;

	if (s.n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, s.at, s.n);
	path[s.n] = '\0';
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool roots_renew(const struct conf *c, int fd[])
{
	bool changed = false;

	for (size_t i = 0; i < c->roots; i++) {
		struct sight was = {0}, now = {0};
		int fresh = root_open(c, i);

		/* Only where it leads elsewhere, or nowhere; not for want of a descriptor. */
		if (fresh < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
			continue;
		if (fd[i] >= 0)
			sight_of_fd(&was, fd[i]);
		if (fresh >= 0)
			sight_of_fd(&now, fresh);
		if (was.ino == now.ino && was.dev == now.dev) {
			if (fresh >= 0)
				close(fresh);
			continue;
		}
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
