/* The table of processes, with the kernel's connector: whose child a writer is, is not lost. */
#include "check.h"
#include "sense/procs.h"
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *stay(void *arg)
{
	pause();
	return arg;
}

/* Its first thread has ended: as any process that is about to end it has no program any more.
 */
static _Noreturn void without_program(void)
{
	pthread_t t;

	alarm(10);
	usleep(200000); /* its fork is heard first, its end not before it is asked about */
	if (pthread_create(&t, NULL, stay, NULL) == 0)
		pthread_exit(NULL);
	_exit(1);
}

static bool has_program(pid_t pid)
{
	char path[64], to[16];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	return readlink(path, to, sizeof(to)) >= 0;
}

/* A child's child, whose parent has ended; its number and its parent's. */
static pid_t orphan(pid_t *parent)
{
	int way[2];
	pid_t pid = -1;

	assert_int_equal(pipe(way), 0);
	*parent = fork();
	if (*parent == 0) {
		pid = fork();
		if (pid == 0)
			without_program();
		_exit(write(way[1], &pid, sizeof(pid)) != sizeof(pid));
	}
	assert_int_equal(read(way[0], &pid, sizeof(pid)), sizeof(pid));
	assert_int_equal(waitpid(*parent, NULL, 0), *parent);
	close(way[0]);
	close(way[1]);
	return pid;
}

/* It ran a program that nobody could name any more: it stays a child of those who made it. */
static void test_about_to_end(void **state)
{
	struct procs *p = procs_new();
	const struct proc *x;
	pid_t parent, pid;
	int pidfd;

	(void)state;
	if (procs_listen(p) < 0) {
		procs_free(p);
		skip(); /* no right to the connector, or a container */
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = orphan(&parent);
	procs_drain(p);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	for (int i = 0; i < 5000 && has_program(pid); i++)
		usleep(1000);
	procs_on_exec(p, pid);
	x = procs_find(p, pid, pidfd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_non_null(x);
	assert_null(x->image);
	assert_non_null(x->parent);
	assert_int_equal(x->parent->pid, parent);
	close(pidfd);
	procs_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_about_to_end)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
