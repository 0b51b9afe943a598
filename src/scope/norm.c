#include "scope/norm.h"

#define WIDE_BLANK 0x3000u

/* The next character, narrow if it was wide; a byte that is no UTF-8 as itself, with *raw. */
static uint32_t next(struct slice *s, bool *raw)
{
	uint32_t cp = 0;
	size_t n = slice_utf8(*s, &cp);

	*raw = n == 0;
	if (n == 0)
		cp = s->at[0];
	*s = slice_sub(*s, n ? n : 1, s->n);
	if (cp == WIDE_BLANK && !*raw)
		return ' ';
	return !*raw && cp >= 0xff01 && cp <= 0xff5e ? cp - 0xfee0 : cp;
}

static uint32_t lower(uint32_t cp)
{
	return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r');
}

bool norm_filled(struct slice s)
{
	while (s.n) {
		bool raw;
		uint32_t cp = next(&s, &raw);

		if (raw || !is_blank(cp))
			return true;
	}
	return false;
}

/* Without blanks at both ends, wide ones too. */
static struct slice trim(struct slice s)
{
	for (;;) {
		struct slice before = s;

		s = slice_trim(s);
		if (slice_starts(s, SLICE("\xe3\x80\x80")))
			s = slice_sub(s, 3, s.n);
		if (slice_ends(s, SLICE("\xe3\x80\x80")))
			s = slice_sub(s, 0, s.n - 3);
		if (s.n == before.n)
			return s;
	}
}

bool norm_email(struct slice s, struct buf *out)
{
	bool at = false;
	size_t n = 0;

	s = trim(s);
	for (; s.n; n++) {
		bool raw;
		uint32_t cp = next(&s, &raw);

		at = at || (cp == '@' && n > 0 && s.n > 0);
		if (raw)
			buf_byte(out, (uint8_t)cp);
		else
			buf_utf8(out, lower(cp));
	}
	return at && buf_ok(out);
}

static bool one_digit_only(struct slice d)
{
	for (size_t i = 1; i < d.n; i++)
		if (d.at[i] != d.at[0])
			return false;
	return true;
}

bool norm_phone(struct slice s, struct buf *out)
{
	struct slice d;
	size_t from = out->n;

	while (s.n) {
		bool raw;
		uint32_t cp = next(&s, &raw);

		if (!raw && cp >= '0' && cp <= '9')
			buf_byte(out, (uint8_t)cp);
	}
	d = slice_sub(buf_slice(out), from, out->n);
	if (d.n >= 11 && slice_starts(d, SLICE("81"))) {
		/* 81 90 1234 5678 and 81 (0)90 1234 5678: one byte shorter or as long */
		size_t zero = 2, n;

		while (zero < d.n && d.at[zero] == '0')
			zero++;
		n = d.n - zero;
		out->at[from] = '0';
		memmove(out->at + from + 1, out->at + from + zero, n);
		out->n = from + 1 + n;
		d = slice_sub(buf_slice(out), from, out->n);
	}
	return buf_ok(out) && d.n >= NORM_PHONE_MIN && d.n <= NORM_PHONE_MAX &&
	       !one_digit_only(d);
}

bool norm_postal(struct slice s, struct buf *out)
{
	size_t from = out->n;

	while (s.n) {
		bool raw;
		uint32_t cp = lower(next(&s, &raw));

		if (!raw && ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z')))
			buf_byte(out, (uint8_t)cp);
	}
	return buf_ok(out) && out->n - from >= 3 &&
	       !one_digit_only(slice_sub(buf_slice(out), from, out->n));
}

/* Half-width kana to full width, with the voicing mark that follows put on. */
static uint32_t full_kana(uint32_t cp, struct slice *rest)
{
	uint32_t mark;
	size_t n = slice_utf8(*rest, &mark);

	cp = text_full_kana(cp);
	if (n == 0 || (mark != 0xff9e && mark != 0xff9f))
		return cp;
	if (mark == 0xff9e && (cp == 0x30a6 || (cp >= 0x30ab && cp <= 0x30db)))
		cp = cp == 0x30a6 ? 0x30f4 : cp + 1;
	else if (mark == 0xff9f && cp >= 0x30cf && cp <= 0x30db)
		cp += 2;
	else
		return cp;
	*rest = slice_sub(*rest, n, rest->n);
	return cp;
}

bool norm_name(struct slice s, struct buf *out)
{
	size_t from = out->n;

	while (s.n) {
		bool raw;
		uint32_t cp = lower(next(&s, &raw));

		if (raw) {
			buf_byte(out, (uint8_t)cp);
			continue;
		}
		if (cp >= 0xff61 && cp <= 0xff9f)
			cp = full_kana(cp, &s);
		if (cp >= 0x30a1 && cp <= 0x30f6)
			cp -= 0x60; /* katakana, hiragana */
		if (!is_blank(cp))
			buf_utf8(out, cp);
	}
	return buf_ok(out) && out->n > from;
}
