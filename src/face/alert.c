/* hinoban alert: whom hinoban tells, and a test of it. */
#include "face/commands.h"
#include "face/words.h"
#include <string.h>
#include <time.h>

#define WAIT_MS   75000
#define STEP_MS   200
#define WAYS_MAX  24
#define NAME_ROOM 32

struct alert {
	struct face *f;
	char way[WAYS_MAX][NAME_ROOM];
	int ways;
	const struct json *answer[WAYS_MAX]; /* alert.sent or alert.failed */
	int64_t word;
};

/* As hinoban-herald calls them. */
static void list_ways(struct alert *a)
{
	const struct conf *c = &a->f->conf;

	if (c->alert_mails)
		snprintf(a->way[a->ways++], NAME_ROOM, "mail");
	for (size_t i = 0; i < c->alert_webhooks && a->ways < WAYS_MAX - 1; i++)
		snprintf(a->way[a->ways++], NAME_ROOM, "webhook%zu", i + 1);
	if (c->alert_syslog)
		snprintf(a->way[a->ways++], NAME_ROOM, "syslog");
}

static void take(struct alert *a, const struct json *fact)
{
	for (int i = 0; i < a->ways; i++) {
		if (slice_eq(json_text(fact, "to"), slice_str(a->way[i])))
			a->answer[i] = fact;
	}
}

static int on_fact(void *ctx, int64_t seq, struct slice canonical)
{
	struct alert *a = ctx;
	const struct json *fact =
	    json_parse(&a->f->mem, arena_copy(&a->f->mem, canonical), NULL);

	(void)seq;
	if (slice_eq(fact_type(fact), SLICE("alert.sent")) ||
	    slice_eq(fact_type(fact), SLICE("alert.failed")))
		take(a, fact);
	return 0;
}

/* ---- test ---- */

static bool complete(const struct alert *a)
{
	for (int i = 0; i < a->ways; i++) {
		if (!a->answer[i])
			return false;
	}
	return true;
}

static void wait_for_answers(struct alert *a)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};

	for (int ms = 0; ms < WAIT_MS && !complete(a); ms += STEP_MS) {
		nanosleep(&step, NULL);
		ledger_referrers(a->f->ledger, a->word, on_fact, a);
	}
}

static int tell_answers(struct alert *a)
{
	int code = EXIT_GOOD;

	for (int i = 0; i < a->ways; i++) {
		const struct json *fact = a->answer[i];
		bool sent = fact && slice_eq(fact_type(fact), SLICE("alert.sent"));

		if (!sent)
			code = EXIT_FOUND;
		if (fact && args_has(&a->f->args, OPT_JSON))
			face_put_fact(a->f, fact_seq(fact));
		else if (sent)
			SAY(T_ALERT_WORKS, a->way[i], face_int(a->f, fact_seq(fact)));
		else if (fact)
			SAY(T_ALERT_FAILS, a->way[i], words_field(a->f, fact, "why"),
			    face_int(a->f, fact_seq(fact)));
		else
			COMPLAIN(T_ALERT_SILENT, a->way[i]);
	}
	return code;
}

static int test(struct alert *a)
{
	struct face *f = a->f;
	struct err e = {0};
	struct json *w;
	int code = face_client(f);

	if (code)
		return code;
	if (!post_client_live(f->client)) {
		COMPLAIN(T_ALERT_NOT_LIVE);
		return EXIT_USE;
	}
	w = fact_draft(&f->mem, "alert.test");
	json_put_str(&f->mem, w, "by", face_who(f));
	a->word = post_client_fact(f->client, w, -1, &e);
	if (a->word < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	wait_for_answers(a);
	return tell_answers(a);
}

/* ---- the list ---- */

static int show(struct alert *a)
{
	static const char *const types[] = {"alert.sent", "alert.failed"};
	int64_t newest[WAYS_MAX] = {0};

	for (size_t t = 0; t < 2; t++) {
		struct ledger_query q = {.type = slice_str(types[t])};
		const struct json *before[WAYS_MAX];

		memcpy(before, a->answer, sizeof(before));
		ledger_each(a->f->ledger, &q, on_fact, a);
		for (int i = 0; i < a->ways; i++) {
			if (before[i] && fact_seq(before[i]) > fact_seq(a->answer[i]))
				a->answer[i] = before[i];
			newest[i] = fact_seq(a->answer[i]);
		}
	}
	for (int i = 0; i < a->ways; i++) {
		if (newest[i] && args_has(&a->f->args, OPT_JSON))
			face_put_fact(a->f, newest[i]);
		else if (newest[i])
			words_line(a->f, a->answer[i], 0);
		else if (!args_has(&a->f->args, OPT_JSON))
			SAY(T_ALERT_LINE, a->way[i], text(T_ALERT_NEVER), "");
	}
	return EXIT_GOOD;
}

static int alert_run(struct face *f)
{
	struct alert a = {.f = f};
	bool wants_test = f->args.rests == 1;
	int code = face_conf(f);

	if (!code && wants_test && strcmp(f->args.rest[0], "test") != 0) {
		COMPLAIN(T_TOO_MANY, "alert", f->args.rest[0]);
		return EXIT_USE;
	}
	if (!code)
		code = face_ledger(f);
	if (code)
		return code;
	list_ways(&a);
	if (!a.ways) {
		COMPLAIN(T_ALERT_NONE);
		return EXIT_USE;
	}
	return wants_test ? test(&a) : show(&a);
}

static const uint8_t alert_opts[] = {OPT_JSON, OPT_END};

const struct command alert_cmd = {
    .name = "alert",
    .usage = "[test]",
    .what = T_ALERT_WHAT,
    .more = T_ALERT_EXAMPLES,
    .opts = alert_opts,
    .min = 0,
    .max = 1,
    .run = alert_run,
};
