/*
 * js_scope: which declaration each name of a script means, so that names that may be
 * chosen freely (parameters, variables of functions, labels) can be told from those that
 * mean something outside (globals, properties, keys).
 *
 * No full grammar: scopes are found by their brackets and keywords, as far as honest and
 * minified code has them. Code that defeats this only has more names kept as they are.
 * Linear in the tokens; all memory comes from the arena.
 */
#ifndef HINOBAN_PARSE_JS_SCOPE_H
#define HINOBAN_PARSE_JS_SCOPE_H

#include "parse/js_lex.h"

enum js_means {
	JS_MEANS_TEXT,  /* a keyword, property, key or global: means what it says */
	JS_MEANS_LOCAL, /* a declared name: `binding` says which */
	JS_MEANS_SHORT, /* {name}: a key and the local of that name */
	JS_MEANS_LABEL,
};

struct js_meaning {
	uint8_t means;
	uint32_t binding; /* numbered 1.. in the order of their first use */
};

/*
 * One meaning a token (only those of JS_NAME mean anything). -ENOMEM; -E2BIG: brackets are
 * nested deeper than JS_SCOPE_MAX_DEPTH.
 */
#define JS_SCOPE_MAX_DEPTH 8192
int js_scope(struct arena *a, const struct js_row *row, struct js_meaning **out);

#endif
