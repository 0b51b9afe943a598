#include "sense/guard.h"
#include <errno.h>
#include <string.h>
#include <sys/fanotify.h>

#define READ_BYTES  (64u * 1024)
#define MAX_BATCHES 32 /* before looks get their turn */
#define WROTE       (FAN_MODIFY | FAN_CLOSE_WRITE | FAN_CREATE | FAN_RENAME)

/* One event at a time: who did it is asked only if it concerns us. */
struct hearing {
	struct guard *g;
	const struct event *e;
	struct cause cause;
	bool asked;
};

static const struct cause *cause_of(struct hearing *h)
{
	struct guard *g = h->g;
	const struct event *e = h->e;

	if (h->asked)
		return &h->cause;
	h->asked = true;
	h->cause.who = who_json(g->who, &g->mem, g->procs, e->pid, e->pidfd);
	h->cause.worker = who_was_worker(g->who);
	h->cause.deploy = procs_deploy_of(g->procs, e->pid, e->pidfd);
	h->cause.stranger = !h->cause.deploy && procs_stranger(g->procs, e->pid, e->pidfd);
	h->cause.content = (e->mask & WROTE) != 0;
	h->cause.wrote = (e->mask & FAN_MODIFY) != 0;
	if (h->cause.wrote)
		release_wrote(g, e->target, h->cause.deploy != 0);
	return &h->cause;
}

/* The path of a name in a folder that we know; false if it isn't ours. */
static bool name_path(struct guard *g, struct slice dir, struct slice name, uint32_t *root,
                      struct place **place, struct buf *out)
{
	*place = dir.n ? places_folder(g->places, dir) : NULL;
	if (!*place || !place_path(*place, root, out))
		return false;
	if (!slice_eq(name, SLICE(".")) && name.n) {
		if (out->n)
			buf_byte(out, '/');
		buf_add(out, name);
	}
	if (out->n == 0)
		buf_str(out, PATH_ROOT);
	return buf_ok(out);
}

static bool concerns_us(const struct guard *g, uint32_t root, struct slice path)
{
	return look_role(g->conf, root, path) != ROLE_IGNORED;
}

/* Data files change all the time: a write is looked at when the writer closes. */
static bool only_a_write(const struct hearing *h)
{
	return (h->e->mask & (WROTE | FAN_ATTRIB | FAN_DELETE)) == FAN_MODIFY;
}

static void suspect_path(struct hearing *h, uint32_t root, struct slice path)
{
	enum role role = look_role(h->g->conf, root, path);

	if (role == ROLE_IGNORED || (role == ROLE_DATA && only_a_write(h)))
		return;
	suspect_add(h->g, root, path, cause_of(h));
}

/* The object has other names that we know: they changed too. */
static void suspect_links(struct hearing *h)
{
	struct guard *g = h->g;
	uint32_t root;

	if (!h->e->target.n || !(h->e->mask & (FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB)))
		return;
	for (struct place *p = places_get(g->places, h->e->target); p; p = places_more(p)) {
		if (!place_is_folder(p) && place_path(p, &root, &g->path2))
			suspect_path(h, root, buf_slice(&g->path2));
	}
}

static void collect(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	struct hearing *h = ctx;

	(void)e;
	suspect_add(h->g, root, path, cause_of(h));
}

/* Something left this name. */
static void left(struct hearing *h, struct slice dir, struct slice name)
{
	struct guard *g = h->g;
	struct place *place;
	uint32_t root;

	if (!name_path(g, dir, name, &root, &place, &g->path))
		return;
	suspect_path(h, root, buf_slice(&g->path));
	if (h->e->mask & FAN_ONDIR && h->e->mask & FAN_RENAME)
		state_below(g->state, root, buf_slice(&g->path), collect, h);
	if (h->e->target.n) {
		struct place *old = places_at(g->places, h->e->target, place, name);
		if (old)
			places_drop(g->places, old);
	}
}

/* Something came to this name. */
static void came(struct hearing *h, struct slice dir, struct slice name)
{
	struct guard *g = h->g;
	bool folder = h->e->mask & FAN_ONDIR;
	struct place *place;
	uint32_t root;

	if (!name_path(g, dir, name, &root, &place, &g->path) ||
	    !concerns_us(g, root, buf_slice(&g->path)))
		return;
	suspect_path(h, root, buf_slice(&g->path));
	/* A walk that came by before its event has learned it, and all below; what happened
	 * there since has events of its own, which found it known. */
	bool met = folder && !(h->e->mask & FAN_RENAME) && h->e->target.n &&
	           places_at(g->places, h->e->target, place, name);
	if (h->e->target.n) {
		foreign_ours(g->foreign, patrol_mount(g, h->e->target), h->e->target);
		places_put(g->places, h->e->target, place, name, folder);
	}
	if (folder && !met) {
		struct cause c = *cause_of(h);
		c.renamed_from = slice_str(NULL);
		c.content = true;
		patrol_enter(g, root, buf_slice(&g->path), &c);
	}
}

static void renamed(struct hearing *h)
{
	struct guard *g = h->g;
	struct place *place;
	uint32_t root;
	struct slice from = slice_str(NULL);

	if (name_path(g, h->e->dir, h->e->name, &root, &place, &g->path))
		from = arena_copy(&g->mem, buf_slice(&g->path));
	bool brought = from.n && release_brought(g, h->e->target, root, from);
	left(h, h->e->dir, h->e->name);
	cause_of(h);
	h->cause.wrote |= brought;
	h->cause.renamed_from = from;
	came(h, h->e->new_dir, h->e->new_name);
}

/* The kernel merges what one process does to one name: made and gone again is one event. */
static void came_or_left(struct hearing *h)
{
	if (h->e->mask & FAN_CREATE)
		came(h, h->e->dir, h->e->name);
	if (h->e->mask & FAN_DELETE)
		left(h, h->e->dir,
		     h->e->name); /* if it is there all the same, its look learns it */
}

/*
 * The folder above a root is not ours, but who puts another in the root's place, or takes it
 * away, did so to all that is in it: the next look at roots, a second later, would find it done
 * by nobody, and a release (rm -rf; git clone) long ended.
 */
static void root_moved(struct hearing *h, struct slice name)
{
	struct guard *g = h->g;

	for (uint32_t root = 0; root < g->conf->roots; root++) {
		struct cause c;

		if (!patrol_root_moved(g, root, name))
			continue;
		c = *cause_of(h);
		c.content = true;
		h->cause = c;
		if (g->root_fd[root] < 0) {
			suspect_path(h, root, SLICE(PATH_ROOT));
			continue;
		}
		state_below(g->state, root, slice_str(NULL), collect, h);
		patrol_enter(g, root, slice_str(NULL), &c);
	}
}

static void hear_one(struct guard *g, const struct event *e)
{
	struct hearing h = {.g = g, .e = e, .cause = {.seen_us = clock_now_us()}};
	struct place *place;
	uint32_t root;
	bool dir_known = e->dir.n && places_folder(g->places, e->dir);
	bool new_known = e->new_dir.n && places_folder(g->places, e->new_dir);
	bool target_known = e->target.n && places_get(g->places, e->target);

	arena_reset(&g->mem);
	if (e->mask & FAN_ONDIR && e->mask & (FAN_CREATE | FAN_DELETE | FAN_RENAME)) {
		root_moved(&h, e->name);
		root_moved(&h, e->new_name);
	}
	if (!dir_known && !new_known && !target_known) {
		/* The rest of the filesystem is not our business. */
		if (e->target.n && !(e->mask & ~(uint64_t)(FAN_MODIFY | FAN_CLOSE_WRITE)))
			foreign_wrote(g->foreign, patrol_mount(g, e->target), e->target);
		return;
	}
	if (e->mask & FAN_ONDIR)
		path_near_forget(&g->near);
	if (e->mask & FAN_RENAME)
		renamed(&h);
	else if (e->mask & (FAN_CREATE | FAN_DELETE))
		came_or_left(&h);
	else if (name_path(g, e->dir, e->name, &root, &place, &g->path))
		suspect_path(&h, root, buf_slice(&g->path));
	suspect_links(&h);
}

static void overflowed(struct guard *g)
{
	arena_reset(&g->mem);
	guard_post(g, fact_draft(&g->mem, "watch.overflow"), -1, NULL, NULL);
	patrol_walk(g, "overflow");
}

static void hear_batch(struct guard *g, struct slice batch)
{
	struct event e;
	bool broken;

	while (events_next(&batch, &e, &broken)) {
		if (e.mask & FAN_Q_OVERFLOW)
			overflowed(g);
		else
			hear_one(g, &e);
		if (e.pidfd >= 0)
			close(e.pidfd);
	}
	if (broken)
		err_die("fanotify: an event that can't be read");
}

/* False once nothing is queued. */
static bool hear_some(struct guard *g)
{
	static uint8_t in[READ_BYTES] __attribute__((aligned(16)));
	ssize_t n = read(marks_fd(g->marks), in, sizeof(in));

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		err_die("fanotify: %s", strerror(errno));
	/* Events first, processes second: who wrote was forked before it did. */
	procs_drain(g->procs);
	if (n <= 0)
		return false;
	hear_batch(g, slice_mem(in, (size_t)n));
	return true;
}

void hear_all(struct guard *g)
{
	for (int i = 0; i < MAX_BATCHES && hear_some(g); i++)
		;
}

void hear_drain(struct guard *g)
{
	/* What comes in meanwhile is read too, but not for ever. */
	for (int i = 0; i < 64 * MAX_BATCHES && hear_some(g); i++)
		;
}
