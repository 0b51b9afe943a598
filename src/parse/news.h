/*
 * news: what a text about an incident says, as facts with the places where it says so.
 * The parts of parse_news() (parse.h); private to parse/.
 *
 *   charset.c     any encoding -> UTF-8
 *   news_text.c   bytes -> characters: width and case folded, lines joined; news_html.c: HTML
 *                 taken off
 *   news_lex.c    words of the lexicons and of the watch-list, found in the characters
 *   news_date.c   dates as they are written; news_date_english.c: in English
 *   news_day.c    which day is meant
 *   news_count.c  numbers with a unit
 *   news_name.c   names as they are written; news_who.c: whose they are; news_service.c:
 * services
 *   news_rule.c   what the marks of one sentence say together: attack, way in; news_call.c: who
 * noticed; news_event.c: what was done when; news_data.c: periods, counts, items;
 * news_live.c: recovery, phishing
 *   news_tell.c   facts, each told once, with all its places; news_merge.c: of several texts
 *
 * A character knows which bytes of the input it came from, so every fact can be shown in
 * the text. Nothing here fails: what does not fit into the bounds is left out. Rules rather
 * say nothing than guess.
 */
#ifndef HINOBAN_PARSE_NEWS_H
#define HINOBAN_PARSE_NEWS_H

#include "parse/charset.h"
#include "parse/parse.h"

#define NEWS_MIN_MARKS     4096   /* words, dates, counts and names found in a text: */
#define NEWS_MAX_MARKS     131072 /* so many at most, one for each character between */
#define NEWS_MAX_LINES     65536
#define NEWS_MAX_FACTS     512  /* of one kind */
#define NEWS_MAX_SPANS     8    /* places told of one fact */
#define NEWS_MAX_TERM      64   /* characters of a word of a lexicon */
#define NEWS_SPAN_BYTES    400  /* of the text shown with a place */
#define NEWS_MAX_SENTENCE  4000 /* characters; a longer one is taken as several */
#define NEWS_MAX_SKIPS     64   /* parts of a page that are passed over */
#define NEWS_LEXICON_SLOTS 1024

/* A character: folded code point, and the bytes of the input [from, to) that it stands for. */
struct news_char {
	uint32_t c, from, to;
};

/* A sentence or a line of a list: characters [from, to). */
struct news_line {
	uint32_t from, to;
	bool starts;  /* the first sentence of its line of text */
	bool bullet;  /* begins with a mark of a list, or stands in a table */
	bool heading; /* short, and no sentence */
	bool gap;     /* an empty line stands before it */
	bool aside;   /* tells of another incident */
};

struct news_date {
	int16_t year;      /* 0: not known */
	int8_t month, day; /* 0: not told */
	int16_t minute;    /* of the day, -1: not told */
	struct slice part; /* "am", "noon", ... or empty */
	bool told_year, told_month;
};

enum news_how { NEWS_EXACT, NEWS_AT_MOST, NEWS_AT_LEAST, NEWS_ABOUT };

struct news_count {
	int64_t low, high; /* equal but for a range */
	enum news_how how;
	struct slice unit;
};

/* Classes of marks; the first ones are those of the lexicons' lines. */
#define NEWS_CLASSES(X)       \
	X(ITEM, "item")       \
	X(GROUP, "group")     \
	X(ATTACK, "attack")   \
	X(WAY, "way")         \
	X(WHO, "who")         \
	X(ACT, "act")         \
	X(NOT, "not")         \
	X(NEED, "need")       \
	X(UNIT, "unit")       \
	X(SECTION, "section") \
	X(CUE, "cue")         \
	X(DEPARTMENT, "department")
/* clang-format off */
enum news_class {
#define NEWS_CLASS_ID(id, name) N_##id,
	NEWS_CLASSES(NEWS_CLASS_ID)
#undef NEWS_CLASS_ID
	N_LEXICON, /* how many classes a lexicon has */
	N_DATE = N_LEXICON, N_RANGE, N_COUNT, N_QUOTE, N_NAME, N_CLASSES
};
/* clang-format on */

struct news_mark {
	enum news_class class;
	uint32_t from, to; /* characters */
	struct slice id;   /* the lexicon's name of it; of a quote, name: empty */
	struct news_date date, until;
	struct news_count count;
};

struct news_term {
	struct news_term *next; /* of the same slot, longer ones first */
	enum news_class class;
	struct slice id;
	bool gap; /* has a '*' */
	uint32_t n;
	uint32_t c[];
};

struct news_lex {
	struct news_term *slot[NEWS_LEXICON_SLOTS];
};

struct news_fact {
	struct slice id;
	struct json *told, *spans;
};

struct news {
	struct arena *mem;
	struct slice in; /* in UTF-8 */
	struct charset_text text;
	struct news_char *at;
	size_t n;
	bool html;
	int skips;
	bool latin; /* English, not Japanese */
	struct news_line *line;
	size_t lines;
	struct news_mark *mark;
	size_t max_marks;
	size_t marks, sorted;       /* sorted: those that are looked through */
	struct news_date published; /* year 0: not known */
	const char *published_by;
	const struct news_lex *lex;
	struct json *out;
	struct news_fact *fact;
	size_t facts;
	struct slice subject; /* what is watched for: the organisation that reports */
};

/* news_text.c */
#define NEWS_CELL '|' /* between cells of a table */
void news_put(struct news *n, uint32_t c, size_t from, size_t to);
void news_put_folded(struct news *n, uint32_t c, size_t from, size_t to);
bool news_read_text(struct news *n);
void news_lines(struct news *n);
/* The folded characters as UTF-8; and the input's own bytes of them. */
struct slice news_utf8(const struct news *n, size_t from, size_t to);
struct slice news_source(const struct news *n, size_t from, size_t to);
uint32_t news_fold(uint32_t c);
bool news_is_cjk(uint32_t c);
bool news_is_space(uint32_t c);
bool news_is_kanji(uint32_t c);
bool news_is_hiragana(uint32_t c);
bool news_is_katakana(uint32_t c);
bool news_is_alnum(uint32_t c);
static inline bool news_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}
/* The character at i, 0 past the end. */
static inline uint32_t news_c(const struct news *n, size_t i)
{
	return i < n->n ? n->at[i].c : 0;
}
/* Does the literal (UTF-8, folded) stand at i? Its length in characters, or 0. */
size_t news_lit(const struct news *n, size_t i, const char *utf8);
/* The same, ending at i. */
size_t news_lit_before(const struct news *n, size_t i, const char *utf8);
size_t news_skip_space(const struct news *n, size_t i);

/* news_html.c */
bool news_html_looks(struct slice in);
/* A tag, comment or entity at i is written out: the offset behind it. */
size_t news_html_tag(struct news *n, size_t i);
size_t news_html_entity(struct news *n, size_t i);

/* news_lex.c */
const struct news_lex *news_lex_read(struct arena *a, struct slice text, struct err *e);
void news_lex_marks(struct news *n);
void news_watch(struct news *n, struct slice names);
struct news_mark *news_mark_add(struct news *n, enum news_class class, size_t from, size_t to);
void news_marks_sort(struct news *n);

/* news_date.c */
void news_dates(struct news *n);
/* "2022", "2022-04" or "2022-04-19" */
struct slice news_date_text(struct arena *a, const struct news_date *d);
bool news_date_read(struct slice s, struct news_date *out);
int news_date_cmp(const struct news_date *a, const struct news_date *b);

/* news_plain.c */
void news_plain(struct news *n);

/* news_count.c */
void news_counts(struct news *n);

/* news_who.c */
void news_quotes(struct news *n);
void news_names(struct news *n);
void news_who(struct news *n);

/* news_rule.c */
/* Finds the sentences that tell of other incidents, which nothing is told of. */
void news_asides(struct news *n);
void news_rules(struct news *n);

/* news_tell.c */
/* A fact of the list `list` with this identity: made, or found; its place is added. */
struct json *news_tell(struct news *n, const char *list, struct slice id, size_t from,
                       size_t to);
bool news_told(const struct news *n, const char *list);

/*
 * Marks within characters [from, to): the first, and how to go on. Marks that were added since
 * news_marks_sort() are not seen.
 */
const struct news_mark *news_first(const struct news *n, enum news_class class, size_t from,
                                   size_t to);
const struct news_mark *news_next(const struct news *n, const struct news_mark *m, size_t to);
/* The first mark of this class and name there, or NULL. */
const struct news_mark *news_has(const struct news *n, enum news_class class, const char *id,
                                 size_t from, size_t to);

#endif
