/* seal: builds the sandbox, layer by layer, and tries the door afterwards. */
#include "wall/seal.h"
#include "wall/seals.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/*
 * AddressSanitizer needs terabytes of address space, reads /proc and, for leaks, traces
 * its own process when it ends: such builds, which are for tests and never installed, go
 * without RLIMIT_AS, seccomp and the undumpable state. All other layers stand.
 */
#if defined(__SANITIZE_ADDRESS__)
#define SEAL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEAL_SANITIZED 1
#endif
#endif
#ifndef SEAL_SANITIZED
#define SEAL_SANITIZED 0
#endif

#define SEAL_FIRST_ID    61000 /* below 61184, where systemd's dynamic users begin */
#define SEAL_MAX_FOLDERS 64
#define SEAL_CHILD_STACK 16384

const char *seal_role_name(enum seal_role r)
{
	return (unsigned)r < SEAL_ROLES ? seals_roles[r].name : "?";
}

void seal_ids(enum seal_role r, uid_t *uid, gid_t *gid)
{
	char name[32];
	const struct passwd *pw;

	snprintf(name, sizeof(name), "hinoban-%s", seal_role_name(r));
	pw = getpwnam(name);
	*uid = pw ? pw->pw_uid : SEAL_FIRST_ID + (uid_t)r;
	*gid = pw ? pw->pw_gid : SEAL_FIRST_ID + (gid_t)r;
}

void seal_cpu(int seconds)
{
	struct rlimit lim;
	struct timespec used;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) || getrlimit(RLIMIT_CPU, &lim))
		err_die("CPU time: %s", strerror(errno));
	lim.rlim_cur = (rlim_t)used.tv_sec + (rlim_t)seconds + 1;
	if (setrlimit(RLIMIT_CPU, &lim))
		err_die("CPU limit: %s", strerror(errno));
}

/* Landlock and seccomp hold for the calling thread: there must be no other. */
static void check_alone(void)
{
	struct stat st;

	if (stat("/proc/self/task", &st))
		err_die("/proc/self/task: %s", strerror(errno));
	if (st.st_nlink != 3)
		err_die("sealing with %lu threads", (unsigned long)st.st_nlink - 2);
}

/* What libraries load at first use must be loaded while files can still be read. */
static void warm_up(void)
{
	(void)hash_of(SLICE("hinoban"));
	tzset();
}

static void set_limit(const struct seals_limit *l)
{
	struct rlimit old, lim = {l->soft, l->hard};

	if (SEAL_SANITIZED && l->what == RLIMIT_AS)
		return;
	if (setrlimit(l->what, &lim) == 0)
		return;
	/* Only CAP_SYS_RESOURCE may raise the ceiling: take as much as there is. */
	if (errno != EPERM || getrlimit(l->what, &old))
		err_die("limit %d: %s", l->what, strerror(errno));
	lim.rlim_max = old.rlim_max;
	if (lim.rlim_cur > lim.rlim_max)
		lim.rlim_cur = lim.rlim_max;
	if (setrlimit(l->what, &lim))
		err_die("limit %d: %s", l->what, strerror(errno));
}

static void limit(const struct seals_role *r)
{
	static const struct seals_limit all[] = {{RLIMIT_CORE, 0, 0}, {RLIMIT_MSGQUEUE, 0, 0}};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		set_limit(&all[i]);
	for (unsigned i = 0; i < r->limits; i++)
		set_limit(&r->limit[i]);
}

static int chroot_child(void *unused)
{
	(void)unused;
	_exit(chroot("/proc/self/fdinfo") || chdir("/") ? 1 : 0);
}

/*
 * Neither Landlock nor seccomp can keep a process from asking with stat() what a path is.
 * A child that shares our root folder moves it into its own /proc/PID/fdinfo and ends:
 * from then on our root is a folder of a process that is no more, where nothing can be
 * found or made.
 */
static void leave_files(void)
{
	static char stack[SEAL_CHILD_STACK] __attribute__((aligned(16)));
	int status = -1;
	pid_t pid = clone(chroot_child, stack + sizeof(stack), CLONE_FS | SIGCHLD, NULL);

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		err_die("an empty root folder: %s", strerror(errno));
}

/* The system as it is installed, /proc and /dev as every program uses them, and a room. */
static size_t list_for_program(const char *room, struct landlock_rule out[SEAL_MAX_FOLDERS])
{
	static const struct landlock_rule all[] = {
	    {"/usr", LANDLOCK_RUN},   {"/lib", LANDLOCK_RUN},     {"/lib64", LANDLOCK_RUN},
	    {"/bin", LANDLOCK_RUN},   {"/etc", LANDLOCK_READ},    {"/opt", LANDLOCK_RUN},
	    {"/sys", LANDLOCK_READ},  {"/proc", LANDLOCK_ALTER},  {"/dev", LANDLOCK_ALTER},
	    {"/run", LANDLOCK_ALTER}, {"/dev/shm", LANDLOCK_ROOM}};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (access(all[i].path, F_OK) == 0)
			out[n++] = all[i];
	if (room)
		out[n++] = (struct landlock_rule){room, LANDLOCK_ROOM};
	return n;
}

/* Who speaks to other machines; what is not there is left out. */
static size_t list_outward(struct landlock_rule out[SEAL_MAX_FOLDERS])
{
	static const char *const all[] = {"/etc",
	                                  "/usr/share/ca-certificates",
	                                  "/usr/lib/ssl",
	                                  "/usr/local/share/ca-certificates",
	                                  "/run/systemd/resolve",
	                                  "/run/resolvconf",
	                                  "/run/NetworkManager"};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (access(all[i], F_OK) == 0)
			out[n++] = (struct landlock_rule){all[i], LANDLOCK_READ};
	return n;
}

static size_t list_folders(const struct seals_role *r, const struct seal_want *w,
                           struct landlock_rule out[SEAL_MAX_FOLDERS])
{
	/* Whatever stands in the shop may have to be moved. */
	enum landlock_access below = r->files == SEALS_ROOTS_RW ? LANDLOCK_MOVE : LANDLOCK_READ;
	enum landlock_access access = r->files == SEALS_STATE_RW ? LANDLOCK_WRITE : below;
	size_t n = 0;

	if (r->files == SEALS_NO_FILES)
		return 0;
	if (r->files == SEALS_OUTWARD)
		return list_outward(out);
	if (r->files == SEALS_PROGRAM)
		return list_for_program(w->room, out);
	if (w->state_dir)
		out[n++] = (struct landlock_rule){w->state_dir, access};
	for (const char *const *root = w->roots; root && *root; root++) {
		if (n == SEAL_MAX_FOLDERS)
			err_die("more than %d folders to read", SEAL_MAX_FOLDERS);
		out[n++] = (struct landlock_rule){*root, below};
	}
	if (r->files == SEALS_ROOTS_RW && w->control && n < SEAL_MAX_FOLDERS)
		out[n++] = (struct landlock_rule){w->control, LANDLOCK_ALTER};
	return n;
}

static void confine_files(const struct seals_role *r, const struct seal_want *w)
{
	struct landlock_rule rule[SEAL_MAX_FOLDERS];
	struct landlock_lets lets = {r->signals, r->connects};
	struct err e = {""};

	if (r->files == SEALS_ALL_RO)
		return; /* by seccomp instead: see seals.c */
	if (landlock_confine(rule, list_folders(r, w, rule), &lets, &e) < 0)
		err_die("%s", e.text);
}

/* Root only: another uid, and of root's capabilities only the role's. */
static void change_ids(const struct seals_role *r, const struct seal_want *w)
{
	if (w->uid == 0 || w->gid == 0)
		err_die("role %s may not run as root", r->name);
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_apply(CAPNG_SELECT_BOUNDS) || capng_apply(CAPNG_SELECT_AMBIENT))
		err_die("capability bounding set: %s", strerror(errno));
	if (prctl(PR_SET_KEEPCAPS, r->caps > 0, 0, 0, 0) || setgroups(0, NULL) ||
	    setresgid(w->gid, w->gid, w->gid) || setresuid(w->uid, w->uid, w->uid))
		err_die("ids of role %s: %s", r->name, strerror(errno));
}

static bool is_permitted(int cap)
{
	struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2] = {{0, 0, 0}, {0, 0, 0}};

	return syscall(SYS_capget, &h, d) == 0 && d[cap / 32].permitted & 1u << cap % 32;
}

bool seal_can_lock(void)
{
	return geteuid() == 0 && is_permitted(CAP_IPC_LOCK);
}

static void reduce_caps(const struct seals_role *r, bool root)
{
	capng_clear(CAPNG_SELECT_CAPS);
	for (unsigned i = 0; root && i < r->caps; i++)
		if (!r->caps_may_lack || is_permitted(r->cap[i]))
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			             (unsigned)r->cap[i]);
	if (capng_apply(CAPNG_SELECT_CAPS))
		err_die("capabilities: %s", strerror(errno));
	if (root && (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0))
		err_die("role %s could become root again", r->name);
}

static void close_door(const struct seals_role *r)
{
	int e;

	/* A change of ids forgets who our death depends on. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		err_die("prctl: %s", strerror(errno));
	if (SEAL_SANITIZED)
		return;
	if (prctl(PR_SET_DUMPABLE, 0))
		err_die("prctl: %s", strerror(errno));
	e = r->table[0].rule ? filter_load(r->table) : 0;
	if (e < 0)
		err_die("seccomp: %s", strerror(-e));
}

void seal_or_die(const struct seal_want *w)
{
	const struct seals_role *r = &seals_roles[w->role];
	bool root = geteuid() == 0;

	check_alone();
	warm_up();
	capng_get_caps_process(); /* reads /proc, while there is one */
	limit(r);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err_die("no_new_privs: %s", strerror(errno));
	if (root && r->files == SEALS_NO_FILES)
		leave_files();
	confine_files(r, w);
	if (root)
		change_ids(r, w);
	reduce_caps(r, root);
	close_door(r);
}
