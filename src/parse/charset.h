/*
 * charset: text in the encodings of Japanese pages and mails made UTF-8: Shift_JIS (as Windows
 * writes it), EUC-JP, ISO-2022-JP, UTF-16 with a byte order mark. What a page declares of
 * itself decides only between encodings that its bytes allow.
 *
 * The tables of the encodings are glibc's (iconv), which reads them from files: charset_warm()
 * loads them before a process seals itself. Where they are not installed, such a text stays as
 * it is.
 */
#ifndef HINOBAN_PARSE_CHARSET_H
#define HINOBAN_PARSE_CHARSET_H

#include "base/base.h"

struct charset_text {
	struct slice utf8;      /* the input itself where it is UTF-8 already */
	const uint32_t *origin; /* NULL, or of each byte of utf8, and of its end, the offset in
	                           the input that it stands for */
	const char *name;       /* "UTF-8", "Shift_JIS", ... */
};

/* Once, before the seal. */
void charset_warm(void);
/* False only without memory. Ill-formed bytes become U+FFFD. */
bool charset_utf8(struct arena *a, struct slice in, struct charset_text *out);
/* The offset in the input of a byte of utf8. */
static inline size_t charset_origin(const struct charset_text *t, size_t i)
{
	return t->origin && i <= t->utf8.n ? t->origin[i] : i;
}

#endif
