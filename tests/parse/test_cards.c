#include "check.h"
#include "parse/cards.h"

static const struct {
	const char *in, *out;
} text[] = {
    {"card=4111111111111111&x=1", "card=****************&x=1"},
    {"4111 1111 1111 1111", "**** **** **** ****"},
    {"4111-1111-1111-1111.", "****-****-****-****."},
    {"4111%201111%201111%201111", "****%20****%20****%20****"},
    {"378282246310005", "***************"},
    {"x 12345678901234567890123 y", "x *********************** y"},
    {"4980001300000000", "4980001300000000"}, /* Luhn says no */
    {"order 20261125-0001, tel 03-1234-5678", "order 20261125-0001, tel 03-1234-5678"},
    {"", ""},
};

static const struct {
	const char *in, *out;
} url[] = {
    {"https://drop.test/c?card=4111111111111111", "https://drop.test/c"},
    {"https://a:b@drop.test/x#y", "https://drop.test/x"},
    {"https://NDExMTExMTExMTExMTExMQ.drop.test/", "https://*.drop.test/"},
    {"https://drop.test/i/4111111111111111.gif", "https://drop.test/i/****************.gif"},
    {"https://drop.test/p/NDExMTExMTExMTExMTExMQ", "https://drop.test/p/*"},
    {"https://cdn.shop.test/js/app.js", "https://cdn.shop.test/js/app.js"},
    {"https://drop.test/4111/1111/1111/1111", "https://drop.test/****/****/****/****"},
    {"https://4111.1111.1111.1111.drop.test/", "https://****.****.****.****.drop.test/"},
    {"eval", "eval"},
    {"inline", "inline"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		struct buf b = {.max = 1024};

		cards_wipe(&b, slice_str(text[i].in));
		assert_slice(buf_slice(&b), text[i].out);
		buf_done(&b);
	}
}

static void test_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(url) / sizeof(url[0]); i++) {
		struct buf b = {.max = 1024};

		cards_wipe_url(&b, slice_str(url[i].in));
		assert_slice(buf_slice(&b), url[i].out);
		buf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_text),
	                                   cmocka_unit_test(test_url)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
