/* image: what /proc says about one process. */
#ifndef HINOBAN_SENSE_IMAGE_H
#define HINOBAN_SENSE_IMAGE_H

#include "sense/procs.h"

#define IMAGE_COMMAND_MAX_BYTES 1024

/* NULL if the process is gone or memory is out. One reference is the caller's. */
struct procs_image *image_read(pid_t pid);
struct procs_image *image_ref(struct procs_image *i);
void image_unref(struct procs_image *i);
/* Parent and effective uid from /proc/PID/status. 0 or -errno. */
int image_status(pid_t pid, pid_t *parent, uid_t *uid);

#endif
