/* News: the text as a person reads it, without tags, and the places of the facts in it. */
#include "parse/news.h"

/* What character i shows: its bytes of the input, but for what stood there as an entity or tag.
 */
static void put_char(const struct news *n, size_t i, struct buf *out)
{
	const struct news_char *c = &n->at[i];
	struct slice s = slice_sub(n->in, c->from, c->to);

	/* One character of the input may have become several: it is shown once. */
	if (i > 0 && n->at[i - 1].from == c->from && n->at[i - 1].to == c->to)
		return;
	if (c->c == '\n' || !s.n || (n->html && (s.at[0] == '&' || s.at[0] == '<')) ||
	    !slice_utf8_valid(s))
		buf_add(out, news_utf8(n, i, i + 1));
	else
		buf_add(out, s);
}

/* The first character that begins at a byte of the input or behind it. */
static size_t char_at(const struct news *n, int64_t byte)
{
	size_t low = 0, high = n->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if ((int64_t)charset_origin(&n->text, n->at[mid].from) < byte)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void move_spans(const struct news *n, struct json *fact, const uint32_t *at,
                       size_t shown)
{
	const struct json *spans = json_get(fact, "spans");
	struct json *moved = json_arr(n->mem);

	for (const struct json *s = spans ? spans->first : NULL; s; s = s->next) {
		size_t from = char_at(n, json_num(s, "from", 0));
		size_t to = char_at(n, json_num(s, "to", 0));
		struct json *o = json_obj(n->mem);

		if (from >= to || to > shown)
			continue;
		json_put_int(n->mem, o, "from", at[from]);
		json_put_int(n->mem, o, "to", at[to]);
		json_push(moved, o);
	}
	json_put(n->mem, fact, "spans", moved);
}

void news_plain(struct news *n)
{
	uint32_t *at = arena_array(n->mem, n->n + 1, sizeof(*at));
	struct buf out = {.max = 2 * PARSE_NEWS_PLAIN};
	size_t shown = 0;

	while (at && shown < n->n && out.n < PARSE_NEWS_PLAIN) {
		at[shown] = (uint32_t)out.n;
		put_char(n, shown++, &out);
	}
	if (at)
		at[shown] = (uint32_t)out.n;
	for (struct json *list = at ? n->out->first : NULL; list; list = list->next) {
		for (struct json *f = list->kind == JSON_ARR ? list->first : NULL; f;
		     f = f->next)
			move_spans(n, f, at, shown);
	}
	if (at && buf_ok(&out))
		json_put_slice(n->mem, n->out, "text", buf_slice(&out));
	json_put_bool(n->mem, n->out, "cut", shown < n->n);
	buf_done(&out);
}
