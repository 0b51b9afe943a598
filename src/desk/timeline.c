#include "desk/timeline.h"
#include "desk/tell.h"

#define BATCH 128 /* facts in one query: between two, inventories are jumped over */

struct timeline {
	struct page *p;
	struct json *days, *lines; /* lines of the newest day begun */
	struct json *line;         /* the newest line begun, */
	struct slice key;          /* what further facts must have in common to join it, */
	int64_t count;             /* and how many it stands for */
	int64_t next;              /* seq to go on from, downwards; 0: done */
	struct slice day;
	int shown, read;
};

/*
 * Facts with the same key, one after the other, become one line. Empty: stands for itself.
 * Deliberately not joined: changes of code that nobody approved, findings, words.
 */
static struct slice join_key(struct page *p, const struct json *fact)
{
	struct slice type = fact_type(fact);

	if (slice_eq(type, SLICE("file.changed")) && tell_expected(fact))
		return arena_printf(p->a, "changed %.*s %lld",
		                    SLICE_ARG(json_text(fact, "role")),
		                    (long long)json_num(fact, "deploy", 0));
	if (slice_eq(type, SLICE("role.started")) || slice_eq(type, SLICE("watch.unreadable")))
		return type;
	if (slice_eq(json_text(fact, "kind"), SLICE("sighting")) &&
	    slice_starts(type, SLICE("page.")) && !slice_eq(type, SLICE("page.reported")))
		return arena_printf(p->a, "page %.*s", SLICE_ARG(json_text(fact, "page")));
	if (slice_eq(type, SLICE("approve")))
		return arena_printf(p->a, "approve %.*s", SLICE_ARG(json_text(fact, "reason")));
	return SLICE("");
}

static void end_line(struct timeline *t)
{
	if (t->line && t->count > 1) {
		struct slice type = json_text(t->line, "f.type");

		/* A round of visits: whatever it ends with. */
		if (slice_starts(type, SLICE("page.")))
			type = SLICE("page.round");
		json_put_int(t->p->a, t->line, "n", t->count);
		json_put_slice(t->p->a, t->line, "say",
		               arena_printf(t->p->a, "fact.%.*s.many", SLICE_ARG(type)));
		json_put_bool(t->p->a, t->line, "many", true);
	}
	t->line = NULL;
	t->key = SLICE("");
	t->count = 0;
}

/* A new day's heading where the day changes. */
static void begin_day(struct timeline *t, int64_t us)
{
	struct json *day;
	struct slice name;
	struct buf text;

	buf_init(&text, 128);
	when_text(&text, us, WHEN_DATE, t->p->lang);
	name = arena_copy(t->p->a, buf_slice(&text));
	buf_done(&text);
	if (t->lines && slice_eq(name, t->day))
		return;
	day = json_obj(t->p->a);
	when_put(t->p->a, day, "day", us, WHEN_DATE, t->p->lang);
	t->lines = json_arr(t->p->a);
	json_put(t->p->a, day, "lines", t->lines);
	json_push(t->days, day);
	t->day = name;
}

static void add(struct timeline *t, struct json *fact)
{
	struct slice key = join_key(t->p, fact);

	if (t->line && key.n && slice_eq(key, t->key)) {
		t->count++;
		json_put_int(t->p->a, t->line, "first", fact_seq(fact));
		return;
	}
	end_line(t);
	begin_day(t, fact_at_us(fact));
	t->line = tell_fact(t->p, fact, WHEN_CLOCK);
	json_push(t->lines, t->line);
	t->key = key;
	t->count = 1;
	t->shown++;
}

static int first_seq(void *ctx, int64_t seq, struct slice body)
{
	(void)body;
	*(int64_t *)ctx = seq;
	return 1;
}

/* Standing at the end of an inventory, or within one: go on before its beginning. */
static void jump(struct timeline *t, int64_t seq)
{
	struct ledger_query q = {
	    .to_seq = seq, .type = SLICE("baseline.started"), .newest_first = true, .limit = 1};
	int64_t start = 0;

	ledger_each(t->p->ledger, &q, first_seq, &start);
	t->next = start > 0 ? start : seq - 1;
}

/* An inventory that is not done yet is one line too: how far it is. */
static void running(struct timeline *t, struct json *fact, int64_t seq)
{
	int64_t start;

	jump(t, seq);
	start = t->next;
	end_line(t);
	add(t, fact);
	json_put_str(t->p->a, t->line, "say", "fact.file.baseline.many");
	json_put_int(t->p->a, t->line, "n", seq - start);
	t->key = SLICE("");
}

static int step(void *ctx, int64_t seq, struct slice body)
{
	struct timeline *t = ctx;
	struct json *fact = json_parse(t->p->a, arena_copy(t->p->a, body), NULL);
	struct slice type = fact_type(fact);

	t->next = seq - 1;
	if (!fact || t->shown >= TIMELINE_LINES || ++t->read > TIMELINE_FACTS) {
		t->next = 0;
		return 1;
	}
	if (slice_eq(type, SLICE("file.baseline"))) {
		running(t, fact, seq);
		return 1;
	}
	add(t, fact);
	if (slice_eq(type, SLICE("baseline.done"))) {
		jump(t, seq);
		return 1;
	}
	return 0;
}

struct json *timeline_days(struct page *p)
{
	struct timeline t = {.p = p, .days = json_arr(p->a), .next = ledger_size(p->ledger)};

	while (t.next > 0 && t.shown < TIMELINE_LINES && t.read <= TIMELINE_FACTS) {
		struct ledger_query q = {
		    .to_seq = t.next, .newest_first = true, .limit = BATCH};
		int64_t before = t.next;

		if (ledger_each(p->ledger, &q, step, &t) < 0 || t.next >= before)
			break;
	}
	end_line(&t);
	return t.days;
}
