/*
 * memory: what the judge remembers between facts: the standing finding of each path, so that
 * the same content is not found twice, a further change updates the finding that stands, and
 * a web request that becomes known later finds the finding that it explains. Bounded: past
 * MEMORY_MAX paths the oldest is forgotten (its next change is found anew).
 */
#ifndef HINOBAN_JUDGE_MEMORY_H
#define HINOBAN_JUDGE_MEMORY_H

#include "judge/change.h"

#define MEMORY_MAX 16384

struct memory;

struct memory_entry {
	uint64_t key;        /* of root and path */
	int64_t change_seq;  /* sighting that the finding rests on */
	int64_t finding_seq; /* 0 until the ledger has told it */
	struct hash seen;    /* fingerprint of the state that was found */
	bool explained;      /* a request is part of it already */
	uint8_t *draft;      /* the finding's canonical text; owned */
	size_t draft_bytes;
};

struct memory *memory_new(void);
void memory_free(struct memory *m);
/* The standing entry of a path, or NULL. Valid until the next call that adds or forgets. */
struct memory_entry *memory_find(struct memory *m, struct slice root, struct slice path);
/* By the sighting that it rests on. */
struct memory_entry *memory_by_change(struct memory *m, int64_t change_seq);
/* Remember (replaces). False if memory is out. */
bool memory_put(struct memory *m, const struct change *c, const struct json *draft);
void memory_forget(struct memory *m, struct slice root, struct slice path);
/* The state of a path, as one number to compare: hash, class, rights and owner. */
struct hash memory_fingerprint(const struct change *c);

#endif
