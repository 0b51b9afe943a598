/*
 * child: another program, run with an environment of our own making and, where we are
 * root, as somebody else.
 */
#ifndef HINOBAN_FACE_CHILD_H
#define HINOBAN_FACE_CHILD_H

#include "base/base.h"
#include <sys/types.h>

struct child_want {
	const char *dir; /* working folder, or NULL */
	uid_t uid;       /* become these where we are root */
	gid_t gid;
	int in;                  /* its standard input, or -1: /dev/null */
	bool talk;               /* a pipe to its standard input */
	uint64_t max_file_bytes; /* RLIMIT_FSIZE, 0: none */
	const char *const *env;  /* more than PATH, HOME and LC_ALL; or NULL */
};

struct child {
	pid_t pid;
	int to, from; /* pipes to its standard input (or -1) and from its output */
};

/* argv[0] is looked up in a fixed PATH. 0 or -errno. */
int child_start(struct child *c, const char *const argv[], const struct child_want *w);
/* Close the pipes and wait: its exit code, 128 + signal, or -errno. */
int child_end(struct child *c);
/* Run to its end; its output (up to the buffer's ceiling) in out. As child_end. */
int child_output(const char *const argv[], const struct child_want *w, struct buf *out);
/* Is there such a program in the fixed PATH? */
bool child_exists(const char *name);

#endif
