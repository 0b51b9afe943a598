/*
 * page_news: outside news, and what the reader took from them: each fact beside the words that
 * say it, for a person to confirm, correct or reject.
 */
#include "desk/page_word.h"
#include "parse/parse.h"
#include "report/report.h"

#define TEXTS_SHOWN 100
#define FACTS_SHOWN 120
#define MARKS       400
#define VALUE_MAX   200

static const char *const lists[] = {PARSE_NEWS_LISTS};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* A value that a person can hold against the text: not our own marks, nor what is read by rule.
 */
static bool shown(const struct json *m)
{
	static const char *const names[] = {"spans", "nth",       "verdict", "word",
	                                    "seen",  "judged_by", "sentence"};

	if (m->kind != JSON_STR && m->kind != JSON_INT)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_eq(m->name, slice_str(names[i])))
			return false;
	}
	return true;
}

/* ---- the list ---- */

static void count_facts(const struct json *told, int64_t *all, int64_t *done)
{
	*all = *done = 0;
	for (size_t i = 0; i < LISTS; i++) {
		const struct json *list = json_get(told, lists[i]);

		for (const struct json *f = list ? list->first : NULL; f; f = f->next) {
			*all += 1;
			*done += json_text(f, "verdict").n > 0;
		}
	}
}

static void put_head(struct page *p, struct json *o, const struct json *read,
                     const struct json *judged)
{
	int64_t all, done, us = 0;

	count_facts(judged, &all, &done);
	json_put_int(p->a, o, "news", fact_seq(read));
	json_put_slice(p->a, o, "title", json_text(read, "title"));
	json_put_slice(p->a, o, "source", json_text(read, "source"));
	json_put_slice(p->a, o, "source_link",
	               slice_starts(json_text(read, "link"), SLICE("https://")) ||
	                       slice_starts(json_text(read, "link"), SLICE("http://"))
	                   ? json_text(read, "link")
	                   : SLICE(""));
	json_put_int(p->a, o, "all_n", all);
	json_put_int(p->a, o, "done_n", done);
	json_put_int(p->a, o, "left_n", all - done);
	json_put_bool(p->a, o, "ours", json_count(json_get(judged, "watch")) > 0);
	if (clock_parse(json_text(read, "published"), &us))
		when_put(p->a, o, "published_on", us, WHEN_SHORT, p->lang);
}

struct listing {
	struct page *p;
	struct json *list;
};

static int take(void *ctx, int64_t seq, struct slice body)
{
	struct listing *l = ctx;
	struct page *p = l->p;
	struct arena mem;
	const struct json *read, *judged;
	struct json *o = json_obj(p->a);

	(void)seq;
	arena_init(&mem, 32 * FACT_MAX_BYTES);
	read = json_parse(&mem, body, NULL);
	judged = read ? news_judged(&mem, p->ledger, read) : NULL;
	if (judged && o) {
		put_head(p, o, read, judged);
		json_push(l->list, o);
	}
	arena_done(&mem);
	return 0;
}

enum http_turn page_newses(struct page *p)
{
	struct listing l = {.p = p, .list = json_arr(p->a)};
	struct ledger_query q = {
	    .type = SLICE("news.read"), .newest_first = true, .limit = TEXTS_SHOWN};

	if (ledger_each(p->ledger, &q, take, &l) < 0)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	json_put(p->a, p->m, "texts", l.list);
	return HTTP_DONE;
}

/* ---- one text ---- */

struct mark {
	int64_t from, to, fact; /* bytes of the text; the fact's number on the page */
	bool first;
};

struct reading {
	struct page *p;
	const struct json *read, *judged;
	struct mark mark[MARKS];
	size_t marks;
	int64_t facts;
};

static void take_marks(struct reading *r, const struct json *fact, int64_t number)
{
	const struct json *spans = json_get(fact, "spans");
	bool first = true;

	for (const struct json *s = spans ? spans->first : NULL; s && r->marks < MARKS;
	     s = s->next) {
		r->mark[r->marks++] =
		    (struct mark){json_num(s, "from", 0), json_num(s, "to", 0), number, first};
		first = false;
	}
}

/* Its values, as one says them: the field, what it is called, what was read. */
static void put_values(struct page *p, struct json *o, const struct json *fact)
{
	static const char *const order[] = {"name",  "brand", "subject", "kind", "act",  "by",
	                                    "group", "item",  "from",    "to",   "at",   "time",
	                                    "part",  "how",   "n",       "low",  "high", "unit",
	                                    "need",  "state", "service"};
	struct json *values = json_put(p->a, o, "values", json_arr(p->a));
	enum doc_lang lang = p->lang == LANG_JA ? DOC_JA : DOC_EN;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct json *m = json_get(fact, order[i]);
		struct json *v = json_obj(p->a);
		struct buf text = {.max = 4096};

		if (!m || !shown(m))
			continue;
		if (m->kind == JSON_STR)
			buf_add(&text, m->s);
		else
			json_write(&text, m);
		json_put_slice(p->a, v, "field", m->name);
		json_put_slice(p->a, v, "field_say",
		               arena_printf(p->a, "news.field.%.*s", SLICE_ARG(m->name)));
		json_put_slice(p->a, v, "value", buf_slice(&text));
		json_put_slice(p->a, v, "value_word",
		               m->kind == JSON_STR ? digest_word(lang, m->s)
		                                   : buf_slice(&text));
		json_push(values, v);
		buf_done(&text);
	}
}

static struct json *fact_of(struct reading *r, const struct json *fact, const char *list)
{
	struct page *p = r->p;
	struct json *o = json_obj(p->a);
	struct slice verdict = json_text(fact, "verdict");

	json_put_int(p->a, o, "number", ++r->facts);
	json_put_str(p->a, o, "list", list);
	json_put_int(p->a, o, "at_n", json_num(fact, "nth", 0));
	json_put_slice(p->a, o, "verdict", verdict);
	json_put_slice(p->a, o, "verdict_say",
	               arena_printf(p->a, "news.%.*s", SLICE_ARG(verdict)));
	json_put_slice(p->a, o, "verdict_by", json_text(fact, "judged_by"));
	json_put_int(p->a, o, "word", json_num(fact, "word", 0));
	json_put_bool(p->a, o, "placed", json_count(json_get(fact, "spans")) > 0);
	put_values(p, o, fact);
	take_marks(r, fact, r->facts);
	return o;
}

static void put_facts(struct reading *r)
{
	struct page *p = r->p;
	struct json *groups = json_arr(p->a);

	for (size_t i = 0; i < LISTS; i++) {
		const struct json *list = json_get(r->judged, lists[i]);
		struct json *g = json_obj(p->a), *facts;

		if (!json_count(list))
			continue;
		json_put_slice(p->a, g, "group_say", arena_printf(p->a, "news.%s", lists[i]));
		facts = json_put(p->a, g, "facts", json_arr(p->a));
		for (const struct json *f = list->first; f && r->facts < FACTS_SHOWN;
		     f = f->next)
			json_push(facts, fact_of(r, f, lists[i]));
		json_push(groups, g);
	}
	json_put(p->a, p->m, "groups", groups);
}

/* ---- the text, with its places marked ---- */

/* The mark in which a byte lies: the shortest, so that a date in a sentence is its own. */
static const struct mark *mark_at(const struct reading *r, int64_t at)
{
	const struct mark *best = NULL;

	for (size_t i = 0; i < r->marks; i++) {
		const struct mark *m = &r->mark[i];

		if (at >= m->from && at < m->to &&
		    (!best || m->to - m->from < best->to - best->from))
			best = m;
	}
	return best;
}

static int64_t next_edge(const struct reading *r, int64_t at, int64_t end)
{
	for (size_t i = 0; i < r->marks; i++) {
		if (r->mark[i].from > at && r->mark[i].from < end)
			end = r->mark[i].from;
		if (r->mark[i].to > at && r->mark[i].to < end)
			end = r->mark[i].to;
	}
	return end;
}

static void put_part(const struct reading *r, struct json *parts, struct slice words,
                     int64_t at)
{
	struct json *o = json_obj(r->p->a);
	const struct mark *m = mark_at(r, at);

	json_put_slice(r->p->a, o, "words", words);
	json_put_int(r->p->a, o, "fact_n", m ? m->fact : 0);
	json_put_bool(r->p->a, o, "begins", m && m->first && m->from == at);
	json_push(parts, o);
}

static void put_text(const struct reading *r)
{
	struct page *p = r->p;
	struct slice text = json_text(r->read, "text");
	struct json *lines = json_arr(p->a);
	size_t at = 0;

	while (at < text.n) {
		size_t line = slice_chr(slice_sub(text, at, text.n), '\n');
		size_t end = line == SIZE_MAX ? text.n : at + line;
		struct json *o = json_obj(p->a),
		            *parts = json_put(p->a, o, "parts", json_arr(p->a));

		while (at < end) {
			size_t to = (size_t)next_edge(r, (int64_t)at, (int64_t)end);

			put_part(r, parts, slice_sub(text, at, to), (int64_t)at);
			at = to;
		}
		if (parts && parts->first)
			json_push(lines, o);
		at = end + 1;
	}
	json_put(p->a, p->m, "lines", lines);
	json_put_bool(p->a, p->m, "text_cut", json_true(r->read, "told.cut"));
}

static bool fill(struct page *p, const struct json *read)
{
	struct reading *r = arena_alloc(p->a, sizeof(*r));

	if (!r)
		return false;
	*r = (struct reading){.p = p, .read = read};
	r->judged = news_judged(p->a, p->ledger, read);
	if (!r->judged)
		return false;
	put_head(p, p->m, read, r->judged);
	put_facts(r);
	put_text(r);
	return true;
}

/* The text of the address, or NULL: the reply says why not. */
static const struct json *read_news(struct page *p)
{
	const struct json *read = page_read(p, p->number);

	if (read && slice_eq(fact_type(read), SLICE("news.read")))
		return read;
	page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	return NULL;
}

enum http_turn page_news(struct page *p)
{
	const struct json *read = read_news(p);

	if (read && !fill(p, read))
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	return HTTP_DONE;
}

/* ---- words ---- */

static const struct json *wanted(const struct page *p, const struct json *read)
{
	struct slice name = page_word_field(p, "list");
	int64_t at = form_number(p->a, p->rq->body, "at", -1);
	const struct json *f = NULL;

	for (size_t i = 0; i < LISTS && at >= 0; i++) {
		const struct json *told = json_get(read, "told");

		if (slice_eq(name, slice_str(lists[i])))
			f = json_get(told, lists[i]);
	}
	f = f ? f->first : NULL;
	for (int64_t i = 0; f && i < at; i++)
		f = f->next;
	return f;
}

/* The values of the form that are not as they were read; false: one is not of its sort. */
static bool put_correction(struct page *p, struct json *word, const struct json *fact)
{
	struct json *value = json_put(p->a, word, "value", json_obj(p->a));
	uint64_t n;

	for (const struct json *m = fact->first; m; m = m->next) {
		char *field =
		    arena_cstr(p->a, arena_printf(p->a, "v.%.*s", SLICE_ARG(m->name)));
		char *name = arena_cstr(p->a, m->name);
		struct slice said = page_word_field(p, field);

		if (!shown(m) || said.n > VALUE_MAX)
			continue;
		if (m->kind == JSON_STR && !slice_eq(said, m->s))
			json_put_slice(p->a, value, name, said);
		if (m->kind != JSON_INT)
			continue;
		if (!slice_u64(said, &n) || n > (uint64_t)1 << 52)
			return false;
		if ((int64_t)n != m->i)
			json_put_int(p->a, value, name, (int64_t)n);
	}
	return value && value->first;
}

static const char *draft(struct page *p, const struct json *read, struct json **out)
{
	struct slice verdict = page_word_field(p, "verdict"), by = page_word_by(p);
	struct slice reason = page_word_field(p, "reason");
	const struct json *fact = wanted(p, read);
	bool corrects = slice_eq(verdict, SLICE("corrected"));
	struct json *w = fact_draft(p->a, "news.checked");

	if (!fact || (!corrects && !slice_eq(verdict, SLICE("confirmed")) &&
	              !slice_eq(verdict, SLICE("rejected"))))
		return "refused.moved";
	if (!by.n)
		return "refused.name";
	if (reason.n > WORD_REASON_MAX)
		return "refused.long";
	json_put_int(p->a, w, "news", fact_seq(read));
	json_put_slice(p->a, w, "list", page_word_field(p, "list"));
	json_put_int(p->a, w, "nth", form_number(p->a, p->rq->body, "at", 0));
	json_put_slice(p->a, w, "verdict", verdict);
	json_put_slice(p->a, w, "by", by);
	if (reason.n)
		json_put_slice(p->a, w, "reason", reason);
	fact_ref(p->a, w, fact_seq(read));
	if (corrects && !put_correction(p, w, fact))
		return "refused.same";
	*out = w;
	return NULL;
}

enum http_turn page_news_word(struct page *p)
{
	const struct json *read = read_news(p);
	struct json *word = NULL;
	const char *key = NULL;
	enum page_said said = PAGE_SAID_NOT;
	int64_t seq;

	if (!read)
		return HTTP_DONE;
	if (!p->rq->state)
		key = draft(p, read, &word);
	if (key)
		page_word_refuse(p, MHD_HTTP_BAD_REQUEST, key);
	else
		said = page_word_say(p, word, &seq);
	if (said == PAGE_SAID_WAIT)
		return HTTP_WAIT;
	if (said == PAGE_SAID_KEPT)
		return page_redirect(
		    p, arena_printf(p->a, "/news/%lld#fact-%lld", (long long)p->number,
		                    (long long)form_number(p->a, p->rq->body, "number", 1)));
	return fill(p, read) ? HTTP_DONE
	                     : page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
}
