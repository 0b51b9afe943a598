/* What the console is made of: text made inert, forms, sessions, languages, templates. */
#include "../check.h"

#include "desk/assets.h"
#include "desk/diff.h"
#include "desk/form.h"
#include "desk/html.h"
#include "desk/listen.h"
#include "desk/session.h"
#include "desk/tmpl.h"
#include "desk/when.h"
#include "fact/fact.h"
#include "fact/role.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* ---- text in pages ---- */

static const struct {
	const char *in, *out;
} escapes[] = {
    {"plain", "plain"},
    {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
    {"\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"},
    {"日本語.php", "日本語.php"},
    {"a\xff.php", "a\\xff.php"},                 /* no UTF-8 */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},         /* a surrogate */
    {"\xc0\xbcscript>", "\\xc0\\xbcscript&gt;"}, /* '<' in overlong form */
    {"a\nb", "a\\u{0a}b"},
    {"\x1b[31m", "\\u{1b}[31m"},
    {"x\xe2\x80\xaegpj.php", "x\\u{202e}gpj.php"},
    {"\xe2\x81\xa6x", "\\u{2066}x"},
};

static void escaping(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT(escapes); i++) {
		buf_reset(&b);
		html_text(&b, slice_str(escapes[i].in));
		assert_slice(buf_slice(&b), escapes[i].out);
	}
	buf_done(&b);
}

/* Whatever the bytes, nothing that could end a text or an attribute comes out. */
static void escaping_all_bytes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (int i = 0; i < 256; i++) {
		uint8_t in[2] = {(uint8_t)i, 'x'};
		struct slice out;

		buf_reset(&b);
		html_text(&b, slice_mem(in, 2));
		assert_true(buf_ok(&b));
		out = buf_slice(&b);
		assert_true(slice_utf8_valid(out));
		for (size_t j = 0; j < out.n; j++) {
			assert_true(out.at[j] >= ' ' && out.at[j] != 0x7f);
			assert_null(strchr("<>\"'", out.at[j]));
		}
	}
	buf_done(&b);
}

static void cutting(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	html_cut(&b, SLICE("12345678"), 8);
	assert_slice(buf_slice(&b), "12345678");
	buf_reset(&b);
	html_cut(&b, SLICE("あいうえおかきくけこ"), 8);
	assert_slice(buf_slice(&b), "あいう…きくけこ");
	buf_reset(&b);
	html_cut(&b, SLICE("<<<<<<<<<<"), 8);
	assert_slice(buf_slice(&b), "&lt;&lt;&lt;…&lt;&lt;&lt;&lt;");
	buf_done(&b);
}

static void queries(void **state)
{
	static const char *const bad[] = {"%", "%4", "%zz", "a%00b", "%0"};
	struct buf there, back;
	uint8_t all[255];

	(void)state;
	buf_init(&there, 4096);
	buf_init(&back, 4096);
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)(i + 1);
	html_query(&there, slice_mem(all, sizeof(all)));
	assert_int_equal(slice_chr(buf_slice(&there), '&'), SIZE_MAX);
	assert_true(html_unquery(&back, buf_slice(&there)));
	assert_true(slice_eq(buf_slice(&back), slice_mem(all, sizeof(all))));
	for (size_t i = 0; i < COUNT(bad); i++) {
		buf_reset(&back);
		assert_false(html_unquery(&back, slice_str(bad[i])));
	}
	buf_done(&there);
	buf_done(&back);
}

/* ---- forms ---- */

static void fields(void **state)
{
	struct slice body = SLICE("a=1&b=x+y%21&c&d=%E7%81%AB&e=%FF&f=%zz&a=2&g=1=2");
	struct arena a;

	(void)state;
	arena_init(&a, 65536);
	assert_slice(form_field(&a, body, "a"), "1");
	assert_slice(form_field(&a, body, "b"), "x y!");
	assert_slice(form_field(&a, body, "c"), "");
	assert_slice(form_field(&a, body, "d"), "火");
	assert_slice(form_field(&a, body, "e"), ""); /* no UTF-8 */
	assert_slice(form_field(&a, body, "f"), "");
	assert_slice(form_field(&a, body, "g"), "1=2");
	assert_slice(form_field(&a, body, "absent"), "");
	assert_int_equal(form_number(&a, body, "a", 7), 1);
	assert_int_equal(form_number(&a, body, "b", 7), 7);
	assert_int_equal(form_number(&a, SLICE("n=99999999999999999999"), "n", 7), 7);
	assert_int_equal(form_number(&a, SLICE("n=-1"), "n", 7), 7);
	arena_done(&a);
}

static void cookies(void **state)
{
	struct slice header = SLICE("x=1; hinoban-80=abc ;hinoban-8080=def; y");

	(void)state;
	assert_slice(form_cookie(header, "hinoban-80"), "abc");
	assert_slice(form_cookie(header, "hinoban-8080"), "def");
	assert_slice(form_cookie(header, "hinoban"), "");
	assert_slice(form_cookie(SLICE(""), "x"), "");
}

static const struct {
	const char *host;
	bool good;
} hosts[] = {
    {"127.0.0.1", true},
    {"127.0.0.1:8610", true},
    {"localhost:1", true},
    {"LOCALHOST:8610", true},
    {"[::1]:8610", true},
    {"", false},
    {"evil.example", false},
    {"evil.example:8610", false},
    {"127.0.0.1.evil.example", false},
    {"localhost.evil.example:8610", false},
    {"127.0.0.1:", false},
    {"127.0.0.1:0", false},
    {"127.0.0.1:99999", false},
    {"127.0.0.1:80@evil", false},
    {"127.0.0.2", false},
    {"evil@127.0.0.1", false},
};

static void names_of_this_console(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		if (form_host_ok(slice_str(hosts[i].host)) != hosts[i].good)
			fail_msg("host %s", hosts[i].host);
	}
	assert_true(form_origin_ok(SLICE("http://127.0.0.1:80"), SLICE("127.0.0.1:80")));
	assert_false(form_origin_ok(SLICE(""), SLICE("127.0.0.1:80")));
	assert_false(form_origin_ok(SLICE("null"), SLICE("127.0.0.1:80")));
	assert_false(form_origin_ok(SLICE("https://127.0.0.1:80"), SLICE("127.0.0.1:80")));
	assert_false(form_origin_ok(SLICE("http://127.0.0.1:81"), SLICE("127.0.0.1:80")));
	assert_false(form_origin_ok(SLICE("http://evil.example"), SLICE("127.0.0.1:80")));
}

static void ways_within(void **state)
{
	static const char *const bad[] = {
	    "",          "x",    "//evil.example",      "/\\evil.example",
	    "http://e/", "/a b", "/a\r\nSet-Cookie: x", "/\xe7\x81\xab"};

	(void)state;
	assert_true(form_local(SLICE("/")));
	assert_true(form_local(SLICE("/finding/5?x=1")));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(form_local(slice_str(bad[i])));
}

/* ---- sessions ---- */

#define TOKEN "0123456789abcdef0123"

static void tokens(void **state)
{
	struct sessions s;
	int64_t now = 1000000;

	(void)state;
	session_init(&s, now);
	assert_true(session_token(&s, SLICE(TOKEN), SLICE(TOKEN)));
	assert_false(session_token(&s, SLICE("short"), SLICE("short"))); /* opens nothing */
	assert_false(session_token(&s, SLICE(""), SLICE("")));
	assert_false(session_token(&s, SLICE("0123456789abcdef0124"), SLICE(TOKEN)));
	session_init(&s, now);
	for (int i = 0; i < SESSION_TRIES; i++) {
		assert_true(session_may_try(&s, now));
		assert_false(session_token(&s, SLICE("wrong"), SLICE(TOKEN)));
	}
	assert_false(session_may_try(&s, now));
	assert_false(session_may_try(&s, now + SESSION_TRY_EVERY_US - 1));
	assert_true(session_may_try(&s, now + SESSION_TRY_EVERY_US));
	assert_false(session_token(&s, SLICE("wrong"), SLICE(TOKEN)));
	assert_false(session_may_try(&s, now + SESSION_TRY_EVERY_US));
	/* A long rest gives back no more than at the start. */
	now += 1000 * SESSION_TRY_EVERY_US;
	for (int i = 0; i < SESSION_TRIES; i++) {
		assert_true(session_may_try(&s, now));
		session_token(&s, SLICE("wrong"), SLICE(TOKEN));
	}
	assert_false(session_may_try(&s, now));
}

static void sessions_live(void **state)
{
	struct sessions s;
	struct session *one, *two;
	char id[SESSION_ID_BYTES];

	(void)state;
	session_init(&s, 0);
	assert_null(session_find(&s, SLICE(""), 1));
	one = session_open(&s, 1);
	two = session_open(&s, 1);
	assert_non_null(one);
	assert_int_equal(strlen(one->id), 64);
	assert_string_not_equal(one->id, two->id);
	assert_string_not_equal(one->id, one->csrf);
	assert_ptr_equal(session_find(&s, slice_str(one->id), 2), one);
	assert_null(session_find(&s, slice_sub(slice_str(one->id), 0, 63), 2));
	assert_true(session_csrf(one, slice_str(one->csrf)));
	assert_false(session_csrf(one, slice_str(two->csrf)));
	assert_false(session_csrf(one, SLICE("")));
	snprintf(id, sizeof(id), "%s", one->id);
	session_end(one);
	assert_null(session_find(&s, slice_str(id), 3));
	assert_false(session_csrf(one, SLICE("")));
}

static void sessions_end(void **state)
{
	struct sessions s;
	struct session *one;
	char first[SESSION_ID_BYTES];
	int64_t now = 1;

	(void)state;
	session_init(&s, 0);
	one = session_open(&s, now);
	assert_non_null(session_find(&s, slice_str(one->id), now + SESSION_IDLE_US));
	assert_null(session_find(&s, slice_str(one->id), now + 2 * SESSION_IDLE_US + 1));
	one = session_open(&s, now);
	for (; now < SESSION_LIFE_US; now += SESSION_IDLE_US / 2)
		assert_non_null(session_find(&s, slice_str(one->id), now));
	assert_null(session_find(&s, slice_str(one->id), SESSION_LIFE_US + 2));
	/* There is room for so many; the least used one ends. */
	one = session_open(&s, now);
	snprintf(first, sizeof(first), "%s", one->id);
	for (int i = 1; i < SESSION_MAX; i++)
		assert_non_null(session_open(&s, now + i));
	assert_non_null(session_find(&s, slice_str(first), now + 99));
	assert_non_null(session_open(&s, now + 100));
	assert_non_null(session_find(&s, slice_str(first), now + 101));
}

static void signatures(void **state)
{
	struct session s = {0};
	struct buf b;

	(void)state;
	session_sign(&s, SLICE("  山田 花子 "));
	assert_string_equal(s.name, "山田 花子");
	buf_init(&b, 1024);
	for (int i = 0; i < 60; i++)
		buf_str(&b, "火");
	session_sign(&s, buf_slice(&b));
	assert_true(strlen(s.name) < SESSION_NAME_BYTES);
	assert_true(slice_utf8_valid(slice_str(s.name)));
	assert_int_equal(strlen(s.name) % 3, 0);
	buf_done(&b);
}

/* ---- languages ---- */

static void accepted_languages(void **state)
{
	static const struct {
		const char *header;
		enum lang want; /* where the operator's is Japanese */
	} rows[] = {
	    {"", LANG_JA},
	    {"en", LANG_EN},
	    {"en-US,en;q=0.9,ja;q=0.8", LANG_EN},
	    {"ja;q=0.5, en;q=0.4", LANG_JA},
	    {"fr, en;q=0.2", LANG_EN},
	    {"fr", LANG_JA},
	    {"en;q=0, ja;q=0.1", LANG_JA},
	    {";;;,,,q=", LANG_JA},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lang_accept(slice_str(rows[i].header), LANG_JA), rows[i].want);
}

/* How often a value's place "{name}" stands in the text. */
static int places(const char *text, struct slice place)
{
	struct slice left = slice_str(text);
	int n = 0;

	for (size_t at; (at = slice_find(left, place)) != SIZE_MAX; n++)
		left = slice_sub(left, at + place.n, left.n);
	return n;
}

/* Every value that one language shows is shown by the other too. */
static void same_places(const struct lang_row *r)
{
	struct slice left = slice_str(r->ja);
	size_t open, close;

	while ((open = slice_chr(left, '{')) != SIZE_MAX &&
	       (close = slice_chr(left, '}')) != SIZE_MAX) {
		struct slice place = slice_sub(left, open, close + 1);

		if (places(r->en, place) != places(r->ja, place))
			fail_msg("%s: %.*s", r->key, SLICE_ARG(place));
		left = slice_sub(left, close + 1, left.n);
	}
	assert_int_equal(places(r->en, SLICE("{")), places(r->ja, SLICE("{")));
}

static void both_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < lang_row_count; i++) {
		const struct lang_row *r = &lang_rows[i];

		if (!r->ja || !r->en || !*r->ja || !*r->en)
			fail_msg("%s lacks a language", r->key);
		assert_true(slice_utf8_valid(slice_str(r->ja)));
		same_places(r);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(lang_rows[j].key, r->key);
	}
	assert_slice(lang_text_n(SLICE("home.findings"), 1, LANG_EN), "1 problem found");
	assert_slice(lang_text_n(SLICE("home.findings"), 2, LANG_EN), "{,n} problems found");
}

static void want_key(void *where, struct slice key)
{
	if (slice_eq(lang_text(key, LANG_EN), key))
		fail_msg("%s: no text for \"%.*s\"", (const char *)where, SLICE_ARG(key));
}

static void want(const char *prefix, const char *name)
{
	char key[128];

	snprintf(key, sizeof(key), "%s%s", prefix, name);
	want_key(key, slice_str(key));
}

/* Keys that templates name, and those that are put together from the vocabulary. */
static void no_text_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s", assets[i].name);
		tmpl_keys(assets_template(name), want_key, name);
	}
	for (size_t i = 0; i < fact_type_count; i++) {
		const char *type = fact_types[i].type;

		if (strcmp(type, "file.changed") != 0)
			want("fact.", type);
		if (fact_types[i].kind == FACT_FINDING)
			want("what.", type);
	}
	for (enum fact_kind k = 0; k < FACT_KINDS; k++)
		want("kind.", fact_kind_name(k));
	for (int s = SEV_INFO; s <= SEV_CRITICAL; s++)
		want("severity.", fact_severity_name((enum fact_severity)s));
	for (enum role r = 0; r < ROLES; r++)
		want("role.", role_name(r));
}

/* ---- templates, times, differences, the address ---- */

static void templates(void **state)
{
	static const struct {
		const char *text, *out;
	} rows[] = {
	    {"{{x}}", "&lt;b&gt;"},
	    {"<a href=\"{{x}}\">", "<a href=\"&lt;b&gt;\">"},
	    {"{{,n}}", "-1,234,567"},
	    {"{{#list}}[{{.}}{{x}}]{{/list}}", "[1&lt;b&gt;][2&lt;b&gt;]"},
	    {"{{#none}}a{{/none}}{{^none}}b{{/none}}", "b"},
	    {"{{#in}}{{y}}{{#in}}{{y}}{{/in}}{{/in}}", "zz"},
	    {"{{missing}}{{", "{{"},
	    {"{{#open}}never closed", ""},
	};
	struct json *m;
	struct arena a;
	struct buf b;

	(void)state;
	arena_init(&a, 65536);
	buf_init(&b, 4096);
	m = json_parse(
	    &a, SLICE("{\"in\":{\"y\":\"z\"},\"list\":[1,2],\"n\":-1234567,\"x\":\"<b>\"}"),
	    NULL);
	assert_non_null(m);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		assert_true(tmpl_text(&b, slice_str(rows[i].text), m, LANG_EN));
		assert_slice(buf_slice(&b), rows[i].out);
	}
	buf_done(&b);
	arena_done(&a);
}

static void spans(void **state)
{
	static const struct {
		int64_t s;
		const char *ja, *en;
	} rows[] = {
	    {0, "1秒未満", "less than a second"},
	    {1, "1秒", "1 second"},
	    {59, "59秒", "59 seconds"},
	    {3600, "1時間", "1 hour"},
	    {3720, "1時間2分", "1 hour 2 minutes"},
	    {90000, "1日1時間", "1 day 1 hour"},
	};
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		when_span(&b, rows[i].s * 1000000, LANG_JA);
		assert_slice(buf_slice(&b), rows[i].ja);
		buf_reset(&b);
		when_span(&b, rows[i].s * 1000000, LANG_EN);
		assert_slice(buf_slice(&b), rows[i].en);
	}
	buf_done(&b);
}

static void differences(void **state)
{
	struct arena a;
	struct json *m;
	struct slice kind[] = {SLICE("hunk"), SLICE("same"), SLICE("del"), SLICE("add")};
	size_t i = 0;

	(void)state;
	arena_init(&a, 1 << 20);
	m = diff_model(&a,
	               SLICE("--- approved\n+++ present\n@@ -1,2 +1,2 @@\n <?php\n-pay(1);\n"
	                     "+pay(2);\n"));
	for (const struct json *l = json_get(m, "lines")->first; l; l = l->next, i++)
		assert_true(i < 4 && slice_eq(json_text(l, "kind"), kind[i]));
	assert_int_equal(i, 4);
	assert_false(json_true(m, "more"));
	assert_non_null(diff_model(&a, SLICE("@@ nonsense\n+")));
	assert_non_null(diff_model(&a, SLICE("")));
	arena_done(&a);
}

static void loopback_only(void **state)
{
	static const char *const bad[] = {
	    "0.0.0.0:0", "192.0.2.1:80", "[::]:0", "example.org:80",
	    "127.0.0.1", "127.0.0.1:",   ":80",    "localhost:70000"};
	char told[LISTEN_TEXT_BYTES];
	struct err e;
	int port, fd;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(listen_open(bad[i], told, &port, &e) < 0);
	fd = listen_open("127.0.0.1:0", told, &port, &e);
	assert_true(fd >= 0 && port > 0);
	assert_true(slice_starts(slice_str(told), SLICE("127.0.0.1:")));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escaping),
	    cmocka_unit_test(escaping_all_bytes),
	    cmocka_unit_test(cutting),
	    cmocka_unit_test(queries),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(cookies),
	    cmocka_unit_test(names_of_this_console),
	    cmocka_unit_test(ways_within),
	    cmocka_unit_test(tokens),
	    cmocka_unit_test(sessions_live),
	    cmocka_unit_test(sessions_end),
	    cmocka_unit_test(signatures),
	    cmocka_unit_test(accepted_languages),
	    cmocka_unit_test(both_languages),
	    cmocka_unit_test(no_text_missing),
	    cmocka_unit_test(templates),
	    cmocka_unit_test(spans),
	    cmocka_unit_test(differences),
	    cmocka_unit_test(loopback_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
