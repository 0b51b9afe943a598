/* page_facts: the record: all facts, filtered; one fact; its proof. */
#include "desk/tell.h"
#include <stdio.h>
#include <time.h>

#define LINES 100

struct list {
	struct page *p;
	struct json *lines;
	int64_t n, last, first;
};

static int add_line(void *ctx, int64_t seq, struct slice body)
{
	struct list *l = ctx;
	struct json *fact = json_parse(l->p->a, arena_copy(l->p->a, body), NULL);

	if (l->n++ == LINES)
		return 1; /* there are more */
	if (fact)
		json_push(l->lines, tell_fact(l->p, fact, WHEN_FULL));
	l->last = seq;
	if (!l->first)
		l->first = seq;
	return 0;
}

static void put_filter(struct page *p, const char *name)
{
	json_put_slice(p->a, p->m, name, page_query(p, name));
}

/* Choices of a select field: kinds, types. */
static void put_choices(struct page *p)
{
	struct json *kinds = json_arr(p->a), *types = json_arr(p->a);
	struct slice kind = page_query(p, "kind"), type = page_query(p, "type");

	for (enum fact_kind k = 0; k < FACT_KINDS; k++) {
		struct json *o = json_obj(p->a);
		struct slice name = slice_str(fact_kind_name(k));

		json_put_slice(p->a, o, "value", name);
		json_put_slice(p->a, o, "say",
		               arena_printf(p->a, "kind.%.*s", SLICE_ARG(name)));
		json_put_bool(p->a, o, "chosen", slice_eq(kind, name));
		json_push(kinds, o);
	}
	for (size_t i = 0; i < fact_type_count; i++) {
		struct json *o = json_obj(p->a);

		json_put_str(p->a, o, "value", fact_types[i].type);
		json_put_bool(p->a, o, "chosen", slice_eq(type, slice_str(fact_types[i].type)));
		json_push(types, o);
	}
	json_put(p->a, p->m, "kinds", kinds);
	json_put(p->a, p->m, "types", types);
}

/* The same filters with another beginning. */
static struct slice page_url(struct page *p, int64_t to)
{
	static const char *const names[] = {"kind", "type", "path", "since", "until"};
	struct slice url;
	struct buf b;

	buf_init(&b, 4 * HTTP_MAX_URI);
	buf_printf(&b, "/facts?to=%lld", (long long)to);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice v = page_query(p, names[i]);

		if (v.n == 0)
			continue;
		buf_printf(&b, "&%s=", names[i]);
		html_query(&b, v);
	}
	url = arena_copy(p->a, buf_slice(&b));
	buf_done(&b);
	return url;
}

enum http_turn page_facts(struct page *p)
{
	struct list l = {.p = p, .lines = json_arr(p->a)};
	int64_t to = form_number(p->a, p->rq->query, "to", 0);
	struct ledger_query q = {.to_seq = to,
	                         .kind = page_query(p, "kind"),
	                         .type = page_query(p, "type"),
	                         .path = page_query(p, "path"),
	                         .newest_first = true};

	if (!page_query_span(p, "since", "until", &q.since_us, &q.until_us))
		return page_fault(p, MHD_HTTP_BAD_REQUEST, "fault.time");
	if (ledger_each(p->ledger, &q, add_line, &l) < 0)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	json_put(p->a, p->m, "lines", l.lines);
	json_put_int(p->a, p->m, "size", ledger_size(p->ledger));
	if (l.n > LINES)
		json_put_slice(p->a, p->m, "older", page_url(p, l.last - 1));
	if (to)
		json_put_slice(p->a, p->m, "newest", page_url(p, 0));
	put_filter(p, "path");
	put_filter(p, "since");
	put_filter(p, "until");
	put_choices(p);
	return HTTP_DONE;
}

/* ---- one fact ---- */

/* The value, indented; the canonical text itself is one line, hard to read. */
static void pretty(struct buf *out, const struct json *v, int depth)
{
	bool arr = v->kind == JSON_ARR;

	if ((v->kind != JSON_OBJ && !arr) || !v->first) {
		json_write(out, v);
		return;
	}
	buf_str(out, arr ? "[" : "{");
	for (const struct json *e = v->first; e; e = e->next) {
		struct json name = {.kind = JSON_STR, .s = e->name};

		buf_printf(out, "\n%*s", (depth + 1) * 2, "");
		if (!arr) {
			json_write(out, &name);
			buf_str(out, ": ");
		}
		pretty(out, e, depth + 1);
		if (e->next)
			buf_byte(out, ',');
	}
	buf_printf(out, "\n%*s%s", depth * 2, "", arr ? "]" : "}");
}

/* Lines of the pretty text: each is a text of its own, since line ends are control characters.
 */
static struct json *pretty_lines(struct page *p, const struct json *fact)
{
	struct json *lines = json_arr(p->a);
	struct cursor c;
	struct slice line;
	struct buf text;

	buf_init(&text, 1u << 20);
	pretty(&text, fact, 0);
	c = cursor_over(buf_slice(&text));
	while (cursor_line(&c, &line))
		json_push(lines, json_str(p->a, line));
	buf_done(&text);
	return lines;
}

static int add_referrer(void *ctx, int64_t seq, struct slice body)
{
	struct list *l = ctx;
	struct json *fact = json_parse(l->p->a, arena_copy(l->p->a, body), NULL);

	(void)seq;
	if (fact)
		json_push(l->lines, tell_fact(l->p, fact, WHEN_SHORT));
	return ++l->n >= LINES;
}

static struct json *refs_of(struct page *p, const struct json *fact)
{
	struct json *lines = json_arr(p->a);
	const struct json *refs = json_get(fact, "refs");
	int n = 0;

	for (const struct json *r = refs ? refs->first : NULL; r && n < LINES;
	     r = r->next, n++) {
		struct json *to = r->kind == JSON_INT ? page_read(p, r->i) : NULL;

		if (to)
			json_push(lines, tell_fact(p, to, WHEN_SHORT));
	}
	return lines;
}

enum http_turn page_fact(struct page *p)
{
	struct list by = {.p = p, .lines = json_arr(p->a)};
	struct json *fact = page_read(p, p->number);

	if (!fact)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	ledger_referrers(p->ledger, p->number, add_referrer, &by);
	json_put_int(p->a, p->m, "seq", p->number);
	if (p->number > 1)
		json_put_int(p->a, p->m, "before", p->number - 1);
	if (p->number < ledger_size(p->ledger))
		json_put_int(p->a, p->m, "after", p->number + 1);
	json_put(p->a, p->m, "text", pretty_lines(p, fact));
	json_put(p->a, p->m, "refs", refs_of(p, fact));
	json_put(p->a, p->m, "by", by.lines);
	json_put_slice(p->a, p->m, "kind_say",
	               arena_printf(p->a, "kind.%.*s", SLICE_ARG(json_text(fact, "kind"))));
	json_put_slice(p->a, p->m, "type", fact_type(fact));
	json_put(p->a, p->m, "line", tell_fact(p, fact, WHEN_FULL));
	return HTTP_DONE;
}

enum http_turn page_proof(struct page *p)
{
	struct err e;

	if (ledger_proof(p->ledger, p->number, &p->rp->body, &e) < 0) {
		buf_reset(&p->rp->body);
		p->template = "fault";
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.proof");
	}
	page_download(p, "application/json",
	              arena_printf(p->a, "hinoban-proof-%lld.json", (long long)p->number));
	return HTTP_DONE;
}
