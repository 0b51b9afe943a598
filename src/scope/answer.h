/* answer: what hinoban-scope says to the command that started it (scope.h). */
#ifndef HINOBAN_SCOPE_ANSWER_H
#define HINOBAN_SCOPE_ANSWER_H

#include "fact/fact.h"
#include "scope/fault.h"

struct answer {
	int sock;
	uint64_t id;
	struct arena mem; /* of one answer; reset by each */
	struct {
		enum scope_code code;
		char text[2 * FAULT_ARG_BYTES];
	} given[32]; /* warnings: each is told once */
	size_t givens;
};

/* {NAME: v}; v lives in a->mem. */
void answer_put(struct answer *a, const char *name, struct json *v);
void answer_warn(struct answer *a, enum scope_code code, const char *x, const char *y,
                 const char *z);
void answer_fault(struct answer *a, const struct fault *f);

#endif
