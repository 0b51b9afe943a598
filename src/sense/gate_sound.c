/*
 * Files whose content can't change behind the gate's back. A lease says that nobody has the
 * file open for writing; it says nothing of pages that a read under way is to fill (O_DIRECT,
 * by AIO or from a FUSE server, into a shared mapping that is gone by now: pin_user_pages(9)).
 * Whoever made a file can have begun such a read. So approved content alone is not enough: the
 * file must be one that the ledger knows by its number and times, or the hand's, or one of
 * those let through before. Else a fresh copy takes its place. So it does, too, where one of
 * these has changed since by its own word: who moved it away may have had it for himself.
 */
#include "sense/gate.h"
#include <sys/stat.h>

#define PLACES 65536 /* a power of two; one that lost its place gets a fresh copy */

struct gate_sound {
	struct inode i;
	int64_t changed_us;
};

static struct gate_sound *place(const struct gate *g, const struct inode *i)
{
	struct slice key = slice_mem(i, sizeof(*i));

	return &g->sound[hash_table(key) & (PLACES - 1)];
}

bool gate_sound_begin(struct gate *g)
{
	g->sound = calloc(PLACES, sizeof(*g->sound));
	return g->sound != NULL;
}

/* False: it can't be told. */
static bool sound_of(int fd, struct gate_sound *out)
{
	struct stat st;

	if (!inode_of(fd, &out->i) || fstat(fd, &st) < 0)
		return false;
	out->changed_us = st.st_ctim.tv_sec * 1000000 + st.st_ctim.tv_nsec / 1000;
	return true;
}

void gate_sound_put(struct gate *g, const struct inode *i, int64_t changed_us)
{
	if (i->ino)
		*place(g, i) = (struct gate_sound){*i, changed_us};
}

void gate_sound_learn(struct gate *g, int fd)
{
	struct gate_sound s;

	if (sound_of(fd, &s))
		gate_sound_put(g, &s.i, s.changed_us);
}

bool gate_sound(const struct gate *g, int fd)
{
	struct gate_sound s;
	const struct gate_sound *was;

	if (!sound_of(fd, &s))
		return false;
	was = place(g, &s.i);
	return inode_same(&was->i, &s.i) && was->changed_us == s.changed_us;
}
