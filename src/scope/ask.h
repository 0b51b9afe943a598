/* ask: one person, by an e-mail address that was typed: what is held of them, since when. */
#ifndef HINOBAN_SCOPE_ASK_H
#define HINOBAN_SCOPE_ASK_H

#include "scope/count.h"

/*
 * {"person": {...}} for each group that knows the address; no value of theirs is in it. Over
 * the groups of c->group, after count_prepare(). 0 or a negative errno with the fault.
 */
int ask_run(struct count *c, const char *email);

#endif
