/*
 * go_strange: a form that lies over the shop's own. A journey names the shop's fields; a
 * customer types into those that she sees. So what a skimmer puts on top is filled in, too, and
 * what it sends becomes a flow.
 */
#include "visit/go.h"

#include <errno.h>

#define HAND_MS 400
#define MOST    8

static const struct {
	const char *kind; /* of the probe */
	enum journey_what what;
} kinds[] = {
    {"card-number", WHAT_CARD_NUMBER},
    {"card-expiry", WHAT_CARD_EXPIRY},
    {"card-code", WHAT_CARD_CODE},
    {"card-name", WHAT_CARD_NAME},
};

/* The journey's own selectors of the step, as a list of the probe's. */
static struct slice own_of(struct go *g, const struct journey_step *s)
{
	struct arena *a = &g->tab->mem;
	struct json *list = json_arr(a);
	struct slice made;
	struct buf b;

	for (size_t i = 0; i < s->fills; i++)
		json_push(list, json_str(a, s->fill[i].selector));
	if (s->click.n)
		json_push(list, json_str(a, s->click));
	buf_init(&b, FACT_MAX_BYTES);
	made = json_write(&b, list) ? arena_copy(a, buf_slice(&b)) : SLICE("[]");
	buf_done(&b);
	return made;
}

bool go_is_over(int r)
{
	return r == -EPIPE || r == -EINTR || r == -EIO;
}

int go_type(struct go *g, const struct hand_field *at, struct slice kind)
{
	struct journey_fill fill = {.what = WHATS};
	struct err e = {""};
	int r;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eq(kind, slice_str(kinds[i].kind)))
			fill.what = kinds[i].what;
	if (fill.what == WHATS)
		return 0;
	r = hand_type(g->tab, at, go_data(g->want, &g->tab->mem, &fill), &e);
	return r < 0 ? r : 1;
}

static int press(struct go *g, const struct probe_frame *f, struct slice own)
{
	struct tab *t = g->tab;
	struct hand_field at;
	struct err e = {""};
	int r =
	    hand_at(t, f, arena_printf(&t->mem, ".strangerButton(%.*s)", SLICE_ARG(own)), &at);

	if (r == 0)
		r = hand_click(t, &at, &e);
	return go_is_over(r) ? r : tab_sleep(t, HAND_MS);
}

/* In one frame: all that is there, then the button. */
static int in_frame(struct go *g, const struct probe_frame *f, struct slice own)
{
	struct tab *t = g->tab;
	const struct json *list = NULL;
	int n = 0, r;

	r = hand_ask(t, f, arena_printf(&t->mem, ".strangerKinds(%.*s)", SLICE_ARG(own)), true,
	             &list);
	if (r < 0)
		return go_is_over(r) ? r : 0;
	for (const struct json *k = list ? list->first : NULL; k && n < MOST; k = k->next) {
		struct hand_field at;

		if (k->kind != JSON_STR)
			continue;
		r = hand_at(t, f,
		            arena_printf(&t->mem, ".strangers(%.*s)[%d]", SLICE_ARG(own), n),
		            &at);
		if (r == 0)
			r = go_type(g, &at, k->s);
		if (go_is_over(r))
			return r;
		n++;
	}
	r = n ? press(g, f, own) : 0;
	return r < 0 ? r : n;
}

int go_strange(struct go *g, const struct journey_step *s)
{
	struct tab *t = g->tab;
	struct probe_frame *f = arena_array(&t->mem, TAB_MAX_FRAMES, sizeof(*f));
	size_t frames = f ? probe_frames(t, &t->mem, f, TAB_MAX_FRAMES) : 0;
	struct slice own = own_of(g, s);
	int n = 0;

	for (size_t i = 0; i < frames && i < TAB_MAX_FRAMES / 8; i++) {
		int r = in_frame(g, &f[i], own);

		if (r < 0)
			return r;
		n += r;
	}
	return n ? n : go_shadow(g);
}
