#include "base/text.h"
#include "fact/json_tree.h"

#define FOREIGN_DEPTH  64
#define FOREIGN_DIGITS 18 /* more of them than that are not told apart */
#define REPLACEMENT    0xfffd

struct parser {
	struct arena *a;
	struct cursor c;
	bool foreign; /* what other programs write: json_parse_foreign() */
};

static void skip_blank(struct cursor *c)
{
	for (;;) {
		int b = cursor_peek(c, 0);

		if (b != ' ' && b != '\t' && b != '\n' && b != '\r')
			return;
		cursor_skip(c, 1);
	}
}

static bool parse_hex4(struct cursor *c, uint32_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = text_hexval(cursor_peek(c, i));

		if (d < 0)
			return false;
		v = v << 4 | (uint32_t)d;
	}
	*out = v;
	return cursor_skip(c, 4);
}

/*
 * Behind "\u": one code unit, or two that form a surrogate pair. Half a pair is a fault; in
 * foreign texts it is the replacement character (JavaScript's strings may hold such halves).
 */
static bool parse_unicode(struct cursor *c, bool foreign, uint32_t *cp)
{
	struct cursor at;
	uint32_t low;

	if (!parse_hex4(c, cp))
		return false;
	if (*cp < 0xd800 || *cp > 0xdfff)
		return true;
	at = *c;
	if (*cp <= 0xdbff && cursor_eat(&at, SLICE("\\u")) && parse_hex4(&at, &low) &&
	    low >= 0xdc00 && low <= 0xdfff) {
		*c = at;
		*cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
		return true;
	}
	*cp = REPLACEMENT;
	return foreign;
}

static bool parse_escape(struct cursor *c, bool foreign, uint8_t *to, size_t *n)
{
	static const char from[] = "\"\\/bfnrt";
	static const char is[] = "\"\\/\b\f\n\r\t";
	uint32_t cp;
	uint8_t b;

	if (!cursor_byte(c, &b))
		return false;
	if (b == 'u') {
		if (!parse_unicode(c, foreign, &cp))
			return false;
		*n += slice_utf8_put(to + *n, cp);
		return true;
	}
	for (size_t i = 0; i < sizeof(from) - 1; i++) {
		if (from[i] == (char)b) {
			to[(*n)++] = (uint8_t)is[i];
			return true;
		}
	}
	return false;
}

/* Bytes up to the closing quote, raw; *escaped tells whether a copy is needed. */
static bool scan_str(struct cursor *c, struct slice *raw, bool *escaped)
{
	size_t from = c->pos;

	*escaped = false;
	for (;;) {
		int b = cursor_peek(c, 0);

		if (b < 0x20)
			return false; /* also the end */
		if (b == '"')
			break;
		if (b == '\\') {
			*escaped = true;
			if (!cursor_skip(c, 1) || cursor_end(c))
				return false;
		}
		cursor_skip(c, 1);
	}
	*raw = slice_sub(c->in, from, c->pos);
	cursor_skip(c, 1);
	return slice_utf8_valid(*raw);
}

static bool parse_str(struct parser *p, struct slice *out)
{
	struct slice raw;
	struct cursor c;
	uint8_t *to, b;
	size_t n = 0;
	bool escaped;

	if (!scan_str(&p->c, &raw, &escaped))
		return false;
	*out = raw;
	if (!escaped)
		return true;
	to = arena_alloc(p->a, raw.n + 1); /* an escape is never longer than it was written */
	if (!to)
		return false;
	c = cursor_over(raw);
	while (cursor_byte(&c, &b)) {
		if (b != '\\')
			to[n++] = b;
		else if (!parse_escape(&c, p->foreign, to, &n))
			return false;
	}
	*out = slice_mem(to, n);
	return true;
}

/* Digits into *v; counts them; no leading zero unless alone. */
static bool parse_digits(struct cursor *c, int64_t *v, size_t *count)
{
	for (*count = 0;; ++*count) {
		int b = cursor_peek(c, 0);

		if (b < '0' || b > '9')
			return *count > 0;
		if (*v > JSON_INT_MOST)
			return false;
		*v = *v * 10 + (b - '0');
		cursor_skip(c, 1);
	}
}

static struct json *parse_number(struct parser *p)
{
	bool negative = cursor_eat(&p->c, SLICE("-"));
	bool zero = cursor_peek(&p->c, 0) == '0';
	int64_t v = 0, frac = 0, unit = JSON_DEC_UNIT;
	size_t n;

	if (!parse_digits(&p->c, &v, &n) || v > JSON_INT_MOST || (zero && n > 1))
		return NULL;
	if (!cursor_eat(&p->c, SLICE(".")))
		return negative && v == 0 ? NULL : json_int(p->a, negative ? -v : v);
	if (!parse_digits(&p->c, &frac, &n) || n > JSON_DEC_DIGITS ||
	    v > JSON_INT_MOST / JSON_DEC_UNIT)
		return NULL;
	for (size_t i = 0; i < n; i++)
		unit /= 10;
	v = v * JSON_DEC_UNIT + frac * unit;
	return json_millionths(p->a, negative ? -v : v);
}

/* Any number of RFC 8259, as near as we can hold it: whole, or in millionths; clamped. */
static struct json *parse_foreign_number(struct parser *p)
{
	double v = 0, unit = 1, scale = 1;
	bool negative = cursor_eat(&p->c, SLICE("-")), minus;
	int64_t exponent = 0;
	size_t digits = 0;

	for (int b; (b = cursor_peek(&p->c, 0)) >= '0' && b <= '9'; digits++) {
		v = v * 10 + (b - '0');
		cursor_skip(&p->c, 1);
	}
	if (digits == 0)
		return NULL;
	if (cursor_eat(&p->c, SLICE(".")))
		for (int b; (b = cursor_peek(&p->c, 0)) >= '0' && b <= '9';) {
			if (++digits <= FOREIGN_DIGITS)
				v += (b - '0') * (unit /= 10);
			cursor_skip(&p->c, 1);
		}
	if (cursor_eat(&p->c, SLICE("e")) || cursor_eat(&p->c, SLICE("E"))) {
		minus = cursor_eat(&p->c, SLICE("-"));
		if (!minus)
			cursor_eat(&p->c, SLICE("+"));
		if (!parse_digits(&p->c, &exponent, &digits))
			return NULL;
		for (int64_t i = 0; i < exponent && i < 400; i++)
			scale *= minus ? 0.1 : 10;
	}
	v = (negative ? -v : v) * scale;
	if (v >= (double)JSON_INT_MOST || v <= -(double)JSON_INT_MOST)
		return json_int(p->a, v > 0 ? JSON_INT_MOST : -JSON_INT_MOST);
	if (v >= (double)(JSON_INT_MOST / JSON_DEC_UNIT) ||
	    v <= -(double)(JSON_INT_MOST / JSON_DEC_UNIT))
		return json_int(p->a, (int64_t)v);
	return json_dec(p->a, v);
}

static struct json *parse_value(struct parser *p, int depth);

static struct json *parse_member(struct parser *p, int depth)
{
	struct json *v;
	struct slice name;

	skip_blank(&p->c);
	if (!cursor_eat(&p->c, SLICE("\"")) || !parse_str(p, &name))
		return NULL;
	skip_blank(&p->c);
	if (!cursor_eat(&p->c, SLICE(":")))
		return NULL;
	v = parse_value(p, depth);
	if (v)
		v->name = name;
	return v;
}

/* Members sorted, so that twins stand side by side: a repeated name is a fault. */
static struct json *finish_object(struct json *obj)
{
	json_sort_members(obj);
	for (const struct json *m = obj->first; m && m->next; m = m->next) {
		if (slice_eq(m->name, m->next->name))
			return NULL;
	}
	return obj;
}

static struct json *parse_children(struct parser *p, enum json_kind kind, int depth)
{
	struct slice close = kind == JSON_OBJ ? SLICE("}") : SLICE("]");
	struct json *v = json_make(p->a, kind), *child;

	if (!v || depth >= (p->foreign ? FOREIGN_DEPTH : JSON_DEPTH))
		return NULL;
	skip_blank(&p->c);
	if (cursor_eat(&p->c, close))
		return v;
	for (;;) {
		child =
		    kind == JSON_OBJ ? parse_member(p, depth + 1) : parse_value(p, depth + 1);
		if (!json_push(v, child))
			return NULL;
		skip_blank(&p->c);
		if (cursor_eat(&p->c, close))
			return kind == JSON_OBJ && !p->foreign ? finish_object(v) : v;
		if (!cursor_eat(&p->c, SLICE(",")))
			return NULL;
	}
}

static struct json *parse_value(struct parser *p, int depth)
{
	struct json *v;

	skip_blank(&p->c);
	if (cursor_eat(&p->c, SLICE("{")))
		return parse_children(p, JSON_OBJ, depth);
	if (cursor_eat(&p->c, SLICE("[")))
		return parse_children(p, JSON_ARR, depth);
	if (cursor_eat(&p->c, SLICE("\""))) {
		v = json_make(p->a, JSON_STR);
		return v && parse_str(p, &v->s) ? v : NULL;
	}
	if (cursor_eat(&p->c, SLICE("true")))
		return json_bool(p->a, true);
	if (cursor_eat(&p->c, SLICE("false")))
		return json_bool(p->a, false);
	if (cursor_eat(&p->c, SLICE("null")))
		return json_null(p->a);
	return p->foreign ? parse_foreign_number(p) : parse_number(p);
}

static struct json *parse_whole(struct parser *p, size_t *where)
{
	struct json *v = parse_value(p, 0);

	if (v)
		skip_blank(&p->c);
	if (v && cursor_end(&p->c))
		return v;
	if (where)
		*where = p->c.pos;
	return NULL;
}

struct json *json_parse(struct arena *a, struct slice in, size_t *where)
{
	struct parser p = {.a = a, .c = cursor_over(in)};

	if (in.n <= JSON_MAX_BYTES)
		return parse_whole(&p, where);
	if (where)
		*where = 0;
	return NULL;
}

struct json *json_parse_foreign(struct arena *a, struct slice in, size_t *where)
{
	struct parser p = {.a = a, .c = cursor_over(in), .foreign = true};

	return parse_whole(&p, where);
}

bool json_is_canonical(struct slice in)
{
	struct arena a;
	struct buf b;
	bool same;

	arena_init(&a, 64 * (size_t)JSON_MAX_BYTES);
	buf_init(&b, in.n);
	same = json_write(&b, json_parse(&a, in, NULL)) && slice_eq(buf_slice(&b), in);
	buf_done(&b);
	arena_done(&a);
	return same;
}
