/*
 * fold: the value of a call whose arguments are constants, as far as names are hidden by it:
 * chr(115), strrev('metsys'), str_replace('x', '', 'sxyxsxtxexm'). Only short results.
 */
#ifndef HINOBAN_PARSE_FOLD_H
#define HINOBAN_PARSE_FOLD_H

#include "parse/walk.h"

#define FOLD_MAX_BYTES 256

/* True if the closed call f has a constant value, which is in *out then. */
bool fold_call(struct walk *w, const struct frame *f, struct slice *out);
/* a ^ b byte by byte, as long as the shorter one; ~a. */
bool fold_xor(struct walk *w, struct slice a, struct slice b, struct slice *out);
bool fold_not(struct walk *w, struct slice a, struct slice *out);

#endif
