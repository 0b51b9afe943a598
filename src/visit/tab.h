/*
 * tab: one visit: a browser context of its own with a page in it, all that attaches itself to
 * it (frames of other origins, workers, pop-ups), and what was seen there. Private to visit/.
 *
 * Nothing is injected into the page's own world but the seed of the twin arms; `Runtime` is
 * never enabled, since a page can tell (CDP's Runtime.enable is seen by
 * Error.prepareStackTrace). What is asked of a page runs in an isolated world.
 */
#ifndef HINOBAN_VISIT_TAB_H
#define HINOBAN_VISIT_TAB_H

#include "visit/arms.h"
#include "visit/cdp.h"
#include "visit/known.h"
#include "visit/netlog.h"
#include "visit/scrub.h"

#define TAB_MAX_SESSIONS 256
#define TAB_MAX_REQS     4096
#define TAB_MAX_SCRIPTS  2048
#define TAB_MAX_FRAMES   256 /* looked into; more are counted */
#define TAB_MAX_ENTRIES  512 /* of each other list */
#define TAB_MAX_BY       8
#define TAB_MAX_OWN      16
#define TAB_BODY_BYTES   (256u << 10) /* of what is sent, kept for the comparison */
#define TAB_MEM_BYTES    (256u << 20)

enum tab_type { TAB_PAGE, TAB_FRAME, TAB_WORKER, TAB_OTHER };

struct tab_session {
	char id[CDP_SESSION_BYTES]; /* "": gone */
	enum tab_type type;
	int parent;          /* place of the session that it attached itself to, or -1 */
	struct slice target; /* of a frame: the frame's id */
	struct slice url, kind;
	bool begins; /* taps: a worker before its first line */
};

struct tab_by {
	struct slice url[TAB_MAX_BY]; /* nearest first */
	size_t n;
};

/* A request, a socket, a beacon: whatever may carry something away. */
struct tab_req {
	struct slice id; /* the protocol's, of its session */
	int session, step;
	struct slice url, method, type;
	struct tab_by by;
	struct slice headers; /* those that a page may have a hand in, a line each */
	struct slice body;    /* what was sent, at most TAB_BODY_BYTES */
	int64_t status, bytes, sent;
	bool done, failed, stopped, socket, seen_by_network;
};

struct tab_script {
	struct slice id; /* the protocol's */
	int session, step;
	struct slice url;   /* of a file; empty for inline and made code */
	struct slice place; /* "url#n" or "eval" */
	struct slice frame; /* url */
	struct tab_by by;
	const char *how;
	char v8[HASH_HEX_BYTES], hash[HASH_HEX_BYTES], structure[PARSE_STRUCTURE_BYTES];
	int64_t bytes;
	bool asked, wants_source, has_hash;
};

struct tab_header {
	int step;
	struct slice url;
	struct json *headers; /* name: value, in mem */
};

struct tab_step {
	struct slice name, url, title;
	int64_t status;
	bool card;                  /* of the payment page, which every visit looks at */
	char shot[HASH_HEX_BYTES];  /* "": none */
	char looks[HASH_HEX_BYTES]; /* of all that a picture would show; "": not asked */
};

/* A picture of an earlier visit that lies in the vault, and what it shows. */
struct tab_picture {
	char shot[HASH_HEX_BYTES], looks[HASH_HEX_BYTES];
};
#define TAB_MAX_STEPS 40

/* A list of things that the probe found: entries as they stand in page.record. */
struct tab_list {
	struct json *arr;
	size_t n, cut;
};

enum tab_lists {
	TAB_FRAMES,
	TAB_FORMS,
	TAB_FIELDS,
	TAB_LISTENERS,
	TAB_STORAGE,
	TAB_WORKERS,
	TAB_TLS,
	TAB_TOUCHES,
	TAB_CONTACTS,
	TAB_LISTS
};

#define TAPS_COUNT 74
#define TAPS_MAX   4096

/* A breakpoint on a native function. */
struct tab_tap {
	size_t tap; /* which, of the table in tab_taps.c */
	int session;
	struct slice id;
};

struct tab_taps {
	struct tab_tap set[TAPS_MAX];
	size_t n, hits;
	struct slice needles; /* writings of the card, as JSON */
};

/* What was put by in the browser: a cookie, an entry of a storage. Never written anywhere. */
struct tab_kept {
	struct slice area, host, key, value;
};

/* A new content: text of a script, a picture. The fd is a memfd, borrowed. */
typedef void tab_content_fn(void *ctx, const char *what, struct slice url, const char *hash,
                            int64_t bytes, int fd);

struct tab {
	struct cdp *cdp;
	struct loop *loop;
	struct arena mem;
	const struct arms_arm *arm;
	const struct scrub *scrub;
	struct known *known;
	tab_content_fn *on_content;
	void *content_ctx;
	struct slice host; /* of the watched page: whose requests are first party */
	bool pictures;     /* of each step */
	const struct tab_picture *pictured;
	size_t pictureds;
	bool (*stops)(void *arg, struct slice method, struct slice url);
	void *stops_arg;

	char context[CDP_SESSION_BYTES];
	struct slice target;
	int page; /* place of the page's session, or -1 */
	struct tab_session session[TAB_MAX_SESSIONS];
	int sessions;
	struct tab_req *req;
	size_t reqs, reqs_cut;
	struct tab_script *script;
	size_t scripts, scripts_cut, script_first; /* those before it are settled */
	struct tab_header header[TAB_MAX_ENTRIES];
	size_t headers;
	struct tab_step step[TAB_MAX_STEPS];
	int steps; /* the last one is where we are */
	struct tab_list list[TAB_LISTS];
	struct tab_kept kept[TAB_MAX_ENTRIES];
	size_t kepts;
	struct tab_taps taps;
	struct netlog_contact *contact; /* what the protocol did not show */
	size_t contacts;
	struct tab_by empty;
	size_t open;     /* requests under way */
	int64_t busy_us; /* when the network was last at work */
	bool loaded, crashed, gone;
	struct slice nav_error;
	size_t frames_seen;
	int64_t document_status;
	bool shows; /* a canary stands in a page's text */
	struct slice
	    secret[TAB_MAX_ENTRIES]; /* values that the server gave: they alter by themselves */
	size_t secrets;
	const struct json *last_page; /* what the probe said of the page itself, or NULL */
	char own[TAB_MAX_OWN][HASH_HEX_BYTES]; /* of code that is ours: it is not the page's */
	size_t owns;
	uint32_t chance; /* of the pointer and the rhythm of keys: the same at each visit */
	int64_t hand_us; /* when the hand moved last, by its rhythm */
	char known_version[8]; /* of Chromium, major */
};

extern const struct cdp_handlers tab_handlers; /* ctx: struct tab * */

/* 0, or a fault with the sentence. */
int tab_open(struct tab *t, struct err *e);
/* Ends the context with everything in it; forgets what was seen. */
void tab_close(struct tab *t);
/* A new step; its name is borrowed for the visit. */
void tab_begin_step(struct tab *t, struct slice name, bool card);
int tab_navigate(struct tab *t, struct slice url, struct slice referrer, struct err *e);
/*
 * Wait until the page is loaded and the network has been still for quiet_ms, or for 3 s where a
 * request is open still (a long poll), at most ms. 0;
 * -ETIMEDOUT: it does not come to rest; -EPIPE, -EINTR; -EIO: it crashed.
 */
int tab_settle(struct tab *t, int quiet_ms, int ms);
/* The oldest request without an answer; empty: there is none. */
struct slice tab_waits_for(const struct tab *t);
int tab_sleep(struct tab *t, int ms);
/* Ask for the bodies of scripts that are not known. Before each step that may leave the page.
 */
int tab_collect(struct tab *t);
const char *tab_session_id(const struct tab *t, int i);
/* This text is run in the page by us; a page that has the very same has it for nothing. */
void tab_own(struct tab *t, struct slice text);
bool tab_first_party(const struct tab *t, struct slice url);
/* The same of a host, as in tab_host(). */
bool tab_first_host(const struct tab *t, struct slice host);
struct slice tab_host(struct slice url);
/* Without its port; "[::1]:80" keeps its brackets. */
struct slice tab_bare_host(struct slice host);
/* Note a value that was put by: the twins hold them against each other. */
void tab_keep(struct tab *t, const char *area, struct slice host, struct slice key,
              struct slice value);
/* Push a copy of an entry unless the list is full. */
void tab_push(struct tab *t, enum tab_lists which, struct json *entry);

/* tab_net.c */
/* Base64 in either alphabet; other bytes are passed over. */
struct slice tab_unbase64(struct arena *a, struct slice text);
void tab_net_event(struct tab *t, int session, struct slice method, const struct json *p);
/* The session shows another document, which `loader` fetched: what was asked before is over. */
void tab_net_left(struct tab *t, int session, struct slice loader);
void tab_net_chain(struct tab *t, const struct json *initiator, struct slice document,
                   struct tab_by *out);
/* tab_script.c */
void tab_script_event(struct tab *t, int session, const struct json *p);
void tab_script_ask(struct tab *t);

/* tab_contact.c: of a net log, what is the page's and no request that was seen. */
void tab_contacts(struct tab *t, const struct netlog *log);

/* tab_taps.c: only where the arm is taps. */
void tab_taps_equip(struct tab *t, const char *session);
/* A worker is to stop at its first line, until its breakpoints are set. */
void tab_taps_worker(struct tab *t, int session);
void tab_taps_paused(struct tab *t, int session, const struct json *p);

struct probe_frame {
	int session;
	struct slice id, url, parent_url;
};

/* hand.c: a visitor's hand. */
struct hand_field {
	int session;
	struct slice object; /* remote object id */
	struct slice tag, type;
	double x, y; /* of the page */
	bool covered;
};
/* The element, in the frame whose URL holds `frame` (empty: in any); scrolled into view. */
int hand_find(struct tab *t, struct slice selector, struct slice frame, struct hand_field *out,
              struct err *e);
/* What the probe says: `what` is appended to its script (".page()"). */
int hand_ask(struct tab *t, const struct probe_frame *frame, struct slice what, bool by_value,
             const struct json **out);
/* The element that the probe names by `what`, scrolled into view; -ENOENT: none. */
int hand_at(struct tab *t, const struct probe_frame *frame, struct slice what,
            struct hand_field *out);
/* Of an object of ours: scrolled into view, and what the probe calls it ("": it can't be seen).
 */
int hand_kind(struct tab *t, struct hand_field *f, struct slice *kind);
bool hand_there(struct tab *t, struct slice selector, struct slice frame);
int hand_click(struct tab *t, const struct hand_field *f, struct err *e);
/* Type, and look whether it stands there; three tries. */
int hand_type(struct tab *t, const struct hand_field *f, struct slice text, struct err *e);
int hand_choose(struct tab *t, const struct hand_field *f, struct slice text, struct err *e);
int hand_tick(struct tab *t, const struct hand_field *f, struct err *e);

/* probe.c: frames, forms, fields, listeners, storage, as they stand now. */
void probe_page(struct tab *t);
/*
 * A picture without what was typed; into the vault, its hash into the step. Where an earlier
 * one shows the same, none is taken and the hash is that one's.
 */
void probe_shot(struct tab *t);
/* A new isolated world of a frame; or a negative errno. */
int64_t probe_world(struct tab *t, int session, struct slice frame, struct arena *mem);
/* Evaluate in an isolated world of a frame; value lives in `mem`. */
int probe_evaluate(struct tab *t, int session, struct slice frame, struct slice expression,
                   bool by_value, struct arena *mem, const struct json **out);
/* All frames of all sessions: at most max; returns how many. */
size_t probe_frames(struct tab *t, struct arena *mem, struct probe_frame *out, size_t max);

#endif
