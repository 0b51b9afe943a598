/*
 * history: the versions of one path, as facts tell them: what stood there when, who put it
 * there, whether it was approved, whether its content is still kept.
 */
#ifndef HINOBAN_FACE_HISTORY_H
#define HINOBAN_FACE_HISTORY_H

#include "face/face.h"

struct history_version {
	const struct json *fact;  /* file.baseline or file.changed */
	const struct json *state; /* STATE, or NULL where nothing stood there */
	int64_t seq;
	int64_t approved_by; /* seq of what approved it; 0: nothing did */
	int64_t finding;     /* newest finding that rests on it, or 0 */
	bool usual;          /* of a role whose changes are normal, and no finding */
	int64_t dropped_by;  /* seq of the fact that dropped it, or 0 */
	bool kept;           /* its content can be had (true where there is none to keep) */
};

struct history {
	struct face *f;
	struct slice root, path; /* as in facts */
	uint32_t root_number;
	struct slice raw; /* the path's bytes */
	struct history_version *at;
	size_t count, room;
	int fault;
};

/* A path as the user wrote it. An exit code, after a complaint. Needs face_ledger. */
int history_find(struct face *f, const char *arg, struct history *h);
/* All versions, oldest first. An exit code, after a complaint. */
int history_load(struct history *h);
/* The version that fact `seq` tells of, or NULL after a complaint. */
const struct history_version *history_of(struct history *h, int64_t seq);
/* --at TIME as the seq of the newest fact then. EXIT_GOOD and 0 where it is not given. */
int history_at(struct face *f, int64_t *upto);

#endif
