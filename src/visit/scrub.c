/* scrub: finding numbers, and what else a canary looks like. */
#include "visit/scrub.h"
#include "parse/parse.h"
#include <string.h>

#define MEM_BYTES    65536
#define VALUE_BYTES  24
#define VALUE_DIGITS 7

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

void scrub_init(struct scrub *s)
{
	*s = (struct scrub){0};
	arena_init(&s->mem, MEM_BYTES);
}

void scrub_done(struct scrub *s)
{
	arena_done(&s->mem);
}

/* ---- the canaries' writings ---- */

static void add_writing(struct scrub *s, struct slice w)
{
	if (w.at && w.n >= 8 && s->writings < SCRUB_MAX_CANARIES * SCRUB_WRITINGS)
		s->writing[s->writings++] = w;
}

static struct slice reversed(struct arena *a, struct slice d)
{
	uint8_t *to = arena_alloc(a, d.n);

	for (size_t i = 0; to && i < d.n; i++)
		to[i] = d.at[d.n - 1 - i];
	return slice_mem(to, to ? d.n : 0);
}

static struct slice hexadecimal(struct arena *a, struct slice d)
{
	uint8_t *to = arena_alloc(a, 2 * d.n);

	for (size_t i = 0; to && i < d.n; i++) {
		to[2 * i] = '3'; /* a digit's code is 0x30 and the digit */
		to[2 * i + 1] = d.at[i];
	}
	return slice_mem(to, to ? 2 * d.n : 0);
}

static struct slice codes(struct arena *a, struct slice d)
{
	uint8_t *to = arena_alloc(a, 3 * d.n);

	for (size_t i = 0; to && i < d.n; i++) {
		unsigned code = d.at[i];

		to[3 * i] = (uint8_t)('0' + code / 10);
		to[3 * i + 1] = (uint8_t)('0' + code % 10);
		to[3 * i + 2] = ',';
	}
	return slice_mem(to, to && d.n ? 3 * d.n - 1 : 0);
}

/* Base64 of the digits behind `skip` unknown bytes: only the letters that depend on no others.
 */
static struct slice base64(struct arena *a, struct slice d, size_t skip)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t first = (8 * skip + 5) / 6, last = 8 * (skip + d.n) / 6, n = 0;
	uint8_t *to = arena_alloc(a, last - first + 1);

	for (size_t i = first; to && i < last; i++) {
		unsigned bits = 0;

		for (size_t b = 6 * i; b < 6 * i + 6; b++)
			bits = bits << 1 | (d.at[b / 8 - skip] >> (7 - b % 8) & 1);
		to[n++] = (uint8_t)letters[bits];
	}
	return slice_mem(to, n);
}

void scrub_add(struct scrub *s, struct slice digits)
{
	if (s->canaries == SCRUB_MAX_CANARIES)
		return;
	s->canary[s->canaries++] = digits;
	add_writing(s, digits);
	add_writing(s, reversed(&s->mem, digits));
	add_writing(s, hexadecimal(&s->mem, digits));
	add_writing(s, codes(&s->mem, digits));
	for (size_t skip = 0; skip < 3; skip++)
		add_writing(s, base64(&s->mem, digits, skip));
}

/* ---- finding ---- */

static size_t canary_at(const struct scrub *s, struct slice text, size_t i)
{
	struct slice rest = slice_sub(text, i, text.n);

	for (size_t w = 0; w < s->writings; w++)
		if (s->writing[w].at[0] == text.at[i] && slice_starts(rest, s->writing[w]))
			return s->writing[w].n;
	return 0;
}

bool scrub_finds_canary(const struct scrub *s, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (canary_at(s, text, i))
			return true;
	return false;
}

/* Without canaries. */
static struct slice without(const struct scrub *s, struct arena *a, struct slice text)
{
	struct buf out;
	struct slice made;
	size_t from = 0, n;

	buf_init(&out, text.n + (text.n / 8 + 2) * sizeof(SCRUB_MARK));
	for (size_t i = 0; i < text.n; i += n ? n : 1) {
		n = canary_at(s, text, i);
		if (!n)
			continue;
		buf_add(&out, slice_sub(text, from, i));
		buf_str(&out, SCRUB_MARK);
		from = i + n;
	}
	buf_add(&out, slice_sub(text, from, text.n));
	made = buf_ok(&out) ? arena_copy(a, buf_slice(&out)) : SLICE(SCRUB_MARK);
	buf_done(&out);
	return made;
}

struct slice scrub_text(const struct scrub *s, struct arena *a, struct slice text)
{
	struct buf out;
	struct slice made;

	if (text.n == 0)
		return text;
	if (scrub_finds_canary(s, text))
		text = without(s, a, text);
	buf_init(&out, 2 * text.n + 64);
	cards_wipe(&out, text);
	made = buf_ok(&out) ? arena_copy(a, buf_slice(&out)) : SLICE(SCRUB_MARK);
	buf_done(&out);
	return made;
}

/* ---- URLs ---- */

static bool is_long(struct slice v)
{
	size_t digits = 0;

	for (size_t i = 0; i < v.n; i++)
		digits += is_digit(v.at[i]);
	return v.n > VALUE_BYTES || digits > VALUE_DIGITS;
}

static void put_query(struct buf *out, struct slice q)
{
	while (q.n) {
		size_t end = slice_chr(q, '&');
		struct slice pair = slice_sub(q, 0, end), value;
		size_t eq = slice_chr(pair, '=');

		value = eq == SIZE_MAX ? pair : slice_sub(pair, eq + 1, pair.n);
		if (eq != SIZE_MAX)
			buf_add(out, slice_sub(pair, 0, eq + 1));
		if (is_long(value))
			buf_str(out, "...");
		else
			buf_add(out, value);
		q = end == SIZE_MAX ? (struct slice){0} : slice_sub(q, end + 1, q.n);
		if (end != SIZE_MAX)
			buf_byte(out, '&');
	}
}

struct slice scrub_url(const struct scrub *s, struct arena *a, struct slice url)
{
	struct slice base, made;
	struct buf out;
	size_t scheme, host_end, at;

	/* Not a part of what was handed in: that may live for a message only. */
	if (slice_starts(url, SLICE("data:")))
		return SLICE("data:");
	if (slice_starts(url, SLICE("blob:")))
		return SLICE("blob:");
	url = slice_sub(url, 0, slice_chr(url, '#'));
	base = slice_sub(url, 0, slice_chr(url, '?'));
	buf_init(&out, url.n + 64);
	scheme = slice_find(base, SLICE("://"));
	if (scheme != SIZE_MAX) {
		struct slice rest = slice_sub(base, scheme + 3, base.n);

		host_end = slice_chr(rest, '/');
		at = slice_chr(slice_sub(rest, 0, host_end), '@');
		buf_add(&out, slice_sub(base, 0, scheme + 3));
		buf_add(&out, at == SIZE_MAX ? rest : slice_sub(rest, at + 1, rest.n));
	} else {
		buf_add(&out, base);
	}
	if (base.n < url.n) {
		buf_byte(&out, '?');
		put_query(&out, slice_sub(url, base.n + 1, url.n));
	}
	made = scrub_text(s, a, arena_copy(a, buf_slice(&out)));
	buf_done(&out);
	return made;
}

struct slice scrub_host(const struct scrub *s, struct arena *a, struct slice host)
{
	struct slice rest = scrub_text(s, a, host), made;
	struct buf out;

	buf_init(&out, host.n + 4096);
	while (rest.n) {
		size_t end = slice_chr(rest, '.');
		struct slice label = slice_sub(rest, 0, end);

		if (is_long(label))
			buf_str(&out, "...");
		else
			buf_add(&out, label);
		rest = end == SIZE_MAX ? (struct slice){0} : slice_sub(rest, end + 1, rest.n);
		if (end != SIZE_MAX)
			buf_byte(&out, '.');
	}
	made = arena_copy(a, buf_slice(&out));
	buf_done(&out);
	return made;
}
