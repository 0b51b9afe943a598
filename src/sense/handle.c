#include "sense/handle.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>

#define FILEID_INO32_GEN 1 /* linux/exportfs.h, which is not for programs */

#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200 /* Linux 6.5: handles that only name, for overlayfs and others */
#endif

int handle_fsid(int fd, uint8_t fsid[EVENTS_FSID_BYTES])
{
	struct statfs st;

	if (fstatfs(fd, &st) < 0)
		return -errno;
	memcpy(fsid, &st.f_fsid, EVENTS_FSID_BYTES);
	return 0;
}

struct slice handle_of(int dirfd, const char *name, const uint8_t fsid[EVENTS_FSID_BYTES],
                       uint8_t out[EVENTS_HANDLE_MAX_BYTES])
{
	union {
		struct file_handle h;
		uint8_t room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u = {.h = {.handle_bytes = MAX_HANDLE_SZ}};
	int flags = name ? 0 : AT_EMPTY_PATH;
	size_t n;
	int mount;

	if (!name)
		name = "";
	if (name_to_handle_at(dirfd, name, &u.h, &mount, flags) != 0) {
		u.h.handle_bytes = MAX_HANDLE_SZ;
		if (name_to_handle_at(dirfd, name, &u.h, &mount, flags | AT_HANDLE_FID) != 0)
			return slice_str(NULL);
	}
	n = sizeof(struct file_handle) + u.h.handle_bytes;
	if (n > EVENTS_HANDLE_MAX_BYTES - EVENTS_FSID_BYTES)
		return slice_str(NULL);
	memcpy(out, fsid, EVENTS_FSID_BYTES);
	memcpy(out + EVENTS_FSID_BYTES, u.room, n);
	return slice_mem(out, EVENTS_FSID_BYTES + n);
}

struct slice handle_key(struct slice handle)
{
	/* u32 number, u32 generation */
	static const struct file_handle head = {.handle_bytes = 8,
	                                        .handle_type = FILEID_INO32_GEN};
	size_t head_n = sizeof(head.handle_bytes) + sizeof(head.handle_type);

	if (handle.n != EVENTS_FSID_BYTES + head_n + head.handle_bytes ||
	    memcmp(handle.at + EVENTS_FSID_BYTES, &head, head_n) != 0)
		return handle;
	return slice_sub(handle, 0, handle.n - sizeof(uint32_t));
}

int handle_open(int mount, struct slice handle, int flags)
{
	union {
		struct file_handle h;
		uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	} u;
	int fd;

	if (handle.n <= EVENTS_FSID_BYTES || handle.n - EVENTS_FSID_BYTES > sizeof(u.room))
		return -EINVAL;
	memcpy(u.room, handle.at + EVENTS_FSID_BYTES, handle.n - EVENTS_FSID_BYTES);
	fd = open_by_handle_at(mount, &u.h, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
