/*
 * path: names below a root, as raw bytes of any length.
 *
 * Nothing here follows a symbolic link or leaves the folder it was given, and
 * PATH_MAX does not matter.
 */
#ifndef HINOBAN_BASE_PATH_H
#define HINOBAN_BASE_PATH_H

#include "base/base.h"

/* Longer paths (as text) are told as unreadable: a fact could not hold them. */
#define PATH_TEXT_MAX_BYTES (24u * 1024)
#define PATH_MAX_BYTES      (64u * 1024)
/* A root's own folder, as a path below the root. */
#define PATH_ROOT "."

/*
 * Open `path` below the folder `base`. `flags` as in open(2); O_NOFOLLOW, O_CLOEXEC,
 * O_NOCTTY and O_NONBLOCK are added. The empty path opens the folder itself. A descriptor or
 * -errno
 * (-ELOOP or -ENOTDIR where a link lies on the way, -EINVAL where a name is "..").
 */
int path_open(int base, struct slice path, int flags);
/* Open (O_PATH) the folder that holds `path`; its last name, with a NUL, goes to `name`. */
int path_open_parent(int base, struct slice path, char name[256]);
/*
 * The folder opened last, for paths near it: looks come in the order of folders, and deep ones
 * cost an open per name. Whoever hears that a folder was made, moved or removed forgets it.
 */
struct path_near {
	struct buf path;
	int base, fd; /* fd -1: nothing is kept */
};

void path_near_init(struct path_near *n);
void path_near_forget(struct path_near *n);
void path_near_done(struct path_near *n);
/* As path_open_parent(), but the descriptor is borrowed until the next call. */
int path_near_parent(struct path_near *n, int base, struct slice path, char name[256]);
/*
 * All of s, from where fd stands. 0 or -errno: what was written before a fault stays; a quota
 * that is used up is a full disk (-ENOSPC). For descriptors that block.
 */
int path_write(int fd, struct slice s);
/* `dir`/`name` into out (emptied first); the empty dir gives the name alone. */
void path_join(struct buf *out, struct slice dir, struct slice name);
/*
 * Go on from the folder that stands in `out` (empty: the root "/") by this path, by its text
 * alone: no "." nor ".." stays, links count as folders. A path from the root on begins anew.
 */
void path_go(struct buf *out, struct slice path);
/* Is path the folder itself or below it? Every path is below the empty one. */
bool path_below(struct slice path, struct slice dir);
/* The path up to its last '/', or empty. */
struct slice path_dir(struct slice path);
struct slice path_leaf(struct slice path);
/* text_path() text of a path; longer than the ceiling: cut, ending in "...", false. */
bool path_text(struct buf *out, struct slice path);

#endif
