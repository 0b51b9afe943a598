/*
 * gc: what of the vault need not be kept any longer.
 *
 * A content is held as long as
 *   - it is what is approved, or what stands, at some path now, or what the newest record of
 *     some page and arm (page.record) says was loaded or seen there: a page that does not
 *     alter has a record from long ago;
 *   - a finding rests on it, as what was put there or as what stood there before, or as what
 *     a record of a page holds, and the newest such finding is younger than evidence_us; unless
 * a person approved later just what was put there (to have something else put back in its
 * place, by a deploy or restore, approves it not);
 *   - it was last named by a fact less than keep_us ago (a version is named when it comes,
 *     when it is approved, and when another takes its place; what a page loads also by each
 *     record of it and by the one that follows).
 * The first two hold against everything. What only the third holds may go earlier, the
 * longest unnamed first, where all contents together take more than max_bytes.
 *
 * Each step does a little: first all facts are read, then contents are dropped, some hundred
 * in one transaction with the fact vault.dropped that names them, then packs are emptied
 * (vault.h), at the end stands vault.collected. Killed in between, nothing is lost: what was
 * dropped was told, what was not is looked at the next time. Facts that come in meanwhile
 * are read before each drop.
 */
#ifndef HINOBAN_LEDGER_GC_H
#define HINOBAN_LEDGER_GC_H

#include "ledger/db.h"
#include "ledger/ledger.h"

struct store;
struct gc;

/*
 * st: the writer; NULL: only to tell what would be dropped (db then is a reader's). word: seq
 * of the fact that asked for it, or 0. NULL: no memory.
 */
struct gc *gc_new(sqlite3 *db, struct store *st, const struct ledger_vault_limits *limits,
                  int64_t word);
void gc_free(struct gc *g);
/* Work for about so long. 1: there is more to do; 0: done; -ENOSPC: may go on later; -errno. */
int gc_step(struct gc *g, int64_t us, struct err *e);
/* Leave packs as they are and come to the end; false where it isn't that which wants room. */
bool gc_curtail(struct gc *g);
/* The word that asked for it, or 0. */
int64_t gc_word(const struct gc *g);
/* What it came to; complete once gc_step gave 0. */
struct ledger_vault_plan gc_plan(const struct gc *g);

#endif
