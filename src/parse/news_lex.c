/*
 * News: lexicons and the watch-list.
 *
 * A lexicon is text, one entry a line:   CLASS NAME = word | word | word
 * '#' begins a comment. In a word '*' stands for up to GAP characters of one sentence. Words
 * are folded as the text is, and ASCII letters match in either case.
 */
#include "parse/news.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GAP             24 /* characters */
#define GAP_LATIN       40
#define MAX_TERMS       8192
#define MAX_WATCH       4096
#define MAX_WATCH_CHARS 128
#define MAX_SENTENCE    300
#define MAX_MASKED      48 /* characters of the text that one watched name may take up */

static const char *const class_names[] = {
#define NEWS_CLASS_NAME(id, name) [N_##id] = name,
    NEWS_CLASSES(NEWS_CLASS_NAME)
#undef NEWS_CLASS_NAME
};

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* The word as folded lower-case characters. */
static size_t decode(struct slice s, uint32_t *out, size_t max)
{
	size_t n = 0;

	while (s.n && n < max) {
		uint32_t c = 0;
		size_t k = slice_utf8(s, &c);
		out[n++] = lower(news_fold(k ? c : '?'));
		s = slice_sub(s, k ? k : 1, s.n);
	}
	return n;
}

static void insert(struct news_lex *lex, struct news_term *t)
{
	struct news_term **at = &lex->slot[t->c[0] % NEWS_LEXICON_SLOTS];

	while (*at && (*at)->n >= t->n)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

static bool add_word(struct arena *a, struct news_lex *lex, enum news_class class,
                     struct slice id, struct slice word)
{
	uint32_t c[NEWS_MAX_TERM];
	size_t n = decode(slice_trim(word), c, NEWS_MAX_TERM);
	struct news_term *t;

	if (n == 0 || c[0] == '*')
		return n == 0;
	t = arena_alloc(a, sizeof(*t) + n * sizeof(t->c[0]));
	if (!t)
		return false;
	t->class = class;
	t->id = id;
	t->n = (uint32_t)n;
	memcpy(t->c, c, n * sizeof(c[0]));
	for (size_t i = 0; i < n; i++)
		t->gap |= c[i] == '*';
	insert(lex, t);
	return true;
}

static bool class_of(struct slice name, enum news_class *out)
{
	for (int i = 0; i < N_LEXICON; i++) {
		if (slice_eq(name, slice_str(class_names[i]))) {
			*out = (enum news_class)i;
			return true;
		}
	}
	return false;
}

static bool add_entry(struct arena *a, struct news_lex *lex, struct slice line)
{
	size_t blank = slice_chr(line, ' '), is = slice_chr(line, '=');
	enum news_class class;
	struct slice id, rest;

	if (blank == SIZE_MAX || is == SIZE_MAX || is < blank ||
	    !class_of(slice_sub(line, 0, blank), &class))
		return false;
	id = arena_copy(a, slice_trim(slice_sub(line, blank, is)));
	rest = slice_sub(line, is + 1, line.n);
	if (id.n == 0)
		return false;
	while (rest.n) {
		size_t bar = slice_chr(rest, '|');
		if (!add_word(a, lex, class, id, slice_sub(rest, 0, bar)))
			return false;
		rest = bar == SIZE_MAX ? slice_mem(NULL, 0) : slice_sub(rest, bar + 1, rest.n);
	}
	return true;
}

const struct news_lex *news_lex_read(struct arena *a, struct slice text, struct err *e)
{
	struct news_lex *lex = arena_alloc(a, sizeof(*lex));
	struct cursor c = cursor_over(text);
	struct slice line;
	int number = 0;

	while (lex && cursor_line(&c, &line) && number < MAX_TERMS) {
		line = slice_trim(line);
		number++;
		if (line.n == 0 || line.at[0] == '#')
			continue;
		if (!add_entry(a, lex, line)) {
			err_set(e, -EINVAL, "line %d of the lexicon: CLASS NAME = word | word",
			        number);
			return NULL;
		}
	}
	return lex;
}

/* --- finding ---------------------------------------------------------------------- */

struct news_mark *news_mark_add(struct news *n, enum news_class class, size_t from, size_t to)
{
	struct news_mark *m;

	if (n->marks == n->max_marks)
		return NULL;
	m = &n->mark[n->marks++];
	*m = (struct news_mark){.class = class, .from = (uint32_t)from, .to = (uint32_t)to};
	m->date.minute = m->until.minute = -1;
	return m;
}

/* Does the word, from its k-th character on, stand at i? The end, or 0. */
static size_t match(const struct news *n, const struct news_term *t, size_t k, size_t i)
{
	for (; k < t->n; k++, i++) {
		if (t->c[k] == '*')
			break;
		if (lower(news_c(n, i)) != t->c[k])
			return 0;
	}
	if (k == t->n)
		return i;
	size_t most = t->c[0] < 0x80 ? GAP_LATIN : GAP;
	for (size_t gap = 0; gap <= most; gap++, i++) {
		size_t end = match(n, t, k + 1, i);
		if (end)
			return end;
		if (i >= n->n || news_c(n, i) == 0x3002 || news_c(n, i) == '\n')
			return 0;
	}
	return 0;
}

/* A Latin word must not be a part of a longer one. */
static bool whole(const struct news *n, size_t from, size_t to)
{
	if (news_is_alnum(news_c(n, from)) && from > 0 && news_is_alnum(news_c(n, from - 1)))
		return false;
	return !(to > 0 && news_is_alnum(news_c(n, to - 1)) && news_is_alnum(news_c(n, to)));
}

void news_lex_marks(struct news *n)
{
	size_t busy[N_LEXICON] = {0};

	for (size_t i = 0; i < n->n; i++) {
		const struct news_term *t =
		    n->lex->slot[lower(n->at[i].c) % NEWS_LEXICON_SLOTS];

		for (; t; t = t->next) {
			size_t end;
			struct news_mark *m;

			if (i < busy[t->class])
				continue;
			end = match(n, t, 0, i);
			if (!end || !whole(n, i, end))
				continue;
			m = news_mark_add(n, t->class, i, end);
			if (m)
				m->id = t->id;
			/* What "A*B" spans may hold other words of its class; cues have nothing
			 * to do with each other. */
			if ((!t->gap || slice_eq(t->id, SLICE("-"))) && t->class != N_CUE &&
			    !(t->gap && t->class == N_NOT))
				busy[t->class] = end;
		}
	}
}

static int by_place(const void *a, const void *b)
{
	const struct news_mark *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to > y->to ? -1 : 1;
	return (int)x->class - (int)y->class;
}

void news_marks_sort(struct news *n)
{
	qsort(n->mark, n->marks, sizeof(*n->mark), by_place);
	n->sorted = n->marks;
}

/* The first mark at or behind the character `from`. */
static size_t mark_at(const struct news *n, size_t from)
{
	size_t low = 0, high = n->sorted;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (n->mark[mid].from < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct news_mark *from_index(const struct news *n, size_t i, enum news_class class,
                                          size_t to)
{
	for (; i < n->sorted && n->mark[i].from < to; i++)
		if (n->mark[i].class == class && n->mark[i].to <= to)
			return &n->mark[i];
	return NULL;
}

const struct news_mark *news_first(const struct news *n, enum news_class class, size_t from,
                                   size_t to)
{
	return from_index(n, mark_at(n, from), class, to);
}

const struct news_mark *news_next(const struct news *n, const struct news_mark *m, size_t to)
{
	return from_index(n, (size_t)(m - n->mark) + 1, m->class, to);
}

const struct news_mark *news_has(const struct news *n, enum news_class class, const char *id,
                                 size_t from, size_t to)
{
	const struct news_mark *m = news_first(n, class, from, to);

	while (m && !slice_eq(m->id, slice_str(id)))
		m = news_next(n, m, to);
	return m;
}

/* --- the watch-list --------------------------------------------------------------- */

/*
 * What a writer may leave out or put in: blanks, line breaks, middle dots, hyphens, the
 * brackets and the "xx" of defanged addresses. Both sides are compared without them, in
 * lower case, hiragana as katakana, without the long-vowel sign.
 */
static bool passed_over(uint32_t c)
{
	return c == ' ' || c == '\n' || c == 0x30fb || c == '-' || c == '_' || c == 0x30fc ||
	       c == '[' || c == ']' || c == '(' || c == ')' || c == '\'' || c == '"' ||
	       c == 0x300c || c == 0x300d;
}

static uint32_t watch_fold(uint32_t c)
{
	static const uint16_t small[] = {0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9,
	                                 0x30c3, 0x30e3, 0x30e5, 0x30e7};

	c = lower(c);
	if (news_is_hiragana(c))
		c += 0x60;
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (c == small[i])
			return c + 1;
	return c;
}

struct watched {
	struct slice name;
	uint32_t c[MAX_WATCH_CHARS];
	size_t n;
};

static void take_name(struct slice line, struct watched *w)
{
	w->name = line;
	w->n = 0;
	while (line.n && w->n < MAX_WATCH_CHARS) {
		uint32_t c = 0;
		size_t k = slice_utf8(line, &c);
		c = news_fold(k ? c : '?');
		if (!passed_over(c))
			w->c[w->n++] = watch_fold(c);
		line = slice_sub(line, k ? k : 1, line.n);
	}
}

/* The legal form in front of or behind a name is left out as often as not. */
static void bare_name(struct watched *w)
{
	static const char *const forms[] = {"株式会社", "有限会社", "合同会社",
	                                    "(株)",     "(有)",     NULL};

	for (size_t i = 0; forms[i]; i++) {
		struct slice f = slice_str(forms[i]);
		if (slice_starts(w->name, f) && w->name.n > f.n + 3)
			w->name = slice_sub(w->name, f.n, w->name.n);
		else if (slice_ends(w->name, f) && w->name.n > f.n + 3)
			w->name = slice_sub(w->name, 0, w->name.n - f.n);
	}
	w->name = slice_trim(w->name);
}

static size_t watch_match(const struct news *n, const struct watched *w, size_t i)
{
	size_t k = 0, end = i;

	for (; k < w->n && i < n->n && i < end + MAX_MASKED; i++) {
		uint32_t c = news_c(n, i);
		if (passed_over(c))
			continue;
		if (watch_fold(c) != w->c[k])
			return 0;
		k++;
		end = i + 1;
	}
	return k == w->n ? end : 0;
}

/* The sentence in which it stands. */
static struct slice sentence_at(const struct news *n, size_t i)
{
	for (size_t k = 0; k < n->lines; k++)
		if (i >= n->line[k].from && i < n->line[k].to)
			return news_utf8(n, n->line[k].from,
			                 n->line[k].to < n->line[k].from + MAX_SENTENCE
			                     ? n->line[k].to
			                     : n->line[k].from + MAX_SENTENCE);
	return SLICE("");
}

static void watch_one(struct news *n, struct slice line, const uint32_t *folded)
{
	struct watched w = {.name = line};
	struct slice name = line;

	bare_name(&w);
	take_name(w.name, &w);
	if (w.n == 0)
		return;
	for (size_t i = 0; i < n->n; i++) {
		size_t end = folded[i] == w.c[0] ? watch_match(n, &w, i) : 0;
		if (!end || !whole(n, i, end))
			continue;
		struct json *f = news_tell(n, "watch", name, i, end);
		if (f && !json_get(f, "name")) {
			json_put_slice(n->mem, f, "name", name);
			json_put_slice(n->mem, f, "sentence", sentence_at(n, i));
		}
		i = end - 1;
	}
}

void news_watch(struct news *n, struct slice names)
{
	struct cursor c = cursor_over(names);
	uint32_t *folded = arena_array(n->mem, n->n + 1, sizeof(*folded));
	struct slice line;
	int left = MAX_WATCH;

	for (size_t i = 0; folded && i < n->n; i++)
		folded[i] = watch_fold(n->at[i].c);
	while (folded && left-- > 0 && cursor_line(&c, &line)) {
		line = slice_trim(line);
		if (line.n && line.at[0] != '#' && slice_utf8_valid(line))
			watch_one(n, line, folded);
	}
}
