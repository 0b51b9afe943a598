/*
 * js_lex: a script as a row of tokens (ES2023), for who needs to look ahead and back.
 * Comments and white space are left out; a token knows whether a line began before it.
 *
 * Total over all bytes: what is no JavaScript gives tokens, too. The row lies in the arena.
 */
#ifndef HINOBAN_PARSE_JS_LEX_H
#define HINOBAN_PARSE_JS_LEX_H

#include "base/base.h"

#define JS_LEX_MAX_TOKENS (2u << 20)
#define JS_LEX_NONE       UINT32_MAX

enum js_kind {
	JS_NAME,
	JS_KEYWORD,
	JS_NUMBER,
	JS_STRING,
	JS_TEMPLATE, /* text between the back quotes and ${ } */
	JS_REGEX,
	JS_PUNCT
};

struct js_token {
	uint32_t from, to; /* of the text, quotes left out */
	uint32_t other;    /* brackets: where the other one of the pair stands; JS_LEX_NONE */
	uint8_t kind;
	bool line; /* a line began before it */
	uint8_t c; /* JS_PUNCT: its first byte; "${" counts as '{' */
};

struct js_row {
	struct slice text;
	struct js_token *token;
	uint32_t n;
};

/* 0; -E2BIG: more tokens than JS_LEX_MAX_TOKENS; -ENOMEM. */
int js_lex(struct arena *a, struct slice text, struct js_row *out);
struct slice js_lex_text(const struct js_row *r, uint32_t i);
/* Is token i this punctuation, keyword or name? False past the end. */
bool js_lex_is(const struct js_row *r, uint32_t i, struct slice text);
/* Can an expression end with token i? */
bool js_lex_ends_operand(const struct js_row *r, uint32_t i);
/* Does a statement end before token i because a line ends there (ES2023 12.10)? */
bool js_lex_breaks(const struct js_row *r, uint32_t i);

#endif
