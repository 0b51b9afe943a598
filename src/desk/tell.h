/*
 * tell: a fact in one line that anybody understands.
 */
#ifndef HINOBAN_DESK_TELL_H
#define HINOBAN_DESK_TELL_H

#include "desk/page.h"

/*
 * A model for template "line": {"seq", "url", "tone", "say" (key of its text), "f" (the
 * fact itself, for the text's values), "when", "path"?, "path_url"?}. The fact becomes part of
 * it.
 */
struct json *tell_fact(struct page *p, struct json *fact, enum when_form form);
/* The key alone: "fact.file.changed.created". */
struct slice tell_key(struct arena *a, const struct json *fact);
/* alarm, warn, word, calm, quiet: how much attention it deserves. */
const char *tell_tone(const struct json *fact);
/* Was the change approved as it happened, or is it normal where it happened? */
bool tell_expected(const struct json *fact);

#endif
