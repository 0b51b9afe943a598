/*
 * contain: what the commands contain, lift and rehearse share. A word is drafted, sent, and
 * its deed awaited: word -> order (by the gate) -> deed (by the hand), all in the ledger.
 */
#ifndef HINOBAN_FACE_CONTAIN_H
#define HINOBAN_FACE_CONTAIN_H

#include "face/face.h"
#include "respond/respond.h"

#define CONTAIN_WAIT_MS    10000
#define CONTAIN_MAX_LISTED 1024

/* contain_what.c: the target of a verb, from the command line into the draft of a word. */
/* EXIT_GOOD, or the code after a complaint. */
/* Is there such a verb? False after a complaint. */
bool contain_verb(const char *verb);
int contain_target(struct face *f, const char *verb, struct json *word);
/* Say exactly what would be done; as JSON it is the word, made longer by that. */
void contain_dry(struct face *f, const char *verb, struct json *word);
/* A process as the word names it; false: there is none of this number. */
bool contain_process(struct face *f, int64_t pid, struct json *word);
/* Copy what names the target. */
void contain_copy(struct face *f, struct json *to, const struct json *from);

/* contain.c */
struct json *contain_draft(struct face *f, const char *type, const char *verb,
                           const char *reason);
/* Connect to the hinoban that runs; a code after a complaint where none does. */
int contain_connect(struct face *f);
/* Words that are in force, oldest first: how many, or -errno. Rehearsals are none. */
int contain_in_force(struct face *f, const struct json **out, int max);
/* The deed that answers it, in f->mem; NULL: none came in time. */
const struct json *contain_wait(struct face *f, int64_t word);

/* snippet.c: what the web server's settings must say once. */
int snippet_put(struct face *f, const char *server);

#endif
