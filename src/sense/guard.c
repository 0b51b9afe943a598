#include "sense/guard.h"
#include "fact/version.h"
#include "sense/peek.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#define TICK_MS          50
#define REST_MS          500
#define MAX_POSTED       2048 /* drafts on their way, each with an open file perhaps */
#define STOP_PATIENCE_US 3000000
#define DRAFT_BYTES      (2u << 20)

/* ---- posting ---- */

struct waiter {
	struct guard *g;
	guard_seq_fn *fn;
	void *arg;
};

static void on_done(void *arg, int64_t seq, struct slice why)
{
	struct waiter *w = arg;

	w->g->acknowledged++;
	if (seq < 0)
		err_say("the ledger refused a fact: %.*s", SLICE_ARG(slice_sub(why, 0, 300)));
	if (w->fn)
		w->fn(w->arg, seq);
	free(w);
}

void guard_post(struct guard *g, const struct json *draft, int fd, guard_seq_fn *fn, void *arg)
{
	struct waiter *w = malloc(sizeof(*w));
	int r;

	if (!w)
		err_die("no memory");
	*w = (struct waiter){g, fn, arg};
	r = post_fact(g->post, draft, fd, on_done, w);
	if (r == -ENOBUFS && fd >= 0)
		r = post_fact(g->post, draft, -1, on_done, w); /* the fact without its file */
	if (r == -EMSGSIZE) {
		err_say("a fact was too large and is lost");
		free(w);
		if (fn)
			fn(arg, -1);
		return;
	}
	if (r < 0)
		err_die("facts can't be queued: %s", strerror(-r));
	g->posted++;
}

bool guard_has_room(const struct guard *g)
{
	return post_waiting(g->post) < MAX_POSTED;
}

/* ---- SYNC: all that was sensed before is in the ledger ---- */

static bool sync_done(struct guard *g, struct guard_sync *s)
{
	if (suspects_oldest(g->suspects) <= s->until)
		return false;
	if (s->posted < 0)
		s->posted = g->posted;
	return g->acknowledged >= s->posted;
}

void guard_check_syncs(struct guard *g)
{
	for (int i = 0; i < g->syncs;) {
		if (!sync_done(g, &g->sync[i])) {
			i++;
			continue;
		}
		if (g->ledger >= 0)
			loop_send(g->loop, g->ledger, MSG_SYNC, g->sync[i].id, slice_str(NULL),
			          -1);
		g->sync[i] = g->sync[--g->syncs];
	}
}

static void on_sync(struct guard *g, uint64_t id)
{
	if (g->watching)
		hear_drain(g);
	if (g->syncs == GUARD_MAX_SYNCS)
		return; /* its sender gives up after a while */
	g->sync[g->syncs++] =
	    (struct guard_sync){.id = id, .until = suspects_newest(g->suspects), .posted = -1};
	suspects_pump(g);
	guard_check_syncs(g);
}

/* ---- words ---- */

static void on_approve(struct guard *g, const struct json *word, int64_t seq)
{
	struct table_state t;
	uint32_t r;

	if (!root_of_fact(g->conf, word, &r, &g->path) || !json_get(word, "state"))
		return;
	t = version_of(json_get(word, "state"), seq);
	struct known *k = state_edit(g->state, r, buf_slice(&g->path));
	if (!k)
		return;
	release_clear(g, &t);
	k->e.approved = t;
	state_set_text(&k->features,
	               table_same(&t, &k->e.present) ? k->content : slice_str(NULL));
	state_settle(g->state, k);
}

static void on_word(struct guard *g, const struct msg *m)
{
	struct arena mem = {.max = DRAFT_BYTES};
	const struct json *word = json_parse(&mem, m->body, NULL);
	struct slice type = json_text(word, "type");

	if (slice_eq(type, SLICE("approve")))
		on_approve(g, word, (int64_t)m->id);
	else if (slice_eq(type, SLICE("deploy.started")))
		procs_deploy_begin(g->procs, word, (int64_t)m->id);
	else if (slice_eq(type, SLICE("deploy.ended")))
		procs_deploy_end(g->procs, json_num(word, "deploy", 0));
	else if (json_true(word, "who.worker")) /* a write that was refused */
		requests_ask(g, json_text(word, "path"), fact_at_us(word), (int64_t)m->id);
	arena_done(&mem);
}

/* ---- the table, and the beginning of the watch ---- */

static void tell_watching(struct guard *g)
{
	struct json *d;

	arena_reset(&g->mem);
	d = fact_draft(&g->mem, "watch.started");
	json_put(&g->mem, d, "roots", roots_json(&g->mem, g->conf));
	json_put_slice(&g->mem, d, "profile", g->conf->profile);
	json_put_str(&g->mem, d, "marks", marks_mode_name(marks_worst(g->marks)));
	json_put_bool(&g->mem, d, "procs", procs_fd(g->procs) >= 0);
	json_put_int(&g->mem, d, "pid", getpid());
	guard_post(g, d, -1, NULL, NULL);
}

static void on_fanotify(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	hear_all(ctx);
	suspects_pump(ctx);
}

static void on_connector(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	procs_drain(((struct guard *)ctx)->procs);
}

static void begin_watch(struct guard *g)
{
	g->baseline = state_count(g->state) == 0;
	for (uint32_t i = 0; i < g->conf->roots; i++) {
		g->first[i] = !state_find(g->state, i, SLICE(PATH_ROOT), NULL);
		if (g->first[i] && !g->baseline) {
			arena_reset(&g->mem);
			guard_post(g, draft_added(&g->mem, g->conf->root[i].path), -1, NULL,
			           NULL);
		}
	}
	procs_read_all(g->procs);
	if (loop_add_fd(g->loop, marks_fd(g->marks), EPOLLIN, on_fanotify) < 0)
		err_die("fanotify can't be polled");
	if (procs_fd(g->procs) >= 0)
		loop_add_fd(g->loop, procs_fd(g->procs), EPOLLIN, on_connector);
	g->watching = true;
	release_learn(g);
	if (g->baseline) {
		arena_reset(&g->mem);
		guard_post(g, draft_baseline_started(&g->mem, g->conf, "nothing was recorded"),
		           -1, NULL, NULL);
	}
	patrol_walk(g, "start");
	tell_watching(g);
}

static void on_table(struct guard *g, struct msg *m)
{
	AUTO_FD fd = m->fds > 0 ? msg_take_fd(m, 0) : -1;
	struct table t;

	if (fd < 0 || table_open(fd, &t) < 0)
		err_die("the ledger's table is ill-formed");
	if (state_base(g->state, &t) < 0)
		err_die("no memory for the table");
	if (!g->watching)
		begin_watch(g);
	suspects_pump(g);
}

/* ---- neighbours ---- */

static int reader_number(const struct guard *g, int slot)
{
	for (int i = 0; i < POOL_MAX_READERS; i++) {
		if (g->reader_slot[i] == slot)
			return i;
	}
	return -1;
}

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct guard *g = ctx;

	if (slice_eq(name, SLICE("ledger"))) {
		g->ledger = slot;
		post_peer(g->post, l, slot);
		loop_send(l, slot, MSG_TABLE, 0, slice_str(NULL), -1);
	} else if (slice_starts(name, SLICE("reader"))) {
		int i = reader_number(g, slot);
		if (i < 0)
			i = reader_number(g, -1);
		if (i < 0)
			return; /* more readers than we can use */
		g->reader_slot[i] = slot;
		pool_up(g->pool, i);
	}
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct guard *g = ctx;
	int i = reader_number(g, slot);

	(void)l;
	if (slot == g->ledger)
		g->ledger = -1;
	if (i < 0)
		return;
	g->reader_slot[i] = -1;
	pool_gone(g->pool, i);
}

static void on_ledger(struct guard *g, struct msg *m)
{
	if (post_msg(g->post, m))
		return;
	switch (m->type) {
	case MSG_TABLE:
		on_table(g, m);
		break;
	case MSG_PUSH:
		on_word(g, m);
		break;
	case MSG_SYNC:
		on_sync(g, m->id);
		break;
	default:
		err_die("the ledger sent %s", msg_type_name(m->type));
	}
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct guard *g = ctx;
	int reader = reader_number(g, slot);

	(void)l;
	if (slot == g->ledger)
		on_ledger(g, m);
	else if (reader >= 0 && m->type == MSG_LINED)
		requests_lines(g, m);
	else if (reader >= 0 && !pool_answer(g->pool, reader, m))
		err_say("a reader sent %s, unasked", msg_type_name(m->type));
	suspects_pump(g);
}

static void on_tick(struct loop *l, void *ctx)
{
	struct guard *g = ctx;

	(void)l;
	path_near_forget(
	    &g->near); /* an open folder keeps its filesystem from being unmounted */
	procs_deploys_tick(g->procs, clock_mono_us());
	if (peek_gone() > 0)
		err_die("a child of the guard has ended, so it begins anew");
	patrol_tick(ctx);
	requests_tick(ctx);
	suspects_pump(ctx);
	guard_check_syncs(ctx);
}

static void on_idle(struct loop *l, void *ctx)
{
	struct guard *g = ctx;

	(void)l;
	suspects_pump(g);
	guard_check_syncs(g);
}

/* What is begun is finished: looks under way are told, and that the watch ends here. */
static bool on_stop(struct loop *l, void *ctx)
{
	static int64_t since;
	struct guard *g = ctx;
	int64_t now = clock_mono_us();

	(void)l;
	if (!g->stopping) {
		since = now;
		if (g->watching)
			hear_drain(g);
	}
	g->stopping = true;
	suspects_pump(g);
	if (g->watching && !g->said_stopped && suspects_count(g->suspects) == 0) {
		arena_reset(&g->mem);
		guard_post(g, fact_draft(&g->mem, "watch.stopped"), -1, NULL, NULL);
		g->said_stopped = true;
	}
	return !g->watching || (g->said_stopped && post_waiting(g->post) == 0) ||
	       now - since > STOP_PATIENCE_US;
}

/* ---- readers ---- */

static int send_reader(void *ctx, int reader, enum msg_type type, uint64_t id,
                       const struct json *body, int fd)
{
	struct guard *g = ctx;

	return loop_send_json(g->loop, g->reader_slot[reader], type, id, body, fd);
}

static void on_looked(void *ctx, void *arg, const struct json *answer, const char *why)
{
	(void)why;
	suspect_answered(ctx, arg, answer);
}

static void on_reader_died(void *ctx, struct slice path)
{
	struct guard *g = ctx;

	arena_reset(&g->mem);
	guard_post(g, draft_reader_died(&g->mem, path, "role.died says how"), -1, NULL, NULL);
}

/* ---- whole ---- */

int guard_make(struct guard *g, const struct conf *c, struct err *e)
{
	struct pool_hooks hooks = {
	    .ctx = g, .send = send_reader, .done = on_looked, .died = on_reader_died};
	int r;

	*g = (struct guard){.conf = c, .ledger = -1};
	memset(g->root_fd, 0xff, sizeof(g->root_fd));
	memset(g->reader_slot, 0xff, sizeof(g->reader_slot));
	arena_init(&g->mem, DRAFT_BYTES);
	buf_init(&g->path, PATH_MAX_BYTES);
	buf_init(&g->path2, PATH_MAX_BYTES);
	path_near_init(&g->near);
	g->post = post_new("guard");
	g->pool = pool_new(&hooks);
	g->places = places_new();
	g->procs = procs_new();
	g->who = who_new(c);
	g->state = state_new();
	g->suspects = suspects_new();
	g->tainted = tainted_new();
	g->patrol = patrol_new();
	g->requests = requests_new(c);
	if (!g->pool || !g->places || !g->procs || !g->who || !g->state || !g->suspects ||
	    !g->tainted || !g->patrol || !g->requests)
		return err_set(e, -ENOMEM, "no memory");
	r = marks_new(c->queue_bounded, &g->marks);
	if (r < 0)
		return err_sys(e, r, "fanotify (it needs CAP_SYS_ADMIN and Linux 5.17)");
	g->foreign = foreign_new(g->marks);
	if (!g->foreign)
		return err_set(e, -ENOMEM, "no memory");
	patrol_open_roots(g);
	procs_listen(g->procs); /* without it /proc is asked; watch.started says which */
	return 0;
}

int guard_join(struct guard *g, int keeper)
{
	static const struct loop_handlers handlers = {
	    .on_peer = on_peer,
	    .on_msg = on_msg,
	    .on_gone = on_gone,
	    .on_stop = on_stop,
	    .on_tick = on_tick,
	    .on_idle = on_idle,
	    .tick_ms = TICK_MS,
	    .rest_ms = REST_MS,
	};

	g->loop = loop_new(keeper, &handlers, g);
	patrol_watch_mounts(g);
	return 0;
}

void guard_done(struct guard *g)
{
	suspects_free(g->suspects);
	tainted_free(g->tainted);
	pool_free(g->pool);
	requests_free(g->requests);
	patrol_free(g->patrol);
	state_free(g->state);
	who_free(g->who);
	procs_free(g->procs);
	places_free(g->places);
	foreign_free(g->foreign);
	marks_free(g->marks);
	post_free(g->post);
	buf_done(&g->path);
	buf_done(&g->path2);
	path_near_done(&g->near);
	arena_done(&g->mem);
	loop_free(g->loop);
}
