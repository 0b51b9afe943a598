#include "report/inventory.h"
#include "base/url.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_BYTES (256u << 20) /* all words about pages, parsed */

/* The words of both types: the newest counts, so they are taken up in their order. */
struct words {
	struct arena mem;
	const struct json **at;
	size_t n, room;
};

static int keep_word(void *ctx, int64_t seq, struct slice canonical)
{
	struct words *w = ctx;

	(void)seq;
	if (w->n == w->room) {
		size_t room = w->room ? 2 * w->room : 256;
		const struct json **more = reallocarray(w->at, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		w->at = more;
		w->room = room;
	}
	w->at[w->n++] = json_parse(&w->mem, arena_copy(&w->mem, canonical), NULL);
	return w->mem.broken ? -ENOMEM : 0;
}

static int by_seq(const void *a, const void *b)
{
	int64_t x = fact_seq(*(const struct json *const *)a);
	int64_t y = fact_seq(*(const struct json *const *)b);

	return x < y ? -1 : x > y;
}

static int read_words(struct ledger *l, struct words *w)
{
	static const char *const types[] = {"page.authorised", "page.refused"};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(types) / sizeof(types[0]); i++) {
		struct ledger_query q = {.type = slice_str(types[i])};

		r = ledger_each(l, &q, keep_word, w);
	}
	if (w->n > 1)
		qsort(w->at, w->n, sizeof(*w->at), by_seq);
	return r < 0 ? r : 0;
}

int inventory_words(struct ledger *l, struct allowed **out)
{
	struct allowed *words = allowed_new();
	struct words w = {0};
	int r = words ? 0 : -ENOMEM;

	arena_init(&w.mem, WORDS_BYTES);
	if (r == 0)
		r = read_words(l, &w);
	for (size_t i = 0; r == 0 && i < w.n; i++)
		allowed_take(words, w.at[i]); /* copies what it keeps */
	arena_done(&w.mem);
	free(w.at);
	if (r < 0) {
		allowed_free(words);
		return r;
	}
	*out = words;
	return 0;
}

struct reading {
	struct arena *a;
	struct inventory *v;
	size_t room;
};

/* The same script in several ways of visiting is one line. */
static bool joined(struct inventory *v, const struct ledger_load *l)
{
	struct inventory_script *p = v->n ? &v->script[v->n - 1] : NULL;

	if (!p || !slice_eq(l->page, slice_str(p->page)) ||
	    !slice_eq(l->url, slice_str(p->url)) || !slice_eq(l->hash, slice_str(p->hash)))
		return false;
	if (l->first_us < p->first_us) {
		p->first_us = l->first_us;
		p->first_seq = l->first_seq;
	}
	if (l->last_us > p->last_us) {
		p->last_us = l->last_us;
		p->last_seq = l->last_seq;
	}
	return true;
}

/* Places inside a page are authorised by the page's address. */
static const char *subject_of(struct arena *a, struct slice url)
{
	struct buf b = {.max = FACT_MAX_BYTES};
	const char *s;

	url_steady(&b, url);
	s = arena_cstr(a, buf_slice(&b));
	buf_done(&b);
	return s ? s : "";
}

static int take_load(void *ctx, const struct ledger_load *l)
{
	struct reading *r = ctx;
	struct inventory *v = r->v;

	if (joined(v, l))
		return 0;
	if (v->n == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		struct inventory_script *more = reallocarray(v->script, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		v->script = more;
		r->room = room;
	}
	v->script[v->n++] =
	    (struct inventory_script){.page = arena_cstr(r->a, l->page),
	                              .url = arena_cstr(r->a, l->url),
	                              .hash = arena_cstr(r->a, l->hash),
	                              .structure = arena_cstr(r->a, l->structure),
	                              .by = arena_cstr(r->a, l->made_by),
	                              .subject = subject_of(r->a, l->url),
	                              .first_us = l->first_us,
	                              .last_us = l->last_us,
	                              .first_seq = l->first_seq,
	                              .last_seq = l->last_seq,
	                              .third = slice_eq(l->party, SLICE("third"))};
	return r->a->broken ? -ENOMEM : 0;
}

int inventory_read(struct ledger *l, struct arena *a, struct inventory *out)
{
	struct ledger_loads_query q = {.now = true};
	struct inventory v = {0};
	struct reading r = {a, &v, 0};
	int code = inventory_words(l, &v.words);

	if (code == 0)
		code = ledger_loads(l, &q, take_load, &r);
	if (code < 0) {
		inventory_done(&v);
		return code;
	}
	for (size_t i = 0; i < v.n; i++) {
		struct inventory_script *p = &v.script[i];

		p->how =
		    allowed_is(v.words, "script", slice_str(p->page), slice_str(p->subject),
		               slice_str(p->hash), slice_str(p->structure), &p->word);
	}
	*out = v;
	return 0;
}

void inventory_done(struct inventory *v)
{
	allowed_free(v->words);
	free(v->script);
	*v = (struct inventory){0};
}

const char *inventory_status(enum allowed_how how)
{
	static const char *const names[] = {
	    [ALLOWED_UNKNOWN] = "unknown",  [ALLOWED_REFUSED] = "refused",
	    [ALLOWED_OUTDATED] = "changed", [ALLOWED_GIVEN] = "given",
	    [ALLOWED_BY_RULE] = "rule",     [ALLOWED_EXEMPT] = "3ds",
	};

	return names[how];
}

/* ---- which findings a word settles ---- */

struct settled {
	struct arena *a;
	struct allowed *word; /* the new one alone; NULL: --all */
	int64_t *seq;
	size_t n;
};

const char *inventory_what(const struct json *finding)
{
	static const struct {
		const char *type, *what;
	} table[] = {{"page.flow", "flow"},
	             {"page.opaque", "flow"},
	             {"page.script", "script"},
	             {"page.reader", "script"},
	             {"page.header", "header"}};
	struct slice type = fact_type(finding);
	const struct json *signs = json_get(finding, "signs");

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(type, slice_str(table[i].type)))
			return table[i].what;
	}
	if (!slice_eq(type, SLICE("page.form")) || !signs || !signs->first)
		return NULL;
	return slice_eq(signs->first->s, SLICE("form_target")) ? "form" : "frame";
}

bool inventory_one(const struct json *finding)
{
	const struct json *signs = json_get(finding, "signs");

	return inventory_what(finding) && signs && signs->first &&
	       !slice_eq(signs->first->s, SLICE("inventory_open"));
}

static int settle(void *ctx, const struct ledger_finding *fd)
{
	struct settled *s = ctx;
	const struct json *body;
	const char *what;
	bool its;

	if (!slice_starts(fd->type, SLICE("page.")) || s->n == INVENTORY_SETTLED)
		return 0;
	body = json_parse(s->a, arena_copy(s->a, fd->body), NULL);
	what = inventory_what(body);
	if (!what)
		return 0;
	its = s->word ? allowed_is(s->word, what, json_text(body, "page"),
	                           json_text(body, "subject"), (struct slice){0},
	                           (struct slice){0}, NULL) > ALLOWED_REFUSED
	              : strcmp(what, "script") == 0;
	if (its)
		s->seq[s->n++] = fd->seq;
	return 0;
}

size_t inventory_settles(struct ledger *l, struct arena *a, const struct json *word,
                         int64_t seq[INVENTORY_SETTLED])
{
	struct settled s = {.a = a, .word = word ? allowed_new() : NULL, .seq = seq};

	if (word && !s.word)
		return 0;
	if (word)
		allowed_take(s.word, word);
	ledger_findings(l, true, false, 0, settle, &s);
	allowed_free(s.word);
	return s.n;
}
