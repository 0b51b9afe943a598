#include "scope/fault.h"

#include <stdio.h>

#define NAME(id, name) name,
static const char *const names[SCOPE_CODE_COUNT] = {SCOPE_CODES(NAME)};
#undef NAME

const char *fault_name(enum scope_code code)
{
	return names[code];
}

/* Cut at a whole character; what is no UTF-8 becomes "?". */
static void put(char out[FAULT_ARG_BYTES], const char *s)
{
	struct slice rest = slice_str(s);
	size_t n = 0;
	uint32_t cp;

	while (rest.n) {
		size_t len = slice_utf8(rest, &cp);

		if (n + (len ? len : 1) >= FAULT_ARG_BYTES)
			break;
		if (len)
			memcpy(out + n, rest.at, len);
		else
			out[n] = '?';
		n += len ? len : 1;
		rest = slice_sub(rest, len ? len : 1, rest.n);
	}
	out[n] = '\0';
}

int fault_set(struct fault *f, int r, enum scope_code code, const char *a, const char *b,
              const char *c, const char *d)
{
	const char *arg[FAULT_ARGS] = {a, b, c, d};

	f->code = code;
	for (size_t i = 0; i < FAULT_ARGS; i++)
		put(f->arg[i], arg[i] ? arg[i] : "");
	return r;
}
