/* json_parse_foreign: whatever comes in, what it gives can be written and read again. */
#include "fact/json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	struct buf b;
	struct json *v;

	arena_init(&a, 256u << 20);
	buf_init(&b, 16u << 20);
	v = json_parse_foreign(&a, slice_mem(data, n), NULL);
	if (v && json_write(&b, v) && buf_ok(&b) &&
	    !json_parse_foreign(&a, buf_slice(&b), NULL) && !a.broken)
		__builtin_trap();
	buf_done(&b);
	arena_done(&a);
	return 0;
}
