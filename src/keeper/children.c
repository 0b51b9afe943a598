#include "keeper/children.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#define MAX_CHILDREN (CHILD_MAX_READERS + 16)
#define MAX_ARGS     8
#define TICK_MS      500
#define STUCK_US     5000000 /* who was killed has ended by then, or can't */
#define AWAY_US      1500000 /* between two ticks: so long we were not there */
#define YOUNG_US     INT64_C(10000000)
#define FIRST_WAIT   INT64_C(100000)
#define LONGEST_WAIT INT64_C(10000000)
#define FACTS        "facts" /* our own link to the ledger, beside the one that governs it */

struct child {
	char name[24];    /* as neighbours and facts call it: "guard", "reader1" */
	const char *role; /* program: hinoban-<role> */
	const char *argv[MAX_ARGS];
	int stop_stage; /* who ends first: 0, then 1 ... */
	struct spawn proc;
	int slot;
	bool running, ready, asked_to_stop;
	bool heard;      /* it has given a sign of life: from then on it has to go on */
	bool starved;    /* the machine has no room for another process */
	int64_t hung_us; /* killed when it is silent for so long */
	int64_t rest_us; /* from one end to the next beginning, at most */
	int64_t started_us, heard_us, start_at_us, wait_us;
	const char *killed_as; /* why we killed it, or NULL */
	int64_t killed_us;
	bool told_stuck; /* it does not end by that */
};

struct children {
	const struct children_want *want;
	struct loop *loop;
	struct post *post;
	struct arena mem;
	struct child child[MAX_CHILDREN];
	int n;
	char listen[128];
	bool told_ready, stopping;
	int stage;
	int64_t stage_us;
	int64_t ticked_us;
};

static struct child *add(struct children *k, const char *name, const char *role, int stop_stage)
{
	struct child *c = &k->child[k->n];

	if (k->n++ == MAX_CHILDREN)
		err_die("more than %d processes", MAX_CHILDREN);
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->role = role;
	c->stop_stage = stop_stage;
	c->slot = -1;
	c->hung_us = CHILD_HUNG_US;
	c->rest_us = LONGEST_WAIT;
	c->proc = (struct spawn){.pid = -1, .pidfd = -1, .sock = -1};
	return c;
}

static void arg(struct child *c, const char *a)
{
	size_t i = 0;

	while (c->argv[i])
		i++;
	if (i + 1 < MAX_ARGS)
		c->argv[i] = a;
}

static void arg2(struct child *c, const char *name, const char *value)
{
	arg(c, name);
	arg(c, value);
}

/* In the order of starting: who is needed comes before who needs it. */
static void list_children(struct children *k)
{
	const struct children_want *w = k->want;
	struct child *c = add(k, "ledger", "ledger", 3);
	char name[24];

	arg2(c, "--state", w->state);
	arg2(c, "--config", w->config);
	arg(c, "--control");
	add(k, "judge", "judge", 1);
	for (int i = 0; i < w->readers; i++) {
		snprintf(name, sizeof(name), i ? "reader%d" : "reader", i);
		add(k, name, "reader", 2);
	}
	c = add(k, "guard", "guard", 0);
	arg2(c, "--config", w->config);
	arg2(c, "--state", w->state);
	/* Files are held whether or not anything else is slow: a reader for that alone. */
	add(k, "reader-gate", "reader", 2);
	c = add(k, "hand", "hand", 1);
	arg2(c, "--config", w->config);
	arg2(c, "--state", w->state);
	c = add(k, "gate", "gate", 0);
	arg2(c, "--config", w->config);
	arg2(c, "--state", w->state);
	c->hung_us = CHILD_GATE_HUNG_US;
	c->rest_us = FIRST_WAIT; /* while there is none no open is held */
	c = add(k, "fence", "fence", 0);
	arg2(c, "--config", w->config);
	arg2(c, "--state", w->state);
	if (w->pages) {
		c = add(k, "browser", "browser", 1);
		arg2(c, "--config", w->config);
		arg2(c, "--state", w->state);
		c = add(k, "visitor", "visitor", 0);
		arg2(c, "--config", w->config);
		arg2(c, "--state", w->state);
	}
	if (w->alerts) {
		c = add(k, "herald", "herald", 1);
		arg2(c, "--config", w->config);
		arg2(c, "--state", w->state);
	}
	if (w->reports) {
		c = add(k, "collector", "collector", 0);
		arg2(c, "--config", w->config);
		arg2(c, "--listen", w->reports);
	}
	if (!w->listen)
		return;
	/* The console's diffs have a reader of their own: it can't hold up the guard's. */
	add(k, "reader-desk", "reader", 2);
	c = add(k, "desk", "desk", 0);
	arg2(c, "--config", w->config);
	arg2(c, "--state", w->state);
	arg2(c, "--listen", w->listen);
}

/* Who has a reader of its own, and which. */
static const struct {
	const char *role, *reader;
} own_readers[] = {{"desk", "reader-desk"}, {"gate", "reader-gate"}};

static const char *reader_for(const struct child *user, const struct child *reader)
{
	bool owned = false;

	for (size_t i = 0; i < sizeof(own_readers) / sizeof(own_readers[0]); i++) {
		if (strcmp(reader->name, own_readers[i].reader) != 0)
			continue;
		owned = true;
		if (strcmp(user->role, own_readers[i].role) == 0)
			return "reader";
	}
	return !owned && strcmp(user->role, "guard") == 0 ? reader->name : NULL;
}

static bool are(const struct child *a, const struct child *b, const char *one,
                const char *other)
{
	return (strcmp(a->role, one) == 0 && strcmp(b->role, other) == 0) ||
	       (strcmp(a->role, other) == 0 && strcmp(b->role, one) == 0);
}

/* Are these two joined, and as what does b appear to a? NULL if not. */
static const char *name_for(const struct child *a, const struct child *b)
{
	if (strcmp(b->role, "reader") == 0)
		return reader_for(a, b);
	if (strcmp(a->role, "reader") == 0)
		return reader_for(b, a) ? b->name : NULL;
	/* It says nothing to be recorded, and whoever lives in it shall not reach the ledger.
	 */
	if (strcmp(a->role, "browser") == 0 || strcmp(b->role, "browser") == 0)
		return are(a, b, "browser", "visitor") ? b->name : NULL;
	if (strcmp(a->role, "ledger") == 0 || strcmp(b->role, "ledger") == 0)
		return b->name;
	return are(a, b, "gate", "hand") ? b->name : NULL;
}

static void send_peer(struct children *k, const struct child *to, const char *name, int fd)
{
	struct json *body;

	arena_reset(&k->mem);
	body = json_obj(&k->mem);
	json_put_str(&k->mem, body, "name", name);
	if (loop_send_json(k->loop, to->slot, MSG_PEER, 0, body, fd) < 0)
		err_say("%s does not take its neighbours", to->name);
}

static void join(struct children *k, const struct child *a, const struct child *b)
{
	const char *b_to_a = name_for(a, b), *a_to_b = name_for(b, a);
	int end[2];

	if (!a_to_b || !b_to_a)
		return;
	if (msg_pair(end) < 0)
		err_die("no socket pair for %s and %s", a->name, b->name);
	send_peer(k, a, b_to_a, end[0]);
	send_peer(k, b, a_to_b, end[1]);
	close(end[0]);
	close(end[1]);
}

/* The keeper's own facts go to the ledger like any sender's. */
static void join_facts(struct children *k, const struct child *ledger)
{
	int end[2], slot;

	if (msg_pair(end) < 0)
		err_die("no socket pair for the ledger");
	send_peer(k, ledger, "keeper", end[1]);
	close(end[1]);
	slot = loop_add_peer(k->loop, FACTS, end[0]);
	if (slot < 0 || post_peer(k->post, k->loop, slot) < 0)
		err_say("the ledger does not take the keeper's facts");
}

static void tell_started(struct children *k, const struct child *c)
{
	struct json *d;

	arena_reset(&k->mem);
	d = fact_draft(&k->mem, "role.started");
	json_put_str(&k->mem, d, "role", c->name);
	json_put_int(&k->mem, d, "pid", c->proc.pid);
	post_fact(k->post, d, -1, NULL, NULL);
}

static void post_died(struct children *k, const struct child *c, struct slice how)
{
	struct json *d = fact_draft(&k->mem, "role.died");

	json_put_str(&k->mem, d, "role", c->name);
	json_put_int(&k->mem, d, "pid", c->proc.pid);
	json_put_slice(&k->mem, d, "how", how);
	if (c->killed_as)
		json_put_str(&k->mem, d, "why", c->killed_as);
	post_fact(k->post, d, -1, NULL, NULL);
}

static void tell_died(struct children *k, const struct child *c, const siginfo_t *how)
{
	bool exited = how->si_code == CLD_EXITED;
	struct slice text;

	arena_reset(&k->mem);
	text = arena_printf(&k->mem, exited ? "exit %d" : "signal %d", how->si_status);
	post_died(k, c, text);
	err_say("%s ended (%.*s)%s", c->name, SLICE_ARG(text),
	        k->stopping ? " instead of stopping" : "; it is started again");
}

/*
 * It was killed, and does not end: it waits in the kernel for a filesystem that does not answer
 * (FUSE, a network's). Until that lets go of it another one can't take its place.
 */
static void tell_stuck(struct children *k, struct child *c)
{
	c->told_stuck = true;
	arena_reset(&k->mem);
	post_died(k, c, SLICE("stuck"));
	err_say("%s was killed and does not end: a filesystem that it looks at does not answer",
	        c->name);
}

static void on_exit_fd(struct loop *l, void *ctx, int fd, uint32_t events);

static void start(struct children *k, struct child *c)
{
	int r = spawn_role(c->role, c->argv, &c->proc);

	/* An intruder may have used up all there is: the others go on, the gate above all. */
	if (r < 0 && k->told_ready) {
		if (!c->starved)
			err_say("hinoban-%s can't be started now: %s", c->role, strerror(-r));
		c->starved = true;
		c->start_at_us = clock_mono_us() + FIRST_WAIT;
		return;
	}
	if (r < 0)
		err_die("hinoban-%s can't be started: %s", c->role, strerror(-r));
	c->starved = false;
	c->running = true;
	c->ready = c->heard = false;
	c->killed_as = NULL;
	c->told_stuck = false;
	c->started_us = c->heard_us = clock_mono_us();
	c->slot = loop_add_peer(k->loop, c->name, c->proc.sock);
	c->proc.sock = -1;
	if (c->slot < 0 || loop_add_fd(k->loop, c->proc.pidfd, EPOLLIN, on_exit_fd) < 0)
		err_die("no room to govern %s", c->name);
	for (int i = 0; i < k->n; i++) {
		if (k->child[i].running && &k->child[i] != c)
			join(k, c, &k->child[i]);
	}
	if (strcmp(c->role, "ledger") == 0)
		join_facts(k, c);
	tell_started(k, c);
}

static void plan_restart(struct child *c)
{
	int64_t now = clock_mono_us();

	if (now - c->started_us > YOUNG_US)
		c->wait_us = 0;
	c->start_at_us = now + c->wait_us;
	c->wait_us = c->wait_us ? c->wait_us * 2 : FIRST_WAIT;
	if (c->wait_us > c->rest_us)
		c->wait_us = c->rest_us;
}

static void bury(struct children *k, struct child *c)
{
	siginfo_t how = {0};

	if (waitid(P_PIDFD, (id_t)c->proc.pidfd, &how, WEXITED) < 0)
		return;
	loop_del_fd(k->loop, c->proc.pidfd);
	close(c->proc.pidfd);
	loop_drop_peer(k->loop, c->slot);
	c->proc.pidfd = -1;
	c->slot = -1;
	c->running = false;
	if (k->stopping) {
		if (!c->killed_as && (how.si_code != CLD_EXITED || how.si_status != 0))
			tell_died(k, c, &how);
		return;
	}
	/* Before the first READY a fault is in the settings or the machine: say it, end. */
	if (!c->ready && !k->told_ready) {
		err_say("%s could not begin; its message is above", c->name);
		loop_end(k->loop, 3);
		return;
	}
	tell_died(k, c, &how);
	plan_restart(c);
	if (c->start_at_us <= clock_mono_us())
		start(k, c);
}

static void on_exit_fd(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct children *k = ctx;

	(void)l;
	(void)events;
	for (int i = 0; i < k->n; i++) {
		if (k->child[i].running && k->child[i].proc.pidfd == fd) {
			bury(k, &k->child[i]);
			return;
		}
	}
}

static void on_child_ready(struct children *k, struct child *c, const struct msg *m)
{
	c->ready = true;
	if (m->body.n) {
		struct slice at;

		arena_reset(&k->mem);
		at = json_text(json_parse(&k->mem, m->body, NULL), "listen");
		snprintf(k->listen, sizeof(k->listen), "%.*s",
		         SLICE_ARG(slice_sub(at, 0, 100)));
	}
	for (int i = 0; i < k->n; i++) {
		if (!k->child[i].ready)
			return;
	}
	if (!k->told_ready)
		k->want->on_ready(slice_str(k->listen));
	k->told_ready = true;
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct children *k = ctx;

	if (slot == loop_peer(l, FACTS)) {
		post_msg(k->post, m);
		return;
	}
	for (int i = 0; i < k->n; i++) {
		struct child *c = &k->child[i];

		if (!c->running || c->slot != slot)
			continue;
		c->heard = true;
		c->heard_us = clock_mono_us();
		if (m->type == MSG_READY)
			on_child_ready(k, c, m);
	}
}

static void kill_child(struct child *c, const char *why)
{
	c->killed_as = why;
	c->killed_us = clock_mono_us();
	kill(c->proc.pid, SIGKILL); /* not waited for yet, so the number is still its own */
}

static void on_tick(struct loop *l, void *ctx)
{
	struct children *k = ctx;
	int64_t now = clock_mono_us();
	/* We were stopped, or the machine was: meanwhile nobody heard a sign of life. */
	int64_t away = now - k->ticked_us > AWAY_US ? now - k->ticked_us : 0;
	bool well = true;

	(void)l;
	k->ticked_us = now;
	for (int i = 0; i < k->n && !k->stopping; i++) {
		struct child *c = &k->child[i];

		c->heard_us += away;
		if (!c->running && now >= c->start_at_us)
			start(k, c);
		if (c->running && !c->killed_as &&
		    now - c->heard_us > (c->heard ? c->hung_us : CHILD_BEGIN_US))
			kill_child(c, "no sign of life");
		if (c->running && c->killed_as && !c->told_stuck &&
		    now - c->killed_us > STUCK_US)
			tell_stuck(k, c);
		well = well && (c->running || c->starved);
	}
	if (well && k->told_ready)
		k->want->on_alive();
}

/* One stage after the other: who senses first, the ledger last, so that nothing is lost. */
static bool on_stop(struct loop *l, void *ctx)
{
	struct children *k = ctx;
	int64_t now = clock_mono_us();
	bool left = false;

	if (!k->stopping) {
		k->want->on_stop();
		k->stopping = true;
		k->stage_us = now;
	}
	for (int i = 0; i < k->n; i++) {
		struct child *c = &k->child[i];

		left = left || c->running;
		if (!c->running || c->stop_stage != k->stage)
			continue;
		if (!c->asked_to_stop)
			loop_send(l, c->slot, MSG_STOP, 0, SLICE(""), -1);
		c->asked_to_stop = true;
		if (now - k->stage_us > CHILD_STOP_US)
			kill_child(c, "did not stop when asked");
		return false;
	}
	k->stage++;
	k->stage_us = now;
	return !left;
}

int children_run(const struct children_want *want)
{
	static const struct loop_handlers handlers = {
	    .on_msg = on_msg, .on_stop = on_stop, .on_tick = on_tick, .tick_ms = TICK_MS};
	static struct children k;
	int code;

	k = (struct children){.want = want, .post = post_new("keeper")};
	k.ticked_us = clock_mono_us();
	arena_init(&k.mem, 1 << 20);
	k.loop = loop_new(-1, &handlers, &k);
	if (!k.loop)
		err_die("no memory");
	list_children(&k);
	for (int i = 0; i < k.n; i++)
		start(&k, &k.child[i]);
	code = loop_run(k.loop);
	/* On an early end: what still runs dies with its keeper (PDEATHSIG). */
	loop_free(k.loop);
	post_free(k.post);
	arena_done(&k.mem);
	return code;
}
