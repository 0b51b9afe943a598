/* page_finding: one finding in plain words, and what a person says about it. */
#include "desk/card.h"
#include "desk/evidence.h"
#include "desk/page_web.h"
#include "desk/page_word.h"
#include "desk/tell.h"

#define REFS_SHOWN 50

struct found {
	struct page *p;
	struct json *card, *fact;
	int64_t closed_by, at_us;
	enum ledger_finding_state state;
};

static int take(void *ctx, const struct ledger_finding *f)
{
	struct found *x = ctx;

	x->card = card_of(x->p, f);
	x->fact = json_parse(x->p->a, arena_copy(x->p->a, f->body), NULL);
	x->closed_by = f->closed_by;
	x->at_us = f->at_us;
	x->state = f->state;
	return 0;
}

/* ---- since when ---- */

/* mended_us: when hinoban put it right; 0: it has not. */
static void put_since(struct page *p, const struct found *x, const struct json *change,
                      int64_t mended_us)
{
	const struct json *approved = json_get(change, "approved");
	struct json *m = json_obj(p->a);
	struct ledger_since s;
	struct buf span;

	if (ledger_since(p->ledger, p->number, &s) < 0 || s.bad_us <= 0)
		return;
	buf_init(&span, 128);
	when_put(p->a, m, "good", s.good_us, WHEN_FULL, p->lang);
	when_put(p->a, m, "bad", s.bad_us, WHEN_FULL, p->lang);
	when_put(p->a, m, "told", x->at_us, WHEN_FULL, p->lang);
	json_put_bool(p->a, m, "nothing", approved && approved->kind == JSON_NULL);
	json_put_int(p->a, m, "good_seq", s.good_seq);
	json_put_int(p->a, m, "bad_seq", s.bad_seq);
	if (s.good_us > 0) {
		when_span(&span, s.bad_us - s.good_us, p->lang);
		json_put_slice(p->a, m, "gap", buf_slice(&span));
		buf_reset(&span);
	}
	if (mended_us >= s.bad_us)
		when_put(p->a, m, "mended", mended_us, WHEN_FULL, p->lang);
	else if (x->state == FINDING_OPEN) {
		when_span(&span, p->now - s.bad_us, p->lang);
		json_put_slice(p->a, m, "lasting", buf_slice(&span));
	}
	json_put(p->a, p->m, "since", m);
	buf_done(&span);
}

/* ---- the difference ---- */

/* Why there is no diff to be seen; NULL where there is one. */
static const char *no_diff(const struct diff *d, bool before, bool after)
{
	if (!before && !after)
		return "diff.none";
	if (!d)
		return "diff.notkept";
	if (d->state == DIFF_FAILED)
		return "diff.failed";
	return d->binary ? "diff.binary" : NULL;
}

/* True: ask again, a reader is at it. */
static bool put_diff(struct page *p, const struct json *change)
{
	struct hash was, is;
	bool before = evidence_hash(change, "approved", &was);
	bool after = evidence_hash(change, "present", &is);
	const struct diff *d = NULL;
	struct json *m;
	const char *none;

	if (before && after && hash_eq(&was, &is))
		return false; /* only rights or owner: the attributes say it */
	if (before || after)
		d = diff_want(&p->desk->diffs, p->desk->loop, p->ledger, before ? &was : NULL,
		              after ? &is : NULL, false);
	if (d && d->state == DIFF_WAITING)
		return true;
	none = no_diff(d, before, after);
	m = none ? json_obj(p->a) : diff_model(p->a, buf_slice(&d->text));
	if (none) {
		json_put_str(p->a, m, "none", none);
	} else {
		json_put_int(p->a, m, "added", d->added);
		json_put_int(p->a, m, "removed", d->removed);
		json_put_bool(p->a, m, "whole", !before);
		json_put_bool(p->a, m, "gone", !after);
	}
	json_put(p->a, p->m, "diff", m);
	return false;
}

/* ---- who, which request ---- */

static void put_request(struct page *p, const struct json *finding, const struct json *change)
{
	struct json *fact = evidence_request(p, finding, change);
	struct json *request, *m;
	int64_t us;
	double sure;

	if (!fact)
		return;
	m = json_obj(p->a);
	request = json_copy(p->a, json_get(fact, "request"));
	sure = json_real(request, "confidence", 0);
	json_put_int(p->a, m, "seq", fact_seq(fact));
	json_put_str(p->a, m, "sure", card_sure(sure));
	json_put_int(p->a, m, "percent", (int64_t)(sure * 100 + 0.5));
	if (clock_parse(json_text(request, "at"), &us))
		when_put(p->a, m, "when", us, WHEN_FULL, p->lang);
	if (request)
		json_put(p->a, m, "r", request);
	json_put(p->a, p->m, "request", m);
}

static void put_change(struct page *p, const struct json *finding, struct json *change)
{
	struct json *m = json_obj(p->a), *who = evidence_who(p, change);

	put_request(p, finding, change);
	json_put(p->a, m, "features", evidence_features(p, change));
	json_put(p->a, m, "attributes", evidence_attributes(p, change));
	json_put_bool(p->a, m, "scan", slice_eq(json_text(change, "found_by"), SLICE("scan")));
	json_put_int(p->a, m, "seq", fact_seq(change));
	if (who)
		json_put(p->a, m, "who", who);
	json_put(p->a, p->m, "change", m);
}

/* ---- evidence, proof ---- */

static struct json *ref_lines(struct page *p, const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	struct json *lines = json_arr(p->a);
	int n = 0;

	for (const struct json *r = refs ? refs->first : NULL; r && n < REFS_SHOWN;
	     r = r->next, n++) {
		struct json *to = r->kind == JSON_INT ? page_read(p, r->i) : NULL;

		if (to)
			json_push(lines, tell_fact(p, to, WHEN_FULL));
	}
	return lines;
}

struct done {
	struct page *p;
	struct json *lines;
	int64_t seen[REFS_SHOWN];
	int n;
	int64_t mended_us; /* the newest deed that was done */
};

/* Orders and deeds: what hinoban has done about it. */
static int add_done(void *ctx, int64_t seq, struct slice body)
{
	struct done *d = ctx;
	struct json *fact = json_parse(d->p->a, arena_copy(d->p->a, body), NULL);
	struct slice kind = json_text(fact, "kind");

	if (!slice_eq(kind, SLICE("order")) && !slice_eq(kind, SLICE("deed")))
		return 0;
	for (int i = 0; i < d->n; i++) {
		if (d->seen[i] == seq)
			return 0;
	}
	if (d->n == REFS_SHOWN)
		return 1;
	d->seen[d->n++] = seq;
	if (json_true(fact, "done"))
		d->mended_us = fact_at_us(fact);
	json_push(d->lines, tell_fact(d->p, fact, WHEN_FULL));
	return 0;
}

static int64_t put_done(struct page *p, const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	struct done d = {.p = p, .lines = json_arr(p->a)};

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next)
		ledger_referrers(p->ledger, r->i, add_done, &d);
	ledger_referrers(p->ledger, p->number, add_done, &d);
	json_put_bool(p->a, p->m, "acted", d.n > 0);
	json_put(p->a, p->m, "done", d.lines);
	return d.mended_us;
}

static void put_proof(struct page *p)
{
	struct ledger_head head;
	struct json *m;

	if (ledger_head(p->ledger, &head) < 0 || head.size < p->number)
		return;
	m = json_obj(p->a);
	json_put_int(p->a, m, "size", head.size);
	when_put(p->a, m, "when", head.at_us, WHEN_FULL, p->lang);
	json_put(p->a, p->m, "proof", m);
}

static void put_closed(struct page *p, const struct found *x)
{
	struct json *by = x->closed_by ? page_read(p, x->closed_by) : NULL;

	if (!by)
		return;
	json_put_bool(p->a, p->m, "newer", slice_eq(json_text(by, "kind"), SLICE("finding")));
	json_put(p->a, p->m, "closed", tell_fact(p, by, WHEN_FULL));
}

static bool load(struct page *p, struct found *x)
{
	*x = (struct found){.p = p};
	return ledger_finding_get(p->ledger, p->number, take, x) >= 0 && x->card && x->fact;
}

/* What it is about, and where that is shown. */
static void put_object(struct page *p, const struct json *fact)
{
	struct slice page = json_text(fact, "page"), root = json_text(fact, "root");
	bool file = slice_starts(root, SLICE("/"));

	json_put_slice(p->a, p->m, "path", card_path(p->a, fact));
	json_put_slice(p->a, p->m, "root", page.n ? page : root);
	json_put_bool(p->a, p->m, "file", file);
	json_put_bool(p->a, p->m, "page", page.n > 0);
	json_put_slice(p->a, p->m, "path_url",
	               page.n ? page_web_url(p, page)
	               : file ? page_file_url(p, root, json_text(fact, "path"))
	                      : SLICE("/news"));
}

/* Only what stands there can be approved. */
static void put_standing(struct page *p, const struct found *x, const struct json *change)
{
	int standing = ledger_standing(p->ledger, x->fact, change);

	json_put_bool(p->a, p->m, "so", standing == STANDS_SO);
	json_put_bool(p->a, p->m, "back", standing == STANDS_APPROVED);
	json_put_bool(p->a, p->m, "other", standing == STANDS_OTHER);
}

/* The whole page; true: not yet, a diff is being made. */
static bool fill(struct page *p, struct found *x)
{
	struct json *change = evidence_change(p, x->fact);
	const struct cases *cs = desk_cases(p->desk);
	const struct case_view *c;

	json_put(p->a, p->m, "card", x->card);
	json_put_int(p->a, p->m, "seq", p->number);
	json_put_bool(p->a, p->m, "open", x->state == FINDING_OPEN);
	put_object(p, x->fact);
	json_put_slice(p->a, p->m, "role_say",
	               arena_printf(p->a, "role.%.*s", SLICE_ARG(json_text(x->fact, "role"))));
	json_put_slice(p->a, p->m, "next",
	               json_text(x->fact, p->lang == LANG_JA ? "next.ja" : "next.en"));
	json_put_int(p->a, p->m, "updates", json_num(x->fact, "updates", 0));
	c = cs ? cases_of_finding(cs, p->number) : NULL;
	json_put_int(p->a, p->m, "case", c ? c->number : 0);
	put_since(p, x, change, put_done(p, x->fact));
	put_closed(p, x);
	put_proof(p);
	json_put(p->a, p->m, "refs", ref_lines(p, x->fact));
	if (!change)
		return false;
	put_standing(p, x, change);
	put_change(p, x->fact, change);
	return put_diff(p, change);
}

enum http_turn page_finding(struct page *p)
{
	struct found x;

	if (!load(p, &x))
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	return fill(p, &x) ? HTTP_WAIT : HTTP_DONE;
}

/* ---- words ---- */

/* Show the page with what was wrong about the form. */
static enum http_turn again(struct page *p, struct found *x)
{
	json_put_slice(p->a, p->m, "reason", form_field(p->a, p->rq->body, "reason"));
	fill(p, x); /* without waiting for a diff */
	return HTTP_DONE;
}

/*
 * What is approved is what was shown, and stands there: if the file has changed again since,
 * the person has not seen what they would approve.
 */
static struct json *shown(struct page *p, const struct found *x)
{
	struct json *change = evidence_change(p, x->fact);

	return change && form_number(p->a, p->rq->body, "fact", 0) == fact_seq(change) &&
	               ledger_standing(p->ledger, x->fact, change) == STANDS_SO
	           ? change
	           : NULL;
}

/* The word, or NULL: what is wrong with the form is said. */
static struct json *draft(struct page *p, const struct found *x)
{
	struct slice reason = page_word_field(p, "reason"), by;
	const struct json *present;
	struct json *change;

	if (x->state != FINDING_OPEN) {
		page_word_refuse(p, MHD_HTTP_CONFLICT, "refused.closed");
		return NULL;
	}
	if (reason.n == 0 || reason.n > WORD_REASON_MAX) {
		page_word_refuse(p, MHD_HTTP_BAD_REQUEST,
		                 reason.n ? "refused.long" : "refused.reason");
		return NULL;
	}
	if (!slice_ends(p->rq->path, SLICE("/approve"))) {
		by = page_word_by(p);
		return word_dismiss(p->a, p->number, by.n ? by : SLICE("console"), reason);
	}
	change = shown(p, x);
	if (!change) {
		page_word_refuse(p, MHD_HTTP_CONFLICT, "refused.moved");
		return NULL;
	}
	by = page_word_by(p);
	present = json_get(change, "present");
	return word_approve(p->a, x->fact,
	                    present && present->kind == JSON_OBJ ? present : NULL,
	                    by.n ? by : SLICE("console"), reason);
}

enum http_turn page_finding_word(struct page *p)
{
	struct json *word = NULL;
	struct found x;
	int64_t seq;

	if (!load(p, &x))
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	if (!p->rq->state) {
		word = draft(p, &x);
		if (!word)
			return again(p, &x);
	}
	switch (page_word_say(p, word, &seq)) {
	case PAGE_SAID_WAIT:
		return HTTP_WAIT;
	case PAGE_SAID_NOT:
		return again(p, &x);
	case PAGE_SAID_KEPT:
	default:
		return page_redirect(
		    p, arena_printf(p->a, "/finding/%lld#words", (long long)p->number));
	}
}
