/*
 * bundle: files given to others, as a folder or as one tar file (POSIX ustar), with the
 * SHA-256 of each. Everything in it is readable by its owner alone and runnable by nobody.
 */
#ifndef HINOBAN_FACE_BUNDLE_H
#define HINOBAN_FACE_BUNDLE_H

#include "base/base.h"

#define BUNDLE_NAME_BYTES 100 /* of a file in it, with NUL */

struct bundle {
	int fd; /* of the folder, or of the tar file */
	bool tar;
	int64_t at_us;   /* the time that its files bear */
	struct buf sums; /* lines as sha256sum(1) reads them */
	int64_t files;
};

/* A name that ends in ".tar" makes a tar file, any other a folder; neither may be there. */
int bundle_open(const char *to, struct bundle *out);
/* Add a file; names are our own, relative, with at most one folder. 0 or -errno. */
int bundle_add(struct bundle *b, const char *name, struct slice content);
int bundle_add_fd(struct bundle *b, const char *name, int fd);
/* Add SHA256SUMS and end it, on the disk. *sums: the SHA-256 of that list. */
int bundle_end(struct bundle *b, struct hash *sums);
/* Take away again what was made so far; before bundle_close. */
void bundle_discard(struct bundle *b, const char *to);
void bundle_close(struct bundle *b);

#endif
