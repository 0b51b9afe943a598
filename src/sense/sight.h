/*
 * sight: what a path looks like from outside (stat), and whether it can still be
 * what is recorded: the index rule, in the manner of git's.
 */
#ifndef HINOBAN_SENSE_SIGHT_H
#define HINOBAN_SENSE_SIGHT_H

#include "fact/table.h"
#include <sys/stat.h>

struct sight {
	enum table_class class;
	uint32_t mode, uid, gid; /* mode: 07777 */
	uint32_t nlink;
	int64_t size;
	int64_t held; /* bytes that the file takes on disk */
	int64_t mtime_ns, ctime_ns;
	uint64_t dev, ino;
};

/*
 * A file's times come from a clock that may tick only every 10 ms, so a write within the
 * same tick as our look can leave the times as they were: "racily clean".
 */
#define SIGHT_RACY_NS (20 * 1000 * 1000)

void sight_of_stat(struct sight *s, const struct stat *st);
/* lstat of a name in a folder. A missing name is a sight of CLASS_NONE. 0 or -errno. */
int sight_at(struct sight *s, int dirfd, const char *name);
int sight_of_fd(struct sight *s, int fd);
/* That very file, whatever was written to it. */
bool sight_is(const struct sight *s, uint64_t dev, uint64_t ino);
/* Same file, same times: nothing was written between the two. */
bool sight_same(const struct sight *a, const struct sight *b);

enum sight_verdict {
	SIGHT_CLEAN,   /* as recorded */
	SIGHT_ALTERED, /* mode, owner or class differ, content is as recorded */
	SIGHT_READ     /* the content has to be read to know */
};
/* Hold a sight against a recorded entry's present state (e NULL: nothing is recorded). */
enum sight_verdict sight_check(const struct sight *s, const struct table_entry *e);
/* The state that a sight gives; hash is copied if not NULL, else zero. */
struct table_state sight_state(const struct sight *s, const struct hash *hash);

#endif
