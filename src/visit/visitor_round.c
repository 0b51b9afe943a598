/* visitor_round: the ways of one page, one after the other, and what is told of them. */
#include "parse/parse.h"
#include "visit/record.h"
#include "visit/visitor_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define FLUSH_MS   30000
#define LOOK_BYTES (2 << 20) /* larger scripts are told without what they show */
#define LOOK_MEM   (64u << 20)
#define ROTATES    2 /* altered so often in a row: it always does */
#define ALWAYS     3 /* so does a page */
#define LOOK_US    (INT64_C(3600) * 1000000)

/* ---- contents ---- */

static void drop_held(struct visitor *v)
{
	for (size_t i = 0; i < v->helds; i++)
		close(v->held[i].fd);
	v->helds = 0;
}

static void hold_content(void *ctx, const char *what, struct slice url, const char *hash,
                         int64_t bytes, int fd)
{
	struct visitor *v = ctx;
	struct visitor_held *h = &v->held[v->helds];
	struct slice clean;

	if (v->helds == VISITOR_MAX_HELD)
		return;
	clean = scrub_url(&v->scrub, &v->tab->mem, url);
	*h = (struct visitor_held){.what = what, .bytes = bytes};
	h->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (h->fd < 0)
		return;
	snprintf(h->url, sizeof(h->url), "%.*s", SLICE_ARG(slice_sub(clean, 0, 500)));
	snprintf(h->hash, sizeof(h->hash), "%s", hash);
	v->helds++;
}

/* What the script shows by itself, for the judge to hold against its next version; or NULL. */
static struct json *look_at(struct visitor *v, const struct visitor_held *h)
{
	struct buf text = {.max = LOOK_BYTES};
	struct json *out = NULL;
	struct arena a;
	uint8_t *at;

	if (strcmp(h->what, "script") != 0 || h->bytes <= 0 || h->bytes > LOOK_BYTES)
		return NULL;
	at = buf_reserve(&text, (size_t)h->bytes);
	arena_init(&a, LOOK_MEM);
	if (at && pread(h->fd, at, (size_t)h->bytes, 0) == (ssize_t)h->bytes)
		out = json_copy(&v->work, parse_look(&a, slice_mem(at, (size_t)h->bytes),
		                                     SLICE("page.js")));
	arena_done(&a);
	buf_done(&text);
	return out;
}

static void send_held(struct visitor *v, const struct visitor_asked *asked)
{
	struct slice page = v->page[asked->page].conf.name;

	for (size_t i = 0; i < v->helds; i++) {
		struct visitor_held *h = &v->held[i];
		struct json *d, *present, *looked;

		if (known_told(v->known, page, h->hash))
			continue;
		d = fact_draft(&v->work, "page.content");
		present = json_obj(&v->work);
		json_put_slice(&v->work, d, "page", page);
		json_put_str(&v->work, d, "what", h->what);
		if (slice_utf8_valid(slice_str(h->url)))
			json_put_str(&v->work, d, "url", h->url);
		json_put_str(&v->work, present, "class", "file");
		json_put_str(&v->work, present, "hash", h->hash);
		json_put_int(&v->work, present, "size", h->bytes);
		json_put(&v->work, d, "present", present);
		looked = look_at(v, h);
		if (looked)
			json_put(&v->work, d, "content", looked);
		post_fact(v->post, d, h->fd, NULL, NULL);
	}
	drop_held(v);
}

/* ---- scripts that are never the same ---- */

static struct visitor_rotates *rotation(struct visitor *v, struct slice script)
{
	char text[640];
	uint64_t name;
	size_t i;
	int n = snprintf(text, sizeof(text), "%zu %zu %.*s", v->now_page, v->now_arm,
	                 SLICE_ARG(slice_sub(script, 0, 600)));

	name = hash_table(slice_mem(text, (size_t)n)) | 1;
	i = name % VISITOR_MAX_ROTATES;
	for (size_t tries = 0; tries < 64; tries++, i = (i + 1) % VISITOR_MAX_ROTATES)
		if (v->rotates[i].name == name || v->rotates[i].name == 0)
			break;
	if (v->rotates[i].name != name)
		v->rotates[i] = (struct visitor_rotates){.name = name};
	return &v->rotates[i];
}

static bool rotates(void *ctx, struct slice script, const char *hash)
{
	return rotation(ctx, script)->altered >= ROTATES && hash[0];
}

/* After a visit: who altered, and who did not. Several under one name are taken as a whole. */
static void note_rotations(struct visitor *v, struct tab *t)
{
	for (size_t i = 0; i < t->scripts; i++) {
		struct slice name = record_script(t, &t->script[i]);
		struct visitor_rotates *r;
		uint64_t sum = 0;
		bool first = true;

		for (size_t k = 0; k < t->scripts; k++) {
			if (!slice_eq(record_script(t, &t->script[k]), name))
				continue;
			first = first && k >= i;
			sum += hash_table(slice_str(t->script[k].has_hash ? t->script[k].hash
			                                                  : t->script[k].v8));
		}
		if (!first)
			continue;
		r = rotation(v, name);
		if (r->hash && r->hash != sum)
			r->altered++;
		else if (r->altered < ROTATES)
			r->altered = 0;
		r->hash = sum;
	}
}

/* ---- telling ---- */

void visitor_flush(struct visitor *v)
{
	int64_t until = clock_mono_us() + (int64_t)FLUSH_MS * 1000;

	while (post_waiting(v->post) > 0 && clock_mono_us() < until)
		if (!loop_turn(v->loop, 20))
			return;
}

static void take_seq(void *arg, int64_t seq, struct slice why)
{
	int64_t *out = arg;

	if (seq > 0)
		*out = seq;
	else if (seq < 0)
		err_say("the ledger refused a record: %.*s", SLICE_ARG(why));
}

static bool is_pictured(const struct tab_step *s)
{
	return s->shot[0] && s->looks[0];
}

static void note_pictures(struct visitor_slot *slot, const struct tab *t)
{
	slot->pictures = 0;
	for (int i = 0; i < t->steps; i++) {
		const struct tab_step *s = &t->step[i];
		struct tab_picture *to = &slot->picture[slot->pictures];

		if (!is_pictured(s))
			continue;
		memcpy(to->shot, s->shot, sizeof(to->shot));
		memcpy(to->looks, s->looks, sizeof(to->looks));
		slot->pictures++;
	}
}

/* The frequent visit takes no pictures: what it recorded gets them with the next round. */
static bool has_shot(const struct tab *t)
{
	for (int i = 0; i < t->steps; i++)
		if (is_pictured(&t->step[i]))
			return true;
	return false;
}

static void write_record(struct visitor *v, const struct visitor_asked *asked, struct tab *t,
                         const char *digest)
{
	struct visitor_page *p = &v->page[asked->page];
	struct visitor_slot *slot = &p->slot[v->now_arm];
	struct json *part[RECORD_MAX_PARTS];
	static int64_t seq; /* outlives us, should the ledger answer late */
	size_t n =
	    record_drafts(t, &v->work, p->conf.name, slice_str(v->version), digest, part);

	seq = 0;
	/* The contents first: who judges the record has looked into them. */
	send_held(v, asked);
	for (size_t i = 0; i < n; i++)
		if (post_fact(v->post, part[i], -1, i ? NULL : take_seq, i ? NULL : &seq) < 0)
			err_say("a record of %.*s is lost: it is too large",
			        SLICE_ARG(p->conf.name));
	visitor_flush(v);
	if (seq > 0) {
		slot->record = seq;
		memcpy(slot->digest, digest, sizeof(slot->digest));
		note_pictures(slot, t);
	}
}

static void tell_checked(struct visitor *v, const struct visitor_asked *asked,
                         const struct go *g, int64_t us, int rotated)
{
	struct visitor_page *p = &v->page[asked->page];
	struct json *d = fact_draft(&v->work, "page.checked");

	json_put_slice(&v->work, d, "page", p->conf.name);
	json_put_str(&v->work, d, "arm", arms_table[v->now_arm].name);
	json_put_int(&v->work, d, "record", p->slot[v->now_arm].record);
	json_put_bool(&v->work, d, "valid", g->valid);
	json_put_int(&v->work, d, "us", us);
	if (!g->valid) {
		json_put_slice(&v->work, d, "why",
		               scrub_text(&v->scrub, &v->work, slice_str(g->why)));
		json_put_slice(&v->work, d, "step", g->step);
	}
	if (rotated)
		json_put_int(&v->work, d, "rotated", rotated);
	if (asked->seq)
		fact_ref(&v->work, d, asked->seq);
	post_fact(v->post, d, -1, NULL, NULL);
}

/* ---- one visit ---- */

static void open_tab(struct visitor *v, const struct visitor_page *p, bool pictures)
{
	struct tab *t = &v->tab_memory;

	*t = (struct tab){.cdp = v->cdp,
	                  .loop = v->loop,
	                  .arm = &arms_table[v->now_arm],
	                  .scrub = &v->scrub,
	                  .known = v->known,
	                  .on_content = hold_content,
	                  .content_ctx = v,
	                  .pictures = pictures,
	                  .pictured = p->slot[v->now_arm].picture,
	                  .pictureds = p->slot[v->now_arm].pictures,
	                  .host = tab_host(p->conf.url),
	                  .page = -1};
	memcpy(t->known_version, v->major, sizeof(t->known_version));
	v->tab = t;
}

static bool stops(void *arg, struct slice method, struct slice url)
{
	return journey_stops(arg, method, url);
}

/* A visit in the browser that there is, or in a new one. */
static int try_visit(struct visitor *v, struct visitor_page *p, struct go *g, bool shots)
{
	const struct go_want *w = g->want;
	int r = visitor_browser(v, w->arm->alone);

	if (r < 0) {
		g->valid = false;
		snprintf(g->why, sizeof(g->why), "%s", v->fault);
		return r;
	}
	open_tab(v, p, shots);
	v->tab->stops = stops;
	v->tab->stops_arg = (void *)(uintptr_t)w->journey;
	g->tab = v->tab;
	return go_visit(g);
}

static void close_tab(struct visitor *v)
{
	if (!v->tab)
		return;
	tab_close(v->tab);
	v->tab = NULL;
	drop_held(v);
}

/* What went wrong may have left something behind; a browser that doesn't answer is ended. */
static void try_browser(struct visitor *v)
{
	if (!cdp_alive(v->cdp) ||
	    cdp_call(v->cdp, "", "Browser.getVersion", NULL, 5000, NULL, NULL, NULL) < 0)
		visitor_browser_end(v);
	else
		visitor_browser_leave(v);
}

/*
 * What the frequent visit finds altered is looked at in all ways at once: that a vendor
 * released something is no finding, what the release does with a card may be. A page that is
 * new at each visit would keep the browser at work for ever: there only once in LOOK_US.
 */
static void look_closer(struct visitor_page *p, bool altered)
{
	int64_t now = clock_mono_us(), at;

	p->altered = altered ? p->altered + 1 : 0;
	if (!altered)
		return;
	at = p->altered > ALWAYS && p->early_us + LOOK_US > now ? p->early_us + LOOK_US : now;
	if (at < p->full_us) {
		p->full_us = at;
		p->early_us = at;
	}
}

/* A visit that was made as it should be: recorded, and kept for the comparison. */
static void take_visit(struct visitor *v, const struct visitor_asked *asked,
                       struct twins *twins, const struct go_want *want, int *rotated)
{
	static const char *const runs[TWINS_RUNS] = {"idle", "a", "a2", "b"};
	struct visitor_page *p = &v->page[asked->page];
	char digest[HASH_HEX_BYTES];
	bool altered;

	if (want->arm->alone) {
		visitor_browser_drain(v);
		tab_contacts(v->tab, v->netlog);
	}
	record_digest(v->tab, rotates, v, digest, rotated);
	note_rotations(v, v->tab);
	altered = strcmp(digest, p->slot[v->now_arm].digest) != 0;
	if (want->arm->quick && !want->shots)
		look_closer(p, altered && p->slot[v->now_arm].record);
	if (altered || (want->shots && p->slot[v->now_arm].pictures == 0 && has_shot(v->tab)))
		write_record(v, asked, v->tab, digest);
	for (int i = 0; twins && i < TWINS_RUNS; i++)
		if (strcmp(want->arm->name, runs[i]) == 0)
			twins_take(twins, (enum twins_run)i, v->tab, go_card(want, &v->mem));
}

/* The visit behind this one in its round, or else the first one of the next round. */
static const struct arms_arm *next_arm(const struct visitor *v)
{
	for (size_t i = v->now_arm + 1; i < arms_count; i++)
		if (v->now->arm[i])
			return &arms_table[i];
	for (size_t i = 0; v->asks > 0 && i < arms_count; i++)
		if (v->asked[0].arm[i])
			return &arms_table[i];
	return NULL;
}

/* There is time: the browser for the next visit may start, if that one is alone. */
static void launch_ahead(void *arg)
{
	struct visitor *v = arg;
	const struct arms_arm *next = next_arm(v);

	if (next && next->alone)
		visitor_browser_ahead(v);
}

/* 1: valid; 0: not; -EINTR: the end is asked for. */
static int one_arm(struct visitor *v, const struct visitor_asked *asked, struct twins *twins,
                   bool full)
{
	struct visitor_page *p = &v->page[asked->page];
	struct go_want want = {.page = p->conf.name,
	                       .url = p->conf.url,
	                       .journey = &p->journey,
	                       .arm = &arms_table[v->now_arm],
	                       .card_a = v->conf->page_card_a,
	                       .card_b = v->conf->page_card_b,
	                       .patience_s = (int)v->conf->page_patience_s,
	                       .shots = full,
	                       .idle = launch_ahead,
	                       .idle_arg = v};
	struct go g = {.want = &want};
	int64_t begun = clock_mono_us();
	int rotated = 0, r;
	bool warm;

	arena_reset(&v->work);
	warm = v->warm && cdp_alive(v->cdp) && !want.arm->alone;
	r = try_visit(v, p, &g, full);
	if ((r == -EPIPE && v->browser >= 0) ||
	    (r == 0 && !g.valid && (warm || v->tab->crashed))) {
		/* The browser or its page died, perhaps before there was a page, or what it
		 * visited before stood in the way: once more. */
		close_tab(v);
		if (r == 0)
			visitor_browser_leave(v);
		g = (struct go){.want = &want};
		r = try_visit(v, p, &g, full);
	}
	v->warm = true;
	if (r < 0 && r != -EINTR && !g.why[0])
		snprintf(g.why, sizeof(g.why), "the browser died");
	if (r < 0)
		g.valid = false;
	if (g.valid)
		take_visit(v, asked, twins, &want, &rotated);
	if (r != -EINTR)
		tell_checked(v, asked, &g, clock_mono_us() - begun, rotated);
	close_tab(v);
	if (r == -EINTR)
		return r;
	if (want.arm->alone)
		visitor_browser_leave(v);
	else if (!g.valid)
		try_browser(v);
	return g.valid;
}

/* ---- all of them ---- */

static bool is_arm(const struct visitor_asked *a, const char *name)
{
	for (size_t i = 0; i < arms_count; i++)
		if (a->arm[i] && strcmp(arms_table[i].name, name) == 0)
			return true;
	return false;
}

static void tell_twins(struct visitor *v, const struct visitor_asked *asked,
                       const struct twins *twins, bool valid, int64_t us)
{
	struct visitor_page *p = &v->page[asked->page];
	struct json *d, *records;

	arena_reset(&v->work);
	d = fact_draft(&v->work, "page.twins");
	json_put_slice(&v->work, d, "page", p->conf.name);
	json_put_bool(&v->work, d, "valid", valid);
	json_put(&v->work, d, "flows",
	         valid ? twins_flows(twins, &v->work, &v->scrub) : json_arr(&v->work));
	json_put_int(&v->work, d, "us", us);
	records = json_put(&v->work, d, "records", json_arr(&v->work));
	for (size_t i = 0; i < arms_count; i++)
		if (arms_table[i].seeded)
			json_push(records, json_int(&v->work, p->slot[i].record));
	if (asked->seq)
		fact_ref(&v->work, d, asked->seq);
	if (post_fact(v->post, d, -1, NULL, NULL) < 0)
		err_say("the twins of %.*s are lost: too many destinations",
		        SLICE_ARG(p->conf.name));
}

static void tell_round(struct visitor *v, const struct visitor_asked *asked, int invalid,
                       int64_t us)
{
	struct json *d, *arms;

	arena_reset(&v->work);
	d = fact_draft(&v->work, "page.round");
	arms = json_arr(&v->work);
	json_put_slice(&v->work, d, "page", v->page[asked->page].conf.name);
	for (size_t i = 0; i < arms_count; i++)
		if (asked->arm[i])
			json_push(arms, json_str(&v->work, slice_str(arms_table[i].name)));
	json_put(&v->work, d, "arms", arms);
	json_put_int(&v->work, d, "invalid", invalid);
	json_put_int(&v->work, d, "us", us);
	if (!v->cdp && v->fault[0])
		json_put_str(&v->work, d, "why", v->fault);
	if (asked->seq)
		fact_ref(&v->work, d, asked->seq);
	post_fact(v->post, d, -1, NULL, NULL);
}

/*
 * What could not be read is looked at twice, before it is told; not where it is what stood
 * there at the last comparison. -EINTR: the end is asked for.
 */
static int confirm(struct visitor *v, const struct visitor_asked *asked, struct twins *twins)
{
	static const char *const pair[] = {"a2", "b"};
	struct visitor_page *p = &v->page[asked->page];
	uint64_t doubt = twins_doubt(twins);
	int valid = 1;

	if (doubt == 0 || doubt == p->doubt)
		return 0;
	twins_again(twins);
	for (size_t i = 0; i < arms_count && valid > 0; i++)
		for (size_t k = 0; k < sizeof(pair) / sizeof(pair[0]); k++)
			if (strcmp(arms_table[i].name, pair[k]) == 0 && valid > 0) {
				v->now_arm = i;
				valid = one_arm(v, asked, twins, true);
			}
	p->doubt = valid > 0 ? twins_doubt(twins) : 0;
	return valid < 0 ? valid : 0;
}

void visitor_round(struct visitor *v, const struct visitor_asked *asked)
{
	int64_t begun = clock_mono_us();
	bool twin = is_arm(asked, "a") && is_arm(asked, "a2") && is_arm(asked, "b");
	struct twins *twins = twin ? twins_new() : NULL;
	bool good = true, full = false;
	int invalid = 0;

	for (size_t i = 0; i < arms_count; i++)
		full = full || (asked->arm[i] && !arms_table[i].quick);
	v->now = asked;
	v->now_page = asked->page;
	(void)known_begin(v->known, clock_mono_us());
	for (size_t i = 0; i < arms_count; i++) {
		int valid;

		if (!asked->arm[i])
			continue;
		v->now_arm = i;
		valid = one_arm(v, asked, twins, full);
		if (valid < 0) {
			twins_free(twins);
			return;
		}
		invalid += !valid;
		good = good && (valid || !arms_table[i].seeded);
	}
	if (twins && good && confirm(v, asked, twins) < 0) {
		twins_free(twins);
		return;
	}
	if (twins)
		tell_twins(v, asked, twins, good, clock_mono_us() - begun);
	twins_free(twins);
	tell_round(v, asked, invalid, clock_mono_us() - begun);
	visitor_flush(v);
}
