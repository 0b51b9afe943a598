/* page_case: the list of cases, and one of them. */
#include "desk/page_case.h"
#include "desk/tell.h"
#include "fact/item.h"

#define LINES_SHOWN   200
#define WINDOWS_SHOWN 60
#define AXIS          1000 /* the picture's width, in its own units */
#define LEAST         6    /* what is shorter is still to be seen */

bool page_case_read(struct page *p, struct cases **out)
{
	struct err e = {""};

	return cases_read(p->ledger, out, &e) == 0;
}

static struct slice said(const struct page *p, struct slice ja, struct slice en)
{
	return p->lang == LANG_JA || !en.n ? ja : en;
}

/* ---- clocks ---- */

static void put_clock(struct page *p, struct json *list, const struct clock_view *v)
{
	struct json *o = json_obj(p->a);
	const struct clock_rule *r = v->rule;
	char day[CLOCK_DAY_BYTES];
	struct buf left;

	buf_init(&left, 128);
	json_put_slice(p->a, o, "id", r->id);
	json_put_str(p->a, o, "state", clock_state_name(v->state));
	json_put_slice(p->a, o, "state_say",
	               arena_printf(p->a, "clock.%s", clock_state_name(v->state)));
	json_put_slice(p->a, o, "to", said(p, r->to, r->to_en));
	json_put_slice(p->a, o, "what", said(p, r->what, r->what_en));
	json_put_slice(p->a, o, "note", said(p, r->note, r->note_en));
	json_put_slice(p->a, o, "source", r->source);
	clock_day_text(v->due_day, day);
	if (v->due_day) {
		json_put_str(p->a, o, "day", day);
		json_put_slice(p->a, o, "weekday",
		               arena_printf(p->a, "week.%d", holiday_weekday(v->due_day)));
	} else {
		when_put(p->a, o, "due", v->due_us, WHEN_FULL, p->lang);
	}
	json_put_bool(p->a, o, "promptly", !v->due_us && v->state != CLOCK_WAITS);
	if (v->due_us > p->now && !v->receipt) {
		when_span(&left, v->due_us - p->now, p->lang);
		json_put_slice(p->a, o, "left", buf_slice(&left));
	}
	json_put_bool(p->a, o, "waits", v->state == CLOCK_WAITS);
	json_put_bool(p->a, o, "runs", v->state == CLOCK_RUNS || v->state == CLOCK_OVERDUE);
	json_put_int(p->a, o, "start_seq", v->start_seq);
	if (v->receipt) {
		json_put_slice(p->a, o, "receipt", v->receipt->receipt);
		json_put_int(p->a, o, "filed_by", v->receipt->seq);
	}
	json_push(list, o);
	buf_done(&left);
}

/* The clocks, and what the list says of them: how many run, which day is next. */
static void put_clocks(struct page *p, struct json *to, const struct case_view *c)
{
	struct json *list = json_arr(p->a);
	struct clock_view *v = NULL;
	int64_t n = clocks_of(p->desk->clocks, c, p->now, p->a, &v), running = 0;
	char day[CLOCK_DAY_BYTES];
	bool next = false;

	for (int64_t i = 0; i < n; i++) {
		bool runs = v[i].state == CLOCK_RUNS || v[i].state == CLOCK_OVERDUE;

		running += runs;
		put_clock(p, list, &v[i]);
		if (!runs || next || !v[i].due_day)
			continue;
		next = true; /* they come in the order of their dates */
		clock_day_text(v[i].due_day, day);
		json_put_str(p->a, to, "next", day);
		json_put_bool(p->a, to, "late", v[i].state == CLOCK_OVERDUE);
	}
	json_put(p->a, to, "clocks", list);
	json_put_int(p->a, to, "running", running);
}

/* ---- the windows as a picture ---- */

struct axis {
	int64_t from, to;
};

static int64_t began(const struct case_window *w)
{
	return w->earliest_us ? w->earliest_us : w->from_us;
}

static int64_t ended(const struct page *p, const struct case_window *w)
{
	return w->to_us ? w->to_us : p->now;
}

static int64_t place(const struct axis *a, int64_t us)
{
	int64_t at = (int64_t)((double)(us - a->from) / (double)(a->to - a->from) * AXIS);

	return at < 0 ? 0 : at > AXIS ? AXIS : at;
}

static struct json *bar(struct page *p, const struct axis *a, int64_t from, int64_t to)
{
	struct json *o = json_obj(p->a);
	int64_t x = place(a, from), width = place(a, to) - x;

	width = width < LEAST ? LEAST : width;
	json_put_int(p->a, o, "x", x + width > AXIS ? AXIS - width : x);
	json_put_int(p->a, o, "width", width);
	return o;
}

static void put_window(struct page *p, const struct axis *a, struct json *list,
                       const struct case_window *w)
{
	struct json *o = json_obj(p->a);
	struct buf span;

	buf_init(&span, 128);
	json_put_slice(p->a, o, "object", w->path);
	if (w->root.n)
		json_put_slice(p->a, o, "url", page_file_url(p, w->root, w->path));
	json_put_slice(p->a, o, "end_say",
	               arena_printf(p->a, "case.end.%s", case_end_name(w->end)));
	json_put_str(p->a, o, "end", case_end_name(w->end));
	when_put(p->a, o, "earliest", w->earliest_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "from", w->from_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "to", w->to_us, WHEN_FULL, p->lang);
	json_put_int(p->a, o, "from_seq", w->from_seq);
	json_put_int(p->a, o, "to_seq", w->to_seq);
	when_span(&span, ended(p, w) - began(w), p->lang);
	json_put_slice(p->a, o, "span", buf_slice(&span));
	if (began(w) < w->from_us)
		json_put(p->a, o, "unsure", bar(p, a, began(w), w->from_us));
	json_put(p->a, o, "sure", bar(p, a, w->from_us, ended(p, w)));
	json_push(list, o);
	buf_done(&span);
}

static void put_windows(struct page *p, const struct case_view *c)
{
	struct json *m = json_obj(p->a), *list = json_arr(p->a);
	struct axis a = {INT64_MAX, 0};

	for (size_t i = 0; i < c->windows; i++) {
		int64_t from = began(&c->window[i]), to = ended(p, &c->window[i]);

		a.from = from < a.from ? from : a.from;
		a.to = to > a.to ? to : a.to;
	}
	if (!c->windows)
		return;
	a.to = a.to > a.from ? a.to : a.from + 1;
	for (size_t i = 0; i < c->windows && i < WINDOWS_SHOWN; i++)
		put_window(p, &a, list, &c->window[i]);
	json_put(p->a, m, "list", list);
	/* Not "from" and "to": a window that lasts has no "to", and would be lent this one. */
	when_put(p->a, m, "left_end", a.from, WHEN_SHORT, p->lang);
	when_put(p->a, m, "right_end", a.to, WHEN_SHORT, p->lang);
	json_put_int(p->a, m, "hidden",
	             c->windows > WINDOWS_SHOWN ? (int64_t)c->windows - WINDOWS_SHOWN : 0);
	json_put(p->a, p->m, "windows", m);
}

/* ---- who is affected ---- */

static struct slice named(const struct page *p, const struct item_name *name,
                          struct slice otherwise)
{
	if (!name)
		return otherwise;
	return slice_str(p->lang == LANG_JA ? name->ja : name->en);
}

static int64_t most_of(const struct json *count)
{
	return json_num(count, "n", json_num(count, "high", 0));
}

static bool of_newest_run(const struct case_view *c, const struct json *count)
{
	return slice_eq(json_text(count, "run"), json_text(c->count[c->counts - 1], "run"));
}

static void put_count(struct page *p, struct json *list, const struct json *count, int64_t most,
                      struct slice *group)
{
	struct json *o = json_obj(p->a);
	struct slice population = json_text(count, "population");
	struct slice item = json_text(count, "item"), label = json_text(count, "label");
	bool all = slice_eq(item, SLICE(ITEM_ALL));

	if (!slice_eq(population, *group)) {
		json_put_slice(p->a, o, "group", named(p, item_group(population), population));
		*group = population;
	}
	if (all)
		json_put_bool(p->a, o, "all", true);
	else if (slice_eq(item, SLICE("card")))
		json_put_slice(p->a, o, "item", lang_text(SLICE("case.cards"), p->lang));
	else
		json_put_slice(p->a, o, "item",
		               label.n ? label : named(p, item_of(item), item));
	json_put_bool(p->a, o, "required", json_true(count, "required"));
	json_put_slice(p->a, o, "unit",
	               arena_printf(p->a, slice_eq(json_text(count, "unit"), SLICE("件"))
	                                      ? "unit.entries"
	                                      : "unit.persons"));
	if (json_get(count, "n"))
		json_put_int(p->a, o, "n", json_num(count, "n", 0));
	else
		json_put_int(p->a, o, "low", json_num(count, "low", 0));
	json_put_int(p->a, o, "high", json_num(count, "high", 0));
	json_put_bool(p->a, o, "exact", json_get(count, "n") != NULL);
	json_put_int(p->a, o, "share", most > 0 ? most_of(count) * 100 / most : 0);
	json_put_int(p->a, o, "seq", fact_seq(count));
	json_push(list, o);
}

static void put_counts(struct page *p, const struct case_view *c)
{
	struct json *list = json_arr(p->a), *m = json_obj(p->a);
	struct slice group = SLICE("");
	int64_t most = 0;

	if (!c->counts)
		return;
	for (size_t i = 0; i < c->counts; i++) {
		int64_t n = of_newest_run(c, c->count[i]) ? most_of(c->count[i]) : 0;

		most = n > most ? n : most;
	}
	for (size_t i = 0; i < c->counts; i++) {
		if (of_newest_run(c, c->count[i]))
			put_count(p, list, c->count[i], most, &group);
	}
	json_put(p->a, m, "list", list);
	when_put(p->a, m, "when", fact_at_us(c->count[c->counts - 1]), WHEN_FULL, p->lang);
	json_put(p->a, p->m, "affected", m);
}

/* ---- what happened ---- */

static int by_seq(const void *a, const void *b)
{
	int64_t x = fact_seq(*(const struct json *const *)a);
	int64_t y = fact_seq(*(const struct json *const *)b);

	return x < y ? -1 : x > y;
}

static void put_lines(struct page *p, const struct case_view *c)
{
	size_t all = c->findings + c->words, n = 0;
	const struct json **fact = arena_array(p->a, all + 1, sizeof(*fact));
	struct json *lines = json_arr(p->a);

	for (size_t i = 0; fact && i < c->findings; i++)
		fact[n++] = c->finding[i].fact;
	for (size_t i = 0; fact && i < c->words; i++)
		fact[n++] = c->word[i];
	if (n > 1)
		qsort(fact, n, sizeof(*fact), by_seq);
	for (size_t i = n > LINES_SHOWN ? n - LINES_SHOWN : 0; i < n; i++)
		json_push(lines, tell_fact(p, json_copy(p->a, fact[i]), WHEN_FULL));
	json_put(p->a, p->m, "lines", lines);
	json_put_int(p->a, p->m, "hidden", n > LINES_SHOWN ? (int64_t)n - LINES_SHOWN : 0);
}

static void put_starts(struct page *p, const struct case_view *c)
{
	struct json *list = json_arr(p->a);

	for (size_t i = 0; i < c->starts; i++) {
		const struct case_start *s = &c->start[i];
		struct json *o = json_obj(p->a);

		when_put(p->a, o, "when", s->at_us, WHEN_FULL, p->lang);
		json_put_int(p->a, o, "seq", s->seq);
		json_put_slice(p->a, o, "from", s->from);
		json_put_slice(p->a, o, "say",
		               arena_printf(p->a, "case.why.%s", case_why_name(s->why)));
		json_put_int(p->a, o, "aside", s->not_counted);
		json_push(list, o);
	}
	json_put(p->a, p->m, "starts", list);
}

static void put_head(struct page *p, struct json *o, const struct case_view *c)
{
	json_put_int(p->a, o, "number", c->number);
	json_put_str(p->a, o, "state", case_state_name(c->state));
	json_put_slice(p->a, o, "state_say",
	               arena_printf(p->a, "case.%s", case_state_name(c->state)));
	json_put_str(p->a, o, "severity", fact_severity_name(c->severity));
	json_put_slice(p->a, o, "severity_say",
	               arena_printf(p->a, "severity.%s", fact_severity_name(c->severity)));
	json_put_slice(p->a, o, "subject", case_subject(c));
	json_put_int(p->a, o, "findings", (int64_t)c->findings);
	json_put_slice(p->a, o, "assigned", c->assigned);
	when_put(p->a, o, "opened", c->opened_us, WHEN_FULL, p->lang);
}

bool page_case_fill(struct page *p, struct cases *cs, const struct case_view *c)
{
	struct err e = {""};

	if (cases_look(cs, p->ledger, c->number, &e) < 0)
		return false;
	put_head(p, p->m, c);
	json_put_bool(p->a, p->m, "open", c->state == CASE_OPEN);
	put_starts(p, c);
	put_clocks(p, p->m, c);
	put_windows(p, c);
	put_counts(p, c);
	put_lines(p, c);
	return page_case_documents(p, c);
}

enum http_turn page_case(struct page *p)
{
	struct cases *cs = NULL;
	const struct case_view *c;
	enum http_turn turn = HTTP_DONE;

	if (!page_case_read(p, &cs))
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	c = cases_final(cs, p->number);
	if (!c)
		turn = page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	else if (c->number != p->number)
		turn = page_redirect(p, arena_printf(p->a, "/case/%lld", (long long)c->number));
	else if (!page_case_fill(p, cs, c))
		turn = page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	cases_free(cs);
	return turn;
}

enum http_turn page_cases(struct page *p)
{
	struct cases *cs = NULL;
	struct json *list = json_arr(p->a);
	int64_t open = 0;

	if (!page_case_read(p, &cs))
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	for (int64_t n = (int64_t)cases_count(cs); n > 0; n--) {
		const struct case_view *c = cases_get(cs, n);
		struct json *o = json_obj(p->a);

		if (c->state == CASE_JOINED)
			continue;
		open += c->state == CASE_OPEN;
		put_head(p, o, c);
		put_clocks(p, o, c);
		json_push(list, o);
	}
	json_put(p->a, p->m, "cases", list);
	json_put_int(p->a, p->m, "n", open);
	cases_free(cs);
	return HTTP_DONE;
}
