/* rights: who may say what. A closed table; all else is refused. */
#ifndef HINOBAN_LEDGER_RIGHTS_H
#define HINOBAN_LEDGER_RIGHTS_H

#include "ledger/scribe.h"

/* May this neighbour give that draft? Our own drafts (PEER_KINDS) may say anything. */
bool rights_allow(enum scribe_peer peer, const struct json *draft);
/* Is a frame of this type legal on the link? An illegal one is fatal (msg.h). */
bool rights_frame(enum scribe_peer peer, enum msg_type type);
/* Does a person speak through it? What is ordered there waits for no room (batch.c). */
bool rights_person(enum scribe_peer peer);
/* Which neighbour bears this name? False: none that a ledger knows. */
bool rights_peer(struct slice name, enum scribe_peer *out);

#endif
