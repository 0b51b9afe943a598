/* patch: a unified diff on the terminal, made safe and coloured. */
#ifndef HINOBAN_FACE_PATCH_H
#define HINOBAN_FACE_PATCH_H

#include "base/base.h"

/* Print what the descriptor holds. 1: printed; 0: it is empty; -errno. */
int patch_put(int fd);
/* What the descriptor holds as UTF-8: a line with other bytes has them as text_path does. */
int patch_text(int fd, struct buf *out);
/* Print bytes that are no diff, made safe in the same way. */
void patch_put_text(struct slice text);

#endif
