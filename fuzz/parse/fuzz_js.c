/* Anything named like JavaScript. */
#include "../fuzz.h"
#include "parse/layout.h"
#include "parse/parse.h"

/* Broken into lines it is the same but for white space. */
static bool same_script(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && slice_chr(SLICE(" \t\r\n"), a.at[i]) != SIZE_MAX)
			i++;
		while (k < b.n && slice_chr(SLICE(" \t\r\n"), b.at[k]) != SIZE_MAX)
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.at[i++] != b.at[k++])
			return false;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct arena a;
	struct buf text = {.max = 128u * 1024}, laid = {.max = 4u << 20};

	arena_init(&a, 64u << 20);
	struct json *out = parse_look(&a, slice_mem(at, n), SLICE("dir/a.js"));
	FUZZ_CHECK(json_write(&text, out) && json_is_canonical(buf_slice(&text)));
	if (layout_js(slice_mem(at, n), &laid) == 0)
		FUZZ_CHECK(same_script(slice_mem(at, n), buf_slice(&laid)));
	buf_done(&laid);
	buf_done(&text);
	arena_done(&a);
	return 0;
}
