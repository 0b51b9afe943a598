/*
 * norm: what makes two spellings of one e-mail address, telephone number, name or postal code
 * the same. The statements for PostgreSQL and MariaDB (sql.c) do the same in the server;
 * these are for SQLite, and for an address that is typed.
 *
 * Bytes in, bytes out; input that is no UTF-8 is passed on as it is. False: it can't tell
 * persons apart (too short, a filler such as 0000000000, no @).
 */
#ifndef HINOBAN_SCOPE_NORM_H
#define HINOBAN_SCOPE_NORM_H

#include "base/base.h"

#define NORM_PHONE_MIN 9 /* digits */
#define NORM_PHONE_MAX 15

/* Without blanks at the ends, wide letters made narrow, in lower case. */
bool norm_email(struct slice s, struct buf *out);
/* Digits only; +81 90 ... is 090 ... */
bool norm_phone(struct slice s, struct buf *out);
/* Letters and digits only. */
bool norm_postal(struct slice s, struct buf *out);
/* Without blanks, in lower case, half-width and katakana made hiragana. */
bool norm_name(struct slice s, struct buf *out);
/* Does it hold anything but blanks (also wide ones)? */
bool norm_filled(struct slice s);

#endif
