#include "alert/wipe.h"
#include "parse/parse.h"

#define LONG_NUMBER 9 /* digits; shorter ones are years, versions, numbers of orders */
#define MARK        "***"
#define MARK_PAGE   "●●●" /* in Markdown, three stars would be its own mark */
#define CARD_BYTES  4096

/* A digit at the start of s, also a full-width one: its bytes, or 0. */
static size_t digit(struct slice s)
{
	uint32_t cp = 0;
	size_t n = slice_utf8(s, &cp);

	return (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19) ? n : 0;
}

/* What people put between the groups of a number. */
static size_t between(struct slice s)
{
	static const char *const marks[] = {"-", " ", ".", "_", "%20", "‐", "ー", "−", "－"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (slice_starts(s, slice_str(marks[i])))
			return strlen(marks[i]);
	}
	return 0;
}

/* The bytes of a long number at the start, or 0. */
static size_t number(struct slice s)
{
	size_t at = 0, end = 0, digits = 0;

	for (;;) {
		size_t n = digit(slice_sub(s, at, s.n));

		if (!n && digits)
			n = between(slice_sub(s, at, s.n));
		else if (n)
			digits++, end = at + n;
		if (!n)
			break;
		at += n;
	}
	return digits >= LONG_NUMBER ? end : 0;
}

static bool mail_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '.' || c == '_' || c == '-' || c == '+' || c >= 0x80;
}

/* "name@host" (or "%40") at the start: its bytes, or 0. */
static size_t mail(struct slice s)
{
	size_t name = 0, at, host = 0;

	while (name < s.n && mail_byte(s.at[name]))
		name++;
	at = slice_starts(slice_sub(s, name, s.n), SLICE("@"))     ? 1
	     : slice_starts(slice_sub(s, name, s.n), SLICE("%40")) ? 3
	                                                           : 0;
	while (at && name + at + host < s.n && mail_byte(s.at[name + at + host]))
		host++;
	return name && host ? name + at + host : 0;
}

static bool starts_word(struct slice s, size_t at)
{
	return at == 0 || !mail_byte(s.at[at - 1]);
}

/* web: an address in the web, whose numbers may stay. */
static void wipe_rest(struct buf *out, struct slice s, const char *mark, bool web)
{
	for (size_t at = 0; at < s.n;) {
		struct slice rest = slice_sub(s, at, s.n);
		size_t n = starts_word(s, at) ? mail(rest) : 0;
		uint32_t cp;

		if (!n && !web && (at == 0 || !digit(slice_sub(s, at - 1, s.n))))
			n = number(rest);
		if (n || s.at[at] == '?') {
			buf_str(out, s.at[at] == '?' ? "?" : "");
			buf_str(out, mark);
			at += n ? n : s.n;
			continue;
		}
		n = slice_utf8(rest, &cp);
		buf_add(out, slice_sub(rest, 0, n ? n : 1));
		at += n ? n : 1;
	}
}

/* At most WIPE_BYTES, whole characters. */
static void put_cut(struct buf *out, struct slice s)
{
	size_t n = s.n < WIPE_BYTES ? s.n : WIPE_BYTES;

	while (n < s.n && n && (s.at[n] & 0xc0) == 0x80)
		n--;
	text_safe(out, slice_sub(s, 0, n));
	if (n < s.n)
		buf_str(out, "…");
}

void wipe_text(struct buf *out, struct slice s)
{
	struct buf cards, rest;

	buf_init(&cards, 2 * CARD_BYTES);
	buf_init(&rest, 4 * CARD_BYTES);
	cards_wipe(&cards, slice_sub(s, 0, CARD_BYTES));
	wipe_rest(&rest, buf_slice(&cards), MARK, false);
	put_cut(out, buf_slice(&rest));
	buf_done(&cards);
	buf_done(&rest);
}

/* The bytes of an address in the web at the start, or 0. */
static size_t web(struct slice s)
{
	size_t n = slice_starts(s, SLICE("https://"))  ? 8
	           : slice_starts(s, SLICE("http://")) ? 7
	                                               : 0;

	while (n && n < s.n && s.at[n] > ' ' && !strchr("<>()\"\\", s.at[n]))
		n++;
	return n;
}

static void wipe_line(struct buf *out, struct slice s)
{
	while (s.n) {
		size_t at = 0, n = 0;

		while (at < s.n && !(n = web(slice_sub(s, at, s.n))))
			at++;
		/* a '?' in a sentence asks; it hides nothing behind it */
		for (struct slice t = slice_sub(s, 0, at); t.n;) {
			size_t ask = slice_chr(t, '?');
			size_t end = ask == SIZE_MAX ? t.n : ask;

			wipe_rest(out, slice_sub(t, 0, end), MARK_PAGE, false);
			buf_str(out, end < t.n ? "?" : "");
			t = slice_sub(t, end < t.n ? end + 1 : end, t.n);
		}
		wipe_rest(out, slice_sub(s, at, at + n), MARK_PAGE, true);
		s = slice_sub(s, at + n, s.n);
	}
}

void wipe_page(struct buf *out, struct slice s)
{
	struct buf cards;

	buf_init(&cards, 2 * s.n + CARD_BYTES);
	cards_wipe(&cards, s);
	for (struct slice rest = buf_slice(&cards); rest.n;) {
		size_t end = slice_chr(rest, '\n');

		wipe_line(out, slice_sub(rest, 0, end));
		if (end == SIZE_MAX)
			break;
		buf_byte(out, '\n');
		rest = slice_sub(rest, end + 1, rest.n);
	}
	buf_done(&cards);
}
