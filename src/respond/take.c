/* take: what has no approval is taken away; its content is in the vault, or it is moved. */
#include "respond/hand.h"
#include "wall/place.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* To another filesystem, as mv(1) does: with its owner, rights and times. */
static int copy_away(const struct hand *h, const struct hand_job *j, const struct hand_place *p,
                     const char *name)
{
	const struct json *present = json_get(j->order, "present");
	struct place at;
	int r;

	place_init(&at, h->folder);
	place_in(&at, h->folder);
	if (version_of(present, 0).class == CLASS_LINK)
		r = place_link(&at, slice_str(name), present);
	else
		r = j->content < 0 ? -EXDEV
		                   : place_file(&at, slice_str(name), j->content, present);
	place_done(&at);
	if (r < 0)
		return r;
	if (unlinkat(p->dir, p->name, 0) < 0) {
		r = -errno;
		unlinkat(h->folder, name, 0);
		return r;
	}
	return 0;
}

/*
 * Out of the shop, into a folder that nobody but root and we may enter, and not to be run. By
 * now it may be a link, or a file of somebody else's with another name: their mode stays.
 */
static int move_away(const struct hand *h, const struct hand_job *j, const struct hand_place *p)
{
	char name[TAKEN_BYTES];
	struct stat st;
	AUTO_FD fd = -1;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	hand_taken_name(j, &st, name);
	if (renameat(p->dir, p->name, h->folder, name) < 0)
		return errno == EXDEV ? copy_away(h, j, p, name) : -errno;
	fd = openat(h->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 &&
	    hand_is_web(h, st.st_uid))
		return fchmod(fd, 0400) < 0 ? -errno : 0;
	return 0;
}

/* Is it still what the order speaks of? A file whose content the vault has is compared. */
static bool same_as_ordered(const struct hand_job *j, int fd, const struct stat *st)
{
	struct table_state want = version_of(json_get(j->order, "present"), 0);

	if (!S_ISREG(st->st_mode) || want.class != CLASS_FILE)
		return false;
	return j->content >= 0 ? hand_same_bytes(fd, j->content) : st->st_size == want.size;
}

static int take_file(const struct hand *h, struct hand_job *j, const struct hand_place *p,
                     struct hand_deed *deed)
{
	AUTO_FD fd = openat(p->dir, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	deed->later = held_closed(h, fd);
	if (deed->later)
		return 0; /* a name of a file whose openers still read it, approved as it is */
	if (!same_as_ordered(j, fd, &st))
		return hand_fail(deed, -ESTALE, "it was altered again meanwhile");
	if (j->content < 0 || !hand_web_removes(h, p, &st)) {
		deed->how = "moved";
		return move_away(h, j, p);
	}
	deed->how = "removed";
	return unlinkat(p->dir, p->name, 0) < 0 ? -errno : 0;
}

static int take_link(const struct hand *h, const struct hand_job *j, const struct hand_place *p,
                     struct hand_deed *deed)
{
	struct stat st;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISLNK(st.st_mode))
		return hand_fail(deed, -ESTALE, "it was altered again meanwhile");
	if (!hand_web_removes(h, p, &st)) {
		deed->how = "moved";
		return move_away(h, j, p);
	}
	deed->how = "removed"; /* where it led to stands in the fact */
	return unlinkat(p->dir, p->name, 0) < 0 ? -errno : 0;
}

void take_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	bool link = slice_eq(json_text(j->order, "present.class"), SLICE("link"));
	struct hand_place p;
	int r = hand_place(h, j, false, &p, deed);

	if (r == -ENOENT) {
		deed->done = true; /* its folder is gone, and it with it */
		deed->why[0] = '\0';
	}
	if (r < 0)
		return;
	r = link ? take_link(h, j, &p, deed) : take_file(h, j, &p, deed);
	if (r < 0 && !deed->why[0])
		hand_fail(deed, r, "it could not be taken away");
	deed->done = r == 0;
	close(p.dir);
}
