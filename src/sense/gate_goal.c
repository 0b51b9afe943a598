/*
 * Goals: where links of code led to. The kernel tells of an open by the link who leaves the
 * link to it; PHP follows links by itself, and then opens what it found by its own name.
 */
#include "sense/gate.h"

/* Where the text of a link leads, whether anything is there or not, to g->led. */
static bool led_to(struct gate *g, uint32_t root, struct slice path, struct slice text,
                   uint32_t *to_root, struct slice *to)
{
	buf_reset(&g->led);
	buf_add(&g->led, g->conf->root[root].path);
	path_go(&g->led, path_dir(path));
	path_go(&g->led, text);
	return buf_ok(&g->led) && gate_rooted(g, buf_slice(&g->led), to_root, to);
}

/* What it leads to by now, or would; to g->led, where that is outside. */
static void goal_of(struct gate *g, uint32_t root, struct slice path, struct slice text, int to,
                    uint32_t *to_root, struct slice *rel)
{
	struct sight s = {0};
	bool there = to >= 0 && sight_of_fd(&s, to) == 0;

	if ((there && gate_place(g, to, &s, &g->led, to_root, rel)) ||
	    led_to(g, root, path, text, to_root, rel))
		return;
	if (there)
		gate_own_path(to, &g->led);
	*to_root = GATE_FAR;
	*rel = buf_slice(&g->led);
}

void gate_goal_seen(struct gate *g, uint32_t root, struct slice path, struct slice text, int to)
{
	struct gate_goal *k = NULL;
	struct slice rel;
	uint32_t to_root;

	goal_of(g, root, path, text, to, &to_root, &rel);
	if (to_root == GATE_FAR)
		gate_far_led(g, root, path, to, rel);
	for (int i = 0; i < GATE_MAX_GOALS && !k; i++) {
		struct gate_goal *o = &g->goal[i];

		if (o->path.n && o->root == root && o->to_root == to_root &&
		    slice_eq(o->path, path) && slice_eq(o->to, rel))
			k = o;
	}
	if (!k) {
		k = &g->goal[g->goals++ % GATE_MAX_GOALS];
		k->root = root;
		k->to_root = to_root;
		state_set_text(&k->path, path);
		state_set_text(&k->to, rel);
	}
	k->seen_us = clock_mono_us();
	g->goals_until_us = k->seen_us + GATE_GOAL_US;
}

/* Only code that belongs there is asked for: a link of an upload folder concerns few files. */
static bool belongs(const struct gate *g, uint32_t root, struct slice path)
{
	const struct table_entry *e = state_find(g->state, root, path, NULL);

	return e && e->approved.class == CLASS_FILE && role_is_code((enum role)e->role);
}

bool gate_goal_meant(struct gate *g, uint32_t root, struct slice path, enum role role,
                     struct gate_meant *m)
{
	int64_t now = clock_mono_us();
	struct slice rest;

	if (now > g->goals_until_us || role_is_code(role))
		return false;
	for (int i = 0; i < GATE_MAX_GOALS; i++) {
		const struct gate_goal *k = &g->goal[i];

		if (!k->path.n || now - k->seen_us > GATE_GOAL_US || k->to_root != root ||
		    !path_below(path, k->to))
			continue;
		rest = slice_sub(path, k->to.n + (k->to.n > 0), path.n);
		buf_reset(&g->meant);
		buf_add(&g->meant, k->path);
		if (rest.n)
			buf_byte(&g->meant, '/');
		buf_add(&g->meant, rest);
		if (!belongs(g, k->root, buf_slice(&g->meant)))
			continue;
		*m = (struct gate_meant){k->root, buf_slice(&g->meant), true, true};
		return buf_ok(&g->meant);
	}
	return false;
}

void gate_goal_done(struct gate *g)
{
	for (int i = 0; i < GATE_MAX_GOALS; i++) {
		state_set_text(&g->goal[i].path, slice_str(NULL));
		state_set_text(&g->goal[i].to, slice_str(NULL));
	}
}
