/*
 * foreign: files outside of the shop, on the same filesystem, that are written all the time:
 * access logs, databases, our own ledger. A mark for a whole filesystem tells of each write
 * to them too. One that was told of often gets an ignore mark for writes, so that it costs
 * nothing any more; when such a file comes into the shop (a link, a rename), the mark is
 * taken off before the file is looked at, so that no write is missed.
 */
#ifndef HINOBAN_SENSE_FOREIGN_H
#define HINOBAN_SENSE_FOREIGN_H

#include "sense/marks.h"

#define FOREIGN_MAX_MARKED 256 /* files; more are heard of as ever */
#define FOREIGN_OFTEN      64  /* writes told of one file since its count began */

struct foreign;

struct foreign *foreign_new(struct marks *m);
void foreign_free(struct foreign *f);
/* A write to a file that is none of ours; `mount`: an open folder of its filesystem. */
void foreign_wrote(struct foreign *f, int mount, struct slice handle);
/* This file is ours from now on. False: it could not be unmarked. */
bool foreign_ours(struct foreign *f, int mount, struct slice handle);
size_t foreign_count(const struct foreign *f);

#endif
