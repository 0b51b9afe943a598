#include "check.h"
#include "fact/fact.h"
#include "fact/role.h"

static int check_text(const char *text, bool draft, struct err *e)
{
	struct arena a;
	int r;

	arena_init(&a, 1 << 20);
	e->text[0] = '\0';
	r = draft ? fact_check_draft(json_parse(&a, slice_str(text), NULL), e)
	          : fact_check(json_parse(&a, slice_str(text), NULL), e);
	arena_done(&a);
	return r;
}

static void holds_drafts_to_the_table(void **state)
{
	static const struct {
		const char *text, *fault; /* NULL: good */
	} t[] = {
	    {"{\"kind\":\"sighting\",\"type\":\"watch.overflow\"}", NULL},
	    {"{\"kind\":\"word\",\"type\":\"watch.overflow\"}", "is of kind sighting"},
	    {"{\"kind\":\"word\",\"type\":\"nonsense\"}", "unknown type"},
	    {"{\"kind\":\"word\"}", "unknown type"},
	    {"[]", "must be a JSON object"},
	    {"{\"kind\":\"word\",\"type\":\"dismiss\",\"by\":\"a\",\"finding\":1}",
	     "lacks the field \"reason\""},
	    {"{\"kind\":\"word\",\"type\":\"dismiss\",\"by\":\"a\",\"finding\":1,\"reason\":"
	     "\"x\",\"refs\":[0]}",
	     "refs must be seqs"},
	    {"{\"kind\":\"word\",\"type\":\"dismiss\",\"by\":\"a\",\"finding\":1,\"reason\":"
	     "\"x\",\"refs\":[]}",
	     "refs must be a list"},
	    {"{\"kind\":\"sighting\",\"type\":\"watch.overflow\",\"seq\":1}",
	     "given by the ledger"},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int r = check_text(t[i].text, true, &e);

		if ((r == 0) != !t[i].fault || (t[i].fault && !strstr(e.text, t[i].fault)))
			fail_msg("%s: %d %s", t[i].text, r, e.text);
	}
}

static void a_finding_needs_both_languages(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(
	    check_text(
	        "{\"confidence\":0.9,\"kind\":\"finding\",\"next\":{},\"path\":\"x\",\"role\":"
	        "\"code\",\"root\":\"/\",\"severity\":\"high\",\"signs\":[],\"type\":"
	        "\"file.tampered\",\"why\":{\"en\":\"x\",\"ja\":\"y\"}}",
	        true, &e),
	    0);
	assert_true(
	    check_text(
	        "{\"confidence\":0.9,\"kind\":\"finding\",\"next\":{},\"path\":\"x\",\"role\":"
	        "\"code\",\"root\":\"/\",\"severity\":\"high\",\"signs\":[],\"type\":"
	        "\"file.tampered\",\"why\":{\"en\":\"x\"}}",
	        true, &e) < 0);
	assert_true(
	    check_text(
	        "{\"confidence\":1.5,\"kind\":\"finding\",\"next\":{},\"path\":\"x\",\"role\":"
	        "\"code\",\"root\":\"/\",\"severity\":\"high\",\"signs\":[],\"type\":"
	        "\"file.tampered\",\"why\":{\"en\":\"x\",\"ja\":\"y\"}}",
	        true, &e) < 0);
}

static void facts_have_seq_and_time(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(
	    check_text(
	        "{\"at\":\"2026-11-24T00:00:00.000000Z\",\"kind\":\"sighting\",\"seq\":1,"
	        "\"type\":\"watch.overflow\"}",
	        false, &e),
	    0);
	assert_true(
	    check_text(
	        "{\"at\":\"now\",\"kind\":\"sighting\",\"seq\":1,\"type\":\"watch.overflow\"}",
	        false, &e) < 0);
	assert_true(check_text("{\"at\":\"2026-11-24\",\"kind\":\"sighting\",\"seq\":0,"
	                       "\"type\":\"watch.overflow\"}",
	                       false, &e) < 0);
}

static void every_type_can_be_drafted(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < fact_type_count; i++) {
		struct json *d = fact_draft(&a, fact_types[i].type);

		assert_slice(json_text(d, "kind"), fact_kind_name(fact_types[i].kind));
		fact_ref(&a, d, 3);
		fact_ref(&a, d, 5);
		assert_int_equal(json_count(json_get(d, "refs")), 2);
	}
	assert_null(fact_draft(&a, "no.such"));
	arena_done(&a);
}

static void names_go_both_ways(void **state)
{
	(void)state;
	for (unsigned r = 0; r < ROLES; r++) {
		enum role back = ROLES;

		assert_true(role_of(slice_str(role_name((enum role)r)), &back));
		assert_int_equal(back, r);
	}
	for (unsigned k = 0; k < FACT_KINDS; k++) {
		enum fact_kind back = FACT_KINDS;

		assert_true(fact_kind_of(slice_str(fact_kind_name((enum fact_kind)k)), &back));
		assert_int_equal(back, k);
	}
	for (unsigned s = 0; s <= SEV_CRITICAL; s++) {
		enum fact_severity back = SEV_INFO;

		assert_true(fact_severity_of(
		    slice_str(fact_severity_name((enum fact_severity)s)), &back));
		assert_int_equal(back, s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holds_drafts_to_the_table),
	    cmocka_unit_test(a_finding_needs_both_languages),
	    cmocka_unit_test(facts_have_seq_and_time),
	    cmocka_unit_test(every_type_can_be_drafted),
	    cmocka_unit_test(names_go_both_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
