/* journey_parse: a journey, or a fault with a place. */
#include "fuzz.h"
#include "visit/visit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct journey j;
	struct arena a;
	struct err e = {""};

	arena_init(&a, 64u << 20);
	if (journey_parse(slice_mem(data, n), "j", &a, &j, &e) < 0 && !e.text[0])
		__builtin_trap();
	arena_done(&a);
	return 0;
}
