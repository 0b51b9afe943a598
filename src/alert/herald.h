/*
 * herald: whom to tell what, and when. What was told is a fact (alert.sent, with how far), so
 * nothing is lost or told twice over restarts, but for a message whose fact the end came
 * between.
 *
 * A digest (alert.digest) is a mail of its own, after what is more urgent.
 *
 * What happens within alert.wait goes into one message, and each way gets at most
 * alert.per_hour of them an hour: a flood is a digest. A way that fails is tried again after 10
 * seconds, doubling to 15 minutes, with all that came meanwhile.
 */
#ifndef HINOBAN_ALERT_HERALD_H
#define HINOBAN_ALERT_HERALD_H

#include "alert/way.h"
#include "wall/loop.h"
#include "wall/post.h"

#define HERALD_MAX_CLOCKS  256
#define HERALD_MAX_DIGESTS 4 /* that wait to be mailed; older ones are past */

struct herald_key; /* a reminder that was told */

struct herald_way {
	struct way way;
	bool begun;     /* the ledger knows from where on */
	int64_t from;   /* it is told of what came later than this fact */
	int64_t cursor; /* told up to this fact */
	struct herald_key *told;
	size_t tolds;
	int64_t sent_us[60]; /* a ring: when, for the hour */
	size_t sents;
	int tries;
	int64_t next_us; /* monotonic: not before */
	/* The message under way: */
	int64_t upto, count;
	struct json *refs, *keys; /* in `mem` */
	struct arena mem;
};

struct herald_digest {
	int64_t seq;
	char key[NEWS_KEY_BYTES];
	bool japanese;
	struct buf title, text;
};

struct herald {
	struct loop *loop;
	struct post *post;
	struct conf conf;
	struct clocks *clocks;
	struct news news;
	struct ways *ways;
	struct herald_way way[WAY_MAX];
	int n;
	struct arena mem;  /* one turn */
	struct arena told; /* reminders' keys */
	char host[65];
	bool live;     /* all that is recorded was heard */
	int64_t heard; /* newest fact of which all before is known */
	int64_t from;  /* the same when it had heard all that was recorded before it */
	struct herald_digest digest[HERALD_MAX_DIGESTS];
	size_t digests;          /* heard, the newest in [digests - 1 mod HERALD_MAX_DIGESTS] */
	struct news_item *clock; /* reminders that are due: HERALD_MAX_CLOCKS */
	size_t clocks_due;
	int64_t looked_us;
};

/* Before the seal: settings, rules, secrets. -errno with the sentence. */
int herald_open(struct herald *h, const char *config, struct err *e);
/* The ledger's frames. */
void herald_hear(struct herald *h, const struct msg *m);
/* The ledger is gone: it will tell all again. */
void herald_deaf(struct herald *h);
/* About ten times a second. */
void herald_turn(struct herald *h);

#endif
