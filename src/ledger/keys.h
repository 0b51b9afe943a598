/*
 * keys: is ledger.key the one that this ledger was begun with? Else nothing that is signed
 * fits, and an honest ledger looks altered: so it is asked before all else.
 */
#ifndef HINOBAN_LEDGER_KEYS_H
#define HINOBAN_LEDGER_KEYS_H

#include "ledger/head.h"

/*
 * Load the private key for a writer of this database. -EBADMSG with what is wrong and what can
 * be done: it is missing, no key, or neither that of ledger.pub nor the one in fact 1.
 */
int keys_open(int dir, sqlite3 *db, struct head_key **out, struct err *e);

#endif
