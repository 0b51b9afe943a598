/*
 * measure: how often each feature occurs over a tree of files, and how fast they are read.
 *
 *     measure [-v FEATURE] FILE-OR-DIR...
 *
 * -v names the files that have FEATURE. No test: prints figures for people.
 */
#include "parse/parse.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct {
	struct arena mem;
	const char *verbose;
	uint64_t files, bytes, us, code_bytes, code_us;
	uint64_t having[FEATURE_COUNT], sum[FEATURE_COUNT];
	uint8_t *content;
} m;

static ssize_t read_all(const char *path)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0, got;

	while (fd >= 0 && (got = read(fd, m.content + n, PARSE_LOOK_MAX_BYTES - (size_t)n)) > 0)
		n += got;
	return fd < 0 ? -1 : n;
}

static void count(const char *path, const struct json *out)
{
	const struct json *features = json_get(out, "features");

	for (const struct json *f = features ? features->first : NULL; f; f = f->next) {
		enum feature id;
		if (!feature_of(f->name, &id))
			continue;
		m.having[id]++;
		m.sum[id] += (uint64_t)f->i;
		if (m.verbose && slice_eq(f->name, slice_str(m.verbose)))
			printf("%s: %lld\n", path, (long long)f->i);
	}
}

static int one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	ssize_t n = read_all(path);
	if (n < 0)
		return 0;
	arena_reset(&m.mem);
	int64_t from = clock_mono_us();
	struct json *out = parse_look(&m.mem, slice_mem(m.content, (size_t)n), slice_str(path));
	int64_t us = clock_mono_us() - from;
	struct slice kind = json_text(out, "kind");
	m.files++;
	m.bytes += (uint64_t)n;
	m.us += (uint64_t)us;
	if (slice_eq(kind, SLICE("php")) || slice_eq(kind, SLICE("js"))) {
		m.code_bytes += (uint64_t)n;
		m.code_us += (uint64_t)us;
	}
	if (m.verbose && slice_eq(slice_str(m.verbose), SLICE("all"))) {
		struct buf b = {.max = 1 << 20};
		json_write(&b, out);
		printf("%s %s\n", path, buf_cstr(&b));
		buf_done(&b);
	}
	if (us > 200000)
		printf("slow: %s %lld us for %zd bytes\n", path, (long long)us, n);
	count(path, out);
	return 0;
}

int main(int argc, char **argv)
{
	int at = 1;

	arena_init(&m.mem, 64u << 20);
	m.content = malloc(PARSE_LOOK_MAX_BYTES);
	if (argc > 2 && !strcmp(argv[1], "-v")) {
		m.verbose = argv[2];
		at = 3;
	}
	for (; at < argc; at++)
		nftw(argv[at], one, 32, FTW_PHYS);
	printf("files %llu, MB %.1f, MB/s %.1f; PHP and JavaScript MB %.1f, MB/s %.1f\n",
	       (unsigned long long)m.files, (double)m.bytes / 1e6,
	       m.us ? (double)m.bytes / (double)m.us : 0, (double)m.code_bytes / 1e6,
	       m.code_us ? (double)m.code_bytes / (double)m.code_us : 0);
	for (size_t i = 0; i < FEATURE_COUNT; i++)
		if (m.having[i])
			printf("%-20s files %6.1f per 1000, sum %llu%s\n", feature_rows[i].name,
			       (double)m.having[i] * 1000 / (double)m.files,
			       (unsigned long long)m.sum[i],
			       feature_rows[i].sort == FEATURE_STRONG ? "  STRONG" : "");
	free(m.content);
	arena_done(&m.mem);
	return 0;
}
