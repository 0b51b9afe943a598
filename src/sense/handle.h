/*
 * handle: what the kernel calls a file or folder, wherever it stands (name_to_handle_at(2)), in
 * the form in which events.h has it.
 */
#ifndef HINOBAN_SENSE_HANDLE_H
#define HINOBAN_SENSE_HANDLE_H

#include "sense/events.h"

/* The number of the filesystem that fd lies on, as fanotify tells it. 0 or -errno. */
int handle_fsid(int fd, uint8_t fsid[EVENTS_FSID_BYTES]);
/*
 * The handle of `name` in the folder, a link itself, or (NULL) of what is open; to `out`. Empty
 * where the filesystem has none, or nothing stands there.
 */
struct slice handle_of(int dirfd, const char *name, const uint8_t fsid[EVENTS_FSID_BYTES],
                       uint8_t out[EVENTS_HANDLE_MAX_BYTES]);
/*
 * What of a handle is compared: all of it, but for the generation of an inode's number
 * (FILEID_INO32_GEN), which a file's owner may change on ext4 (FS_IOC_SETVERSION). A file made
 * with the number of one that is gone is taken for it.
 */
struct slice handle_key(struct slice handle);
/*
 * Open what the handle names on the filesystem of `mount` (open, not O_PATH), O_CLOEXEC. Its
 * own number is not compared. A descriptor, the caller's, or -errno: -ESTALE where it is gone.
 * Needs CAP_DAC_READ_SEARCH. An overlay without nfs_export tells handles and opens none.
 */
int handle_open(int mount, struct slice handle, int flags);

#endif
