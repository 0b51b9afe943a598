#include "judge/judge.h"
#include "judge/again.h"
#include "judge/files.h"
#include "judge/memory.h"
#include "judge/news.h"
#include "judge/pages.h"
#include <stdlib.h>

struct judge {
	struct memory *memory;
	struct pages *pages;
	struct again *again;
};

struct judge *judge_new(void)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->memory = memory_new();
	j->pages = pages_new();
	j->again = again_new();
	if (j->memory && j->pages && j->again)
		return j;
	judge_free(j);
	return NULL;
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	memory_free(j->memory);
	pages_free(j->pages);
	again_free(j->again);
	free(j);
}

static void put_signs(struct arena *a, struct json *draft, const struct verdict *v)
{
	struct json *list = json_put(a, draft, "signs", json_arr(a));

	for (size_t i = 0; i < v->signs.n; i++)
		json_push(list, json_str(a, slice_str(v->signs.spoke[i]->name)));
	for (size_t i = 0; i < v->alsos; i++)
		json_push(list, json_str(a, slice_str(v->also[i])));
}

static struct json *finding_draft(struct arena *a, const struct change *c,
                                  const struct verdict *v)
{
	struct words w = {v->event, c, &v->signs, v->sure, v->severity >= SEV_HIGH};
	struct json *draft = fact_draft(a, v->type);
	struct slice since = json_text(c->fact, "seen");

	json_put_slice(a, draft, "root", c->root);
	json_put_slice(a, draft, "path", c->path);
	json_put_str(a, draft, "role", role_name(c->role));
	json_put_str(a, draft, "severity", fact_severity_name(v->severity));
	json_put(a, draft, "confidence", json_dec(a, (double)(int)(v->sure * 100 + 0.5) / 100));
	json_put(a, draft, "why", words_why(a, &w));
	json_put(a, draft, "next", words_next(a, &w));
	json_put_slice(a, draft, "since", since.n ? since : json_text(c->fact, "at"));
	put_signs(a, draft, v);
	if (c->baseline)
		json_put_bool(a, draft, "at_baseline", true);
	fact_ref(a, draft, c->seq);
	return draft;
}

/*
 * That somebody keeps at it. Only what was as approved in between counts: a file that stands
 * altered and is edited further was altered once.
 */
static void judge_again(struct judge *j, struct arena *a, const struct change *c,
                        const struct verdict *now, struct json *out)
{
	struct memory_entry *standing = memory_find(j->memory, c->root, c->path);
	struct verdict v = {
	    .type = "file.contested", .event = WORDS_AGAIN, .severity = SEV_HIGH, .sure = 0.9};
	const struct again_entry *e;
	struct json *draft;

	if (!role_is_code(c->role) || c->baseline || c->hidden || (standing && !c->refused))
		return;
	e = again_note(j->again, c);
	if (!e)
		return;
	v.severity = now->severity > v.severity ? now->severity : v.severity;
	draft = finding_draft(a, c, &v);
	json_put_int(a, draft, "times", (int64_t)e->n);
	json_put(a, draft, "who", c->who ? json_copy(a, c->who) : json_null(a));
	for (size_t i = 0; i < AGAIN_TIMES; i++) {
		if (e->seq[i] != c->seq)
			fact_ref(a, draft, e->seq[i]);
	}
	json_push(out, draft);
}

/* The same state was found already (perhaps dismissed since): say nothing again. */
static bool already_found(struct judge *j, const struct change *c)
{
	struct memory_entry *e = memory_find(j->memory, c->root, c->path);
	struct hash is = memory_fingerprint(c);

	return e && hash_eq(&e->seen, &is);
}

static void judge_sighting(struct judge *j, struct arena *a, const struct json *fact,
                           struct json *out)
{
	struct memory_entry *before;
	struct verdict v;
	struct change c;
	struct json *draft;

	if (!change_of(fact, &c))
		return;
	files_judge(&c, &v);
	if (!v.type) {
		memory_forget(j->memory, c.root, c.path);
		return;
	}
	judge_again(j, a, &c, &v, out);
	if (already_found(j, &c) || (c.refused && memory_find(j->memory, c.root, c.path)))
		return;
	draft = finding_draft(a, &c, &v);
	before = memory_find(j->memory, c.root, c.path);
	if (before && before->finding_seq)
		json_put_int(a, draft, "updates", before->finding_seq);
	if (a->broken || !memory_put(j->memory, &c, draft))
		return;
	json_push(out, draft);
}

/* The ledger tells a finding of ours: now it has a number that later ones can name. */
static void learn_number(struct judge *j, const struct json *fact)
{
	struct memory_entry *e =
	    memory_find(j->memory, json_text(fact, "root"), json_text(fact, "path"));
	const struct json *refs = json_get(fact, "refs");

	if (e && refs && refs->first && refs->first->kind == JSON_INT &&
	    refs->first->i == e->change_seq &&
	    !slice_eq(fact_type(fact), SLICE("file.contested")))
		e->finding_seq = fact_seq(fact);
}

static void add_request(struct arena *a, struct json *draft, const struct json *fact)
{
	const struct json *request = json_get(fact, "request");
	struct json *why = words_why_request(a, json_get(draft, "why"), request);

	json_put(a, draft, "why", why);
	json_put(a, draft, "request", json_copy(a, request));
	fact_ref(a, draft, fact_seq(fact));
}

/* The request that wrote the file has become known: the finding, said again with it. */
static void judge_request(struct judge *j, struct arena *a, const struct json *fact,
                          struct json *out)
{
	const struct json *refs = json_get(fact, "refs");
	struct memory_entry *e = NULL;
	struct json *draft;

	if (refs && refs->first && refs->first->kind == JSON_INT)
		e = memory_by_change(j->memory, refs->first->i);
	if (!e || e->explained || json_real(fact, "request.confidence", 0) <= 0)
		return;
	draft = json_copy(a, json_parse(a, slice_mem(e->draft, e->draft_bytes), NULL));
	if (!draft)
		return;
	if (e->finding_seq)
		json_put_int(a, draft, "updates", e->finding_seq);
	add_request(a, draft, fact);
	if (a->broken)
		return;
	e->explained = true;
	json_push(out, draft);
}

/* A person approved this path: what comes next there is news again. */
static void learn_approval(struct judge *j, const struct json *fact)
{
	memory_forget(j->memory, json_text(fact, "root"), json_text(fact, "path"));
}

struct json *judge_fact(struct judge *j, struct arena *a, const struct json *fact)
{
	struct json *out = json_arr(a);
	struct slice type = fact_type(fact);
	enum fact_kind kind;

	if (!out || !fact_kind_of(json_text(fact, "kind"), &kind))
		return out;
	if (kind == FACT_FINDING)
		learn_number(j, fact);
	else if (slice_eq(type, SLICE("file.request")))
		judge_request(j, a, fact, out);
	else if (slice_eq(type, SLICE("approve")))
		learn_approval(j, fact);
	else if (kind == FACT_SIGHTING || kind == FACT_ORDER)
		judge_sighting(j, a, fact, out);
	pages_fact(j->pages, a, fact, out);
	news_fact(a, fact, out);
	return a->broken ? NULL : out;
}
