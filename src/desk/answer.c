/* answer: from request to page: the fences first, then the session, then the route. */
#include "desk/page.h"
#include "desk/tmpl.h"
#include <string.h>

enum needs {
	OPEN = 1, /* without login */
	BARE = 2, /* without the ledger */
};

struct route {
	const char *method; /* GET also answers HEAD */
	const char *path;   /* '#' stands for a number, '*' at the end for anything */
	page_fn *fn;
	const char *template;
	const char *place; /* which part of the navigation is lit */
	int flags;
};

static const struct route routes[] = {
    {"GET", "/", page_home, "home", "home", 0},
    {"GET", "/finding/#", page_finding, "finding", "home", 0},
    {"POST", "/finding/#/dismiss", page_finding_word, "finding", "home", 0},
    {"POST", "/finding/#/approve", page_finding_word, "finding", "home", 0},
    {"GET", "/cases", page_cases, "cases", "cases", 0},
    {"POST", "/cases/open", page_case_open, "cases", "cases", 0},
    {"GET", "/news", page_newses, "newses", "cases", 0},
    {"GET", "/news/#", page_news, "news", "cases", 0},
    {"POST", "/news/#/say", page_news_word, "news", "cases", 0},
    {"GET", "/case/#", page_case, "case", "cases", 0},
    {"POST", "/case/#/*", page_case_word, "case", "cases", 0},
    {"GET", "/webs", page_webs, "webs", "webs", 0},
    {"GET", "/web", page_web, "web", "webs", 0},
    {"GET", "/web/shot/#", page_web_shot, NULL, "webs", 0},
    {"GET", "/web/script", page_web_script, "script", "webs", 0},
    {"POST", "/web/authorise", page_web_word, "web", "webs", 0},
    {"POST", "/web/refuse", page_web_word, "web", "webs", 0},
    {"POST", "/web/visit", page_web_word, "web", "webs", 0},
    {"GET", "/vendor", page_vendor, "vendor", "webs", 0},
    {"GET", "/facts", page_facts, "facts", "facts", 0},
    {"GET", "/fact/#", page_fact, "fact", "facts", 0},
    {"GET", "/fact/#/proof", page_proof, NULL, "facts", 0},
    {"GET", "/files", page_files, "files", "files", 0},
    {"GET", "/file", page_file, "file", "files", 0},
    {"GET", "/ledger", page_ledger, "ledger", "ledger", 0},
    {"GET", "/ledger/consistency", page_consistency, NULL, "ledger", 0},
    {"GET", "/ledger/key", page_key, NULL, "ledger", 0},
    {"GET", "/health", page_health, "health", "health", 0},
    {"GET", "/events", page_events, NULL, NULL, 0},
    {"GET", "/login", page_login, "login", NULL, OPEN},
    {"POST", "/login", page_login_try, "login", NULL, OPEN},
    {"POST", "/logout", page_logout, NULL, NULL, BARE},
    {"GET", "/lang/*", page_lang, NULL, NULL, OPEN},
    {"GET", "/assets/*", page_asset, NULL, NULL, OPEN},
};

/* Does the path fit? *number gets what stands for '#'. */
static bool fits(const char *pattern, struct slice path, int64_t *number)
{
	struct cursor c = cursor_over(path);
	uint64_t n = 0;

	for (const char *p = pattern; *p; p++) {
		int digits = 0;

		if (*p == '*')
			return true;
		if (*p != '#') {
			if (cursor_peek(&c, 0) != *p)
				return false;
			cursor_skip(&c, 1);
			continue;
		}
		for (int b; (b = cursor_peek(&c, 0)) >= '0' && b <= '9' && digits < 15;
		     digits++) {
			n = n * 10 + (uint64_t)(b - '0');
			cursor_skip(&c, 1);
		}
		if (digits == 0)
			return false;
	}
	*number = (int64_t)n;
	return cursor_end(&c);
}

static bool method_fits(const struct route *r, struct slice method)
{
	return slice_eq(method, slice_str(r->method)) ||
	       (slice_eq(method, SLICE("HEAD")) && strcmp(r->method, "GET") == 0);
}

/* The route, or NULL; *known: the path is there, though not for this method. */
static const struct route *find(const struct http_request *rq, int64_t *number, bool *known)
{
	*known = false;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!fits(routes[i].path, rq->path, number))
			continue;
		*known = true;
		if (method_fits(&routes[i], rq->method))
			return &routes[i];
	}
	return NULL;
}

static enum lang pick_lang(const struct page *p)
{
	enum lang l;

	if (lang_of(form_cookie(http_header(p->rq, "Cookie"), "hinoban-lang"), &l))
		return l;
	return lang_accept(http_header(p->rq, "Accept-Language"), p->desk->lang);
}

/* What every page's frame shows. */
static void common(struct page *p, const struct route *r)
{
	struct json *at = json_obj(p->a), *m = p->m;
	struct buf here;

	buf_init(&here, HTTP_MAX_URI * 4);
	html_query(&here, p->rq->path);
	if (p->rq->query.n) {
		buf_str(&here, "%3F");
		html_query(&here, p->rq->query);
	}
	json_put_str(p->a, m, "lang", lang_name(p->lang));
	json_put_bool(p->a, m, "ja", p->lang == LANG_JA);
	json_put_slice(p->a, m, "here", buf_slice(&here));
	json_put_str(p->a, m, "version", HINOBAN_VERSION);
	if (r && r->place)
		json_put_bool(p->a, at, r->place, true);
	json_put(p->a, m, "at", at);
	if (p->who) {
		json_put_bool(p->a, m, "in", true);
		json_put_str(p->a, m, "csrf", p->who->csrf);
		json_put_str(p->a, m, "name", p->who->name);
	}
	buf_done(&here);
}

static bool is_post(const struct page *p)
{
	return slice_eq(p->rq->method, SLICE("POST"));
}

/* A form of ours, sent from a page of ours, in this session? */
static bool form_ok(const struct page *p)
{
	if (!form_origin_ok(http_header(p->rq, "Origin"), http_header(p->rq, "Host")))
		return false;
	return !p->who || session_csrf(p->who, form_field(p->a, p->rq->body, "csrf"));
}

static enum http_turn to_login(struct page *p)
{
	struct buf to;

	if (slice_eq(p->rq->path, SLICE("/events")))
		return page_fault(p, MHD_HTTP_UNAUTHORIZED, "fault.login");
	buf_init(&to, HTTP_MAX_URI * 4);
	buf_str(&to, "/login");
	if (!is_post(p) && !slice_eq(p->rq->path, SLICE("/"))) {
		buf_str(&to, "?to=");
		html_query(&to, p->rq->path);
		if (p->rq->query.n) {
			buf_str(&to, "%3F");
			html_query(&to, p->rq->query);
		}
	}
	page_redirect(p, buf_slice(&to));
	buf_done(&to);
	return HTTP_DONE;
}

static enum http_turn answer_route(struct page *p, const struct route *r)
{
	if (!p->who && !(r->flags & OPEN))
		return to_login(p);
	if (is_post(p) && !form_ok(p))
		return page_fault(p, MHD_HTTP_FORBIDDEN, "fault.form");
	if (!(r->flags & (OPEN | BARE)) && !p->ledger)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	return r->fn(p);
}

static enum http_turn answer_page(struct page *p)
{
	struct slice cookies = http_header(p->rq, "Cookie");
	const struct route *r;
	bool known;

	p->who = session_find(&p->desk->sessions, form_cookie(cookies, p->desk->cookie),
	                      clock_mono_us());
	p->lang = pick_lang(p);
	r = find(p->rq, &p->number, &known);
	p->template = r ? r->template : NULL;
	common(p, r);
	if (!form_host_ok(http_header(p->rq, "Host")))
		return page_fault(p, MHD_HTTP_MISDIRECTED_REQUEST, "fault.host");
	if (!r)
		return page_fault(p, known ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND,
		                  known ? "fault.method" : "fault.missing");
	return answer_route(p, r);
}

/* Show the model in the page's template, unless the reply is made already. */
static void show(struct page *p)
{
	if (p->rp->mime || p->rp->stream || p->rp->location.n || !p->template)
		return;
	p->rp->mime = "text/html; charset=utf-8";
	tmpl_render(&p->rp->body, "frame", p->template, p->m, p->lang);
}

enum http_turn desk_answer(void *ctx, struct http_request *rq, struct http_reply *rp)
{
	struct desk *d = ctx;
	struct arena mem;
	struct page p = {.desk = d,
	                 .ledger = desk_ledger(d),
	                 .rq = rq,
	                 .rp = rp,
	                 .a = &mem,
	                 .now = clock_now_us()};
	enum http_turn turn;

	arena_init(&mem, PAGE_MEM);
	p.m = json_obj(&mem);
	turn = answer_page(&p);
	if (turn == HTTP_DONE)
		show(&p);
	/* What the headers say must outlive the page. */
	rp->location = arena_copy(&rq->mem, rp->location);
	rp->filename = arena_copy(&rq->mem, rp->filename);
	for (int i = 0; i < rp->cookies; i++)
		rp->cookie[i] = arena_copy(&rq->mem, rp->cookie[i]);
	if (turn == HTTP_DONE && mem.broken) {
		buf_reset(&rp->body);
		rp->body.broken = true;
	}
	arena_done(&mem);
	return turn;
}
