/*
 * lang: the console's two languages, and the table of all its texts.
 */
#ifndef HINOBAN_DESK_LANG_H
#define HINOBAN_DESK_LANG_H

#include "base/base.h"

enum lang { LANG_JA, LANG_EN, LANGS };

/* "ja" or "en", as in the lang attribute. */
const char *lang_name(enum lang l);
bool lang_of(struct slice name, enum lang *out);
/* The one of the two that an Accept-Language header likes better. */
enum lang lang_accept(struct slice header, enum lang otherwise);
/*
 * The text under a key; the key itself where there is none (a test sees to it that there
 * is). For English plurals, "key#1" is the text for exactly one.
 */
struct slice lang_text(struct slice key, enum lang l);
struct slice lang_text_n(struct slice key, int64_t n, enum lang l);

struct lang_row {
	const char *key;
	const char *ja, *en;
};
extern const struct lang_row lang_rows[];
extern const size_t lang_row_count;

#endif
