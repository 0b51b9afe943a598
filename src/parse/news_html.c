/* News: HTML taken off: what is shown of a page, without what leads around it. */
#include "parse/news.h"

#define MAX_ENTITY  10
#define MAX_TAG     4096
#define HTML_LOOK   65536
#define REPLACEMENT 0xfffd

static bool is_tag(struct slice name, const char *const *names)
{
	for (; *names; names++)
		if (slice_caseeq(name, slice_str(*names)))
			return true;
	return false;
}

bool news_html_looks(struct slice in)
{
	static const char *const signs[] = {"<html", "<body", "<p>",   "<p ", "<br",
	                                    "<div",  "<li>",  "<td",   "<h1", "<h2",
	                                    "<ul",   "<a ",   "<span", NULL};
	struct slice head = slice_sub(in, 0, HTML_LOOK);

	for (size_t i = 0; signs[i]; i++)
		if (slice_casefind(head, slice_str(signs[i])) != SIZE_MAX)
			return true;
	return false;
}

static struct slice tag_name(struct slice tag)
{
	size_t i = tag.n > 1 && tag.at[1] == '/' ? 2 : 1, from = i;

	while (i < tag.n && news_is_alnum(tag.at[i]))
		i++;
	return slice_sub(tag, from, i);
}

/* Over `<script> ... </script>` and the like; returns the offset behind it. */
static size_t skip_element(struct slice in, size_t i, struct slice name)
{
	while (i < in.n) {
		size_t hit = slice_find(slice_sub(in, i, in.n), SLICE("</"));

		if (hit == SIZE_MAX)
			return in.n;
		i += hit + 2;
		if (slice_caseeq(slice_sub(in, i, i + name.n), name)) {
			size_t end = slice_chr(slice_sub(in, i, in.n), '>');
			return end == SIZE_MAX ? in.n : i + end + 1;
		}
	}
	return i;
}

/* <div id="footer">, <ul class="gnav">: parts that lead around the page, by what they are
 * named. */
static bool leads_around(struct slice tag, struct slice name)
{
	static const char *const holders[] = {"div", "ul", "section", "table", "p", "dl", NULL};
	static const char *const words[] = {"nav",     "menu",      "footer",  "breadcrumb",
	                                    "pankuzu", "topicpath", "sidebar", "related",
	                                    "ranking", "sns",       "share",   "cookie",
	                                    "pagetop", "recommend", NULL};
	size_t at[2] = {slice_casefind(tag, SLICE(" id=")),
	                slice_casefind(tag, SLICE(" class="))};

	if (!is_tag(name, holders))
		return false;
	for (int i = 0; i < 2; i++) {
		struct slice value = slice_sub(tag, at[i], tag.n);
		size_t open = slice_chr(value, '"'), close;
		if (at[i] == SIZE_MAX || open == SIZE_MAX || open > 8)
			continue;
		value = slice_sub(value, open + 1, value.n);
		close = slice_chr(value, '"');
		value = slice_sub(value, 0, close);
		for (size_t k = 0; words[k]; k++)
			if (slice_casefind(value, slice_str(words[k])) != SIZE_MAX)
				return true;
	}
	return false;
}

/*
 * Over an element that may hold others of its name. Where its end is not found, or where it is
 * most of the page, it is no such part: 0.
 */
static size_t skip_nested(struct slice in, size_t i, struct slice name)
{
	size_t begin = i;
	int depth = 1;

	while (i < in.n && i - begin < in.n / 2) {
		size_t hit = slice_chr(slice_sub(in, i, begin + in.n / 2), '<'), at;
		bool closes;
		if (hit == SIZE_MAX)
			return 0;
		at = i + hit + 1;
		closes = at < in.n && in.at[at] == '/';
		i = at + closes;
		if (!slice_caseeq(slice_sub(in, i, i + name.n), name) ||
		    (i + name.n < in.n && news_is_alnum(in.at[i + name.n])))
			continue;
		depth += closes ? -1 : 1;
		if (depth == 0) {
			size_t end = slice_chr(slice_sub(in, i, in.n), '>');
			return end == SIZE_MAX ? in.n : i + end + 1;
		}
	}
	return 0;
}

/* A tag, comment or declaration at i: returns the offset behind it. */
size_t news_html_tag(struct news *n, size_t i)
{
	static const char *const hidden[] = {"script", "style",  "head",     "noscript",
	                                     "svg",    "nav",    "template", "select",
	                                     "button", "iframe", "textarea", NULL};
	static const char *const around[] = {"footer", "aside", NULL};
	static const char *const cells[] = {"td", "th", "dd", NULL};
	static const char *const flow[] = {"a",    "b",    "i",    "em",   "strong", "span",
	                                   "u",    "s",    "font", "ruby", "rb",     "small",
	                                   "sub",  "sup",  "wbr",  "img",  "abbr",   "nobr",
	                                   "time", "mark", "code", NULL};
	struct slice rest = slice_sub(n->in, i, i + MAX_TAG), name;
	size_t end;

	if (slice_starts(rest, SLICE("<!--"))) {
		end = slice_find(slice_sub(n->in, i, n->in.n), SLICE("-->"));
		return end == SIZE_MAX ? n->in.n : i + end + 3;
	}
	end = slice_chr(rest, '>');
	if (end == SIZE_MAX)
		return i + 1;
	name = tag_name(rest);
	if (rest.at[1] != '/' && is_tag(name, hidden))
		return skip_element(n->in, i + end + 1, name);
	if (rest.at[1] != '/' && n->skips < NEWS_MAX_SKIPS &&
	    (is_tag(name, around) || leads_around(slice_sub(rest, 0, end), name))) {
		size_t behind = skip_nested(n->in, i + end + 1, name);
		n->skips++;
		if (behind) {
			news_put(n, '\n', i, behind);
			return behind;
		}
	}
	if (is_tag(name, cells)) {
		if (rest.at[1] != '/' && n->n && n->at[n->n - 1].c != '\n')
			news_put(n, NEWS_CELL, i, i + end + 1);
	} else if (!is_tag(name, flow)) {
		news_put(n, '\n', i, i + end + 1);
	}
	return i + end + 1;
}

static const struct {
	const char *name;
	uint32_t c;
} entities[] = {{"amp", '&'},    {"lt", '<'},        {"gt", '>'},       {"quot", '"'},
                {"apos", '\''},  {"nbsp", ' '},      {"ldquo", '"'},    {"rdquo", '"'},
                {"yen", 0xa5},   {"ndash", '-'},     {"mdash", '-'},    {"rsquo", '\''},
                {"lsquo", '\''}, {"middot", 0x30fb}, {"hellip", 0x2026}};

static uint32_t entity_number(struct slice s)
{
	bool hex = s.n > 1 && (s.at[1] | 0x20) == 'x';
	uint32_t v = 0;

	for (size_t i = hex ? 2 : 1; i < s.n; i++) {
		uint32_t digit = s.at[i], d = 99;
		if (digit >= '0' && digit <= '9')
			d = digit - '0';
		else if (hex && (digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
			d = (digit | 0x20) - 'a' + 10;
		if (d == 99 || v > 0x10ffff)
			return 0;
		v = v * (hex ? 16 : 10) + d;
	}
	return v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? REPLACEMENT : v;
}

size_t news_html_entity(struct news *n, size_t i)
{
	struct slice rest = slice_sub(n->in, i + 1, i + 1 + MAX_ENTITY), name;
	size_t end = slice_chr(rest, ';');
	uint32_t c = 0;

	if (end != SIZE_MAX && end > 0) {
		name = slice_sub(rest, 0, end);
		if (name.at[0] == '#')
			c = entity_number(name);
		for (size_t k = 0; !c && k < sizeof(entities) / sizeof(entities[0]); k++)
			if (slice_eq(name, slice_str(entities[k].name)))
				c = entities[k].c;
	}
	if (!c) {
		news_put(n, '&', i, i + 1);
		return i + 1;
	}
	news_put_folded(n, c, i, i + end + 2);
	return i + end + 2;
}
