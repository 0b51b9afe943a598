#include "sense/holders.h"
#include "sense/peek.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct question {
	uint32_t n;
	struct holders_file file[HOLDERS_FILES];
};

struct answer {
	int32_t n; /* or -errno */
	struct holders_found found[HOLDERS_FOUND];
};

static int sock = -1;
static bool asked;

/* ---- the child ---- */

static void meet(const struct question *q, struct answer *a, const struct statx *x, pid_t pid)
{
	uint64_t dev = (uint64_t)makedev(x->stx_dev_major, x->stx_dev_minor);

	for (uint32_t i = 0; i < q->n; i++) {
		if (q->file[i].ino != x->stx_ino || q->file[i].dev != dev)
			continue;
		if (a->n == HOLDERS_FOUND)
			a->n = -E2BIG;
		if (a->n >= 0)
			a->found[a->n++] = (struct holders_found){i, pid};
	}
}

static void look_at(const struct question *q, struct answer *a, int proc, const char *pid)
{
	char name[300];
	struct statx x;
	const struct dirent *e;
	DIR *d;
	int fd;

	snprintf(name, sizeof(name), "%s/fd", pid);
	fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d))) {
		if (e->d_name[0] != '.' &&
		    statx(fd, e->d_name, AT_STATX_DONT_SYNC, STATX_INO, &x) == 0)
			meet(q, a, &x, (pid_t)strtol(pid, NULL, 10));
	}
	if (d)
		closedir(d);
}

static void serve(int from)
{
	static struct question q;
	static struct answer a;

	while (recv(from, &q, sizeof(q), 0) > 0) {
		DIR *d = opendir("/proc");
		const struct dirent *e;

		a.n = d ? 0 : -errno;
		while (d && (e = readdir(d))) {
			if (e->d_name[0] > '0' && e->d_name[0] <= '9')
				look_at(&q, &a, dirfd(d), e->d_name);
		}
		if (d)
			closedir(d);
		if (send(from, &a, sizeof(a), 0) < 0)
			break;
	}
}

/* ---- who asks it ---- */

void holders_begin(const struct seal_want *want)
{
	sock = peek_child(want, serve);
}

bool holders_gone(void)
{
	struct pollfd f = {.fd = sock, .events = POLLIN};

	return sock >= 0 && poll(&f, 1, 0) == 1 && f.revents & POLLHUP;
}

bool holders_ask(const struct holders_file *file, size_t n)
{
	static struct question q;

	if (sock < 0 || asked || n > HOLDERS_FILES)
		return false;
	q.n = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		q.file[i] = file[i];
	asked = send(sock, &q, sizeof(q), MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof(q);
	return asked;
}

int holders_answer(struct holders_found out[HOLDERS_FOUND])
{
	static struct answer a;

	if (!asked || recv(sock, &a, sizeof(a), MSG_DONTWAIT) != (ssize_t)sizeof(a))
		return -EAGAIN;
	asked = false;
	for (int i = 0; i < a.n; i++)
		out[i] = a.found[i];
	return a.n;
}
