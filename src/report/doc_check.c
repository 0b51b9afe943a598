/* Documents: what a finished one says, held against the case. */
#include "report/doc.h"

#include <stdio.h>

static bool in_list(const struct json *list, struct slice s)
{
	for (const struct json *x = list ? list->first : NULL; x; x = x->next)
		if (slice_eq(x->s, s))
			return true;
	return false;
}

/* A month or a year that a day of the case lies in is right, too. */
static bool in_days(const struct json *days, struct slice s)
{
	for (const struct json *x = days ? days->first : NULL; x; x = x->next)
		if (slice_starts(x->s, s))
			return true;
	return false;
}

static bool in_counts(const struct json *counts, const struct json *c)
{
	struct slice unit = json_text(c, "unit");
	bool person = slice_eq(unit, SLICE("名")) || slice_eq(unit, SLICE("persons"));

	for (const struct json *x = counts ? counts->first : NULL; x; x = x->next) {
		bool persons = slice_eq(json_text(x, "unit"), SLICE("名"));
		if (json_num(x, "n", -1) == json_num(c, "n", -2) && persons == person)
			return true;
	}
	return false;
}

struct check {
	const struct json *truth;
	doc_differs_fn *fn;
	void *ctx;
	int64_t n;
};

static void differs(struct check *k, const char *kind, struct slice said,
                    const struct json *fact)
{
	const struct json *spans = json_get(fact, "spans");
	const struct json *s = spans ? spans->first : NULL;

	k->n++;
	k->fn(k->ctx, kind, said, json_num(s, "from", 0), json_num(s, "to", 0),
	      json_text(s, "text"));
}

void doc_said(const struct doc *d, struct buf *out)
{
	const struct json *f = json_get(d->model, "f"),
	                  *outside = json_get(d->model, "outside");

	for (const struct json *m = f ? f->first : NULL; m; m = m->next) {
		const struct doc_field *field = doc_field_of(m->name);
		if (!field || field->day || !json_true(m, "known"))
			continue;
		buf_add(out, json_text(m, "value"));
		buf_str(out, "\n\n");
	}
	for (const struct json *x = outside ? outside->first : NULL; x; x = x->next) {
		buf_add(out, json_text(x, "title"));
		buf_str(out, "\n\n");
	}
	for (size_t i = 0; i < d->c->receipts; i++) {
		buf_add(out, d->c->receipt[i].receipt);
		buf_str(out, "\n\n");
	}
}

void doc_grant(struct doc *d, const struct json *told)
{
	const struct json *days = json_get(told, "days"), *numbers = json_get(told, "numbers"),
	                  *items = json_get(told, "items");

	for (const struct json *x = days ? days->first : NULL; x; x = x->next)
		json_push(d->truth_days, json_str(d->mem, json_text(x, "at")));
	for (const struct json *x = items ? items->first : NULL; x; x = x->next)
		json_push(d->truth_items, json_str(d->mem, json_text(x, "item")));
	for (const struct json *x = numbers ? numbers->first : NULL; x; x = x->next) {
		struct json *o = json_obj(d->mem);
		json_put_int(d->mem, o, "n", json_num(x, "n", 0));
		json_put_slice(d->mem, o, "unit", json_text(x, "unit"));
		json_push(d->truth_counts, o);
	}
}

int64_t doc_check(const struct json *model, const struct json *told, doc_differs_fn *fn,
                  void *ctx)
{
	struct check k = {json_get(model, "truth"), fn, ctx, 0};
	const struct json *days = json_get(told, "days"), *numbers = json_get(told, "numbers"),
	                  *items = json_get(told, "items");

	for (const struct json *x = days ? days->first : NULL; x; x = x->next)
		if (!in_days(json_get(k.truth, "days"), json_text(x, "at")))
			differs(&k, "day", json_text(x, "at"), x);
	for (const struct json *x = numbers ? numbers->first : NULL; x; x = x->next)
		if (!in_counts(json_get(k.truth, "counts"), x))
			differs(&k, "count", json_text(x, "text"), x);
	for (const struct json *x = items ? items->first : NULL; x; x = x->next)
		if (!slice_eq(json_text(x, "item"), SLICE("card_data")) &&
		    !in_list(json_get(k.truth, "items"), json_text(x, "item")))
			differs(&k, "item", json_text(x, "item"), x);
	return k.n;
}

static bool tells_count(const struct json *told, const struct json *c)
{
	const struct json *numbers = json_get(told, "numbers");
	struct slice unit = json_text(c, "unit");

	for (const struct json *x = numbers ? numbers->first : NULL; x; x = x->next) {
		bool persons = slice_eq(json_text(x, "unit"), SLICE("名")) ||
		               slice_eq(json_text(x, "unit"), SLICE("persons"));
		if (json_num(x, "n", -1) == json_num(c, "n", -2) &&
		    persons == slice_eq(unit, SLICE("名")))
			return true;
	}
	return false;
}

int64_t doc_lacks(const struct json *model, const struct json *told, doc_differs_fn *fn,
                  void *ctx)
{
	struct check k = {json_get(model, "truth"), fn, ctx, 0};
	const struct json *counts = json_get(k.truth, "counts"),
	                  *items = json_get(k.truth, "items"), *said = json_get(told, "items");

	for (const struct json *x = counts ? counts->first : NULL; x; x = x->next) {
		char n[32] = "";
		if (tells_count(told, x))
			continue;
		snprintf(n, sizeof(n), "%lld", (long long)json_num(x, "n", 0));
		differs(&k, "count", slice_str(n), x);
	}
	for (const struct json *x = items ? items->first : NULL; x; x = x->next) {
		bool has = false;
		for (const struct json *y = said ? said->first : NULL; y && !has; y = y->next)
			has = slice_eq(json_text(y, "item"), x->s);
		if (!has)
			differs(&k, "item", x->s, x);
	}
	return k.n;
}
