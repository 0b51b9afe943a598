/*
 * hinoban contain --snippet: what the web server's settings include once. While a flag file is
 * there, the payment pages are answered with a notice (stop-payment), or all pages (stop-shop,
 * where the shop's program has no flag of its own); so neither needs a reload or a program to
 * be run.
 */
#include "face/contain.h"
#include <string.h>

#define RETRY_S      3600
#define NOTICE_BYTES 8192
#define PAUSED_AT    "/hinoban-payment-stopped"
#define CLOSED_AT    "/hinoban-shop-stopped"

struct notice {
	const char *ja, *en;
};

static const struct notice paused = {
    "ただいまお支払いの受付を一時停止しております。ご迷惑をおかけして申し訳ございません。"
    "しばらくしてから、もう一度お試しください。",
    "Payment is paused for the moment. We apologise for the inconvenience. "
    "Please try again later; your card has not been charged."};
static const struct notice closed = {
    "ただいまサイトの公開を一時停止しております。ご迷惑をおかけして申し訳ございません。"
    "再開まで、今しばらくお待ちください。",
    "This site is closed for the moment. We apologise for the inconvenience. "
    "Please come back later."};

/* Beyond ASCII as references: readable whatever charset the server announces. */
static void add_html(struct buf *out, const char *utf8)
{
	struct slice s = slice_str(utf8);

	while (s.n) {
		uint32_t cp;
		size_t n = slice_utf8(s, &cp);

		if (n == 0)
			return;
		if (cp < 128)
			buf_byte(out, (uint8_t)cp);
		else
			buf_printf(out, "&#%u;", cp);
		s = slice_sub(s, n, s.n);
	}
}

static void put_notice(struct buf *out, const struct notice *n)
{
	buf_reset(out);
	buf_str(out, "<!DOCTYPE html><html lang=ja><meta charset=utf-8>"
	             "<meta name=viewport content=width=device-width><title>503</title>"
	             "<body style=font-family:sans-serif;margin:3em><p>");
	add_html(out, n->ja);
	buf_str(out, "<p lang=en>");
	add_html(out, n->en);
	buf_str(out, "</body></html>");
}

static const char *flag_of(struct face *f, const char *name)
{
	return face_cstr(f, arena_printf(&f->mem, "%s/" CONTAIN_FLAGS "/%s", f->state, name));
}

/* Both servers quote by ", and take \ as it is before other characters. */
static void put_quoted(struct slice regex)
{
	for (size_t i = 0; i < regex.n; i++) {
		if (regex.at[i] == '"')
			putchar('\\');
		putchar(regex.at[i]);
	}
}

/* The answer, at an address of its own that the rewrites lead to. */
static void put_nginx_answer(const char *at, struct buf *html, const struct notice *n)
{
	put_notice(html, n);
	printf("location = %s {\n"
	       "    default_type text/html;\n"
	       "    add_header Retry-After %d always;\n"
	       "    add_header Cache-Control no-store always;\n"
	       "    return 503 '%s';\n}\n",
	       at, RETRY_S, buf_cstr(html));
}

static void put_nginx_payment(struct face *f, struct buf *html)
{
	printf("set $hinoban_page \"$uri?$args\";\nset $hinoban_stop \"\";\n");
	for (size_t i = 0; i < f->conf.page_count; i++) {
		printf("if ($hinoban_page ~* \"");
		put_quoted(f->conf.pages[i]);
		printf("\") { set $hinoban_stop \"page\"; }\n");
	}
	printf("if (-f \"%s\") { set $hinoban_stop \"${hinoban_stop}+flag\"; }\n"
	       "if ($hinoban_stop = \"page+flag\") { rewrite ^ " PAUSED_AT " last; }\n",
	       flag_of(f, CONTAIN_STOP_PAYMENT));
	put_nginx_answer(PAUSED_AT, html, &paused);
}

/* A shop whose program closes itself needs no web server for that. */
static bool closes_by_server(const struct face *f)
{
	return f->conf.maintenance.n == 0;
}

static void put_nginx(struct face *f, struct buf *html)
{
	SAY(T_SNIPPET_NGINX, "server { ... }", f->config);
	if (closes_by_server(f)) {
		printf("if (-f \"%s\") { rewrite ^ " CLOSED_AT " last; }\n",
		       flag_of(f, CONTAIN_STOP_SHOP));
		put_nginx_answer(CLOSED_AT, html, &closed);
	}
	if (f->conf.page_count)
		put_nginx_payment(f, html);
}

/* Within m#...#, which needs its own mark escaped. */
static void put_marked(struct slice regex)
{
	for (size_t i = 0; i < regex.n; i++) {
		if (regex.at[i] == '#' || regex.at[i] == '"')
			putchar('\\');
		putchar(regex.at[i]);
	}
}

static void put_apache_answer(struct buf *html, const struct notice *n)
{
	put_notice(html, n);
	printf("    Redirect 503 /\n    ErrorDocument 503 \"%s\"\n"
	       "    <IfModule headers_module>\n"
	       "        Header always set Retry-After %d\n"
	       "        Header always set Cache-Control no-store\n"
	       "    </IfModule>\n</If>\n",
	       buf_cstr(html), RETRY_S);
}

static void put_apache(struct face *f, struct buf *html)
{
	SAY(T_SNIPPET_APACHE, "<VirtualHost>", f->config);
	for (size_t i = 0; i < f->conf.page_count; i++) {
		printf("<If \"-f '%s' && '%%{REQUEST_URI}?%%{QUERY_STRING}' =~ m#",
		       flag_of(f, CONTAIN_STOP_PAYMENT));
		put_marked(f->conf.pages[i]);
		printf("#i\">\n");
		put_apache_answer(html, &paused);
	}
	if (!closes_by_server(f))
		return;
	/* Of several that hold, the last one's answer counts. */
	printf("<If \"-f '%s'\">\n", flag_of(f, CONTAIN_STOP_SHOP));
	put_apache_answer(html, &closed);
}

int snippet_put(struct face *f, const char *server)
{
	struct buf html = {.max = NOTICE_BYTES};
	int code = face_conf(f);

	if (!code)
		code = face_state(f);
	if (!code && !f->conf.page_count && !closes_by_server(f)) {
		COMPLAIN(T_SNIPPET_NO_PAGES, face_cstr(f, f->conf.profile));
		code = EXIT_USE;
	}
	if (code)
		return code;
	if (strcmp(server, "nginx") == 0) {
		put_nginx(f, &html);
	} else if (strcmp(server, "apache") == 0) {
		put_apache(f, &html);
	} else {
		COMPLAIN(T_SNIPPET_UNKNOWN, server);
		code = EXIT_USE;
	}
	buf_done(&html);
	return code;
}
