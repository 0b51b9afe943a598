/* page_home: is everything all right? */
#include "desk/card.h"
#include "desk/timeline.h"
#include "desk/watch.h"

#define CARDS 30

struct open {
	struct page *p;
	struct json *cards;
	int64_t n;
	enum fact_severity worst;
};

static int add_card(void *ctx, const struct ledger_finding *f)
{
	struct open *o = ctx;

	o->n++;
	if (f->severity > o->worst)
		o->worst = f->severity;
	if (o->n <= CARDS)
		json_push(o->cards, card_of(o->p, f));
	return 0;
}

/* The answer in one word: what the page's head says and how it looks. */
static const char *mood(const struct watch *w, const struct open *o)
{
	if (o->n)
		return o->worst >= SEV_HIGH ? "alarm" : "warn";
	if (w->state == WATCH_NEVER)
		return w->inventory ? "begin" : "asleep";
	if (w->state != WATCH_ON)
		return w->state == WATCH_BROKEN ? "broken" : "asleep";
	return "calm";
}

static const char *answer_key(const struct watch *w, const struct open *o)
{
	static const char *const keys[] = {[WATCH_NEVER] = "home.never",
	                                   [WATCH_ON] = "home.calm",
	                                   [WATCH_STOPPED] = "home.stopped",
	                                   [WATCH_BROKEN] = "home.broken"};

	if (o->n)
		return "home.findings";
	if (w->state == WATCH_NEVER && w->inventory)
		return "home.begin";
	return keys[w->state];
}

static void put_watch(struct page *p, const struct watch *w)
{
	struct json *m = json_obj(p->a);
	int64_t files;
	struct json *roles = watch_roles(p, &files);

	json_put(p->a, m, "roles", roles);
	json_put_int(p->a, m, "n", files);
	json_put_bool(p->a, m, "on", w->state == WATCH_ON);
	when_put(p->a, m, "since", w->since_us, WHEN_SHORT, p->lang);
	if (w->started)
		json_put(p->a, m, "started", w->started);
	if (w->done) {
		when_put(p->a, m, "inventory", fact_at_us(w->done), WHEN_SHORT, p->lang);
		json_put_int(p->a, m, "inventory_files", json_num(w->done, "files", 0));
	}
	json_put(p->a, p->m, "watch", m);
}

static void put_ledger(struct page *p)
{
	struct json *m = json_obj(p->a);
	struct ledger_head head;
	struct buf ago;

	buf_init(&ago, 128);
	json_put_int(p->a, m, "n", ledger_size(p->ledger));
	if (ledger_head(p->ledger, &head) == 0) {
		when_ago(&ago, head.at_us, p->now, p->lang);
		json_put_slice(p->a, m, "ago", buf_slice(&ago));
		when_put(p->a, m, "head", head.at_us, WHEN_SHORT, p->lang);
	}
	json_put(p->a, p->m, "book", m);
	buf_done(&ago);
}

static int64_t open_cases(struct page *p)
{
	const struct cases *cs = desk_cases(p->desk);
	int64_t open = 0;

	for (size_t i = 1; cs && i <= cases_count(cs); i++)
		open += cases_get(cs, (int64_t)i)->state == CASE_OPEN;
	return open;
}

enum http_turn page_home(struct page *p)
{
	struct open o = {.p = p, .cards = json_arr(p->a)};
	struct watch w;

	if (ledger_findings(p->ledger, true, true, 5000, add_card, &o) < 0)
		return page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	watch_look(p, &w);
	json_put_str(p->a, p->m, "mood", mood(&w, &o));
	json_put_str(p->a, p->m, "answer", answer_key(&w, &o));
	json_put_int(p->a, p->m, "n", o.n);
	json_put_int(p->a, p->m, "cases", open_cases(p));
	json_put(p->a, p->m, "cards", card_sort(p->a, o.cards));
	json_put_int(p->a, p->m, "hidden", o.n > CARDS ? o.n - CARDS : 0);
	/* Findings may be there while nobody stands watch: both must be said. */
	json_put_bool(p->a, p->m, "unwatched", o.n && w.state != WATCH_ON);
	json_put_bool(p->a, p->m, "inventory", w.inventory);
	put_watch(p, &w);
	put_ledger(p);
	json_put(p->a, p->m, "days", timeline_days(p));
	return HTTP_DONE;
}
