#include "ledger/watchman.h"
#include "base/path.h"
#include "wall/seal.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define COMMAND_MAX_BYTES 4096
#define LINE_MAX_BYTES    4096
#define AGAIN_US          10000000 /* a command that ends is started again after this */

struct watchman {
	int sock;
	const char *command;
	pid_t pid; /* 0: none runs */
	int pipe;  /* to its standard input */
	int64_t started_us;
};

static void drop_rights(void)
{
	uid_t uid;
	gid_t gid;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() != 0)
		return;
	seal_ids(SEAL_LEDGER, &uid, &gid);
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		_exit(3);
}

_Noreturn static void run_command(const char *command, int input)
{
	int null = open("/dev/null", O_WRONLY);

	if (dup2(input, 0) < 0 || null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
	close_range(3, ~0U, 0);
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static int start_command(struct watchman *m)
{
	int p[2];
	pid_t pid;

	m->started_us = clock_mono_us();
	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		run_command(m->command, p[0]);
	}
	close(p[0]);
	if (pid < 0) {
		close(p[1]);
		return -EAGAIN;
	}
	m->pid = pid;
	m->pipe = p[1];
	return 0;
}

static void say(struct watchman *m, const char *text)
{
	send(m->sock, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The command's end, in words. */
static void reap(struct watchman *m)
{
	char text[96];
	int status;

	close(m->pipe);
	if (waitpid(m->pid, &status, 0) == m->pid) {
		snprintf(text, sizeof(text), "the command ended with %s %d",
		         WIFSIGNALED(status) ? "signal" : "exit",
		         WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		say(m, text);
	}
	m->pid = 0;
}

/* A head that the command doesn't take is given to the next one, once. */
static void deliver(struct watchman *m, const char *line, size_t n)
{
	for (int i = 0; i < 2; i++) {
		if (m->pid == 0 && m->started_us && clock_mono_us() - m->started_us < AGAIN_US)
			return;
		if (m->pid == 0 && start_command(m) < 0) {
			say(m, "the command can't be started");
			return;
		}
		if (path_write(m->pipe, slice_mem(line, n)) == 0)
			return;
		reap(m);
	}
}

_Noreturn static void live(struct watchman *m)
{
	char line[LINE_MAX_BYTES];

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		ssize_t n = recv(m->sock, line, sizeof(line), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		deliver(m, line, (size_t)n);
	}
	if (m->pid > 0) {
		close(m->pipe); /* end of input: it may finish */
		waitpid(m->pid, NULL, 0);
	}
	_exit(0);
}

/* Keep sock as descriptor 3 and let go of all that is the ledger's. */
static void child(int sock, const char *command)
{
	struct watchman m = {.sock = 3, .command = command};

	if (sock != 3 && dup3(sock, 3, O_CLOEXEC) < 0)
		_exit(3);
	close_range(4, ~0U, 0);
	drop_rights();
	live(&m);
}

int watchman_start(struct slice command)
{
	static char text[COMMAND_MAX_BYTES];
	int pair[2];
	pid_t pid;

	if (command.n >= sizeof(text))
		return -ENAMETOOLONG;
	memcpy(text, command.at, command.n);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child(pair[1], text);
	close(pair[1]);
	if (pid < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0) {
		close(pair[0]);
		return -EAGAIN;
	}
	return pair[0];
}
