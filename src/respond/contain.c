/*
 * contain: the verbs that a person orders: hold a path, stop payment, stop the shop, freeze
 * a process or a control group. Each has its reverse. isolate.c has the network's.
 */
#include "respond/contain.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* ---- hold: the gate refuses; the hand tries the door ---- */

/* 1: refused, 0: it opens, or -errno. */
static int try_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == EPERM ? 1 : -errno;
	close(fd);
	return 0;
}

/* A folder counts by the files in it; one without any has nothing to refuse. */
static int try_folder(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 1;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 1 && (e = readdir(d)))
		r = e->d_type == DT_REG ? try_file(fd, e->d_name) : 1;
	closedir(d);
	return r;
}

static int is_held(struct hand *h, const struct hand_job *j, struct hand_deed *deed)
{
	struct hand_place p;
	struct stat st;
	int r = hand_place(h, j, false, &p, deed);

	if (r < 0)
		return r;
	if (fstatat(p.dir, p.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = hand_fail(deed, -errno, "it can't be looked at");
	else
		r = S_ISDIR(st.st_mode) ? try_folder(p.dir, p.name) : try_file(p.dir, p.name);
	close(p.dir);
	return r;
}

static void hold_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int r = is_held(h, j, deed);

	deed->done = r == 1;
	deed->how = r == 1 ? "refused" : "nothing";
	if (r == 0)
		hand_fail(deed, -EAGAIN, "it can still be opened");
	else if (r < 0 && !deed->why[0])
		hand_fail(deed, r, "it can't be tried");
}

static void unhold_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	deed->done = is_held(h, j, deed) != 1; /* what is gone by now is held no more either */
	deed->how = "opens";
	deed->why[0] = '\0';
	if (!deed->done)
		hand_fail(deed, -EPERM, "it is refused still");
}

/* ---- flags ---- */

static const char *flag_name(const struct hand_job *j, const char *name)
{
	return json_true(j->order, "rehearsal") ? CONTAIN_REHEARSAL : name;
}

/* 1: it was there already. */
static int raise_flag(int dir, const char *name, uid_t uid, gid_t gid)
{
	AUTO_FD fd =
	    openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 1 : -errno;
	if (fchmod(fd, 0644) < 0 || (uid && fchown(fd, uid, gid) < 0) || fsync(fd) < 0)
		return -errno;
	return 0;
}

static void flag_done(struct hand_deed *deed, int r, const char *how)
{
	deed->done = r >= 0;
	deed->how = r == 0 ? how : "nothing";
	if (r < 0 && !deed->why[0])
		hand_fail(deed, r, "the flag can't be set");
}

static int lower_flag(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == 0)
		return 0;
	return errno == ENOENT ? 1 : -errno;
}

static void stop_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	flag_done(deed, raise_flag(h->contain.flags, flag_name(j, CONTAIN_STOP_PAYMENT), 0, 0),
	          "flag");
}

static void resume_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	flag_done(deed, lower_flag(h->contain.flags, flag_name(j, CONTAIN_STOP_PAYMENT)),
	          "removed");
}

/* Whatever the order says: of the shop's files only the flag that the profile names. */
static int shop_flag(struct hand *h, const struct hand_job *j, struct hand_place *p,
                     struct hand_deed *deed)
{
	struct slice want =
	    json_true(j->order, "rehearsal") ? SLICE(CONTAIN_TRIAL) : h->conf->maintenance;

	buf_reset(&h->path);
	if (!want.n || !text_unpath(&h->path, json_text(j->order, "path")) ||
	    !slice_eq(buf_slice(&h->path), want))
		return hand_fail(deed, -EPERM, "that is no flag of the shop");
	return hand_place(h, j, false, p, deed);
}

/* The shop's program knows no flag, so the web server closes the shop by ours. */
static bool by_web_server(const struct hand_job *j)
{
	return !json_get(j->order, "path");
}

/* The program's own flag lies in the shop, and gets the owner of its folder. */
static int raise_shop_flag(struct hand *h, const struct hand_job *j, struct hand_deed *deed)
{
	struct hand_place p;
	struct stat st;
	int r = shop_flag(h, j, &p, deed);

	if (r < 0)
		return r;
	r = fstat(p.dir, &st) < 0 ? -errno : raise_flag(p.dir, p.name, st.st_uid, st.st_gid);
	close(p.dir);
	return r;
}

static void close_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	flag_done(deed,
	          by_web_server(j)
	              ? raise_flag(h->contain.flags, flag_name(j, CONTAIN_STOP_SHOP), 0, 0)
	              : raise_shop_flag(h, j, deed),
	          "flag");
}

/* Only an empty file is a flag: whatever else stands there is not ours to remove. */
static int lower_shop_flag(struct hand *h, const struct hand_job *j, struct hand_deed *deed)
{
	struct hand_place p;
	struct stat st;
	int r = shop_flag(h, j, &p, deed);

	if (r < 0)
		return r;
	if (fstatat(p.dir, p.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = errno == ENOENT ? 1 : -errno;
	else
		r = S_ISREG(st.st_mode) && st.st_size == 0 ? lower_flag(p.dir, p.name)
		                                           : -ESTALE;
	close(p.dir);
	return r;
}

static void reopen_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	flag_done(deed,
	          by_web_server(j)
	              ? lower_flag(h->contain.flags, flag_name(j, CONTAIN_STOP_SHOP))
	              : lower_shop_flag(h, j, deed),
	          "removed");
}

/* ---- freeze ---- */

static void signal_process(struct hand_job *j, struct hand_deed *deed, int sig, const char *how)
{
	int r = 0;

	if (j->held < 0)
		r = json_true(j->order, "held") ? -EAGAIN : -ESRCH;
	else if (pidfd_send_signal(j->held, sig, NULL, 0) < 0)
		r = -errno;
	deed->done = r == 0;
	deed->how = how;
	if (r < 0)
		hand_fail(deed, r, r == -EAGAIN ? "the process was not named" : "the process");
}

static int write_freeze(int dir, const char *value)
{
	AUTO_FD fd = openat(dir, "cgroup.freeze", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, value, 1) == 1 ? 0 : -errno;
}

/* By what it is, however it is spelled: never our own group, nor one around it. */
static bool is_our_group(const struct contain *c, int dir)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return true;
	for (int i = 0; i < c->owns; i++) {
		if (c->own[i] == st.st_ino)
			return true;
	}
	return false;
}

static int freeze_group(struct hand *h, const struct hand_job *j, const char *value)
{
	AUTO_FD dir = -1;

	if (h->contain.groups < 0)
		return -ENOTSUP;
	buf_reset(&h->path);
	if (!text_unpath(&h->path, json_text(j->order, "cgroup")))
		return -EINVAL;
	dir = path_open(h->contain.groups, buf_slice(&h->path), O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		return dir;
	return is_our_group(&h->contain, dir) ? -EPERM : write_freeze(dir, value);
}

static void group_done(struct hand_deed *deed, int r, const char *how)
{
	deed->done = r == 0;
	deed->how = how;
	if (r < 0)
		hand_fail(deed, r, "the control group");
}

static void freeze_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	if (json_get(j->order, "cgroup"))
		group_done(deed, freeze_group(h, j, "1"), "frozen");
	else
		signal_process(j, deed, SIGSTOP, "stopped");
}

static void thaw_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	if (json_get(j->order, "cgroup"))
		group_done(deed, freeze_group(h, j, "0"), "continued");
	else
		signal_process(j, deed, SIGCONT, "continued");
}

/* ---- the table ---- */

const struct contain_verb contain_verbs[] = {
    {"hold", hold_run, unhold_run},         {"stop-payment", stop_run, resume_run},
    {"stop-shop", close_run, reopen_run},   {"freeze", freeze_run, thaw_run},
    {"isolate", isolate_run, isolate_undo}, {"confirm", isolate_confirm, NULL},
};
const size_t contain_verb_count = sizeof(contain_verbs) / sizeof(contain_verbs[0]);

void contain_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	bool lift = slice_eq(fact_type(j->order), SLICE("order.lift"));
	struct slice verb = json_text(j->order, "verb");

	for (size_t i = 0; i < contain_verb_count; i++) {
		const struct contain_verb *v = &contain_verbs[i];

		if (!slice_eq(verb, slice_str(v->name)) || (lift && !v->undo))
			continue;
		(lift ? v->undo : v->run)(h, j, deed);
		return;
	}
	hand_fail(deed, -EINVAL, "no such verb");
}

/* ---- before the seal ---- */

/* "0::/system.slice/hinoban.service" of /proc/self/cgroup, without the first '/'. */
static void read_own_group(char out[256])
{
	FILE *in = fopen("/proc/self/cgroup", "re");
	char line[512];

	out[0] = '\0';
	while (in && fgets(line, sizeof(line), in)) {
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(out, 256, "%.255s", line + 4);
	}
	if (in)
		fclose(in);
}

static void note_own_groups(struct contain *c)
{
	char name[256];
	struct slice path;
	struct stat st;

	read_own_group(name);
	path = slice_str(name);
	while (c->groups >= 0 && c->owns < CONTAIN_MAX_DEPTH) {
		AUTO_FD dir = path_open(c->groups, path, O_RDONLY | O_DIRECTORY);

		if (dir >= 0 && fstat(dir, &st) == 0)
			c->own[c->owns++] = st.st_ino;
		if (path.n == 0)
			return;
		path = path_dir(path);
	}
}

const char *contain_groups(void)
{
	static const char *const usual[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		struct statfs s;

		if (statfs(usual[i], &s) == 0 && s.f_type == CGROUP2_SUPER_MAGIC)
			return usual[i];
	}
	return NULL;
}

static int open_flags(const char *state, uid_t uid, gid_t gid)
{
	AUTO_FD dir = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (dir < 0)
		return -errno;
	if (mkdirat(dir, CONTAIN_FLAGS, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir, CONTAIN_FLAGS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* The web server looks there, whoever it runs as. */
	if ((geteuid() == 0 && fchown(fd, uid, gid) < 0) || fchmod(fd, 0755) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

int contain_make(struct hand *h, const char *state, uid_t uid, gid_t gid, struct err *e)
{
	const char *groups = contain_groups();
	struct contain *c = &h->contain;
	struct stat st;

	if (stat(state, &st) < 0)
		return err_sys(e, -errno, "%s", state);
	snprintf(c->home, sizeof(c->home), "%llx.%llx %.*s", (unsigned long long)st.st_dev,
	         (unsigned long long)st.st_ino, SLICE_ARG(slice_str(state)));
	c->flags = open_flags(state, uid, gid);
	if (c->flags < 0)
		return err_sys(e, c->flags, "%s/" CONTAIN_FLAGS, state);
	c->groups = groups ? open(groups, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	note_own_groups(c);
	c->net = nft_open();
	c->apart = nft_open_apart();
	c->isolated = isolate_found(h);
	return 0;
}

void contain_done(struct contain *c)
{
	int *const fd[] = {&c->flags, &c->groups, &c->net, &c->apart};

	for (size_t i = 0; i < sizeof(fd) / sizeof(fd[0]); i++) {
		if (*fd[i] >= 0)
			close(*fd[i]);
		*fd[i] = -1;
	}
}
