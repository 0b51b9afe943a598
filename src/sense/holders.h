/*
 * holders: which processes have these files open, by what /proc says; found out by a child of
 * its own, for a look through all of them takes long, and whoever looks at a process may be
 * made to wait for as long as that likes (peek.h).
 *
 * Not seen: a mapping without a descriptor, a descriptor on its way through a socket, threads
 * with descriptors of their own.
 */
#ifndef HINOBAN_SENSE_HOLDERS_H
#define HINOBAN_SENSE_HOLDERS_H

#include "wall/seal.h"
#include <sys/types.h>

#define HOLDERS_FILES 512
#define HOLDERS_FOUND 1024

struct holders_file {
	uint64_t dev, ino;
};

struct holders_found {
	uint32_t file; /* which one of those asked about */
	pid_t pid;
};

/* As peek_begin(): before anything else is opened, and before the seal. */
void holders_begin(const struct seal_want *want);
/* Has the child ended? Its process has to begin anew to have another. */
bool holders_gone(void);
/* False: the child is at work still, or there is none. */
bool holders_ask(const struct holders_file *file, size_t n);
/* How many there are, at most HOLDERS_FOUND; -E2BIG: more; -EAGAIN: it is not known yet. */
int holders_answer(struct holders_found out[HOLDERS_FOUND]);

#endif
