/* page: a watched page as one text of the config. */
#include "conf/conf.h"

static struct slice next_word(struct slice *rest)
{
	size_t n;
	struct slice word;

	*rest = slice_trim(*rest);
	n = slice_chr(*rest, ' ');
	word = slice_sub(*rest, 0, n);
	*rest = slice_sub(*rest, word.n, rest->n);
	return word;
}

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		      c == '_' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

const char *conf_page_of(struct slice text, struct conf_page *out)
{
	struct slice rest = text;

	out->name = next_word(&rest);
	out->url = next_word(&rest);
	out->journey = next_word(&rest);
	if (!is_name(out->name))
		return "a name of lower-case letters, digits, '-', '_', '.' first";
	if (!slice_starts(out->url, SLICE("http://")) &&
	    !slice_starts(out->url, SLICE("https://")))
		return "http://... or https://... behind the name";
	if (slice_trim(rest).n)
		return "NAME URL or NAME URL JOURNEY";
	return NULL;
}

struct conf_page conf_page(const struct conf *c, size_t i)
{
	struct conf_page p;

	conf_page_of(c->page_watch[i], &p);
	return p;
}
