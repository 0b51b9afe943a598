/*
 * look: one look at one path, from lstat to known content. The owner of a look asks a
 * reader (pool.h) for what stands in the file; this is all that happens around that.
 */
#ifndef HINOBAN_SENSE_LOOK_H
#define HINOBAN_SENSE_LOOK_H

#include "conf/conf.h"
#include "fact/json.h"
#include "sense/draft.h"

/*
 * Files of role data beyond this are known by size and times only: they are databases and
 * logs, which change all the time. Code of any size is read in full; the reader passes over
 * holes, so that a sparse file costs what it holds on disk (see LOOK_HOLES in the reader).
 */
#define LOOK_DATA_MAX_BYTES (64 << 20)
#define LOOK_TRIES          3       /* of a file that changes while it is read */
#define LOOK_WRITTEN_US     1000000 /* who writes a packed copy has no longer pauses than this */

struct look {
	uint32_t root;
	enum role role;
	uint8_t *path;
	size_t path_n;
	struct sight sight;
	struct table_state present;
	uint8_t *target; /* of a link */
	size_t target_n;
	struct buf attrs; /* its extended attributes (fact/attrs.h), or empty */
	int fd;           /* the open file, or -1 */
	int error;        /* errno: why it couldn't be looked at */
	int tries;
	bool changed_while_read;
};

/* -ENOMEM, or 0. */
int look_init(struct look *k, uint32_t root, struct slice path, enum role role);
void look_done(struct look *k);
struct slice look_path(const struct look *k);
/*
 * Look at `name` in the folder. LOOK_COMPLETE: present is known. LOOK_READ: k->fd has to be
 * read. LOOK_FAILED: k->error says why.
 */
enum look_outcome { LOOK_COMPLETE, LOOK_READ, LOOK_FAILED };
enum look_outcome look_at(struct look *k, int dirfd, const char *name);
/* The same, where k->sight was taken just now. */
enum look_outcome look_further(struct look *k, int dirfd, const char *name);
/*
 * Take a reader's answer (NULL: it could not be read). False: the file changed meanwhile,
 * read it again.
 */
bool look_answered(struct look *k, const struct json *answer);
/*
 * What it says of the content. Where it says nothing (nobody could look: readers died over it),
 * that is said: it may be anything, and new among code it passes for a program.
 */
const struct json *look_content(const struct look *k, const struct conf *c,
                                const struct json *answer, struct arena *a);
/* What a draft says about it; borrows from k. */
struct draft_file look_draft(const struct look *k, const struct conf *c);
/* Is its content to be looked at? Of uploads and generated code always the first part: who
   hides code in a picture can as well make it large. */
bool look_wanted(const struct look *k, const struct conf *c);
/* How much of it a reader is to look at, for struct pool_file. */
int64_t look_most(enum role role, const struct conf *c);
/*
 * What a reader answered about a packed copy (fact/role.h), held against what is approved of
 * its text: the same content is no more than that (kind "copy", no features), any other that is
 * not approved itself stands in its place (feature packed_other). Else the answer as it is.
 * `self`, `text`: the records of the two paths, or NULL.
 */
const struct json *look_packed(struct arena *a, const struct json *answer,
                               const struct table_entry *self, const struct table_entry *text);
/* May it become such a copy in a moment: is somebody perhaps writing it just now? */
bool look_unfinished(const struct look *k, const struct json *answer,
                     const struct table_entry *self, const struct table_entry *text);
/* Is it (CONTENT or an answer) a packed copy of what is approved? */
bool look_is_copy(const struct json *content);
/* Does this content run? For roles whose other changes are not told. */
bool look_is_code(const struct json *answer);
/* The role of a path; what lies in our own state directory is ignored. */
enum role look_role(const struct conf *c, uint32_t root, struct slice path);

#endif
