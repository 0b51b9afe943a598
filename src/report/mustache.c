/*
 * mustache: a template is parsed into a tree of nodes, and the tree walked with a stack of
 * values. Partials are parsed where they are used: they may call themselves, as often as the
 * model goes on.
 */
#include "report/mustache.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MAX_DELIMITER 8 /* bytes */

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct node {
	enum node_kind kind;
	struct slice text; /* the text, or the name */
	struct slice indent;
	struct node *first, *last, *next;
};

struct parser {
	struct mustache *m;
	struct slice name, in;
	size_t at;
	struct slice open, close;
	struct err *e;
};

struct stack {
	const struct json *value[MUSTACHE_DEPTH + 1];
	int n;
	int depth; /* partials within each other */
};

static int line_of(const struct parser *p, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at && i < p->in.n; i++)
		line += p->in.at[i] == '\n';
	return line;
}

static int fault(const struct parser *p, size_t at, const char *what, struct slice name)
{
	if (!name.n)
		return err_set(p->e, -EINVAL, "%.*s:%d: %s", SLICE_ARG(p->name), line_of(p, at),
		               what);
	return err_set(p->e, -EINVAL, "%.*s:%d: %s %.*s", SLICE_ARG(p->name), line_of(p, at),
	               what, SLICE_ARG(slice_sub(name, 0, 80)));
}

static int add(struct parser *p, struct node *to, enum node_kind kind, struct slice text,
               struct node **made)
{
	struct node *n = arena_alloc(p->m->mem, sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->kind = kind;
	n->text = text;
	if (to->last)
		to->last->next = n;
	else
		to->first = n;
	to->last = n;
	if (made)
		*made = n;
	return 0;
}

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/*
 * Does the tag [from, to) stand alone in its line? Then *begin is where the line begins and
 * *end where the next one does.
 */
static bool alone(const struct parser *p, size_t from, size_t to, size_t *begin, size_t *end)
{
	while (from > 0 && blank(p->in.at[from - 1]))
		from--;
	if (from > 0 && p->in.at[from - 1] != '\n')
		return false;
	while (to < p->in.n && blank(p->in.at[to]))
		to++;
	if (to + 1 < p->in.n && p->in.at[to] == '\r' && p->in.at[to + 1] == '\n')
		to++;
	if (to < p->in.n && p->in.at[to] != '\n')
		return false;
	*begin = from;
	*end = to < p->in.n ? to + 1 : to;
	return true;
}

struct tag {
	size_t from, to; /* the whole of it */
	char sign;       /* 0: a value */
	struct slice name;
};

/* The next tag at or behind p->at. 1: there is one, 0: none, negative: a fault. */
static int next_tag(struct parser *p, struct tag *t)
{
	static const char signs[] = "#^/>!&={";
	struct slice rest = slice_sub(p->in, p->at, p->in.n), close = p->close;
	size_t hit = slice_find(rest, p->open), at, end;
	char three[MAX_DELIMITER + 2];

	if (hit == SIZE_MAX)
		return 0;
	t->from = p->at + hit;
	at = t->from + p->open.n;
	t->sign = 0;
	if (at < p->in.n && p->in.at[at] && strchr(signs, p->in.at[at]))
		t->sign = (char)p->in.at[at++];
	if (t->sign == '{' || t->sign == '=') {
		three[0] = t->sign == '{' ? '}' : '=';
		memcpy(three + 1, close.at, close.n);
		close = slice_mem(three, close.n + 1);
	}
	end = slice_find(slice_sub(p->in, at, p->in.n), close);
	if (end == SIZE_MAX)
		return fault(p, t->from, "a tag that does not end", slice_mem(NULL, 0));
	t->name = slice_trim(slice_sub(p->in, at, at + end));
	t->to = at + end + close.n;
	return 1;
}

static int set_delimiters(struct parser *p, const struct tag *t)
{
	size_t gap = slice_chr(t->name, ' ');
	struct slice open = slice_sub(t->name, 0, gap);
	struct slice close =
	    gap == SIZE_MAX ? open : slice_trim(slice_sub(t->name, gap, t->name.n));

	if (gap == SIZE_MAX || open.n == 0 || close.n == 0 || open.n > MAX_DELIMITER ||
	    close.n > MAX_DELIMITER || slice_chr(close, ' ') != SIZE_MAX ||
	    slice_chr(open, '=') != SIZE_MAX || slice_chr(close, '=') != SIZE_MAX)
		return fault(p, t->from, "no delimiters:", t->name);
	p->open = open;
	p->close = close;
	return 0;
}

static int parse_into(struct parser *p, struct node *to, const struct tag *section, int depth);

static int parse_section(struct parser *p, struct node *to, const struct tag *t, int depth)
{
	struct node *n;
	int r = add(p, to, t->sign == '#' ? NODE_SECTION : NODE_INVERTED, t->name, &n);

	if (r == 0 && depth == MUSTACHE_DEPTH)
		r = fault(p, t->from, "too many sections within each other",
		          slice_mem(NULL, 0));
	return r == 0 ? parse_into(p, n, t, depth + 1) : r;
}

static int parse_tag(struct parser *p, struct node *to, const struct tag *t,
                     struct slice indent, int depth)
{
	struct node *n;
	int r;

	switch (t->sign) {
	case '!':
		return 0;
	case '=':
		return set_delimiters(p, t);
	case '#':
	case '^':
		return t->name.n ? parse_section(p, to, t, depth)
		                 : fault(p, t->from, "a section without a name", t->name);
	case '>':
		r = add(p, to, NODE_PARTIAL, t->name, &n);
		if (r == 0)
			n->indent = indent;
		return r;
	default:
		if (t->name.n == 0)
			return fault(p, t->from, "a tag without a name", t->name);
		return add(p, to, t->sign ? NODE_RAW : NODE_VALUE, t->name, NULL);
	}
}

/* Up to the end, or to the tag that closes `section`. */
static int parse_into(struct parser *p, struct node *to, const struct tag *section, int depth)
{
	struct tag t;
	int r;

	while ((r = next_tag(p, &t)) > 0) {
		size_t begin = t.from, end = t.to;
		bool own_line = t.sign && t.sign != '&' && t.sign != '{' &&
		                alone(p, t.from, t.to, &begin, &end);
		struct slice indent = own_line ? slice_sub(p->in, begin, t.from) : SLICE("");

		if (begin > p->at)
			r = add(p, to, NODE_TEXT, slice_sub(p->in, p->at, begin), NULL);
		p->at = end;
		if (t.sign == '/') {
			if (!section || !slice_eq(section->name, t.name))
				return fault(p, t.from, "this closes no open section:", t.name);
			return r < 0 ? r : 1;
		}
		if (r >= 0)
			r = parse_tag(p, to, &t, indent, depth);
		if (r < 0)
			return r;
	}
	if (r == 0 && section)
		return fault(p, section->from, "a section that is not closed:", section->name);
	if (r == 0 && p->at < p->in.n)
		r = add(p, to, NODE_TEXT, slice_sub(p->in, p->at, p->in.n), NULL);
	p->at = p->in.n;
	return r;
}

/* --- values --------------------------------------------------------------------------- */

static const struct json *member(const struct json *v, struct slice name)
{
	if (!v || v->kind != JSON_OBJ)
		return NULL;
	for (const struct json *m = v->first; m; m = m->next)
		if (slice_eq(m->name, name))
			return m;
	return NULL;
}

/* The first part of a dotted name is looked for from the innermost value outwards. */
static const struct json *find(const struct stack *s, struct slice name)
{
	size_t dot = slice_chr(name, '.');
	const struct json *v = NULL;

	if (slice_eq(name, SLICE(".")))
		return s->value[s->n - 1];
	for (int i = s->n; i > 0 && !v; i--)
		v = member(s->value[i - 1], slice_sub(name, 0, dot));
	while (v && dot != SIZE_MAX) {
		name = slice_sub(name, dot + 1, name.n);
		dot = slice_chr(name, '.');
		v = member(v, slice_sub(name, 0, dot));
	}
	return v;
}

static bool is_nothing(const struct json *v)
{
	if (!v || v->kind == JSON_NULL)
		return true;
	if (v->kind == JSON_BOOL)
		return !v->b;
	if (v->kind == JSON_STR)
		return v->s.n == 0;
	return v->kind == JSON_ARR && !v->first;
}

static void put_html(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.at[i]) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		case '\'':
			buf_str(out, "&#39;");
			break;
		default:
			buf_byte(out, s.at[i]);
		}
	}
}

static void put_markdown(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] && strchr("\\`*_[]<>|#", s.at[i]))
			buf_byte(out, '\\');
		buf_byte(out, s.at[i]);
	}
}

static void put(struct mustache *m, struct slice s, bool raw)
{
	if (!raw && m->escape == MUSTACHE_HTML)
		put_html(m->out, s);
	else if (!raw && m->escape == MUSTACHE_MARKDOWN)
		put_markdown(m->out, s);
	else
		buf_add(m->out, s);
}

static void put_value(struct mustache *m, const struct json *v, bool raw)
{
	struct buf b = {.max = 64};

	if (!v)
		return;
	if (v->kind == JSON_STR) {
		put(m, v->s, raw);
	} else if (v->kind == JSON_BOOL) {
		put(m, v->b ? SLICE("true") : SLICE("false"), raw);
	} else if (v->kind == JSON_INT || v->kind == JSON_DEC) {
		json_write(&b, v);
		put(m, buf_slice(&b), raw);
	}
	buf_done(&b);
}

/* --- the walk -------------------------------------------------------------------------- */

static int render_text(struct mustache *m, struct slice name, struct slice text,
                       struct stack *s, struct err *e);
static int render_nodes(struct mustache *m, const struct node *first, struct stack *s,
                        struct err *e);

/* Every line of a partial that stands alone is indented as its tag is. */
static struct slice indented(struct mustache *m, struct slice text, struct slice indent)
{
	struct buf b = {.max = 4 * MUSTACHE_MAX_BYTES};
	struct slice out;
	bool start = true;

	if (indent.n == 0)
		return text;
	for (size_t i = 0; i < text.n; i++) {
		if (start)
			buf_add(&b, indent);
		buf_byte(&b, text.at[i]);
		start = text.at[i] == '\n';
	}
	out = buf_ok(&b) ? arena_copy(m->mem, buf_slice(&b)) : slice_mem(NULL, 0);
	buf_done(&b);
	return out;
}

static int render_partial(struct mustache *m, const struct node *n, struct stack *s,
                          struct err *e)
{
	struct slice text = {0};
	int r = m->partial ? m->partial(m->ctx, n->text, &text) : -ENOENT;

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return e->text[0] ? r
		                  : err_sys(e, r, "the template \"%.*s\"", SLICE_ARG(n->text));
	if (s->depth == MUSTACHE_DEPTH)
		return err_set(e, -E2BIG, "%.*s: the template calls itself without end",
		               SLICE_ARG(n->text));
	s->depth++;
	r = render_text(m, n->text, indented(m, text, n->indent), s, e);
	s->depth--;
	return r;
}

static int with_value(struct mustache *m, const struct node *n, const struct json *v,
                      struct stack *s, struct err *e)
{
	int r;

	if (s->n > MUSTACHE_DEPTH)
		return err_set(e, -E2BIG, "too many sections within each other");
	s->value[s->n++] = v;
	r = render_nodes(m, n->first, s, e);
	s->n--;
	return r;
}

static int render_section(struct mustache *m, const struct node *n, struct stack *s,
                          struct err *e)
{
	const struct json *v = find(s, n->text);
	int r = 0;

	if (is_nothing(v))
		return 0;
	if (v->kind != JSON_ARR)
		return with_value(m, n, v, s, e);
	for (const struct json *x = v->first; x && r == 0; x = x->next)
		r = with_value(m, n, x, s, e);
	return r;
}

static int render_nodes(struct mustache *m, const struct node *first, struct stack *s,
                        struct err *e)
{
	int r = 0;

	for (const struct node *n = first; n && r == 0; n = n->next) {
		switch (n->kind) {
		case NODE_TEXT:
			buf_add(m->out, n->text);
			break;
		case NODE_VALUE:
		case NODE_RAW:
			put_value(m, find(s, n->text), n->kind == NODE_RAW);
			break;
		case NODE_SECTION:
			r = render_section(m, n, s, e);
			break;
		case NODE_INVERTED:
			if (is_nothing(find(s, n->text)))
				r = render_nodes(m, n->first, s, e);
			break;
		case NODE_PARTIAL:
			r = render_partial(m, n, s, e);
			break;
		}
	}
	return r == 0 && !buf_ok(m->out) ? err_set(e, -E2BIG, "the document gets too long") : r;
}

static int render_text(struct mustache *m, struct slice name, struct slice text,
                       struct stack *s, struct err *e)
{
	struct parser p = {m, name, text, 0, SLICE("{{"), SLICE("}}"), e};
	struct node root = {0};
	int r;

	if (text.n > 4 * MUSTACHE_MAX_BYTES)
		return err_set(e, -E2BIG, "%.*s: the template is too long", SLICE_ARG(name));
	r = parse_into(&p, &root, NULL, 0);
	return r < 0 ? r : render_nodes(m, root.first, s, e);
}

int mustache_render(struct mustache *m, struct slice name, struct slice text,
                    const struct json *model, struct err *e)
{
	struct stack s = {.value = {model}, .n = 1};

	return render_text(m, name, text, &s, e);
}
