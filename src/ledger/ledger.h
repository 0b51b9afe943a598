/*
 * The ledger's door: reading what is recorded. Writing is done by one process only
 * (hinoban-ledger), through messages (wall/post.h).
 *
 * Files in the state directory, owned by the ledger's uid, mode 0640:
 *   ledger.db        SQLite (WAL): facts, Merkle tree nodes, signed heads, views
 *   vault.pack, vault.pack.1 ...   contents by SHA-256, zstd (vault.h)
 *   ledger.key       Ed25519 private key, mode 0600;  ledger.pub: public key, PEM
 *   run/ledger.sock  control socket
 */
#ifndef HINOBAN_LEDGER_H
#define HINOBAN_LEDGER_H

#include "fact/fact.h"
#include "fact/table.h"
#include <stdio.h>

struct ledger; /* a read-only connection */

int ledger_open(const char *state_dir, struct ledger **out, struct err *e);
void ledger_close(struct ledger *l);
/* Number of facts = newest seq. Negative errno on a fault. */
int64_t ledger_size(struct ledger *l);

typedef int ledger_fact_fn(void *ctx, int64_t seq, struct slice canonical); /* non-zero ends */
/* Append the canonical bytes of a fact. -ENOENT if there is none. */
int ledger_get(struct ledger *l, int64_t seq, struct buf *out);

struct ledger_query {
	int64_t from_seq, to_seq;   /* 0: open; both inclusive */
	int64_t since_us, until_us; /* 0: open; [since, until) */
	struct slice kind, type;    /* empty: any; type may be a glob ("file.*") */
	struct slice path;          /* empty: any; a path, a folder above it, or a glob */
	int64_t limit;              /* 0: none */
	bool newest_first;
};
/* Returns the last non-zero value of fn, 0, or a negative errno. */
int ledger_each(struct ledger *l, const struct ledger_query *q, ledger_fact_fn *fn, void *ctx);
/* Facts whose refs name seq (a finding's dismissal, a change's request ...). */
int ledger_referrers(struct ledger *l, int64_t seq, ledger_fact_fn *fn, void *ctx);
/*
 * Facts about just this path, as it is written in facts: no folder, no glob; the oldest first.
 * Cheap enough to be asked for each of many. Not from within its own fn.
 */
int ledger_about(struct ledger *l, struct slice path, ledger_fact_fn *fn, void *ctx);

/* A row of the view of findings. */
enum ledger_finding_state { FINDING_OPEN, FINDING_DISMISSED, FINDING_APPROVED, FINDING_ENDED };
struct ledger_finding {
	int64_t seq, at_us;
	enum ledger_finding_state state; /* ENDED: the path is as approved again */
	int64_t closed_by;               /* seq of the fact that closed it, or 0 */
	enum fact_severity severity;
	struct slice type, path; /* borrowed during the callback */
	struct slice body;       /* canonical bytes */
};
typedef int ledger_finding_fn(void *ctx, const struct ledger_finding *f);
int ledger_findings(struct ledger *l, bool open_only, bool newest_first, int64_t limit,
                    ledger_finding_fn *fn, void *ctx);
int ledger_finding_get(struct ledger *l, int64_t seq, ledger_finding_fn *fn, void *ctx);
const char *ledger_finding_state_name(enum ledger_finding_state s);

/* The view of files: one path, or all (through a table in memory; close it with table_close).
 */
int ledger_table(struct ledger *l, struct table *out);
/* A path as it is known at one moment: past.h. */
struct ledger_row {
	struct slice root; /* absolute, as text */
	struct slice name; /* raw bytes below it */
	enum role role;
	struct table_state approved, present; /* their seq: the fact that says so */
};
typedef int ledger_row_fn(void *ctx, const struct ledger_row *row); /* non-zero ends */
int ledger_rows(struct ledger *l, struct slice path, int64_t upto, ledger_row_fn *fn,
                void *ctx);
/*
 * What stands at a finding's path now, held against a change that it rests on: just that
 * (STANDS_SO), else what is approved, as where it was put back, else something else. Negative
 * errno.
 */
enum ledger_standing { STANDS_SO, STANDS_APPROVED, STANDS_OTHER };
int ledger_standing(struct ledger *l, const struct json *finding, const struct json *change);
/* The newest fact at or before a time, 0 where there is none. Negative errno. */
int64_t ledger_seq_at(struct ledger *l, int64_t at_us);
/* The whole STATE (hinoban.facts(7)) of a path's state, or NULL in *out. */
int ledger_state(struct ledger *l, struct arena *a, struct slice root, struct slice path,
                 const struct table_state *want, const struct json **out);
/*
 * When was `path` last known as approved, and first seen otherwise, before or at the
 * finding `seq`? Times in microseconds, 0 where unknown; seqs of the facts that say so.
 */
struct ledger_since {
	int64_t good_us, good_seq, bad_us, bad_seq;
};
int ledger_since(struct ledger *l, int64_t finding_seq, struct ledger_since *out);

/*
 * Pages. A load: one version of one script on one page in one way of visiting, over visits
 * without a break. Times in microseconds, seqs of the facts that prove them.
 */
struct ledger_load {
	struct slice page, arm, url, host, hash, structure, party, made_by; /* borrowed */
	int64_t first_record, last_record; /* page.record facts */
	int64_t first_us, last_us;         /* seen, first and last */
	int64_t first_seq, last_seq;       /* page.checked facts */
	int64_t visits;                    /* that saw it */
	/* It may have been there since the visit before it was seen first, and up to the one
	 * after it was seen last; 0: no such visit. */
	int64_t maybe_from_us, maybe_to_us;
	bool card, person, password; /* the page asked for such data meanwhile */
};
struct ledger_loads_query {
	struct slice host; /* it and the hosts below it; empty: any */
	struct slice hash; /* of the content, or its structural hash; empty: any */
	bool now;          /* only what the newest records have */
};
typedef int ledger_load_fn(void *ctx, const struct ledger_load *load); /* non-zero ends */
int ledger_loads(struct ledger *l, const struct ledger_loads_query *q, ledger_load_fn *fn,
                 void *ctx);

/* How often a page was visited in one way. */
struct ledger_visits {
	struct slice page, arm;    /* borrowed */
	int64_t record;            /* the newest page.record */
	int64_t first_us, last_us; /* good visits */
	int64_t good, failed;
	int64_t longest_gap_us; /* between two good visits in a row that saw different things */
	bool card, person, password;
};
typedef int ledger_visits_fn(void *ctx, const struct ledger_visits *v);
int ledger_visits(struct ledger *l, ledger_visits_fn *fn, void *ctx);

struct ledger_head {
	int64_t size, at_us;
	int64_t before; /* size of the head signed before this one, 0 for the first */
	struct hash root;
	uint8_t sig[64]; /* Ed25519 over the head's canonical JSON, see ledger/tree.h */
};
/* Newest signed head. -ENOENT before the first. */
int ledger_head(struct ledger *l, struct ledger_head *out);
/* Proofs as JSON documents (hinoban.facts(7)); -ENOENT for a seq or size that isn't there. */
int ledger_proof(struct ledger *l, int64_t seq, struct buf *out, struct err *e);
int ledger_consistency(struct ledger *l, int64_t from, int64_t to, struct buf *out,
                       struct err *e);

/*
 * Check everything. fault() is called for each fault found; returns how many, or -errno.
 * witness: signed heads as a witness kept them, one a line, or NULL; -EINVAL: it holds none.
 */
typedef void ledger_fault_fn(void *ctx, int64_t seq, const char *what);
typedef void ledger_progress_fn(void *ctx, int64_t done, int64_t all);
int64_t ledger_verify(const char *state_dir, FILE *witness, ledger_progress_fn *progress,
                      ledger_fault_fn *fault, void *ctx, struct err *e);
/* Throw the views away and compute them anew; *differs: whether the old ones were other. */
int ledger_rebuild(const char *state_dir, ledger_progress_fn *progress, void *ctx,
                   bool *differs, struct err *e);

/* The vault: a read-only memfd with the content, verified, or -ENOENT, -EBADMSG. */
int ledger_content(struct ledger *l, const struct hash *h);
/* Is it there? 1, 0 or -errno. */
int ledger_kept(struct ledger *l, const struct hash *h);

/* The two key files, held against each other and against what fact 1 names. */
enum ledger_keys {
	LEDGER_KEYS_GOOD,
	LEDGER_KEY_LOST, /* ledger.key is missing or damaged: nothing can be signed */
	LEDGER_PUB_LOST  /* ledger.pub is: nothing can be checked */
};
/* One of these, with what is wrong in e; negative where they can't be looked at. */
int ledger_keys(const char *state_dir, struct err *e);

/*
 * A first look at the vault's files: are they there, as long as recorded, does the first record
 * begin as one? ledger_vault_verify reads all. 1: something is wrong, told in e.
 */
int ledger_vault_glance(struct ledger *l, struct err *e);

/* What the vault holds and takes. */
struct ledger_vault_stat {
	int64_t contents, content_bytes,
	    packed_bytes; /* kept; as they are; as they lie there */
	int64_t packs, pack_bytes,
	    gone_bytes;  /* files; what they take on the disk; of it dropped */
	int64_t dropped; /* contents, ever */
	int64_t collected_seq, collected_us; /* the newest vault.collected, or 0 */
};
int ledger_vault_stat(struct ledger *l, struct ledger_vault_stat *out);
/* How long, and how much: gc.h. 0: no limit. */
struct ledger_vault_limits {
	int64_t keep_us, evidence_us, max_bytes;
};
struct ledger_vault_plan {
	int64_t contents, bytes;   /* before */
	int64_t current, evidence; /* held for good; as evidence */
	int64_t dropped, freed;    /* contents, bytes */
	bool over;                 /* more than max_bytes must be held */
};
/* What would be dropped now. */
int ledger_vault_plan(struct ledger *l, const struct ledger_vault_limits *limits,
                      struct ledger_vault_plan *out, struct err *e);
/* Seq of the newest fact that tells of the drop of a content, 0 where none does. */
int64_t ledger_dropped(struct ledger *l, const struct hash *h);
/* As ledger_content, but the zstd frame. */
int ledger_content_packed(struct ledger *l, const struct hash *h);
/* Of ledger_verify only what concerns the vault. */
int64_t ledger_vault_verify(const char *state_dir, ledger_progress_fn *progress,
                            ledger_fault_fn *fault, void *ctx, struct err *e);

/* Make state directory, key, database. -EEXIST if one is there. Run as root or as the owner. */
int ledger_create(const char *state_dir, struct err *e);
/*
 * Root: make all of a state directory the ledger's user's, as ledger_create does. After a
 * restore on another machine, or where the users came later, the numbers are others.
 */
int ledger_own(const char *state_dir, struct err *e);

#endif
