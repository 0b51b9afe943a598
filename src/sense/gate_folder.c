/*
 * The folders whose files' opens are asked about. Each carries a mark for opens of its
 * children, and one in a group of its own that tells of new folders, which are marked at once,
 * long before the ledger tells of them, and of code that is gone, which is put back at once.
 */
#include "sense/gate.h"
#include "sense/walk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fanotify.h>

#define OPENS       (FAN_OPEN_PERM | FAN_EVENT_ON_CHILD)
#define CAME        (FAN_CREATE | FAN_MOVED_TO)
#define LEFT        (FAN_DELETE | FAN_MOVED_FROM)
#define BIRTHS      (CAME | LEFT | FAN_ONDIR)
#define ENTER_US    2000 /* of a walk, before those who wait are served */
#define ENTER_DEPTH 4
#define READ_BYTES  (16u * 1024)
#define SERVE_US    20000 /* of what is told, at a time */
#define KNOWN_US    10000 /* for the known ones below a new folder */

int folders_open(struct gate *g)
{
	unsigned flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS;

	/* Linux 5.17 tells which file it was that came, wherever it is by now. */
	g->births = fanotify_init(flags | FAN_REPORT_DFID_NAME_TARGET,
	                          O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	if (g->births < 0 && errno == EINVAL)
		g->births = fanotify_init(flags | FAN_REPORT_DFID_NAME,
		                          O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	return g->births < 0 ? -errno : 0;
}

/* Where a filesystem has no handles, the ledger tells of new folders all the same. */
static void mark_births(struct gate *g, int dirfd, const char *name)
{
	fanotify_mark(g->births,
	              FAN_MARK_ADD | FAN_MARK_ONLYDIR | (name ? FAN_MARK_DONT_FOLLOW : 0),
	              BIRTHS, dirfd, name);
}

static void mark(struct gate *g, int dirfd, const char *name, enum asks asks)
{
	unsigned how = FAN_MARK_ONLYDIR | (name ? FAN_MARK_DONT_FOLLOW : 0);

	/* A folder that is gone by now holds nothing. */
	if (asks < ASKS &&
	    fanotify_mark(g->group[asks], how | FAN_MARK_ADD, OPENS, dirfd, name) < 0 &&
	    errno != ENOENT && errno != ENOTDIR)
		err_say("a folder can't be held: %s", strerror(errno));
	/* It may have stood elsewhere, or have been marked before its path was known. */
	for (enum asks i = 0; i < ASKS; i++) {
		if (i != asks)
			fanotify_mark(g->group[i], how | FAN_MARK_REMOVE, OPENS, dirfd, name);
	}
	mark_births(g, dirfd, name);
}

/*
 * In which group a folder asks. ASKS: in none, the shop's own cache, where the settings say to
 * watch it only: nothing there is decided, so its opens need not be asked about. (Of other
 * folders in mode watch they are: a link of code may lead there.)
 */
static enum asks asks_in(struct gate *g, uint32_t root, struct slice path)
{
	buf_reset(&g->text);
	buf_add(&g->text, path);
	buf_str(&g->text, "/x.php");
	if (look_role(g->conf, root, buf_slice(&g->text)) != ROLE_GENERATED)
		return ASKS_CODE;
	return g->mode[ROLE_GENERATED] == CONF_WATCH && g->holds == 0 ? ASKS : ASKS_CACHE;
}

static bool on_entry(void *ctx, const struct walk_entry *e)
{
	struct gate *g = ctx;

	if (e->sight.class != CLASS_DIR || look_role(g->conf, e->root, e->path) == ROLE_IGNORED)
		return false;
	mark(g, e->dirfd, e->name, asks_in(g, e->root, e->path));
	gate_where_folder(g, e->dirfd, e->name);
	return true;
}

static void on_turn(void *ctx)
{
	loop_alive(((struct gate *)ctx)->loop);
}

static void on_lost(void *ctx, uint32_t root, struct slice path, int error)
{
	(void)ctx;
	(void)root;
	err_say("%.*s can't be held: %s", SLICE_ARG(slice_sub(path, 0, 200)), strerror(error));
}

static void walk(struct gate *g, const struct walk_start *start, size_t n,
                 bool entry(void *ctx, const struct walk_entry *e), void turn(void *ctx))
{
	struct walk_job job = {.workers = 1,
	                       .ctx = g,
	                       .folders = true,
	                       .entry = entry,
	                       .lost = on_lost,
	                       .turn = turn};

	walk_run(&job, start, n);
}

struct known_below {
	struct gate *g;
	int64_t until_us;
};

static void mark_one_known(void *ctx, uint32_t root, struct slice path,
                           const struct table_entry *e)
{
	const struct known_below *k = ctx;
	char name[256];

	if (e->approved.class != CLASS_DIR || clock_mono_us() > k->until_us)
		return;
	AUTO_FD dir = path_open_parent(k->g->root_fd[root], path, name);
	if (dir < 0)
		return;
	mark(k->g, dir, name, asks_in(k->g, root, path));
	gate_where_folder(k->g, dir, name);
}

/*
 * It may have taken the place of a folder of code, with thousands of others in it that a walk
 * would come to first: so those of which code is asked for come before all of that.
 */
static void mark_known(struct gate *g, uint32_t root, struct slice path)
{
	const struct table_entry *e =
	    state_find(g->state, root, path.n ? path : SLICE(PATH_ROOT), NULL);
	struct known_below k = {g, clock_mono_us() + KNOWN_US};

	if (g->holding && g->root_fd[root] >= 0 && e && e->approved.class == CLASS_DIR)
		state_below(g->state, root, path, mark_one_known, &k);
}

/* Of a root: its walk, after which all that stands there is held. */
static bool is_root(const struct gate_entered *d)
{
	return d->fd < 0 && d->path.n == 0;
}

static void enter(struct gate *g, uint32_t root, struct slice path)
{
	struct gate_entered *d = calloc(1, sizeof(*d));

	if (!d)
		err_die("no memory");
	d->root = root;
	d->fd = -1;
	state_set_text(&d->path, path);
	d->next = g->entered;
	g->entered = d;
}

void folders_root(struct gate *g, uint32_t root)
{
	const struct gate_entered *d = g->entered;

	if (g->root_fd[root] < 0)
		return;
	mark(g, g->root_fd[root], NULL, ASKS_CODE);
	gate_where_root(g, root);
	mark_known(g, root, slice_str(NULL));
	while (d && (!is_root(d) || d->root != root))
		d = d->next;
	if (d)
		return; /* it is to be walked as it is */
	g->roots_left++;
	enter(g, root, slice_str(NULL));
}

void folders_mark(struct gate *g)
{
	gate_where_none(g);
	for (uint32_t i = 0; i < g->conf->roots; i++)
		folders_root(g, i);
	if (g->roots_left == 0)
		gate_holds(g); /* none is there: nothing, so far */
}

void folders_unmark(struct gate *g)
{
	for (enum asks i = 0; i < ASKS; i++)
		fanotify_mark(g->group[i], FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	fanotify_mark(g->births, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	leases_clear(g->leases);
}

void folders_enter(struct gate *g, uint32_t root, struct slice path)
{
	AUTO_FD fd = -1;

	if (!g->holding || g->root_fd[root] < 0 ||
	    look_role(g->conf, root, path) == ROLE_IGNORED)
		return;
	fd = path_open(g->root_fd[root], path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return;
	mark(g, fd, NULL, asks_in(g, root, path));
	enter(g, root, path);
}

/* The modes may have changed in the midst of the walk. */
static bool on_entered(void *ctx, const struct walk_entry *e)
{
	return ((struct gate *)ctx)->holding && on_entry(ctx, e);
}

/* Whoever can make a folder can make one of a million names. */
static void on_enter_turn(void *ctx)
{
	struct gate *g = ctx;
	int64_t now = clock_mono_us();

	if (now - g->entered_us < ENTER_US)
		return;
	loop_turn(g->loop, 0);
	gate_hurry(g);
	if (g->entering < ENTER_DEPTH)
		folders_walk(g);
	g->entered_us = clock_mono_us();
}

/* What lies below a folder whose path is longer than can be told. */
static bool on_nameless(void *ctx, const struct walk_entry *e)
{
	struct gate *g = ctx;

	if (!g->holding || e->sight.class != CLASS_DIR)
		return false;
	mark(g, e->dirfd, e->name, ASKS_CODE);
	return true;
}

static void enter_nameless(struct gate *g, int dir, const char *name)
{
	struct walk_start start = {0};
	struct gate_entered *d;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	d = g->nameless < GATE_MAX_NAMELESS ? calloc(1, sizeof(*d)) : NULL;
	if (!d) {
		start.root_fd = fd;
		walk(g, &start, 1, on_nameless, on_turn);
		close(fd);
		return;
	}
	*d = (struct gate_entered){.next = g->entered, .fd = fd};
	g->entered = d;
	g->nameless++;
}

void folders_walk(struct gate *g)
{
	struct gate_entered *d;

	if (g->entering++ == 0)
		g->entered_us = clock_mono_us();
	while ((d = g->entered)) {
		bool named = d->fd < 0;
		struct walk_start start = {.root = d->root,
		                           .root_fd = named ? g->root_fd[d->root] : d->fd,
		                           .path = d->path};

		g->entered = d->next;
		if (g->holding && start.root_fd >= 0)
			walk(g, &start, 1, named ? on_entered : on_nameless, on_enter_turn);
		if (!named) {
			close(d->fd);
			g->nameless--;
		}
		if (is_root(d) && --g->roots_left == 0 && g->holding)
			gate_holds(g);
		state_set_text(&d->path, slice_str(NULL));
		free(d);
	}
	g->entering--;
}

/* ---- new folders ---- */

/* The folder of an event and the name in it, ending in 0; -1: it has none. */
static int event_at(struct gate *g, const struct event *e, char name[256])
{
	if (e->name.n == 0 || e->name.n >= 256)
		return -1;
	memcpy(name, e->name.at, e->name.n);
	name[e->name.n] = '\0';
	return gate_where_dir(g, e->dir);
}

/* The path of that name, to g->news. False: its folder is none of ours. */
static bool event_path(struct gate *g, const struct event *e, int dir, uint32_t *root)
{
	struct sight s = {0};
	struct slice rel;

	sight_of_fd(&s, dir);
	if (!gate_place(g, dir, &s, &g->path, root, &rel))
		return false;
	buf_reset(&g->news);
	buf_add(&g->news, rel);
	if (rel.n)
		buf_byte(&g->news, '/');
	buf_add(&g->news, e->name);
	return true;
}

static void born(struct gate *g, const struct event *e)
{
	char name[256];
	AUTO_FD dir = event_at(g, e, name);
	uint32_t root;

	if (dir < 0)
		return;
	mark(g, dir, name, ASKS_CODE); /* at once; what it holds already comes next */
	gate_where_folder(g, dir, name);
	if (event_path(g, e, dir, &root)) {
		mark_known(g, root, buf_slice(&g->news));
		folders_enter(g, root, buf_slice(&g->news));
	} else if (gate_nameless(dir)) {
		enter_nameless(g, dir, name);
	}
}

/*
 * Approved code under another name, by a rename or a hard link: its opens are asked about. A
 * symbolic link where code belongs: opens that it leads to are opens of that code; so are opens
 * of what came there, even if it has been moved on since.
 */
static void moved(struct gate *g, const struct event *e)
{
	char name[256];
	AUTO_FD dir = event_at(g, e, name);
	uint32_t root;

	if (dir < 0) {
		gate_guise_lost(g); /* it came to a folder that can't be found */
		return;
	}
	leases_ask_again(g->leases, dir, name);
	/* What a release moves is its own; what others move meanwhile is not. */
	if (g->deploys > 0) {
		procs_drain(g->procs);
		if (!procs_stranger(g->procs, e->pid, PROCS_UNSURE))
			return;
	}
	if (event_path(g, e, dir, &root) &&
	    role_is_code(look_role(g->conf, root, buf_slice(&g->news))))
		gate_guise_came(g, root, buf_slice(&g->news),
		                gate_where_came(g, e->target, dir, name));
}

/* Who needs code that is gone finds nothing: the guard's word on it is not waited for. */
static void left(struct gate *g, const struct event *e)
{
	char name[256];
	AUTO_FD dir = gate_deploying(g) ? -1 : event_at(g, e, name);
	struct sight s = {0};
	uint32_t root;

	/* A look waits for who is at work in that folder: only for what is to be put back. */
	if (dir >= 0 && event_path(g, e, dir, &root) &&
	    gate_order_puts_back(g, root, buf_slice(&g->news)) &&
	    sight_at(&s, dir, name) == 0 && s.class == CLASS_NONE)
		gate_order_gone(g, root, buf_slice(&g->news), e->pid);
}

static void serve_event(struct gate *g, const struct event *e)
{
	if (e->mask & FAN_Q_OVERFLOW) {
		folders_mark(g);
		gate_guise_lost(g);
	} else if (e->mask & FAN_ONDIR) {
		if (e->mask & LEFT)
			gate_where_left(g, e->target);
		if (e->mask & CAME)
			born(g, e);
	} else if (e->mask & CAME) {
		moved(g, e);
	}
	if (!(e->mask & FAN_ONDIR)) {
		leases_removed(g->leases); /* also what another took the place of */
		if (e->mask & LEFT)
			left(g, e);
	}
}

static bool serve_some(struct gate *g)
{
	static uint8_t in[READ_BYTES] __attribute__((aligned(16)));
	ssize_t n = read(g->births, in, sizeof(in));
	struct slice batch = slice_mem(in, n < 0 ? 0 : (size_t)n);
	struct event e;
	bool broken = false;

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		err_die("fanotify: %s", strerror(errno));
	while (events_next(&batch, &e, &broken)) {
		loop_alive(g->loop); /* thousands may come, each of which thousands wait for */
		serve_event(g, &e);
		if (e.pidfd >= 0)
			close(e.pidfd);
	}
	return n > 0;
}

void folders_serve(struct gate *g)
{
	int64_t until = clock_mono_us() + SERVE_US;
	bool more = true;

	while (more && clock_mono_us() < until)
		more = serve_some(g);
	/* Opens can't wait for all that comes: the rest is not known yet. */
	if (more)
		gate_guise_lost(g);
}
