/* Every request's way: fences, session, route. This test stands where http.c does. */
#include "../check.h"

#include "desk/page.h"
#include <stdlib.h>
#include <sys/stat.h>

static const char *host, *origin, *cookie;

struct slice http_header(const struct http_request *rq, const char *name)
{
	(void)rq;
	if (strcmp(name, "Host") == 0)
		return slice_str(host);
	if (strcmp(name, "Origin") == 0)
		return slice_str(origin);
	return slice_str(strcmp(name, "Cookie") == 0 ? cookie : NULL);
}

struct trial {
	struct desk desk;
	struct http_request rq;
	struct http_reply rp;
	struct session *who;
	char cookie[128], dir[64];
};

#define TOKEN "0123456789abcdef0123456789abcdef"

static int begin(void **state)
{
	static struct trial t;
	char path[128];
	FILE *f;

	t = (struct trial){.desk = {.cookie = "hinoban-1", .lang = LANG_EN}};
	snprintf(t.dir, sizeof(t.dir), "/tmp/test-desk.XXXXXX");
	assert_non_null(mkdtemp(t.dir));
	snprintf(path, sizeof(path), "%s/run", t.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/run/token", t.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(TOKEN "\n", f);
	fclose(f);
	t.desk.state_dir = t.dir;
	session_init(&t.desk.sessions, clock_mono_us());
	t.who = session_open(&t.desk.sessions, clock_mono_us());
	snprintf(t.cookie, sizeof(t.cookie), "a=b; hinoban-1=%s", t.who->id);
	arena_init(&t.rq.mem, 1 << 20);
	buf_init(&t.rp.body, HTTP_MAX_REPLY);
	host = "127.0.0.1:1";
	origin = cookie = NULL;
	*state = &t;
	return 0;
}

static int end(void **state)
{
	struct trial *t = *state;
	char path[128];

	arena_done(&t->rq.mem);
	buf_done(&t->rp.body);
	snprintf(path, sizeof(path), "%s/run/token", t->dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/run", t->dir);
	rmdir(path);
	rmdir(t->dir);
	return 0;
}

static unsigned ask(struct trial *t, const char *method, const char *path, const char *body)
{
	struct slice all = slice_str(path);
	size_t mark = slice_chr(all, '?');

	arena_reset(&t->rq.mem);
	buf_reset(&t->rp.body);
	t->rp = (struct http_reply){.status = 200, .body = t->rp.body};
	t->rq.method = slice_str(method);
	t->rq.path = slice_sub(all, 0, mark);
	t->rq.query = mark == SIZE_MAX ? SLICE("") : slice_sub(all, mark + 1, all.n);
	t->rq.body = slice_str(body);
	assert_int_equal(desk_answer(&t->desk, &t->rq, &t->rp), HTTP_DONE);
	return t->rp.status;
}

static bool shows(const struct trial *t, const char *text)
{
	return slice_find(buf_slice(&t->rp.body), slice_str(text)) != SIZE_MAX;
}

static void routes_without_login(void **state)
{
	static const struct {
		const char *method, *path;
		unsigned status;
		const char *location;
	} rows[] = {
	    {"GET", "/login", 200, ""},
	    {"HEAD", "/login", 200, ""},
	    {"GET", "/", 303, "/login"},
	    {"GET", "/finding/12?x=1", 303, "/login?to=/finding/12%3Fx%3D1"},
	    {"POST", "/finding/12/approve", 303, "/login"},
	    {"GET", "/events", 401, ""},
	    {"GET", "/finding/", 404, ""},
	    {"GET", "/finding/x", 404, ""},
	    {"GET", "/finding/1/", 404, ""},
	    {"GET", "/finding/9999999999999999999999", 404, ""},
	    {"GET", "/nothing", 404, ""},
	    {"GET", "//evil.example", 404, ""},
	    {"PUT", "/login", 405, ""},
	    {"POST", "/facts", 405, ""},
	    {"GET", "/assets/style.css", 200, ""},
	    {"GET", "/assets/app.js", 200, ""},
	    {"GET", "/assets/home.html", 404, ""}, /* templates are no assets */
	    {"GET", "/assets/../texts.c", 404, ""},
	    {"GET", "/lang/ja?back=/files", 303, "/files"},
	    {"GET", "/lang/en?back=//evil.example", 303, "/"},
	    {"GET", "/lang/tlh", 404, ""},
	};
	struct trial *t = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned status = ask(t, rows[i].method, rows[i].path, "");

		if (status != rows[i].status)
			fail_msg("%s %s: %u", rows[i].method, rows[i].path, status);
		assert_slice(t->rp.location, rows[i].location);
	}
}

static void other_names_refused(void **state)
{
	struct trial *t = *state;

	host = "evil.example:1";
	cookie = t->cookie;
	assert_int_equal(ask(t, "GET", "/", ""), MHD_HTTP_MISDIRECTED_REQUEST);
	assert_int_equal(ask(t, "GET", "/login", ""), MHD_HTTP_MISDIRECTED_REQUEST);
	assert_int_equal(ask(t, "GET", "/assets/app.js", ""), MHD_HTTP_MISDIRECTED_REQUEST);
	host = NULL;
	assert_int_equal(ask(t, "GET", "/login", ""), MHD_HTTP_MISDIRECTED_REQUEST);
}

static void a_session_is_known(void **state)
{
	struct trial *t = *state;

	/* Its pages need the ledger, which isn't there: the session was let in. */
	cookie = t->cookie;
	assert_int_equal(ask(t, "GET", "/", ""), MHD_HTTP_SERVICE_UNAVAILABLE);
	assert_int_equal(ask(t, "GET", "/login?to=/files", ""), MHD_HTTP_SEE_OTHER);
	assert_slice(t->rp.location, "/files");
	cookie = "hinoban-1=0000000000000000000000000000000000000000000000000000000000000000";
	assert_int_equal(ask(t, "GET", "/", ""), MHD_HTTP_SEE_OTHER);
	cookie = "hinoban-1=";
	assert_int_equal(ask(t, "GET", "/", ""), MHD_HTTP_SEE_OTHER);
}

static void forms_need_their_token(void **state)
{
	struct trial *t = *state;
	char body[128];

	cookie = t->cookie;
	snprintf(body, sizeof(body), "csrf=%s", t->who->csrf);
	assert_int_equal(ask(t, "POST", "/logout", body), MHD_HTTP_FORBIDDEN); /* no Origin */
	origin = "http://evil.example";
	assert_int_equal(ask(t, "POST", "/logout", body), MHD_HTTP_FORBIDDEN);
	origin = "null";
	assert_int_equal(ask(t, "POST", "/logout", body), MHD_HTTP_FORBIDDEN);
	origin = "http://127.0.0.1:1";
	assert_int_equal(ask(t, "POST", "/logout", ""), MHD_HTTP_FORBIDDEN);
	assert_int_equal(ask(t, "POST", "/logout", "csrf="), MHD_HTTP_FORBIDDEN);
	assert_int_equal(ask(t, "POST", "/finding/1/dismiss", "csrf=1"), MHD_HTTP_FORBIDDEN);
	assert_int_equal(ask(t, "POST", "/logout", body), MHD_HTTP_SEE_OTHER);
	assert_slice(t->rp.location, "/login");
	assert_int_equal(ask(t, "GET", "/", ""), MHD_HTTP_SEE_OTHER); /* signed out */
}

static void logging_in(void **state)
{
	struct trial *t = *state;

	assert_int_equal(ask(t, "POST", "/login", "token=" TOKEN), MHD_HTTP_FORBIDDEN);
	assert_int_equal(t->rp.cookies, 0);
	origin = "http://127.0.0.1:1";
	assert_int_equal(ask(t, "POST", "/login", "token=" TOKEN "&to=/files&name=Hana"),
	                 MHD_HTTP_SEE_OTHER);
	assert_slice(t->rp.location, "/files");
	assert_int_equal(t->rp.cookies, 1);
	assert_true(slice_starts(t->rp.cookie[0], SLICE("hinoban-1=")));
	assert_true(slice_ends(t->rp.cookie[0], SLICE("; Path=/; HttpOnly; SameSite=Strict")));
	assert_int_equal(ask(t, "POST", "/login", "token=" TOKEN "&to=//evil.example"),
	                 MHD_HTTP_SEE_OTHER);
	assert_slice(t->rp.location, "/");
	for (int i = 0; i < SESSION_TRIES; i++) {
		assert_int_equal(ask(t, "POST", "/login", "token=wrong"), MHD_HTTP_FORBIDDEN);
		assert_true(shows(t, "not the token"));
	}
	assert_int_equal(ask(t, "POST", "/login", "token=" TOKEN), MHD_HTTP_TOO_MANY_REQUESTS);
	assert_int_equal(t->rp.cookies, 0);
}

static void addresses_are_inert(void **state)
{
	struct trial *t = *state;

	ask(t, "GET", "/login?to=/%22%3E%3Cscript%3E", "");
	assert_false(shows(t, "<script>"));
	ask(t, "GET", "/login?to=/x%22onfocus=%22y", "");
	assert_false(shows(t, "\"onfocus=\""));
	ask(t, "GET", "/<script>alert(1)</script>", "");
	assert_false(shows(t, "<script>alert"));
	assert_true(shows(t, "There is no such page."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(routes_without_login, begin, end),
	    cmocka_unit_test_setup_teardown(other_names_refused, begin, end),
	    cmocka_unit_test_setup_teardown(a_session_is_known, begin, end),
	    cmocka_unit_test_setup_teardown(forms_need_their_token, begin, end),
	    cmocka_unit_test_setup_teardown(logging_in, begin, end),
	    cmocka_unit_test_setup_teardown(addresses_are_inert, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
