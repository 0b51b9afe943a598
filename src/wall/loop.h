/*
 * loop: a role's life: wait for its sockets, serve one frame at a time, tick, stop.
 *
 * Every role is: main() { loop_init, seal_or_die, loop_ready, loop_run }. Descriptor 3 is
 * the keeper. Neighbours arrive as MSG_PEER and may be replaced at any time (when a
 * neighbour died and came back); the role is told by on_peer.
 */
#ifndef HINOBAN_WALL_LOOP_H
#define HINOBAN_WALL_LOOP_H

#include "wall/msg.h"

#define LOOP_KEEPER_FD 3
#define LOOP_MAX_PEERS 16

struct loop;

struct loop_handlers {
	/* A new end to neighbour `name` (slot 0..): say hello here. */
	void (*on_peer)(struct loop *l, void *ctx, int slot, struct slice name);
	/* A frame from a neighbour. Descriptors that are not taken are closed afterwards. */
	void (*on_msg)(struct loop *l, void *ctx, int slot, struct msg *m);
	/* The neighbour is gone (its slot stays; a MSG_PEER may fill it again). */
	void (*on_gone)(struct loop *l, void *ctx, int slot);
	/* STOP, or SIGTERM: finish; return true when the loop may end. */
	bool (*on_stop)(struct loop *l, void *ctx);
	/* Called about every `tick_ms` (0: never). */
	void (*on_tick)(struct loop *l, void *ctx);
	/* Called when no descriptor was ready any more: commit, flush. May be NULL. */
	void (*on_idle)(struct loop *l, void *ctx);
	int tick_ms;
};

/* `keeper` is LOOP_KEEPER_FD, or -1 for a role run without one (tests, one-shot commands). */
struct loop *loop_new(int keeper, const struct loop_handlers *h, void *ctx);
void loop_free(struct loop *l);
/* Watch a descriptor of the role's own (EPOLLIN etc. as in epoll(7)). */
typedef void loop_fd_fn(struct loop *l, void *ctx, int fd, uint32_t events);
int loop_add_fd(struct loop *l, int fd, uint32_t events, loop_fd_fn *fn);
int loop_mod_fd(struct loop *l, int fd, uint32_t events);
void loop_del_fd(struct loop *l, int fd);
/* Adopt a connected socket as neighbour `name`; returns its slot or -errno. */
int loop_add_peer(struct loop *l, const char *name, int sock);
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
/* Frames waiting for a slot: a sender may hold back. */
size_t loop_backlog(const struct loop *l, int slot);
void loop_ready(struct loop *l);
/* Runs until stopped; returns the process's exit code. */
int loop_run(struct loop *l);
/* End loop_run after this round. */
void loop_end(struct loop *l, int code);

#endif
