/*
 * Documents: the course of events, the windows of exposure, the altered objects. Events come
 * from the case's starts and receipts, from deeds, and from what a person filled in.
 */
#include "report/doc.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EVENTS 256
#define EVENT      "event."

struct event {
	int64_t us, seq;
	struct slice text;
	bool exact; /* the hour is known */
};

struct course {
	struct doc *d;
	struct event at[MAX_EVENTS];
	size_t n;
	int64_t stopped_us, stopped_seq;
	struct arena one; /* one fact */
};

static void add(struct course *c, int64_t us, int64_t seq, struct slice text, bool exact)
{
	if (us > 0 && c->n < MAX_EVENTS)
		c->at[c->n++] = (struct event){us, seq, text, exact};
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->us != y->us)
		return x->us < y->us ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void from_starts(struct course *c)
{
	struct doc *d = c->d;

	for (size_t i = 0; i < d->c->starts; i++) {
		const struct case_start *s = &d->c->start[i];
		struct slice text = SLICE("");

		if (!s->from.n)
			text = slice_str(doc_say(d, "自社の監視によりプログラムの改ざんを検知",
			                         "our own watch detected tampering"));
		else if (d->lang == DOC_JA)
			text = arena_printf(d->mem, "%.*sから漏えいの懸念について連絡を受ける",
			                    SLICE_ARG(s->from));
		else
			text = arena_printf(d->mem, "%.*s notified us of a suspected leak",
			                    SLICE_ARG(s->from));
		add(c, s->at_us, s->seq, text, false);
	}
}

static void from_receipts(struct course *c)
{
	struct doc *d = c->d;

	for (size_t i = 0; i < d->c->receipts; i++) {
		const struct case_receipt *r = &d->c->receipt[i];
		const char *ja = "届出先へ報告", *en = "report filed";

		if (slice_find(r->clock, SLICE("ppc")) != SIZE_MAX ||
		    slice_find(r->clock, SLICE("appi")) != SIZE_MAX) {
			ja = "個人情報保護委員会へ報告";
			en = "reported to the data protection authority";
		}
		add(c, r->at_us, r->seq, slice_str(doc_say(d, ja, en)), false);
	}
}

/* 2022-08-22 in Japan: its first moment. */
static int64_t day_us(struct slice day)
{
	int64_t us = 0;

	return clock_parse(day, &us) ? us - INT64_C(9) * 3600 * 1000000 : 0;
}

/* Good until the next one. */
static const struct json *parse(struct course *c, struct slice canonical)
{
	arena_reset(&c->one);
	return json_parse(&c->one, canonical, NULL);
}

static int word(void *ctx, int64_t seq, struct slice canonical)
{
	struct course *c = ctx;
	const struct json *f = parse(c, canonical);
	struct slice id = json_text(f, "field");
	const struct doc_field *field = doc_field_of(id);
	int64_t us = day_us(json_text(f, "value"));

	if (json_num(f, "case", 0) != c->d->c->number || !field || !us ||
	    !slice_starts(id, SLICE(EVENT)))
		return 0;
	/* A newer word about the same event takes the older one's place. */
	for (size_t i = 0; i < c->n; i++)
		if (slice_eq(c->at[i].text, slice_str(doc_say(c->d, field->ja, field->en)))) {
			c->at[i] = c->at[--c->n];
			break;
		}
	add(c, us, seq, slice_str(doc_say(c->d, field->ja, field->en)), false);
	if (slice_eq(id, SLICE(EVENT "payment-stopped"))) {
		c->stopped_us = us;
		c->stopped_seq = seq;
	}
	return 0;
}

static int deed(void *ctx, int64_t seq, struct slice canonical)
{
	struct course *c = ctx;
	struct doc *d = c->d;
	const struct json *f = parse(c, canonical);
	struct slice verb = json_text(f, "verb");
	int64_t us = fact_at_us(f);

	if (us < d->c->opened_us || !json_true(f, "done"))
		return 0;
	if (slice_eq(verb, SLICE("stop-payment"))) {
		add(c, us, seq,
		    slice_str(doc_say(d, "クレジットカード決済を停止", "card payment stopped")),
		    true);
		c->stopped_us = us;
		c->stopped_seq = seq;
	} else if (slice_eq(verb, SLICE("stop-shop"))) {
		add(c, us, seq, slice_str(doc_say(d, "サイトの公開を停止", "shop closed")),
		    true);
	} else if (slice_eq(verb, SLICE("isolate"))) {
		add(c, us, seq, slice_str(doc_say(d, "ネットワークを遮断", "network cut")),
		    true);
	}
	return 0;
}

static void put_events(struct course *c)
{
	struct doc *d = c->d;
	struct json *list = json_put(d->mem, d->model, "course", json_arr(d->mem));

	qsort(c->at, c->n, sizeof(c->at[0]), by_time);
	for (size_t i = 0; i < c->n; i++) {
		struct json *o = json_obj(d->mem);
		char t[CLOCK_TEXT_BYTES];

		clock_text(c->at[i].us, t);
		json_put_slice(d->mem, o, "day",
		               c->at[i].exact ? doc_time(d, c->at[i].us)
		                              : doc_day(d, c->at[i].us));
		json_put_str(d->mem, o, "at", t);
		json_put_slice(d->mem, o, "text", c->at[i].text);
		json_put_int(d->mem, o, "ref", c->at[i].seq);
		json_push(list, o);
	}
	doc_put(d, "stopped",
	        c->stopped_us ? slice_str(doc_say(d, "クレジットカード決済", "card payment"))
	                      : SLICE(""),
	        &c->stopped_seq, c->stopped_us != 0);
	if (c->stopped_us)
		doc_put(d, "stopped_on", doc_day(d, c->stopped_us), &c->stopped_seq, 1);
}

/* --- windows and objects ------------------------------------------------------------------ */

static const char *end_said(const struct doc *d, enum case_end e)
{
	static const char *const said[CASE_ENDS][2] = {
	    [CASE_LASTS] = {"継続中", "lasts"},
	    [CASE_RESTORED] = {"承認済みの内容に復元", "restored"},
	    [CASE_HEALED] = {"自動で復元", "healed"},
	    [CASE_REMOVED] = {"除去", "removed"},
	    [CASE_APPROVED] = {"承認", "approved"},
	    [CASE_HELD] = {"封じ込め", "held"},
	};
	return said[e][d->lang == DOC_EN];
}

/*
 * Hashes before and after, from the fact that first saw it bad. That one is read into an arena
 * of its own: a case has as many windows as files were altered.
 */
static void put_hashes(struct doc *d, struct arena *one, struct json *o, int64_t seq)
{
	struct buf b = {.max = FACT_MAX_BYTES};
	const struct json *f = NULL;

	arena_reset(one);
	if (seq && ledger_get(d->ledger, seq, &b) == 0)
		f = json_parse(one, buf_slice(&b), NULL);
	json_put_slice(d->mem, o, "hash_before", json_text(f, "approved.hash"));
	json_put_slice(d->mem, o, "hash_after", json_text(f, "present.hash"));
	json_put_slice(d->mem, o, "address", json_text(f, "request.client"));
	buf_done(&b);
}

static void put_windows(struct doc *d)
{
	struct json *list = json_put(d->mem, d->model, "windows", json_arr(d->mem));
	struct arena one;

	arena_init(&one, DOC_FACT_BYTES);
	for (size_t i = 0; i < d->c->windows; i++) {
		const struct case_window *w = &d->c->window[i];
		struct json *o = json_obj(d->mem);

		json_put_slice(d->mem, o, "object", w->path);
		json_put_slice(d->mem, o, "earliest",
		               w->earliest_us ? doc_time(d, w->earliest_us)
		                              : slice_str(doc_say(d, "不明", "unknown")));
		json_put_slice(d->mem, o, "from", doc_time(d, w->from_us));
		json_put_slice(d->mem, o, "to",
		               w->to_us ? doc_time(d, w->to_us)
		                        : slice_str(doc_say(d, "継続中", "lasts")));
		json_put_str(d->mem, o, "end", end_said(d, w->end));
		json_put_int(d->mem, o, "ref", w->from_seq);
		put_hashes(d, &one, o, w->from_seq);
		json_push(list, o);
	}
	arena_done(&one);
}

void doc_course(struct doc *d)
{
	struct course *c = arena_alloc(d->mem, sizeof(*c));
	struct ledger_query words = {.type = SLICE("report.field")},
	                    deeds = {.type = SLICE("deed.contain")};

	if (!c)
		return;
	c->d = d;
	arena_init(&c->one, DOC_FACT_BYTES);
	ledger_each(d->ledger, &words, word, c);
	ledger_each(d->ledger, &deeds, deed, c);
	arena_done(&c->one);
	from_starts(c);
	from_receipts(c);
	put_events(c);
	if (d->fields_only)
		return;
	put_windows(d);
	doc_outside(d);
}
