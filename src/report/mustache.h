/*
 * mustache: templates that the operator may change. The language is that of the public
 * mustache specification, its core (comments, delimiters, interpolation, inverted, partials,
 * sections): no code runs in a template, and what it asks for and isn't there is empty.
 *
 *     {{a.b}}          the value, escaped      {{{a.b}}} {{&a.b}}  the value as it is
 *     {{.}}            the section's own value
 *     {{#a}} .. {{/a}} for each element / once if there is something
 *     {{^a}} .. {{/a}} once if there is nothing
 *     {{>name}}        another template, in the place's indentation
 *     {{! comment }}   {{=<% %>=}} other delimiters
 *
 * Nothing is: null, false, the empty list, the empty text, a name that isn't there. 0 is a
 * value. A fault of a template is told with its name and line.
 */
#ifndef HINOBAN_REPORT_MUSTACHE_H
#define HINOBAN_REPORT_MUSTACHE_H

#include "fact/json.h"

#define MUSTACHE_MAX_BYTES (1u << 20) /* of one template */
#define MUSTACHE_DEPTH     48         /* sections and partials within each other */

/* How {{a}} is written: HTML's & < > " ' as entities; Markdown's signs behind '\'; as it is. */
enum mustache_escape { MUSTACHE_PLAIN, MUSTACHE_HTML, MUSTACHE_MARKDOWN };

/* The text of a template by its name: 0, -ENOENT (it is empty then), or a fault. */
typedef int mustache_partial_fn(void *ctx, struct slice name, struct slice *text);

struct mustache {
	enum mustache_escape escape;
	mustache_partial_fn *partial; /* NULL: there are none */
	void *ctx;
	struct arena *mem;
	struct buf *out;
};

/* Append the template's text to m->out. 0, or -EINVAL, -E2BIG, -ENOMEM with the sentence. */
int mustache_render(struct mustache *m, struct slice name, struct slice text,
                    const struct json *model, struct err *e);

#endif
