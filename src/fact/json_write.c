#include "fact/json_tree.h"

static void write_escape(struct buf *out, uint8_t c)
{
	static const struct {
		uint8_t c;
		char letter;
	} two[] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
	           {'\n', 'n'}, {'\r', 'r'},  {'\t', 't'}};

	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		if (two[i].c == c) {
			buf_byte(out, '\\');
			buf_byte(out, (uint8_t)two[i].letter);
			return;
		}
	}
	buf_printf(out, "\\u%04x", c);
}

static inline bool plain(uint8_t c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

static void write_str(struct buf *out, struct slice s)
{
	size_t run = 0;

	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (plain(c))
			continue;
		buf_add(out, slice_sub(s, run, i));
		write_escape(out, c);
		run = i + 1;
	}
	buf_add(out, slice_sub(s, run, s.n));
	buf_byte(out, '"');
}

static void write_int(struct buf *out, int64_t i)
{
	char digit[24];
	size_t n = sizeof(digit);
	uint64_t u = i < 0 ? -(uint64_t)i : (uint64_t)i;

	do {
		digit[--n] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (i < 0)
		digit[--n] = '-';
	buf_add(out, slice_mem(digit + n, sizeof(digit) - n));
}

/*
 * ECMAScript writes a number of this range without exponent and with the fewest digits
 * that tell it apart; for at most six fractional digits that is the decimal itself.
 */
static void write_dec(struct buf *out, int64_t millionths)
{
	uint64_t u = millionths < 0 ? -(uint64_t)millionths : (uint64_t)millionths;
	uint64_t frac = u % (uint64_t)JSON_DEC_UNIT;
	char digit[JSON_DEC_DIGITS];
	size_t n = JSON_DEC_DIGITS;

	if (millionths < 0)
		buf_byte(out, '-');
	write_int(out, (int64_t)(u / (uint64_t)JSON_DEC_UNIT));
	for (size_t i = JSON_DEC_DIGITS; i > 0; i--) {
		digit[i - 1] = (char)('0' + frac % 10);
		frac /= 10;
	}
	while (n > 0 && digit[n - 1] == '0')
		n--;
	buf_byte(out, '.');
	buf_add(out, slice_mem(digit, n));
}

static bool write_value(struct buf *out, struct json *v, int depth);

static bool write_children(struct buf *out, struct json *v, int depth)
{
	bool obj = v->kind == JSON_OBJ;

	if (depth >= JSON_DEPTH)
		return false;
	if (obj)
		json_sort_members(v);
	buf_byte(out, obj ? '{' : '[');
	for (struct json *m = v->first; m; m = m->next) {
		if (m != v->first)
			buf_byte(out, ',');
		if (obj) {
			write_str(out, m->name);
			buf_byte(out, ':');
		}
		if (!write_value(out, m, depth + 1))
			return false;
	}
	buf_byte(out, obj ? '}' : ']');
	return true;
}

static bool write_value(struct buf *out, struct json *v, int depth)
{
	switch (v->kind) {
	case JSON_NULL:
		buf_str(out, "null");
		return true;
	case JSON_BOOL:
		buf_str(out, v->b ? "true" : "false");
		return true;
	case JSON_INT:
		write_int(out, v->i);
		return true;
	case JSON_DEC:
		write_dec(out, v->i);
		return true;
	case JSON_STR:
		write_str(out, v->s);
		return true;
	case JSON_ARR:
	case JSON_OBJ:
		return write_children(out, v, depth);
	}
	return false;
}

bool json_write(struct buf *out, const struct json *v)
{
	/* Sorting members changes their order only, not what the tree says. */
	return v && write_value(out, (struct json *)(uintptr_t)v, 0) && buf_ok(out);
}
