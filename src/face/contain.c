/* hinoban contain, lift: a person's word, what was done about it, and what is in force. */
#include "face/contain.h"
#include "face/commands.h"
#include "face/words.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define POLL_MS     50
#define VERB_COLUMN 14

/* ---- the way of a word ---- */

struct json *contain_draft(struct face *f, const char *type, const char *verb,
                           const char *reason)
{
	struct json *w = fact_draft(&f->mem, type);

	json_put_str(&f->mem, w, "verb", verb);
	json_put_str(&f->mem, w, "by", face_who(f));
	json_put_str(&f->mem, w, "reason", reason);
	return w;
}

int contain_connect(struct face *f)
{
	int code = face_conf(f);

	if (!code)
		code = face_ledger(f);
	if (!code && !face_live(f)) {
		COMPLAIN(T_CONTAIN_NOT_RUNNING);
		return EXIT_OURS;
	}
	return code ? code : face_client(f);
}

struct answer {
	struct face *f;
	int64_t of;               /* seq of a word, or of an order */
	const char *kind;         /* of the fact that answers it */
	const struct json *found; /* in f->mem */
};

static int on_answer(void *ctx, int64_t seq, struct slice canonical)
{
	struct answer *a = ctx;
	const struct json *v = json_parse(&a->f->mem, arena_copy(&a->f->mem, canonical), NULL);

	(void)seq;
	if (slice_eq(json_text(v, "kind"), slice_str(a->kind)))
		a->found = v;
	return 0;
}

/* The newest fact of this kind that refers to another, or NULL: what was contained may have
 * to be contained once more. */
static const struct json *answer_to(struct face *f, int64_t seq, const char *kind)
{
	struct answer a = {f, seq, kind, NULL};

	ledger_referrers(f->ledger, seq, on_answer, &a);
	return a.found;
}

const struct json *contain_wait(struct face *f, int64_t word)
{
	const struct json *order = NULL, *deed = NULL;

	for (int ms = 0; ms < CONTAIN_WAIT_MS && !deed; ms += POLL_MS) {
		poll(NULL, 0, POLL_MS);
		if (!order)
			order = answer_to(f, word, "order");
		if (order)
			deed = answer_to(f, fact_seq(order), "deed");
	}
	return deed;
}

/*
 * The gate names no process of hinoban's own to the hand, nor the kernel's (find_process in
 * sense/gate_contain.c); the hand can't tell that from one that is gone.
 */
static bool is_spared(struct face *f, const struct json *word, const struct json *deed)
{
	struct json *now = json_obj(&f->mem);
	int64_t pid = json_num(word, "pid", 0);

	return pid && slice_ends(json_text(deed, "why"), slice_str(strerror(ESRCH))) &&
	       contain_process(f, pid, now) &&
	       json_num(now, "started", 0) == json_num(word, "started", 0);
}

/* Send it, and say what came of it. */
static int carry_out(struct face *f, struct json *word, enum text_id done)
{
	int64_t seq = face_send(f, word);
	const struct json *deed;

	if (seq < 0)
		return EXIT_OURS;
	deed = contain_wait(f, seq);
	if (!deed) {
		COMPLAIN(T_CONTAIN_NO_DEED, face_int(f, seq));
		return EXIT_OURS;
	}
	if (args_has(&f->args, OPT_JSON))
		face_put_json(deed);
	if (!json_true(deed, "done")) {
		if (is_spared(f, word, deed)) {
			COMPLAIN(T_CONTAIN_NEVER, face_int(f, json_num(word, "pid", 0)));
			return EXIT_OURS;
		}
		COMPLAIN(T_CONTAIN_FAILED, words_failure(f, deed), face_int(f, seq));
		return EXIT_OURS;
	}
	if (!args_has(&f->args, OPT_JSON))
		SAY(done, face_cstr(f, json_text(word, "verb")), face_int(f, seq));
	return EXIT_GOOD;
}

/* ---- what is in force ---- */

struct listing {
	struct face *f;
	int64_t seq[CONTAIN_MAX_LISTED];
	int n;
};

static int on_word(void *ctx, int64_t seq, struct slice canonical)
{
	struct listing *l = ctx;

	(void)canonical;
	if (l->n < CONTAIN_MAX_LISTED)
		l->seq[l->n++] = seq;
	return 0;
}

struct ending {
	struct face *f;
	bool ended;
};

static int on_ending(void *ctx, int64_t seq, struct slice canonical)
{
	struct ending *e = ctx;
	struct slice type =
	    fact_type(json_parse(&e->f->mem, arena_copy(&e->f->mem, canonical), NULL));

	(void)seq;
	e->ended =
	    e->ended || slice_eq(type, SLICE("lift")) || slice_eq(type, SLICE("deed.lift"));
	return 0;
}

/* Carried out, and neither lifted by a word nor by its timer. */
static bool in_force(struct face *f, int64_t seq)
{
	const struct json *order = answer_to(f, seq, "order"), *deed;
	struct ending e = {f, false};

	if (!order)
		return false;
	deed = answer_to(f, fact_seq(order), "deed");
	ledger_referrers(f->ledger, seq, on_ending, &e);
	ledger_referrers(f->ledger, fact_seq(order), on_ending, &e);
	return deed && json_true(deed, "done") && !e.ended;
}

static void put_line(struct face *f, const struct json *w)
{
	char when[WHEN_TEXT_BYTES], verb[VERB_COLUMN + 1];

	when_text(fact_at_us(w), when);
	snprintf(verb, sizeof(verb), "%-*.*s", VERB_COLUMN, VERB_COLUMN,
	         face_cstr(f, json_text(w, "verb")));
	SAY(T_CONTAIN_LINE, face_int(f, fact_seq(w)), when, verb, words_target(f, w),
	    words_field(f, w, "by"), words_field(f, w, "reason"));
}

int contain_in_force(struct face *f, const struct json **out, int max)
{
	struct ledger_query q = {.type = SLICE("contain")};
	struct listing l = {.f = f};
	int n = 0, code;

	if (ledger_each(f->ledger, &q, on_word, &l) < 0)
		return -EIO;
	for (int i = 0; i < l.n && n < max; i++) {
		const struct json *w = face_fact(f, l.seq[i], &code);

		if (w && !slice_eq(json_text(w, "verb"), SLICE("confirm")) &&
		    !json_true(w, "rehearsal") && in_force(f, l.seq[i]))
			out[n++] = w;
	}
	return n;
}

static int list(struct face *f)
{
	static const struct json *word[CONTAIN_MAX_LISTED];
	int code = face_conf(f), n;

	if (!code)
		code = face_ledger(f);
	if (code)
		return code;
	n = contain_in_force(f, word, CONTAIN_MAX_LISTED);
	for (int i = 0; i < n; i++) {
		if (args_has(&f->args, OPT_JSON))
			face_put_json(word[i]);
		else
			put_line(f, word[i]);
	}
	if (n == 0 && !args_has(&f->args, OPT_JSON))
		SAY(T_CONTAIN_NONE);
	return n < 0 ? EXIT_OURS : EXIT_GOOD;
}

/* ---- commands ---- */

/* The containment that a word answers, by its seq; NULL after a complaint. */
static const struct json *answered(struct face *f, const char *arg, const char **reason,
                                   int *code)
{
	int64_t seq = face_seq(arg);
	const struct json *w;

	*code = EXIT_USE;
	if (!face_wants_reason(f, reason))
		return NULL;
	*code = contain_connect(f);
	if (*code)
		return NULL;
	*code = EXIT_USE;
	w = seq > 0 ? face_fact(f, seq, code) : NULL;
	if (!w)
		return NULL;
	if (slice_eq(fact_type(w), SLICE("contain")) &&
	    !slice_eq(json_text(w, "verb"), SLICE("confirm")) && in_force(f, seq))
		return w;
	COMPLAIN(T_CONTAIN_NOT_IN_FORCE, arg);
	*code = EXIT_USE;
	return NULL;
}

static int confirm(struct face *f)
{
	const char *reason;
	const struct json *was;
	struct json *w;
	int code;

	was = answered(f, args_text(&f->args, OPT_CONFIRM), &reason, &code);
	if (!was)
		return code;
	if (!slice_eq(json_text(was, "verb"), SLICE("isolate"))) {
		COMPLAIN(T_CONTAIN_NO_TIMER, face_int(f, fact_seq(was)));
		return EXIT_USE;
	}
	w = contain_draft(f, "contain", "confirm", reason);
	json_put_int(&f->mem, w, "contain", fact_seq(was));
	return carry_out(f, w, T_CONTAIN_CONFIRMED);
}

/*
 * Whoever lifts one of two would open what the other is to keep shut. (Holds are the gate's: a
 * path is held as long as one of them stands.)
 */
static bool same_target(const struct json *a, const struct json *b)
{
	return slice_eq(json_text(a, "verb"), json_text(b, "verb")) &&
	       slice_eq(json_text(a, "cgroup"), json_text(b, "cgroup")) &&
	       json_num(a, "pid", 0) == json_num(b, "pid", 0) &&
	       json_num(a, "started", 0) == json_num(b, "started", 0);
}

static const struct json *in_force_already(struct face *f, const struct json *w)
{
	static const struct json *all[CONTAIN_MAX_LISTED];
	int n = contain_in_force(f, all, CONTAIN_MAX_LISTED);

	for (int i = 0; i < n; i++) {
		if (same_target(w, all[i]))
			return all[i];
	}
	return NULL;
}

static int contain(struct face *f)
{
	const char *verb = f->args.rest[0], *reason = NULL;
	bool dry = args_has(&f->args, OPT_DRY_RUN);
	const struct json *other;
	struct json *w;
	int code;

	if (!contain_verb(verb) ||
	    (dry ? !face_reason(f, &reason) : !face_wants_reason(f, &reason)))
		return EXIT_USE;
	code = dry ? face_conf(f) : contain_connect(f);
	if (!code)
		code = face_state(f);
	if (code)
		return code;
	w = contain_draft(f, "contain", verb, reason ? reason : "");
	code = contain_target(f, verb, w);
	if (code)
		return code;
	if (dry) {
		contain_dry(f, verb, w);
		return EXIT_GOOD;
	}
	other = strcmp(verb, "hold") == 0 ? NULL : in_force_already(f, w);
	if (other) {
		COMPLAIN(T_CONTAIN_ALREADY, face_int(f, fact_seq(other)),
		         words_field(f, other, "by"));
		return EXIT_FOUND;
	}
	return carry_out(f, w,
	                 strcmp(verb, "isolate") == 0 ? T_CONTAIN_ISOLATED : T_CONTAIN_DONE);
}

static int contain_cmd_run(struct face *f)
{
	if (args_has(&f->args, OPT_SNIPPET))
		return snippet_put(f, args_text(&f->args, OPT_SNIPPET));
	if (args_has(&f->args, OPT_CONFIRM))
		return confirm(f);
	return f->args.rests ? contain(f) : list(f);
}

static int lift_run(struct face *f)
{
	const char *reason;
	const struct json *was;
	struct json *w;
	int code;

	was = answered(f, f->args.rest[0], &reason, &code);
	if (!was)
		return code;
	w = contain_draft(f, "lift", face_cstr(f, json_text(was, "verb")), reason);
	json_put_int(&f->mem, w, "contain", fact_seq(was));
	contain_copy(f, w, was);
	fact_ref(&f->mem, w, fact_seq(was));
	return carry_out(f, w, T_CONTAIN_LIFTED);
}

static const uint8_t contain_opts[] = {OPT_JSON,    OPT_REASON,  OPT_DRY_RUN, OPT_EXCEPT,
                                       OPT_MINUTES, OPT_CONFIRM, OPT_SNIPPET, OPT_END};

const struct command contain_cmd = {
    .name = "contain",
    .usage = "[hold PATH|stop-payment|stop-shop|freeze PID|CGROUP|isolate]",
    .what = T_CONTAIN_WHAT,
    .more = T_CONTAIN_EXAMPLES,
    .opts = contain_opts,
    .min = 0,
    .max = 2,
    .run = contain_cmd_run,
};

static const uint8_t lift_opts[] = {OPT_JSON, OPT_REASON, OPT_END};

const struct command lift_cmd = {
    .name = "lift",
    .usage = "SEQ",
    .what = T_LIFT_WHAT,
    .more = T_LIFT_EXAMPLES,
    .opts = lift_opts,
    .min = 1,
    .max = 1,
    .run = lift_run,
};
