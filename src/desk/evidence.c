#include "desk/evidence.h"
#include "fact/feature.h"
#include "fact/version.h"

#define REFS_READ   64
#define PARENTS_MAX 12

static bool is_type(const struct json *fact, const char *type)
{
	return fact && slice_eq(fact_type(fact), slice_str(type));
}

/* The newest fact of this type among the refs. */
static struct json *ref_of_type(struct page *p, const struct json *fact, const char *type)
{
	const struct json *refs = json_get(fact, "refs");
	struct json *best = NULL;
	int n = 0;

	for (const struct json *r = refs ? refs->first : NULL; r && n < REFS_READ;
	     r = r->next, n++) {
		struct json *to = r->kind == JSON_INT ? page_read(p, r->i) : NULL;

		if (is_type(to, type) && (!best || fact_seq(to) > fact_seq(best)))
			best = to;
	}
	return best;
}

struct json *evidence_change(struct page *p, const struct json *finding)
{
	return ref_of_type(p, finding, "file.changed");
}

struct search {
	struct page *p;
	struct json *found;
};

static int match_request(void *ctx, int64_t seq, struct slice body)
{
	struct search *s = ctx;
	struct json *fact = json_parse(s->p->a, arena_copy(s->p->a, body), NULL);

	(void)seq;
	if (is_type(fact, "file.request"))
		s->found = fact;
	return 0;
}

struct json *evidence_request(struct page *p, const struct json *finding,
                              const struct json *change)
{
	struct search s = {.p = p, .found = ref_of_type(p, finding, "file.request")};

	if (!s.found && change)
		ledger_referrers(p->ledger, fact_seq(change), match_request, &s);
	return s.found;
}

static struct json *process(struct page *p, const struct json *who, int depth, bool self)
{
	struct json *row = json_obj(p->a);

	json_put_slice(p->a, row, "depth", arena_printf(p->a, "d%d", depth));
	json_put_slice(p->a, row, "exe", json_text(who, "exe"));
	json_put_slice(p->a, row, "command", json_text(who, "command"));
	json_put_slice(p->a, row, "user", json_text(who, "user"));
	json_put_int(p->a, row, "pid", json_num(who, "pid", 0));
	json_put_bool(p->a, row, "self", self);
	json_put_bool(p->a, row, "worker", self && json_true(who, "worker"));
	return row;
}

struct json *evidence_who(struct page *p, const struct json *change)
{
	const struct json *who = json_get(change, "who"), *parents = json_get(who, "parents");
	const struct json *line[PARENTS_MAX];
	struct json *m = json_obj(p->a), *chain = json_arr(p->a);
	int n = 0, depth = 0;

	if (!who)
		return NULL;
	for (const struct json *e = parents ? parents->first : NULL; e && n < PARENTS_MAX;
	     e = e->next)
		line[n++] = e;
	while (n > 0)
		json_push(chain, process(p, line[--n], depth++, false));
	json_put_bool(p->a, m, "known", json_true(who, "known"));
	json_put_slice(p->a, m, "why", json_text(who, "why"));
	if (json_true(who, "known"))
		json_push(chain, process(p, who, depth, true));
	json_put(p->a, m, "chain", chain);
	json_put_bool(p->a, m, "worker", json_true(who, "worker"));
	return m;
}

static void add_feature(struct page *p, struct json *list, enum feature f, int64_t n)
{
	const struct feature_row *row = &feature_rows[f];
	struct json *e = json_obj(p->a);

	json_put_str(p->a, e, "text", p->lang == LANG_JA ? row->ja : row->en);
	json_put_bool(p->a, e, "strong", row->sort == FEATURE_STRONG);
	if (row->sort != FEATURE_MEASURED && n > 1)
		json_put_int(p->a, e, "n", n);
	json_push(list, e);
}

struct json *evidence_features(struct page *p, const struct json *change)
{
	const struct json *now = json_at(change, "content.features");
	const struct json *was = json_at(change, "approved_content.features");
	struct json *list = json_arr(p->a);

	for (enum feature f = 0; f < FEATURE_COUNT; f++) {
		int64_t more = json_num(now, feature_rows[f].name, 0) -
		               json_num(was, feature_rows[f].name, 0);
		/* A measure that grew a little says nothing. */
		bool little = feature_rows[f].sort == FEATURE_MEASURED &&
		              json_num(was, feature_rows[f].name, 0) > 0;

		if (more > 0 && !little)
			add_feature(p, list, f, more);
	}
	return list;
}

/* The member as text, whatever it is. */
static struct slice member(struct page *p, const struct json *state, const char *name)
{
	const struct json *v = json_get(state, name);

	if (!v)
		return SLICE("");
	if (v->kind == JSON_STR)
		return v->s;
	return v->kind == JSON_INT ? arena_printf(p->a, "%lld", (long long)v->i) : SLICE("");
}

static void put_attribute(struct page *p, struct json *list, const char *name,
                          struct slice before, struct slice after)
{
	struct json *row = json_obj(p->a);

	json_put_slice(p->a, row, "say", arena_printf(p->a, "attribute.%s", name));
	json_put_slice(p->a, row, "before", before);
	json_put_slice(p->a, row, "after", after);
	json_push(list, row);
}

/* Names of the extended attributes, joined by blanks. */
static struct slice attribute_names(struct page *p, const struct json *state)
{
	const struct json *all = json_get(state, "xattrs");
	struct slice out = SLICE("");

	for (const struct json *m = all ? all->first : NULL; m; m = m->next)
		out = arena_printf(p->a, "%.*s%s%.*s", SLICE_ARG(out), out.n ? " " : "",
		                   SLICE_ARG(m->name));
	return out;
}

struct json *evidence_attributes(struct page *p, const struct json *change)
{
	static const char *const names[] = {"class", "mode", "uid", "gid", "size", "target"};
	const struct json *was = json_get(change, "approved"),
	                  *now = json_get(change, "present");
	struct json *list = json_arr(p->a);

	if (!was || !now || was->kind != JSON_OBJ || now->kind != JSON_OBJ)
		return list;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice a = member(p, was, names[i]), b = member(p, now, names[i]);

		if (!slice_eq(a, b))
			put_attribute(p, list, names[i], a, b);
	}
	/* What they were before is told by a number only. */
	if (version_of(was, 0).attrs != version_of(now, 0).attrs)
		put_attribute(p, list, "xattrs", SLICE(""), attribute_names(p, now));
	return list;
}

bool evidence_hash(const struct json *change, const char *side, struct hash *out)
{
	const struct json *state = json_get(change, side);
	struct slice class = json_text(state, "class");

	if (!slice_eq(class, SLICE("file")) && !slice_eq(class, SLICE("link")))
		return false;
	return hash_unhex(json_text(state, "hash"), out);
}
