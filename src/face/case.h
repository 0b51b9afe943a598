/*
 * case: what the files of `hinoban case` share. case.c shows, case_word.c says.
 */
#ifndef HINOBAN_FACE_CASE_H
#define HINOBAN_FACE_CASE_H

#include "face/face.h"
#include "report/report.h"

struct case_job {
	struct face *f;
	struct cases *cases;
	const struct case_view *c; /* the one it is about; of `open`: NULL */
};

/* Open the ledger and fold it: EXIT_GOOD, or the code after a complaint. */
int case_begin(struct face *f, struct case_job *job);
/* The case with this number as an argument, or NULL after a complaint. */
const struct case_view *case_named(struct case_job *job, const char *arg);
const char *case_state_text(enum case_state s);
/* `hinoban case open`, `hinoban case N VERB ...`. */
int case_open(struct case_job *job);
int case_say(struct case_job *job, const char *verb);

#endif
