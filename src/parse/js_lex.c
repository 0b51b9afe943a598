#include "parse/js_lex.h"
#include "parse/chars.h"
#include <errno.h>

#define DEPTH 4096 /* brackets whose kind is remembered while a script is read */

struct lexer {
	struct slice in;
	size_t at;
	struct js_token last; /* to tell a regular expression from a division */
	bool any, line;
	uint32_t depth;
	uint32_t open[DEPTH];   /* index of the opening token */
	uint8_t control[DEPTH]; /* '(' of if, while, for, with; '$' of a template */
	uint32_t n;
	struct js_token *row; /* NULL: only counted */
};

static const char *const keywords[] = {
    "await",   "break",    "case",   "catch",  "class",  "const",      "continue", "debugger",
    "default", "delete",   "do",     "else",   "export", "extends",    "false",    "finally",
    "for",     "function", "if",     "import", "in",     "instanceof", "new",      "null",
    "return",  "super",    "switch", "this",   "throw",  "true",       "try",      "typeof",
    "var",     "void",     "while",  "with",   "yield",
};

static bool is_keyword(struct slice s)
{
	if (s.n < 2 || s.n > 10)
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (slice_eq(s, slice_str(keywords[i])))
			return true;
	}
	return false;
}

static bool is_one_of(struct slice s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(s, slice_str(list[i])))
			return true;
	}
	return false;
}

/* Keywords that are operands themselves. */
static bool is_value(struct slice s)
{
	static const char *const list[] = {"this", "super", "null", "true", "false"};

	return is_one_of(s, list, sizeof(list) / sizeof(list[0]));
}

static bool is_control(struct slice s)
{
	static const char *const list[] = {"if", "while", "for", "with"};

	return is_one_of(s, list, sizeof(list) / sizeof(list[0]));
}

static int peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->in.n ? l->in.at[l->at + ahead] : -1;
}

static struct slice last_text(const struct lexer *l)
{
	return slice_sub(l->in, l->last.from, l->last.to);
}

/* Does a slash that stands here begin a regular expression? */
static bool regex_here(const struct lexer *l)
{
	if (!l->any)
		return true;
	switch (l->last.kind) {
	case JS_KEYWORD:
		return !is_value(last_text(l));
	case JS_PUNCT:
		/* other: 1 behind the bracket of a condition */
		return l->last.c == ')' ? l->last.other == 1 : l->last.c != ']';
	default:
		return false;
	}
}

static void put(struct lexer *l, enum js_kind kind, size_t from, size_t to)
{
	struct js_token t = {.from = (uint32_t)from,
	                     .to = (uint32_t)to,
	                     .other = JS_LEX_NONE,
	                     .kind = (uint8_t)kind,
	                     .line = l->line};

	if (kind == JS_PUNCT)
		t.c = l->in.at[from] == '$' ? '{' : l->in.at[from];
	if (l->row)
		l->row[l->n] = t;
	l->n++;
	l->last = t;
	l->any = true;
	l->line = false;
}

static void comment(struct lexer *l)
{
	bool block = peek(l, 1) == '*';

	for (l->at += 2; l->at < l->in.n; l->at++) {
		if (l->in.at[l->at] == '\n') {
			l->line = true;
			if (!block)
				return;
		}
		if (block && l->in.at[l->at] == '*' && peek(l, 1) == '/') {
			l->at += 2;
			return;
		}
	}
}

static void string(struct lexer *l, uint8_t quote)
{
	size_t from = ++l->at;

	while (l->at < l->in.n && l->in.at[l->at] != quote && l->in.at[l->at] != '\n')
		l->at += l->in.at[l->at] == '\\' ? 2 : 1;
	if (l->at > l->in.n)
		l->at = l->in.n;
	put(l, JS_STRING, from, l->at);
	l->at += l->at < l->in.n;
}

static void open_bracket(struct lexer *l, uint8_t how)
{
	if (l->depth < DEPTH) {
		l->open[l->depth] = l->n;
		l->control[l->depth] = how;
	}
	l->depth++;
}

/* Text up to the closing quote or ${; the bracket of the latter is a token, too. */
static void template(struct lexer *l)
{
	size_t from = l->at;

	while (l->at < l->in.n && l->in.at[l->at] != '`' &&
	       !(l->in.at[l->at] == '$' && peek(l, 1) == '{'))
		l->at += l->in.at[l->at] == '\\' ? 2 : 1;
	if (l->at > l->in.n)
		l->at = l->in.n;
	put(l, JS_TEMPLATE, from, l->at);
	if (l->at < l->in.n && l->in.at[l->at] == '$') {
		open_bracket(l, '$');
		put(l, JS_PUNCT, l->at, l->at + 2);
		l->at += 2;
	} else {
		l->at += l->at < l->in.n;
	}
}

static void regex(struct lexer *l)
{
	size_t from = l->at++;
	bool class = false;

	for (; l->at < l->in.n && l->in.at[l->at] != '\n'; l->at++) {
		uint8_t c = l->in.at[l->at];

		if (c == '\\')
			l->at++;
		else if (c == '[')
			class = true;
		else if (c == ']')
			class = false;
		else if (c == '/' && !class)
			break;
	}
	if (l->at > l->in.n)
		l->at = l->in.n;
	l->at += l->at < l->in.n && l->in.at[l->at] == '/';
	while (l->at < l->in.n && chars_word(l->in.at[l->at]))
		l->at++;
	put(l, JS_REGEX, from, l->at);
}

static bool name_byte(int c)
{
	return c >= 0 && (chars_word((uint8_t)c) || c == '$' || c == '\\');
}

static void name(struct lexer *l)
{
	size_t from = l->at;
	bool property =
	    l->any && l->last.kind == JS_PUNCT && l->last.c != '{' &&
	    (slice_eq(last_text(l), SLICE(".")) || slice_eq(last_text(l), SLICE("?.")));

	while (name_byte(peek(l, 0)))
		l->at++;
	put(l, !property && is_keyword(slice_sub(l->in, from, l->at)) ? JS_KEYWORD : JS_NAME,
	    from, l->at);
}

static void number(struct lexer *l)
{
	size_t from = l->at;
	bool hex = peek(l, 0) == '0' && (peek(l, 1) | 0x20) == 'x';

	for (; l->at < l->in.n; l->at++) {
		uint8_t c = l->in.at[l->at];
		bool sign = (c == '+' || c == '-') && !hex && l->at > from &&
		            (l->in.at[l->at - 1] | 0x20) == 'e';

		if (!chars_word(c) && c != '.' && !sign)
			break;
	}
	put(l, JS_NUMBER, from, l->at);
}

static void close_bracket(struct lexer *l)
{
	uint32_t from = JS_LEX_NONE;
	uint8_t how = 0;

	if (l->depth > 0 && --l->depth < DEPTH) {
		from = l->open[l->depth];
		how = l->control[l->depth];
	}
	put(l, JS_PUNCT, l->at, l->at + 1);
	l->at++;
	if (l->row && from != JS_LEX_NONE) {
		l->row[l->n - 1].other = from;
		l->row[from].other = l->n - 1;
	}
	l->last.other = how == '(';
	if (how == '$')
		template(l);
}

static size_t operator_length(struct slice rest)
{
	static const char *const longer[] = {
	    ">>>=", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "?\?=", "...",
	    "=>",   "==",  "!=",  "<=",  ">=",  "&&",  "||",  "??",  "?.",  "+=",   "-=",
	    "*=",   "/=",  "%=",  "^=",  "|=",  "&=",  "++",  "--",  "<<",  ">>",   "**"};

	if (rest.n < 2 || !chars_operator(rest.at[1]))
		return 1;
	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]); i++) {
		if (slice_starts(rest, slice_str(longer[i])))
			return slice_str(longer[i]).n;
	}
	return 1;
}

static void punctuation(struct lexer *l, uint8_t c)
{
	size_t n;

	if (c == '`') {
		l->at++;
		template(l);
		return;
	}
	if (c == ')' || c == ']' || c == '}') {
		close_bracket(l);
		return;
	}
	if (c == '(')
		open_bracket(l, l->any && l->last.kind == JS_KEYWORD && is_control(last_text(l))
		                    ? '('
		                    : 0);
	else if (c == '[' || c == '{')
		open_bracket(l, 0);
	n = operator_length(slice_sub(l->in, l->at, l->at + 4));
	/* a?.5:b */
	if (n == 2 && c == '?' && peek(l, 1) == '.' && peek(l, 2) >= '0' && peek(l, 2) <= '9')
		n = 1;
	put(l, JS_PUNCT, l->at, l->at + n);
	l->at += n;
}

/* U+2028 and U+2029 end lines, U+FEFF and U+00A0 are blanks: none of them is part of a name. */
static size_t odd_blank(struct lexer *l)
{
	static const struct {
		const char *bytes;
		bool line;
	} odd[] = {{"\xe2\x80\xa8", true},
	           {"\xe2\x80\xa9", true},
	           {"\xef\xbb\xbf", false},
	           {"\xc2\xa0", false}};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct slice s = slice_str(odd[i].bytes);

		if (slice_starts(slice_sub(l->in, l->at, l->at + 3), s)) {
			l->line = l->line || odd[i].line;
			return s.n;
		}
	}
	return 0;
}

static void step(struct lexer *l)
{
	uint8_t c = l->in.at[l->at];
	size_t blank = c >= 0x80 ? odd_blank(l) : 0;
	int next = peek(l, 1);

	if (blank) {
		l->at += blank;
	} else if (chars_space(c)) {
		l->line = l->line || c == '\n' || c == '\r';
		l->at++;
	} else if (c == '/' && (next == '/' || next == '*')) {
		comment(l);
	} else if (c == '/' && regex_here(l)) {
		regex(l);
	} else if (chars_digit(c) || (c == '.' && next >= '0' && next <= '9')) {
		number(l);
	} else if (name_byte(c) || c == '#') {
		l->at += c == '#';
		name(l);
	} else if (c == '\'' || c == '"') {
		string(l, c);
	} else {
		punctuation(l, c);
	}
}

static void run(struct lexer *l)
{
	while (l->at < l->in.n && l->n <= JS_LEX_MAX_TOKENS)
		step(l);
}

int js_lex(struct arena *a, struct slice text, struct js_row *out)
{
	struct lexer *l = arena_alloc(a, sizeof(*l));
	struct js_row row = {.text = text};

	if (!l)
		return -ENOMEM;
	if (text.n >= UINT32_MAX)
		return -E2BIG;
	l->in = text;
	run(l);
	if (l->n > JS_LEX_MAX_TOKENS)
		return -E2BIG;
	row.n = l->n;
	row.token = arena_array(a, (size_t)l->n + 2, sizeof(*row.token));
	if (!row.token)
		return -ENOMEM;
	*l = (struct lexer){.in = text, .row = row.token};
	run(l);
	*out = row;
	return 0;
}

struct slice js_lex_text(const struct js_row *r, uint32_t i)
{
	return i < r->n ? slice_sub(r->text, r->token[i].from, r->token[i].to)
	                : (struct slice){0};
}

bool js_lex_is(const struct js_row *r, uint32_t i, struct slice text)
{
	return i < r->n && r->token[i].kind != JS_STRING && r->token[i].kind != JS_TEMPLATE &&
	       slice_eq(js_lex_text(r, i), text);
}

bool js_lex_ends_operand(const struct js_row *r, uint32_t i)
{
	if (i >= r->n)
		return false;
	switch (r->token[i].kind) {
	case JS_KEYWORD:
		return is_value(js_lex_text(r, i));
	case JS_PUNCT:
		return r->token[i].c == ')' || r->token[i].c == ']' || r->token[i].c == '}' ||
		       js_lex_is(r, i, SLICE("++")) || js_lex_is(r, i, SLICE("--"));
	default:
		return true;
	}
}

bool js_lex_breaks(const struct js_row *r, uint32_t i)
{
	const struct js_token *t = &r->token[i];

	if (i == 0 || i >= r->n || !t->line || !js_lex_ends_operand(r, i - 1))
		return false;
	if (t->kind == JS_PUNCT)
		return t->c == '{' || t->c == '}' || js_lex_is(r, i, SLICE("++")) ||
		       js_lex_is(r, i, SLICE("--"));
	if (t->kind == JS_KEYWORD)
		return !js_lex_is(r, i, SLICE("in")) && !js_lex_is(r, i, SLICE("instanceof"));
	return t->kind != JS_TEMPLATE;
}
