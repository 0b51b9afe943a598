/*
 * Walks of the guard: marks first, then the walk, so that nothing that happens in between
 * is lost: it either was done before the walk came by, or its event is in the queue.
 */
#include "sense/guard.h"
#include "sense/walk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>

#define ROOT_CHECK_US  1000000
#define MOUNTS_REST_US 2000000
#define BLIND_SWEEP_S  30 /* where the kernel can't tell of changes */
#define MOUNTS_BYTES   (1u << 20)
#define ALIVE_EVERY    4096
#define LOST_MOST      16 /* folders of one walk; what is below others is looked for one by one */

struct patrol {
	/* The walk whose looks are not all done. */
	const char *reason;
	bool walking;
	int64_t files, open, differing, began_us;
	const struct cause *cause; /* of the walk under way */
	struct lost {
		uint32_t root;
		struct buf path;
	} lost[LOST_MOST]; /* could not be looked into */
	size_t losts;
	/* The folder that the walk is in. */
	struct buf dir;
	uint32_t dir_root;
	struct place *dir_place;
	bool dir_known;
	/* Roots, mounts, sweeps. */
	struct sight root[CONF_MAX_ROOTS];
	bool root_moved; /* by its event: the next look at roots walks all the same */
	int64_t checked_us, swept_us, mounts_due_us;
	int mounts_fd;
	struct hash mounts;
};

struct patrol *patrol_new(void)
{
	struct patrol *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	buf_init(&p->dir, PATH_MAX_BYTES);
	for (size_t i = 0; i < LOST_MOST; i++)
		buf_init(&p->lost[i].path, PATH_MAX_BYTES);
	p->mounts_fd = -1;
	return p;
}

void patrol_free(struct patrol *p)
{
	if (!p)
		return;
	if (p->mounts_fd >= 0)
		close(p->mounts_fd);
	buf_done(&p->dir);
	for (size_t i = 0; i < LOST_MOST; i++)
		buf_done(&p->lost[i].path);
	free(p);
}

/* ---- roots ---- */

static int open_root(struct guard *g, size_t i)
{
	if (g->root_fd[i] >= 0)
		close(g->root_fd[i]);
	g->root_fd[i] = root_open(g->conf, i);
	if (g->root_fd[i] < 0)
		return -errno;
	return sight_of_fd(&g->patrol->root[i], g->root_fd[i]);
}

void patrol_open_roots(struct guard *g)
{
	for (size_t i = 0; i < g->conf->roots; i++) {
		int r = open_root(g, i);

		if (r < 0)
			err_say("%.*s can't be watched until it is there: %s",
			        SLICE_ARG(g->conf->root[i].path), strerror(-r));
	}
}

static bool want_directories(const struct guard *g)
{
	return slice_eq(g->conf->marks, SLICE("directories"));
}

/* Marks for a folder: its filesystem's, or its own. */
static void mark_folder(struct guard *g, int fd, uint64_t dev)
{
	marks_filesystem(g->marks, fd, dev, want_directories(g));
	marks_folder(g->marks, fd, dev);
}

static void learn_root(struct guard *g, size_t i)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	uint64_t dev = g->patrol->root[i].dev;

	if (g->root_fd[i] < 0)
		return;
	mark_folder(g, g->root_fd[i], dev);
	struct slice h = marks_handle(g->marks, g->root_fd[i], NULL, dev, room);
	if (h.n)
		places_root(g->places, (uint32_t)i, h);
}

/* ---- learning handles ---- */

int patrol_mount(const struct guard *g, struct slice handle)
{
	for (size_t i = 0; i < g->conf->roots; i++) {
		if (g->root_fd[i] >= 0 && marks_of(g->marks, g->patrol->root[i].dev, handle))
			return g->root_fd[i];
	}
	return -1;
}

static bool all_folders_marked(const struct guard *g)
{
	return marks_worst(g->marks) == MARKS_FILESYSTEM;
}

void patrol_learn(struct guard *g, uint32_t root, struct slice path, const struct sight *s,
                  int dirfd, const char *name)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES], room2[EVENTS_HANDLE_MAX_BYTES];
	struct patrol *p = g->patrol;
	struct slice dir = path_dir(path), handle;

	if (s->class != CLASS_DIR && s->class != CLASS_FILE)
		return;
	if (!p->walking || !p->dir_known || p->dir_root != root ||
	    !slice_eq(buf_slice(&p->dir), dir)) {
		struct sight ds;
		p->dir_place = NULL;
		if (sight_of_fd(&ds, dirfd) == 0)
			p->dir_place = places_folder(
			    g->places, marks_handle(g->marks, dirfd, NULL, ds.dev, room));
		buf_reset(&p->dir);
		buf_add(&p->dir, dir);
		p->dir_root = root;
		p->dir_known = true;
	}
	if (s->class == CLASS_DIR && (!all_folders_marked(g) || s->dev != p->root[root].dev)) {
		AUTO_FD fd =
		    openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && !walk_is_kernel_fs(fd))
			mark_folder(g, fd, s->dev);
	}
	handle = marks_handle(g->marks, dirfd, name, s->dev, room2);
	if (handle.n)
		foreign_ours(g->foreign, g->root_fd[root], handle);
	if (p->dir_place && handle.n)
		places_put(g->places, handle, p->dir_place, slice_str(name),
		           s->class == CLASS_DIR);
}

/* ---- walking ---- */

/* What was done to a folder that appeared is the cause of all that is in it. */
static void suspect_found(struct guard *g, uint32_t root, struct slice path)
{
	struct patrol *p = g->patrol;

	if (p->cause->scan)
		p->open++;
	suspect_add(g, root, path, p->cause);
}

static bool on_entry(void *ctx, const struct walk_entry *e)
{
	struct guard *g = ctx;
	struct patrol *p = g->patrol;
	const struct table_entry *known = state_find(g->state, e->root, e->path, NULL);
	bool clean =
	    known && !g->first[e->root] && sight_check(&e->sight, known) == SIGHT_CLEAN;
	enum role role = ROLE_CODE;

	/* Roles cost a search through all patterns: of a clean file it isn't needed. */
	if (!clean || e->sight.class == CLASS_DIR)
		role = look_role(g->conf, e->root, e->path);
	if (role == ROLE_IGNORED)
		return false;
	if (++p->files % ALIVE_EVERY == 0)
		loop_alive(g->loop);
	patrol_learn(g, e->root, e->path, &e->sight, e->dirfd, e->name);
	state_met(g->state, e->root, e->path);
	if (!clean && (role != ROLE_DATA || e->sight.class == CLASS_FILE || g->first[e->root]))
		suspect_found(g, e->root, e->path);
	return true;
}

static bool below_lost(const struct patrol *p, uint32_t root, struct slice path)
{
	for (size_t i = 0; i < p->losts; i++) {
		if (p->lost[i].root == root && path_below(path, buf_slice(&p->lost[i].path)))
			return true;
	}
	return false;
}

/*
 * We may read everything. What is kept from us all the same lies below a filesystem that says
 * who may look (FUSE: nobody but who mounted it, and any user may), or that is broken.
 */
static bool is_hidden(int error)
{
	return error == EACCES || error == EPERM || error == ENOTCONN || error == EIO ||
	       error == ESTALE || error == ETIMEDOUT;
}

static void on_lost(void *ctx, uint32_t root, struct slice path, int error)
{
	struct guard *g = ctx;
	struct patrol *p = g->patrol;
	struct arena mem = {.max = DRAFT_MAX_BYTES}; /* g->mem holds the walk's cause */
	struct json *d;

	if (below_lost(p, root, path))
		return; /* told already */
	d = draft_unreadable(
	    &mem, g->conf->root[root].path, path, look_role(g->conf, root, path),
	    error == EXDEV ? "one of the kernel's own filesystems" : strerror(error));
	if (is_hidden(error))
		json_put_bool(&mem, d, "hidden", true);
	guard_post(g, d, -1, NULL, NULL);
	arena_done(&mem);
	if (p->losts < LOST_MOST) {
		buf_reset(&p->lost[p->losts].path);
		buf_add(&p->lost[p->losts].path, path);
		p->lost[p->losts++].root = root;
	}
}

/* A folder may have millions of names. */
static void on_turn(void *ctx)
{
	loop_alive(((struct guard *)ctx)->loop);
}

static void walk(struct guard *g, const struct walk_start *start, size_t n,
                 const struct cause *c)
{
	struct walk_job job = {
	    .workers = 1, .ctx = g, .entry = on_entry, .lost = on_lost, .turn = on_turn};

	g->patrol->cause = c;
	g->patrol->walking = true;
	g->patrol->dir_known = false;
	g->patrol->losts = 0;
	walk_run(&job, start, n);
	g->patrol->walking = false;
}

static void on_unmet(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	struct guard *g = ctx;

	if (e->role == ROLE_DATA || root >= g->conf->roots || below_lost(g->patrol, root, path))
		return;
	/* Of what was in a root that is not there (a disk that is not mounted) nothing is
	 * known. */
	if (g->root_fd[root] >= 0 || slice_eq(path, SLICE(PATH_ROOT)))
		suspect_found(g, root, path);
}

static void finish_walk(struct guard *g)
{
	struct patrol *p = g->patrol;
	int64_t us = clock_mono_us() - p->began_us;

	if (!p->reason || p->open > 0)
		return;
	arena_reset(&g->mem);
	if (g->baseline)
		guard_post(g, draft_baseline_done(&g->mem, p->files, 0, us), -1, NULL, NULL);
	else
		guard_post(g, draft_rescanned(&g->mem, p->reason, p->files, p->differing, us),
		           -1, NULL, NULL);
	g->baseline = false;
	for (size_t i = 0; i < g->conf->roots; i++)
		g->first[i] &= g->root_fd[i] < 0; /* its first walk is yet to come */
	p->reason = NULL;
}

void patrol_looked(struct guard *g, bool differed)
{
	struct patrol *p = g->patrol;

	if (p->open > 0)
		p->open--;
	p->differing += differed;
	if (!p->walking)
		finish_walk(g);
}

void patrol_walk(struct guard *g, const char *reason)
{
	struct patrol *p = g->patrol;
	struct cause c = {.seen_us = clock_now_us(), .scan = true};
	struct walk_start start[CONF_MAX_ROOTS];
	size_t n = 0;

	path_near_forget(&g->near);
	p->reason = reason; /* a walk still under way is told together with this one */
	p->began_us = clock_mono_us();
	p->swept_us = p->began_us;
	p->files = p->differing = 0;
	p->open++; /* the walk itself */
	state_round(g->state);
	marks_forget(g->marks);
	for (size_t i = 0; i < g->conf->roots; i++) {
		learn_root(g, i);
		if (g->root_fd[i] >= 0)
			start[n++] =
			    (struct walk_start){.root = (uint32_t)i, .root_fd = g->root_fd[i]};
	}
	walk(g, start, n, &c);
	p->cause = &c;
	state_unmet(g->state, on_unmet, g);
	p->cause = NULL;
	patrol_looked(g, false);
}

/* Where folders are marked one by one: before its walk, or what comes in between is lost. */
static void mark_new(struct guard *g, uint32_t root, struct slice path)
{
	struct sight s;
	AUTO_FD fd = path_open(g->root_fd[root], path, O_RDONLY | O_DIRECTORY);

	if (fd >= 0 && sight_of_fd(&s, fd) == 0)
		mark_folder(g, fd, s.dev);
}

void patrol_enter(struct guard *g, uint32_t root, struct slice path, const struct cause *c)
{
	struct walk_start start = {.root = root, .root_fd = g->root_fd[root], .path = path};

	if (look_role(g->conf, root, path) == ROLE_IGNORED)
		return;
	if (!all_folders_marked(g))
		mark_new(g, root, path);
	walk(g, &start, 1, c);
}

/* ---- once in a while ---- */

static void check_roots(struct guard *g)
{
	bool changed = g->patrol->root_moved;

	g->patrol->root_moved = false;
	for (size_t i = 0; i < g->conf->roots; i++) {
		if (root_place(g->conf, i, g->root_fd[i]) == ROOT_STANDS)
			continue;
		open_root(g, i);
		changed = true;
	}
	if (changed)
		patrol_walk(g, "a root was replaced");
}

/* Is that a name in this path? */
static bool is_on_the_way(struct slice path, struct slice name)
{
	for (; path.n && name.n; path = path_dir(path)) {
		if (slice_eq(path_leaf(path), name))
			return true;
	}
	return false;
}

bool patrol_root_moved(struct guard *g, uint32_t root, struct slice name)
{
	if (!is_on_the_way(g->conf->root[root].path, name) ||
	    root_place(g->conf, root, g->root_fd[root]) == ROOT_STANDS)
		return false;
	open_root(g, root);
	learn_root(g, root);
	g->patrol->root_moved = true;
	return true;
}

/* A hash of the mounts at or below our roots. Names are compared as mountinfo writes them. */
static struct hash our_mounts(const struct guard *g)
{
	struct hash_state *st = hash_new();
	struct buf text;
	struct slice line;
	ssize_t n;

	buf_init(&text, MOUNTS_BYTES);
	uint8_t *at = buf_reserve(&text, MOUNTS_BYTES);
	lseek(g->patrol->mounts_fd, 0, SEEK_SET);
	while (at && text.n < MOUNTS_BYTES &&
	       (n = read(g->patrol->mounts_fd, at + text.n, MOUNTS_BYTES - text.n)) > 0)
		buf_commit(&text, (size_t)n);
	struct cursor c = cursor_over(buf_slice(&text));
	while (cursor_line(&c, &line)) {
		for (size_t i = 0; i < g->conf->roots; i++) {
			if (slice_find(line, g->conf->root[i].path) != SIZE_MAX)
				hash_add(st, line);
		}
	}
	struct hash h = hash_end(st);
	hash_free(st);
	buf_done(&text);
	return h;
}

static void on_mounts(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct guard *g = ctx;
	struct hash now = our_mounts(g);

	(void)l;
	(void)fd;
	(void)events;
	if (hash_eq(&now, &g->patrol->mounts))
		return;
	g->patrol->mounts = now;
	g->patrol->mounts_due_us = clock_mono_us() + MOUNTS_REST_US / 10;
}

int patrol_watch_mounts(struct guard *g)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	g->patrol->mounts_fd = fd;
	g->patrol->mounts = our_mounts(g);
	return loop_add_fd(g->loop, fd, EPOLLPRI | EPOLLERR, on_mounts);
}

static int64_t sweep_us(const struct guard *g)
{
	int64_t s = g->conf->rescan_s;

	if (marks_worst(g->marks) == MARKS_NONE && (s == 0 || s > BLIND_SWEEP_S))
		s = BLIND_SWEEP_S;
	return s * 1000000;
}

void patrol_tick(struct guard *g)
{
	struct patrol *p = g->patrol;
	int64_t now = clock_mono_us();

	if (!g->watching || p->reason)
		return;
	if (p->mounts_due_us && now >= p->mounts_due_us) {
		p->mounts_due_us = 0;
		patrol_walk(g, "mounts changed");
	} else if (sweep_us(g) && now - p->swept_us >= sweep_us(g)) {
		patrol_walk(g, "sweep");
	}
	if (now - p->checked_us >= ROOT_CHECK_US) {
		p->checked_us = now;
		check_roots(g);
	}
}
