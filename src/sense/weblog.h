/*
 * weblog: the end of one access log, followed over rotation and truncation. It hands out
 * raw lines; only a reader parses them.
 */
#ifndef HINOBAN_SENSE_WEBLOG_H
#define HINOBAN_SENSE_WEBLOG_H

#include "base/base.h"
#include <sys/types.h>

#define WEBLOG_CHUNK_BYTES (48u * 1024) /* base64 of it fits a frame */
#define WEBLOG_BACK_BYTES  (16u * 1024) /* how far back reading begins */

struct weblog {
	char *path;
	int fd; /* -1: not open */
	dev_t dev;
	ino_t ino;
	off_t at;    /* next byte to be read */
	bool turned; /* the log before this one */
	bool awake;
};

/*
 * A log, or with `turned` the one that a rotation has just put aside as path.1: a web server
 * writes on into that until it is told to open its log anew. Of one that was not written to in
 * the last minute only what is new is read.
 */
int weblog_init(struct weblog *w, struct slice path, bool turned);
void weblog_done(struct weblog *w);
/* Begin to follow, a little before the present end. */
void weblog_wake(struct weblog *w);
void weblog_sleep(struct weblog *w);
/* Whole lines that came since, into out (emptied first); at most a chunk. False: none. */
bool weblog_read(struct weblog *w, struct buf *out);

#endif
