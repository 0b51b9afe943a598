#include "base/text.h"

static void hex_byte(struct buf *out, uint8_t c)
{
	buf_printf(out, "\\x%02x", c);
}

void text_path(struct buf *out, struct slice name)
{
	uint32_t cp;

	for (size_t i = 0; i < name.n;) {
		size_t n = slice_utf8(slice_sub(name, i, name.n), &cp);

		if (n == 0)
			hex_byte(out, name.at[i++]);
		else if (name.at[i] == '\\') {
			buf_str(out, "\\\\");
			i++;
		} else {
			buf_add(out, slice_sub(name, i, i + n));
			i += n;
		}
	}
}

int text_hexval(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20; /* the small letter of a capital one; -1 stays -1 */
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A path has one text only, so its escapes are in small letters. */
static int nibble(int c)
{
	return c >= 'A' && c <= 'F' ? -1 : text_hexval(c);
}

/* Behind a backslash: another one, or xNN. */
static bool unescape(struct cursor *c, struct buf *out)
{
	int hi, lo;

	if (cursor_eat(c, SLICE("\\"))) {
		buf_byte(out, '\\');
		return true;
	}
	if (!cursor_eat(c, SLICE("x")))
		return false;
	hi = nibble(cursor_peek(c, 0));
	lo = nibble(cursor_peek(c, 1));
	if (hi < 0 || lo < 0)
		return false;
	cursor_skip(c, 2);
	buf_byte(out, (uint8_t)(hi << 4 | lo));
	return true;
}

bool text_unpath(struct buf *out, struct slice s)
{
	struct cursor c = cursor_over(s);
	size_t from = out->n;
	struct buf again;
	bool same;

	while (!cursor_end(&c)) {
		size_t run = slice_chr(cursor_rest(&c), '\\');
		struct slice plain = slice_sub(cursor_rest(&c), 0, run);

		buf_add(out, plain);
		cursor_skip(&c, plain.n);
		if (cursor_eat(&c, SLICE("\\")) && !unescape(&c, out))
			return false;
	}
	/* Only what text_path itself writes: "\x41" for 'A' is no text of a path. */
	buf_init(&again, s.n + 1);
	text_path(&again, slice_sub(buf_slice(out), from, out->n));
	same = buf_ok(&again) && buf_ok(out) && slice_eq(buf_slice(&again), s);
	buf_done(&again);
	return same;
}

/* C0, DEL, C1, and the characters that reorder or hide text on a screen. */
static bool unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || cp == 0xfeff ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x2069);
}

void text_safe(struct buf *out, struct slice s)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		size_t n = slice_utf8(slice_sub(s, i, s.n), &cp);

		if (n == 0)
			hex_byte(out, s.at[i]);
		else if (unsafe(cp))
			buf_printf(out, "\\u{%02x}", (unsigned)cp);
		else
			buf_add(out, slice_sub(s, i, i + n));
		i += n ? n : 1;
	}
}

/* One character class at p (behind '['); returns the offset behind ']', or 0 if unclosed. */
static size_t class_match(struct slice p, size_t at, uint8_t c, bool *hit)
{
	bool negate = at < p.n && p.at[at] == '!';
	bool found = false;
	size_t first = at += negate;

	for (; at < p.n && (p.at[at] != ']' || at == first); at++) {
		uint8_t lo = p.at[at], hi = lo;

		if (at + 2 < p.n && p.at[at + 1] == '-' && p.at[at + 2] != ']') {
			hi = p.at[at + 2];
			at += 2;
		}
		found |= lo <= c && c <= hi;
	}
	if (at >= p.n)
		return 0;
	*hit = found != negate && c != '/';
	return at + 1;
}

/* Does one pattern element at p match the byte c? *next is behind the element. */
static bool element_match(struct slice pat, size_t p, uint8_t c, size_t *next)
{
	bool hit = false;

	*next = p + 1;
	if (pat.at[p] == '?')
		return c != '/';
	if (pat.at[p] == '[') {
		size_t behind = class_match(pat, p + 1, c, &hit);

		if (behind) {
			*next = behind;
			return hit;
		}
	}
	return pat.at[p] == c;
}

/*
 * Greedy with two points of return: the last '*' (which may not cross '/') and the last
 * star-star (which may). A return to the latter forgets the former, so the time is bounded
 * by the product of both lengths.
 */
bool text_glob(struct slice pat, struct slice path)
{
	size_t p = 0, i = 0, next;
	size_t star_p = SIZE_MAX, star_i = 0, deep_p = SIZE_MAX, deep_i = 0;

	while (i < path.n || p < pat.n) {
		if (p + 1 < pat.n && pat.at[p] == '*' && pat.at[p + 1] == '*') {
			p += 2;
			/* star-star-slash also matches nothing; at a folder's start only */
			deep_i = i;
			deep_p = p;
			if (p < pat.n && pat.at[p] == '/' && (i == 0 || path.at[i - 1] == '/'))
				p++;
			star_p = SIZE_MAX;
			continue;
		}
		if (p < pat.n && pat.at[p] == '*') {
			star_p = ++p;
			star_i = i;
			continue;
		}
		if (p < pat.n && i < path.n && element_match(pat, p, path.at[i], &next)) {
			p = next;
			i++;
			continue;
		}
		if (star_p != SIZE_MAX && star_i < path.n && path.at[star_i] != '/') {
			i = ++star_i;
			p = star_p;
			continue;
		}
		if (deep_p != SIZE_MAX && deep_i < path.n) {
			i = ++deep_i;
			p = deep_p;
			/* "**" + "/": try the slash as already passed when standing behind one.
			 */
			if (p < pat.n && pat.at[p] == '/' && path.at[i - 1] == '/')
				p++;
			star_p = SIZE_MAX;
			continue;
		}
		return false;
	}
	return true;
}

void text_lower(uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] = (uint8_t)(at[i] + ('a' - 'A'));
	}
}

uint32_t text_full_kana(uint32_t cp)
{
	/* In the order of the code chart (Unicode, NFKC). */
	static const uint16_t full[] = {
	    0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5,
	    0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4,
	    0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5,
	    0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8,
	    0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8,
	    0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8,
	    0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x3099, 0x309a,
	};

	return cp >= 0xff61 && cp <= 0xff9f ? full[cp - 0xff61] : cp;
}
