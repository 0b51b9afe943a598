/*
 * sender: how one who sends facts names itself to the ledger (post.c, post_client.c).
 */
#ifndef HINOBAN_WALL_SENDER_H
#define HINOBAN_WALL_SENDER_H

#include "base/base.h"

#define SENDER_BYTES 64 /* with NUL */

/* "guard-0123456789abcdef": the role and 64 random bits, so unique to this run. */
void sender_name(const char *role, char out[SENDER_BYTES]);
/* Append the body of a HELLO. -EMSGSIZE if the buffer is too small. */
int sender_hello(struct buf *out, const char *sender, const char *role);

#endif
