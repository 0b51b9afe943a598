/*
 * doc_lines: documents line by line. A line is known by its words and those of the two lines
 * before it, without numbers, hedges, marks and blanks; what its numbers are is kept beside.
 * Only compared, never shown: the text is what the sealed reader made of the document.
 */
#include "report/doc.h"

#include <string.h>

#define MARK       '\x01' /* where a number stood */
#define MAX_LINES  40000
#define LINE_BYTES 8192
#define MOST       INT64_C(1000000000000000) /* larger numbers are all the same */

struct line {
	struct slice key, values, text; /* the two lines before and this one; its numbers */
};

struct doc_lines {
	struct arena *mem;
	struct line *at;
	size_t n;
	struct slice before[2];
};

/* ---- one line ---- */

static const struct {
	const char *sign;
	int64_t digit, unit; /* one of both */
} signs[] = {
    {"〇", 0, 0},  {"一", 1, 0},   {"二", 2, 0},    {"三", 3, 0},     {"四", 4, 0},
    {"五", 5, 0},  {"六", 6, 0},   {"七", 7, 0},    {"八", 8, 0},     {"九", 9, 0},
    {"十", 0, 10}, {"百", 0, 100}, {"千", 0, 1000}, {"万", 0, 10000}, {"億", 0, 100000000},
};

/* A sign of a number at the start: its bytes, or 0. */
static size_t sign_of(struct slice s, int64_t *digit, int64_t *unit)
{
	uint32_t cp = 0;
	size_t n = slice_utf8(s, &cp);

	*unit = 0;
	*digit = cp >= '0' && cp <= '9'         ? (int64_t)cp - '0'
	         : cp >= 0xff10 && cp <= 0xff19 ? (int64_t)cp - 0xff10
	                                        : -1;
	for (size_t i = 0; *digit < 0 && i < sizeof(signs) / sizeof(signs[0]); i++)
		if (slice_starts(s, slice_str(signs[i].sign))) {
			*digit = signs[i].digit;
			*unit = signs[i].unit;
		}
	return *digit < 0 ? 0 : n;
}

static int64_t plus(int64_t a, int64_t b)
{
	return a > MOST - b ? MOST : a + b;
}

/* Both at most MOST; b not 0. */
static int64_t times(int64_t a, int64_t b)
{
	return a > MOST / b ? MOST : a * b;
}

/* "14万7,545", "千九百三十八", "一九三八": its bytes, or 0. */
static size_t number(struct slice s, int64_t *out)
{
	int64_t all = 0, part = 0, now = 0, digit, unit;
	bool fresh = true;
	size_t at = 0, end = 0, n;

	for (;;) {
		struct slice rest = slice_sub(s, at, s.n);
		size_t comma = slice_starts(rest, SLICE(","))    ? 1
		               : slice_starts(rest, SLICE("，")) ? 3
		                                                 : 0;

		if (end && comma && sign_of(slice_sub(rest, comma, rest.n), &digit, &unit)) {
			at += comma;
			continue;
		}
		n = sign_of(rest, &digit, &unit);
		if (!n)
			break;
		if (unit >= 10000) {
			/* 万 behind 十 or 百 counts those; behind nothing it is one of its own.
			 */
			now = fresh ? part == 0 : now;
			all = plus(all, times(plus(part, now), unit));
			part = now = 0;
		} else if (unit) {
			part = plus(part, times(fresh ? 1 : now, unit));
			now = 0;
		} else {
			now = plus(times(now, 10), digit);
		}
		fresh = unit != 0;
		at += n;
		end = at;
	}
	*out = plus(plus(all, part), now);
	return end;
}

/* "August": its bytes, or 0. */
static size_t month(struct slice s, int64_t *out)
{
	static const char *const names[] = {"January",   "February", "March",    "April",
	                                    "May ",      "June",     "July",     "August",
	                                    "September", "October",  "November", "December"};

	for (size_t i = 0; i < 12; i++)
		if (slice_starts(s, slice_str(names[i]))) {
			*out = (int64_t)i + 1;
			return strlen(names[i]);
		}
	return 0;
}

/* What makes another figure of a number beside it: kept with the numbers, not in the key. */
static size_t hedge(struct slice s)
{
	static const char *const words[] = {
	    "約",        "最大",           "延べ",       "のべ", "およそ", "少なくとも",
	    "以上",      "以下",           "以内",       "程度", "前後",   "余り",
	    "超",        "未満",           "最低",       "ほぼ", "up to ", "about ",
	    "at least ", "approximately ", "more than ", "over "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(s, slice_str(words[i])))
			return strlen(words[i]);
	return 0;
}

static size_t era(struct slice s, int64_t *first)
{
	*first = slice_starts(s, SLICE("令和"))   ? 2018
	         : slice_starts(s, SLICE("平成")) ? 1988
	                                          : 0;
	return *first ? 6 : 0;
}

/* Marks of Markdown, of lists and of tables, and blanks: they differ from format to format. */
static size_t blank(struct slice s)
{
	uint32_t cp = 0;
	size_t n = slice_utf8(s, &cp);

	return cp <= ' ' || cp == '|' || cp == '*' || cp == '#' || cp == '-' || cp == 0x3000 ||
	               cp == 0x30fb || cp == '\\'
	           ? n ? n : 1
	           : 0;
}

static void take(struct doc_lines *l, struct slice text)
{
	struct buf key = {.max = LINE_BYTES}, values = {.max = LINE_BYTES};
	int64_t first = 0, n, since;
	struct slice mine;

	for (size_t at = 0, step; at < text.n; at += step) {
		struct slice rest = slice_sub(text, at, text.n);

		if ((step = era(rest, &since))) {
			first = since;
			continue;
		}
		if ((step = month(rest, &n)) || (step = number(rest, &n))) {
			buf_byte(&key, MARK);
			buf_printf(&values, "%lld ", (long long)(first + n));
			first = 0;
			continue;
		}
		first = 0;
		if ((step = hedge(rest))) {
			buf_add(&values, slice_sub(rest, 0, step));
			continue;
		}
		step = blank(rest);
		if (!step) {
			step = rest.at[0] < 0x80 ? 1 : slice_utf8(rest, &(uint32_t){0});
			step = step ? step : 1;
			buf_add(&key, slice_sub(rest, 0, step));
		}
	}
	mine = arena_copy(l->mem, buf_slice(&key));
	if (mine.n && values.n && l->n < MAX_LINES)
		l->at[l->n++] = (struct line){
		    arena_printf(l->mem, "%.*s\n%.*s\n%.*s", SLICE_ARG(l->before[0]),
		                 SLICE_ARG(l->before[1]), SLICE_ARG(mine)),
		    arena_copy(l->mem, buf_slice(&values)), slice_trim(text)};
	if (mine.n) {
		l->before[0] = l->before[1];
		l->before[1] = mine;
	}
	buf_done(&key);
	buf_done(&values);
}

void doc_lines_take(struct doc_lines *l, struct slice text)
{
	text = arena_copy(l->mem, text);
	l->before[0] = l->before[1] = SLICE("");
	while (text.n) {
		size_t end = slice_chr(text, '\n');

		take(l, slice_sub(text, 0, end));
		text = slice_sub(text, end == SIZE_MAX ? text.n : end + 1, text.n);
	}
}

/* Does this line stand there with the same numbers, or not at all, or with what depends on when
 * it was written? */
static bool agrees(const struct doc_lines *ours, const struct line *x)
{
	struct slice seen = SLICE("");
	bool found = false, differ = false;

	for (size_t i = 0; i < ours->n; i++) {
		const struct line *y = &ours->at[i];

		if (!slice_eq(y->key, x->key))
			continue;
		if (slice_eq(y->values, x->values))
			return true;
		differ = differ || (found && !slice_eq(y->values, seen));
		seen = y->values;
		found = true;
	}
	return !found || differ;
}

struct doc_lines *doc_lines_new(struct arena *mem)
{
	struct doc_lines *l = arena_alloc(mem, sizeof(*l));

	if (!l)
		return NULL;
	*l = (struct doc_lines){.mem = mem, .at = arena_array(mem, MAX_LINES, sizeof(*l->at))};
	return l->at ? l : NULL;
}

int64_t doc_lines_differ(const struct doc_lines *ours, const struct doc_lines *theirs,
                         doc_differs_fn *fn, void *ctx)
{
	int64_t n = 0;

	for (size_t i = 0; i < theirs->n; i++)
		if (!agrees(ours, &theirs->at[i])) {
			fn(ctx, "count", theirs->at[i].text, 0, 0, theirs->at[i].text);
			n++;
		}
	return n;
}
