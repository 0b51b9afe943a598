#include "wall/place.h"
#include "base/path.h"
#include "fact/attrs.h"
#include "fact/version.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define ROOM_NAME    ".hinoban-%016llx" /* judge/change.c knows it */
#define ROOM_TRIES   16
#define MADE_NAME    "new" /* in the room */
#define CHUNK_BYTES  (1u << 20)
#define NAME_BYTES   256
#define TARGET_BYTES 65536

/* ---- what is recorded ---- */

/* Nanoseconds from the signature where it is told, else microseconds. False: unknown. */
static bool modified(const struct json *state, struct timespec t[2])
{
	struct table_entry e;
	int64_t us;

	t[0] = (struct timespec){.tv_nsec = UTIME_OMIT};
	if (version_sig(json_text(state, "sig"), &e) && e.mtime_ns >= 0) {
		t[1] = (struct timespec){.tv_sec = e.mtime_ns / 1000000000,
		                         .tv_nsec = e.mtime_ns % 1000000000};
		return true;
	}
	if (!clock_parse(json_text(state, "mtime"), &us) || us < 0)
		return false;
	t[1] = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	return true;
}

/* The worse of two outcomes; a fault of a detail leaves the rest as recorded. */
static int partly(int so_far, int r)
{
	return so_far < 0 ? so_far : r < 0 ? PLACE_PARTLY : so_far;
}

/*
 * Owner first: it takes set-id bits and capabilities away. Mode behind the ACL, whose mask it
 * is. Never more than was recorded: where the owner can't be given, set-id bits aren't either.
 * A folder may have stood open to others: it is not given away before that has an end.
 */
static int dress(int fd, const struct json *state, const struct place *p)
{
	struct table_state s = version_of(state, 0);
	struct timespec t[2];
	struct stat was;
	mode_t mode = s.mode;
	int r = PLACE_DONE;

	if (s.class == CLASS_DIR &&
	    (fstat(fd, &was) < 0 || fchmod(fd, was.st_mode & mode & 07777) < 0))
		return -errno;
	if (p->own_owner || fchown(fd, s.uid, s.gid) < 0) {
		struct stat st;

		if (fstat(fd, &st) < 0 || st.st_uid != s.uid || st.st_gid != s.gid) {
			r = PLACE_PARTLY;
			mode &= 01777;
		}
	}
	/* An older fact may know less of them than there was. */
	if (json_get(state, "attrs") && !json_get(state, "xattrs"))
		r = PLACE_PARTLY;
	r = partly(r, attrs_set(fd, json_get(state, "xattrs")));
	if (fchmod(fd, mode) < 0)
		return -errno;
	if (s.class == CLASS_DIR || p->timed_now)
		return r;
	return partly(r, modified(state, t) && futimens(fd, t) < 0 ? -errno : 0);
}

/* ---- the room ---- */

void place_init(struct place *p, int root)
{
	*p = (struct place){.root = root, .room = -1, .room_in = -1};
}

void place_in(struct place *p, int room)
{
	struct stat st;

	if (fstat(room, &st) < 0)
		return;
	p->room = room;
	p->room_dev = st.st_dev;
	p->room_lent = true;
}

static void leave_room(struct place *p)
{
	if (p->room >= 0 && !p->room_lent) {
		unlinkat(p->room, MADE_NAME, 0);
		close(p->room);
		unlinkat(p->room_in, p->room_name, AT_REMOVEDIR);
	}
	if (p->room_in >= 0)
		close(p->room_in);
	p->room = p->room_in = -1;
	p->room_lent = false;
}

void place_done(struct place *p)
{
	leave_room(p);
	place_init(p, p->root);
}

/* Who may write to the folder could have put another in its place at once: is it ours? */
static int enter_room(struct place *p, uint64_t dev)
{
	struct stat st;

	p->room =
	    openat(p->room_in, p->room_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (p->room < 0)
		return -errno;
	if (fstat(p->room, &st) < 0)
		return -errno;
	if (st.st_uid != geteuid() || (st.st_mode & 0777) != 0700)
		return -EPERM;
	p->room_dev = st.st_dev;
	return st.st_dev == dev ? 0 : -EXDEV;
}

/* One that can't be opened (no descriptors left) must not stay. */
static int enter_made(struct place *p, uint64_t dev)
{
	int r = enter_room(p, dev);

	if (p->room < 0)
		unlinkat(p->room_in, p->room_name, AT_REMOVEDIR);
	return r;
}

static int make_room(struct place *p, int in, uint64_t dev)
{
	leave_room(p);
	p->room_in = openat(in, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->room_in < 0)
		return -errno;
	for (int i = 0; i < ROOM_TRIES; i++) {
		unsigned long long n;

		if (getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
			return -errno;
		snprintf(p->room_name, sizeof(p->room_name), ROOM_NAME, n);
		if (mkdirat(p->room_in, p->room_name, 0700) == 0)
			return enter_made(p, dev);
		if (errno != EEXIST)
			return errno == EDQUOT ? -ENOSPC : -errno;
	}
	return -EEXIST;
}

/* A room on the filesystem of this folder: things can be renamed from there. */
static int room_for(struct place *p, int dir)
{
	struct stat st, root;

	if (fstat(dir, &st) < 0 || fstat(p->root, &root) < 0)
		return -errno;
	if (p->room >= 0 && p->room_dev == st.st_dev)
		return 0;
	return make_room(p, st.st_dev == root.st_dev ? p->root : dir, st.st_dev);
}

/* The folder was opened as a place only; to sync it takes a descriptor that can. */
static int sync_dir(int dir)
{
	AUTO_FD fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int put_in_place(struct place *p, int dir, const char *name)
{
	if (renameat(p->room, MADE_NAME, dir, name) < 0)
		return errno == ENOTEMPTY ? -EISDIR : -errno;
	return p->sync ? sync_dir(dir) : 0;
}

/* ---- files ---- */

static int copy(int from, int to)
{
	off_t at = 0;

	for (;;) {
		ssize_t n = sendfile(to, from, &at, CHUNK_BYTES);

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return errno == EDQUOT ? -ENOSPC : -errno;
	}
}

static int make_file(struct place *p, int dir, const char *name, int from,
                     const struct json *state)
{
	AUTO_FD to =
	    openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = to < 0 ? -errno : copy(from, to);

	if (r == 0)
		r = dress(to, state, p);
	if (r >= 0 && p->sync && fsync(to) < 0)
		r = errno == EDQUOT ? -ENOSPC : -errno;
	return r;
}

/* ---- links ---- */

static int make_link(struct place *p, const struct json *state)
{
	struct table_state s = version_of(state, 0);
	struct timespec t[2];
	struct buf target;
	int r = 0;

	buf_init(&target, TARGET_BYTES);
	if (!text_unpath(&target, json_text(state, "target")) || target.n == 0)
		r = -EBADMSG;
	else if (symlinkat(buf_cstr(&target), p->room, MADE_NAME) < 0)
		r = errno == EDQUOT ? -ENOSPC : -errno;
	buf_done(&target);
	if (r < 0)
		return r;
	if (p->own_owner || fchownat(p->room, MADE_NAME, s.uid, s.gid, AT_SYMLINK_NOFOLLOW) < 0)
		r = PLACE_PARTLY;
	if (modified(state, t) && utimensat(p->room, MADE_NAME, t, AT_SYMLINK_NOFOLLOW) < 0)
		r = PLACE_PARTLY;
	return r;
}

/* ---- from the room into its place ---- */

/* fd -1: a link. */
static int make(struct place *p, int fd, const struct json *state)
{
	return fd < 0 ? make_link(p, state) : make_file(p, p->room, MADE_NAME, fd, state);
}

static int make_and_put(struct place *p, int dir, const char *name, int fd,
                        const struct json *state)
{
	int done = make(p, fd, state), r = done;

	if (done >= 0 && fd >= 0 && p->on_made)
		p->on_made(p->ctx, p->room, MADE_NAME);
	if (done >= 0)
		r = put_in_place(p, dir, name);
	if (r < 0)
		unlinkat(p->room, MADE_NAME, 0);
	return r < 0 ? r : done;
}

/*
 * A folder may take nothing that was not made in it, on the same filesystem, too: where its
 * owner has given it the number of a project (XFS, ext4). So once more from a room in it.
 */
static int place_made(struct place *p, int dir, const char *name, int fd,
                      const struct json *state)
{
	int r = room_for(p, dir);

	if (r == 0)
		r = make_and_put(p, dir, name, fd, state);
	if (r != -EXDEV)
		return r;
	r = make_room(p, dir, p->room_dev);
	return r < 0 ? r : make_and_put(p, dir, name, fd, state);
}

int place_file(struct place *p, struct slice path, int fd, const struct json *state)
{
	char name[NAME_BYTES];
	AUTO_FD dir = path_open_parent(p->root, path, name);
	int done;

	if (dir < 0)
		return dir;
	if (p->alone) {
		done = make_file(p, dir, name, fd, state);
		if (done < 0 && done != -EEXIST)
			unlinkat(dir, name, 0);
		if (done != -EEXIST)
			return done;
	}
	return place_made(p, dir, name, fd, state);
}

int place_link(struct place *p, struct slice path, const struct json *state)
{
	char name[NAME_BYTES];
	AUTO_FD dir = path_open_parent(p->root, path, name);

	return dir < 0 ? dir : place_made(p, dir, name, -1, state);
}

/* ---- folders, and taking away ---- */

int place_dir(struct place *p, struct slice path, const struct json *state)
{
	char name[NAME_BYTES];
	AUTO_FD dir = path.n ? path_open_parent(p->root, path, name) : -1;
	AUTO_FD fd = -1;
	struct stat st;

	if (path.n && dir < 0)
		return dir;
	if (path.n && mkdirat(dir, name, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = path_open(p->root, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd == -ELOOP ? -ENOTDIR : fd;
	/* By now another may stand there than was made, or was seen. */
	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_uid != geteuid() || st.st_uid == 0) && p->may_dress &&
	    !p->may_dress(p->ctx, fd))
		return -EPERM;
	return dress(fd, state, p);
}

int place_dress(int fd, const struct json *state)
{
	struct place p = {.root = -1};

	return dress(fd, state, &p);
}

int place_remove(struct place *p, struct slice path)
{
	char name[NAME_BYTES];
	AUTO_FD dir = path_open_parent(p->root, path, name);

	if (dir < 0)
		return dir;
	if (unlinkat(dir, name, 0) == 0)
		return 0;
	if (errno != EISDIR)
		return -errno;
	return unlinkat(dir, name, AT_REMOVEDIR) == 0 ? 0 : -errno;
}
