#include "base/inode.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

bool inode_of(int fd, struct inode *out)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &st) < 0)
		return false;
	*out = (struct inode){makedev(st.stx_dev_major, st.stx_dev_minor), st.stx_ino, 0};
	if (st.stx_mask & STATX_BTIME)
		out->born_us = st.stx_btime.tv_sec * 1000000 + st.stx_btime.tv_nsec / 1000;
	return true;
}

bool inode_same(const struct inode *a, const struct inode *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->born_us == b->born_us;
}
