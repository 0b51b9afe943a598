/*
 * word: what a person said on the console, on its way into the ledger. A click is never
 * more than that: a word that waits to be committed, then a fact.
 */
#ifndef HINOBAN_DESK_WORD_H
#define HINOBAN_DESK_WORD_H

#include "fact/fact.h"
#include "wall/post.h"

#define WORD_SLOTS      64
#define WORD_WAIT_US    (6 * 1000000LL)  /* a browser waits as long for the ledger */
#define WORD_FORGET_US  (60 * 1000000LL) /* an answer that nobody fetched */
#define WORD_REASON_MAX 2000             /* bytes */

enum word_state { WORD_FREE, WORD_SENT, WORD_KEPT, WORD_REFUSED };

struct word {
	enum word_state state;
	int64_t at;    /* monotonic, when sent */
	int64_t seq;   /* WORD_KEPT: its seq, 0 where it isn't known */
	char why[256]; /* WORD_REFUSED */
	bool *woken;
};

struct words {
	struct word slot[WORD_SLOTS];
	bool news; /* an answer came since this was last cleared */
};

/* Send a draft. The word, or NULL where too many wait already or the draft is NULL. */
struct word *word_send(struct words *ws, struct post *p, const struct json *draft);
/* Its answer has been read. */
void word_forget(struct word *w);
void word_tick(struct words *ws);

/* Drafts. `state` is what is approved: a STATE object, or NULL: that nothing is there. */
struct json *word_dismiss(struct arena *a, int64_t finding, struct slice by,
                          struct slice reason);
struct json *word_approve(struct arena *a, const struct json *finding, const struct json *state,
                          struct slice by, struct slice reason);

#endif
