/*
 * witness: hands each signed head to others, who keep it where nobody on this machine can
 * alter it: syslog, a file, a command that reads lines. At most one head a second, the
 * newest always in the end.
 *
 * All ways are opened before the seal. The command runs under a small process of its own,
 * forked then: `sh -c COMMAND` with the heads as lines on its standard input, started again
 * when it ends.
 */
#ifndef HINOBAN_LEDGER_WITNESS_H
#define HINOBAN_LEDGER_WITNESS_H

#include "ledger/ledger.h"

struct witness;

struct witness_want {
	bool syslog;
	struct slice file, command; /* empty: none */
};

/* What can't be opened is told by the first witness_tick, it stops nobody. */
struct witness *witness_new(const struct witness_want *want);
void witness_free(struct witness *w);
/* A new head was committed. */
void witness_head(struct witness *w, const struct ledger_head *h);
/* About ten times a second: deliver what is due. Returns a draft witness.failed, or NULL. */
struct json *witness_tick(struct witness *w, struct arena *a);
/* Deliver the newest now: at the end. */
void witness_flush(struct witness *w);

#endif
