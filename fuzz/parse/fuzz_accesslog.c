/* The first line is the format, the others are the log. No card number may come through. */
#include "../fuzz.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct slice in = slice_mem(at, n), format;
	struct cursor c = cursor_over(in);
	struct arena a;
	struct buf text = {.max = 16u << 20};
	size_t ill_formed;

	if (n > 65536 || !cursor_line(&c, &format))
		return 0;
	arena_init(&a, 64u << 20);
	struct json *out = parse_access_log(&a, format, cursor_rest(&c), &ill_formed);
	if (out && json_write(&text, out))
		FUZZ_CHECK(slice_find(buf_slice(&text), SLICE("4111111111111111")) == SIZE_MAX);
	buf_done(&text);
	arena_done(&a);
	return 0;
}
