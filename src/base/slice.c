#include "base/slice.h"
#include <string.h>

struct slice slice_str(const char *s)
{
	return s ? slice_mem(s, strlen(s)) : (struct slice){0};
}

bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool slice_caseeq(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	}
	return true;
}

int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.at, b.at, n) : 0;

	if (d)
		return d;
	return (a.n > b.n) - (a.n < b.n);
}

bool slice_starts(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n && slice_eq(slice_mem(s.at, prefix.n), prefix);
}

bool slice_ends(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n && slice_eq(slice_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t slice_find(struct slice s, struct slice needle)
{
	const uint8_t *hit;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return SIZE_MAX;
	hit = memmem(s.at, s.n, needle.at, needle.n);
	return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

size_t slice_casefind(struct slice s, struct slice needle)
{
	for (size_t i = 0; needle.n <= s.n && i <= s.n - needle.n; i++) {
		if (slice_caseeq(slice_sub(s, i, i + needle.n), needle))
			return i;
	}
	return SIZE_MAX;
}

size_t slice_chr(struct slice s, uint8_t b)
{
	const uint8_t *hit = s.n ? memchr(s.at, b, s.n) : NULL;

	return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
	size_t from = 0, to = s.n;

	while (from < to && blank(s.at[from]))
		from++;
	while (to > from && blank(s.at[to - 1]))
		to--;
	return slice_sub(s, from, to);
}

bool slice_u64(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.at[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

size_t slice_utf8(struct slice s, uint32_t *cp)
{
	/* By lead byte: length, payload mask, and the least code point of that length. */
	static const struct {
		uint8_t lead_mask, lead, payload;
		uint32_t least;
	} form[] = {
	    {0x80, 0x00, 0x7f, 0},
	    {0xe0, 0xc0, 0x1f, 0x80},
	    {0xf0, 0xe0, 0x0f, 0x800},
	    {0xf8, 0xf0, 0x07, 0x10000},
	};

	for (size_t len = 1; s.n > 0 && len <= 4; len++) {
		uint32_t v = s.at[0] & form[len - 1].payload;

		if ((s.at[0] & form[len - 1].lead_mask) != form[len - 1].lead)
			continue;
		if (s.n < len)
			return 0;
		for (size_t i = 1; i < len; i++) {
			if ((s.at[i] & 0xc0) != 0x80)
				return 0;
			v = v << 6 | (s.at[i] & 0x3f);
		}
		if (v < form[len - 1].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
			return 0;
		*cp = v;
		return len;
	}
	return 0;
}

size_t slice_utf8_put(uint8_t to[4], uint32_t cp)
{
	if (cp < 0x80) {
		to[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		to[0] = (uint8_t)(0xc0 | cp >> 6);
		to[1] = (uint8_t)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		to[0] = (uint8_t)(0xe0 | cp >> 12);
		to[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (cp & 0x3f));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | cp >> 18);
	to[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (cp & 0x3f));
	return 4;
}

bool slice_utf8_valid(struct slice s)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		size_t n = s.at[i] < 0x80 ? 1 : slice_utf8(slice_sub(s, i, s.n), &cp);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

struct cursor cursor_over(struct slice in)
{
	return (struct cursor){in, 0};
}

struct slice cursor_rest(const struct cursor *c)
{
	return slice_sub(c->in, c->pos, c->in.n);
}

bool cursor_take(struct cursor *c, size_t n, struct slice *out)
{
	size_t from = c->pos;

	if (!cursor_skip(c, n))
		return false;
	*out = slice_sub(c->in, from, c->pos);
	return true;
}

bool cursor_line(struct cursor *c, struct slice *out)
{
	struct slice rest = cursor_rest(c);
	size_t nl = slice_chr(rest, '\n');

	if (rest.n == 0)
		return false;
	*out = slice_sub(rest, 0, nl);
	c->pos += nl == SIZE_MAX ? rest.n : nl + 1;
	return true;
}

static bool little_endian(struct cursor *c, size_t bytes, uint64_t *out)
{
	struct slice s;
	uint64_t v = 0;

	if (!cursor_take(c, bytes, &s))
		return false;
	for (size_t i = bytes; i > 0; i--)
		v = v << 8 | s.at[i - 1];
	*out = v;
	return true;
}

bool cursor_u32(struct cursor *c, uint32_t *out)
{
	uint64_t v;

	if (!little_endian(c, 4, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

bool cursor_u64(struct cursor *c, uint64_t *out)
{
	return little_endian(c, 8, out);
}
