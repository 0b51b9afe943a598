/* structure_in: what structure.c and structure_text.c share. Nobody else includes it. */
#ifndef HINOBAN_PARSE_STRUCTURE_IN_H
#define HINOBAN_PARSE_STRUCTURE_IN_H

#include "parse/structure.h"

/* The address without what rotates in it: lower-case scheme and host, path, no query. */
void structure_add_url(struct buf *out, struct slice url);

#endif
