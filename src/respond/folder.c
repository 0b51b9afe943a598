/*
 * The folders on the way to a path. What is put back into them is for those who may enter the
 * approved ones. Who may write to the folder around can move one of his own into their place,
 * or one that he has open, or folders in it: so each is held against what is approved before
 * anything is put into it, through the descriptor by which that is then done.
 */
#include "fact/attrs.h"
#include "respond/hand.h"
#include "wall/place.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_rights_as(int fd, const struct table_state *good)
{
	struct buf now = {.max = ATTRS_MAX_BYTES};
	struct stat st;
	bool same;

	if (fstat(fd, &st) < 0 || (st.st_mode & 07777) != good->mode ||
	    st.st_uid != good->uid || st.st_gid != good->gid)
		return false;
	same = attrs_read(fd, &now) < 0 || attrs_digest(buf_slice(&now)) == good->attrs;
	buf_done(&now);
	return same;
}

/* ---- those that only some may enter ---- */

static bool closed(const struct table_state *good)
{
	return (good->mode & 0011) != 0011;
}

static bool web_enters(const struct hand *h, const struct table_state *good)
{
	struct stat st = {.st_mode = good->mode, .st_uid = good->uid, .st_gid = good->gid};

	return hand_web_may(h, &st, S_IXOTH);
}

/* Could somebody have put another there who may not enter the approved one? */
static bool guarded(const struct hand *h, const struct table_state *good, bool shared)
{
	return closed(good) && (shared || !web_enters(h, good));
}

bool folder_may_dress(struct hand *h, int fd, const struct table_state *good,
                      const struct table_entry *recorded, bool shared)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if (recorded && st.st_dev == recorded->dev && st.st_ino == recorded->ino)
		return true;
	/*
	 * Another than was approved, and not a web worker's: whoever moved it there can't read
	 * it, perhaps, and could if it got the owner or the mode of the code's; or could remove
	 * what is in it, if it were no longer sticky.
	 */
	if (!hand_is_web(h, st.st_uid) &&
	    (st.st_uid != good->uid || st.st_gid != good->gid ||
	     (good->mode & ~st.st_mode & 07077) != 0 || st.st_mode & ~good->mode & S_ISVTX))
		return false;
	/* With the approved rights it looks trusted; what was in it, or open, before is not. */
	return !guarded(h, good, shared) || memory_note_strange(&h->memory, fd);
}

/* ---- one after the other ---- */

/* Others than a web worker and root: they, too, may have moved what stands in it. */
static bool shared(const struct hand *h, const struct stat *st)
{
	return st->st_mode & 0022 || (st->st_uid != 0 && !hand_is_web(h, st->st_uid));
}

static int open_folder(int dir, const char *name)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* One that lacks is as approved; where that is not known, as the one that holds it. */
static int dress_made(int dir, int fd, const struct json *state)
{
	struct stat st;

	if (version_of(state, 0).class == CLASS_DIR)
		return place_dress(fd, state);
	if (fstat(dir, &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0 ||
	    fchmod(fd, st.st_mode & 07777) < 0)
		return -errno;
	return 0;
}

/* Extended attributes are known by their number only here: the folder's own order has them. */
static int dress_found(struct hand *h, int fd, const struct json *state, bool shared_above)
{
	struct table_state good = version_of(state, 0);

	if (good.class != CLASS_DIR || folder_rights_as(fd, &good))
		return 0;
	if (good.attrs || !folder_may_dress(h, fd, &good, NULL, shared_above))
		return FOLDER_FOREIGN;
	return place_dress(fd, state);
}

/* From the folder `dir` into the one of this name: its descriptor. */
static int step(struct hand *h, int dir, const char *name, const struct json *state,
                struct hand_place *out)
{
	struct table_state good = version_of(state, 0);
	bool above = out->shared, made = false;
	int fd = open_folder(dir, name), r = 0;
	struct stat st;

	if (fd == -ENOENT) {
		made = mkdirat(dir, name, 0700) == 0;
		if (!made && errno != EEXIST)
			return -errno;
		fd = open_folder(dir, name);
	}
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return -EIO;
	}
	made &= st.st_uid == geteuid(); /* else one that came just now, in between */
	if (made)
		r = dress_made(dir, fd, state);
	else if (out->strange)
		r = FOLDER_FOREIGN; /* what he has open below it he enters as ever */
	else
		r = dress_found(h, fd, state, above);
	out->shared |= !made && shared(h, &st); /* as it stood open before */
	if (r < 0 || fstat(fd, &st) < 0) {
		close(fd);
		return r < 0 ? r : -EIO;
	}
	out->shared |= shared(h, &st);
	if (good.class == CLASS_DIR && closed(&good)) {
		out->web &= web_enters(h, &good);
		out->strange |= guarded(h, &good, above) && memory_is_strange(&h->memory, fd);
	}
	return fd;
}

int folder_way(struct hand *h, int root, struct slice path, const struct json *folders,
               struct hand_place *out)
{
	const struct json *state = folders ? folders->first : NULL;
	struct stat st;
	size_t end;
	int last;

	out->dir = path_open(root, (struct slice){0}, O_PATH | O_DIRECTORY);
	if (out->dir < 0 || fstat(out->dir, &st) < 0)
		return out->dir < 0 ? out->dir : -errno;
	out->shared = shared(h, &st);
	while ((end = slice_chr(path, '/')) != SIZE_MAX) {
		int next = -ENAMETOOLONG;

		if (end < sizeof(out->name)) {
			memcpy(out->name, path.at, end);
			out->name[end] = '\0';
			next = strcmp(out->name, "..") == 0
			           ? -EINVAL
			           : step(h, out->dir, out->name, state, out);
		}
		close(out->dir);
		out->dir = next;
		if (next < 0)
			return next;
		state = state ? state->next : NULL;
		path = slice_sub(path, end + 1, path.n);
	}
	last = path_open_parent(out->dir, path, out->name);
	close(out->dir);
	out->dir = last;
	return last < 0 ? last : 0;
}
