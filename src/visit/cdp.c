/* cdp: frames out of pipes, answers to their calls. */
#include "visit/cdp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#define READ_BYTES  (256u * 1024)
#define MESSAGE_MEM (512u << 20)
#define PARAMS_MEM  (8u << 20)
#define TURN_MS     50

struct call {
	int64_t id; /* 0: free */
	cdp_answer_fn *fn;
	void *arg;
};

struct cdp {
	struct loop *loop;
	int in, out; /* -1: gone */
	const struct cdp_handlers *on;
	void *ctx;
	struct buf got;
	size_t searched; /* of got, without a NUL */
	bool over;       /* in the middle of a message that is too long */
	struct buf send;
	bool watches_out;
	struct arena message, params;
	int64_t last_id;
	struct call call[CDP_MAX_CALLS];
	size_t calls;
	uint64_t messages, bytes;
};

bool cdp_alive(const struct cdp *c)
{
	return c && c->in >= 0;
}

struct arena *cdp_mem(struct cdp *c)
{
	return &c->params;
}

uint64_t cdp_messages(const struct cdp *c)
{
	return c->messages;
}

uint64_t cdp_bytes(const struct cdp *c)
{
	return c->bytes;
}

static void shut(struct cdp *c)
{
	if (c->in < 0)
		return;
	loop_del_fd(c->loop, c->in);
	loop_del_fd(c->loop, c->out);
	close(c->in);
	close(c->out);
	c->in = c->out = -1;
}

static void answer(struct cdp *c, struct call *slot, const struct json *result,
                   struct slice error)
{
	struct call was = *slot;

	slot->id = 0;
	c->calls--;
	if (was.fn)
		was.fn(was.arg, result, error);
}

void cdp_refuse(struct cdp *c, struct slice why)
{
	for (size_t i = 0; i < CDP_MAX_CALLS; i++)
		if (c->call[i].id)
			answer(c, &c->call[i], NULL, why);
}

static void gone(struct cdp *c)
{
	if (c->in < 0)
		return;
	shut(c);
	cdp_refuse(c, SLICE("gone"));
	c->on->on_gone(c->ctx);
}

/* ---- in ---- */

static void one(struct cdp *c, struct slice text)
{
	const struct json *m, *result;
	int64_t id;

	c->messages++;
	arena_reset(&c->message);
	m = json_parse_foreign(&c->message, text, NULL);
	id = json_num(m, "id", 0);
	if (id <= 0) {
		struct slice method = json_text(m, "method");

		if (method.n)
			c->on->on_event(c->ctx, json_text(m, "sessionId"), method,
			                json_get(m, "params"));
		return;
	}
	result = json_get(m, "result");
	for (size_t i = 0; i < CDP_MAX_CALLS; i++) {
		if (c->call[i].id != id)
			continue;
		answer(c, &c->call[i], json_get(m, "error") ? NULL : result,
		       json_text(m, "error.message"));
		return;
	}
}

/* All whole messages of what came in. A handler may end the connection. */
static void cut(struct cdp *c)
{
	struct slice all = buf_slice(&c->got);
	size_t from = 0, at;

	while (c->in >= 0 &&
	       (at = slice_chr(slice_sub(all, c->searched, all.n), '\0')) != SIZE_MAX) {
		at += c->searched;
		if (!c->over)
			one(c, slice_sub(all, from, at));
		c->over = false;
		from = c->searched = at + 1;
	}
	buf_drop(&c->got, from);
	c->searched = c->got.n;
	if (c->got.n > CDP_MAX_MESSAGE) {
		c->over = true;
		buf_reset(&c->got);
		c->searched = 0;
	}
}

static void flush(struct cdp *c)
{
	bool waits;

	while (c->out >= 0 && c->send.n > 0) {
		ssize_t n = write(c->out, c->send.at, c->send.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			gone(c);
			return;
		}
		if (n < 0)
			break;
		buf_drop(&c->send, (size_t)n);
	}
	waits = c->send.n > 0;
	if (c->out >= 0 && waits != c->watches_out) {
		loop_mod_fd(c->loop, c->out, waits ? EPOLLOUT : 0);
		c->watches_out = waits;
	}
}

static void on_in(struct cdp *c)
{
	for (int i = 0; i < 16 && c->in >= 0; i++) {
		uint8_t *to = buf_reserve(&c->got, READ_BYTES);
		ssize_t n = to ? read(c->in, to, READ_BYTES) : 0;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			gone(c);
			return;
		}
		c->bytes += (uint64_t)n;
		buf_commit(&c->got, (size_t)n);
		cut(c);
		if ((size_t)n < READ_BYTES)
			return;
	}
}

void cdp_serve(struct cdp *c, int fd)
{
	if (c && fd == c->out)
		flush(c);
	else if (c && fd == c->in)
		on_in(c);
}

static bool make_ready(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

struct cdp *cdp_new(struct loop *l, loop_fd_fn *fn, int in, int out,
                    const struct cdp_handlers *on, void *ctx)
{
	struct cdp *c = calloc(1, sizeof(*c));

	if (!c || !make_ready(in) || !make_ready(out) || loop_add_fd(l, in, EPOLLIN, fn) < 0 ||
	    loop_add_fd(l, out, 0, fn) < 0) {
		loop_del_fd(l, in);
		close(in);
		close(out);
		free(c);
		return NULL;
	}
	c->loop = l;
	c->in = in;
	c->out = out;
	c->on = on;
	c->ctx = ctx;
	buf_init(&c->got, CDP_MAX_MESSAGE + 2 * READ_BYTES);
	buf_init(&c->send, CDP_MAX_OUT);
	arena_init(&c->message, MESSAGE_MEM);
	arena_init(&c->params, PARAMS_MEM);
	return c;
}

void cdp_free(struct cdp *c)
{
	if (!c)
		return;
	shut(c);
	buf_done(&c->got);
	buf_done(&c->send);
	arena_done(&c->message);
	arena_done(&c->params);
	free(c);
}

/* ---- out ---- */

static struct call *free_call(struct cdp *c)
{
	for (size_t i = 0; i < CDP_MAX_CALLS; i++)
		if (!c->call[(i + (size_t)c->last_id) % CDP_MAX_CALLS].id)
			return &c->call[(i + (size_t)c->last_id) % CDP_MAX_CALLS];
	return NULL;
}

static bool put_message(struct cdp *c, int64_t id, const char *session, const char *method,
                        const struct json *params)
{
	size_t before = c->send.n;

	buf_printf(&c->send, "{\"id\":%lld,\"method\":\"%s\"", (long long)id, method);
	if (session && *session)
		buf_printf(&c->send, ",\"sessionId\":\"%s\"", session);
	if (params) {
		buf_str(&c->send, ",\"params\":");
		json_write(&c->send, params);
	}
	buf_str(&c->send, "}");
	buf_byte(&c->send, '\0');
	if (buf_ok(&c->send) && !c->params.broken)
		return true;
	/* Never half a message: a browser that reads nothing loses this one. */
	c->send.n = before;
	c->send.broken = false;
	return false;
}

int cdp_ask(struct cdp *c, const char *session, const char *method, const struct json *params,
            cdp_answer_fn *fn, void *arg)
{
	struct call *slot = cdp_alive(c) ? free_call(c) : NULL;
	int r = !cdp_alive(c) ? -EPIPE : !slot ? -ENOBUFS : 0;

	if (r == 0 && !put_message(c, c->last_id + 1, session, method, params))
		r = -ENOBUFS;
	if (c)
		arena_reset(&c->params);
	if (r < 0) {
		if (fn)
			fn(arg, NULL, SLICE("gone"));
		return r;
	}
	*slot = (struct call){++c->last_id, fn, arg};
	c->calls++;
	flush(c);
	return 0;
}

void cdp_forget(struct cdp *c, const void *arg)
{
	for (size_t i = 0; c && i < CDP_MAX_CALLS; i++)
		if (c->call[i].id && (!arg || c->call[i].arg == arg))
			c->call[i].fn = NULL;
}

static void on_answer(void *arg, const struct json *result, struct slice error)
{
	struct cdp_answer *a = arg;

	a->done = true;
	a->refused = !result;
	if (!result)
		snprintf(a->why, sizeof(a->why), "%.*s",
		         SLICE_ARG(slice_sub(error, 0, CDP_WHY_BYTES - 1)));
	if (result && a->mem)
		a->result = json_copy(a->mem, result);
}

void cdp_send(struct cdp *c, const char *session, const char *method, const struct json *params,
              struct arena *mem, struct cdp_answer *answer)
{
	*answer = (struct cdp_answer){.method = method, .mem = mem};
	answer->failed = cdp_ask(c, session, method, params, on_answer, answer);
}

int cdp_await(struct cdp *c, struct cdp_answer *answer, int ms, const struct json **result,
              struct err *e)
{
	int64_t until = clock_mono_us() + (int64_t)ms * 1000;
	int r = answer->failed;

	while (r == 0 && !answer->done) {
		if (clock_mono_us() >= until)
			r = err_set(e, -ETIMEDOUT, "%s was not answered", answer->method);
		else if (!loop_turn(c->loop, TURN_MS))
			r = -EINTR;
	}
	cdp_forget(c, answer);
	if (r == 0 && answer->refused)
		r = err_set(e, cdp_alive(c) ? -EPROTO : -EPIPE, "%s", answer->why);
	if (r == 0 && answer->mem && !answer->result)
		r = err_set(e, -ENOMEM, "%s: the answer is too large", answer->method);
	if (r == 0 && result)
		*result = answer->result;
	return r;
}

int cdp_call(struct cdp *c, const char *session, const char *method, const struct json *params,
             int ms, struct arena *mem, const struct json **result, struct err *e)
{
	struct cdp_answer answer;

	cdp_send(c, session, method, params, mem, &answer);
	return cdp_await(c, &answer, ms, result, e);
}

int cdp_settle(struct cdp *c, int ms)
{
	int64_t until = clock_mono_us() + (int64_t)ms * 1000;

	while (cdp_alive(c) && c->calls > 0) {
		if (clock_mono_us() >= until)
			return -ETIMEDOUT;
		if (!loop_turn(c->loop, TURN_MS))
			return -EINTR;
	}
	return cdp_alive(c) ? 0 : -EPIPE;
}
