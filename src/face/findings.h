/* findings: the view of findings, as check and status need it too. */
#ifndef HINOBAN_FACE_FINDINGS_H
#define HINOBAN_FACE_FINDINGS_H

#include "face/face.h"

/* How many are open, or a negative errno. */
int64_t findings_open_count(struct face *f);
/* Print them, newest first; returns how many, or a negative errno. */
int64_t findings_print(struct face *f, bool all, bool json, int64_t limit);

/*
 * An open finding about a version of a file that does not stand there any more, because what
 * is approved was put back: that version's number, as `hinoban versions` has it. Else 0.
 */
int64_t findings_put_back(struct face *f, const struct json *finding);

#endif
