#include "check.h"
#include "judge/judge.h"

#define AT   "\"at\":\"2026-11-25T10:00:00.000000Z\""
#define CODE "0123456789abcdef0123456789abcdef"
#define URLS "fedcba9876543210fedcba9876543210"

/* A shop's page as a journey sees it: each macro is one entry of a list. */
#define SCRIPT(url, party, structure, hash)                               \
	"{\"step\":1,\"url\":\"" url "\",\"frame\":\"\",\"hash\":\"" hash \
	"\",\"structure\":\"" structure "\",\"by\":[],\"party\":\"" party \
	"\",\"how\":\"parser\"}"
#define OWN    SCRIPT("https://shop.test/app.js?v=1", "first", CODE "." URLS, "aa")
#define VENDOR SCRIPT("https://cdn.vendor.test/w.js", "third", CODE "." URLS, "bb")
#define INLINE                                                                  \
	"{\"step\":1,\"inline\":\"https://shop.test/"                           \
	"pay#1\",\"frame\":\"\",\"hash\":\"cc\",\"structure\":\"11111111." URLS \
	"\",\"by\":[],\"party\":\"first\",\"how\":\"parser\"}"
#define CSP "default-src 'self'; script-src 'self' https://cdn.vendor.test"
#define HEADERS(csp, more) \
	"{\"step\":1,\"url\":\"https://shop.test/pay\",\"headers\":{" csp more "}}"
#define POLICY(text) "\"content-security-policy\":\"" text "\""
#define HSTS         ",\"strict-transport-security\":\"max-age=63072000\""
#define FIELD(kind, frame, covered)                            \
	"{\"step\":1,\"frame\":\"" frame "\",\"kind\":\"" kind \
	"\",\"name\":\"n\",\"covered\":" covered "}"
#define CARD FIELD("card-number", "https://shop.test/pay", "false")
#define FORM(to, party)                                                    \
	"{\"step\":1,\"frame\":\"https://shop.test/pay\",\"action\":\"" to \
	"\",\"method\":\"post\",\"fields\":5,\"party\":\"" party "\"}"
#define PAY FORM("https://shop.test/pay/done", "first")
#define PSP "{\"step\":1,\"url\":\"https://pay.psp.test/frame?x=1\",\"party\":\"third\"}"

struct page {
	const char *scripts, *headers, *fields, *forms, *frames, *listeners, *touches, *workers,
	    *storage, *contacts, *requests;
};

static const struct page usual = {.scripts = OWN "," VENDOR "," INLINE,
                                  .headers = HEADERS(POLICY(CSP), HSTS),
                                  .fields = CARD,
                                  .forms = PAY,
                                  .frames = PSP,
                                  .listeners = "",
                                  .touches = "",
                                  .workers = "",
                                  .storage = ""};

struct court {
	struct judge *judge;
	struct arena mem;
	int64_t seq;
	struct json *found; /* of the last fact */
};

static void open_court(struct court *c)
{
	*c = (struct court){.judge = judge_new()};
	arena_init(&c->mem, 64u << 20);
	assert_non_null(c->judge);
}

static void close_court(struct court *c)
{
	judge_free(c->judge);
	arena_done(&c->mem);
}

/* Hear a fact, then the findings that it gave, as the ledger does. */
static struct json *hear(struct court *c, const char *text)
{
	size_t where = 0;
	struct json *fact = json_parse(&c->mem, slice_str(text), &where);
	struct err e;

	if (!fact)
		fail_msg("no JSON at %zu: %s", where, text);
	json_put_int(&c->mem, fact, "seq", ++c->seq);
	c->found = judge_fact(c->judge, &c->mem, fact);
	assert_non_null(c->found);
	for (const struct json *f = c->found->first; f; f = f->next) {
		struct json *told = json_copy(&c->mem, f);

		if (fact_check_draft(f, &e) < 0)
			fail_msg("the ledger would refuse it: %s", e.text);
		json_put_int(&c->mem, told, "seq", ++c->seq);
		json_put_str(&c->mem, told, "at", "2026-11-25T10:00:00.000001Z");
		judge_fact(c->judge, &c->mem, told);
	}
	return c->found;
}

static const char *or_usual(const char *s, const char *usual_one)
{
	return s ? s : usual_one;
}

static struct json *record(struct court *c, const char *arm, const struct page *p)
{
	return hear(c, (const char *)arena_printf(
	                   &c->mem,
	                   "{" AT
	                   ",\"kind\":\"sighting\",\"type\":\"page.record\",\"page\":\"pay\","
	                   "\"arm\":\"%s\",\"url\":\"https://shop.test/pay\",\"browser\":\"b\","
	                   "\"digest\":\"d\",\"steps\":[],\"requests\":[%s],\"scripts\":[%s],"
	                   "\"headers\":[%s],\"fields\":[%s],\"forms\":[%s],\"frames\":[%s],"
	                   "\"listeners\":[%s],\"touches\":[%s],\"workers\":[%s],\"storage\":[%"
	                   "s],\"contacts\":[%s]}%c",
	                   arm, or_usual(p->requests, ""), or_usual(p->scripts, usual.scripts),
	                   or_usual(p->headers, usual.headers),
	                   or_usual(p->fields, usual.fields), or_usual(p->forms, usual.forms),
	                   or_usual(p->frames, usual.frames), or_usual(p->listeners, ""),
	                   or_usual(p->touches, ""), or_usual(p->workers, ""),
	                   or_usual(p->storage, ""), or_usual(p->contacts, ""), 0)
	                   .at);
}

static void authorise(struct court *c, const char *more)
{
	hear(c, (const char *)arena_printf(
	            &c->mem,
	            "{" AT ",\"kind\":\"word\",\"type\":\"page.authorised\","
	            "\"owner\":\"o\",\"reason\":\"r\",\"by\":\"b\",%s}%c",
	            more, 0)
	            .at);
}

static void assert_found(struct court *c, const char *what, const char *sign,
                         const char *severity)
{
	const struct json *f = c->found->first;

	if (!sign) {
		if (f)
			fail_msg("%s: found %.*s", what, SLICE_ARG(json_text(f, "why.en")));
		return;
	}
	for (; f; f = f->next) {
		const struct json *signs = json_get(f, "signs");

		if (!slice_eq(signs->first->s, slice_str(sign)))
			continue;
		if (!slice_eq(json_text(f, "severity"), slice_str(severity)))
			fail_msg("%s: severity %.*s", what,
			         SLICE_ARG(json_text(f, "severity")));
		assert_true(json_text(f, "why.ja").n && json_text(f, "next.ja").n);
		assert_int_equal(slice_find(json_text(f, "why.en"), SLICE("{")), SIZE_MAX);
		assert_int_equal(slice_find(json_text(f, "why.ja"), SLICE("{")), SIZE_MAX);
		return;
	}
	f = c->found->first;
	fail_msg("%s: not found%s", what, f ? ", but something else was" : "");
}

/* ---- one change to a page at a time ---- */

static const struct {
	const char *what;
	struct page page;
	const char *sign, *severity; /* NULL: nothing to say */
} changes[] = {
    {"nothing", {0}, NULL, NULL},
    {"another query, another raw hash",
     {.scripts = SCRIPT("https://shop.test/app.js?v=2", "first", CODE "." URLS,
                        "dd") "," VENDOR "," INLINE},
     NULL,
     NULL},
    {"a script from a new server",
     {.scripts = OWN "," VENDOR "," INLINE
                     "," SCRIPT("https://evil.test/x.js", "third", "2." URLS, "ee")},
     "script_new",
     "medium"},
    {"a script more from a known server",
     {.scripts = OWN "," VENDOR "," INLINE
                     "," SCRIPT("https://cdn.vendor.test/y.js", "third", "2." URLS, "ee")},
     "script_new",
     "medium"},
    {"another inline script",
     {.scripts =
          OWN "," VENDOR "," INLINE
              ",{\"step\":1,\"inline\":\"https://shop.test/pay#2\",\"structure\":\"222." URLS
              "\",\"party\":\"first\"}"},
     "script_new",
     "medium"},
    {"a script's code",
     {.scripts =
          OWN "," SCRIPT("https://cdn.vendor.test/w.js", "third", "2." URLS, "ee") "," INLINE},
     "script_changed",
     "medium"},
    {"a script's addresses",
     {.scripts =
          OWN "," SCRIPT("https://cdn.vendor.test/w.js", "third", CODE ".3", "ee") "," INLINE},
     "script_addresses",
     "medium"},
    {"no policy", {.headers = HEADERS("\"x\":\"y\"", HSTS)}, "csp_removed", "high"},
    {"a looser policy",
     {.headers = HEADERS(POLICY(CSP " 'unsafe-inline'"), HSTS)},
     "csp_weakened",
     "medium"},
    {"a host more in the policy",
     {.headers = HEADERS(POLICY(CSP " https://evil.test"), HSTS)},
     "csp_weakened",
     "medium"},
    {"a directive less",
     {.headers = HEADERS(POLICY("default-src 'self'"), HSTS)},
     "csp_weakened",
     "medium"},
    {"a stricter policy",
     {.headers = HEADERS(POLICY("default-src 'self'; script-src 'self'"), HSTS)},
     "header_changed",
     "low"},
    {"no HSTS", {.headers = HEADERS(POLICY(CSP), "")}, "header_removed", "medium"},
    {"no headers at all",
     {.headers = "{\"step\":1,\"url\":\"https://shop.test/pay\",\"headers\":{}}"},
     "csp_removed",
     "high"},
    {"a document that this visit had no need of",
     {.headers = "{\"step\":1,\"url\":\"https://shop.test/member\",\"headers\":{}}"},
     NULL,
     NULL},
    {"a header more",
     {.headers = HEADERS(POLICY(CSP), HSTS ",\"referrer-policy\":\"same-origin\"")},
     NULL,
     NULL},
    {"a covered field",
     {.fields = FIELD("card-number", "https://shop.test/pay", "true")},
     "field_covered",
     "critical"},
    {"a second card field",
     {.fields = CARD "," FIELD("card-number", "https://shop.test/pay", "false")},
     "field_doubled",
     "critical"},
    {"a card field in another frame too",
     {.fields = CARD "," FIELD("card-number", "https://evil.test/f", "false")},
     "field_doubled",
     "critical"},
    {"the card field moved into a frame",
     {.fields = FIELD("card-number", "https://pay.psp.test/frame", "false")},
     NULL,
     NULL},
    {"a form goes to another party",
     {.forms = FORM("https://evil.test/c", "third")},
     "form_target",
     "critical"},
    {"a form goes elsewhere in the shop",
     {.forms = FORM("https://shop.test/other", "first")},
     "form_target",
     "medium"},
    {"a form more, to another party",
     {.forms = PAY ",{\"step\":1,\"frame\":\"https://shop.test/pay\",\"action\":\"https://"
                   "evil.test/\",\"method\":\"post\",\"fields\":3,\"party\":\"third\"}"},
     "form_target",
     "critical"},
    {"the provider's frame exchanged",
     {.frames = "{\"step\":1,\"url\":\"https://evil.test/frame\",\"party\":\"third\"}"},
     "frame_exchanged",
     "critical"},
    {"a frame more",
     {.frames = PSP ",{\"step\":1,\"url\":\"https://evil.test/frame\",\"party\":\"third\"}"},
     "frame_new",
     "medium"},
    {"another page of the provider",
     {.frames = "{\"step\":1,\"url\":\"https://pay.psp.test/frame2\",\"party\":\"third\"}"},
     NULL,
     NULL},
    {"a service worker",
     {.workers = "{\"type\":\"service_worker\",\"url\":\"https://shop.test/sw.js\"}"},
     "service_worker",
     "high"},
    {"an ear for keys",
     {.listeners = "{\"step\":1,\"on\":\"document\",\"type\":\"keydown\",\"script\":\"https://"
                   "cdn.vendor.test/w.js\"}"},
     "listener_new",
     "medium"},
    {"an ear for clicks",
     {.listeners = "{\"step\":1,\"on\":\"document\",\"type\":\"click\",\"script\":\"https://"
                   "cdn.vendor.test/w.js\"}"},
     NULL,
     NULL},
    {"a hand on the card",
     {.touches =
          "{\"step\":1,\"what\":\"btoa\",\"script\":\"https://cdn.vendor.test/w.js\",\"n\":1}"},
     "card_handed",
     "high"},
    {"a look at the card",
     {.touches = "{\"step\":1,\"what\":\"input.value\",\"script\":"
                 "\"https://cdn.vendor.test/w.js\",\"n\":1}"},
     "card_read",
     "medium"},
    {"the card stored",
     {.storage =
          "{\"origin\":\"https://shop.test\",\"area\":\"local\",\"key\":\"k\",\"card\":true}"},
     "card_stored",
     "high"},
    {"a request with the card, in one visit",
     {.requests = "{\"step\":1,\"url\":\"https://evil.test/c?x=1\",\"party\":\"third\","
                  "\"carries\":\"base64\"}"},
     "card_flow",
     "critical"},
    {"a look-up ahead",
     {.contacts = "{\"how\":\"dns\",\"host\":\"x.evil.test\",\"party\":\"third\",\"n\":1}"},
     "contact_new",
     "medium"},
    {"one of the shop's own",
     {.contacts = "{\"how\":\"dns\",\"host\":\"img.shop.test\",\"party\":\"first\",\"n\":1}"},
     NULL,
     NULL},
    {"something else stored",
     {.storage = "{\"origin\":\"https://shop.test\",\"area\":\"local\",\"key\":\"k\"}"},
     NULL,
     NULL},
};

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct court c;

		open_court(&c);
		authorise(&c, "\"script\":\"shop.test/**\",\"class\":\"\",\"page\":\"other\"");
		record(&c, "quick", &usual);
		assert_found(&c, "first record", "inventory_open", "low");
		record(&c, "quick", &changes[i].page);
		assert_found(&c, changes[i].what, changes[i].sign, changes[i].severity);
		/* The same again is no news. */
		record(&c, "quick", &changes[i].page);
		assert_found(&c, "again", NULL, NULL);
		close_court(&c);
	}
}

static void test_cover_at_first(void **state)
{
	struct page p = {.fields = FIELD("card-number", "https://shop.test/pay", "true")};
	struct court c;

	(void)state;
	open_court(&c);
	record(&c, "quick", &p);
	assert_found(&c, "covered at first sight", "field_covered", "critical");
	close_court(&c);
}

/* ---- authorisation ---- */

#define RULE "\"script\":\"cdn.vendor.test/**\",\"class\":\"\""

static void test_release(void **state)
{
	struct page release = {.scripts = OWN
	                       "," SCRIPT("https://cdn.vendor.test/w.js", "third", "2." URLS,
	                                  "ee") "," INLINE
	                                        "," SCRIPT("https://cdn.vendor.test/more.js",
	                                                   "third", "3." URLS, "ff")};
	struct page listens = {.scripts = release.scripts,
	                       .listeners =
	                           "{\"step\":1,\"on\":\"document\",\"type\":\"input\","
	                           "\"script\":\"https://cdn.vendor.test/w.js\"}"};
	struct court c;

	(void)state;
	open_court(&c);
	authorise(&c, RULE);
	record(&c, "quick", &usual);
	record(&c, "quick", &release);
	assert_found(&c, "a vendor's release", NULL, NULL);
	record(&c, "quick", &listens);
	assert_found(&c, "it listens as it may", NULL, NULL);
	close_court(&c);
}

#define HASH_OLD "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HASH_NEW "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
#define CONTENT(hash, features)                                                              \
	"{" AT ",\"kind\":\"sighting\",\"type\":\"page.content\",\"page\":\"pay\",\"what\":" \
	"\"script\","                                                                        \
	"\"present\":{\"class\":\"file\",\"hash\":\"" hash "\",\"size\":9},"                 \
	"\"content\":{\"kind\":\"js\",\"features\":{" features "}}}"

/* The same release, but what it gained is what thieves use: the rule does not cover that. */
static void test_poisoned_release(void **state)
{
	struct page old = {
	    .scripts = SCRIPT("https://cdn.vendor.test/w.js", "third", "1." URLS, HASH_OLD)};
	struct page new = {
	    .scripts = SCRIPT("https://cdn.vendor.test/w.js", "third", "2." URLS, HASH_NEW)};
	struct court c;

	(void)state;
	open_court(&c);
	authorise(&c, RULE);
	hear(&c, CONTENT(HASH_OLD, "\"card_word\":2,\"form_read\":3"));
	record(&c, "quick", &old);
	hear(&c,
	     CONTENT(HASH_NEW,
	             "\"card_word\":2,\"form_read\":3,\"form_to_host\":1,\"hidden_url\":1"));
	record(&c, "quick", &new);
	assert_found(&c, "a poisoned release", "script_theft", "critical");
	close_court(&c);
}

static void test_by_hash(void **state)
{
	struct page changed = {.scripts = OWN "," SCRIPT("https://cdn.vendor.test/w.js",
	                                                 "third", "2." URLS, "ee") "," INLINE};
	struct court c;

	(void)state;
	open_court(&c);
	authorise(&c, "\"script\":\"cdn.vendor.test/w.js\",\"class\":\"\",\"hash\":\"bb\"");
	record(&c, "quick", &usual);
	record(&c, "quick", &changed);
	assert_found(&c, "other content than authorised", "script_changed", "high");
	authorise(&c, "\"script\":\"cdn.vendor.test/w.js\",\"class\":\"\",\"hash\":\"ee\"");
	record(&c, "quick", &usual);
	assert_found(&c, "both are authorised", NULL, NULL);
	close_court(&c);
}

static void test_exempt_refused_gone(void **state)
{
	struct page acs = {.scripts = OWN "," VENDOR "," INLINE "," SCRIPT(
	                       "https://acs.bank.test/3ds.js", "third", "5." URLS, "ee")};
	struct page gone = {.scripts = OWN "," INLINE};
	struct court c;

	(void)state;
	open_court(&c);
	authorise(&c, "\"script\":\"acs.bank.test/**\",\"class\":\"3ds\"");
	authorise(&c, RULE);
	record(&c, "quick", &usual);
	record(&c, "quick", &acs);
	assert_found(&c, "3-D Secure", NULL, NULL);
	record(&c, "quick", &gone);
	assert_found(&c, "an authorised script is gone", "script_gone", "low");
	hear(&c, "{" AT ",\"kind\":\"word\",\"type\":\"page.refused\",\"script\":\"cdn.vendor."
	         "test/w.js\",\"reason\":\"r\",\"by\":\"b\"}");
	record(&c, "quick", &usual);
	assert_found(&c, "refused, and it runs", "script_refused", "high");
	close_court(&c);
}

/* ---- flows ---- */

#define FLOW(to, party, verdict, more)                         \
	"{\"to\":\"" to "\",\"host\":\"h\",\"party\":\"" party \
	"\",\"channel\":\"fetch\",\"verdict\":\"" verdict "\",\"method\":\"POST\"" more "}"

static void twins(struct court *c, const char *page, const char *valid, const char *list)
{
	hear(c,
	     (const char *)arena_printf(&c->mem,
	                                "{" AT ",\"kind\":\"sighting\",\"type\":\"page.twins\","
	                                "\"page\":\"%s\",\"valid\":%s,\"flows\":[%s]}%c",
	                                page, valid, list, 0)
	         .at);
}

static void flows(struct court *c, const char *list)
{
	twins(c, "pay", "true", list);
}

static void test_flows(void **state)
{
	struct court c;

	(void)state;
	open_court(&c);
	flows(&c, FLOW("shop.test/pay", "first", "flow", "") "," FLOW("stats.test/c", "third",
	                                                              "independent", ""));
	assert_found(&c, "the shop's own payment", "card_flow_own", "medium");
	authorise(&c, "\"script\":\"shop.test/pay\",\"what\":\"flow\",\"class\":\"\"");
	flows(&c, FLOW("shop.test/pay", "first", "flow", ""));
	assert_found(&c, "authorised", NULL, NULL);
	flows(
	    &c,
	    FLOW("stats.test/c", "third", "flow",
	         ",\"encoding\":\"base64 > xor\",\"script\":\"https://cdn.vendor.test/w.js\""));
	assert_found(&c, "the card to another party", "card_flow", "critical");
	assert_int_not_equal(
	    slice_find(json_text(c.found->first, "why.en"), SLICE("base64 > xor")), SIZE_MAX);
	flows(&c, FLOW("shop.test/wp-admin/a", "first", "flow", ""));
	assert_found(&c, "the card to another place of the shop", "card_flow", "critical");
	flows(&c, FLOW("x.test/e", "third", "undetermined", ",\"typed\":true"));
	assert_found(&c, "unreadable, once typed", "opaque_flow", "high");
	flows(&c, FLOW("y.test/e", "third", "undetermined",
	               "") "," FLOW("shop.test/s", "first", "undetermined", ",\"typed\":true"));
	assert_found(&c, "what rotates anyway", NULL, NULL);
	close_court(&c);
}

static void test_flows_anew(void **state)
{
	static const char evil[] = FLOW("evil.test/c", "third", "flow", "");
	struct court c;

	(void)state;
	open_court(&c);
	flows(&c, evil);
	assert_found(&c, "a flow", "card_flow", "critical");
	flows(&c, evil);
	assert_found(&c, "the same goes on", NULL, NULL);
	twins(&c, "pay", "false", "");
	flows(&c, evil);
	assert_found(&c, "a comparison that could not be made ends nothing", NULL, NULL);
	twins(&c, "other", "true", "");
	flows(&c, evil);
	assert_found(&c, "nor does another page's", NULL, NULL);
	flows(&c, "");
	assert_found(&c, "it ended", NULL, NULL);
	flows(&c, evil);
	assert_found(&c, "and is back", "card_flow", "critical");
	close_court(&c);
}

/* ---- blindness, real visitors ---- */

static void checked(struct court *c, const char *valid)
{
	hear(c, (const char *)arena_printf(
	            &c->mem,
	            "{" AT ",\"kind\":\"sighting\",\"type\":\"page.checked\",\"page\":\"pay\","
	            "\"arm\":\"a\",\"record\":0,\"valid\":%s,\"us\":1,\"why\":\"no answer\"}%c",
	            valid, 0)
	            .at);
}

static void test_blind(void **state)
{
	struct court c;

	(void)state;
	open_court(&c);
	checked(&c, "true");
	assert_found(&c, "a good visit", NULL, NULL);
	checked(&c, "false");
	assert_found(&c, "blind", "blind", "medium");
	checked(&c, "false");
	assert_found(&c, "still blind", NULL, NULL);
	checked(&c, "true");
	checked(&c, "false");
	assert_found(&c, "blind again", "blind", "medium");
	close_court(&c);
}

#define REPORTED(script) REPORTS(script, "1")
#define REPORTS(script, n)                                                                \
	"{" AT ",\"kind\":\"sighting\",\"type\":\"page.reported\",\"page\":\"pay\","      \
	"\"document\":\"https://shop.test/pay\",\"script\":\"" script "\",\"hash\":\"\"," \
	"\"disposition\":\"report\",\"n\":" n "}"

static void test_reported(void **state)
{
	struct court c;

	(void)state;
	open_court(&c);
	record(&c, "quick", &usual);
	hear(&c, REPORTED("https://cdn.vendor.test/w.js?x=1"));
	assert_found(&c, "a script that was met", NULL, NULL);
	hear(&c, REPORTED("https://evil.test/only-for-phones.js"));
	assert_found(&c, "one that never was", "script_reported", "medium");
	hear(&c, REPORTS("https://evil.test/only-for-phones.js", "5"));
	assert_found(&c, "told by many", "script_reported", "high");
	hear(&c, REPORTED("inline"));
	assert_found(&c, "a place in the page", NULL, NULL);
	close_court(&c);
}

/* ---- large and broken input ---- */

static void test_parts(void **state)
{
	struct court c;

	(void)state;
	open_court(&c);
	for (int i = 1; i <= 3; i++)
		hear(&c,
		     (const char *)arena_printf(
		         &c.mem,
		         "{" AT
		         ",\"kind\":\"sighting\",\"type\":\"page.record\",\"page\":\"pay\","
		         "\"arm\":\"quick\",\"part\":%d,\"parts\":3,\"scripts\":[{\"url\":"
		         "\"https://shop.test/n%c.js\",\"structure\":\"x\"}],\"headers\":[]}%c",
		         i, 'a' + i, 0)
		         .at);
	assert_found(&c, "three parts are one record", "inventory_open", "low");
	assert_slice(json_text(c.found->first, "subject"), "3");
	/* A part out of order is passed over. */
	hear(&c,
	     "{" AT ",\"kind\":\"sighting\",\"type\":\"page.record\",\"page\":\"pay\",\"arm\":"
	     "\"quick\",\"part\":2,\"parts\":2,\"scripts\":[],\"headers\":[]}");
	assert_found(&c, "no first part", NULL, NULL);
	hear(&c, "{" AT
	         ",\"kind\":\"sighting\",\"type\":\"page.record\",\"scripts\":5,\"headers\":[7,"
	         "null],\"page\":\"pay\",\"arm\":\"quick\"}");
	close_court(&c);
}

static void test_many_pages(void **state)
{
	struct court c;

	(void)state;
	open_court(&c);
	for (int i = 0; i < 400; i++)
		hear(&c, (const char *)arena_printf(
		             &c.mem,
		             "{" AT
		             ",\"kind\":\"sighting\",\"type\":\"page.record\",\"page\":\"p%d\","
		             "\"arm\":\"quick\",\"scripts\":[],\"headers\":[]}%c",
		             i, 0)
		             .at);
	close_court(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_changes),    cmocka_unit_test(test_cover_at_first),
	    cmocka_unit_test(test_release),    cmocka_unit_test(test_poisoned_release),
	    cmocka_unit_test(test_by_hash),    cmocka_unit_test(test_exempt_refused_gone),
	    cmocka_unit_test(test_flows),      cmocka_unit_test(test_blind),
	    cmocka_unit_test(test_reported),   cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_many_pages), cmocka_unit_test(test_flows_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
