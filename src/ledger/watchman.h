/*
 * watchman: the small process that runs the operator's witness command. It has no part of
 * the ledger but a socket on which heads come, a line a packet; it is the only child, and
 * lives outside of the ledger's seal (which allows no fork), with the ledger's uid.
 */
#ifndef HINOBAN_LEDGER_WATCHMAN_H
#define HINOBAN_LEDGER_WATCHMAN_H

#include "base/base.h"

/* Fork it. Returns our end of the socket (packets, non-blocking) or -errno. On it come back
 * sentences about what went wrong with the command. Ends when our end is closed. */
int watchman_start(struct slice command);

#endif
