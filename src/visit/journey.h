/*
 * journey: how a customer comes to the payment page, as a file NAME.journey in the folder
 * `journeys` of the profiles, or anywhere by an absolute path (hinoban.journey(5)).
 *
 *     title = "Bundled tea shop"
 *     stop = ["POST https://shop.example/pay"]   where money would move: these requests never
 *                                              leave (METHOD and a glob over the URL)
 *     [step]
 *     name = "product"
 *     open = "/p/1"                            below the page's URL
 *     [step]
 *     name = "login"
 *     if = "form[action='/login']"             only where this is on the page
 *     fill = ["email: input[name=email]"]      WHAT: SELECTOR
 *     click = "button"
 *     [step]
 *     name = "payment"
 *     card = true                              the page that is watched
 *     fill = [...]
 *     click = "button.pay"
 *
 * Faults are told as FILE:LINE:COLUMN: what was found; what was expected.
 */
#ifndef HINOBAN_VISIT_JOURNEY_H
#define HINOBAN_VISIT_JOURNEY_H

#include "conf/conf.h"

#define JOURNEY_MAX_STEPS 32
#define JOURNEY_MAX_FILLS 32
#define JOURNEY_MAX_STOPS 32

enum journey_what {
	WHAT_CARD_NUMBER,
	WHAT_CARD_EXPIRY, /* MM / YY */
	WHAT_CARD_MONTH,
	WHAT_CARD_YEAR,  /* four digits */
	WHAT_CARD_YEAR2, /* two */
	WHAT_CARD_CODE,
	WHAT_CARD_NAME,
	WHAT_NAME,
	WHAT_FAMILY_NAME,
	WHAT_GIVEN_NAME,
	WHAT_KANA,
	WHAT_FAMILY_KANA,
	WHAT_GIVEN_KANA,
	WHAT_EMAIL,
	WHAT_PASSWORD,
	WHAT_PHONE,
	WHAT_POSTCODE,
	WHAT_PREFECTURE,
	WHAT_CITY,
	WHAT_ADDRESS,
	WHAT_TICK, /* a checkbox or radio button: it is clicked where it is not on */
	WHAT_TEXT, /* text TEXT: SELECTOR is written "text=TEXT: SELECTOR" */
	WHATS
};

struct journey_fill {
	enum journey_what what;
	struct slice text; /* of WHAT_TEXT */
	struct slice selector;
};

struct journey_step {
	struct slice name;
	struct slice open; /* a path below the page's URL, or a URL; empty: where we are */
	struct slice when; /* "if": the step is left out where this is not on the page */
	struct slice wait; /* a selector that must come */
	struct slice
	    frame; /* text that the URL of the frame with the inputs holds; empty: any */
	struct slice click; /* what is clicked at the end */
	bool card;          /* this is the payment page */
	struct journey_fill fill[JOURNEY_MAX_FILLS];
	size_t fills;
};

struct journey_stop {
	struct slice method; /* "*": any */
	struct slice glob;   /* over the URL, without its query unless the glob holds a '?' */
};

struct journey {
	struct slice title;
	struct journey_step step[JOURNEY_MAX_STEPS];
	size_t steps;
	struct journey_stop stop[JOURNEY_MAX_STOPS];
	size_t stops;
	bool test_mode; /* the shop does not move money: nothing is stopped */
};

/* Texts live in `mem`. 0, or a negative code with the sentence. */
int journey_load(const char *profile_dir, struct slice name, struct arena *mem,
                 struct journey *out, struct err *e);
int journey_parse(struct slice text, const char *file, struct arena *mem, struct journey *out,
                  struct err *e);
/* Without a file: one step, the page itself. */
void journey_plain(struct journey *out);
/* "card-number" ... */
const char *journey_what_name(enum journey_what w);
bool journey_is_card(enum journey_what w);
/* Is this request one that must not leave? */
bool journey_stops(const struct journey *j, struct slice method, struct slice url);

#endif
