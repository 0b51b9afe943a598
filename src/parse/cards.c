#include "parse/cards.h"

#include "parse/chars.h"
#include "parse/shape.h"

#define CARD_LEAST 13
#define CARD_MOST  19
#define PACKED     16 /* signs: a longer part of an address, with digits or capitals in it */

/* What may stand between two digits of one number; 0: nothing of it. */
static size_t between(struct slice in, size_t at)
{
	if (at >= in.n)
		return 0;
	if (slice_starts(slice_sub(in, at, in.n), SLICE("%20")))
		return 3;
	return slice_chr(SLICE(" .-+/"), in.at[at]) != SIZE_MAX;
}

/* Digits from `at` on, with single signs between them, and where each of them ends. */
static size_t digits_from(struct slice in, size_t at, uint8_t *digit, size_t *end)
{
	size_t n = 0, gap = 0;

	do {
		for (at += gap; at < in.n && n < CARD_MOST && chars_digit(in.at[at]); n++) {
			digit[n] = in.at[at];
			end[n] = ++at;
		}
		gap = between(in, at);
	} while (n && n < CARD_MOST && gap && at + gap < in.n && chars_digit(in.at[at + gap]));
	return n;
}

/* Does a card number begin with the digits at `at`? *to: where it ends. */
static bool card_at(struct slice in, size_t at, size_t *to)
{
	uint8_t digit[CARD_MOST];
	size_t end[CARD_MOST], n = digits_from(in, at, digit, end), plain = 0;

	while (at + plain < in.n && chars_digit(in.at[at + plain]))
		plain++;
	if (plain > CARD_MOST) {
		*to = at + plain;
		return true;
	}
	for (; n >= CARD_LEAST; n--) {
		if (!shape_luhn(slice_mem(digit, n)))
			continue;
		*to = end[n - 1];
		return true;
	}
	return false;
}

/* The digits of one number; what stands between them stays. */
static void add_stars(struct buf *out, struct slice in)
{
	for (size_t i = 0; i < in.n;) {
		size_t gap = chars_digit(in.at[i]) ? 0 : between(in, i);

		for (size_t k = 0; k < gap; k++)
			buf_byte(out, in.at[i + k]);
		if (gap == 0)
			buf_byte(out, '*');
		i += gap ? gap : 1;
	}
}

void cards_wipe(struct buf *out, struct slice in)
{
	for (size_t i = 0; i < in.n;) {
		size_t to;

		if (!chars_digit(in.at[i]) || !card_at(in, i, &to)) {
			buf_byte(out, in.at[i++]);
			continue;
		}
		add_stars(out, slice_sub(in, i, to));
		i = to;
	}
}

static bool packed(struct slice part)
{
	size_t digits = 0, changes = 0;

	for (size_t i = 0; i < part.n; i++) {
		digits += chars_digit(part.at[i]);
		changes += i && chars_upper(part.at[i]) != chars_upper(part.at[i - 1]);
	}
	return digits >= 8 || (part.n > PACKED && (digits > 2 || changes > part.n / 4));
}

/* Host and path: what stands between '/' and '.' is a part. */
static void add_parts(struct buf *out, struct slice s)
{
	for (size_t at = 0; at <= s.n;) {
		size_t to = at;
		struct slice part;

		while (to < s.n && s.at[to] != '/' && s.at[to] != '.')
			to++;
		part = slice_sub(s, at, to);
		if (packed(part))
			buf_byte(out, '*');
		else
			buf_add(out, part);
		if (to < s.n)
			buf_byte(out, s.at[to]);
		at = to + 1;
	}
}

/* Without query and user, its card numbers wiped already. */
static void add_bare(struct buf *out, struct slice in)
{
	size_t scheme = slice_find(slice_sub(in, 0, 16), SLICE("://")), slash, user;
	struct slice rest, host;

	scheme = scheme == SIZE_MAX ? 0 : scheme + 3;
	rest = slice_sub(in, scheme, in.n);
	slash = slice_chr(rest, '/');
	host = slice_sub(rest, 0, slash);
	user = slice_chr(host, '@');
	buf_add(out, slice_sub(in, 0, scheme));
	add_parts(out, user == SIZE_MAX ? host : slice_sub(host, user + 1, host.n));
	if (slash != SIZE_MAX)
		add_parts(out, slice_sub(rest, slash, rest.n));
}

void cards_wipe_url(struct buf *out, struct slice in)
{
	struct buf wiped = {.max = in.n + 1};
	size_t end = 0;

	while (end < in.n && in.at[end] != '?' && in.at[end] != '#')
		end++;
	/* Before it is taken apart: dots and slashes stand between the digits of a number, too.
	 */
	cards_wipe(&wiped, slice_sub(in, 0, end));
	if (buf_ok(&wiped))
		add_bare(out, buf_slice(&wiped));
	buf_done(&wiped);
}
