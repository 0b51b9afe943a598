/*
 * filter: a seccomp filter from tables of system calls. What no table lists kills the
 * process (SIGSYS).
 */
#ifndef HINOBAN_WALL_FILTER_H
#define HINOBAN_WALL_FILTER_H

#include "base/base.h"
#include <seccomp.h>

enum filter_act {
	FILTER_ALLOW,
	FILTER_REFUSE, /* EPERM: libraries try it and can do without */
	FILTER_ABSENT, /* ENOSYS: libraries then use an older call that the filter can judge */
};

/* (argument & mask) == value. */
struct filter_test {
	unsigned arg;
	uint64_t mask, value;
};

#define FILTER_MAX_TESTS 2
#define FILTER_OWN_PID   UINT64_MAX /* as a value: this process's id */

struct filter_rule {
	int call; /* SCMP_SYS(name) */
	enum filter_act act;
	unsigned tests; /* all must hold for the rule to count */
	struct filter_test test[FILTER_MAX_TESTS];
};

/* A table; ends with .rule == NULL in a list of tables. */
struct filter_table {
	const struct filter_rule *rule;
	size_t rules;
};
#define FILTER_TABLE(a)                         \
	{                                       \
		(a), sizeof(a) / sizeof((a)[0]) \
	}

/* Load it for good. 0 or -errno. */
int filter_load(const struct filter_table *tables);

#endif
