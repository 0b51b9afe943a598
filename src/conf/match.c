/* Globs taken apart: most paths are told from most globs by a compare of a few bytes. */
#include "conf/match.h"

#include <string.h>

struct pattern {
	enum role role;
	struct slice glob;
	struct slice head; /* what a path must begin with */
	struct slice tail; /* what it must end with */
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

static bool covers_folder(struct slice g)
{
	return g.n > 3 && slice_ends(g, SLICE("/**"));
}

static struct pattern take_apart(const struct conf_rule *r)
{
	struct slice g = r->glob;
	size_t head = head_bytes(g), tail = tail_bytes(g);
	struct pattern p = {.role = r->role, .glob = g, .how = GLOB};

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

static bool matches(const struct pattern *p, struct slice path)
{
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
	return slice_starts(path, p->head) && slice_ends(path, p->tail) &&
	       match_one(p->glob, path);
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

	for (size_t i = 0; i < m->listed[first]; i++) {
		uint16_t at = m->list[first][i];

		if (matches(&m->pattern[at], path))
			return at;
	}
	return -1;
}

static const struct {
	const char *name;
	enum role role;
} by_name[] = {
    {".htaccess", ROLE_CONFIG},     {".htpasswd", ROLE_CONFIG},
    {".user.ini", ROLE_CONFIG},     {"php.ini", ROLE_CONFIG},
    {"web.config", ROLE_CONFIG},    {"config.php", ROLE_CONFIG},
    {"settings.php", ROLE_CONFIG},  {"configuration.php", ROLE_CONFIG},
    {"wp-config.php", ROLE_CONFIG}, {".env", ROLE_CONFIG},
    {"error_log", ROLE_DATA},       {".DS_Store", ROLE_IGNORED},
    {"Thumbs.db", ROLE_IGNORED},
};

static const struct {
	const char *ends; /* names joined by blanks, lower case */
	enum role role;
} by_end[] = {
    {"jpg jpeg png gif webp avif bmp ico tif tiff heic mp3 mp4 m4a m4v mov avi webm ogg ogv "
     "wav "
     "woff woff2 ttf otf eot pdf doc docx xls xlsx ppt pptx csv zip gz tgz bz2 xz 7z rar lzh",
     ROLE_UPLOADS},
    {"log db sqlite sqlite3 db-wal db-shm db-journal sqlite-wal sqlite-shm sqlite-journal pid "
     "lock sock swp",
     ROLE_DATA},
};

static bool has_word(const char *words, struct slice w)
{
	struct slice rest = slice_str(words);

	while (rest.n) {
		size_t n = slice_chr(rest, ' ');

		if (slice_caseeq(slice_sub(rest, 0, n), w))
			return true;
		rest = n == SIZE_MAX ? (struct slice){0} : slice_sub(rest, n + 1, rest.n);
	}
	return false;
}

/* Where the last c stands, or SIZE_MAX. */
static size_t last(struct slice s, uint8_t c)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.at[i - 1] == c)
			return i - 1;
	return SIZE_MAX;
}

static bool in_repository(struct slice path)
{
	return slice_starts(path, SLICE(".git/")) || slice_eq(path, SLICE(".git")) ||
	       slice_find(path, SLICE("/.git/")) != SIZE_MAX ||
	       slice_ends(path, SLICE("/.git")) || slice_starts(path, SLICE(".svn/")) ||
	       slice_find(path, SLICE("/.svn/")) != SIZE_MAX;
}

enum role match_by_name(struct slice path)
{
	size_t slash = last(path, '/');
	struct slice name = slash == SIZE_MAX ? path : slice_sub(path, slash + 1, path.n);
	size_t dot = last(name, '.');

	if (in_repository(path))
		return ROLE_IGNORED;
	for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
		if (slice_caseeq(name, slice_str(by_name[i].name)))
			return by_name[i].role;
	if (slice_starts(name, SLICE(".env.")))
		return ROLE_CONFIG;
	for (size_t i = 0; dot != SIZE_MAX && i < sizeof(by_end) / sizeof(by_end[0]); i++)
		if (has_word(by_end[i].ends, slice_sub(name, dot + 1, name.n)))
			return by_end[i].role;
	return ROLE_CODE;
}
