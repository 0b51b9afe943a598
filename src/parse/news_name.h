/*
 * news_name: words that names are made of, and where a name begins and ends. Lists end in
 * NULL. Private to parse/news_*.
 */
#ifndef HINOBAN_PARSE_NEWS_NAME_H
#define HINOBAN_PARSE_NEWS_NAME_H

#include "parse/news.h"

#define NEWS_NAME_MAX       36  /* characters */
#define NEWS_MAX_ASIDE      100 /* "(以下、当社)", "(本社:東京都千代田区)" */
#define NEWS_MAX_CANDIDATES 256

/* A name, and how much speaks for it being the one that the text is about. */
struct news_candidate {
	size_t from, to;
	int score;
	bool vendor;
};

struct news_people {
	struct news_candidate at[NEWS_MAX_CANDIDATES];
	size_t n;
};

extern const char *const news_name_forms[];  /* 株式会社 ... */
extern const char *const news_name_bodies[]; /* endings: 大学, 病院 ... */
extern const char *const news_name_shops[];  /* endings: オンラインショップ ... */
extern const char *const news_name_nobody[]; /* beginnings that name nobody: 同社, 今回 ... */
extern const char *const news_name_kinds[]; /* kinds of shops: ドラッグストア ... */
extern const char
    *const news_name_plain_shops[]; /* endings that stand behind what is sold, too */

bool news_name_char(uint32_t c);
bool news_name_is(const struct news *n, size_t from, size_t to, const char *const *words);
bool news_name_begins(const struct news *n, size_t i, const char *const *words);
/* Does one of them end at i? */
bool news_name_behind(const struct news *n, size_t i, const char *const *words);
/* Does one of them begin anywhere in [from, to)? */
bool news_name_within(const struct news *n, size_t from, size_t to, const char *const *words);
/* Is it a word for nobody, or does it begin with one and is no body: 同社, 今回の, 新システム?
 */
bool news_name_of_nobody(const struct news *n, size_t from, size_t to);
/* The length of the longest of the endings that [from, to) has, and is longer than; or 0. */
size_t news_name_ends(const struct news *n, size_t from, size_t to, const char *const *words);
/*
 * Could this be a name, though no legal form says so? Not what ends with a word for data,
 * persons, attacks; nobody's; no part of a name that is found already.
 */
bool news_name_may(const struct news *n, size_t from, size_t to);
/* What stands before is hiragana and no particle: the name begins further on the left. */
bool news_name_torn(const struct news *n, size_t from);
/* Where a name that ends at i begins. */
size_t news_name_before(const struct news *n, size_t i);
/* The length of the word of the list that stands at i, or 0. */
size_t news_name_form(const struct news *n, size_t i, const char *const *forms);
/* Does a cue of this name end within `near` characters before `at`; begin within them behind?
 */
bool news_cue_ends(const struct news *n, const char *id, size_t at, size_t near);
bool news_cue_begins(const struct news *n, const char *id, size_t at, size_t near);
/* news_service.c: tells services, and vendors that are named with them. */
void news_services(struct news *n);
/* Something speaks for this name; where it is one that was named before, for that. */
void news_vote(const struct news *n, struct news_people *p, size_t from, size_t to, int score,
               bool vendor);
/* Nothing speaks for it any more. */
void news_veto(const struct news *n, struct news_people *p, size_t from, size_t to);
/* Behind "(...)" if that stands at i, else i. */
size_t news_skip_aside(const struct news *n, size_t i);
/* Does a mark of this class begin within `near` characters from `at`? */
bool news_starts_soon(const struct news *n, enum news_class class, size_t at, size_t near);

/* news_english.c: marks English names; votes for those in line k. */
void news_english_names(struct news *n);
void news_english_weigh(const struct news *n, struct news_people *p, size_t k);
/* Behind ", a phone retailer," if that stands at i, else i. */
size_t news_english_skip_apposition(const struct news *n, size_t i);
/* Takes away what spoke for persons, and for letters that stand for no name. */
void news_english_persons(const struct news *n, struct news_people *p);

#endif
