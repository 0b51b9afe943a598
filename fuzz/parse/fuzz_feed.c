/* Any bytes as a feed. */
#include "../fuzz.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct buf text = {.max = 64u << 20};
	struct err e = {0};
	struct json *out;
	struct arena a;

	arena_init(&a, 64u << 20);
	out = parse_feed(&a, slice_mem(at, n), &e);
	FUZZ_CHECK(out || e.text[0] || a.broken);
	FUZZ_CHECK(!out || json_write(&text, out));
	buf_done(&text);
	arena_done(&a);
	return 0;
}
