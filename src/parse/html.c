/* Pages: tags and their attributes as far as they matter; scripts go to the JavaScript walk. */
#include "parse/scan.h"

#include "parse/chars.h"
#include "parse/decode.h"
#include "parse/literal.h"
#include <string.h>

#define MAX_TAG_BYTES (64u * 1024)
#define MAX_URL_BYTES 4096
#define TAG_EVENTS    8 /* of one tag, whose code is walked */

struct tag {
	struct slice name;
	struct slice src, href, action, form_action, type, rel, style, width, height, field;
	struct slice document, data, content, equiv;
	struct slice event[TAG_EVENTS]; /* on...="code" */
	bool hidden;
	uint32_t events;
};

struct attribute {
	const char *name;
	size_t at; /* offset in struct tag */
};

static const struct attribute attributes[] = {
    {"src", offsetof(struct tag, src)},
    {"action", offsetof(struct tag, action)},
    {"type", offsetof(struct tag, type)},
    {"style", offsetof(struct tag, style)},
    {"width", offsetof(struct tag, width)},
    {"height", offsetof(struct tag, height)},
    {"name", offsetof(struct tag, field)},
    {"autocomplete", offsetof(struct tag, field)},
    {"id", offsetof(struct tag, field)},
    {"href", offsetof(struct tag, href)},
    {"xlink:href", offsetof(struct tag, href)},
    {"rel", offsetof(struct tag, rel)},
    {"formaction", offsetof(struct tag, form_action)},
    {"srcdoc", offsetof(struct tag, document)},
    {"data", offsetof(struct tag, data)},
    {"content", offsetof(struct tag, content)},
    {"http-equiv", offsetof(struct tag, equiv)},
};

static void attribute(struct tag *t, struct slice name, struct slice value)
{
	struct needles_found found;

	if (name.n > 2 && (name.at[0] | 0x20) == 'o' && (name.at[1] | 0x20) == 'n') {
		if (t->events < TAG_EVENTS)
			t->event[t->events] = value;
		t->events++;
		return;
	}
	if (slice_caseeq(name, SLICE("hidden")))
		t->hidden = true;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (!slice_caseeq(name, slice_str(attributes[i].name)))
			continue;
		struct slice *to = (struct slice *)((char *)t + attributes[i].at);
		/* Of name, id and autocomplete the one that names card data. */
		if (to->n == 0 || (to == &t->field && needles_scan(value, &found) & N_CARD))
			*to = value;
		return;
	}
}

static struct slice attribute_value(struct cursor *c)
{
	int quote = cursor_peek(c, 0);
	size_t from;

	if (quote == '"' || quote == '\'') {
		cursor_skip(c, 1);
		from = c->pos;
		while (!cursor_end(c) && cursor_peek(c, 0) != quote)
			cursor_skip(c, 1);
		struct slice value = slice_sub(c->in, from, c->pos);
		cursor_skip(c, 1);
		return value;
	}
	from = c->pos;
	while (!cursor_end(c) && !chars_space((uint8_t)cursor_peek(c, 0)))
		cursor_skip(c, 1);
	return slice_sub(c->in, from, c->pos);
}

static void skip_blanks(struct cursor *c)
{
	while (!cursor_end(c) &&
	       (chars_space((uint8_t)cursor_peek(c, 0)) || cursor_peek(c, 0) == '/'))
		cursor_skip(c, 1);
}

static struct tag read_tag(struct slice text)
{
	struct tag t = {0};
	struct cursor c = cursor_over(text);

	while (!cursor_end(&c) && chars_word((uint8_t)cursor_peek(&c, 0)))
		cursor_skip(&c, 1);
	t.name = slice_sub(text, 0, c.pos);
	for (skip_blanks(&c); !cursor_end(&c); skip_blanks(&c)) {
		size_t from = c.pos;
		while (!cursor_end(&c) && cursor_peek(&c, 0) != '=' &&
		       cursor_peek(&c, 0) != '/' && !chars_space((uint8_t)cursor_peek(&c, 0)))
			cursor_skip(&c, 1);
		struct slice name = slice_sub(text, from, c.pos), value = {0};
		if (cursor_peek(&c, 0) == '=') {
			cursor_skip(&c, 1);
			value = attribute_value(&c);
		}
		attribute(&t, name, value);
		if (c.pos == from)
			cursor_skip(&c, 1);
	}
	return t;
}

/* As a browser reads an address: entities, and \\ for //. */
static struct slice plain_url(struct look *l, struct slice url)
{
	struct slice text = slice_trim(slice_sub(url, 0, MAX_URL_BYTES));
	uint8_t *to;

	decode_entities(l, text, &text);
	if (slice_chr(slice_sub(text, 0, 10), '\\') == SIZE_MAX || !(to = look_text(l, text.n)))
		return text;
	for (size_t i = 0; i < text.n; i++)
		to[i] = text.at[i] == '\\' ? '/' : text.at[i];
	return slice_mem(to, text.n);
}

/* "https://host/..." or "//host/...": another server? Its host is noted. */
static bool external(struct look *l, struct slice url)
{
	struct slice text = plain_url(l, url);
	size_t at = slice_find(slice_sub(text, 0, 10), SLICE("//"));

	return at != SIZE_MAX && look_host(l, slice_sub(text, at + 2, text.n));
}

static void script_tag(struct html *h, struct tag *t)
{
	if (t->src.n == 0)
		t->src = t->href; /* of SVG */

	h->in_script = true;
	h->no_code = t->type.n && slice_casefind(t->type, SLICE("javascript")) == SIZE_MAX &&
	             !slice_caseeq(t->type, SLICE("module"));
	if (t->src.n && external(h->look, t->src))
		look_add(h->look, F_SCRIPT_EXTERNAL, 1);
	else if (slice_starts(slice_trim(t->src), SLICE("data:")))
		look_add(h->look, F_HIDDEN_CODE, 1);
	else if (t->src.n == 0 && !h->no_code)
		look_add(h->look, F_SCRIPT_INLINE, 1);
}

static bool tiny(struct slice size)
{
	return size.n == 1 && (size.at[0] == '0' || size.at[0] == '1');
}

/* <iframe srcdoc="<script ...>"> */
static void inner_page(struct html *h, struct slice text)
{
	struct html inner = {.look = h->look, .tags_only = true};

	if (h->tags_only || text.n == 0)
		return;
	decode_entities(h->look, text, &text);
	html_piece(&inner, text);
}

static void frame_tag(struct html *h, const struct tag *t)
{
	look_add(h->look, F_FRAME_TAG, 1);
	if (external(h->look, t->src) || external(h->look, t->data))
		look_add(h->look, F_FRAME_EXTERNAL, 1);
	inner_page(h, t->document);
	if (t->hidden || tiny(t->width) || tiny(t->height) ||
	    slice_casefind(t->style, SLICE("display:none")) != SIZE_MAX ||
	    slice_casefind(t->style, SLICE("display: none")) != SIZE_MAX ||
	    slice_casefind(t->style, SLICE("visibility:hidden")) != SIZE_MAX)
		look_add(h->look, F_FRAME_HIDDEN, 1);
}

static void script_text(struct html *h, struct slice text)
{
	if (text.n == 0)
		return;
	if (!h->script)
		h->script = walk_new(h->look, true);
	if (h->script)
		js_piece(h->script, text);
}

/* Code in attributes: <img onerror="...">. */
static void events(struct html *h, const struct tag *t)
{
	struct slice link = slice_trim(t->href.n ? t->href : t->src);

	look_add(h->look, F_EVENT_ATTRIBUTE, t->events);
	if (slice_caseeq(slice_sub(link, 0, 11), SLICE("javascript:")) && !h->tags_only &&
	    slice_casefind(slice_sub(link, 0, 24), SLICE("void")) == SIZE_MAX && link.n > 12) {
		look_add(h->look, F_EVENT_ATTRIBUTE, 1);
		script_text(h, slice_sub(link, 11, link.n));
		script_text(h, SLICE(";"));
	}
	for (uint32_t i = 0; i < t->events && i < TAG_EVENTS && !h->tags_only; i++) {
		struct slice code = t->event[i];
		decode_entities(h->look, code, &code);
		script_text(h, code);
		script_text(h, SLICE(";"));
	}
}

/* <link rel="modulepreload">, <base>, <meta http-equiv="refresh"> */
static void head_tag(struct html *h, const struct tag *t)
{
	size_t at;

	if (slice_caseeq(t->name, SLICE("base"))) {
		if (external(h->look, t->href))
			look_add(h->look, F_BASE_EXTERNAL, 1);
	} else if (slice_caseeq(t->name, SLICE("link"))) {
		if (slice_casefind(t->rel, SLICE("modulepreload")) != SIZE_MAX &&
		    external(h->look, t->href))
			look_add(h->look, F_SCRIPT_EXTERNAL, 1);
	} else if (slice_caseeq(t->equiv, SLICE("refresh"))) {
		at = slice_casefind(t->content, SLICE("url="));
		if (at != SIZE_MAX &&
		    external(h->look, slice_sub(t->content, at + 4, t->content.n)))
			look_add(h->look, F_REWRITE_EXTERNAL, 1);
	}
}

static void serve_tag(struct html *h, struct tag *t)
{
	struct needles_found found;

	events(h, t);
	if (t->form_action.n && external(h->look, t->form_action))
		look_add(h->look, F_FORM_EXTERNAL, 1);
	if (slice_caseeq(t->name, SLICE("script"))) {
		script_tag(h, t);
	} else if (slice_caseeq(t->name, SLICE("iframe")) ||
	           slice_caseeq(t->name, SLICE("frame")) ||
	           slice_caseeq(t->name, SLICE("object")) ||
	           slice_caseeq(t->name, SLICE("embed"))) {
		frame_tag(h, t);
	} else if (slice_caseeq(t->name, SLICE("form"))) {
		if (external(h->look, t->action))
			look_add(h->look, F_FORM_EXTERNAL, 1);
	} else if (slice_caseeq(t->name, SLICE("input")) ||
	           slice_caseeq(t->name, SLICE("select"))) {
		if (t->field.n && needles_scan(t->field, &found) & N_CARD) {
			look_add(h->look, F_CARD_INPUT, 1);
			look_add(h->look, F_CARD_WORD, 1);
		}
	} else if (slice_caseeq(t->name, SLICE("img"))) {
		external(h->look, t->src);
	} else {
		head_tag(h, t);
	}
}

/* Where the tag that begins at `at` ends (behind '>'), quotes passed over. */
static size_t tag_end(struct slice text, size_t at)
{
	uint8_t quote = 0;
	size_t most = text.n - at > MAX_TAG_BYTES ? at + MAX_TAG_BYTES : text.n;

	for (size_t i = at; i < most; i++) {
		uint8_t c = text.at[i];
		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i;
	}
	return most;
}

static size_t script_end(struct slice text, size_t at)
{
	for (; at < text.n; at++) {
		const uint8_t *p = memchr(text.at + at, '<', text.n - at);
		if (!p)
			return text.n;
		at = (size_t)(p - text.at);
		if (slice_caseeq(slice_sub(text, at, at + 8), SLICE("</script")))
			return at;
	}
	return text.n;
}

static size_t comment_end(struct slice text, size_t at)
{
	size_t end = slice_find(slice_sub(text, at, text.n), SLICE("-->"));

	return end == SIZE_MAX ? text.n : at + end + 3;
}

void html_piece(struct html *h, struct slice text)
{
	size_t at = 0;

	while (at < text.n) {
		if (h->in_script) {
			size_t end = script_end(text, at);
			if (!h->no_code && !h->tags_only)
				script_text(h, slice_sub(text, at, end));
			h->in_script = end == text.n;
			at = end;
			if (at == text.n)
				return;
		}
		const uint8_t *p = memchr(text.at + at, '<', text.n - at);
		if (!p)
			return;
		at = (size_t)(p - text.at) + 1;
		if (slice_starts(slice_sub(text, at, text.n), SLICE("!--"))) {
			at = comment_end(text, at);
		} else if (at < text.n && chars_alpha(text.at[at])) {
			size_t end = tag_end(text, at);
			struct tag t = read_tag(slice_sub(text, at, end));
			serve_tag(h, &t);
			at = end;
		}
	}
}

void html_end(struct html *h)
{
	if (h->script)
		walk_end(h->script);
}
