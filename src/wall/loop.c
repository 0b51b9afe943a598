/* loop: epoll, neighbours by name, ticks, and an orderly end. */
#include "wall/loop.h"
#include "wall/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#define LOOP_NAME_BYTES    32
#define LOOP_EVENTS        32      /* taken from the kernel at once */
#define LOOP_BURST         64      /* frames of one socket before the others get their turn */
#define LOOP_BUSY_ROUNDS   64      /* without a pause before on_idle is called all the same */
#define LOOP_SIGN_US       1000000 /* between two TICKs to the keeper */
#define LOOP_STOP_MS       50      /* how often on_stop is asked again */
#define LOOP_KEEPER        LOOP_MAX_PEERS /* the keeper's place behind the neighbours */
#define LOOP_PLACES        (LOOP_MAX_PEERS + 1)
#define LOOP_CONTROL_BYTES 4096 /* arena for a PEER frame */

struct loop_peer {
	char name[LOOP_NAME_BYTES]; /* "": this slot is free */
	int sock;                   /* -1: gone */
	uint32_t birth;             /* tells events of an earlier socket in this place apart */
	struct msg_box box;
	struct queue out;
};

struct loop_own {
	int fd; /* -1: free */
	uint32_t birth;
	loop_fd_fn *fn;
};

struct loop {
	struct loop_handlers on;
	void *ctx;
	int epoll;
	int signals;
	uint32_t births;
	bool stopping, ended;
	int code;
	int64_t sign_us; /* when the keeper got its last TICK */
	int64_t tick_us; /* when on_tick is due */
	int64_t came_us; /* when a descriptor was ready last */
	int64_t idle_us; /* when on_idle is due again; 0: not by time */
	struct loop_peer peer[LOOP_PLACES];
	struct loop_own own[LOOP_MAX_FDS];
};

/* What epoll keeps for us: a place (neighbours, then own descriptors) and its birth. */
static uint64_t place_key(size_t place, uint32_t birth)
{
	return (uint64_t)birth << 32 | place;
}

static int watch(struct loop *l, int op, int fd, uint32_t events, uint64_t key)
{
	struct epoll_event ev = {.events = events, .data.u64 = key};

	return epoll_ctl(l->epoll, op, fd, &ev) ? -errno : 0;
}

static bool slot_good(int slot)
{
	return slot >= 0 && slot < LOOP_PLACES;
}

static void watch_peer(struct loop *l, int slot)
{
	struct loop_peer *p = &l->peer[slot];
	uint32_t events = EPOLLIN | (p->out.first ? EPOLLOUT : 0);

	if (watch(l, EPOLL_CTL_MOD, p->sock, events, place_key((size_t)slot, p->birth)))
		err_die("epoll: %s", strerror(errno));
}

static void shut_peer(struct loop_peer *p)
{
	if (p->sock >= 0)
		close(p->sock); /* which also ends epoll's interest: nobody holds a duplicate */
	p->sock = -1;
	queue_done(&p->out);
	msg_box_done(&p->box);
}

static int fill_peer(struct loop *l, int slot, int sock)
{
	struct loop_peer *p = &l->peer[slot];
	int flags = fcntl(sock, F_GETFL);

	if (flags < 0 || fcntl(sock, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	p->birth = ++l->births;
	if (watch(l, EPOLL_CTL_ADD, sock, EPOLLIN, place_key((size_t)slot, p->birth)))
		return -errno;
	p->sock = sock;
	return 0;
}

int loop_peer(struct loop *l, const char *name)
{
	for (int i = 0; i < LOOP_MAX_PEERS; i++)
		if (*l->peer[i].name && strcmp(l->peer[i].name, name) == 0)
			return i;
	return -1;
}

static void neighbour_gone(struct loop *l, int slot)
{
	shut_peer(&l->peer[slot]);
	if (slot == LOOP_KEEPER)
		l->stopping = true;
	else if (l->on.on_gone)
		l->on.on_gone(l, l->ctx, slot);
}

/* Name a free slot; -ENOBUFS if there is none, -EINVAL for a name that doesn't fit. */
static int name_slot(struct loop *l, const char *name)
{
	size_t n = strnlen(name, LOOP_NAME_BYTES);

	if (n == 0 || n == LOOP_NAME_BYTES)
		return -EINVAL;
	for (int i = 0; i < LOOP_MAX_PEERS; i++) {
		if (*l->peer[i].name)
			continue;
		memcpy(l->peer[i].name, name, n + 1);
		return i;
	}
	return -ENOBUFS;
}

/* Frames. */

static void take_peer(struct loop *l, struct msg *m);

static void from_keeper(struct loop *l, struct msg *m)
{
	if (m->type == MSG_PEER && m->fds == 1)
		take_peer(l, m);
	else if (m->type == MSG_STOP)
		l->stopping = true;
	else
		err_die("the keeper sent %s, which no role knows", msg_type_name(m->type));
}

/* Serve one frame of a slot; false when there is none (any more). */
static bool serve_frame(struct loop *l, int slot)
{
	struct loop_peer *p = &l->peer[slot];
	struct msg m;
	int r;

	if (p->sock < 0)
		return false;
	r = msg_recv(p->sock, &p->box, &m);
	if (r == -EAGAIN)
		return false;
	if (r == 0) {
		neighbour_gone(l, slot);
		return false;
	}
	if (r < 0)
		err_die("false frame from %s: %s", p->name, strerror(-r));
	if (slot == LOOP_KEEPER)
		from_keeper(l, &m);
	else
		l->on.on_msg(l, l->ctx, slot, &m);
	msg_done(&m);
	return true;
}

static void serve_peer(struct loop *l, int slot)
{
	uint32_t birth = l->peer[slot].birth;

	for (int i = 0; i < LOOP_BURST && !l->ended; i++)
		if (l->peer[slot].birth != birth || !serve_frame(l, slot))
			return;
}

/*
 * What a neighbour said before it died still counts: it lies complete in the old socket.
 * The bound holds should the old end be alive and talking all the same.
 */
static void drain_peer(struct loop *l, int slot)
{
	uint32_t birth = l->peer[slot].birth;

	for (int i = 0; i < QUEUE_MAX_FRAMES && l->peer[slot].birth == birth; i++)
		if (!serve_frame(l, slot))
			break;
	if (l->peer[slot].sock >= 0 && l->peer[slot].birth == birth)
		neighbour_gone(l, slot);
}

int loop_add_peer(struct loop *l, const char *name, int sock)
{
	int slot = loop_peer(l, name);
	int r;

	if (slot >= 0)
		drain_peer(l, slot);
	else
		slot = name_slot(l, name);
	if (slot < 0)
		return slot;
	r = fill_peer(l, slot, sock);
	return r < 0 ? r : slot;
}

static void take_peer(struct loop *l, struct msg *m)
{
	struct arena a;
	struct slice name;
	char text[LOOP_NAME_BYTES];
	int slot;

	arena_init(&a, LOOP_CONTROL_BYTES);
	name = json_text(json_parse(&a, m->body, NULL), "name");
	if (name.n == 0 || name.n >= sizeof(text))
		err_die("the keeper sent a PEER without a name");
	memcpy(text, name.at, name.n);
	text[name.n] = '\0';
	arena_done(&a);
	slot = loop_add_peer(l, text, msg_take_fd(m, 0));
	if (slot < 0)
		err_die("neighbour %s: %s", text, strerror(-slot));
	if (l->on.on_peer)
		l->on.on_peer(l, l->ctx, slot, slice_str(l->peer[slot].name));
}

void loop_drop_peer(struct loop *l, int slot)
{
	if (!slot_good(slot) || slot == LOOP_KEEPER)
		return;
	shut_peer(&l->peer[slot]);
	l->peer[slot].name[0] = '\0';
	l->peer[slot].birth = ++l->births;
}

/* Sending. */

int loop_send(struct loop *l, int slot, enum msg_type type, uint64_t id, struct slice body,
              int fd)
{
	struct loop_peer *p;
	int r = -EAGAIN;

	if (!slot_good(slot) || l->peer[slot].sock < 0)
		return -EPIPE;
	p = &l->peer[slot];
	if (!p->out.first)
		r = msg_send(p->sock, type, id, body, &fd, fd >= 0 ? 1 : 0);
	if (r != -EAGAIN)
		return r;
	r = queue_add(&p->out, type, id, body, fd);
	if (r == 0 && p->out.frames == 1)
		watch_peer(l, slot);
	return r;
}

int loop_send_fds(struct loop *l, int slot, enum msg_type type, uint64_t id, struct slice body,
                  const int *fd, int fds)
{
	struct loop_peer *p;

	if (!slot_good(slot) || l->peer[slot].sock < 0)
		return -EPIPE;
	p = &l->peer[slot];
	return p->out.first ? -EAGAIN : msg_send(p->sock, type, id, body, fd, fds);
}

int loop_send_json(struct loop *l, int slot, enum msg_type type, uint64_t id,
                   const struct json *body, int fd)
{
	struct buf b;
	int r = -EMSGSIZE;

	buf_init(&b, MSG_MAX_BODY);
	if (json_write(&b, body))
		r = loop_send(l, slot, type, id, buf_slice(&b), fd);
	buf_done(&b);
	return r;
}

size_t loop_backlog(const struct loop *l, int slot)
{
	return slot_good(slot) ? l->peer[slot].out.frames : 0;
}

static void flush_peer(struct loop *l, int slot)
{
	struct loop_peer *p = &l->peer[slot];

	if (queue_flush(&p->out, p->sock) == -EAGAIN)
		return;
	/* All sent, or the other end is gone, which reading will tell. */
	queue_done(&p->out);
	watch_peer(l, slot);
}

/* The role's own descriptors. */

static struct loop_own *find_own(struct loop *l, int fd)
{
	for (int i = 0; i < LOOP_MAX_FDS; i++)
		if (l->own[i].fd == fd)
			return &l->own[i];
	return NULL;
}

static uint64_t own_key(const struct loop *l, const struct loop_own *o)
{
	return place_key(LOOP_PLACES + (size_t)(o - l->own), o->birth);
}

int loop_add_fd(struct loop *l, int fd, uint32_t events, loop_fd_fn *fn)
{
	struct loop_own *o = find_own(l, -1);
	int r;

	if (fd < 0)
		return -EBADF;
	if (!o)
		return -ENOBUFS;
	o->birth = ++l->births;
	r = watch(l, EPOLL_CTL_ADD, fd, events, own_key(l, o));
	if (r < 0)
		return r;
	o->fd = fd;
	o->fn = fn;
	return 0;
}

int loop_mod_fd(struct loop *l, int fd, uint32_t events)
{
	struct loop_own *o = fd < 0 ? NULL : find_own(l, fd);

	return o ? watch(l, EPOLL_CTL_MOD, fd, events, own_key(l, o)) : -ENOENT;
}

void loop_del_fd(struct loop *l, int fd)
{
	struct loop_own *o = fd < 0 ? NULL : find_own(l, fd);

	if (!o)
		return;
	watch(l, EPOLL_CTL_DEL, fd, 0, 0); /* fails harmlessly if the caller closed it first */
	o->fd = -1;
	o->birth = ++l->births;
}

/* Life. */

static void on_signal(struct loop *l)
{
	struct signalfd_siginfo si;

	if (read(l->signals, &si, sizeof(si)) == (ssize_t)sizeof(si))
		l->stopping = true;
}

/*
 * SIGTERM and SIGINT arrive by descriptor; a gone reader of our output is an error code; a
 * file that may not grow is one too.
 */
static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void start(struct loop *l, int keeper)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->signals = take_signals();
	if (l->epoll < 0 || l->signals < 0 ||
	    watch(l, EPOLL_CTL_ADD, l->signals, EPOLLIN,
	          place_key(LOOP_PLACES + LOOP_MAX_FDS, 0)))
		err_die("epoll, signalfd: %s", strerror(errno));
	if (keeper < 0)
		return;
	memcpy(l->peer[LOOP_KEEPER].name, "keeper", sizeof("keeper"));
	if (fcntl(keeper, F_SETFD, FD_CLOEXEC) || fill_peer(l, LOOP_KEEPER, keeper))
		err_die("descriptor %d is no socket to a keeper: %s", keeper, strerror(errno));
}

/* Each tick wakes a processor, on a machine whose work is another: at rest, few do. */
static int64_t next_tick(const struct loop *l, int64_t now)
{
	bool rests = l->on.rest_ms > 0 && !l->stopping && now - l->came_us > LOOP_REST_US;

	return now + (int64_t)(rests ? l->on.rest_ms : l->on.tick_ms) * 1000;
}

void loop_busy(struct loop *l)
{
	int64_t next;

	l->came_us = clock_mono_us();
	next = next_tick(l, l->came_us);
	if (l->tick_us > next)
		l->tick_us = next;
}

struct loop *loop_new(int keeper, const struct loop_handlers *h, void *ctx)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		err_die("no memory");
	l->on = *h;
	l->ctx = ctx;
	for (int i = 0; i < LOOP_PLACES; i++)
		l->peer[i].sock = -1;
	for (int i = 0; i < LOOP_MAX_FDS; i++)
		l->own[i].fd = -1;
	start(l, keeper);
	l->came_us = clock_mono_us();
	l->tick_us = next_tick(l, l->came_us);
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	for (int i = 0; i < LOOP_PLACES; i++)
		shut_peer(&l->peer[i]);
	close(l->epoll);
	close(l->signals);
	free(l);
}

static void ready(struct loop *l, struct slice body)
{
	if (l->peer[LOOP_KEEPER].sock < 0)
		return;
	if (loop_send(l, LOOP_KEEPER, MSG_READY, 0, body, -1))
		l->stopping = true;
	l->sign_us = clock_mono_us();
}

void loop_ready(struct loop *l)
{
	ready(l, SLICE(""));
}

void loop_ready_json(struct loop *l, const struct json *body)
{
	struct buf b;

	buf_init(&b, LOOP_CONTROL_BYTES);
	if (!json_write(&b, body))
		err_die("no memory");
	ready(l, buf_slice(&b));
	buf_done(&b);
}

void loop_alive(struct loop *l)
{
	int64_t now = clock_mono_us();

	if (l->peer[LOOP_KEEPER].sock < 0 || now - l->sign_us < LOOP_SIGN_US)
		return;
	l->sign_us = now;
	/* Not by the queue: a keeper that doesn't read needs no more signs of life. */
	msg_send(l->peer[LOOP_KEEPER].sock, MSG_TICK, 0, SLICE(""), NULL, 0);
}

static void dispatch(struct loop *l, const struct epoll_event *ev)
{
	size_t place = ev->data.u64 & UINT32_MAX;
	uint32_t birth = (uint32_t)(ev->data.u64 >> 32);

	if (place < LOOP_PLACES) {
		struct loop_peer *p = &l->peer[place];

		if (p->sock >= 0 && p->birth == birth && ev->events & EPOLLOUT)
			flush_peer(l, (int)place);
		if (p->sock >= 0 && p->birth == birth && ev->events & ~(uint32_t)EPOLLOUT)
			serve_peer(l, (int)place);
	} else if (place < LOOP_PLACES + LOOP_MAX_FDS) {
		struct loop_own *o = &l->own[place - LOOP_PLACES];

		if (o->fd >= 0 && o->birth == birth)
			o->fn(l, l->ctx, o->fd, ev->events);
	} else {
		on_signal(l);
	}
}

static int until_ms(int64_t when_us, int64_t now_us, int most)
{
	int64_t ms = when_us > now_us ? (when_us - now_us + 999) / 1000 : 0;

	return most >= 0 && ms > most ? most : (int)ms;
}

/* How long may the kernel keep us? -1: until something comes. */
static int patience_ms(const struct loop *l)
{
	int64_t now = clock_mono_us();
	int ms = l->stopping ? LOOP_STOP_MS : -1;

	if (l->on.tick_ms > 0 && l->on.on_tick)
		ms = until_ms(l->tick_us, now, ms);
	if (l->idle_us)
		ms = until_ms(l->idle_us, now, ms);
	if (l->peer[LOOP_KEEPER].sock >= 0)
		ms = until_ms(l->sign_us + LOOP_SIGN_US, now, ms);
	return ms;
}

static void tick(struct loop *l)
{
	int64_t now = clock_mono_us();

	loop_alive(l);
	if (l->on.tick_ms <= 0 || !l->on.on_tick || now < l->tick_us)
		return;
	l->tick_us = next_tick(l, now);
	l->on.on_tick(l, l->ctx);
}

static int wait_events(struct loop *l, struct epoll_event *ev, int ms)
{
	int n = epoll_wait(l->epoll, ev, LOOP_EVENTS, ms);

	if (n < 0 && errno != EINTR)
		err_die("epoll: %s", strerror(errno));
	if (n <= 0)
		return 0;
	loop_busy(l);
	return n;
}

static void idle(struct loop *l)
{
	l->idle_us = 0;
	if (l->on.on_idle)
		l->on.on_idle(l, l->ctx);
}

void loop_again(struct loop *l, int ms)
{
	l->idle_us = clock_mono_us() + (int64_t)ms * 1000;
}

bool loop_turn(struct loop *l, int ms)
{
	struct epoll_event ev[LOOP_EVENTS];
	int64_t sign = l->sign_us + LOOP_SIGN_US;
	int n = wait_events(l, ev, until_ms(sign, clock_mono_us(), ms));

	for (int i = 0; i < n && !l->ended; i++)
		dispatch(l, &ev[i]);
	loop_alive(l);
	return !l->stopping && !l->ended;
}

int loop_run(struct loop *l)
{
	struct epoll_event ev[LOOP_EVENTS];
	int busy = 1; /* rounds in a row that had work; the first one counts */

	while (!l->ended) {
		int n = wait_events(l, ev, busy ? 0 : patience_ms(l));

		for (int i = 0; i < n && !l->ended; i++)
			dispatch(l, &ev[i]);
		tick(l);
		if ((n == 0 && busy) || busy >= LOOP_BUSY_ROUNDS) {
			idle(l);
			busy = 0;
		} else if (n == 0 && l->idle_us && clock_mono_us() >= l->idle_us) {
			idle(l);
		}
		if (n > 0)
			busy++;
		if (l->stopping && !l->ended && (!l->on.on_stop || l->on.on_stop(l, l->ctx)))
			loop_end(l, 0);
	}
	return l->code;
}

void loop_end(struct loop *l, int code)
{
	l->ended = true;
	l->code = code;
}
