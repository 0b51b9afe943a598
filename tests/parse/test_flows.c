#include "canary_case.h"
#include "parse/flows.h"

#define TO SLICE("drop.test")

static const struct slice card = SLICE(CARD), other = SLICE(OTHER_CARD);

static struct flows_request request(const char *url, struct slice body)
{
	return (struct flows_request){.to = TO,
	                              .channel = SLICE("fetch"),
	                              .method = SLICE("POST"),
	                              .url = slice_str(url),
	                              .body = body,
	                              .script = SLICE("https://cdn.test/a.js")};
}

static struct flows *compare(struct flows_request *a, size_t na, struct flows_request *again,
                             size_t nagain, struct flows_request *b, size_t nb)
{
	static struct flows out;
	struct flows_arm arm_a = {a, na, &card, 1}, arm_again = {again, nagain, &card, 1};
	struct flows_arm arm_b = {b, nb, &other, 1};

	assert_int_equal(flows_compare(&arm_a, &arm_again, &arm_b, &out), 0);
	return &out;
}

/* One request each. */
static enum flows_verdict of_bodies(const char *a, const char *again, const char *b)
{
	struct flows_request r[] = {request("https://drop.test/c", slice_str(a)),
	                            request("https://drop.test/c", slice_str(again)),
	                            request("https://drop.test/c", slice_str(b))};
	struct flows *t = compare(&r[0], 1, &r[1], 1, &r[2], 1);

	assert_int_equal(t->n, 1);
	return t->flow[0].verdict;
}

/* Whatever the encoding, what depends on the card is a flow; and it is read. */
static void test_every_encoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < FOUND; i++) {
		struct flows_request a[PARTS_MAX], b[PARTS_MAX];
		struct flows *t;

		for (size_t k = 0; k < found[i].n; k++) {
			struct part pa = found[i].part[k], pb = found_other[i].part[k];

			a[k] = request("https://drop.test/c", slice_mem(pa.at, pa.n));
			b[k] = request("https://drop.test/c", slice_mem(pb.at, pb.n));
		}
		t = compare(a, found[i].n, a, found[i].n, b, found[i].n);
		assert_int_equal(t->n, 1);
		if (t->flow[0].verdict != FLOWS_FLOW)
			fail_msg("%s: %s", found[i].name,
			         flows_verdict_name(t->flow[0].verdict));
		if (!t->flow[0].encoding[0])
			fail_msg("%s: not read", found[i].name);
	}
}

/* A cipher that hinoban does not know, but the same each time: a flow that can't be read. */
static void test_unknown_cipher(void **state)
{
	(void)state;
	assert_int_equal(of_bodies("zq9:kfjw02", "zq9:kfjw02", "zq9:81jjd0"), FLOWS_FLOW);
}

static void test_honest(void **state)
{
	(void)state;
	assert_int_equal(of_bodies("bin=41111135", "bin=41111135", "bin=41111135"),
	                 FLOWS_INDEPENDENT);
	assert_int_equal(of_bodies("", "", ""), FLOWS_INDEPENDENT);
}

/* AES with a key drawn anew each time differs in A and A' already. */
static void test_random_key(void **state)
{
	(void)state;
	assert_int_equal(
	    of_bodies("e=q8Zr1yP0xYvKkm2b", "e=Lw0dk19aPzQ7mmxa", "e=0ppQ81kkAbvczzm1"),
	    FLOWS_UNDETERMINED);
}

/* A token that rotates beside a field that depends on the card: the field decides. */
static void test_one_field_of_many(void **state)
{
	(void)state;
	assert_int_equal(of_bodies("{\"nonce\":\"aa81\",\"v\":\"Zk3\",\"t\":5}",
	                           "{\"nonce\":\"bb90\",\"v\":\"Zk3\",\"t\":5}",
	                           "{\"nonce\":\"cc03\",\"v\":\"Pq7\",\"t\":5}"),
	                 FLOWS_FLOW);
}

static void test_not_sent_with_the_other(void **state)
{
	struct flows_request a = request("https://drop.test/c?x=1", (struct slice){0});
	struct flows *t;

	(void)state;
	t = compare(&a, 1, &a, 1, NULL, 0);
	assert_int_equal(t->flow[0].verdict, FLOWS_FLOW);
	t = compare(&a, 1, NULL, 0, NULL, 0); /* came once, by chance */
	assert_int_equal(t->flow[0].verdict, FLOWS_UNDETERMINED);
}

/* The path itself carries the digits. */
static void test_in_the_path(void **state)
{
	struct flows_request a = request("https://drop.test/i/" CARD ".gif", (struct slice){0});
	struct flows_request b =
	    request("https://drop.test/i/" OTHER_CARD ".gif", (struct slice){0});
	struct flows *t = compare(&a, 1, &a, 1, &b, 1);

	(void)state;
	assert_int_equal(t->n, 1);
	assert_int_equal(t->flow[0].verdict, FLOWS_FLOW);
	assert_string_equal(t->flow[0].encoding, "plain");
}

/* Halves in base 36 to two hosts: only the second half differs, together they are read. */
static void test_two_hosts(void **state)
{
	struct flows_request a[] = {request("https://drop.test/?x=ogl8v", (struct slice){0}),
	                            request("https://drop.test/?y=byh71", (struct slice){0})};
	struct flows_request b[2];
	struct flows *t;

	(void)state;
	a[0].url = SLICE("https://one.test/a?x=oh3tr");
	memcpy(b, a, sizeof(b));
	a[0].to = b[0].to = SLICE("one.test");
	b[1].url = SLICE("https://drop.test/?y=zzzzz");
	t = compare(a, 2, a, 2, b, 2);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->flow[0].verdict, FLOWS_INDEPENDENT);
	assert_int_equal(t->flow[1].verdict, FLOWS_FLOW);
}

/* The shop's own payment shows the card; how another writes it, is not known by that. */
static void test_read_beside_unread(void **state)
{
	struct flows_request a[] = {request("https://shop.test/pay", card),
	                            request("https://drop.test/c", SLICE("zq9:kfjw02"))};
	struct flows_request b[] = {request("https://shop.test/pay", other),
	                            request("https://drop.test/c", SLICE("zq9:81jjd0"))};
	struct flows *t;

	(void)state;
	a[0].to = b[0].to = SLICE("shop.test");
	t = compare(a, 2, a, 2, b, 2);
	assert_int_equal(t->n, 2);
	assert_string_equal(t->flow[0].encoding, "plain");
	assert_int_equal(t->flow[1].verdict, FLOWS_FLOW);
	assert_string_equal(t->flow[1].encoding, "");
}

/* Order of honest requests changes from visit to visit: that is no difference. */
static void test_order(void **state)
{
	struct flows_request x = request("https://drop.test/c?e=load", (struct slice){0});
	struct flows_request y = request("https://drop.test/c?e=type", (struct slice){0});
	struct flows_request one[] = {x, y}, two[] = {y, x};
	struct flows *t = compare(one, 2, two, 2, two, 2);

	(void)state;
	assert_int_equal(t->n, 1);
	assert_int_equal(t->flow[0].verdict, FLOWS_INDEPENDENT);
}

static void test_too_many(void **state)
{
	static struct flows_request r[FLOWS_MAX_REQUESTS + 5];
	struct flows *t;

	(void)state;
	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		r[i] = request("https://drop.test/c", SLICE("x"));
	t = compare(r, FLOWS_MAX_REQUESTS + 5, r, 3, r, 3);
	assert_true(t->cut);
}

/* A crowded machine loses what is sent as the page goes; what is left says no more for that. */
static void test_lost(void **state)
{
	struct flows_request r[] = {request("https://drop.test/c", SLICE("keys=1")),
	                            request("https://drop.test/c", SLICE("keys=8")),
	                            request("https://drop.test/c", SLICE("keys=24"))};

	(void)state;
	assert_int_equal(compare(r, 3, r, 2, r, 3)->flow[0].verdict, FLOWS_INDEPENDENT);
	assert_int_equal(compare(r, 2, r, 3, r, 3)->flow[0].verdict, FLOWS_INDEPENDENT);
	/* Twice lost with the other card is as if the card decided that it is sent. */
	assert_int_equal(compare(r, 3, r, 3, r, 2)->flow[0].verdict, FLOWS_FLOW);
	/* What only one of them sent is something else. */
	assert_int_equal(compare(r, 3, r, 2, r, 2)->flow[0].verdict, FLOWS_UNDETERMINED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_encoding),
	    cmocka_unit_test(test_unknown_cipher),
	    cmocka_unit_test(test_honest),
	    cmocka_unit_test(test_random_key),
	    cmocka_unit_test(test_one_field_of_many),
	    cmocka_unit_test(test_not_sent_with_the_other),
	    cmocka_unit_test(test_in_the_path),
	    cmocka_unit_test(test_two_hosts),
	    cmocka_unit_test(test_read_beside_unread),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_too_many),
	    cmocka_unit_test(test_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
