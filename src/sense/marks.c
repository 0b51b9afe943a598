#include "sense/marks.h"
#include "sense/handle.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/fanotify.h>

#define MAX_FILESYSTEMS 64
#define INIT_FLAGS      (FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME_TARGET)
#define EVENTS                                                                              \
	(FAN_CREATE | FAN_DELETE | FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB | FAN_RENAME | \
	 FAN_ONDIR)

struct filesystem {
	uint64_t dev;
	uint8_t fsid[EVENTS_FSID_BYTES];
	enum marks_mode mode;
};

struct marks {
	int fd;
	bool pidfd;
	struct filesystem fs[MAX_FILESYSTEMS];
	size_t count;
};

int marks_new(bool bounded, struct marks **out)
{
	unsigned flags = INIT_FLAGS | (bounded ? 0 : FAN_UNLIMITED_QUEUE) | FAN_UNLIMITED_MARKS;
	struct marks *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->pidfd = true;
	m->fd = fanotify_init(flags | FAN_REPORT_PIDFD, O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	if (m->fd < 0) {
		m->pidfd = false;
		m->fd = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	}
	if (m->fd < 0) {
		int r = -errno;
		free(m);
		return r;
	}
	*out = m;
	return 0;
}

void marks_free(struct marks *m)
{
	if (!m)
		return;
	close(m->fd);
	free(m);
}

int marks_fd(const struct marks *m)
{
	return m->fd;
}

bool marks_has_pidfd(const struct marks *m)
{
	return m->pidfd;
}

static struct filesystem *find(struct marks *m, uint64_t dev)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->fs[i].dev == dev)
			return &m->fs[i];
	}
	return NULL;
}

static int mark(const struct marks *m, unsigned how, uint64_t events, int fd)
{
	return fanotify_mark(m->fd, FAN_MARK_ADD | how, events, fd, NULL) == 0 ? 0 : -errno;
}

static enum marks_mode try_modes(const struct marks *m, int fd, bool directories)
{
	if (!directories && mark(m, FAN_MARK_FILESYSTEM, EVENTS, fd) == 0)
		return MARKS_FILESYSTEM;
	if (mark(m, FAN_MARK_ONLYDIR, EVENTS | FAN_EVENT_ON_CHILD, fd) == 0)
		return MARKS_DIRECTORIES;
	return MARKS_NONE;
}

enum marks_mode marks_filesystem(struct marks *m, int fd, uint64_t dev, bool directories)
{
	struct filesystem *f = find(m, dev);
	uint8_t fsid[EVENTS_FSID_BYTES];

	if (f)
		return f->mode;
	if (m->count == MAX_FILESYSTEMS || handle_fsid(fd, fsid) != 0)
		return MARKS_NONE;
	f = &m->fs[m->count++];
	*f = (struct filesystem){.dev = dev, .mode = try_modes(m, fd, directories)};
	memcpy(f->fsid, fsid, sizeof(f->fsid));
	return f->mode;
}

void marks_forget(struct marks *m)
{
	m->count = 0;
}

int marks_folder(struct marks *m, int fd, uint64_t dev)
{
	const struct filesystem *f = find(m, dev);

	if (!f || f->mode != MARKS_DIRECTORIES)
		return 0;
	return mark(m, FAN_MARK_ONLYDIR, EVENTS | FAN_EVENT_ON_CHILD, fd);
}

enum marks_mode marks_worst(const struct marks *m)
{
	enum marks_mode worst = MARKS_FILESYSTEM;

	for (size_t i = 0; i < m->count; i++) {
		if (m->fs[i].mode > worst)
			worst = m->fs[i].mode;
	}
	return worst;
}

const char *marks_mode_name(enum marks_mode mode)
{
	static const char *const names[] = {"filesystem", "directories", "none"};

	return names[mode];
}

bool marks_of(struct marks *m, uint64_t dev, struct slice handle)
{
	const struct filesystem *f = find(m, dev);

	return f && slice_starts(handle, slice_mem(f->fsid, sizeof(f->fsid)));
}

struct slice marks_handle(struct marks *m, int dirfd, const char *name, uint64_t dev,
                          uint8_t *out)
{
	const struct filesystem *f = find(m, dev);

	return f ? handle_of(dirfd, name, f->fsid, out) : slice_str(NULL);
}
