/* seals: the table of roles: what each seal lets through. Read by seal.c only. */
#ifndef HINOBAN_WALL_SEALS_H
#define HINOBAN_WALL_SEALS_H

#include "wall/filter.h"
#include "wall/landlock.h"
#include "wall/seal.h"
#include <sys/resource.h>

#define SEALS_MAX_TABLES 8
#define SEALS_MAX_CAPS   12
#define SEALS_MAX_LIMITS 8

struct seals_limit {
	int what; /* RLIMIT_* */
	rlim_t soft, hard;
};

enum seals_files {
	SEALS_NO_FILES, /* Landlock without a rule; root is an empty folder */
	SEALS_STATE_RW, /* the state directory, all of it */
	SEALS_STATE_RO, /* the state directory and `roots`, reading */
	SEALS_ROOTS_RW, /* the state directory and `roots`, all of them */
	SEALS_ALL_RO,   /* reading anything; not by Landlock, see seals.c */
	SEALS_OUTWARD,  /* settings of the resolver and certificates, reading */
	SEALS_PROGRAM,  /* what a program of the system needs, and its room */
};

struct seals_role {
	const char *name;
	enum seals_files files;
	int cap[SEALS_MAX_CAPS]; /* CAP_*, ended by SEALS_NO_CAP */
	unsigned caps;
	bool caps_may_lack; /* it can do without them */
	bool signals;       /* may Landlock let signals out? */
	bool connects;      /* may Landlock let TCP connections out? */
	struct seals_limit limit[SEALS_MAX_LIMITS];
	unsigned limits;
	struct filter_table table[SEALS_MAX_TABLES]; /* ended by an empty one */
};

extern const struct seals_role seals_roles[SEAL_ROLES];

#endif
