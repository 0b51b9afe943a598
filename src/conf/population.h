/*
 * population: where a kind of shop keeps what it holds of persons, as sections of its profile
 * (hinoban.profile(5)): a group (orders, members ...), its tables, and the columns of each
 * item of data. Texts live in the arena; table names still hold "{prefix}".
 *
 * Conditions (`on`, `where`, `when`, `deleted`, `states`) are SQL, written by whoever writes
 * the profile, and run by a login that can only read.
 */
#ifndef HINOBAN_CONF_POPULATION_H
#define HINOBAN_CONF_POPULATION_H

#include "conf/syntax.h"

#define POPULATION_MAX         24 /* in one profile, variants counted */
#define POPULATION_MAX_TABLES  32
#define POPULATION_MAX_ITEMS   48
#define POPULATION_MAX_COLUMNS 8 /* of one item */
#define POPULATION_MAX_STATES  7 /* three bits of a row's flags (scope/sql.h) */

struct population_column {
	struct slice alias, name;
	bool may_lack; /* some versions of the shop don't have it: then it holds nothing */
	bool instead;  /* behind a comma: what stands here where the columns before are empty */
};

struct population_columns {
	struct population_column at[POPULATION_MAX_COLUMNS];
	size_t n;
};

struct population_item {
	struct slice id, label; /* label "": the table in fact/item.c has one */
	bool required;
	/* "o.tel01 o.tel02 o.tel03" are parts of one value, "a.phone, a.mobile" two of them */
	struct population_columns columns;
	struct slice empty[4]; /* values that stand for nothing, such as 0 */
	size_t empties;
};

struct population_table {
	struct slice alias, name, on; /* the first has no `on` */
};

struct population_state {
	struct slice name, condition; /* authorised, submitted, entered; kept */
};

/* Paid with what the shop or its payment service had kept: nobody typed a card. Passed over. */
#define POPULATION_KEPT "kept"

struct population {
	struct slice group, variant; /* [orders-hpos]: "orders", "hpos" */
	struct syntax_pos pos;
	struct population_table table[POPULATION_MAX_TABLES];
	size_t tables;
	struct population_item item[POPULATION_MAX_ITEMS];
	size_t items;
	struct population_state state[POPULATION_MAX_STATES];
	size_t states;
	struct population_columns id, time, member, card;
	struct population_columns until; /* the last time at which the row was altered */
	struct population_columns email; /* whose row it is, where none of its items says so */
	struct slice zone;  /* of `time`: "UTC", "local", a zone's name; "": [database] zone */
	struct slice where; /* which rows count; "": all */
	struct slice when;  /* a query: this variant is used where it gives a row */
	struct slice deleted; /* which rows are marked as deleted; they count */
};

struct population_list {
	struct population *at[POPULATION_MAX];
	size_t n;
	struct slice prefix; /* of table names, as the shop installs itself */
	struct slice zone;
};

/* Is [name] a section of this kind? "database", or a group with or without "-variant". */
bool population_section(struct slice name);
/* One key of such a section. 0, or -EINVAL with FILE:LINE:COLUMN. */
int population_take(struct population_list *l, const struct syntax *s,
                    const struct syntax_item *it, struct slice section);
/* After the last key: does each have what it needs? */
int population_check(const struct population_list *l, const struct syntax *s);
/*
 * The operator's own: "members: optional school(学校名): c.school_name" adds an item,
 * "cards: card = o.memo04" sets a key; in all variants of the group. NULL, or what was
 * expected.
 */
const char *population_extend(struct population_list *l, struct arena *mem, struct slice text);

#endif
