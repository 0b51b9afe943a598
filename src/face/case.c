/* hinoban case: the list of cases, and one of them. */
#include "face/case.h"
#include "face/clocks.h"
#include "face/commands.h"
#include "face/words.h"
#include <string.h>

#define NUMBER_COLUMNS 4
#define STATE_COLUMNS  12
#define INDENT         2

const char *case_state_text(enum case_state s)
{
	static const enum text_id names[] = {
	    [CASE_OPEN] = T_CASE_STATE_OPEN,
	    [CASE_CLOSED] = T_CASE_STATE_CLOSED,
	    [CASE_DISMISSED] = T_CASE_STATE_DISMISSED,
	    [CASE_JOINED] = T_CASE_STATE_JOINED,
	};

	return text(names[s]);
}

int case_begin(struct face *f, struct case_job *job)
{
	struct err e = {0};
	int code = face_ledger(f);

	*job = (struct case_job){.f = f};
	if (code)
		return code;
	if (cases_read(f->ledger, &job->cases, &e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_LEDGER_FAULT, e.text);
	return EXIT_OURS;
}

const struct case_view *case_named(struct case_job *job, const char *arg)
{
	const struct case_view *c = NULL;
	uint64_t n;

	if (slice_u64(slice_str(arg), &n) && n <= INT64_MAX)
		c = cases_get(job->cases, (int64_t)n);
	if (!c)
		COMPLAIN(T_CASE_NO_CASE, arg);
	return c;
}

/* ---- the list ---- */

static void put_line(const struct case_view *c)
{
	char when[WHEN_TEXT_BYTES];

	when_text(c->opened_us, when);
	printf("%*lld  %s  ", NUMBER_COLUMNS, (long long)c->number, when);
	term_cell(slice_str(case_state_text(c->state)), STATE_COLUMNS);
	printf("  ");
	term_paint(words_severity_color(slice_str(fact_severity_name(c->severity))),
	           case_subject(c));
	printf("  (%zu)\n", c->findings);
}

static int list(struct case_job *job)
{
	bool json = args_has(&job->f->args, OPT_JSON), all = args_has(&job->f->args, OPT_ALL);
	size_t n = cases_count(job->cases), open = 0, shown = 0;

	for (size_t i = n; i-- > 0;) {
		const struct case_view *c = cases_get(job->cases, (int64_t)i + 1);

		open += c->state == CASE_OPEN;
		if (c->state == CASE_JOINED && !all)
			continue;
		shown++;
		if (json)
			face_put_json(case_json(&job->f->mem, c));
		else
			put_line(c);
	}
	if (!shown && !json)
		SAY(T_CASES_NONE);
	return open ? EXIT_FOUND : EXIT_GOOD;
}

/* ---- one ---- */

static void put_start(struct face *f, const struct case_start *s)
{
	static const enum text_id why[CASE_WHYS] = {
	    [CASE_BY_FINDING] = T_CASE_BY_FINDING,
	    [CASE_BY_CALL] = T_CASE_BY_CALL,
	    [CASE_BY_PERSON] = T_CASE_BY_PERSON,
	};
	char when[WHEN_TEXT_BYTES];
	struct buf b;

	buf_init(&b, FACE_PATH_MAX);
	when_text(s->at_us, when);
	FILL(&b, why[s->why], face_int(f, s->seq), face_cstr(f, s->from));
	if (s->not_counted) {
		buf_byte(&b, ' ');
		FILL(&b, T_CASE_SET_ASIDE, face_int(f, s->not_counted));
	}
	SAY(T_CASE_KNOWN, when, buf_cstr(&b));
	buf_done(&b);
}

static void put_began(struct face *f, const struct case_window *w)
{
	char earliest[WHEN_TEXT_BYTES], from[WHEN_TEXT_BYTES];
	struct buf b;

	buf_init(&b, FACE_PATH_MAX);
	when_text(w->earliest_us, earliest);
	when_text(w->from_us, from);
	if (!w->earliest_us)
		FILL(&b, T_CASE_AT_LATEST, from);
	else if (strcmp(earliest, from) == 0)
		buf_str(&b, from);
	else
		FILL(&b, T_CASE_BETWEEN, earliest, from);
	buf_printf(&b, "  #%lld", (long long)w->from_seq);
	SAY(T_CASE_WINDOW_SINCE, buf_cstr(&b));
	buf_done(&b);
	(void)f;
}

static void put_window(struct face *f, const struct case_window *w)
{
	static const enum text_id ends[CASE_ENDS] = {
	    [CASE_RESTORED] = T_CASE_END_RESTORED, [CASE_HEALED] = T_CASE_END_HEALED,
	    [CASE_REMOVED] = T_CASE_END_REMOVED,   [CASE_APPROVED] = T_CASE_END_APPROVED,
	    [CASE_HELD] = T_CASE_END_HELD,
	};
	char to[WHEN_TEXT_BYTES];

	fputs("  ", stdout);
	term_paint(TERM_BOLD, slice_str(face_full_path(f, w->root, w->path)));
	putchar('\n');
	put_began(f, w);
	when_text(w->to_us, to);
	if (w->to_us)
		SAY(T_CASE_WINDOW_END, to, text(ends[w->end]));
	else
		SAY(T_CASE_WINDOW_LASTS);
}

static void put_facts(struct face *f, const struct case_view *c)
{
	if (c->findings)
		SAY(T_CASE_FINDINGS);
	for (size_t i = 0; i < c->findings; i++)
		words_line(f, c->finding[i].fact, INDENT);
	if (c->words)
		SAY(T_CASE_WORDS);
	for (size_t i = 0; i < c->words; i++)
		words_line(f, c->word[i], INDENT);
}

static void put_clocks(struct face *f, const struct case_view *c)
{
	struct clocks *k = NULL;

	if (clocks_rules(f, &k) == EXIT_GOOD)
		clocks_put(f, k, c);
	clocks_free(k);
}

static void put_case(struct face *f, const struct case_view *c)
{
	SAY(T_CASE_HEAD, face_int(f, c->number), case_state_text(c->state));
	if (c->state == CASE_JOINED)
		SAY(T_CASE_INTO, face_int(f, c->into));
	if (c->assigned.n)
		SAY(T_CASE_WHO, face_cstr(f, c->assigned));
	for (size_t i = 0; i < c->starts; i++)
		put_start(f, &c->start[i]);
	if (c->windows)
		SAY(T_CASE_WINDOWS);
	for (size_t i = 0; i < c->windows; i++)
		put_window(f, &c->window[i]);
	put_clocks(f, c);
	put_facts(f, c);
}

static int show(struct case_job *job)
{
	struct err e = {0};

	if (cases_look(job->cases, job->f->ledger, job->c->number, &e) < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	if (args_has(&job->f->args, OPT_JSON))
		face_put_json(case_json(&job->f->mem, job->c));
	else
		put_case(job->f, job->c);
	return job->c->state == CASE_OPEN ? EXIT_FOUND : EXIT_GOOD;
}

static int about(struct case_job *job)
{
	const struct args *a = &job->f->args;

	if (a->rests == 0)
		return list(job);
	if (strcmp(a->rest[0], "open") == 0)
		return case_open(job);
	job->c = case_named(job, a->rest[0]);
	if (!job->c)
		return EXIT_USE;
	return a->rests == 1 ? show(job) : case_say(job, a->rest[1]);
}

static int case_run(struct face *f)
{
	struct case_job job;
	int code = case_begin(f, &job);

	if (!code)
		code = about(&job);
	cases_free(job.cases);
	return code;
}

static const uint8_t case_opts[] = {OPT_ALL,    OPT_CALL,  OPT_FROM,  OPT_AT,
                                    OPT_BY,     OPT_TRAIT, OPT_CLOCK, OPT_RECEIPT,
                                    OPT_REASON, OPT_JSON,  OPT_END};

const struct command case_cmd = {
    .name = "case",
    .usage = "[open|N [VERB ...]]",
    .what = T_CASE_WHAT,
    .more = T_CASE_EXAMPLES,
    .opts = case_opts,
    .min = 0,
    .max = UINT8_MAX,
    .run = case_run,
};
