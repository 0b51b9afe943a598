/*
 * literal: looks at one text constant of a program: tell-tale words, addresses, what is
 * hidden by escapes, base64, hexadecimal, percent signs or by writing it backwards.
 */
#ifndef HINOBAN_PARSE_LITERAL_H
#define HINOBAN_PARSE_LITERAL_H

#include "parse/bits.h"
#include "parse/look.h"
#include "parse/needles.h"

/*
 * Count what the text shows; *text becomes it without backslash escapes (if `escapes`).
 * Returns bits.h bits.
 */
uint32_t literal_look(struct look *l, struct slice raw, bool escapes, struct slice *text);
/* The same for text that code glues together or decodes from constants, so: hidden. */
void literal_hidden(struct look *l, struct slice text);
/* Features that follow from these classes alone. */
void literal_classes(struct look *l, uint32_t classes);
/* Tags in a constant: scripts, frames and forms of other servers. */
void literal_markup(struct look *l, struct slice text);
/* Bits of a file name. */
uint32_t literal_file_name(struct slice text);

#endif
