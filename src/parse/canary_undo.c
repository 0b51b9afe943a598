/* canary_undo: what can be taken back without knowing a key. */
#include "base/text.h"
#include "parse/canary_in.h"
#include "parse/chars.h"
#include <zlib.h>

#define RUN_LEAST     8 /* signs of base64, numbers in a list: fewer are chance */
#define HEX_LEAST     8
#define MAGIC_WITHIN  4096 /* packed data begin this early, or not at all */
#define PACKED_TRIES  8
#define UTF16_SHARE   4 /* every fourth byte a NUL: text of two bytes a sign */
#define ESCAPE_DIGITS 6

static size_t hex_digits(struct slice in, size_t at, size_t most, uint32_t *v)
{
	size_t n = 0;

	*v = 0;
	while (n < most && at + n < in.n && text_hexval(in.at[at + n]) >= 0)
		*v = *v * 16 + (uint32_t)text_hexval(in.at[at + n++]);
	return n;
}

static void put_sign(struct buf *out, uint32_t v)
{
	/* Only bytes matter here: what was typed is ASCII, or UTF-8 written byte by byte. */
	if (v < 0x100) {
		buf_byte(out, (uint8_t)v);
	} else if (v < 0x800) {
		buf_byte(out, (uint8_t)(0xc0 | v >> 6));
		buf_byte(out, (uint8_t)(0x80 | (v & 0x3f)));
	} else {
		buf_byte(out, (uint8_t)(0xe0 | (v >> 12 & 0xf)));
		buf_byte(out, (uint8_t)(0x80 | (v >> 6 & 0x3f)));
		buf_byte(out, (uint8_t)(0x80 | (v & 0x3f)));
	}
}

static bool undo_percent(struct slice in, int way, struct buf *out)
{
	bool any = false;

	(void)way;
	for (size_t i = 0; i < in.n; i++) {
		uint32_t v;

		if (in.at[i] == '%' && hex_digits(in, i + 1, 2, &v) == 2) {
			buf_byte(out, (uint8_t)v);
			i += 2;
			any = true;
		} else {
			buf_byte(out, in.at[i]);
		}
	}
	return any;
}

/* \u0034, \u{34}, \x34; \/ and other signs stand for themselves. */
static bool undo_escapes(struct slice in, int way, struct buf *out)
{
	bool any = false;

	(void)way;
	for (size_t i = 0; i < in.n; i++) {
		bool brace = i + 2 < in.n && in.at[i + 2] == '{';
		size_t n = 0, most = 0;
		uint32_t v = 0;

		if (in.at[i] != '\\' || i + 1 >= in.n) {
			buf_byte(out, in.at[i]);
			continue;
		}
		if (in.at[i + 1] == 'u')
			most = brace ? ESCAPE_DIGITS : 4;
		else if (in.at[i + 1] == 'x')
			most = 2;
		n = most ? hex_digits(in, i + 2 + brace, most, &v) : 0;
		any = true;
		if (n)
			put_sign(out, v);
		else
			buf_byte(out, in.at[i + 1]);
		i += 1 + n + (n && brace ? 2 : 0);
	}
	return any;
}

static bool undo_entities(struct slice in, int way, struct buf *out)
{
	bool any = false;

	(void)way;
	for (size_t i = 0; i < in.n; i++) {
		bool hex = i + 2 < in.n && (in.at[i + 2] | 0x20) == 'x';
		size_t at = i + 2 + hex, n = 0;
		uint32_t v = 0;

		if (in.at[i] != '&' || i + 1 >= in.n || in.at[i + 1] != '#') {
			buf_byte(out, in.at[i]);
			continue;
		}
		if (hex)
			n = hex_digits(in, at, ESCAPE_DIGITS, &v);
		for (; !hex && n < ESCAPE_DIGITS && at + n < in.n && chars_digit(in.at[at + n]);
		     n++)
			v = v * 10 + (uint32_t)(in.at[at + n] - '0');
		if (n == 0) {
			buf_byte(out, in.at[i]);
			continue;
		}
		put_sign(out, v);
		any = true;
		i = at + n - 1 + (at + n < in.n && in.at[at + n] == ';');
	}
	return any;
}

/* ---- base64, hexadecimal ---- */

static int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (chars_digit(c))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

static void base64_run(struct slice run, struct buf *out)
{
	uint32_t v = 0;
	int bits = 0;

	for (size_t i = 0; i < run.n; i++) {
		int k = base64_value(run.at[i]);

		if (k < 0)
			continue; /* a line's end inside */
		v = (v << 6 | (uint32_t)k) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_byte(out, (uint8_t)(v >> bits & 0xff));
		}
	}
}

/* Single frames may hold as little as "NA==": with the sign of the end, short runs count. */
static bool undo_base64(struct slice in, int way, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < in.n;) {
		size_t from = i, signs = 0;

		for (; i < in.n; i++) {
			if (base64_value(in.at[i]) >= 0)
				signs++;
			else if ((in.at[i] != '\r' && in.at[i] != '\n') || signs == 0)
				break;
		}
		if (signs >= RUN_LEAST || (signs >= 2 && i < in.n && in.at[i] == '=')) {
			base64_run(slice_sub(in, from + (size_t)way, i), out);
			any = true;
		}
		while (i < in.n && base64_value(in.at[i]) < 0)
			i++;
	}
	return any;
}

static bool undo_hex(struct slice in, int way, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;

		while (i < in.n && text_hexval(in.at[i]) >= 0)
			i++;
		if (i - from >= HEX_LEAST) {
			for (size_t k = from + (size_t)way; k + 1 < i; k += 2)
				buf_byte(out, (uint8_t)(text_hexval(in.at[k]) * 16 +
				                        text_hexval(in.at[k + 1])));
			any = true;
		}
		i += i == from;
	}
	return any;
}

/* ---- lists of codes ---- */

/* Number at *at in base 10 or 16, of one byte; moves *at behind it. */
static bool code_at(struct slice in, size_t *at, bool hex, uint32_t *v)
{
	size_t n = 0;

	*v = 0;
	if (hex) {
		if (*at + 1 < in.n && in.at[*at] == '0' && (in.at[*at + 1] | 0x20) == 'x')
			*at += 2;
		n = hex_digits(in, *at, 3, v);
		*at += n;
		return n == 2;
	}
	while (n < 4 && *at + n < in.n && chars_digit(in.at[*at + n]))
		*v = *v * 10 + (uint32_t)(in.at[*at + n++] - '0');
	*at += n;
	return n > 0 && *v < 0x100;
}

/* way 0: "52,49,49"; way 1: "34 31 31", "0x34,0x31". */
static bool undo_codes(struct slice in, int way, struct buf *out)
{
	size_t run = 0, start = out->n, at = 0, gap = 0;
	bool any = false;

	while (at < in.n) {
		size_t before = at;
		uint32_t v;

		if (code_at(in, &at, way == 1, &v) && (run == 0 || (gap > 0 && gap <= 3))) {
			buf_byte(out, (uint8_t)v);
			run++;
			gap = 0;
			any = any || run >= RUN_LEAST;
		} else {
			gap++;
			if (gap > 3 && run && run < RUN_LEAST && out->n >= start + run)
				out->n -= run; /* too few to be a list */
			run = gap > 3 ? 0 : run;
		}
		at += at == before;
	}
	return any;
}

/* ---- packed ---- */

static bool inflate_at(struct slice in, int window, struct buf *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.at, .avail_in = (uInt)in.n};
	uint8_t *to = buf_reserve(out, CANARY_PART_BYTES);
	bool any;
	int r;

	if (!to || inflateInit2(&z, window) != Z_OK)
		return false;
	z.next_out = to;
	z.avail_out = CANARY_PART_BYTES;
	r = inflate(&z, Z_SYNC_FLUSH);
	any = (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR) &&
	      z.avail_out < CANARY_PART_BYTES;
	if (any)
		buf_commit(out, CANARY_PART_BYTES - z.avail_out);
	inflateEnd(&z);
	return any;
}

static bool magic(struct slice in, size_t at)
{
	if (at + 2 >= in.n)
		return false;
	if (in.at[at] == 0x1f && in.at[at + 1] == 0x8b && in.at[at + 2] == 8)
		return true;
	return (in.at[at] & 0x0f) == 8 && in.at[at] >> 4 <= 7 &&
	       (in.at[at] * 256u + in.at[at + 1]) % 31 == 0;
}

/* way 0: gzip and zlib by their first bytes; way 1: raw deflate from the beginning. */
static bool undo_packed(struct slice in, int way, struct buf *out)
{
	size_t tries = 0, end = in.n < MAGIC_WITHIN ? in.n : MAGIC_WITHIN;

	if (way == 1)
		return in.n >= RUN_LEAST && inflate_at(in, -MAX_WBITS, out);
	for (size_t at = 0; at < end && tries < PACKED_TRIES; at++) {
		if (!magic(in, at))
			continue;
		tries++;
		if (inflate_at(slice_sub(in, at, in.n), 32 + MAX_WBITS, out))
			return true;
	}
	return false;
}

/* ---- order, letters ---- */

static bool undo_reversed(struct slice in, int way, struct buf *out)
{
	(void)way;
	for (size_t i = in.n; i > 0; i--)
		buf_byte(out, in.at[i - 1]);
	return in.n >= RUN_LEAST;
}

static bool undo_utf16(struct slice in, int way, struct buf *out)
{
	size_t nuls = 0;

	(void)way;
	for (size_t i = 0; i < in.n; i++) {
		nuls += in.at[i] == 0;
		if (in.at[i])
			buf_byte(out, in.at[i]);
	}
	return nuls >= RUN_LEAST && nuls >= in.n / UTF16_SHARE;
}

static bool undo_rot13(struct slice in, int way, struct buf *out)
{
	bool any = false;

	(void)way;
	for (size_t i = 0; i < in.n; i++) {
		uint8_t c = in.at[i], base = chars_upper(c) ? 'A' : 'a';
		bool letter = chars_alpha(c) && c != '_';

		any = any || letter;
		buf_byte(out, letter ? (uint8_t)(base + (c - base + 13) % 26) : c);
	}
	return any;
}

const struct canary_undo canary_undos[] = {
    {"url", undo_percent, 1, CANARY_MAX_DEPTH},
    {"escapes", undo_escapes, 1, CANARY_MAX_DEPTH},
    {"entities", undo_entities, 1, 2},
    {"base64", undo_base64, 4, CANARY_MAX_DEPTH},
    {"hex", undo_hex, 2, CANARY_MAX_DEPTH},
    {"codes", undo_codes, 2, 3},
    {"deflate", undo_packed, 2, CANARY_MAX_DEPTH},
    {"utf16", undo_utf16, 1, 3},
    {"reversed", undo_reversed, 1, 2},
    {"rot13", undo_rot13, 1, 2},
};
const size_t canary_undo_count = sizeof(canary_undos) / sizeof(canary_undos[0]);
