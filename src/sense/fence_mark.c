/*
 * Which inodes are code. A mark says: a file of the shop's code, or a folder of it, and the
 * number of its folder, by which the kernel's half tells where something was refused.
 *
 * In a folder of code nothing may be made, unless data lies in it (a database with its
 * journals, a log): such a folder is shared, and only the code files in it are kept.
 */
#include "sense/fence.h"
#include "sense/walk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define ROWS        65536
#define ALIVE_EVERY 1024

/* ---- folders by number ---- */

static uint32_t row_of(uint32_t root, struct slice path)
{
	return (uint32_t)((hash_table(path) + root) % ROWS);
}

static bool room_for_folder(struct fence *f)
{
	uint32_t max = f->folders_max ? 2 * f->folders_max : 1024;
	struct fence_folder *more;

	if (!f->row)
		f->row = calloc(ROWS, sizeof(*f->row));
	if (!f->row || f->folders + 1 >= FENCE_MAX_INODES)
		return false;
	if (f->folders + 1 < f->folders_max)
		return true;
	more = realloc(f->folder, max * sizeof(*more));
	if (!more)
		return false;
	f->folder = more;
	f->folders_max = max;
	return true;
}

/* Its number, a new one if need be; 0: no room. */
static uint32_t number_of(struct fence *f, uint32_t root, struct slice path)
{
	uint32_t *row, n;

	if (!room_for_folder(f))
		return 0;
	row = &f->row[row_of(root, path)];
	for (n = *row; n; n = f->folder[n].next) {
		if (f->folder[n].root == root && slice_eq(f->folder[n].path, path))
			return n;
	}
	n = ++f->folders;
	f->folder[n] = (struct fence_folder){.root = root, .next = *row};
	state_set_text(&f->folder[n].path, path);
	*row = n;
	return n;
}

const struct fence_folder *fence_folder_at(const struct fence *f, uint32_t number)
{
	return number && number <= f->folders ? &f->folder[number] : NULL;
}

void fence_folders_free(struct fence *f)
{
	for (uint32_t n = 1; n <= f->folders; n++)
		state_set_text(&f->folder[n].path, slice_str(NULL));
	free(f->folder);
	free(f->row);
}

/* ---- marks ---- */

static void mark(struct fence *f, int fd, unsigned flags, enum role role, uint32_t folder)
{
	if (fcntl(fd, F_GETFL, FENCE_MARK(flags, role, folder)) < 0)
		f->unmarked++;
	else if (!(flags & FENCE_OFF))
		f->marks++;
}

static void mark_folder(struct fence *f, int fd, uint32_t root, struct slice path)
{
	enum role role = look_role(f->conf, root, path.n ? path : SLICE(PATH_ROOT));
	uint32_t n = role_is_code(role) ? number_of(f, root, path) : 0;

	if (n)
		mark(f, fd, FENCE_FOLDER | (f->folder[n].shared ? FENCE_SHARED : 0), role, n);
	else
		mark(f, fd, FENCE_OFF, role, 0);
}

/* Data lies in this folder (its descriptor, or -1). */
static void share_folder(struct fence *f, int fd, uint32_t root, struct slice path)
{
	uint32_t n = number_of(f, root, path);

	if (n == 0 || f->folder[n].shared)
		return;
	f->folder[n].shared = true;
	mark_folder(f, fd, root, path);
}

static bool is_approved(const struct fence *f, uint32_t root, struct slice path,
                        const struct sight *s)
{
	const struct table_entry *e = state_find(f->state, root, path, NULL);

	return e && e->approved.class == CLASS_FILE && table_same(&e->approved, &e->present) &&
	       e->present.size == s->size;
}

static void mark_file(struct fence *f, int dir, int fd, uint32_t root, struct slice path,
                      const struct sight *s)
{
	enum role role = look_role(f->conf, root, path);

	if (role_is_code(role))
		mark(f, fd, is_approved(f, root, path, s) ? FENCE_RUNS : 0, role,
		     number_of(f, root, path_dir(path)));
	else
		mark(f, fd, FENCE_OFF, role, 0);
	if (role == ROLE_DATA || role == ROLE_GENERATED)
		share_folder(f, dir, root, path_dir(path));
}

static void mark_entry(struct fence *f, int dir, const char *name, uint32_t root,
                       struct slice path, const struct sight *s)
{
	AUTO_FD fd = -1;

	if (s->class != CLASS_FILE && s->class != CLASS_DIR)
		return;
	fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (s->class == CLASS_DIR)
		mark_folder(f, fd, root, path);
	else
		mark_file(f, dir, fd, root, path, s);
}

/* ---- all, and one ---- */

static bool on_entry(void *ctx, const struct walk_entry *e)
{
	static unsigned n;
	struct fence *f = ctx;
	struct slice path = slice_eq(e->path, SLICE(PATH_ROOT)) ? (struct slice){0} : e->path;

	if (look_role(f->conf, e->root, e->path) == ROLE_IGNORED)
		return false;
	mark_entry(f, e->dirfd, e->name, e->root, path, &e->sight);
	if (++n % ALIVE_EVERY == 0)
		loop_alive(f->loop);
	return e->sight.class == CLASS_DIR;
}

static void on_lost(void *ctx, uint32_t root, struct slice path, int error)
{
	struct fence *f = ctx;

	(void)root;
	(void)path;
	if (error != ENOENT)
		f->unmarked++;
}

static void walk(struct fence *f, const struct walk_start *start, size_t n)
{
	struct walk_job job = {.workers = 1, .ctx = f, .entry = on_entry, .lost = on_lost};

	walk_run(&job, start, n);
}

void fence_mark_all(struct fence *f)
{
	struct walk_start start[CONF_MAX_ROOTS];
	size_t n = 0;

	f->marks = f->unmarked = 0;
	for (size_t i = 0; i < f->conf->roots; i++) {
		if (f->root_fd[i] >= 0)
			start[n++] =
			    (struct walk_start){.root = (uint32_t)i, .root_fd = f->root_fd[i]};
	}
	walk(f, start, n);
}

void fence_mark_path(struct fence *f, uint32_t root, struct slice path)
{
	struct walk_start start = {.root = root, .root_fd = f->root_fd[root], .path = path};
	struct sight s = {0};
	char name[256];
	AUTO_FD dir = -1;

	if (!f->marked || f->root_fd[root] < 0 || slice_eq(path, SLICE(PATH_ROOT)) ||
	    look_role(f->conf, root, path) == ROLE_IGNORED)
		return;
	dir = path_open_parent(f->root_fd[root], path, name);
	if (dir < 0 || sight_at(&s, dir, name) < 0)
		return;
	mark_entry(f, dir, name, root, path, &s);
	if (s.class == CLASS_DIR)
		walk(f, &start, 1);
}
