#include "sense/gate.h"

void gate_again_free(struct gate *g)
{
	for (int i = 0; i < GATE_MAX_AGAIN; i++)
		state_set_text(&g->again[i].path, slice_str(NULL));
}

/* The place of that path among those to be looked at again; NULL where there is no room. */
static struct gate_again *look_later(struct gate *g, uint32_t root, struct slice path)
{
	struct gate_again *a = NULL;

	for (int i = 0; i < GATE_MAX_AGAIN; i++) {
		struct gate_again *o = &g->again[i];

		if (o->path.n && o->root == root && slice_eq(o->path, path)) {
			a = o;
			break;
		}
		if (!o->path.n)
			a = o;
	}
	if (!a)
		return NULL;
	if (!a->path.n) {
		state_set_text(&a->path, path);
		a->root = root;
		a->rest_us = GATE_AGAIN_US;
		a->left = (struct sight){.class = CLASS_NONE};
	}
	a->asked_us = clock_mono_us();
	a->due_us = a->asked_us + a->rest_us;
	return a;
}

void gate_look_later(struct gate *g, uint32_t root, struct slice path)
{
	look_later(g, root, path);
}

void gate_look_after(struct gate *g, uint32_t root, struct slice path, bool could)
{
	struct gate_again *a = look_later(g, root, path);
	const struct table_entry *e = state_find(g->state, root, path, NULL);

	if (a)
		a->left =
		    could ? (struct sight){.class = CLASS_NONE} : gate_sight(g, root, path);
	/* A folder is there again: what belongs in it may have been ordered before, in vain. */
	if (could && e && e->approved.class == CLASS_DIR) {
		g->sweep_us = clock_mono_us();
		g->sweep_rest_us = GATE_SWEEP_US;
	}
}

struct sweep {
	struct gate *g;
	bool again; /* this path was ordered, or refused: what has no approval goes, too */
	int n;
};

/*
 * Is that not as it should be, and by this gate to be undone? Of new code the finding says so,
 * but an empty file is none; an upload has no approval once a finding stands against it.
 */
static bool left(const struct sweep *w, const struct table_entry *e)
{
	bool code = role_is_code((enum role)e->role);

	if (e->approved.class == CLASS_NONE)
		return w->again && e->present.class == CLASS_FILE &&
		       (!code || e->present.size == 0);
	return code && !table_same(&e->approved, &e->present);
}

static void sweep_one(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	struct sweep *w = ctx;
	struct gate *g = w->g;
	enum role role = (enum role)e->role;

	if (w->n >= GATE_SWEEP_MOST || root >= g->conf->roots || role >= ROLES ||
	    g->mode[role] != CONF_HEAL || !left(w, e))
		return;
	w->n += gate_order_left(g, e, root, path) ? 1 : 0;
}

/* That is not what the hand could not remove: somebody was there since. */
static bool came_later(const struct gate *g, const struct gate_again *a)
{
	struct sight now = gate_sight(g, a->root, a->path);

	return !sight_same(&a->left, &now);
}

void gate_look_again(struct gate *g, int64_t now)
{
	for (int i = 0; i < GATE_MAX_AGAIN; i++) {
		struct gate_again *a = &g->again[i];
		struct sweep w = {.g = g, .again = true};
		const struct table_entry *e;

		if (!a->path.n || now < a->due_us || gate_deploying(g))
			continue;
		e = g->holding ? state_find(g->state, a->root, a->path, NULL) : NULL;
		a->due_us = now + a->rest_us;
		if (e)
			sweep_one(&w, a->root, a->path, e);
		if (w.n > 0 && came_later(g, a))
			a->rest_us = GATE_AGAIN_US;
		else if (w.n > 0 && a->rest_us < GATE_SWEEP_MAX_US / 2)
			a->rest_us *= 2;
		else if (w.n == 0 && now - a->asked_us > GATE_AGAIN_LONG_US &&
		         !gate_ordered(g, a->root, a->path))
			state_set_text(&a->path, slice_str(NULL));
	}
}

void gate_sweep(struct gate *g, int64_t now)
{
	struct sweep w = {.g = g};

	if (!g->holding || g->orders > 0 || now < g->sweep_us || gate_deploying(g))
		return;
	state_each(g->state, sweep_one, &w);
	g->sweep_rest_us = w.n == 0 ? GATE_SWEEP_US : 2 * g->sweep_rest_us;
	if (g->sweep_rest_us > GATE_SWEEP_MAX_US)
		g->sweep_rest_us = GATE_SWEEP_MAX_US;
	g->sweep_us = now + g->sweep_rest_us;
}
