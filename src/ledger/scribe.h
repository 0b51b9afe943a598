/*
 * scribe: the life of hinoban-ledger, the only writer.
 *
 * Drafts are gathered from all senders, in the order they came in, and written in
 * batches: one transaction, one signed head, then the acknowledgements. While the disk is
 * full the batch waits and is tried again every second; senders hold at most a window of
 * unacknowledged drafts (post.h), so what waits is bounded. What a person orders does not wait:
 * it is refused, so that nothing is done later that was told not to have been. One order is
 * taken: vault.gc, which makes room. It is recorded and done with the reserve's (reserve.h),
 * alone; what waits goes on when it has ended.
 */
#ifndef HINOBAN_LEDGER_SCRIBE_H
#define HINOBAN_LEDGER_SCRIBE_H

#include "ledger/heard.h"
#include "ledger/recall.h"
#include "ledger/witness.h"
#include "wall/loop.h"

#define SCRIBE_SENDERS       64
#define SCRIBE_SENDER_BYTES  96
#define SCRIBE_CLIENTS       16 /* connections to the control socket at a time */
#define SCRIBE_SYNCS         16
#define SCRIBE_PUSHED        256   /* facts on their way to the judge */
#define SCRIBE_BATCH         2048  /* drafts in a transaction */
#define SCRIBE_WAITING       16384 /* drafts in memory */
#define SCRIBE_WAITING_BYTES (256u << 20)
#define SCRIBE_TICK_MS       100
#define SCRIBE_REST_MS       500
/*
 * Each commit writes the same few pages of trees and indices anew and waits for the disk. So
 * after a batch of SCRIBE_FLOOD or more the next one waits until it is ripe, at most
 * SCRIBE_LINGER_US from its first draft; a single change never waits. SCRIBE_RIPE is less
 * than a sender's window (post.c), which is filled again while the batch is written.
 */
#define SCRIBE_FLOOD     64
#define SCRIBE_RIPE      512
#define SCRIBE_LINGER_US 20000

enum scribe_peer {
	PEER_KEEPER,
	PEER_GUARD,
	PEER_JUDGE,
	PEER_DESK,
	PEER_GATE,
	PEER_HAND,
	PEER_FENCE,
	PEER_HERALD,
	PEER_VISITOR,
	PEER_COLLECTOR,
	PEER_COMMAND, /* a one-shot command's own ledger */
	PEER_CLIENT,  /* of the control socket */
	PEER_KINDS
};

/* One who sends drafts; outlives its socket. */
struct scribe_sender {
	char name[SCRIBE_SENDER_BYTES]; /* "": free */
	int slot;                       /* -1: gone for now */
	int64_t last, seq;              /* newest committed draft, and its fact */
	int64_t queued;                 /* newest that came in */
	size_t waits;                   /* drafts of it that wait */
	bool touched;                   /* in the running batch */
};

struct scribe_item {
	struct scribe_sender *sender; /* NULL: our own, or the judge's */
	enum scribe_peer peer;
	uint64_t id; /* of the draft; of the fact judged */
	bool judged; /* an array of findings */
	int fd;      /* content for the vault, or -1 */
	int64_t uid; /* who said it, through the control socket; else -1 */
	uint8_t *body;
	size_t n;
	/* Outcome: */
	int64_t seq; /* > 0: put; 0: refused */
	bool word;
	bool gc; /* it asks to go through the vault */
	char why[160];
};

struct scribe_slot {
	bool used;
	enum scribe_peer peer;
	struct scribe_sender *sender;
	int64_t uid; /* client: who it is */
};

struct scribe_sync {
	bool used;
	int slot;      /* the client's; -1: gone */
	uint64_t id;   /* the client's */
	uint64_t mark; /* ours, told to the guard; 0: not yet told */
	int64_t upto;  /* judged up to here is enough; 0: the guard hasn't answered; -1: nobody
	                  judges */
};

struct gc;

struct scribe {
	struct loop *loop;
	struct store *store;
	struct witness *witness;
	struct arena mem;
	struct buf body;
	struct scribe_item *item; /* waiting drafts, a ring of SCRIBE_WAITING */
	size_t first, items, bytes;
	struct scribe_sender sender[SCRIBE_SENDERS];
	struct scribe_slot slot[LOOP_MAX_PEERS];
	struct scribe_sync sync[SCRIBE_SYNCS];
	uint64_t marks;
	int listen;    /* control socket or -1 */
	int64_t owner; /* uid of the state directory */
	int64_t group; /* gid of the group hinoban, or -1 */
	bool keeper;   /* there is one: guard and judge will come */
	/*
	 * The judge: what it needs to remember (recall.h), then all facts behind the cursor.
	 * Verdicts on what was judged before are passed over.
	 */
	int judge, guard, hand, visitor; /* slots or -1 */
	struct scribe_hearer {
		int slot;    /* or -1 */
		bool behind; /* too much waits for it: it must ask for the table again */
	} gate, fence;
	struct scribe_herald {
		int slot; /* or -1 */
		struct heard heard;
		bool told; /* it knows that this was all */
	} herald;
	int64_t *news; /* seqs of this batch that one of these or the hand wants to hear */
	size_t news_n, news_max;
	struct recall recall;
	int64_t pushed;                /* newest on this connection; 0: none */
	int64_t flying[SCRIBE_PUSHED]; /* of these the ones without a verdict, a ring */
	size_t flies, flies_at;        /* how many, and where the oldest is */
	int64_t judged, cursor;        /* newest verdict that came in; newest committed */
	/* collect.c */
	struct gc *gc; /* under way, or NULL */
	struct ledger_vault_limits limits;
	int64_t gc_next_us, gc_due_us, reserve_us;
	bool making_room; /* it has the reserve's room, and nobody else is to take of that */
	bool full;        /* the batch waits; put it again from time to time */
	bool no_room;     /* because the disk is full */
	int64_t full_since, retry_us, kept_us, durable_us;
	bool flood;      /* the last batch was large */
	int64_t came_us; /* when the oldest draft that waits came in */
};

struct scribe *scribe_new(struct store *st, struct witness *w);
void scribe_free(struct scribe *r);
extern const struct loop_handlers scribe_handlers;

/* batch.c */
/* Queue a draft; body and fd are taken over on success. False: no room. */
bool batch_add(struct scribe *r, const struct scribe_item *item, struct slice body);
/* Our own drafts. */
void batch_own(struct scribe *r, const struct json *draft);
/* Is it time to commit? If not, the loop turns again when it will be. */
bool batch_ripe(struct scribe *r);
/* Commit what waits. True when nothing waits any more. */
bool batch_commit(struct scribe *r);
/*
 * Somebody waits for an answer: where the disk was full, is there room again? If not, what
 * persons ordered and what asks for a SYNC is refused.
 */
void batch_room(struct scribe *r);
/* What such a refusal says. */
extern const char batch_no_room[];

/* subscribers.c */
void subscribe_judge(struct scribe *r, int slot);
void subscribe_guard(struct scribe *r, int slot);
/*
 * The gate and the fence: all modes ever set, deploys under way; the fence also what it learnt
 * before. The hand: orders that no deed answers.
 */
void subscribe_gate(struct scribe *r, int slot);
void subscribe_fence(struct scribe *r, int slot);
void subscribe_hand(struct scribe *r, int slot);
/* The herald hears what it may tell, from the first fact on, each time that it begins anew. */
void subscribe_herald(struct scribe *r, int slot);
/* The visitor: the newest record of each page and arm; what was asked and not answered. */
void subscribe_visitor(struct scribe *r, int slot);
/* This fact of the batch is put: remember it where the gate or the hand wants to hear it. */
void subscribers_note(struct scribe *r, const struct json *fact, int64_t seq);
/* The batch was rolled back. */
void subscribers_forget(struct scribe *r);
/* Push to the judge what its window lets go; tell clients whose SYNC is reached. */
void subscribers_pump(struct scribe *r);
/* A batch is committed: words to the guard, the new size to the desk. */
void subscribers_committed(struct scribe *r, const struct scribe_item *item, size_t n);
void subscriber_judged(struct scribe *r, struct msg *m);
void sync_begin(struct scribe *r, int slot, uint64_t id);
void sync_from_guard(struct scribe *r, uint64_t mark);
void sync_gone(struct scribe *r, int slot);
/* There is no room: nobody waits for it. */
void sync_refuse_all(struct scribe *r);

/* collect.c */
/* A word asked for it; it begins anew. */
void collect_asked(struct scribe *r, int64_t word);
/*
 * Give it the reserve's room: nothing else is committed until collect_end(). False: there is
 * none.
 */
bool collect_room(struct scribe *r);
/* It has ended, or could not be begun: what waits may go on. */
void collect_end(struct scribe *r);
void collect_tick(struct scribe *r);
/* See to it that the reserve is there. Cheap: call it now and then. */
void collect_reserve(struct scribe *r);

/* control.c */
/* Bind <state>/run/ledger.sock: before the seal. */
int control_open(struct scribe *r, struct err *e);
int control_watch(struct scribe *r);

#endif
