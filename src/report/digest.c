/* Digest: the model. */
#include "report/digest.h"
#include "report/news.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define JAPAN_US (INT64_C(9) * 3600 * 1000000)
#define DAY_US   (INT64_C(86400) * 1000000)
#define MAX_NEWS 2000
#define MAX_OF   16 /* texts on one incident */
#define MAX_DAYS 512

struct news {
	const struct json *fact; /* news.read */
	const struct json *told; /* what stands of it */
	struct slice who;        /* whom it is about: organisation, or phished brand; "" */
	int64_t at_us;
	bool this_week, taken;
};

struct gathering {
	struct digest *d;
	struct news *at;
	size_t n;
};

static const char *say(const struct digest *d, const char *ja, const char *en)
{
	return d->lang == DOC_JA ? ja : en;
}

int64_t digest_week(int64_t us)
{
	int64_t day = (us + JAPAN_US) / DAY_US;

	/* 1970-01-01 was a Thursday. */
	return (day - (day + 3) % 7) * DAY_US - JAPAN_US;
}

/* --- outside news ----------------------------------------------------------------------- */

/* Without its legal form: two papers write the same name with it and without. */
static struct slice bare(struct slice name)
{
	static const char *const forms[] = {"株式会社", "有限会社", "合同会社", "(株)",
	                                    ", Inc.",   " Inc.",    NULL};

	for (size_t i = 0; forms[i]; i++) {
		struct slice f = slice_str(forms[i]);
		if (slice_starts(name, f) && name.n > f.n)
			name = slice_sub(name, f.n, name.n);
		if (slice_ends(name, f) && name.n > f.n)
			name = slice_sub(name, 0, name.n - f.n);
	}
	return slice_trim(name);
}

static struct slice first_of(const struct json *told, const char *list, const char *field)
{
	const struct json *l = json_get(told, list);

	return l && l->first ? json_text(l->first, field) : SLICE("");
}

/* Of the fact what the digest tells; the text itself is long and told by nobody. */
static struct json *head_of(struct arena *a, const struct json *fact)
{
	struct json *head = json_obj(a);

	for (const struct json *m = fact->first; m; m = m->next) {
		if (!slice_eq(m->name, SLICE("told")) && !slice_eq(m->name, SLICE("text")))
			json_put(a, head, arena_cstr(a, m->name), json_copy(a, m));
	}
	return head;
}

static int take(void *ctx, int64_t seq, struct slice canonical)
{
	struct gathering *g = ctx;
	struct arena *a = g->d->mem, mem;
	struct news *n = &g->at[g->n];
	const struct json *f;

	(void)seq;
	if (g->n == MAX_NEWS)
		return 1;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	f = json_parse(&mem, canonical, NULL);
	*n = (struct news){.at_us = fact_at_us(f)};
	clock_parse(json_text(f, "published"), &n->at_us);
	if (json_get(f, "told") && n->at_us < g->d->to_us) {
		n->fact = head_of(a, f);
		n->told = news_standing(a, g->d->ledger, f);
	}
	arena_done(&mem);
	if (!n->told)
		return 0;
	n->this_week = n->at_us >= g->d->from_us;
	n->who = bare(first_of(n->told, "organisations", "name"));
	if (!n->who.n)
		n->who = first_of(n->told, "phishing_brands", "brand");
	g->n++;
	return 0;
}

static struct json *list(struct digest *d, const char *name)
{
	return json_put(d->mem, d->model, name, json_arr(d->mem));
}

/*
 * "a, b" of one field of a list; "unknown" where there is none. `named`: they are kinds, told
 * by their names, and as they are in NAME_id.
 */
static void put_joined(struct digest *d, struct json *card, const char *name,
                       const struct json *told, const char *from, const char *field, bool named)
{
	const struct json *l = json_get(told, from);
	struct buf b = {.max = 8192};
	struct json *ids = json_arr(d->mem);

	for (const struct json *x = l ? l->first : NULL; x; x = x->next) {
		struct slice s = json_text(x, field),
		             word = named ? digest_word(d->lang, s) : s;
		bool again = false;
		for (const struct json *y = ids->first; y; y = y->next)
			again |= slice_eq(y->s, s);
		if (!s.n || again)
			continue;
		json_push(ids, json_str(d->mem, s));
		if (b.n)
			buf_str(&b, say(d, "、", ", "));
		buf_add(&b, word);
	}
	json_put_slice(d->mem, card, name,
	               b.n ? buf_slice(&b) : slice_str(say(d, "不明", "unknown")));
	if (named)
		json_put(d->mem, card, arena_cstr(d->mem, arena_printf(d->mem, "%s_id", name)),
		         ids);
	buf_done(&b);
}

static struct slice number(struct digest *d, int64_t n)
{
	struct doc doc = {.mem = d->mem};

	return doc_number(&doc, n);
}

static void put_counts(struct digest *d, struct json *card, const struct json *told)
{
	const struct json *l = json_get(told, "counts");
	struct json *out = json_put(d->mem, card, "counts", json_arr(d->mem));

	for (const struct json *x = l ? l->first : NULL; x; x = x->next) {
		struct json *o = json_obj(d->mem);
		json_put_slice(d->mem, o, "n",
		               number(d, json_num(x, "n", json_num(x, "high", 0))));
		json_put_slice(d->mem, o, "unit", json_text(x, "unit"));
		json_put_slice(d->mem, o, "how", json_text(x, "how"));
		json_put_bool(d->mem, o, "at_most",
		              slice_eq(json_text(x, "how"), SLICE("at_most")));
		json_put_slice(d->mem, o, "group", json_text(x, "group"));
		json_put_slice(d->mem, o, "item", json_text(x, "item"));
		json_put_slice(
		    d->mem, o, "word",
		    digest_word(d->lang,
		                json_text(x, json_text(x, "item").n ? "item" : "group")));
		json_put_int(d->mem, o, "seen", json_num(x, "seen", 1));
		json_push(out, o);
	}
}

/* A list as it is, and each one's `field` in words besides. */
static void copy_list(struct digest *d, struct json *card, const struct json *told,
                      const char *name, const char *field)
{
	const struct json *l = json_get(told, name);
	struct json *copy = l ? json_copy(d->mem, l) : json_arr(d->mem);

	json_put(d->mem, card, name, copy);
	for (struct json *x = copy ? copy->first : NULL; x; x = x->next)
		json_put_slice(d->mem, x, "word", digest_word(d->lang, json_text(x, field)));
}

static struct json *source_of(struct digest *d, const struct json *fact)
{
	struct json *o = json_obj(d->mem);

	json_put_slice(d->mem, o, "title", json_text(fact, "title"));
	json_put_slice(d->mem, o, "link", json_text(fact, "link"));
	json_put_slice(d->mem, o, "source", json_text(fact, "source"));
	json_put_int(d->mem, o, "ref", fact_seq(fact));
	return o;
}

/* All texts on one incident as one card with fixed fields. */
static struct json *card_of(struct gathering *g, size_t first, bool *earlier)
{
	struct digest *d = g->d;
	const struct json *told[MAX_OF], *all;
	struct json *card = json_obj(d->mem), *sources;
	size_t n = 0;

	sources = json_put(d->mem, card, "sources", json_arr(d->mem));
	*earlier = false;
	for (size_t i = 0; i < g->n && n < MAX_OF; i++) {
		struct news *x = &g->at[i];
		bool same = i == first || (x->who.n && slice_eq(x->who, g->at[first].who));
		if (!same)
			continue;
		if (!x->this_week) {
			*earlier = true;
			continue;
		}
		x->taken = true;
		told[n++] = x->told;
		json_push(sources, source_of(d, x->fact));
	}
	all = d->merge(d->mem, told, n);
	json_put_int(d->mem, card, "texts", (int64_t)n);
	json_put_slice(d->mem, card, "title", json_text(g->at[first].fact, "title"));
	put_joined(d, card, "organisation", all, "organisations", "name", false);
	put_joined(d, card, "service", all, "services", "name", false);
	put_joined(d, card, "vendor", all, "vendors", "name", false);
	put_joined(d, card, "attack", all, "attacks", "kind", true);
	put_joined(d, card, "way", all, "ways", "kind", true);
	put_joined(d, card, "noticed_by", all, "noticed", "by", true);
	put_joined(d, card, "noticed_at", all, "noticed", "at", false);
	put_joined(d, card, "items", all, "items", "item", true);
	put_joined(d, card, "brand", all, "phishing_brands", "brand", false);
	put_joined(d, card, "subject", all, "phishing_subjects", "subject", false);
	put_joined(d, card, "asks", all, "phishing_asks", "item", true);
	put_joined(d, card, "live", all, "phishing_live", "at", false);
	put_counts(d, card, all);
	copy_list(d, card, all, "periods", "group");
	copy_list(d, card, all, "events", "act");
	copy_list(d, card, all, "recovery", "state");
	return card;
}

static void put_concern(struct digest *d, struct json *out, const struct news *x)
{
	const struct json *fact = x->fact, *watch = json_get(x->told, "watch");

	for (const struct json *w = watch ? watch->first : NULL; w; w = w->next) {
		struct json *o = source_of(d, fact);
		json_put_slice(d->mem, o, "name", json_text(w, "name"));
		json_put_slice(d->mem, o, "sentence", json_text(w, "sentence"));
		json_push(out, o);
	}
}

static bool about_phishing(const struct news *x)
{
	return json_count(json_get(x->told, "phishing_brands")) > 0;
}

static void put_news(struct gathering *g)
{
	struct digest *d = g->d;
	struct json *concerns = list(d, "concerns"), *changed = list(d, "changed"),
	            *fresh = list(d, "new"), *phishing = list(d, "phishing"),
	            *sources = list(d, "sources");

	for (size_t i = 0; i < g->n; i++) {
		struct news *x = &g->at[i];
		struct json *card;
		bool earlier;

		if (!x->this_week)
			continue;
		put_concern(d, concerns, x);
		json_push(sources, source_of(d, x->fact));
		if (x->taken)
			continue;
		card = card_of(g, i, &earlier);
		json_push(about_phishing(x) ? phishing : earlier ? changed : fresh, card);
	}
}

/* --- figures ------------------------------------------------------------------------------ */

struct series {
	int64_t at[MAX_DAYS];
	size_t n;
};

static void note(struct series *s, struct slice from, struct slice to)
{
	int64_t a, b;

	if (s->n < MAX_DAYS && clock_parse(from, &a) && clock_parse(to, &b) && b >= a)
		s->at[s->n++] = (b - a) / DAY_US;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void put_median(struct digest *d, struct json *out, const char *name, struct series *s)
{
	struct json *o = json_obj(d->mem);

	qsort(s->at, s->n, sizeof(s->at[0]), by_size);
	json_put_int(d->mem, o, "n", (int64_t)s->n);
	if (s->n)
		json_put(d->mem, o, "median",
		         json_dec(d->mem,
		                  s->n % 2
		                      ? (double)s->at[s->n / 2]
		                      : (double)(s->at[s->n / 2 - 1] + s->at[s->n / 2]) / 2));
	json_put(d->mem, out, name, o);
}

static struct slice event_day(const struct json *told, const char *act)
{
	const struct json *l = json_get(told, "events");

	for (const struct json *x = l ? l->first : NULL; x; x = x->next)
		if (slice_eq(json_text(x, "act"), slice_str(act)))
			return json_text(x, "at");
	return SLICE("");
}

static struct slice first_leak(const struct json *told)
{
	return first_of(told, "periods", "from");
}

/* Who noticed, how long nobody did, how long until it was published: of this week's texts. */
static void put_figures(struct gathering *g)
{
	struct digest *d = g->d;
	struct json *out = json_put(d->mem, d->model, "figures", json_obj(d->mem));
	struct series *unnoticed = arena_alloc(d->mem, sizeof(*unnoticed)),
	              *reported = arena_alloc(d->mem, sizeof(*reported));
	int64_t own = 0, others = 0;

	if (!unnoticed || !reported)
		return;
	for (size_t i = 0; i < g->n; i++) {
		const struct json *told = g->at[i].told;
		struct slice by = first_of(told, "noticed", "by"),
		             at = first_of(told, "noticed", "at");
		struct slice out_day = event_day(told, "published");

		if (!g->at[i].this_week)
			continue;
		own += slice_eq(by, SLICE("own-staff"));
		others += by.n && !slice_eq(by, SLICE("own-staff"));
		note(unnoticed, first_leak(told), at);
		note(reported, at, out_day.n ? out_day : json_text(told, "published.at"));
	}
	json_put_int(d->mem, out, "own", own);
	json_put_int(d->mem, out, "others", others);
	put_median(d, out, "unnoticed", unnoticed);
	put_median(d, out, "reported", reported);
}

/* --- our own week ---------------------------------------------------------------------------
 */

struct own {
	int64_t findings, deeds, checks, words;
};

static int own_fact(void *ctx, int64_t seq, struct slice canonical)
{
	struct own *o = ctx;
	bool finding = slice_find(canonical, SLICE("\"kind\":\"finding\"")) != SIZE_MAX;

	(void)seq;
	o->findings += finding;
	o->deeds += slice_find(canonical, SLICE("\"kind\":\"deed\"")) != SIZE_MAX;
	o->words += slice_find(canonical, SLICE("\"kind\":\"word\"")) != SIZE_MAX;
	o->checks += slice_find(canonical, SLICE("\"type\":\"watch.rescanned\"")) != SIZE_MAX ||
	             slice_find(canonical, SLICE("\"type\":\"page.checked\"")) != SIZE_MAX;
	return 0;
}

static void put_clocks(struct digest *d, struct json *out)
{
	struct json *l = json_put(d->mem, out, "clocks", json_arr(d->mem));

	for (size_t i = 1; d->cases && i <= cases_count(d->cases); i++) {
		const struct case_view *c = cases_get(d->cases, (int64_t)i);
		struct clock_view *k = NULL;
		int64_t n = clocks_of(d->rules, c, d->now_us, d->mem, &k);

		for (int64_t x = 0; x < n; x++) {
			struct json *o = json_obj(d->mem);
			char day[CLOCK_DAY_BYTES];
			if (k[x].state != CLOCK_RUNS && k[x].state != CLOCK_OVERDUE)
				continue;
			clock_day_text(k[x].due_day, day);
			json_put_int(d->mem, o, "case", c->number);
			json_put_slice(d->mem, o, "what",
			               d->lang == DOC_JA ? k[x].rule->what
			                                 : k[x].rule->what_en);
			json_put_slice(d->mem, o, "to",
			               d->lang == DOC_JA ? k[x].rule->to : k[x].rule->to_en);
			json_put_str(d->mem, o, "due",
			             k[x].due_day ? day : say(d, "速やかに", "promptly"));
			json_put_bool(d->mem, o, "overdue", k[x].state == CLOCK_OVERDUE);
			json_push(l, o);
		}
	}
}

static int put_own(struct digest *d)
{
	struct ledger_query q = {.since_us = d->from_us, .until_us = d->to_us};
	struct json *out = json_put(d->mem, d->model, "own", json_obj(d->mem));
	struct own o = {0, 0, 0, 0};
	int r = ledger_each(d->ledger, &q, own_fact, &o);

	json_put_int(d->mem, out, "findings", o.findings);
	json_put_int(d->mem, out, "deeds", o.deeds);
	json_put_int(d->mem, out, "words", o.words);
	json_put_int(d->mem, out, "checks", o.checks);
	put_clocks(d, out);
	return r;
}

static void put_day(struct digest *d, const char *name, int64_t us)
{
	char t[CLOCK_TEXT_BYTES];

	clock_text(us + JAPAN_US, t);
	json_put_slice(d->mem, d->model, name, slice_mem(t, 10));
}

int digest_model(struct digest *d, struct err *e)
{
	struct ledger_query q = {.type = SLICE("news.read")};
	struct gathering g = {.d = d};
	char now[CLOCK_TEXT_BYTES];
	int r;

	d->model = json_obj(d->mem);
	g.at = arena_array(d->mem, MAX_NEWS, sizeof(*g.at));
	if (!d->model || !g.at)
		return -ENOMEM;
	json_put_str(d->mem, d->model, "title", say(d, "火の番 週報", "hinoban weekly digest"));
	put_day(d, "from", d->from_us);
	put_day(d, "to", d->to_us - 1);
	clock_text(d->now_us, now);
	json_put_str(d->mem, d->model, "written", now);
	r = ledger_each(d->ledger, &q, take, &g);
	if (r < 0)
		return err_sys(e, r, "the ledger");
	put_news(&g);
	put_figures(&g);
	r = put_own(d);
	return r < 0 ? err_sys(e, r, "the ledger") : d->mem->broken ? -ENOMEM : 0;
}

int digest_markdown(struct digest *d, const char *const *dir, struct buf *out, struct err *e)
{
	return doc_template(d->mem, "digest", d->lang, d->model, dir, out, e);
}
