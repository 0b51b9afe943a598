#include "canary_case.h"
#include "parse/canary.h"

static const struct slice card = SLICE(CARD);

static void test_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < FOUND; i++) {
		struct slice parts[PARTS_MAX];
		struct canary_hit hit = {0};

		for (size_t k = 0; k < found[i].n; k++)
			parts[k] = slice_mem(found[i].part[k].at, found[i].part[k].n);
		if (canary_find(&card, 1, parts, found[i].n, &hit) != 1)
			fail_msg("%s: not found", found[i].name);
		if (found[i].chain && strcmp(hit.chain, found[i].chain) != 0)
			fail_msg("%s: told as \"%s\", want \"%s\"", found[i].name, hit.chain,
			         found[i].chain);
		assert_true(hit.chain[0]);
	}
}

/* The same bytes hold no other card: what is found is this one. */
static void test_other(void **state)
{
	const struct slice other = SLICE(OTHER_CARD);

	(void)state;
	for (size_t i = 0; i < FOUND; i++) {
		struct slice parts[PARTS_MAX];
		struct canary_hit hit;

		for (size_t k = 0; k < found[i].n; k++)
			parts[k] = slice_mem(found[i].part[k].at, found[i].part[k].n);
		if (canary_find(&other, 1, parts, found[i].n, &hit) != 0)
			fail_msg("%s: the other card was found", found[i].name);
	}
}

static void test_not_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(not_found) / sizeof(not_found[0]); i++) {
		struct slice part = slice_mem(not_found[i].at, not_found[i].n);
		struct canary_hit hit = {0};

		if (canary_find(&card, 1, &part, 1, &hit) != 0)
			fail_msg("found by \"%s\" in: %.60s", hit.chain, not_found[i].at);
	}
}

/* The second value is found and told as the second; short values are passed over. */
static void test_values(void **state)
{
	const struct slice values[] = {SLICE("123"), SLICE("canary.taro@example.test")};
	const struct slice part = SLICE("cvc=123&m=Y2FuYXJ5LnRhcm9AZXhhbXBsZS50ZXN0");
	struct canary_hit hit;

	(void)state;
	assert_int_equal(canary_find(values, 2, &part, 1, &hit), 1);
	assert_int_equal(hit.value, 1);
	assert_string_equal(hit.chain, "base64");
	assert_int_equal(canary_find(values, 1, &part, 1, &hit), 0);
}

/* A bomb of deflate, and a part that decodes for ever, end within the allowance. */
static void test_bounded(void **state)
{
	static uint8_t big[1u << 20];
	struct slice part = slice_mem(big, sizeof(big));
	struct canary_hit hit;

	(void)state;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = "QUJDREVGRw%2541\\u0041&#65;"[i % 26];
	assert_int_equal(canary_find(&card, 1, &part, 1, &hit), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),     cmocka_unit_test(test_other),
	    cmocka_unit_test(test_not_found), cmocka_unit_test(test_values),
	    cmocka_unit_test(test_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
