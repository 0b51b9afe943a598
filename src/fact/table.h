/*
 * table: what is approved and what is present, path by path; hinoban's index,
 * in the manner of git's. A view: the ledger builds it from facts, the guard and
 * `hinoban check` hold files against it.
 *
 * Binary form (little-endian), so that it can be mapped and searched without
 * parsing: header { "HNBTABL2", u32 entry bytes, u32 count, i64 upto_seq,
 * u64 text bytes, SHA-256 over all that follows }, entries sorted by path bytes,
 * then one block of text that entries point into. table_open checks every offset.
 */
#ifndef HINOBAN_FACT_TABLE_H
#define HINOBAN_FACT_TABLE_H

#include "fact/role.h"

enum table_class { CLASS_NONE, CLASS_FILE, CLASS_DIR, CLASS_LINK, CLASS_OTHER };

/* One state of one path. Directories have a zero hash; links hash their target text. */
struct table_state {
	struct hash hash;
	int64_t size;
	int64_t seq;   /* fact that says so */
	int64_t attrs; /* attrs_digest() of the extended attributes (attrs.h) */
	uint32_t mode; /* permission bits only, 07777 */
	uint32_t uid, gid;
	uint32_t class; /* enum table_class; CLASS_NONE: does not exist / nothing approved */
};

struct table_entry {
	struct table_state approved;
	struct table_state present;
	/* Stat signature of `present`, for the quick check. */
	int64_t mtime_ns, ctime_ns;
	uint64_t dev, ino;
	int64_t checked_us; /* when it was taken: racily clean if mtime or ctime is not older */
	uint32_t path_off,
	    path_len; /* raw bytes relative to the root's absolute path, no leading '/' */
	uint32_t feat_off,
	    feat_len;  /* canonical JSON of the approved version's features, or 0 */
	uint32_t role; /* enum role */
	uint32_t root; /* which root of the config, 0.. */
};

struct table {
	const struct table_entry *entry;
	size_t count;
	int64_t upto_seq;
	struct slice text;
	void *map; /* what table_close unmaps; NULL if not mapped */
	size_t map_bytes;
};

/* Map a table read-only. 0, or -EBADMSG if it is no well-formed table. */
int table_open(int fd, struct table *out);
void table_close(struct table *t);
struct slice table_path(const struct table *t, const struct table_entry *e);
struct slice table_features(const struct table *t, const struct table_entry *e);
/* Index of the entry, or -1. */
ptrdiff_t table_find(const struct table *t, uint32_t root, struct slice path);

const char *table_class_name(enum table_class c);
bool table_class_of(struct slice name, enum table_class *out);
/* Equal in what approval covers: class, hash, mode, uid, gid, extended attributes. */
bool table_same(const struct table_state *a, const struct table_state *b);

/* Writing: entries in path order (root, then bytes), then write out. */
struct table_writer;
struct table_writer *table_writer_new(void);
void table_writer_free(struct table_writer *w);
/* Offsets in e are ignored and set. -EINVAL if out of order. */
int table_add(struct table_writer *w, const struct table_entry *e, struct slice path,
              struct slice features);
int table_write(struct table_writer *w, int64_t upto_seq, int fd);

#endif
