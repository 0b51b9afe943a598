/*
 * deploy: the two words around what is written with a person's approval. Between them all
 * that the process `pid` and its children write is laid to the deploy.
 */
#ifndef HINOBAN_FACE_DEPLOY_H
#define HINOBAN_FACE_DEPLOY_H

#include "face/face.h"
#include <sys/types.h>

/* deploy.started: its seq, or -errno with the sentence. Needs face_client. reason: or NULL. */
int64_t deploy_begin(struct face *f, struct slice command, pid_t pid, const char *reason,
                     struct err *e);
/* deploy.ended. 0 or -errno. */
int deploy_end(struct face *f, int64_t seq, int status, struct err *e);

#endif
