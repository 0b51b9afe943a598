/*
 * diff: differences between two kept versions, made by the sealed reader, since their bytes
 * are hostile. Asked for once, kept for a while, so that a page that waited finds it.
 */
#ifndef HINOBAN_DESK_DIFF_H
#define HINOBAN_DESK_DIFF_H

#include "desk/lang.h"
#include "fact/json.h"
#include "ledger/ledger.h"
#include "wall/loop.h"

#define DIFF_SLOTS     16
#define DIFF_MAX_BYTES (512u * 1024) /* of the diff's text that are shown */
#define DIFF_MAX_LINES 800
#define DIFF_MAX_LINE  400 /* bytes of a line that are shown */
#define DIFF_WAIT_US   (4 * 1000000LL)

enum diff_state {
	DIFF_NONE,    /* free place, or: no such content is kept, or nobody to ask */
	DIFF_WAITING, /* ask again */
	DIFF_READY,
	DIFF_FAILED,
};

struct diff {
	enum diff_state state;
	struct hash before, after; /* zero: nothing there */
	bool script;               /* packed code was broken into lines */
	uint64_t id;
	int64_t at; /* monotonic: asked, or last looked at */
	int64_t added, removed;
	bool binary, cut;
	int out; /* memfd that the reader writes to, while waiting */
	struct buf text;
};

struct diffs {
	struct diff slot[DIFF_SLOTS];
	uint64_t last_id;
};

void diff_init(struct diffs *ds);
void diff_done(struct diffs *ds);
/*
 * The diff from one content to another (NULL: there is none). Asks the reader if it is not
 * there yet. script: code that is packed into few lines is broken into lines. NULL where a
 * content isn't kept or nobody can be asked.
 */
const struct diff *diff_want(struct diffs *ds, struct loop *l, struct ledger *led,
                             const struct hash *before, const struct hash *after, bool script);
/* Feed it the reader's frames; true if one was answered. */
bool diff_msg(struct diffs *ds, const struct msg *m);
/* The reader is gone, or too slow: give up what waits. True if something was given up. */
bool diff_gone(struct diffs *ds);
bool diff_tick(struct diffs *ds);

/*
 * A unified diff as a model: {"lines": [{"kind": "add"|"del"|"same"|"hunk", "old": n,
 * "new": n, "parts": [{"text": t, "mark": bool}]}], "more": bool}. Neighbouring removed and
 * added lines are held against each other; what differs within them is marked.
 */
struct json *diff_model(struct arena *a, struct slice unified);

#endif
