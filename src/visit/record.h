/*
 * record: what a visit saw, as drafts of page.record, and the digest by which two visits are
 * told apart.
 */
#ifndef HINOBAN_VISIT_RECORD_H
#define HINOBAN_VISIT_RECORD_H

#include "visit/tab.h"

#define RECORD_MAX_PARTS 16

/* Does this script's content alter at each visit? Then its structure counts, not its hash. */
typedef bool record_rotates_fn(void *ctx, struct slice script, const char *hash);

/* SHA-256 over what is compared; *rotated: how many scripts count by their structure only. */
void record_digest(struct tab *t, record_rotates_fn *rotates, void *ctx,
                   char out[HASH_HEX_BYTES], int *rotated);
/* What names a script from visit to visit: its URL without a query, or its place. */
struct slice record_script(struct tab *t, const struct tab_script *s);
/*
 * The drafts, in order, in `a`; how many, or 0 where memory is out. Each is below
 * FACT_MAX_BYTES.
 */
size_t record_drafts(struct tab *t, struct arena *a, struct slice page, struct slice browser,
                     const char *digest, struct json *out[RECORD_MAX_PARTS]);

#endif
