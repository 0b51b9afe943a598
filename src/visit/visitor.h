/*
 * visitor: the role that visits pages. It has no files and no network: the browser's pipes are
 * handed to it, facts go to the ledger. It reads the settings and the journeys before its seal.
 *
 * One visit at a time, in one warm browser, each in a context of its own. What is due by the
 * settings is done by itself, what a person asks for (page.asked) first. A browser that dies
 * in the middle of a visit is begun anew and the visit once more; so is one that went wrong in
 * a browser that had visited something before. Then it counts as not made.
 */
#ifndef HINOBAN_VISIT_VISITOR_H
#define HINOBAN_VISIT_VISITOR_H

#include "conf/conf.h"
#include "wall/wall.h"

struct visitor;

/* Settings and journeys; due: also visit by itself. NULL with the sentence. */
struct visitor *visitor_new(const struct conf *c, bool due, struct err *e);
void visitor_join(struct visitor *v, int keeper);
int visitor_run(struct visitor *v);
void visitor_free(struct visitor *v);

#endif
