/*
 * walk: visit everything below folders, without recursion, without following links,
 * without opening anything but folders; any depth, any length of path.
 *
 * With `workers` > 1 that many threads walk and call the functions at the same time;
 * with 1 the calling thread walks and none is made. What vanishes meanwhile is passed
 * over; what can't be looked into is told through lost().
 */
#ifndef HINOBAN_SENSE_WALK_H
#define HINOBAN_SENSE_WALK_H

#include "base/path.h"
#include "sense/sight.h"

#define WALK_MAX_WORKERS 16

struct walk_entry {
	uint32_t root;
	int worker;        /* 0..workers-1 */
	int dirfd;         /* the folder that holds it; borrowed for the call */
	const char *name;  /* in that folder */
	struct slice path; /* relative to the root; borrowed for the call */
	struct sight sight;
};

struct walk_job {
	int workers;
	void *ctx;
	bool folders; /* nothing but folders is visited */
	/* For a folder: whether to walk into it. */
	bool (*entry)(void *ctx, const struct walk_entry *e);
	/* Could not be looked at or into: errno value. */
	void (*lost)(void *ctx, uint32_t root, struct slice path, int error);
	/* NULL, or called every some thousand names, also where none of them is visited. */
	void (*turn)(void *ctx);
};

struct walk_start {
	uint32_t root;
	int root_fd;       /* open folder of the root */
	struct slice path; /* where to begin below it; empty: the root itself */
};

/*
 * A root's own folder is visited as "."; another folder to begin with is not visited itself.
 * 0 or -ENOMEM, -EAGAIN (no thread).
 */
int walk_run(const struct walk_job *job, const struct walk_start *start, size_t starts);

/* Is this filesystem a kernel's window (proc, sysfs ...), never to be walked into? */
bool walk_is_kernel_fs(int fd);

#endif
