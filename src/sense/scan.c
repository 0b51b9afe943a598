/*
 * The one-shot scan. Walkers (threads) look from outside: lstat, compare with the table,
 * open what has to be read; they never read a byte. This thread hands the open files to
 * sealed readers, many at once, and turns the answers into drafts.
 */
#include "conf/roots.h"
#include "sense/inbox.h"
#include "sense/readers.h"
#include "sense/sense.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define WALKERS     2
#define PROGRESS_US 200000

struct scan {
	const struct sense_job *job;
	struct err *err;
	struct inbox *inbox;
	struct readers *readers;
	struct pool *pool;
	struct arena mem; /* one draft */
	int root_fd[CONF_MAX_ROOTS];
	bool first[CONF_MAX_ROOTS]; /* nothing of it was recorded: all is told as file.baseline
	                             */
	_Atomic uint8_t *seen;      /* per entry of the table */
	_Atomic int64_t files;
	struct sense_result out;
	int64_t started_us, progress_us;
	struct buf blind; /* folders that couldn't be read: u32 root, u32 n, bytes */
	bool walked;
	int fault; /* first one of the sink's */
};

/* ---- in the walkers ---- */

static const struct table_entry *recorded(struct scan *s, uint32_t root, struct slice path)
{
	ptrdiff_t i = s->job->table ? table_find(s->job->table, root, path) : -1;

	if (i < 0)
		return NULL;
	atomic_store_explicit(&s->seen[i], 1, memory_order_relaxed);
	return &s->job->table->entry[i];
}

/* Data changes all the time; only what is new there is looked at. */
static bool uninteresting(const struct scan *s, uint32_t root, const struct sight *w,
                          const struct table_entry *e, enum role role)
{
	if (s->first[root] || role != ROLE_DATA)
		return false;
	return w->class != CLASS_FILE || w->size > LOOK_DATA_MAX_BYTES ||
	       (e && e->present.class != CLASS_NONE && !s->job->full &&
	        sight_check(w, e) == SIGHT_CLEAN);
}

static void hand_over(struct scan *s, const struct walk_entry *e, enum role role)
{
	struct look *k = inbox_room(s->inbox); /* waits while too much is under way */

	if (!k || look_init(k, e->root, e->path, role) < 0) {
		free(k);
		return;
	}
	k->sight = e->sight;
	look_further(k, e->dirfd, e->name);
	inbox_put(s->inbox, k);
}

static bool scan_entry(void *ctx, const struct walk_entry *e)
{
	struct scan *s = ctx;
	bool folder = e->sight.class == CLASS_DIR;
	const struct table_entry *known = recorded(s, e->root, e->path);
	bool clean = known && !s->first[e->root] &&
	             !(s->job->full && e->sight.class == CLASS_FILE) &&
	             sight_check(&e->sight, known) == SIGHT_CLEAN;
	enum role role;

	/* Of an unchanged file the role isn't needed, and it costs more than the rest. */
	if (clean && !folder) {
		atomic_fetch_add_explicit(&s->files, 1, memory_order_relaxed);
		return false;
	}
	role = look_role(s->job->conf, e->root, e->path);
	if (role == ROLE_IGNORED)
		return false;
	atomic_fetch_add_explicit(&s->files, 1, memory_order_relaxed);
	if (!clean && !uninteresting(s, e->root, &e->sight, known, role))
		hand_over(s, e, role);
	return true;
}

static void scan_lost(void *ctx, uint32_t root, struct slice path, int error)
{
	struct scan *s = ctx;
	struct look *k = inbox_room(s->inbox);

	if (!k || look_init(k, root, path, look_role(s->job->conf, root, path)) < 0) {
		free(k);
		return;
	}
	k->sight.class = CLASS_DIR;
	k->error = error;
	inbox_put(s->inbox, k);
}

static void *walk_all(void *arg)
{
	struct scan *s = arg;
	struct walk_start start[CONF_MAX_ROOTS];
	struct walk_job job = {
	    .workers = WALKERS, .ctx = s, .entry = scan_entry, .lost = scan_lost};
	size_t n = 0;

	for (; n < s->job->conf->roots; n++)
		start[n] = (struct walk_start){.root = (uint32_t)n, .root_fd = s->root_fd[n]};
	walk_run(&job, start, n);
	inbox_close(s->inbox);
	return NULL;
}

/* ---- here ---- */

static void give(struct scan *s, struct json *draft, int fd)
{
	int r = draft ? s->job->sink(s->job->ctx, draft, fd) : -ENOMEM;

	if (r < 0 && !s->fault)
		s->fault = r;
}

static int fd_to_keep(const struct scan *s, const struct look *k)
{
	bool wanted =
	    role_is_code(k->role) ||
	    (!s->first[k->root] && (k->role == ROLE_UPLOADS || k->role == ROLE_GENERATED));

	return wanted && k->sight.size <= s->job->conf->keep_max_bytes ? k->fd : -1;
}

static void tell_unreadable(struct scan *s, const struct look *k)
{
	arena_reset(&s->mem);
	s->out.unreadable++;
	give(s,
	     draft_unreadable(&s->mem, s->job->conf->root[k->root].path, look_path(k), k->role,
	                      k->error == EXDEV ? "one of the kernel's own filesystems"
	                                        : strerror(k->error)),
	     -1);
	if (k->sight.class != CLASS_DIR)
		return;
	buf_u32(&s->blind, k->root);
	buf_u32(&s->blind, (uint32_t)k->path_n);
	buf_add(&s->blind, look_path(k));
}

/* Of a packed copy the record of its text. */
static const struct table_entry *packed_text(const struct scan *s, const struct look *k)
{
	const struct table *t = s->job->table;
	struct slice text;
	ptrdiff_t i =
	    t && role_packing(look_path(k), &text) ? table_find(t, k->root, text) : -1;

	return i < 0 ? NULL : &t->entry[i];
}

/* All is known about this path: tell it, if it is worth telling. */
static void conclude(struct scan *s, struct look *k, const struct json *answer)
{
	const struct table *t = s->job->table;
	ptrdiff_t i = t ? table_find(t, k->root, look_path(k)) : -1;
	struct draft_file f = look_draft(k, s->job->conf);
	struct json *draft;

	f.content = answer;
	f.seen_us = s->started_us;
	f.found_by_scan = true;
	if (i >= 0) {
		f.was = &t->entry[i];
		f.was_content = table_features(t, f.was);
	}
	if (!s->first[k->root] && k->role == ROLE_DATA && !look_is_code(answer))
		return;
	arena_reset(&s->mem);
	if (answer && role_is_code(k->role) && !s->first[k->root])
		f.content = look_packed(&s->mem, answer, f.was, packed_text(s, k));
	draft = s->first[k->root] ? draft_baseline(&s->mem, &f) : draft_changed(&s->mem, &f);
	if (!draft && !s->mem.broken)
		return; /* nothing differs after all */
	s->out.differing++;
	give(s, draft, fd_to_keep(s, k));
}

static void finish(struct scan *s, struct look *k)
{
	look_done(k);
	inbox_done(s->inbox, k);
	(void)s;
}

static void ask(struct scan *s, struct look *k)
{
	struct buf text;
	struct pool_file f = {.fd = k->fd,
	                      .role = role_name(k->role),
	                      .arg = k,
	                      .look = look_wanted(k, s->job->conf),
	                      .look_max = look_most(k->role, s->job->conf)};

	buf_init(&text, 8 * PATH_TEXT_MAX_BYTES);
	path_text(&text, look_path(k));
	f.path = buf_slice(&text);
	if (pool_add(s->pool, &f) < 0)
		finish(s, k);
	buf_done(&text);
}

static void take_in(struct scan *s, struct look *k)
{
	bool too_long = k->path_n > PATH_TEXT_MAX_BYTES;

	if (too_long)
		k->error = ENAMETOOLONG;
	if (k->error == EAGAIN || k->error == ENOENT) {
		finish(s, k); /* vanished meanwhile */
	} else if (k->error) {
		tell_unreadable(s, k);
		finish(s, k);
	} else if (k->fd >= 0) {
		readers_want(s->readers);
		ask(s, k);
	} else {
		conclude(s, k, NULL);
		finish(s, k);
	}
}

static void on_read(void *ctx, void *arg, const struct json *answer, const char *why)
{
	struct scan *s = ctx;
	struct look *k = arg;
	struct arena mem = {.max = 4096};

	if (!look_answered(k, answer)) {
		ask(s, k);
		return;
	}
	(void)why;
	s->out.reread++;
	s->out.bytes += k->sight.size;
	conclude(s, k, look_content(k, s->job->conf, answer, &mem));
	arena_done(&mem);
	finish(s, k);
}

static void on_died(void *ctx, struct slice path)
{
	struct scan *s = ctx;

	arena_reset(&s->mem);
	give(s, draft_reader_died(&s->mem, path, "it ended unasked"), -1);
}

/* What the table has and the walk did not meet. */
static bool below_blind(const struct scan *s, uint32_t root, struct slice path)
{
	struct cursor c = cursor_over(buf_slice(&s->blind));
	uint32_t r, n;
	struct slice dir;

	while (cursor_u32(&c, &r) && cursor_u32(&c, &n) && cursor_take(&c, n, &dir)) {
		if (r == root && path_below(path, dir))
			return true;
	}
	return false;
}

static void look_for_missing(struct scan *s, const struct table_entry *e)
{
	const struct sense_job *job = s->job;
	struct slice path = table_path(job->table, e);
	enum role role = look_role(job->conf, e->root, path);
	char name[256];

	if (role == ROLE_IGNORED || role == ROLE_DATA || below_blind(s, e->root, path))
		return;
	struct look *k = inbox_spare(s->inbox);
	if (!k || look_init(k, e->root, path, role) < 0)
		return;
	AUTO_FD dir = path_open_parent(s->root_fd[e->root], path, name);
	if (dir >= 0)
		look_at(k, dir, name); /* moved while we walked: looked at like any other */
	take_in(s, k);
}

static void find_missing(struct scan *s)
{
	const struct table *t = s->job->table;

	if (!t || s->job->baseline)
		return;
	for (size_t i = 0; i < t->count; i++) {
		if (!s->seen[i] && t->entry[i].present.class != CLASS_NONE &&
		    t->entry[i].root < s->job->conf->roots)
			look_for_missing(s, &t->entry[i]);
	}
}

static void progress(struct scan *s)
{
	int64_t now = clock_mono_us();
	struct sense_progress p = {.files = s->files,
	                           .bytes = s->out.bytes,
	                           .files_known =
	                               s->job->table ? (int64_t)s->job->table->count : 0};

	if (!s->job->progress || now - s->progress_us < PROGRESS_US)
		return;
	s->progress_us = now;
	s->job->progress(s->job->ctx, &p);
}

static int turn(struct scan *s)
{
	struct pollfd fds[1 + POOL_MAX_READERS] = {
	    {.fd = inbox_fd(s->inbox), .events = POLLIN}};
	int n = 1 + readers_poll(s->readers, fds + 1);
	struct look *k;

	if (s->walked)
		fds[0].fd = -1;
	if (poll(fds, (nfds_t)n, 200) < 0 && errno != EINTR)
		return -errno;
	/* All of them, which are at most as many as may be under way. */
	while (fds[0].revents && (k = inbox_take(s->inbox)))
		take_in(s, k);
	int r = readers_serve(s->readers, fds + 1, n - 1);
	pool_pump(s->pool);
	progress(s);
	return r;
}

static int run(struct scan *s)
{
	pthread_t walker;
	int r = 0;

	if (pthread_create(&walker, NULL, walk_all, s) != 0)
		return err_set(s->err, -EAGAIN, "no thread for the walk could be started");
	while (r >= 0 && (!s->walked || pool_waiting(s->pool))) {
		r = turn(s);
		if (!s->walked && inbox_empty(s->inbox)) {
			s->walked = true;
			find_missing(s);
		}
	}
	inbox_abort(s->inbox); /* after a fault: let the walkers run out */
	pthread_join(walker, NULL);
	return r < 0 ? r : s->fault;
}

/* ---- beginning and end ---- */

static int open_roots(struct scan *s)
{
	const struct conf *c = s->job->conf;

	for (size_t i = 0; i < c->roots; i++) {
		s->first[i] = s->job->baseline || !s->job->table ||
		              table_find(s->job->table, (uint32_t)i, SLICE(PATH_ROOT)) < 0;
		s->root_fd[i] = root_open(c, i);
		if (s->root_fd[i] < 0 && errno == ENAMETOOLONG)
			return err_set(s->err, -ENAMETOOLONG, "a root's path is too long");
		if (s->root_fd[i] < 0)
			return err_sys(s->err, -errno, "%.*s", SLICE_ARG(c->root[i].path));
	}
	return 0;
}

/* Files wait open for their reader: as many descriptors as we may have. */
static size_t raise_files_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return 128;
	if (r.rlim_cur < r.rlim_max && r.rlim_cur < 8192) {
		r.rlim_cur = r.rlim_max < 8192 ? r.rlim_max : 8192;
		setrlimit(RLIMIT_NOFILE, &r);
	}
	return r.rlim_cur < 2048 ? r.rlim_cur / 4 : 1024;
}

static int set_up(struct scan *s)
{
	const struct sense_job *job = s->job;
	struct pool_hooks hooks = {.ctx = s, .done = on_read, .died = on_died};

	s->inbox = inbox_new(raise_files_limit());
	s->readers = readers_new(job->conf->readers, &hooks);
	if (job->table)
		s->seen = calloc(job->table->count + 1, sizeof(*s->seen));
	if (!s->inbox || !s->readers || (job->table && !s->seen))
		return err_set(s->err, -ENOMEM, "no memory for a scan");
	s->pool = readers_pool(s->readers);
	return open_roots(s);
}

static void tear_down(struct scan *s)
{
	readers_free(s->readers);
	inbox_free(s->inbox);
	free((void *)s->seen);
	for (int i = 0; i < CONF_MAX_ROOTS; i++) {
		if (s->root_fd[i] >= 0)
			close(s->root_fd[i]);
	}
	buf_done(&s->blind);
	arena_done(&s->mem);
}

static void tell_begin(struct scan *s)
{
	arena_reset(&s->mem);
	if (s->job->baseline) {
		give(s, draft_baseline_started(&s->mem, s->job->conf, s->job->reason), -1);
		return;
	}
	for (size_t i = 0; i < s->job->conf->roots; i++) {
		if (s->first[i])
			give(s, draft_added(&s->mem, s->job->conf->root[i].path), -1);
	}
}

static void tell_end(struct scan *s)
{
	struct sense_result *o = &s->out;
	struct json *d;

	arena_reset(&s->mem);
	if (s->job->baseline) {
		give(s, draft_baseline_done(&s->mem, o->files, o->bytes, o->us), -1);
		return;
	}
	d = draft_rescanned(&s->mem, s->job->reason, o->files, o->differing, o->us);
	/* No guard has told of them, where the settings are new. */
	json_put(&s->mem, d, "roots", roots_json(&s->mem, s->job->conf));
	give(s, d, -1);
}

int sense_scan(const struct sense_job *job, struct sense_result *out, struct err *e)
{
	struct scan s = {
	    .job = job, .err = e, .started_us = clock_now_us(), .blind = {.max = 16u << 20}};
	int64_t began = clock_mono_us();
	int r;

	memset(s.root_fd, 0xff, sizeof(s.root_fd));
	arena_init(&s.mem, DRAFT_MAX_BYTES);
	r = set_up(&s);
	if (r == 0) {
		tell_begin(&s);
		r = run(&s);
	}
	s.out.files = s.files;
	s.out.us = clock_mono_us() - began;
	if (r == 0) {
		tell_end(&s);
		r = s.fault;
	}
	if (r == 0)
		*out = s.out;
	else if (!e->text[0])
		err_sys(e, r, "scan");
	tear_down(&s);
	return r;
}
