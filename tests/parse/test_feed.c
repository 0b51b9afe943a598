/* Feeds: what is told of an entry, and what is refused. */
#include "check.h"

#include "parse/parse.h"

struct told {
	struct arena a;
	struct err e;
	struct json *all;
};

static void take(struct told *t, const char *xml)
{
	arena_init(&t->a, 16u << 20);
	t->e.text[0] = '\0';
	t->all = parse_feed(&t->a, slice_str(xml), &t->e);
}

static void rss(void **state)
{
	struct told t;

	(void)state;
	take(
	    &t,
	    "<?xml version='1.0'?><rss><channel><title>no entry's</title><item>"
	    "<title>A &amp;lt; B &#x3042;</title><link> https://a.example/1?x=1&amp;y=2 </link>"
	    "<pubDate>Tue, 15 Nov 2022 10:00:00 +0900</pubDate>"
	    "<description>short</description><content:encoded><![CDATA[<p>long &amp; raw</p>]]>"
	    "</content:encoded></item><item><title>second</title></item></channel></rss>");
	assert_non_null(t.all);
	assert_int_equal(json_count(t.all), 2);
	assert_slice(json_text(t.all->first, "title"), "A &lt; B あ");
	assert_slice(json_text(t.all->first, "link"), "https://a.example/1?x=1&y=2");
	assert_slice(json_text(t.all->first, "id"), "https://a.example/1?x=1&y=2");
	assert_slice(json_text(t.all->first, "at"), "2022-11-15T01:00:00.000000Z");
	assert_slice(json_text(t.all->first, "text"), "<p>long &amp; raw</p>");
	arena_done(&t.a);
}

static void atom(void **state)
{
	struct told t;

	(void)state;
	take(&t,
	     "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><id>urn:1</id>"
	     "<title>T</title><link rel='self' href='https://no.example/'/>"
	     "<link href='https://yes.example/'/><updated>2022-11-15T00:00:00+09:00</updated>"
	     "<content type='xhtml'><div><p>x</p></div></content></entry></feed>");
	assert_int_equal(json_count(t.all), 1);
	assert_slice(json_text(t.all->first, "link"), "https://yes.example/");
	assert_slice(json_text(t.all->first, "at"), "2022-11-14T15:00:00.000000Z");
	assert_slice(json_text(t.all->first, "text"), "<div><p>x</p></div>");
	arena_done(&t.a);
}

static void hostile(void **state)
{
	static const char *const bad[] = {
	    "<html><body>no feed</body></html>", "",
	    "<rss><!DOCTYPE rss [<!ENTITY a 'aaaa'>]><channel><item><title>&a;</title></item>",
	    "<rss><channel><item><title>cut", "<rss><![CDATA[ never ends"};
	struct told t;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		take(&t, bad[i]);
		if (t.all && t.all->first)
			fail_msg("\"%s\" gave an entry", bad[i]);
		arena_done(&t.a);
	}
	take(&t, "<rss><item><title>&xxe; &#0; &#xd800;</title></item></rss>");
	assert_slice(json_text(t.all->first, "title"), "&xxe; &#0; &#xd800;");
	arena_done(&t.a);
}

static void deep_and_many(void **state)
{
	struct buf b = {.max = 4u << 20};
	struct told t;

	(void)state;
	buf_str(&b, "<rss>");
	for (int i = 0; i < 1000; i++)
		buf_str(&b, "<a>");
	take(&t, buf_cstr(&b));
	assert_null(t.all);
	assert_string_equal(t.e.text, "elements lie too deep");
	arena_done(&t.a);
	buf_reset(&b);
	buf_str(&b, "<rss>");
	for (int i = 0; i < 2 * PARSE_FEED_MAX_ENTRIES; i++)
		buf_str(&b, "<item><title>x</title></item>");
	take(&t, buf_cstr(&b));
	assert_int_equal(json_count(t.all), PARSE_FEED_MAX_ENTRIES);
	arena_done(&t.a);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rss),
	    cmocka_unit_test(atom),
	    cmocka_unit_test(hostile),
	    cmocka_unit_test(deep_and_many),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
