/*
 * peek: what another process does, what lies in its memory, and where its paths lead, found out
 * by children that may be lost.
 *
 * Who reads the memory of a process waits for its lock (mmap_lock), which the process can hold
 * for seconds: mprotect(2) over a large mapping needs no right at all. Or he waits for the
 * page: it may be a file of a FUSE server that does not answer. Most of /proc/PID waits for a
 * lock (exec_update_lock) that a process has while it becomes another program, which may last
 * as long; of `status`, `stat` and `cgroup` that is not so. The gate can wait for nobody: while
 * it does not answer, nobody opens anything, and in the end the keeper takes it for hung. So
 * children ask, and are not waited for longer than PEEK_US; one that is late is asked again
 * once it has answered.
 */
#ifndef HINOBAN_SENSE_PEEK_H
#define HINOBAN_SENSE_PEEK_H

#include "wall/seal.h"
#include <sys/types.h>

#define PEEK_MAX_BYTES 4096
#define PEEK_US        20000  /* a child that is not late answers in a tenth of a millisecond */
#define PEEK_ALL_US    100000 /* one that looks at all processes */
#define PEEK_LOST_US   100000 /* so much of each second is waited in vain, at most */

enum peek {
	PEEK_MEMORY,
	PEEK_COMMAND, /* proc(5): cmdline */
	PEEK_CALL,    /* syscall */
	PEEK_EXE,     /* where these links lead: exe */
	PEEK_CWD,     /* cwd */
	PEEK_FD,      /* fd/N */
	PEEK_WAITERS, /* who waits for a lease to end */
	PEEK_PLACE
};

/* What a path leads to. */
struct peek_place {
	uint64_t dev, ino;
	uint8_t path[PEEK_MAX_BYTES - 2 * sizeof(uint64_t)]; /* as the kernel tells it */
};

/*
 * Begin so many children, sealed as `want` says, which end with this process. Before anything
 * else is opened, and before the seal: they are the same program, and may do as much. Without
 * it, and where no child can be made, peek_read() reads by itself.
 */
void peek_begin(int children, const struct seal_want *want);
/* One that does other work, over that socket: our end of it, or -1. */
int peek_child(const struct seal_want *want, void work(int sock));
/* How many of them have ended before this process: it has to begin anew to have them again. */
int peek_gone(void);
/* And how many are left? */
int peek_left(void);
/*
 * Up to `room` (PEEK_MAX_BYTES) bytes of this process's memory from `at` on, or of what else
 * `what` says (PEEK_FD: `at` is N). How many, -errno, or -EAGAIN: it can't be told now.
 */
ssize_t peek_read(pid_t pid, enum peek what, uint64_t at, void *out, size_t room);
/* Whoever stands in the kernel's __break_lease: how many of them, at most PEEK_MOST; or
 * -EAGAIN. */
#define PEEK_MOST (PEEK_MAX_BYTES / sizeof(pid_t))
ssize_t peek_waiters(pid_t out[PEEK_MOST]);
/*
 * Where this path leads from the process's root on, links and all: how long out->path is,
 * -errno or -EAGAIN. On the way may lie a FUSE server, or any filesystem that hangs.
 */
ssize_t peek_place(pid_t pid, struct slice path, struct peek_place *out);

#endif
