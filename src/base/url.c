#include "base/url.h"

#define HEX_RUN       6  /* letters a to f in a row are hexadecimal digits, not a word */
#define CASE_CHANGES  2  /* in a row of letters: camelCase has few, base64 many */
#define VOWEL_SHARE   4  /* of words, at least every fourth letter is a vowel */
#define SEGMENT_PLAIN 24 /* a part of a path up to this long, without digits, stays */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static uint8_t lower(uint8_t c)
{
	return is_upper(c) ? c | 0x20 : c;
}

static bool is_letter(uint8_t c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Do the letters of a text look drawn at random? */
bool url_random(struct slice s)
{
	size_t changes = 0, hex = 0, run = 0, vowels = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];
		bool letter = is_letter(c);

		hex = letter && lower(c) <= 'f' ? hex + 1 : 0;
		run = letter ? run + 1 : 0;
		changes = run <= 1 ? 0 : changes + (is_upper(c) != is_upper(s.at[i - 1]));
		vowels = run ? vowels + (slice_chr(SLICE("aeiouy"), lower(c)) != SIZE_MAX) : 0;
		/* getElementById has six changes in 14 letters, too, but its syllables are
		 * said. */
		if (hex >= HEX_RUN || (run >= 8 && changes > CASE_CHANGES + run / 4 &&
		                       vowels * VOWEL_SHARE < run))
			return true;
	}
	return false;
}

/* Length of scheme and "//" in front of a host, 0: none. */
size_t url_scheme(struct slice s)
{
	static const char *const schemes[] = {"https://", "http://", "wss://", "ws://",  "//",
	                                      "stun:",    "turn:",   "turns:", "mailto:"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct slice want = slice_str(schemes[i]);

		if (s.n > want.n && slice_caseeq(slice_sub(s, 0, want.n), want))
			return want.n;
	}
	return 0;
}

size_t url_host_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && (is_letter(s.at[n]) || s.at[n] == '_' || is_digit(s.at[n]) ||
	                   s.at[n] >= 0x80 || slice_chr(SLICE("-.:[]@"), s.at[n]) != SIZE_MAX))
		n++;
	return n;
}

bool url_rotates(struct slice s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += is_digit(s.at[i]);
	return digits > 3 || (digits && s.n >= HEX_RUN && url_random(s)) ||
	       (s.n > SEGMENT_PLAIN && url_random(s));
}

void url_steady(struct buf *out, struct slice s)
{
	size_t scheme = url_scheme(s), host = url_host_length(slice_sub(s, scheme, s.n));
	size_t at = scheme + host;

	if (s.n && s.at[0] == '/' && scheme == 0)
		at = 0;
	for (size_t i = 0; i < at; i++)
		buf_byte(out, lower(s.at[i]));
	while (at < s.n && s.at[at] != '?' && s.at[at] != '#') {
		size_t to = at + 1;
		struct slice part;

		while (to < s.n && s.at[to] != '/' && s.at[to] != '?' && s.at[to] != '#')
			to++;
		part = slice_sub(s, at, to);
		buf_str(out, url_rotates(part) ? "/*" : "");
		if (!url_rotates(part))
			buf_add(out, part);
		at = to;
	}
}

struct slice url_host(struct slice url)
{
	size_t scheme = url_scheme(url);
	struct slice rest = slice_sub(url, scheme, url.n);
	size_t n = url_host_length(rest), user;

	if (scheme == 0)
		return (struct slice){0};
	rest = slice_sub(rest, 0, n);
	user = slice_chr(rest, '@');
	return user == SIZE_MAX ? rest : slice_sub(rest, user + 1, rest.n);
}
