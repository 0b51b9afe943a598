/* journey: reading the files. */
#include "visit/journey.h"
#include "conf/profile.h"
#include "conf/syntax.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const what_names[WHATS] = {
    [WHAT_CARD_NUMBER] = "card-number",
    [WHAT_CARD_EXPIRY] = "card-expiry",
    [WHAT_CARD_MONTH] = "card-month",
    [WHAT_CARD_YEAR] = "card-year",
    [WHAT_CARD_YEAR2] = "card-year2",
    [WHAT_CARD_CODE] = "card-code",
    [WHAT_CARD_NAME] = "card-name",
    [WHAT_NAME] = "name",
    [WHAT_FAMILY_NAME] = "family-name",
    [WHAT_GIVEN_NAME] = "given-name",
    [WHAT_KANA] = "kana",
    [WHAT_FAMILY_KANA] = "family-kana",
    [WHAT_GIVEN_KANA] = "given-kana",
    [WHAT_EMAIL] = "email",
    [WHAT_PASSWORD] = "password",
    [WHAT_PHONE] = "phone",
    [WHAT_POSTCODE] = "postcode",
    [WHAT_PREFECTURE] = "prefecture",
    [WHAT_CITY] = "city",
    [WHAT_ADDRESS] = "address",
    [WHAT_TICK] = "tick",
    [WHAT_TEXT] = "text",
};

const char *journey_what_name(enum journey_what w)
{
	return (unsigned)w < WHATS ? what_names[w] : "?";
}

bool journey_is_card(enum journey_what w)
{
	return w <= WHAT_CARD_NAME;
}

struct reading {
	struct syntax s;
	struct journey *j;
	struct journey_step *step; /* NULL: above the first [step] */
	unsigned seen;             /* keys of this section, as bits */
};

static int take_fill(struct reading *r, struct slice text, struct syntax_pos at)
{
	struct journey_step *st = r->step;
	struct journey_fill *f = &st->fill[st->fills];
	size_t colon = slice_find(text, SLICE(": "));
	struct slice what = slice_trim(slice_sub(text, 0, colon));

	if (st->fills == JOURNEY_MAX_FILLS)
		return syntax_fault(&r->s, at, "found more than %d inputs; expected fewer",
		                    JOURNEY_MAX_FILLS);
	*f = (struct journey_fill){.what = WHATS};
	if (slice_starts(what, SLICE("text="))) {
		f->what = WHAT_TEXT;
		f->text = slice_sub(what, 5, what.n);
	}
	for (int w = 0; w < WHAT_TEXT; w++)
		if (slice_eq(what, slice_str(what_names[w])))
			f->what = (enum journey_what)w;
	if (colon != SIZE_MAX)
		f->selector = slice_trim(slice_sub(text, colon + 2, text.n));
	if (f->what == WHATS || f->selector.n == 0)
		return syntax_fault(&r->s, at,
		                    "found \"%.*s\"; expected WHAT: SELECTOR, such as "
		                    "\"card-number: input[name=number]\"; hinoban.journey(5) "
		                    "lists what can be typed",
		                    (int)(text.n < 80 ? text.n : 80), (const char *)text.at);
	st->fills++;
	return 0;
}

static int take_stop(struct reading *r, struct slice text, struct syntax_pos at)
{
	struct journey *j = r->j;
	size_t blank = slice_chr(text, ' ');
	struct slice glob =
	    blank == SIZE_MAX ? (struct slice){0} : slice_trim(slice_sub(text, blank, text.n));

	if (j->stops == JOURNEY_MAX_STOPS)
		return syntax_fault(&r->s, at, "found more than %d requests; expected fewer",
		                    JOURNEY_MAX_STOPS);
	if (glob.n == 0)
		return syntax_fault(&r->s, at,
		                    "found \"%.*s\"; expected METHOD URL, such as \"POST "
		                    "**/checkout/pay\" or \"* https://psp.example/**\"",
		                    (int)(text.n < 80 ? text.n : 80), (const char *)text.at);
	j->stop[j->stops++] = (struct journey_stop){slice_sub(text, 0, blank), glob};
	return 0;
}

static int each_text(struct reading *r, const struct syntax_item *it,
                     int (*take)(struct reading *, struct slice, struct syntax_pos))
{
	const struct syntax_value *v = &it->value;

	if (v->kind != SYNTAX_LIST)
		return syntax_fault(&r->s, v->pos,
		                    "found %s for %.*s; expected a list of texts",
		                    syntax_kind_name(v->kind), SLICE_ARG(it->name));
	for (size_t i = 0; i < v->list_count; i++) {
		int rc = take(r, v->list[i], v->list_pos[i]);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int take_text(struct reading *r, const struct syntax_item *it, struct slice *to)
{
	if (it->value.kind != SYNTAX_TEXT || it->value.text.n == 0)
		return syntax_fault(&r->s, it->value.pos, "found %s for %.*s; expected a text",
		                    it->value.kind == SYNTAX_TEXT
		                        ? "an empty text"
		                        : syntax_kind_name(it->value.kind),
		                    SLICE_ARG(it->name));
	*to = it->value.text;
	return 0;
}

static int take_bool(struct reading *r, const struct syntax_item *it, bool *to)
{
	if (it->value.kind != SYNTAX_BOOL)
		return syntax_fault(&r->s, it->value.pos,
		                    "found %s for %.*s; expected true or false",
		                    syntax_kind_name(it->value.kind), SLICE_ARG(it->name));
	*to = it->value.number != 0;
	return 0;
}

static int once(struct reading *r, const struct syntax_item *it, unsigned bit)
{
	if (r->seen & 1u << bit)
		return syntax_fault(&r->s, it->pos,
		                    "found %.*s a second time; expected it once",
		                    SLICE_ARG(it->name));
	r->seen |= 1u << bit;
	return 0;
}

static int take_step_key(struct reading *r, const struct syntax_item *it)
{
	struct journey_step *st = r->step;
	const struct {
		const char *name;
		struct slice *to;
	} texts[] = {{"name", &st->name}, {"open", &st->open},   {"if", &st->when},
	             {"wait", &st->wait}, {"frame", &st->frame}, {"click", &st->click}};
	unsigned n = sizeof(texts) / sizeof(texts[0]);
	int rc;

	for (unsigned i = 0; i < n; i++)
		if (slice_eq(it->name, slice_str(texts[i].name)))
			return (rc = once(r, it, i)) < 0 ? rc : take_text(r, it, texts[i].to);
	if (slice_eq(it->name, SLICE("card")))
		return (rc = once(r, it, n)) < 0 ? rc : take_bool(r, it, &st->card);
	if (slice_eq(it->name, SLICE("fill")))
		return (rc = once(r, it, n + 1)) < 0 ? rc : each_text(r, it, take_fill);
	return syntax_fault(
	    &r->s, it->pos,
	    "found the unknown key \"%.*s\"; expected one of: name open if wait "
	    "frame fill click card",
	    SLICE_ARG(it->name));
}

static int take_top_key(struct reading *r, const struct syntax_item *it)
{
	int rc;

	if (slice_eq(it->name, SLICE("title")))
		return (rc = once(r, it, 0)) < 0 ? rc : take_text(r, it, &r->j->title);
	if (slice_eq(it->name, SLICE("stop")))
		return (rc = once(r, it, 1)) < 0 ? rc : each_text(r, it, take_stop);
	if (slice_eq(it->name, SLICE("test_mode")))
		return (rc = once(r, it, 2)) < 0 ? rc : take_bool(r, it, &r->j->test_mode);
	return syntax_fault(&r->s, it->pos,
	                    "found the unknown key \"%.*s\"; expected one of: title stop "
	                    "test_mode, or a [step]",
	                    SLICE_ARG(it->name));
}

static int check_step(const struct reading *r)
{
	if (!r->step ||
	    (r->step->name.n && (r->step->open.n || r->step->fills || r->step->click.n ||
	                         r->step->wait.n || r->step->card)))
		return 0;
	return syntax_fault(
	    &r->s, r->s.pos, "found a [step] without %s; expected %s before here",
	    r->step->name.n ? "anything to do" : "a name",
	    r->step->name.n ? "open, fill, click, wait or card" : "name = \"...\"");
}

static int take_step(struct reading *r, const struct syntax_item *it)
{
	int rc = check_step(r);

	if (rc < 0)
		return rc;
	if (!slice_eq(it->name, SLICE("step")))
		return syntax_fault(&r->s, it->pos, "found the section [%.*s]; expected [step]",
		                    SLICE_ARG(it->name));
	if (r->j->steps == JOURNEY_MAX_STEPS)
		return syntax_fault(&r->s, it->pos, "found more than %d steps; expected fewer",
		                    JOURNEY_MAX_STEPS);
	r->step = &r->j->step[r->j->steps++];
	r->seen = 0;
	return 0;
}

static int check_whole(const struct reading *r)
{
	size_t cards = 0;

	for (size_t i = 0; i < r->j->steps; i++)
		cards += r->j->step[i].card;
	if (r->j->steps == 0)
		return syntax_fault(&r->s, r->s.pos, "found no step; expected a [step]");
	if (cards != 1)
		return syntax_fault(
		    &r->s, r->s.pos,
		    "found %zu steps with card = true; expected one, the payment "
		    "page's",
		    cards);
	if (r->j->stops == 0 && !r->j->test_mode)
		return syntax_fault(
		    &r->s, r->s.pos,
		    "found neither stop = [...] nor test_mode = true; expected one, "
		    "so that no money moves");
	return 0;
}

int journey_parse(struct slice text, const char *file, struct arena *mem, struct journey *out,
                  struct err *e)
{
	struct reading r = {.j = out};
	struct syntax_item it;
	int rc;

	*out = (struct journey){0};
	syntax_init(&r.s, text, file, mem, e);
	while ((rc = syntax_next(&r.s, &it)) > 0) {
		rc = it.section ? take_step(&r, &it)
		     : r.step   ? take_step_key(&r, &it)
		                : take_top_key(&r, &it);
		if (rc < 0)
			return rc;
	}
	if (rc == 0)
		rc = check_step(&r);
	return rc == 0 ? check_whole(&r) : rc;
}

int journey_load(const char *profile_dir, struct slice name, struct arena *mem,
                 struct journey *out, struct err *e)
{
	char path[4096];
	struct slice text;
	int n, r;

	if (name.n && name.at[0] == '/')
		n = snprintf(path, sizeof(path), "%.*s", SLICE_ARG(name));
	else if (profile_name_ok(name))
		n = snprintf(path, sizeof(path), "%s/journeys/%.*s.journey", profile_dir,
		             SLICE_ARG(name));
	else
		return err_set(e, -EINVAL,
		               "found the journey \"%.*s\"; expected a name of lower-case "
		               "letters, digits and '-', or an absolute path",
		               SLICE_ARG(name));
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, -ENAMETOOLONG, "the journey's path is too long");
	r = profile_read_file(path, true, mem, &text, e);
	return r < 0 ? r : journey_parse(text, path, mem, out, e);
}

void journey_plain(struct journey *out)
{
	*out = (struct journey){.steps = 1, .test_mode = true};
	out->step[0] = (struct journey_step){.name = SLICE("page"), .card = true};
}

bool journey_stops(const struct journey *j, struct slice method, struct slice url)
{
	struct slice bare = slice_sub(url, 0, slice_chr(url, '?'));

	for (size_t i = 0; !j->test_mode && i < j->stops; i++)
		if ((slice_eq(j->stop[i].method, SLICE("*")) ||
		     slice_caseeq(j->stop[i].method, method)) &&
		    text_glob(j->stop[i].glob,
		              slice_chr(j->stop[i].glob, '?') == SIZE_MAX ? bare : url))
			return true;
	return false;
}
