#include "sense/gate.h"
#include "fact/version.h"
#include "sense/holders.h"
#include "sense/peek.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#define TICK_MS     50
#define REST_MS     500
#define CHECK_US    1000000
#define DRAFT_BYTES (2u << 20)
#define BREAKS_US \
	10000 /* at a time, for writers that wait for a lease; then opens are served */

/* ---- modes ---- */

static void tell_modes(struct gate *g)
{
	struct json *d, *modes;

	arena_reset(&g->mem);
	d = fact_draft(&g->mem, "gate.mode");
	modes = json_obj(&g->mem);
	for (int r = 0; r < ROLE_DATA; r++)
		json_put_str(&g->mem, modes, role_name((enum role)r),
		             conf_mode_name(g->mode[r]));
	json_put(&g->mem, d, "modes", modes);
	json_put_bool(&g->mem, d, "folders", g->holding);
	post_fact(g->post, d, -1, NULL, NULL);
	g->untold = false;
}

/* Those who wait for us may go on: the web servers, where the machine boots. */
static void begun(struct gate *g)
{
	if (!g->begun)
		loop_ready(g->loop);
	g->begun = true;
}

void gate_holds(struct gate *g)
{
	if (g->untold)
		tell_modes(g);
	begun(g);
}

void gate_apply_modes(struct gate *g)
{
	bool hold = g->holds > 0;

	for (int r = 0; r < ROLE_DATA; r++)
		hold = hold || g->mode[r] != CONF_WATCH;
	if (!g->ready || (!hold && !g->holding))
		return;
	if (!hold)
		folders_unmark(g);
	else if (!g->holding)
		procs_read_all(g->procs);
	g->holding = hold;
	if (!hold) {
		tell_modes(g);
		return;
	}
	g->untold = true;
	leases_renew(g->leases);
	gate_above_mark(g);
	roots_renew(g->conf, g->root_fd); /* as they stand now that we are told */
	folders_mark(g);
	gate_contain_mark(g);
}

/* ---- what the ledger tells ---- */

struct json *gate_draft(struct gate *g, const char *type, uint32_t root, struct slice path,
                        enum role role)
{
	struct json *d;

	arena_reset(&g->mem);
	d = fact_draft(&g->mem, type);
	draft_path(&g->mem, d, "root", g->conf->root[root].path);
	draft_path(&g->mem, d, "path", path);
	json_put_str(&g->mem, d, "role", role_name(role));
	return d;
}

static void set_mode(struct gate *g, const struct json *word)
{
	enum conf_mode mode;

	if (!conf_mode_of(json_text(word, "mode"), &mode))
		return;
	conf_mode_set(g->mode, json_text(word, "role"), mode);
	gate_apply_modes(g);
}

static void on_approve(struct gate *g, const struct json *word, int64_t seq)
{
	struct known *k;
	uint32_t root;

	if (!root_of_fact(g->conf, word, &root, &g->news))
		return;
	k = state_edit(g->state, root, buf_slice(&g->news));
	if (!k)
		return;
	k->e.approved = version_of(json_get(word, "state"), seq);
	state_settle(g->state, k);
	g->stale = true;
	gate_path_news(g, root, buf_slice(&g->news));
}

static void ask_table(struct gate *g)
{
	if (g->ledger >= 0)
		loop_send(g->loop, g->ledger, MSG_TABLE, 0, SLICE(""), -1);
}

static void on_word(struct gate *g, const struct json *word, int64_t seq)
{
	struct slice type = fact_type(word);

	if (slice_eq(type, SLICE("mode")))
		set_mode(g, word);
	else if (slice_eq(type, SLICE("contain")) || slice_eq(type, SLICE("lift")))
		gate_contain_word(g, word, seq);
	else if (slice_eq(type, SLICE("approve")))
		on_approve(g, word, seq);
	else if (slice_eq(type, SLICE("dismiss")))
		ask_table(g); /* what it approves stands in the ledger's view */
	else if (slice_eq(type, SLICE("deploy.started")))
		gate_deploy_begin(g, word, seq);
	else if (slice_eq(type, SLICE("deploy.ended")))
		gate_deploy_end(g, json_num(word, "deploy", 0));
}

/* Of a folder that is new in the settings: approved as it stands. */
static bool is_first(const struct json *fact)
{
	return slice_eq(fact_type(fact), SLICE("file.baseline"));
}

/* As the ledger's view does (ledger/view.c): what changes all day is approved unless found. */
static void learn_change(struct gate *g, const struct json *fact, int64_t seq, uint32_t root)
{
	struct known *k = state_edit(g->state, root, buf_slice(&g->news));
	enum role role = ROLE_CODE;
	int64_t seen = 0;
	bool condemned;

	if (!k)
		return;
	role_of(json_text(fact, "role"), &role);
	if (json_get(fact, "deploy")) {
		/* Packed copies of what was there before may have passed meanwhile. */
		g->stale |= !gate_deploying(g);
		g->deployed_us = clock_mono_us(); /* more of it may be on its way */
		state_deployed(k, json_num(fact, "deploy", 0));
	}
	condemned = k->e.present.class != CLASS_NONE && k->e.approved.class == CLASS_NONE;
	k->e.role = role;
	k->e.present = version_of(json_get(fact, "present"), seq);
	version_sig(json_text(fact, "present.sig"), &k->e);
	clock_parse(json_text(fact, "seen"), &seen);
	k->e.checked_us = seen;
	if (json_get(fact, "deploy") || is_first(fact) ||
	    (!role_is_code(role) && (!condemned || k->e.present.class == CLASS_NONE)))
		k->e.approved = k->e.present;
	if (k->e.present.class == CLASS_DIR)
		folders_enter(g, root, buf_slice(&g->news));
	state_settle(g->state, k);
}

/* In what is to be put back, not in what a release brings. */
static bool unapproved(const struct json *fact)
{
	struct table_state now = version_of(json_get(fact, "present"), 0);
	struct table_state good = version_of(json_get(fact, "approved"), 0);
	enum role role;

	return role_of(json_text(fact, "role"), &role) && role_is_code(role) &&
	       now.class != CLASS_NONE && !hash_eq(&now.hash, &good.hash) &&
	       !json_get(fact, "deploy");
}

static void on_changed(struct gate *g, const struct json *fact, int64_t seq)
{
	uint32_t root;

	if (!root_of_fact(g->conf, fact, &root, &g->news))
		return;
	learn_change(g, fact, seq, root);
	if (!is_first(fact) && unapproved(fact))
		gate_guise_seen(g, root, buf_slice(&g->news));
	if (!is_first(fact))
		gate_order_fact(g, fact, seq, root, buf_slice(&g->news));
	gate_path_news(g, root, buf_slice(&g->news));
}

static void on_finding(struct gate *g, const struct json *fact, int64_t seq)
{
	const struct table_entry *e;
	struct known *k;
	enum role role;
	uint32_t root;

	if (!role_of(json_text(fact, "role"), &role) ||
	    !root_of_fact(g->conf, fact, &root, &g->news))
		return;
	if (slice_eq(fact_type(fact), SLICE("file.contested"))) {
		gate_contain_contested(g, fact, seq);
		return;
	}
	/* Of a new file that he was not let write to the empty one may be left, and told later.
	 */
	if (slice_eq(fact_type(fact), SLICE("write.refused")))
		gate_look_later(g, root, buf_slice(&g->news));
	e = state_find(g->state, root, buf_slice(&g->news), NULL);
	if (!e || e->present.class == CLASS_NONE)
		return;
	if (!role_is_code(role)) {
		k = state_edit(g->state, root, buf_slice(&g->news));
		if (!k)
			return;
		k->e.approved = (struct table_state){.class = CLASS_NONE};
		state_settle(g->state, k);
		g->stale = true;
	}
	gate_order_fact(g, fact, seq, root, buf_slice(&g->news));
}

static void on_push(struct gate *g, const struct msg *m)
{
	struct arena mem = {.max = DRAFT_BYTES};
	const struct json *fact = json_parse(&mem, m->body, NULL);
	struct slice kind = json_text(fact, "kind");

	if (m->id == 0)
		ask_table(g); /* too much came in: some changes were passed over */
	else if (slice_eq(kind, SLICE("word")))
		on_word(g, fact, (int64_t)m->id);
	else if (slice_eq(kind, SLICE("order")))
		gate_contain_again(g, fact);
	else if (slice_eq(kind, SLICE("finding")))
		on_finding(g, fact, (int64_t)m->id);
	else if (slice_eq(fact_type(fact), SLICE("file.changed")) || is_first(fact))
		on_changed(g, fact, (int64_t)m->id);
	arena_done(&mem);
}

static void on_table(struct gate *g, struct msg *m)
{
	AUTO_FD fd = m->fds > 0 ? msg_take_fd(m, 0) : -1;

	state_renew(&g->state, fd);
	g->stale = true;
	gate_guise_known(g);
	if (g->ready)
		return;
	g->ready = true;
	gate_apply_modes(g);
	if (!g->holding)
		begun(g);
}

/* ---- neighbours ---- */

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct gate *g = ctx;

	if (slice_eq(name, SLICE("ledger"))) {
		g->ledger = slot;
		post_peer(g->post, l, slot);
		ask_table(g);
	} else if (slice_eq(name, SLICE("hand"))) {
		g->hand = slot;
		gate_orders_again(g);
	} else if (slice_eq(name, SLICE("reader"))) {
		g->reader = slot;
		pool_up(g->pool, 0);
	}
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct gate *g = ctx;

	(void)l;
	if (slot == g->ledger)
		g->ledger = -1;
	if (slot == g->hand)
		g->hand = -1;
	if (slot != g->reader)
		return;
	g->reader = -1;
	pool_gone(g->pool, 0);
}

static void on_ledger(struct gate *g, struct msg *m)
{
	if (post_msg(g->post, m))
		return;
	if (m->type == MSG_TABLE)
		on_table(g, m);
	else if (m->type == MSG_PUSH)
		on_push(g, m);
	else
		err_die("the ledger sent %s", msg_type_name(m->type));
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct gate *g = ctx;

	(void)l;
	if (slot == g->ledger)
		on_ledger(g, m);
	else if (slot == g->hand && m->type == MSG_DONE)
		gate_order_done(g, m);
	else if (slot == g->reader && !pool_answer(g->pool, 0, m))
		err_say("a reader sent %s, unasked", msg_type_name(m->type));
}

static int send_reader(void *ctx, int reader, enum msg_type type, uint64_t id,
                       const struct json *body, int fd)
{
	struct gate *g = ctx;

	(void)reader;
	return loop_send_json(g->loop, g->reader, type, id, body, fd);
}

static void on_looked(void *ctx, void *arg, const struct json *answer, const char *why)
{
	(void)why;
	gate_looked(ctx, arg, answer);
}

static void on_reader_died(void *ctx, struct slice path)
{
	struct gate *g = ctx;

	arena_reset(&g->mem);
	post_fact(g->post, draft_reader_died(&g->mem, path, "while an open waited for it"), -1,
	          NULL, NULL);
}

/* ---- the loop ---- */

static void on_asked(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct gate *g = ctx;

	(void)l;
	(void)events;
	for (enum asks i = 0; i < ASKS; i++) {
		if (fd == g->group[i])
			gate_serve(g, i);
	}
}

static void on_above(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	gate_above_heard(ctx);
}

static void on_born(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	folders_serve(ctx);
}

static void on_lease(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	leases_serve(((struct gate *)ctx)->leases);
}

static void on_break(void *ctx, int fd, uint64_t key)
{
	struct gate *g = ctx;

	loop_alive(g->loop);
	gate_order_writer(g, fd, key);
}

/* Is it code in its place? It may have been, before it was moved away or replaced. */
static bool stands(void *ctx, int fd)
{
	struct gate *g = ctx;
	const struct table_entry *e;
	struct sight s = {0};
	struct slice rel;
	uint32_t root;

	if (sight_of_fd(&s, fd) < 0 || !gate_place(g, fd, &s, &g->moved, &root, &rel))
		return false;
	e = state_find(g->state, root, rel, NULL);
	return e && e->approved.class == CLASS_FILE && role_is_code((enum role)e->role) &&
	       gate_leads_to(g, root, rel, &s);
}

static void on_connector(struct loop *l, void *ctx, int fd, uint32_t events)
{
	(void)l;
	(void)fd;
	(void)events;
	procs_drain(((struct gate *)ctx)->procs);
}

static void on_tick(struct loop *l, void *ctx)
{
	static int64_t checked_us;
	struct gate *g = ctx;
	int64_t now = clock_mono_us();

	(void)l;
	gate_hurry(g);
	gate_guise_tick(g);
	gate_far_tick(g, now);
	gate_orders_tick(g);
	leases_tick(g->leases, now);
	pool_pump(g->pool);
	gate_look_again(g, now);
	gate_sweep(g, now);
	if (now - checked_us < CHECK_US)
		return;
	checked_us = now;
	/* Best while nobody waits; without any of them those who wait do so in vain. */
	if ((peek_gone() > 0 || holders_gone()) && (g->helds == 0 || peek_left() == 0))
		err_die("a child of the gate has ended, so it begins anew");
	gate_deploys_tick(g);
	gate_above_look(g);
}

static void on_idle(struct loop *l, void *ctx)
{
	struct gate *g = ctx;

	folders_walk(g);
	if (leases_breaks(g->leases, BREAKS_US))
		loop_again(l, 1);
	if (!g->stale)
		return;
	g->stale = false;
	leases_renew(g->leases);
}

static bool on_stop(struct loop *l, void *ctx)
{
	struct gate *g = ctx;

	(void)l;
	folders_unmark(g);
	gate_let_go(g);
	return true;
}

int gate_make(struct gate *g, const struct conf *c, struct err *e)
{
	struct pool_hooks hooks = {
	    .ctx = g, .send = send_reader, .done = on_looked, .died = on_reader_died};
	int r;

	*g = (struct gate){.conf = c, .ledger = -1, .hand = -1, .reader = -1};
	g->keeper = getppid();
	g->deployed_us = -GATE_DEPLOY_LATE_US;
	arena_init(&g->mem, DRAFT_BYTES);
	buf_init(&g->path, PATH_MAX_BYTES);
	buf_init(&g->moved, PATH_MAX_BYTES);
	buf_init(&g->text, 8 * PATH_TEXT_MAX_BYTES);
	buf_init(&g->news, PATH_MAX_BYTES);
	buf_init(&g->meant, PATH_MAX_BYTES);
	buf_init(&g->led, PATH_MAX_BYTES);
	g->sweep_rest_us = GATE_SWEEP_US;
	for (int i = 0; i < ROLES; i++)
		conf_mode_of(c->hold[i], &g->mode[i]);
	for (size_t i = 0; i < c->hold_fail_closed_count; i++) {
		enum role role;

		if (role_of(c->hold_fail_closed[i], &role))
			g->closed[role] = true;
	}
	g->post = post_new("gate");
	g->pool = pool_new(&hooks);
	g->procs = procs_new();
	g->who = who_new(c);
	g->state = state_new();
	g->seen = state_new();
	if (!g->pool || !g->procs || !g->who || !g->state || !g->seen || !gate_sound_begin(g))
		return err_set(e, -ENOMEM, "no memory");
	for (enum asks i = 0; i < ASKS; i++) {
		g->group[i] = fanotify_init(
		    FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS |
		        FAN_UNLIMITED_QUEUE | FAN_REPORT_TID,
		    O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME | O_NONBLOCK);
		if (g->group[i] < 0)
			return err_sys(e, -errno,
			               "fanotify's permission events "
			               "(CONFIG_FANOTIFY_ACCESS_PERMISSIONS)");
	}
	r = leases_new(g->group, &g->leases);
	if (r < 0)
		return err_sys(e, r, "leases");
	r = folders_open(g);
	if (r == 0)
		r = gate_above_open(g);
	if (r < 0)
		return err_sys(e, r, "fanotify (it needs CAP_SYS_ADMIN and Linux 5.9)");
	leases_tell(g->leases, on_break, stands, g);
	for (size_t i = 0; i < c->roots; i++)
		g->root_fd[i] = root_open(c, i);
	procs_listen(g->procs);
	return 0;
}

void gate_join(struct gate *g, int keeper)
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
	bool polled = true;

	g->loop = loop_new(keeper, &handlers, g);
	for (enum asks i = 0; i < ASKS; i++)
		polled = polled && loop_add_fd(g->loop, g->group[i], EPOLLIN, on_asked) >= 0;
	if (!polled || loop_add_fd(g->loop, g->births, EPOLLIN, on_born) < 0 ||
	    loop_add_fd(g->loop, g->above, EPOLLIN, on_above) < 0 ||
	    loop_add_fd(g->loop, leases_fd(g->leases), EPOLLIN, on_lease) < 0)
		err_die("fanotify can't be polled");
	if (procs_fd(g->procs) >= 0)
		loop_add_fd(g->loop, procs_fd(g->procs), EPOLLIN, on_connector);
}

void gate_done(struct gate *g)
{
	gate_let_go(g);
	gate_orders_free(g);
	gate_linger_done(g); /* what some of them had, too */
	leases_free(g->leases);
	for (enum asks i = 0; i < ASKS; i++)
		close(g->group[i]);
	close(g->births);
	close(g->above);
	places_free(g->places);
	free(g->sound);
	pool_free(g->pool);
	post_free(g->post);
	gate_again_free(g);
	gate_guise_done(g);
	gate_goal_done(g);
	for (int i = 0; i < g->holds; i++)
		state_set_text(&g->hold[i].path, slice_str(NULL));
	state_free(g->state);
	state_free(g->seen);
	who_free(g->who);
	procs_free(g->procs);
	buf_done(&g->path);
	buf_done(&g->moved);
	buf_done(&g->text);
	buf_done(&g->news);
	buf_done(&g->meant);
	buf_done(&g->led);
	arena_done(&g->mem);
	loop_free(g->loop);
}
