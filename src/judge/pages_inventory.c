/*
 * pages_inventory: what people said may run, and where the card may go. The newest word
 * about a subject counts. A word names a page or, with the empty page, all of them; its
 * subject is an address without scheme and query, or a pattern (base/text.h: text_glob).
 */
#include "base/url.h"
#include "judge/pages_in.h"
#include <stdlib.h>

struct word {
	char *what, *page, *subject, *hash, *structure;
	bool refused, exempt;
};

struct pages_inventory {
	struct word word[PAGES_MAX_WORDS];
	size_t n;
};

struct pages_inventory *pages_inventory_new(void)
{
	return calloc(1, sizeof(struct pages_inventory));
}

static void drop(struct word *w)
{
	free(w->what);
	free(w->page);
	free(w->subject);
	free(w->hash);
	free(w->structure);
}

void pages_inventory_free(struct pages_inventory *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++)
		drop(&v->word[i]);
	free(v);
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

/* A later word about the same takes the place of the earlier one. */
static struct word *place_for(struct pages_inventory *v, const struct word *new)
{
	for (size_t i = 0; i < v->n; i++) {
		struct word *w = &v->word[i];

		if (is(w->what, slice_str(new->what)) && is(w->page, slice_str(new->page)) &&
		    is(w->subject, slice_str(new->subject)) &&
		    is(w->hash, slice_str(new->hash))) {
			drop(w);
			return w;
		}
	}
	if (v->n < PAGES_MAX_WORDS)
		return &v->word[v->n++];
	/* Full: the oldest goes, so that what people say now is heard. */
	drop(&v->word[0]);
	memmove(&v->word[0], &v->word[1], (PAGES_MAX_WORDS - 1) * sizeof(v->word[0]));
	return &v->word[PAGES_MAX_WORDS - 1];
}

void pages_inventory_word(struct pages_inventory *v, const struct json *fact)
{
	struct slice what = json_text(fact, "what");
	struct word w = {.what = copy(what.n ? what : SLICE("script")),
	                 .page = copy(json_text(fact, "page")),
	                 .subject = copy(json_text(fact, "script")),
	                 .hash = copy(json_text(fact, "hash")),
	                 .structure = copy(json_text(fact, "structure")),
	                 .refused = slice_eq(fact_type(fact), SLICE("page.refused")),
	                 .exempt = slice_eq(json_text(fact, "class"), SLICE("3ds"))};

	if (!w.what || !w.page || !w.subject || !w.hash || !w.structure)
		drop(&w);
	else
		*place_for(v, &w) = w;
}

static struct slice bare(struct slice url)
{
	return slice_sub(url, url_scheme(url), url.n);
}

static bool fits(const struct word *w, const char *what, struct slice page,
                 struct slice subject)
{
	struct slice pattern = bare(slice_str(w->subject));

	return is(w->what, slice_str(what)) && (!w->page[0] || is(w->page, page)) &&
	       (slice_eq(pattern, bare(subject)) || text_glob(pattern, bare(subject)));
}

enum pages_leave pages_leave(const struct pages_inventory *v, const char *what,
                             struct slice page, struct slice subject, struct slice hash,
                             struct slice structure)
{
	enum pages_leave leave = PAGES_UNKNOWN;

	for (size_t i = v->n; i > 0; i--) {
		const struct word *w = &v->word[i - 1];

		if (!fits(w, what, page, subject))
			continue;
		if (w->refused && (!w->hash[0] || is(w->hash, hash)))
			return PAGES_REFUSED;
		if (w->refused)
			continue;
		if (w->exempt)
			return PAGES_EXEMPT;
		if (!w->hash[0] && !w->structure[0])
			return PAGES_BY_RULE;
		if ((w->hash[0] && is(w->hash, hash)) ||
		    (w->structure[0] && is(w->structure, structure)))
			return PAGES_GIVEN;
		leave = PAGES_OUTDATED;
	}
	return leave;
}

bool pages_has_words(const struct pages_inventory *v, const char *what, struct slice page)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct word *w = &v->word[i];

		if (!w->refused && is(w->what, slice_str(what)) &&
		    (!w->page[0] || is(w->page, page)))
			return true;
	}
	return false;
}
