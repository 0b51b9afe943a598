/*
 * inode: a file or folder by its number and its birth, so that one that was given the number of
 * another, which is gone, is not taken for it (statx(2); Linux 4.11).
 */
#ifndef HINOBAN_BASE_INODE_H
#define HINOBAN_BASE_INODE_H

#include <stdbool.h>
#include <stdint.h>

struct inode {
	uint64_t dev, ino; /* as stat(2) has them */
	int64_t born_us;   /* since 1970; 0: the filesystem does not tell */
};

/* Of what is open, also by O_PATH. False: it can't be told. */
bool inode_of(int fd, struct inode *out);
bool inode_same(const struct inode *a, const struct inode *b);

/* The same, and when it changed last: its owner can't set that time. */
struct inode_version {
	struct inode i;
	int64_t changed_us;
};

bool inode_version_of(int fd, struct inode_version *out);
bool inode_version_same(const struct inode_version *a, const struct inode_version *b);

#endif
