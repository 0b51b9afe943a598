/*
 * Files whose content can't change behind the gate's back. A lease says that nobody has the
 * file open for writing; it says nothing of pages that a read under way is to fill (O_DIRECT,
 * by AIO or from a FUSE server, into a shared mapping that is gone by now: pin_user_pages(9)).
 * Whoever made a file can have begun such a read. So approved content alone is not enough: the
 * file must be one that the ledger knows by its number and times, or the hand's, or one of
 * those let through before. Else a fresh copy takes its place.
 */
#include "sense/gate.h"

#define PLACES 65536 /* a power of two; one that lost its place gets a fresh copy */

static struct inode *place(const struct gate *g, const struct inode *i)
{
	struct slice key = slice_mem(i, sizeof(*i));

	return &g->sound[hash_table(key) & (PLACES - 1)];
}

bool gate_sound_begin(struct gate *g)
{
	g->sound = calloc(PLACES, sizeof(*g->sound));
	return g->sound != NULL;
}

void gate_sound_put(struct gate *g, const struct inode *i)
{
	if (i->ino)
		*place(g, i) = *i;
}

void gate_sound_learn(struct gate *g, int fd)
{
	struct inode i;

	if (inode_of(fd, &i))
		gate_sound_put(g, &i);
}

bool gate_sound(const struct gate *g, int fd)
{
	struct inode i;

	return inode_of(fd, &i) && inode_same(place(g, &i), &i);
}
