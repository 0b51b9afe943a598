/* A script's structural hash: total, and the same for the same text with blanks around it. */
#include "../fuzz.h"
#include "parse/parse.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	char one[PARSE_STRUCTURE_BYTES] = "", two[PARSE_STRUCTURE_BYTES] = "";
	struct buf b = {.max = FUZZ_MAX_BYTES + 8};
	int r = parse_structure(slice_mem(at, n), one);

	buf_str(&b, " \n");
	buf_add(&b, slice_mem(at, n));
	FUZZ_CHECK(r <= 0);
	if (buf_ok(&b)) {
		FUZZ_CHECK(parse_structure(buf_slice(&b), two) == r);
		FUZZ_CHECK(strcmp(one, two) == 0);
	}
	buf_done(&b);
	return 0;
}
