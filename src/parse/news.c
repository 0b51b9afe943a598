/* News: the whole way from a text to facts. */
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
	news_asides(n);
	news_who(n);
	news_rules(n);
	if (want->all)
		tell_all(n);
	if (want->plain)
		news_plain(n);
	json_put_str(a, n->out, "lang", n->latin ? "en" : "ja");
	return a->broken ? NULL : n->out;
}
