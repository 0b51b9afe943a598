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
#define STEP_BYTES  (16 << 20)  /* some 10 ms; meanwhile other opens wait */
#define MOST_BYTES  (512 << 20) /* beyond 1 GiB a reader's hash is another (parse/reader.h) */

/*
 * Of files that take more than a step one at a time, however many wait; and what the newest of
 * them was, for others that wait for the same one.
 */
static const struct held *at_work;
static struct {
	struct sight sight;
	struct hash hash;
} newest;

void gate_late_done(struct held *h)
{
	hash_free(h->late);
	h->late = NULL;
	if (at_work == h)
		at_work = NULL;
}

static int hash_some(struct held *h, struct hash *out)
{
	static uint8_t chunk[CHUNK_BYTES];
	int64_t end = h->late_at + STEP_BYTES;
	ssize_t n = 1;

	while (n > 0 && h->late_at < end) {
		n = pread(h->fd, chunk, sizeof(chunk), h->late_at);
		if (n > 0)
			hash_add(h->late, slice_mem(chunk, (size_t)n));
		h->late_at += n > 0 ? n : 0;
	}
	if (n > 0 && h->late_at <= h->late_sight.size)
		return 1;
	*out = hash_end(h->late);
	return n == 0 && h->late_at == h->late_sight.size ? 0 : -1;
}

/* 1: there is more; 0: *out; -1: it can't be read, or was altered meanwhile. */
static int hash_held(struct held *h, const struct sight *now, struct hash *out)
{
	bool large = now->size >= STEP_BYTES;
	int r;

	if (large && sight_same(&newest.sight, now)) {
		*out = newest.hash;
		return 0;
	}
	if (large && at_work && at_work != h)
		return 1;
	if (!h->late) {
		h->late = hash_new();
		h->late_at = 0;
		h->late_sight = *now;
		at_work = large ? h : at_work;
	}
	if (!h->late || !sight_same(&h->late_sight, now))
		return -1;
	r = hash_some(h, out);
	if (r == 0 && large) {
		newest.sight = *now;
		newest.hash = *out;
	}
	return r;
}

static enum gate_late compare(struct held *h, const struct sight *now,
                              const struct hash *approved)
{
	struct hash found;
	int r = hash_held(h, now, &found);

	if (r > 0)
		return GATE_LATE_MORE;
	return r == 0 && hash_eq(&found, approved) ? GATE_LATE_GOOD : GATE_LATE_BAD;
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

	/* In a release, what it brings; what is ordered to be undone is not of it. */
	if (!role_is_code(h->role) ||
	    (gate_deploying(g) && !gate_guise_told(g, h) && !gate_ordered(g, h->root, h->path)))
		return GATE_LATE_UNKNOWN;
	if (!e || e->approved.class != CLASS_FILE)
		return GATE_LATE_BAD;
	if (h->remade || sight_of_fd(&now, h->fd) < 0 || now.size != e->approved.size)
		return GATE_LATE_BAD;
	if (now.size > MOST_BYTES)
		return GATE_LATE_UNKNOWN;
	return unwritten(g, h) ? compare(h, &now, &e->approved.hash) : GATE_LATE_BAD;
}
