/*
 * memory: what a hand that begins must know of the one before it, which may have been killed
 * at any moment: a file in its folder, read as a whole, and written in parts as it changes. It
 * outlives the process, not surely the machine: nothing waits for the disk.
 *
 *   strange  folders that stand in the place of a closed one and were dressed as it is: what
 *            was in them, or open, before is not trusted. Where there were more than fit, none
 *            is trusted. After a start of the machine nobody has anything open any more, so
 *            they are forgotten then.
 *   closed   files that were made unalterable (held.c), to be given back
 */
#ifndef HINOBAN_RESPOND_MEMORY_H
#define HINOBAN_RESPOND_MEMORY_H

#include "base/base.h"
#include "base/inode.h"
#include <fcntl.h>

#define MEMORY_STRANGES     256
#define MEMORY_CLOSED       512
#define MEMORY_HANDLE_BYTES 24 /* ext4 takes 8; no other filesystem closes files */

struct memory {
	int fd; /* or -1 */
	/* As it lies on the disk: no padding, and what is not used is zero. */
	struct memory_disk {
		char boot[40];     /* the start of the machine in which this was written */
		uint64_t stranges; /* MEMORY_STRANGES + 1: more than fit */
		struct inode strange[MEMORY_STRANGES];
		struct memory_file {
			uint64_t dev; /* 0: none */
			union {
				struct file_handle handle;
				uint8_t room[sizeof(struct file_handle) + MEMORY_HANDLE_BYTES];
			};
		} closed[MEMORY_CLOSED];
	} disk;
};

/* Before the seal; `folder` is the hand's. What can't be read is taken for empty. */
void memory_begin(struct memory *m, int folder);
void memory_done(struct memory *m);

/* Also true where it can't be told. */
bool memory_is_strange(const struct memory *m, int fd);
/* False where it can't be remembered. */
bool memory_note_strange(struct memory *m, int fd);

/* The file at this place, of MEMORY_CLOSED. What can't be noted is not. */
void memory_note_closed(struct memory *m, int at, int fd);
/* What is at one place is no longer closed, and what is at another moves there. */
void memory_drop_closed(struct memory *m, int at, int from);
/* It, opened, if it is still there and on the filesystem of one of these; else -1. Before the
 * seal only. */
int memory_closed(const struct memory *m, int at, const int *roots, size_t n);

#endif
