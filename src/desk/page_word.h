/*
 * page_word: from a form of the console to a word in the ledger. Use: the page's function makes
 * a draft, calls page_word_say(), and does as it says.
 */
#ifndef HINOBAN_DESK_PAGE_WORD_H
#define HINOBAN_DESK_PAGE_WORD_H

#include "desk/page.h"

/* A field of the form, without blanks around it. */
struct slice page_word_field(const struct page *p, const char *name);
/* How this person signs; a name in the form is kept for the session. "" where there is none. */
struct slice page_word_by(struct page *p);
/* What was wrong with the form: m.refused; the caller shows its page again. */
void page_word_refuse(struct page *p, unsigned status, const char *key);

enum page_said {
	PAGE_SAID_WAIT, /* return HTTP_WAIT */
	PAGE_SAID_KEPT, /* it is a fact: *seq */
	PAGE_SAID_NOT,  /* refused: show the page again */
};
/* Send the draft, or, when asked again, hear what became of it. */
enum page_said page_word_say(struct page *p, const struct json *draft, int64_t *seq);

#endif
