/*
 * fence: the program that keeps web workers from the shop's code in the kernel itself, where
 * the kernel takes BPF programs for it. This header joins its parts:
 *
 *   fence.c          beginning and end, what the ledger tells
 *   fence_load.c     the kernel's half (fence.bpf.c): loaded, tried, joined by shared memory
 *   fence_mark.c     which inodes are code
 *   fence_worker.c   which users and cgroups are web workers
 *   fence_tell.c     what the kernel refused becomes facts; where workers connect to is learnt
 *
 * The kernel decides alone and at once; nothing waits for this process. While it is dead the
 * fence is down, and the keeper starts it anew. All that needs rights comes before the seal;
 * from then on it writes into memory that the kernel's half reads, and opens paths (O_PATH)
 * to mark them. Where the kernel takes no programs it says why in a fact, and idles.
 */
#ifndef HINOBAN_SENSE_FENCE_H
#define HINOBAN_SENSE_FENCE_H

#include "conf/roots.h"
#include "sense/fence_kernel.h"
#include "sense/look.h"
#include "sense/procs.h"
#include "sense/state.h"
#include "sense/who.h"
#include "wall/wall.h"

#define FENCE_WORKERS_US 5000000 /* how often cgroups of web workers are looked for */
#define FENCE_QUIET_US   1000000 /* the same act on the same thing is told at most so often */

struct fence_folder {
	struct slice path; /* raw, owned */
	uint32_t root;
	uint32_t next; /* in its row; 0: none */
	bool shared;   /* data lies in it */
};

struct fence_load;

struct fence {
	const struct conf *conf;
	struct loop *loop;
	struct post *post;
	struct procs *procs;
	struct who *who;
	struct state *state;
	struct fence_load *load;   /* NULL: there is no fence */
	struct fence_rules *rules; /* the kernel's memory, or NULL */
	char why[256];             /* why there is none */
	enum conf_mode mode[ROLES];
	enum fence_connect connect;
	int root_fd[CONF_MAX_ROOTS];
	int ledger; /* slot, or -1 */
	bool ready; /* the table has come */
	bool marked;
	struct fence_folder *folder; /* 1..folders; the number is what a mark carries */
	uint32_t folders, folders_max;
	uint32_t *row;
	uint64_t marks, unmarked; /* of files and folders; those that could not be */
	uint32_t fixed;           /* the first peers are from the settings */
	int64_t workers_us;
	struct arena mem;
	struct buf path;
};

/* fence_load.c */
/* How the kernel's half is called: as an LSM, or before the functions that ask the LSMs. */
enum fence_way { FENCE_BY_LSM, FENCE_BY_FUNCTIONS };

/*
 * Load, attach, try: as an LSM, and where that can't be had, before the functions. 0; or -errno
 * with a sentence. Needs CAP_SYS_ADMIN (or BPF and PERFMON).
 */
int fence_load(struct fence_load **out, struct err *e);
void fence_unload(struct fence_load *l);
enum fence_way fence_load_way(const struct fence_load *l);
struct fence_rules *fence_load_rules(struct fence_load *l);
/* To be polled; readable while events wait. */
int fence_load_fd(const struct fence_load *l);
typedef void fence_event_fn(void *ctx, const struct fence_event *e);
void fence_load_serve(struct fence_load *l, fence_event_fn *fn, void *ctx);

/* fence.c */
int fence_make(struct fence *f, const struct conf *c, struct err *e);
void fence_join(struct fence *f, int keeper);
void fence_done(struct fence *f);

/* fence_mark.c */
/* All of the roots. */
void fence_mark_all(struct fence *f);
/* A path has changed. */
void fence_mark_path(struct fence *f, uint32_t root, struct slice path);
/* The folder with this number; NULL: none. */
const struct fence_folder *fence_folder_at(const struct fence *f, uint32_t number);
void fence_folders_free(struct fence *f);

/* fence_worker.c */
/* By name, before the seal. */
void fence_worker_users(struct fence *f);
/* Those of services in which a web worker's program runs. */
void fence_worker_groups(struct fence *f);

/* fence_tell.c */
void fence_tell_mode(struct fence *f);
void fence_tell_event(void *ctx, const struct fence_event *e);
/* Addresses that the settings allow, and this machine's own. -EINVAL with a sentence. */
int fence_peers_begin(struct fence *f, struct err *e);
/* A fence.learnt of the ledger. */
void fence_peer_learnt(struct fence *f, const struct json *fact);

#endif
