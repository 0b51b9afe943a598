/* pages_compare: what a record says that the one before did not. */
#include "base/url.h"
#include "judge/pages_parts.h"

#define THEFT_SURE 0.9

static struct slice nothing(void)
{
	return slice_str("");
}

/* A row of the table with its own severity and certainty. */
static struct pages_said of(struct pages_case *c, enum pages_event event, struct slice subject)
{
	return (struct pages_said){.event = event,
	                           .page = c->page,
	                           .arm = c->arm,
	                           .subject = subject,
	                           .extra = {nothing(), nothing()},
	                           .severity = pages_rows[event].severity,
	                           .sure = pages_rows[event].sure,
	                           .refs = {c->seq},
	                           .refs_n = 1};
}

static void say(struct pages_case *c, enum pages_event event, const struct pages_item *it)
{
	pages_say(c, of(c, event, it->subject), it->value);
}

static enum allowed_how leave_of(struct pages_case *c, const struct pages_item *it)
{
	return allowed_is(c->p->allowed, "script", c->page, it->subject, it->hash, it->value,
	                  NULL);
}

/* ---- scripts ---- */

/* Is there more to it than that it sends what is typed, as honest lookups do? */
static bool hides(const struct signs *signs)
{
	static const char *const open[] = {"card_theft", "sent_away", "typing_theft"};
	size_t plain = 0, grave = 0;

	for (size_t i = 0; i < signs->n; i++) {
		if (signs->spoke[i]->severity < SEV_HIGH)
			continue;
		grave++;
		for (size_t k = 0; k < sizeof(open) / sizeof(open[0]); k++)
			plain += strcmp(signs->spoke[i]->name, open[k]) == 0;
	}
	return grave > plain;
}

/* Says that it is theft where what it gained shows that; else false. */
static bool theft(struct pages_case *c, const struct pages_item *was,
                  const struct pages_item *is)
{
	struct pages_said s = of(c, EV_SCRIPT_THEFT, is->subject);
	struct signs signs;

	if (!pages_gained(c->p, was ? was->hash : (struct slice){0}, is->hash, &signs,
	                  &s.extra[0], &s.extra[1], c->a) ||
	    signs.severity < SEV_CRITICAL || signs.sure < THEFT_SURE)
		return false;
	if (hides(&signs)) {
		s.sure = signs.sure > 0.99 ? 0.99 : signs.sure;
	} else {
		s.event = EV_SCRIPT_SENDS;
		s.severity = pages_rows[EV_SCRIPT_SENDS].severity;
		s.sure = pages_rows[EV_SCRIPT_SENDS].sure;
	}
	pages_say(c, s, is->hash);
	return true;
}

static bool same_code(struct slice a, struct slice b)
{
	size_t dot = slice_chr(a, '.');

	return dot != SIZE_MAX && slice_eq(slice_sub(a, 0, dot), slice_sub(b, 0, dot));
}

static void script_changed(struct pages_case *c, const struct pages_item *was,
                           const struct pages_item *is)
{
	enum allowed_how leave = leave_of(c, is);

	if (leave == ALLOWED_EXEMPT || leave == ALLOWED_GIVEN || theft(c, was, is))
		return;
	/* A vendor's release: what it does is judged above and by the twins, not that it is. */
	if (leave == ALLOWED_BY_RULE) {
		if (same_code(was->value, is->value)) {
			struct pages_said s = of(c, EV_SCRIPT_MOVED, is->subject);

			pages_say(c, s, is->value);
		}
		return;
	}
	if (same_code(was->value, is->value)) {
		say(c, EV_SCRIPT_MOVED, is);
	} else {
		struct pages_said s = of(c, EV_SCRIPT_CHANGED, is->subject);

		if (leave == ALLOWED_OUTDATED)
			s.severity = SEV_HIGH;
		pages_say(c, s, is->value);
	}
}

static bool host_known(struct pages_case *c, struct slice subject)
{
	struct slice host = url_host(subject);

	for (size_t i = 0; i < c->old.n; i++) {
		if (c->old.item[i].kind <= PAGES_EVAL &&
		    slice_eq(url_host(c->old.item[i].subject), host))
			return true;
	}
	return false;
}

static void script_new(struct pages_case *c, const struct pages_item *is)
{
	enum allowed_how leave = leave_of(c, is);
	struct pages_said s = of(c, EV_SCRIPT_NEW, is->subject);

	if (leave == ALLOWED_REFUSED || leave == ALLOWED_EXEMPT || leave == ALLOWED_GIVEN ||
	    theft(c, NULL, is) || leave == ALLOWED_BY_RULE)
		return;
	if (leave == ALLOWED_OUTDATED)
		s.event = EV_SCRIPT_CHANGED;
	if (is->third && !host_known(c, is->subject)) {
		s.sure = 0.5;
		s.extra[0] = SLICE(" It comes from a server that this page never loaded from.");
		s.extra[1] =
		    SLICE("このページが一度も読み込んだことのないサーバーのものです。");
	}
	pages_say(c, s, is->value);
}

static void refused(struct pages_case *c, const struct pages_item *is)
{
	if (is->kind <= PAGES_EVAL && leave_of(c, is) == ALLOWED_REFUSED)
		pages_say(c, of(c, EV_SCRIPT_REFUSED, is->subject), nothing());
}

/* ---- headers ---- */

static bool is_csp(struct slice name)
{
	return slice_eq(name, SLICE("content-security-policy"));
}

/* The sources of one directive, empty where there is none. */
static struct slice directive(struct slice policy, const char *name)
{
	struct slice want = slice_str(name);

	while (policy.n) {
		size_t end = slice_chr(policy, ';');
		struct slice part = slice_trim(slice_sub(policy, 0, end));

		if (slice_starts(part, want) && (part.n == want.n || part.at[want.n] == ' '))
			return slice_trim(slice_sub(part, want.n, part.n));
		policy =
		    end == SIZE_MAX ? (struct slice){0} : slice_sub(policy, end + 1, policy.n);
	}
	return (struct slice){0};
}

static bool has_source(struct slice sources, struct slice want)
{
	while (sources.n) {
		size_t end = slice_chr(sources, ' ');

		if (slice_caseeq(slice_sub(sources, 0, end), want))
			return true;
		sources = end == SIZE_MAX ? (struct slice){0}
		                          : slice_trim(slice_sub(sources, end + 1, sources.n));
	}
	return false;
}

/* A source in the new list that the old one lacks, hashes and nonces aside; or a lost one. */
static bool looser(struct slice was, struct slice is)
{
	if (was.n && !is.n)
		return true;
	for (struct slice rest = is; was.n && rest.n;) {
		size_t end = slice_chr(rest, ' ');
		struct slice source = slice_sub(rest, 0, end);

		if (!slice_starts(source, SLICE("'sha")) &&
		    !slice_starts(source, SLICE("'nonce")) &&
		    !slice_starts(source, SLICE("'report")) &&
		    !slice_eq(source, SLICE("'self'")) && !slice_eq(source, SLICE("'none'")) &&
		    !has_source(was, source))
			return true;
		rest = end == SIZE_MAX ? (struct slice){0}
		                       : slice_trim(slice_sub(rest, end + 1, rest.n));
	}
	return false;
}

/* What keeps scripts from running and cards from leaving. */
static bool weaker(struct slice was, struct slice is)
{
	static const char *const names[] = {"default-src", "script-src",     "script-src-elem",
	                                    "connect-src", "form-action",    "frame-src",
	                                    "img-src",     "object-src",     "base-uri",
	                                    "worker-src",  "frame-ancestors"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (looser(directive(was, names[i]), directive(is, names[i])))
			return true;
	}
	return false;
}

static bool header_known(struct pages_case *c, const struct pages_item *it)
{
	return allowed_is(c->p->allowed, "header", c->page, it->subject, it->value, it->value,
	                  NULL) == ALLOWED_GIVEN;
}

static void header_changed(struct pages_case *c, const struct pages_item *was,
                           const struct pages_item *is)
{
	if (header_known(c, is))
		return;
	if (is_csp(is->subject))
		say(c, weaker(was->value, is->value) ? EV_CSP_WEAK : EV_HEADER_CHANGED, is);
	else if (!slice_eq(is->subject, SLICE("set-cookie")))
		say(c, EV_HEADER_CHANGED, is);
}

static void header_gone(struct pages_case *c, const struct pages_item *was)
{
	/* Of a document that this visit had no need of (who is a member need not register). */
	struct slice document = slice_sub(was->key, 0, was->key.n - was->subject.n);
	enum allowed_how leave = allowed_is(c->p->allowed, "header", c->page, was->subject,
	                                    nothing(), nothing(), NULL);

	if (leave == ALLOWED_BY_RULE || slice_eq(was->subject, SLICE("set-cookie")) ||
	    !was->subject.n || !pages_find(&c->new, PAGES_HEADER, document))
		return;
	say(c, is_csp(was->subject) ? EV_CSP_GONE : EV_HEADER_GONE, was);
}

/* ---- the rest ---- */

/* How many fields of a kind there are, in whatever frames. */
static size_t fields(const struct pages_list *l, struct slice kind)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->item[i].kind == PAGES_FIELD && slice_eq(l->item[i].subject, kind))
			n += l->item[i].value.n;
	}
	return n;
}

static void field(struct pages_case *c, const struct pages_item *was,
                  const struct pages_item *is)
{
	size_t before = fields(&c->old, is->subject);

	if (is->odd && !(was && was->odd))
		pages_say(c, of(c, EV_COVERED, is->subject), is->key);
	if (c->first || (was && is->value.n <= was->value.n))
		return;
	/* Those that were in another frame may just have moved here. */
	if (before && fields(&c->new, is->subject) > before)
		pages_say(c, of(c, EV_DOUBLED, is->subject), is->key);
}

/* Did another party's frame go when this one came? */
static bool took_a_place(struct pages_case *c)
{
	for (size_t i = 0; i < c->old.n; i++) {
		const struct pages_item *it = &c->old.item[i];

		if (it->kind == PAGES_FRAME && it->third &&
		    !pages_find(&c->new, PAGES_FRAME, it->key))
			return true;
	}
	return false;
}

static void frame_new(struct pages_case *c, const struct pages_item *is)
{
	enum allowed_how leave = allowed_is(c->p->allowed, "frame", c->page, is->subject,
	                                    nothing(), nothing(), NULL);

	if (!is->third || leave == ALLOWED_BY_RULE || leave == ALLOWED_EXEMPT)
		return;
	for (size_t i = 0; i < c->old.n; i++) {
		if (c->old.item[i].kind == PAGES_FRAME &&
		    slice_eq(url_host(c->old.item[i].subject), url_host(is->subject)))
			return; /* another page of the same provider */
	}
	say(c, took_a_place(c) ? EV_FRAME : EV_FRAME_NEW, is);
}

static void form_changed(struct pages_case *c, const struct pages_item *is)
{
	struct pages_said s = of(c, EV_FORM, is->subject);

	if (allowed_is(c->p->allowed, "form", c->page, is->subject, nothing(), nothing(),
	               NULL) == ALLOWED_BY_RULE)
		return;
	if (!is->third) {
		s.severity = SEV_MEDIUM;
		s.sure = 0.4;
	}
	pages_say(c, s, is->value);
}

static bool heard_before(struct pages_case *c, const struct pages_item *is)
{
	for (size_t i = 0; i < c->old.n; i++) {
		const struct pages_item *it = &c->old.item[i];

		if (it->kind == is->kind && slice_eq(it->subject, is->subject))
			return true;
	}
	return false;
}

/* Which of its events a vendor listens to is its business; that it begins to is not. */
static void listener_new(struct pages_case *c, const struct pages_item *is)
{
	enum allowed_how leave = allowed_is(c->p->allowed, "script", c->page, is->subject,
	                                    nothing(), nothing(), NULL);
	struct pages_said s = of(c, EV_LISTENER, is->subject);

	if (heard_before(c, is) || leave == ALLOWED_BY_RULE || leave == ALLOWED_EXEMPT)
		return;
	s.extra[0] = arena_printf(c->a, " (%.*s)", SLICE_ARG(is->value));
	s.extra[1] = arena_printf(c->a, "（%.*s）", SLICE_ARG(is->value));
	pages_say(c, s, is->value);
}

/* Was this very content authorised, or is it 3-D Secure? What it does with the card is known.
 */
static bool known_well(struct pages_case *c, struct slice subject)
{
	const struct pages_item *script = pages_find(&c->new, PAGES_SCRIPT, subject);
	enum allowed_how leave = script ? leave_of(c, script)
	                                : allowed_is(c->p->allowed, "script", c->page, subject,
	                                             nothing(), nothing(), NULL);

	return leave == ALLOWED_EXEMPT || leave == ALLOWED_GIVEN;
}

/* All that a script newly does with the card, told at once; at its first item. */
static void touch_new(struct pages_case *c, const struct pages_item *is)
{
	struct pages_said s = of(c, EV_TOUCH, is->subject);
	struct slice list = {0};

	if (known_well(c, is->subject))
		return;
	for (size_t i = 0; i < c->new.n; i++) {
		const struct pages_item *it = &c->new.item[i];

		if (it->kind != PAGES_TOUCH || !slice_eq(it->subject, is->subject) ||
		    pages_find(&c->old, PAGES_TOUCH, it->key))
			continue;
		if (!list.n && it != is)
			return; /* told with that one */
		if (it->odd)
			s.event = EV_HANDED;
		list = list.n ? arena_printf(c->a, "%.*s, %.*s", SLICE_ARG(list),
		                             SLICE_ARG(it->value))
		              : it->value;
	}
	s.severity = pages_rows[s.event].severity;
	s.sure = pages_rows[s.event].sure;
	s.extra[0] = arena_printf(c->a, " (%.*s)", SLICE_ARG(list));
	s.extra[1] = arena_printf(c->a, "（%.*s）", SLICE_ARG(list));
	pages_say(c, s, list);
}

/* A shop that works without a net keeps its pictures so: what the worker's code shows decides.
 */
static void worker_new(struct pages_case *c, const struct pages_item *is)
{
	const struct pages_item *code = pages_find(&c->new, PAGES_SCRIPT, is->subject);
	struct pages_said s = of(c, EV_WORKER, is->subject);

	if (!is->odd)
		return;
	if (code && pages_calm(c->p, code->hash)) {
		s.severity = SEV_MEDIUM;
		s.sure = 0.3;
	}
	pages_say(c, s, is->value);
}

static void contact_new(struct pages_case *c, const struct pages_item *is)
{
	struct pages_said s = of(c, EV_CONTACT, is->subject);

	if (!is->third)
		return;
	s.extra[0] = arena_printf(c->a, " (%.*s)", SLICE_ARG(is->value));
	s.extra[1] = arena_printf(c->a, "（%.*s）", SLICE_ARG(is->value));
	pages_say(c, s, is->value);
}

/* Read in one visit; the twins say the same of the same place in the same words. */
static void carry(struct pages_case *c, const struct pages_item *is)
{
	bool elsewhere = is->third || allowed_any(c->p->allowed, "flow", c->page);
	struct pages_said s = of(c, elsewhere ? EV_FLOW : EV_FLOW_OWN, is->subject);

	if (allowed_is(c->p->allowed, "flow", c->page, is->subject, nothing(), nothing(),
	               NULL) >= ALLOWED_GIVEN)
		return;
	s.extra[0] = arena_printf(c->a, " It is written as: %.*s.", SLICE_ARG(is->value));
	s.extra[1] = arena_printf(c->a, "送られる形は「%.*s」です。", SLICE_ARG(is->value));
	pages_say(c, s, SLICE("flow"));
}

static void came(struct pages_case *c, const struct pages_item *is)
{
	refused(c, is);
	if (is->kind == PAGES_FIELD)
		field(c, NULL, is);
	if (is->kind == PAGES_CARRY)
		carry(c, is);
	if (is->kind == PAGES_STORE)
		pages_say(c, of(c, EV_STORED, is->subject), is->key);
	if (c->first)
		return;
	switch (is->kind) {
	case PAGES_SCRIPT:
	case PAGES_INLINE:
	case PAGES_EVAL:
		script_new(c, is);
		break;
	case PAGES_FRAME:
		frame_new(c, is);
		break;
	case PAGES_FORM:
		if (is->third)
			form_changed(c, is);
		break;
	case PAGES_WORKER:
		worker_new(c, is);
		break;
	case PAGES_LISTENER:
		listener_new(c, is);
		break;
	case PAGES_TOUCH:
		touch_new(c, is);
		break;
	case PAGES_CONTACT:
		contact_new(c, is);
		break;
	default:
		break;
	}
}

static void changed(struct pages_case *c, const struct pages_item *was,
                    const struct pages_item *is)
{
	refused(c, is);
	if (is->kind == PAGES_FIELD)
		field(c, was, is);
	else if (slice_eq(was->value, is->value))
		return;
	else if (is->kind == PAGES_SCRIPT)
		script_changed(c, was, is);
	else if (is->kind == PAGES_HEADER)
		header_changed(c, was, is);
	else if (is->kind == PAGES_FORM)
		form_changed(c, is);
}

static void went(struct pages_case *c, const struct pages_item *was)
{
	if (was->kind == PAGES_HEADER)
		header_gone(c, was);
	else if (was->kind == PAGES_SCRIPT && leave_of(c, was) >= ALLOWED_GIVEN)
		say(c, EV_SCRIPT_GONE, was);
}

/* Scripts of a first record that nobody authorised, told once and together. */
static void open_inventory(struct pages_case *c)
{
	struct pages_said s;
	size_t n = 0;

	for (size_t i = 0; i < c->new.n; i++)
		n += c->new.item[i].kind <= PAGES_INLINE &&leave_of(c, &c->new.item[i]) ==
		     ALLOWED_UNKNOWN;
	if (n == 0)
		return;
	s = of(c, EV_INVENTORY, arena_printf(c->a, "%zu", n));
	pages_say(c, s, nothing());
}

void pages_compare(struct pages_case *c)
{
	size_t o = 0, n = 0;

	while (o < c->old.n || n < c->new.n) {
		const struct pages_item *was = o < c->old.n ? &c->old.item[o] : NULL;
		const struct pages_item *is = n < c->new.n ? &c->new.item[n] : NULL;
		int r = !was ? 1 : !is ? -1 : 0;

		if (r == 0)
			r = was->kind != is->kind ? (was->kind < is->kind ? -1 : 1)
			                          : slice_cmp(was->key, is->key);
		if (r == 0)
			changed(c, was, is);
		else if (r < 0)
			went(c, was);
		else
			came(c, is);
		o += r <= 0;
		n += r >= 0;
	}
	if (c->first)
		open_inventory(c);
}
