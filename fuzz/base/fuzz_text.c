/* Any bytes -> text_path -> text_unpath gives the same bytes; globs end. */
#include "../fuzz.h"
#include "base/base.h"

static void there_and_back(struct slice name)
{
	struct buf text = {.max = 1 << 24}, back = {.max = 1 << 24};

	text_path(&text, name);
	FUZZ_CHECK(buf_ok(&text) && slice_utf8_valid(buf_slice(&text)));
	FUZZ_CHECK(text_unpath(&back, buf_slice(&text)));
	FUZZ_CHECK(slice_eq(buf_slice(&back), name));
	buf_done(&text);
	buf_done(&back);
}

/* What text_unpath takes, text_path gives again: one text for one name. */
static void back_and_there(struct slice s)
{
	struct buf name = {.max = 1 << 24}, text = {.max = 1 << 24};

	if (text_unpath(&name, s)) {
		text_path(&text, buf_slice(&name));
		FUZZ_CHECK(slice_eq(buf_slice(&text), s));
	}
	buf_done(&name);
	buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct slice s = slice_mem(at, n);
	struct buf safe = {.max = 1 << 24};
	size_t half = n / 2;

	if (n > 65536)
		return 0;
	there_and_back(s);
	back_and_there(s);
	text_safe(&safe, s);
	buf_done(&safe);
	if (n < 2048)
		text_glob(slice_sub(s, 0, half), slice_sub(s, half, n));
	return 0;
}
