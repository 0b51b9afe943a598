/*
 * post: sends facts to the ledger exactly once, over any number of ledger deaths.
 *
 * Drafts get ids 1, 2, 3 ... for this run of the sender and are kept until they are
 * acknowledged. When the ledger comes back (a new peer), HELLO asks which id it
 * committed last; later ones are sent again. The ledger is trusted to number rightly: an
 * answer to what it was not sent ends the process.
 */
#ifndef HINOBAN_WALL_POST_H
#define HINOBAN_WALL_POST_H

#include "wall/loop.h"

#define POST_MAX_WAITING 65536 /* drafts; post_fact gives -ENOBUFS beyond */

struct post;
/*
 * seq > 0: committed under it; seq < 0: refused with the reason in `why`; 0: committed, but
 * its seq isn't known, because the ledger died between the commit and its answer.
 */
typedef void post_done_fn(void *arg, int64_t seq, struct slice why);

struct post *post_new(const char *role);
void post_free(struct post *p);
/* A (new) socket to the ledger: says HELLO. */
int post_peer(struct post *p, struct loop *l, int slot);
/* Queue a draft; fd (or -1) is duplicated. done may be NULL. 0 or -ENOBUFS, -EMSGSIZE. */
int post_fact(struct post *p, const struct json *draft, int fd, post_done_fn *done, void *arg);
/* Feed it the ledger's frames; true if the frame was for it. */
bool post_msg(struct post *p, const struct msg *m);
/* Drafts not yet acknowledged. */
size_t post_waiting(const struct post *p);

/*
 * For one-shot commands without a loop: a connection to the running ledger's control
 * socket (<state>/run/ledger.sock), or, where none runs, to a ledger role spawned for this
 * command. Blocking; post_client_fact returns the seq, or -errno with the reason.
 */
struct post_client;
int post_client_open(const char *state_dir, struct post_client **out, struct err *e);
/* The same; a ledger of our own reads this config, or none (NULL). */
int post_client_open_with(const char *state_dir, const char *config, struct post_client **out,
                          struct err *e);
/* Is this a running hinoban (true) or a ledger of our own (false)? */
bool post_client_live(const struct post_client *c);
int64_t post_client_fact(struct post_client *c, const struct json *draft, int fd,
                         struct err *e);
/*
 * Without waiting for each: queue, then flush waits for all. Flush returns how many were
 * refused since the last flush, with the newest reason in e.
 */
int post_client_queue(struct post_client *c, const struct json *draft, int fd, struct err *e);
int post_client_flush(struct post_client *c, struct err *e);
/* Ask for the table (fact/table.h): a descriptor or -errno. */
int post_client_table(struct post_client *c, struct err *e);
/*
 * Give a ledger of our own a judge of its own, so that what we send is judged at once and
 * the findings are recorded before sync returns. Nothing to do where hinoban runs.
 */
int post_client_judge(struct post_client *c, struct err *e);
/*
 * Give a ledger of our own a visitor of its own, with a browser, so that pages can be asked
 * for. Nothing to do where hinoban runs.
 */
int post_client_visitor(struct post_client *c, const char *state_dir, const char *config,
                        struct err *e);
/*
 * Wait until all that the guard sensed before now is in the ledger and judged; with a
 * ledger of our own until all that we sent is committed, and judged if there is a judge.
 * -ENOSPC: the disk is full, nobody knows when.
 */
int post_client_sync(struct post_client *c, int timeout_ms, struct err *e);
/*
 * Without a client: for how long has the running ledger had no room on the disk? 0: it has;
 * -errno: it can't be asked.
 */
int64_t post_client_full(const char *state_dir);
/* The same by way of a client. *gc: it goes through the vault just now. */
int64_t post_client_room(struct post_client *c, bool *gc, struct err *e);
void post_client_close(struct post_client *c);

#endif
