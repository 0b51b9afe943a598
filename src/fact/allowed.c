#include "fact/allowed.h"

#include "base/url.h"
#include <stdlib.h>

struct allowed {
	struct allowed_word word[ALLOWED_MAX];
	size_t n;
};

struct allowed *allowed_new(void)
{
	return calloc(1, sizeof(struct allowed));
}

static char **texts(struct allowed_word *w, size_t i)
{
	char **all[] = {&w->what,  &w->page,   &w->subject, &w->hash, &w->structure,
	                &w->owner, &w->reason, &w->class,   &w->by,   &w->vendor};

	return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}

static void drop(struct allowed_word *w)
{
	for (size_t i = 0; texts(w, i); i++)
		free(*texts(w, i));
}

void allowed_free(struct allowed *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		drop(&a->word[i]);
	free(a);
}

static char *copy(struct slice s)
{
	char *t = malloc(s.n + 1);

	if (!t)
		return NULL;
	if (s.n)
		memcpy(t, s.at, s.n);
	t[s.n] = '\0';
	return t;
}

static bool is(const char *have, struct slice want)
{
	return slice_eq(slice_str(have), want);
}

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* A later word about the same takes the place of the earlier one. */
static void put(struct allowed *a, const struct allowed_word *new)
{
	size_t at = a->n;

	for (size_t i = 0; i < a->n && at == a->n; i++) {
		const struct allowed_word *w = &a->word[i];

		if (same(w->what, new->what) && same(w->page, new->page) &&
		    same(w->subject, new->subject) && same(w->hash, new->hash))
			at = i;
	}
	if (at == ALLOWED_MAX)
		at = 0;
	if (at < a->n) {
		drop(&a->word[at]);
		memmove(&a->word[at], &a->word[at + 1], (a->n - at - 1) * sizeof(a->word[0]));
		a->n--;
	}
	a->word[a->n++] = *new;
}

void allowed_take(struct allowed *a, const struct json *fact)
{
	bool refused = slice_eq(fact_type(fact), SLICE("page.refused"));
	struct slice what = json_text(fact, "what");
	struct allowed_word w = {.what = copy(what.n ? what : SLICE("script")),
	                         .page = copy(json_text(fact, "page")),
	                         .subject = copy(json_text(fact, "script")),
	                         .hash = copy(json_text(fact, "hash")),
	                         .structure = copy(json_text(fact, "structure")),
	                         .owner = copy(json_text(fact, "owner")),
	                         .reason = copy(json_text(fact, "reason")),
	                         .class = copy(json_text(fact, "class")),
	                         .by = copy(json_text(fact, "by")),
	                         .vendor = copy(json_text(fact, "vendor")),
	                         .seq = fact_seq(fact),
	                         .at_us = fact_at_us(fact),
	                         .refused = refused};
	bool whole = refused || slice_eq(fact_type(fact), SLICE("page.authorised"));

	for (size_t i = 0; texts(&w, i); i++)
		whole = whole && *texts(&w, i);
	if (whole)
		put(a, &w);
	else
		drop(&w);
}

static struct slice bare(struct slice url)
{
	return slice_sub(url, url_scheme(url), url.n);
}

static bool covers(const struct allowed_word *w, const char *what, struct slice page,
                   struct slice subject)
{
	struct slice pattern = bare(slice_str(w->subject));

	return same(w->what, what) && (!w->page[0] || is(w->page, page)) &&
	       (slice_eq(pattern, bare(subject)) || text_glob(pattern, bare(subject)));
}

static enum allowed_how how(const struct allowed_word *w, struct slice hash,
                            struct slice structure)
{
	if (w->refused)
		return !w->hash[0] || is(w->hash, hash) ? ALLOWED_REFUSED : ALLOWED_UNKNOWN;
	if (same(w->class, "3ds"))
		return ALLOWED_EXEMPT;
	if (!w->hash[0] && !w->structure[0])
		return ALLOWED_BY_RULE;
	if ((w->hash[0] && is(w->hash, hash)) ||
	    (w->structure[0] && is(w->structure, structure)))
		return ALLOWED_GIVEN;
	return ALLOWED_OUTDATED;
}

enum allowed_how allowed_is(const struct allowed *a, const char *what, struct slice page,
                            struct slice subject, struct slice hash, struct slice structure,
                            const struct allowed_word **word)
{
	enum allowed_how best = ALLOWED_UNKNOWN;

	if (word)
		*word = NULL;
	for (size_t i = a->n; i > 0; i--) {
		const struct allowed_word *w = &a->word[i - 1];
		enum allowed_how h;

		if (!covers(w, what, page, subject))
			continue;
		h = how(w, hash, structure);
		if (h == ALLOWED_UNKNOWN || (h == ALLOWED_OUTDATED && best))
			continue;
		if (word)
			*word = w;
		best = h;
		if (h != ALLOWED_OUTDATED)
			break;
	}
	return best;
}

bool allowed_any(const struct allowed *a, const char *what, struct slice page)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct allowed_word *w = &a->word[i];

		if (!w->refused && same(w->what, what) && (!w->page[0] || is(w->page, page)))
			return true;
	}
	return false;
}

size_t allowed_count(const struct allowed *a)
{
	return a->n;
}

const struct allowed_word *allowed_at(const struct allowed *a, size_t i)
{
	return &a->word[i];
}
