/*
 * parse: pure functions, bytes in, features out. Run only inside the sealed reader.
 * Every loop is bounded by its input; memory comes from an arena with a ceiling.
 */
#ifndef HINOBAN_PARSE_H
#define HINOBAN_PARSE_H

#include "fact/fact.h"
#include "fact/feature.h"
#include "parse/canary.h"
#include "parse/cards.h"
#include "parse/flows.h"

#define PARSE_LOOK_MAX_BYTES (8u << 20) /* more is hashed but not tokenised */

/*
 * What is this content? {"kind": "php" | "js" | "html" | "htaccess" | "guard" | "ini" |
 * "image" | "archive" | "elf" | "text" | "binary" | "empty", "features": {name: integer > 0,
 * ...}}.
 * The names are the closed table fact/feature.h (man page hinoban.facts(7)). `path` helps
 * to tell kinds apart; where servers or browsers go by the name alone (PHP, JavaScript, pages,
 * their settings), so do we. "guard": an .htaccess that only forbids.
 */
struct json *parse_look(struct arena *a, struct slice content, struct slice path);
/* The beginning of a file of code: what comes behind it may be anything. */
struct json *parse_look_part(struct arena *a, struct slice content, struct slice path);

/*
 * Access-log lines in a format (nginx log_format text, or "combined", which is Apache's and
 * nginx's common form) -> array of {"at","method","url","client","status","agent",
 * "referer","bytes","duration_us","exact": bool}; ill-formed lines are counted, not fatal.
 */
struct json *parse_access_log(struct arena *a, struct slice format, struct slice lines,
                              size_t *ill_formed);

/*
 * The structural hash of a script (structure.h) as text: 32 hexadecimal digits of the code,
 * '.', 32 of the set of addresses in it. Two texts with the same one are the same program as
 * far as names of locals, white space and rotating values go. 0; -E2BIG, -ENOMEM: too large
 * to be taken apart (out stays untouched).
 */
#define PARSE_STRUCTURE_BYTES 66 /* with NUL */
int parse_structure(struct slice script, char out[PARSE_STRUCTURE_BYTES]);

/*
 * What a text about an incident says (Japanese or English; plain text or HTML; in any encoding
 * that charset.h knows, offsets being those of the bytes as they came): an object of
 * lists, each fact with the bytes of the text that say it. The lists: watch {name},
 * organisations {name}, services {name, state: old | current | unknown}, vendors {name,
 * service}, attacks {kind}, ways {kind}, noticed {by, at}, periods {group, from, to, part},
 * counts {n | low, high, unit, how: exact | at_most | at_least | about, group, item, need},
 * items {item, group, need: required | optional}, events {act, at, time | part, planned},
 * recovery {unit, state, at}, phishing_brands, phishing_subjects, phishing_asks, phishing_live;
 * each with spans
 * [{from, to, text}]. Besides: published {at, by: caller | text}, lang. What is unsure is left
 * out. NULL with the sentence where the lexicon or the date is ill-formed, or without memory.
 */
#define PARSE_NEWS_MAX_BYTES (3u << 19)
#define PARSE_NEWS_PLAIN     (20u << 10)
/* The lists, in the order in which a person reads them. */
#define PARSE_NEWS_LISTS                                                               \
	"watch", "organisations", "services", "vendors", "attacks", "ways", "noticed", \
	    "periods", "counts", "items", "events", "recovery", "phishing_brands",     \
	    "phishing_subjects", "phishing_asks", "phishing_live"

struct parse_news {
	struct slice lexicon;   /* news_lex.c says how it is written */
	struct slice watch;     /* names to be told wherever they stand, one a line */
	struct slice published; /* YYYY-MM-DD, or empty: from the text, if it says so */
	bool plain; /* besides, text: what a person reads, up to PARSE_NEWS_PLAIN bytes (cut:
	             * there is more); places are bytes of it, without text */
	bool all;   /* besides, lists days {at} and numbers {n, unit}: every one in the text */
};
struct json *parse_news(struct arena *a, struct slice text, const struct parse_news *want,
                        struct err *e);
/*
 * Several texts on one incident made one: a fact that n of them say has "seen": n, and each
 * place its "source", the number of the text (0..). What only one of them says of it is kept.
 */
struct json *parse_news_merge(struct arena *a, const struct json *const *told, size_t n);

/*
 * The entries of a feed (RSS 0.9x, 1.0, 2.0 or Atom): array of {"id","link","title","at"
 * (RFC 3339 or ""),"text" (markup as it came)}, PARSE_FEED_MAX_ENTRIES at most. No entity but
 * XML's five and numbers is known, and no declaration is followed. NULL with the sentence where
 * it is no feed.
 */
#define PARSE_FEED_MAX_BYTES   (4u << 20)
#define PARSE_FEED_MAX_ENTRIES 500
struct json *parse_feed(struct arena *a, struct slice xml, struct err *e);

/* Unified diff of two texts (Myers, bounded: falls back to a coarse diff past the bound). */
struct parse_diff {
	int64_t added, removed;
	bool binary;
	bool truncated; /* `out` was too small: whole lines at its end are missing */
};
int parse_diff(struct slice before, struct slice after, struct slice before_name,
               struct slice after_name, int context, struct buf *out,
               struct parse_diff *result);

#endif
