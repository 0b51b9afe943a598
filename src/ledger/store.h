/*
 * store: the writer's side of the ledger. Facts are put in batches:
 *
 *     store_begin; store_put ...; store_sender / store_cursor; store_commit
 *
 * store_commit returns 0 only when all of it - facts, tree, views, contents, the senders'
 * counters and one signed head over all - is on the disk. On any fault of the batch call
 * store_rollback and the batch is as if it never was; -ENOSPC may be tried again later.
 */
#ifndef HINOBAN_LEDGER_STORE_H
#define HINOBAN_LEDGER_STORE_H

#include "ledger/head.h"

struct store;

/*
 * Open for writing. Checks that the newest fact, the tree and the newest head belong
 * together, and that nothing was cut off since <state>/head was written: -EBADMSG with the
 * sentence if not. *head_missing: there are facts, but no <state>/head.
 * -EBUSY: another process writes to it.
 */
int store_open(const char *state_dir, struct store **out, bool *head_missing, struct err *e);
void store_close(struct store *st);

int64_t store_size(const struct store *st);
struct ledger_head store_head(const struct store *st);
/* The state directory's descriptor: borrowed. */
int store_dir(const struct store *st);

int store_begin(struct store *st);
/*
 * Give a draft its seq and time, and put it; fd (or -1) holds a content for the vault,
 * whose hash the draft names as present.hash. 0 and *seq; -EINVAL: the draft is wrong
 * (nothing was put; the batch goes on); else a fault of the batch. The draft is altered.
 * Where the clock went back, clock.jumped is put before it.
 */
int store_put(struct store *st, struct arena *a, struct json *draft, int fd, int64_t *seq,
              struct err *e);
int store_commit(struct store *st, struct err *e);
void store_rollback(struct store *st);
/* Write the newest head beside the database (head_keep()), where the one there is older. */
int store_keep_head(struct store *st, bool durable);

/* A sender's newest committed draft and its seq; 0, 0 for an unknown one. */
int store_sender(struct store *st, struct slice name, int64_t *last, int64_t *seq);
int store_sender_set(struct store *st, struct slice name, int64_t last, int64_t seq);
/* How far a subscriber is. */
int store_cursor(struct store *st, const char *name, int64_t *seq);
int store_cursor_set(struct store *st, const char *name, int64_t seq);
/* The body of a fact, for pushing; also before its commit. -ENOENT. */
int store_get(struct store *st, int64_t seq, struct buf *out);
/*
 * Seqs in (after, upto] of facts about paths that ever had a finding, in order; how many, at
 * most max. There are at most upto - after.
 */
int store_found_before(struct store *st, int64_t after, int64_t upto, int64_t *seq, int max);
/* The first fact of this type behind `after`; 0: there is none. */
int store_next_of(struct store *st, const char *type, int64_t after, int64_t *seq);
/* Reads between these two cost no locks of their own. Not inside a batch. */
int store_read_begin(struct store *st);
void store_read_end(struct store *st);
/* A content from the vault as a sealed memfd. -ENOENT, -EBADMSG. */
int store_content(struct store *st, const struct hash *hash);
bool store_has(struct store *st, const struct hash *hash);
/* The table of files (fact/table.h) as a sealed memfd. */
int store_table(struct store *st, struct err *e);
/* Are these (an array of paths, as text) others than the roots that were told, or in another
 * order? 0 where none were told. */
int store_roots_differ(struct store *st, const struct json *roots);

/* Write the copy of the table (files.h) anew where it is far behind and nothing came in for a
 * second, or at the end. Call it now and then. */
int store_keep_table(struct store *st, bool end);
/* Seqs of deploy.started after since_us that no deploy.ended names; how many (at most max). */
int store_open_deploys(struct store *st, int64_t since_us, int64_t *seq, int max);
/* Seqs of all words of the type "mode", oldest first; the newest max of them. */
int store_modes(struct store *st, int64_t *seq, int max);
/*
 * What a gate that begins anew must hear of containment: orders whose word nobody lifted,
 * and words after since_us that no order answers. Newest first.
 */
int store_contained(struct store *st, int64_t since_us, int64_t *seq, int max);
/* Seqs of all facts of the type "fence.learnt", oldest first; the newest max of them. */
int store_learnt(struct store *st, int64_t *seq, int max);
/* Seqs of the newest page.record (its first part) of each page and arm, newest first. */
int store_page_records(struct store *st, int64_t *seq, int max);
/* Seqs of page.asked after since_us that no page.round answers, oldest first. */
int store_asked_pages(struct store *st, int64_t since_us, int64_t *seq, int max);
/* Seqs of orders after since_us that no deed names, oldest first. */
int store_open_orders(struct store *st, int64_t since_us, int64_t *seq, int max);

/*
 * The vault's: vault.h. In the transaction that stands open; the sentence goes to e. The
 * connection is lent to gc.h, which reads by it.
 */
sqlite3 *store_db(struct store *st);
int store_drop(struct store *st, const struct hash *hash, size_t n, int64_t *bytes,
               struct err *e);
int store_compact(struct store *st, int64_t bytes, struct err *e);

#define STORE_LOCK_NAME "lock"

#endif
