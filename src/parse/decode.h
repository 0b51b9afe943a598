/*
 * decode: undoes what hides text in programs. Only beginnings are decoded (4 KiB), only
 * results that read as text count.
 */
#ifndef HINOBAN_PARSE_DECODE_H
#define HINOBAN_PARSE_DECODE_H

#include "parse/look.h"

#define DECODE_MAX_BYTES 4096

/* Backslash escapes of PHP and JavaScript; returns how many bytes of raw were codes. */
size_t decode_escapes(struct look *l, struct slice raw, struct slice *out);
/* Base64, hexadecimal, percent signs or backwards, whichever gives readable text. */
bool decode_any(struct look *l, struct slice in, struct slice *out);
bool decode_base64(struct look *l, struct slice in, struct slice *out);
bool decode_hex(struct look *l, struct slice in, struct slice *out);
bool decode_percent(struct look *l, struct slice in, struct slice *out);
/* &#115; &#x73; &amp; &colon; of markup. False if there is none. */
bool decode_entities(struct look *l, struct slice in, struct slice *out);
bool decode_rot13(struct look *l, struct slice in, struct slice *out);
bool decode_backward(struct look *l, struct slice in, struct slice *out);

#endif
