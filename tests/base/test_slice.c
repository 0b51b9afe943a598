#include "check.h"

static void finds_and_cuts(void **state)
{
	struct slice s = SLICE("payment/CardPayment.php");

	(void)state;
	assert_true(slice_starts(s, SLICE("payment/")));
	assert_false(slice_starts(SLICE("pay"), SLICE("payment")));
	assert_true(slice_ends(s, SLICE(".php")));
	assert_int_equal(slice_find(s, SLICE("Card")), 8);
	assert_true(slice_find(s, SLICE("card")) == SIZE_MAX);
	assert_int_equal(slice_casefind(s, SLICE("cARD")), 8);
	assert_int_equal(slice_find(s, SLICE("")), 0);
	assert_slice(slice_sub(s, 8, 999), "CardPayment.php");
	assert_slice(slice_sub(s, 99, 3), "");
	assert_slice(slice_trim(SLICE(" \t a b\r\n")), "a b");
	assert_slice(slice_trim(SLICE(" \n ")), "");
}

static void orders_as_bytes(void **state)
{
	(void)state;
	assert_true(slice_cmp(SLICE("a"), SLICE("b")) < 0);
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("\xff"), SLICE("a")) > 0);
	assert_int_equal(slice_cmp(SLICE(""), (struct slice){0}), 0);
}

static void reads_numbers(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_true(slice_u64(SLICE("18446744073709551615"), &v));
	assert_true(v == UINT64_MAX);
	assert_false(slice_u64(SLICE("18446744073709551616"), &v));
	assert_false(slice_u64(SLICE(""), &v));
	assert_false(slice_u64(SLICE("-1"), &v));
	assert_false(slice_u64(SLICE("1 "), &v));
	assert_true(v == UINT64_MAX); /* untouched on failure */
}

/* Each ill-formed form that RFC 3629 names. */
static void knows_utf8(void **state)
{
	static const char *const ill[] = {"\x80",
	                                  "\xc0\x80",
	                                  "\xc1\xbf",
	                                  "\xe0\x80\x80",
	                                  "\xed\xa0\x80",
	                                  "\xf4\x90\x80\x80",
	                                  "\xf8\x88\x80\x80\x80",
	                                  "\xe3\x81",
	                                  "\xff"};
	uint32_t cp;

	(void)state;
	assert_true(slice_utf8_valid(SLICE("火の番 \xf0\x9f\x94\xa5")));
	for (size_t i = 0; i < sizeof(ill) / sizeof(ill[0]); i++)
		assert_false(slice_utf8_valid(slice_str(ill[i])));
	assert_int_equal(slice_utf8(SLICE("火"), &cp), 3);
	assert_int_equal(cp, 0x706b);
}

static void cursor_never_passes_the_end(void **state)
{
	struct cursor c = cursor_over(SLICE("ab\ncd"));
	struct slice s;
	uint32_t v;
	uint8_t b;

	(void)state;
	assert_false(cursor_skip(&c, 6));
	assert_int_equal(cursor_peek(&c, 4), 'd');
	assert_int_equal(cursor_peek(&c, 5), -1);
	assert_int_equal(cursor_peek(&c, SIZE_MAX), -1);
	assert_true(cursor_line(&c, &s));
	assert_slice(s, "ab");
	assert_false(cursor_u32(&c, &v));
	assert_true(cursor_line(&c, &s));
	assert_slice(s, "cd");
	assert_false(cursor_line(&c, &s));
	assert_false(cursor_byte(&c, &b));
	assert_false(cursor_skip(&c, SIZE_MAX));
	assert_true(cursor_end(&c));
}

static void reads_little_endian(void **state)
{
	struct cursor c = cursor_over(slice_mem("\x01\x02\x03\x04\xff\0\0\0\0\0\0\x80", 12));
	uint32_t a;
	uint64_t b;

	(void)state;
	assert_true(cursor_u32(&c, &a));
	assert_int_equal(a, 0x04030201);
	assert_true(cursor_u64(&c, &b));
	assert_true(b == UINT64_C(0x80000000000000ff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_and_cuts),
	    cmocka_unit_test(orders_as_bytes),
	    cmocka_unit_test(reads_numbers),
	    cmocka_unit_test(knows_utf8),
	    cmocka_unit_test(cursor_never_passes_the_end),
	    cmocka_unit_test(reads_little_endian),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
