/*
 * culprit: which of these requests wrote a file at that moment, and how sure is that? Pure.
 */
#ifndef HINOBAN_SENSE_CULPRIT_H
#define HINOBAN_SENSE_CULPRIT_H

#include "base/base.h"

#define CULPRIT_FIELD_BYTES 2048

/* One line of an access log. */
struct culprit_request {
	int64_t
	    at_us; /* what the line gives: the end (nginx) or begin (Apache) of the request */
	int64_t duration_us;
	int64_t status;
	bool exact; /* at_us has parts of seconds and duration_us is told */
	char method[32], client[64];
	char url[CULPRIT_FIELD_BYTES], agent[512];
};

struct culprit {
	const struct culprit_request *best; /* NULL: none covers the moment */
	double confidence;                  /* 0..1 */
	int candidates;
};

/*
 * A request is a candidate if it ran at the moment `us`:
 *   exact lines      from at - duration - 50 ms to at + 50 ms
 *   by the second    from at - duration - 1 s to at + duration + 2 s (at is cut to the
 *                    second and may be the begin or the end)
 * Each candidate has a weight for how likely such a request writes files:
 *   method           POST, PUT, PATCH, DELETE 8; others 2
 *   path             ends in .php or holds ".php/" or has no extension x 2; a static file
 *                    (.css .js .png ...) x 0.1
 *   status           4xx other than 403 x 0.5
 *   nearness         an exact line that does not cover the moment itself (2 ms of slack) x 0.02
 * Of equal weights the line nearest to the moment is the best.
 * confidence = certainty * weight of the best and of its like (same method, client and path)
 * / sum of all weights, where certainty is 0.98 for exact lines and 0.85 by the second, and x
 * 0.7 if the best is a plain GET or HEAD: those seldom write, so something that no log told may
 * have done it.
 */
struct culprit culprit_find(const struct culprit_request *r, size_t n, int64_t us);
double culprit_weight(const struct culprit_request *r);

#endif
