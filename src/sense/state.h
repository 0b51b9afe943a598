/*
 * state: what the guard holds for true of every path: the ledger's table, and over it what
 * has changed since. Look-ups fall through to the table; the first change copies the entry.
 */
#ifndef HINOBAN_SENSE_STATE_H
#define HINOBAN_SENSE_STATE_H

#include "fact/table.h"
#include "sense/sight.h"

struct state;

/* By what code is found, but by its path: its file (device and inode), its approved content. */
enum state_alikes { STATE_FILE, STATE_CONTENT, STATE_ALIKES };

struct known {
	struct known *next;
	struct table_entry e;  /* its path_ and feat_ fields mean nothing here */
	struct slice features; /* of the approved version; owned */
	struct slice content;  /* of the present one, as far as seen by this process; owned */
	struct hash before;    /* what a deploy replaced, approved until then; or 0 */
	int64_t deploy;        /* and which: seq */
	uint32_t round;        /* of the scan that met it last */
	struct known *alike[STATE_ALIKES]; /* see state_alike() */
	uint64_t alike_key[STATE_ALIKES];
	bool alike_in;
	uint32_t path_n;
	uint8_t path[];
};

struct state *state_new(void);
void state_free(struct state *s);
/*
 * Take over a (new) table. What changed since stays as `present`; what is approved comes
 * from the table. 0 or -ENOMEM; then *t is still the caller's.
 */
int state_base(struct state *s, struct table *t);
/*
 * A state anew from the ledger's table in this file, in place of *s: the table holds all that
 * was pushed before it. One that can't be used (also fd < 0) ends the process.
 */
void state_renew(struct state **s, int fd);
size_t state_count(const struct state *s); /* of the base */
/* The entry, or NULL; features (may be NULL) borrowed. */
const struct table_entry *state_find(const struct state *s, uint32_t root, struct slice path,
                                     struct slice *features);
/* Of a packed copy (fact/role.h) that of the text in whose place it is handed out; else NULL.
 */
const struct table_entry *state_packed(const struct state *s, uint32_t root, struct slice path);
/* The entry, to be changed; made if it isn't there. NULL: no memory. */
struct known *state_edit(struct state *s, uint32_t root, struct slice path);
/* A deploy (seq) brings another content: what was approved till now, before its first write. */
void state_deployed(struct known *k, int64_t deploy);
/* Was this content approved until a deploy replaced it? */
bool state_was_approved(const struct state *s, uint32_t root, struct slice path,
                        const struct hash *content);
/* Replace a text of it. */
void state_set_text(struct slice *own, struct slice text);
/* After each change of it. Where it is neither approved nor present any more it is gone then.
 */
void state_settle(struct state *s, struct known *k);

typedef void state_fn(void *ctx, uint32_t root, struct slice path, const struct table_entry *e);
/* All entries, also of what is not there. fn must not change the state. */
void state_each(const struct state *s, state_fn *fn, void *ctx);
/*
 * Of files and folders that are approved as code those that were seen as this one, or may be,
 * and those whose approved content is this (NULL: none), or may be: some come twice, and others
 * with them. The first call of a table takes a walk of it, the others none.
 */
void state_alike(struct state *s, uint64_t dev, uint64_t ino, const struct hash *content,
                 state_fn *fn, void *ctx);

/* Scans: begin a round, note what was met, then be called for what exists but wasn't. */
void state_round(struct state *s);
void state_met(struct state *s, uint32_t root, struct slice path);
void state_unmet(struct state *s, state_fn *fn, void *ctx);
/* All that exists below a folder. fn must not change the state. */
void state_below(struct state *s, uint32_t root, struct slice dir, state_fn *fn, void *ctx);

#endif
