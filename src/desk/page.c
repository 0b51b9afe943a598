/* page: what several pages need, and the small ones: login, language, assets, events. */
#include "desk/page.h"
#include "desk/assets.h"
#include "desk/tmpl.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TOKEN_MAX_BYTES 256
#define LANG_AGE_S      (365 * 86400LL)

enum http_turn page_fault(struct page *p, unsigned status, const char *key)
{
	p->rp->status = status;
	p->template = "fault";
	json_put_str(p->a, p->m, "fault", key);
	json_put_int(p->a, p->m, "status", status);
	return HTTP_DONE;
}

enum http_turn page_redirect(struct page *p, struct slice to)
{
	p->rp->status = MHD_HTTP_SEE_OTHER;
	p->rp->location = arena_copy(p->a, to);
	return HTTP_DONE;
}

void page_download(struct page *p, const char *mime, struct slice filename)
{
	p->rp->mime = mime;
	p->rp->filename = arena_copy(p->a, filename);
}

struct slice page_query(const struct page *p, const char *name)
{
	return form_field(p->a, p->rq->query, name);
}

bool page_time(struct slice s, bool end, int64_t *us)
{
	return clock_parse_local(s, end, us) || clock_parse(s, us);
}

bool page_query_span(const struct page *p, const char *from, const char *to, int64_t *since_us,
                     int64_t *until_us)
{
	struct slice a = page_query(p, from), b = page_query(p, to);

	*since_us = *until_us = 0;
	return (!a.n || page_time(a, false, since_us)) &&
	       (!b.n || page_time(b, true, until_us));
}

struct json *page_read(struct page *p, int64_t seq)
{
	struct json *fact = NULL;
	struct buf text;

	buf_init(&text, FACT_MAX_BYTES);
	if (ledger_get(p->ledger, seq, &text) == 0)
		fact = json_parse(p->a, arena_copy(p->a, buf_slice(&text)), NULL);
	buf_done(&text);
	return fact;
}

struct slice page_file_url(struct page *p, struct slice root, struct slice path)
{
	struct slice url;
	struct buf b;

	buf_init(&b, 4 * FACT_MAX_BYTES);
	buf_str(&b, "/file?root=");
	html_query(&b, root);
	buf_str(&b, "&path=");
	html_query(&b, path);
	url = arena_copy(p->a, buf_slice(&b));
	buf_done(&b);
	return url;
}

/* A session's cookie is seen by no script and sent by no other site; max_age < 0: with the
 * browser. */
void page_set_cookie(struct page *p, const char *name, const char *value, int64_t max_age_s)
{
	struct slice age = max_age_s < 0
	                       ? SLICE("")
	                       : arena_printf(p->a, "; Max-Age=%lld", (long long)max_age_s);

	if (p->rp->cookies < HTTP_MAX_COOKIES)
		p->rp->cookie[p->rp->cookies++] =
		    arena_printf(p->a, "%s=%s; Path=/; HttpOnly; SameSite=Strict%.*s", name,
		                 value, SLICE_ARG(age));
}

/* The keeper's token, read anew each time: it need not stay in memory. */
static struct slice read_token(struct page *p)
{
	char path[4096], text[TOKEN_MAX_BYTES];
	ssize_t n;
	AUTO_FD fd = -1;

	if ((size_t)snprintf(path, sizeof(path), "%s/run/token", p->desk->state_dir) >=
	    sizeof(path))
		return SLICE("");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (n <= 0)
		return SLICE("");
	return slice_trim(arena_copy(p->a, slice_mem(text, (size_t)n)));
}

/* Where a login leads: where one wanted to go, if that is here. */
static struct slice goal(struct slice wanted)
{
	return form_local(wanted) && !slice_starts(wanted, SLICE("/login")) ? wanted
	                                                                    : SLICE("/");
}

enum http_turn page_login(struct page *p)
{
	struct slice to = goal(page_query(p, "to"));

	if (p->who)
		return page_redirect(p, to);
	json_put_slice(p->a, p->m, "to", to);
	return HTTP_DONE;
}

enum http_turn page_login_try(struct page *p)
{
	struct slice body = p->rq->body, to = goal(form_field(p->a, body, "to"));
	struct sessions *s = &p->desk->sessions;
	struct session *who;

	json_put_slice(p->a, p->m, "to", to);
	if (!session_may_try(s, clock_mono_us())) {
		p->rp->status = MHD_HTTP_TOO_MANY_REQUESTS;
		json_put_bool(p->a, p->m, "often", true);
		return HTTP_DONE;
	}
	if (!session_token(s, slice_trim(form_field(p->a, body, "token")), read_token(p))) {
		p->rp->status = MHD_HTTP_FORBIDDEN;
		json_put_bool(p->a, p->m, "wrong", true);
		return HTTP_DONE;
	}
	who = session_open(s, clock_mono_us());
	if (!who)
		return page_fault(p, MHD_HTTP_INTERNAL_SERVER_ERROR, "fault.ours");
	session_sign(who, form_field(p->a, body, "name"));
	page_set_cookie(p, p->desk->cookie, who->id, -1);
	return page_redirect(p, to);
}

enum http_turn page_logout(struct page *p)
{
	session_end(p->who);
	page_set_cookie(p, p->desk->cookie, "", 0);
	return page_redirect(p, SLICE("/login"));
}

enum http_turn page_lang(struct page *p)
{
	struct slice back = page_query(p, "back");
	enum lang l;

	if (!lang_of(slice_sub(p->rq->path, sizeof("/lang/") - 1, p->rq->path.n), &l))
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	page_set_cookie(p, "hinoban-lang", lang_name(l), LANG_AGE_S);
	return page_redirect(p, form_local(back) ? back : SLICE("/"));
}

enum http_turn page_asset(struct page *p)
{
	struct slice name = slice_sub(p->rq->path, sizeof("/assets/") - 1, p->rq->path.n);
	const struct asset *a = assets_find(name);

	if (!a)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	p->rp->mime = a->mime;
	p->rp->etag = a->etag;
	if (slice_eq(http_header(p->rq, "If-None-Match"), slice_str(a->etag)))
		p->rp->status = MHD_HTTP_NOT_MODIFIED;
	else
		buf_add(&p->rp->body, slice_mem(a->at, a->n));
	return HTTP_DONE;
}

enum http_turn page_events(struct page *p)
{
	p->rp->stream = live_stream(p->desk->live, p->rq->conn);
	if (!p->rp->stream)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.busy");
	p->rp->mime = "text/event-stream";
	return HTTP_DONE;
}
