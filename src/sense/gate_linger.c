/*
 * Files that were code a moment ago, and that somebody waits to write to: replaced, or moved
 * away. Where the hand can't close a file to who has it open (any filesystem but ext4), its
 * writer is kept waiting in the kernel until those who opened it before have read it. As long
 * as its lease stands nobody has written to it, so it still shows what was approved.
 *
 * Who has it open is looked up in /proc; a mapping without a descriptor is not seen there. No
 * writer waits longer than LINGER_MOST_US.
 */
#include "sense/gate.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define LINGER_US      300000   /* from an open to its read, at least */
#define LINGER_MOST_US 10000000 /* the kernel waits for fs.lease-break-time, 45 s */
#define LOOK_US        5000     /* of a tick, for a look at some processes */
#define GONE           " (deleted)"

static void end(struct gate *g, struct gate_linger *l)
{
	leases_drop(g->leases, l->fd);
	state_set_text(&l->path, slice_str(NULL));
	*l = g->linger[--g->lingers];
}

void gate_linger(struct gate *g, int fd, uint32_t root, struct slice path)
{
	struct gate_linger *l = &g->linger[g->lingers];
	int64_t now = clock_mono_us();
	struct sight s = {0};

	if (g->lingers == GATE_MAX_LINGER || sight_of_fd(&s, fd) < 0) {
		leases_drop(g->leases, fd);
		return;
	}
	*l = (struct gate_linger){.fd = fd, .root = root, .dev = s.dev, .ino = s.ino};
	l->since_us = now;
	l->due_us = now + LINGER_US;
	state_set_text(&l->path, path);
	g->lingers++;
}

bool gate_linger_safe(struct gate *g, const struct held *h)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		if (!sight_is(&h->sight, l->dev, l->ino) || l->root != h->root ||
		    !slice_eq(l->path, h->path))
			continue;
		/* Moved back, it could be opened without end: then it is judged as any file. */
		if (gate_leads_to(g, h->root, h->path, &h->sight) ||
		    now - l->since_us > LINGER_MOST_US / 2)
			return false;
		l->due_us = now + LINGER_US;
		l->read = l->look = false;
		return true;
	}
	return false;
}

void gate_linger_yield(struct gate *g, const struct sight *s)
{
	for (int i = 0; i < g->lingers;) {
		if (sight_is(s, g->linger[i].dev, g->linger[i].ino))
			end(g, &g->linger[i]);
		else
			i++;
	}
}

/* ---- who has it open ---- */

/* A link in /proc/PID/fd: only files that are gone are asked for their number. */
static void look_at_link(struct gate *g, int dir, const char *name)
{
	char text[4097];
	ssize_t n = readlinkat(dir, name, text, sizeof(text));
	struct statx x;

	if (n <= 0 || !slice_ends(slice_mem(text, (size_t)n), SLICE(GONE)) ||
	    statx(dir, name, AT_STATX_DONT_SYNC, STATX_INO, &x) < 0)
		return;
	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		if (l->ino == x.stx_ino &&
		    l->dev == (uint64_t)makedev(x.stx_dev_major, x.stx_dev_minor))
			l->open = true;
	}
}

static void look_at_process(struct gate *g, int proc, const char *pid)
{
	char name[32];
	int fd;
	DIR *d;
	const struct dirent *e;

	snprintf(name, sizeof(name), "%.16s/fd", pid);
	fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d))) {
		loop_alive(g->loop); /* some have half a million */
		look_at_link(g, fd, e->d_name);
	}
	if (d)
		closedir(d);
}

/* Go on behind the process where the last look ended. True: all have been looked at. */
static bool look_on(struct gate *g)
{
	int64_t until = clock_mono_us() + LOOK_US;
	DIR *d = opendir("/proc");
	const struct dirent *e;
	bool whole = d != NULL;

	while (whole && (e = readdir(d))) {
		long pid = strtol(e->d_name, NULL, 10);

		if (pid <= g->linger_pid)
			continue;
		if (pid != getpid())
			look_at_process(g, dirfd(d), e->d_name);
		g->linger_pid = (pid_t)pid;
		whole = clock_mono_us() < until;
	}
	if (d)
		closedir(d);
	return whole;
}

/* ---- time ---- */

static bool replaced_and_due(const struct gate_linger *l, int64_t now)
{
	return l->path.n && now >= l->due_us;
}

/* A look takes a part of several ticks: meanwhile opens are answered. */
static void look(struct gate *g, int64_t now)
{
	bool some = g->linger_pid > 0;

	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		some = some || replaced_and_due(l, now);
		if (g->linger_pid == 0) {
			l->look = true;
			l->open = false;
		}
	}
	if (!some || !look_on(g))
		return;
	g->linger_pid = 0;
	for (int i = 0; i < g->lingers; i++) {
		g->linger[i].read = g->linger[i].look && !g->linger[i].open;
		g->linger[i].look = false;
	}
}

void gate_linger_tick(struct gate *g, int64_t now)
{
	look(g, now);
	for (int i = 0; i < g->lingers;) {
		struct gate_linger *l = &g->linger[i];
		bool read_on = l->path.n && !l->read;

		if (now < l->due_us || (read_on && now - l->since_us < LINGER_MOST_US)) {
			i++;
			continue;
		}
		if (read_on)
			err_say(
			    "a replaced file is open still, and can be written to from now on");
		end(g, l);
	}
}

void gate_linger_done(struct gate *g)
{
	while (g->lingers > 0)
		end(g, &g->linger[0]);
}
