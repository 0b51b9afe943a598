/*
 * who: the WHO object of a fact: which process, run by whom, started by what.
 */
#ifndef HINOBAN_SENSE_WHO_H
#define HINOBAN_SENSE_WHO_H

#include "conf/conf.h"
#include "fact/json.h"
#include "sense/procs.h"

struct who; /* user names, and which processes are web workers */

/* Reads the names of users: before the seal. NULL: no memory. */
struct who *who_new(const struct conf *c);
void who_free(struct who *w);
/* pidfd as for procs_find. NULL only if memory is out; what is not known is said in the object.
 */
struct json *who_json(struct who *w, struct arena *a, struct procs *p, pid_t pid, int pidfd);
/* Do web workers run as this user? */
bool who_serves(const struct who *w, uid_t uid);
/* The last one told: was it a web worker? */
bool who_was_worker(const struct who *w);

#endif
