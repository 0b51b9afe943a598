/* A time that is read and written is read again as the same. */
#include "../fuzz.h"
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	char text[CLOCK_TEXT_BYTES];
	int64_t us, again;

	if (!clock_parse(slice_mem(at, n), &us))
		return 0;
	clock_text(us, text);
	FUZZ_CHECK(clock_parse(slice_str(text), &again));
	/* Years outside of 0000..9999 are clamped. */
	FUZZ_CHECK(again == us || text[0] == '0' || text[0] == '9');
	return 0;
}
