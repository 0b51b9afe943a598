/*
 * spawn: start a role's program with socket ends as its first descriptors; used by
 * the keeper, and by one-shot commands that need a reader or a ledger of their own.
 */
#ifndef HINOBAN_WALL_SPAWN_H
#define HINOBAN_WALL_SPAWN_H

#include "base/base.h"
#include <sys/types.h>

struct spawn {
	pid_t pid;
	int pidfd;
	int sock; /* our end; the child's is its descriptor 3 */
};

/*
 * Directory that holds the role programs: where this executable lies if
 * hinoban-reader lies beside it, else the libexec directory of the installation.
 */
const char *spawn_libexec(void);
/* For tests, whose executables lie elsewhere; before the first spawn. */
void spawn_set_libexec(const char *dir);
/*
 * Run `<libexec>/hinoban-<role> ARGV...`. The child gets descriptors 0 (/dev/null), 1 and 2
 * (ours), 3 (its end of a new SEQPACKET pair), an empty environment but for
 * HINOBAN_CLOCK, PATH, LANG, a session of its own (a terminal's Ctrl-C doesn't reach it),
 * and dies with the thread that called this (PDEATHSIG; seal_or_die renews it). A program
 * that can't be run exits 127. 0 or -errno.
 */
int spawn_role(const char *role, const char *const argv[], struct spawn *out);
/* Close our end, which means stop; wait up to ms, then SIGKILL. Returns the wait status. */
int spawn_end(struct spawn *s, int ms);

#endif
