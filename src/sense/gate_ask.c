/* The kernel asks: whose file is it, under which name, and can it be told at once? */
#include "sense/gate.h"
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/fanotify.h>

#define READ_BYTES  (16u * 1024)
#define AWAKE_TRIES 10 /* looks at an opener until it stands still, some 20 us each */

struct ask {
	enum asks asks;
	int fd;
	pid_t tid;
	struct sight sight;
};

static struct held *hold(struct gate *g, const struct ask *a, uint32_t root, struct slice rel)
{
	struct held *h = g->helds < GATE_MAX_HELD ? calloc(1, sizeof(*h)) : NULL;

	if (!h)
		return NULL;
	*h = (struct held){.asks = a->asks,
	                   .fd = a->fd,
	                   .tid = a->tid,
	                   .sight = a->sight,
	                   .lease = LEASE_NONE,
	                   .step = HELD_TELLING,
	                   .round = g->round - 1};
	gate_goes_by(g, h, root, rel);
	arena_init(&h->mem, 64u * 1024);
	h->since_us = clock_mono_us();
	h->due_us = INT64_MAX;
	h->next = g->held;
	h->link = &g->held;
	if (g->held)
		g->held->link = &h->next;
	g->held = h;
	g->helds++;
	return h;
}

static void reply(struct gate *g, const struct ask *a, bool allow)
{
	gate_respond(g, a->asks, a->fd, allow);
	close(a->fd);
}

/* The hand is at work on this path: no lease may be in its way. */
static void await_order(struct gate *g, struct held *h)
{
	h->lease = LEASE_GIVEN;
	if (!gate_leave_to_hand(g, h))
		return;
	/* What may be somebody else's good file is looked at first. */
	if (!h->linked && !gate_guise_elsewhere(g, h))
		gate_order_hurry(g, h);
}

/* A person holds it: whatever its mode, and whoever asks. */
static void refuse_contained(struct gate *g, const struct ask *a, const struct gate_hold *c)
{
	struct opener o;
	struct held *h;

	opener_read(&o, a->tid);
	h = gate_ours(g, &o) ? NULL : hold(g, a, c->root, c->path);
	if (h)
		gate_refuse(g, h, &o, "held");
	else
		reply(g, a, gate_contain_may(g, &o, c));
}

/* Too many wait already: this one can't. */
static void no_room(struct gate *g, const struct ask *a, const struct gate_meant *m,
                    bool unnamed)
{
	struct held h = {.fd = a->fd,
	                 .tid = a->tid,
	                 .root = m->root,
	                 .role = look_role(g->conf, m->root, m->path),
	                 .path = m->path,
	                 .sight = a->sight,
	                 .unnamed = unnamed,
	                 .lease = LEASE_NONE};

	gate_respond_late(g, a->asks, a->fd, gate_undecided(g, &h));
}

/*
 * A pipe in the place of a file: who opens it would wait for a writer, for ever, also when the
 * pipe has been taken away again. There is nothing to read first.
 */
static void asked_special(struct gate *g, const struct ask *a, uint32_t root, struct slice rel,
                          enum role role)
{
	const struct table_entry *e = state_find(g->state, root, rel, NULL);
	bool approved = e && e->approved.class == CLASS_OTHER, pass;
	struct opener o;
	struct held *h;

	opener_read(&o, a->tid);
	pass = g->mode[role] == CONF_WATCH || approved || gate_trusts(g, &o, &a->sight);
	h = pass ? NULL : hold(g, a, root, rel);
	if (h)
		gate_refuse(g, h, &o, "special");
	else
		reply(g, a, pass);
}

static void begin(struct gate *g, struct held *h, enum gate_guess guess,
                  const struct gate_meant *m)
{
	struct opener o;

	gate_guise_guessed(g, h, guess, m);
	/* Where many wait, our own would be taken for hung before they are looked at. */
	if (g->helds > GATE_MANY_HELD) {
		opener_read(&o, h->tid);
		if (gate_trusts(g, &o, &h->sight)) {
			gate_answer(g, h, true);
			return;
		}
	}
	/* What is taken away from among the uploads need not be waited for: it is refused. */
	if (role_is_code(h->role) && !h->unknown && !h->far &&
	    gate_ordered(g, h->root, h->path))
		await_order(g, h);
	else
		gate_decide(g, h);
}

/*
 * Of a folder of ours, but it lies in none: it was moved away before this look, or its path is
 * longer than the kernel tells. What counts is what its opener asked for, or where it stood. Or
 * it is one of those outside to which a link of code led.
 */
static void asked_outside(struct gate *g, const struct ask *a)
{
	struct gate_meant m;
	bool far = a->asks == ASKS_FAR;
	enum gate_guess guess = gate_guise_meant(g, far ? a->fd : -1, &a->sight, 0,
	                                         SLICE(GATE_OUTSIDE), ROLE_DATA, a->tid, &m);
	struct held *h;

	if (far && (guess == GATE_MEANS_PRESENT || guess == GATE_MEANS_UNKNOWN)) {
		reply(g, a, true);
		return;
	}
	if (guess != GATE_MEANS_CODE)
		m = (struct gate_meant){.path = SLICE(GATE_OUTSIDE)};
	h = hold(g, a, m.root, m.path);
	if (!h) {
		no_room(g, a, &m, true);
		return;
	}
	h->role = ROLE_DATA;
	h->far = far;
	begin(g, h, guess, &m);
}

/*
 * A release's own process is about to write: no lease may be in its way. Who opens without
 * waiting (O_NONBLOCK; tar --overwrite) would be refused by the kernel.
 */
static bool release_writes(struct gate *g, const struct ask *a)
{
	struct opener o;

	if (!gate_deploying(g))
		return false;
	opener_read(&o, a->tid);
	for (int i = 0; i < AWAKE_TRIES && o.awake; i++) {
		sched_yield();
		opener_read(&o, a->tid);
	}
	if (!o.writes || !gate_trusts(g, &o, &a->sight))
		return false;
	leases_yield_free(g->leases, &a->sight);
	return true;
}

static void asked(struct gate *g, struct ask *a)
{
	const struct gate_hold *c;
	struct gate_meant m;
	enum gate_guess guess;
	struct slice rel;
	struct held *h;
	enum role role;
	uint32_t root = 0;
	bool seen = g->ready && sight_of_fd(&a->sight, a->fd) == 0 &&
	            (a->sight.class == CLASS_FILE || a->sight.class == CLASS_OTHER);
	bool ours = seen && gate_place(g, a->fd, &a->sight, &g->path, &root, &rel);

	c = seen ? gate_contain_of(g, &a->sight, root, ours ? &rel : NULL) : NULL;
	if (c) {
		refuse_contained(g, a, c);
		return;
	}
	if (!ours && seen && a->sight.class == CLASS_FILE) {
		asked_outside(g, a);
		return;
	}
	if (!ours) {
		reply(g, a, true);
		return;
	}
	role = look_role(g->conf, root, rel);
	if (a->sight.class == CLASS_OTHER) {
		asked_special(g, a, root, rel, role);
		return;
	}
	if (release_writes(g, a)) {
		reply(g, a, true);
		return;
	}
	guess = gate_guise_meant(g, -1, &a->sight, root, rel, role, a->tid, &m);
	if (guess == GATE_MEANS_PRESENT &&
	    (g->mode[role] == CONF_WATCH ||
	     gate_index_passes(g, a->asks, &a->sight, root, rel, role))) {
		reply(g, a, true);
		return;
	}
	h = hold(g, a, root, rel);
	if (!h) {
		if (guess != GATE_MEANS_CODE)
			m = (struct gate_meant){.root = root, .path = rel};
		no_room(g, a, &m, guess == GATE_MEANS_UNSURE || guess == GATE_MEANS_UNKNOWN);
		return;
	}
	begin(g, h, guess, &m);
}

void gate_serve(struct gate *g, enum asks asks)
{
	static uint8_t in[READ_BYTES] __attribute__((aligned(16)));
	ssize_t n = read(g->group[asks], in, sizeof(in));
	const struct fanotify_event_metadata *e = (const void *)in;

	/* Where the kernel can't give us a descriptor (a socket; a file under a stranger's
	 * write lease, for which O_NONBLOCK keeps us from waiting) it has refused that open.
	 */
	if (n < 0 && (errno == EBADF || errno == EFAULT || errno == EINVAL))
		err_die("fanotify: %s", strerror(errno));
	folders_serve(g); /* what was moved or linked before these opens */
	for (; n > 0 && FAN_EVENT_OK(e, n); e = FAN_EVENT_NEXT(e, n)) {
		if (e->vers != FANOTIFY_METADATA_VERSION)
			err_die("fanotify speaks another version");
		loop_alive(g->loop);
		if (e->fd >= 0 && e->mask & FAN_OPEN_PERM)
			asked(g, &(struct ask){.asks = asks, .fd = e->fd, .tid = e->pid});
		else if (e->fd >= 0)
			close(e->fd);
	}
}
