#include "base/inode.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int64_t us_of(const struct statx_timestamp *t)
{
	return t->tv_sec * 1000000 + t->tv_nsec / 1000;
}

bool inode_version_of(int fd, struct inode_version *out)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME | STATX_CTIME, &st) < 0)
		return false;
	*out = (struct inode_version){
	    .i = {makedev(st.stx_dev_major, st.stx_dev_minor), st.stx_ino, 0},
	    .changed_us = us_of(&st.stx_ctime)};
	if (st.stx_mask & STATX_BTIME)
		out->i.born_us = us_of(&st.stx_btime);
	return true;
}

bool inode_of(int fd, struct inode *out)
{
	struct inode_version v;
	bool known = inode_version_of(fd, &v);

	if (known)
		*out = v.i;
	return known;
}

bool inode_same(const struct inode *a, const struct inode *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->born_us == b->born_us;
}

bool inode_version_same(const struct inode_version *a, const struct inode_version *b)
{
	return inode_same(&a->i, &b->i) && a->changed_us == b->changed_us;
}
