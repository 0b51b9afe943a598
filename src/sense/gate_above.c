/*
 * Who may write to a folder above a watched one can put another in its place, with whatever he
 * likes in it, and take it back again. No file of the watched folder is touched by that, and
 * none of the other's asks before the gate has heard of it: so it hears of each name that comes
 * to, or leaves, a folder on the way to a root.
 */
#include "sense/gate.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/fanotify.h>

#define NAMES      (FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ONDIR)
#define READ_BYTES (16u * 1024)
#define READS      64 /* at a time */

int gate_above_open(struct gate *g)
{
	g->above = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK |
	                             FAN_UNLIMITED_MARKS | FAN_REPORT_DFID_NAME,
	                         O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	return g->above < 0 ? -errno : 0;
}

/* Where a filesystem has no handles, the roots are looked at once a second all the same. */
static void mark(void *ctx, int dir)
{
	const struct gate *g = ctx;

	fanotify_mark(g->above, FAN_MARK_ADD | FAN_MARK_ONLYDIR, NAMES, dir, ".");
}

void gate_above_mark(struct gate *g)
{
	for (size_t i = 0; i < g->conf->roots; i++)
		root_above(g->conf, i, mark, g);
}

void gate_above_look(struct gate *g)
{
	uint32_t changed = roots_renew(g->conf, g->root_fd);

	for (uint32_t i = 0; g->holding && i < g->conf->roots; i++) {
		if (changed >> i & 1)
			folders_root(g, i);
	}
}

void gate_above_heard(struct gate *g)
{
	uint8_t room[READ_BYTES];

	/* What it says is of no use: the names stand as they stand now. The rest, if any, is
	 * told in the next round. */
	for (int i = 0; i < READS && read(g->above, room, sizeof(room)) > 0; i++)
		;
	gate_above_look(g);
	/* There may be other folders on the way by now; and who came before their marks is
	 * looked for once more. */
	if (g->holding) {
		gate_above_mark(g);
		gate_above_look(g);
	}
}
