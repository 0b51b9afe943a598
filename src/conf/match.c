/*
 * Globs taken apart: most paths are told from most globs by a compare of a few bytes, or by
 * pairs of letters that the glob needs and the path lacks.
 */
#include "conf/match.h"

#include <string.h>

/* A set of pairs of neighbouring bytes, hashed, upper and lower case alike. */
#define PAIR_WORDS 8
struct pairs {
	uint64_t w[PAIR_WORDS];
};

struct pattern {
	struct slice glob;
	struct slice head;  /* what a path must begin with */
	struct slice tail;  /* what it must end with */
	struct pairs needs; /* of a GLOB: pairs that every path that matches has */
	enum { WHOLE, UNDER, ENDS, GLOB } how;
};

struct conf_match {
	struct pattern *pattern;
	size_t patterns;
	/* For each first byte of a path the patterns that may match, in order. */
	uint16_t *list[256];
	uint16_t listed[256];
};

static bool wild(uint8_t c)
{
	return c == '*' || c == '?' || c == '[' || c == ']';
}

static size_t head_bytes(struct slice g)
{
	size_t n = 0;

	while (n < g.n && !wild(g.at[n]))
		n++;
	return n;
}

static size_t tail_bytes(struct slice g)
{
	size_t n = 0;

	while (n < g.n && !wild(g.at[g.n - 1 - n]))
		n++;
	return n;
}

static uint8_t fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static void pairs_add(struct pairs *p, uint8_t a, uint8_t b)
{
	unsigned h = ((unsigned)a * 37 + b) * 0x9e3779b1u >> 23;

	p->w[h / 64] |= 1ull << h % 64;
}

static struct pairs pairs_of(struct slice path)
{
	struct pairs p = {0};
	uint8_t before = path.n ? fold(path.at[0]) : 0;

	for (size_t i = 1; i < path.n; i++) {
		uint8_t c = fold(path.at[i]);

		pairs_add(&p, before, c);
		before = c;
	}
	return p;
}

static bool pairs_within(const struct pairs *needs, const struct pairs *has)
{
	for (size_t i = 0; i < PAIR_WORDS; i++)
		if (needs->w[i] & ~has->w[i])
			return false;
	return true;
}

/*
 * The one byte that the glob wants at g[*at], case folded, or -1 where it may be several;
 * *at moves behind it. [Pp] counts as one byte. A slash beside two stars may be missing
 * from the path.
 */
static int needed_byte(struct slice g, size_t *at)
{
	size_t i = *at;
	uint8_t c = g.at[i];

	*at = i + 1;
	if (c == '[') {
		size_t n = slice_chr(slice_sub(g, i, g.n), ']');

		*at = n == SIZE_MAX ? g.n : i + n + 1;
		return n == 3 && fold(g.at[i + 1]) == fold(g.at[i + 2]) ? fold(g.at[i + 1])
		                                                        : -1;
	}
	if (c == '*' || c == '?' || c == ']')
		return -1;
	if (c == '/' && ((i >= 1 && g.at[i - 1] == '*') || (i + 1 < g.n && g.at[i + 1] == '*')))
		return -1;
	return fold(c);
}

static struct pairs pairs_needed(struct slice g)
{
	struct pairs p = {0};
	int before = -1;

	for (size_t i = 0; i < g.n;) {
		int c = needed_byte(g, &i);

		if (before >= 0 && c >= 0)
			pairs_add(&p, (uint8_t)before, (uint8_t)c);
		before = c;
	}
	return p;
}

static bool covers_folder(struct slice g)
{
	return g.n > 3 && slice_ends(g, SLICE("/**"));
}

static struct pattern take_apart(const struct conf_rule *r)
{
	struct slice g = r->glob;
	size_t head = head_bytes(g), tail = tail_bytes(g);
	struct pattern p = {.glob = g, .how = GLOB, .needs = pairs_needed(g)};

	p.head = slice_sub(g, 0, head);
	if (head == g.n) {
		p.how = WHOLE;
	} else if (head == g.n - 2 && covers_folder(g)) {
		p.how = UNDER;
		p.head = slice_sub(g, 0, g.n - 3);
	} else if (covers_folder(g)) {
		/* The folder itself matches as well, so nothing is sure of the end. */
		p.tail = (struct slice){0};
	} else {
		p.tail = slice_sub(g, g.n - tail, g.n);
		/* Two stars and *.ext: only the end counts. Star-star-slash-name may stand
		 * alone. */
		if (slice_starts(g, SLICE("**/*")) && tail == g.n - 4 &&
		    slice_chr(p.tail, '/') == SIZE_MAX)
			p.how = ENDS;
		else if (slice_starts(g, SLICE("**/")) && tail == g.n - 2)
			p.tail = slice_sub(p.tail, 1, p.tail.n);
	}
	return p;
}

bool match_one(struct slice glob, struct slice path)
{
	if (text_glob(glob, path))
		return true;
	return covers_folder(glob) && text_glob(slice_sub(glob, 0, glob.n - 3), path);
}

static bool is_under(struct slice folder, struct slice path)
{
	return slice_starts(path, folder) && (path.n == folder.n || path.at[folder.n] == '/');
}

/* What is worked out about a path once, if any glob asks. */
struct asked {
	struct slice path;
	struct pairs pairs;
	bool known;
};

static bool glob_matches(const struct pattern *p, struct asked *q)
{
	if (!slice_starts(q->path, p->head) || !slice_ends(q->path, p->tail))
		return false;
	if (!q->known) {
		q->pairs = pairs_of(q->path);
		q->known = true;
	}
	return pairs_within(&p->needs, &q->pairs) && match_one(p->glob, q->path);
}

static bool matches(const struct pattern *p, struct asked *q)
{
	struct slice path = q->path;

	switch (p->how) {
	case WHOLE:
		return slice_eq(p->head, path);
	case UNDER:
		return is_under(p->head, path);
	case ENDS:
		return slice_ends(path, p->tail);
	case GLOB:
		break;
	}
	return glob_matches(p, q);
}

/* Can a path that begins with this byte match? */
static bool may_begin(const struct pattern *p, unsigned first)
{
	return p->head.n == 0 || p->head.at[0] == first;
}

static bool fill_lists(struct conf_match *m, struct arena *mem)
{
	for (unsigned b = 0; b < 256; b++) {
		size_t n = 0;

		for (size_t i = 0; i < m->patterns; i++)
			n += may_begin(&m->pattern[i], b);
		m->list[b] = arena_array(mem, n ? n : 1, sizeof(uint16_t));
		if (!m->list[b])
			return false;
		for (size_t i = 0; i < m->patterns; i++)
			if (may_begin(&m->pattern[i], b))
				m->list[b][m->listed[b]++] = (uint16_t)i;
	}
	return true;
}

struct conf_match *match_new(struct arena *mem, const struct conf_rule *rule, size_t rules)
{
	struct conf_match *m = arena_alloc(mem, sizeof(*m));

	if (!m || rules > UINT16_MAX)
		return NULL;
	m->pattern = arena_array(mem, rules ? rules : 1, sizeof(*m->pattern));
	if (!m->pattern)
		return NULL;
	for (size_t i = 0; i < rules; i++)
		m->pattern[i] = take_apart(&rule[i]);
	m->patterns = rules;
	return fill_lists(m, mem) ? m : NULL;
}

ptrdiff_t match_find(const struct conf_match *m, struct slice path)
{
	uint8_t first = path.n ? path.at[0] : 0;
	struct asked q = {.path = path};

	for (size_t i = 0; i < m->listed[first]; i++) {
		uint16_t at = m->list[first][i];

		if (matches(&m->pattern[at], &q))
			return at;
	}
	return -1;
}
