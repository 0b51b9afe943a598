/*
 * queue: frames that a neighbour's socket couldn't take yet, in order.
 *
 * Bodies are copied and the descriptor is duplicated, so the caller may forget both.
 * A zeroed struct is a valid empty queue; queue_done takes any.
 */
#ifndef HINOBAN_WALL_QUEUE_H
#define HINOBAN_WALL_QUEUE_H

#include "wall/msg.h"

#define QUEUE_MAX_FRAMES 4096
#define QUEUE_MAX_BYTES  (64u << 20)

struct queue_frame;

struct queue {
	struct queue_frame *first, *last;
	size_t frames, bytes;
};

/* Append; fd may be -1. 0, -EMSGSIZE, or -ENOBUFS past the ceilings or where memory is out. */
int queue_add(struct queue *q, enum msg_type type, uint64_t id, struct slice body, int fd);
/* Send what the socket takes. 0: all is sent; -EAGAIN: some still waits; else the fault. */
int queue_flush(struct queue *q, int sock);
void queue_done(struct queue *q);

#endif
