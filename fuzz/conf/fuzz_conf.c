/* Settings of any bytes are taken or refused with a sentence. */
#include "../fuzz.h"
#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct conf c = {0};
	struct err e = {""};
	int code = conf_parse(slice_mem(at, n), "fuzz.conf", conf_profile_dir(), &c, &e);

	FUZZ_CHECK(code == 0 || (code < 0 && e.text[0]));
	if (code == 0) {
		conf_role(&c, SLICE("html/index.php"));
		conf_done(&c);
	}
	return 0;
}
