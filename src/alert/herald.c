#include "alert/herald.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define FIRST_WAIT_US   INT64_C(10000000)
#define LONGEST_WAIT_US INT64_C(900000000)
#define HOUR_US         INT64_C(3600000000)
#define CLOCKS_EVERY_US INT64_C(30000000)
#define TURN_MS         40
#define MAX_REFS        50
#define MEM_BYTES       (16u << 20)

struct herald_key {
	char text[NEWS_KEY_BYTES];
};

/* ---- settings ---- */

static void name_host(struct herald *h)
{
	struct utsname u;

	if (uname(&u) < 0 || !u.nodename[0])
		snprintf(u.nodename, sizeof(u.nodename), "localhost");
	snprintf(h->host, sizeof(h->host), "%.64s", u.nodename);
}

static int load_clocks(struct herald *h, const char *config, struct err *e)
{
	const char *slash = strrchr(config, '/');
	char own[4096];
	const char *dirs[] = {conf_profile_dir(), own, NULL};

	snprintf(own, sizeof(own), "%.*s", slash ? (int)(slash - config) : 1,
	         slash ? config : ".");
	return clocks_load(dirs, &h->clocks, e);
}

int herald_open(struct herald *h, const char *config, struct err *e)
{
	enum fact_severity least = SEV_MEDIUM;
	struct way w[WAY_MAX] = {0};
	int r = conf_load(config, conf_profile_dir(), &h->conf, e);

	if (r == 0)
		r = load_clocks(h, config, e);
	if (r < 0)
		return r;
	name_host(h);
	fact_severity_of(h->conf.alert_severity, &least);
	arena_init(&h->mem, MEM_BYTES);
	arena_init(&h->told, MEM_BYTES);
	h->clock = calloc(HERALD_MAX_CLOCKS, sizeof(*h->clock));
	h->post = post_new("herald");
	if (!h->clock || !h->post || !news_init(&h->news, least))
		return err_set(e, -ENOMEM, "out of memory");
	h->n = ways_open(&h->conf, h->host, w, &h->ways, e);
	for (int i = 0; i < h->n; i++) {
		h->way[i].way = w[i];
		arena_init(&h->way[i].mem, MEM_BYTES);
	}
	return h->n < 0 ? h->n : 0;
}

/* ---- what was told before ---- */

static struct herald_way *way_named(struct herald *h, struct slice name)
{
	for (int i = 0; i < h->n; i++) {
		if (slice_eq(name, slice_str(h->way[i].way.name)))
			return &h->way[i];
	}
	return NULL;
}

static bool was_told(const struct herald_way *w, const char *key)
{
	for (size_t i = 0; i < w->tolds; i++) {
		if (strcmp(w->told[i].text, key) == 0)
			return true;
	}
	return false;
}

/* Kept in an array that doubles whenever it is full. */
static void remember(struct herald *h, struct herald_way *w, struct slice key)
{
	struct herald_key k = {""};

	snprintf(k.text, sizeof(k.text), "%.*s", SLICE_ARG(slice_sub(key, 0, NEWS_KEY_BYTES)));
	if (was_told(w, k.text))
		return;
	if ((w->tolds & (w->tolds - 1)) == 0) {
		struct herald_key *more =
		    arena_array(&h->told, w->tolds ? 2 * w->tolds : 1, sizeof(*more));

		if (!more)
			err_die("out of memory");
		if (w->tolds)
			memcpy(more, w->told, w->tolds * sizeof(*more));
		w->told = more;
	}
	w->told[w->tolds++] = k;
}

static void note_sent(struct herald_way *w, int64_t us)
{
	w->sent_us[w->sents++ % 60] = us;
}

static void hear_alert(struct herald *h, const struct json *fact)
{
	struct herald_way *w = way_named(h, json_text(fact, "to"));
	const struct json *keys = json_get(fact, "reminders");
	int64_t upto = json_num(fact, "upto", 0);

	if (!w || slice_eq(fact_type(fact), SLICE("alert.failed")))
		return;
	w->begun = true;
	if (slice_eq(fact_type(fact), SLICE("alert.begun")))
		w->from = upto;
	if (upto > w->cursor)
		w->cursor = upto;
	for (const struct json *k = keys ? keys->first : NULL; k; k = k->next) {
		if (k->kind == JSON_STR)
			remember(h, w, k->s);
	}
	/* Our own, of this life, were counted when they were sent. */
	if (!h->live && slice_eq(fact_type(fact), SLICE("alert.sent")))
		note_sent(w, fact_at_us(fact));
}

static void hear_digest(struct herald *h, const struct json *fact)
{
	struct herald_digest *d = &h->digest[h->digests++ % HERALD_MAX_DIGESTS];

	buf_init(&d->title, FACT_MAX_BYTES);
	buf_init(&d->text, FACT_MAX_BYTES);
	buf_add(&d->title, json_text(fact, "title"));
	buf_add(&d->text, json_text(fact, "text"));
	d->seq = fact_seq(fact);
	d->japanese = slice_eq(json_text(fact, "language"), SLICE("ja"));
	snprintf(d->key, sizeof(d->key), "digest/%lld", (long long)d->seq);
	if (!buf_ok(&d->title) || !buf_ok(&d->text))
		err_die("out of memory");
}

static void forget_digests(struct herald *h)
{
	for (size_t i = 0; i < HERALD_MAX_DIGESTS; i++) {
		buf_done(&h->digest[i].title);
		buf_done(&h->digest[i].text);
	}
	memset(h->digest, 0, sizeof(h->digest));
	h->digests = 0;
}

static void hear_fact(struct herald *h, struct slice body)
{
	const struct json *fact;

	arena_reset(&h->mem);
	fact = json_parse(&h->mem, body, NULL);
	if (!fact)
		err_die("a fact is no JSON");
	if (slice_eq(fact_type(fact), SLICE("alert.digest")))
		hear_digest(h, fact);
	else if (slice_starts(fact_type(fact), SLICE("alert.")) &&
	         !slice_eq(fact_type(fact), SLICE("alert.test")))
		hear_alert(h, fact);
	else if (!news_take(&h->news, fact))
		err_die("out of memory");
	else
		h->looked_us = 0; /* it may have started a clock */
}

void herald_hear(struct herald *h, const struct msg *m)
{
	if (post_msg(h->post, m))
		return;
	if (m->type != MSG_PUSH && m->type != MSG_TIP)
		return;
	/* They come in order: what lies between two of them is not for the herald. */
	if ((int64_t)m->id > h->heard)
		h->heard = (int64_t)m->id;
	if (m->type == MSG_PUSH)
		hear_fact(h, m->body);
	if (m->type == MSG_TIP && !h->live) {
		h->from = h->heard;
		h->live = true;
	}
}

void herald_deaf(struct herald *h)
{
	h->live = false;
	forget_digests(h);
	if (!news_again(&h->news))
		err_die("out of memory");
}

/* ---- facts about it ---- */

static struct json *draft_about(struct herald *h, const struct herald_way *w, const char *type)
{
	struct json *d = fact_draft(&h->mem, type);

	json_put_str(&h->mem, d, "to", w->way.name);
	return d;
}

static void post(struct herald *h, const struct json *draft)
{
	if (post_fact(h->post, draft, -1, NULL, NULL) < 0)
		err_die("the ledger does not take what the herald did");
}

/* From here on: what happened before nobody asked to be told of. */
static void begin(struct herald *h, struct herald_way *w)
{
	struct json *d = draft_about(h, w, "alert.begun");

	w->begun = true;
	w->from = w->cursor = h->from;
	json_put_int(&h->mem, d, "upto", w->cursor);
	post(h, d);
}

static void put_refs(struct herald *h, struct json *d, const struct herald_way *w)
{
	if (w->refs && w->refs->first)
		json_put(&h->mem, d, "refs", json_copy(&h->mem, w->refs));
}

static void tell_sent(struct herald *h, struct herald_way *w)
{
	struct json *d = draft_about(h, w, "alert.sent");

	json_put_int(&h->mem, d, "upto", w->upto);
	json_put_int(&h->mem, d, "n", w->count);
	json_put_int(&h->mem, d, "tries", w->tries + 1);
	if (w->keys->first)
		json_put(&h->mem, d, "reminders", json_copy(&h->mem, w->keys));
	put_refs(h, d, w);
	post(h, d);
}

/* The first failure, and then ever more seldom. */
static void tell_failed(struct herald *h, struct herald_way *w, const char *why)
{
	struct json *d;

	err_say("%s: %s", w->way.name, why);
	if ((w->tries & (w->tries - 1)) != 0)
		return;
	d = draft_about(h, w, "alert.failed");
	json_put_str(&h->mem, d, "why", why);
	json_put_int(&h->mem, d, "tries", w->tries);
	put_refs(h, d, w);
	post(h, d);
}

static void on_done(void *ctx, struct way *way, const char *why)
{
	struct herald *h = ctx;
	struct herald_way *w = way_named(h, slice_str(way->name));
	int64_t wait = FIRST_WAIT_US;

	arena_reset(&h->mem);
	if (*why) {
		for (int i = 0; i < w->tries && wait < LONGEST_WAIT_US; i++)
			wait *= 2;
		w->tries++;
		w->next_us =
		    clock_mono_us() + (wait < LONGEST_WAIT_US ? wait : LONGEST_WAIT_US);
		tell_failed(h, w, why);
		return;
	}
	tell_sent(h, w);
	w->cursor = w->upto;
	for (const struct json *k = w->keys->first; k; k = k->next)
		remember(h, w, k->s);
	note_sent(w, clock_now_us());
	w->tries = 0;
	w->next_us = 0;
}

/* ---- what is to be told ---- */

static bool may_send(const struct herald *h, const struct herald_way *w, int64_t now)
{
	size_t recent = 0;

	for (size_t i = 0; i < 60 && i < w->sents; i++)
		recent += w->sent_us[i] > now - HOUR_US && w->sent_us[i] <= now;
	return recent < (size_t)h->conf.alert_per_hour;
}

struct gathered {
	const struct news_item *item[NEWS_MAX_ITEMS + HERALD_MAX_CLOCKS];
	size_t n;
	int64_t oldest_us;
	bool test;
};

static void gather(struct herald *h, const struct herald_way *w, struct gathered *g)
{
	g->n = 0;
	g->oldest_us = INT64_MAX;
	g->test = false;
	for (size_t i = 0; i < h->news.items; i++) {
		const struct news_item *it = &h->news.item[i];

		if (it->seq <= w->cursor)
			continue;
		g->item[g->n++] = it;
		g->test = g->test || it->sort == NEWS_TEST;
		if (it->at_us < g->oldest_us)
			g->oldest_us = it->at_us;
	}
	for (size_t i = 0; i < h->clocks_due; i++) {
		if (was_told(w, h->clock[i].key))
			continue;
		g->item[g->n++] = &h->clock[i];
		if (h->clock[i].at_us < g->oldest_us)
			g->oldest_us = h->clock[i].at_us;
	}
}

static void list_what(struct herald_way *w, const struct gathered *g)
{
	int refs = 0;

	arena_reset(&w->mem);
	w->refs = json_arr(&w->mem);
	w->keys = json_arr(&w->mem);
	for (size_t i = 0; i < g->n; i++) {
		if (g->item[i]->sort == NEWS_CLOCK)
			json_push(w->keys, json_str(&w->mem, slice_str(g->item[i]->key)));
		else if (refs++ < MAX_REFS)
			json_push(w->refs, json_int(&w->mem, g->item[i]->seq));
	}
}

static void send(struct herald *h, struct herald_way *w, struct gathered *g, int64_t now)
{
	struct note n = {.item = g->item,
	                 .items = g->n,
	                 .more = h->news.more_seq > w->cursor ? h->news.more : 0,
	                 .japanese = slice_eq(h->conf.language, SLICE("ja")),
	                 .host = h->host};
	int r;

	list_what(w, g);
	w->upto = h->heard;
	w->count = (int64_t)g->n + n.more;
	note_sort(&n);
	r = way_tell(h->ways, &w->way, &n, now);
	if (r < 0 || !way_busy(&w->way))
		on_done(h, &w->way, r < 0 ? strerror(-r) : "");
}

/* The oldest digest that this way was not told of, or NULL. */
static struct herald_digest *digest_for(struct herald *h, const struct herald_way *w)
{
	size_t first = h->digests > HERALD_MAX_DIGESTS ? h->digests - HERALD_MAX_DIGESTS : 0;

	for (size_t i = first; w->way.sort == WAY_MAIL && i < h->digests; i++) {
		struct herald_digest *d = &h->digest[i % HERALD_MAX_DIGESTS];

		if (d->seq > w->from && !was_told(w, d->key))
			return d;
	}
	return NULL;
}

static void send_digest(struct herald *h, struct herald_way *w, struct herald_digest *d,
                        int64_t now)
{
	struct dress_digest told = {buf_slice(&d->title), buf_slice(&d->text), d->japanese};
	int r;

	arena_reset(&w->mem);
	w->refs = json_arr(&w->mem);
	w->keys = json_arr(&w->mem);
	json_push(w->refs, json_int(&w->mem, d->seq));
	json_push(w->keys, json_str(&w->mem, slice_str(d->key)));
	w->upto = w->cursor;
	w->count = 1;
	r = way_tell_digest(h->ways, &w->way, &told, now);
	if (r < 0)
		on_done(h, &w->way, strerror(-r));
}

static void consider(struct herald *h, struct herald_way *w)
{
	static struct gathered g;
	struct herald_digest *d;
	int64_t now = clock_now_us();
	bool may;

	if (!w->begun)
		begin(h, w);
	if (way_busy(&w->way) || clock_mono_us() < w->next_us)
		return;
	may = may_send(h, w, now);
	gather(h, w, &g);
	if (g.n && (g.test || (may && now - g.oldest_us >= h->conf.alert_wait_s * 1000000))) {
		send(h, w, &g, now);
		return;
	}
	d = may ? digest_for(h, w) : NULL;
	if (d)
		send_digest(h, w, d, now);
}

/* Which reminders are due: looked up now and then, it costs a little. */
static void look_at_clocks(struct herald *h)
{
	int64_t now = clock_now_us(), age = now - h->looked_us;

	if (age >= 0 && age < CLOCKS_EVERY_US && h->looked_us)
		return;
	arena_reset(&h->mem);
	h->clocks_due =
	    news_clocks(&h->news, h->clocks, now, &h->mem, h->clock, HERALD_MAX_CLOCKS);
	/* What points into the turn's memory is not used behind it: the rule alone is. */
	for (size_t i = 0; i < h->clocks_due; i++)
		h->clock[i].clock.receipt = NULL;
	h->looked_us = now;
}

static void forget(struct herald *h)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < h->n; i++)
		least = h->way[i].cursor < least ? h->way[i].cursor : least;
	if (h->n)
		news_forget(&h->news, least);
}

void herald_turn(struct herald *h)
{
	ways_turn(h->ways, TURN_MS, on_done, h);
	if (!h->live)
		return;
	look_at_clocks(h);
	arena_reset(&h->mem);
	for (int i = 0; i < h->n; i++)
		consider(h, &h->way[i]);
	forget(h);
}
