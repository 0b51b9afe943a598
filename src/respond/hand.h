/*
 * hand: the only process that alters files of the shop. It acts on orders that stand in
 * the ledger, one after the other, by a closed table of verbs (hand.c), and answers each
 * with a deed. What it writes it takes from the vault; it parses nothing but orders.
 *
 *   hand.c    neighbours, orders, deeds
 *   folder.c  the folders on the way to a path, made and dressed as approved
 *   heal.c    the approved state of a path is put back
 *   fresh.c   a file that was just put back is kept from being written to at once
 *   held.c    an open file whose opener waits is made to show approved content only
 *   take.c    what has no approval is taken away
 *   memory.h  what the next hand must know
 *   contain.h what a person has held, stopped, frozen or isolated
 *
 * Paths are walked name by name from the root, never through a link (base/path.h): the
 * intruder may move folders under the hand's feet, and gets at most a failed deed.
 */
#ifndef HINOBAN_RESPOND_HAND_H
#define HINOBAN_RESPOND_HAND_H

#include "base/path.h"
#include "conf/conf.h"
#include "fact/version.h"
#include "respond/memory.h"
#include "respond/respond.h"
#include "wall/wall.h"
#include <sys/stat.h>

#define HAND_FOLDER     "hand" /* in the state directory: files on their way into the shop */
#define TAKEN_NAME      ".hinoban-%lld-%llu.taken" /* what was moved there: order, inode */
#define TAKEN_BYTES     64
#define HAND_MAX_MADE   256    /* files that were put back last */
#define HAND_MAX_FRESH  128    /* of a moment; of more the oldest goes early */
#define HAND_MAX_JOBS   16384  /* the gate lets fewer wait; what is dropped is swept up by it */
#define HAND_HELD_US    300000 /* an order that names a held file waits for it so long */
#define HAND_LATER_US   500000
#define HAND_CONTENT_US 3000000 /* and for the ledger's content so long */

/* An order, and what it needs. */
struct hand_job {
	struct hand_job *next;
	int64_t seq, since_us;
	int64_t not_before_us; /* after a deed that has to come later */
	struct arena mem;
	struct json *order;   /* NULL: the held file came first */
	struct json *state;   /* STATE of the approved version, as recorded; or NULL */
	int content;          /* its content, or -1 */
	bool kept;            /* the vault has the content that the order says is present */
	int held;             /* the file whose opener waits, or -1 */
	bool asked, answered; /* the ledger, for the content */
	bool held_came;
};

/* What came of it. */
struct hand_deed {
	bool done;
	bool later;                /* not yet: the order is tried again in a moment */
	bool clean;                /* the held file shows approved content only, for good */
	struct inode_version made; /* the file that stands there from now on; changed_us 0: none
	                              was made, or it may be altered by now */
	const char *how;           /* as hinoban.facts(7) lists them */
	char why[160];             /* where it is not done */
};

/* What containment needs, opened before the seal; contain.h. */
#define CONTAIN_MAX_DEPTH  32
#define CONTAIN_HOME_BYTES 100
struct contain {
	int flags;      /* folder */
	int groups;     /* where control groups are, or -1 */
	int net, apart; /* netlink: this machine's network; an empty one; or -errno */
	uint64_t own[CONTAIN_MAX_DEPTH]; /* inodes of our own group and those around it */
	int owns;
	int64_t isolated;              /* seq of the order that isolates the machine, or 0 */
	char home[CONTAIN_HOME_BYTES]; /* which installation this is, for the table's comment */
};

/* A held inode that was made unalterable: given back once nobody waits for it. */
#define HAND_MAX_FROZEN MEMORY_CLOSED

#define HAND_MAX_WEB    16
#define HAND_MAX_GROUPS 64

struct hand {
	const struct conf *conf;
	uid_t web[HAND_MAX_WEB]; /* who the web workers are */
	size_t webs;
	gid_t group[HAND_MAX_GROUPS]; /* and which groups they are in */
	size_t groups;
	struct loop *loop;
	struct post *post;
	int ledger, gate; /* slots, or -1 */
	int folder;       /* HAND_FOLDER, open */
	int again;        /* eventfd: there is more to do */
	int root_fd[CONF_MAX_ROOTS];
	int64_t roots_us; /* when it was looked whether they are still those */
	bool anew; /* another folder stands in a root's place, and an order is for there */
	struct hand_job *job;
	size_t jobs;
	struct hand_frozen {
		int fd;
		int64_t since_us; /* last closed for somebody */
		int64_t due_us;   /* then it is looked at whether it may be given back */
	} frozen[HAND_MAX_FROZEN];
	int frozens;
	struct inode_version made[HAND_MAX_MADE]; /* a ring */
	unsigned mades;
	struct hand_fresh {
		int fd;
		int64_t due_us;
	} fresh[HAND_MAX_FRESH]; /* the oldest first */
	int freshes;
	struct memory
	    memory; /* its closed files are at the places that they have in `frozen` */
	struct contain contain;
	struct arena mem;
	struct buf path;
};

int hand_make(struct hand *h, const struct conf *c, const char *state, struct err *e);
void hand_join(struct hand *h, int keeper);
void hand_done(struct hand *h);

/* A path of an order, and the folder that holds it. */
struct hand_place {
	uint32_t root;
	int dir;        /* owned */
	char name[256]; /* in dir */
	/* What `make` has found of the folders on the way, the root among them: */
	bool shared;  /* others than a web worker and root may move things there */
	bool web;     /* a web worker may come past all of them, as approved */
	bool strange; /* one that only some may enter is not the one that was approved */
};
/*
 * 0 or -errno; fills deed->why on failure. With `make`, folders that lack on the way are made,
 * and those that are not as approved dressed: -EPERM where one may not be.
 */
int hand_place(struct hand *h, const struct hand_job *j, bool make, struct hand_place *out,
               struct hand_deed *deed);
int hand_fail(struct hand_deed *deed, int r, const char *what);
/* The bytes of two open files are equal. */
bool hand_same_bytes(int a, int b);

bool hand_is_web(const struct hand *h, uid_t uid);
/* May a web worker do this (S_IROTH or S_IWOTH), by its owner, group and mode? */
bool hand_web_may(const struct hand *h, const struct stat *st, mode_t others);
/*
 * Could a web worker have removed this, which stands at the place? Else whoever moved its
 * folder into the shop has us do what he can't: a file of another's in a sticky folder, or in
 * a folder of root's.
 */
bool hand_web_removes(const struct hand *h, const struct hand_place *p, const struct stat *st);
/* A name for it in our folder, which nothing else that was moved there has. */
void hand_taken_name(const struct hand_job *j, const struct stat *st, char out[TAKEN_BYTES]);

/* folder.c: opens what holds `path`, for hand_place(). `folders`: of the order. */
#define FOLDER_FOREIGN (-1000000) /* one may not be dressed */
int folder_way(struct hand *h, int root, struct slice path, const struct json *folders,
               struct hand_place *out);
/*
 * May the open folder get the approved owner and mode? `recorded`: device and inode of the
 * approved one, or NULL. `shared`: others than a web worker may have moved it there.
 */
bool folder_may_dress(struct hand *h, int fd, const struct table_state *good,
                      const struct table_entry *recorded, bool shared);
bool folder_rights_as(int fd, const struct table_state *good);

/* The verbs. */
void heal_run(struct hand *h, struct hand_job *j, struct hand_deed *deed);
void take_run(struct hand *h, struct hand_job *j, struct hand_deed *deed);
void contain_run(struct hand *h, struct hand_job *j, struct hand_deed *deed);

/* fresh.c: open what is about to be put in its place, under a lease. A descriptor, or -1. */
int fresh_open(int room, const char *name);
/* It stands there now (fd, taken over), as `out` says: hand_deed's `made`. */
void fresh_put(struct hand *h, int fd, struct inode_version *out);
/* We are going to write to this file ourselves. */
void fresh_yield(struct hand *h, int fd);
void fresh_tick(struct hand *h, bool all);

/* held.c: true if the open file can show nothing but `content` from now on. Anew: it is written
 * once more where it shows that already. */
bool held_clean(struct hand *h, int held, int content, bool anew);
/* Is this open file that one? -1: no. */
bool held_is(int fd, const struct stat *st);
/* Can a file on this filesystem be closed to who has it open for writing already? */
bool held_closes(int fd);
/* Is this file closed at present, for somebody who may be reading it? */
bool held_closed(const struct hand *h, int fd);
/* Take the flag off that makes a file unalterable, where it is ours, or put it on again. */
void held_open_up(int fd);
void held_close(int fd);
/* Nothing can take the place of this file for some seconds, where files can be closed. */
void held_keep(struct hand *h, int dir, const char *name);
/* Those that a hand before us left so are ours from now on. Before the seal. */
void held_begin(struct hand *h);
/* Give back inodes that were made unalterable and still have a name. */
void held_tick(struct hand *h, bool all);

#endif
