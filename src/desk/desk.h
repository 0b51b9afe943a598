/*
 * desk: the console's process: what all its pages share.
 */
#ifndef HINOBAN_DESK_H
#define HINOBAN_DESK_H

#include "desk/diff.h"
#include "desk/http.h"
#include "desk/lang.h"
#include "desk/listen.h"
#include "desk/live.h"
#include "desk/session.h"
#include "desk/word.h"
#include "ledger/ledger.h"
#include "report/report.h"
#include "wall/loop.h"
#include "wall/post.h"

struct desk {
	struct loop *loop;
	struct http *http;
	struct live *live;
	struct post *post;
	struct ledger *ledger; /* NULL until it can be read */
	struct sessions sessions;
	struct diffs diffs;
	struct words words;
	struct conf conf; /* the settings, as they were at the start */
	bool has_conf;
	struct clocks *clocks; /* the rules, read before the seal */
	struct cases *cases;   /* as of cases_seq; without windows */
	int64_t cases_seq, cases_at;
	const char *state_dir;
	enum lang lang; /* the operator's, where the browser names none */
	int port;
	char
	    cookie[32]; /* its name: several consoles on one machine share the host's cookies */
	struct table files; /* the view of files as of files_seq */
	int64_t files_seq, files_at;
};

/* The ledger, opened when first needed; NULL while it can't be. */
struct ledger *desk_ledger(struct desk *d);
/* The cases: fresh, or a moment old while the ledger grows quickly. NULL: they can't be had. */
const struct cases *desk_cases(struct desk *d);
/* How many findings are open. */
int64_t desk_open_findings(struct desk *d);
/*
 * The view of files: fresh, or a few seconds old while the ledger grows quickly (making it
 * costs up to a second with millions of files). NULL where it can't be had.
 */
const struct table *desk_files(struct desk *d);

/* The answer to every request: fences, session, route, page. ctx is the desk. */
http_answer_fn desk_answer;

#endif
