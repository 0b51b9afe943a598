/* collect: when the vault is gone through (gc.h): for a word, once a day, when it is too large.
 */
#include "ledger/gc.h"
#include "ledger/scribe.h"
#include <errno.h>

#define FIRST_US (INT64_C(600) * 1000000)
#define DAY_US   (INT64_C(86400) * 1000000)
#define AGAIN_US 1000000 /* while the disk is full */
#define SLICE_US 25000   /* of a tick, beside the ledger's own work */
#define ALONE_US 90000   /* of a command's own ledger, which has no other */

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

static void ended(struct scribe *r)
{
	gc_free(r->gc);
	r->gc = NULL;
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
	ended(r);
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

	begin_daily(r, now);
	if (!r->gc || now < r->gc_next_us)
		return;
	c = gc_step(r->gc, r->keeper ? SLICE_US : ALONE_US, &e);
	tell_new_facts(r, before);
	if (c == -ENOSPC)
		r->gc_next_us = now + AGAIN_US;
	else if (c < 0)
		failed(r, e.text);
	else if (c == 0)
		ended(r);
	else
		loop_busy(r->loop);
}
