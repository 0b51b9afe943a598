#include "parse/chars.h"

/* clang-format off */
#define L (CHARS_ALPHA | CHARS_BASE64)
#define X (L | CHARS_HEX)
#define U (L | CHARS_UPPER)
#define Y (U | CHARS_HEX)
#define D (CHARS_DIGIT | CHARS_HEX | CHARS_BASE64)
#define B CHARS_BASE64
#define S CHARS_SPACE
#define H CHARS_HIGH
#define O CHARS_OPERATOR

/* '_' counts as a letter. */
const uint8_t chars_class[256] = {
	['\t'] = S, ['\n'] = S, ['\v'] = S, ['\f'] = S, ['\r'] = S, [' '] = S,
	['+'] = B | O, ['/'] = B, ['='] = B | O,
	['<'] = O, ['>'] = O, ['-'] = O, [':'] = O, ['&'] = O, ['|'] = O, ['?'] = O, ['.'] = O, ['*'] = O,
	 ['_'] = CHARS_ALPHA,
	['0'] = D, D, D, D, D, D, D, D, D, D,
	['A'] = Y, Y, Y, Y, Y, Y, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
	['a'] = X, X, X, X, X, X, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	[0x80 ... 0xff] = H,
};
/* clang-format on */

uint32_t chars_hash_of(struct slice s)
{
	uint32_t h = CHARS_HASH;

	for (size_t i = 0; i < s.n; i++)
		h = chars_hash(h, s.at[i]);
	return h;
}
