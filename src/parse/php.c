/*
 * A tokeniser for PHP 5 to 8, as the language's own lexer reads it: pages around <?php,
 * <?= and <?, comments that end at ?>, strings with variables, heredoc and nowdoc, casts,
 * __halt_compiler.
 */
#include "parse/scan.h"

#include "parse/chars.h"
#include <string.h>

struct php {
	struct walk *w;
	struct slice in;
	size_t at;
	bool halted;
	bool acts; /* does more than to send visitors away */
};

/* Offset of `c` from `from`, or the end. */
static size_t find_byte(struct slice in, size_t from, uint8_t c)
{
	if (from >= in.n)
		return in.n;
	const uint8_t *p = memchr(in.at + from, c, in.n - from);
	return p ? (size_t)(p - in.at) : in.n;
}

/* A comment to the end of the line, or to ?>. */
static void line_comment(struct php *p)
{
	size_t end = find_byte(p->in, p->at, '\n');

	struct slice line = slice_sub(p->in, 0, end);

	for (size_t i = p->at; (i = find_byte(line, i, '?')) < end; i++)
		if (i + 1 < end && p->in.at[i + 1] == '>') {
			p->at = i;
			return;
		}
	p->at = end;
}

static void block_comment(struct php *p)
{
	size_t i = p->at + 2;

	while ((i = find_byte(p->in, i, '*')) < p->in.n) {
		if (i + 1 < p->in.n && p->in.at[i + 1] == '/') {
			p->at = i + 2;
			return;
		}
		i++;
	}
	p->at = p->in.n;
}

/* A quoted constant; returns what stands between the quotes. */
static struct slice quoted(struct php *p, uint8_t quote, bool *escapes, bool *dollar)
{
	size_t from = ++p->at, i = from;

	*escapes = *dollar = false;
	for (; i < p->in.n && p->in.at[i] != quote; i++) {
		if (p->in.at[i] == '\\') {
			*escapes = true;
			i++;
		} else if (p->in.at[i] == '$') {
			*dollar = true;
		}
	}
	p->at = i < p->in.n ? i + 1 : p->in.n;
	return slice_sub(p->in, from, i);
}

static void string(struct php *p, uint8_t quote)
{
	bool escapes, dollar;
	struct slice text = quoted(p, quote, &escapes, &dollar);

	p->acts |= quote == '`';
	if (quote == '`')
		walk_backticks(p->w, text);
	else
		walk_literal(p->w, text, escapes && quote == '"', dollar && quote == '"');
}

/* Does the label stand at the beginning of this line, behind blanks? */
static bool ends_heredoc(struct slice line, struct slice label)
{
	size_t i = 0;

	while (i < line.n && (line.at[i] == ' ' || line.at[i] == '\t'))
		i++;
	struct slice rest = slice_sub(line, i, line.n);
	return slice_starts(rest, label) &&
	       (rest.n == label.n || !chars_word(rest.at[label.n]));
}

/* <<<LABEL, <<<"LABEL", <<<'LABEL'. False if it is none (a shift). */
static bool heredoc(struct php *p)
{
	size_t i = p->at + 3;
	uint8_t quote = 0;

	while (i < p->in.n && (p->in.at[i] == ' ' || p->in.at[i] == '\t'))
		i++;
	if (i < p->in.n && (p->in.at[i] == '\'' || p->in.at[i] == '"'))
		quote = p->in.at[i++];
	size_t from = i;
	while (i < p->in.n && chars_word(p->in.at[i]))
		i++;
	struct slice label = slice_sub(p->in, from, i);
	if (label.n == 0 || label.n > 64 || chars_digit(label.at[0]))
		return false;
	i = find_byte(p->in, i, '\n');
	size_t body = i < p->in.n ? i + 1 : i, end = body;
	for (size_t line = body; line < p->in.n; line = end + 1) {
		end = find_byte(p->in, line, '\n');
		struct slice text = slice_sub(p->in, line, end);
		if (!ends_heredoc(text, label))
			continue;
		p->at = line + (size_t)(slice_find(text, label) + label.n);
		end = line;
		break;
	}
	if (end == p->in.n || p->at < body)
		p->at = end = p->in.n;
	struct slice text = slice_sub(p->in, body, end);
	walk_literal(p->w, text, quote != '\'',
	             quote != '\'' && slice_chr(text, '$') != SIZE_MAX);
	return true;
}

static void variable(struct php *p)
{
	size_t i = p->at + 1, from = i;
	uint32_t hash = CHARS_HASH;

	if (i < p->in.n && (p->in.at[i] == '$' || p->in.at[i] == '{')) {
		walk_variable_variable(p->w);
		p->acts = true;
		p->at++;
		return;
	}
	while (i < p->in.n && chars_word(p->in.at[i]))
		hash = chars_hash(hash, p->in.at[i++]);
	p->at = i;
	p->acts = true;
	if (i > from)
		walk_variable(p->w, slice_sub(p->in, from, i), hash);
}

/* All that the index.php of a folder without pages does: header("Location: ../"); exit; */
static bool turns_away(struct slice word)
{
	static const char *const words[] = {"header", "exit",  "die",     "return",
	                                    "if",     "not",   "defined", "http_response_code",
	                                    "gmdate", "false", "true",    "null",
	                                    "abspath"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_caseeq(word, slice_str(words[i])))
			return true;
	return false;
}

/* A name, perhaps with name spaces before it: only its last part counts. */
static void name(struct php *p)
{
	size_t i = p->at, from = i;
	uint32_t hash = CHARS_HASH;

	for (; i < p->in.n && (chars_word(p->in.at[i]) || p->in.at[i] == '\\'); i++) {
		if (p->in.at[i] == '\\') {
			hash = CHARS_HASH;
			from = i + 1;
		} else {
			hash = chars_hash(hash, p->in.at[i]);
		}
	}
	struct slice text = slice_sub(p->in, from, i);
	p->at = i;
	p->acts |= !turns_away(text);
	if (slice_caseeq(text, SLICE("__halt_compiler")))
		p->halted = true;
	else if (text.n)
		walk_name(p->w, text, hash);
}

static void number(struct php *p)
{
	size_t from = p->at;

	while (p->at < p->in.n &&
	       (chars_word(p->in.at[p->at]) || (p->in.at[p->at] == '.' && p->at + 1 < p->in.n &&
	                                        chars_digit(p->in.at[p->at + 1]))))
		p->at++;
	walk_number(p->w, slice_sub(p->in, from, p->at));
}

/* (int), (string) ...: a cast is no bracket. */
static bool cast(struct php *p)
{
	static const char *const types[] = {"int",    "integer", "string", "array",
	                                    "bool",   "boolean", "float",  "double",
	                                    "object", "binary",  "unset"};
	struct slice rest = slice_sub(p->in, p->at + 1, p->at + 24);
	size_t close = slice_chr(rest, ')');

	if (close == SIZE_MAX || close < 3)
		return false;
	struct slice type = slice_trim(slice_sub(rest, 0, close));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (slice_caseeq(type, slice_str(types[i]))) {
			p->at += close + 2;
			return true;
		}
	return false;
}

struct operator
{
	char text[4];
	uint8_t op;
};

/* Longest first. */
static const struct operator operators[] = {
    {"===", OP_COMPARE}, {"!==", OP_COMPARE}, {"<=>", OP_COMPARE}, {"?\?=", OP_ASSIGN},
    {"**=", OP_ASSIGN},  {"<<=", OP_OTHER},   {">>=", OP_OTHER},   {"...", OP_OTHER},
    {"?->", OP_MEMBER},  {"->", OP_MEMBER},   {"::", OP_MEMBER},   {"=>", OP_ARROW},
    {"==", OP_COMPARE},  {"!=", OP_COMPARE},  {"<=", OP_COMPARE},  {">=", OP_COMPARE},
    {"<>", OP_COMPARE},  {"&&", OP_COMPARE},  {"||", OP_COMPARE},  {"??", OP_OR},
    {".=", OP_ASSIGN},   {"+=", OP_ASSIGN},   {"-=", OP_ASSIGN},   {"^=", OP_XOR},
    {"|=", OP_ASSIGN},   {"++", OP_OTHER},    {"--", OP_OTHER},    {"<<", OP_OTHER},
    {">>", OP_OTHER},
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
	case '.':
		return OP_CONCAT;
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
	case '~':
		return OP_NOT;
	default:
		return OP_OTHER;
	}
}

static void operator_at(struct php *p)
{
	struct slice rest = slice_sub(p->in, p->at, p->at + 3);

	if (rest.n > 1 && chars_operator(rest.at[1]))
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
			if (operators[i].text[0] != rest.at[0] ||
			    operators[i].text[1] != rest.at[1])
				continue;
			struct slice text = slice_str(operators[i].text);
			if (slice_starts(rest, text)) {
				p->at += text.n;
				walk_op(p->w, operators[i].op);
				return;
			}
		}
	p->at++;
	if (rest.at[0] != '@')
		walk_op(p->w, single(rest.at[0]));
}

static int next(const struct php *p)
{
	return p->at + 1 < p->in.n ? p->in.at[p->at + 1] : -1;
}

/* Punctuation. True if the code ends here (?>). */
static bool punctuation(struct php *p, uint8_t c)
{
	switch (c) {
	case '(':
		if (!cast(p)) {
			p->at++;
			walk_open(p->w, c);
		}
		return false;
	case '[':
	case '{':
		p->at++;
		walk_open(p->w, c);
		return false;
	case ')':
	case ']':
	case '}':
		p->at++;
		walk_close(p->w, c);
		return false;
	case '?':
		if (next(p) == '>') {
			p->at += 2;
			walk_op(p->w, OP_END);
			return true;
		}
		break;
	case '<':
		if (next(p) == '<' && p->at + 2 < p->in.n && p->in.at[p->at + 2] == '<' &&
		    heredoc(p))
			return false;
		break;
	default:
		break;
	}
	operator_at(p);
	return false;
}

static bool comment(struct php *p, uint8_t c)
{
	if (c == '#' && next(p) != '[') {
		line_comment(p);
		return true;
	}
	if (c == '/' && next(p) == '/') {
		line_comment(p);
		return true;
	}
	if (c == '/' && next(p) == '*') {
		block_comment(p);
		return true;
	}
	return false;
}

/* Code up to ?> or the end. */
static void code(struct php *p)
{
	while (p->at < p->in.n && !p->halted) {
		uint8_t c = p->in.at[p->at];
		if (chars_space(c))
			p->at++;
		else if (chars_name_start(c) || c == '\\')
			name(p);
		else if (c == '$')
			variable(p);
		else if (c == '\'' || c == '"' || c == '`')
			string(p, c);
		else if (chars_digit(c))
			number(p);
		else if (!comment(p, c) && punctuation(p, c))
			return;
	}
}

/* <?php, <?=, <? but not <?xml: where the code begins, or 0. */
static size_t open_tag(struct slice in, size_t at)
{
	struct slice rest = slice_sub(in, at + 2, at + 6);

	if (rest.n >= 1 && rest.at[0] == '=')
		return at + 3;
	if (slice_caseeq(slice_sub(rest, 0, 3), SLICE("php")) &&
	    (rest.n < 4 || !chars_word(rest.at[3])))
		return at + 5;
	if (slice_caseeq(slice_sub(rest, 0, 3), SLICE("xml")))
		return 0;
	return rest.n == 0 || chars_space(rest.at[0]) || rest.at[0] == '$' ? at + 2 : 0;
}

static size_t find_open_tag(struct slice in, size_t from, size_t *code_at)
{
	for (size_t i = from; (i = find_byte(in, i, '<')) < in.n; i++)
		if (i + 1 < in.n && in.at[i + 1] == '?' && (*code_at = open_tag(in, i)))
			return i;
	*code_at = in.n;
	return in.n;
}

static void pass(struct look *l, struct walk *w, struct slice text)
{
	struct php p = {.w = w, .in = text};
	struct html page = {.look = l};

	while (p.at < text.n && !p.halted) {
		size_t code_at, tag = find_open_tag(text, p.at, &code_at);
		html_piece(&page, slice_sub(text, p.at, tag));
		p.at = code_at;
		/* "<?=" prints, whatever follows. */
		p.acts = code_at == tag + 3 && tag < text.n;
		code(&p);
		look_add(l, F_PHP_CODE, p.acts);
	}
	html_end(&page);
	walk_end(w);
}

void php_look(struct look *l, struct slice text)
{
	struct walk *w = walk_new(l, false);

	if (!w)
		return;
	pass(l, w, text);
	if (!walk_wants_again(w) || l->flows_only)
		return;
	look_second_pass(l);
	walk_again(w);
	pass(l, w, text);
	l->flows_only = false;
}
