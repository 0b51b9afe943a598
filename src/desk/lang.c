#include "desk/lang.h"
#include <stdio.h>

static const char *const names[LANGS] = {[LANG_JA] = "ja", [LANG_EN] = "en"};

const char *lang_name(enum lang l)
{
	return names[l];
}

bool lang_of(struct slice name, enum lang *out)
{
	for (enum lang l = 0; l < LANGS; l++) {
		if (slice_caseeq(name, slice_str(names[l]))) {
			*out = l;
			return true;
		}
	}
	return false;
}

/* "q=0.8" in thousandths; 1000 where there is none. */
static int quality(struct slice params)
{
	size_t at = slice_find(params, SLICE("q="));
	struct cursor c;
	int q = 0, unit = 1000;

	if (at == SIZE_MAX)
		return 1000;
	c = cursor_over(slice_sub(params, at + 2, params.n));
	for (int i = 0; i < 5 && !cursor_end(&c); i++, cursor_skip(&c, 1)) {
		int b = cursor_peek(&c, 0);

		if (b == '.')
			continue;
		if (b < '0' || b > '9')
			break;
		q += (b - '0') * unit;
		unit /= 10;
	}
	return q;
}

/* Split s at the first byte b: what stands before it; *rest is what follows. */
static struct slice before(struct slice s, uint8_t b, struct slice *rest)
{
	size_t at = slice_chr(s, b);

	if (at == SIZE_MAX)
		at = s.n;
	*rest = slice_sub(s, at + 1, s.n);
	return slice_trim(slice_sub(s, 0, at));
}

enum lang lang_accept(struct slice header, enum lang otherwise)
{
	enum lang best = otherwise, l;
	int best_q = 0;

	for (int i = 0; i < 32 && header.n; i++) {
		struct slice params, region;
		struct slice tag = before(before(header, ',', &header), ';', &params);

		if (lang_of(before(tag, '-', &region), &l) && quality(params) > best_q) {
			best = l;
			best_q = quality(params);
		}
	}
	return best;
}

static const struct lang_row *row(struct slice key)
{
	for (size_t i = 0; i < lang_row_count; i++) {
		if (slice_eq(key, slice_str(lang_rows[i].key)))
			return &lang_rows[i];
	}
	return NULL;
}

static struct slice text_of(const struct lang_row *r, enum lang l)
{
	return slice_str(l == LANG_JA ? r->ja : r->en);
}

struct slice lang_text(struct slice key, enum lang l)
{
	const struct lang_row *r = row(key);

	return r ? text_of(r, l) : key;
}

struct slice lang_text_n(struct slice key, int64_t n, enum lang l)
{
	char one[128];
	const struct lang_row *r = NULL;

	if (n == 1 && key.n + 3 < sizeof(one)) {
		snprintf(one, sizeof(one), "%.*s#1", SLICE_ARG(key));
		r = row(slice_str(one));
	}
	return r ? text_of(r, l) : lang_text(key, l);
}
