/* diff_model: a unified diff, line by line, ready to be shown. */
#include "desk/diff.h"

#define RUN_MAX 64 /* neighbouring lines that are held against each other */

struct state {
	struct arena *a;
	struct json *lines;
	int64_t old, new;
	/* Removed lines that still wait for the added ones that follow them. */
	struct json *gone[RUN_MAX];
	struct slice gone_text[RUN_MAX];
	int gones, paired;
};

/* Inert, well-formed text; tabs as blanks. */
static struct slice clean(struct arena *a, struct slice raw)
{
	struct slice out;
	struct buf b;

	buf_init(&b, raw.n * 10 + 64);
	for (size_t i = 0; i < raw.n;) {
		size_t tab = slice_chr(slice_sub(raw, i, raw.n), '\t');
		size_t end = tab == SIZE_MAX ? raw.n : i + tab;

		text_safe(&b, slice_sub(raw, i, end));
		if (end < raw.n)
			buf_str(&b, "    ");
		i = end + 1;
	}
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return out;
}

static void part(struct arena *a, struct json *parts, struct slice text, bool mark)
{
	struct json *p;

	if (text.n == 0)
		return;
	p = json_obj(a);
	json_put_slice(a, p, "text", clean(a, text));
	json_put_bool(a, p, "mark", mark);
	json_push(parts, p);
}

static struct slice shorten(struct slice s)
{
	uint32_t cp;
	size_t n = 0;

	if (s.n <= DIFF_MAX_LINE)
		return s;
	for (size_t step; n < DIFF_MAX_LINE; n += step) {
		step = slice_utf8(slice_sub(s, n, s.n), &cp);
		step = step ? step : 1;
	}
	return slice_sub(s, 0, n);
}

static void put_parts(struct state *st, struct json *line, struct slice text, size_t from,
                      size_t to)
{
	struct json *parts = json_arr(st->a);
	struct slice shown = shorten(text);

	to = to > shown.n ? shown.n : to;
	from = from > to ? to : from;
	part(st->a, parts, slice_sub(shown, 0, from), false);
	part(st->a, parts, slice_sub(shown, from, to), true);
	part(st->a, parts, slice_sub(shown, to, shown.n), false);
	json_put(st->a, line, "parts", parts);
	if (shown.n < text.n)
		json_put_int(st->a, line, "cut", (int64_t)(text.n - shown.n));
}

static struct json *add_line(struct state *st, const char *kind, struct slice text)
{
	struct json *line = json_obj(st->a);

	json_put_str(st->a, line, "kind", kind);
	put_parts(st, line, text, 0, 0);
	json_push(st->lines, line);
	return line;
}

static bool tail_byte(uint8_t c)
{
	return (c & 0xc0) == 0x80;
}

/* What two lines have in common at both ends, never within a character. */
static void common(struct slice a, struct slice b, size_t *head, size_t *tail)
{
	size_t least = a.n < b.n ? a.n : b.n, h = 0, t = 0;

	while (h < least && a.at[h] == b.at[h])
		h++;
	while (h > 0 && ((h < a.n && tail_byte(a.at[h])) || (h < b.n && tail_byte(b.at[h]))))
		h--;
	while (t < least - h && a.at[a.n - 1 - t] == b.at[b.n - 1 - t])
		t++;
	while (t > 0 && tail_byte(a.at[a.n - t]))
		t--;
	*head = h;
	*tail = t;
}

/* Mark what differs between a removed line and the added one in its place. */
static void mark_pair(struct state *st, struct json *added, struct slice text)
{
	struct json *gone;
	struct slice before;
	size_t head, tail;

	if (st->paired >= st->gones)
		return;
	gone = st->gone[st->paired];
	before = st->gone_text[st->paired++];
	common(before, text, &head, &tail);
	/* Lines with little in common are simply other lines. */
	if ((head + tail) * 3 < before.n || (head + tail) * 3 < text.n)
		return;
	put_parts(st, gone, before, head, before.n - tail);
	put_parts(st, added, text, head, text.n - tail);
}

static void end_run(struct state *st)
{
	st->gones = st->paired = 0;
}

/* "@@ -12,7 +12,9 @@": the lines' numbers from here on. */
static void hunk(struct state *st, struct slice line)
{
	struct cursor c = cursor_over(line);
	int64_t n[2] = {0, 0};

	end_run(st);
	for (int i = 0; i < 2; i++) {
		while (!cursor_end(&c) && cursor_peek(&c, 0) != (i ? '+' : '-'))
			cursor_skip(&c, 1);
		cursor_skip(&c, 1);
		for (int b; (b = cursor_peek(&c, 0)) >= '0' && b <= '9' && n[i] < 1000000000;
		     cursor_skip(&c, 1))
			n[i] = n[i] * 10 + (b - '0');
	}
	st->old = n[0];
	st->new = n[1];
	json_put_int(st->a, add_line(st, "hunk", SLICE("")), "new", n[1]);
}

static void removed(struct state *st, struct slice text)
{
	struct json *line;

	if (st->paired)
		end_run(st);
	line = add_line(st, "del", text);
	json_put_int(st->a, line, "old", st->old++);
	if (st->gones < RUN_MAX) {
		st->gone[st->gones] = line;
		st->gone_text[st->gones++] = text;
	}
}

static void one_line(struct state *st, struct slice line)
{
	struct slice text = slice_sub(line, 1, line.n);
	struct json *l;

	switch (line.n ? line.at[0] : ' ') {
	case '@':
		hunk(st, line);
		break;
	case '-':
		removed(st, text);
		break;
	case '+':
		l = add_line(st, "add", text);
		json_put_int(st->a, l, "new", st->new ++);
		mark_pair(st, l, text);
		break;
	case '\\':
		break;
	default:
		end_run(st);
		l = add_line(st, "same", text);
		json_put_int(st->a, l, "old", st->old++);
		json_put_int(st->a, l, "new", st->new ++);
	}
}

struct json *diff_model(struct arena *a, struct slice unified)
{
	struct state st = {.a = a, .lines = json_arr(a)};
	struct json *m = json_obj(a);
	struct cursor c = cursor_over(unified);
	struct slice line;
	bool begun = false;
	int n = 0;

	/* What stands before the first hunk are the names of the two sides. */
	while (n < DIFF_MAX_LINES && cursor_line(&c, &line)) {
		begun = begun || slice_starts(line, SLICE("@@"));
		if (!begun)
			continue;
		one_line(&st, line);
		n++;
	}
	json_put(a, m, "lines", st.lines);
	json_put_bool(a, m, "more", !cursor_end(&c));
	return m;
}
