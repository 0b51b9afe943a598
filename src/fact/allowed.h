/*
 * allowed: what people said may run on pages, and where card data may go: the words
 * page.authorised and page.refused, and which of them covers a thing. The judge, the command
 * line and the reports ask here, so that all of them say the same.
 *
 * The newest word that covers a thing counts; a refusal before any authorisation. A word names
 * a page, or all of them; its subject is an address without scheme and query, or a pattern
 * (base/text.h: text_glob). Bounded: past ALLOWED_MAX words the oldest is forgotten.
 */
#ifndef HINOBAN_FACT_ALLOWED_H
#define HINOBAN_FACT_ALLOWED_H

#include "fact/fact.h"

#define ALLOWED_MAX 4096

enum allowed_how {
	ALLOWED_UNKNOWN, /* nobody said anything */
	ALLOWED_REFUSED,
	ALLOWED_OUTDATED, /* authorised, but with other content */
	ALLOWED_GIVEN,    /* authorised as it is */
	ALLOWED_BY_RULE,  /* whatever its address gives: its vendor may release */
	ALLOWED_EXEMPT,   /* 3-D Secure: not this shop's to judge */
};

struct allowed_word {
	/* Texts of the word, "" where it lacks them. */
	char *what, *page, *subject, *hash, *structure, *owner, *reason, *class, *by, *vendor;
	int64_t seq, at_us;
	bool refused;
};

struct allowed;

struct allowed *allowed_new(void);
void allowed_free(struct allowed *a);
/* Take a fact up; other types than the two are passed over. */
void allowed_take(struct allowed *a, const struct json *fact);
/*
 * What holds for a subject: what is "script", "flow", "header", "frame" or "form". *word (may
 * be NULL): the word that says so, or NULL in it. Borrowed until the next allowed_take.
 */
enum allowed_how allowed_is(const struct allowed *a, const char *what, struct slice page,
                            struct slice subject, struct slice hash, struct slice structure,
                            const struct allowed_word **word);
/* Was anything of this sort ever authorised for the page? */
bool allowed_any(const struct allowed *a, const char *what, struct slice page);
/* All words that stand, oldest first. */
size_t allowed_count(const struct allowed *a);
const struct allowed_word *allowed_at(const struct allowed *a, size_t i);

#endif
