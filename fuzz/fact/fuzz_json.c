/* What is read can be written; what is written is canonical and reads as itself. */
#include "../fuzz.h"
#include "fact/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct slice in = slice_mem(at, n);
	struct arena a;
	struct buf one = {.max = 8 * JSON_MAX_BYTES}, two = {.max = 8 * JSON_MAX_BYTES};
	size_t where;

	arena_init(&a, 64u << 20);
	const struct json *v = json_parse(&a, in, &where);
	bool canonical = json_is_canonical(in);
	FUZZ_CHECK(v || !canonical);
	if (v && json_write(&one, v)) {
		FUZZ_CHECK(!canonical || slice_eq(buf_slice(&one), in));
		if (one.n <= JSON_MAX_BYTES) {
			const struct json *again = json_parse(&a, buf_slice(&one), NULL);
			FUZZ_CHECK(again && json_write(&two, again));
			FUZZ_CHECK(slice_eq(buf_slice(&one), buf_slice(&two)));
			FUZZ_CHECK(json_is_canonical(buf_slice(&one)));
		}
	}
	buf_done(&one);
	buf_done(&two);
	arena_done(&a);
	return 0;
}
