/*
 * What becomes of an open that waited too long. An attacker can make a machine slow, and what
 * is let through unread then is what he wrote: so of code, which has an approved version or
 * ought to have one, the gate looks at the bytes itself before it lets go. It only compares
 * their hash; nothing is parsed here.
 */
#include "sense/gate.h"
#include <errno.h>
#include <unistd.h>

#define CHUNK_BYTES (64u * 1024)
#define MOST_BYTES  (8 << 20) /* some 10 ms; meanwhile other opens wait */

static bool hash_held(int fd, int64_t size, struct hash *out)
{
	static uint8_t chunk[CHUNK_BYTES];
	struct hash_state *st = size <= MOST_BYTES ? hash_new() : NULL;
	int64_t at = 0;
	ssize_t n = 1;

	if (!st)
		return false;
	while (n > 0 && at <= size) {
		n = pread(fd, chunk, sizeof(chunk), at);
		if (n > 0)
			hash_add(st, slice_mem(chunk, (size_t)n));
		at += n > 0 ? n : 0;
	}
	*out = hash_end(st);
	hash_free(st);
	return n == 0 && at == size;
}

/* Nobody can write to it before the opener reads it, as far as a lease can say. */
static bool unwritten(struct gate *g, struct held *h)
{
	if (h->lease == LEASE_TAKEN && !leases_broken(g->leases, h->fd))
		return true;
	if (h->lease == LEASE_GIVEN)
		return false; /* the hand is at it, for a reason */
	h->lease = leases_take(g->leases, h->fd);
	return h->lease != LEASE_WRITTEN;
}

enum gate_late gate_late_look(struct gate *g, struct held *h)
{
	const struct table_entry *e = state_find(g->state, h->root, h->path, NULL);
	struct sight now = {0};
	struct hash found;

	if (!role_is_code(h->role) || (gate_deploying(g) && !gate_guise_told(g, h)))
		return GATE_LATE_UNKNOWN;
	if (!e || e->approved.class != CLASS_FILE)
		return GATE_LATE_BAD;
	if (sight_of_fd(&now, h->fd) < 0 || now.size != e->approved.size)
		return GATE_LATE_BAD;
	if (now.size > MOST_BYTES)
		return GATE_LATE_UNKNOWN;
	return unwritten(g, h) && hash_held(h->fd, now.size, &found) &&
	               hash_eq(&found, &e->approved.hash)
	           ? GATE_LATE_GOOD
	           : GATE_LATE_BAD;
}
