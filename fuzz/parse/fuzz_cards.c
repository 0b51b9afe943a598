/* After scrubbing, scrubbing finds nothing more, and no card number is left in plain digits. */
#include "../fuzz.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct buf once = {.max = 4 * FUZZ_MAX_BYTES}, twice = {.max = 4 * FUZZ_MAX_BYTES};
	struct buf url = {.max = 4 * FUZZ_MAX_BYTES};

	cards_wipe(&once, slice_mem(at, n));
	cards_wipe(&twice, buf_slice(&once));
	FUZZ_CHECK(once.n == n && slice_eq(buf_slice(&once), buf_slice(&twice)));
	cards_wipe_url(&url, slice_mem(at, n));
	FUZZ_CHECK(url.n <= n + 1);
	buf_done(&once);
	buf_done(&twice);
	buf_done(&url);
	return 0;
}
