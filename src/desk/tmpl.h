/*
 * tmpl: pages as templates. A page is a model (a JSON tree built in C) put into a
 * template (an HTML file under assets/, embedded at build). There is no way to put
 * unescaped text into a page: every value goes through html_text.
 *
 *     {{a.b}}         the value, escaped; looked for from the innermost section outwards
 *     {{.}}           the section's own value
 *     {{~a.b}}        the same, cut in the middle to TMPL_CUT characters
 *     {{,n}}          a whole number with its thousands apart: 1,234,567
 *     {{#a}} .. {{/a}}  for each element / once if true, non-empty, not 0
 *     {{^a}} .. {{/a}}  once if not
 *     {{>name}}       another template; {{>*}}: the page inside its frame
 *     {{_key}}        text in the reader's language (lang.h)
 *     {{@key}}        the text whose key the model holds under `key`
 * Texts may hold {a.b} (a value, cut, escaped) and {,n}.
 */
#ifndef HINOBAN_DESK_TMPL_H
#define HINOBAN_DESK_TMPL_H

#include "desk/lang.h"
#include "fact/json.h"

#define TMPL_CUT   120
#define TMPL_DEPTH 32 /* sections within sections, partials included */

/* Render `frame` (or the page alone, if NULL) around template `name`. False if out broke. */
bool tmpl_render(struct buf *out, const char *frame, const char *name, const struct json *model,
                 enum lang lang);
/* Render template text; for tests and for small texts. */
bool tmpl_text(struct buf *out, struct slice text, const struct json *model, enum lang lang);

/* Every key that template `name` asks for, for the test that none is missing. */
typedef void tmpl_key_fn(void *ctx, struct slice key);
void tmpl_keys(struct slice text, tmpl_key_fn *fn, void *ctx);

#endif
