/* The windows of a case, for the count: when payment was open to others, when anything was. */
#include "face/case.h"
#include "face/scope.h"

#define EVER "1970-01-01T00:00:00.000000Z"

static const char *rfc(struct face *f, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	return face_cstr(f, slice_str(text));
}

/* A page (which has no role), or payment code: what is typed there could be read. */
static bool takes_cards(const struct case_window *w)
{
	return w->role.n == 0 || slice_eq(w->role, SLICE("payment"));
}

static void add_ref(struct arena *a, struct json *refs, int64_t seq)
{
	for (const struct json *r = refs->first; r; r = r->next)
		if (r->i == seq)
			return;
	if (seq > 0)
		json_push(refs, json_int(a, seq));
}

static void add_window(struct face *f, const struct case_window *w, int64_t now,
                       struct scope_window *out)
{
	int64_t to = w->to_us ? w->to_us : now;
	int64_t earliest = w->earliest_us ? w->earliest_us : 0;
	struct arena *a = &f->mem;
	struct json *v = json_obj(a);

	if (earliest < out->from_us)
		out->from_us = earliest;
	if (to > out->to_us)
		out->to_us = to;
	if (!takes_cards(w) || w->from_us >= to)
		return;
	/* unknown since when: it may have been so for ever */
	json_put_str(a, v, "earliest", w->earliest_us ? rfc(f, w->earliest_us) : EVER);
	json_put_str(a, v, "from", rfc(f, w->from_us));
	json_put_str(a, v, "to", rfc(f, to));
	json_push(out->entered, v);
}

static int windows_of(struct face *f, struct case_job *job, struct scope_window *out)
{
	const struct case_view *c = job->c;
	int64_t now = clock_now_us();
	struct err e = {0};

	if (cases_look(job->cases, f->ledger, c->number, &e) < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	if (!c->windows) {
		COMPLAIN(T_SCOPE_NO_CASE_WINDOW, face_int(f, c->number));
		return EXIT_USE;
	}
	out->from_us = INT64_MAX;
	out->to_us = 0;
	for (size_t i = 0; i < c->windows; i++) {
		add_window(f, &c->window[i], now, out);
		add_ref(&f->mem, out->refs, c->window[i].earliest_seq);
		add_ref(&f->mem, out->refs, c->window[i].from_seq);
		add_ref(&f->mem, out->refs, c->window[i].to_seq);
	}
	if (out->from_us >= out->to_us)
		out->from_us = out->to_us - 1;
	out->from = rfc(f, out->from_us);
	out->to = rfc(f, out->to_us);
	return EXIT_GOOD;
}

int scope_case(struct face *f, const char *arg, bool by_hand, struct scope_window *out)
{
	struct case_job job;
	int code = case_begin(f, &job);

	if (code)
		return code;
	out->entered = json_arr(&f->mem);
	out->refs = json_arr(&f->mem);
	job.c = case_named(&job, arg);
	if (job.c)
		job.c = cases_final(job.cases, job.c->number);
	if (job.c) {
		out->number = job.c->number;
		add_ref(&f->mem, out->refs, job.c->opened_seq);
		code = by_hand ? EXIT_GOOD : windows_of(f, &job, out);
	}
	if (by_hand)
		out->entered = NULL;
	code = job.c ? code : EXIT_USE;
	cases_free(job.cases);
	return code;
}
