/*
 * procs: who runs. A bounded table of processes, kept after their end for a while, so
 * that a writer that is gone by the time its write is seen can still be named.
 *
 * It is fed by the kernel's process connector (fork, exec, exit, change of uid): a fork is
 * told before the child can write, so draining the connector before an event is judged
 * makes its writer known. Without the connector (no CAP_NET_ADMIN, or a container) only
 * /proc is asked, at the moment of need.
 *
 * A deploy is a process tree: who descends from its first process belongs to it for as
 * long as the deploy lasts, also when the parents in between have ended.
 */
#ifndef HINOBAN_SENSE_PROCS_H
#define HINOBAN_SENSE_PROCS_H

#include "sense/sense.h"

#define PROCS_MAX         16384 /* processes remembered */
#define PROCS_CHAIN       8     /* parents that are told */
#define PROCS_MAX_DEPLOYS 16

/* What a process runs; shared by all that were forked from it since. */
struct procs_image {
	unsigned refs;
	char *exe;     /* path, or "" */
	char *command; /* arguments joined by blanks, cut; or "" */
	char *cgroup;  /* "" unknown */
};

struct proc {
	struct proc *next, *parent;
	struct proc *older, *newer; /* in order of their end, once ended */
	struct procs_image *image;  /* NULL: not known */
	pid_t pid;
	uid_t uid;
	uint32_t refs; /* children */
	bool ended, linked;
	int64_t deploy; /* seq, or 0 */
};

struct procs;

struct procs *procs_new(void);
void procs_free(struct procs *p);
/*
 * Open the connector and try it with a child of one's own. 0, or -errno: then the table works
 * from /proc alone; -ENOTCONN if the kernel says nothing, as in a container. Before the seal.
 */
int procs_listen(struct procs *p);
/* To be polled, or -1. */
int procs_fd(const struct procs *p);
/* Read all that is queued. True if the queue had overflowed (some processes are unknown). */
bool procs_drain(struct procs *p);
/* Take in all processes that run now. */
void procs_read_all(struct procs *p);
/*
 * The process, from the table or from /proc; NULL if it is in neither. `pidfd` guards
 * against a number that is used again: a descriptor of the process, PROCS_GONE if the
 * kernel says that it has ended, PROCS_UNSURE. Borrowed until the next call here.
 */
#define PROCS_GONE   (-1)
#define PROCS_UNSURE (-2)
const struct proc *procs_find(struct procs *p, pid_t pid, int pidfd);

/*
 * From its word (deploy.started), which names its first process by number, start and boot: a
 * number alone may be somebody else's by now. False: that process is gone, or there are too
 * many. The same word may come again.
 */
bool procs_deploy_begin(struct procs *p, const struct json *word, int64_t seq);
void procs_deploy_end(struct procs *p, int64_t seq);
/* One whose first process is gone without a word ends; looked at now and then. */
void procs_deploys_tick(struct procs *p, int64_t now_us);
/* Is this one under way? And is its first process still there? */
bool procs_deploy_on(const struct procs *p, int64_t seq);
bool procs_deploy_lives(const struct procs *p, int64_t seq);
/* While a deploy is under way: is this a process of another user than the deploy's and root? */
bool procs_stranger(struct procs *p, pid_t pid, int pidfd);
/* seq of the running deploy that this process belongs to, or 0. */
int64_t procs_deploy_of(struct procs *p, pid_t pid, int pidfd);

/* What the connector says, apart from the socket; for tests. */
void procs_on_fork(struct procs *p, pid_t parent, pid_t child);
void procs_on_exec(struct procs *p, pid_t pid);
void procs_on_exit(struct procs *p, pid_t pid);
void procs_on_uid(struct procs *p, pid_t pid, uid_t uid);

#endif
