#include "desk/collect.h"
#include "tests/check.h"
#include <errno.h>

#define SEC  INT64_C(1000000)
#define NOW  (INT64_C(1790000000) * SEC)
#define HASH "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define SHOP "https://shop.test/checkout/pay"
#define VIEW "0123456789abcdef0123456789abcdef"
#define CHROME                                                                    \
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " \
	"Chrome/156.0.0.0 Safari/537.36"

static const struct collect_page pages[] = {
    {SLICE("shop"), SLICE("https://shop.test/")},
    {SLICE("pay"), SLICE("https://shop.test/checkout/")},
};

struct stand {
	struct collect *c;
	struct arena mem;
};

static void begin(struct stand *s)
{
	s->c = collect_new(pages, 2);
	arena_init(&s->mem, 1u << 20);
	assert_non_null(s->c);
}

static void end(struct stand *s)
{
	collect_free(s->c);
	arena_done(&s->mem);
}

static int take(struct stand *s, const char *body, int64_t at)
{
	return collect_take(s->c, slice_str(body), SLICE(VIEW), SLICE(CHROME), at);
}

static struct json *due(struct stand *s, int64_t at)
{
	struct json *d = collect_due(s->c, &s->mem, at);
	struct err e;

	if (d && fact_check_draft(d, &e) < 0)
		fail_msg("%s", e.text);
	return d;
}

#define CSP_HASH(script)                                                    \
	"[{\"type\":\"csp-hash\",\"age\":12,\"url\":\"" SHOP                \
	"\",\"user_agent\":\"x\",\"body\":{"                                \
	"\"documentURL\":\"" SHOP "?order=7\",\"subresourceURL\":\"" script \
	"\",\"hash\":\"" HASH "\",\"type\":\"subresource\",\"destination\":\"script\"}}]"
#define CSP_VIOLATION(blocked)                                                      \
	"[{\"type\":\"csp-violation\",\"age\":1,\"url\":\"" SHOP                    \
	"\",\"body\":{\"documentURL\":\"" SHOP "\",\"blockedURL\":\"" blocked       \
	"\",\"effectiveDirective\":\"script-src-elem\",\"disposition\":\"report\"," \
	"\"statusCode\":200}}]"
#define REPORT_URI(document, blocked)                                                   \
	"{\"csp-report\":{\"document-uri\":\"" document "\",\"blocked-uri\":\"" blocked \
	"\",\"violated-directive\":\"script-src 'self'\",\"disposition\":\"enforce\"}}"

static void test_forms(void **state)
{
	struct stand s;
	struct json *d;

	(void)state;
	begin(&s);
	assert_int_equal(take(&s, CSP_HASH("https://cdn.vendor.test/w.js?v=1"), NOW), 1);
	d = due(&s, NOW);
	assert_slice(json_text(d, "page"), "pay");
	assert_slice(json_text(d, "document"), SHOP);
	assert_slice(json_text(d, "script"), "https://cdn.vendor.test/w.js");
	assert_slice(json_text(d, "hash"), HASH);
	assert_slice(json_text(d, "disposition"), "hash");
	assert_slice(json_text(d, "agent"), "Chromium");
	assert_slice(json_get(d, "views")->first->s, VIEW);
	assert_int_equal(take(&s, CSP_VIOLATION("https://evil.test/x.js"), NOW), 1);
	d = due(&s, NOW);
	assert_slice(json_text(d, "disposition"), "report");
	assert_slice(json_text(d, "directive"), "script-src-elem");
	assert_int_equal(take(&s, REPORT_URI(SHOP, "inline"), NOW), 1);
	d = due(&s, NOW);
	assert_slice(json_text(d, "script"), "inline");
	assert_slice(json_text(d, "disposition"), "enforce");
	assert_slice(json_text(d, "directive"), "script-src");
	assert_null(due(&s, NOW));
	end(&s);
}

/* What the browser was kept from calling may carry the card: it must not be kept. */
static void test_no_cards(void **state)
{
	static const char *const blocked[] = {
	    "https://drop.test/c?card=4111111111111111",
	    "https://drop.test/4111111111111111.gif",
	    "https://drop.test/i/NDExMTExMTExMTExMTExMQ.gif",
	    "https://NDExMTExMTExMTExMTExMTEx.drop.test/",
	    "https://drop.test/52494949494949494949494949494949",
	};
	struct stand s;

	(void)state;
	begin(&s);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++) {
		struct buf b = {.max = 4096}, out = {.max = 4096};

		buf_printf(&b, REPORT_URI(SHOP, "%s"), blocked[i]);
		assert_int_equal(take(&s, buf_cstr(&b), NOW), 1);
		assert_true(json_write(&out, due(&s, NOW)));
		assert_int_equal(slice_find(buf_slice(&out), SLICE("4111")), SIZE_MAX);
		assert_int_equal(slice_find(buf_slice(&out), SLICE("NDEx")), SIZE_MAX);
		assert_int_equal(slice_find(buf_slice(&out), SLICE("4949")), SIZE_MAX);
		buf_done(&b);
		buf_done(&out);
	}
	end(&s);
}

static void test_counted(void **state)
{
	struct stand s;
	struct json *d;

	(void)state;
	begin(&s);
	for (int i = 0; i < 1000; i++)
		take(&s, CSP_HASH("https://cdn.vendor.test/w.js"), NOW + i);
	d = due(&s, NOW + SEC);
	assert_int_equal(json_num(d, "n", 0), 1000);
	assert_int_equal(json_count(json_get(d, "views")), COLLECT_VIEWS);
	take(&s, CSP_HASH("https://cdn.vendor.test/w.js"), NOW + 2 * SEC);
	assert_null(due(&s, NOW + 3 * SEC)); /* told a moment ago */
	d = due(&s, NOW + SEC + COLLECT_AGAIN_US);
	assert_int_equal(json_num(d, "n", 0), 1);
	end(&s);
}

/* Somebody who makes up reports fills neither memory nor ledger. */
static void test_flood(void **state)
{
	struct stand s;
	int told = 0;

	(void)state;
	begin(&s);
	for (int i = 0; i < 20000; i++) {
		struct buf b = {.max = 4096};

		buf_printf(&b, REPORT_URI(SHOP, "https://x.test/%c%c%c%c.js"), 'a' + i % 26,
		           'a' + i / 26 % 26, 'a' + i / 676 % 26, 'a' + i / 17576 % 26);
		take(&s, buf_cstr(&b), NOW + i * 1000);
		buf_done(&b);
	}
	while (due(&s, NOW + 21 * SEC))
		told++;
	assert_int_equal(told, COLLECT_NEW);
	assert_true(collect_passed(s.c) >= 20000 - COLLECT_NEW - 5);
	end(&s);
}

static void test_not_ours(void **state)
{
	static const char *const bodies[] = {
	    REPORT_URI("https://other.test/", "https://x.test/"),
	    REPORT_URI("", "https://x.test/"),
	    "{}",
	    "[]",
	    "[1,null,{\"type\":\"deprecation\",\"body\":{}}]",
	    "[{\"type\":\"csp-hash\",\"body\":7}]",
	    "",
	    "[",
	    "\xff\xfe",
	    "{\"csp-report\":5}",
	};
	struct stand s;

	(void)state;
	begin(&s);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_true(take(&s, bodies[i], NOW) <= 0);
	assert_null(due(&s, NOW));
	/* A view or a hash that is none is left out; the report stays. */
	assert_int_equal(
	    collect_take(
	        s.c,
	        SLICE("[{\"type\":\"csp-hash\",\"body\":{\"documentURL\":\"" SHOP
	              "\",\"subresourceURL\":\"https://a.test/a.js\",\"hash\":\"sha256-x\"}}]"),
	        SLICE("../etc"), SLICE(""), NOW),
	    1);
	assert_slice(json_text(due(&s, NOW), "hash"), "");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),    cmocka_unit_test(test_no_cards),
	    cmocka_unit_test(test_counted),  cmocka_unit_test(test_flood),
	    cmocka_unit_test(test_not_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
