/* Holidays and clocks: days that are known from calendars, and the cases of the real incidents.
 */
#include "tests/check.h"

#include "report/report.h"

#define RULES(text) "zone = \"+09:00\"\nholidays = \"japan\"\n" text
#define RULE(id, when, due, counting, more)                                          \
	"[" id "]\nto = \"t\"\nto_en = \"t\"\nwhat = \"w\"\nwhat_en = \"w\"\n"       \
	"starts_when = [" when "]\ndue = \"" due "\"\ncounting = \"" counting "\"\n" \
	"source = \"s\"\nvalid_from = \"2022-04-01\"\n" more

static int64_t day(const char *text)
{
	int64_t us;

	assert_true(clock_parse(slice_str(text), &us));
	return us / (INT64_C(86400) * 1000000);
}

static int64_t us_of(const char *text)
{
	int64_t us;

	assert_true(clock_parse(slice_str(text), &us));
	return us;
}

/* All holidays of these years, as the government's list has them. */
static const struct {
	int year;
	const char *days; /* "MMDD MMDD ..." */
} years[] = {
    {2009,
     "0101 0112 0211 0320 0429 0503 0504 0505 0506 0720 0921 0922 0923 1012 1103 1123 1223"},
    {2015,
     "0101 0112 0211 0321 0429 0503 0504 0505 0506 0720 0921 0922 0923 1012 1103 1123 1223"},
    {2019,
     "0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 "
     "1014 1022 1103 1104 1123"},
    {2020,
     "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0723 0724 0810 0921 0922 1103 "
     "1123"},
    {2021,
     "0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123"},
    {2022, "0101 0110 0211 0223 0321 0429 0503 0504 0505 0718 0811 0919 0923 1010 1103 1123"},
    {2024,
     "0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 "
     "1014 1103 1104 1123"},
    {2026,
     "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 "
     "1123"},
};

static struct clocks *load(void)
{
	const char *dirs[] = {HINOBAN_SOURCE "/profiles", "/nonexistent", NULL};
	struct clocks *k = NULL;
	struct err e = {""};

	if (clocks_load(dirs, &k, &e) < 0)
		fail_msg("%s", e.text);
	return k;
}

/* The special laws' days, as clocks/japan.holidays has them. */
static void special(struct holidays *h)
{
	static const char *const add[] = {"2019-05-01", "2019-10-22", "2020-07-23",
	                                  "2020-07-24", "2020-08-10", "2021-07-22",
	                                  "2021-07-23", "2021-08-08"};
	static const char *const gone[] = {"2020-07-20", "2020-08-11", "2020-10-12",
	                                   "2021-07-19", "2021-08-11", "2021-10-11"};

	for (size_t i = 0; i < sizeof(add) / sizeof(add[0]); i++)
		h->add[h->adds++] = day(add[i]);
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		h->remove[h->removes++] = day(gone[i]);
}

static void test_holidays(void **state)
{
	static struct holidays h;

	(void)state;
	special(&h);
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		int64_t first = clock_days(years[i].year, 1, 1);
		int64_t last = clock_days(years[i].year, 12, 31);

		for (int64_t d = first; d <= last; d++) {
			int64_t y, m, n;
			char mmdd[8];
			bool listed;

			clock_civil(d, &y, &m, &n);
			snprintf(mmdd, sizeof(mmdd), "%02d%02d", (int)m, (int)n);
			listed = strstr(years[i].days, mmdd) != NULL;
			if (holiday_is(&h, d) != listed)
				fail_msg("%d-%s: %s a holiday", years[i].year, mmdd,
				         listed ? "is" : "is not");
		}
	}
	assert_int_equal(holiday_weekday(day("2022-10-17")), 1);
	assert_false(holiday_open(&h, day("2026-12-29")));
	assert_false(holiday_open(&h, day("2027-01-03")));
	assert_true(holiday_open(&h, day("2026-12-28")));
	assert_true(holiday_open(NULL, day("2026-11-03")));
	assert_false(holiday_open(NULL, day("2026-11-07")));
}

static void test_dates(void **state)
{
	static const struct {
		const char *clock, *known, *due;
	} rows[] = {
	    {"ppc-final-60", "2022-08-19T01:30:00Z", "2022-10-17"},
	    {"ppc-final-30", "2022-08-19T01:30:00Z", "2022-09-20"},
	    {"ppc-prompt", "2022-08-19T01:30:00Z", "2022-08-24"},
	    {"ppc-final-60", "2026-11-01T03:00:00Z", "2027-01-04"},
	    {"ppc-final-60", "2026-03-05T03:00:00Z", "2026-05-07"},
	    /* the day is Japan's: 00:30 there on the 19th */
	    {"ppc-final-60", "2022-08-18T15:30:00Z", "2022-10-17"},
	    {"ppc-final-60", "2022-08-18T14:30:00Z", "2022-10-17"}, /* 16th is a Sunday */
	    {"hipaa", "2026-11-01T12:00:00Z", "2026-12-31"},
	    {"california", "2026-11-01T12:00:00Z", "2026-12-01"},
	    {"pfi-preliminary", "2026-11-02T03:00:00Z", "2026-11-10"}, /* 3rd is a holiday */
	    {"visa-accounts", "2026-12-25T03:00:00Z", "2027-01-15"},
	};
	struct clocks *k = load();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct clock_rule *r = NULL;
		char text[CLOCK_DAY_BYTES];

		for (size_t n = 0; n < clocks_count(k); n++) {
			if (slice_eq(clocks_rule(k, n)->id, slice_str(rows[i].clock)))
				r = clocks_rule(k, n);
		}
		assert_non_null(r);
		clock_day_text(clocks_due_day(k, r, us_of(rows[i].known)), text);
		if (strcmp(text, rows[i].due) != 0)
			fail_msg("%s from %s: %s, want %s", rows[i].clock, rows[i].known, text,
			         rows[i].due);
	}
	clocks_free(k);
}

struct told {
	struct cases *cs;
	struct arena mem;
	int64_t seq;
};

static void tell(struct told *t, const char *at, const char *kind, const char *type,
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
	assert_int_equal(cases_take(t->cs, fact), 0);
}

static const struct clock_view *clock_named(const struct clocks *k, const struct told *t,
                                            struct arena *a, const char *now, const char *id)
{
	struct clock_view *v;
	int64_t n = clocks_of(k, cases_final(t->cs, 1), us_of(now), a, &v);

	for (int64_t i = 0; i < n; i++) {
		if (slice_eq(v[i].rule->id, slice_str(id)))
			return &v[i];
	}
	return NULL;
}

#define BY "\"by\":\"taro\",\"reason\":\"r\""

/* The call of 2022-08-19: due 08-22 to 08-24 and on 10-17; ended by receipts only. */
static void test_wacom(void **state)
{
	struct told t = {.cs = cases_new()};
	struct clocks *k = load();
	const struct clock_view *v;
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	arena_init(&t.mem, 1 << 20);
	tell(&t, "2022-08-19T02:00:00Z", "word", "case.opened",
	     BY ",\"from\":\"card company\"");
	v = clock_named(k, &t, &a, "2022-08-20T00:00:00Z", "ppc-prompt");
	assert_non_null(v);
	assert_int_equal(v->state, CLOCK_RUNS);
	assert_int_equal(v->soon_us, us_of("2022-08-21T15:00:00Z"));
	assert_int_equal(v->due_us, us_of("2022-08-24T15:00:00Z"));
	v = clock_named(k, &t, &a, "2022-08-24T15:00:00Z", "ppc-prompt");
	assert_int_equal(v->state, CLOCK_OVERDUE);
	v = clock_named(k, &t, &a, "2022-10-17T14:59:59Z", "ppc-final-60");
	assert_int_equal(v->state, CLOCK_RUNS);
	assert_int_equal(v->due_day, day("2022-10-17"));
	assert_null(clock_named(k, &t, &a, "2022-08-20T00:00:00Z", "ppc-final-30"));
	assert_null(clock_named(k, &t, &a, "2022-08-20T00:00:00Z", "gdpr-33"));
	v = clock_named(k, &t, &a, "2022-08-20T00:00:00Z", "acquirer");
	assert_int_equal(v->due_us, 0);

	tell(&t, "2022-08-22T08:00:00Z", "word", "case.filed",
	     "\"case\":1,\"clock\":\"ppc-prompt\",\"receipt\":\"No. 7\",\"by\":\"taro\"");
	tell(&t, "2022-08-23T08:00:00Z", "word", "case.closed", "\"case\":1," BY);
	v = clock_named(k, &t, &a, "2022-10-18T00:00:00Z", "ppc-prompt");
	assert_int_equal(v->state, CLOCK_FILED);
	assert_slice(v->receipt->receipt, "No. 7");
	/* Closing the case ends no clock. */
	assert_int_equal(clock_named(k, &t, &a, "2022-10-18T00:00:00Z", "ppc-final-60")->state,
	                 CLOCK_OVERDUE);
	tell(&t, "2022-08-23T09:00:00Z", "word", "case.noted",
	     "\"case\":1,\"text\":\"x\",\"by\":\"taro\",\"traits\":[\"eu\"]");
	v = clock_named(k, &t, &a, "2022-08-20T00:00:00Z", "gdpr-33");
	assert_int_equal(v->due_us, us_of("2022-08-22T02:00:00Z"));
	tell(&t, "2022-08-23T10:00:00Z", "word", "case.dismissed", "\"case\":1," BY);
	assert_int_equal(clock_named(k, &t, &a, "2022-08-24T00:00:00Z", "ppc-final-60")->state,
	                 CLOCK_STOPPED);
	cases_free(t.cs);
	clocks_free(k);
	arena_done(&t.mem);
	arena_done(&a);
}

/* Three starts, as S&B Foods had: the earliest counts until a person says why not. */
static void test_starts(void **state)
{
	struct told t = {.cs = cases_new()};
	struct clocks *k = load();
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	arena_init(&t.mem, 1 << 20);
	tell(&t, "2022-10-19T02:00:00Z", "word", "case.opened", BY ",\"from\":\"vendor\"");
	tell(&t, "2022-10-19T03:00:00Z", "word", "case.opened",
	     BY ",\"from\":\"vendor\",\"known\":\"2022-07-28T01:00:00Z\"");
	tell(&t, "2022-10-19T04:00:00Z", "word", "case.joined", "\"into\":1,\"case\":2," BY);
	assert_int_equal(
	    clock_named(k, &t, &a, "2022-10-20T00:00:00Z", "ppc-final-60")->due_day,
	    day("2022-09-26")); /* day 60 is 09-25, a Sunday */
	tell(&t, "2022-10-19T05:00:00Z", "word", "case.clock", "\"case\":1,\"start\":2," BY);
	assert_int_equal(
	    clock_named(k, &t, &a, "2022-10-20T00:00:00Z", "ppc-final-60")->start_seq, 1);
	assert_int_equal(cases_get(t.cs, 1)->starts, 2); /* kept */
	/* A start before the rule was in force is none for it. */
	tell(&t, "2022-10-19T06:00:00Z", "word", "case.opened",
	     BY ",\"from\":\"x\",\"known\":\"2021-02-22T01:00:00Z\"");
	tell(&t, "2022-10-19T07:00:00Z", "word", "case.joined", "\"into\":1,\"case\":3," BY);
	assert_int_equal(
	    clock_named(k, &t, &a, "2022-10-20T00:00:00Z", "ppc-final-60")->start_seq, 1);
	assert_int_equal(clock_named(k, &t, &a, "2022-10-20T00:00:00Z", "acquirer")->start_seq,
	                 5);
	cases_free(t.cs);
	clocks_free(k);
	arena_done(&t.mem);
	arena_done(&a);
}

/* No attack, no money: nothing is to be told until more than 1,000 persons are counted. */
static void test_persons(void **state)
{
	struct told t = {.cs = cases_new()};
	struct clocks *k = load();
	const struct clock_view *v;
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	arena_init(&t.mem, 1 << 20);
	tell(&t, "2026-11-01T02:00:00Z", "word", "case.opened", BY ",\"traits\":[\"mistake\"]");
	v = clock_named(k, &t, &a, "2026-11-01T03:00:00Z", "ppc-final-30");
	assert_int_equal(v->state, CLOCK_WAITS);
	assert_null(clock_named(k, &t, &a, "2026-11-01T03:00:00Z", "ppc-final-60"));
	tell(&t, "2026-11-02T02:00:00Z", "count", "count.scope",
	     "\"case\":1,\"unit\":\"名\",\"n\":1000");
	tell(&t, "2026-11-03T02:00:00Z", "count", "count.scope",
	     "\"case\":1,\"unit\":\"件\",\"n\":5000");
	v = clock_named(k, &t, &a, "2026-11-03T03:00:00Z", "ppc-final-30");
	assert_int_equal(v->state, CLOCK_WAITS);
	tell(&t, "2026-11-04T02:00:00Z", "count", "count.scope",
	     "\"case\":1,\"unit\":\"名\",\"low\":900,\"high\":1001");
	v = clock_named(k, &t, &a, "2026-11-05T00:00:00Z", "ppc-final-30");
	assert_int_equal(v->state, CLOCK_RUNS);
	assert_int_equal(v->start_seq, 4);
	assert_int_equal(v->due_day, day("2026-12-03"));
	assert_int_equal(clocks_persons(cases_get(t.cs, 1)), 1001);
	cases_free(t.cs);
	clocks_free(k);
	arena_done(&t.mem);
	arena_done(&a);
}

static void test_files(void **state)
{
	static const struct {
		const char *text, *says; /* NULL: it is good */
	} rows[] = {
	    {RULES(RULE("a", "\"wrongful\"", "60d", "first-day rolls", "")), NULL},
	    {RULES(RULE("a", "\"wrongful\"", "3d-5d", "next-day", "")), NULL},
	    {RULES(RULE("a", "\"wrongful\"", "promptly", "next-day", "")), NULL},
	    {"zone = \"9\"\n", "x.clocks:1:8: found a text in quotes for zone"},
	    {"holidays = \"mars\"\n", "\"japan\" or \"none\""},
	    {"to = \"x\"\n", "expected zone or holidays"},
	    {RULES(RULE("a", "\"x\"", "60", "next-day", "")), "for due"},
	    {RULES(RULE("a", "\"x\"", "0d", "next-day", "")), "for due"},
	    {RULES(RULE("a", "\"x\"", "5d-3d", "next-day", "")), "for due"},
	    {RULES(RULE("a", "\"x\"", "3h-5d", "next-day", "")), "for due"},
	    {RULES(RULE("a", "\"x\"", "99999999999999999999d", "next-day", "")), "for due"},
	    {RULES(RULE("a", "\"x\"", "5d", "sometimes", "")), "for counting"},
	    {RULES(RULE("a", "\"x\"", "5d", "next-day", "colour = \"red\"\n")),
	     "no key of a clock"},
	    {RULES(RULE("a", "\"x\"", "5d", "next-day", "needs = \"x\"\n")), "a list of texts"},
	    {RULES("[a]\nto = \"t\"\n"), "without to_en"},
	    {RULES("[a]\nto = \"t\"\nto_en = \"t\"\nwhat = \"w\"\nwhat_en = \"w\"\nsource = "
	           "\"s\"\n"
	           "starts_when = [\"x\"]\ncounting = \"next-day\"\nvalid_from = "
	           "\"2022-04-01\"\n"),
	     "without due"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct clocks *k = clocks_new();
		struct err e = {""};
		int r = clocks_parse(k, slice_str(rows[i].text), "x.clocks", &e);

		if ((r == 0) != !rows[i].says ||
		    (rows[i].says && !strstr(e.text, rows[i].says)))
			fail_msg("row %zu: %d \"%s\"", i, r, e.text);
		clocks_free(k);
	}
}

/* A rule of the operator's takes the place of ours. */
static void test_own(void **state)
{
	struct clocks *k = load();
	size_t before = clocks_count(k);
	struct err e = {""};

	(void)state;
	assert_int_equal(
	    clocks_parse(k, SLICE(RULES(RULE("ppc-prompt", "\"x\"", "2d", "next-day", ""))),
	                 "own.clocks", &e),
	    0);
	assert_int_equal(clocks_count(k), before);
	assert_int_equal(
	    clocks_parse(k, SLICE("add = [\"2026-11-04\"]\nremove = [\"2026-11-03\"]\n"),
	                 "own.holidays", &e),
	    0);
	assert_int_equal(clocks_parse(k, SLICE("add = [\"2026-13-04\"]\n"), "own.holidays", &e),
	                 -22);
	clocks_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_holidays), cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_wacom),    cmocka_unit_test(test_starts),
	    cmocka_unit_test(test_persons),  cmocka_unit_test(test_files),
	    cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
