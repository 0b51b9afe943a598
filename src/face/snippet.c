/*
 * hinoban contain --snippet: what the web server's settings include once. While the flag file
 * is there, the payment pages are answered with a notice; so stopping payment needs neither a
 * reload nor a program to be run.
 */
#include "face/contain.h"
#include <string.h>

#define RETRY_S      3600
#define NOTICE_BYTES 8192

static const char notice_ja[] =
    "ただいまお支払いの受付を一時停止しております。ご迷惑をおかけして申し訳ございません。"
    "しばらくしてから、もう一度お試しください。";
static const char notice_en[] =
    "Payment is paused for the moment. We apologise for the inconvenience. "
    "Please try again later; your card has not been charged.";

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

static void notice(struct buf *out)
{
	buf_str(out, "<!DOCTYPE html><html lang=ja><meta charset=utf-8>"
	             "<meta name=viewport content=width=device-width><title>503</title>"
	             "<body style=font-family:sans-serif;margin:3em><p>");
	add_html(out, notice_ja);
	buf_str(out, "<p lang=en>");
	add_html(out, notice_en);
	buf_str(out, "</body></html>");
}

static const char *flag_of(struct face *f)
{
	return face_cstr(
	    f, arena_printf(&f->mem, "%s/" CONTAIN_FLAGS "/" CONTAIN_STOP_PAYMENT, f->state));
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

static void put_nginx(struct face *f, struct buf *html)
{
	SAY(T_SNIPPET_NGINX, "server { ... }", f->config);
	printf("set $hinoban_page \"$uri?$args\";\nset $hinoban_stop \"\";\n");
	for (size_t i = 0; i < f->conf.page_count; i++) {
		printf("if ($hinoban_page ~* \"");
		put_quoted(f->conf.pages[i]);
		printf("\") { set $hinoban_stop \"page\"; }\n");
	}
	printf("if (-f \"%s\") { set $hinoban_stop \"${hinoban_stop}+flag\"; }\n", flag_of(f));
	printf(
	    "if ($hinoban_stop = \"page+flag\") { rewrite ^ /hinoban-payment-stopped last; }\n"
	    "location = /hinoban-payment-stopped {\n"
	    "    default_type text/html;\n"
	    "    add_header Retry-After %d always;\n"
	    "    add_header Cache-Control no-store always;\n"
	    "    return 503 '%s';\n}\n",
	    RETRY_S, buf_cstr(html));
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

static void put_apache(struct face *f, struct buf *html)
{
	SAY(T_SNIPPET_APACHE, "<VirtualHost>", f->config);
	for (size_t i = 0; i < f->conf.page_count; i++) {
		printf("<If \"-f '%s' && '%%{REQUEST_URI}?%%{QUERY_STRING}' =~ m#", flag_of(f));
		put_marked(f->conf.pages[i]);
		printf("#i\">\n    Redirect 503 /\n    ErrorDocument 503 \"%s\"\n"
		       "    <IfModule headers_module>\n"
		       "        Header always set Retry-After %d\n"
		       "        Header always set Cache-Control no-store\n"
		       "    </IfModule>\n</If>\n",
		       buf_cstr(html), RETRY_S);
	}
}

int snippet_put(struct face *f, const char *server)
{
	struct buf html = {.max = NOTICE_BYTES};
	int code = face_conf(f);

	if (!code)
		code = face_state(f);
	if (!code && !f->conf.page_count) {
		COMPLAIN(T_SNIPPET_NO_PAGES, face_cstr(f, f->conf.profile));
		code = EXIT_USE;
	}
	if (code)
		return code;
	notice(&html);
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
