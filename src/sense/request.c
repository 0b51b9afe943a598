/*
 * The request behind a change. Logs are followed only while somebody asks: a line is
 * written when its request ends, so after the write that we heard of. While nobody asks,
 * a busy shop's log costs nothing.
 */
#include "sense/culprit.h"
#include "sense/guard.h"
#include "sense/weblog.h"
#include <string.h>

#define MAX_LOGS      64 /* two for each that the config names */
#define MAX_QUESTIONS 4096
#define MAX_REQUESTS  4096
#define PATIENCE_US   5000000 /* how long to wait for the line */
#define SETTLE_US     400000  /* after the first candidate: others may end a little later */
#define READ_US       100000

struct question {
	struct question *next;
	struct slice path; /* text, owned */
	int64_t seen_us, seq;
	int64_t asked_us, found_us; /* monotonic */
};

struct requests {
	const struct conf *conf;
	struct weblog log[MAX_LOGS];
	size_t logs;
	struct question *first, **end;
	size_t questions;
	struct culprit_request *ring;
	size_t at, n;
	struct buf lines, text;
	int64_t read_us;
};

struct requests *requests_new(const struct conf *c)
{
	struct requests *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->conf = c;
	r->end = &r->first;
	buf_init(&r->lines, 2 * WEBLOG_CHUNK_BYTES);
	buf_init(&r->text, 4 * WEBLOG_CHUNK_BYTES);
	for (size_t i = 0; i < 2 * c->access_logs && r->logs < MAX_LOGS; i++) {
		if (weblog_init(&r->log[r->logs], c->access_log[i / 2], i % 2) == 0)
			r->logs++;
	}
	return r;
}

static void forget(struct requests *r, struct question **at)
{
	struct question *q = *at;

	*at = q->next;
	if (!q->next)
		r->end = at;
	r->questions--;
	state_set_text(&q->path, slice_str(NULL));
	free(q);
}

void requests_free(struct requests *r)
{
	if (!r)
		return;
	while (r->first)
		forget(r, &r->first);
	for (size_t i = 0; i < r->logs; i++)
		weblog_done(&r->log[i]);
	buf_done(&r->lines);
	buf_done(&r->text);
	free(r->ring);
	free(r);
}

static void wake(struct requests *r)
{
	if (!r->ring)
		r->ring = calloc(MAX_REQUESTS, sizeof(*r->ring));
	for (size_t i = 0; i < r->logs; i++)
		weblog_wake(&r->log[i]);
}

static void sleep_again(struct requests *r)
{
	for (size_t i = 0; i < r->logs; i++)
		weblog_sleep(&r->log[i]);
	free(r->ring);
	r->ring = NULL;
	r->n = r->at = 0;
}

struct requests_asked {
	struct guard *g;
	struct slice path; /* text, owned */
	int64_t seen_us;
};

void requests_on_seq(void *asked, int64_t seq)
{
	struct requests_asked *q = asked;

	if (seq > 0)
		requests_ask(q->g, q->path, q->seen_us, seq);
	state_set_text(&q->path, slice_str(NULL));
	free(q);
}

struct requests_asked *requests_will_ask(struct guard *g, struct slice path, int64_t seen_us)
{
	struct requests_asked *q = calloc(1, sizeof(*q));
	struct buf text = {.max = 8 * PATH_TEXT_MAX_BYTES};

	if (!q)
		return NULL;
	q->g = g;
	q->seen_us = seen_us;
	path_text(&text, path);
	state_set_text(&q->path, buf_slice(&text));
	buf_done(&text);
	return q;
}

void requests_ask(struct guard *g, struct slice path, int64_t seen_us, int64_t seq)
{
	struct requests *r = g->requests;
	struct question *q;

	if (r->logs == 0 || r->questions >= MAX_QUESTIONS || !(q = calloc(1, sizeof(*q))))
		return;
	q->seen_us = seen_us;
	q->seq = seq;
	q->asked_us = clock_mono_us();
	state_set_text(&q->path, path);
	*r->end = q;
	r->end = &q->next;
	r->questions++;
	wake(r);
}

/* ---- lines to a reader, requests back ---- */

static void base64(struct buf *out, struct slice in)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < in.n; i += 3) {
		uint32_t v = (uint32_t)in.at[i] << 16;
		size_t n = in.n - i;
		if (n > 1)
			v |= (uint32_t)in.at[i + 1] << 8;
		if (n > 2)
			v |= in.at[i + 2];
		buf_byte(out, (uint8_t)digits[v >> 18]);
		buf_byte(out, (uint8_t)digits[v >> 12 & 63]);
		buf_byte(out, n > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
		buf_byte(out, n > 2 ? (uint8_t)digits[v & 63] : '=');
	}
}

static void send_lines(struct guard *g)
{
	struct requests *r = g->requests;
	struct json *body;

	for (int i = 0; i < POOL_MAX_READERS; i++) {
		if (g->reader_slot[i] < 0)
			continue;
		arena_reset(&g->mem);
		buf_reset(&r->text);
		base64(&r->text, buf_slice(&r->lines));
		body = json_obj(&g->mem);
		json_put_slice(&g->mem, body, "format", r->conf->access_log_format);
		json_put_slice(&g->mem, body, "text", buf_slice(&r->text));
		loop_send_json(g->loop, g->reader_slot[i], MSG_LINES, 0, body, -1);
		return;
	}
}

static void copy_text(char *out, size_t room, struct slice s)
{
	/* Cut where a character begins, so that it stays well-formed. */
	size_t n = s.n < room - 1 ? s.n : room - 1;

	while (n > 0 && n < s.n && (s.at[n] & 0xc0) == 0x80)
		n--;
	if (n)
		memcpy(out, s.at, n);
	out[n] = '\0';
}

static void take_request(struct requests *r, const struct json *o)
{
	struct culprit_request *m = &r->ring[r->at];

	*m = (struct culprit_request){.duration_us = json_num(o, "duration_us", 0),
	                              .status = json_num(o, "status", 0),
	                              .exact = json_true(o, "exact")};
	if (!clock_parse(json_text(o, "at"), &m->at_us))
		return;
	copy_text(m->method, sizeof(m->method), json_text(o, "method"));
	copy_text(m->client, sizeof(m->client), json_text(o, "client"));
	copy_text(m->url, sizeof(m->url), json_text(o, "url"));
	copy_text(m->agent, sizeof(m->agent), json_text(o, "agent"));
	r->at = (r->at + 1) % MAX_REQUESTS;
	if (r->n < MAX_REQUESTS)
		r->n++;
}

void requests_lines(struct guard *g, const struct msg *m)
{
	struct requests *r = g->requests;
	struct arena mem = {.max = 4u << 20};
	const struct json *all = json_parse(&mem, m->body, NULL);
	const struct json *o = all && all->kind == JSON_ARR ? all->first : NULL;

	for (; r->ring && o; o = o->next)
		take_request(r, o);
	arena_done(&mem);
}

/* ---- answers ---- */

static void tell(struct guard *g, const struct question *q, const struct culprit *m)
{
	const struct culprit_request *b = m->best;
	struct json *d, *o;

	arena_reset(&g->mem);
	d = fact_draft(&g->mem, "file.request");
	o = json_obj(&g->mem);
	json_put_slice(&g->mem, d, "path", q->path);
	json_put_str(&g->mem, o, "method", b->method);
	json_put_str(&g->mem, o, "url", b->url);
	json_put_str(&g->mem, o, "client", b->client);
	draft_time(&g->mem, o, "at", b->at_us);
	json_put_int(&g->mem, o, "status", b->status);
	json_put_str(&g->mem, o, "agent", b->agent);
	json_put(&g->mem, o, "confidence", json_dec(&g->mem, m->confidence));
	json_put_int(&g->mem, o, "candidates", m->candidates);
	json_put(&g->mem, d, "request", o);
	fact_ref(&g->mem, d, q->seq);
	guard_post(g, d, -1, NULL, NULL);
}

/* True once the question is over. */
static bool answer(struct guard *g, struct question *q, int64_t now)
{
	struct requests *r = g->requests;
	struct culprit m = {NULL, 0, 0};

	if (r->ring)
		m = culprit_find(r->ring, r->n, q->seen_us);
	if (m.best && !q->found_us)
		q->found_us = now;
	if (m.best && (now - q->found_us >= SETTLE_US || now - q->asked_us >= PATIENCE_US)) {
		tell(g, q, &m);
		return true;
	}
	return now - q->asked_us >= PATIENCE_US;
}

void requests_tick(struct guard *g)
{
	struct requests *r = g->requests;
	int64_t now = clock_mono_us();

	if (!r->first || now - r->read_us < READ_US)
		return;
	r->read_us = now;
	for (size_t i = 0; i < r->logs; i++) {
		while (weblog_read(&r->log[i], &r->lines))
			send_lines(g);
	}
	for (struct question **at = &r->first; *at;) {
		if (answer(g, *at, now))
			forget(r, at);
		else
			at = &(*at)->next;
	}
	if (!r->first)
		sleep_again(r);
}
