#include "ledger/witness.h"
#include "ledger/head.h"
#include "ledger/watchman.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define EVERY_US      1000000
#define TELL_US       60000000 /* a way that goes on failing is told of once a minute */
#define SYSLOG_PATH   "/dev/log"
#define SYSLOG_PREFIX "<86>hinoban: head " /* authpriv.info */
#define WHY_BYTES     160

enum way { WAY_SYSLOG, WAY_FILE, WAY_COMMAND, WAYS };

struct witness {
	int fd[WAYS]; /* -1: not wanted or not to be had */
	struct {
		bool failed;
		int64_t told_us; /* 0: never */
		char why[WHY_BYTES];
	} way[WAYS];
	struct ledger_head head; /* newest */
	int64_t sent_size, sent_us;
};

static const char *const way_name[WAYS] = {"syslog", "file", "command"};

static void fail(struct witness *w, enum way i, const char *why)
{
	snprintf(w->way[i].why, WHY_BYTES, "%s", why);
	w->way[i].failed = true;
}

static int open_syslog(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static int open_file(struct slice name)
{
	char path[4096];
	int fd;

	if (name.n >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, name.at, name.n);
	path[name.n] = '\0';
	fd =
	    open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
	return fd < 0 ? -errno : fd;
}

static void opened(struct witness *w, enum way i, int fd)
{
	w->fd[i] = fd;
	if (fd < 0) {
		w->fd[i] = -1;
		fail(w, i, strerror(-fd));
	}
}

struct witness *witness_new(const struct witness_want *want)
{
	struct witness *w = calloc(1, sizeof(*w));

	if (!w)
		err_die("out of memory");
	for (int i = 0; i < WAYS; i++)
		w->fd[i] = -1;
	if (want->syslog)
		opened(w, WAY_SYSLOG, open_syslog());
	if (want->file.n)
		opened(w, WAY_FILE, open_file(want->file));
	if (want->command.n)
		opened(w, WAY_COMMAND, watchman_start(want->command));
	return w;
}

void witness_free(struct witness *w)
{
	if (!w)
		return;
	for (int i = 0; i < WAYS; i++) {
		if (w->fd[i] >= 0)
			close(w->fd[i]);
	}
	free(w);
}

void witness_head(struct witness *w, const struct ledger_head *h)
{
	w->head = *h;
}

/* By name each time: who keeps the log may be started anew and bring another socket. */
static ssize_t send_syslog(int fd, struct slice s)
{
	static const struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = SYSLOG_PATH};

	return sendto(fd, s.at, s.n, MSG_NOSIGNAL, (const struct sockaddr *)&at, sizeof(at));
}

static void send_line(struct witness *w, enum way i, struct buf *line)
{
	struct slice s = buf_slice(line);
	ssize_t n;

	if (w->fd[i] < 0)
		return;
	if (i == WAY_SYSLOG) /* without the newline and with a priority before it */
		s = slice_sub(s, 0, s.n - 1);
	else
		s = slice_sub(s, sizeof(SYSLOG_PREFIX) - 1, s.n);
	if (i == WAY_SYSLOG)
		n = send_syslog(w->fd[i], s);
	else
		n = i == WAY_FILE ? write(w->fd[i], s.at, s.n)
		                  : send(w->fd[i], s.at, s.n, MSG_NOSIGNAL);
	if (n < 0)
		fail(w, i, strerror(errno));
	else if ((size_t)n != s.n)
		fail(w, i, "only part of a head was taken");
	else if (i == WAY_FILE)
		fdatasync(w->fd[i]);
}

void witness_flush(struct witness *w)
{
	struct buf line;

	if (w->head.size == w->sent_size)
		return;
	buf_init(&line, HEAD_MAX_BYTES);
	buf_str(&line, SYSLOG_PREFIX);
	if (head_line(&line, &w->head)) {
		buf_byte(&line, '\n');
		for (int i = 0; i < WAYS; i++)
			send_line(w, (enum way)i, &line);
	}
	buf_done(&line);
	w->sent_size = w->head.size;
	w->sent_us = clock_mono_us();
}

/* What the watchman says of his command: it ended. */
static void hear_watchman(struct witness *w)
{
	char why[WHY_BYTES];
	ssize_t n;

	if (w->fd[WAY_COMMAND] < 0)
		return;
	n = recv(w->fd[WAY_COMMAND], why, sizeof(why) - 1, MSG_DONTWAIT);
	if (n > 0) {
		why[n] = '\0';
		fail(w, WAY_COMMAND, why);
	} else if (n == 0) {
		close(w->fd[WAY_COMMAND]);
		w->fd[WAY_COMMAND] = -1;
		fail(w, WAY_COMMAND, "the process that runs the command is gone");
	}
}

static struct json *tell(struct witness *w, enum way i, struct arena *a)
{
	struct json *d = fact_draft(a, "witness.failed");

	w->way[i].failed = false;
	w->way[i].told_us = clock_mono_us();
	json_put_str(a, d, "to", way_name[i]);
	json_put_str(a, d, "why", w->way[i].why);
	return d;
}

struct json *witness_tick(struct witness *w, struct arena *a)
{
	int64_t now = clock_mono_us();

	hear_watchman(w);
	if (now - w->sent_us >= EVERY_US)
		witness_flush(w);
	for (int i = 0; i < WAYS; i++) {
		if (!w->way[i].failed)
			continue;
		if (w->way[i].told_us == 0 || now - w->way[i].told_us > TELL_US)
			return tell(w, (enum way)i, a);
		w->way[i].failed = false; /* told not long ago */
	}
	return NULL;
}
