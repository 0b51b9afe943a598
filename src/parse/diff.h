/* diff: two texts as lines, and which of them differ; for parse_diff. */
#ifndef HINOBAN_PARSE_DIFF_H
#define HINOBAN_PARSE_DIFF_H

#include "base/base.h"

#define DIFF_MAX_LINES (1u << 20) /* a side; more is told as one coarse change */

struct diff_side {
	struct slice *line; /* with its '\n' where it has one */
	uint32_t *id;       /* equal lines of both sides have equal ids */
	bool *changed;
	uint32_t n;
	bool coarse; /* too many lines: the last one holds all the rest */
};

/* Split and number the lines of both. 0 or -ENOMEM; diff_done in any case. */
int diff_split(struct diff_side side[2], struct slice before, struct slice after);
/* Mark the lines that are not common. 0 or -ENOMEM. */
int diff_mark(struct diff_side side[2]);
void diff_done(struct diff_side side[2]);

#endif
