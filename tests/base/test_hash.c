#include "check.h"

/* FIPS 180-4's example "abc" and the empty message. */
static void is_sha256(void **state)
{
	char hex[HASH_HEX_BYTES];
	struct hash h = hash_of(SLICE("abc")), back;
	struct hash_state *st = hash_new();

	(void)state;
	hash_hex(&h, hex);
	assert_string_equal(hex,
	                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(hash_unhex(slice_str(hex), &back));
	assert_true(hash_eq(&h, &back));
	hash_add(st, SLICE("a"));
	hash_add(st, SLICE(""));
	hash_add(st, SLICE("bc"));
	back = hash_end(st);
	assert_true(hash_eq(&h, &back));
	back = hash_end(st); /* a new stream */
	hash_hex(&back, hex);
	assert_string_equal(hex,
	                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_free(st);
	assert_false(hash_unhex(SLICE("ba78"), &back));
	hex[5] = 'g';
	assert_false(hash_unhex(slice_str(hex), &back));
}

static void spreads_table_keys(void **state)
{
	unsigned bucket[256] = {0};
	char name[32];

	(void)state;
	for (int i = 0; i < 25600; i++) {
		int n = snprintf(name, sizeof(name), "d%d/f%d.php", i / 100, i % 100);

		bucket[hash_table(slice_mem(name, (size_t)n)) & 255]++;
	}
	for (int i = 0; i < 256; i++)
		assert_in_range(bucket[i], 40, 200);
	assert_true(hash_table(SLICE("a")) == hash_table(slice_mem("ab", 1)));
	assert_true(hash_table(SLICE("a")) != hash_table(slice_mem("a\0", 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_sha256),
	    cmocka_unit_test(spreads_table_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
