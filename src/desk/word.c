#include "desk/word.h"
#include <stdio.h>

static void on_answer(void *arg, int64_t seq, struct slice why)
{
	struct word *w = arg;

	w->state = seq < 0 ? WORD_REFUSED : WORD_KEPT;
	w->seq = seq;
	snprintf(w->why, sizeof(w->why), "%.*s", (int)(why.n < 255 ? why.n : 255),
	         (const char *)why.at);
	*w->woken = true;
}

struct word *word_send(struct words *ws, struct post *p, const struct json *draft)
{
	for (int i = 0; i < WORD_SLOTS; i++) {
		struct word *w = &ws->slot[i];

		if (w->state != WORD_FREE)
			continue;
		*w = (struct word){
		    .state = WORD_SENT, .at = clock_mono_us(), .woken = &ws->news};
		if (!draft || post_fact(p, draft, -1, on_answer, w) < 0) {
			w->state = WORD_FREE;
			return NULL;
		}
		return w;
	}
	return NULL;
}

void word_forget(struct word *w)
{
	w->state = WORD_FREE;
}

/* A word that was sent keeps its place until the ledger answers, however long that takes. */
void word_tick(struct words *ws)
{
	int64_t then = clock_mono_us() - WORD_FORGET_US;

	for (int i = 0; i < WORD_SLOTS; i++) {
		struct word *w = &ws->slot[i];

		if (w->state != WORD_FREE && w->state != WORD_SENT && w->at < then)
			w->state = WORD_FREE;
	}
}

struct json *word_dismiss(struct arena *a, int64_t finding, struct slice by,
                          struct slice reason)
{
	struct json *d = fact_draft(a, "dismiss");

	json_put_int(a, d, "finding", finding);
	json_put_slice(a, d, "by", by);
	json_put_slice(a, d, "reason", reason);
	fact_ref(a, d, finding);
	return d;
}

struct json *word_approve(struct arena *a, const struct json *finding, const struct json *state,
                          struct slice by, struct slice reason)
{
	struct json *d = fact_draft(a, "approve");

	json_put_slice(a, d, "root", json_text(finding, "root"));
	json_put_slice(a, d, "path", json_text(finding, "path"));
	json_put(a, d, "state", state ? json_copy(a, state) : json_null(a));
	json_put_slice(a, d, "by", by);
	json_put_slice(a, d, "reason", reason);
	json_put_str(a, d, "origin", "operator");
	fact_ref(a, d, fact_seq(finding));
	return d;
}
