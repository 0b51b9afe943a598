/*
 * page_web_graph: where a page sends to, as a picture: page, scripts, hosts in three columns.
 * Numbers only go into the picture's attributes; all text is the template's to escape.
 */
#include "base/url.h"
#include "desk/page_web.h"

#define SCRIPTS     12 /* drawn; the rest is told in the table */
#define HOSTS       16
#define EDGES       160
#define KNOWN_HOSTS 64
#define ROW         44
#define TOP         40
#define SCRIPT_X    330
#define SCRIPT_W    260
#define HOST_X      730
#define HOST_W      260
#define PAGE_X      10
#define PAGE_W      190
#define LABEL       27
#define LANE        26 /* below the scripts: what the page itself asks for passes there */

struct host {
	struct slice name;
	bool third, card, allowed, unread;
	int64_t requests;
};

struct drawing {
	struct page *p;
	const struct web *w;
	struct slice script[SCRIPTS];
	size_t scripts;
	struct host host[KNOWN_HOSTS];
	size_t hosts;
	struct {
		size_t from, to; /* from: a script, or SCRIPTS for the page itself */
		bool card;
	} edge[EDGES];
	size_t edges;
	struct json *lines;
};

static struct slice known_host(const struct drawing *d, struct slice url)
{
	struct slice host = url_host(url);

	/* Flows are told without a scheme. */
	if (!host.n)
		host = slice_sub(url, 0, url_host_length(url));
	return host.n ? host : url_host(d->w->url);
}

static struct host *host_at(struct drawing *d, struct slice name, size_t *at)
{
	for (size_t i = 0; i < d->hosts; i++) {
		if (slice_eq(d->host[i].name, name)) {
			*at = i;
			return &d->host[i];
		}
	}
	if (!name.n || d->hosts == KNOWN_HOSTS)
		return NULL;
	*at = d->hosts;
	d->host[d->hosts] = (struct host){.name = name, .allowed = true};
	return &d->host[d->hosts++];
}

static size_t script_at(struct drawing *d, struct slice url)
{
	for (size_t i = 0; i < d->scripts; i++) {
		if (slice_eq(d->script[i], url))
			return i;
	}
	return SCRIPTS;
}

static void add_edge(struct drawing *d, size_t from, size_t to, bool card)
{
	for (size_t i = 0; i < d->edges; i++) {
		if (d->edge[i].from == from && d->edge[i].to == to) {
			d->edge[i].card = d->edge[i].card || card;
			return;
		}
	}
	if (d->edges == EDGES)
		return;
	d->edge[d->edges].from = from;
	d->edge[d->edges].to = to;
	d->edge[d->edges++].card = card;
}

/* Who made the request: the nearest of those that led to it, where it is a script. */
static struct slice made_by(const struct json *request)
{
	const struct json *by = json_get(request, "by");

	return by && by->first && by->first->kind == JSON_STR ? by->first->s : SLICE("");
}

static void take_scripts(struct drawing *d, const struct json *record, bool third)
{
	const struct json *all = json_get(record, "scripts");

	for (const struct json *s = all ? all->first : NULL; s; s = s->next) {
		struct slice url = json_text(s, "url");

		if (slice_eq(json_text(s, "party"), SLICE("third")) != third || !url.n ||
		    d->scripts == SCRIPTS || script_at(d, url) < SCRIPTS)
			continue;
		d->script[d->scripts++] = url;
	}
}

static void take_requests(struct drawing *d, const struct json *record)
{
	const struct json *all = json_get(record, "requests");

	for (const struct json *r = all ? all->first : NULL; r; r = r->next) {
		size_t at;
		struct host *h = host_at(d, known_host(d, json_text(r, "url")), &at);

		if (!h)
			continue;
		h->third = h->third || slice_eq(json_text(r, "party"), SLICE("third"));
		h->requests += json_num(r, "n", 1);
		add_edge(d, script_at(d, made_by(r)), at, false);
	}
}

static int take_twins(void *ctx, int64_t seq, struct slice body)
{
	struct drawing *d = ctx;
	struct arena *a = d->p->a;
	const struct json *fact, *flows;

	(void)seq;
	if (slice_find(body, d->w->name) == SIZE_MAX)
		return 0;
	fact = json_parse(a, arena_copy(a, body), NULL);
	if (!slice_eq(json_text(fact, "page"), d->w->name) || !json_true(fact, "valid"))
		return 0;
	flows = json_get(fact, "flows");
	for (const struct json *f = flows ? flows->first : NULL; f; f = f->next) {
		size_t at;
		struct host *h = host_at(d, known_host(d, json_text(f, "to")), &at);
		bool card = slice_eq(json_text(f, "verdict"), SLICE("flow"));

		if (!h)
			continue;
		h->third = h->third || slice_eq(json_text(f, "party"), SLICE("third"));
		h->unread =
		    h->unread || slice_eq(json_text(f, "verdict"), SLICE("undetermined"));
		if (!card)
			continue;
		h->card = true;
		h->allowed = h->allowed &&
		             allowed_is(d->w->inv.words, "flow", d->w->name, json_text(f, "to"),
		                        SLICE(""), SLICE(""), NULL) > ALLOWED_OUTDATED;
		add_edge(d, script_at(d, json_text(f, "script")), at, true);
	}
	json_put_int(a, d->p->m, "twins_seq", fact_seq(fact));
	return 1;
}

static const char *tone_of(const struct host *h)
{
	if (h->card)
		return h->allowed ? "card" : "alarm";
	return h->unread ? "ask" : h->third ? "third" : "first";
}

/* The middle of box i of n, in a picture of this height. */
static int middle(size_t i, size_t n, int height)
{
	return TOP + (height - LANE - TOP - (int)n * ROW) / 2 + (int)i * ROW + ROW / 2;
}

/* A curve from the right side of one box to the left side of another. */
static void line(struct drawing *d, int x1, int y1, int x2, int y2, const char *tone)
{
	struct json *o = json_obj(d->p->a);
	int bend = (x2 - x1) / 2;

	json_put_slice(d->p->a, o, "way",
	               arena_printf(d->p->a, "M%d %dC%d %d %d %d %d %d", x1, y1, x1 + bend, y1,
	                            x2 - bend, y2, x2, y2));
	json_put_str(d->p->a, o, "tone", tone);
	json_push(d->lines, o);
}

/* The same from the page, past the scripts. */
static void line_past(struct drawing *d, int y1, int lane, int y2, const char *tone)
{
	struct json *o = json_obj(d->p->a);
	int x1 = PAGE_X + PAGE_W, x2 = SCRIPT_X + SCRIPT_W;

	json_put_slice(d->p->a, o, "way",
	               arena_printf(d->p->a, "M%d %dC%d %d %d %d %d %dL%d %dC%d %d %d %d %d %d",
	                            x1, y1, x1 + 70, y1, SCRIPT_X - 70, lane, SCRIPT_X, lane,
	                            x2, lane, x2 + 70, lane, HOST_X - 70, y2, HOST_X, y2));
	json_put_str(d->p->a, o, "tone", tone);
	json_push(d->lines, o);
}

static const char *edge_tone(const struct drawing *d, size_t e)
{
	const struct host *h = &d->host[d->edge[e].to];

	return d->edge[e].card ? tone_of(h) : h->third ? "third" : "first";
}

static void draw_edges(struct drawing *d, size_t shown, int height, int mid, bool card)
{
	for (size_t e = 0; e < d->edges; e++) {
		size_t s = d->edge[e].from, to = d->edge[e].to;
		int y = middle(to, shown, height);

		if (to >= shown || d->edge[e].card != card)
			continue;
		if (s < d->scripts)
			line(d, SCRIPT_X + SCRIPT_W, middle(s, d->scripts, height), HOST_X, y,
			     edge_tone(d, e));
		else
			line_past(d, mid, height - LANE / 2, y, edge_tone(d, e));
	}
}

static struct json *box(struct drawing *d, int x, int y, int width, struct slice label,
                        struct slice full, const char *tone)
{
	struct json *o = json_obj(d->p->a);

	json_put_int(d->p->a, o, "x", x);
	json_put_int(d->p->a, o, "y", y - 16);
	json_put_int(d->p->a, o, "width", width);
	json_put_int(d->p->a, o, "text_x", x + 12);
	json_put_int(d->p->a, o, "text_y", y + 6);
	json_put_slice(d->p->a, o, "label", page_web_cut(d->p, label, LABEL));
	json_put_slice(d->p->a, o, "full", full);
	json_put_str(d->p->a, o, "tone", tone);
	return o;
}

static int by_weight(const void *a, const void *b)
{
	const struct host *x = a, *y = b;
	int wx = x->card * 4 + x->unread * 2 + x->third;
	int wy = y->card * 4 + y->unread * 2 + y->third;

	return wx != wy ? wy - wx : slice_cmp(x->name, y->name);
}

/* Sort the hosts; the edges follow. */
static void sort_hosts(struct drawing *d)
{
	struct host *old = arena_array(d->p->a, KNOWN_HOSTS, sizeof(*old));

	if (!old)
		return;
	memcpy(old, d->host, sizeof(d->host));
	qsort(d->host, d->hosts, sizeof(d->host[0]), by_weight);
	for (size_t e = 0; e < d->edges; e++) {
		size_t at = d->edge[e].to;

		host_at(d, old[at].name, &d->edge[e].to);
	}
}

static void draw(struct drawing *d)
{
	size_t shown = d->hosts < HOSTS ? d->hosts : HOSTS;
	size_t rows = d->scripts > shown ? d->scripts : shown;
	int height = TOP + (int)(rows ? rows : 1) * ROW + LANE, mid = middle(0, 1, height);
	struct json *g = json_obj(d->p->a), *boxes = json_arr(d->p->a);

	d->lines = json_arr(d->p->a);
	for (size_t i = 0; i < d->scripts; i++)
		line(d, PAGE_X + PAGE_W, mid, SCRIPT_X, middle(i, d->scripts, height), "load");
	draw_edges(d, shown, height, mid, false);
	draw_edges(d, shown, height, mid, true); /* on top */
	json_push(boxes, box(d, PAGE_X, mid, PAGE_W, d->w->name, d->w->url, "page"));
	for (size_t i = 0; i < d->scripts; i++) {
		struct slice url = d->script[i];
		bool third = !slice_eq(url_host(url), url_host(d->w->url));
		struct slice bare = slice_sub(url, url_scheme(url), slice_chr(url, '?'));

		/* Of the shop's own the host says nothing. */
		if (!third)
			bare = slice_sub(bare, url_host_length(bare), bare.n);

		json_push(boxes, box(d, SCRIPT_X, middle(i, d->scripts, height), SCRIPT_W, bare,
		                     url, third ? "script third" : "script"));
	}
	for (size_t i = 0; i < shown; i++)
		json_push(boxes, box(d, HOST_X, middle(i, shown, height), HOST_W,
		                     d->host[i].name, d->host[i].name, tone_of(&d->host[i])));
	json_put_int(d->p->a, g, "height", height);
	json_put(d->p->a, g, "lines", d->lines);
	json_put(d->p->a, g, "boxes", boxes);
	json_put(d->p->a, d->p->m, "graph", g);
}

static void put_hosts(struct drawing *d)
{
	struct json *list = json_arr(d->p->a);

	for (size_t i = 0; i < d->hosts; i++) {
		struct json *o = json_obj(d->p->a);

		json_put_slice(d->p->a, o, "host", d->host[i].name);
		json_put_int(d->p->a, o, "requests", d->host[i].requests);
		json_put_str(d->p->a, o, "tone", tone_of(&d->host[i]));
		json_put_slice(d->p->a, o, "tone_say",
		               arena_printf(d->p->a, "host.%s", tone_of(&d->host[i])));
		json_put_slice(d->p->a, o, "party_say",
		               d->host[i].third ? SLICE("web.third") : SLICE("web.first"));
		json_push(list, o);
	}
	json_put(d->p->a, d->p->m, "hosts", list);
}

void page_web_graph(struct page *p, const struct web *w)
{
	struct drawing *d = arena_alloc(p->a, sizeof(*d));
	struct ledger_query q = {
	    .type = SLICE("page.twins"), .newest_first = true, .limit = 500};

	if (!d || !w->parts)
		return;
	*d = (struct drawing){.p = p, .w = w};
	for (int third = 1; third >= 0; third--) {
		for (size_t i = 0; i < w->parts; i++)
			take_scripts(d, w->part[i], third);
	}
	for (size_t i = 0; i < w->parts; i++)
		take_requests(d, w->part[i]);
	ledger_each(p->ledger, &q, take_twins, d);
	sort_hosts(d);
	draw(d);
	put_hosts(d);
}
