/* doctor: what the parts of `hinoban doctor` share. */
#ifndef HINOBAN_FACE_DOCTOR_H
#define HINOBAN_FACE_DOCTOR_H

#include "face/face.h"
#include "face/text.h"

enum health { HEALTH_GOOD, HEALTH_NOTE, HEALTH_BAD };

struct doctor {
	struct face *f;
	bool json;
	int bad, notes;
};

/* One check; `todo` is told only where something is wrong. */
void doctor_tell(struct doctor *d, enum health h, const char *name, const char *detail,
                 enum text_id todo);
/* doctor_state.c: the state directory, the ledger, its keys, the vault. Opens the ledger. */
void doctor_state(struct doctor *d);

#endif
