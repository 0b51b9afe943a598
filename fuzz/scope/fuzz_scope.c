/*
 * What hinoban-scope reads that others wrote: the address of a database, values of rows that
 * are made comparable, times as rows of SQLite hold them. The first byte chooses.
 */
#include "../fuzz.h"
#include "scope/norm.h"
#include "scope/url.h"
#include "scope/zone.h"

static void forms(struct slice s)
{
	bool (*const all[])(struct slice, struct buf *) = {norm_email, norm_phone, norm_postal,
	                                                   norm_name};
	bool utf8 = slice_utf8_valid(s);

	for (size_t i = 0; i < 4; i++) {
		struct buf once, twice;

		buf_init(&once, FUZZ_MAX_BYTES * 4);
		buf_init(&twice, FUZZ_MAX_BYTES * 4);
		/* A normal form is its own normal form. */
		if (all[i](s, &once) && all[i](buf_slice(&once), &twice) && utf8 && i != 1)
			FUZZ_CHECK(slice_eq(buf_slice(&once), buf_slice(&twice)));
		buf_done(&once);
		buf_done(&twice);
	}
	(void)norm_filled(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct slice s = slice_mem(at + 1, n ? n - 1 : 0);
	const char *expected = NULL;
	struct url u;
	int64_t us;
	bool civil;

	if (n == 0)
		return 0;
	switch (at[0] % 3) {
	case 0:
		FUZZ_CHECK(url_parse(s, &u, &expected) != URL_BAD || expected);
		break;
	case 1:
		forms(s);
		break;
	default:
		(void)zone_parse(s, &us, &civil);
	}
	return 0;
}
