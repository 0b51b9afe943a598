#include "check.h"
#include "fact/json.h"

static void expect(const char *in, const char *canonical)
{
	struct arena a;
	struct buf b;
	struct json *v;

	arena_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	v = json_parse(&a, slice_str(in), NULL);
	if (!canonical) {
		if (v)
			fail_msg("%s was taken", in);
	} else {
		if (!json_write(&b, v))
			fail_msg("%s was refused", in);
		assert_slice(buf_slice(&b), canonical);
		assert_true(json_is_canonical(buf_slice(&b)));
		assert_int_equal(json_is_canonical(slice_str(in)), strcmp(in, canonical) == 0);
	}
	buf_done(&b);
	arena_done(&a);
}

static void writes_canonical_text(void **state)
{
	(void)state;
	expect(" { \"b\" : 1 , \"a\" : [ true , false , null ] } ",
	       "{\"a\":[true,false,null],\"b\":1}");
	expect("\"\\u0041\\/\\n\\u001f\\u00e9\\ud83d\\ude00\"", "\"A/\\n\\u001fé😀\"");
	expect("[0,-1,9007199254740991,0.5,-0.25,0.970000,12.000001]",
	       "[0,-1,9007199254740991,0.5,-0.25,0.97,12.000001]");
	expect("[1.0,-0.0]", "[1,0]");
	/* RFC 8785, 3.2.3: UTF-16 order puts U+1F600 (D83D) before U+FB33. */
	expect("{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"\\u20ac\":3,\"\\r\":4,\"1\":5,"
	       "\"\\u0080\":6,\"\\u00f6\":7}",
	       "{\"\\r\":4,\"1\":5,\"\xc2\x80\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\xef\xac\xb3\":1}");
	expect("{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}");
}

static void refuses_what_is_not_json(void **state)
{
	static const char *const bad[] = {"",
	                                  "{",
	                                  "[1,]",
	                                  "{\"a\":1,}",
	                                  "{\"a\" 1}",
	                                  "{a:1}",
	                                  "[1 2]",
	                                  "01",
	                                  "-",
	                                  "-0",
	                                  "1.",
	                                  ".5",
	                                  "1e3",
	                                  "+1",
	                                  "9007199254740992",
	                                  "0.1234567",
	                                  "tru",
	                                  "nul",
	                                  "\"\x01\"",
	                                  "\"\\x\"",
	                                  "\"\\ud800\"",
	                                  "\"\\udc00\"",
	                                  "\"\\ud800\\u0041\"",
	                                  "\"\xff\"",
	                                  "\"a",
	                                  "\"a\\",
	                                  "1 1",
	                                  "{\"a\":1,\"a\":2}",
	                                  "{\"b\":1,\"a\":1,\"b\":2}",
	                                  "NaN",
	                                  "[\"\\u12\"]",
	                                  "999999999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(bad[i], NULL);
}

static void bounds_depth_and_size(void **state)
{
	char deep[2 * JSON_DEPTH + 3] = {0};
	struct arena a;
	struct slice s;
	size_t where = 0;

	(void)state;
	memset(deep, '[', JSON_DEPTH);
	memset(deep + JSON_DEPTH, ']', JSON_DEPTH);
	expect(deep, deep);
	memset(deep, '[', JSON_DEPTH + 1);
	memset(deep + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	expect(deep, NULL);
	arena_init(&a, 1 << 20);
	s = arena_copy(&a, slice_mem(deep, 1));
	assert_null(json_parse(&a, SLICE("[1,2,x]"), &where));
	assert_int_equal(where, 5);
	assert_null(json_parse(&a, slice_mem(s.at, JSON_MAX_BYTES + 1), NULL));
	arena_reset(&a);
	a.max = 64;
	assert_null(json_parse(&a, SLICE("[1,2,3,4,5]"), NULL));
	arena_done(&a);
}

static void builds_and_reads(void **state)
{
	struct arena a;
	struct buf b;
	struct json *v, *who;

	(void)state;
	arena_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	v = json_obj(&a);
	who = json_obj(&a);
	json_put_int(&a, who, "pid", 42);
	json_put_str(&a, who, "exe", "/usr/sbin/php-fpm8.2");
	json_put(&a, v, "who", who);
	json_put(&a, v, "confidence", json_dec(&a, 0.97));
	json_put_bool(&a, v, "live", true);
	json_put_int(&a, v, "n", 1);
	json_put_int(&a, v, "n", 2); /* replaces */
	assert_int_equal(json_num(v, "who.pid", 0), 42);
	assert_slice(json_text(v, "who.exe"), "/usr/sbin/php-fpm8.2");
	assert_slice(json_text(v, "who.none.deep"), "");
	assert_int_equal(json_num(v, "who.exe", -5), -5);
	assert_true(json_true(v, "live"));
	assert_float_equal(json_real(v, "confidence", 0), 0.97, 1e-9);
	assert_int_equal(json_count(v), 4);
	assert_true(json_write(&b, json_copy(&a, v)));
	assert_slice(buf_slice(&b), "{\"confidence\":0.97,\"live\":true,\"n\":2,"
	                            "\"who\":{\"exe\":\"/usr/sbin/php-fpm8.2\",\"pid\":42}}");
	assert_false(json_write(&b, NULL));
	assert_null(json_str(&a, SLICE("\xff")));
	assert_null(json_int(&a, INT64_MAX));
	assert_null(json_put(&a, v, "x", NULL));
	assert_true(a.broken); /* a missing part can't go unnoticed */
	buf_done(&b);
	arena_done(&a);
}

static void reads_what_others_write(void **state)
{
	static const struct {
		const char *in, *out;
	} like[] = {{"[1.5e3,-2E-1,1e400,0.1234567]", "[1500,-0.2,9007199254740991,0.123457]"},
	            {"\"\\udead x\\ud83d\"", "\"\xef\xbf\xbd x\xef\xbf\xbd\""},
	            {"[12345678901234567890]", "[9007199254740991]"}};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < sizeof(like) / sizeof(like[0]); i++) {
		struct buf b;

		buf_init(&b, 4096);
		assert_true(
		    json_write(&b, json_parse_foreign(&a, slice_str(like[i].in), NULL)));
		assert_slice(buf_slice(&b), like[i].out);
		buf_done(&b);
	}
	assert_null(json_parse_foreign(&a, SLICE("{\"a\":}"), NULL));
	assert_null(json_parse_foreign(&a, SLICE("1e"), NULL));
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_what_others_write),  cmocka_unit_test(writes_canonical_text),
	    cmocka_unit_test(refuses_what_is_not_json), cmocka_unit_test(bounds_depth_and_size),
	    cmocka_unit_test(builds_and_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
