/* page_web_headers: what guards a page now, and how that changed. */
#include "desk/page_web.h"

#define RECORDS_READ  400 /* newest */
#define CHANGES_SHOWN 60

struct past {
	struct page *p;
	const struct web *w;
	struct {
		int64_t seq, at_us;
		const struct json *headers; /* of the page itself, by name */
	} at[RECORDS_READ];
	size_t n;
};

/* The headers of the last step's document: the page that is watched. */
static const struct json *headers_of(const struct json *record)
{
	const struct json *all = json_get(record, "headers"), *best = NULL;
	struct slice url = json_text(record, "url");

	for (const struct json *h = all ? all->first : NULL; h; h = h->next) {
		if (slice_eq(json_text(h, "url"), url) || !best ||
		    json_num(h, "step", 0) > json_num(best, "step", 0))
			best = h;
		if (slice_eq(json_text(h, "url"), url))
			break;
	}
	return json_get(best, "headers");
}

static int take(void *ctx, int64_t seq, struct slice body)
{
	struct past *x = ctx;
	struct arena mem;
	const struct json *fact, *headers;

	if (slice_find(body, x->w->name) == SIZE_MAX)
		return 0;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	fact = json_parse(&mem, body, NULL);
	headers = headers_of(fact);
	if (headers && slice_eq(json_text(fact, "page"), x->w->name) &&
	    slice_eq(json_text(fact, "arm"), x->w->arm)) {
		x->at[x->n].seq = seq;
		x->at[x->n].at_us = fact_at_us(fact);
		x->at[x->n++].headers = json_copy(x->p->a, headers);
	}
	arena_done(&mem);
	return x->n == RECORDS_READ;
}

/* A policy's directives, one a line; other headers are one line. */
static struct json *lines_of(struct page *p, struct slice value)
{
	struct json *list = json_arr(p->a);

	while (value.n) {
		size_t to = slice_chr(value, ';');
		struct slice part = slice_trim(slice_sub(value, 0, to));

		if (part.n)
			json_push(list, json_str(p->a, part));
		value = to == SIZE_MAX ? SLICE("") : slice_sub(value, to + 1, value.n);
	}
	return list;
}

static void change(struct past *x, struct json *list, size_t i, struct slice name,
                   struct slice before, struct slice after)
{
	struct page *p = x->p;
	struct json *o = json_obj(p->a);

	if (json_count(list) >= CHANGES_SHOWN || slice_eq(before, after))
		return;
	json_put_slice(p->a, o, "header", name);
	json_put(p->a, o, "before", lines_of(p, before));
	json_put(p->a, o, "after", lines_of(p, after));
	json_put_str(p->a, o, "sort",
	             !before.n  ? "web.header.added"
	             : !after.n ? "web.header.removed"
	                        : "web.header.changed");
	json_put_bool(p->a, o, "worse", !after.n);
	when_put(p->a, o, "when", x->at[i].at_us, WHEN_FULL, p->lang);
	json_put_int(p->a, o, "at_seq", x->at[i].seq);
	json_push(list, o);
}

static struct slice value_of(const struct json *headers, struct slice name)
{
	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next) {
		if (slice_eq(h->name, name) && h->kind == JSON_STR)
			return h->s;
	}
	return SLICE("");
}

/* From record i + 1 (the older one) to record i. */
static void compare(struct past *x, struct json *list, size_t i)
{
	const struct json *new = x->at[i].headers, *old = x->at[i + 1].headers;

	for (const struct json *h = new->first; h; h = h->next)
		change(x, list, i, h->name, value_of(old, h->name), value_of(new, h->name));
	for (const struct json *h = old->first; h; h = h->next) {
		if (!value_of(new, h->name).n)
			change(x, list, i, h->name, value_of(old, h->name), SLICE(""));
	}
}

void page_web_headers(struct page *p, const struct web *w)
{
	struct past *x = arena_alloc(p->a, sizeof(*x));
	struct json *now = json_arr(p->a), *changes = json_arr(p->a);
	struct ledger_query q = {.type = SLICE("page.record"), .newest_first = true};

	if (!x || !w->parts)
		return;
	*x = (struct past){.p = p, .w = w};
	ledger_each(p->ledger, &q, take, x);
	for (const struct json *h = x->n ? x->at[0].headers->first : NULL; h; h = h->next) {
		struct json *o = json_obj(p->a);

		if (h->kind != JSON_STR)
			continue;
		json_put_slice(p->a, o, "header", h->name);
		json_put(p->a, o, "values", lines_of(p, h->s));
		json_push(now, o);
	}
	for (size_t i = 0; i + 1 < x->n; i++)
		compare(x, changes, i);
	json_put(p->a, p->m, "headers", now);
	json_put(p->a, p->m, "changes", changes);
	if (x->n)
		when_put(p->a, p->m, "headers_since", x->at[x->n - 1].at_us, WHEN_FULL,
		         p->lang);
}
