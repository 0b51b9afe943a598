/*
 * Documents: the part of Markdown that templates use, as HTML and as plain text: headings,
 * paragraphs, lists, tables, **bold**, '\' before a sign, and "@timeline" alone in a line for
 * the picture. Everything else is text, so a template can't bring markup of its own into HTML.
 */
#include "report/doc.h"

#include <string.h>

struct mark {
	struct buf *out;
	bool html;
	const char *open; /* the element that is open: "ul", "table", "p", or NULL */
	struct slice picture;
};

static void put_char(struct mark *m, uint8_t c)
{
	if (!m->html)
		buf_byte(m->out, c);
	else if (c == '&')
		buf_str(m->out, "&amp;");
	else if (c == '<')
		buf_str(m->out, "&lt;");
	else if (c == '>')
		buf_str(m->out, "&gt;");
	else
		buf_byte(m->out, c);
}

static void put_inline(struct mark *m, struct slice s)
{
	bool bold = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '\\' && i + 1 < s.n && strchr("\\`*_[]<>|#", s.at[i + 1])) {
			put_char(m, s.at[++i]);
		} else if (slice_starts(slice_sub(s, i, s.n), SLICE("**"))) {
			if (m->html)
				buf_str(m->out, bold ? "</b>" : "<b>");
			bold = !bold;
			i++;
		} else {
			put_char(m, s.at[i]);
		}
	}
	if (bold && m->html)
		buf_str(m->out, "</b>");
}

/* Close what is open unless it is `name`; open that. */
static void element(struct mark *m, const char *name)
{
	if (m->open && name && strcmp(m->open, name) == 0)
		return;
	if (m->html && m->open)
		buf_printf(m->out, "</%s>\n", m->open);
	if (m->html && name)
		buf_printf(m->out, "<%s>\n", name);
	m->open = name;
}

static void heading(struct mark *m, struct slice line)
{
	size_t level = 0;

	while (level < line.n && line.at[level] == '#')
		level++;
	element(m, NULL);
	if (m->html)
		buf_printf(m->out, "<h%zu>", level);
	put_inline(m, slice_trim(slice_sub(line, level, line.n)));
	if (m->html)
		buf_printf(m->out, "</h%zu>", level);
	buf_byte(m->out, '\n');
}

/* A '|' that is not behind '\'. */
static size_t next_bar(struct slice s, size_t from)
{
	for (size_t i = from; i < s.n; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '|')
			return i;
	}
	return s.n;
}

static void table_row(struct mark *m, struct slice line)
{
	bool first = true;

	if (slice_starts(line, SLICE("|-")) || slice_starts(line, SLICE("| -")))
		return; /* the line under the head */
	element(m, "table");
	if (m->html)
		buf_str(m->out, "<tr>");
	for (size_t at = 1; at < line.n; first = false) {
		size_t end = next_bar(line, at);
		if (m->html)
			buf_str(m->out, first ? "<th>" : "<td>");
		else if (!first)
			buf_str(m->out, " | ");
		put_inline(m, slice_trim(slice_sub(line, at, end)));
		if (m->html)
			buf_str(m->out, first ? "</th>" : "</td>");
		at = end + 1;
	}
	buf_str(m->out, m->html ? "</tr>\n" : "\n");
}

static void plain_line(struct mark *m, struct slice line)
{
	bool list = slice_starts(line, SLICE("- "));

	element(m, list ? "ul" : "p");
	if (m->html && list)
		buf_str(m->out, "<li>");
	else if (list)
		buf_str(m->out, "・");
	put_inline(m, list ? slice_sub(line, 2, line.n) : line);
	buf_str(m->out, m->html ? (list ? "</li>\n" : "<br>\n") : "\n");
}

static void lines(struct mark *m, struct slice markdown)
{
	struct cursor c = cursor_over(markdown);
	struct slice line;

	while (cursor_line(&c, &line)) {
		struct slice t = slice_trim(line);

		if (t.n == 0) {
			element(m, NULL);
			if (!m->html)
				buf_byte(m->out, '\n');
		} else if (t.at[0] == '#') {
			heading(m, t);
		} else if (t.at[0] == '|') {
			table_row(m, t);
		} else if (slice_eq(t, SLICE("@timeline"))) {
			element(m, NULL);
			if (m->html)
				buf_add(m->out, m->picture);
		} else {
			plain_line(m, t);
		}
	}
	element(m, NULL);
}

void doc_text(struct buf *out, struct slice markdown)
{
	struct mark m = {.out = out};

	lines(&m, markdown);
}

static void table_head(struct buf *out, struct slice row)
{
	size_t columns = 0;

	for (size_t at = 1; at < row.n; at = next_bar(row, at) + 1)
		columns++;
	for (int under = 0; under < 2; under++) {
		for (size_t i = 0; i < columns; i++)
			buf_str(out, under ? "|---" : "| ");
		buf_str(out, "|\n");
	}
}

void doc_md(struct buf *out, struct slice markdown)
{
	struct cursor c = cursor_over(markdown), ahead;
	struct slice line, next;
	bool in_table = false;

	while (cursor_line(&c, &line)) {
		bool row = slice_starts(line, SLICE("|"));

		ahead = c;
		if (row && !in_table &&
		    !(cursor_line(&ahead, &next) && slice_starts(next, SLICE("|-"))))
			table_head(out, line);
		buf_add(out, line);
		buf_byte(out, '\n');
		in_table = row;
	}
}

static const char style[] =
    "body{font-family:\"Noto Sans CJK JP\",\"Noto Sans JP\",\"Hiragino Sans\",\"Yu "
    "Gothic\",sans-serif;"
    "max-width:44em;margin:2em auto;padding:0 1em;line-height:1.7;color:#111;background:#fff}"
    "h1{font-size:1.4em;border-bottom:2px solid #333}h2{font-size:1.15em;margin-top:1.6em}"
    "h3{font-size:1em}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#f2f2f2;font-weight:normal;width:11em}"
    "svg{max-width:100%}@page{size:A4;margin:18mm}";

void doc_html(struct buf *out, struct slice markdown, struct slice title, enum doc_lang lang,
              struct slice picture)
{
	struct mark m = {.out = out, .html = true, .picture = picture};

	buf_printf(out,
	           "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
	           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
	           lang == DOC_JA ? "ja" : "en");
	put_inline(&m, title);
	buf_printf(out, "</title>\n<style>%s</style></head>\n<body>\n", style);
	lines(&m, markdown);
	buf_str(out, "</body></html>\n");
}
