/* batch: drafts that wait, and their transaction. */
#include "ledger/rights.h"
#include "ledger/scribe.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RETRY_US 1000000
#define ASKED_US 100000 /* who asks has it tried sooner, but not more often than that */
#define KEEP_US  100000 /* the head beside the database is at most so old */

const char batch_no_room[] =
    "the disk that holds hinoban's state is full; nothing was recorded, nothing was done "
    "(hinoban vault gc may make room)";

static struct scribe_item *item_at(struct scribe *r, size_t i)
{
	return &r->item[(r->first + i) % SCRIBE_WAITING];
}

static void item_done(struct scribe_item *it)
{
	free(it->body);
	if (it->sender)
		it->sender->waits--;
	if (it->fd >= 0)
		close(it->fd);
	*it = (struct scribe_item){.fd = -1};
}

bool batch_add(struct scribe *r, const struct scribe_item *item, struct slice body)
{
	struct scribe_item *it = item_at(r, r->items);
	uint8_t *copy;

	if (r->items == SCRIBE_WAITING || r->bytes + body.n > SCRIBE_WAITING_BYTES)
		return false;
	copy = malloc(body.n + 1);
	if (!copy)
		return false;
	memcpy(copy, body.at, body.n);
	*it = *item;
	it->body = copy;
	it->n = body.n;
	r->bytes += body.n;
	if (it->sender)
		it->sender->waits++;
	if (r->items++ == 0)
		r->came_us = clock_mono_us();
	return true;
}

void batch_own(struct scribe *r, const struct json *draft)
{
	struct scribe_item it = {.peer = PEER_KINDS, .fd = -1, .uid = -1};

	buf_reset(&r->body);
	if (json_write(&r->body, draft))
		batch_add(r, &it,
		          buf_slice(&r->body)); /* in a full queue there is no room for notes */
}

/* ---- one item into the open transaction ---- */

/* Who spoke through the control socket is known from the kernel, not from the draft. */
static void put_uid(struct scribe *r, struct json *draft, int64_t uid)
{
	if (uid >= 0 && slice_eq(json_text(draft, "kind"), SLICE("word")))
		json_put_int(&r->mem, draft, "uid", uid);
}

static int put_draft(struct scribe *r, struct scribe_item *it, struct json *draft)
{
	struct err e = {""};
	int c = -EINVAL;

	if (!draft)
		err_set(&e, c, "a draft must be a JSON object");
	else if (!rights_allow(it->peer, draft))
		err_set(&e, c, "this sender may not say that");
	else {
		put_uid(r, draft, it->uid);
		it->word = slice_eq(json_text(draft, "kind"), SLICE("word"));
		it->gc = slice_eq(fact_type(draft), SLICE("vault.gc"));
		c = store_put(r->store, &r->mem, draft, it->fd, &it->seq, &e);
		if (c == 0)
			subscribers_note(r, draft, it->seq);
	}
	if (c == -EINVAL) {
		it->seq = 0;
		memcpy(it->why, e.text, sizeof(it->why) - 1);
		return 0;
	}
	if (c < 0 && c != -ENOSPC && c != -EBUSY)
		err_die("%s", e.text);
	return c;
}

static int put_findings(struct scribe *r, struct scribe_item *it, const struct json *arr)
{
	struct json *next = arr && arr->kind == JSON_ARR ? arr->first : NULL;
	int c = 0;

	while (next && c == 0) {
		struct json *draft = next;

		next = draft->next;
		draft->next = NULL;
		c = put_draft(r, it, draft);
		if (c == 0 && it->seq == 0)
			err_say("the judge's finding is refused: %s", it->why);
	}
	return c;
}

static int put_item(struct scribe *r, struct scribe_item *it)
{
	struct json *v;
	int c;

	arena_reset(&r->mem);
	v = json_parse(&r->mem, slice_mem(it->body, it->n), NULL);
	it->word = it->gc = false;
	it->seq = 0;
	c = it->judged ? put_findings(r, it, v) : put_draft(r, it, v);
	if (c == 0 && it->sender) {
		it->sender->touched = true;
		it->sender->last = (int64_t)it->id;
		it->sender->seq = it->seq;
	}
	return c;
}

/* ---- the transaction ---- */

/* Verdicts are counted only together with all findings that came with or before them. */
static int64_t cursor_of(struct scribe *r, size_t n)
{
	for (size_t i = n; i < r->items; i++) {
		if (item_at(r, i)->judged)
			return (int64_t)item_at(r, i)->id - 1;
	}
	return r->judged;
}

static int put_counters(struct scribe *r, int64_t cursor)
{
	int c = 0;

	for (int i = 0; i < SCRIBE_SENDERS && c == 0; i++) {
		struct scribe_sender *s = &r->sender[i];

		if (s->touched)
			c = store_sender_set(r->store, slice_str(s->name), s->last, s->seq);
	}
	if (c == 0 && cursor > r->cursor)
		c = store_cursor_set(r->store, "judge", cursor);
	return c;
}

/* What the senders committed, as it is in the database. */
static void reload_senders(struct scribe *r)
{
	for (int i = 0; i < SCRIBE_SENDERS; i++) {
		struct scribe_sender *s = &r->sender[i];

		if (s->touched)
			store_sender(r->store, slice_str(s->name), &s->last, &s->seq);
		s->touched = false;
	}
}

/* There is room again: say how long there was none. */
static int put_room(struct scribe *r)
{
	struct err e = {""};
	struct json *d;
	int64_t seq;

	if (!r->full || r->making_room)
		return 0;
	arena_reset(&r->mem);
	d = fact_draft(&r->mem, "disk.full");
	json_put_int(&r->mem, d, "waited_us", clock_mono_us() - r->full_since);
	json_put_int(&r->mem, d, "waiting", (int64_t)r->items);
	return store_put(r->store, &r->mem, d, -1, &seq, &e);
}

static int transaction(struct scribe *r, size_t n, int64_t cursor)
{
	struct err e = {""};
	int c = store_begin(r->store);

	if (c == 0)
		c = put_room(r);
	for (size_t i = 0; i < n && c == 0; i++)
		c = put_item(r, item_at(r, i));
	if (c == 0)
		c = put_counters(r, cursor);
	if (c == 0)
		c = store_commit(r->store, &e);
	if (c < 0 && c != -ENOSPC && c != -EBUSY)
		err_die("%s", e.text[0] ? e.text : strerror(-c));
	return c;
}

/* Does the next one's acknowledgement stand for this one's too? */
static bool runs_on(const struct scribe_item *it, const struct scribe_item *next)
{
	return it->seq > 0 && next->seq == it->seq + 1 && next->sender == it->sender &&
	       next->id == it->id + 1;
}

/* The answer to the `run` drafts that end with this one. */
static void answer(struct scribe *r, const struct scribe_item *it, int64_t run)
{
	struct json *o;

	if (!it->sender || it->sender->slot < 0)
		return;
	arena_reset(&r->mem);
	o = json_obj(&r->mem);
	if (it->seq > 0)
		json_put_int(&r->mem, o, "seq", it->seq);
	else
		json_put_str(&r->mem, o, "error", it->why);
	if (run > 1)
		json_put_int(&r->mem, o, "n", run);
	loop_send_json(r->loop, it->sender->slot, it->seq > 0 ? MSG_ACK : MSG_REFUSED, it->id,
	               o, -1);
}

static void answer_all(struct scribe *r, size_t n)
{
	int64_t run = 1;

	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && runs_on(item_at(r, i), item_at(r, i + 1))) {
			run++;
			continue;
		}
		answer(r, item_at(r, i), run);
		run = 1;
	}
}

static bool is_gc(struct scribe *r, const struct scribe_item *it)
{
	arena_reset(&r->mem);
	return rights_person(it->peer) &&
	       slice_eq(fact_type(json_parse(&r->mem, slice_mem(it->body, it->n), NULL)),
	                SLICE("vault.gc"));
}

/*
 * A person is told that it was not done, so it must not be done later. The end of a deploy is
 * no order: it has ended, whoever is told what.
 */
static bool is_order(struct scribe *r, const struct scribe_item *it)
{
	const struct json *v;
	struct slice kind;

	if (!rights_person(it->peer))
		return false;
	arena_reset(&r->mem);
	v = json_parse(&r->mem, slice_mem(it->body, it->n), NULL);
	kind = json_text(v, "kind");
	return slice_eq(kind, SLICE("count")) ||
	       (slice_eq(kind, SLICE("word")) &&
	        !slice_eq(fact_type(v), SLICE("deploy.ended")));
}

static void refuse_orders(struct scribe *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->items; i++) {
		struct scribe_item *it = item_at(r, i);

		if (is_order(r, it)) {
			it->seq = 0;
			snprintf(it->why, sizeof(it->why), "%s", batch_no_room);
			answer(r, it, 1);
			r->bytes -= it->n;
			item_done(it);
		} else {
			struct scribe_item own = *it;

			*it = (struct scribe_item){.fd = -1};
			*item_at(r, kept++) = own;
		}
	}
	r->items = kept;
	sync_refuse_all(r);
}

static void undo(struct scribe *r)
{
	store_rollback(r->store);
	subscribers_forget(r);
	reload_senders(r);
}

static void committed(struct scribe *r, size_t n, int64_t cursor)
{
	struct ledger_head head = store_head(r->store);

	r->cursor = cursor > r->cursor ? cursor : r->cursor;
	for (int i = 0; i < SCRIBE_SENDERS; i++)
		r->sender[i].touched = false;
	answer_all(r, n);
	for (size_t i = 0; i < n; i++) {
		subscribers_committed(r, item_at(r, i), 1);
		if (item_at(r, i)->gc && item_at(r, i)->seq > 0)
			collect_asked(r, item_at(r, i)->seq);
	}
	for (size_t i = 0; i < n; i++) {
		r->bytes -= item_at(r, i)->n;
		item_done(item_at(r, i));
	}
	r->first = (r->first + n) % SCRIBE_WAITING;
	r->items -= n;
	r->flood = n >= SCRIBE_FLOOD;
	subscribers_committed(r, NULL, 0);
	witness_head(r->witness, &head);
	if (clock_mono_us() - r->kept_us > KEEP_US && store_keep_head(r->store, false) == 0)
		r->kept_us = clock_mono_us();
}

static void to_front(struct scribe *r, size_t i)
{
	struct scribe_item it = *item_at(r, i);

	for (; i > 0; i--)
		*item_at(r, i) = *item_at(r, i - 1);
	*item_at(r, 0) = it;
}

/* The one order that is taken now, since it makes room. One of its sender's alone: others of
 * his must not be passed over. */
static void take_gc(struct scribe *r)
{
	size_t i = 0;

	while (i < r->items && !(is_gc(r, item_at(r, i)) && item_at(r, i)->sender &&
	                         item_at(r, i)->sender->waits == 1))
		i++;
	if (i == r->items || !collect_room(r))
		return;
	to_front(r, i);
	if (transaction(r, 1, r->cursor) == 0)
		committed(r, 1, r->cursor);
	else
		undo(r);
	if (!r->gc)
		collect_end(r);
}

static void no_room(struct scribe *r)
{
	take_gc(r);
	refuse_orders(r);
}

static void wait_for_room(struct scribe *r, int c)
{
	undo(r);
	if (!r->full) {
		r->full_since = clock_mono_us();
		err_say(c == -ENOSPC
		            ? "the disk is full: facts wait in memory until there is room"
		            : "the database is busy: facts wait in memory");
	}
	r->full = true;
	r->no_room = c == -ENOSPC;
	r->retry_us = clock_mono_us() + RETRY_US;
	if (r->no_room)
		no_room(r);
}

static void room_again(struct scribe *r)
{
	if (r->full)
		err_say("there is room again");
	r->full = r->no_room = false;
}

bool batch_ripe(struct scribe *r)
{
	int64_t left = r->came_us + SCRIBE_LINGER_US - clock_mono_us();

	if (!r->flood || r->items >= SCRIBE_RIPE || left <= 0 || left > SCRIBE_LINGER_US)
		return true;
	loop_again(r->loop, (int)(left / 1000) + 1);
	return false;
}

bool batch_commit(struct scribe *r)
{
	while (r->items > 0 || r->judged > r->cursor || r->full) {
		size_t n = r->items < SCRIBE_BATCH ? r->items : SCRIBE_BATCH;
		int64_t cursor = cursor_of(r, n);
		int c;

		if (r->making_room || (r->full && clock_mono_us() < r->retry_us))
			return false;
		c = transaction(r, n, cursor);
		if (c < 0) {
			wait_for_room(r, c);
			return false;
		}
		room_again(r);
		committed(r, n, cursor);
		loop_alive(r->loop);
	}
	return true;
}

void batch_room(struct scribe *r)
{
	int64_t now = clock_mono_us();

	if (!r->no_room)
		return;
	if (now >= r->retry_us - RETRY_US + ASKED_US)
		r->retry_us = now;
	if (!batch_commit(r) && r->no_room)
		no_room(r);
}
