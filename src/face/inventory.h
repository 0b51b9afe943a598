/* inventory: what the verbs of `hinoban page` about scripts share. */
#ifndef HINOBAN_FACE_INVENTORY_H
#define HINOBAN_FACE_INVENTORY_H

#include "face/face.h"
#include "report/report.h"

/* inventory_read() of the ledger; EXIT_GOOD, or the code after a complaint. After
 * face_ledger(). */
int inventory_take(struct face *f, struct inventory *out);

/* Verbs; each an exit code. */
int inventory_authorise(struct face *f);
int inventory_refuse(struct face *f);
int inventory_run(struct face *f);
int inventory_report(struct face *f);
int inventory_policy(struct face *f);

#endif
