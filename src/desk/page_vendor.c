/* page_vendor: "a vendor of ours was broken into": who asks, gets the answer of `hinoban
 * exposure`. */
#include "desk/page_web.h"
#include "fact/item.h"

#define SEEN_SHOWN 400
#define HASH_SHOWN 12

static struct json *seen_of(struct page *p, const struct exposure_seen *s)
{
	struct json *o = json_obj(p->a);
	const char *version = s->hash[0] ? s->hash : s->structure;

	json_put_str(p->a, o, "script", s->url);
	json_put_slice(p->a, o, "link",
	               page_web_script_url(p, slice_str(s->page), slice_str(s->url)));
	json_put_slice(p->a, o, "short", slice_sub(slice_str(version), 0, HASH_SHOWN));
	json_put_str(p->a, o, "loaded_by", s->by);
	json_put_int(p->a, o, "visits", s->visits);
	when_put(p->a, o, "began", s->first_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "newest", s->last_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "maybe_from", s->maybe_from_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "maybe_to", s->maybe_to_us, WHEN_FULL, p->lang);
	json_put_bool(p->a, o, "before_all", !s->maybe_from_us);
	json_put_bool(p->a, o, "still", !s->maybe_to_us);
	json_put_bool(p->a, o, "unsure", !s->sure);
	json_put_int(p->a, o, "first_seq", s->first_seq);
	json_put_int(p->a, o, "last_seq", s->last_seq);
	return o;
}

static void put_asks(struct page *p, struct json *page, const struct exposure_seen *s)
{
	static const char *const names[] = {"", "vendor.person", "vendor.password",
	                                    "vendor.card"};
	int64_t grave = s->card ? 3 : s->password ? 2 : s->person ? 1 : 0;

	if (grave < json_num(page, "grave", 0))
		return;
	json_put_int(p->a, page, "grave", grave);
	json_put_bool(p->a, page, "card", grave == 3);
	json_put_str(p->a, page, "asks", names[grave]);
}

static struct json *count_of(struct page *p, const struct json *count)
{
	struct json *o = json_obj(p->a);
	struct slice population = json_text(count, "population");
	const struct item_name *name = item_group(population);

	json_put_slice(p->a, o, "group",
	               name ? slice_str(p->lang == LANG_JA ? name->ja : name->en) : population);
	json_put_str(p->a, o, "unit",
	             slice_eq(json_text(count, "unit"), SLICE("件")) ? "unit.entries"
	                                                             : "unit.persons");
	json_put_bool(p->a, o, "exact", json_get(count, "n") != NULL);
	json_put_int(p->a, o, "n", json_num(count, "n", 0));
	json_put_int(p->a, o, "low", json_num(count, "low", 0));
	json_put_int(p->a, o, "high", json_num(count, "high", 0));
	json_put_int(p->a, o, "seq", fact_seq(count));
	return o;
}

/* Who was counted in that time: the command `hinoban exposure` tells the same. */
static void put_counts(struct page *p, struct json *m, struct exposure *x)
{
	const struct json *counts = exposure_counts(x);
	struct json *list = json_put(p->a, m, "counts", json_arr(p->a));

	for (const struct json *c = counts ? counts->first : NULL; c; c = c->next)
		if (exposure_tells(c))
			json_push(list, count_of(p, c));
	json_put_bool(p->a, m, "counted", list->first != NULL);
}

static void put_answer(struct page *p, struct exposure *x)
{
	struct json *m = json_obj(p->a), *pages = json_arr(p->a), *page = NULL, *list = NULL;

	for (size_t i = 0; i < x->n && i < SEEN_SHOWN; i++) {
		if (exposure_new_page(x, i)) {
			page = json_obj(p->a);
			json_put_str(p->a, page, "page", x->seen[i].page);
			json_put_slice(p->a, page, "page_link",
			               page_web_url(p, slice_str(x->seen[i].page)));
			list = json_put(p->a, page, "seen", json_arr(p->a));
			json_push(pages, page);
		}
		put_asks(p, page, &x->seen[i]);
		json_push(list, seen_of(p, &x->seen[i]));
	}
	json_put(p->a, m, "pages", pages);
	json_put_int(p->a, m, "n", exposure_pages(x));
	json_put_int(p->a, m, "watched", x->pages);
	json_put_int(p->a, m, "visits_all", x->visits);
	json_put_int(p->a, m, "hidden", x->n > SEEN_SHOWN ? (int64_t)x->n - SEEN_SHOWN : 0);
	put_counts(p, m, x);
	json_put(p->a, p->m, "answered", m);
}

enum http_turn page_vendor(struct page *p)
{
	struct slice of = slice_trim(page_query(p, "of"));
	struct exposure x = {.ledger = p->ledger, .mem = p->a, .vendor = arena_cstr(p->a, of)};
	int r;

	if (!page_query_span(p, "from", "to", &x.since_us, &x.until_us))
		return page_fault(p, MHD_HTTP_BAD_REQUEST, "fault.time");
	json_put_slice(p->a, p->m, "of", of);
	json_put_slice(p->a, p->m, "day_from", page_query(p, "from"));
	json_put_slice(p->a, p->m, "day_to", page_query(p, "to"));
	if (!of.n || !x.vendor)
		return HTTP_DONE;
	r = exposure_ask(&x);
	if (r == 0)
		put_answer(p, &x);
	exposure_done(&x);
	return r < 0 ? page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger") : HTTP_DONE;
}
