/* hinoban clocks: what has to be told to whom until when. */
#include "face/clocks.h"
#include "face/case.h"
#include "face/commands.h"
#include <string.h>

#define CASE_COLUMNS  4
#define STATE_COLUMNS 10
#define DUE_COLUMNS   28
#define ID_COLUMNS    22

static const char *own_folder(struct face *f)
{
	const char *slash = strrchr(f->config, '/');

	if (!slash)
		return ".";
	return face_cstr(
	    f, slice_mem(f->config, slash == f->config ? 1 : (size_t)(slash - f->config)));
}

int clocks_rules(struct face *f, struct clocks **out)
{
	const char *dirs[] = {conf_profile_dir(), own_folder(f), NULL};
	struct err e = {0};

	if (clocks_load(dirs, out, &e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_BAD_CONFIG, e.text);
	return EXIT_USE;
}

static bool concerns(const struct face *f, const struct clock_view *v)
{
	return args_has(&f->args, OPT_ALL) || v->state == CLOCK_RUNS ||
	       v->state == CLOCK_OVERDUE;
}

static struct slice said(struct slice ja, struct slice en)
{
	return text_lang() == LANG_JA || !en.n ? ja : en;
}

static const char *state_text(enum clock_state s)
{
	static const enum text_id names[CLOCK_STATES] = {
	    [CLOCK_RUNS] = T_CLOCK_RUNS,   [CLOCK_OVERDUE] = T_CLOCK_OVERDUE,
	    [CLOCK_FILED] = T_CLOCK_FILED, [CLOCK_STOPPED] = T_CLOCK_STOPPED,
	    [CLOCK_WAITS] = T_CLOCK_WAITS,
	};

	return text(names[s]);
}

static enum term_color state_color(enum clock_state s)
{
	return s == CLOCK_OVERDUE ? TERM_RED
	       : s == CLOCK_RUNS  ? TERM_YELLOW
	       : s == CLOCK_FILED ? TERM_GREEN
	                          : TERM_DIM;
}

/* "2022-10-17 (Mon)", or a time, or "promptly". */
static void put_due(struct face *f, const struct clock_view *v)
{
	static const enum text_id week[] = {T_SUN, T_MON, T_TUE, T_WED, T_THU, T_FRI, T_SAT};
	char day[CLOCK_DAY_BYTES], when[WHEN_TEXT_BYTES], soon[CLOCK_DAY_BYTES];
	struct buf b;

	buf_init(&b, FACE_PATH_MAX);
	clock_day_text(v->due_day, day);
	when_text(v->due_us, when);
	if (v->state == CLOCK_WAITS)
		buf_str(&b, "-");
	else if (v->due_day)
		FILL(&b, T_CLOCK_UNTIL_DAY, day, text(week[holiday_weekday(v->due_day)]));
	else if (v->due_us)
		FILL(&b, T_CLOCK_UNTIL_TIME, when);
	else
		FILL(&b, T_CLOCK_PROMPTLY);
	if (v->soon_us) {
		clock_day_text((v->soon_us / 1000000 + v->rule->zone_s) / 86400, soon);
		FILL(&b, T_CLOCK_FROM_DAY, soon + 5);
	}
	term_cell(buf_slice(&b), DUE_COLUMNS);
	buf_done(&b);
	(void)f;
}

static void put_line(struct face *f, const struct case_view *c, const struct clock_view *v)
{
	char cell[64];

	snprintf(cell, sizeof(cell), "%*lld  ", CASE_COLUMNS, (long long)c->number);
	fputs(cell, stdout);
	term_color(state_color(v->state));
	term_cell(slice_str(state_text(v->state)), STATE_COLUMNS);
	term_color(TERM_PLAIN);
	fputs("  ", stdout);
	put_due(f, v);
	fputs("  ", stdout);
	term_cell(v->rule->id, ID_COLUMNS);
	fputs("  ", stdout);
	term_text(said(v->rule->to, v->rule->to_en));
	fputs(text(T_CLOCK_COLON), stdout);
	term_text(said(v->rule->what, v->rule->what_en));
	if (v->receipt) {
		fputs("  ", stdout);
		term_text(v->receipt->receipt);
	}
	putchar('\n');
}

static int64_t put_all(struct face *f, const struct clocks *k, const struct case_view *c,
                       int64_t *late)
{
	int64_t now = clock_now_us(), shown = 0;
	struct clock_view *v;
	int64_t n = clocks_of(k, c, now, &f->mem, &v);

	for (int64_t i = 0; i < n; i++) {
		*late += v[i].state == CLOCK_OVERDUE || v[i].state == CLOCK_RUNS;
		if (!concerns(f, &v[i]))
			continue;
		shown++;
		if (args_has(&f->args, OPT_JSON))
			face_put_json(clock_json(&f->mem, c, &v[i]));
		else
			put_line(f, c, &v[i]);
	}
	return n < 0 ? n : shown;
}

void clocks_put(struct face *f, const struct clocks *k, const struct case_view *c)
{
	int64_t now = clock_now_us();
	struct clock_view *v;
	int64_t n = clocks_of(k, c, now, &f->mem, &v);

	if (n <= 0)
		return;
	SAY(T_CLOCKS_HEAD);
	for (int64_t i = 0; i < n; i++)
		put_line(f, c, &v[i]);
	SAY(T_CLOCKS_NO_ADVICE);
}

bool clocks_known(struct face *f, const struct clocks *k, const struct case_view *c,
                  const char *id)
{
	struct clock_view *v;
	int64_t n = clocks_of(k, c, clock_now_us(), &f->mem, &v);

	for (int64_t i = 0; i < n; i++) {
		if (slice_eq(v[i].rule->id, slice_str(id)))
			return true;
	}
	return false;
}

static int run_all(struct case_job *job, const struct clocks *k)
{
	bool json = args_has(&job->f->args, OPT_JSON);
	int64_t shown = 0, running = 0;

	for (size_t i = 1; i <= cases_count(job->cases); i++) {
		int64_t n = put_all(job->f, k, cases_get(job->cases, (int64_t)i), &running);

		if (n < 0)
			return EXIT_OURS;
		shown += n;
	}
	if (!json && !shown)
		SAY(T_CLOCKS_NONE);
	if (!json)
		SAY(T_CLOCKS_NO_ADVICE);
	return running ? EXIT_FOUND : EXIT_GOOD;
}

static int clocks_run(struct face *f)
{
	struct case_job job = {0};
	struct clocks *k = NULL;
	int code = face_state(f);

	if (!code)
		code = clocks_rules(f, &k);
	if (!code)
		code = case_begin(f, &job);
	if (!code)
		code = run_all(&job, k);
	cases_free(job.cases);
	clocks_free(k);
	return code;
}

static const uint8_t clocks_opts[] = {OPT_ALL, OPT_JSON, OPT_END};

const struct command clocks_cmd = {
    .name = "clocks",
    .usage = "",
    .what = T_CLOCKS_WHAT,
    .more = T_CLOCKS_EXAMPLES,
    .opts = clocks_opts,
    .run = clocks_run,
};
