/*
 * News: which day is meant. Short forms (同日, 同22日, 22日, 4月, 昨年) are resolved from what
 * was said before and from the day of publication, and never to a day after it unless the
 * sentence speaks of plans. What can't be resolved is not told.
 */
#include "parse/news_date.h"
#include "parse/news_name.h"

#define HEAD_LINES      12 /* lines at both ends in which a lone date is that of publication */
#define MAX_RANGE_GAP   12
#define MAX_ENGLISH_GAP 32
#define TO_COME         16 /* between a day and "開催する" */

struct context {
	struct news_date last;      /* the newest resolved date; year 0: none */
	uint32_t last_to;           /* where it ended */
	bool plans;                 /* the sentence speaks of what is to come */
	size_t sentence, paragraph; /* where they begin */
	bool aside; /* a sentence that begins with なお: the story does not go on from it */
	struct news_date told; /* the first date of the text with a year */
};

/* The year for a month and day without one. */
static int16_t year_for(const struct news *n, const struct context *c, struct news_date d)
{
	const struct news_date *p = &n->published;

	if (c->last.year) {
		d.year = c->last.year;
		/* A story goes forward: December, then "January 5". */
		if (news_date_cmp(&d, &c->last) < 0 && c->last.month - d.month >= 6 &&
		    p->year) {
			d.year++;
			if (news_date_cmp(&d, p) > 0 && !c->plans)
				d.year--;
		}
		while (p->year && !c->plans && news_date_cmp(&d, p) > 0 &&
		       d.year > NEWS_YEAR_LEAST && d.year >= p->year)
			d.year--;
		return d.year;
	}
	if (!p->year)
		return c->told.year;
	d.year = p->year;
	if (news_date_cmp(&d, p) > 0 && !c->plans)
		d.year--;
	if (c->plans && p->month - d.month >= 6)
		d.year++;
	return d.year;
}

static void resolve_year(const struct news *n, const struct context *c, struct news_draft *t)
{
	struct news_date *d = &t->d;

	if (d->year)
		return;
	if (t->year_rel && n->published.year)
		d->year = (int16_t)(n->published.year + t->year_shift);
	else if (t->year_lean && c->last.year)
		d->year = (int16_t)(c->last.year + t->year_shift);
	else if (d->month && !t->year_rel && !t->year_lean)
		d->year = year_for(n, c, *d);
}

/* A day alone: of the month last told in the sentence, else of the month of publication. */
static void resolve_month(const struct news *n, const struct context *c, struct news_draft *t)
{
	const struct news_date *p = &n->published;
	struct news_date *d = &t->d;

	if (!(n->latin && t->month_rel) && /* "last month" */
	    (t->month_lean || (c->last.month && c->last_to > c->sentence) ||
	     (c->last.day && c->last_to > c->paragraph && d->day >= c->last.day))) {
		*d = (struct news_date){c->last.year, c->last.month, d->day, d->minute,
		                        d->part,      false,         false};
		if (t->month_shift && d->month && d->year)
			news_date_shift(d, t->month_shift);
		else if (t->next && d->month && d->day < c->last.day)
			news_date_shift(d, 1);
		return;
	}
	if (!p->year || !p->month) {
		d->year = c->last.year;
		d->month = c->last.month;
		return;
	}
	d->year = p->year;
	d->month = p->month;
	if (t->month_rel)
		news_date_shift(d, t->month_shift);
	else if (p->day && d->day > p->day && !c->plans)
		news_date_shift(d, -1);
}

static bool resolve(const struct news *n, const struct context *c, struct news_draft *t)
{
	struct news_date *d = &t->d;

	if (t->today || t->day_lean || t->weekday) {
		const struct news_date *of = t->day_lean ? &c->last : &n->published;

		if (!of->day)
			return false;
		*d = (struct news_date){of->year, of->month, of->day, d->minute,
		                        d->part,  false,     false};
		if (t->next_day)
			news_date_next(d);
		if (t->before)
			news_date_back(d);
		while (t->weekday && news_date_weekday(d) != t->weekday)
			news_date_back(d);
	} else if (!d->month && (d->day || t->month_lean || t->month_rel)) {
		resolve_month(n, c, t);
	} else {
		resolve_year(n, c, t);
	}
	if (!news_date_valid(d) || !d->year)
		return false;
	return !n->published.year || c->plans || d->told_year ||
	       news_date_cmp(d, &n->published) <= 0;
}

/* --- ranges --------------------------------------------------------------------------- */

/* Between two dates of one period stands only this. */
static size_t range_gap(const struct news *n, size_t i)
{
	static const char *const signs[] = {"から",  "より", "~",    "-",   "ー",
	                                    "―",     "→",    "to",   "and", "through",
	                                    "until", "till", "以降", "and"};
	/* "began in February and ended in approximately December" */
	static const char *const ended[] = {"ended ", "in ",     "on ", "approximately ",
	                                    "about ", "around ", NULL};
	size_t at = i, len = 0;

	news_date_eat(n, &at, "頃");
	news_date_eat(n, &at, "ごろ");
	if (news_c(n, at) == ',' && n->latin)
		at++;
	at = news_skip_space(n, at);
	for (size_t k = 0; !len && k < sizeof(signs) / sizeof(signs[0]); k++)
		len = news_lit(n, at, signs[k]);
	if (!len)
		return 0;
	at = news_skip_space(n, at + len);
	if (news_c(n, at) == 0x3001)
		at = news_skip_space(n, at + 1);
	if (n->latin && news_is_digit(news_c(n, at)) && news_c(n, at + 2) == ':')
		at = news_skip_space(n, at + 5); /* "until 21:45 on September 5" */
	while (n->latin && (len = news_name_form(n, at, ended)) > 0)
		at += len;
	return at - i <= (n->latin ? MAX_ENGLISH_GAP : MAX_RANGE_GAP) ? at : 0;
}

/* The end of a period leans on its beginning, in English the beginning on its end. */
static void lean_on(struct news_date *d, const struct news_date *from)
{
	if (!d->told_month && d->day && !d->told_year) {
		d->month = from->month;
		d->year = from->year;
	} else if (!d->told_year) {
		d->year = from->year;
		if (news_date_cmp(d, from) < 0)
			d->year++;
	}
}

bool news_date_to_come(const struct news *n, size_t i)
{
	static const char *const held[] = {"開催する", "開催予定", "開催の",
	                                   "開催され", "開催した", "実施予定",
	                                   "実施する", "行われる", NULL};
	size_t to = i + TO_COME < n->n ? i + TO_COME : n->n, end;

	if (n->latin)
		return false;
	i += news_c(n, i) == '(' && news_c(n, i + 2) == ')' ? 3 : 0;
	if (news_lit(n, i, "予定の") || news_lit(n, i + news_lit(n, i, "に"), "開催"))
		return true;
	if (!news_lit(n, i, "に"))
		return false;
	for (end = i; end < to && news_c(n, end) != 0x3001 && news_c(n, end) != 0x3002; end++)
		;
	return news_name_within(n, i, end, held);
}

static bool speaks_of_plans(const struct news *n, size_t i)
{
	size_t from = i, to = i;

	while (from > 0 && i - from < NEWS_MAX_SENTENCE && news_c(n, from - 1) != '\n' &&
	       news_c(n, from - 1) != 0x3002)
		from--;
	while (to < n->n && to - i < NEWS_MAX_SENTENCE && news_c(n, to) != '\n' &&
	       news_c(n, to) != 0x3002)
		to++;
	return news_has(n, N_CUE, "future", from, to) != NULL;
}

static size_t sentence_start(const struct news *n, size_t i)
{
	size_t least = i > NEWS_MAX_SENTENCE ? i - NEWS_MAX_SENTENCE : 0;

	while (i > least && news_c(n, i - 1) != '\n' && news_c(n, i - 1) != 0x3002)
		i--;
	return i;
}

static size_t paragraph_start(const struct news *n, size_t i)
{
	size_t least = i > NEWS_MAX_SENTENCE ? i - NEWS_MAX_SENTENCE : 0;

	while (i > least && news_c(n, i - 1) != '\n')
		i--;
	return i;
}

static void put_date(struct news *n, size_t from, size_t to, const struct news_date *d)
{
	struct news_mark *m = news_mark_add(n, N_DATE, from, to);

	if (m)
		m->date = *d;
}

/* "between August 17 and 21": in English a day alone ends a period of one month. */
static bool day_alone(const struct news *n, size_t *i, struct news_draft *t)
{
	size_t at = *i;
	int day = 0;

	while (at < *i + 2 && news_is_digit(news_c(n, at)))
		day = day * 10 + (int)(news_c(n, at++) - '0');
	if (!n->latin || day < 1 || day > 31 || news_is_alnum(news_c(n, at)) ||
	    news_c(n, at) == ':' || (news_c(n, at) == ',' && news_is_digit(news_c(n, at + 1))))
		return false;
	*t = (struct news_draft){.d = {.day = (int8_t)day, .minute = -1}};
	*i = at;
	return true;
}

/* A second date behind the first: a period. Returns where it ends, or 0. */
static size_t try_range(struct news *n, struct context *c, size_t from, size_t to,
                        struct news_draft *first, bool known)
{
	size_t at = range_gap(n, to), begin = at;
	struct news_draft t;
	struct news_mark *m;
	struct context inner = *c;

	if (!at || !(news_date_at(n, &at, &t) || (first->d.day && day_alone(n, &at, &t))))
		return 0;
	inner.last = first->d;
	inner.last_to = (uint32_t)to;
	if (n->latin && !first->d.told_year && t.d.told_year) {
		first->d.year = t.d.year;
		if (news_date_cmp(&first->d, &t.d) > 0)
			first->d.year--;
		known = true;
	}
	if (!known)
		return 0;
	if (t.d.day && !t.d.told_month && !t.day_lean)
		t.d.month = first->d.month;
	if (!t.d.year && !t.year_rel && !t.year_lean && !t.day_lean)
		lean_on(&t.d, &first->d);
	if (!resolve(n, &inner, &t) || news_date_cmp(&first->d, &t.d) > 0)
		return 0;
	m = news_mark_add(n, N_RANGE, from, at);
	if (m) {
		m->date = first->d;
		m->until = t.d;
	}
	put_date(n, from, to, &first->d);
	put_date(n, begin, at, &t.d);
	c->last = t.d;
	c->last_to = (uint32_t)at;
	return at;
}

/* "5月23日(火)", and below it "17時9分 …": a day of the story. */
static bool hour_below(const struct news *n, size_t k)
{
	size_t i = k + 1 < n->lines ? n->line[k + 1].from : n->n, at = i;

	while (news_is_digit(news_c(n, at)))
		at++;
	return at > i && news_lit(n, at, "時");
}

/* A lone date in a line of its own, near the beginning or the end, or given by the caller. */
static void find_published(struct news *n)
{
	if (n->published.year)
		return;
	for (size_t k = 0; k < n->lines; k++) {
		const struct news_line *l = &n->line[k];
		size_t at = l->from;
		struct news_draft t;

		if (k == HEAD_LINES && n->lines > 2 * HEAD_LINES)
			k = n->lines - HEAD_LINES;
		for (size_t skip = 0; skip < 12 && at < l->to; skip++, at++) {
			size_t end = at;
			if (!news_date_at(n, &end, &t) || !t.d.told_year || !t.d.day)
				continue;
			news_date_eat(n, &end, "更新");
			news_date_eat(n, &end, "公開");
			news_date_eat(n, &end, "掲載");
			end = news_skip_space(n, end);
			if (end + 2 >= l->to && l->starts && news_date_valid(&t.d) &&
			    !hour_below(n, k) && !news_lit(n, end, "頃") &&
			    !news_lit(n, end, "ごろ")) {
				n->published = t.d;
				n->published_by = "text";
				return;
			}
			break;
		}
	}
}

static void first_told(const struct news *n, struct context *c)
{
	for (size_t i = 0; i < n->n && !c->told.year; i++) {
		struct news_draft t;
		size_t at = i;
		bool digit =
		    news_is_digit(news_c(n, i)) && i > 0 && news_is_digit(news_c(n, i - 1));
		if (!digit && news_date_at(n, &at, &t) && t.d.told_year && t.d.month)
			c->told = t.d;
	}
}

void news_dates(struct news *n)
{
	struct context c = {0};
	struct news_date before = {0};

	find_published(n);
	first_told(n, &c);
	for (size_t i = 0; i < n->n;) {
		struct news_draft t;
		size_t at = i, end;
		bool known, to_come;

		if (news_is_space(news_c(n, i)) ||
		    (news_is_digit(news_c(n, i)) && i > 0 &&
		     (news_is_digit(news_c(n, i - 1)) || news_c(n, i - 1) == ',')) ||
		    !news_date_at(n, &at, &t)) {
			i++;
			continue;
		}
		if (!t.d.month && !t.d.day && news_lit(n, at, "度")) {
			i = at; /* 2023年度 is no date */
			continue;
		}
		to_come = news_date_to_come(n, at);
		c.plans = speaks_of_plans(n, i) || to_come;
		if (sentence_start(n, i) != c.sentence || c.sentence == 0) {
			if (c.aside)
				c.last = before;
			c.sentence = sentence_start(n, i);
			c.paragraph = paragraph_start(n, i);
			c.aside = news_lit(n, news_skip_space(n, c.sentence), "なお");
			before = c.last;
		}
		known = resolve(n, &c, &t);
		end = try_range(n, &c, i, at, &t, known);
		if (!end && known) {
			put_date(n, i, at, &t.d);
			if (to_come) { /* the story does not go on from it */
				i = at;
				continue;
			}
			c.last = t.d;
			c.last_to = (uint32_t)at;
		}
		i = end ? end : at;
	}
}
