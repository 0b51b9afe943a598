/*
 * cdp: the Chrome DevTools Protocol over the two pipes of --remote-debugging-pipe, each
 * message one JSON text that ends in NUL.
 *
 * What comes in is written by a program that has eaten the shop's pages: it is read as
 * json_parse_foreign reads, at most CDP_MAX_MESSAGE bytes a message (a longer one is passed
 * over), into an arena that is forgotten with the next message. Answers are matched with calls
 * by number; what answers no call is passed over, too. Descriptors are non-blocking, so a
 * browser that does not read holds nobody up.
 */
#ifndef HINOBAN_VISIT_CDP_H
#define HINOBAN_VISIT_CDP_H

#include "wall/wall.h"

#define CDP_MAX_MESSAGE   (48u << 20)
#define CDP_MAX_OUT       (16u << 20)
#define CDP_MAX_CALLS     4096 /* unanswered */
#define CDP_SESSION_BYTES 64   /* with NUL */
#define CDP_CALL_MS       10000
#define CDP_WHY_BYTES     200 /* with NUL */

struct cdp;

struct cdp_handlers {
	/* session: "" for the browser itself. Borrowed until it returns; it may not wait. */
	void (*on_event)(void *ctx, struct slice session, struct slice method,
	                 const struct json *params);
	/* The pipe's other end is closed, or broken: no answer comes any more. */
	void (*on_gone)(void *ctx);
};

/* An answer: result, or NULL and what was wrong. Borrowed until it returns. */
typedef void cdp_answer_fn(void *arg, const struct json *result, struct slice error);

/*
 * Takes both descriptors; the loop's `fn` has to call cdp_serve for them. NULL: no memory, or
 * no room in the loop.
 */
struct cdp *cdp_new(struct loop *l, loop_fd_fn *fn, int in, int out,
                    const struct cdp_handlers *on, void *ctx);
void cdp_serve(struct cdp *c, int fd);
void cdp_free(struct cdp *c);
/* False: it is gone. */
bool cdp_alive(const struct cdp *c);
/* Where the parameters of the next call are built; emptied by each call. */
struct arena *cdp_mem(struct cdp *c);
/*
 * Call without waiting; params (of cdp_mem, or NULL) and fn may be NULL. fn is called once, if
 * need be with the error "gone".
 */
int cdp_ask(struct cdp *c, const char *session, const char *method, const struct json *params,
            cdp_answer_fn *fn, void *arg);
/* Forget the callbacks of all calls that have this arg (NULL: of all): it ceases to be. */
void cdp_forget(struct cdp *c, const void *arg);
/* Who was to answer is dead: all that is under way is refused, so that nobody waits for it. */
void cdp_refuse(struct cdp *c, struct slice why);
/*
 * Call and wait, at most ms, while the loop turns. The result lives in `mem` (NULL: it is not
 * wanted). 0; -EPROTO: refused, with the reason in e; -ETIMEDOUT; -EPIPE; -EINTR: the end is
 * asked for.
 */
int cdp_call(struct cdp *c, const char *session, const char *method, const struct json *params,
             int ms, struct arena *mem, const struct json **result, struct err *e);
/*
 * The same in two halves, so that several calls are under way at once; one session's are done
 * in their order. The answer stands where it is until cdp_await has been called for it, which
 * has to be done in any case.
 */
struct cdp_answer {
	const char *method;
	struct arena *mem; /* NULL: the result is not wanted */
	const struct json *result;
	char why[CDP_WHY_BYTES]; /* where it was refused */
	int failed;              /* it could not be sent: what cdp_await returns */
	bool done, refused;
};
void cdp_send(struct cdp *c, const char *session, const char *method, const struct json *params,
              struct arena *mem, struct cdp_answer *answer);
int cdp_await(struct cdp *c, struct cdp_answer *answer, int ms, const struct json **result,
              struct err *e);
/* Wait until every call is answered, at most ms. The same codes. */
int cdp_settle(struct cdp *c, int ms);
/* Messages and bytes that came in. */
uint64_t cdp_messages(const struct cdp *c);
uint64_t cdp_bytes(const struct cdp *c);

#endif
