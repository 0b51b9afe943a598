/* hinoban log: facts by time, kind, type and path. */
#include "face/commands.h"
#include "face/words.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define LOG_MAX_LIMIT 1000000
#define FOLLOW_MS     250

struct log_job {
	struct face *f;
	bool json;
	int64_t last; /* newest seq shown or passed over */
	/* Facts kept to be turned round, where only the newest are wanted. */
	struct slice *kept;
	size_t count, room;
};

static int show_line(void *ctx, int64_t seq, struct slice canonical)
{
	struct log_job *job = ctx;
	const struct json *fact;
	struct arena *mem = &job->f->mem;

	job->last = seq;
	if (job->json) {
		fwrite(canonical.at, 1, canonical.n, stdout);
		putchar('\n');
		return 0;
	}
	arena_reset(mem);
	fact = json_parse(mem, canonical, NULL);
	if (fact)
		words_line(job->f, fact, 0);
	return ferror(stdout) ? -EIO : 0;
}

static int keep_line(void *ctx, int64_t seq, struct slice canonical)
{
	struct log_job *job = ctx;
	uint8_t *copy = malloc(canonical.n ? canonical.n : 1);

	if (!copy || job->count == job->room) {
		free(copy);
		return -ENOMEM;
	}
	memcpy(copy, canonical.at, canonical.n);
	job->kept[job->count++] = slice_mem(copy, canonical.n);
	if (seq > job->last)
		job->last = seq;
	return 0;
}

/* The newest `limit` facts, told oldest first. */
static int newest(struct log_job *job, struct ledger_query *q)
{
	int r;

	job->room = (size_t)q->limit;
	job->kept = calloc(job->room ? job->room : 1, sizeof(*job->kept));
	if (!job->kept)
		return -ENOMEM;
	q->newest_first = true;
	r = ledger_each(job->f->ledger, q, keep_line, job);
	q->newest_first = false;
	for (size_t i = job->count; i > 0; i--) {
		int64_t last = job->last;

		if (r >= 0)
			r = show_line(job, last, job->kept[i - 1]);
		free((void *)(uintptr_t)job->kept[i - 1].at);
	}
	free(job->kept);
	return r;
}

static int follow(struct log_job *job, struct ledger_query *q)
{
	int r = 0;

	q->limit = 0;
	while (r >= 0 && !ferror(stdout)) {
		int64_t size = ledger_size(job->f->ledger);

		if (size < 0)
			return (int)size;
		if (size > job->last) {
			q->from_seq = job->last + 1;
			q->to_seq = size;
			r = ledger_each(job->f->ledger, q, show_line, job);
			job->last = size;
			fflush(stdout);
		}
		poll(NULL, 0, FOLLOW_MS);
	}
	return r;
}

static bool time_option(struct face *f, enum opt_id id, int64_t *us)
{
	const char *t = args_text(&f->args, id);

	if (!t || when_parse(slice_str(t), clock_now_us(), us))
		return true;
	COMPLAIN(T_BAD_TIME, option_defs[id].name, t);
	return false;
}

static bool kind_option(struct face *f, struct slice *kind)
{
	const char *t = args_text(&f->args, OPT_KIND);
	enum fact_kind k;

	if (!t)
		return true;
	*kind = slice_str(t);
	if (fact_kind_of(*kind, &k))
		return true;
	COMPLAIN(T_BAD_KIND, t);
	return false;
}

static bool type_option(struct face *f, struct slice *type)
{
	const char *t = args_text(&f->args, OPT_TYPE), *names[256], *near;
	size_t n = 0;

	if (!t)
		return true;
	*type = slice_str(t);
	if (strpbrk(t, "*?["))
		return true;
	for (size_t i = 0; i < fact_type_count && n < 256; i++) {
		names[n++] = fact_types[i].type;
		if (strcmp(t, fact_types[i].type) == 0)
			return true;
	}
	near = args_nearest(t, names, n);
	if (near)
		COMPLAIN(T_BAD_TYPE_NEAR, t, near);
	else
		COMPLAIN(T_BAD_TYPE, t);
	return false;
}

/* An absolute path loses its root; others are as in the facts. */
static bool path_option(struct face *f, struct slice *path)
{
	const char *t = args_text(&f->args, OPT_PATH);
	uint32_t root;

	if (!t)
		return true;
	*path = slice_str(t[0] == '.' && t[1] == '/' ? t + 2 : t);
	if (t[0] != '/' || strpbrk(t, "*?["))
		return true;
	if (face_conf(f) || !face_find_path(f, NULL, t, &root, path))
		return false;
	*path = face_path_text(f, *path);
	return true;
}

static bool query_of(struct face *f, struct ledger_query *q)
{
	q->limit = args_number(&f->args, OPT_LIMIT, 0, LOG_MAX_LIMIT);
	return q->limit >= 0 && time_option(f, OPT_SINCE, &q->since_us) &&
	       time_option(f, OPT_UNTIL, &q->until_us) && kind_option(f, &q->kind) &&
	       type_option(f, &q->type) && path_option(f, &q->path);
}

static int log_run(struct face *f)
{
	struct log_job job = {.f = f, .json = args_has(&f->args, OPT_JSON)};
	struct ledger_query q = {0};
	char path[FACE_PATH_MAX];
	int code, r;

	if (!query_of(f, &q))
		return EXIT_USE;
	code = face_ledger(f);
	if (code)
		return code;
	/* Facts shown share f->mem, which is emptied for each. */
	snprintf(path, sizeof(path), "%.*s", SLICE_ARG(q.path));
	q.path = slice_str(path);
	q.to_seq = ledger_size(f->ledger);
	r = q.limit ? newest(&job, &q) : ledger_each(f->ledger, &q, show_line, &job);
	job.last = q.to_seq > job.last ? q.to_seq : job.last;
	if (r >= 0 && args_has(&f->args, OPT_FOLLOW)) {
		fflush(stdout);
		r = follow(&job, &q);
	}
	if (r >= 0 || ferror(stdout))
		return EXIT_GOOD;
	COMPLAIN(T_LEDGER_FAULT, face_why(r));
	return EXIT_OURS;
}

static const uint8_t log_opts[] = {OPT_SINCE, OPT_UNTIL,  OPT_KIND, OPT_TYPE, OPT_PATH,
                                   OPT_LIMIT, OPT_FOLLOW, OPT_JSON, OPT_END};

const struct command log_cmd = {
    .name = "log",
    .usage = "",
    .what = T_LOG_WHAT,
    .more = T_LOG_EXAMPLES,
    .opts = log_opts,
    .run = log_run,
};
