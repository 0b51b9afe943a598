#include "desk/tell.h"
#include "fact/version.h"

struct tone {
	const char *type, *tone;
};

/* Types not named here are quiet. */
static const struct tone tones[] = {
    {"role.died", "warn"},      {"reader.died", "warn"},
    {"watch.overflow", "warn"}, {"watch.unreadable", "warn"},
    {"watch.stopped", "warn"},  {"witness.failed", "warn"},
    {"disk.full", "warn"},      {"clock.jumped", "warn"},
    {"watch.started", "calm"},  {"baseline.done", "calm"},
    {"file.request", "note"},   {"deploy.started", "word"},
    {"deploy.ended", "word"},   {"approve", "word"},
    {"dismiss", "word"},        {"open.denied", "warn"},
    {"open.cut", "warn"},       {"open.late", "warn"},
    {"deed.heal", "calm"},      {"deed.quarantine", "calm"},
    {"gate.mode", "note"},      {"mode", "word"},
    {"contain", "word"},        {"lift", "word"},
    {"rehearsed", "word"},      {"deed.contain", "calm"},
    {"deed.lift", "calm"},      {"fence.denied", "warn"},
    {"fence.exec", "warn"},     {"fence.connect", "warn"},
    {"fence.learnt", "note"},   {"alert.failed", "warn"},
    {"alert.test", "word"},     {"case.opened", "warn"},
    {"alert.digest", "word"},   {"case.joined", "word"},
    {"case.split", "word"},     {"case.assigned", "word"},
    {"case.noted", "word"},     {"case.closed", "calm"},
    {"case.dismissed", "calm"}, {"case.filed", "calm"},
    {"case.clock", "word"},     {"news.read", "note"},
    {"report.field", "word"},   {"report.written", "word"},
};

static bool is_type(const struct json *fact, const char *type)
{
	return slice_eq(fact_type(fact), slice_str(type));
}

bool tell_expected(const struct json *fact)
{
	enum role r;

	return json_get(fact, "deploy") || !role_of(json_text(fact, "role"), &r) ||
	       !role_is_code(r);
}

static bool restored(const struct json *fact)
{
	const struct json *a = json_get(fact, "approved"), *b = json_get(fact, "present");

	return a && b && a->kind == JSON_OBJ && b->kind == JSON_OBJ && version_same(a, b);
}

const char *tell_tone(const struct json *fact)
{
	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		return "alarm";
	if (slice_eq(json_text(fact, "kind"), SLICE("deed")) && !json_true(fact, "done"))
		return "warn";
	if (is_type(fact, "file.changed"))
		return restored(fact) ? "calm" : tell_expected(fact) ? "quiet" : "warn";
	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		if (is_type(fact, tones[i].type))
			return tones[i].tone;
	}
	return "quiet";
}

/* The first of these that the change's `what` names says what sort of change it is. */
static const char *change(const struct json *fact)
{
	static const char *const order[] = {"created", "removed",    "renamed",
	                                    "class",   "content",    "mode",
	                                    "owner",   "attributes", "times"};
	const struct json *what = json_get(fact, "what");

	if (restored(fact))
		return "restored";
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		for (const struct json *w = what ? what->first : NULL; w; w = w->next) {
			if (w->kind == JSON_STR && slice_eq(w->s, slice_str(order[i])))
				return order[i];
		}
	}
	return "content";
}

/* Verbs that have sentences of their own, so that nobody need know the command's words. */
static bool has_words(const struct json *fact)
{
	static const char *const verbs[] = {"hold", "stop-payment", "stop-shop", "freeze",
	                                    "isolate"};
	struct slice type = fact_type(fact);

	if (!slice_eq(type, SLICE("contain")) && !slice_eq(type, SLICE("deed.contain")) &&
	    !slice_eq(type, SLICE("deed.lift")))
		return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (slice_eq(json_text(fact, "verb"), slice_str(verbs[i])))
			return true;
	}
	return false;
}

struct slice tell_key(struct arena *a, const struct json *fact)
{
	struct slice type = fact_type(fact);
	const char *more = "";

	if (slice_eq(json_text(fact, "kind"), SLICE("deed")) && !json_true(fact, "done"))
		return json_get(fact, "verb") ? SLICE("fact.deed.contain.failed")
		                              : SLICE("fact.deed.failed");
	if (has_words(fact))
		return arena_printf(a, "fact.%.*s.%.*s", SLICE_ARG(type),
		                    SLICE_ARG(json_text(fact, "verb")));
	if (is_type(fact, "file.changed"))
		more = change(fact);
	else if (is_type(fact, "approve") && json_at(fact, "state.class") == NULL)
		more = "absence";
	else if (is_type(fact, "open.denied"))
		return arena_printf(a, "fact.open.denied.%.*s",
		                    SLICE_ARG(json_text(fact, "why")));
	else if (is_type(fact, "fence.mode") && !json_true(fact, "stands"))
		more = "none";
	else if (is_type(fact, "ledger.opened") && json_true(fact, "recovered"))
		more = "recovered";
	return arena_printf(a, "fact.%.*s%s%s", SLICE_ARG(type), *more ? "." : "", more);
}

struct json *tell_fact(struct page *p, struct json *fact, enum when_form form)
{
	struct json *line = json_obj(p->a);
	bool finding = slice_eq(json_text(fact, "kind"), SLICE("finding"));
	struct slice path = json_text(fact, "path"), root = json_text(fact, "root");
	int64_t seq = fact_seq(fact);

	json_put_int(p->a, line, "seq", seq);
	json_put_slice(
	    p->a, line, "url",
	    arena_printf(p->a, "/%s/%lld", finding ? "finding" : "fact", (long long)seq));
	json_put_str(p->a, line, "tone", tell_tone(fact));
	json_put_slice(p->a, line, "say", tell_key(p->a, fact));
	when_put(p->a, line, "when", fact_at_us(fact), form, p->lang);
	if (path.n) {
		json_put_slice(p->a, line, "path", path);
		if (root.n)
			json_put_slice(p->a, line, "path_url", page_file_url(p, root, path));
	}
	json_put_slice(
	    p->a, line, "role_name",
	    lang_text(arena_printf(p->a, "role.%.*s", SLICE_ARG(json_text(fact, "role"))),
	              p->lang));
	if (finding)
		json_put_slice(p->a, line, "why",
		               json_text(fact, p->lang == LANG_JA ? "why.ja" : "why.en"));
	json_put(p->a, line, "f", fact);
	return line;
}
