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

#define PLACES 65536 /* a power of two; one that lost its place gets a fresh copy */

static struct inode_version *place(const struct gate *g, const struct inode *i)
{
	struct slice key = slice_mem(i, sizeof(*i));

	return &g->sound[hash_table(key) & (PLACES - 1)];
}

bool gate_sound_begin(struct gate *g)
{
	g->sound = calloc(PLACES, sizeof(*g->sound));
	return g->sound != NULL;
}

void gate_sound_put(struct gate *g, const struct inode_version *v)
{
	if (v->i.ino)
		*place(g, &v->i) = *v;
}

void gate_sound_learn(struct gate *g, int fd)
{
	struct inode_version v;

	if (inode_version_of(fd, &v))
		gate_sound_put(g, &v);
}

bool gate_sound(const struct gate *g, int fd)
{
	struct inode_version v;

	return inode_version_of(fd, &v) && inode_version_same(place(g, &v.i), &v);
}
