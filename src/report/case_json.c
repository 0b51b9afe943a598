/* case_json: a case as JSON, for --json, the console and documents. */
#include "report/case_parts.h"

static void put_time(struct arena *a, struct json *o, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	if (us > 0)
		json_put_str(a, o, name, text);
	else
		json_put(a, o, name, json_null(a));
}

static void put_refs(struct arena *a, struct json *o, const int64_t *seq, size_t n)
{
	struct json *refs = json_put(a, o, "refs", json_arr(a));

	for (size_t i = 0; i < n; i++) {
		if (seq[i])
			json_push(refs, json_int(a, seq[i]));
	}
}

static struct json *window_json(struct arena *a, const struct case_window *w)
{
	struct json *o = json_obj(a);

	json_put_slice(a, o, "root", w->root);
	json_put_slice(a, o, "object", w->path);
	json_put_slice(a, o, "role", w->role);
	put_time(a, o, "earliest", w->earliest_us);
	put_time(a, o, "from", w->from_us);
	put_time(a, o, "to", w->to_us);
	json_put_str(a, o, "end", case_end_name(w->end));
	put_refs(a, o, (const int64_t[]){w->earliest_seq, w->from_seq, w->to_seq}, 3);
	return o;
}

static struct json *start_json(struct arena *a, const struct case_start *s)
{
	struct json *o = json_obj(a);

	put_time(a, o, "at", s->at_us);
	json_put_int(a, o, "seq", s->seq);
	json_put_str(a, o, "why", case_why_name(s->why));
	if (s->from.n)
		json_put_slice(a, o, "from", s->from);
	json_put_bool(a, o, "counts", !s->not_counted);
	if (s->not_counted)
		json_put_int(a, o, "not_counted_by", s->not_counted);
	return o;
}

static struct json *finding_json(struct arena *a, const struct case_finding *f)
{
	static const char *const same[] = {"type", "severity", "root", "path", "page", "role"};
	struct json *o = json_obj(a);

	json_put_int(a, o, "seq", f->seq);
	put_time(a, o, "at", f->at_us);
	json_put_bool(a, o, "suspicion", f->suspicion);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (json_get(f->fact, same[i]))
			json_put_slice(a, o, same[i], json_text(f->fact, same[i]));
	}
	if (json_get(f->fact, "why"))
		json_put(a, o, "why", json_copy(a, json_get(f->fact, "why")));
	if (f->dismissed)
		json_put_int(a, o, "dismissed_by", f->dismissed);
	return o;
}

static struct json *receipt_json(struct arena *a, const struct case_receipt *r)
{
	struct json *o = json_obj(a);

	json_put_slice(a, o, "clock", r->clock);
	json_put_slice(a, o, "receipt", r->receipt);
	put_time(a, o, "filed", r->at_us);
	json_put_int(a, o, "seq", r->seq);
	return o;
}

static struct json *copies(struct arena *a, const struct json *const *fact, size_t n)
{
	struct json *list = json_arr(a);

	for (size_t i = 0; i < n; i++)
		json_push(list, json_copy(a, fact[i]));
	return list;
}

static void put_head(struct arena *a, struct json *o, const struct case_view *c)
{
	json_put_int(a, o, "case", c->number);
	json_put_str(a, o, "state", case_state_name(c->state));
	json_put_str(a, o, "severity", fact_severity_name(c->severity));
	put_time(a, o, "opened", c->opened_us);
	json_put_int(a, o, "opened_by", c->opened_seq);
	if (c->ended_seq)
		json_put_int(a, o, "ended_by", c->ended_seq);
	if (c->state == CASE_JOINED)
		json_put_int(a, o, "into", c->into);
	if (c->assigned.n)
		json_put_slice(a, o, "assigned", c->assigned);
}

struct json *case_json(struct arena *a, const struct case_view *c)
{
	struct json *o = json_obj(a), *list;

	put_head(a, o, c);
	list = json_put(a, o, "traits", json_arr(a));
	for (size_t i = 0; i < c->traits; i++)
		json_push(list, json_str(a, c->trait[i].name));
	list = json_put(a, o, "findings", json_arr(a));
	for (size_t i = 0; i < c->findings; i++)
		json_push(list, finding_json(a, &c->finding[i]));
	list = json_put(a, o, "windows", json_arr(a));
	for (size_t i = 0; i < c->windows; i++)
		json_push(list, window_json(a, &c->window[i]));
	list = json_put(a, o, "starts", json_arr(a));
	for (size_t i = 0; i < c->starts; i++)
		json_push(list, start_json(a, &c->start[i]));
	list = json_put(a, o, "receipts", json_arr(a));
	for (size_t i = 0; i < c->receipts; i++)
		json_push(list, receipt_json(a, &c->receipt[i]));
	json_put(a, o, "words", copies(a, c->word, c->words));
	json_put(a, o, "counts", copies(a, c->count, c->counts));
	return o;
}
