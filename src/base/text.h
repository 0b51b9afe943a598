/*
 * text: file names as text, glob patterns.
 *
 * Linux file names are bytes; facts are UTF-8. text_path writes a name so that
 * every byte string has exactly one text and every text at most one byte string:
 * well-formed UTF-8 stays as it is, '\' becomes "\\", any byte that is not part
 * of well-formed UTF-8 becomes "\xNN" (lower-case hexadecimal).
 */
#ifndef HINOBAN_BASE_TEXT_H
#define HINOBAN_BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

void text_path(struct buf *out, struct slice name);
/* The inverse; false if s is no output of text_path. */
bool text_unpath(struct buf *out, struct slice s);
/* For a terminal: control characters (also C1 and bidirectional overrides) become \u{XX}. */
void text_safe(struct buf *out, struct slice s);
/*
 * Glob over '/'-separated relative paths: '*' and '?' stop at '/', two stars
 * cross it (a star-star-slash prefix also matches nothing), [a-z] and [!a-z] classes, no
 * escapes. A pattern without '/' but with a leading star-star is not special. Time is
 * O(pattern * path).
 */
bool text_glob(struct slice pattern, struct slice path);
/* 0..15 of a hexadecimal digit in either case, or -1; c may be cursor_peek's -1. */
int text_hexval(int c);
/* Lower-case copy of ASCII letters. */
void text_lower(uint8_t *at, size_t n);

/* Half-width kana and its signs (U+FF61..U+FF9F) at full width; any other as it is. */
uint32_t text_full_kana(uint32_t cp);

#endif
