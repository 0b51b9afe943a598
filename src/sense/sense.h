/*
 * Sensing files: the door for one-shot commands. (The guard itself is the program
 * hinoban-guard; see ARCHITECTURE.md.)
 */
#ifndef HINOBAN_SENSE_H
#define HINOBAN_SENSE_H

#include "conf/conf.h"
#include "fact/fact.h"
#include "fact/table.h"
#include <sys/types.h>

/*
 * A number is a process's name only as long as it lives; these two make it one for good. When
 * it was started, in ticks since the machine was (proc(5)); 0: it is gone. And which start of
 * the machine this is (/proc/sys/kernel/random/boot_id), or "".
 */
uint64_t procs_began(pid_t pid);
const char *procs_boot(void);

/* Where drafts go; fd is the open file where its content should be kept, else -1. */
typedef int sense_sink_fn(void *ctx, const struct json *draft, int fd);

struct sense_progress {
	int64_t files, bytes; /* done */
	int64_t files_known;  /* how many there will be at least, 0: unknown yet */
};
typedef void sense_progress_fn(void *ctx, const struct sense_progress *p);

struct sense_job {
	const struct conf *conf;
	const struct table *table; /* what is recorded; NULL: nothing (first baseline) */
	bool full;                 /* read every content, whatever the index says */
	bool baseline; /* emit file.baseline for all instead of file.changed for differences */
	const char *reason; /* for watch.rescanned: "start", "check", ... */
	sense_sink_fn *sink;
	sense_progress_fn *progress; /* or NULL; about five times a second */
	void *ctx;
};

struct sense_result {
	int64_t files, bytes, reread, differing, unreadable, us;
};

/*
 * Walk all roots in parallel, hold them against the table, hash what is new or not as
 * recorded in sealed readers of its own, and give drafts to the sink: file.baseline or
 * file.changed, watch.unreadable. 0 or -errno.
 */
int sense_scan(const struct sense_job *job, struct sense_result *out, struct err *e);

/* What this kernel gives for watching `dir`; a line per ability, for `hinoban doctor`. */
struct sense_ability {
	const char *name; /* "fanotify.filesystem" */
	bool has;
	char detail[256];
};
int sense_abilities(const char *dir, struct sense_ability *out, int max);
/* Can the fence (fence.h) stand here? It is put up and taken down again; needs root. */
void sense_try_fence(struct sense_ability *out);

#endif
