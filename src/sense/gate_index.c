/*
 * What is known of a file that is opened, before it is read: what the guard has told, and what
 * the gate has read itself since. The two are kept apart. The guard tells of nothing that is to
 * it as it was, so what is to be put back is judged by its word alone; else a file that the
 * gate has seen well in between would count as well for good.
 */
#include "fact/attrs.h"
#include "sense/gate.h"

#define JUDGED_US  2000000
#define LASTING_US 5000000

/* Is this record, of a file that is as approved, one of the file that is seen now? */
typedef bool fits_fn(const struct table_state *approved, const struct table_entry *e,
                     const struct sight *s);

static bool clean(const struct table_state *approved, const struct table_entry *e,
                  const struct sight *s)
{
	return table_same(approved, &e->present) && sight_check(s, e) == SIGHT_CLEAN;
}

static bool unaltered(const struct table_state *approved, const struct table_entry *e,
                      const struct sight *s)
{
	return table_same(approved, &e->present) && sight_is(s, e->dev, e->ino) &&
	       e->mtime_ns == s->mtime_ns && e->ctime_ns == s->ctime_ns;
}

static bool unwritten(const struct table_state *approved, const struct table_entry *e,
                      const struct sight *s)
{
	return hash_eq(&approved->hash, &e->present.hash) && sight_is(s, e->dev, e->ino) &&
	       e->mtime_ns == s->mtime_ns;
}

static bool either(const struct gate *g, uint32_t root, struct slice path,
                   const struct sight *s, fits_fn *fits)
{
	const struct table_entry *told = state_find(g->state, root, path, NULL);
	const struct table_entry *seen = state_find(g->seen, root, path, NULL);

	return told && told->approved.class == CLASS_FILE &&
	       ((told->present.class == CLASS_FILE && fits(&told->approved, told, s)) ||
	        (seen && fits(&told->approved, seen, s)));
}

bool gate_index_clean(const struct gate *g, uint32_t root, struct slice path,
                      const struct sight *s)
{
	return either(g, root, path, s, clean);
}

bool gate_index_unaltered(const struct gate *g, uint32_t root, struct slice path,
                          const struct sight *s)
{
	return either(g, root, path, s, unaltered);
}

bool gate_index_unwritten(const struct gate *g, uint32_t root, struct slice path,
                          const struct sight *s)
{
	return either(g, root, path, s, unwritten);
}

/* The judge may still speak against what the guard told of just now. */
static bool judged(const struct gate *g, uint32_t root, struct slice path)
{
	const struct table_entry *e = state_find(g->state, root, path, NULL);

	return e && clock_now_us() - e->checked_us > JUDGED_US;
}

bool gate_index_judged(const struct gate *g, uint32_t root, struct slice path,
                       const struct sight *s)
{
	return gate_index_clean(g, root, path, s) && judged(g, root, path);
}

void gate_index_learn(struct gate *g, const struct held *h)
{
	struct known *k = state_edit(g->seen, h->root, h->path);

	if (!k)
		return;
	k->e.present = sight_state(&h->sight, &h->hash);
	buf_reset(&g->text);
	if (attrs_read(h->fd, &g->text) == 0)
		k->e.present.attrs = attrs_digest(buf_slice(&g->text));
	k->e.mtime_ns = h->sight.mtime_ns;
	k->e.ctime_ns = h->sight.ctime_ns;
	k->e.dev = h->sight.dev;
	k->e.ino = h->sight.ino;
	k->e.checked_us = clock_now_us();
}

bool gate_index_passes(struct gate *g, enum asks asks, const struct sight *s, uint32_t root,
                       struct slice path, enum role role)
{
	int64_t since_us = leases_named(g->leases, s, gate_path_key(root, path));
	int64_t now = clock_mono_us();

	if (since_us < 0)
		return false;
	if (asks == ASKS_CACHE && now - since_us > LASTING_US && now > g->links_until_us &&
	    role == ROLE_GENERATED && gate_index_unaltered(g, root, path, s) &&
	    judged(g, root, path))
		leases_last(g->leases, s);
	return true;
}
