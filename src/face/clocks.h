/*
 * clocks: what a case's clocks say, on the command line.
 */
#ifndef HINOBAN_FACE_CLOCKS_H
#define HINOBAN_FACE_CLOCKS_H

#include "face/face.h"
#include "report/report.h"

/*
 * The rules: those beside the profiles, then the operator's own in the folder "clocks" beside
 * the config. EXIT_GOOD, or the code after a complaint. The caller frees them.
 */
int clocks_rules(struct face *f, struct clocks **out);
/* The clocks of a case, each a line, in the order of their dates; with the warning at the end.
 */
void clocks_put(struct face *f, const struct clocks *k, const struct case_view *c);
/* Is there such a clock for this case? */
bool clocks_known(struct face *f, const struct clocks *k, const struct case_view *c,
                  const char *id);

#endif
