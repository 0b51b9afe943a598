/*
 * Images: where does the picture end, and is there code in it? The formats' own structure
 * is followed as far as it tells where the end is; code is looked for in all of it.
 */
#include "parse/scan.h"

#include "parse/chars.h"
#include "parse/needles.h"
#include "parse/shape.h"
#include <string.h>

#define READABLE_AFTER_TAG 20
#define READABLE_AT_END    8
#define TRAILER_BYTES      16 /* padding that some cameras and tools leave */

enum image image_magic(struct slice s)
{
	if (slice_starts(s, SLICE("\xff\xd8\xff")))
		return IMAGE_JPEG;
	if (slice_starts(s, SLICE("\x89PNG")))
		return IMAGE_PNG;
	if (slice_starts(s, SLICE("GIF8")))
		return IMAGE_GIF;
	if (slice_starts(s, SLICE("RIFF")) && slice_starts(slice_sub(s, 8, 12), SLICE("WEBP")))
		return IMAGE_WEBP;
	if (slice_starts(s, SLICE("BM")) && s.n >= 26 && s.at[5] == 0 && s.at[6] == 0)
		return IMAGE_BMP;
	if (slice_starts(s, slice_mem("\0\0\1\0", 4)) && s.n >= 6 && s.at[5] == 0)
		return IMAGE_ICO;
	return IMAGE_NONE;
}

static uint32_t big(struct slice s, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = (v & 0xffffff) << 8 | (at + i < s.n ? s.at[at + i] : 0u);
	return v;
}

static uint32_t little(struct slice s, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = n; i > 0; i--)
		v = (v & 0xffffff) << 8 | (at + i - 1 < s.n ? s.at[at + i - 1] : 0u);
	return v;
}

/* Each returns the offset behind the picture, or 0 if it has no end. */
static size_t png_end(struct slice s)
{
	size_t at = 8;

	while (at + 12 <= s.n) {
		size_t n = big(s, at, 4);
		bool last = slice_starts(slice_sub(s, at + 4, at + 8), SLICE("IEND"));
		if (n > s.n - at - 12)
			return 0;
		at += n + 12;
		if (last)
			return at;
	}
	return 0;
}

/* Segments up to the scan; in a scan 0xff is followed by 0 or a restart mark. */
static size_t jpeg_end(struct slice s)
{
	size_t at = 2;

	while (at + 4 <= s.n) {
		if (s.at[at] != 0xff) { /* inside a scan */
			const uint8_t *p = memchr(s.at + at, 0xff, s.n - at);
			if (!p)
				return 0;
			at = (size_t)(p - s.at);
			continue;
		}
		uint8_t mark = s.at[at + 1];
		if (mark == 0xd9)
			return at + 2;
		if (mark == 0 || mark == 0xff || (mark >= 0xd0 && mark <= 0xd8))
			at += mark == 0xff ? 1 : 2;
		else
			at += 2 + (big(s, at + 2, 2) < 2 ? 2 : big(s, at + 2, 2));
	}
	return at + 2 <= s.n && s.at[at] == 0xff && s.at[at + 1] == 0xd9 ? at + 2 : 0;
}

static size_t gif_blocks(struct slice s, size_t at)
{
	while (at < s.n && s.at[at])
		at += s.at[at] + 1u;
	return at + 1;
}

static size_t gif_end(struct slice s)
{
	size_t at = 13;

	if (s.n < 13)
		return 0;
	if (s.at[10] & 0x80)
		at += (size_t)3 << ((s.at[10] & 7) + 1);
	while (at < s.n) {
		uint8_t c = s.at[at];
		if (c == 0x3b)
			return at + 1;
		if (c == 0x21) {
			at = gif_blocks(s, at + 2);
		} else if (c == 0x2c && at + 10 < s.n) {
			uint8_t flags = s.at[at + 9];
			at += 10 + (flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0);
			at = gif_blocks(s, at + 1);
		} else {
			return 0;
		}
	}
	return 0;
}

static size_t ico_end(struct slice s)
{
	size_t end = 6, count = little(s, 4, 2);

	for (size_t i = 0; i < count && i < 64; i++) {
		size_t entry = 6 + i * 16;
		size_t to = (size_t)little(s, entry + 8, 4) + little(s, entry + 12, 4);
		end = to > end ? to : end;
	}
	return count ? end : 0;
}

static size_t picture_end(enum image type, struct slice s)
{
	switch (type) {
	case IMAGE_JPEG:
		return jpeg_end(s);
	case IMAGE_PNG:
		return png_end(s);
	case IMAGE_GIF:
		return gif_end(s);
	case IMAGE_WEBP:
		return (size_t)little(s, 4, 4) + 8;
	case IMAGE_BMP:
		return little(s, 2, 4);
	case IMAGE_ICO:
		return ico_end(s);
	default:
		return 0;
	}
}

static bool readable(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.at[i] < 0x20 && !chars_space(s.at[i])) || s.at[i] == 0x7f)
			return false;
	return s.n > 0;
}

/*
 * "<?php" always; "<?=", "<? " and "<script" stand in compressed data by chance, so: with
 * readable text behind, up to the file's end where that is near.
 */
static bool code_tag(struct slice s, size_t at)
{
	struct slice rest = slice_sub(s, at, s.n),
	             text = slice_sub(rest, 0, READABLE_AFTER_TAG);

	if (slice_caseeq(slice_sub(rest, 0, 5), SLICE("<?php")))
		return true;
	if (!slice_starts(rest, SLICE("<?=")) &&
	    !(slice_starts(rest, SLICE("<?")) && rest.n > 2 && chars_space(rest.at[2])) &&
	    !slice_caseeq(slice_sub(rest, 0, 7), SLICE("<script")))
		return false;
	size_t end = slice_find(slice_sub(rest, 0, READABLE_AFTER_TAG), SLICE("?>"));
	if (end != SIZE_MAX) /* <?=`$_GET[0]`?> is all that a shell needs */
		text = slice_sub(rest, 0, end);
	if (text.n < READABLE_AT_END)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] >= 0x7f)
			return false;
	return readable(text);
}

static size_t find_code(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		const uint8_t *p = memchr(s.at + i, '<', s.n - i);
		if (!p)
			return SIZE_MAX;
		i = (size_t)(p - s.at);
		if (code_tag(s, i))
			return i;
	}
	return SIZE_MAX;
}

static void trailer(struct look *l, struct slice text)
{
	struct needles_found found;

	if (text.n <= TRAILER_BYTES)
		return;
	look_max(l, F_IMAGE_TRAILER, text.n);
	text = slice_sub(text, 0, 65536);
	look_add(l, F_CARD_DATA, shape_card_numbers(text) + shape_cards_encoded(l, text));
	if (readable(slice_sub(text, 0, 64)) &&
	    needles_scan(text, &found) & (N_RUN | N_JSCODE | N_SUPER))
		look_add(l, F_CODE_IN_IMAGE, 1);
}

void image_look(struct look *l, enum image type, struct slice content, bool run)
{
	size_t end = picture_end(type, content), code = find_code(content);

	if (end == 0 || end > content.n)
		look_add(l, F_IMAGE_BROKEN, 1);
	else
		trailer(l, slice_sub(content, end, content.n));
	if (slice_find(content, SLICE("__HALT_COMPILER();")) != SIZE_MAX)
		look_add(l, F_PHAR_STUB, 1);
	if (code == SIZE_MAX)
		return;
	look_add(l, F_CODE_IN_IMAGE, 1);
	if (run)
		php_look(l, slice_sub(content, code, content.n));
}
