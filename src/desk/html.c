#include "desk/html.h"
#include "base/text.h"

/* text_safe makes at most "\u{10ffff}" of a code point. */
#define SAFE_GROWTH 10

static const char *reference(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void escape(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *ref = reference(s.at[i]);

		if (ref)
			buf_str(out, ref);
		else
			buf_byte(out, s.at[i]);
	}
}

void html_text(struct buf *out, struct slice s)
{
	struct buf safe;

	buf_init(&safe, s.n * SAFE_GROWTH + 1);
	text_safe(&safe, s);
	if (buf_ok(&safe))
		escape(out, buf_slice(&safe));
	else
		out->broken = true;
	buf_done(&safe);
}

/* Bytes of one shown character: a code point, or one ill-formed byte. */
static size_t step(struct slice s, size_t at)
{
	uint32_t cp;
	size_t n = slice_utf8(slice_sub(s, at, s.n), &cp);

	return n ? n : 1;
}

static size_t count(struct slice s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n; at += step(s, at))
		n++;
	return n;
}

/* Offset behind the first `chars` characters. */
static size_t offset(struct slice s, size_t chars)
{
	size_t at = 0;

	while (chars-- > 0 && at < s.n)
		at += step(s, at);
	return at;
}

void html_cut(struct buf *out, struct slice s, size_t max)
{
	size_t all = count(s), tail = max / 2, head = max - tail - 1;

	if (all <= max) {
		html_text(out, s);
		return;
	}
	html_text(out, slice_sub(s, 0, offset(s, head)));
	buf_str(out, "…");
	html_text(out, slice_sub(s, offset(s, all - tail), s.n));
}

void html_json(struct buf *out, const struct json *v)
{
	struct buf text;

	buf_init(&text, JSON_MAX_BYTES);
	if (json_write(&text, v))
		html_text(out, buf_slice(&text));
	buf_done(&text);
}

static bool plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '~' || c == '/';
}

void html_query(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (plain(s.at[i]))
			buf_byte(out, s.at[i]);
		else
			buf_printf(out, "%%%02X", s.at[i]);
	}
}

bool html_unquery(struct buf *out, struct slice s)
{
	struct cursor c = cursor_over(s);

	while (!cursor_end(&c)) {
		int b = cursor_peek(&c, 0);

		if (b == '%') {
			int hi = text_hexval(cursor_peek(&c, 1)),
			    lo = text_hexval(cursor_peek(&c, 2));

			if (hi < 0 || lo < 0)
				return false;
			b = hi << 4 | lo;
			cursor_skip(&c, 2);
		} else if (b == '+') {
			b = ' ';
		}
		if (b == 0)
			return false;
		buf_byte(out, (uint8_t)b);
		cursor_skip(&c, 1);
	}
	return buf_ok(out);
}
