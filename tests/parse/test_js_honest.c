/* Honest JavaScript: what must not be said about it. */
#include "look.h"

static const struct look_case cases[] = {
    {"a module", "a.js",
     "import {a} from \"./a.js\";\n"
     "export default class B extends C { #x = 1; get v() { return this.#x ?\? a / 2 / 3 } }",
     "{}", "js"},
    {"regular expressions and divisions", "a.js",
     "var a = b / c / d, e = /[/\"]eval(/.test(f); if (x) /re\"/.exec(y); z = a++ / 2; w = (a) "
     "/ 3;",
     "{}", "js"},
    {"a timer with a function", "a.js",
     "setTimeout(function () { a(); }, 100); setInterval(() => b(), 5);", "{}", "js"},
    {"own analytics", "a.js",
     "fetch(\"/api/views\", {method: \"POST\", body: JSON.stringify({page: "
     "location.pathname})});",
     "{\"net_out\":1}", "js"},
    {"validation", "a.js",
     "if (document.getElementById(\"card_number\").value.length < 13 || !luhn(x)) { "
     "show(\"error\"); }",
     "{\"card_word\":1,\"form_read\":1}", "js"},
    {"strings that name things", "a.js",
     "var help = \"Enter your name. The <b>total</b> is shown below.\"; var t = {eval: 1, "
     "send: 2};",
     "{}", "js"},
    {"nested templates", "a.js", "var t = `a${b ? `c${d}` : \"e\"}f`; var u = `}` + x;", "{}",
     "js"},
    {"two functions with one name", "a.js",
     "function p(e) { e = document.getElementById(\"cvv\").value; } function q(e) { "
     "fetch(\"/x\", {body: e}); }",
     "{\"card_word\":1,\"form_read\":1,\"net_out\":1}", "js"},
};

static void test_js_honest(void **state)
{
	(void)state;
	LOOK_CHECK(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_js_honest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
