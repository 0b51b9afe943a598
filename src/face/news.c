/* News: the lexicons of profiles/news, the names of the settings and of --names, a reader. */
#include "face/news.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/mman.h>

#define MAX_FILE (1u << 20)

int news_memfd(struct slice s)
{
	int fd = memfd_create("news", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	for (size_t at = 0; at < s.n;) {
		ssize_t n = pwrite(fd, s.at + at, s.n - at, (off_t)at);
		if (n <= 0) {
			n = n < 0 ? -errno : -EIO;
			close(fd);
			return (int)n;
		}
		at += (size_t)n;
	}
	return fd;
}

/* Append a file. 0 or -errno. */
static int add_file(struct buf *b, const char *path)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0) {
		uint8_t *room = buf_reserve(b, 65536);
		n = room ? read(fd, room, 65536) : -1;
		if (n < 0)
			return room ? -errno : -EFBIG;
		buf_commit(b, (size_t)n);
	}
	buf_byte(b, '\n');
	return 0;
}

static int lexicons(struct face *f)
{
	const char *dir = face_cstr(f, arena_printf(&f->mem, "%s/news", conf_profile_dir()));
	const char *pattern = face_cstr(f, arena_printf(&f->mem, "%s/*.lexicon", dir));
	struct buf b = {.max = MAX_FILE};
	glob_t g = {0};
	int r = glob(pattern, 0, NULL, &g) == 0 ? 0 : -ENOENT;

	for (size_t i = 0; i < g.gl_pathc && r == 0; i++)
		r = add_file(&b, g.gl_pathv[i]);
	globfree(&g);
	if (r == 0)
		r = buf_ok(&b) ? news_memfd(buf_slice(&b)) : -EFBIG;
	buf_done(&b);
	if (r < 0)
		COMPLAIN(T_READ_LEXICON, dir, strerror(-r));
	return r;
}

/* The settings count where there are some: a text can be read on any machine. */
static int names(struct face *f)
{
	const char *file = args_text(&f->args, OPT_NAMES);
	struct buf b = {.max = MAX_FILE};
	int r = 0;

	if (access(f->config, R_OK) == 0 && face_conf(f) != EXIT_GOOD)
		return -EINVAL;
	for (size_t i = 0; f->has_conf && i < f->conf.news_name_count; i++) {
		buf_add(&b, f->conf.news_names[i]);
		buf_byte(&b, '\n');
	}
	if (file)
		r = add_file(&b, file);
	if (r < 0)
		COMPLAIN(T_READ_CANNOT, file, strerror(-r));
	else
		r = buf_ok(&b) ? news_memfd(buf_slice(&b)) : -EFBIG;
	buf_done(&b);
	return r;
}

int news_open(struct face *f, struct news_desk *d)
{
	struct err e = {0};

	*d = (struct news_desk){.lexicon = -1, .names = -1};
	d->names = names(f);
	d->lexicon = d->names < 0 ? -1 : lexicons(f);
	if (d->lexicon < 0) {
		news_close(d);
		return EXIT_USE;
	}
	if (reader_open(&d->reader, &e) < 0) {
		COMPLAIN(T_READ_CANNOT, "hinoban-reader", e.text);
		news_close(d);
		return EXIT_OURS;
	}
	d->open = true;
	return EXIT_GOOD;
}

void news_close(struct news_desk *d)
{
	if (d->names >= 0)
		close(d->names);
	if (d->lexicon >= 0)
		close(d->lexicon);
	if (d->open)
		reader_close(&d->reader);
	*d = (struct news_desk){.lexicon = -1, .names = -1};
}

static const struct json *ask_for(struct face *f, struct news_desk *d, int fd, const char *name,
                                  struct json *ask)
{
	const int fds[3] = {fd, d->lexicon, d->names};
	struct buf told = {.max = NEWS_TOLD_BYTES + 65536};
	const struct json *v = NULL;
	struct err e = {0};

	if (reader_news(&d->reader, &f->mem, fds, ask, &told, &e) == 0)
		v = json_parse(&f->mem, arena_copy(&f->mem, buf_slice(&told)), NULL);
	if (!v)
		COMPLAIN(T_READ_CANNOT, name, e.text[0] ? e.text : strerror(EBADMSG));
	buf_done(&told);
	return v;
}

const struct json *news_ask(struct face *f, struct news_desk *d, int fd, const char *name,
                            const char *published)
{
	struct json *ask = json_obj(&f->mem);

	json_put_str(&f->mem, ask, "published", published ? published : "");
	return ask_for(f, d, fd, name, ask);
}

const struct json *news_ask_all(struct face *f, struct news_desk *d, int fd, const char *name)
{
	struct json *ask = json_obj(&f->mem);

	json_put_bool(&f->mem, ask, "all", true);
	return ask_for(f, d, fd, name, ask);
}
