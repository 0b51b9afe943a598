/*
 * known: scripts that were seen before, by the V8 hash of their text: so a body is fetched,
 * hashed and parsed once, and kept in the vault once. At most KNOWN_MAX; then it begins anew.
 *
 * Once a day it begins anew in any case: the vault may have dropped since what a page has not
 * loaded for long, and where that comes back it must be kept again.
 */
#ifndef HINOBAN_VISIT_KNOWN_H
#define HINOBAN_VISIT_KNOWN_H

#include "parse/parse.h"

#define KNOWN_MAX    16384
#define KNOWN_DAY_US (INT64_C(86400) * 1000000)

struct known_script {
	char v8[HASH_HEX_BYTES], hash[HASH_HEX_BYTES]; /* "": none */
	char structure[PARSE_STRUCTURE_BYTES];
	int64_t bytes;
};

struct known;

struct known *known_new(void);
void known_free(struct known *k);
/* Before a round: now is monotonic. True: a day is over, and all is forgotten. */
bool known_begin(struct known *k, int64_t now_us);
/* By V8 hash and length of the answer (0: of code that is no file); NULL: not seen yet. */
const struct known_script *known_get(const struct known *k, const char *v8);
void known_put(struct known *k, const struct known_script *s);
/* Was a content with this hash told for this page already? Notes it. */
bool known_told(struct known *k, struct slice page, const char *hash);

#endif
