/*
 * Where that is of which the kernel tells. Most filesystems open what a handle names. An
 * overlay (the files of a container) only tells handles: there the places of its folders are
 * remembered.
 */
#include "sense/gate.h"
#include "sense/handle.h"
#include <errno.h>
#include <fcntl.h>

/* Does the filesystem of this folder only tell handles? Of one at a time this is known. */
static bool only_tells(struct gate *g, int dir)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	struct slice handle = {0};
	struct sight s;

	if (sight_of_fd(&s, dir) < 0)
		return false;
	if (s.dev != g->fs.dev) {
		if (handle_fsid(dir, g->fs.fsid) == 0)
			handle = handle_of(dir, NULL, g->fs.fsid, room);
		AUTO_FD fd = handle_open(dir, handle, O_PATH);
		g->fs.only_tells = handle.n > 0 && fd < 0;
		g->fs.dev = s.dev;
	}
	return g->fs.only_tells;
}

void gate_where_none(struct gate *g)
{
	places_free(g->places);
	g->places = places_new();
	if (!g->places)
		err_die("no memory");
}

void gate_where_root(struct gate *g, uint32_t root)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];

	if (only_tells(g, g->root_fd[root]))
		places_root(g->places, root,
		            handle_of(g->root_fd[root], NULL, g->fs.fsid, room));
}

void gate_where_folder(struct gate *g, int dir, const char *name)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	struct place *in;
	struct slice handle;

	if (!only_tells(g, dir))
		return;
	in = places_get(g->places, handle_of(dir, NULL, g->fs.fsid, room));
	handle = handle_of(dir, name, g->fs.fsid, room);
	if (in && handle.n)
		places_put(g->places, handle, in, slice_str(name), true);
}

void gate_where_left(struct gate *g, struct slice handle)
{
	struct place *p = places_get(g->places, handle);

	if (p)
		places_drop(g->places, p);
}

/* On whichever of our filesystems it is. */
static int open_handle(const struct gate *g, struct slice handle, int flags)
{
	for (size_t i = 0; i < g->conf->roots; i++) {
		int fd = g->root_fd[i] < 0 ? -1 : handle_open(g->root_fd[i], handle, flags);

		if (fd >= 0)
			return fd;
	}
	return -ESTALE;
}

/* Is it this that is open? */
static bool is_named(int fd, struct slice handle)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES], fsid[EVENTS_FSID_BYTES];

	return handle_fsid(fd, fsid) == 0 && slice_eq(handle_of(fd, NULL, fsid, room), handle);
}

int gate_where_dir(struct gate *g, struct slice handle)
{
	int fd = open_handle(g, handle, O_RDONLY | O_DIRECTORY);
	const struct place *p = fd < 0 ? places_get(g->places, handle) : NULL;
	uint32_t root;

	if (!p || !place_path(p, &root, &g->text) || g->root_fd[root] < 0)
		return fd;
	fd = path_open(g->root_fd[root], buf_slice(&g->text), O_RDONLY | O_DIRECTORY);
	if (fd < 0 || is_named(fd, handle))
		return fd;
	close(fd);
	return -ESTALE;
}

int gate_where_came(struct gate *g, struct slice handle, int dir, const char *name)
{
	int fd = open_handle(g, handle, O_PATH);

	if (fd >= 0 || !only_tells(g, dir))
		return fd;
	fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && is_named(fd, handle))
		return fd;
	if (fd >= 0)
		close(fd);
	gate_guise_lost(g); /* it has moved on already, and may be anywhere */
	return -ESTALE;
}

void gate_where_missed(struct gate *g)
{
	if (places_count(g->places) > 0)
		gate_guise_lost(g);
}
