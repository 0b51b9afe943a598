/*
 * layout: a script that is packed into few lines, broken into lines for a person to read: after
 * statements and around blocks. Nothing but white space is added or left out. Total over all
 * bytes.
 */
#ifndef HINOBAN_PARSE_LAYOUT_H
#define HINOBAN_PARSE_LAYOUT_H

#include "base/base.h"

#define LAYOUT_LONG 400 /* bytes: a text with a longer line is packed */

bool layout_packed(struct slice text);
/* Append it to `out`. 0; -E2BIG: too many tokens; -ENOMEM; -EFBIG: out is full. */
int layout_js(struct slice text, struct buf *out);

#endif
