/* case_group: which case a finding belongs to. */
#include "report/case_parts.h"
#include <errno.h>
#include <string.h>

/* What hinoban takes for a trace of theft from a page that asks for data, or of a way in. */
static const struct {
	const char *type;
	const char *role; /* "": any */
	enum fact_severity least;
} suspicions[] = {
    {"file.tampered", "payment", SEV_MEDIUM},
    {"file.planted", "payment", SEV_MEDIUM},
    {"file.tampered", "", SEV_CRITICAL},
    {"file.planted", "", SEV_CRITICAL},
    {"upload.code", "", SEV_MEDIUM},
    {"page.flow", "", SEV_INFO},
    {"page.opaque", "", SEV_INFO},
    {"page.form", "", SEV_INFO},
    {"page.field", "", SEV_INFO},
};

static enum fact_severity severity_of(const struct json *finding)
{
	enum fact_severity s = SEV_INFO;

	fact_severity_of(json_text(finding, "severity"), &s);
	return s;
}

bool case_suspicion(const struct json *finding)
{
	for (size_t i = 0; i < sizeof(suspicions) / sizeof(suspicions[0]); i++) {
		struct slice role = slice_str(suspicions[i].role);

		if (slice_eq(fact_type(finding), slice_str(suspicions[i].type)) &&
		    (!role.n || slice_eq(json_text(finding, "role"), role)) &&
		    severity_of(finding) >= suspicions[i].least)
			return true;
	}
	return false;
}

/* ---- what two findings have in common ---- */

static struct slice object_of(const struct json *fact)
{
	struct slice page = json_text(fact, "page");

	return page.n ? page : json_text(fact, "path");
}

static bool same_object(const struct json *a, const struct json *b)
{
	struct slice object = object_of(a);

	return object.n && slice_eq(object, object_of(b)) &&
	       slice_eq(json_text(a, "root"), json_text(b, "root"));
}

static bool same_actor(const struct json *a, const struct json *b)
{
	struct slice client = json_text(a, "request.client");

	return client.n && slice_eq(client, json_text(b, "request.client"));
}

static int64_t first_ref(const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");

	return refs && refs->first && refs->first->kind == JSON_INT ? refs->first->i : 0;
}

static bool near(int64_t a, int64_t b)
{
	return (a < b ? b - a : a - b) <= CASE_NEAR_US;
}

static bool belongs(const struct case_view *c, const struct json *fact)
{
	if (c->state != CASE_OPEN)
		return false;
	if (c->newest_us && near(c->newest_us, fact_at_us(fact)))
		return true;
	for (size_t i = c->findings; i-- > 0;) {
		if (same_object(c->finding[i].fact, fact) ||
		    same_actor(c->finding[i].fact, fact))
			return true;
	}
	return false;
}

/* ---- members ---- */

bool case_add_finding(struct cases *cs, struct case_view *c, const struct case_finding *f)
{
	enum fact_severity s = severity_of(f->fact);

	if (!CASE_PUSH(cs, c->finding, c->findings, *f))
		return false;
	if (f->at_us > c->newest_us)
		c->newest_us = f->at_us;
	if (c->findings == 1 || s > c->severity)
		c->severity = s;
	return true;
}

/* Where a finding is: the case and its place, or false. Found backwards: new ones are asked
 * for.
 */
static bool find(const struct cases *cs, int64_t seq, struct case_view **c, size_t *at)
{
	for (size_t n = seq > 0 ? cs->views : 0; n-- > 0;) {
		struct case_view *v = cs->view[n];

		for (size_t i = v->state == CASE_JOINED ? 0 : v->findings; i-- > 0;) {
			if (v->finding[i].seq != seq)
				continue;
			*c = v;
			*at = i;
			return true;
		}
	}
	return false;
}

const struct case_view *cases_of_finding(const struct cases *cs, int64_t seq)
{
	struct case_view *c = NULL;
	size_t at;

	return find(cs, seq, &c, &at) ? c : NULL;
}

static struct case_loose *loose_of(struct cases *cs, int64_t seq)
{
	for (size_t i = cs->looses; i-- > 0;) {
		if (cs->loose[i].f.seq == seq && !cs->loose[i].taken)
			return &cs->loose[i];
	}
	return NULL;
}

bool case_move_finding(struct cases *cs, struct case_view *c, int64_t seq)
{
	struct case_loose *loose = loose_of(cs, seq);
	struct case_view *from = NULL;
	struct case_finding f;
	size_t at;

	if (loose) {
		loose->taken = true;
		return case_add_finding(cs, c, &loose->f);
	}
	if (!find(cs, seq, &from, &at) || from == c)
		return false;
	f = from->finding[at];
	memmove(from->finding + at, from->finding + at + 1,
	        (from->findings - at - 1) * sizeof(f));
	from->findings--;
	return case_add_finding(cs, c, &f);
}

bool case_take_over(struct cases *cs, struct case_view *to, struct case_view *from)
{
	bool good = true;

	for (size_t i = 0; i < from->findings && good; i++)
		good = case_add_finding(cs, to, &from->finding[i]);
	for (size_t i = 0; i < from->starts && good; i++)
		good = case_add_start(cs, to, from->start[i]);
	for (size_t i = 0; i < from->receipts && good; i++)
		good = CASE_PUSH(cs, to->receipt, to->receipts, from->receipt[i]);
	for (size_t i = 0; i < from->traits && good; i++)
		good = case_add_trait(cs, to, from->trait[i]);
	for (size_t i = 0; i < from->counts && good; i++)
		good = CASE_PUSH(cs, to->count, to->counts, from->count[i]);
	return good;
}

/* ---- a new finding ---- */

/* The case of the finding that this one says again: about the same change, with more known. */
static struct case_view *said_again(struct cases *cs, const struct json *fact)
{
	struct case_view *c = NULL;
	size_t at;

	if (!find(cs, json_num(fact, "updates", 0), &c, &at) ||
	    c->finding[at].change != first_ref(fact))
		return NULL;
	return c;
}

static struct case_view *open_case(struct cases *cs, const struct json *fact)
{
	for (size_t n = cs->views; n-- > 0;) {
		if (belongs(cs->view[n], fact))
			return cs->view[n];
	}
	return NULL;
}

/* What was grave, a little before or by the same hand, is seen in another light now. */
static bool adopt(struct cases *cs, struct case_view *c, const struct json *fact)
{
	bool good = true;

	for (size_t i = 0; i < cs->looses && good; i++) {
		struct case_loose *l = &cs->loose[i];

		if (l->taken || (!near(l->f.at_us, fact_at_us(fact)) &&
		                 !same_actor(l->f.fact, fact) && !same_object(l->f.fact, fact)))
			continue;
		l->taken = true;
		good = case_add_finding(cs, c, &l->f);
	}
	return good;
}

static struct case_view *begin(struct cases *cs, const struct json *fact)
{
	struct case_view *c = case_new(cs, fact);
	struct case_start s = {
	    .at_us = fact_at_us(fact), .seq = fact_seq(fact), .why = CASE_BY_FINDING};
	bool good = c && case_add_start(cs, c, s) && adopt(cs, c, fact);

	return good && case_put_trait(cs, c, "wrongful", fact) ? c : NULL;
}

/*
 * Which request did it is often known only a moment later, when the finding is said again with
 * it. If that address has an older case that is open, the case that the finding opened is a
 * part of it.
 */
static struct case_view *older_of_actor(struct cases *cs, const struct case_view *c,
                                        const struct json *fact)
{
	for (size_t n = 0; c->state == CASE_OPEN && n + 1 < (size_t)c->number; n++) {
		struct case_view *v = cs->view[n];

		for (size_t i = 0; v->state == CASE_OPEN && i < v->findings; i++) {
			if (same_actor(v->finding[i].fact, fact))
				return v;
		}
	}
	return NULL;
}

/* The case is taken up into an older one; the number stays its own. */
static bool fold_into(struct cases *cs, struct case_view *to, struct case_view *c, int64_t by)
{
	if (!case_take_over(cs, to, c))
		return false;
	c->state = CASE_JOINED;
	c->into = to->number;
	c->ended_seq = by;
	return true;
}

/* Code that takes cards, or a page that does: what leaks there may cost people money. */
static bool money(const struct json *fact)
{
	return slice_eq(json_text(fact, "role"), SLICE("payment")) ||
	       slice_starts(fact_type(fact), SLICE("page."));
}

struct slice case_subject(const struct case_view *c)
{
	const struct json *best = NULL;

	for (size_t i = 0; i < c->findings; i++) {
		const struct json *f = c->finding[i].fact;

		if (!best || (money(f) && c->finding[i].suspicion && !money(best)))
			best = c->finding[i].suspicion || !best ? f : best;
	}
	for (size_t i = 0; !best && i < c->starts; i++) {
		if (c->start[i].from.n)
			return c->start[i].from;
	}
	return object_of(best);
}

int case_take_finding(struct cases *cs, const struct json *fact)
{
	struct case_finding f = {.seq = fact_seq(fact),
	                         .at_us = fact_at_us(fact),
	                         .change = first_ref(fact),
	                         .suspicion = case_suspicion(fact)};
	struct case_view *c = said_again(cs, fact), *older = NULL;

	if (c)
		older = older_of_actor(cs, c, fact);
	if (older && !fold_into(cs, older, c, f.seq))
		return -ENOMEM;
	if (older)
		c = older;
	if (!f.suspicion && !c && severity_of(fact) < SEV_HIGH)
		return 0;
	f.fact = json_copy(&cs->mem, fact);
	if (!f.fact)
		return -ENOMEM;
	if (!c)
		c = open_case(cs, fact);
	if (!c && !f.suspicion)
		return CASE_PUSH(cs, cs->loose, cs->looses, (struct case_loose){.f = f})
		           ? 0
		           : -ENOMEM;
	if (!c)
		c = begin(cs, f.fact);
	if (!c || !case_add_finding(cs, c, &f) ||
	    (f.suspicion && money(fact) && !case_put_trait(cs, c, "money", fact)))
		return -ENOMEM;
	return 0;
}

/* ---- a person says that a finding is harmless ---- */

/* The console's own name is nobody's, and root's is everybody's. */
static bool named(const struct json *word)
{
	struct slice by = slice_trim(json_text(word, "by"));

	return by.n && !slice_eq(by, SLICE("console")) && !slice_eq(by, SLICE("root"));
}

static bool harmless(const struct case_view *c)
{
	for (size_t i = 0; i < c->starts; i++) {
		if (c->start[i].why != CASE_BY_FINDING)
			return false;
	}
	for (size_t i = 0; i < c->findings; i++) {
		if (c->finding[i].suspicion && !c->finding[i].dismissed)
			return false;
	}
	return c->findings > 0;
}

int case_take_dismissal(struct cases *cs, const struct json *fact)
{
	int64_t seq = json_num(fact, "finding", 0), change;
	struct case_view *c = NULL;
	size_t at;

	if (!named(fact) || !find(cs, seq, &c, &at))
		return 0;
	/* Said again, it is one finding: its earlier words are dismissed with it. */
	change = c->finding[at].change;
	for (size_t i = 0; i < c->findings; i++) {
		if (c->finding[i].seq == seq || (change && c->finding[i].change == change))
			c->finding[i].dismissed = fact_seq(fact);
	}
	if (c->state == CASE_OPEN && harmless(c)) {
		c->state = CASE_DISMISSED;
		c->ended_seq = fact_seq(fact);
	}
	return 0;
}
