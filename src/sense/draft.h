/*
 * draft: the facts of sensing files, as drafts. Field names and meaning: hinoban.facts(7).
 *
 * All functions return NULL if memory is out; nothing else can fail.
 */
#ifndef HINOBAN_SENSE_DRAFT_H
#define HINOBAN_SENSE_DRAFT_H

#include "base/path.h"
#include "conf/conf.h"
#include "fact/fact.h"
#include "sense/sight.h"

#define DRAFT_MAX_BYTES (512u * 1024) /* a good size for the arena of one draft */

/* All that is to say about one path; what is unknown stays zero. */
struct draft_file {
	struct slice root; /* absolute */
	struct slice path; /* raw bytes */
	enum role role;
	struct sight sight;         /* how it looks now */
	struct table_state present; /* the same with its content's hash */
	struct slice target;        /* of a link */
	struct slice attrs;         /* canonical JSON of the extended attributes, or empty */
	const struct json *content; /* LOOKED's body, or NULL */
	int64_t seen_us;
	bool changed_while_read;
	/* For file.changed: */
	const struct table_entry *was; /* what is recorded, or NULL */
	struct slice was_content;      /* canonical JSON of the approved version's content */
	struct json *who;              /* linked into the draft, or NULL */
	bool found_by_scan;
	int64_t deploy;            /* seq, or 0 */
	struct slice renamed_from; /* raw bytes, or empty */
};

struct json *draft_baseline(struct arena *a, const struct draft_file *f);
/* STATE; null where nothing is. `s` adds times, both add target and attributes; or NULL. */
struct json *draft_state(struct arena *a, const struct table_state *t, const struct sight *s,
                         const struct draft_file *f);
/*
 * NULL also where nothing differs from what was recorded as present. When a file was written
 * counts where a deploy sets it (cp -a, tar): so it is brought back with that time.
 */
struct json *draft_changed(struct arena *a, const struct draft_file *f);
/* A mask of DRAFT_CREATED...: how `now` differs from `was`. */
unsigned draft_what(const struct table_state *was, const struct table_state *now);
struct json *draft_unreadable(struct arena *a, struct slice root, struct slice path,
                              enum role role, const char *why);
struct json *draft_reader_died(struct arena *a, struct slice path_text, const char *how);
struct json *draft_rescanned(struct arena *a, const char *reason, int64_t files,
                             int64_t differing, int64_t us);
struct json *draft_baseline_started(struct arena *a, const struct conf *c, const char *why);
struct json *draft_baseline_done(struct arena *a, int64_t files, int64_t bytes, int64_t us);
struct json *draft_roots(struct arena *a, const struct conf *c);
/* A path or link target as text. */
void draft_path(struct arena *a, struct json *o, const char *name, struct slice raw);
void draft_time(struct arena *a, struct json *o, const char *name, int64_t us);

enum {
	DRAFT_CREATED = 1,
	DRAFT_REMOVED = 2,
	DRAFT_CLASS = 4,
	DRAFT_CONTENT = 8,
	DRAFT_MODE = 16,
	DRAFT_OWNER = 32,
	DRAFT_RENAMED = 64,
	DRAFT_ATTRIBUTES = 128,
	DRAFT_TIMES = 256
};

#endif
