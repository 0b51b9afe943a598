/*
 * events: what the kernel says in a fanotify buffer, as borrowed slices. Pure.
 *
 * A handle is a file or folder as the kernel names it: filesystem id, length, type and
 * bytes of its file handle, in one piece, so that two handles are the same object if and
 * only if their bytes are equal (but see handle_key()).
 */
#ifndef HINOBAN_SENSE_EVENTS_H
#define HINOBAN_SENSE_EVENTS_H

#include "base/base.h"
#include <sys/types.h>

#define EVENTS_FSID_BYTES       8
#define EVENTS_HANDLE_MAX_BYTES 144 /* fsid, struct file_handle, MAX_HANDLE_SZ */

struct event {
	uint64_t mask;          /* FAN_* of fanotify(7) */
	pid_t pid;              /* 0: unknown (another pid namespace) */
	int pidfd;              /* the caller's to close; -1: none, the process is gone */
	struct slice dir, name; /* where it happened; empty if not told */
	struct slice new_dir, new_name; /* FAN_RENAME: where to */
	struct slice target;            /* the object itself */
};

/*
 * Take the next event off the buffer. False at its end, or where it is ill-formed (then
 * *broken is set).
 */
bool events_next(struct slice *buf, struct event *out, bool *broken);

#endif
