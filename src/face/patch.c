#include "face/patch.h"
#include "face/term.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

static enum term_color line_color(struct slice line)
{
	if (slice_starts(line, SLICE("+++")) || slice_starts(line, SLICE("---")))
		return TERM_BOLD;
	if (!line.n)
		return TERM_PLAIN;
	return line.at[0] == '+'   ? TERM_GREEN
	       : line.at[0] == '-' ? TERM_RED
	       : line.at[0] == '@' ? TERM_CYAN
	                           : TERM_PLAIN;
}

/* A tab is the only control character that code may show. */
static void put_tabbed(struct slice line)
{
	while (line.n) {
		size_t tab = slice_chr(line, '\t');

		term_text(slice_sub(line, 0, tab == SIZE_MAX ? line.n : tab));
		if (tab == SIZE_MAX)
			break;
		putchar('\t');
		line = slice_sub(line, tab + 1, line.n);
	}
}

static void put_line(struct slice line)
{
	term_color(line_color(line));
	put_tabbed(line);
	term_color(TERM_PLAIN);
	putchar('\n');
}

/* 1: mapped; 0: it is empty; -errno. */
static int map_all(int fd, struct slice *out)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!st.st_size)
		return 0;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	*out = slice_mem(map, (size_t)st.st_size);
	return 1;
}

int patch_put(int fd)
{
	struct slice all, line;
	struct cursor c;
	int r = map_all(fd, &all);

	if (r <= 0)
		return r;
	c = cursor_over(all);
	while (cursor_line(&c, &line))
		put_line(line);
	munmap((void *)(uintptr_t)all.at, all.n);
	return 1;
}

int patch_text(int fd, struct buf *out)
{
	struct slice all, line;
	struct cursor c;
	int r = map_all(fd, &all);

	if (r <= 0)
		return r;
	c = cursor_over(all);
	while (cursor_line(&c, &line)) {
		if (slice_utf8_valid(line))
			buf_add(out, line);
		else
			text_path(out, line);
		buf_byte(out, '\n');
	}
	munmap((void *)(uintptr_t)all.at, all.n);
	return buf_ok(out) ? 1 : -EFBIG;
}

void patch_put_text(struct slice text)
{
	struct cursor c = cursor_over(text);
	struct slice line;

	while (cursor_line(&c, &line)) {
		put_tabbed(line);
		putchar('\n');
	}
}
