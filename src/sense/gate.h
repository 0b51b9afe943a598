/*
 * gate: the program that holds opens. This header joins its parts:
 *
 *   gate.c         beginning and end, neighbours, what the ledger tells
 *   gate_folder.c  whose opens are asked about
 *   gate_above.c   who stands in a root's place
 *   gate_where.c   where that is of which the kernel tells
 *   gate_sound.c   which files can't change any more
 *   gate_tell.c    what is said of it
 *   gate_path.c    which path it is, was or has become
 *   gate_index.c   what is known of a file that is opened
 *   gate_ask.c     the kernel asks: whose file is it, and is the answer known?
 *   gate_open.c    an open that waits: from the first look to the answer
 *   gate_late.c    an open that waited too long
 *   gate_cut.c     code that is cut by an open for reading; when each open is asked about
 *   gate_deploy.c  releases under way
 *   gate_guise.c   files that are opened under another name than is looked at
 *   gate_goal.c    where links of code led to
 *   gate_far.c     and to outside of the watched folders
 *   gate_linger.c  files that were replaced while a writer waited for them
 *   gate_order.c   what is to be done about a path: orders, and their deeds
 *   gate_again.c   what was not put right at once
 *   gate_contain.c what a person has contained: held paths, and orders from words
 *
 * What flows: the kernel asks (fanotify, FAN_OPEN_PERM on each watched folder). A file that
 * is as approved by its index entry, with no writer, is let through and never asked about
 * again (leases.h). What the index can't settle is hashed by the gate's own reader. What is
 * not approved waits until the guard has told who wrote it (file.changed), which becomes an
 * order; the hand carries it out and says whether the held file is clean. An open that
 * can't be settled in `hold.patience` is let through if it is as approved to the byte, and
 * refused if it is code and is not (a large file's hash may take a second more); else it
 * follows `hold.fail_closed`. A fact says so.
 *
 * The gate opens nothing of the shop and writes nothing anywhere: it can't wait for itself.
 * Opens by hinoban's own processes and by a deploy are let through at once. Its death lets
 * all that wait go (the kernel's rule), and the keeper starts it anew.
 */
#ifndef HINOBAN_SENSE_GATE_H
#define HINOBAN_SENSE_GATE_H

#include "base/inode.h"
#include "conf/roots.h"
#include "sense/events.h"
#include "sense/leases.h"
#include "sense/look.h"
#include "sense/opener.h"
#include "sense/places.h"
#include "sense/pool.h"
#include "sense/procs.h"
#include "sense/state.h"
#include "sense/who.h"
#include "wall/wall.h"

#define GATE_DEPLOY_LATE_US 3000000 /* what a deploy wrote last is told a little later */
#define GATE_MAX_WRITES     256
#define GATE_MAX_HELD       4096
#define GATE_MANY_HELD      64
#define GATE_MAX_ORDERS     4096
#define GATE_TELL_US        400000  /* the guard tells of a change that it heard within this */
#define GATE_ORDER_US       5000000 /* an order without an answer is forgotten */
#define GATE_HURRY_US       20000   /* of a tick, for opens that wait */
#define GATE_TRIES          4       /* decisions on one open, then a pause of a tick */
#define GATE_UNSAFE         3 /* so often an open that could not be made safe is tried anew */
#define GATE_SWEEP_US       2000000 /* between two sweeps, doubling to GATE_SWEEP_MAX_US */
#define GATE_SWEEP_MAX_US   600000000
#define GATE_SWEEP_MOST     1024    /* orders of one sweep */
#define GATE_QUIET_US       1000000 /* refused readers, and writers, of a path are told so often */

enum held_step {
	HELD_READING, /* its content is with the reader */
	HELD_TELLING, /* the guard will tell of the change */
	HELD_PAUSED,  /* decided often enough for now */
	HELD_UNSURE,  /* its thread is not yet asleep: how it opens can't be read */
	HELD_ORDERED  /* the hand is at work on its path */
};

struct held {
	struct held *next, **link;
	enum asks asks; /* who wants the answer */
	int fd;
	pid_t tid;
	uint32_t root;
	enum role role;
	struct slice path; /* raw, owned */
	struct sight sight;
	struct hash hash;     /* once read */
	struct json *content; /* what the reader recognised; in `mem` */
	struct arena mem;
	enum lease lease;
	enum held_step step;
	int64_t since_us, due_us;
	int64_t order; /* seq of the order that goes with this descriptor, or 0 */
	struct hash_state
	    *late; /* gate_late.c is at it, or NULL: so far, and what it was then */
	int64_t late_at;
	struct sight late_sight;
	int tries, unsafe;
	uint32_t round; /* of gate_hurry(), that it was met in */
	bool remade;    /* it has approved content, but may still change */
	bool answered;  /* only the reader's answer is still awaited */
	bool far;       /* it lies outside, where a link of code led */
	bool runs;      /* its content is a program */
	bool linked;    /* by a link of code to a file that is none */
	bool below;     /* the link is a folder's */
	bool unnamed;   /* which path its opener gave is still to be found out */
	bool unknown;   /* that can't be found out, and it may be code */
	bool planted;   /* a program among uploads: refused, unless a link led to it */
};

struct gate_order;

/* So long after some attacks that can't be seen before they begin opens are asked more. */
#define GATE_WARY_US (3600ll * 1000000)

/* A path that the hand was at: is it as approved after a while? */
#define GATE_MAX_AGAIN 256
#define GATE_AGAIN_US \
	200000 /* doubled while what the hand left is there, to GATE_SWEEP_MAX_US */
struct gate_again {
	uint32_t root;
	struct slice path; /* owned; empty: the place is free */
	struct sight left; /* what the hand could not remove; of class NONE: nothing */
	int64_t due_us, rest_us;
	int64_t asked_us; /* when there was last a reason to look */
};
/* So long at least: of refusals within GATE_QUIET_US only the first is told. */
#define GATE_AGAIN_LONG_US (2 * GATE_QUIET_US)

/* The hand may be done before the ledger's answer has come here. */
#define GATE_MAX_EARLY 64
struct gate_early {
	int64_t seq;
	bool clean, held, done;
};

/*
 * A file that stood unapproved under a path of code lately, itself or by way of a link, or that
 * was just moved there: an open of it may be one of that path, whatever it is called by now.
 */
#define GATE_MAX_GUISES 256
#define GATE_GUISE_US   2000000
struct gate_guise {
	uint32_t root;
	struct slice path; /* owned */
	uint64_t dev, ino;
	bool told; /* by the guard, as this very file; else just heard of */
	bool link; /* the path is a symbolic link: the file may be anybody's */
	int pin;   /* keeps the inode's number from being given to another file; or -1 */
	int64_t seen_us;
};

/*
 * Where a symbolic link that stood unapproved under a path of code led. Who resolves links by
 * himself opens the file by its own name, perhaps long after the link was put back: PHP keeps
 * what it found for realpath_cache_ttl, by default 120 s.
 */
#define GATE_MAX_GOALS 1024
#define GATE_GOAL_US   130000000
#define GATE_FAR       CONF_MAX_ROOTS /* in place of a root: outside of all of them */
struct gate_goal {
	uint32_t root, to_root;
	struct slice path, to; /* owned; a folder stands for all below it; far: absolute */
	int64_t seen_us;
};

/* A file that was code, and whose writer waits until it was read by who opened it before. */
#define GATE_MAX_LINGER 512 /* HOLDERS_FILES */
struct gate_linger {
	int fd; /* has the lease */
	uint64_t dev, ino, key;
	int64_t since_us, due_us;
	bool code;       /* it was approved code: those who opened it then read on */
	bool look, open; /* the look under way is for it too, and has found it open */
	bool read;       /* at the end of a look no process had it open */
};

/* A path that a person holds: nobody opens it, nor the file under another name. */
#define GATE_MAX_HOLDS 64
struct gate_hold {
	uint32_t root;
	struct slice path; /* raw, owned; a folder stands for all below it */
	uint64_t dev, ino; /* of the file that stood there when it was marked; 0: none */
	int64_t word;      /* seq */
	int64_t order;     /* that the hand try it; 0: not known yet */
	bool tried;        /* it has */
};

/* A process that a word has frozen, by its number and its start (ticks): another word is not
 * to freeze it as well, since whoever lifts one of the two would let it go on. */
#define GATE_MAX_FREEZES 64
struct gate_freeze {
	int64_t pid, started;
	int64_t word; /* seq; 0: our own, on its way */
};

/* A folder that appeared, whose own folders are still to be marked. */
struct gate_entered {
	struct gate_entered *next;
	uint32_t root;
	struct slice path; /* owned */
	int fd;            /* of one whose path is too long to be told, instead; else -1 */
};
#define GATE_MAX_UNHELD   64 /* links of code into /proc that are remembered */
#define GATE_MAX_NAMELESS 64 /* of these at once; more are walked without a pause */

struct gate {
	const struct conf *conf;
	struct loop *loop;
	struct post *post;
	struct pool *pool;
	struct procs *procs;
	struct who *who;
	struct state *state; /* as the ledger tells, from the guard */
	struct state *seen;  /* approved content, as opened here (gate_index.c) */
	struct leases *leases;
	struct inode_version *sound; /* gate_sound.c */
	enum conf_mode mode[ROLES];
	bool closed[ROLES]; /* what can't be decided in time is refused */
	int root_fd[CONF_MAX_ROOTS];
	struct places *places;    /* of folders, where their handles can't be opened */
	int group[ASKS];          /* fanotify: opens, by whose folders ask */
	int births;               /* fanotify: new folders */
	int above;                /* and who stands in a root's place */
	int ledger, hand, reader; /* slots, or -1 */
	bool ready;               /* the table has come */
	bool holding;             /* folders are marked */
	bool untold;              /* modes that hold once the folders are marked */
	bool begun;               /* the keeper was told that we are ready */
	struct gate_entered *entered;
	int nameless;                     /* of these such that are open */
	uint64_t unheld[GATE_MAX_UNHELD]; /* a ring of paths, by gate_path_key() */
	unsigned unhelds;
	int roots_left;     /* and such that are roots */
	int entering;       /* walks under way, one within the other */
	int64_t entered_us; /* opens were answered last in the midst of one */
	bool stale;         /* verdicts that were kept may be void */
	pid_t keeper;       /* whose children are our own processes */
	struct held *held;
	size_t helds;
	uint32_t round; /* of gate_hurry() */
	struct gate_order *order;
	size_t orders;
	struct gate_again again[GATE_MAX_AGAIN];
	int64_t sweep_us, sweep_rest_us;         /* the next sweep, and the rest after it */
	struct gate_early early[GATE_MAX_EARLY]; /* a ring */
	unsigned earlies;
	struct gate_deploy {
		int64_t seq;
		uid_t uid;
		bool alone; /* no web worker runs as this user */
		int64_t began_us;
	} deploy[PROCS_MAX_DEPLOYS];
	int deploys;
	struct gate_write {
		uint64_t dev, ino;
		int64_t at_us;
	} write[GATE_MAX_WRITES]; /* a ring: what a deploy was let open to write to it */
	unsigned writes;
	int64_t deployed_us;                      /* the last one ended then */
	struct gate_guise guise[GATE_MAX_GUISES]; /* a ring */
	unsigned guises;
	int64_t lost_until_us;                 /* some that came lately are not among them */
	int64_t links_until_us;                /* no link among them lives longer */
	int64_t linked_until_us;               /* a strange link of code stood, not long ago */
	struct gate_goal goal[GATE_MAX_GOALS]; /* a ring */
	unsigned goals;
	int64_t goals_until_us; /* none is younger */
	int64_t far_until_us;   /* what a link led to outside asks no longer than that */
	int fars;               /* marks there */
	int64_t cut_until_us;   /* code was cut by an open for reading, not long ago */
	struct gate_linger linger[GATE_MAX_LINGER];
	int lingers;
	struct gate_hold hold[GATE_MAX_HOLDS];
	int holds;
	struct gate_freeze freeze[GATE_MAX_FREEZES]; /* the oldest first */
	int freezes;
	struct arena mem;
	struct buf path, text; /* of the open that is asked about; of what the reader gets */
	struct buf moved;      /* of a file whose lease breaks, or that was renamed */
	struct buf led;        /* where a link leads */
	struct buf news;       /* the path that a fact or a DONE speaks of */
	struct buf meant;      /* of the code that a link led away from, or that was moved on */
};

/* gate.c */
/* All that needs rights: before the seal. */
int gate_make(struct gate *g, const struct conf *c, struct err *e);
void gate_join(struct gate *g, int keeper);
void gate_done(struct gate *g);
/* Begin or end to hold, as the modes say; walks the roots. What is asked about stays so. */
void gate_apply_modes(struct gate *g);
/* All that stands in the roots is held by now. */
void gate_holds(struct gate *g);
/* Draft of a sighting or order about a path. */
struct json *gate_draft(struct gate *g, const char *type, uint32_t root, struct slice path,
                        enum role role);

/* gate_deploy.c */
/* A word deploy.started; the same may come again. */
void gate_deploy_begin(struct gate *g, const struct json *word, int64_t seq);
void gate_deploy_end(struct gate *g, int64_t seq);
void gate_deploys_tick(struct gate *g);
/* Is a deploy under way, or was one until just now? */
bool gate_deploying(const struct gate *g);
/* Is it one of hinoban's processes, by whose child it is? */
bool gate_ours(const struct gate *g, const struct opener *o);
/* Our own processes are the keeper's children; a deploy may do what it likes. What it is going
 * to write to (`s`) is remembered. */
bool gate_trusts(struct gate *g, const struct opener *o, const struct sight *s);
/* Was a deploy let open this file just now, to write to it? */
bool gate_deploy_writes(const struct gate *g, const struct sight *s);
/*
 * Did a deploy that is under way make it so? It is the file of the deploy's user, touched
 * since the deploy began, and neither web workers nor anybody else can write to it, nor did a
 * stranger move it there. Of a large release the guard tells only seconds later.
 */
bool gate_deployed(const struct gate *g, const struct held *h);

/* gate_contain.c */
/* A word "contain" or "lift": make an order of it. */
void gate_contain_word(struct gate *g, const struct json *word, int64_t seq);
/* The hand has carried out this order: of a hold it has tried to open what is held. */
void gate_contain_done(struct gate *g, int64_t order);
/* A finding "file.contested": where the settings say so, hold the path or freeze who does it.
 */
void gate_contain_contested(struct gate *g, const struct json *finding, int64_t seq);
/* An order of an earlier gate that nobody lifted: what is held, is held. */
void gate_contain_again(struct gate *g, const struct json *order);
/* Held files ask by marks of their own; after folders_mark(). */
void gate_contain_mark(struct gate *g);
/* Who holds this file? `rel` NULL: it lies in no root. */
const struct gate_hold *gate_contain_of(const struct gate *g, const struct sight *s,
                                        uint32_t root, const struct slice *rel);
/* May this opener, one of hinoban's processes or not, open what is held? */
bool gate_contain_may(const struct gate *g, const struct opener *o, const struct gate_hold *c);

/* gate_folder.c */
int folders_open(struct gate *g);
/* All folders of the roots, or none. */
void folders_mark(struct gate *g);
/* The same for a root that is another by now. */
void folders_root(struct gate *g, uint32_t root);
void folders_unmark(struct gate *g);
/* A folder has appeared: its files are held too, and all below it once folders_walk() came. */
void folders_enter(struct gate *g, uint32_t root, struct slice path);
/* From on_idle: mark what lies below such folders. Meanwhile opens are answered. */
void folders_walk(struct gate *g);
/* Mark the new folders that the kernel tells of. */
void folders_serve(struct gate *g);

/* gate_above.c */
int gate_above_open(struct gate *g);
/* To be told of what comes to a folder on the way to a root, or leaves it. */
void gate_above_mark(struct gate *g);
/* We were. */
void gate_above_heard(struct gate *g);
/* Another folder in a root's place is held from now on. */
void gate_above_look(struct gate *g);

/* gate_sound.c */
bool gate_sound_begin(struct gate *g);
/* What the hand made, and when it was put there; what is let through. */
void gate_sound_put(struct gate *g, const struct inode_version *v);
void gate_sound_learn(struct gate *g, int fd);
bool gate_sound(const struct gate *g, int fd);

/* gate_where.c */
/* Before all folders are marked: none is known yet. */
void gate_where_none(struct gate *g);
void gate_where_root(struct gate *g, uint32_t root);
/* `name` is a folder in this one, which is known. */
void gate_where_folder(struct gate *g, int dir, const char *name);
/* A folder is gone from where it was. */
void gate_where_left(struct gate *g, struct slice handle);
/* Opens a folder of ours by its handle. A descriptor, the caller's, or -ESTALE. */
int gate_where_dir(struct gate *g, struct slice handle);
/*
 * What came to this name of a folder, opened with O_PATH. A descriptor, the caller's, or
 * -ESTALE: it is gone, or can't be found any more (then openers' own paths decide for a while).
 */
int gate_where_came(struct gate *g, struct slice handle, int dir, const char *name);

/* gate_path.c */
/* The path that the kernel tells of it, without " (deleted)". False: it is too long. */
bool gate_own_path(int fd, struct buf *out);
/*
 * The watched path of an open file, which stands in `at`; false: none of ours. While an open is
 * decided leases may break, and whose file that is is asked as well: not with the same `at`.
 */
bool gate_place(struct gate *g, int fd, const struct sight *s, struct buf *at, uint32_t *root,
                struct slice *rel);
/* Below which root does this whole path lie, and where? It may be another way to write it. */
bool gate_rooted(const struct gate *g, struct slice path, uint32_t *root, struct slice *rel);
/* Stands for the path of a file that lies in no root; no file bears it. */
#define GATE_OUTSIDE PATH_ROOT
bool gate_outside(struct slice path);
/* Is its path longer than the kernel tells? Whether it lies in a root is not known then. */
bool gate_nameless(int fd);
/*
 * Where does the path lead that this opener gave? Its path in the shop is good until the next
 * call. Unknown: it can't be read (o->hidden: not now), or leads nowhere by now.
 */
enum gate_word { GATE_WORD_UNKNOWN, GATE_WORD_ELSEWHERE, GATE_WORD_OURS };
#define GATE_WORD_NAMES 16 /* of a path, before it leads into the shop */
enum gate_word gate_word(struct gate *g, struct opener *o, struct slice given, uint32_t *root,
                         struct slice *rel);
/* From here on the held file is judged as one of this path. */
void gate_goes_by(const struct gate *g, struct held *h, uint32_t root, struct slice path);
/* What stands there now; where that can't be told, nothing. */
struct sight gate_sight(const struct gate *g, uint32_t root, struct slice path);
/* Does this path lead to that very file now? */
bool gate_leads_to(const struct gate *g, uint32_t root, struct slice path,
                   const struct sight *s);

/* Is what stands under its path by now as approved, and no release half done? */
bool gate_approved_there(const struct gate *g, const struct held *h);
/*
 * Was it renamed while it waited, as a release does with what is whole? Then it goes by its
 * new name from here on.
 */
bool gate_renamed(struct gate *g, struct held *h);
/* Was it opened just before a release put another in its place? It is what was asked for. */
bool gate_replaced(const struct gate *g, const struct held *h);

/* gate_index.c */
/* Is this file, untouched since it was looked at, known as approved for its path? */
bool gate_index_unaltered(const struct gate *g, uint32_t root, struct slice path,
                          const struct sight *s);
/* The same of its content alone, whatever became of its rights. */
bool gate_index_unwritten(const struct gate *g, uint32_t root, struct slice path,
                          const struct sight *s);
/* Is that certain without a read: was it looked at late enough after it was written? */
bool gate_index_clean(const struct gate *g, uint32_t root, struct slice path,
                      const struct sight *s);
/* The same of what changes all day and counts as approved from the guard's fact on: and the
 * judge has had the time to speak against it. */
bool gate_index_judged(const struct gate *g, uint32_t root, struct slice path,
                       const struct sight *s);
/* It is the approved content under a new inode or time. */
void gate_index_learn(struct gate *g, const struct held *h);
/*
 * Was it decided before, under this name, and not altered since? A page of a cache that has
 * stood so for a while is not asked about any more, unless a link of code may lead to it.
 */
bool gate_index_passes(struct gate *g, enum asks asks, const struct sight *s, uint32_t root,
                       struct slice path, enum role role);

/* gate_ask.c */
/* Answer all that the kernel asks. */
void gate_serve(struct gate *g, enum asks asks);

/* gate_open.c */
/* Tell the kernel. */
void gate_respond(struct gate *g, enum asks asks, int fd, bool allow);
/* Of one that could not be decided. Who wants to write comes after who opens it; closes fd. */
void gate_respond_late(struct gate *g, enum asks asks, int fd, bool allow);
/* A verdict; the struct goes unless the reader still has the file. */
void gate_answer(struct gate *g, struct held *h, bool allow);
/* The same with a fact: no, for this reason (hinoban.facts(7), open.denied). */
void gate_refuse(struct gate *g, struct held *h, const struct opener *o, const char *why);
/* The same, but whoever is trusted gets it. */
void gate_refuse_strangers(struct gate *g, struct held *h, const char *why);
/* Look at it, for the first time or anew. */
void gate_decide(struct gate *g, struct held *h);
/* There is an order for its path. False: it does not wait for that, and is gone. */
bool gate_leave_to_hand(struct gate *g, struct held *h);
/* It can't be looked at, nor be waited for: is it let through? */
bool gate_undecided(struct gate *g, struct held *h);
void gate_looked(struct gate *g, struct held *h, const struct json *answer);
/* Something became known about this path: decide its opens anew. */
void gate_path_news(struct gate *g, uint32_t root, struct slice path);
/* Opens that wait too long; looked at often. */
void gate_hurry(struct gate *g);
/* The hand is done with it: let go if it is clean, else refuse. */
void gate_settle(struct gate *g, struct held *h, bool clean);
/* Let go of all, at the end. */
void gate_let_go(struct gate *g);

/* gate_late.c */
enum gate_late { GATE_LATE_UNKNOWN, GATE_LATE_GOOD, GATE_LATE_BAD, GATE_LATE_MORE };
/*
 * The last look at an open that could not be decided: good if it is code, as approved to the
 * byte, and nobody is about to write to it; bad if it is code and is not; unknown if it is no
 * code, too large to be looked at here, or perhaps what a release is just bringing. Of a large
 * file a step is looked at: call it again, until it does not say "more".
 */
enum gate_late gate_late_look(struct gate *g, struct held *h);
void gate_late_done(struct held *h);

/* gate_cut.c */
/* Does what stands there look as such a cut leaves it? Then opens are looked at from now on. */
void gate_cut_look(struct gate *g, uint32_t root, struct slice path, const struct sight *s);
/* Was there one, not long ago? */
bool gate_cut_lately(const struct gate *g);
/* Of a mode. An ACL that lets somebody shows in the group's bits (acl(5)). */
#define GATE_OTHERS_BITS 022
/* May others than root write to it? */
bool gate_others_write(const struct sight *s);
/* Has each open of this file to be asked about, for who cuts it or writes to it in a release?
 */
bool gate_wary(const struct gate *g, const struct sight *s);

/* gate_tell.c */
/* One number for root and path. */
uint64_t gate_name_key(const struct held *h);
/* A number for that path. With this bit: of a file that a web server hands out as it lies. */
#define GATE_KEY_SENT 1
uint64_t gate_path_key(uint32_t root, struct slice path);
/* open.late: it could not be decided in time. */
void gate_tell_late(struct gate *g, const struct held *h, bool allow);
/* open.denied; of one path at most once in GATE_QUIET_US. */
void gate_tell_denied(struct gate *g, const struct held *h, const struct opener *o,
                      const char *why);

/* gate_guise.c */
/*
 * Something that is not approved stands under this path of code: opens that wait and came
 * by it are opens of that path, also where it was a link or has been moved since.
 */
void gate_guise_seen(struct gate *g, uint32_t root, struct slice path);
/* Has the guard told of this very file under its path, and not as a deploy's? */
bool gate_guise_told(const struct gate *g, const struct held *h);
/* The guise of a held file, or NULL. */
const struct gate_guise *gate_guise_of(const struct gate *g, const struct held *h);
/*
 * This file (O_PATH; taken over; -1: it can't be told) was moved, linked or made under this
 * path of code, or a symbolic link was.
 */
void gate_guise_came(struct gate *g, uint32_t root, struct slice path, int pin);
/* The links that the state knows to stand unapproved. */
void gate_guise_known(struct gate *g);
/*
 * The code that the opener of this file meant: the path that it gave leads to it by a link, or
 * is the one where the file stood a moment ago. Its path is good until the next call. Else it
 * asked for `path`, whose role is given; or that can't be told yet, as its thread does not
 * stand still; or never, and it may have been code. `far`: the file, where it lies outside and
 * is asked about since a link of code led there; else -1.
 */
struct gate_meant {
	uint32_t root;
	struct slice path;
	bool link;  /* by a symbolic link */
	bool below; /* that is a folder's, or was followed before: nothing is to be cleaned */
};
enum gate_guess { GATE_MEANS_PRESENT, GATE_MEANS_CODE, GATE_MEANS_UNSURE, GATE_MEANS_UNKNOWN };
enum gate_guess gate_guise_meant(struct gate *g, int far, const struct sight *s, uint32_t root,
                                 struct slice path, enum role role, pid_t tid,
                                 struct gate_meant *m);
/* What came lately was not told in full: until that is old, openers are taken at their word. */
void gate_guise_lost(struct gate *g);
/* That is what was opened, as far as it is known. */
void gate_guise_guessed(struct gate *g, struct held *h, enum gate_guess guess,
                        const struct gate_meant *m);
/* Of one whose name is still to be found out: is it by now? */
bool gate_guise_named(struct gate *g, struct held *h);
/* It is this path that was opened. */
void gate_guise_off(struct gate *g, struct held *h, const struct gate_guise *u);
void gate_guise_tick(struct gate *g);
void gate_guise_done(struct gate *g);
/* Is the held file approved code under another path, by a hard link? */
bool gate_guise_elsewhere(struct gate *g, const struct held *h);

/* gate_goal.c */
/* This link stands there, or did; `to`: what it leads to (O_PATH; borrowed), -1: nothing yet.
 */
void gate_goal_seen(struct gate *g, uint32_t root, struct slice path, struct slice text,
                    int to);
/*
 * Did a link of code lead to this file lately, or a link of a folder of code to a folder above
 * it? An open of it may be one of that code. What is code itself is judged by its own name.
 */
bool gate_goal_meant(struct gate *g, uint32_t root, struct slice path, enum role role,
                     struct gate_meant *m);
void gate_goal_done(struct gate *g);

/* gate_far.c */
/* The link that this path of code is leads to that absolute one, outside of all watched
 * folders, and to what lies there (O_PATH; borrowed), -1: nothing yet. It asks from now on, if
 * it may be a web worker's. */
void gate_far_led(struct gate *g, uint32_t root, struct slice code, int to, struct slice path);
/* Did a link of that path of code lead to a kernel's own filesystem lately? */
bool gate_far_unheld(const struct gate *g, uint32_t root, struct slice path);
/* Such a file is opened: by its own name, that is by no link of code? */
bool gate_far_own(struct gate *g, int fd, struct opener *o);
/* Such a file is opened, by its own name, by a web worker: was it led there lately? */
bool gate_far_meant(struct gate *g, int fd, const struct opener *o, struct gate_meant *m);
/* A held one, once it is known what was opened: nobody's business, or that code. */
void gate_far_decide(struct gate *g, struct held *h);
void gate_far_tick(struct gate *g, int64_t now_us);

/* gate_linger.c */
/* Keep whoever waits for this lease waiting until the file's readers are done; takes fd over.
 * `key`: of the path that it was approved under (gate_path_key()), or 0. `code`: it was
 * approved code, which is not to be written to under that name or another. */
void gate_linger(struct gate *g, int fd, uint64_t key, bool code);
/* Was it opened by a path that it is approved under, just before it was replaced there? Then it
 * is as approved still, and its writer waits until this open has been read, too. */
bool gate_linger_safe(struct gate *g, const struct held *h);
/* Is it one that was code, whose writer waits? */
bool gate_lingers(const struct gate *g, const struct sight *s);
/* The hand is going to write to this file, which was none: let go of it. */
void gate_linger_yield(struct gate *g, const struct sight *s);
void gate_linger_tick(struct gate *g, int64_t now_us);
void gate_linger_done(struct gate *g);

/* gate_order.c */
void gate_orders_free(struct gate *g);
/* Is an order for this path on its way? */
bool gate_ordered(const struct gate *g, uint32_t root, struct slice path);
/* Does somebody wait for our lease on this file, to write to it? Until he is let in it is as it
 * was approved, and who opened it then may still be about to read. */
bool gate_order_awaited(const struct gate *g, const struct sight *s);
/* From the held open itself: nobody told of the change. */
void gate_order_open(struct gate *g, struct held *h, const char *cause);
/* A packed copy is out of date: away with it. Nobody waits for that. */
void gate_order_away(struct gate *g, const struct held *h);
/* Is an approved file of this path put back when it is gone, and not being put back already? */
bool gate_order_puts_back(const struct gate *g, uint32_t root, struct slice path);
/* Such a file was removed, or moved away, by this process. */
void gate_order_gone(struct gate *g, uint32_t root, struct slice path, pid_t who);
/* An order for this path is on its way, perhaps behind thousands: somebody waits for it now. */
void gate_order_hurry(struct gate *g, struct held *h);
/* From a fact of the ledger: file.changed or a finding. */
void gate_order_fact(struct gate *g, const struct json *fact, int64_t seq, uint32_t root,
                     struct slice path);
/*
 * Somebody opens a file for writing that was approved under the path of this key
 * (gate_path_key(); 0: it was harmless only), and waits for its lease (fd, taken over). The
 * hand puts a copy in its place, and makes the file itself unalterable where it can: who
 * reads it just now goes on reading approved code, and the writer finds that he may not.
 */
void gate_order_writer(struct gate *g, int fd, uint64_t key);
void gate_order_done(struct gate *g, const struct msg *m);
/* Is it done already, before the ledger told its number? */
bool gate_order_early(const struct gate *g, int64_t seq);
/* There is a new hand, to which the ledger gives what it has not answered: it needs the files.
 */
void gate_orders_again(struct gate *g);
void gate_orders_tick(struct gate *g);
/* Order this, of which was told before, unless it is ordered; false: it is, or it may stay. */
bool gate_order_left(struct gate *g, const struct table_entry *e, uint32_t root,
                     struct slice path);

/* ---- gate_again.c: what was not put right at once ---- */

void gate_again_free(struct gate *g);
/*
 * Order what is still not as approved though it was told of: after a restart, or where more
 * was altered at once than orders may wait. The rarer, the more often it did not help.
 */
void gate_sweep(struct gate *g, int64_t now_us);
/* What stands there may not be as it should be in a while: have it looked at then. */
void gate_look_later(struct gate *g, uint32_t root, struct slice path);
/*
 * The same where the hand was: what is put in the same place once more before the guard has
 * looked is no change to it, and it tells of nothing. What stands there although the hand could
 * do what it was told is somebody's anew; what it could not remove is tried more and more
 * rarely. Where there is no room for a path the next sweep finds it.
 */
void gate_look_after(struct gate *g, uint32_t root, struct slice path, bool could);
void gate_look_again(struct gate *g, int64_t now_us);

#endif
