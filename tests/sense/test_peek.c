/* Another process's memory is read by children, which may be late. */
#include "check.h"
#include "sense/holders.h"
#include "sense/peek.h"
#include <errno.h>
#include <fcntl.h>
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

/* What it does, where its links lead, and what it has open. */
static void test_process(void **state)
{
	char dir[] = "/tmp/peek-XXXXXX", file[64], text[PEEK_MAX_BYTES], self[PEEK_MAX_BYTES];
	struct holders_found found[HOLDERS_FOUND];
	struct holders_file asked[2] = {{0}};
	int fd, n = -EAGAIN;
	struct stat st;
	ssize_t got;
	pid_t other;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/f", dir);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	other = fork();
	if (other == 0) {
		assert_int_equal(chdir(dir), 0);
		pause();
		_exit(0);
	}
	close(fd);
	for (int i = 0; i < 500; i++) {
		usleep(10000);
		got = peek_read(other, PEEK_CWD, 0, text, sizeof(text));
		if (got > 0 && slice_eq(slice_mem(text, (size_t)got), slice_str(dir)))
			break;
	}
	assert_true(got > 0 && slice_eq(slice_mem(text, (size_t)got), slice_str(dir)));
	got = peek_read(other, PEEK_FD, (uint64_t)fd, text, sizeof(text));
	assert_true(got > 0 && slice_eq(slice_mem(text, (size_t)got), slice_str(file)));
	assert_true(peek_read(other, PEEK_FD, 9999, text, sizeof(text)) == -ENOENT);
	got = readlink("/proc/self/exe", self, sizeof(self));
	assert_int_equal(peek_read(other, PEEK_EXE, 0, text, sizeof(text)), got);
	assert_memory_equal(text, self, (size_t)got);
	got = peek_read(other, PEEK_CALL, 0, text, sizeof(text));
	assert_true(got > 0 && text[0] >= '0' && text[0] <= '9'); /* it sleeps */

	asked[1] = (struct holders_file){(uint64_t)st.st_dev, st.st_ino};
	assert_true(holders_ask(asked, 2));
	assert_false(holders_ask(asked, 2)); /* one look at a time */
	for (int i = 0; i < 500 && n == -EAGAIN; i++) {
		usleep(10000);
		n = holders_answer(found);
	}
	assert_int_equal(n, 1);
	assert_int_equal(found[0].file, 1);
	assert_int_equal(found[0].pid, other);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	unlink(file);
	rmdir(dir);
}

/* Who waits for a lease of ours. */
static void test_waiters(void **state)
{
	char file[] = "/tmp/peek-XXXXXX";
	pid_t other, found[PEEK_MOST] = {0};
	int fd = mkstemp(file), again;
	ssize_t n = 0;

	(void)state;
	signal(SIGIO, SIG_IGN);
	again = open(file, O_RDONLY | O_CLOEXEC);
	close(fd);
	assert_int_equal(fcntl(again, F_SETLEASE, F_RDLCK), 0);
	other = fork();
	if (other == 0)
		_exit(open(file, O_WRONLY | O_CLOEXEC) < 0);
	for (int i = 0; i < 500 && n < 1; i++) {
		usleep(10000);
		n = peek_waiters(found);
	}
	for (ssize_t i = 0; i < n; i++)
		found[0] = found[i] == other ? other : found[0];
	assert_int_equal(found[0], other);
	assert_int_equal(fcntl(again, F_SETLEASE, F_UNLCK), 0);
	assert_int_equal(waitpid(other, NULL, 0), other);
	unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_place), cmocka_unit_test(test_process),
	    cmocka_unit_test(test_waiters), cmocka_unit_test(test_late)};
	struct seal_want want = {.role = SEAL_GATE, .state_dir = "/tmp"};

	if (geteuid() != 0) {
		puts("1..0 # SKIP only root can seal a process");
		return 0;
	}
	seal_ids(SEAL_GATE, &want.uid, &want.gid);
	peek_begin(CHILDREN, &want);
	holders_begin(&want);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
