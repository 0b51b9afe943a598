/* News: bytes into folded characters, and characters into lines and sentences. */
#include "parse/news.h"

#define WRAP_COLUMNS  50  /* a line at least this wide may have been broken by a mail program */
#define WRAP_MOST     110 /* a text with wider lines was not broken for width */
#define WRAP_RAGGED   14
#define HEADING_CHARS 48
#define REPLACEMENT   0xfffd
#define DAKUTEN       0x3099
#define HANDAKUTEN    0x309a
#define HALF_DAKUTEN  0xff9e
#define HALF_HANDAKU  0xff9f

bool news_is_space(uint32_t c)
{
	return c == ' ' || c == '\t';
}

bool news_is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096;
}

bool news_is_katakana(uint32_t c)
{
	return (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc;
}

bool news_is_kanji(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x2ffff) || c == 0x3005 ||
	       c == 0x30f6 || c == 0x30f5;
}

bool news_is_cjk(uint32_t c)
{
	return (c >= 0x3000 && c <= 0x30ff) || news_is_kanji(c);
}

bool news_is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7); /* Hôtel */
}

/* The radicals U+2F00 .. U+2FD5, which programs that make PDF files write for characters. */
static const uint16_t radicals[] = {
    0x4e00, 0x4e28, 0x4e36, 0x4e3f, 0x4e59, 0x4e85, 0x4e8c, 0x4ea0, 0x4eba, 0x513f, 0x5165,
    0x516b, 0x5182, 0x5196, 0x51ab, 0x51e0, 0x51f5, 0x5200, 0x529b, 0x52f9, 0x5315, 0x531a,
    0x5338, 0x5341, 0x535c, 0x5369, 0x5382, 0x53b6, 0x53c8, 0x53e3, 0x56d7, 0x571f, 0x58eb,
    0x5902, 0x590a, 0x5915, 0x5927, 0x5973, 0x5b50, 0x5b80, 0x5bf8, 0x5c0f, 0x5c22, 0x5c38,
    0x5c6e, 0x5c71, 0x5ddb, 0x5de5, 0x5df1, 0x5dfe, 0x5e72, 0x5e7a, 0x5e7f, 0x5ef4, 0x5efe,
    0x5f0b, 0x5f13, 0x5f50, 0x5f61, 0x5f73, 0x5fc3, 0x6208, 0x6236, 0x624b, 0x652f, 0x6534,
    0x6587, 0x6597, 0x65a4, 0x65b9, 0x65e0, 0x65e5, 0x66f0, 0x6708, 0x6728, 0x6b20, 0x6b62,
    0x6b79, 0x6bb3, 0x6bcb, 0x6bd4, 0x6bdb, 0x6c0f, 0x6c14, 0x6c34, 0x706b, 0x722a, 0x7236,
    0x723b, 0x723f, 0x7247, 0x7259, 0x725b, 0x72ac, 0x7384, 0x7389, 0x74dc, 0x74e6, 0x7518,
    0x751f, 0x7528, 0x7530, 0x758b, 0x7592, 0x7676, 0x767d, 0x76ae, 0x76bf, 0x76ee, 0x77db,
    0x77e2, 0x77f3, 0x793a, 0x79b8, 0x79be, 0x7a74, 0x7acb, 0x7af9, 0x7c73, 0x7cf8, 0x7f36,
    0x7f51, 0x7f8a, 0x7fbd, 0x8001, 0x800c, 0x8012, 0x8033, 0x807f, 0x8089, 0x81e3, 0x81ea,
    0x81f3, 0x81fc, 0x820c, 0x821b, 0x821f, 0x826e, 0x8272, 0x8278, 0x864d, 0x866b, 0x8840,
    0x884c, 0x8863, 0x897e, 0x898b, 0x89d2, 0x8a00, 0x8c37, 0x8c46, 0x8c55, 0x8c78, 0x8c9d,
    0x8d64, 0x8d70, 0x8db3, 0x8eab, 0x8eca, 0x8f9b, 0x8fb0, 0x8fb5, 0x9091, 0x9149, 0x91c6,
    0x91cc, 0x91d1, 0x9577, 0x9580, 0x961c, 0x96b6, 0x96b9, 0x96e8, 0x9751, 0x975e, 0x9762,
    0x9769, 0x97cb, 0x97ed, 0x97f3, 0x9801, 0x98a8, 0x98db, 0x98df, 0x9996, 0x9999, 0x99ac,
    0x9aa8, 0x9ad8, 0x9adf, 0x9b25, 0x9b2f, 0x9b32, 0x9b3c, 0x9b5a, 0x9ce5, 0x9e75, 0x9e7f,
    0x9ea5, 0x9ebb, 0x9ec3, 0x9ecd, 0x9ed1, 0x9ef9, 0x9efd, 0x9f0e, 0x9f13, 0x9f20, 0x9f3b,
    0x9f4a, 0x9f52, 0x9f8d, 0x9f9c, 0x9fa0,
};

uint32_t news_fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full-width ASCII */
		c -= 0xfee0;
	else if (c >= 0xff61 && c <= 0xff9d)
		c = text_full_kana(c);
	else if (c >= 0x2f00 && c <= 0x2fd5)
		c = radicals[c - 0x2f00];
	switch (c) {
	case 0x3000:
	case 0xa0:
	case 0x2002:
	case 0x2003:
	case 0x2009:
	case '\t':
	case '\f':
	case '\v':
		return ' ';
	case 0x301c:
	case 0x223c:
	case 0x223e:
		return '~';
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2015:
	case 0x2212:
		return '-';
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x201c:
	case 0x201d:
		return '"';
	case 0xff0e:
		return '.';
	case 0xff0c:
		return 0x3001; /* as Japanese comma; the digits' one is put right below */
	default:
		return c;
	}
}

/* Zero width, soft hyphen, byte order mark, variation selectors, direction marks. */
static bool invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       c == 0x2060 || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f) || c == '\r' ||
	       c == 0;
}

void news_put(struct news *n, uint32_t c, size_t from, size_t to)
{
	n->at[n->n++] = (struct news_char){c, (uint32_t)from, (uint32_t)to};
}

/* One sign that stands for several characters. */
static const char *spelt(uint32_t c)
{
	switch (c) {
	case 0x3231:
	case 0x337f:
		return "株式会社";
	case 0x3232:
		return "有限会社";
	case 0x32ff:
		return "令和";
	case 0x337b:
		return "平成";
	default:
		return NULL;
	}
}

static bool voiced(struct news *n, uint32_t mark, size_t to)
{
	struct news_char *last = n->n ? &n->at[n->n - 1] : NULL;
	bool small = mark == HANDAKUTEN || mark == HALF_HANDAKU;

	if (!last || !(news_is_hiragana(last->c) || news_is_katakana(last->c)))
		return false;
	last->c = last->c == 0x30a6 ? 0x30f4 : last->c + (small ? 2 : 1);
	last->to = (uint32_t)to;
	return true;
}

void news_put_folded(struct news *n, uint32_t c, size_t from, size_t to)
{
	const char *more = spelt(c);
	bool digit = n->n && n->at[n->n - 1].c >= '0' && n->at[n->n - 1].c <= '9';

	if (invisible(c))
		return;
	if ((c == DAKUTEN || c == HANDAKUTEN || c == HALF_DAKUTEN || c == HALF_HANDAKU) &&
	    voiced(n, c, to))
		return;
	if (!more) {
		news_put(n, c == 0xff0c && digit ? ',' : news_fold(c), from, to);
		return;
	}
	for (struct slice s = slice_str(more); s.n;) {
		uint32_t cp = 0;
		size_t len = slice_utf8(s, &cp);
		news_put(n, cp, from, to);
		s = slice_sub(s, len ? len : 1, s.n);
	}
}

/* --- characters --------------------------------------------------------------------- */

/* Each that is no continuation, and of those that are spelt out, four. */
static size_t most_characters(struct slice s)
{
	size_t most = 8;

	while (s.n) {
		uint32_t c = 0;
		size_t len = slice_utf8(s, &c);
		most += len == 3 && spelt(c) ? 4 : 1;
		s = slice_sub(s, len ? len : 1, s.n);
	}
	return most;
}

bool news_read_text(struct news *n)
{
	n->at = arena_array(n->mem, most_characters(n->in), sizeof(*n->at));
	if (!n->at)
		return false;
	n->html = news_html_looks(n->in);
	for (size_t i = 0; i < n->in.n;) {
		struct slice rest = slice_sub(n->in, i, n->in.n);
		uint32_t c = REPLACEMENT;
		size_t len = slice_utf8(rest, &c);

		if (n->html && c == '<' && rest.n > 1 &&
		    (news_is_alnum(rest.at[1]) || rest.at[1] == '/' || rest.at[1] == '!')) {
			i = news_html_tag(n, i);
		} else if (n->html && c == '&') {
			i = news_html_entity(n, i);
		} else {
			len = len ? len : 1;
			news_put_folded(n, n->html && c == '\n' ? ' ' : c, i, i + len);
			i += len;
		}
	}
	return true;
}

static bool is_bullet(const struct news *n, size_t i, size_t to)
{
	uint32_t c = news_c(n, i);
	size_t k = i;

	if (i >= to)
		return false;
	if (c == 0x30fb || c == 0x203b || c == 0x2022 || c == 0x25aa || c == '*' ||
	    (c >= 0x25a0 && c <= 0x25ff) || (c >= 0x2460 && c <= 0x2473) || c == 0x3010 ||
	    c == 0x2605 || c == 0x2606 || c == '|' || c == 0x3008 || c == '<' || c == '#')
		return true;
	if (c == '-' && (news_is_space(news_c(n, i + 1)) || news_is_cjk(news_c(n, i + 1))))
		return true;
	if (c == '(')
		k++;
	while (k < to && k < i + 4 && news_c(n, k) >= '0' && news_c(n, k) <= '9')
		k++;
	if (k == i || (c == '(' && k == i + 1))
		return false;
	c = news_c(n, k);
	return c == ')' || c == 0x3001 ||
	       (c == '.' && !(news_c(n, k + 1) >= '0' && news_c(n, k + 1) <= '9'));
}

static bool ends_sentence(uint32_t c)
{
	return c == 0x3002 || c == '!' || c == '?' || c == ':' || c == 0x300d || c == ')' ||
	       c == 0x3011;
}

static size_t columns_of(const struct news *n, size_t from, size_t to)
{
	size_t columns = 0;

	for (size_t i = from; i < to; i++)
		columns += news_is_cjk(news_c(n, i)) ? 2 : 1;
	return columns;
}

/* Was the line [from, to) broken only because it was full? `widest`: of all lines. */
static bool wrapped(const struct news *n, size_t from, size_t to, size_t widest)
{
	size_t columns = columns_of(n, from, to), i;

	if (columns < WRAP_COLUMNS || to == from || ends_sentence(news_c(n, to - 1)))
		return false;
	if (news_is_katakana(news_c(n, to - 1)) && news_is_katakana(news_c(n, to + 1)))
		return true; /* within a word */
	if (widest > WRAP_MOST || columns + WRAP_RAGGED < widest)
		return false;
	for (i = to + 1; i < n->n && (news_c(n, i) == ' '); i++)
		if (news_is_cjk(news_c(n, i + 1)))
			return false; /* indented: a new paragraph */
	return news_c(n, i) != '\n' && i < n->n && !is_bullet(n, i, n->n);
}

/* Join lines that were broken for width; between Japanese characters nothing remains. */
static void join(struct news *n)
{
	size_t out = 0, from = 0, widest = 0;

	for (size_t i = 0; i < n->n; i++) {
		size_t columns = n->at[i].c == '\n' ? columns_of(n, from, i) : 0;
		widest = columns > widest ? columns : widest;
		from = n->at[i].c == '\n' ? i + 1 : from;
	}
	from = 0;
	for (size_t i = 0; i < n->n; i++) {
		if (n->at[i].c == '\n' && wrapped(n, from, i, widest)) {
			bool cjk =
			    news_is_cjk(news_c(n, i - 1)) && news_is_cjk(news_c(n, i + 1));
			from = i + 1;
			if (cjk)
				continue;
			n->at[i].c = ' ';
		} else if (n->at[i].c == '\n') {
			from = i + 1;
		}
		n->at[out++] = n->at[i];
	}
	n->n = out;
}

/* A full stop that ends no sentence: "Inc.", "Nov.", "a.m.", an initial. */
static bool abbreviation(const struct news *n, size_t dot)
{
	static const char *const known[] = {"Inc", "Ltd", "Co",  "Corp", "No",   "Mr",
	                                    "Ms",  "Dr",  "Jan", "Feb",  "Mar",  "Apr",
	                                    "Jun", "Jul", "Aug", "Sep",  "Sept", "Oct",
	                                    "Nov", "Dec", "St",  "vs",   NULL};
	size_t from = dot;

	while (from > 0 && news_is_alnum(news_c(n, from - 1)))
		from--;
	if (dot - from == 1) /* an initial, "1. Names", but not "on April 2." */
		return !news_is_digit(news_c(n, from)) || from < 2 ||
		       !news_is_alnum(news_c(n, from - 2));
	for (size_t i = 0; known[i]; i++)
		if (news_lit(n, from, known[i]) == dot - from)
			return true;
	return false;
}

static bool sentence_ends(const struct news *n, size_t i, int depth)
{
	uint32_t c = news_c(n, i);

	if (depth > 0)
		return false;
	/* A note on what was said: "会社名など ※公開講座の方は該当しません". */
	if (c == 0x3002 || (news_is_space(c) && news_c(n, i + 1) == 0x203b))
		return true;
	if ((c != '.' && c != '!' && c != '?') || !news_is_space(news_c(n, i + 1)))
		return false;
	return c != '.' || !abbreviation(n, i);
}

static bool is_heading(const struct news *n, size_t from, size_t to)
{
	return to - from <= HEADING_CHARS && to > from && news_c(n, to - 1) != 0x3002 &&
	       news_c(n, to - 1) != '.';
}

/* A sentence takes a character and what ends it. */
static size_t most_lines(const struct news *n)
{
	return n->n / 2 + 2 < NEWS_MAX_LINES ? n->n / 2 + 2 : NEWS_MAX_LINES;
}

static void add_line(struct news *n, size_t from, size_t to, bool starts, bool gap,
                     struct news_line like)
{
	while (from < to && news_is_space(news_c(n, from)))
		from++;
	while (to > from && news_is_space(news_c(n, to - 1)))
		to--;
	if (from == to || n->lines == most_lines(n))
		return;
	like.from = (uint32_t)from;
	like.to = (uint32_t)to;
	like.starts = starts;
	like.gap = gap;
	n->line[n->lines++] = like;
}

/* The sentences of the line [from, to). */
static void split(struct news *n, size_t from, size_t to, bool gap)
{
	struct news_line like = {0};
	size_t begin = from, first = news_skip_space(n, from);
	bool starts = true;
	int depth = 0; /* a full stop within quotes or brackets ends no sentence */

	like.bullet = is_bullet(n, first, to);
	for (size_t i = first; i < to && !like.bullet; i++)
		like.bullet = news_c(n, i) == NEWS_CELL;
	like.heading = is_heading(n, first, to);
	for (size_t i = from; i < to; i++) {
		uint32_t c = news_c(n, i);
		if (c == 0x300c || c == 0x300e || c == '(')
			depth++;
		else if ((c == 0x300d || c == 0x300f || c == ')') && depth > 0)
			depth--;
		if (i - begin >= NEWS_MAX_SENTENCE)
			depth = 0;
		else if (!sentence_ends(n, i, depth))
			continue;
		add_line(n, begin, i + 1, starts, gap && starts, like);
		begin = i + 1;
		starts = false;
	}
	add_line(n, begin, to, starts, gap && starts, like);
}

void news_lines(struct news *n)
{
	size_t from = 0, cjk = 0;
	bool gap = true;

	n->line = arena_array(n->mem, most_lines(n), sizeof(*n->line));
	if (!n->line)
		return;
	if (!n->html)
		join(n);
	for (size_t i = 0; i <= n->n; i++) {
		cjk += i < n->n && news_is_cjk(news_c(n, i));
		if (i < n->n && news_c(n, i) != '\n')
			continue;
		if (news_skip_space(n, from) >= i)
			gap = true;
		else {
			split(n, from, i, gap);
			gap = false;
		}
		from = i + 1;
	}
	n->latin = cjk * 10 < n->n;
}

/* --- helpers ---------------------------------------------------------------------- */

size_t news_skip_space(const struct news *n, size_t i)
{
	while (i < n->n && news_is_space(n->at[i].c))
		i++;
	return i;
}

static size_t lit_length(const char *utf8)
{
	size_t n = 0;

	for (; *utf8; utf8++)
		n += ((uint8_t)*utf8 & 0xc0) != 0x80;
	return n;
}

size_t news_lit(const struct news *n, size_t i, const char *utf8)
{
	size_t len = 0;

	for (struct slice s = slice_str(utf8); s.n; len++) {
		uint32_t c = 0;
		size_t k = slice_utf8(s, &c);
		if (k == 0 || news_c(n, i + len) != c)
			return 0;
		s = slice_sub(s, k, s.n);
	}
	return len;
}

size_t news_lit_before(const struct news *n, size_t i, const char *utf8)
{
	size_t len = lit_length(utf8);

	return len <= i && news_lit(n, i - len, utf8) ? len : 0;
}

struct slice news_utf8(const struct news *n, size_t from, size_t to)
{
	uint8_t *at;
	size_t k = 0;

	if (to > n->n)
		to = n->n;
	at = from < to ? arena_alloc(n->mem, (to - from) * 4) : NULL;
	for (size_t i = from; at && i < to; i++)
		k += slice_utf8_put(at + k, n->at[i].c);
	return slice_mem(at, k);
}

struct slice news_source(const struct news *n, size_t from, size_t to)
{
	if (from >= to || to > n->n)
		return slice_mem(NULL, 0);
	return slice_sub(n->in, n->at[from].from, n->at[to - 1].to);
}
