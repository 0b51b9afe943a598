/*
 * guard: the program that watches. This header joins its parts:
 *
 *   guard.c     beginning and end, neighbours, words from the ledger
 *   hear.c      fanotify events -> suspects
 *   patrol.c    walks: at start, into new folders, after an overflow -> suspects
 *   suspect.c   paths to be looked at: one look after the other, to a fact
 *   request.c   the web request behind a change
 *
 * What flows: an event or a walk names a path that may have changed. It becomes a suspect,
 * at most one per path; whatever else is heard of it meanwhile only makes it look again.
 * So a storm of writes costs one look at a time, the first altered byte is told at once,
 * and the last state is always looked at.
 */
#ifndef HINOBAN_SENSE_GUARD_H
#define HINOBAN_SENSE_GUARD_H

#include "conf/roots.h"
#include "sense/foreign.h"
#include "sense/look.h"
#include "sense/marks.h"
#include "sense/places.h"
#include "sense/pool.h"
#include "sense/procs.h"
#include "sense/state.h"
#include "sense/who.h"
#include "wall/wall.h"

#define GUARD_MAX_SYNCS 64

struct suspects;
struct patrol;
struct requests;

/* Why a path is to be looked at. */
struct cause {
	int64_t seen_us;
	struct json *who; /* in the guard's `mem`, or NULL */
	bool worker;      /* a web worker did it */
	bool content;     /* it may have been written: read it even if it looks as recorded */
	bool scan;        /* found by a walk */
	int64_t deploy;   /* seq, or 0 */
	bool stranger;    /* not of the deploy that is under way, nor root, nor its user */
	bool wrote;       /* bytes of it, as far as the kernel tells (no mapping) */
	struct slice renamed_from;
};

struct guard_sync {
	uint64_t id;
	uint64_t until; /* suspects up to this number must be done */
	int64_t posted; /* facts up to this one must be acknowledged; -1: not known yet */
};

struct guard {
	const struct conf *conf;
	struct loop *loop;
	struct post *post;
	struct pool *pool;
	struct marks *marks;
	struct places *places;
	struct foreign *foreign;
	struct procs *procs;
	struct who *who;
	struct state *state;
	struct suspects *suspects;
	struct tainted *tainted;
	struct patrol *patrol;
	struct requests *requests;
	int root_fd[CONF_MAX_ROOTS]; /* -1: the root is not there */
	int ledger;                  /* slot, or -1 */
	int reader_slot[POOL_MAX_READERS];
	bool watching; /* the table has come, marks are set */
	bool baseline; /* nothing was recorded: this is the first inventory */
	/* Nothing was recorded of this root: its first walk writes file.baseline. */
	bool first[CONF_MAX_ROOTS];
	bool stopping, said_stopped;
	int64_t posted, acknowledged;
	struct guard_sync sync[GUARD_MAX_SYNCS];
	int syncs;
	struct arena mem; /* one event or draft */
	struct buf path, path2;
	struct path_near near; /* forgotten at each event about a folder, and at each tick */
};

/* guard.c */
/* Open all that needs rights (roots, fanotify, the connector): before the seal. */
int guard_make(struct guard *g, const struct conf *c, struct err *e);
/* Make the loop. */
int guard_join(struct guard *g, int keeper);
void guard_done(struct guard *g);
/* Post a draft made in g->mem; it is counted. fn(arg, seq) once committed, may be NULL. */
typedef void guard_seq_fn(void *arg, int64_t seq);
void guard_post(struct guard *g, const struct json *draft, int fd, guard_seq_fn *fn, void *arg);
/* Is there room for more drafts? If not, looks wait. */
bool guard_has_room(const struct guard *g);
void guard_check_syncs(struct guard *g);

/* Handles name files of this filesystem; -1: none of our roots lies on it. */
int patrol_mount(const struct guard *g, struct slice handle);

/* hear.c: read and act on what fanotify has queued. */
void hear_all(struct guard *g);
/* After this call all that had happened before it is among the suspects. */
void hear_drain(struct guard *g);

/* patrol.c */
struct patrol *patrol_new(void);
void patrol_free(struct patrol *p);
/* A root that is not there is told by the first walk. */
void patrol_open_roots(struct guard *g);
/* Set marks on all roots and hold everything against the table. */
void patrol_walk(struct guard *g, const char *reason);
/* A folder has appeared: learn it and all below it. */
void patrol_enter(struct guard *g, uint32_t root, struct slice path, const struct cause *c);
/* Is that watched folder, if this is its name, another by now, or gone? Then it has been opened
 * anew. */
bool patrol_root_moved(struct guard *g, uint32_t root, struct slice name);
/* Know this name's handle from now on. */
void patrol_learn(struct guard *g, uint32_t root, struct slice path, const struct sight *s,
                  int dirfd, const char *name);
/* A look that a walk asked for is over. */
void patrol_looked(struct guard *g, bool differed);
/* Once a second: roots that were replaced, mounts, the sweep. */
void patrol_tick(struct guard *g);
int patrol_watch_mounts(struct guard *g);

/* suspect.c */
struct suspects *suspects_new(void);
void suspects_free(struct suspects *s);
void suspect_add(struct guard *g, uint32_t root, struct slice path, const struct cause *c);
/* Begin looks, as many as readers and the ledger can take. */
void suspects_pump(struct guard *g);
void suspect_answered(struct guard *g, void *suspect, const struct json *answer);
size_t suspects_count(const struct suspects *s);
/* The number of the newest, and of the oldest that is not done (or newest + 1). */
uint64_t suspects_newest(const struct suspects *s);
uint64_t suspects_oldest(const struct suspects *s);

/* release.c: what a release leaves is approved, but not what it only found. */
struct tainted *tainted_new(void);
void tainted_free(struct tainted *t);
/* A release touched that without writing to it (moved, linked, rights, times): is it approved?
 */
bool release_approves(const struct guard *g, const struct look *k);
/* Somebody wrote to this file. */
void release_wrote(struct guard *g, struct slice handle, bool deploy);
/* A file of this path and handle (or none) is moved: has a release written it, or is it as
 * approved? */
bool release_brought(const struct guard *g, struct slice handle, uint32_t root,
                     struct slice path);
/* This was made by somebody whom no release knows. */
void release_taint(struct guard *g, enum role role, const struct table_state *s);
/* And this is approved by a person. */
void release_clear(struct guard *g, const struct table_state *s);
/* From the table, at the start. */
void release_learn(struct guard *g);

/* request.c */
struct requests *requests_new(const struct conf *c);
void requests_free(struct requests *r);
/* A web worker changed this path: find the request. `path` is text. */
void requests_ask(struct guard *g, struct slice path, int64_t seen_us, int64_t seq);
/* The same once the number of its fact is known: for guard_post(). NULL: no memory. */
struct requests_asked *requests_will_ask(struct guard *g, struct slice path, int64_t seen_us);
void requests_on_seq(void *asked, int64_t seq);
void requests_lines(struct guard *g, const struct msg *m);
void requests_tick(struct guard *g);

#endif
