/*
 * http: libmicrohttpd inside the role's loop, without threads. It reads one request whole
 * (at most HTTP_MAX_BODY of it), asks `answer` for a reply and sends it with the headers
 * that every reply carries. A request may wait (for the ledger, for a reader): it is asked
 * again after http_wake.
 *
 * Slow or greedy clients: HTTP_CONNECTIONS at once, HTTP_IDLE_S without a byte, a bounded
 * head (libmicrohttpd's 32 KiB of memory per connection) and body.
 */
#ifndef HINOBAN_DESK_HTTP_H
#define HINOBAN_DESK_HTTP_H

#include "base/base.h"
#include "wall/loop.h"
#include <microhttpd.h>

#define HTTP_MAX_BODY    (64u * 1024)
#define HTTP_MAX_URI     8192u
#define HTTP_MAX_REPLY   (4u << 20)
#define HTTP_MEM         (48u << 20) /* a page's model: facts, files, diffs */
#define HTTP_CONNECTIONS 96
#define HTTP_IDLE_S      20
#define HTTP_MAX_COOKIES 2

struct http;

struct http_request {
	struct arena mem; /* lives as long as the request */
	struct MHD_Connection *conn;
	struct slice method, path, query; /* raw, not decoded */
	struct slice body;
	void *state;   /* the answerer's own, in mem, between two turns */
	int64_t since; /* monotonic: when the request was complete */
	/* http's own */
	struct buf taken;
	struct http_request *next;
	bool begun, waiting;
};

struct http_reply {
	unsigned status;
	const char *mime;
	struct buf body;
	struct MHD_Response *stream; /* instead of body */
	const char *etag;            /* may be kept by the browser, asked for again each time */
	struct slice location;
	struct slice filename; /* offered for saving under this name (our own ASCII) */
	struct slice cookie[HTTP_MAX_COOKIES];
	int cookies;
};

enum http_turn { HTTP_DONE, HTTP_WAIT };
typedef enum http_turn http_answer_fn(void *ctx, struct http_request *rq,
                                      struct http_reply *rp);

/*
 * Serve on a listening socket, whose owner http becomes; before the sandbox. Then http_join
 * hands its descriptors to the loop with `fn`, which must call http_ready for them.
 */
struct http *http_new(int listener, http_answer_fn *answer, void *ctx);
int http_join(struct http *h, struct loop *l, loop_fd_fn *fn);
void http_ready(struct http *h, int fd);
void http_free(struct http *h);
/* About once a second: closes what is idle, asks waiting requests again. */
void http_tick(struct http *h);
/* Ask all waiting requests again. */
void http_wake(struct http *h);
/* A header of the request, or empty. */
struct slice http_header(const struct http_request *rq, const char *name);

#endif
