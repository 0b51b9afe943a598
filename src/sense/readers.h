/*
 * readers: sealed reader processes of a one-shot command's own, behind a pool. They are
 * started when first wanted; one that dies is replaced.
 */
#ifndef HINOBAN_SENSE_READERS_H
#define HINOBAN_SENSE_READERS_H

#include "sense/pool.h"
#include <poll.h>

struct readers;

/* hooks->send is filled in here. count 0: one per processor. */
struct readers *readers_new(int64_t count, const struct pool_hooks *hooks);
void readers_free(struct readers *r);
struct pool *readers_pool(struct readers *r);
/* Something is to be read: start them if that is not done. */
void readers_want(struct readers *r);
/* Fill in what to wait for (at most POOL_MAX_READERS); returns how many. */
int readers_poll(struct readers *r, struct pollfd *fds);
/* Serve what became ready. 0, or a fault once readers can't be started any more. */
int readers_serve(struct readers *r, const struct pollfd *fds, int n);

#endif
