#include "scope/db.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

void db_param(const struct db *db, struct buf *out, size_t n)
{
	char text[32];

	switch (db->kind) {
	case URL_SQLITE:
		snprintf(text, sizeof(text), "?%zu", n);
		break;
	case URL_POSTGRES:
		snprintf(text, sizeof(text), "$%zu::text", n);
		break;
	case URL_MARIADB:
		snprintf(text, sizeof(text), "@hinoban_%zu", n);
		break;
	}
	buf_str(out, text);
}

static int take_text(void *ctx, const struct slice *v, size_t n)
{
	char *out = ctx;

	if (n && v[0].at)
		snprintf(out, DB_TEXT_BYTES, "%.*s",
		         SLICE_ARG(slice_sub(v[0], 0, DB_TEXT_BYTES)));
	return 0;
}

int db_text(struct db *db, const char *sql, char out[DB_TEXT_BYTES])
{
	out[0] = '\0';
	return db->ops->query(db, sql, NULL, 0, take_text, out);
}

int db_lock(void *at, size_t n)
{
	int r = mlock(at, n) < 0 ? -errno : 0;
	uintptr_t page = 4096, from = (uintptr_t)at & ~(page - 1);

	/* The kernel rounds up the length to whole pages. */
	(void)madvise((void *)from, n + ((uintptr_t)at - from), MADV_DONTDUMP);
	return r;
}

int db_take_name(void *ctx, const struct slice *v, size_t n)
{
	const struct db_names *w = ctx;

	(void)n;
	return w->fn(w->ctx, v[0]);
}
