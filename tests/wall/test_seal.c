/*
 * Every act in every role, once as a child of root and once as a child of nobody: each in
 * a process of its own that seals itself and then tries. What a role may must work; what
 * it may not must be refused (EPERM, EACCES, ENOSYS; ENOENT or ESRCH where nothing can be
 * found any more) or kill the process (SIGSYS). What fails for any other reason is no proof,
 * and so is a fault of the test.
 */
#include "acts.h"
#include "check.h"

#include "wall/landlock.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY 65534

enum outcome { DID_IT = 10, REFUSED = 11, ODD = 12 };

static uid_t role_uid(enum seal_role role, bool root)
{
	uid_t uid = NOBODY;
	gid_t gid;

	if (root)
		seal_ids(role, &uid, &gid);
	return uid;
}

/* A process that only waits, of this uid. */
static pid_t waiting_process(uid_t uid)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
			_exit(1);
		for (;;)
			pause();
	}
	return pid;
}

static void put_file(const char *path, mode_t mode, uid_t uid)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "text", 4), 4);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(fchown(fd, uid, uid), 0);
	close(fd);
}

static void set_stage(struct act_stage *s, uid_t uid)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	snprintf(s->dir, sizeof(s->dir), "/tmp/hinoban-seal-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	assert_int_equal(chmod(s->dir, 0777), 0);
	snprintf(s->state, sizeof(s->state), "%s/state", s->dir);
	assert_int_equal(mkdir(s->state, 0700), 0);
	assert_int_equal(chown(s->state, uid, uid), 0);
	snprintf(s->inside, sizeof(s->inside), "%s/inside", s->state);
	put_file(s->inside, 0600, uid);
	snprintf(s->control, sizeof(s->control), "%s/control", s->dir);
	assert_int_equal(mkdir(s->control, 0777), 0);
	assert_int_equal(chmod(s->control, 0777), 0);
	snprintf(s->freeze, sizeof(s->freeze), "%s/cgroup.freeze", s->control);
	put_file(s->freeze, 0666, uid);
	snprintf(s->outside, sizeof(s->outside), "%s/outside", s->dir);
	put_file(s->outside, 0666, uid);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s->sock), 0);
	s->memfd = memfd_create("act", 0);
	s->listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(s->listening, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->listening, 5), 0);
	s->mount = open(s->dir, O_RDONLY | O_DIRECTORY);
	assert_true(s->memfd >= 0 && s->mount >= 0);
}

static void strike_stage(struct act_stage *s)
{
	char command[128];

	close(s->sock[0]);
	close(s->sock[1]);
	close(s->memfd);
	close(s->listening);
	close(s->mount);
	snprintf(command, sizeof(command), "%s", s->dir);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", command, (char *)NULL);
		_exit(127);
	}
	wait(NULL);
}

static void seal_as(enum seal_role role, bool root, const struct act_stage *s)
{
	struct seal_want want = {.role = role, .state_dir = s->state, .control = s->control};

	if (!root && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	              setresuid(NOBODY, NOBODY, NOBODY)))
		_exit(ODD);
	seal_ids(role, &want.uid, &want.gid);
	seal_or_die(&want);
}

static _Noreturn void perform(enum seal_role role, bool root, const struct act *a,
                              const struct act_stage *s)
{
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	seal_as(role, root, s);
	r = a->try(s);
	if (r == 0)
		_exit(DID_IT);
	if (r == -EPERM || r == -EACCES || r == -ENOSYS || r == -ENOENT || r == -ESRCH)
		_exit(REFUSED);
	dprintf(2, "%s: %s\n", a->name, strerror(-r));
	_exit(ODD);
}

static int try_act(enum seal_role role, bool root, const struct act *a, struct act_stage *s)
{
	uid_t uid = role_uid(role, root);
	int status = 0;
	pid_t pid;

	set_stage(s, uid);
	s->sibling = waiting_process(uid);
	s->pidfd = pidfd_open(s->other, 0);
	assert_true(s->pidfd >= 0);
	pid = fork();
	if (pid == 0)
		perform(role, root, a, s);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	kill(s->sibling, SIGKILL);
	waitpid(s->sibling, NULL, 0);
	close(s->pidfd);
	strike_stage(s);
	return status;
}

static bool as_it_should(const struct act *a, enum seal_role role, bool root, int status)
{
	bool may = a->who & 1u << role && (root || a->when == ACT_ALWAYS);

	if (may)
		return WIFEXITED(status) && WEXITSTATUS(status) == DID_IT;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS;
	return WIFEXITED(status) && WEXITSTATUS(status) == REFUSED;
}

/* Nobody's roles without files have no empty root folder (chroot is root's): stat tells them.
 */
static bool known_gap(const struct act *a, enum seal_role role, bool root)
{
	const unsigned without = ACT_R | ACT_J | ACT_C | ACT_S | ACT_V;

	return !root && without & 1u << role && strcmp(a->name, "stat_outside") == 0;
}

static void play_role(enum seal_role role, bool root)
{
	int faults = 0;
	struct act_stage s = {.other = waiting_process(0)};

	for (size_t i = 0; i < act_count; i++) {
		int status;

		if (known_gap(&acts[i], role, root))
			continue;
		status = try_act(role, root, &acts[i], &s);
		if (as_it_should(&acts[i], role, root, status))
			continue;
		faults++;
		print_error("%s%s: %s: %s %d\n", seal_role_name(role), root ? "" : " (nobody)",
		            acts[i].name, WIFSIGNALED(status) ? "signal" : "exit",
		            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
	kill(s.other, SIGKILL);
	waitpid(s.other, NULL, 0);
	assert_int_equal(faults, 0);
}

#define ROLE_TESTS(role, ROLE)                     \
	static void role##_of_root(void **state)   \
	{                                          \
		(void)state;                       \
		play_role(ROLE, true);             \
	}                                          \
	static void role##_of_nobody(void **state) \
	{                                          \
		(void)state;                       \
		play_role(ROLE, false);            \
	}
ROLE_TESTS(guard, SEAL_GUARD)
ROLE_TESTS(reader, SEAL_READER)
ROLE_TESTS(ledger, SEAL_LEDGER)
ROLE_TESTS(judge, SEAL_JUDGE)
ROLE_TESTS(desk, SEAL_DESK)
ROLE_TESTS(gate, SEAL_GATE)
ROLE_TESTS(hand, SEAL_HAND)
ROLE_TESTS(herald, SEAL_HERALD)
ROLE_TESTS(collector, SEAL_COLLECTOR)
ROLE_TESTS(fence, SEAL_FENCE)
ROLE_TESTS(scope, SEAL_SCOPE)
ROLE_TESTS(visitor, SEAL_VISITOR)
ROLE_TESTS(fetch, SEAL_FETCH)

/* A line of /proc/PID/status without its name. */
static void status_line(pid_t pid, const char *name, char out[128])
{
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	out[0] = '\0';
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			sscanf(line + strlen(name) + 1, " %127[^\n]", out);
	fclose(f);
}

static void expect_status(pid_t pid, const char *name, const char *want)
{
	char got[128];

	status_line(pid, name, got);
	if (strcmp(got, want) != 0)
		fail_msg("%s is \"%s\", want \"%s\"", name, got, want);
}

static void looks_sealed(enum seal_role role, const char *caps)
{
	struct act_stage s;
	uid_t uid = role_uid(role, true);
	char ids[64], c;
	pid_t pid;

	set_stage(&s, uid);
	snprintf(ids, sizeof(ids), "%u\t%u\t%u\t%u", uid, uid, uid, uid);
	pid = fork();
	if (pid == 0) {
		close(s.sock[1]);
		seal_as(role, true, &s);
		(void)!write(s.sock[0], "x", 1);
		(void)!read(s.sock[0], &c, 1);
		_exit(0);
	}
	close(s.sock[0]);
	s.sock[0] = -1;
	assert_int_equal(read(s.sock[1], &c, 1), 1); /* 0: it could not be sealed */
	expect_status(pid, "Uid", ids);
	expect_status(pid, "Groups", "");
	expect_status(pid, "CapInh", "0000000000000000");
	expect_status(pid, "CapPrm", caps);
	expect_status(pid, "CapEff", caps);
	expect_status(pid, "CapBnd", "0000000000000000");
	expect_status(pid, "CapAmb", "0000000000000000");
	expect_status(pid, "NoNewPrivs", "1");
	expect_status(pid, "Seccomp", "2");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	strike_stage(&s);
}

static void rights_are_the_tables(void **state)
{
	(void)state;
	/* DAC_READ_SEARCH 2, NET_ADMIN 12, SYS_PTRACE 19, SYS_ADMIN 21 */
	looks_sealed(SEAL_GUARD, "0000000000281004");
	looks_sealed(SEAL_READER, "0000000000000000");
	looks_sealed(SEAL_LEDGER, "0000000000000000");
	looks_sealed(SEAL_JUDGE, "0000000000000000");
	looks_sealed(SEAL_DESK, "0000000000000000");
	looks_sealed(SEAL_HERALD, "0000000000000000");
	looks_sealed(SEAL_COLLECTOR, "0000000000000000");
	looks_sealed(SEAL_SCOPE, "0000000000004000"); /* IPC_LOCK 14 */
	looks_sealed(SEAL_VISITOR, "0000000000000000");
	looks_sealed(SEAL_FETCH, "0000000000000000");
	/* DAC_READ_SEARCH 2, SYS_PTRACE 19 */
	looks_sealed(SEAL_FENCE, "0000000000080004");
	/* DAC_READ_SEARCH 2, SYS_PTRACE 19, LEASE 28 */
	looks_sealed(SEAL_GATE, "0000000010080004");
	/* CHOWN 0, DAC_OVERRIDE 1, _READ_SEARCH 2, FOWNER 3, FSETID 4, KILL 5, IMMUTABLE 9,
	 * NET_ADMIN 12, LEASE 28 */
	looks_sealed(SEAL_HAND, "000000001000123f");
}

static void handles_what_the_kernel_knows(void **state)
{
	(void)state;
	assert_int_equal(landlock_handled_fs(1), 0x1fff);
	assert_int_equal(landlock_handled_fs(2), 0x3fff); /* Debian 12's stock kernel */
	assert_int_equal(landlock_handled_fs(3), 0x7fff);
	assert_int_equal(landlock_handled_fs(4), 0x7fff);
	assert_int_equal(landlock_handled_fs(5), 0xffff);
	assert_int_equal(landlock_handled_fs(99), 0xffff);
}

/* In a child: what does a seal that can't be set up do? */
static void broken_seal_is_fatal(void **state)
{
	struct seal_want want = {.role = SEAL_LEDGER, .state_dir = "/nowhere/at/all"};
	int status;

	(void)state;
	seal_ids(SEAL_LEDGER, &want.uid, &want.gid);
	if (fork() == 0) {
		fclose(stderr);
		close(2);
		seal_or_die(&want);
		_exit(0);
	}
	wait(&status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	want = (struct seal_want){.role = SEAL_JUDGE, .uid = 0, .gid = 0};
	if (fork() == 0) {
		close(2);
		seal_or_die(&want); /* as root: refused */
		_exit(0);
	}
	wait(&status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

static void cpu_is_limited(void **state)
{
	struct seal_want want = {.role = SEAL_READER};
	int status;
	pid_t pid;

	(void)state;
	seal_ids(SEAL_READER, &want.uid, &want.gid);
	pid = fork();
	if (pid == 0) {
		seal_or_die(&want);
		seal_cpu(1);
		for (volatile unsigned i = 0;; i++)
			;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXCPU);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(guard_of_root),
	    cmocka_unit_test(guard_of_nobody),
	    cmocka_unit_test(reader_of_root),
	    cmocka_unit_test(reader_of_nobody),
	    cmocka_unit_test(ledger_of_root),
	    cmocka_unit_test(ledger_of_nobody),
	    cmocka_unit_test(judge_of_root),
	    cmocka_unit_test(judge_of_nobody),
	    cmocka_unit_test(desk_of_root),
	    cmocka_unit_test(desk_of_nobody),
	    cmocka_unit_test(gate_of_root),
	    cmocka_unit_test(gate_of_nobody),
	    cmocka_unit_test(hand_of_root),
	    cmocka_unit_test(hand_of_nobody),
	    cmocka_unit_test(herald_of_root),
	    cmocka_unit_test(herald_of_nobody),
	    cmocka_unit_test(collector_of_root),
	    cmocka_unit_test(collector_of_nobody),
	    cmocka_unit_test(fence_of_root),
	    cmocka_unit_test(fence_of_nobody),
	    cmocka_unit_test(scope_of_root),
	    cmocka_unit_test(scope_of_nobody),
	    cmocka_unit_test(visitor_of_root),
	    cmocka_unit_test(visitor_of_nobody),
	    cmocka_unit_test(fetch_of_root),
	    cmocka_unit_test(fetch_of_nobody),
	    cmocka_unit_test(rights_are_the_tables),
	    cmocka_unit_test(handles_what_the_kernel_knows),
	    cmocka_unit_test(broken_seal_is_fatal),
	    cmocka_unit_test(cpu_is_limited),
	};

	if (geteuid() != 0) {
		print_message("needs root\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
