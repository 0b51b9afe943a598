/* pages_parts: what pages.c remembers, shared with pages_compare.c. Nobody else includes it. */
#ifndef HINOBAN_JUDGE_PAGES_PARTS_H
#define HINOBAN_JUDGE_PAGES_PARTS_H

#include "judge/pages_in.h"
#include "judge/signs.h"

#define PAGES_PARTS    16
#define PAGES_FEATURES 8192 /* contents whose features are remembered */
#define PAGES_STANDING 16384
#define PAGES_MEM      (256u << 20)

struct pages_record {
	char *part[PAGES_PARTS]; /* canonical texts */
	size_t bytes[PAGES_PARTS];
	size_t parts;
	int64_t seq; /* of the first part */
};

/* One page in one arm. */
struct pages_seen {
	char *page, *arm;
	struct pages_record last, coming;
};

struct pages_features {
	struct hash content;
	uint64_t bit[(FEATURE_COUNT + 63) / 64];
	bool used;
};

/* A finding that was said: the same is not said twice. */
struct pages_standing {
	uint64_t key, what;
	int64_t seq; /* 0 until the ledger has told it */
	/* Of a comparison of visits: the page, and the newest one that had it. */
	uint64_t page;
	int64_t seen;
};

struct pages {
	struct allowed *allowed;
	struct pages_seen seen[PAGES_MAX];
	size_t n;
	struct pages_features *features;
	struct pages_standing *standing;
	size_t standings;
	struct arena mem; /* of one comparison */
};

/* One comparison. */
struct pages_case {
	struct pages *p;
	struct arena *a; /* of the drafts */
	struct json *out;
	struct slice page, arm, since;
	int64_t seq;
	struct pages_list old, new;
	bool first; /* nothing to compare with */
	bool twins; /* it is about flows */
};

/* Say it, unless the same was said. */
void pages_say(struct pages_case *c, struct pages_said s, struct slice what);
/* pages_compare.c: hold c->new against c->old. */
void pages_compare(struct pages_case *c);
/* What a content gained over another, as signs; false: too little is known of it. */
bool pages_gained(struct pages *p, struct slice before, struct slice now, struct signs *out,
                  struct slice *en, struct slice *ja, struct arena *a);
/* It is known, and shows nothing but requests and storage: no hosts, no writing of its own. */
bool pages_calm(struct pages *p, struct slice content);

#endif
