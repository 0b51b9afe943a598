/* The fold over facts that makes cases: what opens one, what belongs to it, what persons say.
 */
#include "tests/check.h"

#include "report/report.h"

struct told {
	struct cases *cs;
	struct arena mem;
	int64_t seq;
};

static int setup(void **state)
{
	static struct told t;

	t = (struct told){.cs = cases_new()};
	arena_init(&t.mem, 1 << 20);
	*state = &t;
	return t.cs ? 0 : -1;
}

static int teardown(void **state)
{
	struct told *t = *state;

	cases_free(t->cs);
	arena_done(&t->mem);
	return 0;
}

/* The next fact, so many minutes after noon; the rest of its members as text. Its seq. */
static int64_t tell_at(struct told *t, int minutes, const char *kind, const char *type,
                       const char *rest)
{
	char text[2048], at[CLOCK_TEXT_BYTES];
	struct json *fact;

	clock_text(INT64_C(1790000000) * 1000000 + minutes * INT64_C(60000000), at);
	snprintf(text, sizeof(text),
	         "{\"seq\":%lld,\"at\":\"%s\",\"kind\":\"%s\",\"type\":\"%s\"%s%s}",
	         (long long)++t->seq, at, kind, type, *rest ? "," : "", rest);
	arena_reset(&t->mem);
	fact = json_parse(&t->mem, slice_str(text), NULL);
	assert_non_null(fact);
	assert_int_equal(cases_take(t->cs, fact), 0);
	return t->seq;
}

#define FINDING(t, min, type, path, role, sev, more)                        \
	tell_at(t, min, "finding", type,                                    \
	        "\"root\":\"/shop\",\"path\":\"" path "\",\"role\":\"" role \
	        "\",\"severity\":\"" sev "\"" more)
#define WORD(t, min, type, rest) tell_at(t, min, "word", type, rest)
#define BY_TARO                  "\"by\":\"taro\",\"reason\":\"so\""

static const struct case_view *get(struct told *t, int64_t n)
{
	const struct case_view *c = cases_get(t->cs, n);

	assert_non_null(c);
	return c;
}

static void test_opens(void **state)
{
	struct told *t = *state;
	static const struct {
		const char *type, *role, *severity;
		bool opens;
	} rows[] = {
	    {"file.tampered", "payment", "high", true},
	    {"file.planted", "payment", "medium", true},
	    {"file.tampered", "payment", "low", false},
	    {"file.tampered", "code", "high", false},
	    {"file.tampered", "code", "critical", true},
	    {"file.planted", "uploads", "critical", true},
	    {"file.removed", "payment", "high", false},
	    {"file.attributes", "payment", "high", false},
	    {"write.refused", "payment", "medium", false},
	    {"upload.code", "uploads", "high", true},
	    {"upload.code", "uploads", "low", false},
	    {"page.flow", "", "medium", true},
	    {"page.opaque", "", "low", true},
	    {"page.form", "", "low", true},
	    {"page.field", "", "low", true},
	    {"page.script", "", "high", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];
		struct json *f;

		snprintf(text, sizeof(text),
		         "{\"type\":\"%s\",\"role\":\"%s\",\"severity\":\"%s\"}", rows[i].type,
		         rows[i].role, rows[i].severity);
		arena_reset(&t->mem);
		f = json_parse(&t->mem, slice_str(text), NULL);
		if (case_suspicion(f) != rows[i].opens)
			fail_msg("%s", text);
	}
}

static void test_belongs(void **state)
{
	struct told *t = *state;
	int64_t grave, first, later, hand;

	grave = FINDING(t, 0, "file.planted", "a.php", "code", "high", "");
	FINDING(t, 1, "file.tampered", "b.css", "code", "low", "");
	assert_int_equal(cases_count(t->cs), 0);
	first = FINDING(t, 20, "file.tampered", "pay.php", "payment", "critical",
	                ",\"request\":{\"client\":\"192.0.2.9\"}");
	assert_int_equal(cases_count(t->cs), 1);
	assert_int_equal(get(t, 1)->findings,
	                 2); /* the planted one, a little before, is taken up */
	assert_ptr_equal(cases_of_finding(t->cs, grave), get(t, 1));
	assert_int_equal(get(t, 1)->opened_seq, first);
	assert_int_equal(get(t, 1)->severity, SEV_CRITICAL);
	/* Two days later: another object by nobody known is a case of its own, ... */
	FINDING(t, 2880, "upload.code", "u/x.php", "uploads", "high", "");
	assert_int_equal(cases_count(t->cs), 2);
	/* ... the same object, or the same address, is not. */
	later = FINDING(t, 6000, "file.tampered", "pay.php", "payment", "high", "");
	assert_ptr_equal(cases_of_finding(t->cs, later), get(t, 1));
	hand = FINDING(t, 9000, "upload.code", "u/y.php", "uploads", "high",
	               ",\"request\":{\"client\":\"192.0.2.9\"}");
	assert_ptr_equal(cases_of_finding(t->cs, hand), get(t, 1));
	assert_int_equal(cases_count(t->cs), 2);
	assert_non_null(case_trait(get(t, 1), SLICE("money")));
	assert_null(case_trait(get(t, 2), SLICE("money")));
	assert_non_null(case_trait(get(t, 2), SLICE("wrongful")));
}

/* The address comes a moment later: then the case is a part of the older one of this address.
 */
static void test_actor_later(void **state)
{
	struct told *t = *state;

	FINDING(t, 0, "upload.code", "u/a.php", "uploads", "high",
	        ",\"refs\":[900],\"request\":{\"client\":\"192.0.2.9\"}");
	FINDING(t, 9000, "file.tampered", "pay.php", "payment", "high", ",\"refs\":[910]");
	assert_int_equal(cases_count(t->cs), 2);
	FINDING(t, 9001, "file.tampered", "pay.php", "payment", "high",
	        ",\"refs\":[910,911],\"updates\":2,\"request\":{\"client\":\"192.0.2.9\"}");
	assert_int_equal(get(t, 2)->state, CASE_JOINED);
	assert_int_equal(get(t, 2)->into, 1);
	assert_int_equal(get(t, 1)->findings, 3);
	assert_int_equal(get(t, 1)->starts, 2);
	assert_non_null(case_trait(get(t, 1), SLICE("money")));
	assert_ptr_equal(cases_of_finding(t->cs, 2), get(t, 1));
}

static void test_dismissed(void **state)
{
	struct told *t = *state;

	FINDING(t, 0, "file.tampered", "pay.php", "payment", "high", ",\"refs\":[900]");
	FINDING(t, 1, "file.tampered", "pay.php", "payment", "high",
	        ",\"refs\":[900,901],\"updates\":1");
	WORD(t, 2, "dismiss", "\"finding\":2,\"by\":\"console\",\"reason\":\"x\"");
	assert_int_equal(get(t, 1)->state, CASE_OPEN); /* nobody's name */
	WORD(t, 3, "dismiss", "\"finding\":2,\"by\":\"taro\",\"reason\":\"x\"");
	assert_int_equal(get(t, 1)->state, CASE_DISMISSED);
	assert_int_equal(get(t, 1)->ended_seq, 4);
	/* The same change said again stays there; another change is a new case. */
	FINDING(t, 4, "file.tampered", "pay.php", "payment", "high",
	        ",\"refs\":[900,905],\"updates\":2");
	assert_int_equal(cases_count(t->cs), 1);
	FINDING(t, 5, "file.tampered", "pay.php", "payment", "high",
	        ",\"refs\":[950],\"updates\":5");
	assert_int_equal(cases_count(t->cs), 2);
	WORD(t, 6, "case.dismissed", "\"case\":2," BY_TARO);
	assert_int_equal(get(t, 2)->state, CASE_DISMISSED);
}

static void test_calls(void **state)
{
	struct told *t = *state;

	WORD(t, 0, "case.opened",
	     BY_TARO ",\"from\":\"card company\",\"known\":\"2026-09-20T01:02:03Z\"");
	WORD(t, 10, "case.dismissed", "\"case\":1," BY_TARO);
	WORD(t, 9000, "case.opened", BY_TARO ",\"from\":\"vendor\",\"traits\":[\"wrongful\"]");
	WORD(t, 9001, "case.joined", "\"into\":2,\"case\":1," BY_TARO);
	assert_int_equal(get(t, 1)->state, CASE_JOINED);
	assert_ptr_equal(cases_final(t->cs, 1), get(t, 2));
	assert_int_equal(get(t, 2)->starts, 2);
	assert_slice(get(t, 2)->start[1].from, "card company");
	assert_int_equal(get(t, 2)->start[1].at_us, INT64_C(1789866123) * 1000000);
	assert_int_equal(get(t, 2)->start[0].why, CASE_BY_CALL);
	WORD(t, 9002, "case.clock", "\"case\":1,\"start\":1," BY_TARO); /* by its old number */
	assert_int_equal(get(t, 2)->start[1].not_counted, 5);
	WORD(t, 9003, "case.assigned", "\"case\":2,\"to\":\"hanako\",\"by\":\"taro\"");
	WORD(t, 9004, "case.noted",
	     "\"case\":2,\"text\":\"t\",\"by\":\"taro\",\"traits\":[\"eu\"]");
	WORD(t, 9005, "case.filed",
	     "\"case\":2,\"clock\":\"c\",\"receipt\":\"No. 1\",\"by\":\"taro\"");
	assert_slice(get(t, 2)->assigned, "hanako");
	assert_non_null(case_trait(get(t, 2), SLICE("eu")));
	assert_int_equal(get(t, 2)->receipts, 1);
	/* Nonsense is passed over. */
	WORD(t, 9006, "case.joined", "\"into\":2,\"case\":1," BY_TARO);
	WORD(t, 9006, "case.joined", "\"into\":77,\"case\":1," BY_TARO);
	WORD(t, 9006, "case.joined", "\"into\":2,\"finding\":77," BY_TARO);
	WORD(t, 9007, "case.closed", "\"case\":0," BY_TARO);
	assert_int_equal(get(t, 2)->state, CASE_OPEN);
	WORD(t, 9008, "case.closed", "\"case\":2," BY_TARO);
	assert_int_equal(get(t, 2)->state, CASE_CLOSED);
	assert_int_equal(cases_count(t->cs), 2);
}

static void test_split(void **state)
{
	struct told *t = *state;

	FINDING(t, 0, "upload.code", "u/a.php", "uploads", "high", "");
	FINDING(t, 1, "upload.code", "u/b.php", "uploads", "high", "");
	assert_int_equal(get(t, 1)->findings, 2);
	WORD(t, 5, "case.split", "\"case\":1,\"findings\":[2,99]," BY_TARO);
	assert_int_equal(cases_count(t->cs), 2);
	assert_int_equal(get(t, 1)->findings, 1);
	assert_int_equal(get(t, 2)->findings, 1);
	assert_int_equal(get(t, 2)->opened_seq, 3);
	assert_int_equal(get(t, 2)->start[0].seq, 2);
	assert_non_null(case_trait(get(t, 2), SLICE("wrongful")));
	WORD(t, 6, "case.joined", "\"into\":1,\"finding\":2," BY_TARO);
	assert_int_equal(get(t, 1)->findings, 2);
	assert_int_equal(get(t, 2)->findings, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_opens, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_belongs, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_actor_later, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_dismissed, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_calls, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_split, setup, teardown),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
