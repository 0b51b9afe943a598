#include "sense/readers.h"
#include "wall/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

#define MAX_DEATHS 20 /* without any answer between: then it is not the files */

struct one {
	struct spawn proc;
	struct msg_box box;
	bool up, full;
};

struct readers {
	struct one one[POOL_MAX_READERS];
	int count;
	bool started;
	int deaths, fault;
	struct pool *pool;
};

/* The pool has one context for all hooks; ours stands in front of the caller's. */
struct relay {
	struct readers *readers;
	struct pool_hooks user;
};

static int send_to(void *ctx, int reader, enum msg_type type, uint64_t id,
                   const struct json *body, int fd)
{
	struct one *o = &((struct relay *)ctx)->readers->one[reader];
	int r = msg_send_json(o->proc.sock, type, id, body, fd);

	o->full = r == -EAGAIN;
	return r;
}

static void relay_done(void *ctx, void *arg, const struct json *answer, const char *why)
{
	struct relay *y = ctx;

	y->user.done(y->user.ctx, arg, answer, why);
}

static void relay_died(void *ctx, struct slice path)
{
	struct relay *y = ctx;

	y->user.died(y->user.ctx, path);
}

struct whole {
	struct readers r;
	struct relay relay;
};

static int processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

struct readers *readers_new(int64_t count, const struct pool_hooks *hooks)
{
	struct whole *w = calloc(1, sizeof(*w));
	struct pool_hooks mine;

	if (!w)
		return NULL;
	w->relay = (struct relay){.readers = &w->r, .user = *hooks};
	mine = (struct pool_hooks){
	    .ctx = &w->relay, .send = send_to, .done = relay_done, .died = relay_died};
	w->r.pool = pool_new(&mine);
	w->r.count = count > 0 ? (int)(count < POOL_MAX_READERS ? count : POOL_MAX_READERS)
	                       : processors();
	if (w->r.count > POOL_MAX_READERS)
		w->r.count = POOL_MAX_READERS;
	if (w->r.pool)
		return &w->r;
	free(w);
	return NULL;
}

void readers_free(struct readers *r)
{
	if (!r)
		return;
	for (int i = 0; i < r->count; i++) {
		if (r->one[i].up)
			spawn_end(&r->one[i].proc, 1000);
		msg_box_done(&r->one[i].box);
	}
	pool_free(r->pool);
	free((struct whole *)r);
}

struct pool *readers_pool(struct readers *r)
{
	return r->pool;
}

static void start_one(struct readers *r, int i)
{
	static const char *const argv[] = {"--client", NULL};
	struct one *o = &r->one[i];
	int e = spawn_role("reader", argv, &o->proc);

	if (e < 0) {
		r->fault = e;
		return;
	}
	fcntl(o->proc.sock, F_SETFL, fcntl(o->proc.sock, F_GETFL) | O_NONBLOCK);
	o->up = true;
	o->full = false;
	pool_up(r->pool, i);
}

void readers_want(struct readers *r)
{
	if (r->started)
		return;
	r->started = true;
	for (int i = 0; i < r->count; i++)
		start_one(r, i);
}

int readers_poll(struct readers *r, struct pollfd *fds)
{
	for (int i = 0; i < r->count; i++) {
		const struct one *o = &r->one[i];
		fds[i] = (struct pollfd){.fd = o->up ? o->proc.sock : -1,
		                         .events = (short)(POLLIN | (o->full ? POLLOUT : 0))};
	}
	return r->count;
}

static void replace(struct readers *r, int i)
{
	struct one *o = &r->one[i];

	o->up = false;
	spawn_end(&o->proc, 1000);
	msg_box_done(&o->box);
	o->box = (struct msg_box){NULL};
	pool_gone(r->pool, i);
	if (++r->deaths > MAX_DEATHS)
		r->fault = -EPIPE;
	else
		start_one(r, i);
}

static void receive(struct readers *r, int i)
{
	struct one *o = &r->one[i];
	struct msg m;
	int n;

	while ((n = msg_recv(o->proc.sock, &o->box, &m)) == 1) {
		if (pool_answer(r->pool, i, &m)) /* READY is none, and not needed */
			r->deaths = 0;
		msg_done(&m);
	}
	if (n != -EAGAIN)
		replace(r, i);
}

int readers_serve(struct readers *r, const struct pollfd *fds, int n)
{
	for (int i = 0; i < n; i++) {
		if (fds[i].fd >= 0 && fds[i].revents & ~POLLOUT)
			receive(r, i);
		else if (fds[i].revents & POLLOUT)
			r->one[i].full = false;
	}
	return r->fault;
}
