/*
 * origin: where approved content comes from, other than a person's word: a git commit,
 * Debian's packages, an upstream release. Each answers for one path whether what is there
 * now (as the ledger knows it) is exactly what the origin has.
 */
#ifndef HINOBAN_FACE_ORIGIN_H
#define HINOBAN_FACE_ORIGIN_H

#include "face/child.h"
#include "face/face.h"

enum origin_verdict {
	ORIGIN_SAME,
	ORIGIN_OTHER,   /* the origin has this path with other content */
	ORIGIN_UNKNOWN, /* the origin does not have it */
	ORIGIN_RIGHTS   /* same content, but rights or owner are not as approved */
};

struct origin {
	const char *name; /* as in the approve word */
	/* Texts live in f->mem. An exit code, after a complaint. */
	int (*open)(struct origin *o, struct face *f, const char *arg);
	enum origin_verdict (*look)(struct origin *o, const struct table_entry *e,
	                            struct slice path);
	void (*close)(struct origin *o);
	struct face *f;
	const char *reason; /* set by open: which commit, package set, release */
	void *own;
};

extern const struct origin origin_git, origin_debian, origin_upstream;

/*
 * Rights that no origin vouches for: other than approved before, or, for a new file,
 * set-id bits or writable by all.
 */
bool origin_rights_good(const struct table_entry *e);
/* Open a regular file below root without following links; -errno. */
int origin_open_beneath(const char *root, const char *path);
/* SHA-256, and MD5 where md5 is not NULL, of a descriptor's content. 0 or -errno. */
int origin_hash(int fd, struct hash *sha, uint8_t md5[16]);

#endif
