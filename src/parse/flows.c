#include "parse/flows.h"

#include "base/arena.h"
#include <errno.h>
#include <stdlib.h>

#define ARMS       3
#define FIELDS_MAX 4096
#define PARTS_MAX  512
#define MEM_BYTES  (64u << 20)

enum { A, AGAIN, B };

/* Requests of the same kind to the same place. */
struct group {
	const struct flows_request *first;
	struct slice path;
	uint32_t count[ARMS];
	uint32_t head[ARMS], tail[ARMS]; /* lists of members, index + 1 */
};

struct member {
	const struct flows_request *request;
	uint64_t content;
	uint32_t next;
	bool settled; /* the same in all three arms */
};

struct comparison {
	const struct flows_arm *arm[ARMS];
	struct arena mem;
	struct group group[FLOWS_MAX_FLOWS];
	size_t groups;
	struct member *member;
	uint32_t members;
	struct flows *out;
};

const char *flows_verdict_name(enum flows_verdict v)
{
	static const char *const names[] = {"independent", "undetermined", "flow"};

	return (unsigned)v <= FLOWS_FLOW ? names[v] : "unknown";
}

/* The path of an address, without query and fragment; the whole where it has none. */
static struct slice path_of(struct slice url)
{
	size_t scheme = slice_find(url, SLICE("://")), slash, end;
	struct slice rest = scheme == SIZE_MAX ? url : slice_sub(url, scheme + 3, url.n);

	slash = slice_chr(rest, '/');
	rest = slash == SIZE_MAX ? (struct slice){0} : slice_sub(rest, slash, rest.n);
	for (end = 0; end < rest.n && rest.at[end] != '?' && rest.at[end] != '#';)
		end++;
	return slice_sub(rest, 0, end);
}

static bool belongs(const struct group *g, const struct flows_request *r, struct slice path)
{
	return slice_eq(g->first->to, r->to) && slice_eq(g->first->channel, r->channel) &&
	       slice_eq(g->first->method, r->method) && slice_eq(g->path, path);
}

static struct group *group_of(struct comparison *c, const struct flows_request *r)
{
	struct slice path = path_of(r->url);

	for (size_t i = 0; i < c->groups; i++) {
		if (belongs(&c->group[i], r, path))
			return &c->group[i];
	}
	if (c->groups == FLOWS_MAX_FLOWS) {
		c->out->cut = true;
		return NULL;
	}
	c->group[c->groups] = (struct group){.first = r, .path = path};
	return &c->group[c->groups++];
}

static uint64_t content_of(const struct flows_request *r)
{
	return hash_table(r->url) * 31 + hash_table(r->headers) * 17 + hash_table(r->body);
}

static void take_arm(struct comparison *c, int arm)
{
	size_t n = c->arm[arm]->n;

	if (n > FLOWS_MAX_REQUESTS) {
		n = FLOWS_MAX_REQUESTS;
		c->out->cut = true;
	}
	for (size_t i = 0; i < n; i++) {
		const struct flows_request *r = &c->arm[arm]->request[i];
		struct group *g = group_of(c, r);
		uint32_t at;

		if (!g)
			continue;
		at = ++c->members;
		c->member[at] = (struct member){.request = r, .content = content_of(r)};
		if (g->tail[arm])
			c->member[g->tail[arm]].next = at;
		else
			g->head[arm] = at;
		g->tail[arm] = at;
		g->count[arm]++;
	}
}

/*
 * Groups that not every arm has, though their host and channel are in all three: the path
 * itself may carry what was typed, so they are held together after all.
 */
static void merge_paths(struct comparison *c)
{
	for (size_t i = 0; i < c->groups; i++) {
		struct group *g = &c->group[i];

		for (size_t k = i + 1; k < c->groups; k++) {
			struct group *h = &c->group[k];
			bool whole = g->count[A] && g->count[AGAIN] && g->count[B];

			if (whole || !h->first || !slice_eq(g->first->to, h->first->to) ||
			    !slice_eq(g->first->channel, h->first->channel) ||
			    (h->count[A] && h->count[AGAIN] && h->count[B]))
				continue;
			for (int arm = 0; arm < ARMS; arm++) {
				if (!h->head[arm])
					continue;
				if (g->tail[arm])
					c->member[g->tail[arm]].next = h->head[arm];
				else
					g->head[arm] = h->head[arm];
				g->tail[arm] = h->tail[arm];
				g->count[arm] += h->count[arm];
			}
			*h = c->group[--c->groups];
			k--;
		}
	}
}

/* ---- one pair ---- */

static bool separates(uint8_t c)
{
	return c <= ' ' || slice_chr(SLICE("&=?;,:{}[]()<>\"'/|#"), c) != SIZE_MAX;
}

static size_t split(struct slice s, struct slice *out, size_t n)
{
	size_t at = 0;

	while (at < s.n && n < FIELDS_MAX) {
		size_t from;

		while (at < s.n && separates(s.at[at]))
			at++;
		from = at;
		while (at < s.n && !separates(s.at[at]))
			at++;
		if (at > from)
			out[n++] = slice_sub(s, from, at);
	}
	return n;
}

static size_t fields_of(const struct flows_request *r, struct slice *out)
{
	return split(r->body, out, split(r->headers, out, split(r->url, out, 0)));
}

static bool same(const struct flows_request *x, const struct flows_request *y)
{
	return slice_eq(x->url, y->url) && slice_eq(x->headers, y->headers) &&
	       slice_eq(x->body, y->body);
}

static enum flows_verdict of_three(struct comparison *c, const struct flows_request *a,
                                   const struct flows_request *again,
                                   const struct flows_request *b)
{
	struct slice *f[ARMS];
	size_t n[ARMS];
	enum flows_verdict v = FLOWS_INDEPENDENT;

	if (same(a, again))
		return same(a, b) ? FLOWS_INDEPENDENT : FLOWS_FLOW;
	for (int arm = 0; arm < ARMS; arm++) {
		f[arm] = arena_array(&c->mem, FIELDS_MAX, sizeof(**f));
		if (!f[arm])
			return FLOWS_UNDETERMINED;
	}
	n[A] = fields_of(a, f[A]);
	n[AGAIN] = fields_of(again, f[AGAIN]);
	n[B] = fields_of(b, f[B]);
	if (n[A] != n[AGAIN] || n[A] != n[B] || n[A] == FIELDS_MAX)
		return FLOWS_UNDETERMINED;
	for (size_t i = 0; i < n[A] && v != FLOWS_FLOW; i++) {
		if (!slice_eq(f[A][i], f[AGAIN][i]))
			v = FLOWS_UNDETERMINED;
		else if (!slice_eq(f[A][i], f[B][i]))
			v = FLOWS_FLOW;
	}
	return v;
}

/* ---- one group ---- */

/* Find an unsettled member of this content. */
static struct member *with_content(struct comparison *c, uint32_t at, uint64_t content)
{
	for (; at; at = c->member[at].next) {
		if (!c->member[at].settled && c->member[at].content == content)
			return &c->member[at];
	}
	return NULL;
}

static void settle(struct comparison *c, struct group *g)
{
	for (uint32_t at = g->head[A]; at; at = c->member[at].next) {
		uint64_t content = c->member[at].content;
		struct member *again = with_content(c, g->head[AGAIN], content);
		struct member *b = with_content(c, g->head[B], content);

		if (again && b)
			c->member[at].settled = again->settled = b->settled = true;
	}
}

/* Was this content sent in another arm, too, be it earlier or later? */
static bool sent_elsewhere(struct comparison *c, const struct group *g, int arm,
                           const struct flows_request *r)
{
	uint64_t content = content_of(r);

	for (int other = 0; other < ARMS; other++)
		for (uint32_t at = other == arm ? 0 : g->head[other]; at;
		     at = c->member[at].next)
			if (c->member[at].content == content)
				return true;
	return false;
}

/*
 * Not every arm has one. What went out alike in A (or A') and B says nothing of the card; that
 * the third lacks it is a crowded machine's doing.
 */
static enum flows_verdict of_fewer(struct comparison *c, const struct group *g,
                                   const struct flows_request *r[ARMS])
{
	int first = r[A] ? A : AGAIN, last = r[B] ? B : AGAIN;

	if (!r[first]) /* more of it with the other card: nobody knows */
		return FLOWS_UNDETERMINED;
	if (!r[last] || first == last)
		return sent_elsewhere(c, g, first, r[first]) ? FLOWS_INDEPENDENT
		                                             : FLOWS_UNDETERMINED;
	if (!same(r[first], r[last]))
		return FLOWS_UNDETERMINED;
	return r[B] ? FLOWS_INDEPENDENT : FLOWS_FLOW;
}

/* Members that are left, one from each arm at a time. */
static enum flows_verdict compare_rest(struct comparison *c, struct group *g)
{
	enum flows_verdict worst = FLOWS_INDEPENDENT;
	uint32_t at[ARMS] = {g->head[A], g->head[AGAIN], g->head[B]};

	for (;;) {
		const struct flows_request *r[ARMS];
		enum flows_verdict v;
		int there = 0;

		for (int arm = 0; arm < ARMS; arm++) {
			while (at[arm] && c->member[at[arm]].settled)
				at[arm] = c->member[at[arm]].next;
			r[arm] = at[arm] ? c->member[at[arm]].request : NULL;
			at[arm] = at[arm] ? c->member[at[arm]].next : 0;
			there += r[arm] != NULL;
		}
		if (there == 0)
			return worst;
		if (there == ARMS)
			v = of_three(c, r[A], r[AGAIN], r[B]);
		else
			v = of_fewer(c, g, r);
		worst = v > worst ? v : worst;
		arena_reset(&c->mem);
	}
}

/* What left in this group in one arm, in order. */
static size_t parts_of(struct comparison *c, const struct group *g, int arm,
                       struct slice parts[PARTS_MAX], size_t n)
{
	for (uint32_t at = g->head[arm]; at; at = c->member[at].next) {
		const struct flows_request *r = c->member[at].request;
		struct slice part[] = {r->url, r->headers, r->body};

		for (size_t i = 0; i < sizeof(part) / sizeof(part[0]) && n < PARTS_MAX; i++) {
			/* The address of a frame is the same each time: its body counts. */
			if (part[i].n && !(i == 0 && r->body.n && at != g->head[arm]))
				parts[n++] = part[i];
		}
	}
	return n;
}

static int read_group(struct comparison *c, const struct group *g, struct flows_flow *f)
{
	struct slice parts[PARTS_MAX];
	struct canary_hit hit;
	int r = 0;

	for (int arm = 0; arm < ARMS && r == 0; arm += 2) {
		const struct flows_arm *of = c->arm[arm];

		r = canary_find(of->value, of->values, parts, parts_of(c, g, arm, parts, 0),
		                &hit);
	}
	if (r <= 0)
		return r;
	memcpy(f->encoding, hit.chain, sizeof(f->encoding));
	f->verdict = FLOWS_FLOW;
	return 0;
}

static int compare_group(struct comparison *c, struct group *g)
{
	struct flows_flow *f = &c->out->flow[c->out->n++];

	*f = (struct flows_flow){.to = g->first->to,
	                         .channel = g->first->channel,
	                         .path = g->path,
	                         .script = g->first->script,
	                         .requests = g->count[A]};
	settle(c, g);
	f->verdict = compare_rest(c, g);
	return f->verdict == FLOWS_INDEPENDENT ? 0 : read_group(c, g, f);
}

/* Halves that went to two places show only together. */
static int read_together(struct comparison *c)
{
	struct slice parts[PARTS_MAX];
	struct canary_hit hit;
	size_t n = 0;
	int r;

	/* Those that were read alone prove nothing of the others. */
	for (size_t i = 0; i < c->groups; i++)
		if (!c->out->flow[i].encoding[0])
			n = parts_of(c, &c->group[i], A, parts, n);
	if (n == 0)
		return 0;
	r = canary_find(c->arm[A]->value, c->arm[A]->values, parts, n, &hit);
	for (size_t i = 0; r == 1 && i < c->out->n; i++) {
		struct flows_flow *f = &c->out->flow[i];

		if (f->verdict == FLOWS_FLOW && !f->encoding[0])
			memcpy(f->encoding, hit.chain, sizeof(f->encoding));
	}
	return r < 0 ? r : 0;
}

int flows_compare(const struct flows_arm *a, const struct flows_arm *again,
                  const struct flows_arm *b, struct flows *out)
{
	struct comparison *c = calloc(1, sizeof(*c));
	int r = 0;

	*out = (struct flows){.n = 0};
	if (!c)
		return -ENOMEM;
	*c = (struct comparison){.arm = {a, again, b}, .out = out};
	arena_init(&c->mem, MEM_BYTES);
	c->member = calloc(ARMS * FLOWS_MAX_REQUESTS + 1, sizeof(*c->member));
	if (!c->member)
		r = -ENOMEM;
	for (int arm = 0; arm < ARMS && r == 0; arm++)
		take_arm(c, arm);
	merge_paths(c);
	for (size_t i = 0; i < c->groups && r == 0; i++)
		r = compare_group(c, &c->group[i]);
	if (r == 0)
		r = read_together(c);
	free(c->member);
	arena_done(&c->mem);
	free(c);
	return r;
}
