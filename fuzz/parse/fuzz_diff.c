/*
 * Two texts, parted by the first 0xff: the diff applied to the first gives the second. The
 * hunks are applied here by a few lines that share nothing with the code under test.
 */
#include "../fuzz.h"
#include "parse/parse.h"

#include <stdio.h>
#include <string.h>

static size_t line_end(struct slice s, size_t at)
{
	while (at < s.n && s.at[at] != '\n')
		at++;
	return at < s.n ? at + 1 : s.n;
}

/* Apply: copies of unchanged lines come from `before`. */
static void apply(struct slice before, struct slice diff, struct buf *out)
{
	size_t from = 0, at = line_end(diff, line_end(diff, 0)); /* behind --- and +++ */
	unsigned line = 1;

	while (at < diff.n) {
		size_t end = line_end(diff, at);
		struct slice text = slice_sub(diff, at + 1, end);
		unsigned start;
		char head[64];
		switch (diff.at[at]) {
		case '@':
			snprintf(head, sizeof(head), "%.*s", (int)(end - at),
			         (const char *)diff.at + at);
			FUZZ_CHECK(sscanf(head, "@@ -%u", &start) == 1);
			if (strstr(head, ",0 +"))
				start++;
			for (; line < start; line++) {
				size_t to = line_end(before, from);
				buf_add(out, slice_sub(before, from, to));
				from = to;
			}
			break;
		case '\\':
			FUZZ_CHECK(end == diff.n || diff.at[end] == '+' ||
			           diff.at[end] == '\n');
			break;
		default:
			/* A note about the missing newline follows: the line has none. */
			if (end < diff.n && diff.at[end] == '\\')
				text.n--;
			if (diff.at[at] != '-')
				buf_add(out, text);
			if (diff.at[at] != '+') {
				FUZZ_CHECK(
				    slice_starts(slice_sub(before, from, before.n), text));
				from += text.n;
				line++;
			}
		}
		at = end;
	}
	buf_add(out, slice_sub(before, from, before.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct slice in = slice_mem(at, n);
	size_t part = slice_chr(in, 0xff);
	struct buf diff = {.max = 8u << 20}, made = {.max = 8u << 20};
	struct parse_diff d;

	if (part == SIZE_MAX || n > 65536)
		return 0;
	struct slice before = slice_sub(in, 0, part), after = slice_sub(in, part + 1, n);
	FUZZ_CHECK(parse_diff(before, after, SLICE("a"), SLICE("b"), n % 5, &diff, &d) == 0);
	if (!d.binary && !d.truncated) {
		apply(before, buf_slice(&diff), &made);
		FUZZ_CHECK(slice_eq(buf_slice(&made), after));
	}
	buf_done(&diff);
	buf_done(&made);
	return 0;
}
