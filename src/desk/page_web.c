/* page_web: the list of watched pages. */
#include "desk/page_web.h"
#include "desk/card.h"

#define LOOK_BACK 4000 /* facts page.checked, newest first */

static struct slice with_query(struct page *p, const char *before, struct slice name,
                               struct slice url)
{
	struct slice out;
	struct buf b;

	buf_init(&b, 4 * FACT_MAX_BYTES);
	buf_str(&b, before);
	html_query(&b, name);
	if (url.n) {
		buf_str(&b, "&url=");
		html_query(&b, url);
	}
	out = arena_copy(p->a, buf_slice(&b));
	buf_done(&b);
	return out;
}

struct slice page_web_url(struct page *p, struct slice name)
{
	return with_query(p, "/web?page=", name, SLICE(""));
}

struct slice page_web_script_url(struct page *p, struct slice name, struct slice url)
{
	return with_query(p, "/web/script?page=", name, url);
}

struct slice page_web_cut(struct page *p, struct slice s, size_t n)
{
	size_t from = s.n;

	if (s.n <= n)
		return s;
	from = s.n - n;
	while (from < s.n && (s.at[from] & 0xc0) == 0x80)
		from++;
	return arena_printf(p->a, "…%.*s", SLICE_ARG(slice_sub(s, from, s.n)));
}

/* ---- one row ---- */

struct row {
	struct page *p;
	struct slice name;
	int64_t first_us, last_us, good, failed;
	int64_t findings, grave, unknown, scripts;
	const struct json *checked;
	bool card;
};

static int add_visits(void *ctx, const struct ledger_visits *v)
{
	struct row *r = ctx;

	if (!slice_eq(v->page, r->name))
		return 0;
	r->good += v->good;
	r->failed += v->failed;
	r->last_us = v->last_us > r->last_us ? v->last_us : r->last_us;
	r->card = r->card || v->card;
	return 0;
}

static int add_finding(void *ctx, const struct ledger_finding *f)
{
	struct row *r = ctx;
	const struct json *fact;

	if (!slice_starts(f->type, SLICE("page.")))
		return 0;
	fact = json_parse(r->p->a, arena_copy(r->p->a, f->body), NULL);
	if (!slice_eq(json_text(fact, "page"), r->name))
		return 0;
	r->findings++;
	r->grave += f->severity >= SEV_HIGH;
	return 0;
}

static int newest_check(void *ctx, int64_t seq, struct slice body)
{
	struct row *r = ctx;
	const struct json *fact;

	(void)seq;
	if (slice_find(body, r->name) == SIZE_MAX)
		return 0;
	fact = json_parse(r->p->a, arena_copy(r->p->a, body), NULL);
	if (!slice_eq(json_text(fact, "page"), r->name))
		return 0;
	r->checked = fact;
	return 1;
}

static const char *state_of(const struct row *r)
{
	if (r->grave)
		return "alarm";
	if (!r->checked)
		return "never";
	if (!json_true(r->checked, "valid"))
		return "blind";
	return r->findings || r->unknown ? "ask" : "good";
}

static struct json *row_of(struct page *p, const struct inventory *inv, struct slice name,
                           struct slice url, struct slice journey)
{
	struct json *o = json_obj(p->a);
	struct row r = {.p = p, .name = name};
	struct ledger_query q = {
	    .type = SLICE("page.checked"), .newest_first = true, .limit = LOOK_BACK};
	struct buf ago;

	ledger_visits(p->ledger, add_visits, &r);
	ledger_findings(p->ledger, true, true, 0, add_finding, &r);
	ledger_each(p->ledger, &q, newest_check, &r);
	for (size_t i = 0; i < inv->n; i++) {
		if (!slice_eq(slice_str(inv->script[i].page), name))
			continue;
		r.scripts++;
		r.unknown += inv->script[i].how < ALLOWED_GIVEN;
	}
	buf_init(&ago, 128);
	json_put_slice(p->a, o, "page", name);
	json_put_slice(p->a, o, "link", page_web_url(p, name));
	json_put_slice(p->a, o, "address", url);
	json_put_slice(p->a, o, "journey", journey);
	json_put_bool(p->a, o, "gone", !url.n);
	json_put_str(p->a, o, "state", state_of(&r));
	json_put_slice(p->a, o, "state_say", arena_printf(p->a, "web.%s", state_of(&r)));
	when_put(p->a, o, "when", fact_at_us(r.checked), WHEN_FULL, p->lang);
	if (r.checked)
		when_ago(&ago, fact_at_us(r.checked), p->now, p->lang);
	json_put_slice(p->a, o, "ago", buf_slice(&ago));
	json_put_slice(p->a, o, "failed_why",
	               json_true(r.checked, "valid") ? SLICE("") : json_text(r.checked, "why"));
	json_put_bool(p->a, o, "card", r.card);
	json_put_int(p->a, o, "findings", r.findings);
	json_put_int(p->a, o, "unknown", r.unknown);
	json_put_int(p->a, o, "scripts", r.scripts);
	json_put_int(p->a, o, "good", r.good);
	buf_done(&ago);
	return o;
}

/* ---- all of them: those of the settings, then what was watched once ---- */

struct listing {
	struct page *p;
	const struct inventory *inv;
	struct json *rows;
};

static bool listed(const struct listing *l, struct slice name)
{
	for (const struct json *r = l->rows->first; r; r = r->next) {
		if (slice_eq(json_text(r, "page"), name))
			return true;
	}
	return false;
}

static int add_old(void *ctx, const struct ledger_visits *v)
{
	struct listing *l = ctx;
	struct slice name = arena_copy(l->p->a, v->page);

	if (!listed(l, name))
		json_push(l->rows, row_of(l->p, l->inv, name, SLICE(""), SLICE("")));
	return 0;
}

enum http_turn page_webs(struct page *p)
{
	struct listing l = {.p = p, .rows = json_arr(p->a)};
	struct inventory inv;
	const struct conf *c = &p->desk->conf;

	if (!l.rows || inventory_read(p->ledger, p->a, &inv) < 0)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	l.inv = &inv;
	for (size_t i = 0; p->desk->has_conf && i < c->page_watches; i++) {
		struct conf_page w = conf_page(c, i);

		json_push(l.rows, row_of(p, &inv, w.name, w.url, w.journey));
	}
	ledger_visits(p->ledger, add_old, &l);
	inventory_done(&inv);
	json_put(p->a, p->m, "webs", l.rows);
	return HTTP_DONE;
}

/* ---- what one page is shown from ---- */

struct arms {
	struct page *p;
	struct slice name;
	struct ledger_visits *at;
	size_t n;
};

#define ARMS 24

static int keep_arm(void *ctx, const struct ledger_visits *v)
{
	struct arms *a = ctx;

	if (!slice_eq(v->page, a->name) || !v->record || a->n == ARMS)
		return 0;
	a->at[a->n] = *v;
	a->at[a->n].page = a->name;
	a->at[a->n].arm = arena_copy(a->p->a, v->arm);
	a->n++;
	return 0;
}

struct keeping {
	struct page *p;
	struct web *w;
};

static int keep_part(void *ctx, const struct ledger_visits *of, const struct json *part)
{
	struct keeping *k = ctx;

	(void)of;
	if (k->w->parts == WEB_PARTS)
		return 1;
	k->w->part[k->w->parts++] = json_copy(k->p->a, part);
	return 0;
}

/* The quiet visit first: the others differ from it by what they try. */
static void read_records(struct page *p, struct web *w)
{
	struct arms a = {.p = p, .name = w->name, .at = arena_array(p->a, ARMS, sizeof(*a.at))};
	struct keeping k = {p, w};

	if (!a.at || ledger_visits(p->ledger, keep_arm, &a) < 0)
		return;
	for (size_t i = 1; i < a.n; i++) {
		struct ledger_visits quiet = a.at[i];

		if (!slice_eq(quiet.arm, SLICE("idle")))
			continue;
		a.at[i] = a.at[0];
		a.at[0] = quiet;
	}
	for (size_t i = 0; i < a.n; i++)
		inventory_record(p->ledger, &a.at[i], keep_part, &k);
	if (a.n)
		w->arm = a.at[0].arm;
}

bool page_web_open(struct page *p, struct slice name, struct web *w)
{
	const struct conf *c = &p->desk->conf;

	*w = (struct web){.name = name};
	for (size_t i = 0; p->desk->has_conf && i < c->page_watches; i++) {
		struct conf_page of = conf_page(c, i);

		if (slice_eq(of.name, name)) {
			w->url = of.url;
			w->journey = of.journey;
		}
	}
	read_records(p, w);
	if (!w->url.n && !w->parts) {
		page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
		return false;
	}
	if (inventory_read(p->ledger, p->a, &w->inv) < 0) {
		page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
		return false;
	}
	json_put(p->a, p->m, "web", row_of(p, &w->inv, w->name, w->url, w->journey));
	return true;
}

void page_web_done(struct web *w)
{
	inventory_done(&w->inv);
}
