/* News: the whole way from a text to facts, and several texts of one incident made one. */
#include "parse/news.h"

#include <errno.h>

static const char *const lists[] = {PARSE_NEWS_LISTS};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* Every day and every number with a unit, whatever is said about them. */
static void tell_all(struct news *n)
{
	json_put(n->mem, n->out, "days", json_arr(n->mem));
	json_put(n->mem, n->out, "numbers", json_arr(n->mem));
	for (size_t i = 0; i < n->marks; i++) {
		const struct news_mark *m = &n->mark[i];
		struct slice id = news_utf8(n, m->from, m->to);
		struct json *f;

		if (m->class == N_DATE) {
			id = news_date_text(n->mem, &m->date);
			f = news_tell(n, "days", id, m->from, m->to);
			if (f)
				json_put_slice(n->mem, f, "at", id);
		} else if (m->class == N_COUNT) {
			f = news_tell(n, "numbers", id, m->from, m->to);
			if (!f)
				continue;
			json_put_int(n->mem, f, "n", m->count.high);
			json_put_slice(n->mem, f, "unit", m->count.unit);
			json_put_slice(n->mem, f, "text", id);
		}
	}
}

struct json *parse_news(struct arena *a, struct slice text, const struct parse_news *want,
                        struct err *e)
{
	struct news *n = arena_alloc(a, sizeof(*n));

	if (!n)
		return NULL;
	n->mem = a;
	if (!charset_utf8(a, slice_sub(text, 0, PARSE_NEWS_MAX_BYTES), &n->text))
		return NULL;
	n->in = n->text.utf8;
	n->published_by = "caller";
	if (want->published.n && !news_date_read(want->published, &n->published)) {
		err_set(e, -EINVAL, "the day of publication must be YYYY-MM-DD");
		return NULL;
	}
	n->lex = news_lex_read(a, want->lexicon, e);
	n->fact = arena_array(a, NEWS_MAX_FACTS * 4, sizeof(*n->fact));
	n->out = json_obj(a);
	if (!n->lex || !n->fact || !n->out || !news_read_text(n))
		return NULL;
	n->max_marks = n->n < NEWS_MIN_MARKS   ? NEWS_MIN_MARKS
	               : n->n > NEWS_MAX_MARKS ? NEWS_MAX_MARKS
	                                       : n->n;
	n->mark = arena_array(a, n->max_marks, sizeof(*n->mark));
	if (!n->mark)
		return NULL;
	for (size_t i = 0; i < LISTS; i++)
		json_put(a, n->out, lists[i], json_arr(a));
	news_lines(n);
	news_watch(n, want->watch);
	news_lex_marks(n);
	news_marks_sort(n);
	news_dates(n);
	news_marks_sort(n);
	news_counts(n);
	news_quotes(n);
	news_names(n);
	news_marks_sort(n);
	news_who(n);
	news_rules(n);
	if (want->all)
		tell_all(n);
	if (want->plain)
		news_plain(n);
	json_put_str(a, n->out, "lang", n->latin ? "en" : "ja");
	return a->broken ? NULL : n->out;
}

/* --- several texts ------------------------------------------------------------------ */

/* Do two facts say the same, their places apart? */
static bool same_fact(struct arena *a, const struct json *x, const struct json *y)
{
	struct buf s[2] = {{.max = JSON_MAX_BYTES}, {.max = JSON_MAX_BYTES}};
	const struct json *v[2] = {x, y};
	bool same;

	for (int i = 0; i < 2; i++) {
		struct json *bare = json_obj(a);
		for (const struct json *m = v[i]->first; m; m = m->next) {
			if (slice_eq(m->name, SLICE("spans")) ||
			    slice_eq(m->name, SLICE("seen")))
				continue;
			json_put(a, bare, arena_cstr(a, m->name), json_copy(a, m));
		}
		json_write(&s[i], bare);
	}
	same = slice_eq(buf_slice(&s[0]), buf_slice(&s[1]));
	buf_done(&s[0]);
	buf_done(&s[1]);
	return same;
}

static void add_to(struct arena *a, struct json *list, const struct json *fact, int64_t source)
{
	struct json *f = list->first, *spans, *copy;

	while (f && !same_fact(a, f, fact))
		f = f->next;
	if (!f) {
		f = json_copy(a, fact);
		if (!f)
			return;
		json_put(a, f, "spans", json_arr(a));
		json_put_int(a, f, "seen", 0);
		json_push(list, f);
	}
	json_put_int(a, f, "seen", json_num(f, "seen", 0) + 1);
	spans = (struct json *)(uintptr_t)json_get(f, "spans");
	for (const struct json *s = json_get(fact, "spans")->first; s; s = s->next) {
		copy = json_copy(a, s);
		json_put_int(a, copy, "source", source);
		json_push(spans, copy);
	}
}

struct json *parse_news_merge(struct arena *a, const struct json *const *told, size_t n)
{
	struct json *out = json_obj(a);

	for (size_t i = 0; i < LISTS; i++) {
		struct json *list = json_put(a, out, lists[i], json_arr(a));
		for (size_t k = 0; list && k < n; k++) {
			const struct json *from = json_get(told[k], lists[i]);
			for (const struct json *f = from ? from->first : NULL; f; f = f->next)
				add_to(a, list, f, (int64_t)k);
		}
	}
	json_put_int(a, out, "sources", (int64_t)n);
	return out;
}
