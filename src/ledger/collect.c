/* collect: when the vault is gone through (gc.h): for a word, once a day, when it is too large.
 */
#include "ledger/gc.h"
#include "ledger/reserve.h"
#include "ledger/scribe.h"
#include <errno.h>

#define FIRST_US   (INT64_C(600) * 1000000)
#define RESERVE_US (INT64_C(60) * 1000000)
#define DAY_US     (INT64_C(86400) * 1000000)
#define AGAIN_US   1000000 /* while the disk is full */
#define SLICE_US   25000   /* of a tick, beside the ledger's own work */
#define ALONE_US   90000   /* of a command's own ledger, which has no other */

void collect_asked(struct scribe *r, int64_t word)
{
	gc_free(r->gc); /* one under way would not know what was said since */
	r->gc = gc_new(store_db(r->store), r->store, &r->limits, word);
	r->gc_next_us = 0;
	if (!r->gc)
		err_say("no memory to go through the vault");
}

static void begin_daily(struct scribe *r, int64_t now)
{
	if (!r->keeper || r->gc)
		return;
	if (r->gc_due_us == 0)
		r->gc_due_us = now + FIRST_US;
	if (now < r->gc_due_us)
		return;
	r->gc_due_us = now + DAY_US;
	if (r->limits.keep_us || r->limits.max_bytes)
		collect_asked(r, 0);
}

bool collect_room(struct scribe *r)
{
	if (!r->making_room)
		r->making_room = reserve_give(store_dir(r->store));
	db_spare(store_db(r->store), r->making_room);
	return r->making_room;
}

/* The reserve comes first: what waits may take all the room there is. */
void collect_end(struct scribe *r)
{
	gc_free(r->gc);
	r->gc = NULL;
	if (!r->making_room)
		return;
	r->making_room = false;
	db_spare(store_db(r->store), false);
	reserve_keep(store_dir(r->store));
	r->retry_us = 0;
}

void collect_reserve(struct scribe *r)
{
	int64_t now = clock_mono_us();

	if (!r->keeper || r->full || r->making_room || now < r->reserve_us)
		return;
	r->reserve_us = now + RESERVE_US;
	reserve_keep(store_dir(r->store));
}

/* What went wrong is a fact too: a person waits for the answer. */
static void failed(struct scribe *r, const char *why)
{
	struct json *d;

	err_say("the vault could not be gone through: %s", why);
	arena_reset(&r->mem);
	d = fact_draft(&r->mem, "vault.collected");
	json_put_int(&r->mem, d, "dropped", 0);
	json_put_int(&r->mem, d, "freed", 0);
	json_put_int(&r->mem, d, "contents", 0);
	json_put_int(&r->mem, d, "bytes", 0);
	json_put_str(&r->mem, d, "fault", why);
	if (gc_word(r->gc))
		fact_ref(&r->mem, d, gc_word(r->gc));
	batch_own(r, d);
	collect_end(r);
}

/* Nobody waits for the daily one: it may wait itself, but for what it keeps from others. */
static void out_of_room(struct scribe *r, int64_t now)
{
	if ((!r->making_room && collect_room(r)) || gc_curtail(r->gc))
		loop_busy(r->loop);
	else if (gc_word(r->gc) || r->making_room)
		failed(r, "the disk that holds hinoban's state has no room even for that");
	else
		r->gc_next_us = now + AGAIN_US;
}

static void tell_new_facts(struct scribe *r, int64_t before)
{
	struct ledger_head head = store_head(r->store);

	if (head.size == before)
		return;
	subscribers_committed(r, NULL, 0);
	witness_head(r->witness, &head);
}

void collect_tick(struct scribe *r)
{
	int64_t now = clock_mono_us(), before = store_size(r->store);
	struct err e = {""};
	int c;

	collect_reserve(r);
	begin_daily(r, now);
	if (!r->gc || now < r->gc_next_us)
		return;
	c = gc_step(r->gc, r->keeper ? SLICE_US : ALONE_US, &e);
	tell_new_facts(r, before);
	if (c == -ENOSPC)
		out_of_room(r, now);
	else if (c < 0)
		failed(r, e.text);
	else if (c == 0)
		collect_end(r);
	else
		loop_busy(r->loop);
}
