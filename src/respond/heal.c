#include "respond/hand.h"
#include "wall/place.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* What is to stand there: as the fact says that made it the approved state, in full. */
static const struct json *good_state(const struct hand_job *j)
{
	const struct json *approved = json_get(j->order, "approved");
	struct table_state want = version_of(approved, 0), told = version_of(j->state, 0);

	return j->state && table_same(&want, &told) ? j->state : approved;
}

/* ---- what stands there now ---- */

/* To all but root, if it is one. */
static int close_folder(int dir, const char *name)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return 0;
	if (fd < 0 || fchmod(fd, 0700) < 0 || fchown(fd, geteuid(), (gid_t)-1) < 0)
		return -errno;
	return 0;
}

/* With its owner and rights, and a folder with all that is in it. */
static int move_away(const struct hand *h, const struct hand_job *j, const struct hand_place *p,
                     const struct stat *st)
{
	char name[TAKEN_BYTES];

	hand_taken_name(j, st, name);
	if (renameat(p->dir, p->name, h->folder, name) == 0)
		return 0;
	/* Our folder is on another filesystem: beside its place. There none but root enters a
	 * folder; the rest was moved since the intruder could not have removed it there. */
	if (errno != EXDEV || renameat(p->dir, p->name, p->dir, name) < 0)
		return -errno;
	return close_folder(p->dir, name);
}

/* Has the vault the content of this file? That of the approved version it has. */
static bool in_vault(const struct hand_job *j, const struct hand_place *p,
                     const struct stat *st)
{
	struct table_state present = version_of(json_get(j->order, "present"), 0);
	struct table_entry seen;
	AUTO_FD fd = -1;

	if (!S_ISREG(st->st_mode))
		return false;
	if (j->kept && version_sig(json_text(j->order, "present.sig"), &seen) &&
	    seen.dev == st->st_dev && seen.ino == st->st_ino && present.size == st->st_size &&
	    seen.mtime_ns == st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec)
		return true;
	fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 && j->content >= 0 && hand_same_bytes(fd, j->content);
}

/*
 * What stands where `want` belongs is lost by what follows. So it is moved away before, if it
 * is a folder, or if nobody has it any more and the web user could not have removed it.
 */
static int clear_place(const struct hand *h, const struct hand_job *j,
                       const struct hand_place *p, enum table_class want)
{
	struct stat st;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode) ? want != CLASS_DIR
	                        : !hand_web_removes(h, p, &st) && !in_vault(j, p, &st))
		return move_away(h, j, p, &st);
	if (!S_ISDIR(st.st_mode) && want == CLASS_DIR && unlinkat(p->dir, p->name, 0) < 0)
		return -errno;
	return 0;
}

/* For the folder that stands where one of code does. */
struct dresser {
	struct hand *h;
	struct table_entry recorded; /* device and inode */
	struct table_state good;
	bool shared, refused;
	int fresh; /* the file that was made, or -1 */
};

static void on_made(void *ctx, int room, const char *name)
{
	struct dresser *d = ctx;

	if (d->fresh >= 0)
		close(d->fresh);
	d->fresh = fresh_open(room, name);
}

static bool may_dress(void *ctx, int fd)
{
	struct dresser *d = ctx;

	d->refused = !folder_may_dress(d->h, fd, &d->good, &d->recorded, d->shared);
	return !d->refused;
}

static bool writers(int fd)
{
	bool some = fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;

	if (!some)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	return some;
}

/*
 * A file that was closed for its readers can't be replaced either. For the moment of the
 * rename it is opened up, and closed again behind it. Returns it, or -1.
 */
static int open_up(const struct hand *h, const struct hand_place *p)
{
	int fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!held_closed(h, fd)) {
		close(fd);
		return -1;
	}
	held_open_up(fd);
	return fd;
}

/*
 * Who opened a pipe in the file's place waits in the kernel for somebody who writes to it, and
 * would for ever: so somebody is there until the file is back. Returns the pipe, or -1.
 */
static int wake_openers(const struct hand_place *p)
{
	struct stat st;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISFIFO(st.st_mode))
		return -1;
	return openat(p->dir, p->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* ---- the verb ---- */

/*
 * Whoever made a file may have pages of it in hand still (sense/gate_sound.c): of what others
 * than root may write to only our own is as good as a fresh one.
 */
static bool is_sound(const struct hand *h, int fd, const struct stat *st)
{
	struct inode_version v;

	if (st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH)))
		return true;
	if (!inode_version_of(fd, &v))
		return false;
	for (size_t n = 0; n < HAND_MAX_MADE; n++) {
		if (inode_version_same(&h->made[n], &v))
			return true;
	}
	return false;
}

/* The gate knows better: it wants a fresh one. */
static bool is_remade(const struct hand_job *j)
{
	return slice_eq(json_text(j->order, "cause"), SLICE("remade"));
}

/* Somebody waits for the lease on a file that was opened as approved, and will write to it. */
static bool is_to_be_written(const struct hand_job *j)
{
	return slice_eq(json_text(j->order, "cause"), SLICE("write"));
}

/* True: the file is as it should be already; else deed->how says what it lacks. */
static bool stands(const struct hand *h, const struct hand_job *j, const struct hand_place *p,
                   const struct table_state *good, struct hand_deed *deed)
{
	AUTO_FD fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	deed->how = fd < 0 ? "made" : "content";
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || writers(fd) ||
	    !hand_same_bytes(fd, j->content) || is_remade(j) || !is_sound(h, fd, &st) ||
	    (is_to_be_written(j) && held_is(j->held, &st)))
		return false;
	if (!folder_rights_as(fd, good)) {
		deed->how = "rights";
		return false;
	}
	deed->how = "nothing";
	return true;
}

/* What place_file() came to. */
static int made(struct hand *h, int r, int fresh, struct hand_deed *deed)
{
	if (fresh >= 0 && r >= 0) {
		fresh_put(h, fresh, &deed->made);
		h->made[h->mades++ % HAND_MAX_MADE] = deed->made;
	} else if (fresh >= 0) {
		close(fresh);
	}
	return r;
}

/*
 * A crash between the rename and the disk's leaves what the guard's walk at the next start
 * finds and orders to be healed: no reader has to wait for the disk.
 */
static int put_back(struct hand *h, struct hand_job *j, const struct hand_place *p,
                    struct hand_deed *deed)
{
	const struct json *state = good_state(j);
	struct table_state good = version_of(state, 0);
	struct slice name = slice_str(p->name);
	struct dresser dresser = {.h = h, .good = good, .shared = p->shared, .fresh = -1};
	struct place at;
	int r = -EINVAL;

	version_sig(json_text(state, "sig"), &dresser.recorded);
	place_init(&at, p->dir); /* that very folder, wherever it is by now */
	place_in(&at, h->folder);
	at.timed_now = true;
	at.may_dress = may_dress;
	at.on_made = on_made;
	at.ctx = &dresser;
	if (good.class == CLASS_FILE && stands(h, j, p, &good, deed)) {
		r = 0; /* somebody was faster */
	} else if (good.class == CLASS_FILE) {
		r = place_file(&at, name, j->content, state);
		r = made(h, r, dresser.fresh, deed);
	} else if (good.class == CLASS_DIR) {
		r = place_dir(&at, name, state);
	} else if (good.class == CLASS_LINK) {
		r = place_link(&at, name, state);
	}
	if (dresser.refused)
		snprintf(deed->why, sizeof(deed->why), "somebody else's folder stands there");
	if (good.class == CLASS_DIR || good.class == CLASS_LINK)
		deed->how = "made";
	place_done(&at);
	return r;
}

/* An ACL may let in whom the mode does not show. */
static bool has_acl(int fd)
{
	return fgetxattr(fd, "system.posix_acl_access", NULL, 0) >= 0 ||
	       (errno != ENODATA && errno != EOPNOTSUPP);
}

/*
 * May the approved content be seen by whoever has the held file, or can come to have it? What
 * is not for everybody goes only into a file of somebody's who may read it anyway, and that was
 * open to nobody else: to take rights away from it now would not do, since a descriptor that
 * was had before goes on reading.
 */
static bool may_show(const struct hand *h, const struct hand_job *j, const struct hand_place *p,
                     const struct stat *held)
{
	struct table_state good = version_of(json_get(j->order, "approved"), 0);
	struct stat st = {.st_mode = good.mode, .st_uid = good.uid, .st_gid = good.gid};
	mode_t readers = S_IRGRP | S_IROTH;

	if (p->strange ||
	    (!p->web && (held->st_uid != good.uid || hand_is_web(h, held->st_uid))))
		return false; /* the code is for those who may enter its folder */
	if ((good.mode & readers) == readers)
		return true;
	if (held->st_uid != good.uid &&
	    !(hand_is_web(h, held->st_uid) && hand_web_may(h, &st, S_IROTH)))
		return false;
	if (held->st_mode & ~good.mode & readers ||
	    (held->st_mode & S_IRGRP && held->st_gid != good.gid))
		return false;
	return !has_acl(j->held);
}

/*
 * A file that was moved here may have names elsewhere, also outside of the shop (a copy made of
 * hard links). Into what the web user could not write himself we write for nobody; nor where
 * somebody else may have moved it here, who can't write to it.
 */
static bool may_write(const struct hand *h, const struct hand_job *j,
                      const struct hand_place *p, const struct stat *held)
{
	if (held->st_nlink > 0 && (p->shared || !hand_web_may(h, held, S_IWOTH)))
		return false;
	return may_show(h, j, p, held);
}

/*
 * The held file is the one that stands there and is as approved, or it is made to be so. One
 * that is to be written to must be closed for good: a lease would go with the gate's.
 */
static bool clean(struct hand *h, const struct hand_job *j, const struct hand_place *p)
{
	bool anew = is_remade(j);
	struct stat held, there;

	if (j->held < 0 || j->content < 0 || fstat(j->held, &held) < 0 ||
	    (is_to_be_written(j) && !held_closes(j->held)))
		return false;
	if (fstatat(p->dir, p->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    held_is(j->held, &there))
		return !anew && !is_to_be_written(j) && !writers(j->held) &&
		       hand_same_bytes(j->held, j->content);
	return may_write(h, j, p, &held) && held_clean(h, j->held, j->content, anew);
}

void heal_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	struct table_state good = version_of(json_get(j->order, "approved"), 0);
	struct hand_place p;
	int r, closed, pipe;

	if (hand_place(h, j, true, &p, deed) < 0)
		return;
	closed = open_up(h, &p);
	pipe = wake_openers(&p);
	if (good.class == CLASS_FILE && j->content < 0)
		r = hand_fail(deed, -ENOENT, "its approved content is not in the vault");
	else
		r = clear_place(h, j, &p, (enum table_class)good.class);
	if (r == 0)
		r = put_back(h, j, &p, deed);
	if (pipe >= 0)
		close(pipe);
	if (closed >= 0) {
		held_close(closed);
		close(closed);
	}
	if (r >= 0 && good.class == CLASS_FILE && json_true(j->order, "close"))
		held_keep(h, p.dir, p.name);
	if (r < 0 && !deed->why[0])
		hand_fail(deed, r, "it could not be put back");
	if (r == PLACE_PARTLY)
		snprintf(deed->why, sizeof(deed->why),
		         "its owner, attributes or times only in part");
	deed->done = r >= 0;
	if (!deed->done)
		deed->how = "nothing";
	deed->clean = good.class == CLASS_FILE && clean(h, j, &p);
	close(p.dir);
}
