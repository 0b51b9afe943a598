/*
 * seal: the sandbox that a role builds around itself before it reads its first
 * byte of input. A seal that can't be set up ends the process (exit code 3).
 *
 * In this order: resource limits, no_new_privs, for roles without files an empty root
 * folder, Landlock (kernel 5.13 or newer; not the guard, see seals.c), supplementary
 * groups dropped, uid and gid changed, capabilities reduced to the role's (ambient,
 * inheritable and bounding sets emptied), death with the parent, dumpable off, seccomp
 * filter (any call not listed kills the process; the few listed as refused give EPERM).
 * A process that isn't root keeps its uid, has no capabilities and no empty root folder;
 * the rest is the same.
 *
 * Sockets, the folder of the control socket, fanotify and netlink descriptors are opened
 * before; libraries that load files at first use are warmed up before. One thread only.
 */
#ifndef HINOBAN_WALL_SEAL_H
#define HINOBAN_WALL_SEAL_H

#include "base/base.h"
#include <sys/types.h>

enum seal_role {
	SEAL_GUARD,
	SEAL_READER,
	SEAL_LEDGER,
	SEAL_JUDGE,
	SEAL_DESK,
	SEAL_GATE,
	SEAL_HAND,
	SEAL_FENCE,
	SEAL_SCOPE,
	SEAL_HERALD,
	SEAL_VISITOR,
	SEAL_BROWSER,
	SEAL_COLLECTOR,
	SEAL_FETCH,
	SEAL_ROLES
};

struct seal_want {
	enum seal_role role;
	uid_t uid; /* from seal_ids(); where the process is not root, its own is kept */
	gid_t gid;
	/* Folders; the table of roles says which of them a role may use. */
	const char *state_dir;    /* ledger, hand: read and write; desk: read; others: none */
	const char *const *roots; /* NULL or NULL-terminated. ledger, desk: read; hand: write */
	const char *control;      /* hand: the folder of control groups, or NULL: none */
	const char *room;         /* browser: the one folder that it may write to */
};

const char *seal_role_name(enum seal_role r);
/*
 * The ids of a role: the system user "hinoban-<role>" where it exists, else a number
 * of our own below systemd's dynamic range (61000 + role), which needs no entry in
 * /etc/passwd.
 */
void seal_ids(enum seal_role r, uid_t *uid, gid_t *gid);
/*
 * May this process lock memory without limit, behind its seal, too? As root with
 * CAP_IPC_LOCK, which SEAL_SCOPE keeps where it is there.
 */
bool seal_can_lock(void);
/* Returns only when all of it stands. */
void seal_or_die(const struct seal_want *w);
/*
 * In a sealed process: from now on at most so many seconds of processor time, else the
 * kernel ends it (SIGXCPU). Called before each piece of hostile input.
 */
void seal_cpu(int seconds);

#endif
