/*
 * landlock: confine the file access of this process for good.
 *
 * Debian 12's headers know the first two versions of Landlock's interface, its stock
 * kernel too; newer kernels confine more. We ask the kernel for its version and use what
 * it has: files always; truncation from 3, TCP from 4, device ioctls from 5, abstract
 * sockets and signals from 6 on. Seccomp stands for what an older kernel lacks.
 */
#ifndef HINOBAN_WALL_LANDLOCK_H
#define HINOBAN_WALL_LANDLOCK_H

#include "base/base.h"

enum landlock_access {
	LANDLOCK_READ,  /* files and folders */
	LANDLOCK_ALTER, /* and write to the files that are there */
	LANDLOCK_WRITE, /* and make, alter, rename, remove files and folders; no sockets,
	                   devices */
	LANDLOCK_ROOM,  /* LANDLOCK_WRITE and sockets */
	LANDLOCK_MOVE,  /* LANDLOCK_WRITE and move sockets, pipes and devices, which who may
	                   make them (seccomp decides) could make, too */
	LANDLOCK_RUN,   /* LANDLOCK_READ and run programs */
};

struct landlock_rule {
	const char *path;
	enum landlock_access access;
};

/* What may go out, as far as other walls let it. */
struct landlock_lets {
	bool signals;  /* to processes outside */
	bool connects; /* TCP connections */
};

/* What a kernel with this version of the interface lets us handle (bits of landlock.h). */
uint64_t landlock_handled_fs(int abi);
/*
 * Allow the rules and nothing else. no_new_privs must be set. 0, or -errno with the
 * sentence: -ENOSYS, -EOPNOTSUPP where the kernel has no Landlock.
 */
int landlock_confine(const struct landlock_rule *rule, size_t rules,
                     const struct landlock_lets *lets, struct err *e);

#endif
