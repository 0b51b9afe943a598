/*
 * Where that is of which the kernel tells. Most filesystems open what a handle names; but an
 * overlay (the files of a container) only tells handles, and a file's owner may change its
 * generation, so that what was told of it before opens nothing any more. So the places of
 * folders are remembered, too.
 */
#include "sense/gate.h"
#include "sense/handle.h"
#include <errno.h>
#include <fcntl.h>

/* The handle of what is open, to `room`; empty: it has none. */
static struct slice name_of(int fd, uint8_t room[EVENTS_HANDLE_MAX_BYTES])
{
	uint8_t fsid[EVENTS_FSID_BYTES];

	return handle_fsid(fd, fsid) == 0 ? handle_of(fd, NULL, fsid, room) : slice_str(NULL);
}

/* Is it this that is open? */
static bool is_named(int fd, struct slice handle)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	struct slice of = name_of(fd, room);

	return of.n && slice_eq(handle_key(of), handle_key(handle));
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

	places_root(g->places, root, name_of(g->root_fd[root], room));
}

void gate_where_folder(struct gate *g, int dir, const char *name)
{
	uint8_t room[EVENTS_HANDLE_MAX_BYTES];
	struct place *in = places_folder(g->places, name_of(dir, room));
	AUTO_FD fd = in ? openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd >= 0)
		places_put(g->places, name_of(fd, room), in, slice_str(name), true);
}

void gate_where_left(struct gate *g, struct slice handle)
{
	struct place *p = places_folder(g->places, handle);

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

int gate_where_dir(struct gate *g, struct slice handle)
{
	int fd = open_handle(g, handle, O_RDONLY | O_DIRECTORY);
	const struct place *p = fd < 0 ? places_folder(g->places, handle) : NULL;
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

	/* Older kernels name the folder only. */
	if (fd >= 0 || handle.n == 0)
		return fd;
	fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && is_named(fd, handle))
		return fd;
	if (fd >= 0)
		close(fd);
	gate_guise_lost(g); /* it has moved on already, and may be anywhere */
	return -ESTALE;
}
