/* Settings of web servers and of PHP that change which files are run. */
#include "parse/scan.h"

#include "parse/chars.h"
#include "parse/literal.h"
#include <string.h>

#define MAX_WORDS      8
#define MAX_LINE_BYTES 8192 /* as Apache reads them */

struct directive {
	struct slice word[MAX_WORDS];
	size_t n;
	bool no_cgi; /* the same file says Options -ExecCGI: then cgi-script means "never" */
};

static bool is(struct slice s, const char *name)
{
	return slice_caseeq(s, slice_str(name));
}

static struct slice unquoted(struct slice s)
{
	if (s.n >= 2 && (s.at[0] == '"' || s.at[0] == '\'') && s.at[s.n - 1] == s.at[0])
		return slice_sub(s, 1, s.n - 1);
	return s;
}

static struct directive split(struct slice line)
{
	struct directive d = {0};
	size_t i = 0;

	while (i < line.n && d.n < MAX_WORDS) {
		while (i < line.n && chars_space(line.at[i]))
			i++;
		size_t from = i;
		while (i < line.n && !chars_space(line.at[i]))
			i++;
		if (i > from)
			d.word[d.n++] = unquoted(slice_sub(line, from, i));
	}
	return d;
}

static bool names_php(const struct directive *d)
{
	bool runs = false;

	for (size_t i = 1; i < d->n; i++) {
		if (is(d->word[i], "cgi-script") && d->no_cgi)
			return false; /* "AddHandler cgi-script .php" here forbids */
		runs |= slice_casefind(d->word[i], SLICE("php")) != SIZE_MAX ||
		        is(d->word[i], "cgi-script") || is(d->word[i], "server-parsed") ||
		        is(d->word[i], "includes");
	}
	return runs;
}

static bool is_off(struct slice value)
{
	return is(value, "off") || is(value, "0") || is(value, "none") || is(value, "false");
}

static void setting(struct look *l, struct slice name, struct slice value)
{
	if (is(name, "engine") && is_off(value))
		return; /* PHP is forbidden here */

	if (is(name, "auto_prepend_file") || is(name, "auto_append_file")) {
		if (value.n && !is_off(value))
			look_add(l, F_PREPEND_FILE, 1);
		return;
	}
	look_add(l, F_PHP_SETTING, 1);
	if (is(name, "display_errors") || is(name, "log_errors"))
		look_add(l, F_ERROR_HIDE, 1);
	if (is(name, "allow_url_include") && !is_off(value))
		look_add(l, F_INCLUDE_REMOTE, 1);
}

static void handler(struct look *l, const struct directive *d)
{
	if (names_php(d))
		look_add(l, F_HANDLER_PHP, 1);
}

static void php_value(struct look *l, const struct directive *d)
{
	if (d->n >= 2)
		setting(l, d->word[1], d->n > 2 ? d->word[2] : (struct slice){0});
}

static void rewrite(struct look *l, const struct directive *d)
{
	for (size_t i = 1; i < d->n; i++) {
		size_t at = slice_find(d->word[i], SLICE("://"));
		/* Not to the same host: https://%{HTTP_HOST}/ */
		if (at != SIZE_MAX &&
		    look_host(l, slice_sub(d->word[i], at + 3, d->word[i].n))) {
			look_add(l, F_REWRITE_EXTERNAL, 1);
			return;
		}
	}
}

static void condition(struct look *l, const struct directive *d)
{
	if (d->n > 1 && (slice_find(d->word[1], SLICE("HTTP_USER_AGENT")) != SIZE_MAX ||
	                 slice_find(d->word[1], SLICE("HTTP_REFERER")) != SIZE_MAX ||
	                 slice_find(d->word[1], SLICE("HTTP_COOKIE")) != SIZE_MAX))
		look_add(l, F_VISITOR_TEST, 1);
}

static void access_line(struct look *l, const struct directive *d)
{
	if ((d->n > 2 && is(d->word[0], "require") && is(d->word[1], "all") &&
	     is(d->word[2], "granted")) ||
	    (d->n > 2 && is(d->word[0], "allow") && is(d->word[2], "all")) ||
	    (d->n > 1 && is(d->word[0], "satisfy") && is(d->word[1], "any")))
		look_add(l, F_ACCESS_OPEN, 1);
}

static const struct {
	const char *name;
	void (*serve)(struct look *l, const struct directive *d);
} directives[] = {
    {"addhandler", handler},       {"sethandler", handler},
    {"addtype", handler},          {"forcetype", handler},
    {"addoutputfilter", handler},  {"setoutputfilter", handler},
    {"action", handler},           {"php_value", php_value},
    {"php_flag", php_value},       {"php_admin_value", php_value},
    {"php_admin_flag", php_value}, {"rewriterule", rewrite},
    {"redirect", rewrite},         {"redirectmatch", rewrite},
    {"rewritecond", condition},    {"require", access_line},
    {"allow", access_line},        {"satisfy", access_line},
    {"errordocument", rewrite},
};

/* ---- what only forbids ---- */

static bool all_begin(const struct directive *d, char with)
{
	bool all = d->n > 1 && d->n < MAX_WORDS; /* what is behind the last word is not known */

	for (size_t i = 1; i < d->n; i++)
		all = all && d->word[i].n && d->word[i].at[0] == with;
	return all;
}

static bool nothing_more(const struct directive *d)
{
	return is(d->word[0], "options") && d->n == 2 && is(d->word[1], "none");
}

static bool harmless_type(const struct directive *d)
{
	return d->n > 1 &&
	       (is(d->word[1], "text/plain") || is(d->word[1], "application/octet-stream"));
}

/*
 * Does this line of .htaccess take away, and give nothing? The list is closed: what it does not
 * know may do anything. Sections only narrow what stands in them.
 */
static bool forbids(const struct directive *d)
{
	static const char *const always[] = {
	    "order",       "deny",     "removehandler", "removetype",    "indexignore",
	    "<files",      "</files>", "<filesmatch",   "</filesmatch>", "<ifmodule",
	    "</ifmodule>", "<limit",   "</limit>",      "<limitexcept",  "</limitexcept>"};
	struct slice name = d->word[0];

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		if (is(name, always[i]))
			return true;
	}
	if (is(name, "options"))
		return all_begin(d, '-') || nothing_more(d);
	if (is(name, "require"))
		return d->n == 3 && is(d->word[1], "all") && is(d->word[2], "denied");
	if (is(name, "rewriteengine"))
		return d->n == 2 && is(d->word[1], "off");
	if (is(name, "php_flag"))
		return d->n == 3 && is(d->word[1], "engine") && is_off(d->word[2]);
	if (is(name, "sethandler"))
		return d->n == 2 &&
		       (is(d->word[1], "none") || is(d->word[1], "default-handler"));
	if (is(name, "addhandler"))
		return d->n > 1 && is(d->word[1], "cgi-script") && d->no_cgi;
	return (is(name, "addtype") || is(name, "forcetype")) && harmless_type(d);
}

static bool forbids_cgi(struct slice text)
{
	struct cursor c = cursor_over(text);
	struct slice line;
	bool forbids = false;

	while (cursor_line(&c, &line)) {
		struct directive d = split(slice_trim(line));

		if (d.n == 0 || !is(d.word[0], "options"))
			continue;
		for (size_t i = 1; i < d.n; i++) {
			if (is(d.word[i], "-ExecCGI"))
				forbids = true;
			else if (is(d.word[i], "+ExecCGI") || is(d.word[i], "ExecCGI"))
				return false;
		}
	}
	return forbids;
}

/* A backslash at the end goes on with the next line, inside a word too. */
static struct slice whole_line(struct look *l, struct cursor *c, struct slice line)
{
	uint8_t *to = NULL;
	size_t n = 0;

	while (line.n && line.at[line.n - 1] == '\\' &&
	       (to || (to = look_text(l, MAX_LINE_BYTES))) && n + line.n < MAX_LINE_BYTES) {
		memcpy(to + n, line.at, line.n - 1);
		n += line.n - 1;
		if (!cursor_line(c, &line))
			line = (struct slice){0};
	}
	if (!to)
		return line;
	line = slice_sub(line, 0, MAX_LINE_BYTES - n);
	if (line.n)
		memcpy(to + n, line.at, line.n);
	return slice_mem(to, n + line.n);
}

bool server_htaccess(struct look *l, struct slice text)
{
	struct cursor c = cursor_over(text);
	bool no_cgi = forbids_cgi(text), guards = true;
	struct slice line;

	while (cursor_line(&c, &line)) {
		line = slice_trim(whole_line(l, &c, line));
		if (line.n == 0 || line.at[0] == '#')
			continue;
		struct directive d = split(line);

		d.no_cgi = no_cgi;
		for (size_t i = 0; d.n && i < sizeof(directives) / sizeof(directives[0]); i++)
			if (is(d.word[0], directives[i].name))
				directives[i].serve(l, &d);
		guards = guards && (d.n == 0 || forbids(&d));
	}
	return guards;
}

static void ini_line(struct look *l, struct slice line)
{
	size_t eq;

	line = slice_trim(line);
	/* Behind a section's name its line goes on. */
	if (line.n && line.at[0] == '[' && (eq = slice_chr(line, ']')) != SIZE_MAX)
		line = slice_trim(slice_sub(line, eq + 1, line.n));
	if (line.n == 0 || line.at[0] == ';' || line.at[0] == '#' || line.at[0] == '[')
		return;
	eq = slice_chr(line, '=');
	if (eq != SIZE_MAX)
		setting(l, slice_trim(slice_sub(line, 0, eq)),
		        unquoted(slice_trim(slice_sub(line, eq + 1, line.n))));
}

void server_ini(struct look *l, struct slice text)
{
	struct cursor c = cursor_over(text);
	struct slice line;

	/* To PHP a carriage return alone ends a line, too, and so a comment. */
	while (cursor_line(&c, &line)) {
		for (size_t end; (end = slice_chr(line, '\r')) != SIZE_MAX;) {
			ini_line(l, slice_sub(line, 0, end));
			line = slice_sub(line, end + 1, line.n);
		}
		ini_line(l, line);
	}
}
