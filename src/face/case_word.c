/* What persons say about cases: each a word in the ledger, with who and why. */
#include "face/case.h"
#include "face/clocks.h"
#include <errno.h>
#include <string.h>

#define TEXT_MAX_BYTES 4000

/* root is nobody's name. */
static bool has_name(struct face *f)
{
	const char *name = args_text(&f->args, OPT_BY);

	if ((name && slice_trim(slice_str(name)).n) || strcmp(face_who(f), "root") != 0)
		return true;
	COMPLAIN(T_CASE_NAME_WANTED);
	return false;
}

static bool good_text(const char *s)
{
	struct slice t = slice_trim(slice_str(s));

	if (t.n && t.n <= TEXT_MAX_BYTES && slice_utf8_valid(t))
		return true;
	COMPLAIN(T_CASE_BAD_TEXT, s);
	return false;
}

/* Send it; *seq gets its number. EXIT_GOOD, or the code after a complaint. */
static int send(struct face *f, const struct json *word, int64_t *seq)
{
	int code = face_client(f);

	if (code)
		return code;
	*seq = face_send(f, word);
	return *seq > 0 ? EXIT_GOOD : EXIT_OURS;
}

static bool put_traits(struct face *f, struct json *word)
{
	const struct args *a = &f->args;
	struct json *list = json_arr(&f->mem);

	for (int i = 0; i < a->count[OPT_TRAIT] && i < ARGS_MAX_REPEAT; i++) {
		if (!good_text(a->value[OPT_TRAIT][i]))
			return false;
		json_push(list, json_str(&f->mem, slice_str(a->value[OPT_TRAIT][i])));
	}
	if (list->first)
		json_put(&f->mem, word, "traits", list);
	return true;
}

/* --at TIME as a member of the word. */
static bool put_time(struct face *f, struct json *word, const char *name)
{
	const char *at = args_text(&f->args, OPT_AT);
	char text[CLOCK_TEXT_BYTES];
	int64_t us;

	if (!at)
		return true;
	if (!when_parse(slice_str(at), clock_now_us(), &us) || us > clock_now_us()) {
		COMPLAIN(T_BAD_TIME, "at", at);
		return false;
	}
	clock_text(us, text);
	json_put_str(&f->mem, word, name, text);
	return true;
}

/* ---- open ---- */

static int tell_opened(struct face *f, int64_t seq)
{
	struct cases *cs = NULL;
	struct err e = {0};
	const struct case_view *c = NULL;

	if (cases_read(f->ledger, &cs, &e) < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	for (size_t i = cases_count(cs); i > 0 && !c; i--) {
		const struct case_view *v = cases_get(cs, (int64_t)i);

		c = v->opened_seq == seq ? v : NULL;
	}
	if (c && args_has(&f->args, OPT_JSON))
		face_put_json(case_json(&f->mem, c));
	else if (c)
		SAY(T_CASE_OPENED, face_int(f, c->number), face_int(f, seq));
	cases_free(cs);
	return c ? EXIT_GOOD : EXIT_OURS;
}

int case_open(struct case_job *job)
{
	struct face *f = job->f;
	const char *from = args_text(&f->args, OPT_FROM), *reason;
	struct json *w = fact_draft(&f->mem, "case.opened");
	int64_t seq = 0;
	int code;

	if (!face_wants_reason(f, &reason) || !put_time(f, w, "known") || !put_traits(f, w))
		return EXIT_USE;
	if (args_has(&f->args, OPT_CALL) && !from) {
		COMPLAIN(T_CASE_CALL_FROM);
		return EXIT_USE;
	}
	if (from && !good_text(from))
		return EXIT_USE;
	if (from)
		json_put_str(&f->mem, w, "from", from);
	json_put_str(&f->mem, w, "by", face_by(f));
	json_put_str(&f->mem, w, "reason", reason);
	code = send(f, w, &seq);
	return code ? code : tell_opened(f, seq);
}

/* ---- about one ---- */

/* The arguments behind the verb go into the word; false after a complaint. */
typedef bool fill_fn(struct case_job *job, struct json *word, char **arg, int args);

static bool fill_join(struct case_job *job, struct json *word, char **arg, int args)
{
	const struct case_view *other = case_named(job, arg[0]);

	(void)args;
	if (!other)
		return false;
	if (other->number == job->c->number || other->state == CASE_JOINED) {
		COMPLAIN(T_CASE_NOT_OPEN, arg[0], case_state_text(other->state));
		return false;
	}
	json_put_int(&job->f->mem, word, "into", job->c->number);
	json_put_int(&job->f->mem, word, "case", other->number);
	fact_ref(&job->f->mem, word, other->opened_seq);
	return true;
}

static bool is_finding(struct face *f, int64_t seq)
{
	int code;
	const struct json *fact = seq ? face_fact(f, seq, &code) : NULL;

	if (!fact)
		return false;
	if (!slice_eq(json_text(fact, "kind"), SLICE("finding")))
		COMPLAIN(T_NOT_A_FINDING, face_int(f, seq));
	return slice_eq(json_text(fact, "kind"), SLICE("finding"));
}

static bool fill_add(struct case_job *job, struct json *word, char **arg, int args)
{
	int64_t seq = face_seq(arg[0]);

	(void)args;
	if (!is_finding(job->f, seq))
		return false;
	json_put_int(&job->f->mem, word, "into", job->c->number);
	json_put_int(&job->f->mem, word, "finding", seq);
	fact_ref(&job->f->mem, word, seq);
	return true;
}

static bool fill_split(struct case_job *job, struct json *word, char **arg, int args)
{
	struct arena *a = &job->f->mem;
	struct json *list = json_put(a, word, "findings", json_arr(a));

	for (int i = 0; i < args; i++) {
		int64_t seq = face_seq(arg[i]);

		if (!seq)
			return false;
		if (cases_of_finding(job->cases, seq) != job->c) {
			COMPLAIN(T_CASE_NOT_ITS, arg[i], face_int(job->f, job->c->number));
			return false;
		}
		json_push(list, json_int(a, seq));
		fact_ref(a, word, seq);
	}
	return true;
}

static bool fill_assign(struct case_job *job, struct json *word, char **arg, int args)
{
	(void)args;
	if (!good_text(arg[0]))
		return false;
	json_put_str(&job->f->mem, word, "to", arg[0]);
	return true;
}

static bool fill_note(struct case_job *job, struct json *word, char **arg, int args)
{
	(void)args;
	if (!good_text(arg[0]))
		return false;
	json_put_str(&job->f->mem, word, "text", arg[0]);
	return put_traits(job->f, word) && put_time(job->f, word, "known");
}

static bool fill_dismiss(struct case_job *job, struct json *word, char **arg, int args)
{
	(void)word, (void)arg, (void)args;
	return has_name(job->f);
}

/* A clock of this very case, and what says that it was filed. */
static bool fill_filed(struct case_job *job, struct json *word, char **arg, int args)
{
	const char *id = args_text(&job->f->args, OPT_CLOCK);
	const char *receipt = args_text(&job->f->args, OPT_RECEIPT);
	struct clocks *k = NULL;
	bool known;

	(void)arg, (void)args;
	if (!id || !receipt) {
		COMPLAIN(T_CLOCK_WHICH);
		return false;
	}
	if (!good_text(receipt) || clocks_rules(job->f, &k) != EXIT_GOOD)
		return false;
	known = clocks_known(job->f, k, job->c, id);
	clocks_free(k);
	if (!known) {
		COMPLAIN(T_CLOCK_UNKNOWN, face_int(job->f, job->c->number), id);
		return false;
	}
	json_put_str(&job->f->mem, word, "clock", id);
	json_put_str(&job->f->mem, word, "receipt", receipt);
	return put_time(job->f, word, "filed");
}

static bool fill_uncount(struct case_job *job, struct json *word, char **arg, int args)
{
	int64_t seq = face_seq(arg[0]);

	(void)args;
	if (!seq || !has_name(job->f))
		return false;
	for (size_t i = 0; i < job->c->starts; i++) {
		if (job->c->start[i].seq != seq)
			continue;
		json_put_int(&job->f->mem, word, "start", seq);
		fact_ref(&job->f->mem, word, seq);
		return true;
	}
	COMPLAIN(T_CLOCK_NO_START, face_int(job->f, job->c->number), arg[0]);
	return false;
}

static const struct {
	const char *verb, *type;
	int min, max;
	const char *args; /* for a complaint */
	bool reason;      /* must be given */
	bool open;        /* only of an open case */
	fill_fn *fill;    /* NULL: nothing more */
} verbs[] = {
    {"join", "case.joined", 1, 1, "M", true, false, fill_join},
    {"add", "case.joined", 1, 1, "SEQ", true, false, fill_add},
    {"split", "case.split", 1, 200, "SEQ ...", true, false, fill_split},
    {"assign", "case.assigned", 1, 1, "WHO", false, false, fill_assign},
    {"note", "case.noted", 1, 1, "TEXT", false, false, fill_note},
    {"close", "case.closed", 0, 0, "", true, true, NULL},
    {"dismiss", "case.dismissed", 0, 0, "", true, true, fill_dismiss},
    {"filed", "case.filed", 0, 0, "", false, false, fill_filed},
    {"uncount", "case.clock", 1, 1, "SEQ", true, false, fill_uncount},
};
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static size_t find_verb(const char *verb)
{
	const char *names[VERBS], *near;

	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].verb;
		if (strcmp(verbs[i].verb, verb) == 0)
			return i;
	}
	near = args_nearest(verb, names, VERBS);
	if (near)
		COMPLAIN(T_UNKNOWN_COMMAND_NEAR, verb, near);
	else
		COMPLAIN(T_CASE_NO_VERB, verb);
	return VERBS;
}

/* What the verb may be said of, and with how much. */
static bool may_say(struct case_job *job, size_t v)
{
	int args = job->f->args.rests - 2;

	if (args < verbs[v].min || args > verbs[v].max) {
		COMPLAIN(T_CASE_VERB_WANTS, verbs[v].verb, verbs[v].args);
		return false;
	}
	if (job->c->state == CASE_JOINED || (verbs[v].open && job->c->state != CASE_OPEN)) {
		COMPLAIN(T_CASE_NOT_OPEN, face_int(job->f, job->c->number),
		         case_state_text(job->c->state));
		return false;
	}
	return true;
}

int case_say(struct case_job *job, const char *verb)
{
	size_t v = find_verb(verb);
	struct face *f = job->f;
	const char *reason = NULL;
	struct json *w;
	int64_t seq = 0;
	int code;

	if (v == VERBS || !may_say(job, v) ||
	    (verbs[v].reason ? !face_wants_reason(f, &reason) : !face_reason(f, &reason)))
		return EXIT_USE;
	w = fact_draft(&f->mem, verbs[v].type);
	if (strcmp(verbs[v].type, "case.joined") != 0)
		json_put_int(&f->mem, w, "case", job->c->number);
	json_put_str(&f->mem, w, "by", face_by(f));
	if (reason)
		json_put_str(&f->mem, w, "reason", reason);
	fact_ref(&f->mem, w, job->c->opened_seq);
	if (verbs[v].fill && !verbs[v].fill(job, w, f->args.rest + 2, f->args.rests - 2))
		return EXIT_USE;
	code = send(f, w, &seq);
	if (!code && args_has(&f->args, OPT_JSON))
		face_put_fact(f, seq);
	else if (!code)
		SAY(T_CASE_SAID, face_int(f, seq), face_int(f, job->c->number));
	return code;
}
