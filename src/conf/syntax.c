/* The reader of syntax.h: one character at a time, never past the end. */
#include "conf/syntax.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define SHOW_BYTES 40 /* of a wrong word, in a message */

static const struct {
	const char *name;
} kinds[] = {
    [SYNTAX_TEXT] = {"a text in quotes"},
    [SYNTAX_NUMBER] = {"a number"},
    [SYNTAX_DURATION] = {"a time such as 30s, 5m, 2h or 3d"},
    [SYNTAX_SIZE] = {"a size such as 64K, 10M or 2G"},
    [SYNTAX_BOOL] = {"true or false"},
    [SYNTAX_LIST] = {"a list of texts such as [\"a\", \"b\"]"},
};

static const struct {
	uint8_t unit;
	enum syntax_kind kind;
	int64_t times;
} units[] = {
    {'s', SYNTAX_DURATION, 1},
    {'m', SYNTAX_DURATION, 60},
    {'h', SYNTAX_DURATION, 3600},
    {'d', SYNTAX_DURATION, 86400},
    {'K', SYNTAX_SIZE, 1024},
    {'M', SYNTAX_SIZE, 1024 * 1024},
    {'G', SYNTAX_SIZE, 1024L * 1024 * 1024},
};

const char *syntax_kind_name(enum syntax_kind k)
{
	return kinds[k].name;
}

void syntax_init(struct syntax *s, struct slice text, const char *file, struct arena *mem,
                 struct err *e)
{
	*s = (struct syntax){
	    .in = cursor_over(text), .pos = {1, 1}, .file = file, .mem = mem, .err = e};
	(void)cursor_eat(&s->in, SLICE("\xEF\xBB\xBF"));
}

int syntax_fault(const struct syntax *s, struct syntax_pos at, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(s->err, -EINVAL, "%s:%zu:%zu: %s", s->file, at.line, at.column, text);
}

static int no_memory(const struct syntax *s)
{
	return err_set(s->err, -ENOMEM, "%s: out of memory", s->file);
}

/* Step over one character; the caller has seen that there is one. */
static void step(struct syntax *s)
{
	uint32_t cp;
	size_t n = slice_utf8(cursor_rest(&s->in), &cp);

	(void)cursor_skip(&s->in, n ? n : 1);
	s->pos.column++;
}

static void step_line(struct syntax *s)
{
	(void)cursor_skip(&s->in, cursor_peek(&s->in, 0) == '\r' ? 2 : 1);
	s->pos.line++;
	s->pos.column = 1;
}

static bool at_newline(const struct syntax *s)
{
	int c = cursor_peek(&s->in, 0);

	return c == '\n' || (c == '\r' && cursor_peek(&s->in, 1) == '\n');
}

/* What stands here, for a message. */
static int found(const struct syntax *s, struct syntax_pos at, const char *expected)
{
	uint32_t cp = 0;
	int c = cursor_peek(&s->in, 0);
	size_t n = slice_utf8(cursor_rest(&s->in), &cp);

	if (c < 0)
		return syntax_fault(s, at, "found the end of the file; expected %s", expected);
	if (at_newline(s))
		return syntax_fault(s, at, "found the end of the line; expected %s", expected);
	if (c == 0)
		return syntax_fault(s, at, "found a NUL byte; expected %s", expected);
	if (n == 0)
		return syntax_fault(s, at, "found byte 0x%02x, which is no UTF-8; expected %s",
		                    (unsigned)c, expected);
	if (cp < 0x20 || cp == 0x7f)
		return syntax_fault(s, at, "found control character 0x%02x; expected %s",
		                    (unsigned)cp, expected);
	return syntax_fault(s, at, "found '%.*s'; expected %s", (int)n,
	                    (const char *)cursor_rest(&s->in).at, expected);
}

static void skip_blanks(struct syntax *s)
{
	while (cursor_peek(&s->in, 0) == ' ' || cursor_peek(&s->in, 0) == '\t')
		step(s);
}

/* Is the character here fit to stand in a comment or a text? */
static bool plain_char(const struct syntax *s)
{
	uint32_t cp;

	if (slice_utf8(cursor_rest(&s->in), &cp) == 0)
		return false;
	return cp == '\t' || (cp >= 0x20 && cp != 0x7f);
}

static int skip_comment(struct syntax *s)
{
	if (cursor_peek(&s->in, 0) != '#')
		return 0;
	while (!cursor_end(&s->in) && !at_newline(s)) {
		if (!plain_char(s))
			return found(s, s->pos, "text in the comment");
		step(s);
	}
	return 0;
}

/* Blanks, comments and empty lines. */
static int skip_space(struct syntax *s)
{
	for (;;) {
		skip_blanks(s);
		int r = skip_comment(s);

		if (r < 0)
			return r;
		if (!at_newline(s))
			return 0;
		step_line(s);
	}
}

/* The rest of the line must be empty but for a comment. */
static int end_of_line(struct syntax *s)
{
	int r;

	skip_blanks(s);
	r = skip_comment(s);
	if (r < 0)
		return r;
	if (cursor_end(&s->in))
		return 0;
	if (!at_newline(s))
		return found(s, s->pos, "the end of the line");
	step_line(s);
	return 0;
}

static bool word_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static struct slice take_word(struct syntax *s)
{
	size_t n = 0;
	struct slice w = cursor_rest(&s->in);

	while (word_char(cursor_peek(&s->in, 0))) {
		step(s);
		n++;
	}
	return slice_sub(w, 0, n);
}

static int escape(struct syntax *s, struct buf *b)
{
	static const char from[] = "\"\\nt", to[] = "\"\\\n\t";
	int c = cursor_peek(&s->in, 1);

	for (size_t i = 0; i < sizeof(from) - 1; i++)
		if (c == from[i]) {
			buf_byte(b, (uint8_t)to[i]);
			step(s);
			step(s);
			return 0;
		}
	step(s);
	return found(s, s->pos, "\\\", \\\\, \\n or \\t");
}

static int text_body(struct syntax *s, struct buf *b)
{
	while (cursor_peek(&s->in, 0) != '"') {
		struct slice rest = cursor_rest(&s->in);
		size_t before = s->in.pos;

		if (!plain_char(s))
			return found(s, s->pos, "the closing quote of the text");
		if (cursor_peek(&s->in, 0) == '\\') {
			int r = escape(s, b);

			if (r < 0)
				return r;
			continue;
		}
		step(s);
		buf_add(b, slice_sub(rest, 0, s->in.pos - before));
	}
	step(s);
	return 0;
}

static int take_text(struct syntax *s, struct slice *out)
{
	struct buf b;
	int r;

	buf_init(&b, SYNTAX_TEXT_BYTES);
	step(s);
	r = text_body(s, &b);
	if (r == 0 && !buf_ok(&b))
		r = no_memory(s);
	if (r == 0) {
		*out = arena_copy(s->mem, buf_slice(&b));
		if (!out->at)
			r = no_memory(s);
	}
	buf_done(&b);
	return r;
}

struct gathered {
	struct slice *text;
	struct syntax_pos *pos;
	size_t n, room;
};

static int gather(struct syntax *s, struct gathered *g)
{
	int r;

	if (g->n == SYNTAX_MAX_LIST)
		return syntax_fault(s, s->pos,
		                    "found more than %d texts in a list; expected fewer",
		                    SYNTAX_MAX_LIST);
	if (g->n == g->room) {
		size_t room = g->room ? g->room * 2 : 16;
		struct slice *text = arena_array(s->mem, room, sizeof(*text));
		struct syntax_pos *pos = arena_array(s->mem, room, sizeof(*pos));

		if (!text || !pos)
			return no_memory(s);
		for (size_t i = 0; i < g->n; i++) {
			text[i] = g->text[i];
			pos[i] = g->pos[i];
		}
		*g = (struct gathered){text, pos, g->n, room};
	}
	g->pos[g->n] = s->pos;
	r = take_text(s, &g->text[g->n]);
	g->n += r == 0;
	return r;
}

static int take_list(struct syntax *s, struct syntax_value *v)
{
	struct gathered g = {0};

	step(s);
	for (;;) {
		int r = skip_space(s);

		if (r < 0)
			return r;
		if (cursor_peek(&s->in, 0) == ']')
			break;
		if (cursor_peek(&s->in, 0) != '"')
			return found(s, s->pos,
			             g.n ? "a text in quotes or ]" : "a text in quotes");
		if ((r = gather(s, &g)) < 0 || (r = skip_space(s)) < 0)
			return r;
		if (cursor_peek(&s->in, 0) == ',')
			step(s);
		else if (cursor_peek(&s->in, 0) != ']')
			return found(s, s->pos, "a comma or ]");
	}
	step(s);
	v->kind = SYNTAX_LIST;
	v->list = g.text;
	v->list_pos = g.pos;
	v->list_count = g.n;
	return 0;
}

/* A number with an optional unit, or true, or false. */
static int take_bare(struct syntax *s, struct syntax_value *v)
{
	struct slice w = take_word(s);
	struct slice digits = w;
	uint64_t n;

	if (slice_eq(w, SLICE("true")) || slice_eq(w, SLICE("false"))) {
		v->kind = SYNTAX_BOOL;
		v->number = w.n == 4;
		return 0;
	}
	v->kind = SYNTAX_NUMBER;
	int64_t times = 1;
	for (size_t i = 0; w.n && i < sizeof(units) / sizeof(units[0]); i++)
		if (w.at[w.n - 1] == units[i].unit) {
			v->kind = units[i].kind;
			times = units[i].times;
			digits = slice_sub(w, 0, w.n - 1);
		}
	if (!slice_u64(digits, &n) || n > (uint64_t)(INT64_MAX / times))
		return syntax_fault(s, v->pos,
		                    "found '%.*s'; expected a value: a text in quotes, a "
		                    "number, true, false or a list",
		                    (int)(w.n < SHOW_BYTES ? w.n : SHOW_BYTES),
		                    (const char *)w.at);
	v->number = (int64_t)n * times;
	return 0;
}

static int take_value(struct syntax *s, struct syntax_value *v)
{
	int c = cursor_peek(&s->in, 0);

	*v = (struct syntax_value){.pos = s->pos};
	if (c == '"') {
		v->kind = SYNTAX_TEXT;
		return take_text(s, &v->text);
	}
	if (c == '[')
		return take_list(s, v);
	if (!word_char(c))
		return found(s, s->pos,
		             "a value: a text in quotes, a number, true, false or a list");
	return take_bare(s, v);
}

static int take_section(struct syntax *s, struct syntax_item *out)
{
	step(s);
	skip_blanks(s);
	out->pos = s->pos;
	out->section = true;
	out->name = take_word(s);
	if (out->name.n == 0)
		return found(s, s->pos, "the name of a section");
	skip_blanks(s);
	if (cursor_peek(&s->in, 0) != ']')
		return found(s, s->pos, "]");
	step(s);
	return end_of_line(s);
}

static int take_key(struct syntax *s, struct syntax_item *out)
{
	int r;

	out->pos = s->pos;
	out->name = take_word(s);
	if (out->name.n == 0)
		return found(s, s->pos, "a key, a [section] or a # comment");
	skip_blanks(s);
	if (cursor_peek(&s->in, 0) != '=')
		return found(s, s->pos, "= after the key");
	step(s);
	skip_blanks(s);
	r = take_value(s, &out->value);
	return r < 0 ? r : end_of_line(s);
}

int syntax_next(struct syntax *s, struct syntax_item *out)
{
	int r = skip_space(s);

	if (r < 0)
		return r;
	if (cursor_end(&s->in))
		return 0;
	*out = (struct syntax_item){0};
	r = cursor_peek(&s->in, 0) == '[' ? take_section(s, out) : take_key(s, out);
	return r < 0 ? r : 1;
}
