/* Lines of access logs, honest and hostile. */
#include "check.h"
#include "parse/access_log.h"
#include "parse/parse.h"

struct log_case {
	const char *what, *format, *line;
	const char *json; /* "[]": refused */
};

#define COMMON "192.0.2.1 - - [24/Nov/2026:04:05:06 +0900] \"GET /a?b=1 HTTP/1.1\" 200 12"
#define SAID                                                                              \
	"[{\"at\":\"2026-11-23T19:05:06.000000Z\",\"bytes\":12,\"client\":\"192.0.2.1\"," \
	"\"exact\":false,\"method\":\"GET\",\"status\":200,\"url\":\"/a?b=1\"}]"

static const struct log_case cases[] = {
    {"common in combined", "combined", COMMON, SAID},
    {"common", "common", COMMON, SAID},
    {"combined", "combined", COMMON " \"https://s.example/\" \"A \\x22b\\x22\"",
     "[{\"agent\":\"A \\\"b\\\"\",\"at\":\"2026-11-23T19:05:06.000000Z\",\"bytes\":12,"
     "\"client\":\"192.0.2.1\",\"exact\":false,\"method\":\"GET\",\"referer\":\"https://"
     "s.example/\","
     "\"status\":200,\"url\":\"/a?b=1\"}]"},
    {"virtual host before it", "combined", "shop.example:443 " COMMON " \"-\" \"-\"", SAID},
    {"a line end of Windows", "combined", COMMON "\r\n", SAID},
    {"nginx with all that we know",
     "$remote_addr [$time_iso8601] $msec $request_time \"$request_method $request_uri\" "
     "$status $body_bytes_sent \"$http_user_agent\" $request_id",
     "2001:db8::1 [2026-11-24T04:05:06+09:00] 1795460706.123 0.045 \"POST /p.php\" 302 0 "
     "\"x\" 9f3a",
     "[{\"agent\":\"x\",\"at\":\"2026-11-23T19:05:06.123000Z\",\"bytes\":0,\"client\":\"2001:"
     "db8::1\","
     "\"duration_us\":45000,\"exact\":true,\"id\":\"9f3a\",\"method\":\"POST\",\"status\":302,"
     "\"url\":\"/p.php\"}]"},
    {"Apache's LogFormat", "%h %l %u %t \"%r\" %>s %O %D", COMMON " 1500",
     "[{\"at\":\"2026-11-23T19:05:06.000000Z\",\"bytes\":12,\"client\":\"192.0.2.1\","
     "\"duration_us\":1500,\"exact\":false,\"method\":\"GET\",\"status\":200,\"url\":\"/"
     "a?b=1\"}]"},
    {"Apache, begin to the microsecond and how long", "%h %{usec}t %{us}T \"%r\" %>s",
     "192.0.2.1 1795460706123456 45000 \"POST /p.php HTTP/1.1\" 302",
     "[{\"at\":\"2026-11-23T19:05:06.168456Z\",\"client\":\"192.0.2.1\",\"duration_us\":"
     "45000,\"exact\":true,\"method\":\"POST\",\"status\":302,\"url\":\"/p.php\"}]"},
    {"Apache, end to the millisecond and how long", "%h %{end:msec}t %{ms}T \"%r\" %>s",
     "192.0.2.1 1795460706123 45 \"POST /p.php HTTP/1.1\" 302",
     "[{\"at\":\"2026-11-23T19:05:06.123000Z\",\"client\":\"192.0.2.1\",\"duration_us\":"
     "45000,\"exact\":true,\"method\":\"POST\",\"status\":302,\"url\":\"/p.php\"}]"},
    {"a moment without how long tells the second only", "%h %{usec}t \"%r\" %>s %T",
     "192.0.2.1 1795460706123456 \"GET / HTTP/1.1\" 200 1",
     "[{\"at\":\"2026-11-23T19:05:06.123456Z\",\"client\":\"192.0.2.1\",\"duration_us\":"
     "1000000,\"exact\":false,\"method\":\"GET\",\"status\":200,\"url\":\"/\"}]"},
    {"Apache's JSON",
     "{ \"time\":\"%{%Y-%m-%dT%H:%M:%S%z}t\", \"ip\":\"%a\", \"method\":\"%m\", "
     "\"url\":\"%U%q\", \"status\":\"%>s\", \"us\":%D, \"agent\":\"%{User-Agent}i\", "
     "\"cookie\":\"%{m}C\" }",
     "{ \"time\":\"2026-11-24T04:05:06+0900\", \"ip\":\"192.0.2.1\", \"method\":\"POST\", "
     "\"url\":\"/p.php?a=1\", \"status\":\"302\", \"us\":1500, \"agent\":\"x \\\"y\\\"\", "
     "\"cookie\":\"-\" }",
     "[{\"agent\":\"x "
     "\\\"y\\\"\",\"at\":\"2026-11-23T19:05:06.000000Z\",\"client\":\"192.0.2.1\","
     "\"duration_us\":1500,\"exact\":false,\"method\":\"POST\",\"status\":302,"
     "\"url\":\"/p.php?a=1\"}]"},
    {"a time beyond all years", "%h %{usec}t \"%r\"",
     "192.0.2.1 9007199254740992 \"GET / HTTP/1.1\"",
     "[{\"at\":\"2255-06-05T23:47:34.740992Z\",\"client\":\"192.0.2.1\",\"exact\":false,"
     "\"method\":\"GET\",\"url\":\"/\"}]"},
    {"and more so", "%h %{msec}t \"%r\"", "192.0.2.1 9007199254740992 \"GET / HTTP/1.1\"",
     "[]"},
    {"a card number in the address", "$remote_addr [$time_local] \"$request\"",
     "192.0.2.1 [24/Nov/2026:04:05:06 +0000] \"GET /?c=4111111111111111&d=4111-1111-1111-1111"
     "&e=5555%205555%205555%204444&n=4111111111111112 HTTP/1.1\"",
     "[{\"at\":\"2026-11-24T04:05:06.000000Z\",\"client\":\"192.0.2.1\",\"exact\":false,"
     "\"method\":\"GET\",\"url\":\"/?c=[card]&d=[card]&e=[card]&n=4111111111111112\"}]"},
    {"a quote in the agent", "combined", COMMON " \"-\" \"a\\\" 500 b\"",
     "[{\"agent\":\"a\\\" 500 b\",\"at\":\"2026-11-23T19:05:06.000000Z\",\"bytes\":12,"
     "\"client\":\"192.0.2.1\",\"exact\":false,\"method\":\"GET\",\"status\":200,\"url\":\"/"
     "a?b=1\"}]"},
    {"bytes that are no text", "$remote_addr [$time_local] \"$request\"",
     "192.0.2.1 [24/Nov/2026:04:05:06 +0000] \"GET /\\xFF\\x00 HTTP/1.1\"",
     "[{\"at\":\"2026-11-24T04:05:06.000000Z\",\"client\":\"192.0.2.1\",\"exact\":false,"
     "\"method\":\"GET\",\"url\":\"/\\\\xff\\u0000\"}]"},
    {"a false date", "combined",
     "192.0.2.1 - - [99/Xxx/2026:04:05:06 +0900] \"GET / HTTP/1.1\" 200 1", "[]"},
    {"no request", "combined",
     "192.0.2.1 - - [24/Nov/2026:04:05:06 +0900] \"\\x16\\x03\" 400 0", "[]"},
    {"something else", "combined", "hello", "[]"},
    {"nothing", "combined", "", "[]"},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a;
		struct buf got = {.max = 1 << 20};
		size_t ill_formed;
		arena_init(&a, 8u << 20);
		struct json *out = parse_access_log(&a, slice_str(cases[i].format),
		                                    slice_str(cases[i].line), &ill_formed);
		assert_true(json_write(&got, out));
		if (strcmp(buf_cstr(&got), cases[i].json) != 0)
			print_error("%s:\n", cases[i].what);
		assert_string_equal(buf_cstr(&got), cases[i].json);
		assert_int_equal(ill_formed, cases[i].line[0] && !json_count(out) ? 1 : 0);
		buf_done(&got);
		arena_done(&a);
	}
}

static void test_format_without_fields(void **state)
{
	struct arena a;
	size_t ill_formed;

	(void)state;
	arena_init(&a, 1 << 20);
	assert_null(parse_access_log(&a, SLICE("no fields"), SLICE("x\n"), &ill_formed));
	arena_done(&a);
}

static void test_long_line(void **state)
{
	struct arena a;
	struct buf line = {.max = 1 << 20};
	size_t ill_formed;

	(void)state;
	arena_init(&a, 8u << 20);
	for (size_t i = 0; i <= LOG_MAX_LINE; i++)
		buf_byte(&line, 'a');
	buf_str(&line, "\n" COMMON "\n");
	struct json *out =
	    parse_access_log(&a, SLICE("combined"), buf_slice(&line), &ill_formed);
	assert_int_equal(json_count(out), 1);
	assert_int_equal(ill_formed, 1);
	buf_done(&line);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_format_without_fields),
	    cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
