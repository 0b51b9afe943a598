/*
 * An upstream release: a folder, or an archive that is unpacked by tar's or zip's own
 * programs as nobody in particular, into a folder that is removed afterwards.
 */
#include "face/origin.h"
#include "wall/seal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE_BYTES (4ull << 30)
#define FTW_FDS        16

struct upstream {
	char dir[FACE_PATH_MAX];
	char inner[FACE_PATH_MAX]; /* the only folder in it, where releases have one */
	char temp[64];             /* "" where nothing was unpacked */
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

/* An archive's one top folder ("eccube-4.2.3/") is not part of the shop's paths. */
static void find_inner(struct upstream *u)
{
	DIR *d = opendir(u->dir);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		n++;
		snprintf(u->inner, sizeof(u->inner), "%.2000s/%s", u->dir, e->d_name);
	}
	if (d)
		closedir(d);
	if (n != 1)
		u->inner[0] = '\0';
}

static bool is_zip(const char *path)
{
	return slice_ends(slice_str(path), SLICE(".zip"));
}

/* The archive arrives on standard input where that works: the child need not open our files. */
static int unpack(struct upstream *u, const char *archive, int fd)
{
	const char *const bsdtar[] = {"bsdtar",          "-x",        "-f",          "-",
	                              "--no-same-owner", "--no-acls", "--no-xattrs", NULL};
	const char *const unzip[] = {"unzip", "-q", "-o", archive, NULL};
	const char *const gnutar[] = {"tar", "-x", "-f", archive, "--no-same-owner", NULL};
	struct child_want w = {.dir = u->dir, .in = fd, .max_file_bytes = MAX_FILE_BYTES};
	const char *const *argv = child_exists("bsdtar") ? bsdtar
	                          : is_zip(archive)      ? unzip
	                                                 : gnutar;
	struct buf out;
	int r;

	seal_ids(SEAL_READER, &w.uid, &w.gid);
	if (!child_exists(argv[0])) {
		COMPLAIN(T_ORIGIN_NO_PROGRAM, argv[0]);
		return EXIT_USE;
	}
	if (geteuid() == 0 && chown(u->dir, w.uid, w.gid) < 0)
		return EXIT_OURS;
	buf_init(&out, 1u << 20);
	r = child_output(argv, &w, &out);
	buf_done(&out);
	if (r != 0)
		COMPLAIN(T_ORIGIN_UNPACK, archive, argv[0]);
	return r == 0 ? EXIT_GOOD : EXIT_USE;
}

static int open_archive(struct upstream *u, const char *archive)
{
	AUTO_FD fd = open(archive, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char full[FACE_PATH_MAX];

	if (fd < 0 || !realpath(archive, full)) {
		COMPLAIN(T_CANNOT_READ, archive, strerror(errno));
		return EXIT_USE;
	}
	snprintf(u->temp, sizeof(u->temp), "/tmp/hinoban-upstream.XXXXXX");
	if (!mkdtemp(u->temp)) {
		COMPLAIN(T_CANNOT_WRITE, "/tmp", strerror(errno));
		u->temp[0] = '\0';
		return EXIT_OURS;
	}
	snprintf(u->dir, sizeof(u->dir), "%s", u->temp);
	return unpack(u, full, fd);
}

static int upstream_open(struct origin *o, struct face *f, const char *arg)
{
	struct upstream *u = calloc(1, sizeof(*u));
	struct stat st;
	int code = EXIT_GOOD;

	if (!u)
		return EXIT_OURS;
	o->own = u;
	o->f = f;
	o->reason = face_cstr(f, arena_printf(&f->mem, "upstream %s", arg));
	if (stat(arg, &st) < 0) {
		COMPLAIN(T_CANNOT_READ, arg, strerror(errno));
		return EXIT_USE;
	}
	if (!S_ISDIR(st.st_mode))
		code = open_archive(u, arg);
	else
		snprintf(u->dir, sizeof(u->dir), "%s", arg);
	if (!code)
		find_inner(u);
	return code;
}

static enum origin_verdict upstream_look(struct origin *o, const struct table_entry *e,
                                         struct slice path)
{
	const struct upstream *u = o->own;
	const char *rel = face_cstr(o->f, path);
	struct hash sha;
	int fd = origin_open_beneath(u->dir, rel), r;

	if (fd < 0 && u->inner[0])
		fd = origin_open_beneath(u->inner, rel);
	if (fd < 0)
		return ORIGIN_UNKNOWN;
	r = origin_hash(fd, &sha, NULL);
	close(fd);
	return r == 0 && e->present.class == CLASS_FILE && hash_eq(&sha, &e->present.hash)
	           ? ORIGIN_SAME
	           : ORIGIN_OTHER;
}

static void upstream_close(struct origin *o)
{
	struct upstream *u = o->own;

	if (u && u->temp[0])
		nftw(u->temp, remove_one, FTW_FDS, FTW_DEPTH | FTW_PHYS);
	free(u);
}

const struct origin origin_upstream = {
    .name = "upstream", .open = upstream_open, .look = upstream_look, .close = upstream_close};
