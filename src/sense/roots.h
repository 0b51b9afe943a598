/*
 * roots: the watched folders, as the roles hold them open. A root may be named by a link
 * ("current"); below it no link is followed.
 */
#ifndef HINOBAN_SENSE_ROOTS_H
#define HINOBAN_SENSE_ROOTS_H

#include "conf/conf.h"
#include "fact/json.h"

/* A descriptor of the folder, the caller's; -1 with errno. (No -errno: one of these is
 * AT_FDCWD.) */
int root_open(const struct conf *c, size_t i);
/*
 * Opens anew each root of which another folder has taken the place since ("current" leads to
 * another release). fd holds c->roots descriptors; -1: the root is not there. True where
 * one changed.
 */
bool roots_renew(const struct conf *c, int fd[]);
/* Where a fact's `root` and `path` lie. False: not in our roots, or no path; then *path is
 * undefined. */
bool root_of_fact(const struct conf *c, const struct json *fact, uint32_t *root,
                  struct buf *path);

#endif
