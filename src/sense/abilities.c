/* abilities: what this kernel gives, found out by trying, never by version numbers. */
#include "sense/fence.h"
#include "sense/procs.h"
#include "sense/sense.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef FAN_REPORT_PIDFD
#define FAN_REPORT_PIDFD 0x00000080
#endif

#define NAMES_FLAGS (FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_REPORT_FID | FAN_REPORT_DFID_NAME)

struct list {
	struct sense_ability *at;
	int n, max;
};

/* `r` as system calls give it: not negative is good; else errno tells. */
static void tell(struct list *l, const char *name, long r, const char *use)
{
	int fault = errno;

	if (l->n >= l->max)
		return;
	l->at[l->n] = (struct sense_ability){.name = name, .has = r >= 0};
	if (r >= 0)
		snprintf(l->at[l->n].detail, sizeof(l->at[l->n].detail), "%s", use);
	else
		snprintf(l->at[l->n].detail, sizeof(l->at[l->n].detail), "%s: %s", use,
		         strerror(fault));
	l->n++;
}

static void try_fanotify(struct list *l, const char *dir)
{
	AUTO_FD names = fanotify_init(NAMES_FLAGS, O_RDONLY | O_CLOEXEC);
	AUTO_FD pidfd = fanotify_init(NAMES_FLAGS | FAN_REPORT_PIDFD, O_RDONLY | O_CLOEXEC);
	AUTO_FD hold = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC);

	tell(l, "fanotify.names", names, "changes are told with folder and name");
	tell(l, "fanotify.filesystem",
	     names < 0 ? names
	               : fanotify_mark(names, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
	                               FAN_MODIFY | FAN_ONDIR, AT_FDCWD, dir),
	     "a whole filesystem is watched, through every mount of it");
	tell(l, "fanotify.pidfd", pidfd, "the writing process is told beyond doubt");
	tell(l, "fanotify.permission", hold,
	     "opens can be held until they are decided (modes heal and hold)");
}

/* What makes heal and hold tight: see sense/leases.h and respond/held.c. */
static void try_held(struct list *l, const char *dir)
{
	AUTO_FD fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	AUTO_FD again = -1;
	char path[64];
	struct statfs fs;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = fd < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	fd = -1;
	tell(l, "hold.leases", again < 0 ? again : fcntl(again, F_SETLEASE, F_RDLCK),
	     "who is about to write to an approved file waits");
	if (again >= 0 && fstatfs(again, &fs) == 0)
		errno = EOPNOTSUPP;
	tell(l, "hold.closing", again >= 0 && fs.f_type == EXT4_SUPER_MAGIC ? 0 : -1,
	     "a file can be closed to writers that have it open already (ext4)");
}

static void try_processes(struct list *l)
{
	struct procs *p = procs_new();
	int r = p ? procs_listen(p) : -ENOMEM;
	const char *use = "short-lived processes are known by name";

	if (r == -ENOTCONN || r == -ECONNREFUSED) /* namespaces of its own */
		use = "short-lived processes are known by name: not in a container";
	errno = -r;
	tell(l, "processes.connector", r, use);
	procs_free(p);
}

int sense_abilities(const char *dir, struct sense_ability *out, int max)
{
	struct list l = {out, 0, max};

	try_fanotify(&l, dir);
	try_held(&l, dir);
	try_processes(&l);
	tell(&l, "landlock",
	     syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION),
	     "sealed processes are kept from files");
	tell(&l, "seccomp", prctl(PR_GET_SECCOMP),
	     "sealed processes are kept from system calls");
	return l.n;
}

void sense_try_fence(struct sense_ability *out)
{
	struct fence_load *l = NULL;
	struct err e = {""};

	*out = (struct sense_ability){.name = "fence", .has = fence_load(&l, &e) == 0};
	snprintf(out->detail, sizeof(out->detail), "%s%s",
	         out->has ? "the kernel itself keeps web workers from code" : e.text,
	         !out->has                           ? ""
	         : fence_load_way(l) == FENCE_BY_LSM ? " (BPF LSM)"
	                                             : " (BPF, before its own checks)");
	fence_unload(l);
}
