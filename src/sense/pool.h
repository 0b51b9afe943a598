/*
 * pool: readers at work. Files to be read wait in order, many are in flight at each
 * reader, answers come back by number.
 *
 * A reader that dies takes the files in flight with it. The oldest of them is the one it
 * was reading: that one is told (died), and tried once more without looking at its
 * content (HASH instead of LOOK); the others are simply sent again. A file that kills
 * two readers is answered as lost.
 *
 * The pool knows no sockets: it sends through a function, so that both the guard's loop
 * and the one-shot scan can use it.
 */
#ifndef HINOBAN_SENSE_POOL_H
#define HINOBAN_SENSE_POOL_H

#include "wall/msg.h"

#define POOL_MAX_READERS 16
#define POOL_DEPTH       48 /* in flight at one reader */

struct pool_file {
	int fd;            /* open file; stays the caller's, open until done() */
	struct slice path; /* text; copied */
	const char *role;
	bool look;        /* LOOK, else HASH */
	int64_t look_max; /* look at so much of the beginning at most; 0: as a reader can */
	void *arg;
};

struct pool_hooks {
	void *ctx;
	/* Send a frame to a reader: 0, -EAGAIN (not now), or another fault (it is gone). */
	int (*send)(void *ctx, int reader, enum msg_type type, uint64_t id,
	            const struct json *body, int fd);
	/* answer: LOOKED's body, or NULL where the file could not be read at all (why). */
	void (*done)(void *ctx, void *arg, const struct json *answer, const char *why);
	/* A reader died while it read this file. */
	void (*died)(void *ctx, struct slice path);
};

struct pool;

struct pool *pool_new(const struct pool_hooks *hooks);
void pool_free(struct pool *p);
/* A reader is there (again), under this number 0..POOL_MAX_READERS-1. */
void pool_up(struct pool *p, int reader);
void pool_gone(struct pool *p, int reader);
int pool_readers(const struct pool *p);
/* Queue a file. 0 or -ENOMEM. */
int pool_add(struct pool *p, const struct pool_file *f);
/* Send what can be sent now. */
void pool_pump(struct pool *p);
/* A frame from a reader; false if it is no answer to a question of ours. */
bool pool_answer(struct pool *p, int reader, const struct msg *m);
/* Any in flight there, any at all, and how many are not answered yet. */
size_t pool_in_flight(const struct pool *p, int reader);
size_t pool_waiting(const struct pool *p);

#endif
