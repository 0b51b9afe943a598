/*
 * burden: what a process and all of its descendants take of memory, and a control group that
 * holds them, where there is one.
 */
#ifndef HINOBAN_VISIT_BURDEN_H
#define HINOBAN_VISIT_BURDEN_H

#include "base/base.h"
#include <sys/types.h>

struct burden {
	int procs;       /* cgroup.procs of the group, open for writing; -1: there is none */
	char group[160]; /* its folder, or "" */
};

/*
 * As root: a control group of version 2 (beside the service managers', where memory is
 * controlled at the top) or of version 1, with this limit. Without one nothing is lost but the
 * kernel's own promptness.
 */
void burden_open(struct burden *b, int64_t most_bytes);
void burden_close(struct burden *b);
/* Put a process that has no child yet into it. */
void burden_add(struct burden *b, pid_t pid);
/* Resident bytes of pid and its descendants (of shared pages only what is not of files). */
int64_t burden_of(pid_t pid, int *processes);
/* SIGKILL to all of them. */
void burden_kill(pid_t pid);

#endif
