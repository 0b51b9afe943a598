/*
 * hinoban judge --replay: all facts go through the judge once more. The judge is a pure
 * function of facts, so the findings must come out as they are recorded: one by one, in
 * the same order.
 */
#include "face/commands.h"
#include "judge/judge.h"
#include <errno.h>
#include <string.h>

#define FACT_MEM_BYTES (16u << 20)
#define MAX_TOLD       20

struct expected {
	struct slice canonical; /* of the draft; on the heap */
	int64_t because;        /* fact that it was judged from */
};

struct replay {
	struct face *f;
	struct judge *judge;
	struct arena mem;
	struct expected *queue; /* judged, not yet met in the ledger */
	size_t head, tail, room;
	int64_t facts, findings, differing;
	int64_t shown_us, all;
	bool json;
};

static int push(struct replay *r, const struct json *draft, int64_t because)
{
	struct buf b;
	int code = 0;

	if (r->tail == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		struct expected *more = reallocarray(r->queue, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		r->queue = more;
		r->room = room;
	}
	buf_init(&b, FACT_MAX_BYTES);
	if (!json_write(&b, draft) || !buf_ok(&b)) {
		buf_done(&b);
		code = -ENOMEM;
	} else {
		/* The buffer's memory becomes the queue's. */
		r->queue[r->tail++] =
		    (struct expected){.canonical = buf_slice(&b), .because = because};
	}
	return code;
}

/* What the judge said of this finding: the fact without seq and at. */
static bool same(struct replay *r, const struct json *finding, struct slice draft)
{
	struct json *bare = json_obj(&r->mem);
	struct buf b;
	bool eq;

	for (const struct json *m = finding->first; m; m = m->next)
		if (!slice_eq(m->name, SLICE("seq")) && !slice_eq(m->name, SLICE("at"))) {
			char *name = arena_cstr(&r->mem, m->name);

			if (name)
				json_put(&r->mem, bare, name, json_copy(&r->mem, m));
		}
	buf_init(&b, FACT_MAX_BYTES);
	eq = json_write(&b, bare) && slice_eq(buf_slice(&b), draft);
	buf_done(&b);
	return eq;
}

static void tell(struct replay *r, enum text_id id, int64_t seq)
{
	struct json *o;

	if (++r->differing > MAX_TOLD && !r->json)
		return;
	term_progress_end();
	if (!r->json) {
		SAY(id, face_int(r->f, seq));
		return;
	}
	o = json_obj(&r->f->mem);
	json_put_int(&r->f->mem, o, "seq", seq);
	json_put_str(&r->f->mem, o, "differs",
	             id == T_REPLAY_OTHER     ? "content"
	             : id == T_REPLAY_MISSING ? "not recorded"
	                                      : "not judged so");
	face_put_json(o);
}

static void meet_finding(struct replay *r, const struct json *finding)
{
	struct expected *e;

	r->findings++;
	if (r->head == r->tail) {
		tell(r, T_REPLAY_EXTRA, fact_seq(finding));
		return;
	}
	e = &r->queue[r->head++];
	if (!same(r, finding, e->canonical))
		tell(r, T_REPLAY_OTHER, fact_seq(finding));
	free((void *)(uintptr_t)e->canonical.at);
	e->canonical.at = NULL;
}

static void progress(struct replay *r)
{
	int64_t now = clock_mono_us();
	char done[32], all[32];
	struct buf b;

	if (now - r->shown_us < 200000)
		return;
	r->shown_us = now;
	snprintf(done, sizeof(done), "%lld", (long long)r->facts);
	snprintf(all, sizeof(all), "%lld", (long long)r->all);
	buf_init(&b, 1024);
	FILL(&b, T_PROGRESS_REPLAY, done, all);
	term_progress(buf_slice(&b));
	buf_done(&b);
}

static int one_fact(void *ctx, int64_t seq, struct slice canonical)
{
	struct replay *r = ctx;
	const struct json *fact, *found;
	int code = 0;

	arena_reset(&r->mem);
	r->facts++;
	progress(r);
	fact = json_parse(&r->mem, canonical, NULL);
	if (!fact)
		return -EBADMSG;
	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		meet_finding(r, fact);
	found = judge_fact(r->judge, &r->mem, fact);
	if (!found)
		return -ENOMEM;
	for (const struct json *d = found->first; d && code == 0; d = d->next)
		code = push(r, d, seq);
	return code;
}

static int run(struct replay *r)
{
	struct ledger_query q = {0};
	int code;

	r->all = q.to_seq = ledger_size(r->f->ledger);
	if (r->all < 0)
		return (int)r->all;
	code = r->all ? ledger_each(r->f->ledger, &q, one_fact, r) : 0;
	if (code < 0)
		return code;
	for (; r->head < r->tail; r->head++) {
		tell(r, T_REPLAY_MISSING, r->queue[r->head].because);
		free((void *)(uintptr_t)r->queue[r->head].canonical.at);
	}
	return 0;
}

static void tell_sum(struct replay *r)
{
	struct arena *a = &r->f->mem;
	struct json *o;

	if (!r->json) {
		SAY(r->differing ? T_REPLAY_DIFFERS : T_REPLAY_SAME, face_num(r->f, r->facts),
		    face_num(r->f, r->findings), face_num(r->f, r->differing));
		return;
	}
	o = json_obj(a);
	json_put_int(a, o, "facts", r->facts);
	json_put_int(a, o, "findings", r->findings);
	json_put_int(a, o, "differing", r->differing);
	face_put_json(o);
}

static int judge_run(struct face *f)
{
	struct replay r = {.f = f, .json = args_has(&f->args, OPT_JSON)};
	int code, fault;

	if (!args_has(&f->args, OPT_REPLAY)) {
		COMPLAIN(T_JUDGE_REPLAY_ONLY);
		return EXIT_USE;
	}
	code = face_ledger(f);
	if (code)
		return code;
	arena_init(&r.mem, FACT_MEM_BYTES);
	r.judge = judge_new();
	fault = r.judge ? run(&r) : -ENOMEM;
	term_progress_end();
	if (fault < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(fault));
	else
		tell_sum(&r);
	judge_free(r.judge);
	arena_done(&r.mem);
	free(r.queue);
	return fault < 0 ? EXIT_OURS : r.differing ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t judge_opts[] = {OPT_REPLAY, OPT_JSON, OPT_END};

const struct command judge_cmd = {
    .name = "judge",
    .usage = "--replay",
    .what = T_JUDGE_WHAT,
    .more = T_JUDGE_EXAMPLES,
    .opts = judge_opts,
    .run = judge_run,
};
