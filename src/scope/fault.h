/*
 * fault: what went wrong, as a code of scope.h with its arguments, so that it can be told in
 * the reader's language. A database's own words are kept only where they can't quote a row.
 */
#ifndef HINOBAN_SCOPE_FAULT_H
#define HINOBAN_SCOPE_FAULT_H

#include "base/base.h"
#include "scope/scope.h"

#define FAULT_ARGS      4
#define FAULT_ARG_BYTES 512

struct fault {
	enum scope_code code;
	char arg[FAULT_ARGS][FAULT_ARG_BYTES]; /* UTF-8 */
};

const char *fault_name(enum scope_code code);
/* Fill it in (missing arguments: NULL) and return `r`, a negative errno. */
int fault_set(struct fault *f, int r, enum scope_code code, const char *a, const char *b,
              const char *c, const char *d);

#endif
