/* netlog: what the log of Chromium's network stack says of a page's contacts. */
#include "check.h"
#include "visit/netlog.h"

#define TYPES                                                                    \
	"{\"HOST_RESOLVER_MANAGER_REQUEST\":3,\"HOST_RESOLVER_MANAGER_JOB\":4,"  \
	"\"URL_REQUEST_START_JOB\":90,\"UDP_CONNECT\":50,\"UDP_BYTES_SENT\":51," \
	"\"DNS_CONFIG_CHANGED\":9}"
#define HEAD "{\"constants\":{\"logEventTypes\":" TYPES "},\n\"events\": [\n"
#define EVENT(type, id, params) \
	"{\"params\":{" params "},\"source\":{\"id\":" #id "},\"type\":" #type "},\n"
#define LOOKUP(host, key) \
	EVENT(3, 1, "\"host\":\"" host "\",\"network_anonymization_key\":\"" key "\"")

static size_t count_of(const char *text, const struct netlog_contact **out, struct netlog **log)
{
	size_t n = 0;

	*log = netlog_new();
	assert_non_null(*log);
	assert_true(netlog_feed(*log, slice_str(text)));
	*out = netlog_contacts(*log, &n);
	return n;
}

static void assert_only(const char *text, enum netlog_how how, const char *host)
{
	const struct netlog_contact *c;
	struct netlog *log;
	size_t n = count_of(text, &c, &log);

	assert_int_equal(n, host ? 1 : 0);
	if (host) {
		assert_int_equal(c[0].how, how);
		assert_slice(c[0].host, host);
	}
	netlog_free(log);
}

static void test_lookups(void **state)
{
	(void)state;
	assert_only(HEAD LOOKUP("http://x.test:81", "http://shop.test cross_site"), NETLOG_DNS,
	            "x.test:81");
	assert_only(HEAD LOOKUP("x.test", "null [internally: (A6) anonymous] same_site"),
	            NETLOG_DNS, "x.test");
	assert_only(HEAD EVENT(4, 2,
	                       "\"host\":\"stun.test:3478\",\"network_anonymization_key\":"
	                       "\"http://shop.test cross_site\""),
	            NETLOG_DNS, "stun.test:3478");
	/* Chromium's own business. */
	assert_only(HEAD LOOKUP("https://update.test", "null"), NETLOG_DNS, NULL);
	/* Without the names of the types nothing means anything. */
	assert_only(LOOKUP("x.test", "http://shop.test same_site"), NETLOG_DNS, NULL);
}

static void test_calls(void **state)
{
	const struct netlog_contact *c;
	struct netlog *log;

	(void)state;
	assert_int_equal(count_of(HEAD EVENT(9, 0, "\"nameservers\":[\"192.0.2.53:53\"]")
	                              EVENT(50, 5, "\"address\":\"192.0.2.53:53\"")
	                                  EVENT(51, 5, "\"byte_count\":30") EVENT(
	                                      50, 6, "\"address\":\"198.51.100.7:3478\"")
	                                      EVENT(50, 7, "\"address\":\"203.0.113.1:443\"")
	                                          EVENT(51, 6, "\"byte_count\":20")
	                                              EVENT(51, 6, "\"byte_count\":22"),
	                          &c, &log),
	                 1);
	assert_int_equal(c[0].how, NETLOG_UDP);
	assert_slice(c[0].host, "198.51.100.7:3478");
	assert_int_equal(c[0].bytes, 42);
	netlog_free(log);
}

static void test_requests(void **state)
{
	(void)state;
	assert_only(HEAD EVENT(90, 1,
	                       "\"url\":\"https://late.test/c?x=1\",\"initiator\":"
	                       "\"https://shop.test\""),
	            NETLOG_REQUEST, "late.test");
	assert_only(
	    HEAD EVENT(90, 1, "\"url\":\"https://own.test/\",\"initiator\":\"not an origin\""),
	    NETLOG_REQUEST, NULL);
}

/* A line without end is passed over; what follows it counts. */
static void test_too_long(void **state)
{
	struct netlog *log = netlog_new();
	size_t n = 0;

	(void)state;
	netlog_feed(log, slice_str(HEAD));
	for (size_t i = 0; i < 40; i++) {
		static char piece[65536];

		memset(piece, '{', sizeof(piece));
		assert_true(netlog_feed(log, slice_mem(piece, sizeof(piece))));
	}
	assert_true(netlog_feed(log, SLICE("\n" LOOKUP("x.test", "http://s.test same_site"))));
	netlog_contacts(log, &n);
	assert_int_equal(n, 1);
	netlog_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lookups),
	    cmocka_unit_test(test_calls),
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
