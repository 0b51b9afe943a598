/* hinoban findings: what waits for a decision. */
#include "face/findings.h"
#include "face/commands.h"
#include "face/words.h"
#include <string.h>

#define FINDINGS_MAX 100000

struct findings_job {
	struct face *f;
	bool json;
	int64_t n;
};

static int one(void *ctx, const struct ledger_finding *v)
{
	struct findings_job *job = ctx;
	const struct json *fact;

	job->n++;
	if (job->json) {
		fwrite(v->body.at, 1, v->body.n, stdout);
		putchar('\n');
		return 0;
	}
	fact = json_parse(&job->f->mem, arena_copy(&job->f->mem, v->body), NULL);
	if (fact)
		words_line(job->f, fact, 0);
	return 0;
}

static int count_one(void *ctx, const struct ledger_finding *v)
{
	(void)v;
	++*(int64_t *)ctx;
	return 0;
}

int64_t findings_open_count(struct face *f)
{
	int64_t n = 0;
	int r = ledger_findings(f->ledger, true, true, 0, count_one, &n);

	return r < 0 ? r : n;
}

int64_t findings_print(struct face *f, bool all, bool json, int64_t limit)
{
	struct findings_job job = {.f = f, .json = json};
	int r = ledger_findings(f->ledger, !all, true, limit, one, &job);

	return r < 0 ? r : job.n;
}

/* ---- what was put back ---- */

/* The newest change that it rests on. */
static const struct json *change_of(struct face *f, const struct json *finding)
{
	const struct json *refs = json_get(finding, "refs"), *newest = NULL;
	int code;

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next) {
		const struct json *v = r->kind == JSON_INT ? face_fact(f, r->i, &code) : NULL;

		if (v && slice_eq(fact_type(v), SLICE("file.changed")) &&
		    (!newest || fact_seq(v) > fact_seq(newest)))
			newest = v;
	}
	return newest;
}

int64_t findings_put_back(struct face *f, const struct json *finding)
{
	const struct json *change = change_of(f, finding);

	return change && ledger_standing(f->ledger, finding, change) == STANDS_APPROVED
	           ? fact_seq(change)
	           : 0;
}

static int findings_run(struct face *f)
{
	bool json = args_has(&f->args, OPT_JSON);
	int64_t limit = args_number(&f->args, OPT_LIMIT, 0, FINDINGS_MAX), n, open;
	int code;

	if (limit < 0)
		return EXIT_USE;
	code = face_ledger(f);
	if (code)
		return code;
	n = findings_print(f, args_has(&f->args, OPT_ALL), json, limit);
	open = findings_open_count(f);
	if (n < 0 || open < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why((int)(n < 0 ? n : open)));
		return EXIT_OURS;
	}
	if (!json && !open)
		SAY(T_FINDINGS_NONE);
	else if (!json)
		SAY(T_FINDINGS_SUM, face_num(f, open));
	return open ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t findings_opts[] = {OPT_ALL, OPT_LIMIT, OPT_JSON, OPT_END};

const struct command findings_cmd = {
    .name = "findings",
    .usage = "",
    .what = T_FINDINGS_WHAT,
    .more = T_FINDINGS_EXAMPLES,
    .opts = findings_opts,
    .run = findings_run,
};
