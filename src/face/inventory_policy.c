/*
 * hinoban page policy: a Content-Security-Policy-Report-Only from what the newest visits saw.
 * Report-only, never enforcing: a policy that breaks a checkout costs more than it saves.
 *
 * Two policies, each a header of its own. The first says what was seen, and violations of it
 * go to `report-uri`. The second allows all and asks for the hash of each script that is loaded
 * ('report-sha256'); those go by the Reporting API alone, which sends nothing from a page that
 * came over plain http. In one policy they would not do: where `report-to` stands, Chromium
 * passes `report-uri` over, and a shop on http, or behind a proxy that ends TLS, heard nothing.
 * An endpoint per page view ($request_id) says which view, and so which order, it was.
 */
#include "base/url.h"
#include "face/inventory.h"
#include <stdio.h>
#include <string.h>

#define HOSTS_MAX    128
#define REPORT_PATH  "/.hinoban/r"
#define DEFAULT_PORT "127.0.0.1:8611"

#define HASHES "script-src * data: blob: 'unsafe-inline' 'unsafe-eval' 'report-sha256'"

enum part { SCRIPT, CONNECT, FRAME, FORM, WORKER, PARTS };
static const char *const directives[PARTS] = {"script-src", "connect-src", "frame-src",
                                              "form-action", "worker-src"};

struct policy {
	struct face *f;
	const char *page; /* only this one, or NULL */
	const char *host[PARTS][HOSTS_MAX];
	size_t n[PARTS];
	bool inline_code, eval, blob;
};

static bool third(const struct json *o)
{
	return slice_eq(json_text(o, "party"), SLICE("third"));
}

static void add(struct policy *p, enum part part, struct slice url)
{
	struct slice host = url_host(url);
	size_t scheme = url_scheme(url);
	struct slice origin = slice_sub(url, 0, scheme + host.n);

	if (slice_starts(url, SLICE("blob:")) && part == WORKER)
		p->blob = true;
	if (host.n == 0 || slice_chr(host, '@') != SIZE_MAX || p->n[part] == HOSTS_MAX)
		return;
	for (size_t i = 0; i < p->n[part]; i++) {
		if (slice_eq(origin, slice_str(p->host[part][i])))
			return;
	}
	p->host[part][p->n[part]++] = face_cstr(p->f, origin);
}

static void scripts(struct policy *p, const struct json *list)
{
	for (const struct json *s = list ? list->first : NULL; s; s = s->next) {
		struct slice place = json_text(s, "inline");

		if (third(s))
			add(p, SCRIPT, json_text(s, "url"));
		p->eval = p->eval || slice_starts(place, SLICE("eval"));
		p->inline_code =
		    p->inline_code || (place.n && !slice_starts(place, SLICE("eval")));
	}
}

static bool connects(struct slice type)
{
	static const char *const types[] = {"xhr",       "fetch",       "beacon",
	                                    "websocket", "eventsource", "ping"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (slice_eq(type, slice_str(types[i])))
			return true;
	}
	return false;
}

static void others(struct policy *p, const struct json *record)
{
	static const struct {
		const char *list, *url;
		enum part part;
	} lists[] = {
	    {"frames", "url", FRAME}, {"forms", "action", FORM}, {"workers", "url", WORKER}};
	const struct json *requests = json_get(record, "requests");

	for (const struct json *r = requests ? requests->first : NULL; r; r = r->next) {
		if (third(r) && connects(json_text(r, "type")))
			add(p, CONNECT, json_text(r, "url"));
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct json *list = json_get(record, lists[i].list);

		for (const struct json *o = list ? list->first : NULL; o; o = o->next) {
			if (third(o) || lists[i].part == WORKER)
				add(p, lists[i].part, json_text(o, lists[i].url));
		}
	}
}

static int take(void *ctx, const struct ledger_visits *of, const struct json *record)
{
	struct policy *p = ctx;

	if (p->page && !slice_eq(of->page, slice_str(p->page)))
		return 0;
	scripts(p, json_get(record, "scripts"));
	others(p, record);
	return 0;
}

static void write_policy(const struct policy *p, struct buf *out)
{
	for (size_t i = 0; i < PARTS; i++) {
		buf_printf(out, "%s 'self'", directives[i]);
		for (size_t k = 0; k < p->n[i]; k++)
			buf_printf(out, " %s", p->host[i][k]);
		if (i == SCRIPT)
			buf_printf(out, "%s%s", p->inline_code ? " 'unsafe-inline'" : "",
			           p->eval ? " 'unsafe-eval'" : "");
		if (i == WORKER && p->blob)
			buf_str(out, " blob:");
		buf_str(out, "; ");
	}
	buf_str(out, "object-src 'none'; base-uri 'self'");
}

static void put_nginx(const char *policy, const char *to)
{
	printf("# hinoban: browsers tell what they load. Include this in the server { } of the "
	       "pages; a\n"
	       "# location { } with add_header lines of its own inherits none: repeat these "
	       "three there.\n"
	       "# Put \"$request_id\" into the log_format, so that a report can be tied to a "
	       "line of the\n"
	       "# access log.\n"
	       "add_header Reporting-Endpoints 'hinoban=\"" REPORT_PATH
	       "?i=$request_id\"' always;\n"
	       "add_header Content-Security-Policy-Report-Only \"%s; report-uri " REPORT_PATH
	       "?i=$request_id\" always;\n"
	       "add_header Content-Security-Policy-Report-Only \"" HASHES
	       "; report-to hinoban\" always;\n"
	       "location = " REPORT_PATH " {\n"
	       "    access_log off;\n"
	       "    client_max_body_size 64k;\n"
	       "    client_body_timeout 5s;\n"
	       "    proxy_pass http://%s;\n"
	       "    proxy_http_version 1.1;\n"
	       "    proxy_set_header Cookie \"\";\n"
	       "    proxy_set_header X-Forwarded-For $remote_addr;\n"
	       "    proxy_connect_timeout 1s;\n"
	       "    proxy_read_timeout 5s;\n"
	       "    proxy_intercept_errors on;\n"
	       "    error_page 502 503 504 =204 @hinoban_away;\n"
	       "}\n"
	       "location @hinoban_away { return 204; }\n",
	       policy, to);
}

static void put_apache(const char *policy, const char *to)
{
	printf("# hinoban: browsers tell what they load. Needs mod_headers, mod_unique_id, "
	       "mod_proxy and\n"
	       "# mod_proxy_http; put \"%%{UNIQUE_ID}e\" into the LogFormat, so that a report "
	       "can be tied\n"
	       "# to a line of the access log.\n"
	       "Header always set Reporting-Endpoints \"hinoban=\\\"" REPORT_PATH
	       "?i=%%{UNIQUE_ID}e\\\"\"\n"
	       "Header always set Content-Security-Policy-Report-Only \"%s; "
	       "report-uri " REPORT_PATH "?i=%%{UNIQUE_ID}e\"\n"
	       "Header always add Content-Security-Policy-Report-Only \"" HASHES
	       "; report-to hinoban\"\n"
	       "<Location \"" REPORT_PATH "\">\n"
	       "    LimitRequestBody 65536\n"
	       "    RequestHeader unset Cookie\n"
	       "    ProxyPass \"http://%s" REPORT_PATH "\" connectiontimeout=1 timeout=5\n"
	       "</Location>\n",
	       policy, to);
}

static int put(struct face *f, struct policy *p)
{
	const char *server = args_text(&f->args, OPT_SNIPPET);
	const char *to = f->has_conf && f->conf.visitors_listen.n
	                     ? face_cstr(f, f->conf.visitors_listen)
	                     : DEFAULT_PORT;
	struct buf b = {.max = 64u * 1024};

	write_policy(p, &b);
	if (!server)
		printf("%s\n" HASHES "\n", buf_cstr(&b));
	else if (strcmp(server, "apache") == 0)
		put_apache(buf_cstr(&b), to);
	else
		put_nginx(buf_cstr(&b), to);
	buf_done(&b);
	return EXIT_GOOD;
}

int inventory_policy(struct face *f)
{
	static struct policy p;
	const char *server = args_text(&f->args, OPT_SNIPPET);
	int code;

	p = (struct policy){.f = f, .page = args_text(&f->args, OPT_PAGE)};
	if (server && strcmp(server, "nginx") != 0 && strcmp(server, "apache") != 0) {
		COMPLAIN(T_SNIPPET_UNKNOWN, server);
		return EXIT_USE;
	}
	code = face_ledger(f);
	if (code)
		return code;
	code = inventory_records(f->ledger, &f->mem, take, &p);
	if (code < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(code));
		return EXIT_OURS;
	}
	return put(f, &p);
}
