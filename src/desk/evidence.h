/*
 * evidence: what a finding rests on, made ready to be shown: the change, who made it, which
 * web request, what the new content can do that the approved one could not.
 */
#ifndef HINOBAN_DESK_EVIDENCE_H
#define HINOBAN_DESK_EVIDENCE_H

#include "desk/page.h"

/* The newest file.changed that the finding names, or NULL. */
struct json *evidence_change(struct page *p, const struct json *finding);
/* The file.request about it: named by the finding, or one that names the change; or NULL. */
struct json *evidence_request(struct page *p, const struct json *finding,
                              const struct json *change);
/*
 * {"known", "why"?, "chain": [{"depth": "d0".., "exe", "command", "user", "pid", "self"}]}, the
 * eldest first; NULL where the change says nothing of who (it was found by a scan).
 */
struct json *evidence_who(struct page *p, const struct json *change);
/* [{"text", "n", "strong"}]: features that were not there before, or more of them. */
struct json *evidence_features(struct page *p, const struct json *change);
/* [{"say", "before", "after"}]: rights, owner, size, kind, where they differ. */
struct json *evidence_attributes(struct page *p, const struct json *change);
/* The hash of approved / present where it is that of a file or link. False: there is none. */
bool evidence_hash(const struct json *change, const char *side, struct hash *out);

#endif
