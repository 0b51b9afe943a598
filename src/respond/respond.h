/*
 * The respond stage's door: what the command line must know of the hand's verbs, to say
 * beforehand what they would do and to try them. Carrying out is the hand's alone (hand.h).
 */
#ifndef HINOBAN_RESPOND_H
#define HINOBAN_RESPOND_H

#include "respond/nft.h"

#define CONTAIN_FLAGS        "flags" /* in the state directory; the web server may look there */
#define CONTAIN_STOP_PAYMENT "stop-payment"
#define CONTAIN_STOP_SHOP    "stop-shop" /* where the shop's program has no flag of its own */
#define CONTAIN_REHEARSAL    "rehearsal"
#define CONTAIN_TRIAL        ".hinoban-rehearsal" /* in the shop: what hold and stop-shop try */

/* Where control groups (version 2) are, or NULL. */
const char *contain_groups(void);

#endif
