/*
 * keys: the closed table of the config's settings. One table serves the reader, the
 * defaults, the written config and the man page's test.
 */
#ifndef HINOBAN_CONF_KEYS_H
#define HINOBAN_CONF_KEYS_H

#include "conf/conf.h"
#include "conf/syntax.h"

enum keys_want {
	WANT_TEXT,
	WANT_PATH,  /* absolute, or "" */
	WANT_PATHS, /* list of absolute paths */
	WANT_TEXTS,
	WANT_PAGES, /* list of "NAME URL [JOURNEY]" */
	WANT_CARD,  /* a card number with its check digit */
	WANT_ROLES, /* list of roles that can be held */
	WANT_BOOL,
	WANT_NUMBER,
	WANT_DURATION,
	WANT_SIZE,
	WANT_CHOICE, /* one of the blank-separated words of `choices` */
};

struct keys_key {
	const char *section; /* "" above the first [section] */
	const char *name;
	enum keys_want want;
	size_t at, at_count; /* offsets in struct conf */
	int64_t min, max;
	const char *choices;
	const char *otherwise; /* the default, as it would be written; NULL: none, required */
	const char *en, *ja;   /* what it is for; may hold newlines */
};

extern const struct keys_key keys_table[];
extern const size_t keys_count;

struct keys_section {
	const char *name;
	const char *en, *ja;
};
extern const struct keys_section keys_sections[];
extern const size_t keys_section_count;

/* The key's place in the table, or -1. */
ptrdiff_t keys_find(struct slice section, struct slice name);
/* Check a value and put it into c. 0, or -EINVAL with the sentence. */
int keys_set(const struct keys_key *k, const struct syntax *s, const struct syntax_value *v,
             struct conf *c);
/* Unknown key or section: -EINVAL, with the nearest name as a hint. */
int keys_unknown(const struct syntax *s, const struct syntax_item *it, struct slice section);
/*
 * Of the NULL-terminated names, the one that differs from `word` in at most two letters
 * (added, left out, changed or swapped), or NULL.
 */
const char *keys_near(struct slice word, const char *const *names);

#endif
