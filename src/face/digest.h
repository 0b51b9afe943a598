/* digest: what the files of `hinoban digest` share. */
#ifndef HINOBAN_FACE_DIGEST_H
#define HINOBAN_FACE_DIGEST_H

#include "face/news.h"

/*
 * Read the feeds of the settings; each text that is not in the ledger yet becomes a word. A
 * feed that fails is told, and the others go on. EXIT_GOOD, or a code after a complaint.
 */
int digest_fetch(struct face *f);

#endif
