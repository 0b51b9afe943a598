#include "visit/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_BYTES  (48u << 10)
#define MOST_LINES  8192
#define LONG_DIGITS 4

/* ---- what is compared ---- */

static struct slice bare(struct slice url)
{
	return slice_sub(url, 0, slice_chr(url, '?'));
}

struct slice record_script(struct tab *t, const struct tab_script *s)
{
	return s->url.n ? scrub_url(t->scrub, &t->mem, bare(s->url)) : s->place;
}

static bool is_word(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Numbers and long mixtures of letters and digits in a path are of one visit only. */
static struct slice still(struct tab *t, struct slice url)
{
	struct buf b;
	struct slice made;
	size_t i = 0;

	buf_init(&b, url.n + 16);
	while (i < url.n) {
		size_t from = i, digits = 0;

		while (i < url.n && is_word(url.at[i]))
			digits += url.at[i] >= '0' && url.at[i] <= '9', i++;
		if (i > from && digits >= LONG_DIGITS)
			buf_byte(&b, '#');
		else
			buf_add(&b, slice_sub(url, from, i));
		if (i < url.n && i == from)
			buf_byte(&b, url.at[i++]);
	}
	made = arena_copy(&t->mem, buf_slice(&b));
	buf_done(&b);
	return made;
}

struct lines {
	struct tab *t;
	struct slice *at;
	size_t n;
};

static void line(struct lines *l, struct slice s)
{
	if (l->n < MOST_LINES && s.at)
		l->at[l->n++] = s;
}

static int by_bytes(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static void script_lines(struct lines *l, record_rotates_fn *rotates, void *ctx, int *rotated)
{
	struct arena *a = &l->t->mem;

	*rotated = 0;
	for (size_t i = 0; i < l->t->scripts; i++) {
		const struct tab_script *s = &l->t->script[i];
		struct slice name = record_script(l->t, s);
		const char *hash = s->has_hash ? s->hash : s->v8;
		bool moves = rotates(ctx, name, hash);

		*rotated += moves;
		line(l, arena_printf(a, "script %.*s %s", SLICE_ARG(name),
		                     moves ? s->structure : hash));
	}
}

static void request_lines(struct lines *l)
{
	struct arena *a = &l->t->mem;

	for (size_t i = 0; i < l->t->reqs; i++) {
		const struct tab_req *r = &l->t->req[i];
		struct slice url = scrub_url(l->t->scrub, a, bare(r->url));

		line(l, arena_printf(a, "request %.*s %.*s %.*s", SLICE_ARG(r->method),
		                     SLICE_ARG(r->type), SLICE_ARG(still(l->t, url))));
	}
}

static void header_lines(struct lines *l)
{
	struct arena *a = &l->t->mem;
	struct buf b;

	for (size_t i = 0; i < l->t->headers; i++) {
		const struct tab_header *h = &l->t->header[i];

		buf_init(&b, FACT_MAX_BYTES);
		buf_printf(&b, "headers %d %.*s ", h->step,
		           SLICE_ARG(still(l->t, scrub_url(l->t->scrub, a, bare(h->url)))));
		json_write(&b, h->headers);
		line(l, arena_copy(a, buf_slice(&b)));
		buf_done(&b);
	}
}

static void step_lines(struct lines *l)
{
	struct arena *a = &l->t->mem;

	for (int i = 0; i < l->t->steps; i++) {
		const struct tab_step *s = &l->t->step[i];

		line(l, arena_printf(
		            a, "step %d %.*s %lld %.*s", i, SLICE_ARG(s->name),
		            (long long)s->status,
		            SLICE_ARG(still(l->t, scrub_url(l->t->scrub, a, bare(s->url))))));
	}
}

/*
 * The frequent visit looks into the payment page alone, the same way in a round of all ways
 * into every step. Both have to come to one digest as long as nothing is altered: what only the
 * latter sees is left to the other ways of its round.
 */
static bool seen_by_round_only(const struct tab *t, enum tab_lists which, const struct json *e)
{
	int64_t step = json_num(e, "step", -1);

	return t->arm->quick && which <= TAB_LISTENERS && step >= 0 && step < t->steps &&
	       !t->step[step].card;
}

/* The other lists: each entry is what it is; in URLs of theirs the query does not count. */
static void list_lines(struct lines *l, enum tab_lists which)
{
	struct arena *a = &l->t->mem;

	for (const struct json *e = l->t->list[which].arr->first; e; e = e->next) {
		struct json *copy;
		struct buf b;

		if (seen_by_round_only(l->t, which, e))
			continue;
		copy = json_copy(a, e);
		for (struct json *m = copy ? copy->first : NULL; m; m = m->next)
			if (m->kind == JSON_INT && slice_eq(m->name, SLICE("n")))
				m->i = 0; /* how often alters from visit to visit */
			else if (m->kind == JSON_STR &&
			         slice_find(m->s, SLICE("://")) != SIZE_MAX)
				m->s = still(l->t, bare(m->s));
		buf_init(&b, FACT_MAX_BYTES);
		buf_printf(&b, "list %d ", (int)which);
		json_write(&b, copy);
		line(l, arena_copy(a, buf_slice(&b)));
		buf_done(&b);
	}
}

void record_digest(struct tab *t, record_rotates_fn *rotates, void *ctx,
                   char out[HASH_HEX_BYTES], int *rotated)
{
	struct lines l = {.t = t, .at = arena_array(&t->mem, MOST_LINES, sizeof(struct slice))};
	struct hash_state *st = hash_new();
	struct slice last = {0};
	struct hash h;

	if (!l.at || !st)
		err_die("no memory");
	script_lines(&l, rotates, ctx, rotated);
	request_lines(&l);
	header_lines(&l);
	step_lines(&l);
	for (int i = 0; i < TAB_LISTS; i++)
		list_lines(&l, (enum tab_lists)i);
	qsort(l.at, l.n, sizeof(*l.at), by_bytes);
	for (size_t i = 0; i < l.n; i++) {
		if (last.at && slice_eq(last, l.at[i]))
			continue;
		last = l.at[i];
		hash_add(st, last);
		hash_add(st, SLICE("\n"));
	}
	h = hash_end(st);
	hash_free(st);
	hash_hex(&h, out);
}

/* ---- what is written ---- */

static void put_by(struct arena *a, struct json *o, const struct tab_by *by)
{
	struct json *arr = json_put(a, o, "by", json_arr(a));

	for (size_t i = 0; i < by->n; i++)
		json_push(arr, json_str(a, slice_sub(by->url[i], 0, 1000)));
}

static void put_party(struct tab *t, struct arena *a, struct json *o, struct slice url)
{
	json_put_str(a, o, "party", tab_first_party(t, url) ? "first" : "third");
}

static void put_or_null(struct arena *a, struct json *o, const char *name, const char *text)
{
	if (text[0])
		json_put_str(a, o, name, text);
	else
		json_put(a, o, name, json_null(a));
}

/* "sha256-..." as an integrity attribute writes it. */
static void put_sri(struct arena *a, struct json *o, const char *hex)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[60] = "sha256-";
	struct hash h;
	size_t n = 7;

	if (!hash_unhex(slice_str(hex), &h))
		return;
	for (size_t i = 0; i < HASH_BYTES; i += 3) {
		uint32_t bits = (uint32_t)h.b[i] << 16 | (uint32_t)h.b[i + 1] << 8 |
		                (i + 2 < HASH_BYTES ? h.b[i + 2] : 0u);

		text[n++] = letters[bits >> 18];
		text[n++] = letters[bits >> 12 & 63];
		text[n++] = letters[bits >> 6 & 63];
		text[n++] = i + 2 < HASH_BYTES ? letters[bits & 63] : '=';
	}
	text[n] = '\0';
	json_put_str(a, o, "sri", text);
}

static struct slice demanded(const struct tab *t, struct slice url)
{
	const struct json *all = json_get(t->last_page, "integrity");

	for (const struct json *pair = all ? all->first : NULL; pair; pair = pair->next)
		if (pair->first && url.n && slice_eq(pair->first->s, url) && pair->first->next)
			return pair->first->next->s;
	return (struct slice){0};
}

static struct json *script_entry(struct tab *t, struct arena *a, const struct tab_script *s)
{
	struct json *o = json_obj(a);

	json_put_int(a, o, "step", s->step);
	if (s->url.n)
		json_put_slice(a, o, "url", scrub_url(t->scrub, a, s->url));
	else
		json_put_slice(a, o, "inline", s->place);
	json_put_slice(a, o, "frame", scrub_url(t->scrub, a, s->frame));
	put_or_null(a, o, "hash", s->hash);
	put_or_null(a, o, "v8", s->v8);
	put_or_null(a, o, "structure", s->structure);
	put_sri(a, o, s->hash);
	json_put_int(a, o, "bytes", s->bytes);
	put_by(a, o, &s->by);
	put_party(t, a, o, s->url);
	json_put_str(a, o, "how", s->how ? s->how : "other");
	if (demanded(t, s->url).n)
		json_put_slice(a, o, "integrity", demanded(t, s->url));
	return o;
}

static const char *channel_of(const struct tab *t, const struct tab_req *r)
{
	if (r->socket)
		return "websocket";
	if (t->session[r->session].type == TAB_WORKER)
		return "worker";
	if (slice_eq(r->type, SLICE("beacon")))
		return "beacon";
	if (slice_eq(r->type, SLICE("document")) && slice_eq(r->method, SLICE("POST")))
		return "form";
	return "request";
}

/*
 * How the card is written in it, where it is: the proof of a visit that is compared with no
 * twin (a phone's, a searcher's). "" where it can't be read.
 */
static const char *carries(const struct tab *t, const struct tab_req *r, struct canary_hit *hit)
{
	struct slice part[] = {r->url, r->headers, r->body};

	hit->chain[0] = '\0';
	if (t->arm->card == ARMS_NONE || t->arm->seeded)
		return "";
	return canary_find(t->scrub->canary, t->scrub->canaries, part,
	                   sizeof(part) / sizeof(part[0]), hit) == 1
	           ? hit->chain
	           : "";
}

static struct json *request_entry(struct tab *t, struct arena *a, const struct tab_req *r)
{
	struct canary_hit hit;
	struct json *o = json_obj(a);

	json_put_int(a, o, "step", r->step);
	json_put_slice(a, o, "url", slice_sub(scrub_url(t->scrub, a, r->url), 0, 1500));
	json_put_slice(a, o, "method", slice_sub(r->method, 0, 20));
	json_put_slice(a, o, "type", r->type);
	json_put_int(a, o, "status", r->status);
	json_put_int(a, o, "bytes", r->bytes);
	json_put_int(a, o, "sent", r->sent);
	put_by(a, o, &r->by);
	put_party(t, a, o, r->url);
	json_put_str(a, o, "channel", channel_of(t, r));
	if (r->stopped)
		json_put_bool(a, o, "stopped", true);
	if (carries(t, r, &hit)[0])
		json_put_str(a, o, "carries", hit.chain);
	return o;
}

struct writing {
	struct tab *t;
	struct arena *a;
	struct slice page, browser;
	const char *digest;
	struct json **out;
	size_t n;
	size_t bytes; /* of the newest part, about */
	int64_t cut;
};

static struct json *steps_json(struct writing *w)
{
	struct json *arr = json_arr(w->a);

	for (int i = 0; i < w->t->steps; i++) {
		const struct tab_step *s = &w->t->step[i];
		struct json *o = json_obj(w->a);

		json_put_slice(w->a, o, "name", s->name);
		json_put_slice(w->a, o, "url", scrub_url(w->t->scrub, w->a, s->url));
		json_put_int(w->a, o, "status", s->status);
		put_or_null(w->a, o, "shot", s->shot);
		if (s->shot[0] && s->looks[0])
			json_put_str(w->a, o, "looks", s->looks);
		json_put_slice(w->a, o, "title", s->title);
		json_push(arr, o);
	}
	return arr;
}

static bool begin_part(struct writing *w)
{
	struct json *d;

	if (w->n == RECORD_MAX_PARTS) {
		w->cut++;
		return false;
	}
	d = fact_draft(w->a, "page.record");
	json_put_slice(w->a, d, "page", w->page);
	json_put_str(w->a, d, "arm", w->t->arm->name);
	json_put_slice(
	    w->a, d, "url",
	    scrub_url(w->t->scrub, w->a,
	              w->t->steps ? w->t->step[w->t->steps - 1].url : (struct slice){0}));
	json_put_slice(w->a, d, "browser", w->browser);
	json_put_str(w->a, d, "digest", w->digest);
	json_put(w->a, d, "steps", w->n ? json_arr(w->a) : steps_json(w));
	json_put(w->a, d, "scripts", json_arr(w->a));
	json_put(w->a, d, "requests", json_arr(w->a));
	json_put(w->a, d, "headers", json_arr(w->a));
	w->out[w->n++] = d;
	w->bytes = 4096;
	return true;
}

static void put(struct writing *w, const char *list, struct json *entry)
{
	struct buf b;
	struct json *d, *arr;
	size_t n;

	buf_init(&b, FACT_MAX_BYTES / 2);
	if (!json_write(&b, entry) || !buf_ok(&b)) {
		w->cut++; /* one entry of 32 KiB */
		buf_done(&b);
		return;
	}
	n = b.n;
	buf_done(&b);
	if (w->bytes + n > PART_BYTES && !begin_part(w))
		return;
	d = w->out[w->n - 1];
	arr = (struct json *)(uintptr_t)json_get(d, list);
	if (!arr)
		arr = json_put(w->a, d, list, json_arr(w->a));
	entry->next = NULL;
	json_push(arr, entry);
	w->bytes += n + 1;
}

static bool same_request(const struct tab_req *a, const struct tab_req *b)
{
	return a->step == b->step && a->status == b->status && a->stopped == b->stopped &&
	       slice_eq(a->url, b->url) && slice_eq(a->method, b->method) &&
	       slice_eq(a->type, b->type);
}

static void put_requests(struct writing *w)
{
	struct tab *t = w->t;

	for (size_t i = 0; i < t->reqs; i++) {
		int64_t n = 1;
		bool before = false;
		struct json *o;

		for (size_t k = 0; k < i && !before; k++)
			before = same_request(&t->req[k], &t->req[i]);
		if (before || slice_starts(t->req[i].url, SLICE("data:")))
			continue;
		for (size_t k = i + 1; k < t->reqs; k++)
			n += same_request(&t->req[k], &t->req[i]);
		o = request_entry(t, w->a, &t->req[i]);
		if (n > 1)
			json_put_int(w->a, o, "n", n);
		put(w, "requests", o);
	}
}

static void put_headers(struct writing *w)
{
	for (size_t i = 0; i < w->t->headers; i++) {
		const struct tab_header *h = &w->t->header[i];
		struct json *o = json_obj(w->a);

		json_put_int(w->a, o, "step", h->step);
		json_put_slice(w->a, o, "url", scrub_url(w->t->scrub, w->a, h->url));
		json_put(w->a, o, "headers", json_copy(w->a, h->headers));
		put(w, "headers", o);
	}
}

static const char *const list_names[TAB_LISTS] = {
    [TAB_FRAMES] = "frames",     [TAB_FORMS] = "forms",
    [TAB_FIELDS] = "fields",     [TAB_LISTENERS] = "listeners",
    [TAB_STORAGE] = "storage",   [TAB_WORKERS] = "workers",
    [TAB_TLS] = "tls",           [TAB_TOUCHES] = "touches",
    [TAB_CONTACTS] = "contacts",
};

static bool same_entry(const struct json *a, const struct json *b)
{
	struct buf x, y;
	bool same;

	buf_init(&x, FACT_MAX_BYTES);
	buf_init(&y, FACT_MAX_BYTES);
	same = json_write(&x, a) && json_write(&y, b) && slice_eq(buf_slice(&x), buf_slice(&y));
	buf_done(&x);
	buf_done(&y);
	return same;
}

static void put_list(struct writing *w, enum tab_lists which)
{
	const struct json *first = w->t->list[which].arr->first;

	for (const struct json *e = first; e; e = e->next) {
		const struct json *k = first;

		while (k != e && !same_entry(k, e))
			k = k->next;
		if (k == e)
			put(w, list_names[which], json_copy(w->a, e));
	}
	w->cut += (int64_t)w->t->list[which].cut;
}

size_t record_drafts(struct tab *t, struct arena *a, struct slice page, struct slice browser,
                     const char *digest, struct json *out[RECORD_MAX_PARTS])
{
	struct writing w = {.t = t,
	                    .a = a,
	                    .page = page,
	                    .browser = browser,
	                    .digest = digest,
	                    .out = out,
	                    .cut = (int64_t)(t->reqs_cut + t->scripts_cut)};

	begin_part(&w);
	for (size_t i = 0; i < t->scripts; i++)
		put(&w, "scripts", script_entry(t, a, &t->script[i]));
	put_requests(&w);
	put_headers(&w);
	for (int i = 0; i < TAB_LISTS; i++)
		put_list(&w, (enum tab_lists)i);
	if (t->shows)
		json_put_str(a, out[0], "shows", "the page's text");
	for (size_t i = 0; w.n > 1 && i < w.n; i++) {
		json_put_int(a, out[i], "part", (int64_t)i + 1);
		json_put_int(a, out[i], "parts", (int64_t)w.n);
	}
	if (w.cut)
		json_put_int(a, out[0], "cut", w.cut);
	return a->broken ? 0 : w.n;
}
