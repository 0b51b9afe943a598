/*
 * What lies outside of the watched folders, where a link of code led. Nobody is asked about an
 * open there, so such a file, and the folder that it lies in, ask for an hour from the last
 * such link on; of a folder in a code folder's place those below it in which code belongs. They
 * do so in a group of their own, which is emptied then.
 *
 * Only what a web worker may have made: else the machine's own libraries could be made to ask
 * by a link, or somebody's files be refused to him. And what is opened there is nobody's
 * business unless a link of code led to it: whose path can't be told is let through.
 *
 * A kernel's own filesystem takes no marks that ask, and in /proc a process can be made to say
 * anything (its command line). Where a link of code led there, what the hand puts back is
 * closed for some seconds, so that the next such link can't take its place at once.
 */
#include "sense/gate.h"
#include "sense/walk.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/fanotify.h>

#define FAR_MOST     8192  /* marks; with more, all begin anew */
#define FAR_BELOW_US 10000 /* for the folders below one */

static bool may_be_theirs(const struct gate *g, const struct sight *s)
{
	return who_serves(g->who, s->uid) || s->mode & GATE_OTHERS_BITS;
}

static void forget(struct gate *g)
{
	fanotify_mark(g->group[ASKS_FAR], FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	g->fars = 0;
}

/* Never a file of /proc: those the gate opens itself, and would wait for its own answer. */
static void ask(struct gate *g, int fd)
{
	struct sight s = {0};
	bool folder;
	char path[64];

	if (sight_of_fd(&s, fd) < 0 || walk_is_kernel_fs(fd) || !may_be_theirs(g, &s))
		return;
	folder = s.class == CLASS_DIR;
	if (!folder && s.class != CLASS_FILE)
		return;
	if (g->fars == FAR_MOST)
		forget(g);
	/* By its number: its path may lead elsewhere by now. */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fanotify_mark(g->group[ASKS_FAR], FAN_MARK_ADD,
	                  FAN_OPEN_PERM | (folder ? FAN_EVENT_ON_CHILD : 0), AT_FDCWD,
	                  path) == 0)
		g->fars++;
}

static void ask_at(struct gate *g, int dirfd, struct slice path)
{
	AUTO_FD fd = -1;

	buf_reset(&g->text);
	buf_add(&g->text, path);
	if (path.n > 0 && buf_ok(&g->text))
		fd = openat(dirfd, buf_cstr(&g->text),
		            O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		ask(g, fd);
}

struct below {
	struct gate *g;
	int to;
	size_t top; /* bytes of the code folder's path */
	int64_t until_us;
};

static void ask_below(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	const struct below *b = ctx;

	(void)root;
	if (e->approved.class == CLASS_DIR && clock_mono_us() < b->until_us)
		ask_at(b->g, b->to, slice_sub(path, b->top + 1, path.n));
}

void gate_far_led(struct gate *g, uint32_t root, struct slice code, int to, struct slice path)
{
	struct sight s = {0};
	struct below b = {g, to, code.n, clock_mono_us() + FAR_BELOW_US};

	g->far_until_us = clock_mono_us() + GATE_WARY_US;
	if (to >= 0 && sight_of_fd(&s, to) == 0)
		ask(g, to);
	if (to >= 0 && walk_is_kernel_fs(to))
		g->unheld[g->unhelds++ % GATE_MAX_UNHELD] = gate_path_key(root, code);
	if (s.class == CLASS_DIR)
		state_below(g->state, root, code, ask_below, &b);
	else
		ask_at(g, AT_FDCWD, path_dir(path));
}

bool gate_far_unheld(const struct gate *g, uint32_t root, struct slice path)
{
	for (int i = 0; i < GATE_MAX_UNHELD; i++) {
		if (g->unheld[i] && g->unheld[i] == gate_path_key(root, path))
			return true;
	}
	return false;
}

bool gate_far_own(struct gate *g, int fd, struct opener *o)
{
	char room[PATH_MAX];
	struct slice given = opener_path(o, room, sizeof(room));

	return given.n > 0 && gate_own_path(fd, &g->led) && slice_eq(given, buf_slice(&g->led));
}

bool gate_far_meant(struct gate *g, int fd, const struct opener *o, struct gate_meant *m)
{
	return who_serves(g->who, o->uid) && gate_own_path(fd, &g->led) &&
	       gate_goal_meant(g, GATE_FAR, buf_slice(&g->led), ROLE_DATA, m);
}

void gate_far_decide(struct gate *g, struct held *h)
{
	if (gate_outside(h->path))
		gate_answer(g, h, true);
	else
		gate_refuse_strangers(g, h, "link");
}

void gate_far_tick(struct gate *g, int64_t now)
{
	if (g->fars > 0 && now >= g->far_until_us)
		forget(g);
}
