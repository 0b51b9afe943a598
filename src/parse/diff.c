#include "parse/diff.h"
#include "parse/parse.h"

#include <string.h>

#define BINARY_SNIFF_BYTES 8000
#define LINE_ROOM          64 /* for a hunk's head or the missing newline's note */

struct writer {
	const struct diff_side *a, *b;
	struct buf *out;
	struct parse_diff *result;
	uint32_t context;
};

/* Lines [a0, a1) against [b0, b1), context included. */
struct hunk {
	uint32_t a0, a1, b0, b1;
};

static bool room(struct writer *w, size_t n)
{
	if (w->out->n + n + LINE_ROOM > w->out->max)
		w->result->truncated = true;
	return !w->result->truncated;
}

static void line(struct writer *w, char mark, struct slice text)
{
	if (!room(w, text.n + 1))
		return;
	buf_byte(w->out, (uint8_t)mark);
	buf_add(w->out, text);
	if (text.n == 0 || text.at[text.n - 1] != '\n')
		buf_str(w->out, "\n\\ No newline at end of file\n");
}

/* "12,3"; one line is "12"; none is the line before and ",0". */
static void range(struct buf *out, uint32_t from, uint32_t to)
{
	if (to == from + 1)
		buf_printf(out, "%u", from + 1);
	else
		buf_printf(out, "%u,%u", to > from ? from + 1 : from, to - from);
}

static void write_hunk(struct writer *w, struct hunk h)
{
	uint32_t i = h.a0, k = h.b0;

	if (!room(w, 0))
		return;
	buf_str(w->out, "@@ -");
	range(w->out, h.a0, h.a1);
	buf_str(w->out, " +");
	range(w->out, h.b0, h.b1);
	buf_str(w->out, " @@\n");
	while (i < h.a1 || k < h.b1) {
		for (; i < h.a1 && w->a->changed[i]; i++)
			line(w, '-', w->a->line[i]);
		for (; k < h.b1 && w->b->changed[k]; k++)
			line(w, '+', w->b->line[k]);
		for (; i < h.a1 && k < h.b1 && !w->a->changed[i] && !w->b->changed[k]; i++, k++)
			line(w, ' ', w->a->line[i]);
	}
}

/* From the common lines at (i, k) on: the next change with its context, or false. */
static bool next_hunk(const struct writer *w, uint32_t *i, uint32_t *k, struct hunk *h)
{
	const struct diff_side *a = w->a, *b = w->b;
	uint32_t common = 0;

	while (*i < a->n && *k < b->n && !a->changed[*i] && !b->changed[*k]) {
		++*i;
		++*k;
		common++;
	}
	if (*i >= a->n && *k >= b->n)
		return false;
	uint32_t before = common < w->context ? common : w->context;
	h->a0 = *i - before;
	h->b0 = *k - before;
	for (common = 0; (*i < a->n || *k < b->n) && common <= 2 * w->context;) {
		if (*i < a->n && a->changed[*i]) {
			++*i;
			common = 0;
		} else if (*k < b->n && b->changed[*k]) {
			++*k;
			common = 0;
		} else if (*i < a->n && *k < b->n) {
			++*i;
			++*k;
			common++;
		} else {
			break;
		}
	}
	/* What is common at the end beyond the context is the next one's. */
	if (common > w->context) {
		*i -= common - w->context;
		*k -= common - w->context;
	}
	h->a1 = *i;
	h->b1 = *k;
	return true;
}

static int64_t count(const struct diff_side *d)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < d->n; i++)
		n += d->changed[i];
	return n;
}

/* A name with blanks ends in a tab, as patch(1) wants it; line ends can't stand in it. */
static void name_line(struct buf *out, const char *mark, struct slice name)
{
	buf_str(out, mark);
	for (size_t i = 0; i < name.n; i++)
		buf_byte(out, name.at[i] < 0x20 ? '?' : name.at[i]);
	buf_str(out, slice_chr(name, ' ') == SIZE_MAX ? "\n" : "\t\n");
}

static bool is_binary(struct slice s)
{
	return slice_chr(slice_sub(s, 0, BINARY_SNIFF_BYTES), 0) != SIZE_MAX;
}

static void write_all(struct writer *w, struct slice before_name, struct slice after_name)
{
	uint32_t i = 0, k = 0;
	struct hunk h;

	if (w->result->added == 0 && w->result->removed == 0)
		return;
	if (!room(w, before_name.n + after_name.n))
		return;
	name_line(w->out, "--- ", before_name);
	name_line(w->out, "+++ ", after_name);
	while (next_hunk(w, &i, &k, &h) && !w->result->truncated)
		write_hunk(w, h);
}

int parse_diff(struct slice before, struct slice after, struct slice before_name,
               struct slice after_name, int context, struct buf *out, struct parse_diff *result)
{
	struct diff_side side[2];
	struct writer w = {&side[0], &side[1], out, result,
	                   context < 0 ? 0 : (uint32_t)context};
	int code;

	memset(result, 0, sizeof(*result));
	if (is_binary(before) || is_binary(after)) {
		result->binary = true;
		return 0;
	}
	code = diff_split(side, before, after);
	if (code == 0)
		code = diff_mark(side);
	if (code == 0) {
		result->removed = count(&side[0]);
		result->added = count(&side[1]);
		write_all(&w, before_name, after_name);
	}
	diff_done(side);
	return code;
}
