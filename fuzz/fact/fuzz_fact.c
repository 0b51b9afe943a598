/* Checks of drafts and facts take any JSON. */
#include "../fuzz.h"
#include "fact/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct arena a;
	struct err e = {""};

	arena_init(&a, 64u << 20);
	const struct json *v = json_parse(&a, slice_mem(at, n), NULL);
	if (v) {
		fact_check_draft(v, &e);
		fact_check(v, &e);
		fact_seq(v);
		fact_at_us(v);
		fact_type(v);
	}
	arena_done(&a);
	return 0;
}
