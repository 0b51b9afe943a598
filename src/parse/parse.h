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
 * What is this content? {"kind": "php" | "js" | "html" | "htaccess" | "ini" | "image" |
 * "archive" | "elf" | "text" | "binary" | "empty", "features": {name: integer > 0, ...}}.
 * The names are the closed table fact/feature.h (man page hinoban.facts(7)). `path` only
 * helps to tell kinds apart; content decides whether a file holds code.
 */
struct json *parse_look(struct arena *a, struct slice content, struct slice path);

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
