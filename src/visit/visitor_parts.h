/* visitor_parts: what the files of the visitor share. */
#ifndef HINOBAN_VISIT_VISITOR_PARTS_H
#define HINOBAN_VISIT_VISITOR_PARTS_H

#include "visit/go.h"
#include "visit/twins.h"
#include "visit/visitor.h"

#define VISITOR_MAX_ASKED   64
#define VISITOR_MAX_ARMS    16
#define VISITOR_MAX_HELD    512 /* new contents of one visit */
#define VISITOR_MAX_ROTATES 8192

/* What is remembered of one way to visit one page. */
struct visitor_slot {
	int64_t record; /* seq of the newest page.record, 0: none */
	char digest[HASH_HEX_BYTES];
	struct tab_picture picture[TAB_MAX_STEPS]; /* that it shows */
	size_t pictures;
};

struct visitor_page {
	struct conf_page conf;
	struct journey journey;
	struct visitor_slot slot[VISITOR_MAX_ARMS];
	int64_t quick_us, full_us; /* when it is due, monotonic */
	unsigned altered;          /* frequent visits in a row that saw something new */
	int64_t early_us;          /* when that last made the full round due */
	uint64_t doubt;            /* of the last comparison: twins_doubt() */
};

struct visitor_asked {
	int64_t seq; /* of the word; 0: by the settings */
	size_t page;
	bool arm[VISITOR_MAX_ARMS];
};

/* A content that goes into the vault if the visit is recorded. */
struct visitor_held {
	const char *what;
	char url[512], hash[HASH_HEX_BYTES];
	int64_t bytes;
	int fd;
};

/* A script whose content alters: how often in a row it did. */
struct visitor_rotates {
	uint64_t name; /* hash of page, arm and script; 0: free */
	uint64_t hash; /* of its newest content */
	unsigned altered;
};

/* A browser that is ready before it is needed, to be alone with the visit that comes next. */
struct visitor_spare {
	bool asked;  /* the launcher has not answered yet */
	uint64_t id; /* of its launch; 0: there is none */
	int64_t pid;
	int in, out, log; /* if there is one; log may be -1 */
	struct netlog *netlog;
};

struct visitor {
	struct loop *loop;
	struct post *post;
	const struct conf *conf;
	struct arena mem;  /* settings */
	struct arena work; /* one visit */
	struct visitor_page *page;
	size_t pages;
	int ledger, browser; /* slots or -1 */
	struct visitor_asked asked[VISITOR_MAX_ASKED];
	size_t asks;
	bool busy, by_itself;
	struct known *known;
	struct scrub scrub;
	struct visitor_held held[VISITOR_MAX_HELD];
	size_t helds;
	struct visitor_rotates *rotates;
	const struct visitor_asked *now; /* the round under way */
	size_t now_page, now_arm;        /* of its visit under way */

	struct cdp *cdp;
	struct tab
	    *tab; /* of the visit under way, or NULL: whom the browser's events are for */
	struct tab tab_memory;
	uint64_t launched;
	int64_t pid;
	bool launching, gone_told;
	bool alone;            /* it is for one visit only, and its net log is read */
	int log;               /* the log's pipe, or -1 */
	struct netlog *netlog; /* or NULL */
	bool warm;             /* it has visited something */
	uint64_t left;         /* the launch that we let go of ourselves */
	struct visitor_spare spare;
	char fault[GO_WHY_BYTES]; /* why there is no browser */
	char version[64], major[8];
};

/* visitor_browser.c: 0, or a fault; the sentence is in v->fault. Alone: a new one, with log. */
int visitor_browser(struct visitor *v, bool alone);
/* Have one launched for the next visit that is alone, while this one goes on. */
void visitor_browser_ahead(struct visitor *v);
/* Let the one that is ready go. */
void visitor_browser_spare(struct visitor *v);
/* Let a browser that is alone end by itself, so that its log is whole. */
void visitor_browser_drain(struct visitor *v);
/* It answers, but what it visited went wrong: the next visit has a new one. */
void visitor_browser_leave(struct visitor *v);
/* It does not answer, or is dead: away with it. */
void visitor_browser_end(struct visitor *v);
void visitor_browser_msg(struct visitor *v, struct msg *m);

/* visitor_round.c: all ways of one page. */
void visitor_round(struct visitor *v, const struct visitor_asked *a);
/* Wait until the ledger has taken what was sent. */
void visitor_flush(struct visitor *v);

#endif
