/* News: the facts. Each is told once; all places in the text that say it are kept with it. */
#include "parse/news.h"

bool news_told(const struct news *n, const char *list)
{
	return json_count(json_get(n->out, list)) > 0;
}

/* The text around a place, as the reader wrote it; ill-formed bytes are left out. */
static void put_text(struct news *n, struct json *span, size_t from, size_t to)
{
	struct slice s = news_source(n, from, to);

	if (s.n > NEWS_SPAN_BYTES) {
		s.n = NEWS_SPAN_BYTES;
		while (s.n > 0 && (s.at[s.n - 1] & 0xc0) == 0x80)
			s.n--;
		if (s.n > 0 && s.at[s.n - 1] >= 0xc0)
			s.n--;
	}
	if (s.n && !n->html && slice_utf8_valid(s))
		json_put_slice(n->mem, span, "text", s);
	else
		json_put_slice(n->mem, span, "text", news_utf8(n, from, to));
}

static void add_span(struct news *n, struct json *spans, size_t from, size_t to)
{
	struct json *span;
	int64_t begin, end;

	if (!spans || from >= to || to > n->n || json_count(spans) >= NEWS_MAX_SPANS)
		return;
	begin = (int64_t)charset_origin(&n->text, n->at[from].from);
	end = (int64_t)charset_origin(&n->text, n->at[to - 1].to);
	for (const struct json *s = spans->first; s; s = s->next)
		if (json_num(s, "from", -1) == begin && json_num(s, "to", -1) == end)
			return;
	span = json_obj(n->mem);
	json_put_int(n->mem, span, "from", begin);
	json_put_int(n->mem, span, "to", end);
	put_text(n, span, from, to);
	json_push(spans, span);
}

static struct json *list_of(struct news *n, const char *name)
{
	struct json *list = (struct json *)(uintptr_t)json_get(n->out, name);

	return list ? list : json_put(n->mem, n->out, name, json_arr(n->mem));
}

struct json *news_tell(struct news *n, const char *list, struct slice id, size_t from,
                       size_t to)
{
	struct slice key = arena_printf(n->mem, "%s %.*s", list, SLICE_ARG(id));
	struct json *all = list_of(n, list), *told;

	for (size_t i = 0; i < n->facts; i++) {
		if (!slice_eq(n->fact[i].id, key))
			continue;
		add_span(n, n->fact[i].spans, from, to);
		return n->fact[i].told;
	}
	if (!all || json_count(all) >= NEWS_MAX_FACTS || n->facts == NEWS_MAX_FACTS * 4)
		return NULL;
	told = json_obj(n->mem);
	if (!told)
		return NULL;
	n->fact[n->facts] =
	    (struct news_fact){key, told, json_put(n->mem, told, "spans", json_arr(n->mem))};
	add_span(n, n->fact[n->facts++].spans, from, to);
	json_push(all, told);
	return told;
}
