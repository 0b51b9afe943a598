#include "face/webserver.h"
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define CONF_MAX_READ (256u * 1024)
#define MAX_FILES     256

static const char *const conf_globs[] = {
    "/etc/nginx/nginx.conf",        "/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*",
    "/etc/apache2/sites-enabled/*", "/etc/httpd/conf/*.conf",   "/etc/httpd/conf.d/*.conf"};

static const char *const log_globs[] = {
    "/var/log/nginx/*access.log", "/var/log/nginx/*access_log", "/var/log/apache2/*access.log",
    "/var/log/httpd/*access_log"};

static void add(struct arena *a, struct slice *list, size_t *n, struct slice s)
{
	for (size_t i = 0; i < *n; i++)
		if (slice_eq(list[i], s))
			return;
	if (*n < WEBSERVER_MAX && s.n && s.at[0] == '/')
		list[(*n)++] = arena_copy(a, s);
}

/* The first value of "word value ...;", quotes taken off; empty if the line is another. */
static struct slice value_of(struct slice line, const char *word)
{
	size_t n = strlen(word), end = 0;
	struct slice v;

	if (!slice_starts(line, slice_str(word)) || line.n <= n ||
	    (line.at[n] != ' ' && line.at[n] != '\t'))
		return slice_mem(NULL, 0);
	v = slice_trim(slice_sub(line, n, line.n));
	if (v.n && (v.at[0] == '"' || v.at[0] == '\''))
		v = slice_sub(v, 1, v.n);
	while (end < v.n && !memchr(" \t;\"'", v.at[end], 5))
		end++;
	return slice_sub(v, 0, end);
}

static bool is_file(struct arena *a, struct slice path)
{
	const char *c = arena_cstr(a, path);

	return c && access(c, F_OK) == 0;
}

static void look_line(struct arena *a, struct slice line, struct webserver *out)
{
	static const char *const roots[] = {"root", "DocumentRoot"};
	static const char *const logs[] = {"access_log", "CustomLog"};

	for (size_t i = 0; i < 2; i++) {
		struct slice root = value_of(line, roots[i]), log = value_of(line, logs[i]);

		add(a, out->docroot, &out->docroots, root);
		if (log.n && is_file(a, log))
			add(a, out->log, &out->logs, log);
	}
}

static void look_file(struct arena *a, const char *path, struct webserver *out)
{
	AUTO_FREE char *text = malloc(CONF_MAX_READ);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd >= 0 && text ? read(fd, text, CONF_MAX_READ) : -1;
	struct cursor c;
	struct slice line;

	if (n <= 0)
		return;
	c = cursor_over(slice_mem(text, (size_t)n));
	while (cursor_line(&c, &line))
		look_line(a, slice_trim(line), out);
}

void webserver_look(struct arena *a, struct webserver *out)
{
	glob_t g;

	*out = (struct webserver){0};
	for (size_t i = 0; i < sizeof(conf_globs) / sizeof(conf_globs[0]); i++) {
		if (glob(conf_globs[i], 0, NULL, &g) != 0)
			continue;
		for (size_t k = 0; k < g.gl_pathc && k < MAX_FILES; k++)
			look_file(a, g.gl_pathv[k], out);
		globfree(&g);
	}
	for (size_t i = 0; i < sizeof(log_globs) / sizeof(log_globs[0]); i++) {
		if (glob(log_globs[i], 0, NULL, &g) != 0)
			continue;
		for (size_t k = 0; k < g.gl_pathc; k++)
			add(a, out->log, &out->logs, slice_str(g.gl_pathv[k]));
		globfree(&g);
	}
}
