/*
 * hinoban-collector: takes what visitors' browsers report, behind the shop's web server, on a
 * loopback port of its own. Its own uid, no files, no calls but those of serving and telling
 * the ledger. What it can't send on it counts and forgets: it never holds up a shop.
 */
#include "conf/conf.h"
#include "desk/collect.h"
#include "desk/http.h"
#include "desk/listen.h"
#include "wall/post.h"
#include "wall/seal.h"
#include <getopt.h>
#include <string.h>

#define TICK_MS     1000
#define WAITING_MAX 1024 /* drafts that the ledger has not acknowledged */
#define FACTS_TICK  64

struct collector {
	struct loop *loop;
	struct http *http;
	struct post *post;
	struct collect *collect;
	struct collect_page page[COLLECT_PAGES];
	size_t pages;
	struct conf conf;
	struct arena mem;
};

static struct slice view_of(struct slice query)
{
	return slice_starts(query, SLICE("i=")) ? slice_sub(query, 2, slice_chr(query, '&'))
	                                        : (struct slice){0};
}

/* No answer says whether a report was believed. */
static enum http_turn answer(void *ctx, struct http_request *rq, struct http_reply *rp)
{
	struct collector *c = ctx;

	rp->status = MHD_HTTP_NO_CONTENT;
	rp->mime = NULL;
	if (slice_eq(rq->method, SLICE("OPTIONS")))
		return HTTP_DONE;
	if (!slice_eq(rq->method, SLICE("POST")))
		rp->status = MHD_HTTP_METHOD_NOT_ALLOWED;
	else if (rq->body.n)
		collect_take(c->collect, rq->body, view_of(rq->query),
		             http_header(rq, "User-Agent"), clock_now_us());
	return HTTP_DONE;
}

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct collector *c = ctx;

	if (slice_eq(name, SLICE("ledger")))
		post_peer(c->post, l, slot);
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct collector *c = ctx;

	(void)l;
	(void)slot;
	post_msg(c->post, m);
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	(void)l;
	(void)ctx;
	(void)slot;
}

static void on_tick(struct loop *l, void *ctx)
{
	struct collector *c = ctx;

	(void)l;
	http_tick(c->http);
	for (int i = 0; i < FACTS_TICK && post_waiting(c->post) < WAITING_MAX; i++) {
		struct json *d;

		arena_reset(&c->mem);
		d = collect_due(c->collect, &c->mem, clock_now_us());
		if (!d)
			return;
		if (post_fact(c->post, d, -1, NULL, NULL) < 0)
			err_say("a report could not be told");
	}
}

static void on_fd(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct collector *c = ctx;

	(void)l;
	(void)events;
	http_ready(c->http, fd);
}

static const struct loop_handlers handlers = {
    .on_peer = on_peer,
    .on_msg = on_msg,
    .on_gone = on_gone,
    .on_tick = on_tick,
    .tick_ms = TICK_MS,
};

static void read_pages(struct collector *c)
{
	for (size_t i = 0; i < c->conf.page_watches && c->pages < COLLECT_PAGES; i++) {
		struct conf_page p = conf_page(&c->conf, i);

		c->page[c->pages++] = (struct collect_page){p.name, p.url};
	}
}

static void setup(struct collector *c, const char *config, const char *address,
                  char told[LISTEN_TEXT_BYTES])
{
	struct err e;
	int listener, port;

	if (clock_setup() < 0)
		err_die("the clock that HINOBAN_CLOCK names can't be used");
	if (conf_load(config, conf_profile_dir(), &c->conf, &e) < 0)
		err_die("%s", e.text);
	read_pages(c);
	arena_init(&c->mem, 1u << 20);
	c->collect = collect_new(c->page, c->pages);
	c->post = post_new("collector");
	listener = listen_open(address, told, &port, &e);
	if (listener < 0)
		err_die("%s", e.text);
	c->http = http_new(listener, answer, c);
	c->loop = loop_new(LOOP_KEEPER_FD, &handlers, c);
	if (!c->collect || !c->post || !c->http || !c->loop ||
	    http_join(c->http, c->loop, on_fd) < 0)
		err_die("out of memory or descriptors");
}

static void tell_keeper(struct collector *c, const char *told)
{
	struct json *body;

	arena_reset(&c->mem);
	body = json_obj(&c->mem);
	json_put_str(&c->mem, body, "reports", told);
	loop_ready_json(c->loop, body);
}

int main(int argc, char **argv)
{
	static const struct option known[] = {{"config", required_argument, NULL, 'c'},
	                                      {"listen", required_argument, NULL, 'l'},
	                                      {0}};
	static struct collector c;
	const char *config = NULL, *address = NULL;
	struct seal_want want = {.role = SEAL_COLLECTOR};
	char told[LISTEN_TEXT_BYTES];
	int o, code;

	err_name("hinoban-collector");
	while ((o = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (o == 'c')
			config = optarg;
		else if (o == 'l')
			address = optarg;
		else
			config = NULL;
	}
	if (!config || !address || optind != argc)
		err_die("usage: hinoban-collector --config FILE --listen ADDRESS:PORT");
	setup(&c, config, address, told);
	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
	tell_keeper(&c, told);
	code = loop_run(c.loop);
	http_free(c.http);
	post_free(c.post);
	collect_free(c.collect);
	loop_free(c.loop);
	conf_done(&c.conf);
	return code;
}
