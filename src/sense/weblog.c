#include "sense/weblog.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FRESH_US INT64_C(60000000)

int weblog_init(struct weblog *w, struct slice path, bool turned)
{
	*w = (struct weblog){.fd = -1, .turned = turned};
	w->path = malloc(path.n + sizeof(".1"));
	if (!w->path)
		return -ENOMEM;
	if (path.n)
		memcpy(w->path, path.at, path.n);
	memcpy(w->path + path.n, turned ? ".1" : "", turned ? sizeof(".1") : 1);
	return 0;
}

void weblog_done(struct weblog *w)
{
	weblog_sleep(w);
	free(w->path);
	w->path = NULL;
}

void weblog_sleep(struct weblog *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->awake = false;
}

static bool open_log(struct weblog *w, struct stat *st)
{
	w->fd = open(w->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (w->fd < 0)
		return false;
	if (fstat(w->fd, st) == 0 && S_ISREG(st->st_mode)) {
		w->dev = st->st_dev;
		w->ino = st->st_ino;
		return true;
	}
	close(w->fd);
	w->fd = -1;
	return false;
}

/* After a step back the first line is likely cut: begin behind its end. */
static void skip_cut_line(struct weblog *w)
{
	uint8_t in[4096];
	ssize_t n = pread(w->fd, in, sizeof(in), w->at);
	size_t end = slice_chr(slice_mem(in, n > 0 ? (size_t)n : 0), '\n');

	if (end != SIZE_MAX)
		w->at += (off_t)end + 1;
}

static int64_t modified_us(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

void weblog_wake(struct weblog *w)
{
	struct stat st;

	if (w->awake)
		return;
	w->awake = true;
	w->at = 0;
	if (!open_log(w, &st))
		return;
	if (w->turned && clock_now_us() - modified_us(&st) > FRESH_US) {
		w->at = st.st_size;
		return;
	}
	if (st.st_size <= WEBLOG_BACK_BYTES)
		return;
	w->at = st.st_size - WEBLOG_BACK_BYTES;
	skip_cut_line(w);
}

/* The name now leads to another file: go on there once the old one is read to its end. */
static bool follow(struct weblog *w)
{
	struct stat st;

	if (w->fd >= 0 && fstat(w->fd, &st) == 0 && st.st_size < w->at)
		w->at = 0; /* truncated */
	if (stat(w->path, &st) != 0 ||
	    (w->fd >= 0 && st.st_ino == w->ino && st.st_dev == w->dev))
		return false;
	if (w->fd >= 0)
		close(w->fd);
	w->at = 0;
	return open_log(w, &st);
}

static bool read_lines(struct weblog *w, struct buf *out)
{
	uint8_t *at;
	ssize_t n;

	buf_reset(out);
	at = w->fd >= 0 ? buf_reserve(out, WEBLOG_CHUNK_BYTES) : NULL;
	if (!at)
		return false;
	n = pread(w->fd, at, WEBLOG_CHUNK_BYTES, w->at);
	if (n <= 0)
		return false;
	size_t whole = (size_t)n;
	while (whole > 0 && at[whole - 1] != '\n')
		whole--;
	if (whole == 0 && (size_t)n == WEBLOG_CHUNK_BYTES)
		whole =
		    (size_t)n; /* a line longer than a chunk: nothing to be parsed, pass on */
	buf_commit(out, whole);
	w->at += (off_t)whole;
	return whole > 0;
}

bool weblog_read(struct weblog *w, struct buf *out)
{
	if (!w->awake)
		return false;
	if (read_lines(w, out))
		return true;
	return !w->turned && follow(w) && read_lines(w, out);
}
