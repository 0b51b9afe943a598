/* Documents: the model, but for counts and the course of events. */
#include "report/doc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define JAPAN_US (INT64_C(9) * 3600 * 1000000)
#define MAX_REFS 64

const char *doc_say(const struct doc *d, const char *ja, const char *en)
{
	return d->lang == DOC_JA ? ja : en;
}

/* --- days ------------------------------------------------------------------------------ */

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static void truth(struct json *list, struct slice s, struct arena *a)
{
	for (const struct json *x = list->first; x; x = x->next)
		if (slice_eq(x->s, s))
			return;
	json_push(list, json_str(a, s));
}

static struct slice written(struct doc *d, struct slice day)
{
	uint64_t y = 0, m = 0, n = 0;

	if (day.n != 10 || !slice_u64(slice_sub(day, 0, 4), &y) ||
	    !slice_u64(slice_sub(day, 5, 7), &m) || !slice_u64(slice_sub(day, 8, 10), &n) ||
	    m < 1 || m > 12)
		return day;
	truth(d->truth_days, day, d->mem);
	if (d->lang == DOC_JA)
		return arena_printf(d->mem, "%d年%d月%d日", (int)y, (int)m, (int)n);
	return arena_printf(d->mem, "%s %d, %d", months[m - 1], (int)n, (int)y);
}

static void local(int64_t us, char out[CLOCK_TEXT_BYTES])
{
	clock_text(us + JAPAN_US, out);
}

struct slice doc_day(struct doc *d, int64_t us)
{
	char t[CLOCK_TEXT_BYTES];

	local(us, t);
	return written(d, slice_mem(t, 10));
}

struct slice doc_time(struct doc *d, int64_t us)
{
	char t[CLOCK_TEXT_BYTES];
	struct slice day;

	local(us, t);
	day = written(d, slice_mem(t, 10));
	return arena_printf(d->mem, "%.*s %.8s%s", SLICE_ARG(day), t + 11,
	                    d->lang == DOC_JA ? "" : " (Japan time)");
}

struct slice doc_day_of(struct doc *d, struct slice day)
{
	return written(d, day);
}

struct slice doc_number(struct doc *d, int64_t n)
{
	char plain[32], out[48];
	size_t digits = (size_t)snprintf(plain, sizeof(plain), "%lld", (long long)n), at = 0;

	for (size_t i = 0; i < digits; i++) {
		if (i && (digits - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	return arena_copy(d->mem, slice_mem(out, at));
}

/* --- fields ---------------------------------------------------------------------------- */

static struct json *fields(struct doc *d)
{
	struct json *f = (struct json *)(uintptr_t)json_get(d->model, "f");

	return f ? f : json_put(d->mem, d->model, "f", json_obj(d->mem));
}

/* As a paragraph of its own: what a person wrote often lacks the stop. */
static struct slice sentence(struct doc *d, struct slice text)
{
	static const char *const stops[] = {"。", "．", "！", "？", ".", "!", "?", ":", "："};

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (slice_ends(text, slice_str(stops[i])))
			return text;
	return arena_printf(d->mem, "%.*s%s", SLICE_ARG(text), d->lang == DOC_JA ? "。" : ".");
}

void doc_put(struct doc *d, const char *name, struct slice text, const int64_t *seq, size_t n)
{
	struct arena *a = d->mem;
	struct json *o = json_obj(a), *refs = json_arr(a);
	struct slice shown = text;

	if (!text.n && d->lang == DOC_JA)
		shown = arena_printf(a, "不明（%.*s 現在）", SLICE_ARG(doc_time(d, d->now_us)));
	else if (!text.n)
		shown = arena_printf(a, "unknown at %.*s", SLICE_ARG(doc_time(d, d->now_us)));
	json_put_slice(a, o, "value", shown);
	json_put_slice(a, o, "sentence", sentence(d, shown));
	json_put_bool(a, o, "known", text.n > 0);
	for (size_t i = 0; i < n && i < MAX_REFS; i++)
		if (seq[i] > 0)
			json_push(refs, json_int(a, seq[i]));
	json_put(a, o, "refs", refs);
	json_put(a, fields(d), name, o);
}

/* The newest word about a field of this case; NULL: nobody said anything. */
struct said {
	struct doc *d;
	struct json *by_field; /* object: id -> fact */
	struct arena one;      /* one word: those about other cases are many */
};

static int take_word(void *ctx, int64_t seq, struct slice canonical)
{
	struct said *s = ctx;
	const struct json *f;

	(void)seq;
	arena_reset(&s->one);
	f = json_parse(&s->one, canonical, NULL);
	if (json_num(f, "case", 0) == s->d->c->number)
		json_put(s->d->mem, s->by_field, arena_cstr(s->d->mem, json_text(f, "field")),
		         json_copy(s->d->mem, f));
	return 0;
}

static void from_words(struct doc *d, const struct json *by_field)
{
	for (const struct json *w = by_field->first; w; w = w->next) {
		const struct doc_field *f = doc_field_of(w->name);
		int64_t seq = fact_seq(w);
		struct slice v = json_text(w, "value");

		if (f)
			doc_put(d, f->id, f->day ? doc_day_of(d, v) : v, &seq, 1);
	}
}

static void from_conf(struct doc *d)
{
	const struct conf *c = d->conf;
	const struct {
		const char *id;
		struct slice value;
	} known[] = {{"operator", c->operator_name},
	             {"address", c->operator_address},
	             {"representative", c->operator_representative},
	             {"industry", c->operator_industry},
	             {"contact", c->operator_contact},
	             {"service", c->operator_service}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		doc_put(d, known[i].id, known[i].value, NULL, 0);
}

static const struct case_start *first_start(const struct case_view *c)
{
	const struct case_start *best = NULL;

	for (size_t i = 0; i < c->starts; i++)
		if (!c->start[i].not_counted && (!best || c->start[i].at_us < best->at_us))
			best = &c->start[i];
	return best;
}

static void from_case(struct doc *d)
{
	const struct case_start *s = first_start(d->c);
	struct slice by =
	    s && s->from.n ? s->from
	    : s ? slice_str(doc_say(d, "自社の監視（火の番）による検知", "own watch (hinoban)"))
	        : SLICE("");
	int64_t began = 0, seq = 0;

	doc_put(d, "known", s ? doc_day(d, s->at_us) : SLICE(""), s ? &s->seq : NULL,
	        s != NULL);
	doc_put(d, "noticed_by", by, s ? &s->seq : NULL, s != NULL);
	for (size_t i = 0; i < d->c->windows; i++) {
		const struct case_window *w = &d->c->window[i];
		int64_t at = w->earliest_us ? w->earliest_us : w->from_us;
		if (!began || at < began) {
			began = at;
			seq = w->from_seq;
		}
	}
	/* Where nothing was watched then: what the counts were taken for. */
	for (size_t i = 0; i < d->c->counts && !d->c->windows; i++) {
		int64_t at = 0;
		if (clock_parse(json_text(d->c->count[i], "from"), &at) &&
		    (!began || at < began)) {
			began = at;
			seq = fact_seq(d->c->count[i]);
		}
	}
	doc_put(d, "began", began ? doc_day(d, began) : SLICE(""), &seq, began != 0);
	doc_put(d, "at_risk", began ? doc_time(d, began) : SLICE(""), &seq, began != 0);
	json_put_bool(d->mem, d->model, "by_call", s && s->from.n);
}

/* --- the whole -------------------------------------------------------------------------- */

static const char *label_of(const struct doc *d, struct slice id)
{
	static const struct {
		const char *id, *ja, *en;
	} own[] = {{"known", "発覚日", "Day of knowing"},
	           {"began", "発生日", "Day it began"},
	           {"items", "漏えい等の項目", "Items of data"},
	           {"counts", "本人の数", "Number of persons"},
	           {"stopped", "停止したもの", "What is stopped"},
	           {"at_risk", "危険にさらされた期間", "At-risk timeframe"}};
	const struct doc_field *f = doc_field_of(id);

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (slice_eq(id, slice_str(own[i].id)))
			return doc_say(d, own[i].ja, own[i].en);
	return f ? doc_say(d, f->ja, f->en) : "";
}

static void list_missing(struct doc *d)
{
	struct json *list = json_put(d->mem, d->model, "missing", json_arr(d->mem));
	struct slice rest = slice_str(d->form->needs);
	bool any = false;

	while (rest.n) {
		size_t end = slice_chr(rest, ' ');
		struct slice id = slice_sub(rest, 0, end);
		const struct json *f =
		    json_get(json_get(d->model, "f"), arena_cstr(d->mem, id));

		if (!json_true(f, "known")) {
			struct json *o = json_obj(d->mem);
			json_put_slice(d->mem, o, "field", id);
			json_put_str(d->mem, o, "label", label_of(d, id));
			json_push(list, o);
			any = true;
			if (!f)
				doc_put(d, arena_cstr(d->mem, id), SLICE(""), NULL, 0);
		}
		rest = end == SIZE_MAX ? slice_mem(NULL, 0) : slice_sub(rest, end + 1, rest.n);
	}
	json_put_bool(d->mem, d->model, "has_missing", any);
}

/* Every field has a place in the model, so that a template may name any of them. */
static void fill_rest(struct doc *d)
{
	for (const struct doc_field *f = doc_fields; f->id; f++)
		if (!json_get(fields(d), f->id))
			doc_put(d, f->id, SLICE(""), NULL, 0);
}

static void put_clocks(struct doc *d)
{
	struct json *list = json_put(d->mem, d->model, "clocks", json_arr(d->mem));

	for (size_t i = 0; i < d->clocks; i++) {
		const struct clock_view *k = &d->clock[i];
		struct json *o = json_obj(d->mem);
		char day[CLOCK_DAY_BYTES];

		json_put_slice(d->mem, o, "to",
		               d->lang == DOC_JA ? k->rule->to : k->rule->to_en);
		json_put_slice(d->mem, o, "what",
		               d->lang == DOC_JA ? k->rule->what : k->rule->what_en);
		json_put_str(d->mem, o, "state", clock_state_name(k->state));
		clock_day_text(k->due_day, day);
		json_put_slice(d->mem, o, "due",
		               k->due_day  ? doc_day_of(d, slice_str(day))
		               : k->due_us ? doc_time(d, k->due_us)
		                           : slice_str(doc_say(d, "速やかに", "promptly")));
		if (k->receipt) {
			json_put_slice(d->mem, o, "receipt", k->receipt->receipt);
			json_put_slice(d->mem, o, "filed", doc_day(d, k->receipt->at_us));
		}
		json_push(list, o);
	}
}

/* A mustache section needs a name that is there or not: "{{#has.cause}}". */
static void put_known(struct doc *d)
{
	struct json *has = json_obj(d->mem);
	const struct json *f = json_get(d->model, "f");

	for (const struct json *m = f ? f->first : NULL; m; m = m->next) {
		struct slice name = m->name;
		if (json_true(m, "known") && slice_chr(name, '.') == SIZE_MAX)
			json_put_bool(d->mem, has, arena_cstr(d->mem, name), true);
	}
	json_put(d->mem, d->model, "has", has);
}

static bool is_trait(const struct case_view *c, const char *name)
{
	return case_trait(c, slice_str(name)) != NULL;
}

int doc_model(struct doc *d, struct err *e)
{
	struct arena *a = d->mem;
	struct said said = {.d = d, .by_field = json_obj(a)};
	struct ledger_query q = {.type = SLICE("report.field")};
	struct json *t;
	int r;

	d->model = json_obj(a);
	t = json_put(a, d->model, "truth", json_obj(a));
	d->truth_days = json_put(a, t, "days", json_arr(a));
	d->truth_counts = json_put(a, t, "counts", json_arr(a));
	d->truth_items = json_put(a, t, "items", json_arr(a));
	if (!d->truth_items)
		return -ENOMEM;
	json_put_int(a, d->model, "case", d->c->number);
	json_put_str(a, d->model, "form", d->form->id);
	json_put_str(a, d->model, "title", doc_say(d, d->form->ja, d->form->en));
	json_put_str(a, d->model, "lang", doc_say(d, "ja", "en"));
	json_put_slice(a, d->model, "today", doc_day(d, d->now_us));
	json_put_slice(a, d->model, "now", doc_time(d, d->now_us));
	json_put_str(a, d->model, "state", case_state_name(d->c->state));
	if (d->conf)
		from_conf(d);
	from_case(d);
	arena_init(&said.one, DOC_FACT_BYTES);
	r = ledger_each(d->ledger, &q, take_word, &said);
	arena_done(&said.one);
	if (r < 0)
		return err_sys(e, r, "the ledger");
	from_words(d, said.by_field);
	if (!json_get(json_get(d->model, "f"), "kind") && is_trait(d->c, "wrongful"))
		doc_put(
		    d, "kind",
		    slice_str(doc_say(
		        d, "不正の目的をもって行われたおそれがある漏えい等（規則第7条第3号）",
		        "leak possibly with a wrongful purpose (Rule 7, item 3)")),
		    &d->c->opened_seq, 1);
	doc_counts(d);
	doc_course(d);
	put_clocks(d);
	list_missing(d);
	fill_rest(d);
	put_known(d);
	return a->broken ? -ENOMEM : 0;
}
