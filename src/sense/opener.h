/*
 * opener: who waits in an open, and does the open write? Read from /proc while the thread
 * stands still in its system call, so that it can't have moved on meanwhile.
 */
#ifndef HINOBAN_SENSE_OPENER_H
#define HINOBAN_SENSE_OPENER_H

#include "base/base.h"
#include <sys/types.h>

struct opener {
	pid_t tid, pid, parent;
	uid_t uid;
	bool known;  /* /proc told */
	bool awake;  /* it has asked, but does not stand still yet: look again */
	bool told;   /* how it opens is known: from an open, creat or openat */
	bool writes; /* for writing, or cutting the file */
	bool hidden; /* its call or memory can't be read now: it may have brought that about */
	uint64_t name_at; /* where the opener's memory holds the path; 0: not known */
	int base;         /* the descriptor that the path begins at; AT_FDCWD */
};

void opener_read(struct opener *o, pid_t tid);
/* No more than who it is: tid, pid, parent, uid, known. Waits for nothing. */
void opener_who(struct opener *o, pid_t tid);

/*
 * The path that the opener gave, as it stands in its memory (peek.h), to `room`; empty where it
 * can't be read: `hidden` says whether it might be later. It may begin anywhere, and lead
 * through links.
 */
struct slice opener_path(struct opener *o, char *room, size_t bytes);
/*
 * That path from the root on, by its text alone: no "." nor ".." in it, links as they stand.
 * False: where it begins can't be told.
 */
bool opener_whole(const struct opener *o, struct slice given, struct buf *out);
/* How many names, from the last on, two paths have in common. Pure. */
size_t opener_common(struct slice a, struct slice b);

/* What /proc/TID/syscall says (proc(5)): for opener_read, and tests. */
void opener_syscall(struct opener *o, struct slice line);

#endif
