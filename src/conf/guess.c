/* Recognising the kind of shop: each profile's signs are looked for in a few places. */
#include "conf/conf.h"
#include "conf/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_BYTES   (64u * 1024) /* of each file */
#define MAX_PROFILES 64
#define MAX_PLACES   64 /* folders directly in the given one that are tried */

struct place {
	char dir[PATH_MAX];
	char base[256];
};

struct named {
	char name[64];
	struct profile p;
};

struct look {
	struct arena mem;
	struct named *profile;
	size_t profiles;
	uint8_t *bytes;
};

/* The first LOOK_BYTES of an ordinary file in the place, or the empty slice with at NULL. */
static struct slice head_of(struct look *k, int dirfd, struct slice file)
{
	char name[PATH_MAX];
	struct stat st;
	ssize_t n;

	(void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(file));
	AUTO_FD fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return (struct slice){0};
	n = read(fd, k->bytes, LOOK_BYTES);
	return n < 0 ? (struct slice){0} : slice_mem(k->bytes, (size_t)n);
}

static bool exists(int dirfd, struct slice file)
{
	char name[PATH_MAX];

	(void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(file));
	return faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* "FILE: TEXT" into its halves. */
static bool halves(struct slice sign, struct slice *file, struct slice *text)
{
	size_t at = slice_find(sign, SLICE(": "));

	if (at == SIZE_MAX)
		return false;
	*file = slice_sub(sign, 0, at);
	*text = slice_sub(sign, at + 2, sign.n);
	return true;
}

static void because(struct conf_guess *g, struct slice sign)
{
	size_t n = strlen(g->because);

	(void)snprintf(g->because + n, sizeof(g->because) - n, "%s%.*s", n ? ", " : "",
	               SLICE_ARG(sign));
}

static bool version_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ||
	       (c >= 'A' && c <= 'Z');
}

/* Digits, dots and letters behind the text, past quotes, blanks and signs. */
static struct slice version_in(struct slice head, struct slice text)
{
	size_t at = slice_find(head, text), end;

	if (at == SIZE_MAX)
		return (struct slice){0};
	at += text.n;
	for (size_t i = 0; i < 24 && at < head.n && !(head.at[at] >= '0' && head.at[at] <= '9');
	     i++) {
		if (head.at[at] == '\n' || head.at[at] == ';')
			return (struct slice){0};
		at++;
	}
	for (end = at; end < head.n && end - at < 24 && version_char(head.at[end]);)
		end++;
	return slice_sub(head, at, end);
}

static void set_title(struct look *k, int dirfd, const struct profile *p, struct conf_guess *g)
{
	struct slice v = {0}, file, text;

	for (size_t i = 0; i < p->version.n && v.n == 0; i++)
		if (halves(p->version.at[i], &file, &text))
			v = version_in(head_of(k, dirfd, file), text);
	(void)snprintf(g->title, sizeof(g->title), "%.*s%s%.*s", SLICE_ARG(p->title),
	               v.n ? " " : "", SLICE_ARG(v));
	for (size_t i = 0; i < p->with.n; i++)
		if (halves(p->with.at[i], &file, &text) && exists(dirfd, file)) {
			size_t n = strlen(g->title);

			(void)snprintf(g->title + n, sizeof(g->title) - n, " with %.*s",
			               SLICE_ARG(text));
		}
}

static bool signs_hold(struct look *k, int dirfd, const struct profile *p, struct conf_guess *g)
{
	struct slice file, text;

	for (size_t i = 0; i < p->files.n; i++) {
		if (!exists(dirfd, p->files.at[i]))
			return false;
		because(g, p->files.at[i]);
	}
	for (size_t i = 0; i < p->texts.n; i++) {
		if (!halves(p->texts.at[i], &file, &text) ||
		    slice_find(head_of(k, dirfd, file), text) == SIZE_MAX)
			return false;
		because(g, file);
	}
	return p->files.n + p->texts.n > 0;
}

/* The needed signs give 0.7, each further one a part of the rest; a sub folder costs a bit. */
static void try_profile(struct look *k, int dirfd, const struct named *n,
                        const struct place *at, struct conf_guess *out, int max, int *count)
{
	struct conf_guess g = {0};
	size_t more = 0;
	int i;

	if (!signs_hold(k, dirfd, &n->p, &g))
		return;
	for (size_t a = 0; a < n->p.also.n; a++)
		if (exists(dirfd, n->p.also.at[a])) {
			because(&g, n->p.also.at[a]);
			more++;
		}
	g.sure = 0.7 + 0.29 * (n->p.also.n ? (double)more / (double)n->p.also.n : 1.0);
	g.sure -= at->base[0] ? 0.05 : 0.0;
	set_title(k, dirfd, &n->p, &g);
	(void)snprintf(g.profile, sizeof(g.profile), "%s", n->name);
	(void)snprintf(g.dir, sizeof(g.dir), "%s", at->dir);
	(void)snprintf(g.base, sizeof(g.base), "%s", at->base);
	for (i = *count; i > 0 && out[i - 1].sure < g.sure; i--)
		if (i < max)
			out[i] = out[i - 1];
	if (i < max) {
		out[i] = g;
		*count += *count < max;
	}
}

static void try_place(struct look *k, const struct place *at, struct conf_guess *out, int max,
                      int *count)
{
	char path[PATH_MAX + 260];

	(void)snprintf(path, sizeof(path), "%s/%s", at->dir, at->base);
	AUTO_FD dirfd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; dirfd >= 0 && i < k->profiles; i++)
		try_profile(k, dirfd, &k->profile[i], at, out, max, count);
}

/* The given folder is some profile's document root: look in the one above. */
static void try_above(struct look *k, const char *dir, struct conf_guess *out, int max,
                      int *count)
{
	struct place at = {0};
	const char *slash = strrchr(dir, '/');

	if (!slash || slash == dir)
		return;
	(void)snprintf(at.dir, sizeof(at.dir), "%.*s", (int)(slash - dir), dir);
	AUTO_FD dirfd = open(at.dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; dirfd >= 0 && i < k->profiles; i++)
		for (size_t d = 0; d < k->profile[i].p.docroot.n; d++)
			if (slice_eq(k->profile[i].p.docroot.at[d], slice_str(slash + 1)))
				try_profile(k, dirfd, &k->profile[i], &at, out, max, count);
}

static void try_below(struct look *k, const char *dir, struct conf_guess *out, int max,
                      int *count)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int left = MAX_PLACES;

	while (d && left > 0 && (e = readdir(d))) {
		struct place at = {0};

		if (e->d_name[0] == '.' || (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN) ||
		    !slice_utf8_valid(slice_str(e->d_name)))
			continue;
		(void)snprintf(at.dir, sizeof(at.dir), "%s", dir);
		(void)snprintf(at.base, sizeof(at.base), "%s", e->d_name);
		try_place(k, &at, out, max, count);
		left--;
	}
	if (d)
		closedir(d);
}

static int load_one(struct look *k, const char *profile_dir, const char *file, struct err *e)
{
	struct slice name = slice_str(file);
	struct named *n = &k->profile[k->profiles];
	int r;

	if (!slice_ends(name, SLICE(".profile")) || k->profiles == MAX_PROFILES)
		return 0;
	name = slice_sub(name, 0, name.n - sizeof(".profile") + 1);
	if (!profile_name_ok(name))
		return 0;
	(void)snprintf(n->name, sizeof(n->name), "%.*s", SLICE_ARG(name));
	r = profile_load(profile_dir, name, &k->mem, &n->p, e);
	k->profiles += r == 0;
	return r;
}

static int load_all(struct look *k, const char *profile_dir, struct err *e)
{
	DIR *d = opendir(profile_dir);
	struct dirent *ent;
	int r = 0;

	if (!d)
		return err_sys(e, -errno, "%s: profiles", profile_dir);
	while (r == 0 && (ent = readdir(d)))
		r = load_one(k, profile_dir, ent->d_name, e);
	closedir(d);
	return r;
}

/* Nothing known: ordinary files of a web site. */
static void plain(const char *dir, struct conf_guess *g)
{
	*g = (struct conf_guess){.profile = "plain", .sure = 0.3};
	(void)snprintf(g->title, sizeof(g->title), "plain PHP or HTML");
	(void)snprintf(g->dir, sizeof(g->dir), "%s", dir);
}

static int look_around(struct look *k, const char *dir, const char *profile_dir,
                       struct conf_guess *out, int max, struct err *e)
{
	struct place here = {0};
	int count = 0, r;

	k->profile = arena_array(&k->mem, MAX_PROFILES, sizeof(*k->profile));
	k->bytes = arena_alloc(&k->mem, LOOK_BYTES);
	if (!k->profile || !k->bytes)
		return err_set(e, -ENOMEM, "out of memory");
	if ((r = load_all(k, profile_dir, e)) < 0)
		return r;
	(void)snprintf(here.dir, sizeof(here.dir), "%s", dir);
	try_place(k, &here, out, max, &count);
	if (count == 0)
		try_above(k, dir, out, max, &count);
	if (count == 0)
		try_below(k, dir, out, max, &count);
	if (count < max)
		plain(dir, &out[count++]);
	return count;
}

int conf_recognise(const char *dir, const char *profile_dir, struct conf_guess *out, int max,
                   struct err *e)
{
	AUTO_FREE char *real = realpath(dir, NULL);
	struct look k = {0};
	struct stat st;
	int r;

	if (!real)
		return err_sys(e, -errno, "%s", dir);
	if (stat(real, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(e, -ENOTDIR, "%s: found no folder; expected the shop's folder",
		               dir);
	if (max < 1)
		return err_set(e, -EINVAL, "room for no guess");
	arena_init(&k.mem, (size_t)MAX_PROFILES * 2 * CONF_MAX_BYTES);
	r = look_around(&k, real, profile_dir, out, max, e);
	arena_done(&k.mem);
	return r;
}
