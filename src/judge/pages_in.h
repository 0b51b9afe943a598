/* pages_in: what the files of pages share. Nobody else includes it. */
#ifndef HINOBAN_JUDGE_PAGES_IN_H
#define HINOBAN_JUDGE_PAGES_IN_H

#include "fact/allowed.h"
#include "fact/feature.h"
#include "judge/pages.h"

/* ---- what a record consists of (pages_record.c) ---- */

enum pages_kind {
	PAGES_SCRIPT, /* key: steady address; value: structural hash, or the body's */
	PAGES_INLINE, /* key: the page's address and the structure */
	PAGES_EVAL,   /* key: who made the code */
	PAGES_HEADER, /* key: address and name; value: its text */
	PAGES_FORM,   /* key: frame and place; value: action's host and path */
	PAGES_FRAME,  /* key: address */
	PAGES_FIELD,  /* key: frame, kind; value: how many there are, and "covered" */
	PAGES_WORKER, /* key: type and address */
	PAGES_LISTENER,
	PAGES_TOUCH,   /* key: script and function; odd: the card is handed on */
	PAGES_CONTACT, /* key: how and host */
	PAGES_CARRY,   /* a request with the card: key: host and path; value: how written */
	PAGES_STORE,   /* the card in the browser's storage */
};

struct pages_item {
	enum pages_kind kind;
	struct slice key, value;
	struct slice subject; /* for people: an address, a header's name ... */
	struct slice hash;    /* scripts: of the body */
	bool third;           /* of another party */
	bool odd;             /* fields: covered */
};

struct pages_list {
	struct pages_item *item; /* sorted by kind and key, each once */
	size_t n;
};

/* The items of all parts of a record, in the arena. */
void pages_items(struct arena *a, const struct json *const *part, size_t parts,
                 struct pages_list *out);
const struct pages_item *pages_find(const struct pages_list *l, enum pages_kind kind,
                                    struct slice key);

/* ---- what is said (pages_words.c) ---- */

enum pages_event {
	EV_FLOW,      /* the card goes to somebody else */
	EV_FLOW_OWN,  /* to a place of the shop's own that nobody authorised */
	EV_OPAQUE,    /* something that can't be read goes out once a card is typed */
	EV_COVERED,   /* a card field lies under something */
	EV_DOUBLED,   /* more card fields than before */
	EV_FORM,      /* a form goes elsewhere */
	EV_FRAME,     /* the frame of the payment provider was exchanged */
	EV_FRAME_NEW, /* another party's frame */
	EV_SCRIPT_NEW,
	EV_SCRIPT_CHANGED,
	EV_SCRIPT_THEFT, /* new or changed, and it does what skimmers do */
	EV_SCRIPT_SENDS, /* new or changed, and it sends what is typed, as lookups do, too */
	EV_SCRIPT_MOVED, /* the same code, other addresses in it */
	EV_SCRIPT_GONE,
	EV_SCRIPT_REFUSED,
	EV_INVENTORY, /* so many scripts that nobody authorised */
	EV_WORKER,
	EV_LISTENER,
	EV_TOUCH,   /* a script reads the card */
	EV_HANDED,  /* it gives it to something that encodes, keeps or sends */
	EV_CONTACT, /* a host that only the browser's own log shows */
	EV_STORED,  /* the card in the browser's storage */
	EV_CSP_GONE,
	EV_CSP_WEAK,
	EV_HEADER_GONE,
	EV_HEADER_CHANGED,
	EV_BLIND,
	EV_REPORTED, /* real visitors' browsers met a script that the visitor never did */
	PAGES_EVENTS
};

struct pages_row {
	const char *type; /* of the finding */
	const char *name; /* its sign */
	enum fact_severity severity;
	double sure;         /* that this is an attack */
	const char *en, *ja; /* {p} page, {s} subject, {x} extra */
	const char *next_en, *next_ja;
};
extern const struct pages_row pages_rows[PAGES_EVENTS];

struct pages_said {
	enum pages_event event;
	struct slice page, arm, subject;
	struct slice extra[2]; /* {x}, in English and Japanese */
	enum fact_severity severity;
	double sure;
	int64_t refs[4];
	int refs_n;
};
/* A finding's draft but for memory. NULL if memory is out. */
struct json *pages_draft(struct arena *a, const struct pages_said *s, struct slice since);

#endif
