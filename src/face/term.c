#include "face/term.h"
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#define TERM_DEFAULT_COLUMNS 80
#define TERM_MAX_COLUMNS     1000
#define TERM_MAX_BYTES       (256u * 1024)

static const char *const escapes[TERM_COLORS] = {
    [TERM_PLAIN] = "\033[0m", [TERM_BOLD] = "\033[1m",   [TERM_DIM] = "\033[2m",
    [TERM_RED] = "\033[31m",  [TERM_GREEN] = "\033[32m", [TERM_YELLOW] = "\033[33m",
    [TERM_CYAN] = "\033[36m",
};

static bool colored, progressing;
static int columns = TERM_DEFAULT_COLUMNS;

void term_setup(void)
{
	const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");
	struct winsize ws;

	/* Only for wcwidth(): sizes of characters do not depend on the operator's locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	progressing = isatty(STDERR_FILENO);
	colored =
	    isatty(STDOUT_FILENO) && (!no || !*no) && (!kind || strcmp(kind, "dumb") != 0);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 20)
		columns = ws.ws_col < TERM_MAX_COLUMNS ? ws.ws_col : TERM_MAX_COLUMNS;
}

int term_columns(void)
{
	return columns;
}

void term_color(enum term_color c)
{
	if (colored)
		fputs(escapes[c], stdout);
}

/* One character's columns and bytes; what is no character counts as one column. */
static size_t step(struct slice s, size_t at, size_t *bytes)
{
	uint32_t cp = 0;
	int w;

	*bytes = slice_utf8(slice_sub(s, at, s.n), &cp);
	if (!*bytes) {
		*bytes = 1;
		return 1;
	}
	w = wcwidth((wchar_t)cp);
	return w < 0 ? 1 : (size_t)w;
}

size_t term_width(struct slice s)
{
	size_t total = 0, bytes;

	for (size_t at = 0; at < s.n; at += bytes)
		total += step(s, at, &bytes);
	return total;
}

struct slice term_fit(struct slice s, size_t room)
{
	size_t used = 0, bytes, at = 0;

	for (; at < s.n; at += bytes) {
		size_t w = step(s, at, &bytes);

		if (used + w > room)
			break;
		used += w;
	}
	return slice_sub(s, 0, at);
}

void term_text(struct slice s)
{
	struct buf b;

	buf_init(&b, TERM_MAX_BYTES);
	text_safe(&b, s);
	fwrite(b.at, 1, b.n, stdout);
	buf_done(&b);
}

void term_paint(enum term_color c, struct slice s)
{
	term_color(c);
	term_text(s);
	term_color(TERM_PLAIN);
}

void term_cell(struct slice s, size_t room)
{
	struct buf b;
	struct slice safe, shown;
	size_t width;

	buf_init(&b, TERM_MAX_BYTES);
	text_safe(&b, s);
	safe = buf_slice(&b);
	shown = term_width(safe) <= room ? safe : term_fit(safe, room ? room - 1 : 0);
	fwrite(shown.at, 1, shown.n, stdout);
	width = term_width(shown);
	if (shown.n < safe.n && room) {
		fputs("…", stdout);
		width++;
	}
	for (; width < room; width++)
		putchar(' ');
	buf_done(&b);
}

/*
 * JIS X 4051: what closes, ends or prolongs begins no line, and what opens ends none. So each
 * stays with its neighbour.
 */
static const char never_first[] =
    "、。，．・：；？！‼⁇⁈⁉ゝゞ々ー〜～…‥｡､･ｰﾞﾟ’”）〕］｝〉》」』】〙〗〟｠»｣"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
    ",.:;?!)]}%";
static const char never_last[] = "‘“（〔［｛〈《「『【〘〖〝｟«｢";

static bool among(const char *some, struct slice s, size_t at)
{
	uint32_t cp = 0;
	size_t n = slice_utf8(slice_sub(s, at, s.n), &cp);

	return n && slice_find(slice_str(some), slice_sub(s, at, at + n)) != SIZE_MAX;
}

/* Where the line that starts at s should end: at a blank, or behind a wide character. */
size_t term_line(struct slice s, size_t room)
{
	size_t fits = term_fit(s, room).n, best = 0, bytes;

	if (fits == s.n)
		return fits;
	for (size_t at = 0; at < fits; at += bytes) {
		size_t w = step(s, at, &bytes);

		if (s.at[at] == ' ')
			best = at;
		else if (w == 2 && at + bytes <= fits && !among(never_last, s, at) &&
		         !among(never_first, s, at + bytes))
			best = at + bytes;
	}
	return best ? best : (fits ? fits : s.n);
}

void term_wrap(struct slice s, size_t indent)
{
	size_t room = (size_t)columns > indent + 20 ? (size_t)columns - indent : 20;
	struct slice rest;
	struct buf b;

	buf_init(&b, TERM_MAX_BYTES);
	text_safe(&b, s);
	rest = buf_slice(&b);
	do {
		size_t n = term_line(rest, room);

		printf("%*s", (int)indent, "");
		fwrite(rest.at, 1, n, stdout);
		putchar('\n');
		rest = slice_sub(rest, n, rest.n);
		while (rest.n && rest.at[0] == ' ')
			rest = slice_sub(rest, 1, rest.n);
	} while (rest.n);
	buf_done(&b);
}

void term_progress(struct slice s)
{
	struct slice shown = term_fit(s, (size_t)columns - 1);

	if (!progressing)
		return;
	fputs("\r\033[K", stderr);
	fwrite(shown.at, 1, shown.n, stderr);
	fflush(stderr);
}

void term_progress_end(void)
{
	if (progressing)
		fputs("\r\033[K", stderr);
}
