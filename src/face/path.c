/* Paths as people write them -> a root and the bytes relative to it. */
#include "face/face.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>

/* Take '.', '..' and doubled '/' out of an absolute path, without looking at the disk. */
static struct slice tidy(struct face *f, struct slice in)
{
	uint8_t *out = arena_alloc(&f->mem, in.n + 1);
	size_t n = 0, at = 0;

	while (out && at < in.n) {
		struct slice rest = slice_sub(in, at, in.n), part;
		size_t end = slice_chr(rest, '/');

		part = slice_sub(rest, 0, end == SIZE_MAX ? rest.n : end);
		at += part.n + 1;
		if (!part.n || slice_eq(part, SLICE(".")))
			continue;
		if (slice_eq(part, SLICE(".."))) {
			while (n && out[--n] != '/')
				;
			continue;
		}
		out[n++] = '/';
		memcpy(out + n, part.at, part.n);
		n += part.n;
	}
	return slice_mem(out, n);
}

static bool under(struct slice path, struct slice root, struct slice *rel)
{
	if (slice_eq(path, root)) {
		*rel = slice_mem("", 0);
		return true;
	}
	if (!slice_starts(path, root) || path.n <= root.n || path.at[root.n] != '/')
		return false;
	*rel = slice_sub(path, root.n + 1, path.n);
	return true;
}

static bool in_roots(const struct face *f, struct slice path, uint32_t *root, struct slice *rel)
{
	for (size_t i = 0; i < f->conf.roots; i++)
		if (under(path, f->conf.root[i].path, rel)) {
			*root = (uint32_t)i;
			return true;
		}
	return false;
}

static struct slice absolute(struct face *f, const char *arg)
{
	char cwd[FACE_PATH_MAX];
	struct slice s;

	if (arg[0] == '/')
		return tidy(f, slice_str(arg));
	if (!getcwd(cwd, sizeof(cwd)))
		return slice_mem(NULL, 0);
	s = arena_printf(&f->mem, "%s/%s", cwd, arg);
	return tidy(f, s);
}

/* Relative to any root, as raw bytes or as the text that hinoban prints. */
static int stop_at_first(void *ctx, int64_t seq, struct slice canonical)
{
	(void)ctx, (void)seq, (void)canonical;
	return 1;
}

static bool known_relative(struct face *f, const struct table *t, const char *arg,
                           uint32_t *root, struct slice *rel)
{
	struct slice plain = tidy(f, slice_str(arg)), raw;
	struct buf b;

	plain = slice_sub(plain, 1, plain.n);
	buf_init(&b, FACE_PATH_MAX);
	raw = text_unpath(&b, plain) ? arena_copy(&f->mem, buf_slice(&b)) : plain;
	buf_done(&b);
	for (size_t i = 0; i < f->conf.roots; i++) {
		struct slice tries[] = {plain, raw};

		for (size_t k = 0; k < 2; k++)
			if (table_find(t, (uint32_t)i, tries[k]) >= 0) {
				*root = (uint32_t)i;
				*rel = tries[k];
				return true;
			}
	}
	return false;
}

/* A name that facts know, also of what is gone by now. */
static bool told_relative(struct face *f, const char *arg, uint32_t *root, struct slice *rel)
{
	struct slice plain = tidy(f, slice_str(arg));

	plain = slice_sub(plain, 1, plain.n);
	for (size_t i = 0; f->ledger && plain.n && i < f->conf.roots; i++) {
		struct ledger_query q = {.path = face_path_text(f, plain), .limit = 1};

		if (ledger_each(f->ledger, &q, stop_at_first, NULL) != 1)
			continue;
		*root = (uint32_t)i;
		*rel = plain;
		return true;
	}
	return false;
}

bool face_in_roots(struct face *f, const char *arg, uint32_t *root, struct slice *rel)
{
	char real[FACE_PATH_MAX];

	return in_roots(f, absolute(f, arg), root, rel) ||
	       (realpath(arg, real) &&
	        in_roots(f, arena_copy(&f->mem, slice_str(real)), root, rel));
}

bool face_folder_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *e;
	bool empty = d != NULL;

	while (empty && (e = readdir(d)))
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	if (d)
		closedir(d);
	else if (copy >= 0)
		close(copy);
	return empty;
}

bool face_find_path(struct face *f, const struct table *t, const char *arg, uint32_t *root,
                    struct slice *rel)
{
	struct slice path = absolute(f, arg);
	bool inside = in_roots(f, path, root, rel);
	char real[FACE_PATH_MAX];

	if (inside && (!t || table_find(t, *root, *rel) >= 0))
		return true;
	if (arg[0] != '/' && t && known_relative(f, t, arg, root, rel))
		return true;
	if (inside)
		return true;
	if (arg[0] != '/' && told_relative(f, arg, root, rel))
		return true;
	if (realpath(arg, real) && in_roots(f, arena_copy(&f->mem, slice_str(real)), root, rel))
		return true;
	COMPLAIN(T_NOT_IN_ROOTS, arg);
	return false;
}
