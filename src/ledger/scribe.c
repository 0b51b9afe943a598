#include "ledger/scribe.h"
#include "ledger/gc.h"
#include "ledger/rights.h"
#include <errno.h>
#include <string.h>

#define HELLO_MAX_BYTES 4096
#define HEAD_DURABLE_US \
	10000000 /* the head beside the database is on the disk at most so late */

struct scribe *scribe_new(struct store *st, struct witness *w)
{
	struct scribe *r = calloc(1, sizeof(*r));

	if (r)
		r->item = calloc(SCRIBE_WAITING, sizeof(*r->item));
	if (!r || !r->item)
		err_die("out of memory");
	r->store = st;
	r->witness = w;
	r->listen = r->judge = r->guard = r->hand = r->visitor = -1;
	r->gate.slot = r->fence.slot = r->herald.slot = -1;
	r->group = r->owner = -1;
	arena_init(&r->mem, 64 * FACT_MAX_BYTES);
	buf_init(&r->body, MSG_MAX_BODY);
	for (int i = 0; i < SCRIBE_SENDERS; i++)
		r->sender[i].slot = -1;
	if (store_cursor(st, "judge", &r->cursor) < 0)
		err_die("ledger.db: the judge's cursor can't be read");
	r->judged = r->cursor;
	return r;
}

void scribe_free(struct scribe *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->items; i++)
		free(r->item[(r->first + i) % SCRIBE_WAITING].body);
	free(r->item);
	gc_free(r->gc);
	free(r->news);
	arena_done(&r->mem);
	buf_done(&r->body);
	free(r);
}

/* ---- senders ---- */

/* A place for this sender: its own, a free one, or that of one long gone. */
static struct scribe_sender *sender_of(struct scribe *r, struct slice name)
{
	struct scribe_sender *free_one = NULL;

	if (name.n == 0 || name.n >= SCRIBE_SENDER_BYTES || slice_chr(name, 0) != SIZE_MAX)
		return NULL;
	for (int i = 0; i < SCRIBE_SENDERS; i++) {
		struct scribe_sender *s = &r->sender[i];

		if (slice_eq(name, slice_str(s->name)))
			return s;
		if (s->slot < 0 && s->waits == 0)
			free_one = s;
	}
	if (!free_one)
		return NULL;
	*free_one = (struct scribe_sender){.slot = -1};
	memcpy(free_one->name, name.at, name.n);
	if (store_sender(r->store, name, &free_one->last, &free_one->seq) < 0)
		err_die("ledger.db: a sender's counter can't be read");
	free_one->queued = free_one->last;
	return free_one;
}

static void refuse_link(struct scribe *r, int slot, const char *why)
{
	if (r->slot[slot].peer != PEER_CLIENT)
		err_die("%s",
		        why); /* a neighbour of ours that breaks the protocol: crash-only */
	sync_gone(r, slot);
	if (r->slot[slot].sender)
		r->slot[slot].sender->slot = -1;
	r->slot[slot] = (struct scribe_slot){0};
	loop_drop_peer(r->loop, slot);
}

static void hello(struct scribe *r, int slot, const struct msg *m)
{
	struct scribe_slot *s = &r->slot[slot];
	struct json *body, *ack;

	batch_commit(r); /* so that "last" is all that is known; on a full disk it is less */
	arena_reset(&r->mem);
	body = m->body.n <= HELLO_MAX_BYTES ? json_parse(&r->mem, m->body, NULL) : NULL;
	s->sender = sender_of(r, json_text(body, "sender"));
	if (!s->sender) {
		refuse_link(r, slot, "a HELLO without a sender");
		return;
	}
	s->sender->slot = slot;
	ack = json_obj(&r->mem);
	json_put_int(&r->mem, ack, "last", s->sender->last);
	json_put_int(&r->mem, ack, "seq", s->sender->seq);
	if (r->no_room)
		json_put_int(&r->mem, ack, "full_us", clock_mono_us() - r->full_since);
	if (r->gc)
		json_put_bool(&r->mem, ack, "gc", true);
	loop_send_json(r->loop, slot, MSG_HELLO_ACK, 0, ack, -1);
	if (s->peer == PEER_JUDGE)
		subscribe_judge(r, slot);
	if (s->peer == PEER_GUARD)
		subscribe_guard(r, slot);
	if (s->peer == PEER_GATE)
		subscribe_gate(r, slot);
	if (s->peer == PEER_FENCE)
		subscribe_fence(r, slot);
	if (s->peer == PEER_HAND)
		subscribe_hand(r, slot);
	if (s->peer == PEER_HERALD)
		subscribe_herald(r, slot);
	if (s->peer == PEER_VISITOR)
		subscribe_visitor(r, slot);
}

/* ---- frames ---- */

static void acknowledge_again(struct scribe *r, int slot, uint64_t id)
{
	struct scribe_sender *s = r->slot[slot].sender;
	struct json *o;

	arena_reset(&r->mem);
	o = json_obj(&r->mem);
	json_put_int(&r->mem, o, "seq", (int64_t)id == s->last ? s->seq : 0);
	loop_send_json(r->loop, slot, MSG_ACK, id, o, -1);
}

/* A person's may skip some: those that were refused for lack of room are in no counter. */
static bool follows(const struct scribe_slot *s, uint64_t id)
{
	return id <= INT64_MAX &&
	       ((int64_t)id <= s->sender->queued + 1 || rights_person(s->peer));
}

static void fact(struct scribe *r, int slot, struct msg *m)
{
	struct scribe_slot *s = &r->slot[slot];
	struct scribe_item it = {.peer = s->peer,
	                         .sender = s->sender,
	                         .id = m->id,
	                         .fd = -1,
	                         .uid = s->peer == PEER_CLIENT ? s->uid : -1};

	if (!s->sender || !follows(s, m->id)) {
		refuse_link(r, slot, "a FACT before HELLO or out of order");
		return;
	}
	if ((int64_t)m->id <= s->sender->last) {
		acknowledge_again(r, slot, m->id);
		return;
	}
	if ((int64_t)m->id <= s->sender->queued)
		return; /* it waits here already, and is answered when it is committed */
	if (m->fds > 0)
		it.fd = msg_take_fd(m, 0);
	if (!batch_add(r, &it, m->body)) {
		if (it.fd >= 0)
			close(it.fd);
		refuse_link(r, slot, "more drafts wait than any window of senders allows");
		return;
	}
	s->sender->queued = (int64_t)m->id;
	if (rights_person(s->peer))
		batch_room(r);
	if (r->items >= SCRIBE_BATCH)
		batch_commit(r);
}

static void table(struct scribe *r, int slot, uint64_t id)
{
	struct err e = {""};
	int fd;

	batch_commit(r);
	fd = store_table(r->store, &e);
	if (fd < 0)
		err_die("%s", e.text);
	loop_send(r->loop, slot, MSG_TABLE, id, (struct slice){0}, fd);
	close(fd);
}

/* What a fact said of a path, for the hand: rights, link target, extended attributes. */
static const struct json *state_in(struct scribe *r, int64_t seq)
{
	const struct json *fact, *state;

	buf_reset(&r->body);
	if (seq < 1 || store_get(r->store, seq, &r->body) < 0)
		return NULL;
	fact = json_parse(&r->mem, buf_slice(&r->body), NULL);
	state = json_get(fact, "present");
	return state ? state : json_get(fact, "state");
}

/* The hand puts back what was approved: the content by its hash, the rest by its fact. */
static void content(struct scribe *r, int slot, const struct msg *m)
{
	const struct json *want, *state;
	struct json *o;
	struct hash hash;
	int fd = -ENOENT;

	arena_reset(&r->mem);
	want = json_parse(&r->mem, m->body, NULL);
	if (hash_unhex(json_text(want, "hash"), &hash))
		fd = store_content(r->store, &hash);
	o = json_obj(&r->mem);
	if (hash_unhex(json_text(want, "present"), &hash))
		json_put_bool(&r->mem, o, "kept", store_has(r->store, &hash));
	state = state_in(r, json_num(want, "seq", 0));
	if (state)
		json_put(&r->mem, o, "state", json_copy(&r->mem, state));
	if (fd < 0)
		json_put_str(&r->mem, o, "error", strerror(-fd));
	loop_send_json(r->loop, slot, MSG_CONTENT, m->id, o, fd < 0 ? -1 : fd);
	if (fd >= 0)
		close(fd);
}

static void on_sync(struct scribe *r, int slot, uint64_t id)
{
	if (r->slot[slot].peer == PEER_GUARD)
		sync_from_guard(r, id);
	else
		sync_begin(r, slot, id);
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct scribe *r = ctx;

	(void)l;
	if (!r->slot[slot].used || !rights_frame(r->slot[slot].peer, m->type)) {
		refuse_link(r, slot, "a frame that is not legal on its link");
		return;
	}
	switch (m->type) {
	case MSG_HELLO:
		hello(r, slot, m);
		break;
	case MSG_FACT:
		fact(r, slot, m);
		break;
	case MSG_JUDGED:
		subscriber_judged(r, m);
		break;
	case MSG_TABLE:
		table(r, slot, m->id);
		break;
	case MSG_SYNC:
		on_sync(r, slot, m->id);
		break;
	case MSG_CONTENT:
		content(r, slot, m);
		break;
	default:
		break;
	}
}

/* ---- peers come and go ---- */

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct scribe *r = ctx;
	enum scribe_peer peer;

	(void)l;
	if (!rights_peer(name, &peer))
		err_die("the keeper sent a neighbour that a ledger has not: %.*s",
		        SLICE_ARG(name));
	r->slot[slot] = (struct scribe_slot){.used = true, .peer = peer, .uid = -1};
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct scribe *r = ctx;
	struct scribe_slot *s = &r->slot[slot];

	if (s->sender && s->sender->slot == slot)
		s->sender->slot = -1;
	if (slot == r->judge)
		r->judge = -1;
	if (slot == r->guard)
		r->guard = -1;
	if (slot == r->gate.slot)
		r->gate.slot = -1;
	if (slot == r->fence.slot)
		r->fence.slot = -1;
	if (slot == r->hand)
		r->hand = -1;
	if (slot == r->herald.slot)
		r->herald.slot = -1;
	if (slot == r->visitor)
		r->visitor = -1;
	sync_gone(r, slot);
	if (s->used && s->peer == PEER_CLIENT)
		loop_drop_peer(l, slot);
	*s = (struct scribe_slot){0};
}

static void on_idle(struct loop *l, void *ctx)
{
	struct scribe *r = ctx;

	(void)l;
	if (r->items > 0 && batch_ripe(r))
		batch_commit(r);
	subscribers_pump(r);
}

/* To the disk now and then only: who waits for a commit would wait for these syncs, too. */
static void keep_head(struct scribe *r)
{
	bool durable = clock_mono_us() - r->durable_us > HEAD_DURABLE_US;

	if (store_keep_head(r->store, durable) == 0 && durable)
		r->durable_us = clock_mono_us();
}

static void on_tick(struct loop *l, void *ctx)
{
	struct scribe *r = ctx;
	struct json *failed;

	(void)l;
	arena_reset(&r->mem);
	while ((failed = witness_tick(r->witness, &r->mem)))
		batch_own(r, failed);
	batch_commit(r); /* also what only moves the judge's cursor, or waits for room */
	keep_head(r);
	if (!r->making_room)
		store_keep_table(r->store, false);
	collect_tick(r);
	subscribers_pump(r);
}

static bool on_stop(struct loop *l, void *ctx)
{
	struct scribe *r = ctx;

	(void)l;
	collect_end(r);
	if (!batch_commit(r) && r->items > 0)
		err_say("stopped with a full disk: %zu facts that came in are not recorded",
		        r->items);
	store_keep_head(r->store, true);
	store_keep_table(r->store, true);
	witness_flush(r->witness);
	return true;
}

const struct loop_handlers scribe_handlers = {
    .on_peer = on_peer,
    .on_msg = on_msg,
    .on_gone = on_gone,
    .on_stop = on_stop,
    .on_tick = on_tick,
    .on_idle = on_idle,
    .tick_ms = SCRIBE_TICK_MS,
    .rest_ms = SCRIBE_REST_MS,
};
