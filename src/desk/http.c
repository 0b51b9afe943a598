#include "desk/http.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define ROUNDS 64 /* turns of libmicrohttpd in one of ours */

struct http {
	struct MHD_Daemon *mhd;
	http_answer_fn *answer;
	void *ctx;
	struct http_request *waiting;
	int again; /* eventfd: there is more to do at once */
};

/*
 * Nothing but our own files, nothing inline; no other site may frame us, learn of us,
 * or be told where a link came from ("same-origin" keeps Origin on our own forms).
 */
static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
     "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Vary", "Cookie, Accept-Language"},
};

static void request_free(struct http_request *rq)
{
	if (!rq)
		return;
	buf_done(&rq->taken);
	arena_done(&rq->mem);
	free(rq);
}

/* libmicrohttpd's first word about a request; what we return becomes its con_cls. */
static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *conn)
{
	struct http_request *rq = calloc(1, sizeof(*rq));
	struct slice all = slice_str(uri);
	size_t mark = slice_chr(all, '?');

	(void)ctx;
	if (!rq)
		return NULL;
	arena_init(&rq->mem, HTTP_MEM);
	buf_init(&rq->taken, HTTP_MAX_BODY);
	rq->conn = conn;
	if (all.n > HTTP_MAX_URI)
		all = SLICE("/too-long");
	all = arena_copy(&rq->mem, all);
	rq->path = slice_sub(all, 0, mark);
	rq->query = mark == SIZE_MAX ? SLICE("") : slice_sub(all, mark + 1, all.n);
	return rq;
}

static void on_completed(void *ctx, struct MHD_Connection *conn, void **state,
                         enum MHD_RequestTerminationCode code)
{
	struct http *h = ctx;

	(void)conn;
	(void)code;
	for (struct http_request **at = &h->waiting; *at; at = &(*at)->next) {
		if (*at == *state) {
			*at = (*at)->next;
			break;
		}
	}
	request_free(*state);
	*state = NULL;
}

static void add_header(struct MHD_Response *r, const char *name, struct slice value)
{
	char text[1024];

	if (value.n == 0 || value.n >= sizeof(text))
		return;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(value));
	MHD_add_response_header(r, name, text); /* refuses line ends in it */
}

static void add_headers(struct MHD_Response *r, struct http_reply *rp)
{
	char save[256];

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		MHD_add_response_header(r, headers[i][0], headers[i][1]);
	add_header(r, "Content-Type", slice_str(rp->mime));
	add_header(r, "Cache-Control", rp->etag ? SLICE("no-cache") : SLICE("no-store"));
	add_header(r, "ETag", slice_str(rp->etag));
	add_header(r, "Location", rp->location);
	for (int i = 0; i < rp->cookies; i++)
		add_header(r, "Set-Cookie", rp->cookie[i]);
	if (rp->filename.n && rp->filename.n < 200) {
		snprintf(save, sizeof(save), "attachment; filename=\"%.*s\"",
		         SLICE_ARG(rp->filename));
		add_header(r, "Content-Disposition", slice_str(save));
	}
}

static enum MHD_Result send_reply(struct http_request *rq, struct http_reply *rp)
{
	struct MHD_Response *r = rp->stream;
	enum MHD_Result result;

	if (!buf_ok(&rp->body)) {
		buf_reset(&rp->body);
		buf_str(&rp->body, "This page is too large.\n");
		rp->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
		rp->mime = "text/plain; charset=utf-8";
	}
	if (!r)
		r = MHD_create_response_from_buffer(
		    rp->body.n, rp->body.at ? rp->body.at : (void *)"", MHD_RESPMEM_MUST_COPY);
	if (!r)
		return MHD_NO;
	add_headers(r, rp);
	result = MHD_queue_response(rq->conn, rp->status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result ask(struct http *h, struct http_request *rq)
{
	struct http_reply rp = {.status = MHD_HTTP_OK};
	enum MHD_Result result = MHD_YES;

	buf_init(&rp.body, HTTP_MAX_REPLY);
	if (h->answer(h->ctx, rq, &rp) == HTTP_WAIT) {
		rq->waiting = true;
		rq->next = h->waiting;
		h->waiting = rq;
		MHD_suspend_connection(rq->conn);
	} else {
		result = send_reply(rq, &rp);
	}
	buf_done(&rp.body);
	return result;
}

static enum MHD_Result too_large(struct http_request *rq)
{
	struct http_reply rp = {.status = MHD_HTTP_CONTENT_TOO_LARGE, .mime = "text/plain"};
	enum MHD_Result result;

	buf_init(&rp.body, 64);
	buf_str(&rp.body, "Too much.\n");
	result = send_reply(rq, &rp);
	buf_done(&rp.body);
	return result;
}

/* The head is read: refuse at once what says that it is too long. */
static enum MHD_Result begin(struct http_request *rq, const char *method)
{
	struct slice length = http_header(rq, "Content-Length");
	uint64_t n = 0;

	rq->begun = true;
	rq->method = arena_copy(&rq->mem, slice_str(method));
	if (length.n && (!slice_u64(length, &n) || n > HTTP_MAX_BODY))
		return too_large(rq);
	return MHD_YES;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *conn, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *n, void **state)
{
	struct http_request *rq = *state;

	(void)conn;
	(void)url;
	(void)version;
	if (!rq)
		return MHD_NO;
	if (!rq->begun)
		return begin(rq, method);
	if (*n) {
		buf_add(&rq->taken, slice_mem(data, *n));
		*n = 0;
		return buf_ok(&rq->taken) ? MHD_YES : MHD_NO;
	}
	if (!rq->since)
		rq->since = clock_mono_us();
	rq->body = buf_slice(&rq->taken);
	return ask(ctx, rq);
}

struct http *http_new(int listener, http_answer_fn *answer, void *ctx)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->answer = answer;
	h->ctx = ctx;
	h->again = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	h->mhd = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, h,
	    MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (!h->mhd || h->again < 0) {
		http_free(h);
		return NULL;
	}
	return h;
}

/* libmicrohttpd may have work that no descriptor tells of; it is not left waiting for one. */
static void turn(struct http *h)
{
	MHD_UNSIGNED_LONG_LONG left = 1;
	uint64_t one = 1;

	for (int i = 0; i < ROUNDS; i++) {
		MHD_run(h->mhd);
		if (MHD_get_timeout(h->mhd, &left) == MHD_NO || left > 0)
			return;
	}
	if (write(h->again, &one, sizeof(one)) < 0 && errno != EAGAIN)
		err_say("eventfd: %s", strerror(errno));
}

void http_ready(struct http *h, int fd)
{
	uint64_t n;

	if (fd == h->again && read(fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		err_say("eventfd: %s", strerror(errno));
	turn(h);
}

int http_join(struct http *h, struct loop *l, loop_fd_fn *fn)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	int r;

	if (!info)
		return -EINVAL;
	r = loop_add_fd(l, info->epoll_fd, EPOLLIN, fn);
	return r < 0 ? r : loop_add_fd(l, h->again, EPOLLIN, fn);
}

/* The requests that wait now; on_request may make them wait again. */
void http_wake(struct http *h)
{
	struct http_request *rq = h->waiting, *next;

	h->waiting = NULL;
	for (; rq; rq = next) {
		next = rq->next;
		rq->next = NULL;
		rq->waiting = false;
		MHD_resume_connection(rq->conn);
	}
}

void http_tick(struct http *h)
{
	http_wake(h);
	turn(h);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	http_wake(h);
	if (h->mhd)
		MHD_stop_daemon(h->mhd);
	if (h->again >= 0)
		close(h->again);
	free(h);
}

struct slice http_header(const struct http_request *rq, const char *name)
{
	return slice_str(MHD_lookup_connection_value(rq->conn, MHD_HEADER_KIND, name));
}
