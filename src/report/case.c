/* case: the fold's frame, and what persons say about cases. */
#include "report/case_parts.h"
#include <errno.h>
#include <string.h>

#define CASES_MEM_BYTES (1u << 30)

static const char *const state_names[] = {
    [CASE_OPEN] = "open",
    [CASE_CLOSED] = "closed",
    [CASE_DISMISSED] = "dismissed",
    [CASE_JOINED] = "joined",
};

static const char *const end_names[CASE_ENDS] = {
    [CASE_LASTS] = "lasts",     [CASE_RESTORED] = "restored", [CASE_HEALED] = "healed",
    [CASE_REMOVED] = "removed", [CASE_APPROVED] = "approved", [CASE_HELD] = "held",
};

static const char *const why_names[CASE_WHYS] = {
    [CASE_BY_FINDING] = "finding",
    [CASE_BY_CALL] = "call",
    [CASE_BY_PERSON] = "person",
};

const char *case_state_name(enum case_state s)
{
	return (unsigned)s <= CASE_JOINED ? state_names[s] : "unknown";
}

const char *case_end_name(enum case_end e)
{
	return (unsigned)e < CASE_ENDS ? end_names[e] : "unknown";
}

const char *case_why_name(enum case_why w)
{
	return (unsigned)w < CASE_WHYS ? why_names[w] : "unknown";
}

struct cases *cases_new(void)
{
	struct cases *cs = calloc(1, sizeof(*cs));

	if (cs)
		arena_init(&cs->mem, CASES_MEM_BYTES);
	return cs;
}

void cases_free(struct cases *cs)
{
	if (!cs)
		return;
	arena_done(&cs->mem);
	free(cs);
}

void *case_grow(struct arena *a, void *at, size_t n, size_t size)
{
	void *more;

	if (n && (n & (n - 1)) != 0)
		return at;
	more = arena_array(a, n ? 2 * n : 1, size);
	if (more && n)
		memcpy(more, at, n * size);
	return more;
}

size_t cases_count(const struct cases *cs)
{
	return cs->views;
}

const struct case_view *cases_get(const struct cases *cs, int64_t number)
{
	return number >= 1 && (size_t)number <= cs->views ? cs->view[number - 1] : NULL;
}

/* Each points to a case that was not joined itself when the word was said: no circles. */
const struct case_view *cases_final(const struct cases *cs, int64_t number)
{
	const struct case_view *c = cases_get(cs, number);

	while (c && c->state == CASE_JOINED)
		c = cases_get(cs, c->into);
	return c;
}

const struct case_trait *case_trait(const struct case_view *c, struct slice name)
{
	for (size_t i = 0; i < c->traits; i++) {
		if (slice_eq(c->trait[i].name, name))
			return &c->trait[i];
	}
	return NULL;
}

bool case_add_trait(struct cases *cs, struct case_view *c, struct case_trait t)
{
	if (!t.name.n || case_trait(c, t.name))
		return true;
	t.name = arena_copy(&cs->mem, t.name);
	return CASE_PUSH(cs, c->trait, c->traits, t);
}

bool case_put_trait(struct cases *cs, struct case_view *c, const char *name,
                    const struct json *fact)
{
	return case_add_trait(cs, c,
	                      (struct case_trait){.name = slice_str(name),
	                                          .at_us = fact_at_us(fact),
	                                          .seq = fact_seq(fact)});
}

bool case_add_start(struct cases *cs, struct case_view *c, struct case_start s)
{
	return CASE_PUSH(cs, c->start, c->starts, s);
}

struct case_view *case_new(struct cases *cs, const struct json *fact)
{
	struct case_view *c = arena_alloc(&cs->mem, sizeof(*c));

	if (!c)
		return NULL;
	c->opened_seq = fact_seq(fact);
	c->opened_us = fact_at_us(fact);
	c->severity = SEV_HIGH;
	if (!CASE_PUSH(cs, cs->view, cs->views, c))
		return NULL;
	c->number = (int64_t)cs->views;
	return c;
}

/* ---- words ---- */

/* The case that a word speaks of, as it is now; NULL: there is none. */
static struct case_view *about(struct cases *cs, const struct json *fact, const char *name)
{
	const struct case_view *c = cases_final(cs, json_num(fact, name, 0));

	return c ? cs->view[c->number - 1] : NULL;
}

static bool keep_word(struct cases *cs, struct case_view *c, const struct json *fact)
{
	const struct json *kept = json_copy(&cs->mem, fact);

	return kept && CASE_PUSH(cs, c->word, c->words, kept);
}

/* "known" where the word names it, else when it was said. */
static int64_t known_us(const struct json *fact, const char *name)
{
	int64_t us;

	return clock_parse(json_text(fact, name), &us) ? us : fact_at_us(fact);
}

static bool add_traits(struct cases *cs, struct case_view *c, const struct json *fact)
{
	const struct json *list = json_get(fact, "traits");
	struct case_trait t = {.at_us = known_us(fact, "known"), .seq = fact_seq(fact)};
	bool good = true;

	for (const struct json *i = list ? list->first : NULL; i && good; i = i->next) {
		t.name = i->kind == JSON_STR ? i->s : slice_str("");
		good = case_add_trait(cs, c, t);
	}
	return good;
}

/* Somebody called, or a person saw it: until they say otherwise, it is taken for an attack. */
static bool on_opened(struct cases *cs, const struct json *fact)
{
	struct slice from = json_text(fact, "from");
	struct case_view *c = case_new(cs, fact);
	struct case_start s = {.at_us = known_us(fact, "known"),
	                       .seq = fact_seq(fact),
	                       .why = from.n ? CASE_BY_CALL : CASE_BY_PERSON,
	                       .from = arena_copy(&cs->mem, from)};

	if (!c || !case_add_start(cs, c, s) || !add_traits(cs, c, fact) ||
	    !keep_word(cs, c, fact))
		return false;
	return c->traits || (case_put_trait(cs, c, "wrongful", fact) &&
	                     case_put_trait(cs, c, "money", fact));
}

static bool on_joined(struct cases *cs, const struct json *fact)
{
	struct case_view *to = about(cs, fact, "into"), *from = about(cs, fact, "case");
	int64_t finding = json_num(fact, "finding", 0);

	if (!to || to == from)
		return true;
	if (finding)
		case_move_finding(cs, to, finding);
	else if (!from)
		return true;
	else if (!case_take_over(cs, to, from))
		return false;
	if (from && !finding) {
		from->state = CASE_JOINED;
		from->into = to->number;
		from->ended_seq = fact_seq(fact);
		if (!keep_word(cs, from, fact))
			return false;
	}
	return keep_word(cs, to, fact);
}

/* The word is what opens the new case, even if none of the findings is there to be moved. */
static bool on_split(struct cases *cs, const struct json *fact)
{
	struct case_view *from = about(cs, fact, "case"), *c = case_new(cs, fact);
	const struct json *list = json_get(fact, "findings");
	struct case_start s = {.at_us = fact_at_us(fact), .seq = fact_seq(fact)};
	bool good = c != NULL;

	for (const struct json *f = good && list ? list->first : NULL; f; f = f->next) {
		if (f->kind == JSON_INT)
			case_move_finding(cs, c, f->i);
	}
	if (good && c->findings) {
		s.at_us = c->finding[0].at_us;
		s.seq = c->finding[0].seq;
	}
	for (size_t i = 0; from && good && i < from->traits; i++)
		good = case_add_trait(cs, c, from->trait[i]);
	good = good && case_add_start(cs, c, s) && keep_word(cs, c, fact);
	return good && (!from || keep_word(cs, from, fact));
}

static bool on_end(struct cases *cs, const struct json *fact, enum case_state to)
{
	struct case_view *c = about(cs, fact, "case");

	if (!c)
		return true;
	c->state = to;
	c->ended_seq = fact_seq(fact);
	return keep_word(cs, c, fact);
}

static bool on_closed(struct cases *cs, const struct json *fact)
{
	return on_end(cs, fact, CASE_CLOSED);
}

static bool on_dismissed(struct cases *cs, const struct json *fact)
{
	return on_end(cs, fact, CASE_DISMISSED);
}

static bool on_assigned(struct cases *cs, const struct json *fact)
{
	struct case_view *c = about(cs, fact, "case");

	if (!c)
		return true;
	c->assigned = arena_copy(&cs->mem, json_text(fact, "to"));
	return keep_word(cs, c, fact);
}

static bool on_noted(struct cases *cs, const struct json *fact)
{
	struct case_view *c = about(cs, fact, "case");

	return !c || (add_traits(cs, c, fact) && keep_word(cs, c, fact));
}

static bool on_filed(struct cases *cs, const struct json *fact)
{
	struct case_view *c = about(cs, fact, "case");
	struct case_receipt r = {.seq = fact_seq(fact),
	                         .at_us = known_us(fact, "filed"),
	                         .clock = arena_copy(&cs->mem, json_text(fact, "clock")),
	                         .receipt = arena_copy(&cs->mem, json_text(fact, "receipt"))};

	return !c || (CASE_PUSH(cs, c->receipt, c->receipts, r) && keep_word(cs, c, fact));
}

/* One start is set aside, with a reason: clocks run from the next. */
static bool on_clock(struct cases *cs, const struct json *fact)
{
	struct case_view *c = about(cs, fact, "case");
	int64_t start = json_num(fact, "start", 0);

	for (size_t i = 0; c && i < c->starts; i++) {
		if (c->start[i].seq == start)
			c->start[i].not_counted = fact_seq(fact);
	}
	return !c || keep_word(cs, c, fact);
}

static bool on_count(struct cases *cs, const struct json *fact)
{
	struct case_view *c = about(cs, fact, "case");
	const struct json *kept = c ? json_copy(&cs->mem, fact) : NULL;

	return !c || (kept && CASE_PUSH(cs, c->count, c->counts, kept));
}

/* ---- containment: what ends an exposure ---- */

static bool is_rehearsal(const struct cases *cs, int64_t order)
{
	for (size_t i = 0; i < cs->rehearsals; i++) {
		if (cs->rehearsal[i] == order)
			return true;
	}
	return false;
}

static bool on_order(struct cases *cs, const struct json *fact)
{
	return !json_true(fact, "rehearsal") ||
	       CASE_PUSH(cs, cs->rehearsal, cs->rehearsals, fact_seq(fact));
}

static bool on_contained(struct cases *cs, const struct json *fact)
{
	struct case_hold h = {.verb = arena_copy(&cs->mem, json_text(fact, "verb")),
	                      .root = arena_copy(&cs->mem, json_text(fact, "root")),
	                      .path = arena_copy(&cs->mem, json_text(fact, "path")),
	                      .from_us = fact_at_us(fact),
	                      .from_seq = fact_seq(fact)};

	if (!json_true(fact, "done") || slice_eq(h.verb, SLICE("confirm")) ||
	    slice_eq(h.verb, SLICE("freeze")) || is_rehearsal(cs, json_num(fact, "order", 0)))
		return true;
	return CASE_PUSH(cs, cs->hold, cs->holds, h);
}

static bool on_lifted(struct cases *cs, const struct json *fact)
{
	for (size_t i = cs->holds; json_true(fact, "done") && i-- > 0;) {
		struct case_hold *h = &cs->hold[i];

		if (h->to_us || !slice_eq(h->verb, json_text(fact, "verb")) ||
		    !slice_eq(h->path, json_text(fact, "path")))
			continue;
		h->to_us = fact_at_us(fact);
		break;
	}
	return true;
}

/* ---- the frame ---- */

static const struct {
	const char *type;
	bool (*take)(struct cases *cs, const struct json *fact);
} takes[] = {
    {"case.opened", on_opened},       {"case.joined", on_joined},
    {"case.split", on_split},         {"case.assigned", on_assigned},
    {"case.noted", on_noted},         {"case.closed", on_closed},
    {"case.dismissed", on_dismissed}, {"case.filed", on_filed},
    {"case.clock", on_clock},         {"count.scope", on_count},
    {"order.contain", on_order},      {"deed.contain", on_contained},
    {"deed.lift", on_lifted},
};
#define TAKES (sizeof(takes) / sizeof(takes[0]))

bool cases_wants(const struct fact_type *type)
{
	bool wanted = type->kind == FACT_FINDING || strcmp(type->type, "dismiss") == 0;

	for (size_t i = 0; i < TAKES && !wanted; i++)
		wanted = strcmp(type->type, takes[i].type) == 0;
	return wanted;
}

int cases_take(struct cases *cs, const struct json *fact)
{
	struct slice type = fact_type(fact);

	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		return case_take_finding(cs, fact);
	if (slice_eq(type, SLICE("dismiss")))
		return case_take_dismissal(cs, fact);
	for (size_t i = 0; i < TAKES; i++) {
		if (slice_eq(type, slice_str(takes[i].type)))
			return takes[i].take(cs, fact) ? 0 : -ENOMEM;
	}
	return 0;
}
