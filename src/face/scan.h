/*
 * scan: a walk over the watched files by a command, its facts sent to the ledger.
 */
#ifndef HINOBAN_FACE_SCAN_H
#define HINOBAN_FACE_SCAN_H

#include "face/face.h"
#include "sense/sense.h"

struct scan_want {
	bool full, baseline;
	const char *reason;
	int64_t deploy; /* seq of the deploy that these changes belong to, or 0 */
	/* Which of them do; NULL: all. */
	bool (*mine)(void *ctx, const struct json *draft);
	void *ctx;
	bool record; /* false: only count what would be recorded */
	enum text_id progress;
};

struct scan_result {
	struct sense_result sense;
	int64_t drafts;
};

/* Needs face_conf and face_client. An exit code, after a complaint. */
int scan_files(struct face *f, const struct scan_want *want, struct scan_result *out);
/*
 * Bring the ledger up to date with the disk: where hinoband runs, wait until all that it
 * saw is recorded and judged; else walk the files, record, and have a judge look at it.
 * `out` may be NULL.
 */
int scan_refresh(struct face *f, bool full, const char *reason, struct scan_result *out);

#endif
