/*
 * loop: a role's life: wait for its sockets, serve one frame at a time, tick, stop.
 *
 * Every role is: main() { loop_new, seal_or_die, loop_ready, loop_run }; the gate says that it
 * is ready once it holds what it is told to. Descriptor 3 is the keeper. Neighbours arrive as
 * MSG_PEER and may be replaced at any time (when a neighbour died and came back): the frames
 * that still lie in the old socket are served, then on_gone and on_peer tell the role. SIGTERM,
 * SIGINT, STOP and the keeper's end closed all mean stop. A false frame ends the process.
 */
#ifndef HINOBAN_WALL_LOOP_H
#define HINOBAN_WALL_LOOP_H

#include "wall/msg.h"

#define LOOP_KEEPER_FD 3
#define LOOP_MAX_PEERS 32
#define LOOP_MAX_FDS   128
#define LOOP_REST_US   3000000

struct loop;

struct loop_handlers {
	/* A new end to neighbour `name` (slot 0..): say hello here. */
	void (*on_peer)(struct loop *l, void *ctx, int slot, struct slice name);
	/* A frame from a neighbour. Descriptors that are not taken are closed afterwards. */
	void (*on_msg)(struct loop *l, void *ctx, int slot, struct msg *m);
	/* The neighbour is gone (its slot stays; a MSG_PEER may fill it again). */
	void (*on_gone)(struct loop *l, void *ctx, int slot);
	/*
	 * STOP, or SIGTERM: finish; return true when the loop may end (with code 0). Asked
	 * again after each round, and about every 50 ms, until then. NULL: at once.
	 */
	bool (*on_stop)(struct loop *l, void *ctx);
	/* Called about every `tick_ms` (0: never), and while nothing comes every `rest_ms`. */
	void (*on_tick)(struct loop *l, void *ctx);
	/*
	 * Called when no descriptor was ready any more, and under load without a pause every 64
	 * rounds: commit, flush. May be NULL.
	 */
	void (*on_idle)(struct loop *l, void *ctx);
	int tick_ms;
	/* From LOOP_REST_US after the last descriptor was ready; 0: as tick_ms. */
	int rest_ms;
};

/* `keeper` is LOOP_KEEPER_FD, or -1 for a role run without one (tests, one-shot commands). */
struct loop *loop_new(int keeper, const struct loop_handlers *h, void *ctx);
void loop_free(struct loop *l);
/* Watch a descriptor of the role's own (EPOLLIN etc. as in epoll(7)). */
typedef void loop_fd_fn(struct loop *l, void *ctx, int fd, uint32_t events);
int loop_add_fd(struct loop *l, int fd, uint32_t events, loop_fd_fn *fn);
int loop_mod_fd(struct loop *l, int fd, uint32_t events);
void loop_del_fd(struct loop *l, int fd);
/*
 * Adopt a connected socket as neighbour `name`; returns its slot or -errno (then the socket
 * stays the caller's). One that bears the name already is replaced as by MSG_PEER; on_peer
 * is not called.
 */
int loop_add_peer(struct loop *l, const char *name, int sock);
/* Close it and free its slot and name for another; on_gone is not called. */
void loop_drop_peer(struct loop *l, int slot);
/* Slot of a neighbour by name, or -1. Sockets are non-blocking. */
int loop_peer(struct loop *l, const char *name);
/*
 * Send to a slot; frames that the socket can't take now wait in a queue of at most
 * 4096 frames / 64 MiB in order (descriptors are duplicated). 0 or -EPIPE, -ENOBUFS.
 */
int loop_send(struct loop *l, int slot, enum msg_type type, uint64_t id, struct slice body,
              int fd);
int loop_send_json(struct loop *l, int slot, enum msg_type type, uint64_t id,
                   const struct json *body, int fd);
/*
 * A request with several descriptors (DIFF). It is never queued: -EAGAIN if it can't go now,
 * or if frames wait before it.
 */
int loop_send_fds(struct loop *l, int slot, enum msg_type type, uint64_t id, struct slice body,
                  const int *fd, int fds);
/* Frames waiting for a slot: a sender may hold back. */
size_t loop_backlog(const struct loop *l, int slot);
/* From on_tick: there is more to do, no rest yet. */
void loop_busy(struct loop *l);
/* From on_idle: call it again in so many milliseconds, if nothing happens before. */
void loop_again(struct loop *l, int ms);
void loop_ready(struct loop *l);
/* The same with something to tell the keeper (the desk: where it listens). */
void loop_ready_json(struct loop *l, const struct json *body);
/*
 * For work that keeps the loop from turning for seconds: call it as the work gets on, or
 * the keeper takes the role for hung. Sends a TICK if one is due.
 */
void loop_alive(struct loop *l);
/*
 * One round of at most `ms` within a role's work, which waits for something: frames and
 * descriptors are served, signs of life given; on_tick and on_idle are not called, so work
 * that begins there is never begun twice. Only from on_tick or on_idle. False: the end is
 * asked for, stop waiting.
 */
bool loop_turn(struct loop *l, int ms);
/* Runs until stopped; returns the process's exit code. */
int loop_run(struct loop *l);
/* End loop_run after this round. */
void loop_end(struct loop *l, int code);

#endif
