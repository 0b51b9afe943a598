/* Anything named like PHP: an answer that fits a frame, whatever it is. */
#include "../fuzz.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct arena a;
	struct buf text = {.max = 128u * 1024};

	arena_init(&a, 64u << 20);
	struct json *out = parse_look(&a, slice_mem(at, n), SLICE("dir/a.php"));
	FUZZ_CHECK(json_write(&text, out) && json_is_canonical(buf_slice(&text)));
	buf_done(&text);
	arena_done(&a);
	return 0;
}
