#include "parse/shape.h"
#include "base/text.h"

#include "parse/chars.h"
#include "parse/decode.h"
#include <math.h>
#include <string.h>

#define LONG_LINE_BYTES   300
#define FAR_RIGHT_BLANKS  150
#define SIGNS_ONLY_BYTES  60
#define LONG_STRING_BYTES 100
#define ENTROPY_BYTES     4096
#define ENCODED_LINES     32

/* Honest code is not written behind 150 blanks. */
static bool far_right(struct slice line)
{
	size_t run = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (line.at[i] == ' ' || line.at[i] == '\t') {
			run++;
			continue;
		}
		if (run >= FAR_RIGHT_BLANKS && line.at[i] != '\r')
			return i > run || line.n - i > 20;
		run = 0;
	}
	return false;
}

/* []()!+ and nothing else: JavaScript can be written so, but nobody does. */
static bool signs_only(struct slice line)
{
	size_t run = 0, brackets = 0;

	for (size_t i = 0; i < line.n && run < SIGNS_ONLY_BYTES; i++) {
		uint8_t c = line.at[i];
		bool sign =
		    c == '[' || c == ']' || c == '(' || c == ')' || c == '!' || c == '+';
		run = sign ? run + 1 : 0;
		brackets = !sign ? 0 : brackets + (c == '[');
	}
	return run >= SIGNS_ONLY_BYTES && brackets > 4;
}

/* " * @method static ...(...)": tables in the comments of generated documentation. */
static bool doc_line(struct slice line)
{
	struct slice s = slice_trim(line);
	size_t end = 3;

	if (!slice_starts(s, SLICE("* @"))) /* or the rest of a sentence: no code */
		return slice_starts(s, SLICE("* ")) && slice_chr(s, ';') == SIZE_MAX &&
		       slice_chr(s, '(') == SIZE_MAX && slice_chr(s, '`') == SIZE_MAX;
	while (end < s.n && chars_alpha(s.at[end]))
		end++;
	return end > 5 && end < s.n && s.at[end] == ' ';
}

static void shape_line(struct look *l, struct slice line, bool code)
{
	if (line.n >= LONG_LINE_BYTES)
		look_max(l, F_LONGEST_LINE, line.n);
	if (code && line.n >= FAR_RIGHT_BLANKS && far_right(slice_sub(line, 0, 65536)) &&
	    !doc_line(line))
		look_add(l, F_FAR_RIGHT, 1);
	if (code && line.n >= SIGNS_ONLY_BYTES && signs_only(line))
		look_add(l, F_SIGNS_ONLY, 1);
}

/* Control characters but for tab, line ends, form feed. Eight bytes at a time where none is
 * near. */
static uint32_t control_bytes(struct slice s)
{
	uint32_t n = 0;
	size_t i = 0;

	while (i < s.n) {
		uint64_t v;
		if (i + 8 <= s.n) {
			memcpy(&v, s.at + i, 8);
			/* High bits where a byte is below 0x20. */
			if (!((v - 0x2020202020202020u) & ~v & 0x8080808080808080u)) {
				i += 8;
				continue;
			}
		}
		for (size_t end = i + 8 < s.n ? i + 8 : s.n; i < end; i++)
			n += s.at[i] < 0x09 || (s.at[i] >= 0x0e && s.at[i] < 0x20);
	}
	return n;
}

void shape_text(struct look *l, struct slice text, bool code)
{
	struct cursor c = cursor_over(text);
	struct slice line;

	while (cursor_line(&c, &line))
		shape_line(l, line, code);
	look_add(l, F_CONTROL_BYTES, control_bytes(text));
}

/* Bits per byte, times 100. */
static uint32_t entropy(struct slice s)
{
	uint32_t count[256] = {0};
	double sum = 0;

	for (size_t i = 0; i < s.n; i++)
		count[s.at[i]]++;
	for (int c = 0; c < 256; c++)
		if (count[c])
			sum -= count[c] * log2((double)count[c] / (double)s.n);
	return (uint32_t)(sum * 100 / (double)s.n);
}

void shape_string(struct look *l, struct slice text)
{
	size_t run = 0, longest = 0;

	if (text.n < LONG_STRING_BYTES)
		return;
	for (size_t i = 0; i < text.n; i++) {
		/* Japanese sentences have no blanks: bytes of other scripts end a run too. */
		run = chars_class[text.at[i]] & (CHARS_SPACE | CHARS_HIGH) ? 0 : run + 1;
		if (run > longest)
			longest = run;
	}
	if (longest < LONG_STRING_BYTES)
		return;
	look_max(l, F_LONGEST_STRING, longest);
	if (longest == text.n)
		look_max(l, F_STRING_ENTROPY, entropy(slice_sub(text, 0, ENTROPY_BYTES)));
}

/* _0x12ab: what the best known obfuscator of JavaScript writes. */
static bool hex_name(struct slice n)
{
	if (n.n < 5 || n.at[0] != '_' || n.at[1] != '0' || (n.at[2] | 0x20) != 'x')
		return false;
	for (size_t i = 3; i < n.n; i++)
		if (text_hexval(n.at[i]) < 0)
			return false;
	return true;
}

enum { VOWEL = 1, ALIKE = 2 };

/* '_' separates words, so it does as well as a vowel; so does any byte that is no ASCII. */
static const uint8_t letters[256] = {
    ['a'] = VOWEL,           ['e'] = VOWEL,         ['i'] = VOWEL, ['o'] = VOWEL | ALIKE,
    ['u'] = VOWEL,           ['y'] = VOWEL,         ['A'] = VOWEL, ['E'] = VOWEL,
    ['I'] = VOWEL | ALIKE,   ['O'] = VOWEL | ALIKE, ['U'] = VOWEL, ['Y'] = VOWEL,
    ['_'] = VOWEL | ALIKE,   ['0'] = ALIKE,         ['1'] = ALIKE, ['l'] = ALIKE,
    [0x80 ... 0xff] = VOWEL,
};

/* OO0O0, lIl1I, xkqzvw, a8f3k2: no vowel in seven letters, or letters and digits mixed. */
static bool odd_name(struct slice n)
{
	size_t vowels = 0, turns = 0, alike = 0;

	if (n.n < 5 || n.n > 40)
		return false;
	for (size_t i = 0; i < n.n; i++) {
		vowels += letters[n.at[i]] & VOWEL;
		alike += letters[n.at[i]] >> 1;
		if (i > 0 && chars_digit(n.at[i]) && !chars_digit(n.at[i - 1]))
			turns++;
	}
	return alike == n.n || turns >= 3 || (vowels == 0 && n.n >= 7 && !chars_upper(n.at[0]));
}

void shape_name(struct look *l, struct slice name)
{
	l->names++;
	if (hex_name(name)) {
		l->odd_names++;
		look_add(l, F_HEX_NAMES, 1);
	} else if (odd_name(name)) {
		l->odd_names++;
	}
}

bool shape_luhn(struct slice d)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < d.n; i++) {
		uint32_t v = (uint32_t)(d.at[d.n - 1 - i] - '0') * (i % 2 ? 2 : 1);
		sum += v > 9 ? v - 9 : v;
	}
	return sum % 10 == 0;
}

/* As the large brands number their cards; a run of one digit is none. */
static bool card_shape(struct slice d)
{
	if (d.n == 16)
		return d.at[0] == '4' || (d.at[0] == '5' && d.at[1] >= '1' && d.at[1] <= '5') ||
		       (d.at[0] == '2' && d.at[1] >= '2' && d.at[1] <= '7') ||
		       (d.at[0] == '3' && d.at[1] == '5');
	if (d.n == 15)
		return d.at[0] == '3' && (d.at[1] == '4' || d.at[1] == '7');
	return d.n == 14 && d.at[0] == '3' &&
	       (d.at[1] == '0' || d.at[1] == '6' || d.at[1] == '8');
}

/* 4111 1111 1111 1111 and 3782-822463-10005: as people write them. */
static size_t grouped(struct slice s, size_t at, uint8_t digit[16])
{
	static const uint8_t four[] = {4, 4, 4, 4, 0}, amex[] = {4, 6, 5, 0};
	const uint8_t *group = at < s.n && s.at[at] == '3' ? amex : four;
	uint8_t between = at + 4 < s.n ? s.at[at + 4] : 0;
	size_t n = 0;

	if (between != ' ' && between != '-')
		return 0;
	for (; *group; group++) {
		if (n && (at >= s.n || s.at[at++] != between))
			return 0;
		for (uint8_t k = 0; k < *group; k++, at++) {
			if (at >= s.n || !chars_digit(s.at[at]))
				return 0;
			digit[n++] = s.at[at];
		}
	}
	return at < s.n && chars_digit(s.at[at]) ? 0 : n;
}

static bool is_card(struct slice d)
{
	return card_shape(d) && memcmp(d.at, d.at + 1, d.n - 1) != 0 && shape_luhn(d);
}

uint32_t shape_card_numbers(struct slice text)
{
	uint32_t found = 0;
	uint8_t digit[16];

	for (size_t i = 0; i < text.n; i++) {
		size_t from = i, n = 0;
		if (!chars_digit(text.at[i]))
			continue;
		while (i < text.n && chars_digit(text.at[i]))
			i++;
		if (i - from == 4)
			n = grouped(text, from, digit);
		found += is_card(n ? slice_mem(digit, n) : slice_sub(text, from, i));
	}
	return found;
}

uint32_t shape_cards_encoded(struct look *l, struct slice text)
{
	struct cursor c = cursor_over(text);
	struct slice line, plain;
	uint32_t found = 0;

	for (unsigned i = 0; i < ENCODED_LINES && cursor_line(&c, &line); i++) {
		line = slice_trim(line);
		if (line.n >= 20 && line.n <= DECODE_MAX_BYTES &&
		    decode_base64(l, line, &plain))
			found += shape_card_numbers(plain);
	}
	return found;
}
