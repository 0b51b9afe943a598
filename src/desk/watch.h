/*
 * watch: does hinoban stand watch right now, over what, and since when?
 */
#ifndef HINOBAN_DESK_WATCH_H
#define HINOBAN_DESK_WATCH_H

#include "desk/page.h"

enum watch_state {
	WATCH_NEVER, /* no watch.started in the ledger: the first inventory is missing or runs
	              */
	WATCH_ON,
	WATCH_STOPPED, /* in order */
	WATCH_BROKEN, /* the guard died and has not come back, or the ledger can't be written */
};

struct watch {
	enum watch_state state;
	bool inventory;       /* one runs now */
	int64_t since_us;     /* of this state */
	struct json *started; /* the newest watch.started, or NULL */
	struct json *done;    /* the newest baseline.done, or NULL */
};

void watch_look(struct page *p, struct watch *out);
/* Files by role: an array of {"role", "say", "n", "differ", "share"} and their sum. */
struct json *watch_roles(struct page *p, int64_t *files);
/* The newest fact of a type (of a role's process, where `role` is given) at or before `to`, or
 * NULL. */
struct json *watch_newest(struct page *p, const char *type, const char *role);

#endif
