#include "check.h"

static void gives_zeroed_aligned_memory(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t n = 1; n < 300; n++) {
		uint8_t *p = arena_alloc(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, n);
	}
	arena_reset(&a);
	assert_int_equal(*(uint8_t *)arena_alloc(&a, 100), 0);
	assert_slice(arena_printf(&a, "%s-%d", "x", 7), "x-7");
	assert_string_equal(arena_cstr(&a, SLICE("火")), "火");
	arena_done(&a);
	arena_done(NULL);
}

static void stays_broken_past_the_ceiling(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1000);
	assert_non_null(arena_alloc(&a, 900));
	assert_null(arena_alloc(&a, 900));
	assert_true(a.broken);
	assert_null(arena_alloc(&a, 1));
	assert_null(arena_copy(&a, SLICE("x")).at);
	arena_reset(&a);
	assert_non_null(arena_alloc(&a, 1000));
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_zeroed_aligned_memory),
	    cmocka_unit_test(stays_broken_past_the_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
