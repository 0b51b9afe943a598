#include "fact/feature.h"
#include "sense/gate.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#define SHARED_US 50000 /* a release has a file open for writing: looked at again after */

static void decide(struct gate *g, struct held *h);

/* ---- the answer ---- */

void gate_respond(struct gate *g, enum asks asks, int fd, bool allow)
{
	struct fanotify_response r = {.fd = fd, .response = allow ? FAN_ALLOW : FAN_DENY};

	/* ENOENT: the opener was killed meanwhile. */
	if (write(g->group[asks], &r, sizeof(r)) < 0 && errno != ENOENT)
		err_die("fanotify does not take an answer: %s", strerror(errno));
}

void gate_respond_late(struct gate *g, enum asks asks, int fd, bool allow)
{
	bool left = allow && leases_leave(g->leases, fd);

	gate_respond(g, asks, fd, allow);
	if (!left)
		leases_drop(g->leases, fd);
}

static void held_free(struct gate *g, struct held *h)
{
	*h->link = h->next;
	if (h->next)
		h->next->link = h->link;
	g->helds--;
	leases_drop(g->leases, h->fd);
	state_set_text(&h->path, slice_str(NULL));
	gate_late_done(h);
	arena_done(&h->mem);
	free(h);
}

void gate_answer(struct gate *g, struct held *h, bool allow)
{
	gate_respond(g, h->asks, h->fd, allow);
	gate_late_done(h);
	if (h->step == HELD_READING && !h->answered)
		h->answered = true;
	else
		held_free(g, h);
}

void gate_refuse_strangers(struct gate *g, struct held *h, const char *why)
{
	struct opener o;

	opener_read(&o, h->tid);
	if (gate_trusts(g, &o, &h->sight))
		gate_answer(g, h, true);
	else
		gate_refuse(g, h, &o, why);
}

/* Which file it is, or was, can't be told by its path. */
static void decide_blind(struct gate *g, struct held *h)
{
	if (h->unknown)
		gate_refuse_strangers(g, h, "unknown");
	else if (gate_nameless(h->fd))
		gate_refuse_strangers(g, h, "nameless");
	else
		gate_answer(g, h, true); /* nobody asked for code with it */
}

/* The lease first: until it is ours somebody could write to it unnoticed after the look. */
void gate_decide(struct gate *g, struct held *h)
{
	if (h->unnamed) {
		h->step = HELD_UNSURE;
		if (!gate_guise_named(g, h))
			return;
		if (g->mode[h->role] == CONF_WATCH && !gate_outside(h->path) && !h->unknown) {
			gate_answer(g, h, true);
			return;
		}
	}
	if (h->far) {
		gate_far_decide(g, h);
		return;
	}
	if (h->unknown || gate_outside(h->path)) {
		decide_blind(g, h);
		return;
	}
	if (h->lease != LEASE_TAKEN)
		h->lease = leases_take(g->leases, h->fd);
	sight_of_fd(&h->sight, h->fd);
	decide(g, h);
}

/* Kept: the file stays open under a lease. Not kept, and broken meanwhile: a writer came first.
 */
static void allow(struct gate *g, struct held *h, bool kept)
{
	int fd = h->fd;

	if (!kept && leases_broken(g->leases, fd)) {
		h->lease = LEASE_NONE;
		gate_decide(g, h);
		return;
	}
	gate_respond(g, h->asks, fd, true);
	if (kept)
		h->fd = -1; /* it is kept open */
	held_free(g, h);
}

/* ---- what is said about it ---- */

/* It can't be decided, or not in time: where nothing speaks for or against it, the settings
 * say what then. */
static bool undecided(struct gate *g, const struct held *h, enum gate_late found)
{
	bool open = found != GATE_LATE_BAD && !g->closed[h->role];
	struct opener o;

	if (found == GATE_LATE_GOOD || (open && !h->unnamed))
		return true;
	opener_read(&o, h->tid);
	/* Outside of the shop other users go their own ways. */
	if (open && h->far && o.known && !who_serves(g->who, o.uid))
		return true;
	return gate_trusts(g, &o, &h->sight);
}

bool gate_undecided(struct gate *g, struct held *h)
{
	bool allow = undecided(g, h, gate_late_look(g, h));

	gate_late_done(h);
	return allow;
}

static void give_up(struct gate *g, struct held *h)
{
	enum gate_late found = gate_late_look(g, h);
	bool allow;

	if (found == GATE_LATE_MORE)
		return; /* gate_hurry() comes by again */
	allow = undecided(g, h, found);
	gate_tell_late(g, h, allow);
	if (h->step == HELD_READING) {
		gate_answer(g, h, allow); /* the reader still has it, and its lease */
		return;
	}
	gate_respond_late(g, h->asks, h->fd, allow);
	h->fd = -1;
	held_free(g, h);
}

/* Who has ended meanwhile was refused nothing. */
void gate_refuse(struct gate *g, struct held *h, const struct opener *o, const char *why)
{
	if (o->known)
		gate_tell_denied(g, h, o, why);
	gate_answer(g, h, false);
}

/* A person has it held since it was asked for: it is refused, and no verdict on it is kept. */
static bool held_since(struct gate *g, struct held *h)
{
	const struct gate_hold *c = gate_contain_of(g, &h->sight, h->root, &h->path);
	struct opener o;

	if (!c)
		return false;
	opener_read(&o, h->tid);
	if (gate_ours(g, &o))
		gate_answer(g, h, gate_contain_may(g, &o, c));
	else
		gate_refuse(g, h, &o, "held");
	return true;
}

/*
 * Approved. Whoever wants to write from now on waits for us, and that from before the opener
 * is let go: else it could be overtaken between its open and its read.
 */
static void allow_for_good(struct gate *g, struct held *h)
{
	enum asks asks = gate_wary(g, &h->sight) ? ASKS : h->asks;

	if (!held_since(g, h))
		allow(g, h, leases_keep(g->leases, h->fd, h->lease, asks, gate_name_key(h)));
}

/* Harmless under this name: an ignore mark would go with it where it is moved to. */
static void allow_by_name(struct gate *g, struct held *h)
{
	if (!held_since(g, h))
		allow(
		    g, h,
		    leases_keep_named(g->leases, h->fd, h->lease, &h->sight, gate_name_key(h)));
}

/* The hand is at work on its path. Whoever is of our own waits for nobody: it may be the hand.
 */
bool gate_leave_to_hand(struct gate *g, struct held *h)
{
	struct opener o;

	opener_read(&o, h->tid);
	h->step = HELD_ORDERED;
	if (!gate_trusts(g, &o, &h->sight))
		return true;
	gate_answer(g, h, true);
	return false;
}

/* ---- deciding ---- */

static void begin_read(struct gate *g, struct held *h)
{
	struct pool_file f = {.fd = h->fd,
	                      .role = role_name(h->role),
	                      .look = h->sight.size <= g->conf->look_max_bytes ||
	                              h->role == ROLE_UPLOADS,
	                      .look_max = look_most(h->role, g->conf),
	                      .arg = h};

	h->step = HELD_READING;
	buf_reset(&g->text);
	path_text(&g->text, h->path);
	f.path = buf_slice(&g->text);
	if (pool_add(g->pool, &f) < 0)
		err_die("no memory");
	pool_pump(g->pool);
}

/*
 * Somebody else has the file open for writing: whatever it holds now, it can hold something
 * else a moment after we let go. The hand puts a new file in its place and closes this one
 * for good.
 */
static void on_shared(struct gate *g, struct held *h)
{
	/* A release on its way, or somebody who uses the moment: the guard will say. */
	if (gate_deploying(g)) {
		h->step = HELD_TELLING;
		h->due_us = clock_mono_us() + SHARED_US;
		return;
	}
	gate_order_open(g, h, "writer");
}

/*
 * A writer waits, or is about to, for the lease on this very file, which was approved under
 * this name and has not been written to since: so this opener may read it, like those before.
 */
static bool written_later(struct gate *g, const struct held *h)
{
	return gate_linger_safe(g, h) ||
	       (gate_index_unwritten(g, h->root, h->path, &h->sight) &&
	        leases_hold(g->leases, &h->sight, gate_name_key(h)));
}

/*
 * A new file that nobody looks at whole passes for a program whatever it begins with: so it
 * need not be read, however long that would take. In a release its hash may say that it is
 * known.
 */
static bool refused_unread(struct gate *g, const struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);

	return h->sight.size > g->conf->look_max_bytes &&
	       (!e || e->approved.class != CLASS_FILE) && !gate_deploying(g);
}

static void decide_content(struct gate *g, struct held *h)
{
	if (gate_index_clean(g, h->root, h->path, &h->sight)) {
		gate_sound_learn(g, h->fd);
		allow_for_good(g, h);
	} else if (refused_unread(g, h)) {
		gate_refuse_strangers(g, h, "new");
	} else {
		begin_read(g, h);
	}
}

/*
 * Somebody has it open for writing, or waits for our lease to be. He is let in by nothing that
 * happens here: others may have opened the file before, who are about to read.
 */
static void decide_written(struct gate *g, struct held *h, struct opener *o)
{
	leases_breaks_of(g->leases, &h->sight);
	if (written_later(g, h))
		gate_answer(g, h, true);
	else if (leases_kept(g->leases, &h->sight))
		h->step = HELD_PAUSED; /* its writer is about to wait for our lease */
	else if (g->mode[h->role] == CONF_HOLD || h->below)
		gate_refuse(g, h, o, "writer");
	else if (gate_order_awaited(g, &h->sight) &&
	         (!gate_leads_to(g, h->root, h->path, &h->sight) || h->unsafe++ >= GATE_UNSAFE))
		h->step = HELD_PAUSED; /* code of another name: until its writer is let in */
	else
		on_shared(g, h);
}

/* First look at an open of code: who writes is asked only where a lease can't be had, and where
 * an open might write without that. */
static void decide_code(struct gate *g, struct held *h)
{
	struct opener o;

	gate_cut_look(g, h->root, h->path, &h->sight);
	if (h->lease != LEASE_WRITTEN && !gate_wary(g, &h->sight)) {
		decide_content(g, h);
		return;
	}
	opener_read(&o, h->tid);
	if (gate_trusts(g, &o, &h->sight))
		gate_answer(g, h, true);
	else if (o.awake)
		h->step = HELD_UNSURE;
	else if (o.writes || (!o.told && (h->lease == LEASE_WRITTEN || gate_cut_lately(g))))
		gate_refuse(g, h, &o, "write");
	else if (h->lease != LEASE_WRITTEN)
		decide_content(g, h);
	else
		decide_written(g, h, &o);
}

/* Uploads and generated code are written all day: their writers are let through. */
static void decide_lax(struct gate *g, struct held *h)
{
	struct opener o = {0};

	if (h->lease == LEASE_WRITTEN)
		opener_read(&o, h->tid);
	if (o.awake)
		h->step = HELD_UNSURE;
	else if (h->lease == LEASE_WRITTEN &&
	         (o.writes || !o.told || gate_trusts(g, &o, &h->sight)))
		gate_answer(g, h, true);
	else if (h->lease != LEASE_WRITTEN && gate_index_judged(g, h->root, h->path, &h->sight))
		allow_by_name(g, h);
	else
		begin_read(g, h);
}

static void decide(struct gate *g, struct held *h)
{
	bool code = role_is_code(h->role);
	bool again = ++h->tries > GATE_TRIES;

	/* It is opened for writing again and again: as if somebody had it open. */
	if (again && code && g->mode[h->role] == CONF_HEAL && !h->below &&
	    !gate_order_awaited(g, &h->sight) && !gate_guise_elsewhere(g, h)) {
		/* Code of another name, moved here, and kept open as that: nobody cleans it. */
		if (leases_pass(g->leases, &h->sight))
			gate_refuse_strangers(g, h, "elsewhere");
		else
			gate_order_open(g, h, "writer");
	} else if (again) {
		h->step = HELD_PAUSED; /* the next look at it comes with the next tick */
	} else if (code) {
		decide_code(g, h);
	} else {
		decide_lax(g, h);
	}
}

/* ---- the content is known ---- */

static void take_content(const struct gate *g, struct held *h, const struct json *answer)
{
	struct json *o;

	arena_reset(&h->mem);
	hash_unhex(json_text(answer, "hash"), &h->hash);
	if (role_is_code(h->role))
		answer =
		    look_packed(&h->mem, answer, state_find(g->state, h->root, h->path, NULL),
		                state_packed(g->state, h->root, h->path));
	/* Without a kind: too large to be looked at, or a reader died over it. */
	h->runs = feature_runs(answer) || json_text(answer, "kind").n == 0;
	o = json_obj(&h->mem);
	json_put_slice(&h->mem, o, "kind", json_text(answer, "kind"));
	if (json_get(answer, "features"))
		json_put(&h->mem, o, "features",
		         json_copy(&h->mem, json_get(answer, "features")));
	h->content = o;
}

static void wait_for_guard(struct gate *g, struct held *h)
{
	h->step = HELD_TELLING;
	h->due_us = clock_mono_us() + GATE_TELL_US;
	if (gate_ordered(g, h->root, h->path)) {
		h->step = HELD_ORDERED;
		gate_order_hurry(g, h);
	} else if (!gate_leads_to(g, h->root, h->path, &h->sight) &&
	           (!gate_deploying(g) || gate_guise_told(g, h) || gate_approved_there(g, h))) {
		gate_order_open(g, h, "replaced");
	}
}

/* Is it what is approved for its path, perhaps made anew? */
static bool known_content(const struct gate *g, const struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);

	return e && e->approved.class == CLASS_FILE && hash_eq(&h->hash, &e->approved.hash);
}

/* It may stand elsewhere by now: of its path that says nothing then. */
static void learn(struct gate *g, const struct held *h)
{
	if (gate_leads_to(g, h->root, h->path, &h->sight))
		gate_index_learn(g, h);
}

/* Its content is approved, but it is a file that may still change: one of a stranger's. */
static void judge_remade(struct gate *g, struct held *h)
{
	struct opener o;

	opener_read(&o, h->tid);
	h->remade = true;
	if (gate_trusts(g, &o, &h->sight))
		gate_answer(g, h, true);
	else if (h->below || h->linked)
		gate_refuse(g, h, &o, "link");
	else
		gate_order_open(g, h, "remade");
}

/*
 * Nobody has had it for himself since it was known: by its number and times, and by a lease
 * that stands since it was let through, whatever names it got since. What a release has just
 * brought was looked at within a tick of its last change; its content has been read here.
 */
static bool is_sound(struct gate *g, const struct held *h)
{
	return gate_sound(g, h->fd) || leases_kept(g->leases, &h->sight) ||
	       gate_index_unaltered(g, h->root, h->path, &h->sight);
}

static void judge_known(struct gate *g, struct held *h)
{
	if (g->mode[h->role] == CONF_HEAL && gate_others_write(&h->sight) &&
	    !gate_deploying(g) && !is_sound(g, h)) {
		judge_remade(g, h);
		return;
	}
	learn(g, h);
	gate_sound_learn(g, h->fd);
	allow_for_good(g, h);
}

/*
 * A packed copy that the guard has told of, as a copy once, and that says something else than
 * its text does by now: of that there is nothing more to tell.
 */
static bool outdated(const struct gate *g, const struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);

	return e && e->approved.class == CLASS_NONE && e->present.class == CLASS_FILE &&
	       hash_eq(&e->present.hash, &h->hash) &&
	       json_get(json_get(h->content, "features"), feature_rows[F_PACKED_OTHER].name);
}

static void judge_code(struct gate *g, struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);
	bool known = e && e->approved.class == CLASS_FILE;
	struct opener o;

	if (known_content(g, h)) {
		judge_known(g, h);
		return;
	}
	if (look_is_copy(h->content) && gate_deploying(g)) {
		allow(g, h, false); /* of a text that may be another in a moment */
		return;
	}
	if ((!known && !h->runs) || look_is_copy(h->content)) {
		allow_by_name(g, h); /* a picture among code harms nobody */
		return;
	}
	if (outdated(g, h)) {
		gate_order_away(g, h);
		gate_refuse_strangers(g, h, "new");
		return;
	}
	if (gate_replaced(g, h) || gate_deployed(g, h)) {
		allow(g, h, false);
		return;
	}
	opener_read(&o, h->tid);
	if (gate_trusts(g, &o, &h->sight))
		gate_answer(g, h, true);
	else if (gate_renamed(g, h))
		gate_decide(g, h);
	else if (g->mode[h->role] == CONF_HOLD || (!known && !gate_deploying(g)))
		gate_refuse(g, h, &o, known ? "altered" : "new");
	else if (gate_guise_elsewhere(g, h))
		gate_refuse(g, h, &o, "elsewhere");
	else if (h->below || (h->linked && !h->runs))
		gate_refuse(g, h, &o, "link"); /* perhaps an innocent picture */
	else
		wait_for_guard(g, h);
}

static const char planted_why[] = "upload";

static void judge_lax(struct gate *g, struct held *h)
{
	const struct gate_guise *u = h->runs ? gate_guise_of(g, h) : NULL;
	struct opener o;

	if (u) {
		gate_guise_off(g, h, u);
		judge_code(g, h);
		return;
	}
	if (h->role == ROLE_GENERATED || !h->runs) {
		if (h->lease == LEASE_WRITTEN) {
			gate_answer(g, h, true);
		} else {
			if (known_content(g, h))
				learn(g, h);
			allow_by_name(g, h);
		}
		return;
	}
	opener_read(&o, h->tid);
	if (gate_trusts(g, &o, &h->sight)) {
		gate_answer(g, h, true);
		return;
	}
	/* Asked for by its own name, or through a link that the guard is about to tell of? */
	h->planted = true;
	h->due_us = clock_mono_us() + GATE_TELL_US;
	if (g->mode[h->role] == CONF_HOLD)
		gate_refuse(g, h, &o, planted_why);
}

/* A path whose finding stands is refused, whatever its role. */
static bool condemned(const struct gate *g, const struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);

	return !role_is_code(h->role) && e && e->present.class == CLASS_FILE &&
	       e->approved.class == CLASS_NONE && hash_eq(&e->present.hash, &h->hash);
}

void gate_looked(struct gate *g, struct held *h, const struct json *found)
{
	if (h->answered) {
		held_free(g, h);
		return;
	}
	h->step = HELD_TELLING; /* the reader has given it back */
	if (h->lease == LEASE_TAKEN && leases_broken(g->leases, h->fd)) {
		h->lease = LEASE_NONE;
		gate_decide(g, h);
		return;
	}
	if (h->lease == LEASE_GIVEN) {
		/* The hand was at it meanwhile: what was read then says nothing. */
		if (gate_ordered(g, h->root, h->path))
			gate_leave_to_hand(g, h);
		else
			gate_decide(g, h);
		return;
	}
	if (!found) {
		give_up(g, h);
		return;
	}
	take_content(g, h, found);
	if (condemned(g, h)) {
		gate_refuse_strangers(g, h, "finding");
	} else if (role_is_code(h->role)) {
		judge_code(g, h);
	} else {
		judge_lax(g, h);
	}
}

/* The guard has not told of it: the gate goes by what it knows itself. */
static void not_told(struct gate *g, struct held *h)
{
	struct opener o;

	if (h->planted) {
		opener_read(&o, h->tid);
		gate_refuse(g, h, &o, planted_why);
	} else if (!gate_deploying(g) || gate_guise_told(g, h)) {
		h->due_us = INT64_MAX;
		gate_order_open(g, h, "opened");
	} else {
		/* A release on its way: what it has written by now may be known. */
		h->tries = 0;
		gate_decide(g, h);
	}
}

void gate_path_news(struct gate *g, uint32_t root, struct slice path)
{
	for (struct held *h = g->held, *next; h; h = next) {
		next = h->next;
		if (h->step == HELD_READING || h->step == HELD_PAUSED || h->root != root ||
		    !slice_eq(h->path, path))
			continue;
		loop_alive(g->loop);
		if (h->planted)
			continue; /* told of under its own name; a link to it may be told of yet
			           */
		if (gate_ordered(g, root, path))
			gate_leave_to_hand(g, h);
		else
			gate_decide(g, h);
	}
}

/* ---- time ---- */

static void late(struct gate *g, struct held *h, int64_t now)
{
	if (!h->late && now - h->since_us < g->conf->hold_patience_s * 1000000) {
		if (h->step == HELD_UNSURE || h->step == HELD_PAUSED) {
			h->tries = h->step == HELD_PAUSED ? 0 : h->tries - !h->unnamed;
			gate_decide(g, h);
		} else if (h->step == HELD_TELLING && now >= h->due_us) {
			not_told(g, h);
		}
	} else {
		give_up(g, h);
	}
}

/* Thousands may wait: then their turn comes in several ticks, and others' in between. */
void gate_hurry(struct gate *g)
{
	int64_t now = clock_mono_us();

	for (struct held *h = g->held, *next; h; h = next) {
		next = h->next;
		if (h->answered || h->round == g->round)
			continue;
		if (clock_mono_us() - now > GATE_HURRY_US)
			return;
		h->round = g->round;
		late(g, h, now);
	}
	g->round++;
}

void gate_settle(struct gate *g, struct held *h, bool clean)
{
	struct opener o;

	if (clean) {
		gate_answer(g, h, true);
		return;
	}
	/* Who was writing to it may be gone in a moment; then its content decides. */
	if (!h->planted && h->unsafe++ < GATE_UNSAFE) {
		h->step = HELD_PAUSED;
		return;
	}
	opener_read(&o, h->tid);
	gate_refuse(g, h, &o, h->planted ? planted_why : "unsafe");
}

void gate_let_go(struct gate *g)
{
	for (struct held *h = g->held, *next; h; h = next) {
		next = h->next;
		if (!h->answered)
			gate_respond(g, h->asks, h->fd, true);
		held_free(g, h);
	}
}
