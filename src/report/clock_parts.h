/* clock_parts: what clock.c and clock_file.c share. Nobody else includes it. */
#ifndef HINOBAN_REPORT_CLOCK_PARTS_H
#define HINOBAN_REPORT_CLOCK_PARTS_H

#include "report/clock.h"
#include "report/holiday.h"

struct clocks {
	struct arena mem;
	struct clock_rule rule[CLOCK_MAX_RULES];
	size_t rules;
	struct holidays holidays;
};

/* "persons > 1000"? */
bool clock_persons_than(struct slice when, int64_t *than);

#endif
