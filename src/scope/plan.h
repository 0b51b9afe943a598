/*
 * plan: one group of a profile, held against a database: which variant, which tables, and
 * which of the columns are there and of what type.
 */
#ifndef HINOBAN_SCOPE_PLAN_H
#define HINOBAN_SCOPE_PLAN_H

#include "conf/conf.h"
#include "scope/answer.h"
#include "scope/db.h"

struct plan_column {
	struct slice name; /* as the database spells it */
	struct slice charset;
	enum db_type type;
};

struct plan_table {
	struct slice name; /* with the prefix */
	struct plan_column *column;
	size_t columns;
};

struct plan {
	const struct population *p;
	struct plan_table table[POPULATION_MAX_TABLES];
	struct slice where, deleted, on[POPULATION_MAX_TABLES]; /* prefix put in */
	struct slice state[POPULATION_MAX_STATES];
	struct slice zone; /* of its times */
};

struct plans {
	struct plan *at[POPULATION_MAX];
	size_t n;
};

/*
 * Of each group of the config the variant that fits. Warnings are told by `a`. 0, or a
 * negative errno with the fault in db->fault: a table or column that is not there, told with
 * what was looked for.
 */
int plan_make(struct db *db, const struct conf *c, struct arena *mem, struct answer *a,
              struct plans *out);
/* NULL: it is not there. */
const struct plan_column *plan_column(const struct plan *p, const struct population_column *c);
/* A group whose tables must be there; others are passed over where they aren't. */
bool plan_needed(struct slice group);

#endif
