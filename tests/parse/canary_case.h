/* canary_case: the forms of the cases in canary_cases.h. */
#ifndef HINOBAN_TESTS_CANARY_CASE_H
#define HINOBAN_TESTS_CANARY_CASE_H

#include "check.h"

#define PARTS_MAX 16
#define PART(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

struct part {
	const char *at;
	size_t n;
};

struct found {
	const char *name;
	const char *chain; /* NULL: any */
	size_t n;
	struct part part[PARTS_MAX];
};

#include "canary_cases.h"

#define FOUND (sizeof(found) / sizeof(found[0]))

#endif
