/* Journeys: what they say, and faults with their place and what was expected. */
#include "check.h"
#include "visit/visit.h"

#define STEP "stop = [\"POST **/pay\"]\n[step]\nname = \"p\"\ncard = true\n"

static int parse(const char *text, struct journey *j, struct err *e)
{
	static struct arena a;

	arena_done(&a);
	arena_init(&a, 1 << 20);
	*e = (struct err){""};
	return journey_parse(slice_str(text), "j", &a, j, e);
}

static void says_what_it_says(void **state)
{
	struct journey j;
	struct err e;

	(void)state;
	assert_int_equal(
	    parse("title = \"t\"\nstop = [\"POST **/pay\", \"* https://psp.example/**\"]\n"
	          "[step]\nname = \"a\"\nopen = \"/a\"\nclick = \"#b\"\n"
	          "[step]\nname = \"p\"\ncard = true\nframe = \"psp\"\n"
	          "fill = [\"card-number: #n\", \"text=x y: input[name=':']\"]\n",
	          &j, &e),
	    0);
	assert_int_equal(j.steps, 2);
	assert_slice(j.step[0].open, "/a");
	assert_int_equal(j.step[1].fills, 2);
	assert_int_equal(j.step[1].fill[0].what, WHAT_CARD_NUMBER);
	assert_slice(j.step[1].fill[1].text, "x y");
	assert_slice(j.step[1].fill[1].selector, "input[name=':']");
	assert_true(journey_stops(&j, SLICE("POST"), SLICE("https://s.example/x/pay?a=1")));
	assert_false(journey_stops(&j, SLICE("GET"), SLICE("https://s.example/x/pay")));
	assert_true(journey_stops(&j, SLICE("GET"), SLICE("https://psp.example/v1/token")));
}

/* Shops whose requests differ in their query only. */
static void stops_by_the_query(void **state)
{
	struct journey j;
	struct err e;

	(void)state;
	assert_int_equal(
	    parse("stop = [\"POST **?wc-ajax=checkout**\", \"POST **/pay\"]\n[step]\nname = "
	          "\"p\"\ncard = true\n",
	          &j, &e),
	    0);
	assert_true(
	    journey_stops(&j, SLICE("POST"), SLICE("https://s.example/?wc-ajax=checkout")));
	assert_true(journey_stops(&j, SLICE("POST"),
	                          SLICE("https://s.example/a/?wc-ajax=checkout&b=/c")));
	assert_false(journey_stops(&j, SLICE("POST"),
	                           SLICE("https://s.example/?wc-ajax=update_order_review")));
	assert_false(journey_stops(&j, SLICE("POST"), SLICE("https://s.example/")));
	assert_true(journey_stops(&j, SLICE("POST"), SLICE("https://s.example/pay?n=1")));
}

static const struct {
	const char *text, *says;
} faults[] = {
    {"", "j:1:1: found no step; expected a [step]"},
    {"stop = [\"POST\"]\n",
     "j:1:9: found \"POST\"; expected METHOD URL, such as \"POST **/checkout/pay\" or \"* "
     "https://psp.example/**\""},
    {"[stage]\n", "j:1:2: found the section [stage]; expected [step]"},
    {"titel = \"t\"\n", "j:1:1: found the unknown key \"titel\"; expected one of: title stop "
                        "test_mode, or a [step]"},
    {STEP "clik = \"a\"\n", "j:5:1: found the unknown key \"clik\"; expected one of: name open "
                            "if wait frame fill click "
                            "card"},
    {STEP "card = 1\n", "j:5:1: found card a second time; expected it once"},
    {STEP "fill = [\"kard: #n\"]\n",
     "j:5:9: found \"kard: #n\"; expected WHAT: SELECTOR, such as \"card-number: "
     "input[name=number]\"; hinoban.journey(5) lists what can be typed"},
    {STEP "click = \"\"\n", "j:5:9: found an empty text for click; expected a text"},
    {STEP "[step]\nopen = \"/\"\n",
     "j:7:1: found a [step] without a name; expected name = \"...\" before here"},
    {"[step]\nname = \"p\"\ncard = true\n",
     "j:4:1: found neither stop = [...] nor test_mode = true; expected one, so that no money "
     "moves"},
    {"test_mode = true\n[step]\nname = \"p\"\nopen = \"/\"\n",
     "j:5:1: found 0 steps with card = true; expected one, the payment page's"},
};

static void tells_faults(void **state)
{
	struct journey j;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_true(parse(faults[i].text, &j, &e) < 0);
		assert_string_equal(e.text, faults[i].says);
	}
}

/* Each journey that is shipped. */
static void profiles_are_good(void **state)
{
	static const char *const names[] = {"hinoban-shop"};
	struct arena a;
	struct journey j;
	struct err e;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (journey_load(HINOBAN_SOURCE "/profiles", slice_str(names[i]), &a, &j, &e) <
		    0)
			fail_msg("%s", e.text);
	assert_true(journey_load(HINOBAN_SOURCE "/profiles", SLICE("../x"), &a, &j, &e) < 0);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_what_it_says), cmocka_unit_test(stops_by_the_query),
	    cmocka_unit_test(tells_faults), cmocka_unit_test(profiles_are_good)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
