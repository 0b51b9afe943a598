#include "base/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *process_name = "hinoban";

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e) {
		va_start(ap, fmt);
		vsnprintf(e->text, sizeof(e->text), fmt, ap);
		va_end(ap);
	}
	return code;
}

int err_sys(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (e) {
		va_start(ap, fmt);
		vsnprintf(e->text, sizeof(e->text), fmt, ap);
		va_end(ap);
		n = strlen(e->text);
		snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(-code));
	}
	return code;
}

void err_name(const char *name)
{
	process_name = name;
}

__attribute__((format(printf, 1, 0))) static void say(const char *fmt, va_list ap)
{
	char line[2 * ERR_TEXT_BYTES];
	int n = snprintf(line, sizeof(line), "%s: ", process_name);

	vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	/* One write: lines of several processes must not mix. */
	dprintf(STDERR_FILENO, "%s\n", line);
}

void err_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void err_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	/* No handlers of a process that has failed: only what was printed gets out. */
	fflush(NULL);
	_exit(3);
}
