/*
 * marks: telling the kernel what to watch (fanotify), and naming files as it does.
 */
#ifndef HINOBAN_SENSE_MARKS_H
#define HINOBAN_SENSE_MARKS_H

#include "sense/events.h"

enum marks_mode {
	MARKS_FILESYSTEM,  /* one mark for a whole filesystem */
	MARKS_DIRECTORIES, /* a mark on each folder */
	MARKS_NONE         /* this filesystem can't tell: only scans find changes */
};

struct marks;

/* Needs CAP_SYS_ADMIN. `bounded`: a queue with the kernel's limit. 0 or -errno. */
int marks_new(bool bounded, struct marks **out);
void marks_free(struct marks *m);
int marks_fd(const struct marks *m); /* non-blocking, to be read and polled */
/*
 * Watch the filesystem of this open folder, if that is not done: tries whole-filesystem
 * marks first unless `directories`. Returns how this filesystem is watched.
 */
enum marks_mode marks_filesystem(struct marks *m, int fd, uint64_t dev, bool directories);
/*
 * Learn the filesystems anew: the number of one that was unmounted is given to the next. Marks
 * that stand already may be set again.
 */
void marks_forget(struct marks *m);
/* Where folders carry marks of their own: mark this one. Returns -errno if it can't be. */
int marks_folder(struct marks *m, int fd, uint64_t dev);
/* The weakest mode of all filesystems met. */
enum marks_mode marks_worst(const struct marks *m);
const char *marks_mode_name(enum marks_mode mode);
bool marks_has_pidfd(const struct marks *m);

/* Does this handle (events.h) name something on filesystem `dev`? */
bool marks_of(struct marks *m, uint64_t dev, struct slice handle);
/*
 * The handle of `name` in the folder (NULL: the folder itself), on filesystem `dev`, as
 * events name it. `out` has EVENTS_HANDLE_MAX_BYTES; the empty slice if there is none.
 */
struct slice marks_handle(struct marks *m, int dirfd, const char *name, uint64_t dev,
                          uint8_t *out);

#endif
