/* pages_record: a record as a sorted list of things that can be held against another's. */
#include "base/url.h"
#include "judge/pages_in.h"
#include <stdlib.h>

struct builder {
	struct arena *a;
	struct pages_item *item;
	size_t n;
};

static struct slice text_or_empty(struct slice s)
{
	return s.at ? s : slice_str("");
}

static struct pages_item *add(struct builder *b, enum pages_kind kind)
{
	static struct pages_item spill; /* what is too much goes nowhere */
	struct pages_item *it = b->n < PAGES_MAX_ITEMS ? &b->item[b->n++] : &spill;

	*it = (struct pages_item){.kind = kind};
	return it;
}

static struct slice steady(struct arena *a, struct slice url)
{
	struct buf b = {.max = FACT_MAX_BYTES};
	struct slice out;

	url_steady(&b, url);
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return text_or_empty(out);
}

static bool third(const struct json *o)
{
	return slice_eq(json_text(o, "party"), SLICE("third"));
}

static struct slice first_of(const struct json *list)
{
	return list && list->first && list->first->kind == JSON_STR ? list->first->s
	                                                            : (struct slice){0};
}

/* ---- one entry of each list ---- */

static void script(struct builder *b, const struct json *o)
{
	struct slice url = json_text(o, "url"), place = json_text(o, "inline");
	struct slice structure = json_text(o, "structure"), hash = json_text(o, "hash");
	struct slice value = structure.n ? structure : hash;
	struct pages_item *it;

	if (url.n) {
		it = add(b, PAGES_SCRIPT);
		it->key = it->subject = steady(b->a, url);
		it->value = value;
	} else if (slice_starts(place, SLICE("eval"))) {
		it = add(b, PAGES_EVAL);
		it->key = it->subject = steady(b->a, first_of(json_get(o, "by")));
	} else {
		struct slice page = steady(b->a, place);

		it = add(b, PAGES_INLINE);
		it->key = arena_printf(b->a, "%.*s %.*s", SLICE_ARG(page), SLICE_ARG(value));
		it->subject = page;
		it->value = value;
	}
	it->third = third(o);
	it->hash = hash;
}

static void header(struct builder *b, const struct json *o)
{
	const struct json *list = json_get(o, "headers");
	struct slice url = steady(b->a, json_text(o, "url"));
	/* That this document was there, whatever headers it had. */
	struct pages_item *there = add(b, PAGES_HEADER);

	there->key = arena_printf(b->a, "%.*s ", SLICE_ARG(url));
	for (const struct json *h = list ? list->first : NULL; h; h = h->next) {
		struct pages_item *it;

		if (h->kind != JSON_STR)
			continue;
		it = add(b, PAGES_HEADER);
		it->key = arena_printf(b->a, "%.*s %.*s", SLICE_ARG(url), SLICE_ARG(h->name));
		it->subject = h->name;
		it->value = h->s;
	}
}

static void form(struct builder *b, const struct json *o)
{
	struct slice frame = steady(b->a, json_text(o, "frame"));
	struct pages_item *it = add(b, PAGES_FORM);

	it->value = it->subject = steady(b->a, json_text(o, "action"));
	it->key = arena_printf(b->a, "%lld %.*s %.*s %lld", (long long)json_num(o, "step", 0),
	                       SLICE_ARG(frame), SLICE_ARG(json_text(o, "method")),
	                       (long long)json_num(o, "fields", 0));
	it->third = third(o);
}

static void frame(struct builder *b, const struct json *o)
{
	struct pages_item *it = add(b, PAGES_FRAME);

	it->key = it->subject = steady(b->a, json_text(o, "url"));
	it->third = third(o);
}

/* How many fields of a kind a frame has at a step counts; each entry adds one. */
static void field(struct builder *b, const struct json *o)
{
	struct slice where = steady(b->a, json_text(o, "frame"));
	struct slice kind = json_text(o, "kind"), key;

	if (!slice_starts(kind, SLICE("card-")) && !slice_eq(kind, SLICE("password")))
		return;
	/* A page of its own has the real fields; which frame has them must not be hidden. */
	key = arena_printf(b->a, "%lld %.*s %.*s", (long long)json_num(o, "step", 0),
	                   SLICE_ARG(kind), SLICE_ARG(where));
	for (size_t i = 0; i < b->n; i++) {
		if (b->item[i].kind == PAGES_FIELD && slice_eq(b->item[i].key, key)) {
			b->item[i].value =
			    arena_printf(b->a, "%.*s+", SLICE_ARG(b->item[i].value));
			b->item[i].odd = b->item[i].odd || json_true(o, "covered");
			return;
		}
	}
	*add(b, PAGES_FIELD) = (struct pages_item){.kind = PAGES_FIELD,
	                                           .key = key,
	                                           .subject = kind,
	                                           .value = SLICE("+"),
	                                           .odd = json_true(o, "covered")};
}

static void worker(struct builder *b, const struct json *o)
{
	struct slice url = steady(b->a, json_text(o, "url"));
	struct pages_item *it = add(b, PAGES_WORKER);

	it->key =
	    arena_printf(b->a, "%.*s %.*s", SLICE_ARG(json_text(o, "type")), SLICE_ARG(url));
	it->subject = url;
	it->odd = slice_eq(json_text(o, "type"), SLICE("service_worker"));
}

/* Events that tell what is typed, or that it is sent. */
static bool tells(struct slice type)
{
	static const char *const list[] = {
	    "input",  "change",   "keydown",  "keyup",           "keypress",     "paste",
	    "blur",   "focusout", "submit",   "beforeinput",     "beforeunload", "pagehide",
	    "unload", "freeze",   "formdata", "visibilitychange"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (slice_eq(type, slice_str(list[i])))
			return true;
	}
	return false;
}

static struct slice script_of(struct builder *b, const struct json *o)
{
	return steady(b->a, json_text(o, "script"));
}

static void listener(struct builder *b, const struct json *o)
{
	struct pages_item *it;
	struct slice type = json_text(o, "type"), by = script_of(b, o);

	if (!tells(type))
		return;
	it = add(b, PAGES_LISTENER);
	it->key = arena_printf(b->a, "%.*s %.*s", SLICE_ARG(by), SLICE_ARG(type));
	it->subject = by;
	it->value = type;
}

/* Functions that only show that the card is looked at; all others pass it on. */
static bool reads(struct slice what)
{
	static const char *const list[] = {"input.value",
	                                   "textarea.value",
	                                   "KeyboardEvent.key",
	                                   "FormData",
	                                   "form.action",
	                                   "form.submit",
	                                   "RTCPeerConnection.createOffer",
	                                   "serviceWorker.register"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (slice_eq(what, slice_str(list[i])))
			return true;
	}
	return false;
}

static void touch(struct builder *b, const struct json *o)
{
	struct pages_item *it = add(b, PAGES_TOUCH);
	struct slice what = json_text(o, "what"), by = script_of(b, o);

	it->key = arena_printf(b->a, "%.*s %.*s", SLICE_ARG(by), SLICE_ARG(what));
	it->subject = by;
	it->value = what;
	it->odd = !reads(what);
}

static void contact(struct builder *b, const struct json *o)
{
	struct pages_item *it = add(b, PAGES_CONTACT);

	it->subject = json_text(o, "host");
	it->value = json_text(o, "how");
	it->key = arena_printf(b->a, "%.*s %.*s", SLICE_ARG(it->value), SLICE_ARG(it->subject));
	it->third = third(o);
}

static void stored(struct builder *b, const struct json *o)
{
	struct pages_item *it;

	if (!json_true(o, "card"))
		return;
	it = add(b, PAGES_STORE);
	it->key = arena_printf(b->a, "%.*s %.*s %.*s", SLICE_ARG(json_text(o, "origin")),
	                       SLICE_ARG(json_text(o, "area")), SLICE_ARG(json_text(o, "key")));
	it->subject = it->key;
}

/* Host and path, as the twins name a destination. */
static void request(struct builder *b, const struct json *o)
{
	struct slice how = json_text(o, "carries"), url = json_text(o, "url");
	size_t at = slice_find(url, SLICE("://"));
	struct pages_item *it;

	if (!how.n || at == SIZE_MAX)
		return;
	url = slice_sub(url, at + 3, url.n);
	it = add(b, PAGES_CARRY);
	it->key = it->subject = slice_sub(url, 0, slice_chr(url, '?'));
	it->value = how;
	it->third = third(o);
}

/* ---- all of them ---- */

static const struct {
	const char *list;
	void (*fn)(struct builder *b, const struct json *o);
} lists[] = {
    {"scripts", script}, {"headers", header},   {"forms", form},         {"frames", frame},
    {"fields", field},   {"workers", worker},   {"listeners", listener}, {"touches", touch},
    {"storage", stored}, {"contacts", contact}, {"requests", request},
};

static int order(const void *va, const void *vb)
{
	const struct pages_item *a = va, *b = vb;
	int r;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	r = slice_cmp(a->key, b->key);
	if (r == 0)
		r = slice_cmp(a->value, b->value);
	return r ? r : slice_cmp(a->hash, b->hash);
}

void pages_items(struct arena *a, const struct json *const *part, size_t parts,
                 struct pages_list *out)
{
	struct builder b = {.a = a, .item = arena_array(a, PAGES_MAX_ITEMS, sizeof(*b.item))};
	size_t kept = 0;

	*out = (struct pages_list){.item = b.item};
	if (!b.item)
		return;
	for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
		for (size_t p = 0; p < parts; p++) {
			const struct json *list = json_get(part[p], lists[l].list);

			for (const struct json *o = list ? list->first : NULL; o; o = o->next)
				lists[l].fn(&b, o);
		}
	}
	if (b.n)
		qsort(b.item, b.n, sizeof(*b.item), order);
	/* The same key twice (a script loaded at two steps): the last one speaks. */
	for (size_t i = 0; i < b.n; i++) {
		if (kept && b.item[kept - 1].kind == b.item[i].kind &&
		    slice_eq(b.item[kept - 1].key, b.item[i].key))
			b.item[kept - 1] = b.item[i];
		else
			b.item[kept++] = b.item[i];
	}
	out->n = kept;
}

const struct pages_item *pages_find(const struct pages_list *l, enum pages_kind kind,
                                    struct slice key)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const struct pages_item *it = &l->item[mid];
		int r = it->kind != kind ? (it->kind < kind ? -1 : 1) : slice_cmp(it->key, key);

		if (r == 0)
			return it;
		if (r < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
