/*
 * Packed copies of texts, and what stands in them: the first byte chooses the way, the second
 * the bound.
 */
#include "../fuzz.h"
#include "parse/parse.h"
#include "parse/unpack.h"
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	static const char *const names[] = {"a.js.gz", "a.html.br", "a.css.zst"};
	struct arena a;
	struct slice out = {0}, text, path;
	size_t most;
	int r;

	if (n < 2)
		return 0;
	arena_init(&a, 64u << 20);
	path = slice_str(names[at[0] % 3]);
	most = (size_t)1 << at[1] % 20;
	r = unpack(&a, slice_mem(at + 2, n - 2), role_packing(path, &text), most, &out);
	FUZZ_CHECK(r == 0 || r == 1 || r == -EBADMSG || r == -ENOMEM);
	FUZZ_CHECK(out.n <= most && (r != 1 || out.n == most) && (r >= 0 || !out.at));
	if (r >= 0)
		FUZZ_CHECK(parse_look(&a, out, text));
	arena_done(&a);
	return 0;
}
