/* page_web_script: one script over the years: its versions, on which pages, and what changed.
 */
#include "base/url.h"
#include "desk/page_web.h"

#define SPANS_SHOWN 80
#define VERSIONS    64
#define AXIS        1000
#define LEAST       5
#define HASH_SHOWN  12

struct version {
	const char *hash;
	int64_t first_us, last_us, visits;
};

struct history {
	struct page *p;
	struct slice name, url;
	struct exposure x;
	int64_t from_us, to_us;
	struct version version[VERSIONS]; /* in the order in which they came */
	size_t versions;
};

static bool about(const struct history *h, const struct exposure_seen *s)
{
	return slice_eq(slice_str(s->url), h->url);
}

static const char *version_of(const struct exposure_seen *s)
{
	return s->hash[0] ? s->hash : s->structure;
}

static void add_version(struct history *h, const struct exposure_seen *s)
{
	struct version *v = NULL;

	for (size_t i = 0; i < h->versions && !v; i++) {
		if (slice_eq(slice_str(h->version[i].hash), slice_str(version_of(s))))
			v = &h->version[i];
	}
	if (!v && h->versions == VERSIONS)
		return;
	if (!v) {
		v = &h->version[h->versions++];
		*v = (struct version){version_of(s), s->first_us, s->last_us, 0};
	}
	v->first_us = s->first_us < v->first_us ? s->first_us : v->first_us;
	v->last_us = s->last_us > v->last_us ? s->last_us : v->last_us;
	v->visits += s->visits;
}

static int by_first(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	return x->first_us < y->first_us ? -1 : x->first_us > y->first_us;
}

static void read_versions(struct history *h)
{
	h->from_us = INT64_MAX;
	for (size_t i = 0; i < h->x.n; i++) {
		const struct exposure_seen *s = &h->x.seen[i];

		if (!about(h, s))
			continue;
		add_version(h, s);
		h->from_us = s->first_us < h->from_us ? s->first_us : h->from_us;
		h->to_us = s->last_us > h->to_us ? s->last_us : h->to_us;
	}
	if (!h->versions)
		return;
	qsort(h->version, h->versions, sizeof(h->version[0]), by_first);
	h->to_us = h->to_us > h->from_us ? h->to_us : h->from_us + 1;
}

/* ---- the picture ---- */

static int64_t place(const struct history *h, int64_t us)
{
	return (int64_t)((double)(us - h->from_us) / (double)(h->to_us - h->from_us) * AXIS);
}

static struct json *span_of(struct history *h, const struct exposure_seen *s)
{
	struct page *p = h->p;
	struct json *o = json_obj(p->a);
	int64_t x = place(h, s->first_us), width = place(h, s->last_us) - x;
	size_t nth = 0;

	width = width < LEAST ? LEAST : width;
	while (nth < h->versions &&
	       !slice_eq(slice_str(h->version[nth].hash), slice_str(version_of(s))))
		nth++;
	json_put_int(p->a, o, "x", x + width > AXIS ? AXIS - width : x);
	json_put_int(p->a, o, "width", width);
	json_put_str(p->a, o, "on_page", s->page);
	json_put_slice(p->a, o, "on_link", page_web_url(p, slice_str(s->page)));
	json_put_int(p->a, o, "nth", (int64_t)nth + 1);
	json_put_int(p->a, o, "hue", (int64_t)(nth % 6));
	json_put_slice(p->a, o, "short", slice_sub(slice_str(version_of(s)), 0, HASH_SHOWN));
	json_put_int(p->a, o, "visits", s->visits);
	json_put_bool(p->a, o, "card", s->card);
	when_put(p->a, o, "began", s->first_us, WHEN_FULL, p->lang);
	when_put(p->a, o, "newest", s->last_us, WHEN_FULL, p->lang);
	json_put_int(p->a, o, "first_seq", s->first_seq);
	json_put_int(p->a, o, "last_seq", s->last_seq);
	return o;
}

static int by_page(const void *a, const void *b)
{
	const struct exposure_seen *const *x = a, *const *y = b;
	int order = slice_cmp(slice_str((*x)->page), slice_str((*y)->page));

	if (order)
		return order;
	return (*x)->first_us < (*y)->first_us ? -1 : (*x)->first_us > (*y)->first_us;
}

/* One version on one page, in whatever way it was visited, is one line until another comes. */
static bool merged(struct exposure_seen *last, const struct exposure_seen *s)
{
	if (!slice_eq(slice_str(last->page), slice_str(s->page)) ||
	    !slice_eq(slice_str(version_of(last)), slice_str(version_of(s))))
		return false;
	last->visits += s->visits;
	last->card = last->card || s->card;
	if (s->last_us > last->last_us) {
		last->last_us = s->last_us;
		last->last_seq = s->last_seq;
	}
	return true;
}

static void put_spans(struct history *h)
{
	struct page *p = h->p;
	struct json *list = json_arr(p->a);
	const struct exposure_seen **at = arena_array(p->a, h->x.n + 1, sizeof(*at));
	struct exposure_seen *line = arena_array(p->a, h->x.n + 1, sizeof(*line));
	size_t n = 0, lines = 0;

	for (size_t i = 0; at && line && i < h->x.n; i++) {
		if (about(h, &h->x.seen[i]))
			at[n++] = &h->x.seen[i];
	}
	if (n > 1)
		qsort(at, n, sizeof(*at), by_page);
	for (size_t i = 0; i < n; i++) {
		if (!lines || !merged(&line[lines - 1], at[i]))
			line[lines++] = *at[i];
	}
	for (size_t i = 0; i < lines && i < SPANS_SHOWN; i++)
		json_push(list, span_of(h, &line[i]));
	json_put(p->a, p->m, "spans", list);
	json_put_int(p->a, p->m, "hidden",
	             lines > SPANS_SHOWN ? (int64_t)(lines - SPANS_SHOWN) : 0);
	when_put(p->a, p->m, "left_end", h->from_us, WHEN_FULL, p->lang);
	when_put(p->a, p->m, "right_end", h->to_us, WHEN_FULL, p->lang);
}

/* ---- versions and their differences ---- */

static const struct version *named(const struct history *h, const char *field)
{
	struct slice want = page_query(h->p, field);

	for (size_t i = 0; i < h->versions; i++) {
		if (want.n && slice_eq(slice_str(h->version[i].hash), want))
			return &h->version[i];
	}
	return NULL;
}

static void put_versions(struct history *h, const struct version *old,
                         const struct version *new)
{
	struct page *p = h->p;
	struct json *list = json_arr(p->a);

	for (size_t i = h->versions; i > 0; i--) {
		const struct version *v = &h->version[i - 1];
		struct json *o = json_obj(p->a);

		json_put_int(p->a, o, "nth", (int64_t)i);
		json_put_int(p->a, o, "hue", (int64_t)((i - 1) % 6));
		json_put_str(p->a, o, "hash", v->hash);
		json_put_bool(p->a, o, "is_new", v == new);
		json_put_bool(p->a, o, "is_old", v == old);
		json_put_int(p->a, o, "visits", v->visits);
		when_put(p->a, o, "began", v->first_us, WHEN_FULL, p->lang);
		when_put(p->a, o, "newest", v->last_us, WHEN_FULL, p->lang);
		json_put_slice(
		    p->a, o, "diff_link",
		    i < 2 ? SLICE("")
		          : arena_printf(p->a, "%.*s&old=%s&new=%s#diff",
		                         SLICE_ARG(page_web_script_url(p, h->name, h->url)),
		                         h->version[i - 2].hash, v->hash));
		json_push(list, o);
	}
	json_put(p->a, p->m, "versions", list);
	json_put_int(p->a, p->m, "versions_n", (int64_t)h->versions);
}

/* The difference; true: ask again, a reader is at it. */
static bool put_diff(struct history *h, const struct version *old, const struct version *new)
{
	struct page *p = h->p;
	const struct diff *d = NULL;
	struct hash a, b;
	struct json *m;
	const char *none = NULL;
	bool has_old = old && hash_unhex(slice_str(old->hash), &a);

	if (!new)
		return false;
	if (hash_unhex(slice_str(new->hash), &b))
		d = diff_want(&p->desk->diffs, p->desk->loop, p->ledger, has_old ? &a : NULL,
		              &b, true);
	if (d && d->state == DIFF_WAITING)
		return true;
	if (!d)
		none = "diff.notkept";
	else if (d->state == DIFF_FAILED)
		none = "diff.failed";
	else if (d->binary)
		none = "diff.binary";
	m = none ? json_obj(p->a) : diff_model(p->a, buf_slice(&d->text));
	json_put_str(p->a, m, "none", none ? none : "");
	if (!none) {
		json_put_int(p->a, m, "added", d->added);
		json_put_int(p->a, m, "removed", d->removed);
		json_put_bool(p->a, m, "same", !d->added && !d->removed);
	}
	json_put_bool(p->a, m, "whole", !has_old);
	json_put_bool(p->a, m, "gone", false);
	json_put(p->a, p->m, "diff", m);
	return false;
}

static enum http_turn fill(struct history *h)
{
	struct page *p = h->p;
	const struct version *old, *new;

	read_versions(h);
	if (!h->versions)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	new = named(h, "new");
	new = new ? new : &h->version[h->versions - 1];
	old = named(h, "old");
	if (!old || old == new)
		old = new > h->version ? new - 1 : NULL;
	if (put_diff(h, old, new))
		return HTTP_WAIT;
	json_put_slice(p->a, p->m, "page_name", h->name);
	json_put_slice(p->a, p->m, "page_link", page_web_url(p, h->name));
	json_put_slice(p->a, p->m, "script", h->url);
	put_spans(h);
	put_versions(h, old, new);
	return HTTP_DONE;
}

enum http_turn page_web_script(struct page *p)
{
	struct history *h = arena_alloc(p->a, sizeof(*h));
	struct slice url = page_query(p, "url"), host = url_host(url);
	enum http_turn turn;

	if (!h || !host.n)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	*h = (struct history){
	    .p = p,
	    .name = page_query(p, "page"),
	    .url = url,
	    .x = {.ledger = p->ledger, .mem = p->a, .vendor = arena_cstr(p->a, host)}};
	if (exposure_ask(&h->x) < 0)
		turn = page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	else
		turn = fill(h);
	exposure_done(&h->x);
	return turn;
}
