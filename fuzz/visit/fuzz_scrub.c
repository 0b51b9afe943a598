/* scrub: no canary stands in what it gives, and URLs stay URLs. */
#include "fuzz.h"
#include "visit/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct scrub s;
	struct arena a;

	arena_init(&a, 256u << 20);
	scrub_init(&s);
	scrub_add(&s, SLICE("4000000013590023"));
	scrub_add(&s, SLICE("4000000020010023"));
	if (n < 65536) {
		struct slice text = slice_mem(data, n);

		if (slice_find(scrub_text(&s, &a, text), SLICE("4000000013590023")) !=
		        SIZE_MAX ||
		    slice_find(scrub_url(&s, &a, text), SLICE("4000000020010023")) != SIZE_MAX)
			__builtin_trap();
	}
	scrub_done(&s);
	arena_done(&a);
	return 0;
}
