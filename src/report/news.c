#include "report/news.h"

#define WORDS_MAX 500 /* about one text */

struct words {
	struct arena *a;
	const struct json **at;
	size_t n;
};

static int take(void *ctx, int64_t seq, struct slice body)
{
	struct words *w = ctx;
	const struct json *f = json_parse(w->a, arena_copy(w->a, body), NULL);

	(void)seq;
	if (f && slice_eq(fact_type(f), SLICE("news.checked")) && w->n < WORDS_MAX)
		w->at[w->n++] = f;
	return w->n == WORDS_MAX;
}

/* The newest word about fact `at` of a list, or NULL. */
static const struct json *about(const struct words *w, struct slice list, int64_t at)
{
	const struct json *best = NULL;

	for (size_t i = 0; i < w->n; i++) {
		const struct json *f = w->at[i];

		if (slice_eq(json_text(f, "list"), list) && json_num(f, "nth", -1) == at &&
		    (!best || fact_seq(f) > fact_seq(best)))
			best = f;
	}
	return best;
}

/* Values that the fact has, in the place of the reader's. */
static void correct(struct arena *a, struct json *fact, const struct json *value)
{
	for (const struct json *m = value ? value->first : NULL; m; m = m->next) {
		char *name = arena_cstr(a, m->name);

		if (name && json_get(fact, name) && !slice_eq(m->name, SLICE("spans")))
			json_put(a, fact, name, json_copy(a, m));
	}
}

static bool is(const struct json *word, const char *verdict)
{
	return slice_eq(json_text(word, "verdict"), slice_str(verdict));
}

/* which: 0 those that a person spoke of, 1 the others, 2 all of them, for looking at. */
static void put_list(struct words *w, struct json *to, const struct json *list, int which)
{
	int64_t at = 0;

	for (const struct json *f = list->first; f; f = f->next, at++) {
		const struct json *word = about(w, list->name, at);
		struct json *copy;

		if (which < 2 && (is(word, "rejected") || (word != NULL) == (which == 1)))
			continue;
		copy = json_copy(w->a, f);
		if (is(word, "corrected"))
			correct(w->a, copy, json_get(word, "value"));
		if (which < 2) {
			json_put(w->a, copy, "spans", json_arr(w->a));
		} else {
			json_put_int(w->a, copy, "nth", at);
			json_put_slice(w->a, copy, "verdict", json_text(word, "verdict"));
			json_put_slice(w->a, copy, "judged_by", json_text(word, "by"));
			json_put_int(w->a, copy, "word", word ? fact_seq(word) : 0);
		}
		json_push(to, copy);
	}
}

static struct json *stand(struct arena *a, struct ledger *l, const struct json *read, bool all)
{
	const struct json *told = json_get(read, "told");
	struct words w = {.a = a, .at = arena_array(a, WORDS_MAX, sizeof(*w.at))};
	struct json *out = json_obj(a);

	if (!told || !w.at || ledger_referrers(l, fact_seq(read), take, &w) < 0)
		return NULL;
	for (const struct json *m = told->first; m; m = m->next) {
		char *name = arena_cstr(a, m->name);
		struct json *to = m->kind == JSON_ARR ? json_arr(a) : json_copy(a, m);

		for (int which = all ? 2 : 0; m->kind == JSON_ARR && which < (all ? 3 : 2);
		     which++)
			put_list(&w, to, m, which);
		json_put(a, out, name, to);
	}
	return out;
}

struct json *news_standing(struct arena *a, struct ledger *l, const struct json *read)
{
	return stand(a, l, read, false);
}

struct json *news_judged(struct arena *a, struct ledger *l, const struct json *read)
{
	return stand(a, l, read, true);
}
