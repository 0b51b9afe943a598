#include "sense/culprit.h"
#include <string.h>

#define EXACT_SLACK_US 50000
#define EXACT_HIT_US   INT64_C(2000) /* the log's own resolution, twice */
#define SECOND_US      1000000

static bool writes(const struct culprit_request *r)
{
	static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(r->method, methods[i]) == 0)
			return true;
	}
	return false;
}

static struct slice path_of(const struct culprit_request *r)
{
	struct slice url = slice_str(r->url);
	size_t end = slice_chr(url, '?');

	return slice_sub(url, 0, end);
}

static bool is_static(struct slice path)
{
	static const char *const ends[] = {".css",   ".js",  ".png",  ".jpg", ".jpeg",
	                                   ".gif",   ".svg", ".webp", ".ico", ".woff",
	                                   ".woff2", ".ttf", ".map",  ".txt", ".pdf"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (slice_ends(path, slice_str(ends[i])))
			return true;
	}
	return false;
}

static bool is_program(struct slice path)
{
	size_t from = path.n;

	while (from > 0 && path.at[from - 1] != '/')
		from--;
	return slice_casefind(path, SLICE(".php")) != SIZE_MAX ||
	       slice_chr(slice_sub(path, from, path.n), '.') == SIZE_MAX;
}

double culprit_weight(const struct culprit_request *r)
{
	struct slice path = path_of(r);
	double w = writes(r) ? 8 : 2;

	if (is_static(path))
		w *= 0.1;
	else if (is_program(path))
		w *= 2;
	if (r->status >= 400 && r->status < 500 && r->status != 403)
		w *= 0.5;
	return w;
}

static bool covers(const struct culprit_request *r, int64_t us)
{
	if (r->exact)
		return us >= r->at_us - r->duration_us - EXACT_SLACK_US &&
		       us <= r->at_us + EXACT_SLACK_US;
	return us >= r->at_us - r->duration_us - SECOND_US &&
	       us <= r->at_us + r->duration_us + 2 * SECOND_US;
}

/*
 * A log that tells milliseconds tells which request ran at that very moment; its neighbours
 * stay possible (clocks are read at other moments than files are written), but hardly.
 */
static double nearness(const struct culprit_request *r, int64_t us)
{
	if (!r->exact)
		return 1;
	return us >= r->at_us - r->duration_us - EXACT_HIT_US && us <= r->at_us + EXACT_HIT_US
	           ? 1
	           : 0.02;
}

/* Of equals, the one whose line is nearer. */
static bool nearer(const struct culprit_request *a, const struct culprit_request *b, int64_t us)
{
	return llabs(a->at_us - us) < llabs(b->at_us - us);
}

/* Two lines of one visitor's same act speak for the same culprit. */
static bool same_act(const struct culprit_request *a, const struct culprit_request *b)
{
	return strcmp(a->method, b->method) == 0 && strcmp(a->client, b->client) == 0 &&
	       slice_eq(path_of(a), path_of(b));
}

struct culprit culprit_find(const struct culprit_request *r, size_t n, int64_t us)
{
	struct culprit m = {NULL, 0, 0};
	double sum = 0, best = 0, same = 0;

	for (size_t i = 0; i < n; i++) {
		double w = covers(&r[i], us) ? culprit_weight(&r[i]) * nearness(&r[i], us) : 0;

		if (w <= 0)
			continue;
		m.candidates++;
		sum += w;
		if (!m.best || w > best || (w == best && nearer(&r[i], m.best, us))) {
			m.best = &r[i];
			best = w;
		}
	}
	if (!m.best)
		return m;
	for (size_t i = 0; i < n; i++) {
		if (covers(&r[i], us) && same_act(&r[i], m.best))
			same += culprit_weight(&r[i]) * nearness(&r[i], us);
	}
	m.confidence = (m.best->exact ? 0.98 : 0.85) * same / sum;
	if (!writes(m.best))
		m.confidence *= 0.7;
	return m;
}
