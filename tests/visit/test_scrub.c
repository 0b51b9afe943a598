/* Card numbers out of what is stored: canaries in their writings, and whatever looks like one.
 */
#include "check.h"
#include "visit/scrub.h"

#define A "4000000013590023"
#define B "4000000020010023"

static struct scrub s;
static struct arena a;

static int begin(void **state)
{
	(void)state;
	arena_init(&a, 1 << 20);
	scrub_init(&s);
	scrub_add(&s, SLICE(A));
	scrub_add(&s, SLICE(B));
	return 0;
}

static int end(void **state)
{
	(void)state;
	scrub_done(&s);
	arena_done(&a);
	return 0;
}

static void lacks(const char *text)
{
	struct slice out = scrub_text(&s, &a, slice_str(text));

	assert_true(slice_find(out, SLICE("1359")) == SIZE_MAX);
	assert_true(slice_find(out, SLICE("2001")) == SIZE_MAX);
	assert_false(scrub_finds_canary(&s, out));
}

static void canaries_are_found_in_their_writings(void **state)
{
	/* reversed; hexadecimal; character codes; base64 of "card=" A "&x", "card:" and
	 * "xcard:" */
	static const char *const writings[] = {
	    A,
	    "x" B "y",
	    "3200953100000004",
	    "34303030303030303133353930303233",
	    "52,48,48,48,48,48,48,48,49,51,53,57,48,48,50,51",
	    "Y2FyZD00MDAwMDAwMDEzNTkwMDIzJng=",
	    "Y2FyZDo0MDAwMDAwMDEzNTkwMDIz",
	    "eHhjYXJkOjQwMDAwMDAwMjAwMTAwMjM="};

	(void)state;
	for (size_t i = 0; i < sizeof(writings) / sizeof(writings[0]); i++) {
		if (!scrub_finds_canary(&s, slice_str(writings[i])))
			fail_msg("not found: %s", writings[i]);
		assert_false(
		    scrub_finds_canary(&s, scrub_text(&s, &a, slice_str(writings[i]))));
	}
}

static void other_cards_are_found_too(void **state)
{
	(void)state;
	lacks("number 4000 0000 1359 0023!");
	lacks("4000-0000-2001-0023");
	assert_true(slice_find(scrub_text(&s, &a, SLICE("n=4242424242424242")),
	                       SLICE("4242")) == SIZE_MAX);
	assert_slice(scrub_text(&s, &a, SLICE("order 12345, 2026-11-25")),
	             "order 12345, 2026-11-25");
	assert_slice(scrub_text(&s, &a, SLICE("")), "");
}

static void urls_lose_what_may_carry_a_card(void **state)
{
	(void)state;
	assert_slice(scrub_url(&s, &a, SLICE("https://u:p@a.example/x?v=1.2#f")),
	             "https://a.example/x?v=1.2");
	assert_slice(
	    scrub_url(&s, &a, SLICE("https://a.example/x?d=YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg")),
	    "https://a.example/x?d=...");
	assert_slice(scrub_url(&s, &a, SLICE("https://a.example/x?n=123456789&k=v")),
	             "https://a.example/x?n=...&k=v");
	lacks("https://a.example/" A "/p.gif");
	assert_slice(scrub_url(&s, &a, SLICE("data:image/png;base64,AAAA")), "data:");
	for (int i = 0; i < 2; i++) {
		/* What was handed in is a message that is soon another. */
		char message[] = "blob:https://a.example/0", other[] = "data:text/javascript,0";
		char *text = i ? other : message;
		struct slice kept = scrub_url(&s, &a, slice_str(text));

		memset(text, 'x', 5);
		assert_slice(kept, i ? "data:" : "blob:");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(canaries_are_found_in_their_writings, begin, end),
	    cmocka_unit_test_setup_teardown(other_cards_are_found_too, begin, end),
	    cmocka_unit_test_setup_teardown(urls_lose_what_may_carry_a_card, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
