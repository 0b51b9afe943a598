/*
 * Code that is cut by an open for reading. open(path, O_RDONLY | O_TRUNC) needs the right to
 * write and leaves an empty file, but the kernel takes it for no writer: __break_lease() looks
 * at O_ACCMODE alone (Linux, fs/locks.c). So no lease stands against it, an ignore mark goes
 * only when the cut is done, and who opens the file in the millisecond between reads nothing.
 *
 * The first such cut can't be kept off. It is seen by what it leaves: an empty file under a
 * lease of ours that nobody has broken. From then on, for a time, no open of code that others
 * than root may write to passes unasked, and one that cuts is refused like one that writes.
 */
#include "sense/gate.h"

static bool left_by_cut(struct gate *g, uint32_t root, struct slice path, const struct sight *s)
{
	const struct table_entry *e;

	if (s->class != CLASS_FILE || s->size > 0)
		return false;
	e = state_find(g->state, root, path, NULL);
	return e && e->approved.class == CLASS_FILE && e->approved.size > 0 &&
	       leases_stand(g->leases, s);
}

void gate_cut_look(struct gate *g, uint32_t root, struct slice path, const struct sight *s)
{
	bool again = gate_cut_lately(g);
	struct json *d;

	if (!left_by_cut(g, root, path, s))
		return;
	g->cut_until_us = clock_mono_us() + GATE_WARY_US;
	if (again)
		return;
	leases_renew(g->leases);
	d = gate_draft(g, "open.cut", root, path, look_role(g->conf, root, path));
	json_put_int(&g->mem, d, "wary_s", GATE_WARY_US / 1000000);
	post_fact(g->post, d, -1, NULL, NULL);
}

bool gate_cut_lately(const struct gate *g)
{
	return clock_mono_us() < g->cut_until_us;
}

bool gate_others_write(const struct sight *s)
{
	return s->uid != 0 || s->mode & GATE_OTHERS_BITS;
}

bool gate_wary(const struct gate *g, const struct sight *s)
{
	return gate_others_write(s) && (gate_cut_lately(g) || gate_deploying(g));
}
