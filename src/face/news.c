/* News: the lexicons of profiles/news, the names of the settings and of --names, a reader. */
#include "face/news.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/mman.h>

#define MAX_FILE  (1u << 20)
#define MAX_PAGES 200 /* facts about pages that are looked through */

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

struct inventory {
	struct face *f;
	struct buf *b;
	struct arena mem;
};

static void add_host(struct inventory *v, struct slice url, struct slice page)
{
	size_t at = slice_find(url, SLICE("://"));
	struct slice host = at == SIZE_MAX ? url : slice_sub(url, at + 3, url.n);
	struct slice line;

	host = slice_sub(host, 0, slice_chr(host, '/'));
	host = slice_sub(host, 0, slice_chr(host, ':'));
	/* The shop's own host is in the news when the shop is. */
	if (host.n < 4 || slice_chr(host, '.') == SIZE_MAX ||
	    slice_find(page, host) != SIZE_MAX)
		return;
	line = arena_printf(&v->mem, "\n%.*s\n", SLICE_ARG(host));
	if (slice_find(buf_slice(v->b), line) == SIZE_MAX) {
		buf_add(v->b, host);
		buf_byte(v->b, '\n');
	}
}

/* A script that the shop's pages load, or that a person authorised: its host, its vendor. */
static int take_page(void *ctx, int64_t seq, struct slice canonical)
{
	struct inventory *v = ctx;
	const struct json *f, *list;

	(void)seq;
	arena_reset(&v->mem);
	f = json_parse(&v->mem, canonical, NULL);
	if (json_text(f, "vendor").n) {
		buf_add(v->b, json_text(f, "vendor"));
		buf_byte(v->b, '\n');
	}
	list = json_get(f, "scripts");
	for (const struct json *s = list ? list->first : NULL; s; s = s->next)
		add_host(v, json_text(s, "url"), json_text(f, "url"));
	return 0;
}

/* What the ledger knows of whom the shop depends on; nothing where there is no ledger. */
static void inventory(struct face *f, struct buf *b)
{
	struct ledger_query authorised = {.type = SLICE("page.authorised"), .limit = MAX_PAGES};
	struct ledger_query records = {
	    .type = SLICE("page.record"), .newest_first = true, .limit = MAX_PAGES};
	struct inventory v = {.f = f, .b = b};
	char db[FACE_PATH_MAX + 16];

	if (face_state(f) != EXIT_GOOD)
		return;
	snprintf(db, sizeof(db), "%s/ledger.db", f->state);
	if (access(db, R_OK) < 0 || face_ledger(f) != EXIT_GOOD)
		return;
	arena_init(&v.mem, 8u << 20);
	ledger_each(f->ledger, &authorised, take_page, &v);
	ledger_each(f->ledger, &records, take_page, &v);
	arena_done(&v.mem);
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
	if (f->has_conf)
		inventory(f, &b);
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

const struct json *news_ask_plain(struct face *f, struct news_desk *d, int fd, const char *name,
                                  const char *published)
{
	struct json *ask = json_obj(&f->mem);

	json_put_str(&f->mem, ask, "published", published ? published : "");
	json_put_bool(&f->mem, ask, "plain", true);
	return ask_for(f, d, fd, name, ask);
}

const struct json *news_ask_all(struct face *f, struct news_desk *d, int fd, const char *name)
{
	struct json *ask = json_obj(&f->mem);

	json_put_bool(&f->mem, ask, "all", true);
	return ask_for(f, d, fd, name, ask);
}
