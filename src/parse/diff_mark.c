/*
 * Myers' algorithm in linear space: find the middle of a shortest edit path from both
 * ends at once, then do the same on either side of it. The paths' length is bounded; a
 * part that is more different than that is told as replaced, which is coarse but true.
 */
#include "parse/diff.h"

#include <errno.h>
#include <string.h>

#define MAX_COST  2048       /* edits from either end before a part is given up */
#define MAX_STEPS (1u << 28) /* work in all */

/* Paths from one end: how far along `a` each diagonal has come, -1: not yet. */
struct paths {
	int32_t *x;        /* shifted: x[0] is the diagonal in the middle */
	int32_t low, high; /* diagonals at either side that have left the box */
};

struct job {
	struct diff_side *a, *b;
	int32_t *memory;
	struct paths forward, backward;
	uint64_t steps;
};

struct box {
	int32_t a0, a1, b0, b1;
};

struct middle {
	int32_t x, y;
};

/* Common lines at both ends of the box are no part of the problem. */
static void trim(const struct job *j, struct box *x)
{
	while (x->a0 < x->a1 && x->b0 < x->b1 && j->a->id[x->a0] == j->b->id[x->b0]) {
		x->a0++;
		x->b0++;
	}
	while (x->a0 < x->a1 && x->b0 < x->b1 && j->a->id[x->a1 - 1] == j->b->id[x->b1 - 1]) {
		x->a1--;
		x->b1--;
	}
}

/* Are the lines x and y from this end on equal? */
static bool equal(const struct job *j, const struct box *box, bool from_end, int32_t x,
                  int32_t y)
{
	if (from_end)
		return j->a->id[box->a1 - 1 - x] == j->b->id[box->b1 - 1 - y];
	return j->a->id[box->a0 + x] == j->b->id[box->b0 + y];
}

/*
 * All paths of one end go one edit further. True if one met a path of the other end (whose
 * diagonals count the other way round: `delta` less ours): *m is where, from this end.
 */
static bool step(struct job *j, const struct box *box, bool from_end, int32_t d,
                 struct middle *m)
{
	struct paths *own = from_end ? &j->backward : &j->forward;
	const struct paths *other = from_end ? &j->forward : &j->backward;
	int32_t n = box->a1 - box->a0, height = box->b1 - box->b0, delta = n - height;
	bool may_meet = (delta & 1) == !from_end;

	for (int32_t k = -d + own->low; k <= d - own->high; k += 2) {
		bool down = k == -d || (k != d && own->x[k - 1] < own->x[k + 1]);
		int32_t x = down ? own->x[k + 1] : own->x[k - 1] + 1, y = x - k;
		while (x < n && y < height && equal(j, box, from_end, x, y)) {
			x++;
			y++;
			j->steps++;
		}
		own->x[k] = x;
		if (x > n) {
			own->high += 2;
		} else if (y > height) {
			own->low += 2;
		} else if (may_meet && delta - k >= -d && delta - k <= d) {
			int32_t met = other->x[delta - k];
			if (met >= 0 && x + met >= n) {
				*m = (struct middle){x, y};
				return true;
			}
		}
	}
	return false;
}

static void widen(struct paths *p, int32_t d)
{
	p->x[-d - 1] = -1;
	p->x[d + 1] = d == 0 ? 0 : -1;
	if (d == 0) {
		p->x[0] = -1;
		p->low = p->high = 0;
	}
}

static bool find_middle(struct job *j, const struct box *box, struct middle *m)
{
	for (int32_t d = 0; d < MAX_COST && j->steps < MAX_STEPS; d++) {
		j->steps += (uint64_t)d;
		widen(&j->forward, d);
		widen(&j->backward, d);
		if (step(j, box, false, d, m)) {
			*m = (struct middle){box->a0 + m->x, box->b0 + m->y};
			return true;
		}
		if (step(j, box, true, d, m)) {
			*m = (struct middle){box->a1 - m->x, box->b1 - m->y};
			return true;
		}
	}
	return false;
}

static void mark_all(struct job *j, const struct box *x)
{
	memset(j->a->changed + x->a0, true, (size_t)(x->a1 - x->a0));
	memset(j->b->changed + x->b0, true, (size_t)(x->b1 - x->b0));
}

/* Each level halves the number of edits, so the depth is at most log2(2 * MAX_COST) and some.
 */
static void compare(struct job *j, struct box x, int depth)
{
	struct middle m;

	trim(j, &x);
	if (x.a0 == x.a1 || x.b0 == x.b1 || depth > 64 || !find_middle(j, &x, &m) ||
	    (m.x == x.a0 && m.y == x.b0) || (m.x == x.a1 && m.y == x.b1)) {
		mark_all(j, &x);
		return;
	}
	compare(j, (struct box){x.a0, m.x, x.b0, m.y}, depth + 1);
	compare(j, (struct box){m.x, x.a1, m.y, x.b1}, depth + 1);
}

int diff_mark(struct diff_side side[2])
{
	size_t width = 2 * (MAX_COST + 2) + 1;
	struct job j = {.a = &side[0], .b = &side[1]};

	j.memory = calloc(2 * width, sizeof(*j.memory));
	if (!j.memory)
		return -ENOMEM;
	j.forward.x = j.memory + MAX_COST + 2;
	j.backward.x = j.memory + width + MAX_COST + 2;
	compare(&j, (struct box){0, (int32_t)side[0].n, 0, (int32_t)side[1].n}, 0);
	free(j.memory);
	return 0;
}
