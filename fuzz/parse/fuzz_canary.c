/* What left a page, in parts that a NUL-free byte 0xff divides; nothing may break or run on. */
#include "../fuzz.h"
#include "parse/parse.h"

#define PARTS 16

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	const struct slice value[] = {SLICE("4111113520081117"), SLICE("taro@example.test")};
	struct slice part[PARTS], rest = slice_mem(at, n);
	struct canary_hit hit = {0};
	size_t parts = 0;
	int r;

	while (rest.n && parts < PARTS) {
		size_t to = slice_chr(rest, 0xff);

		part[parts++] = slice_sub(rest, 0, to);
		rest = to == SIZE_MAX ? (struct slice){0} : slice_sub(rest, to + 1, rest.n);
	}
	r = canary_find(value, 2, part, parts, &hit);
	FUZZ_CHECK(r == 0 || r == 1);
	if (r == 1)
		FUZZ_CHECK(hit.value < 2 && hit.chain[0] &&
		           (hit.part == CANARY_JOINED || hit.part < parts));
	return 0;
}
