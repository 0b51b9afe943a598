/* visitor_browser: how the visitor comes to a browser, and how it loses it. */
#include "visit/visitor_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#define LAUNCH_MS 20000
#define ANSWER_MS 10000
#define GONE_MS   5000
#define TURN_MS   20
#define DRAIN_MS  3000
#define LOG_BYTES 65536

static void on_fd(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct visitor *v = ctx;

	(void)l;
	(void)events;
	cdp_serve(v->cdp, fd);
}

/* ---- the net log ---- */

static void close_log(struct visitor *v, int *log)
{
	if (*log < 0)
		return;
	loop_del_fd(v->loop, *log);
	close(*log);
	*log = -1;
}

static void on_log(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct visitor *v = ctx;
	bool now = fd == v->log;
	uint8_t bytes[LOG_BYTES];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	(void)l;
	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 &&
	    netlog_feed(now ? v->netlog : v->spare.netlog, slice_mem(bytes, (size_t)n)))
		return;
	if (now)
		close_log(v, &v->log);
	else
		visitor_browser_spare(v);
}

/* A log for what comes out of fd, which is ours from now on; its end of the pipe, or -1. */
static int open_log(struct visitor *v, int fd, struct netlog **log)
{
	netlog_free(*log);
	*log = netlog_new();
	if (*log && loop_add_fd(v->loop, fd, EPOLLIN, on_log) == 0)
		return fd;
	close(fd);
	return -1;
}

void visitor_browser_drain(struct visitor *v)
{
	int64_t until = clock_mono_us() + (int64_t)DRAIN_MS * 1000;

	if (!v->alone || v->log < 0)
		return;
	v->left = v->launched; /* that it ends is no news */
	cdp_ask(v->cdp, "", "Browser.close", NULL, NULL, NULL);
	while (v->log >= 0 && clock_mono_us() < until)
		if (!loop_turn(v->loop, TURN_MS))
			return;
}

static void tell(struct visitor *v, const char *type, const struct json *more)
{
	struct arena a;
	struct json *d;

	arena_init(&a, 65536);
	d = fact_draft(&a, type);
	for (const struct json *m = more ? more->first : NULL; m; m = m->next) {
		const char *name = arena_cstr(&a, m->name);

		if (name)
			json_put(&a, d, name, json_copy(&a, m));
	}
	if (v->tab) {
		json_put_slice(&a, d, "page", v->page[v->now_page].conf.name);
		json_put_str(&a, d, "arm", arms_table[v->now_arm].name);
	}
	post_fact(v->post, d, -1, NULL, NULL);
	arena_done(&a);
}

/* ---- the one that is ready ---- */

void visitor_browser_spare(struct visitor *v)
{
	struct visitor_spare *s = &v->spare;

	if (s->id) {
		close_log(v, &s->log);
		close(s->in); /* it ends when its pipes do */
		close(s->out);
		netlog_free(s->netlog);
	}
	*s = (struct visitor_spare){0};
}

void visitor_browser_ahead(struct visitor *v)
{
	if (v->browser >= 0 && !v->spare.asked && !v->spare.id &&
	    loop_send(v->loop, v->browser, MSG_LAUNCH, 0,
	              SLICE("{\"log\":true,\"spare\":true}"), -1) == 0)
		v->spare.asked = true;
}

/* It is answered after we let it go, or without a browser: then there is none. */
static void take_spare(struct visitor *v, struct msg *m, const struct json *body)
{
	struct visitor_spare *s = &v->spare;

	if (!s->asked || m->fds < 3) {
		s->asked = false;
		return;
	}
	*s = (struct visitor_spare){.id = m->id, .pid = json_num(body, "pid", 0)};
	s->out = msg_take_fd(m, 0);
	s->in = msg_take_fd(m, 1);
	s->log = open_log(v, msg_take_fd(m, 2), &s->netlog);
}

static void on_launched(struct visitor *v, struct msg *m)
{
	struct arena a;
	const struct json *body;
	struct slice error;

	arena_init(&a, 65536);
	body = json_parse(&a, m->body, NULL);
	if (json_true(body, "spare")) {
		take_spare(v, m, body);
		arena_done(&a);
		return;
	}
	error = json_text(body, "error");
	v->launching = false;
	v->launched = m->id;
	v->gone_told = false;
	v->pid = json_num(body, "pid", 0);
	if (m->fds >= 2) {
		int out = msg_take_fd(m, 0), in = msg_take_fd(m, 1);

		close_log(v, &v->log);
		if (m->fds == 3)
			v->log = open_log(v, msg_take_fd(m, 2), &v->netlog);
		v->cdp = cdp_new(v->loop, on_fd, in, out, &tab_handlers, &v->tab);
	}
	snprintf(v->fault, sizeof(v->fault), "%.*s", SLICE_ARG(slice_sub(error, 0, 300)));
	arena_done(&a);
}

static void on_gone(struct visitor *v, struct msg *m)
{
	struct arena a;

	if (v->spare.id && m->id == v->spare.id)
		visitor_browser_spare(v);
	if (m->id != v->launched || m->id == v->left)
		return;
	arena_init(&a, 65536);
	tell(v, "browser.died", json_parse(&a, m->body, NULL));
	v->gone_told = true;
	arena_done(&a);
}

void visitor_browser_msg(struct visitor *v, struct msg *m)
{
	if (m->type == MSG_LAUNCHED)
		on_launched(v, m);
	else if (m->type == MSG_GONE)
		on_gone(v, m);
	else
		err_die("%s is not for the visitor", msg_type_name(m->type));
}

void visitor_browser_leave(struct visitor *v)
{
	if (!v->cdp)
		return;
	close_log(v, &v->log);
	v->left = v->launched; /* it ends when its pipes do, or with the next LAUNCH */
	cdp_free(v->cdp);
	v->cdp = NULL;
}

void visitor_browser_end(struct visitor *v)
{
	int64_t until = clock_mono_us() + GONE_MS * 1000;

	close_log(v, &v->log);
	if (!v->cdp)
		return;
	if (v->left == v->launched)
		v->gone_told = true; /* it was let go */
	/* Its end is told by the launcher, who alone knows how: wait for that. */
	if (!v->gone_told && v->browser >= 0)
		loop_send(v->loop, v->browser, MSG_GONE, v->launched, SLICE("{}"), -1);
	while (!v->gone_told && v->browser >= 0 && clock_mono_us() < until)
		if (!loop_turn(v->loop, TURN_MS))
			break;
	cdp_free(v->cdp);
	v->cdp = NULL;
}

static struct json *attach(struct visitor *v)
{
	struct arena *a = cdp_mem(v->cdp);
	struct json *p = json_obj(a);

	json_put_bool(a, p, "autoAttach", true);
	json_put_bool(a, p, "waitForDebuggerOnStart", true);
	json_put_bool(a, p, "flatten", true);
	return p;
}

/* "Chrome/156.0.8078.108" or "HeadlessChrome/...". */
static void note_version(struct visitor *v, struct slice product)
{
	size_t slash = slice_chr(product, '/');
	struct slice number = slice_sub(product, slash == SIZE_MAX ? 0 : slash + 1, product.n);

	snprintf(v->version, sizeof(v->version), "Chromium %.*s",
	         (int)(number.n < 40 ? number.n : 40),
	         number.at ? (const char *)number.at : "");
	number = slice_sub(number, 0, slice_chr(slice_sub(number, 0, 6), '.'));
	snprintf(v->major, sizeof(v->major), "%.*s", (int)(number.n < 7 ? number.n : 7),
	         number.at ? (const char *)number.at : "");
}

static int greet(struct visitor *v)
{
	const struct json *got = NULL;
	struct err e = {""};
	struct arena a;
	struct json *o;
	int r;

	arena_init(&a, 1 << 20);
	r = cdp_call(v->cdp, "", "Browser.getVersion", NULL, ANSWER_MS, &a, &got, &e);
	if (r == 0) {
		note_version(v, json_text(got, "product"));
		r = cdp_call(v->cdp, "", "Target.setAutoAttach", attach(v), ANSWER_MS, NULL,
		             NULL, &e);
	}
	if (r < 0) {
		snprintf(v->fault, sizeof(v->fault), "Chromium does not answer: %.200s",
		         e.text);
	} else {
		o = json_obj(&a);
		json_put_str(&a, o, "version", v->version);
		json_put_int(&a, o, "pid", v->pid);
		tell(v, "browser.started", o);
	}
	arena_done(&a);
	return r;
}

/* The one that is ready, once it is. -ENOENT: there is none, or it does not answer. */
static int take_ready(struct visitor *v, int64_t until)
{
	struct visitor_spare *s = &v->spare;

	while (s->asked && v->browser >= 0 && clock_mono_us() < until)
		if (!loop_turn(v->loop, TURN_MS))
			return -EINTR;
	if (!s->id)
		return -ENOENT;
	netlog_free(v->netlog);
	v->netlog = s->netlog;
	v->log = s->log;
	v->cdp = cdp_new(v->loop, on_fd, s->in, s->out, &tab_handlers, &v->tab);
	v->launched = s->id;
	v->pid = s->pid;
	v->gone_told = v->warm = false;
	v->alone = true;
	*s = (struct visitor_spare){0};
	if (greet(v) == 0)
		return 0;
	visitor_browser_end(v);
	return -ENOENT;
}

int visitor_browser(struct visitor *v, bool alone)
{
	int64_t until = clock_mono_us() + (int64_t)LAUNCH_MS * 1000;
	int r;

	if (cdp_alive(v->cdp) && !alone && !v->alone)
		return 0;
	if (cdp_alive(v->cdp))
		visitor_browser_leave(v);
	visitor_browser_end(v);
	r = alone ? take_ready(v, until) : -ENOENT;
	if (r != -ENOENT)
		return r;
	visitor_browser_spare(v);
	v->fault[0] = '\0';
	if (v->browser < 0 ||
	    loop_send(v->loop, v->browser, MSG_LAUNCH, 0,
	              alone ? SLICE("{\"log\":true}") : SLICE("{\"log\":false}"), -1) < 0) {
		snprintf(v->fault, sizeof(v->fault), "there is no hinoban-browser");
		return -EPIPE;
	}
	v->launching = true;
	v->alone = alone;
	v->warm = false;
	while (v->launching) {
		if (clock_mono_us() > until || v->browser < 0) {
			snprintf(v->fault, sizeof(v->fault), "Chromium does not start");
			return -ETIMEDOUT;
		}
		if (!loop_turn(v->loop, TURN_MS))
			return -EINTR;
	}
	if (!v->cdp)
		return -ENOENT;
	if (greet(v) == 0)
		return 0;
	visitor_browser_end(v);
	return -EPIPE;
}
