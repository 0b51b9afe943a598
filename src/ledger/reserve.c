#include "ledger/reserve.h"
#include "base/base.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define NAME       "reserve"
#define SIZE_BYTES (INT64_C(8) << 20)

void reserve_keep(int dir)
{
	struct stat st;
	struct statvfs fs;
	int fd;

	if (fstatat(dir, NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size >= SIZE_BYTES)
		return;
	if (fstatvfs(dir, &fs) < 0 ||
	    (int64_t)fs.f_bavail * (int64_t)fs.f_frsize < 2 * SIZE_BYTES)
		return;
	fd = openat(dir, NAME, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, SIZE_BYTES) != 0)
		unlinkat(dir, NAME, 0);
	close(fd);
}

bool reserve_give(int dir)
{
	return unlinkat(dir, NAME, 0) == 0;
}
