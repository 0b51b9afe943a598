/* page_web_one: one watched page: the way to it, what runs on it, who said that it may. */
#include "base/url.h"
#include "desk/card.h"
#include "desk/page_web.h"
#include <unistd.h>

#define SCRIPTS_SHOWN 200
#define HASH_SHOWN    12
#define SHOT_MAX      (4u << 20)

/* ---- the way, step by step ---- */

/* A picture of the step: of the quiet visit, or of another one that came by here. */
static const struct json *shot_of(const struct web *w, struct slice step, size_t *part,
                                  int64_t *index)
{
	for (size_t i = 0; i < w->parts; i++) {
		const struct json *steps = json_get(w->part[i], "steps");
		int64_t n = 0;

		for (const struct json *s = steps ? steps->first : NULL; s; s = s->next, n++) {
			if (!slice_eq(json_text(s, "name"), step) || !json_text(s, "shot").n)
				continue;
			*part = i;
			*index = n;
			return s;
		}
	}
	return NULL;
}

static void put_steps(struct page *p, const struct web *w)
{
	const struct json *steps = w->parts ? json_get(w->part[0], "steps") : NULL;
	struct json *list = json_arr(p->a);
	int64_t n = 0;

	for (const struct json *s = steps ? steps->first : NULL; s; s = s->next) {
		struct json *o = json_obj(p->a);
		size_t part;
		int64_t index;

		json_put_int(p->a, o, "n", ++n);
		json_put_slice(p->a, o, "step", json_text(s, "name"));
		json_put_slice(p->a, o, "title", json_text(s, "title"));
		json_put_slice(p->a, o, "at_url", json_text(s, "url"));
		json_put_int(p->a, o, "status", json_num(s, "status", 0));
		json_put_bool(p->a, o, "last", !s->next);
		json_put_slice(p->a, o, "shot", SLICE(""));
		if (shot_of(w, json_text(s, "name"), &part, &index))
			json_put_slice(p->a, o, "shot",
			               arena_printf(p->a, "/web/shot/%lld?step=%lld",
			                            (long long)fact_seq(w->part[part]),
			                            (long long)index));
		json_push(list, o);
	}
	json_put(p->a, p->m, "steps", list);
	if (w->parts) {
		json_put_int(p->a, p->m, "record", fact_seq(w->part[0]));
		when_put(p->a, p->m, "recorded", fact_at_us(w->part[0]), WHEN_FULL, p->lang);
	}
}

static bool is_webp(struct slice s)
{
	return slice_starts(s, SLICE("RIFF")) && slice_eq(slice_sub(s, 8, 12), SLICE("WEBP"));
}

/* Only what a record names as its picture, and only if it looks like one. */
enum http_turn page_web_shot(struct page *p)
{
	const struct json *record = page_read(p, p->number), *steps, *s;
	int64_t want = form_number(p->a, p->rq->query, "step", -1);
	struct hash h;
	uint8_t *room;
	ssize_t n;
	AUTO_FD fd = -1;

	steps = slice_eq(fact_type(record), SLICE("page.record")) ? json_get(record, "steps")
	                                                          : NULL;
	s = steps ? steps->first : NULL;
	for (int64_t i = 0; s && i < want; i++)
		s = s->next;
	if (want >= 0 && s && hash_unhex(json_text(s, "shot"), &h))
		fd = ledger_content(p->ledger, &h);
	room = fd >= 0 ? buf_reserve(&p->rp->body, SHOT_MAX) : NULL;
	n = room ? pread(fd, room, SHOT_MAX, 0) : -1;
	if (n <= 0 || !is_webp(slice_mem(room, (size_t)n)))
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	buf_commit(&p->rp->body, (size_t)n);
	p->rp->mime = "image/webp";
	return HTTP_DONE;
}

/* ---- the inventory ---- */

static void put_version(struct page *p, struct json *o, const struct inventory_script *s)
{
	const char *version = s->hash[0] ? s->hash : s->structure;

	json_put_str(p->a, o, "hash", s->hash);
	json_put_slice(p->a, o, "short", slice_sub(slice_str(version), 0, HASH_SHOWN));
	when_put(p->a, o, "since", s->first_us, WHEN_SHORT, p->lang);
	when_put(p->a, o, "seen", s->last_us, WHEN_SHORT, p->lang);
	json_put_int(p->a, o, "first_seq", s->first_seq);
}

static struct json *script_row(struct page *p, const struct web *w,
                               const struct inventory_script *s)
{
	struct json *o = json_obj(p->a);
	const struct allowed_word *word = s->word;
	struct slice url = slice_str(s->url);
	size_t scheme = url_scheme(url);

	json_put_slice(p->a, o, "link", page_web_script_url(p, w->name, url));
	json_put_slice(p->a, o, "script", slice_sub(url, scheme, url.n));
	json_put_str(p->a, o, "full", s->url);
	json_put_str(p->a, o, "status", inventory_status(s->how));
	json_put_slice(p->a, o, "status_say",
	               arena_printf(p->a, "script.%s", inventory_status(s->how)));
	json_put_bool(p->a, o, "third", s->third);
	json_put_slice(p->a, o, "loaded_by",
	               slice_eq(slice_str(s->by), w->url) ? SLICE("") : slice_str(s->by));
	put_version(p, o, s);
	json_put_bool(p->a, o, "may", s->how < ALLOWED_GIVEN);
	json_put_bool(p->a, o, "refused_it", s->how == ALLOWED_REFUSED);
	json_put_bool(p->a, o, "said", word != NULL);
	if (word) {
		json_put_str(p->a, o, "owner", word->owner);
		json_put_str(p->a, o, "why", word->reason);
		json_put_str(p->a, o, "by_whom", word->by);
		json_put_int(p->a, o, "word", word->seq);
		when_put(p->a, o, "worded", word->at_us, WHEN_SHORT, p->lang);
	}
	return o;
}

/* Those that wait for a word first. */
static void put_scripts(struct page *p, const struct web *w)
{
	struct json *list = json_arr(p->a);
	int64_t all = 0, unknown = 0;

	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < w->inv.n; i++) {
			const struct inventory_script *s = &w->inv.script[i];
			bool waits = s->how < ALLOWED_GIVEN;

			if (!slice_eq(slice_str(s->page), w->name) || waits != (turn == 0))
				continue;
			unknown += waits;
			if (all++ < SCRIPTS_SHOWN)
				json_push(list, script_row(p, w, s));
		}
	}
	json_put(p->a, p->m, "scripts", list);
	json_put_int(p->a, p->m, "scripts_n", all);
	json_put_int(p->a, p->m, "unknown_n", unknown);
	json_put_int(p->a, p->m, "scripts_hidden",
	             all > SCRIPTS_SHOWN ? all - SCRIPTS_SHOWN : 0);
}

/* ---- findings, visits ---- */

struct cards {
	struct page *p;
	const struct web *w;
	struct json *list;
};

static int add_card(void *ctx, const struct ledger_finding *f)
{
	struct cards *c = ctx;
	struct json *fact, *card;

	if (!slice_starts(f->type, SLICE("page.")))
		return 0;
	fact = json_parse(c->p->a, arena_copy(c->p->a, f->body), NULL);
	if (!slice_eq(json_text(fact, "page"), c->w->name))
		return 0;
	card = card_of(c->p, f);
	json_put_slice(c->p->a, card, "subject", json_text(fact, "subject"));
	json_put_bool(c->p->a, card, "may_allow", inventory_one(fact));
	json_push(c->list, card);
	return 0;
}

static int add_visits(void *ctx, const struct ledger_visits *v)
{
	struct cards *c = ctx;
	struct json *o;

	if (!slice_eq(v->page, c->w->name))
		return 0;
	o = json_obj(c->p->a);
	json_put_slice(c->p->a, o, "arm_say",
	               arena_printf(c->p->a, "arm.%.*s", SLICE_ARG(v->arm)));
	json_put_int(c->p->a, o, "good", v->good);
	json_put_int(c->p->a, o, "failed", v->failed);
	json_put_int(c->p->a, o, "record", v->record);
	when_put(c->p->a, o, "began", v->first_us, WHEN_SHORT, c->p->lang);
	when_put(c->p->a, o, "newest", v->last_us, WHEN_SHORT, c->p->lang);
	json_push(c->list, o);
	return 0;
}

bool page_web_fill(struct page *p, struct web *w)
{
	struct cards c = {.p = p, .w = w, .list = json_arr(p->a)};

	if (ledger_findings(p->ledger, true, true, 0, add_card, &c) < 0)
		return false;
	json_put(p->a, p->m, "cards", card_sort(p->a, c.list));
	c.list = json_arr(p->a);
	if (ledger_visits(p->ledger, add_visits, &c) < 0)
		return false;
	json_put(p->a, p->m, "arms", c.list);
	put_steps(p, w);
	put_scripts(p, w);
	page_web_graph(p, w);
	page_web_headers(p, w);
	return true;
}

enum http_turn page_web(struct page *p)
{
	enum http_turn turn = HTTP_DONE;
	struct web w;

	if (!page_web_open(p, page_query(p, "page"), &w))
		return HTTP_DONE;
	if (!page_web_fill(p, &w))
		turn = page_fault(p, MHD_HTTP_SERVICE_UNAVAILABLE, "fault.ledger");
	page_web_done(&w);
	return turn;
}
