/* structure_text: which text constants of a script say something, and which just vary. */
#include "base/url.h"
#include "parse/chars.h"
#include "parse/structure.h"

#define WORD_MAX 64 /* bytes: longer ones are sentences or data */

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
	return blanks <= 3 && !url_random(s);
}

/* ---- addresses ---- */

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
	size_t n = url_host_length(s), dots = 0, last = 0;
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

static bool is_url(struct slice s)
{
	size_t scheme = url_scheme(s);

	if (scheme)
		return url_host_length(slice_sub(s, scheme, s.n)) > 0;
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
