/*
 * News: several texts on one incident made one. Two texts tell the same fact where what it is
 * known by is equal; what only one of them says of it (the hour, the group, whether it had to
 * be told) comes along. Where they differ in how exact a number is, the more careful one stays.
 */
#include "parse/news.h"

static const char *const lists[] = {PARSE_NEWS_LISTS};
#define LISTS (sizeof(lists) / sizeof(lists[0]))
#define KEYS  5

/* What a fact of a list is known by. A "?" in front: where both tell it. */
static const struct {
	const char *list;
	const char *key[KEYS];
} known_by[] = {
    {"noticed", {"by", "?at"}},
    {"periods", {"from", "to"}},
    {"counts", {"n", "low", "high", "unit", "item"}},
    {"items", {"item"}},
    {"events", {"act", "at"}},
    {"recovery", {"unit", "state", "?at"}},
};

static const char *const names[] = {"name", "kind", "brand", "subject", "item", "at"};

static const char *const forms[] = {"株式会社", "有限会社", "合同会社", "(株)", "(有)"};

/* The name without its legal form: "株式会社X" and "X" are one. */
static struct slice bare(struct slice name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct slice f = slice_str(forms[i]);
		if (slice_starts(name, f) && name.n > f.n)
			name = slice_sub(name, f.n, name.n);
		else if (slice_ends(name, f) && name.n > f.n)
			name = slice_sub(name, 0, name.n - f.n);
	}
	return slice_trim(name);
}

static bool empty(const struct json *v)
{
	return !v || v->kind == JSON_NULL || (v->kind == JSON_STR && v->s.n == 0);
}

static bool same_value(const struct json *a, const struct json *b)
{
	if (empty(a) || empty(b))
		return empty(a) == empty(b);
	if (a->kind != b->kind)
		return false;
	return a->kind == JSON_STR ? slice_eq(a->s, b->s) : a->i == b->i;
}

static bool same_key(const struct json *a, const struct json *b, const char *key)
{
	const struct json *x, *y;
	bool both = *key == '?';

	key += both;
	x = json_get(a, key);
	y = json_get(b, key);
	return (both && (empty(x) || empty(y))) || same_value(x, y);
}

static bool same_name(const struct json *a, const struct json *b)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice x = json_text(a, names[i]), y = json_text(b, names[i]);
		if (x.n || y.n)
			return slice_eq(bare(x), bare(y));
	}
	return false;
}

static bool same_fact(const char *list, const struct json *a, const struct json *b)
{
	for (size_t i = 0; i < sizeof(known_by) / sizeof(known_by[0]); i++) {
		if (!slice_eq(slice_str(list), slice_str(known_by[i].list)))
			continue;
		for (size_t k = 0; k < KEYS && known_by[i].key[k]; k++)
			if (!same_key(a, b, known_by[i].key[k]))
				return false;
		return true;
	}
	return same_name(a, b);
}

/* "最大120件" of one and "120件" of another: no more than the former is sure. */
static int care(struct slice how)
{
	static const char *const ranks[] = {"exact", "about", "at_most", "at_least"};

	for (int i = 0; i < 4; i++)
		if (slice_eq(how, slice_str(ranks[i])))
			return i;
	return 0;
}

static void fill_in(struct arena *a, struct json *f, const struct json *m)
{
	const char *name = arena_cstr(a, m->name);
	const struct json *have = json_get(f, name);
	bool longer = slice_eq(m->name, SLICE("name")) && have && m->s.n > have->s.n;
	bool known =
	    slice_eq(m->name, SLICE("state")) && have && slice_eq(have->s, SLICE("unknown"));
	bool careful = slice_eq(m->name, SLICE("how")) && have && care(m->s) > care(have->s);

	if (slice_eq(m->name, SLICE("spans")) || slice_eq(m->name, SLICE("seen")))
		return;
	if (empty(have) || longer || known || careful)
		json_put(a, f, name, json_copy(a, m));
}

static bool has_source(const struct json *spans, int64_t source)
{
	for (const struct json *s = spans->first; s; s = s->next)
		if (json_num(s, "source", -1) == source)
			return true;
	return false;
}

static void add_to(struct arena *a, const char *name, struct json *list,
                   const struct json *fact, int64_t source)
{
	struct json *f = list->first, *spans, *copy;

	while (f && !same_fact(name, f, fact))
		f = f->next;
	if (!f) {
		f = json_copy(a, fact);
		if (!f)
			return;
		json_put(a, f, "spans", json_arr(a));
		json_put_int(a, f, "seen", 0);
		json_push(list, f);
	}
	for (const struct json *m = fact->first; m; m = m->next)
		fill_in(a, f, m);
	spans = (struct json *)(uintptr_t)json_get(f, "spans");
	if (!has_source(spans, source))
		json_put_int(a, f, "seen", json_num(f, "seen", 0) + 1);
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
				add_to(a, lists[i], list, f, (int64_t)k);
		}
	}
	json_put_int(a, out, "sources", (int64_t)n);
	return out;
}
