/*
 * inbox: how walkers (threads) hand looks to the one thread that talks to readers.
 * At most `max` looks are under way at a time; walkers wait for room.
 */
#ifndef HINOBAN_SENSE_INBOX_H
#define HINOBAN_SENSE_INBOX_H

#include "sense/look.h"
#include "sense/pool.h"
#include "sense/walk.h"
#include <pthread.h>

struct inbox;

struct inbox *inbox_new(size_t max);
void inbox_free(struct inbox *b);
/* Walkers: memory for a look once there is room, or NULL after an abort. Then put it. */
struct look *inbox_room(struct inbox *b);
void inbox_put(struct inbox *b, struct look *k);
/* No walker will put any more. */
void inbox_close(struct inbox *b);

/* The other side. Readable (poll) when something came in or it was closed. */
int inbox_fd(const struct inbox *b);
/* The next look, or NULL: take until then, before waiting again. */
struct look *inbox_take(struct inbox *b);
/* Closed and all taken. */
bool inbox_empty(struct inbox *b);
/* As inbox_room for this side: never waits. */
struct look *inbox_spare(struct inbox *b);
/* A look is over: free it and make room. */
void inbox_done(struct inbox *b, struct look *k);
/* Let walkers go; what they still bring is refused. */
void inbox_abort(struct inbox *b);

#endif
