/* PDF: Chromium prints our own HTML, in a folder of its own, as nobody, without a network. */
#include "base/path.h"
#include "face/child.h"
#include "face/report.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NOBODY     65534
#define MAX_PDF    (32u << 20)
#define MAX_SAID   (1u << 20)
#define ROOM_BYTES 64

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

static int put_file(const char *path, struct slice s)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -errno : path_write(fd, s);
}

static int take_file(const char *path, struct buf *out)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > MAX_PDF)
		return -EINVAL;
	while (n > 0) {
		uint8_t *room = buf_reserve(out, 65536);
		n = room ? read(fd, room, 65536) : -1;
		if (n < 0)
			return room ? -errno : -EFBIG;
		buf_commit(out, (size_t)n);
	}
	return 0;
}

static int print(const char *room, struct err *e)
{
	char data[ROOM_BYTES + 64], to[ROOM_BYTES + 64], from[ROOM_BYTES + 64],
	    home[ROOM_BYTES + 64];
	const char *const env[] = {home, NULL};
	const char *const argv[] = {"chromium",
	                            "--headless",
	                            "--disable-gpu",
	                            "--no-first-run",
	                            "--disable-extensions",
	                            "--disable-background-networking",
	                            "--disable-component-update",
	                            "--disable-sync",
	                            "--disable-dev-shm-usage",
	                            "--disable-breakpad",
	                            "--host-resolver-rules=MAP * ~NOTFOUND",
	                            "--no-pdf-header-footer",
	                            data,
	                            to,
	                            from,
	                            NULL};
	struct child_want want = {
	    .dir = room, .uid = NOBODY, .gid = NOBODY, .in = -1, .env = env};
	struct buf said = {.max = MAX_SAID};
	int r;

	snprintf(data, sizeof(data), "--user-data-dir=%s/data", room);
	snprintf(to, sizeof(to), "--print-to-pdf=%s/out.pdf", room);
	snprintf(from, sizeof(from), "file://%s/in.html", room);
	snprintf(home, sizeof(home), "HOME=%s", room);
	if (!child_exists("chromium"))
		return err_set(e, -ENOENT, "there is no chromium");
	r = child_output(argv, &want, &said);
	buf_done(&said);
	return r == 0 ? 0 : err_set(e, -EIO, "chromium ended with %d", r);
}

int report_pdf(struct slice html, struct buf *pdf, struct err *e)
{
	char room[ROOM_BYTES] = "/tmp/hinoban-pdf.XXXXXX", path[ROOM_BYTES + 16];
	int r;

	if (!mkdtemp(room))
		return err_sys(e, -errno, "%s", room);
	snprintf(path, sizeof(path), "%s/in.html", room);
	r = put_file(path, html);
	if (r == 0 && geteuid() == 0 && chown(room, NOBODY, NOBODY) < 0)
		r = -errno;
	if (r < 0)
		err_sys(e, r, "%s", path);
	else
		r = print(room, e);
	snprintf(path, sizeof(path), "%s/out.pdf", room);
	if (r == 0) {
		r = take_file(path, pdf);
		if (r < 0)
			err_sys(e, r, "%s", path);
	}
	nftw(room, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return r;
}
