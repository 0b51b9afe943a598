/*
 * Files that were code a moment ago, and that somebody waits to write to: moved away, or
 * replaced where the hand can't close a file to who has it open (any filesystem but ext4). The
 * writer is kept waiting in the kernel until those who opened it before have read it. As long
 * as its lease stands nobody has written to it, so it still shows what was approved.
 *
 * Of more than are looked up no writer is let in early: they wait as long as any may.
 *
 * Who has it open is looked up in /proc: a file that is gone has no name there, one that was
 * moved has its new one. What is not seen there: a mapping without a descriptor, and what a web
 * server has sent (sendfile(2)) to a customer who has not taken it yet; so the writer of what
 * is handed out as it lies waits for as long as any. No writer waits longer than
 * LINGER_MOST_US.
 */
#include "sense/gate.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define LINGER_US      300000   /* from an open to its read, at least */
#define LINGER_MOST_US 10000000 /* the kernel waits for fs.lease-break-time, 45 s */
#define LOOK_US        5000     /* of a tick, for a look at some processes */
#define RENAME_US      20000    /* the kernel's clock for files stands still for a tick */
#define GONE           " (deleted)"
#define MAX_BLIND      32768
#define BLIND_PART     4 /* of the descriptors that there may be: a quarter */

/* Those for which there was no room. */
static struct blind {
	int fd;
	uint64_t dev, ino;
	int64_t due_us;
	bool code;
} blind[MAX_BLIND];
static int blinds;

static void wait_blindly(struct gate *g, int fd, const struct sight *s, int64_t now, bool code)
{
	int64_t due_us = now + (code ? LINGER_MOST_US : LINGER_US);
	struct rlimit r = {0};

	getrlimit(RLIMIT_NOFILE, &r);
	if (blinds == MAX_BLIND || (rlim_t)blinds >= r.rlim_cur / BLIND_PART)
		leases_drop(g->leases, fd);
	else
		blind[blinds++] = (struct blind){fd, s->dev, s->ino, due_us, code};
}

/* Those of this file, or, where there is none, those whose time is over. */
static void end_blind(struct gate *g, const struct sight *s, int64_t now)
{
	for (int i = 0; i < blinds;) {
		struct blind *b = &blind[i];

		if (s ? !sight_is(s, b->dev, b->ino) : now < b->due_us) {
			i++;
			continue;
		}
		leases_drop(g->leases, b->fd);
		*b = blind[--blinds];
	}
}

static void end(struct gate *g, struct gate_linger *l)
{
	leases_drop(g->leases, l->fd);
	state_set_text(&l->name, slice_str(NULL));
	*l = g->linger[--g->lingers];
}

void gate_linger(struct gate *g, int fd, uint64_t key, bool code)
{
	struct gate_linger *l = &g->linger[g->lingers];
	int64_t now = clock_mono_us();
	struct sight s = {0};

	if (sight_of_fd(&s, fd) < 0) {
		leases_drop(g->leases, fd);
		return;
	}
	if (g->lingers == GATE_MAX_LINGER) {
		wait_blindly(g, fd, &s, now, code);
		return;
	}
	*l = (struct gate_linger){.fd = fd, .key = key, .dev = s.dev, .ino = s.ino};
	l->since_us = now;
	l->due_us = now + LINGER_US;
	l->code = code;
	g->lingers++;
}

bool gate_linger_safe(struct gate *g, const struct held *h)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		if (!sight_is(&h->sight, l->dev, l->ino) ||
		    (l->key != gate_name_key(h) &&
		     !gate_index_unwritten(g, h->root, h->path, &h->sight)))
			continue;
		/* Moved back, it could be opened without end: then another takes its place. */
		if (gate_leads_to(g, h->root, h->path, &h->sight) ||
		    now - l->since_us > LINGER_MOST_US / 2)
			return false;
		l->due_us = now + LINGER_US;
		l->read = l->look = false;
		return true;
	}
	return false;
}

bool gate_lingers(const struct gate *g, const struct sight *s)
{
	for (int i = 0; i < g->lingers; i++) {
		if (g->linger[i].code && sight_is(s, g->linger[i].dev, g->linger[i].ino))
			return true;
	}
	for (int i = 0; i < blinds; i++) {
		if (blind[i].code && sight_is(s, blind[i].dev, blind[i].ino))
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
	end_blind(g, s, 0);
}

/* ---- who has it open ---- */

static void name_now(struct gate_linger *l)
{
	char path[64], text[4097];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", l->fd);
	n = readlink(path, text, sizeof(text));
	state_set_text(&l->name, path_leaf(slice_mem(text, n > 0 ? (size_t)n : 0)));
}

/* Had it one and the same name all the time, and one that can be seen? */
static bool kept_name(const struct gate *g, const struct gate_linger *l)
{
	struct sight s = {0};

	return l->name.n && sight_of_fd(&s, l->fd) == 0 &&
	       s.ctime_ns / 1000 < g->linger_us - RENAME_US;
}

static bool may_be_one(const struct gate *g, struct slice path)
{
	struct slice name = path_leaf(path);

	if (slice_ends(path, SLICE(GONE)))
		return true;
	for (int i = 0; i < g->lingers; i++) {
		if (g->linger[i].code && slice_eq(g->linger[i].name, name))
			return true;
	}
	return false;
}

static bool is_ours(const struct gate *g, pid_t pid)
{
	struct opener o;

	opener_read(&o, pid);
	return gate_ours(g, &o);
}

/* Only what may be one of them is asked for its number. A path can be too long to be shown. */
static void look_at_link(struct gate *g, pid_t pid, int dir, const char *name)
{
	char text[4097];
	ssize_t n = readlinkat(dir, name, text, sizeof(text));
	struct statx x;

	if (n < 0 ? errno != ENAMETOOLONG : !may_be_one(g, slice_mem(text, (size_t)n)))
		return;
	if (statx(dir, name, AT_STATX_DONT_SYNC, STATX_INO, &x) < 0)
		return;
	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		if (!l->open && l->ino == x.stx_ino &&
		    l->dev == (uint64_t)makedev(x.stx_dev_major, x.stx_dev_minor) &&
		    !is_ours(g, pid))
			l->open = true;
	}
}

static void look_at_process(struct gate *g, int proc, pid_t pid)
{
	char name[32];
	int fd;
	DIR *d;
	const struct dirent *e;

	snprintf(name, sizeof(name), "%d/fd", (int)pid);
	fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d))) {
		loop_alive(g->loop); /* some have half a million */
		look_at_link(g, pid, fd, e->d_name);
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
			look_at_process(g, dirfd(d), (pid_t)pid);
		g->linger_pid = (pid_t)pid;
		whole = clock_mono_us() < until;
	}
	if (d)
		closedir(d);
	return whole;
}

/* ---- time ---- */

static void look_begins(struct gate *g)
{
	g->linger_us = clock_wall_us();
	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		l->look = true;
		l->open = false;
		name_now(l);
	}
}

/* A look takes a part of several ticks: meanwhile opens are answered. */
static void look(struct gate *g, int64_t now)
{
	bool some = g->linger_pid > 0;

	for (int i = 0; i < g->lingers; i++)
		some = some || (g->linger[i].code && now >= g->linger[i].due_us);
	if (some && g->linger_pid == 0)
		look_begins(g);
	if (!some || !look_on(g))
		return;
	g->linger_pid = 0;
	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		l->read = l->look && !l->open && kept_name(g, l);
		l->look = false;
	}
}

void gate_linger_tick(struct gate *g, int64_t now)
{
	look(g, now);
	end_blind(g, NULL, now);
	for (int i = 0; i < g->lingers;) {
		struct gate_linger *l = &g->linger[i];
		/* What was sent by sendfile(2) lies in sockets as the file's own pages still,
		 * when the web server has closed it. */
		bool read_on = l->code && (!l->read || l->key & GATE_KEY_SENT);

		if (now < l->due_us || (read_on && now - l->since_us < LINGER_MOST_US)) {
			i++;
			continue;
		}
		if (l->code && !l->read)
			err_say(
			    "what was code is open still, and can be written to from now on");
		end(g, l);
	}
}

void gate_linger_done(struct gate *g)
{
	while (g->lingers > 0)
		end(g, &g->linger[0]);
	end_blind(g, NULL, INT64_MAX);
}
