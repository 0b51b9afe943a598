#include "fact/attrs.h"
#include "respond/hand.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

/* What is to stand there. */
struct good {
	struct table_state state;
	const struct json *xattrs; /* NULL: none */
	bool attrs_known;
	struct slice target; /* of a link: text */
};

static void read_good(const struct hand_job *j, struct good *g)
{
	*g = (struct good){.state = version_of(json_get(j->order, "approved"), 0)};
	g->xattrs = json_get(j->state, "xattrs");
	g->attrs_known = attrs_digest_of(g->xattrs) == g->state.attrs;
	g->target = json_text(j->state, "target");
}

/* ---- something new beside, then in its place ---- */

/* Where the new file is made: a folder of ours on the same filesystem, else beside its place.
 */
struct beside {
	int dir; /* borrowed */
	char name[64];
};

static void choose_beside(const struct hand *h, const struct hand_job *j, int dir,
                          struct beside *b)
{
	struct stat ours, theirs;
	bool same = fstat(h->folder, &ours) == 0 && fstat(dir, &theirs) == 0 &&
	            ours.st_dev == theirs.st_dev;

	b->dir = same ? h->folder : dir;
	snprintf(b->name, sizeof(b->name), ".hinoban-%lld.new", (long long)j->seq);
	unlinkat(b->dir, b->name, 0);
}

static int copy_into(int to, int content)
{
	off_t at = 0;
	struct stat st;

	if (fstat(content, &st) < 0)
		return -errno;
	while (at < st.st_size) {
		ssize_t n = sendfile(to, content, &at, (size_t)(st.st_size - at));

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
	}
	return 0;
}

/* Owner first: a change of owner takes set-id bits and capabilities away. */
static int give_rights(int fd, const struct good *g)
{
	if (fchown(fd, g->state.uid, g->state.gid) < 0)
		return -errno;
	if (g->attrs_known && attrs_set(fd, g->xattrs) < 0)
		return -EOPNOTSUPP;
	return fchmod(fd, g->state.mode) < 0 ? -errno : 0;
}

static int put_in_place(const struct beside *b, const struct hand_place *p)
{
	if (renameat(b->dir, b->name, p->dir, p->name) < 0) {
		int r = -errno;

		unlinkat(b->dir, b->name, 0);
		return r;
	}
	return 0;
}

/*
 * A crash between the rename and the disk's leaves what the guard's walk at the next start
 * finds and orders to be healed: no reader has to wait for the disk.
 */
static int new_file(struct hand *h, struct hand_job *j, const struct hand_place *p,
                    const struct good *g)
{
	struct beside b;
	int r;

	choose_beside(h, j, p->dir, &b);
	AUTO_FD fd =
	    openat(b.dir, b.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = copy_into(fd, j->content);
	if (r == 0)
		r = give_rights(fd, g);
	if (r < 0) {
		unlinkat(b.dir, b.name, 0);
		return r;
	}
	return put_in_place(&b, p);
}

static int new_link(struct hand *h, struct hand_job *j, const struct hand_place *p,
                    const struct good *g)
{
	struct buf target = {.max = PATH_MAX};
	struct beside b;
	int r = 0;

	choose_beside(h, j, p->dir, &b);
	if (text_unpath(&target, g->target))
		buf_byte(&target, 0);
	if (target.n < 2 || !buf_ok(&target))
		r = -EINVAL;
	if (r == 0 &&
	    (symlinkat((const char *)target.at, b.dir, b.name) < 0 ||
	     fchownat(b.dir, b.name, g->state.uid, g->state.gid, AT_SYMLINK_NOFOLLOW) < 0))
		r = -errno;
	buf_done(&target);
	return r < 0 ? r : put_in_place(&b, p);
}

/* ---- what stands there now ---- */

/* A folder where a file belongs is moved aside, with all that is in it. */
static int move_folder_away(const struct hand *h, const struct hand_job *j,
                            const struct hand_place *p)
{
	char name[64];

	snprintf(name, sizeof(name), "%lld.taken", (long long)j->seq);
	return renameat(p->dir, p->name, h->folder, name) < 0 ? -errno : 0;
}

static int clear_place(const struct hand *h, const struct hand_job *j,
                       const struct hand_place *p, enum table_class want)
{
	struct stat st;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode) && want != CLASS_DIR)
		return move_folder_away(h, j, p);
	if (!S_ISDIR(st.st_mode) && want == CLASS_DIR && unlinkat(p->dir, p->name, 0) < 0)
		return -errno;
	return 0;
}

static bool writers(int fd)
{
	bool some = fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;

	if (!some)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	return some;
}

static bool rights_as(int fd, const struct good *g)
{
	struct buf now = {.max = ATTRS_MAX_BYTES};
	struct stat st;
	bool same;

	if (fstat(fd, &st) < 0 || (st.st_mode & 07777) != g->state.mode ||
	    st.st_uid != g->state.uid || st.st_gid != g->state.gid)
		return false;
	same = attrs_read(fd, &now) < 0 || attrs_digest(buf_slice(&now)) == g->state.attrs;
	buf_done(&now);
	return same;
}

/* ---- the verb ---- */

static int heal_file(struct hand *h, struct hand_job *j, const struct hand_place *p,
                     const struct good *g, struct hand_deed *deed)
{
	AUTO_FD fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool file = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

	if (j->content < 0)
		return hand_fail(deed, -ENOENT, "its approved content is not in the vault");
	if (file && !writers(fd) && hand_same_bytes(fd, j->content)) {
		if (rights_as(fd, g))
			return 0; /* somebody was faster */
		deed->how = "rights";
		return give_rights(fd, g);
	}
	deed->how = fd >= 0 ? "content" : "made";
	return new_file(h, j, p, g);
}

static int heal_folder(const struct hand_place *p, const struct good *g, struct hand_deed *deed)
{
	AUTO_FD fd = -1;

	deed->how = mkdirat(p->dir, p->name, 0700) == 0 ? "made" : "rights";
	fd = openat(p->dir, p->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : give_rights(fd, g);
}

/* The held file is the one that stands there and is as approved, or it is made to be so. */
static bool clean(struct hand *h, const struct hand_job *j, const struct hand_place *p)
{
	struct stat held, there;

	if (j->held < 0)
		return false;
	if (fstat(j->held, &held) == 0 &&
	    fstatat(p->dir, p->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    held.st_ino == there.st_ino && held.st_dev == there.st_dev)
		return !writers(j->held) && hand_same_bytes(j->held, j->content);
	return held_clean(h, j->held, j->content);
}

void heal_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	struct hand_place p;
	struct good g;
	int r;

	read_good(j, &g);
	if (hand_place(h, j, true, &p, deed) < 0)
		return;
	r = clear_place(h, j, &p, (enum table_class)g.state.class);
	if (r == 0 && g.state.class == CLASS_FILE)
		r = heal_file(h, j, &p, &g, deed);
	else if (r == 0 && g.state.class == CLASS_DIR)
		r = heal_folder(&p, &g, deed);
	else if (r == 0 && g.state.class == CLASS_LINK)
		r = new_link(h, j, &p, &g);
	if (r < 0 && !deed->why[0])
		hand_fail(deed, r, "it could not be put back");
	deed->done = r == 0;
	deed->clean = g.state.class == CLASS_FILE && clean(h, j, &p);
	close(p.dir);
}
