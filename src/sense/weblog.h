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
	off_t at; /* next byte to be read */
	bool awake;
};

int weblog_init(struct weblog *w, struct slice path);
void weblog_done(struct weblog *w);
/* Begin to follow, a little before the present end. */
void weblog_wake(struct weblog *w);
void weblog_sleep(struct weblog *w);
/* Whole lines that came since, into out (emptied first); at most a chunk. False: none. */
bool weblog_read(struct weblog *w, struct buf *out);

#endif
