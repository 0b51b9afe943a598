/*
 * roots: the watched folders, as the roles hold them open. A root may be named by a link
 * ("current"); below it no link is followed.
 */
#ifndef HINOBAN_CONF_ROOTS_H
#define HINOBAN_CONF_ROOTS_H

#include "conf/conf.h"
#include "fact/json.h"

/* A descriptor of the folder, the caller's; -1 with errno. (No -errno: one of these is
 * AT_FDCWD.) */
int root_open(const struct conf *c, size_t i);
/* Where a root's path leads by now, of which fd is open (-1: it was not there). */
enum root_place {
	ROOT_STANDS, /* to that folder, or still to none; or that can't be told */
	ROOT_OTHER,  /* to another: a release put it there */
	ROOT_GONE    /* to none */
};
enum root_place root_place(const struct conf *c, size_t i, int fd);
/*
 * Opens anew each root that does not stand. fd holds c->roots descriptors; -1: the root is not
 * there. Bit i of the answer: root i has changed.
 */
uint32_t roots_renew(const struct conf *c, int fd[]);
/*
 * Each folder in which a name of the root's path is looked up, links on the way followed: who
 * puts another folder in the root's place does it in one of these. dir is an O_PATH descriptor,
 * lent for the call. Where the path breaks off, so far.
 */
void root_above(const struct conf *c, size_t i, void (*met)(void *ctx, int dir), void *ctx);
/* Their paths, as text. */
struct json *roots_json(struct arena *a, const struct conf *c);
/* Where a fact's `root` and `path` lie. False: not in our roots, or no path; then *path is
 * undefined. */
bool root_of_fact(const struct conf *c, const struct json *fact, uint32_t *root,
                  struct buf *path);

#endif
