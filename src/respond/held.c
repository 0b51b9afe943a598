/*
 * An open that waits has its inode already: no other file can be put under it. So that very
 * inode gets the approved content. That alone would not do: who had it open for writing
 * before, or mapped, could alter it once more before the opener reads. Two things close that:
 *
 *   ext4      FS_IMMUTABLE_FL: from then on write, truncate, fallocate fail on descriptors
 *             that were open before, too, and pages of shared mappings are written back and
 *             taken away (ext4_ioctl_setflags, ext4_write_checks, ext4_page_mkwrite).
 *   others    a read lease, which can be had only if nobody has the file open for writing
 *             or mapped so; later writers wait until it is given back.
 *
 * Only then is the content compared, through the descriptor that the opener will read.
 */
#include "respond/hand.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define CHUNK_BYTES 65536
#define TRIES       8
#define FROZEN_US   3000000  /* most openers have read long before */
#define FROZEN_MOST 60000000 /* for who reads slowly (a web server, to a slow customer) */

static bool is_immutable(int fd)
{
	int flags = 0;

	return ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && flags & FS_IMMUTABLE_FL;
}

static int set_immutable(int fd, bool on)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -errno;
	flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

bool held_is(int fd, const struct stat *st)
{
	struct stat x;

	return fstat(fd, &x) == 0 && x.st_ino == st->st_ino && x.st_dev == st->st_dev;
}

/* Its place among those that are closed, or -1. */
static int frozen_of(const struct hand *h, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	for (int i = 0; i < h->frozens; i++) {
		if (held_is(h->frozen[i].fd, &st))
			return i;
	}
	return -1;
}

bool held_closed(const struct hand *h, int fd)
{
	return frozen_of(h, fd) >= 0;
}

void held_open_up(int fd)
{
	set_immutable(fd, false);
}

void held_close(int fd)
{
	set_immutable(fd, true);
}

/*
 * Emptied first: pages that a read under way is to fill (O_DIRECT into a mapping of this file)
 * are no longer the file's then, however late that read ends.
 */
static int write_over(int to, int from)
{
	static uint8_t part[CHUNK_BYTES];
	off_t at = 0;
	ssize_t n;

	if (ftruncate(to, 0) < 0)
		return -errno;
	while ((n = pread(from, part, sizeof(part), at)) > 0) {
		for (ssize_t done = 0, m; done < n; done += m) {
			m = pwrite(to, part + done, (size_t)(n - done), at + done);
			if (m <= 0)
				return m < 0 ? -errno : -EIO;
		}
		at += n;
	}
	return n < 0 ? -errno : 0;
}

/* The same inode, for writing. */
static int open_again(int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return again < 0 ? -errno : again;
}

bool held_closes(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == EXT4_SUPER_MAGIC;
}

/* Is it closed by its flag, and to be opened up? Without a name nobody else can come to it, but
 * who has it open could go on. */
static bool has_name(const struct hand_frozen *f)
{
	struct stat st;

	return held_closes(f->fd) && fstat(f->fd, &st) == 0 && st.st_nlink > 0;
}

/*
 * A write lease can be had only where no other descriptor or mapping of the file is left. Ours
 * is a copy of the gate's: one that has a lease is in use there still. (Opened anew, it would
 * be asked about, and kept open by the gate for that.)
 */
static bool others_have(int fd)
{
	bool some = fcntl(fd, F_GETLEASE) != F_UNLCK || fcntl(fd, F_SETLEASE, F_WRLCK) < 0;

	if (!some)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	return some;
}

static void thaw(struct hand *h, int i)
{
	struct hand_frozen *f = &h->frozen[i];

	if (has_name(f))
		set_immutable(f->fd, false);
	close(f->fd); /* which gives a lease back */
	*f = h->frozen[--h->frozens];
	memory_drop_closed(&h->memory, i, h->frozens);
}

/*
 * Its place among those that are closed, which it may get. -1: it can't be kept open, or there
 * is no room: none is opened up before its time, whose openers may not have read it yet.
 */
static int place_for(struct hand *h, int held)
{
	int i = frozen_of(h, held), fd;

	if (i >= 0)
		return i;
	if (h->frozens == HAND_MAX_FROZEN)
		held_tick(h, false);
	if (h->frozens == HAND_MAX_FROZEN)
		return -1;
	fd = fcntl(held, F_DUPFD_CLOEXEC, 0);
	h->frozen[h->frozens].fd = fd;
	return fd < 0 ? -1 : h->frozens;
}

static bool shut(struct hand *h, int held)
{
	bool flag = held_closes(held);
	int i;

	/* Root's flag: it is closed, and not ours to open up. */
	if (is_immutable(held) && !held_closed(h, held))
		return true;
	i = place_for(h, held);
	if (i < 0)
		return false;
	/* A hand that is killed leaves it so. */
	if (flag && i == h->frozens)
		memory_note_closed(&h->memory, i, held);
	if (flag ? set_immutable(held, true) < 0 : fcntl(held, F_SETLEASE, F_RDLCK) < 0) {
		if (i == h->frozens) {
			close(h->frozen[i].fd);
			memory_drop_closed(&h->memory, i, i);
		}
		return false;
	}
	/* For as long as an opener may read; then it is given back. */
	h->frozen[i].since_us = clock_mono_us();
	h->frozen[i].due_us = h->frozen[i].since_us + FROZEN_US;
	h->frozens += i == h->frozens;
	return true;
}

void held_keep(struct hand *h, int dir, const char *name)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && held_closes(fd))
		shut(h, fd);
}

static bool write_and_shut(struct hand *h, int held, int content, bool anew)
{
	int fd = -1;

	if (anew || !hand_same_bytes(held, content)) {
		fresh_yield(h, held);
		fd = open_again(held);
	}
	if (fd >= 0) {
		int r = write_over(fd, content);

		close(fd);
		if (r < 0)
			return false;
	}
	/* Where it can't be opened, an earlier opener had it made unalterable: it is clean, or
	 * not. */
	return shut(h, held);
}

bool held_clean(struct hand *h, int held, int content, bool anew)
{
	if (held < 0 || content < 0)
		return false;
	/* A writer may come between our writing and the shutting: then once more. */
	for (int i = 0; i < TRIES; i++) {
		if (!write_and_shut(h, held, content, anew && i == 0))
			return false;
		if (hand_same_bytes(held, content))
			return true;
		if (!held_closed(h, held))
			return false;
		set_immutable(held, false);
	}
	return false;
}

void held_begin(struct hand *h)
{
	for (int i = 0; i < HAND_MAX_FROZEN; i++) {
		int fd = memory_closed(&h->memory, i, h->root_fd, h->conf->roots);
		int64_t now = clock_mono_us();

		if (fd < 0 || !is_immutable(fd)) {
			memory_drop_closed(&h->memory, i, i);
			if (fd >= 0)
				close(fd);
			continue;
		}
		h->frozen[h->frozens] = (struct hand_frozen){fd, now, now + FROZEN_US};
		if (i != h->frozens)
			memory_drop_closed(&h->memory, h->frozens, i);
		h->frozens++;
	}
}

void held_tick(struct hand *h, bool all)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < h->frozens;) {
		struct hand_frozen *f = &h->frozen[i];

		if (!all && now >= f->due_us && now - f->since_us < FROZEN_MOST &&
		    has_name(f) && others_have(f->fd))
			f->due_us = now + FROZEN_US;
		if (all || now >= f->due_us)
			thaw(h, i);
		else
			i++;
	}
}
