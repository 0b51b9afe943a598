/*
 * item: the names of what a shop holds of persons: groups (orders, members ...) and items of
 * data (name, e-mail ...), the vocabulary between profiles, counts and documents. A profile or
 * an operator may add items with a label of their own; those are not in the table.
 */
#ifndef HINOBAN_FACT_ITEM_H
#define HINOBAN_FACT_ITEM_H

#include "base/base.h"

struct item_name {
	const char *id;
	const char *en, *ja;
};

/* The group as a whole: everyone in it, whatever is held of them. */
#define ITEM_ALL "all"

/* NULL where it is not in the table. */
const struct item_name *item_of(struct slice id);
const struct item_name *item_group(struct slice id);
/* The groups, in the order in which they are told; ends with an id of NULL. */
extern const struct item_name item_groups[];

#endif
