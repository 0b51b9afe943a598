/* Documents: templates are found, and rendered. */
#include "report/doc.h"
#include "report/mustache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_NAME 64

struct shelf {
	struct arena *mem;
	const char *const *dir;
	const char *lang;
	struct err *e;
};

static int read_file(const char *path, struct arena *a, struct slice *out)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct buf b = {.max = MUSTACHE_MAX_BYTES};
	struct stat st;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -EINVAL;
	while (n > 0) {
		uint8_t *room = buf_reserve(&b, 16384);
		n = room ? read(fd, room, 16384) : -1;
		if (n > 0)
			buf_commit(&b, (size_t)n);
	}
	*out = n < 0 ? slice_mem(NULL, 0) : arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return n < 0 ? -EFBIG : out->at ? 0 : -ENOMEM;
}

static bool name_ok(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return name.n > 0 && name.n <= MAX_NAME;
}

/* DIR/templates/NAME.LANG.mustache, in the first folder that has it. */
static int find(void *ctx, struct slice name, struct slice *text)
{
	struct shelf *s = ctx;
	int r = -ENOENT;

	if (!name_ok(name))
		return err_set(s->e, -EINVAL,
		               "a template's name is letters, digits, - and _: \"%.*s\"",
		               SLICE_ARG(slice_sub(name, 0, MAX_NAME)));
	for (size_t i = 0; s->dir[i] && r == -ENOENT; i++) {
		char path[4096];
		int n = snprintf(path, sizeof(path), "%s/templates/%.*s.%s.mustache", s->dir[i],
		                 SLICE_ARG(name), s->lang);
		if (n < 0 || (size_t)n >= sizeof(path))
			return -ENAMETOOLONG;
		r = read_file(path, s->mem, text);
		if (r < 0 && r != -ENOENT)
			return err_sys(s->e, r, "%s", path);
	}
	return r;
}

int doc_template(struct arena *a, const char *name, enum doc_lang lang,
                 const struct json *model, const char *const *dir, struct buf *out,
                 struct err *e)
{
	struct shelf s = {a, dir, lang == DOC_JA ? "ja" : "en", e};
	struct mustache m = {MUSTACHE_MARKDOWN, find, &s, a, out};
	struct slice text = {0};
	char file[MAX_NAME + 16];
	int r = find(&s, slice_str(name), &text);

	snprintf(file, sizeof(file), "%s.%s.mustache", name, s.lang);
	if (r == -ENOENT)
		return err_set(e, r, "no template %s in the folders of templates", file);
	return r < 0 ? r : mustache_render(&m, slice_str(file), text, model, e);
}

int doc_markdown(struct doc *d, const char *const *dir, struct buf *out, struct err *e)
{
	return doc_template(d->mem, d->form->id, d->lang, d->model, dir, out, e);
}
