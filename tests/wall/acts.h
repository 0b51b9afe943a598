/*
 * acts: things that a process may try; the seal's test tries all of them in every role.
 */
#ifndef HINOBAN_TESTS_WALL_ACTS_H
#define HINOBAN_TESTS_WALL_ACTS_H

#include "wall/seal.h"

/* Who may: bits of 1 << enum seal_role. */
enum {
	ACT_NONE = 0,
	ACT_G = 1 << SEAL_GUARD,
	ACT_R = 1 << SEAL_READER,
	ACT_L = 1 << SEAL_LEDGER,
	ACT_J = 1 << SEAL_JUDGE,
	ACT_D = 1 << SEAL_DESK,
	ACT_T = 1 << SEAL_GATE,
	ACT_H = 1 << SEAL_HAND,
	ACT_F = 1 << SEAL_FENCE,
	ACT_A = 1 << SEAL_HERALD,
	ACT_C = 1 << SEAL_COLLECTOR,
	ACT_S = 1 << SEAL_SCOPE,
	ACT_V = 1 << SEAL_VISITOR,
	ACT_E = 1 << SEAL_FETCH,
	ACT_OUT = ACT_A | ACT_E,
	ACT_ALL = ACT_G | ACT_R | ACT_L | ACT_J | ACT_D | ACT_T | ACT_H | ACT_F | ACT_OUT |
	          ACT_C | ACT_S | ACT_V,
};

/* Where it depends on having been root before the seal. */
enum act_when { ACT_ALWAYS, ACT_IF_ROOT /* others may not, whatever `who` says */ };

/* What is there to act on, made before the seal. */
struct act_stage {
	char dir[64];     /* the test's own, readable by all; holds `outside` and `state` */
	char state[80];   /* state directory, owned by the role's uid */
	char inside[96];  /* a file in it */
	char control[80]; /* a folder that only the hand may alter files of */
	char freeze[96];  /* a file in it */
	char outside[96]; /* a file that everybody may read and write */
	int sock[2];      /* a connected pair */
	int memfd;
	int listening; /* TCP on loopback */
	int mount;     /* open folder, for file handles */
	int pidfd;     /* of `other` */
	pid_t other;   /* a process of root's, not sealed */
	pid_t sibling; /* a process of the role's own uid, not sealed */
};

struct act {
	const char *name;
	unsigned who;
	enum act_when when;
	int (*try)(const struct act_stage *s); /* 0 when it worked, else -errno */
};

extern const struct act acts[];
extern const size_t act_count;

#endif
