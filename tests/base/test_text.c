#include "base/path.h"
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void every_name_has_one_text(void **state)
{
	static const struct {
		const char *name, *text;
	} pair[] = {
	    {"lib/支払い.php", "lib/支払い.php"},
	    {"a\\b", "a\\\\b"},
	    {"a\xff"
	     "b",
	     "a\\xffb"},
	    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	    {"new\nline", "new\nline"},
	    {"\\x41", "\\\\x41"},
	};
	static const char *const none[] = {"\\",    "\\x",   "\\x4", "\\x41",
	                                   "\\xZZ", "\\xFF", "a\xff"};
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(pair) / sizeof(pair[0]); i++) {
		buf_reset(&b);
		text_path(&b, slice_str(pair[i].name));
		assert_slice(buf_slice(&b), pair[i].text);
		buf_reset(&b);
		assert_true(text_unpath(&b, slice_str(pair[i].text)));
		assert_slice(buf_slice(&b), pair[i].name);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		buf_reset(&b);
		if (text_unpath(&b, slice_str(none[i])))
			fail_msg("\"%s\" was taken", none[i]);
	}
	buf_done(&b);
}

static void nothing_moves_the_terminal(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	text_safe(&b, SLICE("火\x1b[2J\xc2\x9b\xe2\x80\xae\xff\n"));
	assert_slice(buf_slice(&b), "火\\u{1b}[2J\\u{9b}\\u{202e}\\xff\\u{0a}");
	buf_done(&b);
}

static void globs(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool match;
	} t[] = {
	    {"*.php", "a.php", true},
	    {"*.php", "d/a.php", false},
	    {"**/*.php", "a.php", true},
	    {"**/*.php", "d/e/a.php", true},
	    {"**.php", "d/e/a.php", true},
	    {"app/**", "app/x/y", true},
	    {"app/**", "app", false},
	    {"app/**", "apple", false},
	    {"**/cache/**", "cache/x", true},
	    {"**/cache/**", "a/cache/x/y", true},
	    {"**/cache/**", "a/mycache/x", false},
	    {"a/**/b", "a/b", true},
	    {"a/**/b", "a/x/y/b", true},
	    {"a/**/b", "a/xb", false},
	    {"a/*/b", "a/x/y/b", false},
	    {"?.[a-cz]", "x.b", true},
	    {"?.[!a-c]", "x.b", false},
	    {"?.[!a-c]", "x.d", true},
	    {"[", "[", true},
	    {"a[/]b", "a/b", false},
	    {"", "", true},
	    {"", "a", false},
	    {"*", "", true},
	    {"**", "a/b", true},
	    {"*[Pp]ay*/**", "MyPayment/Controller/x.php", true},
	    {"app/Plugin/*[Pp]ay*/**", "app/Plugin/Api/Payment.php", false},
	    {"**/x*y*z", "a/b/xaybz", true},
	    {"a**b**c", "a/1/b/2/c", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (text_glob(slice_str(t[i].pattern), slice_str(t[i].path)) != t[i].match)
			fail_msg("%s %s %s", t[i].pattern, t[i].match ? "misses" : "matches",
			         t[i].path);
	}
}

/* A backtracking matcher would not come back from this one. */
static void glob_is_bounded(void **state)
{
	char path[4096];
	char pattern[128];

	(void)state;
	memset(path, 'a', sizeof(path));
	for (size_t i = 0; i < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof(pattern) - 1] = 'b';
	assert_false(
	    text_glob(slice_mem(pattern, sizeof(pattern)), slice_mem(path, sizeof(path))));
}

static void hexadecimal_digits(void **state)
{
	static const char digits[] = "0123456789abcdef", capital[] = "0123456789ABCDEF";

	(void)state;
	for (int i = 0; i < 16; i++) {
		assert_int_equal(text_hexval(digits[i]), i);
		assert_int_equal(text_hexval(capital[i]), i);
	}
	for (int c = -1; c < 256; c++)
		if (c <= 0 || !strchr("0123456789abcdefABCDEF", c))
			assert_int_equal(text_hexval(c), -1);
}

static void all_is_written_or_the_fault_is_told(void **state)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), p[2];
	char got[8];

	(void)state;
	assert_true(full >= 0);
	assert_int_equal(path_write(full, SLICE("bytes")), -ENOSPC);
	assert_int_equal(path_write(full, SLICE("")), 0);
	close(full);
	assert_int_equal(path_write(-1, SLICE("bytes")), -EBADF);
	assert_int_equal(pipe(p), 0);
	assert_int_equal(path_write(p[1], SLICE("bytes")), 0);
	assert_int_equal(read(p[0], got, sizeof(got)), 5);
	assert_memory_equal(got, "bytes", 5);
	close(p[0]);
	close(p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_name_has_one_text),
	    cmocka_unit_test(nothing_moves_the_terminal),
	    cmocka_unit_test(globs),
	    cmocka_unit_test(glob_is_bounded),
	    cmocka_unit_test(hexadecimal_digits),
	    cmocka_unit_test(all_is_written_or_the_fault_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
