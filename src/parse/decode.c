#include "parse/decode.h"
#include "base/text.h"

#include "parse/chars.h"
#include <string.h>

static struct slice beginning(struct slice s)
{
	return slice_sub(s, 0, DECODE_MAX_BYTES);
}

static bool readable(struct slice s)
{
	size_t good = 0;

	for (size_t i = 0; i < s.n; i++)
		good += (s.at[i] >= 0x20 && s.at[i] < 0x7f) || chars_space(s.at[i]);
	return s.n >= 4 && good * 100 >= s.n * 95;
}

/* \xNN, \uNNNN, \u{N..}: its value, and how long it is; 0 if there is none. */
static size_t hex_escape(struct slice s, size_t at, uint32_t *value)
{
	size_t i = at + 2, most = s.at[at + 1] == 'x' ? 2 : 4;
	bool braces = i < s.n && s.at[i] == '{';

	*value = 0;
	if (braces) {
		i++;
		most = 6;
	}
	size_t first = i;
	for (; i < s.n && i - first < most && text_hexval(s.at[i]) >= 0; i++)
		*value = *value * 16 + (uint32_t)text_hexval(s.at[i]);
	if (i == first)
		return 0;
	if (braces && i < s.n && s.at[i] == '}')
		i++;
	return i - at;
}

static size_t octal_escape(struct slice s, size_t at, uint32_t *value)
{
	size_t i = at + 1;

	*value = 0;
	for (; i < s.n && i < at + 4 && s.at[i] >= '0' && s.at[i] <= '7'; i++)
		*value = *value * 8 + (uint32_t)(s.at[i] - '0');
	return i - at;
}

static uint8_t plain_escape(uint8_t c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return c;
	}
}

size_t decode_escapes(struct look *l, struct slice raw, struct slice *out)
{
	uint8_t *to = look_text(l, raw.n);
	size_t n = 0, codes = 0, i = 0;

	if (!to)
		return 0;
	while (i < raw.n) {
		uint32_t value = 0;
		size_t len = 0;
		if (raw.at[i] != '\\' || i + 1 >= raw.n) {
			to[n++] = raw.at[i++];
			continue;
		}
		uint8_t c = raw.at[i + 1];
		if (c == 'x' || c == 'u')
			len = hex_escape(raw, i, &value);
		else if (c >= '0' && c <= '7')
			len = octal_escape(raw, i, &value);
		to[n++] = len ? (value < 256 ? (uint8_t)value : '?') : plain_escape(c);
		codes += len;
		i += len ? len : 2;
	}
	*out = slice_mem(to, n);
	return codes;
}

static int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool decode_base64(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	uint32_t acc = 0, bits = 0;
	size_t n = 0;
	uint8_t small[12];

	/* Most texts give themselves away as something else at once. */
	for (size_t i = 0; i < s.n && i < 16; i++) {
		int v = base64_value(s.at[i]);
		if (v < 0)
			return false;
		acc = acc << 6 | (uint32_t)v;
		if (i % 4 == 3) {
			small[n++] = acc >> 16 & 0xff;
			small[n++] = acc >> 8 & 0xff;
			small[n++] = acc & 0xff;
			acc = 0;
		}
	}
	if (!readable(slice_mem(small, n)))
		return false;
	uint8_t *to = look_text(l, s.n);
	if (!to)
		return false;
	n = 0;
	acc = 0;
	for (size_t i = 0; i < s.n; i++) {
		int v = base64_value(s.at[i]);
		if (v < 0) {
			if (s.at[i] == '=' || chars_space(s.at[i]))
				continue;
			return false;
		}
		acc = (acc << 6 | (uint32_t)v) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[n++] = acc >> bits & 0xff;
		}
	}
	*out = slice_mem(to, n);
	return readable(*out);
}

bool decode_hex(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	uint8_t *to;

	if (s.n % 2 || s.n < 8)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (text_hexval(s.at[i]) < 0)
			return false;
	to = look_text(l, s.n / 2);
	if (!to)
		return false;
	for (size_t i = 0; i + 1 < s.n; i += 2)
		to[i / 2] = (uint8_t)(text_hexval(s.at[i]) * 16 + text_hexval(s.at[i + 1]));
	*out = slice_mem(to, s.n / 2);
	return readable(*out);
}

bool decode_percent(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	size_t n = 0, codes = 0;
	uint8_t *to;

	if (slice_chr(s, '%') == SIZE_MAX || !(to = look_text(l, s.n)))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '%' && i + 2 < s.n && text_hexval(s.at[i + 1]) >= 0 &&
		    text_hexval(s.at[i + 2]) >= 0) {
			to[n++] =
			    (uint8_t)(text_hexval(s.at[i + 1]) * 16 + text_hexval(s.at[i + 2]));
			codes++;
			i += 2;
		} else {
			to[n++] = s.at[i];
		}
	}
	*out = slice_mem(to, n);
	return codes >= 4 && codes * 2 >= n && readable(*out);
}

static const struct {
	const char *name;
	char c;
} entities[] = {{"&amp;", '&'}, {"&colon;", ':'}, {"&sol;", '/'},  {"&period;", '.'},
                {"&lt;", '<'},  {"&gt;", '>'},    {"&quot;", '"'}, {"&lpar;", '('}};

/* One entity at s: its value, and how long it is; 0 if it is none. */
static size_t entity(struct slice s, uint8_t *value)
{
	size_t i = 2;
	uint32_t v = 0;
	bool hex = s.n > 3 && (s.at[2] | 0x20) == 'x';

	for (size_t k = 0; k < sizeof(entities) / sizeof(entities[0]); k++)
		if (slice_starts(s, slice_str(entities[k].name))) {
			*value = (uint8_t)entities[k].c;
			return strlen(entities[k].name);
		}
	if (s.n < 3 || s.at[1] != '#')
		return 0;
	for (i += hex; i < s.n && i < 10; i++) {
		int d = text_hexval(s.at[i]);
		if (d < 0 || (!hex && d > 9))
			break;
		v = v * (hex ? 16 : 10) + (uint32_t)d;
	}
	if (i == 2 + (size_t)hex || v == 0)
		return 0;
	*value = v < 128 ? (uint8_t)v : '?';
	return i + (i < s.n && s.at[i] == ';');
}

bool decode_entities(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	size_t n = 0, found = 0;
	uint8_t *to;

	if (slice_chr(s, '&') == SIZE_MAX || !(to = look_text(l, s.n)))
		return false;
	for (size_t i = 0; i < s.n;) {
		size_t len = s.at[i] == '&' ? entity(slice_sub(s, i, s.n), &to[n]) : 0;
		if (len == 0)
			to[n] = s.at[i];
		n++;
		i += len ? len : 1;
		found += len > 0;
	}
	*out = slice_mem(to, n);
	return found > 0;
}

bool decode_rot13(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	uint8_t *to = look_text(l, s.n);

	if (!to)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i], small = c | 0x20;
		bool turns = small >= 'a' && small <= 'z' && c < 0x80;
		to[i] = !turns ? c : (uint8_t)(small <= 'm' ? c + 13 : c - 13);
	}
	*out = slice_mem(to, s.n);
	return true;
}

bool decode_backward(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = beginning(in);
	uint8_t *to = look_text(l, s.n);

	if (!to)
		return false;
	for (size_t i = 0; i < s.n; i++)
		to[i] = s.at[s.n - 1 - i];
	*out = slice_mem(to, s.n);
	return true;
}

/* "//:sptth" and the like: only worth turning round where it reads as an address. */
static bool backward_url(struct slice s)
{
	return slice_casefind(s, SLICE("//:ptth")) != SIZE_MAX ||
	       slice_casefind(s, SLICE("//:sptth")) != SIZE_MAX;
}

bool decode_any(struct look *l, struct slice in, struct slice *out)
{
	struct slice s = slice_trim(beginning(in));

	if (s.n < 8)
		return false;
	if (chars_class[s.at[0]] & chars_class[s.at[1]] & chars_class[s.at[2]] &
	    chars_class[s.at[3]] & CHARS_BASE64)
		return decode_hex(l, s, out) || decode_base64(l, s, out);
	if (s.at[0] == '%')
		return decode_percent(l, s, out);
	return s.n < 300 && s.at[s.n - 1] == 'h' && backward_url(s) &&
	       decode_backward(l, s, out);
}
