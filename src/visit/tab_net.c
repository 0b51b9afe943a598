/* tab_net: requests, sockets, beacons, headers. */
#include "base/url.h"
#include "visit/tab.h"
#include <stdio.h>
#include <string.h>

#define ID_BYTES 128

/*
 * The newest of this number (a redirect bears its forerunner's): of this session, else of any.
 * A frame's document is asked for in its parent's session and comes in its own.
 */
static struct tab_req *find(struct tab *t, int session, struct slice id)
{
	struct tab_req *other = NULL;

	for (size_t i = t->reqs; id.n && i-- > 0;) {
		if (!slice_eq(t->req[i].id, id))
			continue;
		if (t->req[i].session == session)
			return &t->req[i];
		if (!other)
			other = &t->req[i];
	}
	return other;
}

static struct tab_req *add(struct tab *t, int session, struct slice id)
{
	struct tab_req *r;

	if (t->reqs == TAB_MAX_REQS) {
		t->reqs_cut++;
		return NULL;
	}
	r = &t->req[t->reqs++];
	*r = (struct tab_req){.id = arena_copy(&t->mem, slice_sub(id, 0, ID_BYTES)),
	                      .session = session,
	                      .step = t->steps - 1};
	return r;
}

static void begin(struct tab *t, struct tab_req *r)
{
	if (r->done)
		return;
	t->open++;
	t->busy_us = clock_mono_us();
}

static void end(struct tab *t, struct tab_req *r)
{
	if (!r || r->done)
		return;
	r->done = true;
	t->open -= t->open > 0;
	t->busy_us = clock_mono_us();
}

/* Of requests that are given up with their page not all are told. */
void tab_net_left(struct tab *t, int session, struct slice loader)
{
	size_t upto = 0;

	for (size_t i = 0; i < t->reqs; i++)
		if (slice_eq(t->req[i].id, loader))
			upto = i;
	for (size_t i = 0; i < upto; i++)
		if (t->req[i].session == session && !slice_eq(t->req[i].id, loader))
			end(t, &t->req[i]);
}

/* ---- who asked for it ---- */

static bool has(const struct tab_by *by, struct slice url)
{
	for (size_t i = 0; i < by->n; i++)
		if (slice_eq(by->url[i], url))
			return true;
	return false;
}

static void add_by(struct tab *t, struct tab_by *by, struct slice url)
{
	struct slice clean;

	if (url.n == 0 || by->n == TAB_MAX_BY)
		return;
	clean = scrub_url(t->scrub, &t->mem, url);
	if (!has(by, clean))
		by->url[by->n++] = clean;
}

/* Who loaded the script that stands last in the chain, and so on. */
static void add_elders(struct tab *t, struct tab_by *by)
{
	for (size_t i = 0; by->n && i < t->reqs; i++) {
		const struct tab_req *r = &t->req[i];

		if (!slice_eq(r->type, SLICE("script")) ||
		    !slice_eq(r->url, by->url[by->n - 1]))
			continue;
		for (size_t k = 0; k < r->by.n; k++)
			if (by->n < TAB_MAX_BY && !has(by, r->by.url[k]))
				by->url[by->n++] = r->by.url[k];
		return;
	}
}

void tab_net_chain(struct tab *t, const struct json *initiator, struct slice document,
                   struct tab_by *out)
{
	const struct json *stack = json_get(initiator, "stack");

	*out = (struct tab_by){0};
	for (int depth = 0; stack && depth < 8; depth++, stack = json_get(stack, "parent")) {
		const struct json *frames = json_get(stack, "callFrames");

		for (const struct json *f = frames ? frames->first : NULL; f; f = f->next)
			add_by(t, out, json_text(f, "url"));
	}
	if (out->n == 0)
		add_by(t, out, json_text(initiator, "url"));
	add_elders(t, out);
	add_by(t, out, document);
}

/* ---- what it is ---- */

static const struct {
	const char *protocol, *ours;
} types[] = {
    {"Document", "document"},
    {"Script", "script"},
    {"XHR", "xhr"},
    {"Fetch", "fetch"},
    {"Image", "image"},
    {"Stylesheet", "style"},
    {"Font", "font"},
    {"Media", "media"},
    {"Ping", "beacon"},
    {"WebSocket", "websocket"},
    {"EventSource", "eventsource"},
    {"Prefetch", "preload"},
    {"Manifest", "other"},
    {"Preflight", "other"},
};

static struct slice type_name(struct slice protocol)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_eq(protocol, slice_str(types[i].protocol)))
			return slice_str(types[i].ours);
	return SLICE("other");
}

static int letter(int c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

struct slice tab_unbase64(struct arena *a, struct slice text)
{
	uint8_t *to = arena_alloc(a, text.n / 4 * 3 + 3);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; to && i < text.n; i++) {
		int v = letter(text.at[i]);

		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		to[n++] = (uint8_t)(bits >> have);
	}
	return slice_mem(to, to ? n : 0);
}

/* The body in one piece, whichever way it is told. */
static void take_body(struct tab *t, struct tab_req *r, const struct json *request)
{
	const struct json *entries = json_get(request, "postDataEntries");
	struct slice plain = json_text(request, "postData");
	struct buf b;

	if (r->body.n || (!entries && !plain.n))
		return;
	buf_init(&b, TAB_BODY_BYTES);
	for (const struct json *e = entries ? entries->first : NULL; e; e = e->next) {
		struct slice piece = tab_unbase64(&t->mem, json_text(e, "bytes"));

		r->sent += (int64_t)piece.n;
		buf_add(&b, slice_sub(piece, 0, TAB_BODY_BYTES - b.n));
	}
	if (b.n == 0) {
		r->sent = (int64_t)plain.n;
		buf_add(&b, slice_sub(plain, 0, TAB_BODY_BYTES));
	}
	r->body = arena_copy(&t->mem, buf_slice(&b));
	buf_done(&b);
}

/* ---- headers ---- */

static const char *const kept_headers[] = {
    "content-security-policy",
    "content-security-policy-report-only",
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "reporting-endpoints",
    "report-to",
    "nel",
    "access-control-allow-origin",
    "set-cookie",
};

/* 'nonce-...' as 'nonce-<nonce>': it is meant to alter. */
static struct slice without_nonces(struct arena *a, struct slice v)
{
	struct buf out;
	struct slice made;
	size_t at;

	if (slice_find(v, SLICE("'nonce-")) == SIZE_MAX)
		return v;
	buf_init(&out, v.n + 4096);
	while ((at = slice_find(v, SLICE("'nonce-"))) != SIZE_MAX) {
		buf_add(&out, slice_sub(v, 0, at));
		buf_str(&out, "'nonce-<nonce>'");
		v = slice_sub(v, at + 7, v.n);
		at = slice_chr(v, '\'');
		v = slice_sub(v, at == SIZE_MAX ? v.n : at + 1, v.n);
	}
	buf_add(&out, v);
	made = arena_copy(a, buf_slice(&out));
	buf_done(&out);
	return made;
}

static bool ends_address(uint8_t c)
{
	return c <= ' ' || c == '"' || c == '\'' || c == ';' || c == ',' || c == '>';
}

/*
 * Where reports go, a server may write a number of its own for each page view (our snippet
 * does): the values of an address's query that look drawn at random are written as '*'.
 */
static struct slice without_views(struct arena *a, struct slice v)
{
	struct buf out;
	struct slice made;
	size_t at = slice_chr(v, '?');

	if (at == SIZE_MAX)
		return v;
	buf_init(&out, v.n + 1);
	for (bool query = false; v.n; v = slice_sub(v, 1, v.n)) {
		size_t n = 0;

		query = v.at[0] == '?' || (query && !ends_address(v.at[0]));
		buf_byte(&out, v.at[0]);
		if (!query || v.at[0] != '=')
			continue;
		while (1 + n < v.n && v.at[1 + n] != '&' && !ends_address(v.at[1 + n]))
			n++;
		if (url_rotates(slice_sub(v, 1, 1 + n))) {
			buf_byte(&out, '*');
			v = slice_sub(v, n, v.n);
		}
	}
	made = arena_copy(a, buf_slice(&out));
	buf_done(&out);
	return made;
}

/* Of each cookie its name and attributes, not its value. */
static struct slice cookie_shape(struct arena *a, struct slice v)
{
	struct buf out;
	struct cursor c = cursor_over(v);
	struct slice line, made;

	buf_init(&out, v.n + 64);
	while (cursor_line(&c, &line)) {
		size_t eq = slice_chr(line, '='), semi = slice_chr(line, ';');

		if (out.n)
			buf_byte(&out, '\n');
		buf_add(&out, slice_sub(line, 0, eq == SIZE_MAX ? line.n : eq + 1));
		for (struct slice rest = slice_sub(line, semi, line.n);
		     semi != SIZE_MAX && rest.n;) {
			size_t next = slice_chr(slice_sub(rest, 1, rest.n), ';');
			struct slice part =
			    slice_sub(rest, 1, next == SIZE_MAX ? rest.n : next + 1);
			struct slice word = slice_trim(part);

			if (slice_casefind(word, SLICE("expires=")) != 0) {
				buf_str(&out, "; ");
				buf_add(&out, word);
			}
			rest = next == SIZE_MAX ? (struct slice){0}
			                        : slice_sub(rest, next + 1, rest.n);
		}
	}
	made = arena_copy(a, buf_slice(&out));
	buf_done(&out);
	return made;
}

static void take_headers(struct tab *t, const struct tab_req *r, const struct json *headers)
{
	struct tab_header *h;
	struct json *o;

	if (!slice_eq(r->type, SLICE("document")) || t->headers == TAB_MAX_ENTRIES)
		return;
	o = json_obj(&t->mem);
	for (const struct json *m = headers ? headers->first : NULL; m; m = m->next)
		for (size_t i = 0; i < sizeof(kept_headers) / sizeof(kept_headers[0]); i++) {
			struct slice v = m->s;

			if (m->kind != JSON_STR ||
			    !slice_caseeq(m->name, slice_str(kept_headers[i])))
				continue;
			v = i == sizeof(kept_headers) / sizeof(kept_headers[0]) - 1
			        ? cookie_shape(&t->mem, v)
			        : without_views(&t->mem, without_nonces(&t->mem, v));
			v = scrub_text(t->scrub, &t->mem, slice_sub(v, 0, 8192));
			if (slice_utf8_valid(v))
				json_put_slice(&t->mem, o, kept_headers[i], v);
		}
	/* The raw ones, which the page's own code can't alter, take the place of the first. */
	for (size_t i = 0; i < t->headers; i++)
		if (t->header[i].step == r->step && slice_eq(t->header[i].url, r->url)) {
			t->header[i].headers = o;
			return;
		}
	h = &t->header[t->headers++];
	*h = (struct tab_header){.step = r->step, .url = r->url, .headers = o};
}

static void take_tls(struct tab *t, struct slice url, const struct json *d)
{
	struct slice host = tab_host(url);
	char text[CLOCK_TEXT_BYTES];
	struct json *o;

	for (const struct json *e = t->list[TAB_TLS].arr->first; e; e = e->next)
		if (slice_eq(json_text(e, "host"), host))
			return;
	o = json_obj(&t->mem);
	json_put_slice(&t->mem, o, "host", arena_copy(&t->mem, host));
	json_put_slice(&t->mem, o, "protocol", arena_copy(&t->mem, json_text(d, "protocol")));
	json_put_slice(&t->mem, o, "issuer", arena_copy(&t->mem, json_text(d, "issuer")));
	json_put_slice(&t->mem, o, "subject", arena_copy(&t->mem, json_text(d, "subjectName")));
	clock_text(json_num(d, "validFrom", 0) * 1000000, text);
	json_put_str(&t->mem, o, "from", text);
	clock_text(json_num(d, "validTo", 0) * 1000000, text);
	json_put_str(&t->mem, o, "to", text);
	tab_push(t, TAB_TLS, o);
}

/* ---- events ---- */

/* A page writes some of them itself, and its own address is the referrer. */
static void take_own_headers(struct tab *t, struct tab_req *r, const struct json *headers)
{
	static const char *const others[] = {"user-agent", "content-type", "cookie", "host"};
	struct buf b;

	buf_init(&b, TAB_BODY_BYTES);
	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next) {
		bool other = h->kind != JSON_STR || slice_casefind(h->name, SLICE("sec-")) == 0;

		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			other = other || slice_caseeq(h->name, slice_str(others[i]));
		if (!other)
			buf_printf(&b, "%.*s: %.*s\n", SLICE_ARG(h->name), SLICE_ARG(h->s));
	}
	if (buf_ok(&b))
		r->headers = arena_copy(&t->mem, buf_slice(&b));
	buf_done(&b);
}

static void fill(struct tab *t, struct tab_req *r, const struct json *p)
{
	const struct json *request = json_get(p, "request");
	struct slice raw = json_text(request, "url");

	r->url = arena_copy(&t->mem, raw);
	r->method = arena_copy(&t->mem, json_text(request, "method"));
	take_own_headers(t, r, json_get(request, "headers"));
	take_body(t, r, request);
}

/* What was redirected is over; its number goes on with the next. */
static void end_forerunners(struct tab *t, struct slice id, const struct json *redirect)
{
	for (size_t i = 0; i < t->reqs; i++) {
		struct tab_req *r = &t->req[i];

		if (r->done || !slice_eq(r->id, id))
			continue;
		r->status = json_num(redirect, "status", 0);
		take_headers(t, r, json_get(redirect, "headers"));
		end(t, r);
	}
}

/*
 * To hide what was typed before a picture is taken, the inspector takes documents and style
 * sheets out of the cache once more, some time later. No server sees that, and visits without
 * pictures have none of it. Whatever else asks so for an address that was loaded gives nothing
 * away by it.
 */
static bool loaded_before(const struct tab *t, struct slice type, const struct json *request)
{
	if (!slice_eq(type, SLICE("Other")) ||
	    !slice_eq(json_text(request, "method"), SLICE("GET")))
		return false;
	for (size_t i = 0; i < t->reqs; i++)
		if (t->req[i].status > 0 && slice_eq(t->req[i].url, json_text(request, "url")))
			return true;
	return false;
}

static void on_request(struct tab *t, int session, const struct json *p)
{
	struct slice id = json_text(p, "requestId");
	const struct json *redirect = json_get(p, "redirectResponse");
	struct tab_req *r;

	if (!redirect && loaded_before(t, json_text(p, "type"), json_get(p, "request")))
		return;
	if (redirect)
		end_forerunners(t, id, redirect);
	r = find(t, session, id);
	/* Where Fetch was quicker, it stands there already. */
	if (!r || r->seen_by_network ||
	    !slice_eq(r->url, json_text(json_get(p, "request"), "url")))
		r = add(t, session, id);
	if (!r)
		return;
	fill(t, r, p);
	r->session = session; /* a worker's may have come to its page's door first */
	r->seen_by_network = true;
	r->done = false;
	r->type = type_name(json_text(p, "type"));
	tab_net_chain(t, json_get(p, "initiator"), json_text(p, "documentURL"), &r->by);
	begin(t, r);
	/* These may stay open for ever. */
	if (slice_eq(r->type, SLICE("eventsource")) || slice_starts(r->url, SLICE("data:")) ||
	    slice_eq(r->type, SLICE("beacon")))
		end(t, r);
	if (slice_eq(r->type, SLICE("document")))
		t->loaded = t->loaded && session != t->page;
}

static void on_response(struct tab *t, int session, const struct json *p)
{
	struct tab_req *r = find(t, session, json_text(p, "requestId"));
	const struct json *response = json_get(p, "response");

	if (!r)
		return;
	r->status = json_num(response, "status", 0);
	take_headers(t, r, json_get(response, "headers"));
	if (json_get(response, "securityDetails"))
		take_tls(t, r->url, json_get(response, "securityDetails"));
	if (slice_eq(r->type, SLICE("document")) && session == t->page && t->steps > 0) {
		t->step[t->steps - 1].status = r->status;
		t->document_status = r->status;
	}
}

static void on_finished(struct tab *t, int session, const struct json *p, bool failed)
{
	struct tab_req *r = find(t, session, json_text(p, "requestId"));

	if (!r)
		return;
	r->failed = failed;
	r->bytes = json_num(p, "encodedDataLength", 0);
	end(t, r);
}

static void on_socket(struct tab *t, int session, const struct json *p)
{
	struct tab_req *r = add(t, session, json_text(p, "requestId"));

	if (!r)
		return;
	r->url = arena_copy(&t->mem, json_text(p, "url"));
	r->method = SLICE("GET");
	r->type =
	    slice_starts(r->url, SLICE("http")) ? SLICE("webtransport") : SLICE("websocket");
	r->socket = r->done = r->seen_by_network = true;
	tab_net_chain(t, json_get(p, "initiator"), (struct slice){0}, &r->by);
}

/* One stream of all that was sent: a key at a time is a number, too. */
static void on_frame_sent(struct tab *t, int session, const struct json *p)
{
	struct tab_req *r = find(t, session, json_text(p, "requestId"));
	struct slice more = json_text(json_get(p, "response"), "payloadData");
	uint8_t *to;

	if (!r || !more.n || r->body.n + more.n > TAB_BODY_BYTES)
		return;
	r->sent += (int64_t)more.n;
	to = arena_alloc(&t->mem, r->body.n + more.n + 1);
	if (!to)
		return;
	if (r->body.n)
		memcpy(to, r->body.at, r->body.n);
	memcpy(to + r->body.n, more.at, more.n);
	to[r->body.n + more.n] = '\n';
	r->body = slice_mem(to, r->body.n + more.n + 1);
}

/* ---- at the door ---- */

static void let_go(struct tab *t, int session, struct slice id, bool stop)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_slice(a, p, "requestId", id);
	if (stop)
		json_put_str(a, p, "errorReason", "BlockedByClient");
	cdp_ask(t->cdp, tab_session_id(t, session),
	        stop ? "Fetch.failRequest" : "Fetch.continueRequest", p, NULL, NULL);
}

static void on_paused(struct tab *t, int session, const struct json *p)
{
	struct slice id = json_text(p, "requestId"), network = json_text(p, "networkId");
	const struct json *request = json_get(p, "request");
	struct tab_req *r = find(t, session, network);
	bool stop;

	if (!r && loaded_before(t, json_text(p, "resourceType"), request)) {
		let_go(t, session, id, false);
		return;
	}
	/* A beacon on the way out has no network event at all. */
	if (!r || (r->seen_by_network && !slice_eq(r->url, json_text(request, "url")))) {
		r = add(t, session, network.n ? network : id);
		if (r) {
			fill(t, r, p);
			r->type = type_name(json_text(p, "resourceType"));
			r->done = true;
		}
	} else {
		take_body(t, r, request);
	}
	stop = t->stops &&
	       t->stops(t->stops_arg, json_text(request, "method"), json_text(request, "url"));
	if (r)
		r->stopped = r->stopped || stop;
	let_go(t, session, id, stop);
}

void tab_net_event(struct tab *t, int session, struct slice method, const struct json *p)
{
	if (slice_eq(method, SLICE("Fetch.requestPaused")))
		on_paused(t, session, p);
	else if (slice_eq(method, SLICE("Network.requestWillBeSent")))
		on_request(t, session, p);
	else if (slice_eq(method, SLICE("Network.responseReceived")))
		on_response(t, session, p);
	else if (slice_eq(method, SLICE("Network.responseReceivedExtraInfo"))) {
		struct tab_req *r = find(t, session, json_text(p, "requestId"));

		if (r)
			take_headers(t, r, json_get(p, "headers"));
	} else if (slice_eq(method, SLICE("Network.loadingFinished")))
		on_finished(t, session, p, false);
	else if (slice_eq(method, SLICE("Network.loadingFailed")))
		on_finished(t, session, p, true);
	else if (slice_eq(method, SLICE("Network.webSocketCreated")))
		on_socket(t, session, p);
	else if (slice_eq(method, SLICE("Network.webSocketFrameSent")))
		on_frame_sent(t, session, p);
	else if (slice_eq(method, SLICE("Network.webTransportCreated")))
		on_socket(t, session, p);
}
