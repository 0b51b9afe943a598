/* spawn: fork and exec of a role's program, with nothing inherited but what it needs. */
#include "wall/spawn.h"
#include "wall/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define SPAWN_SOCK    3 /* LOOP_KEEPER_FD of the child */
#define SPAWN_MAX_ARG 32
#define SPAWN_MAX_ENV 8

static char libexec[PATH_MAX];

void spawn_set_libexec(const char *dir)
{
	snprintf(libexec, sizeof(libexec), "%s", dir);
}

static bool role_path(const char *dir, const char *role, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/hinoban-%s", dir, role);

	return n > 0 && n < PATH_MAX && access(out, X_OK) == 0;
}

const char *spawn_libexec(void)
{
	char probe[PATH_MAX];
	ssize_t n;
	char *slash;

	if (*libexec)
		return libexec;
	n = readlink("/proc/self/exe", libexec, sizeof(libexec) - 1);
	libexec[n > 0 ? n : 0] = '\0';
	slash = strrchr(libexec, '/');
	if (slash)
		*slash = '\0';
	if (!slash || !role_path(libexec, "reader", probe))
		spawn_set_libexec(HINOBAN_LIBEXEC);
	return libexec;
}

/* Of our environment only what changes no library's mind: no LD_*, no SQLITE_*, no locale
 * files. */
static void keep_env(char *out[SPAWN_MAX_ENV])
{
	static const char *const kept[] = {
	    "PATH",         "LANG",          "HINOBAN_CLOCK",
#ifdef __SANITIZE_ADDRESS__
	    "ASAN_OPTIONS", "UBSAN_OPTIONS",
#endif
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		size_t len = strlen(kept[i]);

		for (char **e = environ; *e; e++)
			if (strncmp(*e, kept[i], len) == 0 && (*e)[len] == '=')
				out[n++] = *e;
	}
	out[n] = NULL;
}

/* In the child. Only calls that are safe between fork and exec. */
static _Noreturn void become(const char *path, char *const argv[], char *const env[], int sock,
                             pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	/* A terminal's Ctrl-C is for the parent, who then stops us in good order. */
	setsid();
	if (null < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	if (dup2(null, 0) < 0 || sock == SPAWN_SOCK ? fcntl(sock, F_SETFD, 0) < 0
	                                            : dup2(sock, SPAWN_SOCK) < 0)
		_exit(127);
	if (close_range(SPAWN_SOCK + 1, UINT_MAX, 0))
		_exit(127);
	execve(path, argv, env);
	_exit(127);
}

static int fill_argv(char *path, const char *const argv[], char *out[SPAWN_MAX_ARG])
{
	int n = 0;

	out[n++] = path;
	for (int i = 0; argv && argv[i]; i++) {
		if (n == SPAWN_MAX_ARG - 1)
			return -E2BIG;
		out[n++] = (char *)(uintptr_t)argv[i]; /* execve does not write to it */
	}
	out[n] = NULL;
	return 0;
}

int spawn_role(const char *role, const char *const argv[], struct spawn *out)
{
	char path[PATH_MAX];
	char *args[SPAWN_MAX_ARG];
	char *env[SPAWN_MAX_ENV];
	int sock[2];
	pid_t parent = getpid();
	pid_t pid;
	int pidfd;
	int r;

	if (!role_path(spawn_libexec(), role, path))
		return -ENOENT;
	r = fill_argv(path, argv, args);
	if (r == 0)
		r = msg_pair(sock);
	if (r < 0)
		return r;
	keep_env(env);
	pid = fork();
	if (pid == 0)
		become(path, args, env, sock[1], parent);
	r = -errno;
	close(sock[1]);
	/* Nobody but us reaps the child, so its pid is still its own. */
	pidfd = pid < 0 ? -1 : pidfd_open(pid, 0);
	if (pidfd < 0) {
		r = pid < 0 ? r : -errno;
		close(sock[0]); /* a child that runs already takes it as the order to stop */
		return r;
	}
	*out = (struct spawn){.pid = pid, .pidfd = pidfd, .sock = sock[0]};
	return 0;
}

int spawn_end(struct spawn *s, int ms)
{
	struct pollfd p = {.fd = s->pidfd, .events = POLLIN};
	int status = 0;

	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
	if (poll(&p, 1, ms) != 1)
		kill(s->pid, SIGKILL);
	while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(s->pidfd);
	s->pidfd = -1;
	return status;
}
