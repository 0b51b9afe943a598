/* Documents: the time line of a case as a picture (SVG): windows as bars, events as marks. */
#include "report/doc.h"

#define WIDTH    720
#define LEFT     190
#define RIGHT    20
#define ROW      22
#define MAX_BARS 24

struct scale {
	int64_t from, to;
};

static int x_of(const struct scale *s, int64_t us)
{
	int64_t span = s->to > s->from ? s->to - s->from : 1;

	if (us < s->from)
		us = s->from;
	if (us > s->to)
		us = s->to;
	return LEFT + (int)((double)(us - s->from) / (double)span * (WIDTH - LEFT - RIGHT));
}

static void put_text(struct buf *out, int x, int y, const char *anchor, struct slice s)
{
	buf_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"%s\">", x, y,
	           anchor);
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '<')
			buf_str(out, "&lt;");
		else if (s.at[i] == '&')
			buf_str(out, "&amp;");
		else
			buf_byte(out, s.at[i]);
	}
	buf_str(out, "</text>\n");
}

static void widen(struct scale *s, int64_t us)
{
	if (us > 0 && (!s->from || us < s->from))
		s->from = us;
	if (us > s->to)
		s->to = us;
}

/* From the first of what is known to the last; to the present where something still lasts. */
static struct scale scale_of(const struct doc *d)
{
	const struct json *list = json_get(d->model, "course");
	struct scale s = {0, 0};
	int64_t us;

	for (size_t i = 0; i < d->c->windows; i++) {
		const struct case_window *w = &d->c->window[i];
		widen(&s, w->earliest_us ? w->earliest_us : w->from_us);
		widen(&s, w->to_us ? w->to_us : d->now_us);
	}
	for (const struct json *e = list ? list->first : NULL; e; e = e->next)
		if (clock_parse(json_text(e, "at"), &us))
			widen(&s, us);
	for (size_t i = 0; i < d->c->counts; i++) {
		if (clock_parse(json_text(d->c->count[i], "from"), &us))
			widen(&s, us);
		if (clock_parse(json_text(d->c->count[i], "to"), &us))
			widen(&s, us);
	}
	widen(&s, d->c->opened_us > s.to && !s.from ? d->c->opened_us : 0);
	if (s.from == s.to)
		s.to = s.from + INT64_C(86400) * 1000000;
	return s;
}

/* The end of a long path says more than its beginning. */
static struct slice tail(struct slice path)
{
	size_t most = 28, from = path.n > most ? path.n - most : 0;

	while (from < path.n && (path.at[from] & 0xc0) == 0x80)
		from++;
	return slice_sub(path, from, path.n);
}

static void bar(const struct doc *d, const struct scale *s, const struct case_window *w, int y,
                struct buf *out)
{
	int x0 = x_of(s, w->earliest_us ? w->earliest_us : s->from), x1 = x_of(s, w->from_us),
	    x2 = x_of(s, w->to_us ? w->to_us : d->now_us);

	put_text(out, LEFT - 8, y + 14, "end", tail(w->path));
	buf_printf(out,
	           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" fill=\"#f3c6c6\"/>\n",
	           x0, y + 4, x1 > x0 ? x1 - x0 : 1);
	buf_printf(out,
	           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" fill=\"#b3261e\"/>\n",
	           x1, y + 4, x2 > x1 ? x2 - x1 : 2);
}

/* The time for which a scope was counted. */
static int counted(const struct doc *d, const struct scale *s, const char *scope,
                   const char *label, int y, struct buf *out)
{
	for (size_t i = d->c->counts; i > 0; i--) {
		const struct json *x = d->c->count[i - 1];
		int64_t from, to;

		if (!slice_eq(json_text(x, "scope"), slice_str(scope)) ||
		    !clock_parse(json_text(x, "from"), &from) ||
		    !clock_parse(json_text(x, "to"), &to))
			continue;
		put_text(out, LEFT - 8, y + 14, "end", slice_str(label));
		buf_printf(
		    out,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" fill=\"#e5a50a\"/>\n",
		    x_of(s, from), y + 4, x_of(s, to) - x_of(s, from) + 1);
		return ROW;
	}
	return 0;
}

static void marks(const struct doc *d, const struct scale *s, int bottom, struct buf *out)
{
	const struct json *list = json_get(d->model, "course");

	for (const struct json *e = list ? list->first : NULL; e; e = e->next) {
		int64_t us;
		if (!clock_parse(json_text(e, "at"), &us))
			continue;
		buf_printf(out,
		           "<line x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"%d\" stroke=\"#1a5fb4\" "
		           "stroke-dasharray=\"2 3\"/>\n",
		           x_of(s, us), x_of(s, us), bottom);
	}
}

void doc_picture(struct doc *d, struct buf *out)
{
	struct scale s = scale_of(d);
	size_t bars = d->c->windows < MAX_BARS ? d->c->windows : MAX_BARS;
	struct buf body = {.max = DOC_MAX_BYTES};
	char from[CLOCK_TEXT_BYTES], to[CLOCK_TEXT_BYTES];
	int y = 0;

	for (size_t i = 0; i < bars; i++, y += ROW)
		bar(d, &s, &d->c->window[i], y, &body);
	y += counted(d, &s, "entered", doc_say(d, "カード情報の入力", "cards entered"), y,
	             &body);
	y +=
	    counted(d, &s, "stored", doc_say(d, "保存されていた情報", "data stored"), y, &body);
	clock_text(s.from + INT64_C(9) * 3600 * 1000000, from);
	clock_text(s.to + INT64_C(9) * 3600 * 1000000, to);
	marks(d, &s, y + 6, &body);
	put_text(&body, LEFT, y + 22, "start", slice_mem(from, 10));
	put_text(&body, WIDTH - RIGHT, y + 22, "end", slice_mem(to, 10));
	buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH,
	           y + 30, doc_say(d, "時系列", "time line"));
	buf_add(out, buf_slice(&body));
	buf_str(out, "</svg>\n");
	buf_done(&body);
}
