/* The parts of scope that need no database: normal forms, persons, addresses, times. */
#include "check.h"
#include "scope/norm.h"
#include "scope/persons.h"
#include "scope/url.h"
#include "scope/zone.h"

struct pair {
	const char *raw, *normal; /* NULL: it tells nobody apart */
};

static void check_all(const struct pair *p, size_t n, bool (*norm)(struct slice, struct buf *))
{
	for (size_t i = 0; i < n; i++) {
		struct buf b;
		bool good;

		buf_init(&b, 4096);
		good = norm(slice_str(p[i].raw), &b);
		if (good != (p[i].normal != NULL))
			fail_msg("\"%s\": %d", p[i].raw, good);
		if (good)
			assert_slice(buf_slice(&b), p[i].normal);
		buf_done(&b);
	}
}
#define CHECK_ALL(table, norm) check_all(table, sizeof(table) / sizeof(table[0]), norm)

static void test_norm(void **state)
{
	static const struct pair emails[] = {
	    {" Taro@Example.JP\t", "taro@example.jp"},
	    {"ＴＡＲＯ＠ｅｘａｍｐｌｅ．ｊｐ　", "taro@example.jp"},
	    {"nobody", NULL},
	    {"@example.jp", NULL},
	    {"a@", NULL},
	    {"", NULL},
	};
	static const struct pair phones[] = {
	    {"03-1111-2222", "0311112222"},
	    {"０９０（１２３４）５６７８", "09012345678"},
	    {"+81 90 1234 5678", "09012345678"},
	    {"+81 (0)90-1234-5678", "09012345678"},
	    {"0000000000", NULL},
	    {"12345678", NULL},
	    {"1234567890123456", NULL},
	    {"-", NULL},
	};
	static const struct pair postals[] = {{"〒123-4567", "1234567"},
	                                      {"１２３－４５６７", "1234567"},
	                                      {"SW1A 1AA", "sw1a1aa"},
	                                      {"000-0000", NULL},
	                                      {"", NULL}};
	static const struct pair names[] = {{"ﾔﾏﾀﾞ ﾀﾛｳ", "やまだたろう"},
	                                    {"ヤマダ　タロウ", "やまだたろう"},
	                                    {"ﾊﾟﾊﾞｳﾞ", "ぱばゔ"},
	                                    {"Ｓｍｉｔｈ John", "smithjohn"},
	                                    {" 　", NULL}};

	(void)state;
	CHECK_ALL(emails, norm_email);
	CHECK_ALL(phones, norm_phone);
	CHECK_ALL(postals, norm_postal);
	CHECK_ALL(names, norm_name);
	assert_false(norm_filled(SLICE(" 　\t\r\n")));
	assert_true(norm_filled(SLICE(" 0")));
}

/* ---- persons ---- */

static struct slice key(uint8_t room[PERSONS_KEY_BYTES], unsigned n)
{
	struct hash h = hash_of(slice_mem(&n, sizeof(n)));

	if (!n)
		return (struct slice){0};
	memcpy(room, h.b, PERSONS_KEY_BYTES);
	return slice_mem(room, PERSONS_KEY_BYTES);
}

/* Keys by number, 0: none. */
static int64_t add(struct persons *p, struct persons_marks *m, unsigned mail, unsigned phone,
                   unsigned name, unsigned number)
{
	uint8_t room[PERSONS_KEYS][PERSONS_KEY_BYTES];
	struct slice k[PERSONS_KEYS] = {key(room[0], mail), key(room[1], phone),
	                                key(room[2], name), key(room[3], number)};
	int64_t who = persons_add(p, k);

	assert_true(who >= 0);
	assert_int_equal(persons_mark(m, who, 1), 0);
	return who;
}

static void expect(struct persons *p, struct persons_marks *m, int64_t low, int64_t high)
{
	int64_t l[64], h[64], shared;

	assert_int_equal(persons_join(p, &shared), 0);
	assert_int_equal(persons_count(p, m, h, l), 0);
	assert_int_equal(h[0], high);
	assert_int_equal(l[0], low);
	persons_marks_free(m);
	persons_free(p);
}

static void test_persons(void **state)
{
	struct persons *p = persons_new();
	struct persons_marks *m = persons_marks_new();

	(void)state;
	assert_int_equal(add(p, m, 1, 10, 0, 0), add(p, m, 1, 11, 0, 0)); /* one address */
	add(p, m, 2, 11, 0, 0); /* a telephone in common */
	add(p, m, 3, 0, 20, 0);
	add(p, m, 4, 0, 20, 0); /* name and postal code */
	add(p, m, 5, 0, 0, 30);
	add(p, m, 6, 0, 0, 30); /* one member, two addresses */
	add(p, m, 7, 30, 0, 0); /* a telephone's key like a member's number */
	add(p, m, 0, 0, 0, 0);  /* nothing is known of them: */
	add(p, m, 0, 0, 0, 0);  /* two persons */
	add(p, m, 0, 40, 0, 0);
	add(p, m, 0, 40, 0, 0); /* no address, one telephone: one */
	expect(p, m, 7, 10);
}

/* Without an address, but with both the telephone number and the name of exactly one who has.
 */
static void test_same(void **state)
{
	struct persons *p = persons_new();
	struct persons_marks *m = persons_marks_new();

	(void)state;
	add(p, m, 0, 10, 20, 0); /* a recipient, before the buyer */
	add(p, m, 1, 10, 20, 5);
	add(p, m, 2, 11, 21, 6);
	add(p, m, 0, 11, 21, 0); /* and behind */
	add(p, m, 0, 11, 21, 0);
	add(p, m, 3, 12, 22, 0);
	add(p, m, 0, 12, 23, 0); /* the telephone alone: another, perhaps */
	add(p, m, 4, 14, 24, 0);
	add(p, m, 5, 14, 24, 0);
	add(p, m, 0, 14, 24, 0); /* of two: one of them, or a third */
	expect(p, m, 4, 7);
}

static void test_shared(void **state)
{
	struct persons *p = persons_new();
	struct persons_marks *m = persons_marks_new();

	(void)state;
	for (unsigned i = 1; i <= PERSONS_SHARED; i++)
		add(p, m, i, 1000, 0, 0);
	for (unsigned i = 1; i <= PERSONS_SHARED + 1; i++)
		add(p, m, 100 + i, 2000, 0, 0);
	expect(p, m, 1 + PERSONS_SHARED + 1, 2 * PERSONS_SHARED + 1);
}

/* Whatever the order of rows, the figures are the same; and many are told apart. */
static void test_order(void **state)
{
	int64_t low[2], high[2];

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		struct persons *p = persons_new();
		struct persons_marks *m = persons_marks_new();
		int64_t l[64], h[64], shared;

		for (unsigned k = 0; k < 200000; k++) {
			unsigned i = turn ? 199999 - k : k;

			add(p, m, i % 3 ? 1 + i % 70001 : 0, i % 5 ? 100000 + i % 50021 : 0,
			    i % 7 ? 300000 + i % 60013 : 0, i % 2 ? 500000 + i % 80021 : 0);
		}
		assert_int_equal(persons_join(p, &shared), 0);
		assert_int_equal(persons_count(p, m, h, l), 0);
		low[turn] = l[0];
		high[turn] = h[0];
		persons_marks_free(m);
		persons_free(p);
	}
	assert_int_equal(low[0], low[1]);
	assert_int_equal(high[0], high[1]);
	assert_true(high[0] > 70001 && low[0] < high[0]);
}

/* ---- addresses and times ---- */

static void test_url(void **state)
{
	static const char *const bad[] = {"",
	                                  "oracle://x/y",
	                                  "sqlite:shop.db",
	                                  "postgresql://h",
	                                  "postgresql://h:99999/n",
	                                  "postgresql://h/n?tls=maybe",
	                                  "mariadb://%zz@h/n",
	                                  "mariadb://a%00@h/n"};
	const char *expected;
	struct url u;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (url_parse(slice_str(bad[i]), &u, &expected) != URL_BAD || !*expected)
			fail_msg("%s", bad[i]);
	assert_int_equal(url_parse(SLICE("postgresql://a:b@h/n"), &u, &expected),
	                 URL_HAS_PASSWORD);
	assert_int_equal(
	    url_parse(SLICE("postgres://r%40x@[::1]:5433/sh%20op?socket=/run/pg&tls="
	                    "verify&ca=/c.pem"),
	              &u, &expected),
	    URL_GOOD);
	assert_int_equal(u.kind, URL_POSTGRES);
	assert_string_equal(u.user, "r@x");
	assert_string_equal(u.host, "::1");
	assert_string_equal(u.name, "sh op");
	assert_string_equal(u.socket, "/run/pg");
	assert_string_equal(u.ca, "/c.pem");
	assert_int_equal(u.port, 5433);
	assert_int_equal(u.tls, URL_TLS_VERIFY);
	assert_int_equal(url_parse(SLICE("sqlite:///a/b.db"), &u, &expected), URL_GOOD);
	assert_string_equal(u.path, "/a/b.db");
}

static void test_zone(void **state)
{
	const int64_t noon = 1650337200LL * 1000000; /* 2022-04-19T03:00:00Z */
	static const struct {
		const char *text;
		bool civil;
		int64_t s;
	} times[] = {
	    {"2022-04-19 12:00:00", true, 1650369600},
	    {"2022-04-19 12:00", true, 1650369600},
	    {"2022-04-19", true, 1650326400},
	    {"2022-04-19T12:00:00+09:00", false, 1650337200},
	    {"2022-04-19 03:00:00Z", false, 1650337200},
	    {"1650337200", false, 1650337200},
	    {"1650337200000", false, 1650337200},
	};
	static const char *const none[] = {"", "0000-00-00 00:00:00", "yesterday", "0",
	                                   "2022-13-01"};
	char text[ZONE_TEXT_BYTES];
	int64_t us;
	bool civil;

	(void)state;
	assert_true(zone_set(SLICE("Asia/Tokyo")));
	zone_text(zone_civil(noon), text);
	assert_string_equal(text, "2022-04-19 12:00:00");
	assert_true(zone_set(SLICE("-03:30")));
	zone_text(zone_civil(noon + 1), text);
	assert_string_equal(text, "2022-04-18 23:30:00.000001");
	assert_true(zone_set(SLICE("Europe/Berlin"))); /* summer time */
	zone_text(zone_civil(noon), text);
	assert_string_equal(text, "2022-04-19 05:00:00");
	assert_false(zone_set(SLICE("Asia/Nowhere")));
	assert_false(zone_set(SLICE("../../etc/passwd")));
	assert_true(zone_set(SLICE("UTC")));
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (!zone_parse(slice_str(times[i].text), &us, &civil) ||
		    us != times[i].s * 1000000 || civil != times[i].civil)
			fail_msg("%s", times[i].text);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (zone_parse(slice_str(none[i]), &us, &civil))
			fail_msg("%s", none[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_norm),  cmocka_unit_test(test_persons),
	    cmocka_unit_test(test_same),  cmocka_unit_test(test_shared),
	    cmocka_unit_test(test_order), cmocka_unit_test(test_url),
	    cmocka_unit_test(test_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
