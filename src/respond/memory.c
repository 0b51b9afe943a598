#include "respond/memory.h"
#include <string.h>
#include <sys/stat.h>

#define MEMORY_NAME "memory"
#define BOOT_ID     "/proc/sys/kernel/random/boot_id"

_Static_assert(sizeof(struct memory_disk) ==
                   48 + MEMORY_STRANGES * 24 + MEMORY_CLOSED * (16 + MEMORY_HANDLE_BYTES),
               "no padding");

/* This part of what is remembered is now on the disk, or at least in its cache. */
static bool save(const struct memory *m, const void *part, size_t n)
{
	off_t at = (const uint8_t *)part - (const uint8_t *)&m->disk;

	return m->fd >= 0 && pwrite(m->fd, part, n, at) == (ssize_t)n;
}

void memory_begin(struct memory *m, int folder)
{
	AUTO_FD id = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	struct memory_disk *d = &m->disk;
	char boot[sizeof(d->boot)] = "";

	m->fd = openat(folder, MEMORY_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (id < 0 || read(id, boot, sizeof(boot) - 1) < 0)
		boot[0] = '\0';
	if (m->fd < 0 || pread(m->fd, d, sizeof(*d), 0) != (ssize_t)sizeof(*d))
		*d = (struct memory_disk){0};
	else if (memcmp(boot, d->boot, sizeof(boot)) == 0)
		return;
	d->stranges = 0;
	memcpy(d->boot, boot, sizeof(boot));
	save(m, d, sizeof(*d)); /* all of it: what is written later has its room then */
}

void memory_done(struct memory *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

/* ---- folders ---- */

bool memory_is_strange(const struct memory *m, int fd)
{
	struct inode f;

	if (m->disk.stranges > MEMORY_STRANGES || !inode_of(fd, &f))
		return true;
	for (uint64_t i = 0; i < m->disk.stranges; i++) {
		if (inode_same(&m->disk.strange[i], &f))
			return true;
	}
	return false;
}

bool memory_note_strange(struct memory *m, int fd)
{
	struct memory_disk *d = &m->disk;
	struct inode f;

	if (!inode_of(fd, &f))
		return false;
	if (memory_is_strange(m, fd))
		return true;
	if (d->stranges < MEMORY_STRANGES) {
		d->strange[d->stranges] = f;
		if (!save(m, &d->strange[d->stranges], sizeof(f)))
			return false;
	}
	d->stranges++;
	return save(m, &d->stranges, sizeof(d->stranges));
}

/* ---- closed files ---- */

void memory_note_closed(struct memory *m, int at, int fd)
{
	struct memory_file *f = &m->disk.closed[at];
	struct stat st;
	int mount;

	*f = (struct memory_file){.handle.handle_bytes = MEMORY_HANDLE_BYTES};
	if (fstat(fd, &st) == 0 &&
	    name_to_handle_at(fd, "", &f->handle, &mount, AT_EMPTY_PATH) == 0)
		f->dev = st.st_dev;
	save(m, f, sizeof(*f));
}

void memory_drop_closed(struct memory *m, int at, int from)
{
	struct memory_file *f = m->disk.closed, was = f[at], is = f[from];

	f[at] = is;
	f[from] = (struct memory_file){0};
	if (was.dev || is.dev)
		save(m, &f[at], sizeof(*f));
	if (is.dev)
		save(m, &f[from], sizeof(*f));
}

int memory_closed(const struct memory *m, int at, const int *roots, size_t n)
{
	struct memory_file f = m->disk.closed[at];
	struct stat st;

	for (size_t i = 0; f.dev && i < n; i++) {
		if (roots[i] >= 0 && fstat(roots[i], &st) == 0 && st.st_dev == f.dev &&
		    f.handle.handle_bytes <= MEMORY_HANDLE_BYTES)
			return open_by_handle_at(roots[i], &f.handle,
			                         O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	}
	return -1;
}
