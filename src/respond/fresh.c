/*
 * The gate believes a file that we have made for as long as its time of change says that nobody
 * has had it since (sense/gate_sound.c). That clock stands still for a tick, 10 ms at most: who
 * moves the file away at once, writes to it and moves it back within one would not be seen by
 * it. So until that is over the file has a read lease: it begins before anybody else can come
 * to the file, and keeps who wants to write to it waiting.
 */
#include "respond/hand.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FRESH_US 20000

int fresh_open(int room, const char *name)
{
	int fd = openat(room, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	/* Where there are no leases the gate has none either. */
	if (fd >= 0)
		fcntl(fd, F_SETLEASE, F_RDLCK);
	return fd;
}

static void let_go(struct hand *h, int i)
{
	close(h->fresh[i].fd);
	h->freshes--;
	memmove(&h->fresh[i], &h->fresh[i + 1], (size_t)(h->freshes - i) * sizeof(h->fresh[0]));
}

void fresh_put(struct hand *h, int fd, struct inode_version *out)
{
	bool leased = fcntl(fd, F_GETLEASE) == F_RDLCK;

	if (h->freshes == HAND_MAX_FRESH)
		let_go(h, 0);
	h->fresh[h->freshes++] = (struct hand_fresh){fd, clock_mono_us() + FRESH_US};
	/* Broken meanwhile: he waits still, but who knows for what. */
	if (!inode_version_of(fd, out) || (leased && fcntl(fd, F_GETLEASE) != F_RDLCK))
		*out = (struct inode_version){.changed_us = 0};
}

void fresh_yield(struct hand *h, int fd)
{
	struct stat st;

	for (int i = fstat(fd, &st) == 0 ? h->freshes - 1 : -1; i >= 0; i--) {
		if (held_is(h->fresh[i].fd, &st))
			let_go(h, i);
	}
}

void fresh_tick(struct hand *h, bool all)
{
	int64_t now = clock_mono_us();

	while (h->freshes > 0 && (all || now >= h->fresh[0].due_us))
		let_go(h, 0);
}
