/* What alerts say, and what never leaves the machine. */
#include "tests/check.h"

#include "alert/alert.h"
#include "alert/trust.h"

static void wiped(const char *in, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	wipe_text(&b, slice_str(in));
	if (strcmp(buf_cstr(&b), want) != 0)
		fail_msg("\"%s\" -> \"%s\", want \"%s\"", in, buf_cstr(&b), want);
	buf_done(&b);
}

static void test_wipe(void **state)
{
	char longest[1000];

	(void)state;
	wiped("lib/payment.php", "lib/payment.php");
	wiped("html/template/2026/11/shop-4.2.3/決済.twig",
	      "html/template/2026/11/shop-4.2.3/決済.twig");
	wiped("uploads/taro.yamada@example.com/x.php", "uploads/***/x.php");
	wiped("uploads/taro%40example.com", "uploads/***");
	wiped("uploads/4111-1111-1111-1111.php", "uploads/****-****-****-****.php");
	wiped("x/4111 1111 1111 1111", "x/**** **** **** ****");
	wiped("x/４１１１１１１１１１１１１１１１", "x/***");
	wiped("x/tel-090-1234-5678.txt", "x/tel-***.txt");
	wiped("/cart?mail=taro&card=4111", "/cart?***");
	wiped("a/123456/b", "a/123456/b");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	{
		struct buf b;

		buf_init(&b, 4096);
		wipe_text(&b, slice_str(longest));
		assert_int_equal(b.n, WIPE_BYTES + 3);
		buf_done(&b);
	}
}

struct teller {
	struct news news;
	struct arena mem;
	int64_t seq;
};

static void tell(struct teller *t, const char *at, const char *kind, const char *type,
                 const char *rest)
{
	char text[2048];
	struct json *fact;

	snprintf(text, sizeof(text),
	         "{\"seq\":%lld,\"at\":\"%s\",\"kind\":\"%s\",\"type\":\"%s\",%s}",
	         (long long)++t->seq, at, kind, type, rest);
	arena_reset(&t->mem);
	fact = json_parse(&t->mem, slice_str(text), NULL);
	assert_non_null(fact);
	assert_true(news_take(&t->news, fact));
}

static int setup(void **state)
{
	static struct teller t;

	t = (struct teller){0};
	arena_init(&t.mem, 1 << 20);
	*state = &t;
	return news_init(&t.news, SEV_MEDIUM) ? 0 : -1;
}

static int teardown(void **state)
{
	struct teller *t = *state;

	news_done(&t->news);
	arena_done(&t->mem);
	return 0;
}

#define AT "2026-11-02T01:00:00Z"
#define FINDING(sev, path, more)                                                            \
	"\"root\":\"/shop\",\"path\":\"" path "\",\"role\":\"payment\",\"severity\":\"" sev \
	"\"" more

static void test_news(void **state)
{
	struct teller *t = *state;

	tell(t, AT, "finding", "file.tampered", FINDING("low", "a.css", ""));
	assert_int_equal(t->news.items, 0);
	tell(t, AT, "finding", "file.tampered",
	     FINDING("critical", "pay.php", ",\"refs\":[9]"));
	tell(t, AT, "finding", "file.tampered",
	     FINDING("critical", "pay.php", ",\"refs\":[9,10],\"updates\":2,\"request\":{}"));
	assert_int_equal(t->news.items, 1); /* said again is no news */
	assert_int_equal(t->news.item[0].number, 1);
	/* A trace of theft is told, whatever severity was asked for. */
	t->news.least = SEV_CRITICAL;
	tell(t, "2026-11-09T01:00:00Z", "finding", "page.form",
	     "\"page\":\"cart\",\"severity\":\"low\"");
	assert_int_equal(t->news.items, 2);
	assert_string_equal(t->news.item[1].what, "cart");
	tell(t, AT, "word", "case.opened",
	     "\"by\":\"Taro Yamada\",\"reason\":\"4111111111111111\"");
	assert_int_equal(t->news.items, 3);
	tell(t, AT, "word", "case.noted", "\"case\":1,\"by\":\"x\",\"text\":\"y\"");
	assert_int_equal(t->news.items, 3);
	news_forget(&t->news, 2);
	assert_int_equal(t->news.items, 2);
	for (int i = 0; i < NEWS_MAX_ITEMS; i++)
		tell(t, AT, "word", "alert.test", "\"by\":\"x\"");
	assert_int_equal(t->news.items, NEWS_MAX_ITEMS);
	assert_int_equal(t->news.more, 2);
	news_forget(&t->news, t->seq);
	assert_int_equal(t->news.more, 0);
}

/* What the text and every dress of it says; nothing that a person said is in it. */
static void test_words(void **state)
{
	struct teller *t = *state;
	const struct news_item *item[NEWS_MAX_ITEMS];
	struct note n = {.item = item, .host = "shop1"};
	struct buf b;

	tell(t, AT, "finding", "file.tampered", FINDING("critical", "a@b.example/<x>.php", ""));
	tell(t, AT, "word", "case.opened",
	     "\"by\":\"Taro Yamada\",\"reason\":\"secret\",\"from\":\"x\"");
	tell(t, AT, "word", "alert.test", "\"by\":\"Taro Yamada\"");
	for (size_t i = 0; i < t->news.items; i++)
		item[n.items++] = &t->news.item[i];
	note_sort(&n);
	for (int ja = 0; ja < 2; ja++) {
		static const enum dress_hook hooks[] = {DRESS_JSON,       DRESS_SLACK,
		                                        DRESS_MATTERMOST, DRESS_DISCORD,
		                                        DRESS_TEAMS,      DRESS_GOOGLECHAT};

		n.japanese = ja;
		for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
			struct arena a;
			struct json *v;

			buf_init(&b, 1 << 20);
			arena_init(&a, 1 << 20);
			assert_true(dress_for_hook(&n, hooks[i], &b));
			v = json_parse(&a, buf_slice(&b), NULL);
			assert_non_null(v);
			assert_null(strstr(buf_cstr(&b), "Taro"));
			assert_null(strstr(buf_cstr(&b), "secret"));
			assert_null(strstr(buf_cstr(&b), "a@b"));
			if (hooks[i] == DRESS_SLACK)
				assert_null(strchr(buf_cstr(&b), '<')); /* it would be a mark */
			if (hooks[i] == DRESS_DISCORD)
				assert_non_null(strstr(buf_cstr(&b), "\"parse\":[]"));
			if (hooks[i] == DRESS_JSON)
				assert_int_equal(json_count(json_get(v, "items")), 3);
			arena_done(&a);
			buf_done(&b);
		}
		buf_init(&b, 1 << 20);
		note_subject(&n, &b);
		assert_non_null(strstr(buf_cstr(&b), ja ? "【火の番】重大: 2件の異常"
		                                        : "critical: 2 problem"));
		buf_reset(&b);
		note_text(&n, &b);
		assert_non_null(strstr(buf_cstr(&b), "hinoban case 1"));
		buf_done(&b);
	}
}

static void test_mail(void **state)
{
	struct teller *t = *state;
	const struct news_item *item[1];
	struct note n = {.item = item, .items = 1, .host = "shop1", .japanese = true};
	struct slice to[] = {SLICE("a@b.example"), SLICE("c@d.example")};
	struct dress_mail m = {.from = SLICE("hinoban@shop1"),
	                       .to = to,
	                       .tos = 2,
	                       .at_us = INT64_C(1793581200000000),
	                       .id = "1.2",
	                       .host = "shop1"};
	struct cursor c;
	struct slice line;
	struct buf b;

	tell(t, AT, "word", "alert.test", "\"by\":\"x\"");
	item[0] = &t->news.item[0];
	buf_init(&b, 1 << 20);
	dress_for_mail(&n, &m, &b);
	assert_non_null(strstr(buf_cstr(&b), "Date: Mon, 2 Nov 2026 01:00:00 +0000\r\n"));
	assert_non_null(strstr(buf_cstr(&b), "To: a@b.example,\r\n c@d.example\r\n"));
	assert_non_null(strstr(buf_cstr(&b), "Subject: =?UTF-8?B?"));
	c = cursor_over(buf_slice(&b));
	while (cursor_line(&c, &line)) {
		assert_true(line.n <= 78 && line.n && line.at[line.n - 1] == '\r');
		for (size_t i = 0; i < line.n; i++)
			assert_true(line.at[i] < 0x80);
	}
	buf_done(&b);
	assert_true(dress_address_ok(SLICE("taro@example.com")));
	assert_false(dress_address_ok(SLICE("taro@example.com\r\nBcc: x@y.z")));
	assert_false(dress_address_ok(SLICE("a,b@c.d")));
	assert_false(dress_address_ok(SLICE("<a@c.d>")));
	assert_false(dress_address_ok(SLICE("taro")));
}

static size_t due(struct teller *t, const struct clocks *k, const char *now,
                  struct news_item out[64])
{
	struct arena a;
	int64_t us = 0;
	size_t n;

	assert_true(clock_parse(slice_str(now), &us));
	arena_init(&a, 1 << 20);
	n = news_clocks(&t->news, k, us, &a, out, 64);
	arena_done(&a);
	return n;
}

static const char *stage(const struct news_item *out, size_t n, const char *clock)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = strstr(out[i].key, clock);

		if (at)
			return at + strlen(clock) + 1;
	}
	return "none";
}

/* Reminders: each stage of a clock has a key of its own, so each is told once. */
static void test_clocks(void **state)
{
	static const struct {
		const char *now, *prompt, *final;
	} rows[] = {
	    {"2026-11-02T01:00:01Z", "start", "start"},
	    {"2026-11-05T00:00:01Z", "soon", "start"}, /* nine o'clock on day 3 */
	    {"2026-11-06T00:00:01Z", "before", "start"},
	    {"2026-11-07T00:00:01Z", "last", "start"},
	    {"2026-11-07T15:00:00Z", "late0", "start"},
	    {"2026-11-09T15:00:00Z", "late2", "start"},
	    {"2027-01-01T00:00:00Z", "late54", "near"},
	    {"2027-01-04T02:00:00Z", "late57", "last"},
	};
	struct teller *t = *state;
	const char *dirs[] = {HINOBAN_SOURCE "/profiles", NULL};
	static struct news_item out[64];
	struct clocks *k = NULL;
	struct err e = {""};

	assert_int_equal(clocks_load(dirs, &k, &e), 0);
	tell(t, AT, "word", "case.opened", "\"by\":\"x\",\"reason\":\"r\",\"from\":\"bank\"");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = due(t, k, rows[i].now, out);

		if (strcmp(stage(out, n, "ppc-prompt"), rows[i].prompt) != 0 ||
		    strcmp(stage(out, n, "ppc-final-60"), rows[i].final) != 0)
			fail_msg("%s: %s, %s", rows[i].now, stage(out, n, "ppc-prompt"),
			         stage(out, n, "ppc-final-60"));
	}
	assert_string_equal(stage(out, due(t, k, "2026-11-05T02:00:00Z", out), "acquirer"),
	                    "day3");
	tell(t, AT, "word", "case.filed",
	     "\"case\":1,\"clock\":\"ppc-prompt\",\"receipt\":\"r\",\"by\":\"x\"");
	assert_string_equal(stage(out, due(t, k, "2026-11-07T01:00:00Z", out), "ppc-prompt"),
	                    "none");
	tell(t, AT, "word", "case.dismissed", "\"case\":1,\"by\":\"x\",\"reason\":\"r\"");
	assert_int_equal(due(t, k, "2026-11-07T01:00:00Z", out), 0);
	clocks_free(k);
}

static void knows_this_machine(void **state)
{
	static const char *const here[] = {"smtp://localhost:25", "smtp://localhost",
	                                   "smtps://LOCALHOST/x", "smtp://a@127.0.0.1:2525",
	                                   "smtp://127.9.9.9",    "https://[::1]:8443/hook"};
	static const char *const there[] = {"smtp://127.mail.example:25",
	                                    "https://chat.example/?://localhost:1",
	                                    "smtp://localhost.example",
	                                    "smtp://localhost:x@mail.example",
	                                    "https://[::2]/",
	                                    "nonsense://",
	                                    ""};

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		assert_true(trust_is_local(here[i]));
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_false(trust_is_local(there[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_this_machine),
	    cmocka_unit_test(test_wipe),
	    cmocka_unit_test_setup_teardown(test_news, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_words, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_mail, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_clocks, setup, teardown),
	};

	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
