#include "check.h"
#include "visit/known.h"

#include <stdio.h>
#include <string.h>

static struct known_script script(unsigned n)
{
	struct known_script s = {.bytes = n + 1};

	snprintf(s.v8, sizeof(s.v8), "%064x", n);
	snprintf(s.hash, sizeof(s.hash), "%064x", n + 7);
	return s;
}

static void test_scripts(void **state)
{
	struct known *k = known_new();
	struct known_script a = script(1), b = script(2), none = {.bytes = 1};

	(void)state;
	assert_null(known_get(k, a.v8));
	known_put(k, &a);
	known_put(k, &b);
	known_put(k, &none);
	assert_string_equal(known_get(k, a.v8)->hash, a.hash);
	assert_int_equal(known_get(k, b.v8)->bytes, 3);
	assert_null(known_get(k, ""));
	known_free(k);
}

static void test_full(void **state)
{
	struct known *k = known_new();
	struct known_script first = script(0);

	(void)state;
	for (unsigned i = 0; i < KNOWN_MAX; i++) {
		struct known_script s = script(i);

		known_put(k, &s);
		known_put(k, &s); /* the same again takes no room */
	}
	assert_non_null(known_get(k, first.v8));
	for (unsigned i = KNOWN_MAX; i < 3 * KNOWN_MAX; i++) {
		struct known_script s = script(i);

		known_put(k, &s);
		assert_non_null(known_get(k, s.v8));
	}
	assert_null(known_get(k, first.v8));
	known_free(k);
}

static void test_told(void **state)
{
	struct known *k = known_new();
	char hash[HASH_HEX_BYTES];

	(void)state;
	assert_false(known_told(k, SLICE("pay"), "aa"));
	assert_true(known_told(k, SLICE("pay"), "aa"));
	assert_false(known_told(k, SLICE("other"), "aa"));
	assert_false(known_told(k, SLICE("pay"), "ab"));
	for (unsigned i = 0; i < 3 * KNOWN_MAX; i++) {
		snprintf(hash, sizeof(hash), "%064x", i);
		known_told(k, SLICE("pay"), hash);
	}
	assert_true(known_told(k, SLICE("pay"), hash));
	known_free(k);
}

/* What the vault may have dropped since is kept again, once a day. */
static void test_day(void **state)
{
	struct known *k = known_new();
	struct known_script a = script(1);
	int64_t now = 5000000;

	(void)state;
	assert_false(known_begin(k, now));
	known_put(k, &a);
	known_told(k, SLICE("pay"), a.hash);
	assert_false(known_begin(k, now + KNOWN_DAY_US));
	assert_non_null(known_get(k, a.v8));
	assert_true(known_told(k, SLICE("pay"), a.hash));
	assert_true(known_begin(k, now + KNOWN_DAY_US + 1));
	assert_null(known_get(k, a.v8));
	assert_false(known_told(k, SLICE("pay"), a.hash));
	assert_false(known_begin(k, now + 2 * KNOWN_DAY_US));
	assert_true(known_told(k, SLICE("pay"), a.hash));
	assert_true(known_begin(k, now + 2 * KNOWN_DAY_US + 2));
	known_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_scripts),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_told),
	    cmocka_unit_test(test_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
