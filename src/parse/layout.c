#include "parse/layout.h"
#include "parse/js_lex.h"
#include <errno.h>

#define ROW_BYTES  (96u << 20)
#define MAX_INDENT 16
#define MAX_BLOCKS 256

struct layout {
	struct js_row row;
	struct buf *out;
	size_t at;             /* of the text: written up to here */
	int depth, round;      /* blocks; round brackets open within the innermost block */
	int outer[MAX_BLOCKS]; /* round brackets open around each block */
	bool fresh;            /* a line was begun: white space that follows is left out */
};

bool layout_packed(struct slice text)
{
	struct cursor c = cursor_over(text);
	struct slice line;

	while (cursor_line(&c, &line)) {
		if (line.n > LAYOUT_LONG)
			return true;
	}
	return false;
}

static void write_to(struct layout *l, size_t to)
{
	struct slice s = slice_sub(l->row.text, l->at, to);

	while (l->fresh && s.n &&
	       (s.at[0] == ' ' || s.at[0] == '\t' || s.at[0] == '\n' || s.at[0] == '\r'))
		s = slice_sub(s, 1, s.n);
	if (s.n)
		l->fresh = false;
	buf_add(l->out, s);
	l->at = to;
}

static void begin_line(struct layout *l)
{
	int depth = l->depth < MAX_INDENT ? l->depth : MAX_INDENT;

	if (l->fresh)
		return;
	buf_byte(l->out, '\n');
	for (int i = 0; i < depth; i++)
		buf_byte(l->out, '\t');
	l->fresh = true;
}

/* "${" and its end stand within a template, where a line's end would be text. */
static bool in_template(const struct layout *l, uint32_t i)
{
	const struct js_token *t = &l->row.token[i];

	if (t->c == '}' && t->other != JS_LEX_NONE)
		t = &l->row.token[t->other];
	return t->to - t->from != 1;
}

static void open_block(struct layout *l, const struct js_token *t)
{
	write_to(l, t->to);
	if (l->depth < MAX_BLOCKS)
		l->outer[l->depth] = l->round;
	l->depth++;
	l->round = 0;
	begin_line(l);
}

static void close_block(struct layout *l, uint32_t i)
{
	const struct js_token *t = &l->row.token[i], *next = t + 1;
	bool last = i + 1 == l->row.n;

	write_to(l, t->from);
	l->depth -= l->depth > 0;
	l->round = l->depth < MAX_BLOCKS ? l->outer[l->depth] : 0;
	begin_line(l);
	write_to(l, t->to);
	if (!last && next->kind != JS_PUNCT)
		begin_line(l);
}

static void token(struct layout *l, uint32_t i)
{
	const struct js_token *t = &l->row.token[i];

	if (t->kind != JS_PUNCT || ((t->c == '{' || t->c == '}') && in_template(l, i)))
		return;
	if (t->c == '(')
		l->round++;
	else if (t->c == ')')
		l->round -= l->round > 0;
	else if (t->c == '{')
		open_block(l, t);
	else if (t->c == '}')
		close_block(l, i);
	if (t->c != ';' || l->round > 0)
		return;
	write_to(l, t->to);
	begin_line(l);
}

int layout_js(struct slice text, struct buf *out)
{
	struct layout l = {.out = out};
	struct arena mem;
	int r;

	arena_init(&mem, ROW_BYTES);
	r = js_lex(&mem, text, &l.row);
	for (uint32_t i = 0; r == 0 && i < l.row.n; i++)
		token(&l, i);
	if (r == 0) {
		write_to(&l, text.n);
		buf_byte(out, '\n'); /* so that the last line is a whole one, too */
	}
	arena_done(&mem);
	return r < 0 ? r : buf_ok(out) ? 0 : -EFBIG;
}
