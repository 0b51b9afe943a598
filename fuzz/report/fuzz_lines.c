/* Two documents, parted by a NUL, line by line: whatever stands there, one agrees with itself.
 */
#include "../fuzz.h"
#include "report/doc.h"

static void count(void *ctx, const char *kind, struct slice said, int64_t from, int64_t to,
                  struct slice around)
{
	(void)kind;
	(void)said;
	(void)from;
	(void)to;
	(void)around;
	++*(int64_t *)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {.max = 64u << 20};
	struct slice all = slice_mem(data, size);
	size_t cut = slice_chr(all, '\0');
	struct doc_lines *ours = doc_lines_new(&a), *theirs = doc_lines_new(&a);
	int64_t told = 0;

	if (ours && theirs) {
		doc_lines_take(ours, slice_sub(all, 0, cut));
		FUZZ_CHECK(doc_lines_differ(ours, ours, count, &told) == 0);
		doc_lines_take(theirs, slice_sub(all, cut == SIZE_MAX ? 0 : cut + 1, size));
		FUZZ_CHECK(doc_lines_differ(ours, theirs, count, &told) == told);
	}
	arena_done(&a);
	return 0;
}
