/*
 * session: who may look. One login token, made by the keeper at start, opens sessions; a
 * session is a random cookie of 256 bits, kept in memory only. Comparisons take the same
 * time wherever the texts differ. Wrong tokens are counted: SESSION_TRIES at once, then
 * one more every SESSION_TRY_EVERY_US.
 *
 * `now` is always the monotonic clock in microseconds.
 */
#ifndef HINOBAN_DESK_SESSION_H
#define HINOBAN_DESK_SESSION_H

#include "base/base.h"

#define SESSION_MAX          16                      /* more: the least used one ends */
#define SESSION_IDLE_US      (12 * 3600 * 1000000LL) /* without a request */
#define SESSION_LIFE_US      (7 * 86400 * 1000000LL) /* in any case */
#define SESSION_TRIES        8
#define SESSION_TRY_EVERY_US (15 * 1000000LL)
#define SESSION_ID_BYTES     65 /* 64 hexadecimal digits and NUL */
#define SESSION_NAME_BYTES   96
#define SESSION_TOKEN_MIN    16 /* a shorter token file opens nothing */

struct session {
	char id[SESSION_ID_BYTES];     /* the cookie; "" where the place is free */
	char csrf[SESSION_ID_BYTES];   /* in every form that changes something */
	char name[SESSION_NAME_BYTES]; /* how this person signs their words; UTF-8 */
	int64_t born, used;
};

struct sessions {
	struct session slot[SESSION_MAX];
	int64_t tries_at; /* when `tries` was last brought up to date */
	int tries;        /* wrong tokens still allowed */
};

void session_init(struct sessions *s, int64_t now);
/* May a token be tried now? */
bool session_may_try(struct sessions *s, int64_t now);
/* Is it the token? A wrong one is counted. */
bool session_token(struct sessions *s, struct slice given, struct slice token);
/* A new session, or NULL where the kernel gives no random bytes. */
struct session *session_open(struct sessions *s, int64_t now);
/* The live session of this cookie, or NULL; a request counts as use. */
struct session *session_find(struct sessions *s, struct slice id, int64_t now);
bool session_csrf(const struct session *s, struct slice given);
/* Keep a name of at most SESSION_NAME_BYTES - 1 bytes, cut at a whole character. */
void session_sign(struct session *s, struct slice name);
void session_end(struct session *s);

#endif
