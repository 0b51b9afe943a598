/* rights: who may say what. A closed table; all else is refused. */
#ifndef HINOBAN_LEDGER_RIGHTS_H
#define HINOBAN_LEDGER_RIGHTS_H

#include "ledger/role.h"

/* May this neighbour give that draft? Our own drafts (PEER_KINDS) may say anything. */
bool rights_allow(enum role_peer peer, const struct json *draft);
/* Is a frame of this type legal on the link? An illegal one is fatal (msg.h). */
bool rights_frame(enum role_peer peer, enum msg_type type);
/* Which neighbour bears this name? False: none that a ledger knows. */
bool rights_peer(struct slice name, enum role_peer *out);

#endif
