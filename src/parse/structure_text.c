/* structure_text: which text constants of a script say something, and which just vary. */
#include "parse/chars.h"
#include "parse/structure_in.h"

#define WORD_MAX      64 /* bytes: longer ones are sentences or data */
#define HEX_RUN       6  /* letters a to f in a row are hexadecimal digits, not a word */
#define CASE_CHANGES  2  /* in a row of letters: camelCase has few, base64 many */
#define VOWEL_SHARE   4  /* of words, at least every fourth letter is a vowel */
#define SEGMENT_PLAIN 24 /* a part of a path up to this long, without digits, stays */

/* Do the letters of a text look drawn at random? */
static bool random_letters(struct slice s)
{
	size_t changes = 0, hex = 0, run = 0, vowels = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];
		bool letter = chars_alpha(c) && c != '_';

		hex = letter && chars_hexval(c) >= 0 ? hex + 1 : 0;
		run = letter ? run + 1 : 0;
		changes = run <= 1 ? 0 : changes + (chars_upper(c) != chars_upper(s.at[i - 1]));
		vowels =
		    run ? vowels + (slice_chr(SLICE("aeiouy"), chars_lower(c)) != SIZE_MAX) : 0;
		/* getElementById has six changes in 14 letters, too, but its syllables are
		 * said. */
		if (hex >= HEX_RUN || (run >= 8 && changes > CASE_CHANGES + run / 4 &&
		                       vowels * VOWEL_SHARE < run))
			return true;
	}
	return false;
}

static bool word_byte(uint8_t c)
{
	return (chars_alpha(c) && c < 0x80) ||
	       slice_chr(SLICE("-_.:#[]=*^$>+~, /@()!?&%|<\"'"), c) != SIZE_MAX;
}

static bool is_word(struct slice s)
{
	size_t blanks = 0;

	if (s.n > WORD_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!word_byte(s.at[i]))
			return false;
		blanks += s.at[i] == ' ';
	}
	return blanks <= 3 && !random_letters(s);
}

/* ---- addresses ---- */

/* Length of scheme and "//" in front of a host, 0: none. */
static size_t scheme_length(struct slice s)
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

static size_t host_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && (chars_alpha(s.at[n]) || chars_digit(s.at[n]) || s.at[n] >= 0x80 ||
	                   slice_chr(SLICE("-.:[]@"), s.at[n]) != SIZE_MAX))
		n++;
	return n;
}

/* "jquery.min.js" is no host. */
static bool file_name(struct slice ending)
{
	static const char *const list[] = {"js",  "mjs", "css", "png",  "jpg",  "gif",  "svg",
	                                   "ico", "php", "htm", "html", "json", "webp", "map",
	                                   "xml", "txt", "min", "woff", "vue",  "ts"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (slice_caseeq(ending, slice_str(list[i])))
			return true;
	}
	return false;
}

/* "cdn.example.com" or "203.0.113.5", and nothing behind it but a path. */
static bool bare_host(struct slice s)
{
	size_t n = host_length(s), dots = 0, last = 0;
	bool digits = true;

	if (n < 4 || (n < s.n && s.at[n] != '/' && s.at[n] != '?'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s.at[i] == '.') {
			if (i == 0 || i == last)
				return false;
			dots++;
			last = i + 1;
		} else if (!chars_digit(s.at[i])) {
			digits = false;
		}
	}
	if (digits)
		return dots == 3 && last < n;
	for (size_t i = last; i < n; i++) {
		if (!chars_alpha(s.at[i]))
			return false;
	}
	/* "checkout.card" is a class of the page, "a.example/x" is not. */
	return dots > 0 && n - last >= 2 && (dots > 1 || n < s.n) &&
	       !file_name(slice_sub(s, last, n));
}

static bool rotating_segment(struct slice s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += chars_digit(s.at[i]);
	return digits > 3 || (digits && s.n >= HEX_RUN && random_letters(s)) ||
	       (s.n > SEGMENT_PLAIN && random_letters(s));
}

void structure_add_url(struct buf *out, struct slice s)
{
	size_t scheme = scheme_length(s), host = host_length(slice_sub(s, scheme, s.n));
	size_t at = scheme + host;

	if (s.n && s.at[0] == '/' && scheme == 0)
		at = 0;
	for (size_t i = 0; i < at; i++)
		buf_byte(out, chars_lower(s.at[i]));
	while (at < s.n && s.at[at] != '?' && s.at[at] != '#') {
		size_t to = at + 1;
		struct slice part;

		while (to < s.n && s.at[to] != '/' && s.at[to] != '?' && s.at[to] != '#')
			to++;
		part = slice_sub(s, at, to);
		buf_str(out, rotating_segment(part) ? "/*" : "");
		if (!rotating_segment(part))
			buf_add(out, part);
		at = to;
	}
}

static bool is_url(struct slice s)
{
	size_t scheme = scheme_length(s);

	if (scheme)
		return host_length(slice_sub(s, scheme, s.n)) > 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] <= ' ')
			return false;
	}
	return bare_host(s) || (s.n > 2 && s.at[0] == '/' && s.at[1] != '/' && s.at[1] != '*');
}

enum structure_text structure_text_of(struct slice text)
{
	if (is_url(text))
		return STRUCTURE_URL;
	return is_word(text) ? STRUCTURE_WORD : STRUCTURE_ROTATING;
}
