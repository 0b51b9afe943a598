#include "sense/sight.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

static enum table_class class_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return CLASS_FILE;
	case S_IFDIR:
		return CLASS_DIR;
	case S_IFLNK:
		return CLASS_LINK;
	default:
		return CLASS_OTHER;
	}
}

void sight_of_stat(struct sight *s, const struct stat *st)
{
	*s = (struct sight){
	    .class = class_of(st->st_mode),
	    .mode = st->st_mode & 07777,
	    .uid = st->st_uid,
	    .gid = st->st_gid,
	    .nlink = (uint32_t)st->st_nlink,
	    .size = st->st_size,
	    .held = (int64_t)st->st_blocks * 512,
	    .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
	    .ctime_ns = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec,
	    .dev = st->st_dev,
	    .ino = st->st_ino,
	};
	if (s->class == CLASS_DIR || s->class == CLASS_OTHER)
		s->size = 0; /* a folder's size says nothing and differs between filesystems */
}

int sight_at(struct sight *s, int dirfd, const char *name)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		sight_of_stat(s, &st);
		return 0;
	}
	if (errno != ENOENT && errno != ENOTDIR)
		return -errno;
	*s = (struct sight){.class = CLASS_NONE};
	return 0;
}

int sight_of_fd(struct sight *s, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	sight_of_stat(s, &st);
	return 0;
}

bool sight_is(const struct sight *s, uint64_t dev, uint64_t ino)
{
	return s->dev == dev && s->ino == ino;
}

bool sight_same(const struct sight *a, const struct sight *b)
{
	return a->class == b->class && a->dev == b->dev && a->ino == b->ino &&
	       a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

static bool same_outside(const struct sight *s, const struct table_state *p)
{
	return p->mode == s->mode && p->uid == s->uid && p->gid == s->gid;
}

static bool racy(const struct table_entry *e)
{
	int64_t looked = e->checked_us * 1000 - SIGHT_RACY_NS;

	return e->mtime_ns >= looked || e->ctime_ns >= looked;
}

enum sight_verdict sight_check(const struct sight *s, const struct table_entry *e)
{
	if (!e || e->present.class != s->class)
		return s->class == CLASS_FILE || s->class == CLASS_LINK ? SIGHT_READ
		                                                        : SIGHT_ALTERED;
	if (s->class == CLASS_NONE)
		return SIGHT_CLEAN;
	if (s->class == CLASS_DIR || s->class == CLASS_OTHER)
		return same_outside(s, &e->present) ? SIGHT_CLEAN : SIGHT_ALTERED;
	if (e->present.size != s->size || e->mtime_ns != s->mtime_ns ||
	    e->ctime_ns != s->ctime_ns || e->dev != s->dev || e->ino != s->ino || racy(e))
		return SIGHT_READ;
	return same_outside(s, &e->present) ? SIGHT_CLEAN : SIGHT_ALTERED;
}

struct table_state sight_state(const struct sight *s, const struct hash *hash)
{
	struct table_state t = {
	    .size = s->size,
	    .mode = s->mode,
	    .uid = s->uid,
	    .gid = s->gid,
	    .class = (uint32_t)s->class,
	};

	if (hash)
		t.hash = *hash;
	return t;
}
