/* shape: what content looks like from afar: lines, randomness, control bytes, odd names. */
#ifndef HINOBAN_PARSE_SHAPE_H
#define HINOBAN_PARSE_SHAPE_H

#include "parse/look.h"

/* The whole text: longest line, control characters, and in code what stands far to the right.
 */
void shape_text(struct look *l, struct slice text, bool code);
/* One string constant: length without blanks, entropy. */
void shape_string(struct look *l, struct slice text);
/* One name: is it a word? */
void shape_name(struct look *l, struct slice name);
/* Digit runs that pass as card numbers; returns how many. */
uint32_t shape_card_numbers(struct slice text);
/* The same in the first lines, each of them base64: how skimmers keep what they took. */
uint32_t shape_cards_encoded(struct look *l, struct slice text);
/* Does this run of 13..19 digits pass Luhn's test? */
bool shape_luhn(struct slice digits);

#endif
