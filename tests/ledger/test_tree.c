/* The tree against the recursive definition of RFC 9162, written down again here. */
#include "ledger/proof.h"
#include "ledger/tree.h"
#include "tests/check.h"
#include <openssl/sha.h>

#define LEAVES 70
#define FAR    70000 /* over three levels of tiles */

/* ---- MTH, PATH and PROOF exactly as the RFC defines them ---- */

static struct hash leaf[FAR];

static struct hash naive_node(struct hash l, struct hash r)
{
	uint8_t b[65] = {1};
	struct hash h;

	memcpy(b + 1, l.b, 32);
	memcpy(b + 33, r.b, 32);
	SHA256(b, sizeof(b), h.b);
	return h;
}

static int below(int n)
{
	int k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static struct hash mth(int from, int n)
{
	int k = n > 1 ? below(n) : 0;

	return n == 1 ? leaf[from] : naive_node(mth(from, k), mth(from + k, n - k));
}

static void path(int m, int from, int n, struct tree_path *out)
{
	int k;

	if (n == 1)
		return;
	k = below(n);
	if (m < k) {
		path(m, from, k, out);
		out->hash[out->count++] = mth(from + k, n - k);
	} else {
		path(m - k, from + k, n - k, out);
		out->hash[out->count++] = mth(from, k);
	}
}

static void subproof(int m, int from, int n, bool b, struct tree_path *out)
{
	int k;

	if (m == n) {
		if (!b)
			out->hash[out->count++] = mth(from, n);
		return;
	}
	k = below(n);
	if (m <= k) {
		subproof(m, from, k, b, out);
		out->hash[out->count++] = mth(from + k, n - k);
	} else {
		subproof(m - k, from + k, n - k, false, out);
		out->hash[out->count++] = mth(from, k);
	}
}

/* ---- a shelf in memory ---- */

struct memory {
	struct tree_tile tile[3][FAR / 256 + 1];
};

static int get(void *ctx, int level, int64_t number, struct tree_tile *out)
{
	struct memory *m = ctx;

	if (level > 2 || number > FAR / 256 || m->tile[level][number].count == 0)
		return -2;
	*out = m->tile[level][number];
	return 0;
}

static int put(void *ctx, int level, int64_t number, const struct tree_tile *t)
{
	struct memory *m = ctx;

	assert_in_range(level, 0, 2);
	m->tile[level][number] = *t;
	return 0;
}

static struct memory memory;
static const struct tree_shelf shelf = {get, put, &memory};

static void make_leaves(void)
{
	for (int i = 0; i < FAR; i++) {
		uint8_t b[5] = {0, (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16), 7};

		SHA256(b, sizeof(b), leaf[i].b);
	}
}

static void same_path(const struct tree_path *a, const struct tree_path *b)
{
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++)
		assert_memory_equal(a->hash[i].b, b->hash[i].b, 32);
}

/* RFC 6962's published vectors: the empty tree, one empty leaf. */
static void test_known(void **state)
{
	char hex[HASH_HEX_BYTES];
	struct hash h = tree_empty();

	(void)state;
	hash_hex(&h, hex);
	assert_string_equal(hex,
	                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	h = tree_leaf((struct slice){0});
	hash_hex(&h, hex);
	assert_string_equal(hex,
	                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void test_small(void **state)
{
	static struct tree t;
	struct tree_reader rd;

	(void)state;
	memset(&memory, 0, sizeof(memory));
	assert_int_equal(tree_load(&t, &shelf, 0), 0);
	for (int n = 1; n <= LEAVES; n++) {
		struct hash want = mth(0, n), root;

		assert_int_equal(tree_add(&t, &leaf[n - 1]), 0);
		assert_int_equal(tree_flush(&t), 0);
		root = tree_root(&t);
		assert_memory_equal(root.b, want.b, 32);
		tree_read(&rd, &shelf);
		for (int m = 0; m < n; m++) {
			struct tree_path p = {.count = 0}, q;

			path(m, 0, n, &p);
			assert_int_equal(tree_inclusion(&rd, m, n, &q), 0);
			same_path(&p, &q);
			assert_true(proof_inclusion_holds(&leaf[m], m, n, &q, &root));
			assert_false(proof_inclusion_holds(
			    &leaf[(m + 1) % n == m ? 69 : (m + 1) % n], m, n, &q, &root));
			p.count = 0;
			subproof(m + 1, 0, n, true, &p);
			assert_int_equal(tree_consistency(&rd, m + 1, n, &q), 0);
			same_path(&p, &q);
			want = mth(0, m + 1);
			assert_true(proof_consistency_holds(m + 1, &want, n, &root, &q));
			want.b[3] ^= 1;
			assert_false(proof_consistency_holds(m + 1, &want, n, &root, &q));
		}
	}
}

static void test_far(void **state)
{
	static const int at[] = {0, 1, 255, 256, 257, 4095, 65535, 65536, 65537, 69998, 69999};
	static struct tree t, again;
	struct tree_reader rd;
	struct hash root, want = mth(0, FAR);

	(void)state;
	memset(&memory, 0, sizeof(memory));
	assert_int_equal(tree_load(&t, &shelf, 0), 0);
	for (int i = 0; i < FAR; i++)
		assert_int_equal(tree_add(&t, &leaf[i]), 0);
	assert_int_equal(tree_flush(&t), 0);
	root = tree_root(&t);
	assert_memory_equal(root.b, want.b, 32);
	assert_int_equal(tree_load(&again, &shelf, FAR), 0);
	root = tree_root(&again);
	assert_memory_equal(root.b, want.b, 32);
	tree_read(&rd, &shelf);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct tree_path p = {.count = 0}, q;

		path(at[i], 0, FAR, &p);
		assert_int_equal(tree_inclusion(&rd, at[i], FAR, &q), 0);
		same_path(&p, &q);
		p.count = 0;
		subproof(at[i] + 1, 0, FAR, true, &p);
		assert_int_equal(tree_consistency(&rd, at[i] + 1, FAR, &q), 0);
		same_path(&p, &q);
	}
}

/* Loaded again at every size, it grows on as if it had never stopped. */
static void test_reload(void **state)
{
	static struct tree t;

	(void)state;
	memset(&memory, 0, sizeof(memory));
	for (int n = 0; n < 600; n++) {
		struct hash root, want;

		assert_int_equal(tree_load(&t, &shelf, n), 0);
		assert_int_equal(tree_add(&t, &leaf[n]), 0);
		assert_int_equal(tree_flush(&t), 0);
		root = tree_root(&t);
		want = mth(0, n + 1);
		assert_memory_equal(root.b, want.b, 32);
	}
}

static void test_damaged(void **state)
{
	static struct tree t;
	struct tree_reader rd;
	struct tree_path p;

	(void)state;
	memset(&memory, 0, sizeof(memory));
	assert_int_equal(tree_load(&t, &shelf, 0), 0);
	for (int i = 0; i < 300; i++)
		tree_add(&t, &leaf[i]);
	tree_flush(&t);
	memory.tile[0][1].count--;
	assert_true(tree_load(&t, &shelf, 300) < 0);
	tree_read(&rd, &shelf);
	assert_true(tree_inclusion(&rd, 298, 300, &p) < 0);
	assert_true(tree_inclusion(&rd, 300, 300, &p) < 0);
	assert_true(tree_consistency(&rd, 0, 300, &p) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known),   cmocka_unit_test(test_small),
	    cmocka_unit_test(test_far),     cmocka_unit_test(test_reload),
	    cmocka_unit_test(test_damaged),
	};

	make_leaves();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
