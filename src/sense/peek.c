#include "sense/peek.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHILDREN  8
#define SECOND_US 1000000

struct question {
	uint32_t number;
	pid_t pid;
	uint64_t at;
	size_t room;
	enum peek what;
	char path[PEEK_MAX_BYTES]; /* PEEK_PLACE: ends in 0, and the question with it */
};

struct answer {
	uint32_t number;
	int32_t n; /* or -errno */
	_Alignas(uint64_t) uint8_t bytes[PEEK_MAX_BYTES];
};

/* One of each process: whose children they are. */
static struct {
	struct child {
		int sock;   /* -1: it has ended */
		pid_t asks; /* this process, and owes the answer; 0: it is free */
	} child[CHILDREN];
	int children;
	uint32_t numbers;
	int64_t lost_us, since_us; /* waited in vain, in the second that began then */
} peek;

/* A text may end just before a page that is not there: what can be read comes. */
static ssize_t look_into(const struct question *q, void *out)
{
	static const char *const name[] = {
	    [PEEK_MEMORY] = "mem", [PEEK_COMMAND] = "cmdline", [PEEK_CALL] = "syscall",
	    [PEEK_EXE] = "exe",    [PEEK_CWD] = "cwd",         [PEEK_FD] = "fd"};
	char path[64];
	ssize_t n;

	if (q->what == PEEK_FD)
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)q->pid, (int)q->at);
	else
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)q->pid, name[q->what]);
	if (q->what >= PEEK_EXE) {
		n = readlink(path, out, q->room);
		return n < 0 ? -errno : n;
	}
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, out, q->room, (off_t)q->at);
	return n < 0 ? -errno : n;
}

static ssize_t look_for(const struct question *q, struct peek_place *out)
{
	char path[PEEK_MAX_BYTES + 64];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/root/%s", (int)q->pid, q->path);
	AUTO_FD fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, (char *)out->path, sizeof(out->path));
	if (n < 0)
		return -errno;
	out->dev = st.st_dev;
	out->ino = st.st_ino;
	return (ssize_t)offsetof(struct peek_place, path) + n;
}

static bool waits_for_lease(const char *pid)
{
	char path[300], where[64] = "";

	snprintf(path, sizeof(path), "/proc/%s/wchan", pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, where, sizeof(where) - 1) > 0 &&
	       strcmp(where, "__break_lease") == 0;
}

static ssize_t look_for_waiters(pid_t *out)
{
	DIR *d = opendir("/proc");
	const struct dirent *e;
	size_t n = 0;

	while (d && n < PEEK_MOST && (e = readdir(d))) {
		if (e->d_name[0] >= '0' && e->d_name[0] <= '9' && waits_for_lease(e->d_name))
			out[n++] = (pid_t)strtol(e->d_name, NULL, 10);
	}
	if (d)
		closedir(d);
	return (ssize_t)(n * sizeof(*out));
}

static ssize_t look(const struct question *q, void *out)
{
	if (q->what == PEEK_WAITERS)
		return look_for_waiters(out);
	return q->what == PEEK_PLACE ? look_for(q, out) : look_into(q, out);
}

/* ---- the children ---- */

static void serve(int sock)
{
	static struct question q;
	static struct answer a;

	/* It comes from the process that we are a copy of. */
	while (recv(sock, &q, sizeof(q), 0) > (ssize_t)offsetof(struct question, path)) {
		a.number = q.number;
		a.n = (int32_t)look(&q, a.bytes);
		if (send(sock, &a, offsetof(struct answer, bytes) + (size_t)(a.n > 0 ? a.n : 0),
		         0) < 0)
			break;
	}
}

static void be_child(int sock, const struct seal_want *want, void work(int sock))
{
	struct seal_want w = *want;

	/* What the parent has open is not held on to by a child that hangs. */
	if (dup2(sock, STDERR_FILENO + 1) < 0 || close_range(STDERR_FILENO + 2, ~0u, 0) < 0)
		_exit(3);
	prctl(PR_SET_NAME, "hinoban-peek");
	/* Whoever ends all of us, as systemd does: this one ends with its parent. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	seal_or_die(&w);
	work(STDERR_FILENO + 1);
	_exit(0);
}

int peek_child(const struct seal_want *want, void work(int sock))
{
	int both[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		be_child(both[1], want, work);
	close(both[1]);
	if (pid > 0)
		return both[0];
	close(both[0]);
	return -1;
}

void peek_begin(int children, const struct seal_want *want)
{
	for (int i = 0; i < children && peek.children < CHILDREN; i++) {
		int sock = peek_child(want, serve);

		if (sock >= 0)
			peek.child[peek.children++].sock = sock;
	}
}

int peek_left(void)
{
	int left = 0;

	for (int i = 0; i < peek.children; i++) {
		struct pollfd f = {.fd = peek.child[i].sock, .events = POLLIN};

		left += f.fd >= 0 && (poll(&f, 1, 0) < 1 || !(f.revents & POLLHUP));
	}
	return left;
}

int peek_gone(void)
{
	return peek.children - peek_left();
}

/* ---- asking them ---- */

/* The answer to this question, if it is that one. */
static ssize_t take(struct child *c, const struct question *q, void *out)
{
	static struct answer a;
	ssize_t got = recv(c->sock, &a, sizeof(a), MSG_DONTWAIT);
	size_t n;

	c->asks = 0;
	if (got < (ssize_t)offsetof(struct answer, bytes) || !q || a.number != q->number)
		return -EAGAIN;
	if (a.n < 0)
		return a.n;
	n = (size_t)got - offsetof(struct answer, bytes);
	n = n < q->room ? n : q->room;
	memcpy(out, a.bytes, n);
	return (ssize_t)n;
}

static bool has_answered(const struct child *c, int ms)
{
	struct pollfd f = {.fd = c->sock, .events = POLLIN};

	return poll(&f, 1, ms) == 1 && f.revents & POLLIN;
}

/* One that is free; NULL: none is, or one waits for this very process already. */
static struct child *free_for(pid_t pid)
{
	struct child *found = NULL;

	for (int i = 0; i < peek.children; i++) {
		struct child *c = &peek.child[i];

		if (c->sock < 0)
			continue;
		if (c->asks && has_answered(c, 0))
			take(c, NULL, NULL); /* too late */
		if (c->asks == pid)
			return NULL;
		if (!c->asks)
			found = c;
	}
	return found;
}

static bool lost_enough(int64_t now)
{
	if (now - peek.since_us > SECOND_US) {
		peek.since_us = now;
		peek.lost_us = 0;
	}
	return peek.lost_us >= PEEK_LOST_US;
}

/* Who has taken the question; NULL: nobody. */
static struct child *ask(const struct question *q)
{
	struct child *c;

	while ((c = free_for(q->pid)) &&
	       send(c->sock, q, offsetof(struct question, path) + strlen(q->path) + 1,
	            MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		close(c->sock);
		c->sock = -1;
	}
	if (c)
		c->asks = q->pid;
	return c;
}

static ssize_t answer_to(struct question *q, void *out)
{
	int64_t now = clock_mono_us();
	struct child *c;

	if (q->room > PEEK_MAX_BYTES)
		q->room = PEEK_MAX_BYTES;
	if (!peek.children)
		return look(q, out);
	q->number = ++peek.numbers;
	c = lost_enough(now) ? NULL : ask(q);
	if (!c)
		return -EAGAIN;
	if (!has_answered(c, (q->what == PEEK_WAITERS ? PEEK_ALL_US : PEEK_US) / 1000)) {
		peek.lost_us += clock_mono_us() - now;
		return -EAGAIN;
	}
	return take(c, q, out);
}

/* One question at a time: no room is needed for a second. */
static struct question question;

ssize_t peek_read(pid_t pid, enum peek what, uint64_t at, void *out, size_t room)
{
	question = (struct question){.pid = pid, .what = what, .at = at, .room = room};
	return answer_to(&question, out);
}

ssize_t peek_waiters(pid_t out[PEEK_MOST])
{
	ssize_t n;

	question = (struct question){.pid = -1, .what = PEEK_WAITERS, .room = PEEK_MAX_BYTES};
	n = answer_to(&question, out);
	return n < 0 ? n : n / (ssize_t)sizeof(*out);
}

ssize_t peek_place(pid_t pid, struct slice path, struct peek_place *out)
{
	ssize_t n;

	question = (struct question){.pid = pid, .what = PEEK_PLACE, .room = sizeof(*out)};
	if (path.n >= sizeof(question.path))
		return -ENAMETOOLONG;
	memcpy(question.path, path.at, path.n);
	n = answer_to(&question, out);
	return n < 0 ? n : n - (ssize_t)offsetof(struct peek_place, path);
}
