/*
 * html: the only way in which text gets into a page.
 *
 * Whatever comes from files, processes or requests is hostile. html_text makes of any
 * bytes text that is inert both between tags and inside a quoted attribute: what is not
 * well-formed UTF-8 becomes \xNN, control characters and bidirectional overrides become
 * \u{XX} (text_safe), and & < > " ' become character references.
 */
#ifndef HINOBAN_DESK_HTML_H
#define HINOBAN_DESK_HTML_H

#include "fact/json.h"

void html_text(struct buf *out, struct slice s);
/*
 * As html_text, but shown in at most `max` code points (>= 8): the middle of a longer text
 * becomes "…", its beginning and its end (where file names differ) stay.
 */
void html_cut(struct buf *out, struct slice s, size_t max);
/* The canonical text of a value, as html_text. */
void html_json(struct buf *out, const struct json *v);
/* Percent-encoded for the value of a query parameter: all but A-Z a-z 0-9 - _ . ~ / */
void html_query(struct buf *out, struct slice s);
/* The inverse, '+' is a blank. False on a bad escape or a NUL byte. */
bool html_unquery(struct buf *out, struct slice s);

#endif
