/* visitor: the role: who asks, what is due. */
#include "visit/visitor_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TICK_MS    50
#define MEM_BYTES  (64u << 20)
#define WORK_BYTES (64u << 20)
#define FIRST_US   INT64_C(5000000) /* after the start */

/* ---- settings ---- */

static int load_page(struct visitor *v, size_t i, struct err *e)
{
	struct visitor_page *p = &v->page[i];

	p->conf = conf_page(v->conf, i);
	p->quick_us = p->full_us = clock_mono_us() + FIRST_US;
	if (!p->conf.journey.n) {
		journey_plain(&p->journey);
		return 0;
	}
	return journey_load(conf_profile_dir(), p->conf.journey, &v->mem, &p->journey, e);
}

struct visitor *visitor_new(const struct conf *c, bool by_itself, struct err *e)
{
	struct visitor *v = calloc(1, sizeof(*v));
	int r = 0;

	if (!v)
		err_die("no memory");
	v->conf = c;
	v->by_itself = by_itself;
	v->ledger = v->browser = v->log = -1;
	arena_init(&v->mem, MEM_BYTES);
	arena_init(&v->work, WORK_BYTES);
	v->pages = c->page_watches;
	v->page = calloc(v->pages + 1, sizeof(*v->page));
	v->rotates = calloc(VISITOR_MAX_ROTATES + 64, sizeof(*v->rotates));
	v->known = known_new();
	scrub_init(&v->scrub);
	scrub_add(&v->scrub, c->page_card_a);
	scrub_add(&v->scrub, c->page_card_b);
	if (!v->page || !v->rotates)
		err_die("no memory");
	for (size_t i = 0; i < v->pages && r == 0; i++)
		r = load_page(v, i, e);
	if (r == 0)
		return v;
	visitor_free(v);
	return NULL;
}

void visitor_free(struct visitor *v)
{
	if (!v)
		return;
	visitor_browser_spare(v);
	cdp_free(v->cdp);
	netlog_free(v->netlog);
	post_free(v->post);
	loop_free(v->loop);
	known_free(v->known);
	scrub_done(&v->scrub);
	arena_done(&v->mem);
	arena_done(&v->work);
	free(v->rotates);
	free(v->page);
	free(v);
}

/* ---- what comes in ---- */

static ptrdiff_t page_of(const struct visitor *v, struct slice name)
{
	for (size_t i = 0; i < v->pages; i++)
		if (slice_eq(v->page[i].conf.name, name))
			return (ptrdiff_t)i;
	return -1;
}

/* What the newest record shows is held in the vault. */
static void take_pictures(struct visitor_slot *slot, const struct json *steps)
{
	slot->pictures = 0;
	for (const struct json *s = steps ? steps->first : NULL;
	     s && slot->pictures < TAB_MAX_STEPS; s = s->next) {
		struct tab_picture *to = &slot->picture[slot->pictures];
		struct slice shot = json_text(s, "shot"), looks = json_text(s, "looks");

		if (shot.n != HASH_HEX_BYTES - 1 || looks.n != HASH_HEX_BYTES - 1)
			continue;
		*to = (struct tab_picture){{0}, {0}};
		memcpy(to->shot, shot.at, shot.n);
		memcpy(to->looks, looks.at, looks.n);
		slot->pictures++;
	}
}

static void on_record(struct visitor *v, const struct json *fact, int64_t seq)
{
	ptrdiff_t page = page_of(v, json_text(fact, "page"));
	const struct arms_arm *arm = arms_of(json_text(fact, "arm"));
	struct slice digest = json_text(fact, "digest");
	const struct json *scripts = json_get(fact, "scripts");
	struct visitor_slot *slot;

	if (page < 0 || !arm || digest.n != HASH_HEX_BYTES - 1)
		return;
	slot = &v->page[page].slot[arm - arms_table];
	/* Of a record in several parts the first one has the steps, and its number counts. */
	if (slot->record < seq && json_num(fact, "part", 1) == 1) {
		slot->record = seq;
		memcpy(slot->digest, digest.at, digest.n);
		slot->digest[digest.n] = '\0';
		take_pictures(slot, json_get(fact, "steps"));
	}
	/* Their contents lie in the vault. */
	for (const struct json *s = scripts ? scripts->first : NULL; s; s = s->next) {
		char hash[HASH_HEX_BYTES];
		struct slice h = json_text(s, "hash");

		if (h.n != HASH_HEX_BYTES - 1)
			continue;
		memcpy(hash, h.at, h.n);
		hash[h.n] = '\0';
		known_told(v->known, v->page[page].conf.name, hash);
	}
}

static void on_asked(struct visitor *v, const struct json *word, int64_t seq)
{
	ptrdiff_t page = page_of(v, json_text(word, "page"));
	const struct json *arms = json_get(word, "arms");
	struct visitor_asked *a = &v->asked[v->asks];

	if (page < 0 || v->asks == VISITOR_MAX_ASKED)
		return; /* whoever asked sees that nothing comes */
	*a = (struct visitor_asked){.seq = seq, .page = (size_t)page};
	for (const struct json *n = arms ? arms->first : NULL; n; n = n->next) {
		const struct arms_arm *arm = arms_of(n->kind == JSON_STR ? n->s : SLICE(""));

		if (arm)
			a->arm[arm - arms_table] = true;
	}
	for (size_t i = 0; i < arms_count && !json_count(arms); i++)
		a->arm[i] = arms_table[i].quick;
	v->asks++;
}

static void on_push(struct visitor *v, const struct msg *m)
{
	struct arena a;
	const struct json *fact;

	arena_init(&a, 64 * FACT_MAX_BYTES);
	fact = json_parse(&a, m->body, NULL);
	if (slice_eq(fact_type(fact), SLICE("page.record")))
		on_record(v, fact, (int64_t)m->id);
	else if (slice_eq(fact_type(fact), SLICE("page.asked")))
		on_asked(v, fact, (int64_t)m->id);
	arena_done(&a);
}

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct visitor *v = ctx;

	if (slice_eq(name, SLICE("ledger"))) {
		v->ledger = slot;
		if (post_peer(v->post, l, slot) < 0)
			err_say("the ledger does not hear the visitor");
	} else if (slice_eq(name, SLICE("browser"))) {
		v->browser = slot;
	} else {
		err_die("the keeper sent a neighbour that a visitor has not: %.*s",
		        SLICE_ARG(name));
	}
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct visitor *v = ctx;

	(void)l;
	if (slot == v->browser)
		visitor_browser_msg(v, m);
	else if (m->type == MSG_PUSH)
		on_push(v, m);
	else if (!post_msg(v->post, m))
		err_die("%s is not for the visitor", msg_type_name(m->type));
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct visitor *v = ctx;

	(void)l;
	if (slot == v->browser) {
		v->browser = -1;
		v->launching = v->spare.asked = false;
	}
}

/* ---- what is due ---- */

static bool due(const struct visitor *v, struct visitor_asked *out)
{
	int64_t now = clock_mono_us();

	for (size_t i = 0; i < v->pages; i++) {
		struct visitor_page *p = &v->page[i];
		bool full = v->conf->page_full_s && now >= p->full_us;
		bool quick = v->conf->page_quick_s && now >= p->quick_us;

		if (!full && !quick)
			continue;
		*out = (struct visitor_asked){.page = i};
		for (size_t a = 0; a < arms_count; a++)
			out->arm[a] = full || arms_table[a].quick;
		p->quick_us = now + v->conf->page_quick_s * 1000000;
		if (full)
			p->full_us = now + v->conf->page_full_s * 1000000;
		return true;
	}
	return false;
}

static bool next(struct visitor *v, struct visitor_asked *out)
{
	if (v->ledger < 0 || v->browser < 0)
		return false;
	if (v->asks == 0)
		return v->by_itself && due(v, out);
	*out = v->asked[0];
	v->asks--;
	memmove(v->asked, v->asked + 1, v->asks * sizeof(v->asked[0]));
	return true;
}

/* One round after the other, as long as there are any: between them the loop turns once. */
static void on_tick(struct loop *l, void *ctx)
{
	struct visitor *v = ctx;
	struct visitor_asked now;

	if (v->busy)
		return;
	v->busy = true;
	while (next(v, &now)) {
		visitor_round(v, &now);
		if (!loop_turn(l, 0))
			break;
	}
	v->busy = false;
}

static bool on_stop(struct loop *l, void *ctx)
{
	struct visitor *v = ctx;

	(void)l;
	return post_waiting(v->post) == 0;
}

void visitor_join(struct visitor *v, int keeper)
{
	static const struct loop_handlers handlers = {.on_peer = on_peer,
	                                              .on_msg = on_msg,
	                                              .on_gone = on_gone,
	                                              .on_stop = on_stop,
	                                              .on_tick = on_tick,
	                                              .tick_ms = TICK_MS};

	v->loop = loop_new(keeper, &handlers, v);
	v->post = post_new("visitor");
}

int visitor_run(struct visitor *v)
{
	loop_ready(v->loop);
	return loop_run(v->loop);
}
