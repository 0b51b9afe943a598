/*
 * subscribers: the judge (facts), the guard (words, refused opens), the gate and the
 * fence (words, findings, changes), the hand (orders), the desk (the size), SYNC.
 */
#include "ledger/scribe.h"
#include <errno.h>
#include <string.h>

#define TIP_BACKLOG    16
#define DEPLOY_US      (INT64_C(86400) * 1000000)
#define ORDER_US       (INT64_C(3600) * 1000000) /* an older order is not carried out any more */
#define LEARNT_MAX     512 /* addresses; as many as the fence has room for */
#define ASKED_US       (INT64_C(600) * 1000000) /* whoever asked before has gone */
#define PAGES_MAX      1024                     /* newest records of pages and arms */
#define HEARER_BACKLOG 2000
#define HEARER_AGAIN   100
#define HERALD_STEP    64

/* ---- the judge ---- */

void subscribe_judge(struct scribe *r, int slot)
{
	r->judge = slot;
	recall_begin(&r->recall, r->cursor);
	r->pushed = 0;
	r->flies = r->flies_at = 0;
	subscribers_pump(r);
}

/* The fact that the judge hears next, or 0. */
static int64_t next_to_push(struct scribe *r)
{
	int64_t seq = 0;

	if (r->pushed < r->recall.upto)
		seq = recall_next(&r->recall, r->store);
	if (seq < 0)
		err_die("ledger.db: what was found can't be read");
	if (seq == 0)
		seq = (r->pushed > r->recall.upto ? r->pushed : r->recall.upto) + 1;
	return seq <= store_head(r->store).size ? seq : 0;
}

static bool push(struct scribe *r, int64_t seq)
{
	buf_reset(&r->body);
	if (store_get(r->store, seq, &r->body) < 0)
		err_die("ledger.db: fact %lld can't be read", (long long)seq);
	if (loop_send(r->loop, r->judge, MSG_PUSH, (uint64_t)seq, buf_slice(&r->body), -1) < 0)
		return false; /* it is gone; on_gone comes */
	r->pushed = seq;
	r->flying[(r->flies_at + r->flies++) % SCRIBE_PUSHED] = seq;
	return true;
}

static void push_to_judge(struct scribe *r)
{
	int64_t seq;

	if (r->judge < 0 || r->flies == SCRIBE_PUSHED ||
	    r->pushed >= store_head(r->store).size || store_read_begin(r->store) < 0)
		return;
	while (r->flies < SCRIBE_PUSHED && (seq = next_to_push(r)) > 0 && push(r, seq))
		;
	store_read_end(r->store);
}

void subscriber_judged(struct scribe *r, struct msg *m)
{
	struct scribe_item it = {
	    .peer = PEER_JUDGE, .judged = true, .id = m->id, .fd = -1, .uid = -1};

	if (r->judge < 0 || r->flies == 0 || (int64_t)m->id != r->flying[r->flies_at])
		err_die("the judge answers fact %llu, which was not its turn",
		        (unsigned long long)m->id);
	r->flies_at = (r->flies_at + 1) % SCRIBE_PUSHED;
	r->flies--;
	if ((int64_t)m->id > r->judged) {
		/* Without findings it moves only the cursor, which can wait for the next batch.
		 */
		if (!slice_eq(m->body, SLICE("[]")) && !batch_add(r, &it, m->body))
			err_die("no room for the judge's findings");
		r->judged = (int64_t)m->id;
	}
	if (r->flies < SCRIBE_PUSHED / 2)
		push_to_judge(r);
}

/* ---- the guard ---- */

static void push_to(struct scribe *r, int slot, int64_t seq)
{
	buf_reset(&r->body);
	if (slot < 0 || store_get(r->store, seq, &r->body) < 0)
		return;
	loop_send(r->loop, slot, MSG_PUSH, (uint64_t)seq, buf_slice(&r->body), -1);
}

static void push_all(struct scribe *r, int slot, const int64_t *seq, int n)
{
	for (int i = 0; i < n; i++)
		push_to(r, slot, seq[i]);
}

/* Words said before are in the table that it asks for; but of deploys under way it must hear.
 */
void subscribe_guard(struct scribe *r, int slot)
{
	int64_t seq[64];
	int n;

	r->guard = slot;
	n = store_open_deploys(r->store, clock_now_us() - DEPLOY_US, seq, 64);
	push_all(r, slot, seq, n);
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		if (r->sync[i].used && r->sync[i].upto == 0 && r->sync[i].mark)
			loop_send(r->loop, slot, MSG_SYNC, r->sync[i].mark, (struct slice){0},
			          -1);
	}
}

/* ---- the gate, the fence and the hand ---- */

static void subscribe(struct scribe *r, struct scribe_hearer *h, int slot)
{
	int64_t seq[64];

	*h = (struct scribe_hearer){.slot = slot};
	push_all(r, slot, seq, store_modes(r->store, seq, 64));
	push_all(r, slot, seq,
	         store_open_deploys(r->store, clock_now_us() - DEPLOY_US, seq, 64));
}

void subscribe_gate(struct scribe *r, int slot)
{
	int64_t seq[256];

	subscribe(r, &r->gate, slot);
	push_all(r, slot, seq, store_contained(r->store, clock_now_us() - ORDER_US, seq, 256));
}

void subscribe_fence(struct scribe *r, int slot)
{
	int64_t seq[LEARNT_MAX];

	subscribe(r, &r->fence, slot);
	push_all(r, slot, seq, store_learnt(r->store, seq, LEARNT_MAX));
}

void subscribe_hand(struct scribe *r, int slot)
{
	int64_t seq[256];

	r->hand = slot;
	push_all(r, slot, seq,
	         store_open_orders(r->store, clock_now_us() - ORDER_US, seq, 256));
}

/* ---- the herald ---- */

void subscribe_herald(struct scribe *r, int slot)
{
	r->herald = (struct scribe_herald){.slot = slot};
	heard_begin(&r->herald.heard);
}

/* A few at a time: a long history must not keep the others waiting. */
static void push_to_herald(struct scribe *r)
{
	struct scribe_herald *h = &r->herald;
	int64_t seq = 0;

	if (h->slot < 0 || loop_backlog(r->loop, h->slot) > HEARER_AGAIN ||
	    (h->told && h->heard.asked == store_head(r->store).size))
		return;
	for (int i = 0; i < HERALD_STEP; i++) {
		seq = heard_next(&h->heard, r->store);
		if (seq <= 0)
			break;
		push_to(r, h->slot, seq);
		heard_told(&h->heard, seq);
	}
	if (seq < 0)
		err_die("ledger.db: what the herald hears can't be read");
	if (seq > 0)
		return;
	h->told = true;
	loop_send(r->loop, h->slot, MSG_TIP, (uint64_t)store_head(r->store).size,
	          (struct slice){0}, -1);
}

void subscribe_visitor(struct scribe *r, int slot)
{
	int64_t seq[PAGES_MAX];

	r->visitor = slot;
	push_all(r, slot, seq, store_page_records(r->store, seq, PAGES_MAX));
	push_all(r, slot, seq,
	         store_asked_pages(r->store, clock_now_us() - ASKED_US, seq, PAGES_MAX));
}

void subscribers_note(struct scribe *r, const struct json *fact, int64_t seq)
{
	struct slice kind = json_text(fact, "kind"), type = fact_type(fact);
	bool wanted = slice_eq(kind, SLICE("word")) || slice_eq(kind, SLICE("finding")) ||
	              slice_eq(kind, SLICE("order")) || slice_eq(type, SLICE("file.changed")) ||
	              slice_eq(type, SLICE("file.baseline")) ||
	              slice_eq(type, SLICE("open.denied")) ||
	              slice_eq(type, SLICE("fence.denied"));

	if (!wanted || (r->gate.slot < 0 && r->fence.slot < 0 && r->hand < 0))
		return;
	if (r->news_n == r->news_max) {
		size_t max = r->news_max ? 2 * r->news_max : 256;
		int64_t *more = realloc(r->news, max * sizeof(*more));

		if (!more)
			err_die("out of memory");
		r->news = more;
		r->news_max = max;
	}
	r->news[r->news_n++] = seq;
}

void subscribers_forget(struct scribe *r)
{
	r->news_n = 0;
}

/* Who can't keep up asks for the whole again, rather than to fill our memory. */
static void push_to_hearer(struct scribe *r, struct scribe_hearer *h, int64_t seq)
{
	if (h->slot < 0 || h->behind)
		return;
	h->behind = loop_backlog(r->loop, h->slot) > HEARER_BACKLOG;
	if (!h->behind)
		loop_send(r->loop, h->slot, MSG_PUSH, (uint64_t)seq, buf_slice(&r->body), -1);
}

static void push_news(struct scribe *r)
{
	for (size_t i = 0; i < r->news_n; i++) {
		const struct json *fact;
		bool order, refusal;

		buf_reset(&r->body);
		if (store_get(r->store, r->news[i], &r->body) < 0)
			continue;
		arena_reset(&r->mem);
		fact = json_parse(&r->mem, buf_slice(&r->body), NULL);
		order = slice_eq(json_text(fact, "kind"), SLICE("order"));
		/* The guard finds the web request behind it. */
		refusal = slice_eq(fact_type(fact), SLICE("open.denied")) ||
		          slice_eq(fact_type(fact), SLICE("fence.denied")) ||
		          (order && (slice_eq(json_text(fact, "cause"), SLICE("write")) ||
		                     slice_eq(json_text(fact, "cause"), SLICE("gone"))));
		if (order)
			push_to(r, r->hand, r->news[i]);
		else if (!refusal) {
			push_to_hearer(r, &r->gate, r->news[i]);
			push_to_hearer(r, &r->fence, r->news[i]);
		}
		if (refusal)
			push_to(r, r->guard, r->news[i]);
	}
	r->news_n = 0;
}

static void wake(struct scribe *r, struct scribe_hearer *h)
{
	if (h->slot < 0 || !h->behind || loop_backlog(r->loop, h->slot) > HEARER_AGAIN)
		return;
	h->behind = false;
	loop_send(r->loop, h->slot, MSG_PUSH, 0, SLICE("{}"), -1);
}

void subscribers_committed(struct scribe *r, const struct scribe_item *item, size_t n)
{
	int desk;

	for (size_t i = 0; i < n; i++) {
		if (!item[i].word || item[i].seq <= 0)
			continue;
		push_to(r, r->guard, item[i].seq);
		push_to(r, r->visitor, item[i].seq);
	}
	if (n > 0)
		return;
	push_news(r);
	desk = loop_peer(r->loop, "desk");
	if (desk >= 0 && loop_backlog(r->loop, desk) < TIP_BACKLOG)
		loop_send(r->loop, desk, MSG_TIP, (uint64_t)store_head(r->store).size,
		          (struct slice){0}, -1);
}

/* ---- SYNC: guard's queue drained, then all of it judged ---- */

/* Also one that has not said HELLO yet. */
static bool has_judge(const struct scribe *r)
{
	for (int i = 0; i < LOOP_MAX_PEERS; i++) {
		if (r->slot[i].used && r->slot[i].peer == PEER_JUDGE)
			return true;
	}
	return false;
}

void sync_begin(struct scribe *r, int slot, uint64_t id)
{
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		struct scribe_sync *s = &r->sync[i];

		if (s->used)
			continue;
		*s = (struct scribe_sync){
		    .used = true, .slot = slot, .id = id, .mark = ++r->marks};
		if (!r->keeper) { /* a command's own ledger: nobody senses */
			batch_commit(r);
			s->upto = has_judge(r) ? store_size(r->store) : -1;
		} else if (r->guard >= 0) {
			loop_send(r->loop, r->guard, MSG_SYNC, s->mark, (struct slice){0}, -1);
		}
		batch_room(r);
		return;
	}
	/* More than SCRIBE_SYNCS at once: the client's time runs out, which is what it is told.
	 */
}

void sync_from_guard(struct scribe *r, uint64_t mark)
{
	batch_commit(r);
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		if (r->sync[i].used && r->sync[i].mark == mark)
			r->sync[i].upto = store_size(r->store);
	}
	subscribers_pump(r);
}

void sync_gone(struct scribe *r, int slot)
{
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		if (r->sync[i].used && r->sync[i].slot == slot)
			r->sync[i].used = false;
	}
}

void sync_refuse_all(struct scribe *r)
{
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		struct scribe_sync *s = &r->sync[i];
		struct json *o;

		if (!s->used)
			continue;
		s->used = false;
		arena_reset(&r->mem);
		o = json_obj(&r->mem);
		json_put_str(&r->mem, o, "error", batch_no_room);
		loop_send_json(r->loop, s->slot, MSG_SYNC, s->id, o, -1);
	}
}

static void answer_syncs(struct scribe *r)
{
	for (int i = 0; i < SCRIBE_SYNCS; i++) {
		struct scribe_sync *s = &r->sync[i];

		if (!s->used || s->upto == 0 || r->judged < s->upto)
			continue;
		if (r->items > 0 && !batch_commit(r))
			return; /* findings wait for room */
		s->used = false;
		loop_send(r->loop, s->slot, MSG_SYNC, s->id, (struct slice){0}, -1);
	}
}

void subscribers_pump(struct scribe *r)
{
	push_to_judge(r);
	wake(r, &r->gate);
	wake(r, &r->fence);
	push_to_herald(r);
	answer_syncs(r);
}
