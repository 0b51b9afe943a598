/* Cases of parse_look: content, and exactly what must be said about it. */
#ifndef HINOBAN_TESTS_PARSE_LOOK_H
#define HINOBAN_TESTS_PARSE_LOOK_H

#include "check.h"
#include "parse/parse.h"

struct look_case {
	const char *what, *path, *content;
	const char *features; /* canonical JSON of the member "features" */
	const char *kind;
};

/* Every case by parse_look, told by its name where it differs. */
void look_check(const struct look_case *cases, size_t n);
#define LOOK_CHECK(cases) look_check(cases, sizeof(cases) / sizeof((cases)[0]))

#endif
