/* Charset: which encoding the bytes are in, and each of its characters as UTF-8. */
#include "parse/charset.h"

#include <iconv.h>

#define LOOK        (1u << 16) /* bytes by which an encoding is told */
#define DECLARED    1024       /* a page says within them which it is */
#define STRAY       20         /* one ill-formed byte in so many characters is a slip */
#define REPLACEMENT 0xfffd

enum family { UTF8, SJIS, EUC, JIS, UTF16LE, UTF16BE };

static const char *const names[] = {
    [UTF8] = "UTF-8",      [SJIS] = "Shift_JIS",   [EUC] = "EUC-JP",
    [JIS] = "ISO-2022-JP", [UTF16LE] = "UTF-16LE", [UTF16BE] = "UTF-16BE"};

static struct {
	bool tried, good[UTF16BE + 1];
	iconv_t to[UTF16BE + 1];
} tables;

void charset_warm(void)
{
	static const struct {
		enum family f;
		const char *name;
	} wanted[] = {{SJIS, "CP932"}, {EUC, "EUC-JP-MS"}};

	if (tables.tried)
		return;
	tables.tried = true;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		iconv_t t = iconv_open("UTF-8", wanted[i].name);
		tables.to[wanted[i].f] = t;
		tables.good[wanted[i].f] = t != (iconv_t)-1;
	}
}

/* --- which one ------------------------------------------------------------------------ */

static uint8_t byte(struct slice s, size_t i)
{
	return i < s.n ? s.at[i] : 0;
}

static bool within(uint8_t c, uint8_t low, uint8_t high)
{
	return c >= low && c <= high;
}

/* The length of the character at i, or 0 where none can stand there. */
static size_t sjis_length(struct slice s, size_t i)
{
	uint8_t c = byte(s, i), d = byte(s, i + 1);

	if (c < 0x80 || within(c, 0xa1, 0xdf))
		return 1;
	if (!within(c, 0x81, 0x9f) && !within(c, 0xe0, 0xfc))
		return 0;
	return within(d, 0x40, 0x7e) || within(d, 0x80, 0xfc) ? 2 : 0;
}

static size_t euc_length(struct slice s, size_t i)
{
	uint8_t c = byte(s, i);
	size_t more = c == 0x8f ? 2 : 1;

	if (c < 0x80)
		return 1;
	if (c != 0x8e && c != 0x8f && !within(c, 0xa1, 0xfe))
		return 0;
	for (size_t k = 1; k <= more; k++)
		if (!within(byte(s, i + k), 0xa1, 0xfe))
			return 0;
	return more + 1;
}

struct tally {
	size_t good, bad, kana;
};

static struct tally tally_of(struct slice s, size_t (*length)(struct slice, size_t),
                             uint8_t kana_lead, uint8_t kana_more)
{
	struct tally t = {0};

	for (size_t i = 0; i < s.n;) {
		size_t len = length(s, i);
		t.bad += len == 0;
		t.good += len > 1;
		t.kana += len == 2 && (byte(s, i) == kana_lead || byte(s, i) == kana_more);
		i += len ? len : 1;
	}
	return t;
}

static struct tally tally_utf8(struct slice s)
{
	struct tally t = {0};

	while (s.n) {
		uint32_t c = 0;
		size_t len = slice_utf8(s, &c);
		t.bad += len == 0;
		t.good += len > 1;
		s = slice_sub(s, len ? len : 1, s.n);
	}
	return t;
}

static bool declares(struct slice in, const char *name)
{
	struct slice head = slice_sub(in, 0, DECLARED);
	size_t at = slice_casefind(head, slice_str(name)), mark;

	if (at == SIZE_MAX)
		return false;
	mark = slice_casefind(head, SLICE("charset"));
	if (mark == SIZE_MAX)
		mark = slice_casefind(head, SLICE("encoding"));
	return mark != SIZE_MAX && mark < at;
}

/* ESC $ B, ESC $ @, ESC ( I: in text of seven bits. */
static bool is_jis(struct slice s)
{
	bool escape = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] >= 0x80)
			return false;
		escape |=
		    s.at[i] == 0x1b && ((byte(s, i + 1) == '$' &&
		                         (byte(s, i + 2) == 'B' || byte(s, i + 2) == '@')) ||
		                        (byte(s, i + 1) == '(' && byte(s, i + 2) == 'I'));
	}
	return escape;
}

static enum family family_of(struct slice in)
{
	struct slice s = slice_sub(in, 0, LOOK);
	struct tally u, j, e;

	if (slice_starts(s, SLICE("\xff\xfe")))
		return UTF16LE;
	if (slice_starts(s, SLICE("\xfe\xff")))
		return UTF16BE;
	if (slice_starts(s, SLICE("\xef\xbb\xbf")))
		return UTF8;
	if (is_jis(s))
		return JIS;
	u = tally_utf8(s);
	if (u.bad * STRAY <= u.good || u.bad == 0)
		return UTF8;
	j = tally_of(s, sjis_length, 0x82, 0x83);
	e = tally_of(s, euc_length, 0xa4, 0xa5);
	if (e.bad * STRAY <= e.good &&
	    (declares(in, "euc-jp") || e.bad < j.bad || (e.bad == j.bad && e.kana > j.kana)))
		return EUC;
	if (j.bad * STRAY <= j.good)
		return SJIS;
	return UTF8;
}

/* --- characters ------------------------------------------------------------------------- */

struct work {
	struct slice in;
	uint8_t *out;
	uint32_t *origin;
	size_t n;
};

static void put(struct work *w, uint32_t c, size_t from)
{
	size_t len = slice_utf8_put(w->out + w->n, c);

	for (size_t k = 0; k < len; k++)
		w->origin[w->n + k] = (uint32_t)from;
	w->n += len;
}

/* One character of a family that has tables. */
static void put_by_table(struct work *w, enum family f, const uint8_t *at, size_t len,
                         size_t from)
{
	char in[4] = {0}, out[16], *i = in, *o = out;
	size_t left = len, room = sizeof(out);
	struct slice got;

	memcpy(in, at, len < sizeof(in) ? len : sizeof(in));
	iconv(tables.to[f], NULL, NULL, NULL, NULL);
	if (iconv(tables.to[f], &i, &left, &o, &room) == (size_t)-1 || left) {
		put(w, REPLACEMENT, from);
		return;
	}
	/* Some signs are two characters. */
	for (got = slice_mem(out, sizeof(out) - room); got.n;) {
		uint32_t c = REPLACEMENT;
		size_t k = slice_utf8(got, &c);
		put(w, c, from);
		got = slice_sub(got, k ? k : 1, got.n);
	}
}

static void convert(struct work *w, enum family f)
{
	for (size_t i = 0; i < w->in.n;) {
		size_t len = f == SJIS ? sjis_length(w->in, i) : euc_length(w->in, i);

		if (len == 1 && w->in.at[i] < 0x80)
			put(w, w->in.at[i], i);
		else if (len)
			put_by_table(w, f, w->in.at + i, len, i);
		else
			put(w, REPLACEMENT, i);
		i += len ? len : 1;
	}
}

/* Seven bits in two are EUC-JP's without the eighth bit. */
static void convert_jis(struct work *w)
{
	enum { ASCII, KANJI, KANA } now = ASCII;

	for (size_t i = 0; i < w->in.n;) {
		uint8_t c = byte(w->in, i), d = byte(w->in, i + 1), e = byte(w->in, i + 2);
		if (c == 0x1b && (d == '$' || d == '(')) {
			now = d == '$' ? KANJI : e == 'I' ? KANA : ASCII;
			i += 3;
		} else if (c < 0x21 || c > 0x7e || now == ASCII) {
			put(w, c < 0x80 ? c : REPLACEMENT, i++);
		} else if (now == KANA) {
			put_by_table(w, EUC, (const uint8_t[]){0x8e, c | 0x80}, 2, i++);
		} else if (within(d, 0x21, 0x7e)) {
			put_by_table(w, EUC, (const uint8_t[]){c | 0x80, d | 0x80}, 2, i);
			i += 2;
		} else {
			put(w, REPLACEMENT, i++);
		}
	}
}

static void convert_utf16(struct work *w, bool little)
{
	for (size_t i = 2; i + 1 < w->in.n; i += 2) {
		uint32_t a = byte(w->in, i), b = byte(w->in, i + 1);
		uint32_t c = little ? b << 8 | a : a << 8 | b, low;
		size_t from = i;
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < w->in.n) {
			a = byte(w->in, i + 2);
			b = byte(w->in, i + 3);
			low = little ? b << 8 | a : a << 8 | b;
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		put(w, c >= 0xd800 && c < 0xe000 ? REPLACEMENT : c, from);
	}
}

bool charset_utf8(struct arena *a, struct slice in, struct charset_text *out)
{
	enum family f = family_of(in);
	/* A byte becomes three at most: half-width kana, U+FFFD. */
	size_t most = in.n * 3 + 8;
	struct work w = {.in = in};

	charset_warm();
	if (((f == SJIS || f == EUC) && !tables.good[f]) || (f == JIS && !tables.good[EUC]))
		f = UTF8;
	*out = (struct charset_text){in, NULL, names[f]};
	if (f == UTF8)
		return true;
	w.out = arena_alloc(a, most);
	w.origin = arena_array(a, most, sizeof(*w.origin));
	if (!w.out || !w.origin)
		return false;
	if (f == UTF16LE || f == UTF16BE)
		convert_utf16(&w, f == UTF16LE);
	else if (f == JIS)
		convert_jis(&w);
	else
		convert(&w, f);
	w.origin[w.n] = (uint32_t)in.n;
	out->utf8 = slice_mem(w.out, w.n);
	out->origin = w.origin;
	return true;
}
