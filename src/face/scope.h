/*
 * scope: what the commands scope and person share: how a window is typed, how the password is
 * come by, and the conversation with hinoban-scope (scope/scope.h).
 */
#ifndef HINOBAN_FACE_SCOPE_H
#define HINOBAN_FACE_SCOPE_H

#include "face/face.h"
#include "scope/scope.h"
#include "wall/spawn.h"

struct scope_window {
	const char *from, *to; /* RFC 3339, UTC */
	int64_t from_us, to_us;
	/* of --case: its number, the windows in which cards could be read, what they rest on */
	int64_t number;
	struct json *entered, *refs; /* NULL: --from to --to, and nothing */
};

/*
 * --case, or --from and --to, in [scope] zone: as when_parse(), and "2022-04-19 午前中" (as an
 * end: noon), "2022-04-19 午後", "2022年4月19日". EXIT_GOOD or a complaint.
 */
int scope_window(struct face *f, struct scope_window *out);
/* The case's number and windows; `by_hand`: its number only. EXIT_GOOD or a complaint. */
int scope_case(struct face *f, const char *arg, bool by_hand, struct scope_window *out);
/* The request that both begin with: database, windows, force. NULL after a complaint. */
struct json *scope_request(struct face *f, const char *what, const struct scope_window *w);

/* Called for each answer; `name` is its only member. */
typedef void scope_answer_fn(void *ctx, struct slice name, const struct json *v);
/*
 * Start hinoban-scope, ask, and hear its answers; warnings and faults are told here. `secret`:
 * the e-mail of `person`, or NULL; wiped. `fd`: where a list goes, or -1. EXIT_GOOD once it is
 * done, else the exit code.
 */
int scope_talk(struct face *f, const struct json *request, char *secret, int fd,
               scope_answer_fn *fn, void *ctx);
/* One line from the terminal, not shown where `hide`; from standard input where that is none.
 * False at its end. */
bool scope_ask_line(enum text_id prompt, bool hide, char *out, size_t room);
/* "お名前" of an item, by its label, the table, or its id. */
const char *scope_item_name(struct face *f, struct slice id, struct slice label);
const char *scope_group_name(struct face *f, struct slice id);

#endif
