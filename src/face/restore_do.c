/* restore_do: the plan carried out. */
#include "base/path.h"
#include "face/deploy.h"
#include "face/restore.h"
#include "face/scan.h"
#include "fact/version.h"
#include "wall/place.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define SYNC_MS 60000

/* ---- one item ---- */

static int put_file(struct restore *r, struct place *p, const struct restore_item *it)
{
	AUTO_FD fd = ledger_content(r->f->ledger, &it->want.hash);

	return fd < 0 ? fd : place_file(p, it->name, fd, it->state);
}

/*
 * The web user may have moved somebody else's closed folder into the place of one of code:
 * root's backup, say. With the rights of the code's he could read what is in it. So a folder
 * that others may not enter gets no more rights, nor another owner, unless it is the one that
 * was approved, its owner's who owns the code, or empty, as one that was just made.
 */
static bool may_dress(void *ctx, int fd)
{
	const struct restore_item *it = ctx;
	struct table_entry known;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if ((st.st_mode & 0005) == 0005 || (st.st_uid == it->want.uid && st.st_uid != 0))
		return true;
	if (st.st_uid == it->want.uid && st.st_gid == it->want.gid &&
	    !(it->want.mode & ~st.st_mode & 0077))
		return true;
	if (version_sig(json_text(it->state, "sig"), &known) && known.dev == st.st_dev &&
	    known.ino == st.st_ino)
		return true;
	return face_folder_empty(fd);
}

static int put(struct restore *r, struct place *p, struct restore_item *it)
{
	p->may_dress = r->to ? NULL : may_dress;
	p->ctx = it;
	switch (it->want.class) {
	case CLASS_FILE:
		return put_file(r, p, it);
	case CLASS_LINK:
		return place_link(p, it->name, it->state);
	default:
		return place_dir(p, it->name, it->state);
	}
}

static void note(struct restore *r, struct restore_item *it, int c)
{
	it->outcome = c < 0               ? RESTORE_FAILED
	              : c == PLACE_PARTLY ? RESTORE_PARTLY
	                                  : RESTORE_DONE;
	it->fault = c < 0 ? c : 0;
	r->failed += c < 0;
	r->done += c >= 0;
	r->partly += c == PLACE_PARTLY;
}

/* Elsewhere, the folders above it are made as they come. */
static int make_above(struct place *p, struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char leaf[256];
		struct slice dir = slice_sub(name, 0, i);

		if (name.at[i] != '/')
			continue;
		AUTO_FD at = path_open_parent(p->root, dir, leaf);
		if (at < 0)
			return at;
		if (mkdirat(at, leaf, 0700) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* ---- all of them, in an order that works ---- */

static bool gives_way(const struct restore_item *it)
{
	return it->act == RESTORE_REMOVE ||
	       (it->act == RESTORE_CHANGE &&
	        (it->want.class == CLASS_DIR) != (it->now.class == CLASS_DIR));
}

/* What is below a folder before the folder: names in falling order. */
static void remove_all(struct restore *r, struct place *p)
{
	for (size_t i = r->items; i > 0; i--) {
		struct restore_item *it = &r->item[i - 1];
		int c;

		if (it->act == RESTORE_LEAVE || !gives_way(it))
			continue;
		c = place_remove(p, it->name);
		if (it->act == RESTORE_REMOVE || (c < 0 && c != -ENOENT))
			note(r, it, c == -ENOENT ? 0 : c);
	}
}

static void put_all(struct restore *r, struct place *p, bool folders)
{
	for (size_t i = 0; i < r->items; i++) {
		struct restore_item *it = &r->item[i];
		int c = 0;

		if (it->act == RESTORE_LEAVE || it->outcome != RESTORE_OPEN ||
		    (it->want.class == CLASS_DIR) != folders)
			continue;
		c = put(r, p, it);
		if (c == -ENOENT && r->to && it->name.n && make_above(p, it->name) == 0)
			c = put(r, p, it);
		note(r, it, c);
	}
}

static bool is_ours_alone(int folder)
{
	struct stat st;

	return fstat(folder, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 022);
}

static void work(struct restore *r, int root)
{
	struct place p;

	place_init(&p, root);
	p.sync = p.timed_now = !r->to;
	p.alone = r->to && is_ours_alone(root);
	p.own_owner = geteuid() != 0;
	remove_all(r, &p);
	put_all(r, &p, true);
	put_all(r, &p, false);
	place_done(&p);
}

/* ---- elsewhere ---- */

static int open_empty(struct restore *r)
{
	int fd;

	if (mkdir(r->to, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(r->to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!r->force && !face_folder_empty(fd)) {
		close(fd);
		return -ENOTEMPTY;
	}
	return fd;
}

static int elsewhere(struct restore *r)
{
	AUTO_FD fd = open_empty(r);

	if (fd < 0) {
		COMPLAIN(T_RESTORE_TO, r->to,
		         fd == -ENOTEMPTY ? text(T_NOT_EMPTY) : strerror(-fd));
		return EXIT_USE;
	}
	work(r, fd);
	return EXIT_GOOD;
}

/* ---- in place ---- */

static const struct restore_item *item_of(const struct restore *r, struct slice name)
{
	size_t lo = 0, hi = r->items;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = slice_cmp(r->item[mid].name, name);

		if (d == 0)
			return &r->item[mid];
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static const struct restore_item *item_of_text(const struct restore *r, struct slice path)
{
	const struct restore_item *it = NULL;
	struct buf raw;

	buf_init(&raw, FACT_MAX_BYTES);
	if (text_unpath(&raw, path))
		it = item_of(r, buf_slice(&raw));
	buf_done(&raw);
	return it;
}

static bool is_ours(void *ctx, const struct json *draft)
{
	const struct restore *r = ctx;
	const struct restore_item *it;
	struct table_state present = version_of(json_get(draft, "present"), 0);

	if (!slice_eq(json_text(draft, "root"), r->where.root))
		return false;
	it = item_of_text(r, json_text(draft, "path"));
	return it && it->outcome != RESTORE_OPEN && it->outcome != RESTORE_FAILED &&
	       hash_eq(&present.hash, &it->want.hash);
}

static int refresh_after(struct restore *r)
{
	struct scan_want want = {.reason = "restore",
	                         .record = true,
	                         .progress = T_PROGRESS_CHECK,
	                         .deploy = r->deploy,
	                         .mine = is_ours,
	                         .ctx = r};
	struct scan_result result;

	if (!post_client_live(r->f->client))
		return scan_files(r->f, &want, &result);
	if (post_client_sync(r->f->client, SYNC_MS, &r->e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_SYNC_FAULT, r->e.text);
	return EXIT_OURS;
}

struct held {
	struct restore *r;
	int64_t words, altered;
};

static void approve_again(struct held *h, const struct restore_item *it)
{
	struct restore *r = h->r;
	struct arena *a = &r->f->mem;
	struct json *d = fact_draft(a, "approve");

	json_put_slice(a, d, "root", r->where.root);
	json_put_slice(a, d, "path", face_path_text(r->f, it->name));
	json_put(a, d, "state", it->state ? json_copy(a, it->state) : json_null(a));
	json_put_str(a, d, "by", face_who(r->f));
	json_put_str(a, d, "reason", "restore");
	json_put_str(a, d, "origin", "operator");
	fact_ref(a, d, r->deploy);
	post_client_queue(r->f->client, d, -1, &r->e);
	h->words++;
}

/*
 * What a deploy leaves is approved, whoever was quicker than we: so what we meant is said
 * again where it is not what stands in the view, and that somebody interfered is told.
 */
static int hold(void *ctx, const struct ledger_row *row)
{
	struct held *h = ctx;
	const struct restore_item *it;

	if (!slice_eq(row->root, h->r->where.root))
		return 0;
	it = item_of(h->r, row->name);
	if (!it || it->outcome != RESTORE_DONE)
		return 0;
	if (!table_same(&row->present, &it->want)) {
		h->altered++;
		COMPLAIN(T_RESTORE_ALTERED,
		         face_cstr(h->r->f, face_path_text(h->r->f, it->name)));
	}
	if (!table_same(&row->approved, &it->want))
		approve_again(h, it);
	return 0;
}

static int hold_all(struct restore *r)
{
	struct held h = {.r = r};
	int c = ledger_rows(r->f->ledger, r->where.path, 0, hold, &h);

	if (c == 0 && h.words)
		c = post_client_flush(r->f->client, &r->e);
	r->failed += h.altered;
	if (c == 0)
		return EXIT_GOOD;
	COMPLAIN(T_LEDGER_FAULT, c < 0 && !r->e.text[0] ? face_why(c) : r->e.text);
	return EXIT_OURS;
}

static int open_root(struct restore *r)
{
	const char *path = face_cstr(r->f, r->f->conf.root[r->where.root_number].path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	COMPLAIN(T_CANNOT_WRITE, path, strerror(errno));
	return -1;
}

static int begin(struct restore *r)
{
	struct slice command =
	    arena_printf(&r->f->mem, "hinoban restore %.*s", SLICE_ARG(r->where.path));

	r->deploy =
	    deploy_begin(r->f, command, getpid(), args_text(&r->f->args, OPT_REASON), &r->e);
	if (r->deploy > 0 && post_client_sync(r->f->client, SYNC_MS, &r->e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_LEDGER_FAULT, r->e.text);
	return EXIT_OURS;
}

static int in_place(struct restore *r)
{
	AUTO_FD root = open_root(r);
	int code = root < 0 ? EXIT_USE : begin(r), after;

	if (code)
		return code;
	work(r, root);
	code = refresh_after(r);
	after =
	    deploy_end(r->f, r->deploy, r->failed ? 1 : 0, &r->e) < 0 ? EXIT_OURS : EXIT_GOOD;
	if (after)
		COMPLAIN(T_LEDGER_FAULT, r->e.text);
	post_client_sync(r->f->client, SYNC_MS, &r->e);
	if (!code && !after)
		code = hold_all(r);
	return code ? code : after;
}

int restore_do(struct restore *r)
{
	return r->to ? elsewhere(r) : in_place(r);
}
