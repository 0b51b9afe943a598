/* go: one visit from the first page to the last, along a journey, in the way of one arm. */
#ifndef HINOBAN_VISIT_GO_H
#define HINOBAN_VISIT_GO_H

#include "visit/journey.h"
#include "visit/tab.h"

#define GO_WHY_BYTES 400

struct go_want {
	struct slice page, url; /* of the settings */
	const struct journey *journey;
	const struct arms_arm *arm;
	struct slice card_a, card_b;
	int patience_s;
	bool shots; /* a picture of each step */
	/* Called before a field is filled in, at a person's pace: there is time. Or NULL. */
	void (*idle)(void *arg);
	void *idle_arg;
};

struct go {
	const struct go_want *want;
	struct tab *tab;
	int64_t deadline_us;
	bool valid;
	char why[GO_WHY_BYTES]; /* where it is not */
	struct slice step;      /* where in the journey */
	bool card_typed;
	int64_t acted_us;                  /* when something was last typed or clicked */
	const struct journey_step *looked; /* for a form over it */
};

/*
 * 0: it is done, valid or not. -EPIPE: the browser is gone; -EINTR: the end is asked for. The
 * tab is open afterwards, with all that was seen, and the caller closes it.
 */
int go_visit(struct go *g);
/*
 * go_strange.c: fill in the fields for a card that the journey does not know, and press their
 * button, as a customer would who finds them on top of the shop's own. How many were filled
 * in, or -EPIPE, -EINTR, -EIO.
 */
int go_strange(struct go *g, const struct journey_step *s);
/* Is this the end of the visit, whatever is tried next? */
bool go_is_over(int r);
/* What the probe's kind of a field for a card is for: 1; 0: no such; or a fault. */
int go_type(struct go *g, const struct hand_field *at, struct slice kind);
/* go_shadow.c: the same in shadow trees, which no selector reaches. */
int go_shadow(struct go *g);
/* What is typed for it. */
struct slice go_data(const struct go_want *w, struct arena *a, const struct journey_fill *f);
/* The number that this arm types; empty: none. */
struct slice go_card(const struct go_want *w, struct arena *a);

#endif
