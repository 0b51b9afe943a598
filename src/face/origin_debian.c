/*
 * Debian's packages: the MD5 sums that dpkg keeps. MD5 does not stop somebody who can make
 * two files with one sum, and whoever is root here can rewrite dpkg's lists: this tells
 * an upgrade from tampering, no more (see the man page).
 */
#include "base/text.h"
#include "face/origin.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define DPKG_GLOB      "/var/lib/dpkg/info/*.md5sums"
#define MD5_HEX        32
#define LINE_MAX_BYTES 8192
#define SUMS_MAX       4000000

struct sum {
	struct slice path; /* absolute */
	uint8_t md5[16];
};

struct debian {
	struct sum *sum;
	size_t n, room;
	struct arena mem;
};

static int by_path(const void *a, const void *b)
{
	return slice_cmp(((const struct sum *)a)->path, ((const struct sum *)b)->path);
}

/* "<32 hexadecimal digits>  path" */
static bool parse_sum(const char *line, uint8_t md5[16], const char **path)
{
	for (int i = 0; i < 16; i++) {
		int hi = text_hexval((unsigned char)line[2 * i]);
		int lo = hi < 0 ? -1 : text_hexval((unsigned char)line[2 * i + 1]);

		if (lo < 0)
			return false;
		md5[i] = (uint8_t)(hi << 4 | lo);
	}
	if (line[MD5_HEX] != ' ' || line[MD5_HEX + 1] != ' ')
		return false;
	*path = line + MD5_HEX + 2;
	return **path != '\0';
}

/* Only what lies in our roots is kept. */
static bool in_roots(const struct face *f, struct slice path)
{
	for (size_t i = 0; i < f->conf.roots; i++)
		if (slice_starts(path, f->conf.root[i].path))
			return true;
	return false;
}

static bool add_sum(struct debian *d, struct slice path, const uint8_t md5[16])
{
	if (d->n == d->room) {
		size_t room = d->room ? 2 * d->room : 1024;
		struct sum *more =
		    room > SUMS_MAX ? NULL : reallocarray(d->sum, room, sizeof(*more));

		if (!more)
			return false;
		d->sum = more;
		d->room = room;
	}
	d->sum[d->n].path = arena_copy(&d->mem, path);
	memcpy(d->sum[d->n++].md5, md5, 16);
	return true;
}

static bool read_list(struct debian *d, const struct face *f, const char *file)
{
	char line[LINE_MAX_BYTES], path[LINE_MAX_BYTES];
	FILE *in = fopen(file, "re");
	bool good = true;

	while (in && good && fgets(line, sizeof(line), in)) {
		const char *rel;
		uint8_t md5[16];

		line[strcspn(line, "\n")] = '\0';
		if (!parse_sum(line, md5, &rel))
			continue;
		snprintf(path, sizeof(path), "/%s", rel);
		if (in_roots(f, slice_str(path)))
			good = add_sum(d, slice_str(path), md5);
	}
	if (in)
		fclose(in);
	return good;
}

static int debian_open(struct origin *o, struct face *f, const char *arg)
{
	struct debian *d = calloc(1, sizeof(*d));
	bool good = d != NULL;
	glob_t g;

	(void)arg;
	o->own = d;
	o->f = f;
	o->reason = "Debian packages (md5sums of dpkg)";
	if (!good)
		return EXIT_OURS;
	arena_init(&d->mem, 512u << 20);
	if (glob(DPKG_GLOB, 0, NULL, &g) != 0) {
		COMPLAIN(T_ORIGIN_NO_DPKG);
		return EXIT_USE;
	}
	for (size_t i = 0; i < g.gl_pathc && good; i++)
		good = read_list(d, f, g.gl_pathv[i]);
	globfree(&g);
	if (d->n)
		qsort(d->sum, d->n, sizeof(*d->sum), by_path);
	if (!good)
		COMPLAIN(T_ORIGIN_TOO_MUCH, DPKG_GLOB);
	return good ? EXIT_GOOD : EXIT_OURS;
}

static enum origin_verdict debian_look(struct origin *o, const struct table_entry *e,
                                       struct slice path)
{
	struct face *f = o->f;
	const struct debian *d = o->own;
	const char *root = face_cstr(f, f->conf.root[e->root].path), *rel = face_cstr(f, path);
	struct sum key = {.path = arena_printf(&f->mem, "%s/%s", root, rel)};
	const struct sum *s = d->n ? bsearch(&key, d->sum, d->n, sizeof(key), by_path) : NULL;
	struct hash sha;
	uint8_t md5[16];

	if (!s)
		return ORIGIN_UNKNOWN;
	AUTO_FD fd = e->present.class == CLASS_FILE ? origin_open_beneath(root, rel) : -1;
	if (fd < 0 || origin_hash(fd, &sha, md5) < 0)
		return ORIGIN_OTHER;
	return hash_eq(&sha, &e->present.hash) && memcmp(md5, s->md5, 16) == 0 ? ORIGIN_SAME
	                                                                       : ORIGIN_OTHER;
}

static void debian_close(struct origin *o)
{
	struct debian *d = o->own;

	if (!d)
		return;
	free(d->sum);
	arena_done(&d->mem);
	free(d);
}

const struct origin origin_debian = {
    .name = "debian", .open = debian_open, .look = debian_look, .close = debian_close};
