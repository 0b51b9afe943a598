/*
 * Templates, settings of web servers, data with markup in it, what looks like something else
 * than its name says: the first byte chooses the name.
 */
#include "../fuzz.h"
#include "parse/parse.h"

static const char *const names[] = {"a.tpl",  "a.twig", ".htaccess", ".user.ini",
                                    "a.json", "a.xml",  "a.svg",     "a.txt",
                                    "a.php",  "a.js",   "a.html",    "a.zip"};

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct arena a;
	struct buf text = {.max = 128u * 1024};

	if (n == 0)
		return 0;
	arena_init(&a, 64u << 20);
	struct json *out =
	    parse_look(&a, slice_mem(at + 1, n - 1), slice_str(names[at[0] % 12]));
	FUZZ_CHECK(json_write(&text, out) && json_is_canonical(buf_slice(&text)));
	buf_done(&text);
	arena_done(&a);
	return 0;
}
