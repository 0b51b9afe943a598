#include "desk/tmpl.h"
#include "desk/assets.h"
#include "desk/html.h"
#include <stdio.h>

#define TAGS_MAX 20000 /* tags in one rendering of one template: a bound, never reached */

struct run {
	struct buf *out;
	const struct json *ctx[TMPL_DEPTH]; /* innermost last */
	int depth;
	enum lang lang;
	const char *body; /* what {{>*}} stands for */
};

struct tag {
	char sort; /* one of # ^ / > _ @ ~ , or 0 for a plain value */
	struct slice name;
};

static void render(struct run *r, struct slice text);

static const struct json *look(const struct run *r, struct slice name)
{
	char way[128];

	if (slice_eq(name, SLICE(".")))
		return r->ctx[r->depth - 1];
	if (name.n >= sizeof(way))
		return NULL;
	snprintf(way, sizeof(way), "%.*s", SLICE_ARG(name));
	for (int i = r->depth - 1; i >= 0; i--) {
		const struct json *v = json_at(r->ctx[i], way);

		if (v)
			return v;
	}
	return NULL;
}

static bool holds(const struct json *v)
{
	if (!v)
		return false;
	switch (v->kind) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return v->b;
	case JSON_INT:
	case JSON_DEC:
		return v->i != 0;
	case JSON_STR:
		return v->s.n > 0;
	case JSON_ARR:
		return v->first != NULL;
	case JSON_OBJ:
		return true;
	}
	return false;
}

static void number(struct buf *out, int64_t n, bool grouped)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)n);

	for (int i = 0; i < len; i++) {
		if (grouped && i && (len - i) % 3 == 0 && digits[i - 1] != '-')
			buf_byte(out, ',');
		buf_byte(out, (uint8_t)digits[i]);
	}
}

static void value(struct run *r, const struct json *v, char sort)
{
	if (!v)
		return;
	switch (v->kind) {
	case JSON_STR:
		if (sort == '~')
			html_cut(r->out, v->s, TMPL_CUT);
		else
			html_text(r->out, v->s);
		break;
	case JSON_INT:
		number(r->out, v->i, sort == ',');
		break;
	case JSON_BOOL:
		buf_str(r->out, v->b ? "true" : "false");
		break;
	case JSON_DEC:
	case JSON_ARR:
	case JSON_OBJ:
		html_json(r->out, v);
		break;
	case JSON_NULL:
		break;
	}
}

/* A text of the table; {name} and {,name} in it are values. */
static void phrase(struct run *r, struct slice key)
{
	const struct json *n = look(r, SLICE("n"));
	struct slice text = lang_text_n(key, n && n->kind == JSON_INT ? n->i : 0, r->lang);
	size_t open, close;

	while ((open = slice_chr(text, '{')) != SIZE_MAX &&
	       (close = slice_chr(text, '}')) != SIZE_MAX && close > open) {
		struct slice name = slice_sub(text, open + 1, close);
		bool grouped = slice_starts(name, SLICE(","));

		html_text(r->out, slice_sub(text, 0, open));
		value(r, look(r, slice_sub(name, grouped, name.n)), grouped ? ',' : '~');
		text = slice_sub(text, close + 1, text.n);
	}
	html_text(r->out, text);
}

/* The next tag; *before is the text up to it and *rest what follows. */
static bool next_tag(struct slice text, struct slice *before, struct tag *tag,
                     struct slice *rest)
{
	size_t open = slice_find(text, SLICE("{{"));
	size_t close = slice_find(slice_sub(text, open, text.n), SLICE("}}"));

	*before = slice_sub(text, 0, open);
	if (open == SIZE_MAX || close == SIZE_MAX)
		return false;
	tag->name = slice_trim(slice_sub(text, open + 2, open + close));
	tag->sort = 0;
	if (tag->name.n && slice_chr(SLICE("#^/>_@~,"), tag->name.at[0]) != SIZE_MAX) {
		tag->sort = (char)tag->name.at[0];
		tag->name = slice_trim(slice_sub(tag->name, 1, tag->name.n));
	}
	*rest = slice_sub(text, open + close + 2, text.n);
	return true;
}

/* The inside of a section whose opening tag was just passed; *rest is behind its end. */
static struct slice inside(struct slice text, struct slice *rest)
{
	struct slice left = text, before;
	struct tag tag;
	int open = 1;

	for (int i = 0; i < TAGS_MAX && next_tag(left, &before, &tag, rest); i++) {
		size_t upto = (size_t)(before.at + before.n - text.at);

		open += tag.sort == '#' || tag.sort == '^';
		open -= tag.sort == '/';
		if (open == 0)
			return slice_sub(text, 0, upto);
		left = *rest;
	}
	*rest = SLICE("");
	return text;
}

static void within(struct run *r, const struct json *v, struct slice text)
{
	if (r->depth >= TMPL_DEPTH) {
		r->out->broken = true;
		return;
	}
	r->ctx[r->depth++] = v;
	render(r, text);
	r->depth--;
}

static void section(struct run *r, const struct json *v, struct slice text)
{
	if (v->kind != JSON_ARR) {
		within(r, v, text);
		return;
	}
	for (const struct json *e = v->first; e; e = e->next)
		within(r, e, text);
}

static void partial(struct run *r, struct slice name)
{
	char file[64];
	const struct json *here = r->ctx[r->depth - 1];

	if (slice_eq(name, SLICE("*")))
		snprintf(file, sizeof(file), "%s.html", r->body ? r->body : "none");
	else
		snprintf(file, sizeof(file), "%.*s.html", SLICE_ARG(name));
	within(r, here, assets_template(file));
}

static void render_tag(struct run *r, const struct tag *tag, struct slice *rest)
{
	const struct json *v;
	struct slice text;

	switch (tag->sort) {
	case '#':
	case '^':
		text = inside(*rest, rest);
		v = look(r, tag->name);
		if (tag->sort == '^' && !holds(v))
			render(r, text);
		else if (tag->sort == '#' && holds(v))
			section(r, v, text);
		break;
	case '>':
		partial(r, tag->name);
		break;
	case '_':
		phrase(r, tag->name);
		break;
	case '@':
		v = look(r, tag->name);
		if (v && v->kind == JSON_STR)
			phrase(r, v->s);
		break;
	case '/':
		break;
	default:
		value(r, look(r, tag->name), tag->sort);
	}
}

static void render(struct run *r, struct slice text)
{
	struct slice before, rest;
	struct tag tag;

	for (int i = 0; i < TAGS_MAX && next_tag(text, &before, &tag, &rest); i++) {
		buf_add(r->out, before);
		render_tag(r, &tag, &rest);
		text = rest;
	}
	buf_add(r->out, text);
}

bool tmpl_text(struct buf *out, struct slice text, const struct json *model, enum lang lang)
{
	struct run r = {.out = out, .lang = lang};

	within(&r, model, text);
	return buf_ok(out);
}

bool tmpl_render(struct buf *out, const char *frame, const char *name, const struct json *model,
                 enum lang lang)
{
	struct run r = {.out = out, .lang = lang, .body = name};

	r.ctx[r.depth++] = model;
	partial(&r, frame ? slice_str(frame) : SLICE("*"));
	return buf_ok(out);
}

void tmpl_keys(struct slice text, tmpl_key_fn *fn, void *ctx)
{
	struct slice before, rest;
	struct tag tag;

	for (int i = 0; i < TAGS_MAX && next_tag(text, &before, &tag, &rest); i++) {
		if (tag.sort == '_')
			fn(ctx, tag.name);
		text = rest;
	}
}
