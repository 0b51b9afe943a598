/*
 * cards: takes out of a text what may be card data before it is kept: a watchman that writes
 * down what he saw must not become a store of cards.
 *
 * cards_wipe: runs of 13 to 19 digits that pass Luhn's test (single blanks, dots, dashes,
 * '+' and "%20" between digits don't hide them), and longer runs, become as many '*'.
 * cards_wipe_url: that, and query, fragment and user are left out, and parts of host and path
 * that look packed (long and random, many digits) become '*': in an address that a page was
 * kept from calling, they are where the card would be.
 */
#ifndef HINOBAN_PARSE_CARDS_H
#define HINOBAN_PARSE_CARDS_H

#include "base/base.h"

void cards_wipe(struct buf *out, struct slice in);
void cards_wipe_url(struct buf *out, struct slice in);

#endif
