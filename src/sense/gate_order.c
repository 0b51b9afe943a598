#include "fact/feature.h"
#include "fact/version.h"
#include "sense/gate.h"
#include "sense/peek.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDERS_MOST   64     /* told with an order, from the top: a fact has a ceiling */
#define BREAKER_US     100000 /* a look for who breaks a lease, at most */
#define BREAKER_PART   5      /* of all time, for such looks: a fifth */
#define BREAKER_ALL_US 400000 /* of that saved up, at most */

/* An order that no DONE has answered yet. */
struct gate_order {
	struct gate_order *next;
	struct gate *g;
	uint32_t root;
	struct slice path; /* raw, owned */
	int64_t seq;       /* 0: the ledger has not acknowledged it */
	int64_t posted_us;
	bool held;         /* a held file goes with it */
	int lease;         /* or a file whose lease somebody breaks; else -1 */
	uint64_t dev, ino; /* of either */
};

/* Its file may not have been replaced, or not be closed: then who wants to write to it waits
 * on. */
static void forget(struct gate *g, struct gate_order **at)
{
	struct gate_order *o = *at;

	*at = o->next;
	g->orders--;
	if (o->lease >= 0)
		gate_linger(g, o->lease, gate_path_key(o->root, o->path), true);
	state_set_text(&o->path, slice_str(NULL));
	free(o);
}

void gate_orders_free(struct gate *g)
{
	while (g->order)
		forget(g, &g->order);
}

bool gate_ordered(const struct gate *g, uint32_t root, struct slice path)
{
	for (const struct gate_order *o = g->order; o; o = o->next) {
		if (o->root == root && slice_eq(o->path, path))
			return true;
	}
	return false;
}

bool gate_order_awaited(const struct gate *g, const struct sight *s)
{
	for (const struct gate_order *o = g->order; o; o = o->next) {
		if (o->lease >= 0 && sight_is(s, o->dev, o->ino))
			return true;
	}
	return gate_lingers(g, s);
}

/* The held file that this order is for, if it still waits. */
static struct held *held_of(const struct gate *g, const struct gate_order *o)
{
	for (struct held *h = o->lease < 0 ? g->held : NULL; h; h = h->next) {
		if (!h->answered && h->root == o->root && slice_eq(h->path, o->path) &&
		    sight_is(&h->sight, o->dev, o->ino))
			return h;
	}
	return NULL;
}

/* ---- the hand has done it ---- */

static void settle(struct gate *g, const struct gate_order *o, bool clean)
{
	for (struct held *h = g->held, *next; h; h = next) {
		next = h->next;
		loop_alive(g->loop);
		if (h->answered || h->step == HELD_READING || h->root != o->root ||
		    !slice_eq(h->path, o->path))
			continue;
		if (o->held && sight_is(&h->sight, o->dev, o->ino))
			gate_settle(g, h, clean);
	}
}

static void done(struct gate *g, struct gate_order **at, const struct gate_early *how)
{
	uint32_t root = (*at)->root;

	/* The file may have come too late to go with it: then it is decided anew. */
	if (how->held && (*at)->lease < 0)
		settle(g, *at, how->clean);
	buf_reset(&g->news);
	buf_add(&g->news, (*at)->path);
	if (how->clean) {
		leases_drop(g->leases, (*at)->lease); /* who waits can't write to it any more */
		(*at)->lease = -1;
	}
	forget(g, at);
	gate_look_after(g, root, buf_slice(&g->news), how->done);
	gate_path_news(g, root, buf_slice(&g->news));
}

/*
 * The hand is going to write to this file: no lease of ours may be left on it. False: it was
 * let through as approved, and nobody has written to it since. Who opened it then may be about
 * to read, and somebody may wait to write: he would be let in first. Then there is nothing to
 * clean.
 */
static bool yield(struct gate *g, const struct held *h)
{
	leases_breaks_of(g->leases, &h->sight);
	if (leases_pass(g->leases, &h->sight) || gate_order_awaited(g, &h->sight) ||
	    (h->lease == LEASE_WRITTEN && leases_kept(g->leases, &h->sight)))
		return false;
	leases_yield(g->leases, &h->sight);
	gate_linger_yield(g, &h->sight);
	return true;
}

/* The number of this order is known only now: is it done already? */
static bool done_early(struct gate *g, struct gate_order *o)
{
	struct gate_order **at = &g->order;

	for (int i = 0; i < GATE_MAX_EARLY; i++) {
		struct gate_early how = g->early[i];

		if (how.seq != o->seq)
			continue;
		g->early[i].seq = 0;
		while (*at != o)
			at = &(*at)->next;
		done(g, at, &how);
		return true;
	}
	return false;
}

/* ---- giving it ---- */

static void give(struct gate *g, const struct gate_order *o, const struct held *h)
{
	if (h && !yield(g, h))
		h = NULL; /* it is decided anew afterwards */
	for (struct held *x = h ? g->held : NULL; x; x = x->next) {
		if (!sight_is(&x->sight, o->dev, o->ino))
			continue;
		leases_release(g->leases, x->fd);
		x->lease = LEASE_GIVEN;
	}
	if (g->hand >= 0)
		loop_send(g->loop, g->hand, MSG_HELD, (uint64_t)o->seq, SLICE("{}"),
		          h ? h->fd : o->lease);
}

void gate_order_hurry(struct gate *g, struct held *h)
{
	struct gate_order *o = g->order;

	while (o && (o->held || o->root != h->root || !slice_eq(o->path, h->path)))
		o = o->next;
	if (!o)
		return; /* another opener's file goes with it already */
	o->held = true;
	o->dev = h->sight.dev;
	o->ino = h->sight.ino;
	if (o->seq > 0)
		give(g, o, h);
}

/* The order is in the ledger: now the hand may be given the file. */
static void on_seq(void *arg, int64_t seq, struct slice why)
{
	struct gate_order *o = arg;
	struct gate *g = o->g;

	if (seq < 0 && why.n)
		err_say("the ledger refused an order: %.*s", SLICE_ARG(slice_sub(why, 0, 200)));
	o->seq = seq > 0 ? seq : -1;
	if (seq > 0 && done_early(g, o))
		return;
	if (o->seq > 0 && o->held)
		give(g, o, held_of(g, o));
}

static void post(struct gate *g, struct json *d, uint32_t root, struct slice path,
                 struct held *h, int lease, int fd)
{
	struct sight s = {0};
	struct gate_order *o = g->orders < GATE_MAX_ORDERS ? calloc(1, sizeof(*o)) : NULL;

	if (!o) {
		if (lease >= 0)
			gate_linger(g, lease, gate_path_key(root, path), true);
		return; /* held opens follow their patience */
	}
	*o = (struct gate_order){.next = g->order, .g = g, .root = root, .lease = lease};
	o->held = h || lease >= 0;
	o->posted_us = clock_mono_us();
	state_set_text(&o->path, path);
	if (o->held)
		json_put_bool(&g->mem, d, "held", true);
	if (h)
		s = h->sight;
	else if (lease >= 0)
		sight_of_fd(&s, lease);
	o->dev = s.dev;
	o->ino = s.ino;
	g->order = o;
	g->orders++;
	if (post_fact(g->post, d, fd, on_seq, o) < 0)
		forget(g, &g->order);
}

/* The folders on the way, as approved: what the hand puts back shall not lie open in others. */
static struct json *folders(struct gate *g, uint32_t root, struct slice path)
{
	struct json *out = json_arr(&g->mem);

	for (size_t i = 0, n = 0; i < path.n && n < FOLDERS_MOST; i++) {
		const struct table_entry *e;

		if (path.at[i] != '/')
			continue;
		n++;
		e = state_find(g->state, root, slice_sub(path, 0, i), NULL);
		json_push(out, e && e->approved.class == CLASS_DIR
		                   ? draft_state(&g->mem, &e->approved, NULL, NULL)
		                   : json_null(&g->mem));
	}
	return out;
}

static struct json *draft(struct gate *g, const struct table_entry *e, uint32_t root,
                          struct slice path, enum role role, const char *cause)
{
	bool known = e && e->approved.class != CLASS_NONE;
	struct json *d =
	    gate_draft(g, known ? "order.heal" : "order.quarantine", root, path, role);

	if (known) {
		json_put(&g->mem, d, "approved",
		         draft_state(&g->mem, &e->approved, NULL, NULL));
		json_put_int(&g->mem, d, "approved_by", e->approved.seq);
		json_put(&g->mem, d, "folders", folders(g, root, path));
		if (gate_far_unheld(g, root, path))
			json_put_bool(&g->mem, d, "close", true);
	}
	json_put_str(&g->mem, d, "cause", cause);
	return d;
}

void gate_order_open(struct gate *g, struct held *h, const char *cause)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);
	struct table_state present = sight_state(&h->sight, &h->hash);
	struct json *d;
	struct opener o;

	h->step = HELD_ORDERED;
	if (gate_ordered(g, h->root, h->path))
		return;
	opener_read(&o, h->tid);
	arena_reset(&g->mem);
	d = draft(g, e, h->root, h->path, h->role, cause);
	json_put(&g->mem, d, "present", draft_state(&g->mem, &present, &h->sight, NULL));
	if (h->content)
		json_put(&g->mem, d, "content", json_copy(&g->mem, h->content));
	procs_drain(g->procs);
	json_put(&g->mem, d, "opener",
	         who_json(g->who, &g->mem, g->procs, o.pid, PROCS_UNSURE));
	post(g, d, h->root, h->path, h, -1, h->fd);
}

bool gate_order_puts_back(const struct gate *g, uint32_t root, struct slice path)
{
	enum role role = look_role(g->conf, root, path);
	const struct table_entry *e = state_find(g->state, root, path, NULL);

	return g->mode[role] == CONF_HEAL && role_is_code(role) && e &&
	       e->approved.class == CLASS_FILE && !gate_ordered(g, root, path);
}

void gate_order_away(struct gate *g, const struct held *h)
{
	struct table_state present = sight_state(&h->sight, &h->hash);
	struct json *d;

	if (g->mode[h->role] != CONF_HEAL || gate_deploying(g) ||
	    gate_ordered(g, h->root, h->path) || !gate_leads_to(g, h->root, h->path, &h->sight))
		return;
	arena_reset(&g->mem);
	d = draft(g, NULL, h->root, h->path, h->role, "outdated");
	json_put(&g->mem, d, "present", draft_state(&g->mem, &present, &h->sight, NULL));
	json_put(&g->mem, d, "content", json_copy(&g->mem, h->content));
	post(g, d, h->root, h->path, NULL, -1, h->fd);
}

void gate_order_gone(struct gate *g, uint32_t root, struct slice path, pid_t who)
{
	enum role role = look_role(g->conf, root, path);
	const struct table_entry *e = state_find(g->state, root, path, NULL);
	struct json *d;

	procs_drain(g->procs);
	if (procs_deploy_of(g->procs, who, PROCS_UNSURE) > 0)
		return;
	arena_reset(&g->mem);
	d = draft(g, e, root, path, role, "gone");
	json_put(&g->mem, d, "present", json_null(&g->mem));
	json_put(&g->mem, d, "who", who_json(g->who, &g->mem, g->procs, who, PROCS_UNSURE));
	post(g, d, root, path, NULL, -1, -1);
}

/* ---- somebody is about to write ---- */

static bool leads_to(struct gate *g, const struct opener *o, struct slice given,
                     const struct sight *s)
{
	struct peek_place to;

	return opener_whole(o, given, &g->led) &&
	       peek_place(o->tid, buf_slice(&g->led), &to) >= 0 && sight_is(s, to.dev, to.ino);
}

/*
 * Who waits for a lease stands in the kernel's __break_lease. Of several it is the one whose
 * path leads to this file. It may lead elsewhere by now: then the only one that ends in its
 * name, or the only one there is, for a hard link may have any. Thousands may write at once, in
 * a crowd of processes: who did it is not worth that opens wait for long.
 */
static pid_t lease_breaker(struct gate *g, const struct sight *s, struct slice rel)
{
	static int64_t left_us = BREAKER_ALL_US, looked_us;
	int64_t now = clock_mono_us();
	pid_t pid[PEEK_MOST], found = 0, named = 0, any = 0;
	char room[PATH_MAX];
	int names = 0, all = 0;
	ssize_t n;

	left_us += (now - looked_us) / BREAKER_PART;
	left_us = left_us < BREAKER_ALL_US ? left_us : BREAKER_ALL_US;
	looked_us = now;
	n = left_us > 0 ? peek_waiters(pid) : 0;
	for (ssize_t i = 0; i < n && !found && clock_mono_us() - now < BREAKER_US; i++) {
		struct slice given;
		struct opener o;

		opener_read(&o, pid[i]);
		given = opener_path(&o, room, sizeof(room));
		all++;
		any = o.tid;
		if (opener_common(given, rel) > 0) {
			names++;
			named = o.tid;
		}
		found = leads_to(g, &o, given, s) ? o.tid : 0;
	}
	left_us -= clock_mono_us() - now;
	if (found)
		return found;
	return names == 1 ? named : names == 0 && all == 1 ? any : 0;
}

enum whose { STRANGERS, RELEASES, PERHAPS_RELEASES };

/* Whose is a writer who waits while a release goes on, and which process is he? */
static enum whose whose_writer(struct gate *g, enum role role, const struct sight *s,
                               struct slice rel, pid_t *who)
{
	if (!role_is_code(role))
		return RELEASES;
	*who = lease_breaker(g, s, rel);
	procs_drain(g->procs);
	/* It may come by a name of which the gate is not asked. */
	if (*who <= 0)
		return PERHAPS_RELEASES;
	/* A release that is just beginning, or has another way there. */
	return procs_deploy_of(g->procs, *who, PROCS_UNSURE) > 0 ? RELEASES : STRANGERS;
}

void gate_order_writer(struct gate *g, int fd, uint64_t key)
{
	const struct table_entry *e;
	struct sight s = {0};
	struct slice rel;
	enum role role;
	uint32_t root;
	bool deploying = gate_deploying(g), seen = sight_of_fd(&s, fd) == 0, code = key != 0;
	enum whose whose;
	struct json *d;
	pid_t who = 0;

	/* Root's own files are not asked about in a release: of those it is not known. */
	if (deploying && (!gate_others_write(&s) || gate_deploy_writes(g, &s))) {
		leases_drop(g->leases, fd);
		return;
	}
	/* It may have been code under another name a moment ago, with a reader on his way. */
	if (!seen || !gate_place(g, fd, &s, &g->moved, &root, &rel)) {
		gate_linger(g, fd, key, code);
		return;
	}
	role = look_role(g->conf, root, rel);
	/* Where nothing is put back it may be written to under its own name. */
	code = code && (gate_path_key(root, rel) != key || g->mode[role] == CONF_HEAL);
	if (deploying && (whose = whose_writer(g, role, &s, rel, &who)) != STRANGERS) {
		if (whose == RELEASES)
			leases_drop(g->leases, fd);
		else
			gate_linger(g, fd, key, code);
		return;
	}
	e = state_find(g->state, root, rel, NULL);
	/* Of a file that was moved the lease says only that it was good where it stood. */
	if (g->mode[role] != CONF_HEAL || !role_is_code(role) ||
	    gate_path_key(root, rel) != key || !gate_index_unwritten(g, root, rel, &s) ||
	    g->orders == GATE_MAX_ORDERS) {
		gate_linger(g, fd, key, code);
		return;
	}
	if (!deploying)
		who = lease_breaker(g, &s, rel);
	arena_reset(&g->mem);
	d = draft(g, e, root, rel, role, "write");
	json_put(&g->mem, d, "present", draft_state(&g->mem, &e->approved, &s, NULL));
	procs_drain(g->procs);
	if (who > 0)
		json_put(&g->mem, d, "who",
		         who_json(g->who, &g->mem, g->procs, who, PROCS_UNSURE));
	post(g, d, root, rel, NULL, fd, -1);
}

/* ---- from what the ledger tells ---- */

/* It was gone, but something stands there by now: of that the guard tells, too. */
static bool came_back(const struct gate *g, const struct json *fact, uint32_t root,
                      struct slice path)
{
	return json_get(fact, "present") && json_get(fact, "present")->kind == JSON_NULL &&
	       gate_sight(g, root, path).class != CLASS_NONE;
}

/* Is this change to be undone, and is there anything to undo? */
static bool to_be_undone(const struct gate *g, const struct json *fact, enum role role)
{
	struct table_state now = version_of(json_get(fact, "present"), 0);
	struct table_state good = version_of(json_get(fact, "approved"), 0);

	if (g->mode[role] != CONF_HEAL || !role_is_code(role) || json_get(fact, "deploy"))
		return false;
	if (good.class == CLASS_LINK && now.class == CLASS_LINK)
		return !hash_eq(&good.hash, &now.hash);
	if (good.class != CLASS_NONE)
		return !table_same(&good, &now);
	return now.class == CLASS_LINK ||
	       (now.class == CLASS_FILE && feature_runs(json_get(fact, "content")));
}

static bool condemns(const struct gate *g, const struct json *fact, enum role role)
{
	enum fact_severity s = SEV_INFO;

	fact_severity_of(json_text(fact, "severity"), &s);
	/* What stood there at the first inventory is approved until a person says otherwise. */
	if (g->mode[role] != CONF_HEAL || json_true(fact, "at_baseline"))
		return false;
	/* An empty file that an intruder was kept from filling is no program, but a finding. */
	return role_is_code(role) ? slice_eq(fact_type(fact), SLICE("file.planted"))
	                          : s >= SEV_HIGH;
}

/*
 * Is what is approved here a packed copy of an older text than is approved by now? A release
 * came without packing anew. Where the shop does that by itself its copy stays; whether it is
 * one is asked at each open.
 */
static bool packs_older(const struct gate *g, const struct table_entry *e, uint32_t root,
                        struct slice path)
{
	const struct table_entry *text = state_packed(g->state, root, path);

	return text && text->approved.class == CLASS_FILE && e->present.class == CLASS_FILE &&
	       e->approved.class == CLASS_FILE && text->approved.seq > e->approved.seq;
}

/* One that waits for just this. */
static struct held *waiting(const struct gate *g, uint32_t root, struct slice path)
{
	for (struct held *h = g->held; h; h = h->next) {
		if (h->step == HELD_TELLING && !h->answered && h->root == root &&
		    slice_eq(h->path, path))
			return h;
	}
	return NULL;
}

void gate_order_fact(struct gate *g, const struct json *fact, int64_t seq, uint32_t root,
                     struct slice path)
{
	bool finding = slice_eq(json_text(fact, "kind"), SLICE("finding"));
	const struct table_entry *e;
	struct sight there;
	enum role role;
	struct json *d;

	if (g->root_fd[root] < 0 || !role_of(json_text(fact, "role"), &role) ||
	    gate_ordered(g, root, path))
		return;
	if (finding ? !condemns(g, fact, role)
	            : !to_be_undone(g, fact, role) || came_back(g, fact, root, path))
		return;
	there = gate_sight(g, root, path);
	gate_cut_look(g, root, path, &there);
	e = state_find(g->state, root, path, NULL);
	if (!e || (finding && e->present.class != CLASS_FILE) ||
	    (look_is_copy(json_get(fact, "content")) && packs_older(g, e, root, path)))
		return;
	arena_reset(&g->mem);
	d = draft(g, e, root, path, role, finding ? "finding" : "change");
	json_put(&g->mem, d, "present",
	         finding ? draft_state(&g->mem, &e->present, NULL, NULL)
	                 : json_copy(&g->mem, json_get(fact, "present")));
	fact_ref(&g->mem, d, seq);
	post(g, d, root, path, waiting(g, root, path), -1, -1);
}

bool gate_order_left(struct gate *g, const struct table_entry *e, uint32_t root,
                     struct slice path)
{
	struct json *d;

	if (g->root_fd[root] < 0 || gate_ordered(g, root, path) ||
	    packs_older(g, e, root, path))
		return false;
	arena_reset(&g->mem);
	d = draft(g, e, root, path, (enum role)e->role, "change");
	json_put(&g->mem, d, "present", draft_state(&g->mem, &e->present, NULL, NULL));
	if (e->present.seq > 0)
		fact_ref(&g->mem, d, e->present.seq);
	post(g, d, root, path, waiting(g, root, path), -1, -1);
	return true;
}

void gate_order_done(struct gate *g, const struct msg *m)
{
	struct gate_order **at = &g->order;
	struct gate_early how = {.seq = (int64_t)m->id};
	const struct json *body;

	arena_reset(&g->mem);
	body = json_parse(&g->mem, m->body, NULL);
	how.clean = json_true(body, "clean");
	how.held = json_true(body, "held");
	how.done = json_true(body, "done");
	gate_sound_put(g, &(struct inode_version){{(uint64_t)json_num(body, "dev", 0),
	                                           (uint64_t)json_num(body, "ino", 0),
	                                           json_num(body, "born", 0)},
	                                          json_num(body, "changed", 0)});
	while (*at && (*at)->seq != how.seq)
		at = &(*at)->next;
	gate_contain_done(g, how.seq);
	if (*at)
		done(g, at, &how);
	else
		g->early[g->earlies++ % GATE_MAX_EARLY] = how;
}

void gate_orders_again(struct gate *g)
{
	for (const struct gate_order *o = g->order; o; o = o->next) {
		if (o->seq > 0 && o->held)
			give(g, o, held_of(g, o));
	}
}

bool gate_order_early(const struct gate *g, int64_t seq)
{
	for (int i = 0; i < GATE_MAX_EARLY; i++) {
		if (g->early[i].seq == seq)
			return true;
	}
	return false;
}

void gate_orders_tick(struct gate *g)
{
	int64_t now = clock_mono_us();

	gate_linger_tick(g, now);
	for (struct gate_order **at = &g->order; *at;) {
		/* One that the ledger still owes an answer is pointed to from there. */
		if ((*at)->seq != 0 && now - (*at)->posted_us > GATE_ORDER_US)
			forget(g, at);
		else
			at = &(*at)->next;
	}
}
