#include "face/scan.h"
#include <string.h>

#define DRAFT_MEM_BYTES (1u << 20)
#define SYNC_MS         120000

struct scan {
	struct face *f;
	const struct scan_want *want;
	struct arena mem; /* one draft */
	struct err e;
	int64_t drafts;
};

static int take(void *ctx, const struct json *draft, int fd)
{
	struct scan *s = ctx;
	struct json *copy;

	s->drafts++;
	if (!s->want->record)
		return 0;
	if (!s->want->deploy || !slice_eq(fact_type(draft), SLICE("file.changed")) ||
	    (s->want->mine && !s->want->mine(s->want->ctx, draft)))
		return post_client_queue(s->f->client, draft, fd, &s->e);
	arena_reset(&s->mem);
	copy = json_copy(&s->mem, draft);
	json_put_int(&s->mem, copy, "deploy", s->want->deploy);
	return post_client_queue(s->f->client, copy, fd, &s->e);
}

static void progress(void *ctx, const struct sense_progress *p)
{
	struct scan *s = ctx;
	char files[32], bytes[32], percent[16] = "";
	struct buf b;

	buf_init(&b, 1024);
	snprintf(files, sizeof(files), "%lld", (long long)p->files);
	snprintf(bytes, sizeof(bytes), "%.1f MiB", (double)p->bytes / (1 << 20));
	if (p->files_known > p->files)
		snprintf(percent, sizeof(percent), "%lld %%",
		         (long long)(p->files * 100 / p->files_known));
	FILL(&b, s->want->progress, files, bytes, percent);
	term_progress(buf_slice(&b));
	buf_done(&b);
}

static int tell(int r, const struct err *e)
{
	term_progress_end();
	COMPLAIN(T_SCAN_FAULT, e->text[0] ? e->text : strerror(-r));
	return EXIT_OURS;
}

static int open_table(struct face *f, struct table *t, struct err *e)
{
	AUTO_FD fd = post_client_table(f->client, e);

	return fd < 0 ? fd : table_open(fd, t);
}

int scan_files(struct face *f, const struct scan_want *want, struct scan_result *out)
{
	struct scan s = {.f = f, .want = want};
	struct table t = {0};
	struct sense_job job = {
	    .conf = &f->conf,
	    .full = want->full,
	    .baseline = want->baseline,
	    .reason = want->reason,
	    .sink = take,
	    .progress = progress,
	    .ctx = &s,
	};
	int r = want->baseline ? 0 : open_table(f, &t, &s.e);

	if (r < 0)
		return tell(r, &s.e);
	job.table = want->baseline ? NULL : &t;
	arena_init(&s.mem, DRAFT_MEM_BYTES);
	r = sense_scan(&job, &out->sense, &s.e);
	if (r == 0 && want->record)
		r = post_client_flush(f->client, &s.e);
	arena_done(&s.mem);
	if (!want->baseline)
		table_close(&t);
	out->drafts = s.drafts;
	if (r < 0)
		return tell(r, &s.e);
	term_progress_end();
	if (r > 0)
		COMPLAIN(T_REFUSED, face_num(f, r), s.e.text);
	return r > 0 ? EXIT_OURS : EXIT_GOOD;
}

static int refresh_live(struct face *f)
{
	struct err e = {0};

	if (post_client_sync(f->client, SYNC_MS, &e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_SYNC_FAULT, e.text);
	return EXIT_OURS;
}

int scan_refresh(struct face *f, bool full, const char *reason, struct scan_result *out)
{
	struct scan_result none = {0};
	struct scan_want want = {
	    .full = full, .reason = reason, .record = true, .progress = T_PROGRESS_CHECK};
	struct err e = {0};
	int code = face_client(f);

	if (code)
		return code;
	if (post_client_live(f->client))
		return refresh_live(f);
	if (post_client_judge(f->client, &e) < 0)
		return tell(-1, &e);
	code = scan_files(f, &want, out ? out : &none);
	return code ? code : refresh_live(f);
}
