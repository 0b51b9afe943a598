#include "check.h"

static void keeps_to_its_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_str(&b, "0123456789");
	assert_true(buf_ok(&b));
	buf_byte(&b, 'x');
	assert_false(buf_ok(&b));
	buf_str(&b, ""); /* stays broken */
	assert_false(buf_ok(&b));
	assert_slice(buf_slice(&b), "0123456789");
	buf_reset(&b);
	assert_true(buf_ok(&b));
	buf_printf(&b, "%d-%s", 42, "abcdefg");
	assert_string_equal(buf_cstr(&b), "42-abcdefg");
	assert_null(buf_reserve(&b, SIZE_MAX));
	buf_done(&b);
	buf_done(&b);
	buf_done(NULL);
}

static void drops_from_the_front(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 10000; i++)
		buf_u32(&b, (uint32_t)i);
	assert_int_equal(b.n, 40000);
	buf_drop(&b, 39996);
	assert_memory_equal(b.at, "\x0f\x27\0\0", 4);
	buf_drop(&b, 4);
	buf_drop(&b, 0);
	assert_int_equal(b.n, 0);
	buf_u64(&b, UINT64_C(0x0102030405060708));
	assert_memory_equal(b.at, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_to_its_ceiling),
	    cmocka_unit_test(drops_from_the_front),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
