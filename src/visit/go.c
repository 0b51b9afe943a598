/* go: what a customer does, and what is looked at on the way. */
#include "visit/go.h"
#include "conf/canary.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define QUIET_MS   200 /* before a page is looked at */
#define ACT_MS     40 /* before something is typed or pressed, which takes longer than the rest */
#define LEAVE_MS   120 /* after a click, before a page is left that nothing is done on */
#define AFTER_MS   800 /* what is sent when the form with the card is left comes late */
#define HOME_MS    400 /* and on the next page */
#define LOAD_MS    20000
#define CALL_MS    5000
#define VIRTUAL_MS 60000
#define WAIT_MS    8000
#define HAND_MS    120

/* ---- what is typed ---- */

static const struct {
	enum journey_what what;
	const char *text;
} person[] = {
    {WHAT_CARD_MONTH, "12"},
    {WHAT_CARD_CODE, "731"},
    {WHAT_CARD_NAME, "HANAKO KENSA"},
    {WHAT_NAME, CANARY_FAMILY " " CANARY_GIVEN},
    {WHAT_FAMILY_NAME, CANARY_FAMILY},
    {WHAT_GIVEN_NAME, CANARY_GIVEN},
    {WHAT_KANA, "ケンサ ハナコ"},
    {WHAT_FAMILY_KANA, "ケンサ"},
    {WHAT_GIVEN_KANA, "ハナコ"},
    {WHAT_EMAIL, CANARY_EMAIL},
    {WHAT_PASSWORD, "Hinoban-check-8610"},
    {WHAT_PHONE, CANARY_PHONE},
    {WHAT_POSTCODE, "1000001"},
    {WHAT_PREFECTURE, "東京都"},
    {WHAT_CITY, "千代田区"},
    {WHAT_ADDRESS, "千代田1-1-1"},
};

/* As a number, but with a wrong check digit: nobody's. */
static struct slice decoy(struct arena *a, struct slice card)
{
	struct slice copy = arena_copy(a, card);
	uint8_t *last = copy.n ? (uint8_t *)(uintptr_t)&copy.at[copy.n - 1] : NULL;

	if (last)
		*last = *last == '9' ? '0' : (uint8_t)(*last + 1);
	return copy;
}

struct slice go_card(const struct go_want *w, struct arena *a)
{
	switch (w->arm->card) {
	case ARMS_A:
		return w->card_a;
	case ARMS_B:
		return w->card_b;
	case ARMS_DECOY:
		return decoy(a, w->card_a);
	case ARMS_NONE:
		break;
	}
	return (struct slice){0};
}

struct slice go_data(const struct go_want *w, struct arena *a, const struct journey_fill *f)
{
	char now[CLOCK_TEXT_BYTES];
	uint64_t year = 2026;

	clock_text(clock_wall_us(), now);
	slice_u64(slice_mem(now, 4), &year);
	year += 3;
	switch (f->what) {
	case WHAT_CARD_NUMBER:
		return go_card(w, a);
	case WHAT_CARD_EXPIRY:
		return arena_printf(a, "12%02u", (unsigned)(year % 100));
	case WHAT_CARD_YEAR:
		return arena_printf(a, "%u", (unsigned)year);
	case WHAT_CARD_YEAR2:
		return arena_printf(a, "%02u", (unsigned)(year % 100));
	case WHAT_TEXT:
		return f->text;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof(person) / sizeof(person[0]); i++)
		if (person[i].what == f->what)
			return slice_str(person[i].text);
	return (struct slice){0};
}

/* ---- steps ---- */

static int fails(struct go *g, int r, const char *text)
{
	if (r == -EPIPE || r == -EINTR)
		return r;
	if (g->valid)
		snprintf(g->why, sizeof(g->why), "%.*s: %.300s",
		         SLICE_ARG(slice_sub(g->step, 0, 60)),
		         g->tab->crashed ? "the page crashed" : text);
	g->valid = false;
	return 1;
}

static int left_ms(const struct go *g, int most)
{
	int64_t left = (g->deadline_us - clock_mono_us()) / 1000;

	return left < 1 ? 1 : left < most ? (int)left : most;
}

/* The address of a step: a whole URL, or a path at the page's host. */
static struct slice address(struct go *g, struct slice open)
{
	struct slice url = g->want->url;
	size_t at = slice_find(url, SLICE("://")), slash;

	if (!open.n)
		return url;
	if (slice_find(open, SLICE("://")) != SIZE_MAX)
		return open;
	slash = slice_chr(slice_sub(url, at + 3, url.n), '/');
	return arena_printf(
	    &g->tab->mem, "%.*s%.*s",
	    SLICE_ARG(slice_sub(url, 0, slash == SIZE_MAX ? url.n : at + 3 + slash)),
	    SLICE_ARG(open));
}

static int settle(struct go *g, int quiet_ms)
{
	int r = tab_settle(g->tab, quiet_ms, left_ms(g, LOAD_MS));

	if (r == -ETIMEDOUT) {
		struct slice url = tab_waits_for(g->tab);
		char why[GO_WHY_BYTES];

		snprintf(why, sizeof(why), "the page does not come to rest%s%.*s",
		         url.n ? "; it waits for " : "", (int)(url.n < 200 ? url.n : 200),
		         url.n ? (const char *)url.at : "");
		return fails(g, r, why);
	}
	return r < 0 ? fails(g, r, "") : 0;
}

static int open_page(struct go *g, struct slice url, int quiet_ms)
{
	struct err e = {""};
	bool first = g->tab->steps <= 1;
	struct slice from = g->want->arm->search && first ? SLICE("https://www.google.com/")
	                                                  : (struct slice){0};
	int r = tab_navigate(g->tab, url, from, &e);

	return r < 0 ? fails(g, r, e.text) : settle(g, quiet_ms);
}

static int wait_for(struct go *g, const struct journey_step *s)
{
	int64_t until = clock_mono_us() + (int64_t)left_ms(g, WAIT_MS) * 1000;
	int r = 0;

	while (s->wait.n && !hand_there(g->tab, s->wait, (struct slice){0})) {
		if (clock_mono_us() > until)
			return fails(g, -ENOENT, "what the journey waits for does not come");
		r = tab_sleep(g->tab, HAND_MS);
		if (r < 0)
			return fails(g, r, "");
	}
	return 0;
}

/* A minute passes in a moment: what waits before it wakes. */
static int let_time_pass(struct go *g)
{
	struct arena *a = cdp_mem(g->tab->cdp);
	const char *id = tab_session_id(g->tab, g->tab->page);
	struct json *p = json_obj(a);
	int r;

	json_put_str(a, p, "policy", "pauseIfNetworkFetchesPending");
	json_put_int(a, p, "budget", VIRTUAL_MS);
	r = cdp_call(g->tab->cdp, id, "Emulation.setVirtualTimePolicy", p, CALL_MS, NULL, NULL,
	             NULL);
	if (r == 0)
		r = tab_sleep(g->tab, 1500);
	if (r < 0)
		return fails(g, r, "time does not pass");
	p = json_obj(a);
	json_put_str(a, p, "policy", "advance");
	r = cdp_call(g->tab->cdp, id, "Emulation.setVirtualTimePolicy", p, CALL_MS, NULL, NULL,
	             NULL);
	return r < 0 ? fails(g, r, "time does not go on") : settle(g, QUIET_MS);
}

/* What a page builds by script comes when it comes; in a frame later than the page. */
static int find(struct go *g, struct slice selector, struct slice frame, struct hand_field *out,
                struct err *e)
{
	int64_t until = clock_mono_us() + (int64_t)left_ms(g, WAIT_MS) * 1000;
	int r;

	while ((r = hand_find(g->tab, selector, frame, out, e)) == -ENOENT &&
	       clock_mono_us() < until) {
		r = tab_sleep(g->tab, HAND_MS);
		if (r < 0)
			return r;
	}
	return r;
}

/*
 * Does something lie over the form that a customer would fill in first? Looked into once a
 * step, and for the number in any case. at: NULL where the field is not there.
 */
static bool is_overlaid(struct go *g, const struct journey_step *s,
                        const struct journey_fill *f, const struct hand_field *at)
{
	bool number = f->what == WHAT_CARD_NUMBER;

	if (!s->card || (at && !at->covered) || (!at && !number) || (!number && g->looked == s))
		return false;
	g->looked = s;
	return true;
}

static int put_in(struct go *g, const struct journey_step *s, const struct journey_fill *f)
{
	struct slice text = go_data(g->want, &g->tab->mem, f);
	struct hand_field at;
	struct err e = {""};
	int r = hand_find(g->tab, f->selector, s->frame, &at, &e), strange = 0;

	if ((r == 0 || r == -ENOENT) && is_overlaid(g, s, f, r == 0 ? &at : NULL)) {
		strange = go_strange(g, s);
		if (strange < 0)
			return fails(g, strange, "");
		if (strange)
			r = hand_find(g->tab, f->selector, s->frame, &at, &e);
	}
	if (r == -ENOENT && !strange)
		r = find(g, f->selector, s->frame, &at, &e);
	if (r == 0 && (f->what == WHAT_TICK || slice_eq(at.type, SLICE("checkbox")) ||
	               slice_eq(at.type, SLICE("radio"))))
		r = hand_tick(g->tab, &at, &e);
	else if (r == 0 && slice_eq(at.tag, SLICE("select")))
		r = hand_choose(g->tab, &at, text, &e);
	else if (r == 0)
		r = hand_type(g->tab, &at, text, &e);
	if (r == 0 && f->what == WHAT_CARD_NUMBER)
		g->card_typed = true;
	return r < 0 ? fails(g, r, e.text[0] ? e.text : journey_what_name(f->what)) : 0;
}

static int fill_in(struct go *g, const struct journey_step *s, bool cards)
{
	int r = 0;

	for (size_t i = 0; i < s->fills && r == 0; i++) {
		if (g->want->idle)
			g->want->idle(g->want->idle_arg);
		if (cards || !journey_is_card(s->fill[i].what))
			r = put_in(g, s, &s->fill[i]);
	}
	return r;
}

/* What a click loads has begun to come before the network has been still for so long. */
static int click(struct go *g, const struct journey_step *s, int quiet_ms)
{
	struct hand_field at;
	struct err e = {""};
	/* The button may stand outside of the frame with the fields. */
	int r = s->frame.n ? hand_find(g->tab, s->click, s->frame, &at, &e) : -ENOENT;

	if (r == -ENOENT)
		r = find(g, s->click, (struct slice){0}, &at, &e);
	if (r == 0)
		r = hand_click(g->tab, &at, &e);
	if (r < 0)
		return fails(g, r, e.text);
	g->acted_us = g->tab->busy_us = clock_mono_us();
	return settle(g, quiet_ms);
}

static int look(struct go *g)
{
	int r = tab_collect(g->tab);

	if (r < 0)
		return fails(g, r, "");
	g->tab->last_page = NULL;
	probe_page(g->tab);
	if (!g->tab->last_page)
		return fails(g, cdp_alive(g->tab->cdp) ? -ETIMEDOUT : -EPIPE,
		             "the page does not answer");
	if (g->tab->pictures)
		probe_shot(g->tab);
	return 0;
}

static bool stands_at(struct go *g, struct slice url)
{
	struct slice at =
	    g->tab->steps > 0 ? g->tab->step[g->tab->steps - 1].url : (struct slice){0};

	return slice_eq(at, url) || slice_eq(slice_sub(at, 0, slice_chr(at, '?')), url);
}

/* Is the page that this step ends on left at once, without a look at what it shows? */
static bool is_left(const struct go *g, const struct journey_step *s)
{
	const struct journey *j = g->want->journey;
	const struct journey_step *next = s + 1 < j->step + j->steps ? s + 1 : NULL;

	return next && next->open.n && !next->when.n && !next->card;
}

static int take_step(struct go *g, const struct journey_step *s, bool first, bool cards)
{
	bool acts = !s->card && (s->fills || s->click.n);
	struct slice url = s->open.n || first ? address(g, s->open) : (struct slice){0};
	bool here = !first && stands_at(g, url);
	int r = 0;

	g->step = s->name;
	tab_begin_step(g->tab, s->name, s->card);
	if (url.n && !here)
		r = open_page(g, url, acts ? ACT_MS : QUIET_MS);
	if (r == 0 && !g->want->arm->direct)
		r = wait_for(g, s);
	if (r == 0 && s->card && g->want->arm->slow && cards)
		r = let_time_pass(g);
	if (r == 0 && (s->card || g->want->shots))
		r = look(g);
	if (r == 0 && s->card && !cards)
		return 0; /* nothing is typed or sent */
	if (r == 0)
		r = fill_in(g, s, cards);
	g->acted_us = clock_mono_us();
	if (r == 0 && s->click.n) {
		r = tab_collect(g->tab);
		r = r < 0 ? fails(g, r, "") : click(g, s, is_left(g, s) ? LEAVE_MS : QUIET_MS);
	}
	return r;
}

/* Back to the first page: what was put by on the payment page may be sent from there. */
static int go_home(struct go *g)
{
	int64_t left_us = g->acted_us + (int64_t)AFTER_MS * 1000 - clock_mono_us();
	int r = tab_sleep(g->tab, (int)(left_us / 1000));

	if (r < 0)
		return fails(g, r, "");
	(void)tab_collect(g->tab);
	g->step = SLICE("home");
	tab_begin_step(g->tab, g->step, false);
	r = open_page(g, address(g, SLICE("/")), HOME_MS);
	(void)tab_collect(g->tab);
	return r;
}

static int walk(struct go *g, bool cards)
{
	const struct journey *j = g->want->journey;
	bool first = true;
	int r = 0;

	for (size_t i = 0; i < j->steps && r == 0; i++) {
		const struct journey_step *s = &j->step[i];

		if (g->want->arm->direct && !s->card)
			continue;
		if (s->when.n && (first || !hand_there(g->tab, s->when, (struct slice){0})))
			continue;
		r = take_step(g, s, first, cards);
		first = false;
	}
	return r;
}

static void note_cookies(struct go *g)
{
	struct tab *t = g->tab;
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got = NULL, *all;
	struct json *p = json_obj(a);

	if (!t->arm->alone)
		json_put_str(a, p, "browserContextId", t->context);
	if (cdp_call(t->cdp, "", "Storage.getCookies", p, CALL_MS, &t->mem, &got, NULL) < 0)
		return;
	all = json_get(got, "cookies");
	for (const struct json *c = all ? all->first : NULL; c; c = c->next) {
		struct json *o = json_obj(&t->mem);

		json_put_slice(&t->mem, o, "origin",
		               scrub_text(t->scrub, &t->mem, json_text(c, "domain")));
		json_put_str(&t->mem, o, "area", "cookie");
		json_put_slice(
		    &t->mem, o, "key",
		    scrub_text(t->scrub, &t->mem, slice_sub(json_text(c, "name"), 0, 200)));
		if (scrub_finds_canary(t->scrub, json_text(c, "value")))
			json_put_bool(&t->mem, o, "card", true);
		tab_push(t, TAB_STORAGE, o);
		tab_keep(t, "cookie", json_text(c, "domain"), json_text(c, "name"),
		         json_text(c, "value"));
	}
}

int go_visit(struct go *g)
{
	bool cards = g->want->arm->card != ARMS_NONE;
	struct err e = {""};
	int r;

	g->valid = true;
	g->deadline_us = clock_mono_us() + (int64_t)g->want->patience_s * 1000000;
	r = tab_open(g->tab, &e);
	if (r < 0)
		return fails(g, r, e.text) < 0 ? r : 0;
	if (g->want->arm->returning)
		r = walk(g, false);
	if (r == 0)
		r = walk(g, cards);
	if (r == 0 && cards && g->want->journey->steps > 1)
		r = go_home(g);
	if (r == 0 && cards && !g->card_typed && g->want->journey->steps > 1)
		r = fails(g, -ENOENT, "no card was typed");
	if (cdp_alive(g->tab->cdp)) {
		(void)tab_collect(g->tab);
		note_cookies(g);
	}
	return r < 0 ? r : 0;
}
