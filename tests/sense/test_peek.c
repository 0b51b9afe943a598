/* Another process's memory is read by children, which may be late. */
#include "check.h"
#include "sense/peek.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 2

static char words[] = "what stands in the memory of another";

/* Our children but for `but`: those that look. */
static int lookers(pid_t but, pid_t out[CHILDREN])
{
	char path[64];
	int pid, n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	assert_non_null(f);
	while (n < CHILDREN && fscanf(f, "%d", &pid) == 1) {
		if (pid != but)
			out[n++] = pid;
	}
	fclose(f);
	return n;
}

static void send_all(const pid_t pid[CHILDREN], int sig)
{
	for (int i = 0; i < CHILDREN; i++)
		assert_int_equal(kill(pid[i], sig), 0);
}

static ssize_t read_words(pid_t pid, char room[sizeof(words)])
{
	memset(room, 0, sizeof(words));
	return peek_read(pid, PEEK_MEMORY, (uint64_t)(uintptr_t)words, room, sizeof(words));
}

/* Once one has time for it. */
static ssize_t read_in_time(pid_t pid, char room[sizeof(words)])
{
	ssize_t n = -EAGAIN;

	for (int i = 0; i < 500 && n == -EAGAIN; i++) {
		n = read_words(pid, room);
		usleep(10000);
	}
	return n;
}

/* Links and all, as for the other process: from its own root on. */
static void test_place(void **state)
{
	char dir[] = "/tmp/peek-XXXXXX", link[64], deep[128], room[sizeof(words)];
	struct peek_place to;
	struct stat st;
	ssize_t n;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(link, sizeof(link), "%s/l", dir);
	assert_int_equal(symlink("/proc/self/nowhere/../..", link), 0);
	/* They seal themselves first. */
	assert_int_equal(read_in_time(getpid(), room), sizeof(words));
	n = peek_place(getpid(), slice_str(dir), &to);
	assert_int_equal(stat(dir, &st), 0);
	assert_true(slice_eq(slice_mem(to.path, (size_t)n), slice_str(dir)));
	assert_true(to.dev == st.st_dev && to.ino == st.st_ino);

	assert_int_equal(peek_place(getpid(), slice_str(link), &to), -ENOENT);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink(dir, link), 0);
	snprintf(deep, sizeof(deep), "%s/l/l/.", link);
	n = peek_place(getpid(), slice_str(deep), &to);
	assert_true(slice_eq(slice_mem(to.path, (size_t)n), slice_str(dir)));
	assert_true(to.ino == st.st_ino);
	unlink(link);
	rmdir(dir);
}

static void test_late(void **state)
{
	char room[sizeof(words)], command[PEEK_MAX_BYTES];
	pid_t other = fork(), looker[CHILDREN] = {0};
	int64_t began;

	(void)state;
	if (other == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(lookers(other, looker), CHILDREN);
	/* They seal themselves first. */
	assert_int_equal(read_in_time(other, room), sizeof(words));
	assert_string_equal(room, words);
	assert_int_equal(peek_read(other, PEEK_MEMORY, (uint64_t)(uintptr_t)words, room, 4), 4);
	assert_true(peek_read(other, PEEK_COMMAND, 0, command, sizeof(command)) > 0);
	assert_non_null(strstr(command, "test-sense-peek"));
	assert_true(peek_read(other, PEEK_MEMORY, 8, room, sizeof(room)) < 0);

	send_all(looker, SIGSTOP);
	usleep(1100000); /* the loss of the beginning is forgotten */
	began = clock_mono_us();
	assert_int_equal(read_words(other, room), -EAGAIN);
	assert_true(clock_mono_us() - began >= PEEK_US);
	/* Who is waited for already, and who is one of very many, costs nothing more. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(read_words(other, room), -EAGAIN);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(read_words(getpid() + i, room), -EAGAIN);

	send_all(looker, SIGCONT);
	assert_int_equal(read_in_time(other, room), sizeof(words));
	assert_string_equal(room, words); /* not the late answer to another question */

	for (int i = 0; i < CHILDREN; i++) {
		assert_int_equal(read_words(other, room),
		                 sizeof(words)); /* by one that is left */
		kill(looker[i], SIGKILL);
		assert_int_equal(waitpid(looker[i], NULL, 0), looker[i]);
	}
	assert_int_equal(read_words(other, room), -EAGAIN);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_place),
	                                   cmocka_unit_test(test_late)};
	struct seal_want want = {.role = SEAL_GATE, .state_dir = "/tmp"};

	if (geteuid() != 0) {
		puts("1..0 # SKIP only root can seal a process");
		return 0;
	}
	seal_ids(SEAL_GATE, &want.uid, &want.gid);
	peek_begin(CHILDREN, &want);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
