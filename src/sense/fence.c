#include "sense/fence.h"
#include "fact/version.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#define TICK_MS     500
#define DRAFT_BYTES (2u << 20)

_Static_assert(ROLES <= FENCE_ROLES, "a role has no place in the kernel's rules");

/* ---- modes ---- */

/* The kernel reads each of them at any time: what a mode needs stands before it is set. */
static void arm(struct fence *f, bool armed)
{
	struct fence_rules *r = f->rules;

	for (int i = 0; i < ROLES; i++)
		__atomic_store_n(&r->hold[i],
		                 role_is_code((enum role)i) && f->mode[i] != CONF_WATCH,
		                 __ATOMIC_RELAXED);
	__atomic_store_n(&r->exec, f->mode[ROLE_CODE] != CONF_WATCH, __ATOMIC_RELAXED);
	__atomic_store_n(&r->armed, armed, __ATOMIC_RELEASE);
	__atomic_store_n(&r->connect, (uint8_t)f->connect, __ATOMIC_RELEASE);
}

static void apply_modes(struct fence *f)
{
	bool armed = false;

	if (!f->rules || !f->ready)
		return;
	for (int i = 0; i < ROLES; i++)
		armed = armed || (role_is_code((enum role)i) && f->mode[i] != CONF_WATCH);
	fence_worker_groups(f);
	if (armed && !f->marked) {
		f->marked = true;
		procs_read_all(f->procs);
		fence_mark_all(f);
	}
	arm(f, armed);
	fence_tell_mode(f);
}

static void set_connect(struct fence *f, enum conf_mode mode)
{
	if (f->connect != FENCE_CONNECT_OFF)
		f->connect = mode == CONF_HOLD ? FENCE_CONNECT_HOLD : FENCE_CONNECT_WATCH;
}

static void on_mode(struct fence *f, const struct json *word)
{
	struct slice name = json_text(word, "role");
	enum conf_mode mode;

	if (!conf_mode_of(json_text(word, "mode"), &mode))
		return;
	if (slice_eq(name, SLICE("connect")))
		set_connect(f, mode);
	else
		conf_mode_set(f->mode, name, mode);
	apply_modes(f);
}

/* ---- deploys ---- */

static void deploy_over(struct fence *f, struct fence_deploy *d)
{
	__atomic_store_n(&d->seq, 0, __ATOMIC_RELEASE);
	__atomic_sub_fetch(&f->rules->deploys, 1, __ATOMIC_RELEASE);
}

/* Those whose first process is gone, and with it whoever would have said that it is over. */
static void deploys_tick(struct fence *f)
{
	procs_deploys_tick(f->procs, clock_mono_us());
	for (int i = 0; i < FENCE_MAX_DEPLOYS; i++) {
		struct fence_deploy *d = &f->rules->deploy[i];

		if (d->seq != 0 && !procs_deploy_lives(f->procs, (int64_t)d->seq))
			deploy_over(f, d);
	}
}

static void deploy_begin(struct fence *f, const struct json *word, uint64_t seq)
{
	struct fence_deploy *d = f->rules->deploy, *place = NULL;

	deploys_tick(f);
	for (int i = 0; i < FENCE_MAX_DEPLOYS; i++) {
		if (d[i].seq == seq)
			return;
		if (d[i].seq == 0)
			place = &d[i];
	}
	if (!place || !procs_deploy_begin(f->procs, word, (int64_t)seq))
		return;
	place->pid = (uint32_t)json_num(word, "pid", 0);
	__atomic_store_n(&place->seq, seq, __ATOMIC_RELEASE);
	__atomic_add_fetch(&f->rules->deploys, 1, __ATOMIC_RELEASE);
}

static void deploy_end(struct fence *f, uint64_t seq)
{
	procs_deploy_end(f->procs, (int64_t)seq);
	for (int i = 0; i < FENCE_MAX_DEPLOYS; i++) {
		if (seq && f->rules->deploy[i].seq == seq)
			deploy_over(f, &f->rules->deploy[i]);
	}
}

/* ---- what the ledger tells ---- */

/* A changed path, a person's approval, or a finding: what of it may run is decided anew. */
static void on_path(struct fence *f, const struct json *fact, int64_t seq)
{
	bool first = slice_eq(fact_type(fact), SLICE("file.baseline"));
	bool changed = first || slice_eq(fact_type(fact), SLICE("file.changed"));
	struct known *k;
	uint32_t root;

	if (!root_of_fact(f->conf, fact, &root, &f->path))
		return;
	k = state_edit(f->state, root, buf_slice(&f->path));
	if (!k)
		return;
	if (changed)
		k->e.present = version_of(json_get(fact, "present"), seq);
	if (first || (changed && json_get(fact, "deploy")))
		k->e.approved = k->e.present;
	if (!changed)
		k->e.approved =
		    version_of(json_get(fact, "state"), seq); /* a finding has none */
	fence_mark_path(f, root, buf_slice(&f->path));
	state_settle(f->state, k);
}

static void ask_table(struct fence *f)
{
	if (f->ledger >= 0)
		loop_send(f->loop, f->ledger, MSG_TABLE, 0, SLICE(""), -1);
}

static void on_word(struct fence *f, const struct json *word, int64_t seq)
{
	struct slice type = fact_type(word);

	if (slice_eq(type, SLICE("mode")))
		on_mode(f, word);
	else if (slice_eq(type, SLICE("approve")))
		on_path(f, word, seq);
	else if (slice_eq(type, SLICE("dismiss")))
		ask_table(f);
	else if (slice_eq(type, SLICE("deploy.started")))
		deploy_begin(f, word, (uint64_t)seq);
	else if (slice_eq(type, SLICE("deploy.ended")))
		deploy_end(f, (uint64_t)json_num(word, "deploy", 0));
}

static void on_push(struct fence *f, const struct msg *m)
{
	struct arena mem = {.max = DRAFT_BYTES};
	const struct json *fact = json_parse(&mem, m->body, NULL);
	struct slice kind = json_text(fact, "kind"), type = fact_type(fact);

	if (m->id == 0)
		ask_table(f); /* too much came in: some changes were passed over */
	else if (slice_eq(kind, SLICE("word")))
		on_word(f, fact, (int64_t)m->id);
	else if (slice_eq(kind, SLICE("finding")) || slice_eq(type, SLICE("file.changed")) ||
	         slice_eq(type, SLICE("file.baseline")))
		on_path(f, fact, (int64_t)m->id);
	else if (slice_eq(type, SLICE("fence.learnt")))
		fence_peer_learnt(f, fact);
	arena_done(&mem);
}

static void on_table(struct fence *f, struct msg *m)
{
	AUTO_FD fd = m->fds > 0 ? msg_take_fd(m, 0) : -1;

	state_renew(&f->state, fd);
	if (f->ready && f->marked)
		fence_mark_all(f);
	f->ready = true;
	apply_modes(f);
}

/* ---- the loop ---- */

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct fence *f = ctx;

	if (!slice_eq(name, SLICE("ledger")))
		return;
	f->ledger = slot;
	post_peer(f->post, l, slot);
	if (f->rules)
		ask_table(f);
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct fence *f = ctx;

	(void)l;
	if (slot == f->ledger)
		f->ledger = -1;
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct fence *f = ctx;

	(void)l;
	if (slot != f->ledger || post_msg(f->post, m) || !f->rules)
		return;
	if (m->type == MSG_TABLE)
		on_table(f, m);
	else if (m->type == MSG_PUSH)
		on_push(f, m);
	else
		err_die("the ledger sent %s", msg_type_name(m->type));
}

static void on_ring(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct fence *f = ctx;

	(void)l;
	(void)fd;
	(void)events;
	fence_load_serve(f->load, fence_tell_event, f);
}

static void on_connector(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	procs_drain(((struct fence *)ctx)->procs);
}

static void on_tick(struct loop *l, void *ctx)
{
	struct fence *f = ctx;
	int64_t now = clock_mono_us();

	(void)l;
	if (!f->rules)
		return;
	deploys_tick(f);
	if (roots_renew(f->conf, f->root_fd) && f->marked)
		fence_mark_all(f);
	if (now - f->workers_us < FENCE_WORKERS_US)
		return;
	f->workers_us = now;
	fence_worker_groups(f);
}

/* ---- beginning and end ---- */

static enum fence_connect connect_of(struct slice name)
{
	return slice_eq(name, SLICE("hold"))    ? FENCE_CONNECT_HOLD
	       : slice_eq(name, SLICE("watch")) ? FENCE_CONNECT_WATCH
	                                        : FENCE_CONNECT_OFF;
}

/* Without it hinoban is what it is on a kernel that takes no such programs: that is no fault.
 */
static void build(struct fence *f)
{
	struct err e = {""};

	if (slice_eq(f->conf->fence_bpf, SLICE("off"))) {
		snprintf(f->why, sizeof(f->why), "it is switched off in the settings");
		return;
	}
	if (fence_load(&f->load, &e) < 0) {
		snprintf(f->why, sizeof(f->why), "%s", e.text);
		return;
	}
	f->rules = fence_load_rules(f->load);
	f->rules->keeper = (uint32_t)getppid();
	fence_worker_users(f);
}

int fence_make(struct fence *f, const struct conf *c, struct err *e)
{
	*f = (struct fence){.conf = c, .ledger = -1, .connect = connect_of(c->fence_connect)};
	arena_init(&f->mem, DRAFT_BYTES);
	buf_init(&f->path, PATH_MAX_BYTES);
	for (int i = 0; i < ROLES; i++)
		conf_mode_of(c->hold[i], &f->mode[i]);
	f->post = post_new("fence");
	f->procs = procs_new();
	f->who = who_new(c);
	f->state = state_new();
	if (!f->post || !f->procs || !f->who || !f->state)
		return err_set(e, -ENOMEM, "no memory");
	build(f);
	for (size_t i = 0; i < c->roots; i++)
		f->root_fd[i] = f->rules ? root_open(c, i) : -1;
	if (f->rules)
		procs_listen(f->procs);
	return fence_peers_begin(f, e);
}

void fence_join(struct fence *f, int keeper)
{
	static const struct loop_handlers handlers = {
	    .on_peer = on_peer,
	    .on_msg = on_msg,
	    .on_gone = on_gone,
	    .on_tick = on_tick,
	    .tick_ms = TICK_MS,
	};

	f->loop = loop_new(keeper, &handlers, f);
	if (f->rules && loop_add_fd(f->loop, fence_load_fd(f->load), EPOLLIN, on_ring) < 0)
		err_die("the kernel's ring can't be polled");
	if (procs_fd(f->procs) >= 0)
		loop_add_fd(f->loop, procs_fd(f->procs), EPOLLIN, on_connector);
	if (!f->rules)
		fence_tell_mode(f);
}

void fence_done(struct fence *f)
{
	for (size_t i = 0; i < f->conf->roots; i++) {
		if (f->root_fd[i] >= 0)
			close(f->root_fd[i]);
	}
	fence_unload(f->load);
	post_free(f->post);
	fence_folders_free(f);
	state_free(f->state);
	who_free(f->who);
	procs_free(f->procs);
	buf_done(&f->path);
	arena_done(&f->mem);
	loop_free(f->loop);
}
