/* arms: the ways in which a page is visited (PAGES: what each finds is in hinoban.facts(7)). */
#ifndef HINOBAN_VISIT_ARMS_H
#define HINOBAN_VISIT_ARMS_H

#include "base/base.h"

enum arms_card { ARMS_NONE, ARMS_DECOY, ARMS_A, ARMS_B };

struct arms_arm {
	const char *name;
	enum arms_card card; /* what is typed into the fields for a card */
	bool seeded;         /* time and chance are the same at each visit */
	bool slow;           /* a minute of virtual time passes before anything is typed */
	bool direct;         /* straight to the payment page, without the steps before it */
	bool phone, search, returning, taps;
	/* In a browser of its own, whose net log is read: only the default profile looks names
	 * up and connects ahead as a customer's does. */
	bool alone;
	bool quick; /* part of the frequent check */
};

extern const struct arms_arm arms_table[];
extern const size_t arms_count;

const struct arms_arm *arms_of(struct slice name);

#endif
