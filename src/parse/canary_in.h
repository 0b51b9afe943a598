/* canary_in: what the three halves of canary share. Nobody else includes it. */
#ifndef HINOBAN_PARSE_CANARY_IN_H
#define HINOBAN_PARSE_CANARY_IN_H

#include "base/arena.h"
#include "parse/canary.h"

#define CANARY_MAX_FORMS 2048

/* One way to write one value, found as it stands. */
struct canary_form {
	struct slice bytes;
	const char *how;
	uint8_t value;
	uint8_t half; /* 0: all of it; 1, 2: that half, and the other must be found, too */
	bool apart;   /* no letter or digit may stand beside it */
	bool keyed;   /* looked for under a constant key, too */
};

struct canary_forms {
	const struct slice *value;
	size_t values;
	struct canary_form form[CANARY_MAX_FORMS];
	size_t n;
	uint8_t halves[CANARY_MAX_VALUES]; /* found so far: bits 1 and 2 */
	uint8_t *scratch;                  /* CANARY_PART_BYTES */
	uint8_t *digits;                   /* CANARY_PART_BYTES */
};

/* canary_form.c */
int canary_forms_make(struct arena *a, const struct slice *values, size_t n,
                      struct canary_forms *out);
/* Does it stand in these bytes? *how: which way; NULL: no. */
bool canary_forms_match(struct canary_forms *f, struct slice bytes, uint32_t *value,
                        const char **how);

/*
 * canary_undo.c: ways to take back what was done to text. Each appends what it gives;
 * false: there was nothing to take back. `way`: alignment, where there are several.
 */
struct canary_undo {
	const char *name;
	bool (*fn)(struct slice in, int way, struct buf *out);
	uint8_t ways, deepest; /* tried at this depth and above only */
};
extern const struct canary_undo canary_undos[];
extern const size_t canary_undo_count;

#endif
