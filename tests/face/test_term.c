/* Lines of the terminal: where they end. */
#include "../check.h"

#include "face/term.h"

static const struct {
	const char *text;
	size_t columns;
	const char *first; /* line */
} lines[] = {
    {"one two three", 9, "one two"},
    {"short", 9, "short"},
    {"unbreakablelong", 9, "unbreakab"},
    {"あいうえおか", 9, "あいうえ"},
    /* What would come next stays with the one before. */
    {"あいうえ。おか", 9, "あいう"},
    {"あいうえ、おか", 9, "あいう"},
    {"あいうえ」おか", 9, "あいう"},
    {"あいうえ』。おか", 9, "あいう"},
    {"あいう】？！おか", 9, "あい"},
    {"あいうエーおか", 9, "あいう"},
    {"あいうえっおか", 9, "あいう"},
    {"あいうえ）おか", 9, "あいう"},
    {"あいうえ) おか", 8, "あいう"},
    /* One that fits is as good as any other. */
    {"あいう。おか", 8, "あいう。"},
    /* What opens goes with what comes behind it. */
    {"あいう「えおか", 8, "あいう"},
    {"あい（「えおか", 8, "あい"},
    /* Blanks between words of both. */
    {"あい hinoban deploy、うえ", 16, "あい hinoban"},
    /* Nothing but such: somewhere it must end. */
    {"。。。。。。", 8, "。。。。"},
};

static void ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct slice s = slice_str(lines[i].text);

		assert_slice(slice_sub(s, 0, term_line(s, lines[i].columns)), lines[i].first);
	}
}

/* Whatever is cut, each line goes on by at least a character, and all of it is there. */
static void goes_on(void **state)
{
	struct slice s = SLICE("「あ」、（い）。ーー…… a、b「「「『う』」」」！？ ﾟﾟﾟ。");

	(void)state;
	for (size_t columns = 2; columns < 40; columns++) {
		for (struct slice rest = s; rest.n;) {
			size_t n = term_line(rest, columns);

			assert_in_range(n, 1, rest.n);
			rest = slice_sub(rest, n, rest.n);
			while (rest.n && rest.at[0] == ' ')
				rest = slice_sub(rest, 1, rest.n);
		}
	}
}

static int setup(void **state)
{
	(void)state;
	term_setup();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends),
	    cmocka_unit_test(goes_on),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
