/* A body of reports from anywhere: what comes of it is a draft that the ledger takes. */
#include "../fuzz.h"
#include "desk/collect.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	static const struct collect_page page = {SLICE("pay"), SLICE("https://shop.test/pay")};
	struct collect *c = collect_new(&page, 1);
	struct json *d;
	struct arena a;
	struct err e;

	arena_init(&a, 4u << 20);
	FUZZ_CHECK(c);
	collect_take(c, slice_mem(at, n), slice_mem(at, n < 32 ? n : 32), slice_mem(at, n), 1);
	while ((d = collect_due(c, &a, 1))) {
		struct buf b = {.max = FACT_MAX_BYTES};

		FUZZ_CHECK(fact_check_draft(d, &e) == 0 && json_write(&b, d));
		buf_done(&b);
	}
	collect_free(c);
	arena_done(&a);
	return 0;
}
