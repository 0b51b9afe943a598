/*
 * Documents: what others made public about it. Of a text of outside news that a finding of the
 * case names (news.vendor), the periods and dated events that a person confirmed or corrected;
 * nothing that only the reader believes.
 */
#include "report/digest.h"
#include "report/doc.h"
#include "report/news.h"

#include <string.h>

#define DAY 10 /* "2022-07-19" */

struct outside {
	struct doc *d;
	const struct json *read; /* news.read */
	struct json *list;
};

static const struct json *fact_of(struct doc *d, int64_t seq)
{
	struct buf b = {.max = FACT_MAX_BYTES};
	const struct json *f = NULL;

	if (seq > 0 && ledger_get(d->ledger, seq, &b) == 0)
		f = json_parse(d->mem, arena_copy(d->mem, buf_slice(&b)), NULL);
	buf_done(&b);
	return f;
}

/* A day that is known as one, as the documents write it; "" otherwise. */
static struct slice day_of(const struct outside *o, const struct json *told, const char *name)
{
	struct slice at = slice_sub(json_text(told, name), 0, DAY);

	return at.n == DAY ? doc_day_of(o->d, at) : SLICE("");
}

static void put(struct outside *o, const struct json *told, struct slice text)
{
	struct arena *a = o->d->mem;
	struct json *x = json_obj(a);
	struct slice link = json_text(o->read, "link");

	json_put_slice(a, x, "text", text);
	json_put_slice(a, x, "title", json_text(o->read, "title"));
	json_put_slice(a, x, "link", link);
	json_put_bool(a, x, "linked", link.n > 0);
	json_put_slice(a, x, "by", json_text(told, "judged_by"));
	json_put_int(a, x, "ref", json_num(told, "word", 0));
	json_put_int(a, x, "read", fact_seq(o->read));
	json_push(o->list, x);
}

static void put_period(struct outside *o, const struct json *told)
{
	struct slice from = day_of(o, told, "from"), to = day_of(o, told, "to");

	if (!from.n || !to.n)
		return;
	if (o->d->lang == DOC_JA)
		put(o, told,
		    arena_printf(o->d->mem, "対象とされた期間　%.*sから%.*sまで",
		                 SLICE_ARG(from), SLICE_ARG(to)));
	else
		put(o, told,
		    arena_printf(o->d->mem, "period affected: %.*s to %.*s", SLICE_ARG(from),
		                 SLICE_ARG(to)));
}

static void put_event(struct outside *o, const struct json *told)
{
	struct slice at = day_of(o, told, "at"),
	             act = digest_word(o->d->lang, json_text(told, "act"));

	if (at.n && act.n)
		put(o, told,
		    arena_printf(o->d->mem, "%.*s%s%.*s", SLICE_ARG(at),
		                 doc_say(o->d, "　", ": "), SLICE_ARG(act)));
}

static bool spoken_for(const struct json *told)
{
	struct slice verdict = json_text(told, "verdict");

	return slice_eq(verdict, SLICE("confirmed")) || slice_eq(verdict, SLICE("corrected"));
}

static void put_confirmed(struct outside *o)
{
	const struct json *told = news_judged(o->d->mem, o->d->ledger, o->read);
	const struct json *periods = json_get(told, "periods"),
	                  *events = json_get(told, "events");

	for (const struct json *x = periods ? periods->first : NULL; x; x = x->next)
		if (spoken_for(x))
			put_period(o, x);
	for (const struct json *x = events ? events->first : NULL; x; x = x->next)
		if (spoken_for(x))
			put_event(o, x);
}

/* Was this text told of already, by another finding of the case? */
static bool again(const struct outside *o, int64_t read)
{
	for (const struct json *x = o->list ? o->list->first : NULL; x; x = x->next)
		if (json_num(x, "read", 0) == read)
			return true;
	return false;
}

void doc_outside(struct doc *d)
{
	struct outside o = {.d = d,
	                    .list = json_put(d->mem, d->model, "outside", json_arr(d->mem))};
	bool internal = d->form && (slice_eq(slice_str(d->form->id), SLICE("management")) ||
	                            slice_eq(slice_str(d->form->id), SLICE("forensic")));

	for (size_t i = 0; i < d->c->findings; i++) {
		const struct json *f = d->c->finding[i].fact, *refs = json_get(f, "refs");

		if (d->c->finding[i].dismissed ||
		    !slice_eq(fact_type(f), SLICE("news.vendor")) || !refs || !refs->first)
			continue;
		o.read = fact_of(d, refs->first->i);
		if (o.read && !again(&o, fact_seq(o.read)))
			put_confirmed(&o);
	}
	json_put_bool(d->mem, d->model, "has_outside", doc_any(o.list));
	json_put_bool(d->mem, d->model, "internal", internal);
}
