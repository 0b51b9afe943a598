#include "fact/json.h"

#define INT_MOST   INT64_C(9007199254740991) /* 2^53 - 1: exact in every JSON reader */
#define DEC_UNIT   INT64_C(1000000)
#define DEC_DIGITS 6

static struct json *make(struct arena *a, enum json_kind kind)
{
	struct json *v = arena_alloc(a, sizeof(*v));

	if (v)
		v->kind = kind;
	return v;
}

struct json *json_obj(struct arena *a)
{
	return make(a, JSON_OBJ);
}

struct json *json_arr(struct arena *a)
{
	return make(a, JSON_ARR);
}

struct json *json_null(struct arena *a)
{
	return make(a, JSON_NULL);
}

struct json *json_str(struct arena *a, struct slice s)
{
	struct json *v = slice_utf8_valid(s) ? make(a, JSON_STR) : NULL;

	if (v)
		v->s = arena_copy(a, s);
	return v && v->s.at ? v : NULL;
}

struct json *json_int(struct arena *a, int64_t i)
{
	struct json *v = i <= INT_MOST && i >= -INT_MOST ? make(a, JSON_INT) : NULL;

	if (v)
		v->i = i;
	return v;
}

/* A decimal that is whole is an integer: one value, one text. */
static struct json *from_millionths(struct arena *a, int64_t millionths)
{
	struct json *v;

	if (millionths % DEC_UNIT == 0)
		return json_int(a, millionths / DEC_UNIT);
	v = make(a, JSON_DEC);
	if (v)
		v->i = millionths;
	return v;
}

struct json *json_dec(struct arena *a, double d)
{
	/* The comparison is written so that NaN fails it. */
	double scaled = d * (double)DEC_UNIT;

	if (!(scaled >= -(double)INT_MOST && scaled <= (double)INT_MOST))
		return NULL;
	return from_millionths(a, (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
}

struct json *json_bool(struct arena *a, bool b)
{
	struct json *v = make(a, JSON_BOOL);

	if (v)
		v->b = b;
	return v;
}

struct json *json_copy(struct arena *a, const struct json *v)
{
	struct json *copy = v ? make(a, v->kind) : NULL;

	if (!copy)
		return NULL;
	if (v->kind == JSON_STR)
		copy->s = arena_copy(a, v->s);
	else if (v->kind == JSON_BOOL)
		copy->b = v->b;
	else
		copy->i = v->i;
	for (const struct json *m = v->first; m; m = m->next) {
		struct json *c = json_copy(a, m);

		if (!c)
			return NULL;
		if (m->name.at)
			c->name = arena_copy(a, m->name);
		json_push(copy, c);
	}
	return copy;
}

struct json *json_push(struct json *arr, struct json *v)
{
	if (!arr || !v)
		return NULL;
	v->next = NULL;
	if (arr->last)
		arr->last->next = v;
	else
		arr->first = v;
	arr->last = v;
	return v;
}

static void unlink_member(struct json *obj, struct slice name)
{
	struct json *before = NULL;

	for (struct json *m = obj->first; m; before = m, m = m->next) {
		if (!slice_eq(m->name, name))
			continue;
		if (before)
			before->next = m->next;
		else
			obj->first = m->next;
		if (obj->last == m)
			obj->last = before;
		return;
	}
}

struct json *json_put(struct arena *a, struct json *obj, const char *name, struct json *v)
{
	if (!obj || !v) {
		/* Make the fault visible at the end: a broken arena is never written. */
		a->broken = true;
		return NULL;
	}
	unlink_member(obj, slice_str(name));
	v->name = arena_copy(a, slice_str(name));
	return json_push(obj, v);
}

void json_put_slice(struct arena *a, struct json *obj, const char *name, struct slice s)
{
	json_put(a, obj, name, json_str(a, s));
}

void json_put_str(struct arena *a, struct json *obj, const char *name, const char *s)
{
	json_put_slice(a, obj, name, slice_str(s));
}

void json_put_int(struct arena *a, struct json *obj, const char *name, int64_t i)
{
	json_put(a, obj, name, json_int(a, i));
}

void json_put_bool(struct arena *a, struct json *obj, const char *name, bool b)
{
	json_put(a, obj, name, json_bool(a, b));
}

static const struct json *member(const struct json *obj, struct slice name)
{
	if (!obj || obj->kind != JSON_OBJ)
		return NULL;
	for (const struct json *m = obj->first; m; m = m->next) {
		if (slice_eq(m->name, name))
			return m;
	}
	return NULL;
}

const struct json *json_get(const struct json *obj, const char *name)
{
	return member(obj, slice_str(name));
}

const struct json *json_at(const struct json *v, const char *way)
{
	struct slice rest = slice_str(way);

	while (v && rest.n) {
		size_t dot = slice_chr(rest, '.');

		v = member(v, slice_sub(rest, 0, dot));
		rest = dot == SIZE_MAX ? (struct slice){0} : slice_sub(rest, dot + 1, rest.n);
	}
	return v;
}

struct slice json_text(const struct json *v, const char *way)
{
	v = json_at(v, way);
	return v && v->kind == JSON_STR ? v->s : (struct slice){0};
}

int64_t json_num(const struct json *v, const char *way, int64_t otherwise)
{
	v = json_at(v, way);
	if (v && v->kind == JSON_INT)
		return v->i;
	return v && v->kind == JSON_DEC ? v->i / DEC_UNIT : otherwise;
}

double json_real(const struct json *v, const char *way, double otherwise)
{
	v = json_at(v, way);
	if (v && v->kind == JSON_INT)
		return (double)v->i;
	return v && v->kind == JSON_DEC ? (double)v->i / (double)DEC_UNIT : otherwise;
}

bool json_true(const struct json *v, const char *way)
{
	v = json_at(v, way);
	return v && v->kind == JSON_BOOL && v->b;
}

size_t json_count(const struct json *v)
{
	size_t n = 0;

	for (const struct json *m = v ? v->first : NULL; m; m = m->next)
		n++;
	return n;
}

/* ---- writing ---- */

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

static void write_str(struct buf *out, struct slice s)
{
	size_t run = 0;

	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (c >= 0x20 && c != '"' && c != '\\')
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
	uint64_t frac = u % (uint64_t)DEC_UNIT;
	char digit[DEC_DIGITS];
	size_t n = DEC_DIGITS;

	if (millionths < 0)
		buf_byte(out, '-');
	write_int(out, (int64_t)(u / (uint64_t)DEC_UNIT));
	for (size_t i = DEC_DIGITS; i > 0; i--) {
		digit[i - 1] = (char)('0' + frac % 10);
		frac /= 10;
	}
	while (n > 0 && digit[n - 1] == '0')
		n--;
	buf_byte(out, '.');
	buf_add(out, slice_mem(digit, n));
}

/* RFC 8785, 3.2.3: names are ordered by UTF-16 code units. */
static uint32_t utf16_rank(uint32_t cp)
{
	/* Supplementary characters begin with a surrogate (D800..), so they sort below
	 * U+E000..U+FFFF. */
	return cp >= 0x10000 ? 0xd800 + (cp >> 16) : cp >= 0xe000 ? cp + 0x100 : cp;
}

static int name_cmp(struct slice a, struct slice b)
{
	size_t i = 0;
	uint32_t ca, cb;

	while (i < a.n && i < b.n && a.at[i] == b.at[i])
		i++;
	/* Step back to the start of the differing character. */
	while (i > 0 && i < a.n && (a.at[i] & 0xc0) == 0x80)
		i--;
	if (i >= a.n || i >= b.n || !slice_utf8(slice_sub(a, i, a.n), &ca) ||
	    !slice_utf8(slice_sub(b, i, b.n), &cb))
		return slice_cmp(a, b);
	if (ca >= 0x10000 && cb >= 0x10000)
		return ca < cb ? -1 : ca > cb;
	ca = utf16_rank(ca);
	cb = utf16_rank(cb);
	return ca < cb ? -1 : ca > cb;
}

/* Merge sort of a singly linked list by name: stable, n log n, no memory. */
static struct json *merge(struct json *a, struct json *b)
{
	struct json head = {0}, *tail = &head;

	while (a && b) {
		struct json **least = name_cmp(a->name, b->name) <= 0 ? &a : &b;

		tail->next = *least;
		tail = *least;
		*least = (*least)->next;
	}
	tail->next = a ? a : b;
	return head.next;
}

static bool sorted(const struct json *m)
{
	for (; m && m->next; m = m->next) {
		if (name_cmp(m->name, m->next->name) > 0)
			return false;
	}
	return true;
}

static struct json *sort(struct json *list)
{
	struct json *slow = list, *fast, *half;

	if (sorted(list))
		return list;
	for (fast = list->next; fast && fast->next; fast = fast->next->next)
		slow = slow->next;
	half = slow->next;
	slow->next = NULL;
	return merge(sort(list), sort(half));
}

static void sort_members(struct json *obj)
{
	obj->first = sort(obj->first);
	obj->last = obj->first;
	while (obj->last && obj->last->next)
		obj->last = obj->last->next;
}

static bool write_value(struct buf *out, struct json *v, int depth);

static bool write_children(struct buf *out, struct json *v, int depth)
{
	bool obj = v->kind == JSON_OBJ;

	if (depth >= JSON_DEPTH)
		return false;
	if (obj)
		sort_members(v);
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

/* ---- parsing ---- */

struct parser {
	struct arena *a;
	struct cursor c;
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

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex4(struct cursor *c, uint32_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = hex_digit(cursor_peek(c, i));

		if (d < 0)
			return false;
		v = v << 4 | (uint32_t)d;
	}
	*out = v;
	return cursor_skip(c, 4);
}

/* Behind "\u": one code unit, or two that form a surrogate pair. */
static bool parse_unicode(struct cursor *c, uint32_t *cp)
{
	uint32_t low;

	if (!parse_hex4(c, cp) || (*cp >= 0xdc00 && *cp <= 0xdfff))
		return false;
	if (*cp < 0xd800 || *cp > 0xdbff)
		return true;
	if (!cursor_eat(c, SLICE("\\u")) || !parse_hex4(c, &low) || low < 0xdc00 ||
	    low > 0xdfff)
		return false;
	*cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static size_t put_utf8(uint8_t *to, uint32_t cp)
{
	if (cp < 0x80) {
		to[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		to[0] = (uint8_t)(0xc0 | cp >> 6);
		to[1] = (uint8_t)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		to[0] = (uint8_t)(0xe0 | cp >> 12);
		to[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (cp & 0x3f));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | cp >> 18);
	to[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (cp & 0x3f));
	return 4;
}

static bool parse_escape(struct cursor *c, uint8_t *to, size_t *n)
{
	static const char from[] = "\"\\/bfnrt";
	static const char is[] = "\"\\/\b\f\n\r\t";
	uint32_t cp;
	uint8_t b;

	if (!cursor_byte(c, &b))
		return false;
	if (b == 'u') {
		if (!parse_unicode(c, &cp))
			return false;
		*n += put_utf8(to + *n, cp);
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
		else if (!parse_escape(&c, to, &n))
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
		if (*v > INT_MOST)
			return false;
		*v = *v * 10 + (b - '0');
		cursor_skip(c, 1);
	}
}

static struct json *parse_number(struct parser *p)
{
	bool negative = cursor_eat(&p->c, SLICE("-"));
	bool zero = cursor_peek(&p->c, 0) == '0';
	int64_t v = 0, frac = 0, unit = DEC_UNIT;
	size_t n;

	if (!parse_digits(&p->c, &v, &n) || v > INT_MOST || (zero && n > 1))
		return NULL;
	if (!cursor_eat(&p->c, SLICE(".")))
		return negative && v == 0 ? NULL : json_int(p->a, negative ? -v : v);
	if (!parse_digits(&p->c, &frac, &n) || n > DEC_DIGITS || v > INT_MOST / DEC_UNIT)
		return NULL;
	for (size_t i = 0; i < n; i++)
		unit /= 10;
	v = v * DEC_UNIT + frac * unit;
	return from_millionths(p->a, negative ? -v : v);
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
	sort_members(obj);
	for (const struct json *m = obj->first; m && m->next; m = m->next) {
		if (slice_eq(m->name, m->next->name))
			return NULL;
	}
	return obj;
}

static struct json *parse_children(struct parser *p, enum json_kind kind, int depth)
{
	struct slice close = kind == JSON_OBJ ? SLICE("}") : SLICE("]");
	struct json *v = make(p->a, kind), *child;

	if (!v || depth >= JSON_DEPTH)
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
			return kind == JSON_OBJ ? finish_object(v) : v;
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
		v = make(p->a, JSON_STR);
		return v && parse_str(p, &v->s) ? v : NULL;
	}
	if (cursor_eat(&p->c, SLICE("true")))
		return json_bool(p->a, true);
	if (cursor_eat(&p->c, SLICE("false")))
		return json_bool(p->a, false);
	if (cursor_eat(&p->c, SLICE("null")))
		return json_null(p->a);
	return parse_number(p);
}

struct json *json_parse(struct arena *a, struct slice in, size_t *where)
{
	struct parser p = {a, cursor_over(in)};
	struct json *v = in.n <= JSON_MAX_BYTES ? parse_value(&p, 0) : NULL;

	if (v)
		skip_blank(&p.c);
	if (v && cursor_end(&p.c))
		return v;
	if (where)
		*where = p.c.pos;
	return NULL;
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
