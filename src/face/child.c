#include "face/child.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define CHILD_PATH  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define MAX_ENV     16
#define CHUNK_BYTES 65536

bool child_exists(const char *name)
{
	struct slice rest = slice_str(CHILD_PATH);

	while (rest.n) {
		size_t end = slice_chr(rest, ':');
		struct slice dir = slice_sub(rest, 0, end);
		char path[256];

		snprintf(path, sizeof(path), "%.*s/%s", SLICE_ARG(dir), name);
		if (access(path, X_OK) == 0)
			return true;
		rest = end == SIZE_MAX ? slice_mem(NULL, 0) : slice_sub(rest, end + 1, rest.n);
	}
	return false;
}

static bool become_somebody(const struct child_want *w)
{
	if (geteuid() != 0 || w->uid == 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(w->gid, w->gid, w->gid) == 0 &&
	       setresuid(w->uid, w->uid, w->uid) == 0;
}

static bool set_limits(const struct child_want *w)
{
	struct rlimit fsize = {.rlim_cur = w->max_file_bytes, .rlim_max = w->max_file_bytes};

	return !w->max_file_bytes || setrlimit(RLIMIT_FSIZE, &fsize) == 0;
}

static _Noreturn void become(const char *const argv[], const struct child_want *w, int in,
                             int out)
{
	const char *env[MAX_ENV] = {("PATH=" CHILD_PATH), "HOME=/nonexistent",
	                            "LC_ALL=C.UTF-8"};
	size_t n = 3;

	for (size_t i = 0; w->env && w->env[i] && n + 1 < MAX_ENV; i++)
		env[n++] = w->env[i];
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
	    !set_limits(w) || !become_somebody(w) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || (w->dir && chdir(w->dir) < 0))
		_exit(127);
	execvpe(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
	_exit(127);
}

int child_start(struct child *c, const char *const argv[], const struct child_want *w)
{
	int out[2], in[2] = {-1, -1}, r;

	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	if (w->talk)
		r = pipe2(in, O_CLOEXEC);
	else
		r = in[0] = w->in >= 0 ? fcntl(w->in, F_DUPFD_CLOEXEC, 3)
		                       : open("/dev/null", O_RDONLY | O_CLOEXEC);
	c->pid = r < 0 ? -1 : fork();
	if (c->pid == 0)
		become(argv, w, in[0], out[1]);
	r = c->pid < 0 ? -errno : 0;
	close(out[1]);
	if (in[0] >= 0)
		close(in[0]);
	c->from = out[0];
	c->to = in[1];
	if (r < 0)
		child_end(c);
	return r;
}

int child_end(struct child *c)
{
	int status = 0;

	if (c->to >= 0)
		close(c->to);
	if (c->from >= 0)
		close(c->from);
	c->to = c->from = -1;
	if (c->pid <= 0)
		return -ECHILD;
	while (waitpid(c->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_output(const char *const argv[], const struct child_want *w, struct buf *out)
{
	struct child c;
	int r = child_start(&c, argv, w);

	if (r < 0)
		return r;
	for (;;) {
		uint8_t *at = buf_reserve(out, CHUNK_BYTES);
		ssize_t n = at ? read(c.from, at, CHUNK_BYTES) : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		buf_commit(out, (size_t)n);
	}
	return child_end(&c);
}
