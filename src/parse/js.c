/*
 * A tokeniser for JavaScript (ES2023): regular expressions told from divisions by what
 * stood before, templates, strings, comments. Lines that end statements without a
 * semicolon are the walk's business.
 */
#include "parse/scan.h"

#include "parse/chars.h"
#include <string.h>

struct js {
	struct walk *w;
	struct slice in;
	size_t at;
};

static int peek(const struct js *j, size_t ahead)
{
	return j->at + ahead < j->in.n ? j->in.at[j->at + ahead] : -1;
}

static size_t find_byte(struct slice in, size_t from, uint8_t c)
{
	if (from >= in.n)
		return in.n;
	const uint8_t *p = memchr(in.at + from, c, in.n - from);
	return p ? (size_t)(p - in.at) : in.n;
}

static void block_comment(struct js *j)
{
	size_t i = j->at + 2;

	while ((i = find_byte(j->in, i, '*')) < j->in.n) {
		if (i + 1 < j->in.n && j->in.at[i + 1] == '/') {
			j->at = i + 2;
			return;
		}
		i++;
	}
	j->at = j->in.n;
}

static void string(struct js *j, uint8_t quote)
{
	size_t from = ++j->at, i = from;
	bool escapes = false;

	for (; i < j->in.n && j->in.at[i] != quote && j->in.at[i] != '\n'; i++)
		if (j->in.at[i] == '\\') {
			escapes = true;
			i++;
		}
	if (i > j->in.n)
		i = j->in.n;
	j->at = i < j->in.n ? i + 1 : i;
	walk_literal(j->w, slice_sub(j->in, from, i), escapes, false);
}

/* Text of a template up to the closing quote or ${. */
static void template_text(struct js *j)
{
	size_t from = j->at, i = from;
	bool escapes = false;

	for (; i < j->in.n && j->in.at[i] != '`'; i++) {
		if (j->in.at[i] == '\\') {
			escapes = true;
			i++;
		} else if (j->in.at[i] == '$' && i + 1 < j->in.n && j->in.at[i + 1] == '{') {
			break;
		}
	}
	if (i > j->in.n)
		i = j->in.n;
	walk_literal(j->w, slice_sub(j->in, from, i), escapes, false);
	if (i < j->in.n && j->in.at[i] == '$') {
		walk_op(j->w, OP_CONCAT);
		walk_open_template(j->w);
		j->at = i + 2;
	} else {
		j->at = i < j->in.n ? i + 1 : i;
	}
}

/* A regular expression up to its closing slash; a line's end ends it too. */
static void regex(struct js *j)
{
	size_t from = ++j->at, i = from;
	bool class = false;

	for (; i < j->in.n && j->in.at[i] != '\n' && (class || j->in.at[i] != '/'); i++) {
		if (j->in.at[i] == '\\')
			i++;
		else if (j->in.at[i] == '[')
			class = true;
		else if (j->in.at[i] == ']')
			class = false;
	}
	if (i > j->in.n)
		i = j->in.n;
	walk_regex(j->w, slice_sub(j->in, from, i));
	if (i < j->in.n)
		i++;
	while (i < j->in.n && chars_word(j->in.at[i]))
		i++;
	j->at = i;
}

static bool name_byte(uint8_t c)
{
	return chars_word(c) || c == '$';
}

static void name(struct js *j)
{
	size_t from = j->at;
	uint32_t hash = CHARS_HASH;

	while (j->at < j->in.n && name_byte(j->in.at[j->at]))
		hash = chars_hash(hash, j->in.at[j->at++]);
	walk_name(j->w, slice_sub(j->in, from, j->at), hash);
}

static void number(struct js *j)
{
	size_t from = j->at;

	while (j->at < j->in.n && (chars_word(j->in.at[j->at]) || j->in.at[j->at] == '.'))
		j->at++;
	walk_number(j->w, slice_sub(j->in, from, j->at));
}

struct operator
{
	char text[5];
	uint8_t op;
};

/* Longest first. */
static const struct operator operators[] = {
    {">>>=", OP_OTHER}, {"===", OP_COMPARE}, {"!==", OP_COMPARE}, {"**=", OP_ASSIGN},
    {"<<=", OP_OTHER},  {">>=", OP_OTHER},   {">>>", OP_OTHER},   {"&&=", OP_ASSIGN},
    {"||=", OP_ASSIGN}, {"?\?=", OP_ASSIGN}, {"...", OP_OTHER},   {"=>", OP_ARROW},
    {"==", OP_COMPARE}, {"!=", OP_COMPARE},  {"<=", OP_COMPARE},  {">=", OP_COMPARE},
    {"&&", OP_OR},      {"||", OP_OR},       {"??", OP_OR},       {"?.", OP_MEMBER},
    {"+=", OP_ASSIGN},  {"-=", OP_ASSIGN},   {"*=", OP_OTHER},    {"/=", OP_OTHER},
    {"%=", OP_OTHER},   {"^=", OP_XOR},      {"|=", OP_OTHER},    {"&=", OP_OTHER},
    {"++", OP_OTHER},   {"--", OP_OTHER},    {"<<", OP_OTHER},    {">>", OP_OTHER},
};

static enum op single(uint8_t c)
{
	switch (c) {
	case ',':
		return OP_COMMA;
	case ';':
		return OP_END;
	case '=':
		return OP_ASSIGN;
	case '+':
		return OP_CONCAT;
	case '.':
		return OP_MEMBER;
	case '<':
	case '>':
	case '!':
		return OP_COMPARE;
	case '?':
		return OP_QUESTION;
	case ':':
		return OP_COLON;
	case '^':
		return OP_XOR;
	default:
		return OP_OTHER;
	}
}

static void operator_at(struct js *j)
{
	struct slice rest = slice_sub(j->in, j->at, j->at + 4);
	bool after = j->w->before == BEFORE_OPERAND;

	if (rest.n > 1 && chars_operator(rest.at[1]) && rest.at[0] != ',' && rest.at[0] != ';')
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
			if (operators[i].text[0] != rest.at[0] ||
			    operators[i].text[1] != rest.at[1])
				continue;
			struct slice text = slice_str(operators[i].text);
			if (!slice_starts(rest, text))
				continue;
			j->at += text.n;
			if (operators[i].op == OP_OTHER && after && text.n == 2 &&
			    (text.at[0] == '+' || text.at[0] == '-') &&
			    text.at[0] == text.at[1])
				return; /* x++ is still an operand */
			walk_op(j->w, operators[i].op);
			return;
		}
	j->at++;
	walk_op(j->w, single(rest.at[0]));
}

static void punctuation(struct js *j, uint8_t c)
{
	switch (c) {
	case '(':
	case '[':
	case '{':
		j->at++;
		walk_open(j->w, c);
		return;
	case ')':
	case ']':
		j->at++;
		walk_close(j->w, c);
		return;
	case '}':
		j->at++;
		if (walk_close(j->w, c) == FRAME_TEMPLATE) {
			walk_op(j->w, OP_CONCAT);
			template_text(j);
		}
		return;
	case '`':
		j->at++;
		template_text(j);
		return;
	default:
		operator_at(j);
	}
}

static void slash(struct js *j)
{
	if (peek(j, 1) == '/')
		j->at = find_byte(j->in, j->at, '\n');
	else if (peek(j, 1) == '*')
		block_comment(j);
	else if (j->w->before != BEFORE_OPERAND)
		regex(j);
	else
		operator_at(j);
}

void js_piece(struct walk *w, struct slice text)
{
	struct js j = {w, text, 0};

	while (j.at < text.n) {
		uint8_t c = text.at[j.at];
		if (chars_space(c))
			j.at++;
		else if (chars_name_start(c) || c == '$')
			name(&j);
		else if (c == '\'' || c == '"')
			string(&j, c);
		else if (chars_digit(c))
			number(&j);
		else if (c == '/')
			slash(&j);
		else
			punctuation(&j, c);
	}
}

void js_look(struct look *l, struct slice text)
{
	struct walk *w = walk_new(l, true);

	if (!w)
		return;
	js_piece(w, text);
	walk_end(w);
	if (!walk_wants_again(w))
		return;
	look_second_pass(l);
	walk_again(w);
	js_piece(w, text);
	walk_end(w);
	l->flows_only = false;
}
