/*
 * The mustache specification's core, behaviour by behaviour: comments, delimiters,
 * interpolation, inverted sections, partials, sections. Each row: what, template, model,
 * partials as a JSON object, expected text.
 */
#include "tests/check.h"

#include "report/mustache.h"

#include <errno.h>

struct row {
	const char *what, *template, *model, *partials, *want;
};

static const struct row comments[] = {
    {"inline", "12345{{! Comment Block! }}67890", "{}", "{}", "1234567890"},
    {"several lines", "12345{{!\n  a\n  b\n}}67890\n", "{}", "{}", "1234567890\n"},
    {"standalone", "Begin.\n{{! x }}\nEnd.\n", "{}", "{}", "Begin.\nEnd.\n"},
    {"indented standalone", "Begin.\n  {{! x }}\nEnd.\n", "{}", "{}", "Begin.\nEnd.\n"},
    {"standalone, CR LF", "|\r\n{{! x }}\r\n|", "{}", "{}", "|\r\n|"},
    {"without a line before", "  {{! x }}\n!", "{}", "{}", "!"},
    {"without a line behind", "!\n  {{! x }}", "{}", "{}", "!\n"},
    {"standalone over lines", "Begin.\n{{!\na\n}}\nEnd.\n", "{}", "{}", "Begin.\nEnd.\n"},
    {"indented inline", "  12 {{! 34 }}\n", "{}", "{}", "  12 \n"},
    {"white space around", "12345 {{! x }} 67890", "{}", "{}", "12345  67890"},
    {"like a name", "{{! a }}{{a}}", "{\"! a\":1,\"a\":2}", "{}", "2"},
};

static const struct row delimiters[] = {
    {"pair", "{{=<% %>=}}(<%text%>)", "{\"text\":\"Hey!\"}", "{}", "(Hey!)"},
    {"special signs", "({{=[ ]=}}[text])", "{\"text\":\"It worked!\"}", "{}", "(It worked!)"},
    {"in sections",
     "[\n{{#s}}\n  {{d}}\n  |d|\n{{/s}}\n\n{{= | | =}}\n|#s|\n  {{d}}\n  |d|\n|/s|\n]\n",
     "{\"s\":true,\"d\":\"I\"}", "{}", "[\n  I\n  |d|\n\n  {{d}}\n  I\n]\n"},
    {"in inverted sections",
     "[\n{{^s}}\n  {{d}}\n  |d|\n{{/s}}\n\n{{= | | =}}\n|^s|\n  {{d}}\n  |d|\n|/s|\n]\n",
     "{\"s\":false,\"d\":\"I\"}", "{}", "[\n  I\n  |d|\n\n  {{d}}\n  I\n]\n"},
    {"not inherited by partials", "[ {{>p}} ]\n{{= | | =}}\n[ |>p| ]\n", "{\"v\":\"yes\"}",
     "{\"p\":\".{{v}}.\"}", "[ .yes. ]\n[ .yes. ]\n"},
    {"not leaked by partials", "[ {{>p}} ]\n[ .{{v}}.  .|v|. ]\n", "{\"v\":\"yes\"}",
     "{\"p\":\".{{v}}. {{= | | =}} .|v|.\"}", "[ .yes.  .yes. ]\n[ .yes.  .|v|. ]\n"},
    {"white space around", "| {{=@ @=}} |", "{}", "{}", "|  |"},
    {"outlying white space", " | {{=@ @=}}\n", "{}", "{}", " | \n"},
    {"standalone", "Begin.\n{{=@ @=}}\nEnd.\n", "{}", "{}", "Begin.\nEnd.\n"},
    {"indented standalone", "Begin.\n  {{=@ @=}}\nEnd.\n", "{}", "{}", "Begin.\nEnd.\n"},
    {"standalone, CR LF", "|\r\n{{= @ @ =}}\r\n|", "{}", "{}", "|\r\n|"},
    {"without a line before", "  {{=@ @=}}\n=", "{}", "{}", "="},
    {"without a line behind", "=\n  {{=@ @=}}", "{}", "{}", "=\n"},
    {"padding within", "|{{= @   @ =}}|", "{}", "{}", "||"},
};

static const struct row interpolation[] = {
    {"none", "Hello from {Mustache}!\n", "{}", "{}", "Hello from {Mustache}!\n"},
    {"basic", "Hello, {{subject}}!\n", "{\"subject\":\"world\"}", "{}", "Hello, world!\n"},
    {"not anew", "{{template}}: {{planet}}",
     "{\"template\":\"{{planet}}\",\"planet\":\"Earth\"}", "{}", "{{planet}}: Earth"},
    {"escaped", "{{f}}", "{\"f\":\"& \\\" < >\"}", "{}", "&amp; &quot; &lt; &gt;"},
    {"triple", "{{{f}}}", "{\"f\":\"& \\\" < >\"}", "{}", "& \" < >"},
    {"ampersand", "{{&f}}", "{\"f\":\"& \\\" < >\"}", "{}", "& \" < >"},
    {"integer", "{{n}} {{{n}}} {{&n}}", "{\"n\":85}", "{}", "85 85 85"},
    {"decimal", "{{n}} {{{n}}}", "{\"n\":1.21}", "{}", "1.21 1.21"},
    {"zero is a value", "{{n}}", "{\"n\":0}", "{}", "0"},
    {"null", "({{x}}) ({{{x}}}) ({{&x}})", "{\"x\":null}", "{}", "() () ()"},
    {"missing", "({{x}}) ({{{x}}}) ({{&x}})", "{}", "{}", "() () ()"},
    {"dotted", "{{p.name}} {{{p.name}}} {{&p.name}}", "{\"p\":{\"name\":\"Joe\"}}", "{}",
     "Joe Joe Joe"},
    {"dotted, any depth", "{{a.b.c.d.e.n}}",
     "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"n\":\"Phil\"}}}}}}", "{}", "Phil"},
    {"dotted, broken", "({{a.b.c}})", "{\"a\":{}}", "{}", "()"},
    {"dotted, broken, not found elsewhere", "({{a.b.c.name}})",
     "{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}", "{}", "()"},
    {"first name decides", "{{#a}}{{b.c.n}}{{/a}}",
     "{\"a\":{\"b\":{\"c\":{\"n\":\"Phil\"}}},\"b\":{\"c\":{\"n\":\"Wrong\"}}}", "{}", "Phil"},
    {"context precedence", "{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}",
     "{}", ""},
    {"dot", "{{.}} {{{.}}} {{&.}}", "\"&\"", "{}", "&amp; & &"},
    {"dot, integer", "\"{{.}} miles!\"", "85", "{}", "\"85 miles!\""},
    {"white space around", "| {{s}} | {{{s}}} | {{&s}} |", "{\"s\":\"-\"}", "{}",
     "| - | - | - |"},
    {"alone in its line", "  {{s}}\n  {{{s}}}\n  {{&s}}\n", "{\"s\":\"-\"}", "{}",
     "  -\n  -\n  -\n"},
    {"padding", "|{{ s }}|{{{ s }}}|{{& s }}|", "{\"s\":\"-\"}", "{}", "|-|-|-|"},
};

static const struct row inverted[] = {
    {"false", "\"{{^b}}x{{/b}}\"", "{\"b\":false}", "{}", "\"x\""},
    {"true", "\"{{^b}}x{{/b}}\"", "{\"b\":true}", "{}", "\"\""},
    {"null", "\"{{^b}}x{{/b}}\"", "{\"b\":null}", "{}", "\"x\""},
    {"object", "\"{{^c}}x{{/c}}\"", "{\"c\":{\"n\":\"J\"}}", "{}", "\"\""},
    {"list", "\"{{^l}}x{{/l}}\"", "{\"l\":[{\"n\":1}]}", "{}", "\"\""},
    {"empty list", "\"{{^l}}x{{/l}}\"", "{\"l\":[]}", "{}", "\"x\""},
    {"doubled", "{{^b}}\n* first\n{{/b}}\n* {{two}}\n{{^b}}\n* third\n{{/b}}\n",
     "{\"b\":false,\"two\":\"second\"}", "{}", "* first\n* second\n* third\n"},
    {"nested, false", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "{\"b\":false}", "{}",
     "| A B C D E |"},
    {"nested, true", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "{\"b\":true}", "{}", "| A  E |"},
    {"missing", "[{{^m}}no{{/m}}]", "{}", "{}", "[no]"},
    {"dotted", "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "{\"a\":{\"b\":{\"c\":true}}}", "{}",
     "\"\""},
    {"dotted, false", "\"{{^a.b.c}}x{{/a.b.c}}\"", "{\"a\":{\"b\":{\"c\":false}}}", "{}",
     "\"x\""},
    {"dotted, broken", "\"{{^a.b.c}}x{{/a.b.c}}\"", "{\"a\":{}}", "{}", "\"x\""},
    {"white space around", " | {{^b}}\t|\t{{/b}} | \n", "{\"b\":false}", "{}", " | \t|\t | \n"},
    {"inner white space", " | {{^b}} {{! x }}\n {{/b}} | \n", "{\"b\":false}", "{}",
     " |  \n  | \n"},
    {"indented inline", " {{^b}}NO{{/b}}\n {{^b}}WAY{{/b}}\n", "{\"b\":false}", "{}",
     " NO\n WAY\n"},
    {"standalone", "| This Is\n{{^b}}\n|\n{{/b}}\n| A Line\n", "{\"b\":false}", "{}",
     "| This Is\n|\n| A Line\n"},
    {"indented standalone", "| This Is\n  {{^b}}\n|\n  {{/b}}\n| A Line\n", "{\"b\":false}",
     "{}", "| This Is\n|\n| A Line\n"},
    {"CR LF", "|\r\n{{^b}}\r\n{{/b}}\r\n|", "{\"b\":false}", "{}", "|\r\n|"},
    {"without a line before", "  {{^b}}\n^{{/b}}\n/", "{\"b\":false}", "{}", "^\n/"},
    {"without a line behind", "^{{^b}}\n/\n  {{/b}}", "{\"b\":false}", "{}", "^\n/\n"},
    {"padding", "|{{^ b }}={{/ b }}|", "{\"b\":false}", "{}", "|=|"},
};

static const struct row partials[] = {
    {"basic", "\"{{>text}}\"", "{}", "{\"text\":\"from partial\"}", "\"from partial\""},
    {"missing", "\"{{>text}}\"", "{}", "{}", "\"\""},
    {"context", "\"{{>p}}\"", "{\"t\":\"content\"}", "{\"p\":\"*{{t}}*\"}", "\"*content*\""},
    {"recursion", "{{>n}}", "{\"c\":\"X\",\"n\":[{\"c\":\"Y\",\"n\":[]}]}",
     "{\"n\":\"{{c}}<{{#n}}{{>n}}{{/n}}>\"}", "X<Y<>>"},
    {"nested", "{{>o}}", "{\"a\":\"hello\",\"b\":\"world\"}",
     "{\"o\":\"*{{a}} {{>i}}*\",\"i\":\"{{b}}!\"}", "*hello world!*"},
    {"white space around", "| {{>p}} |", "{}", "{\"p\":\"\\t|\\t\"}", "| \t|\t |"},
    {"inline indentation", "  {{d}}  {{> p}}\n", "{\"d\":\"|\"}", "{\"p\":\">\\n>\"}",
     "  |  >\n>\n"},
    {"CR LF", "|\r\n{{>p}}\r\n|", "{}", "{\"p\":\">\"}", "|\r\n>|"},
    {"without a line before", "  {{>p}}\n>", "{}", "{\"p\":\">\\n>\"}", "  >\n  >>"},
    {"without a line behind", ">\n  {{>p}}", "{}", "{\"p\":\">\\n>\"}", ">\n  >\n  >"},
    {"indentation", "\\\n {{>p}}\n/\n", "{\"c\":\"<\\n->\"}", "{\"p\":\"|\\n{{{c}}}\\n|\\n\"}",
     "\\\n |\n <\n->\n |\n/\n"},
    {"padding", "|{{> p }}|", "{\"b\":true}", "{\"p\":\"[]\"}", "|[]|"},
};

static const struct row sections[] = {
    {"true", "\"{{#b}}x{{/b}}\"", "{\"b\":true}", "{}", "\"x\""},
    {"false", "\"{{#b}}x{{/b}}\"", "{\"b\":false}", "{}", "\"\""},
    {"null", "\"{{#b}}x{{/b}}\"", "{\"b\":null}", "{}", "\"\""},
    {"context", "\"{{#c}}Hi {{n}}.{{/c}}\"", "{\"c\":{\"n\":\"Joe\"}}", "{}", "\"Hi Joe.\""},
    {"parent's names", "\"{{#s}}{{a}}, {{b}}, {{c.d}}{{/s}}\"",
     "{\"a\":\"foo\",\"b\":\"wrong\",\"s\":{\"b\":\"bar\"},\"c\":{\"d\":\"baz\"}}", "{}",
     "\"foo, bar, baz\""},
    {"a text", "\"{{#f}}{{.}} is {{f}}{{/f}}\"", "{\"f\":\"bar\"}", "{}", "\"bar is bar\""},
    {"deep",
     "{{#a}}\n{{one}}\n{{#b}}\n{{one}}{{two}}{{one}}\n{{#c}}\n{{one}}{{two}}{{three}}\n{{/"
     "c}}\n{{/b}}\n{{/a}}\n",
     "{\"a\":{\"one\":1},\"b\":{\"two\":2},\"c\":{\"three\":3}}", "{}", "1\n121\n123\n"},
    {"list", "\"{{#l}}{{i}}{{/l}}\"", "{\"l\":[{\"i\":1},{\"i\":2},{\"i\":3}]}", "{}",
     "\"123\""},
    {"empty list", "\"{{#l}}x{{/l}}\"", "{\"l\":[]}", "{}", "\"\""},
    {"doubled", "{{#b}}\n* first\n{{/b}}\n* {{two}}\n{{#b}}\n* third\n{{/b}}\n",
     "{\"b\":true,\"two\":\"second\"}", "{}", "* first\n* second\n* third\n"},
    {"nested, true", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":true}", "{}",
     "| A B C D E |"},
    {"nested, false", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":false}", "{}",
     "| A  E |"},
    {"missing", "[{{#m}}x{{/m}}]", "{}", "{}", "[]"},
    {"dot, texts", "\"{{#l}}({{.}}){{/l}}\"", "{\"l\":[\"a\",\"b\",\"c\"]}", "{}",
     "\"(a)(b)(c)\""},
    {"dot, numbers", "\"{{#l}}({{.}}){{/l}}\"", "{\"l\":[1,2.2,3]}", "{}", "\"(1)(2.2)(3)\""},
    {"dot, lists", "\"{{#l}}({{#.}}{{.}}{{/.}}){{/l}}\"", "{\"l\":[[1,2],[\"a\",\"b\"]]}", "{}",
     "\"(12)(ab)\""},
    {"dot, escaping", "{{#l}}({{.}})({{{.}}}){{/l}}", "{\"l\":[\"&\"]}", "{}", "(&amp;)(&)"},
    {"dot, root list", "\"{{#.}}({{v}}){{/.}}\"", "[{\"v\":\"a\"},{\"v\":\"b\"}]", "{}",
     "\"(a)(b)\""},
    {"dotted", "\"{{#a.b.c}}Here{{/a.b.c}}\"", "{\"a\":{\"b\":{\"c\":true}}}", "{}",
     "\"Here\""},
    {"dotted, broken", "\"{{#a.b.c}}Here{{/a.b.c}}\"", "{\"a\":{}}", "{}", "\"\""},
    {"white space around", " | {{#b}}\t|\t{{/b}} | \n", "{\"b\":true}", "{}", " | \t|\t | \n"},
    {"inner white space", " | {{#b}} {{! x }}\n {{/b}} | \n", "{\"b\":true}", "{}",
     " |  \n  | \n"},
    {"indented inline", " {{#b}}YES{{/b}}\n {{#b}}GOOD{{/b}}\n", "{\"b\":true}", "{}",
     " YES\n GOOD\n"},
    {"standalone", "| This Is\n{{#b}}\n|\n{{/b}}\n| A Line\n", "{\"b\":true}", "{}",
     "| This Is\n|\n| A Line\n"},
    {"indented standalone", "| This Is\n  {{#b}}\n|\n  {{/b}}\n| A Line\n", "{\"b\":true}",
     "{}", "| This Is\n|\n| A Line\n"},
    {"CR LF", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "{\"b\":true}", "{}", "|\r\n|"},
    {"without a line before", "  {{#b}}\n#{{/b}}\n/", "{\"b\":true}", "{}", "#\n/"},
    {"without a line behind", "#{{#b}}\n/\n  {{/b}}", "{\"b\":true}", "{}", "#\n/\n"},
    {"padding", "|{{# b }}={{/ b }}|", "{\"b\":true}", "{}", "|=|"},
    {"0 is a value, the empty text nothing", "{{#n}}n{{/n}}{{#s}}s{{/s}}",
     "{\"n\":0,\"s\":\"\"}", "{}", "n"},
};

static int partial(void *ctx, struct slice name, struct slice *text)
{
	for (const struct json *m = ((const struct json *)ctx)->first; m; m = m->next) {
		if (!slice_eq(m->name, name))
			continue;
		*text = m->s;
		return 0;
	}
	return -ENOENT;
}

static int render(struct arena *a, struct buf *out, enum mustache_escape escape,
                  const char *template, const char *model, const char *parts, struct err *e)
{
	struct mustache m = {.escape = escape, .partial = partial, .mem = a, .out = out};
	/* Any value may be the model; JSON texts of ours are objects, so it is wrapped. */
	struct slice wrapped = arena_printf(a, "{\"v\":%s}", model);

	m.ctx = json_parse(a, slice_str(parts), NULL);
	return mustache_render(&m, SLICE("test"), slice_str(template),
	                       json_get(json_parse(a, wrapped, NULL), "v"), e);
}

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out = {.max = 1u << 16};
		struct err e = {0};
		struct arena a;

		arena_init(&a, 1u << 20);
		if (render(&a, &out, MUSTACHE_HTML, rows[i].template, rows[i].model,
		           rows[i].partials, &e) < 0)
			fail_msg("%s: %s", rows[i].what, e.text);
		if (!slice_eq(buf_slice(&out), slice_str(rows[i].want)))
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].what, buf_cstr(&out),
			         rows[i].want);
		buf_done(&out);
		arena_done(&a);
	}
}

#define CHECK(rows)                                            \
	static void test_##rows(void **state)                  \
	{                                                      \
		(void)state;                                   \
		check(rows, sizeof(rows) / sizeof((rows)[0])); \
	}
CHECK(comments)
CHECK(delimiters)
CHECK(interpolation)
CHECK(inverted)
CHECK(partials)
CHECK(sections)

static void test_faults(void **state)
{
	static const struct {
		const char *template, *told;
	} rows[] = {
	    {"a\nb {{x", "test:2: a tag that does not end"},
	    {"\n\n{{#a}}\nx", "test:3: a section that is not closed: a"},
	    {"{{#a}}\n{{/b}}", "test:2: this closes no open section: b"},
	    {"{{/b}}", "test:1: this closes no open section: b"},
	    {"{{}}", "test:1: a tag without a name"},
	    {"{{=x=}}", "test:1: no delimiters: x"},
	    {"{{>loop}}", "loop: the template calls itself without end"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = {.max = 1u << 16};
		struct err e = {0};
		struct arena a;

		arena_init(&a, 1u << 20);
		assert_true(render(&a, &out, MUSTACHE_HTML, rows[i].template, "{\"a\":true}",
		                   "{\"loop\":\"{{>loop}}\"}", &e) < 0);
		assert_string_equal(e.text, rows[i].told);
		buf_done(&out);
		arena_done(&a);
	}
}

static void test_escapes(void **state)
{
	struct buf out = {.max = 1u << 16};
	struct err e = {0};
	struct arena a;

	(void)state;
	arena_init(&a, 1u << 20);
	assert_int_equal(
	    render(&a, &out, MUSTACHE_PLAIN, "{{x}}", "{\"x\":\"<a>&\"}", "{}", &e), 0);
	assert_slice(buf_slice(&out), "<a>&");
	buf_reset(&out);
	assert_int_equal(
	    render(&a, &out, MUSTACHE_MARKDOWN, "{{x}}", "{\"x\":\"a*b_[c]\"}", "{}", &e), 0);
	assert_slice(buf_slice(&out), "a\\*b\\_\\[c\\]");
	buf_done(&out);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_comments),      cmocka_unit_test(test_delimiters),
	    cmocka_unit_test(test_interpolation), cmocka_unit_test(test_inverted),
	    cmocka_unit_test(test_partials),      cmocka_unit_test(test_sections),
	    cmocka_unit_test(test_faults),        cmocka_unit_test(test_escapes),
	};

	return cmocka_run_group_tests_name("mustache", tests, NULL, NULL);
}
