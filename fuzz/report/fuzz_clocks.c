/* Clocks' rules, and holidays, of any bytes are taken or refused with a sentence. */
#include "../fuzz.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct clocks *k = clocks_new();
	struct err e = {""};
	bool holidays = n && (at[0] == 'a' || at[0] == 'r');
	int code =
	    k ? clocks_parse(k, slice_mem(at, n), holidays ? "f.holidays" : "f.clocks", &e) : 0;

	FUZZ_CHECK(code == 0 || (code < 0 && e.text[0]));
	for (size_t i = 0; k && i < clocks_count(k); i++) {
		int64_t day = clocks_due_day(k, clocks_rule(k, i), INT64_C(1790000000000000));

		FUZZ_CHECK(day >= 20000 && day < 60000);
	}
	clocks_free(k);
	return 0;
}
