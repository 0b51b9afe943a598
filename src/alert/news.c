#include "alert/news.h"
#include "alert/wipe.h"
#include <stdio.h>
#include <string.h>

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)

bool news_init(struct news *n, enum fact_severity least)
{
	*n = (struct news){.least = least};
	n->item = calloc(NEWS_MAX_ITEMS, sizeof(*n->item));
	return n->item && news_again(n);
}

void news_done(struct news *n)
{
	cases_free(n->cases);
	free(n->item);
}

bool news_again(struct news *n)
{
	cases_free(n->cases);
	n->cases = cases_new();
	n->items = 0;
	n->more = n->more_seq = 0;
	return n->cases != NULL;
}

/* ---- facts ---- */

static void copy(char *to, size_t room, struct slice s)
{
	snprintf(to, room, "%.*s", SLICE_ARG(slice_sub(s, 0, room - 1)));
}

static void put_what(struct news_item *it, const struct json *fact)
{
	struct slice page = json_text(fact, "page");
	struct buf b;

	buf_init(&b, 8 * WIPE_BYTES);
	wipe_text(&b, page.n ? page : json_text(fact, "path"));
	copy(it->what, sizeof(it->what), buf_slice(&b));
	buf_done(&b);
}

static void add(struct news *n, const struct json *fact, enum news_sort sort,
                enum fact_severity severity, int64_t number)
{
	struct news_item *it = &n->item[n->items];

	if (n->items == NEWS_MAX_ITEMS) {
		n->more++;
		n->more_seq = fact_seq(fact);
		return;
	}
	*it = (struct news_item){.sort = sort,
	                         .seq = fact_seq(fact),
	                         .at_us = fact_at_us(fact),
	                         .severity = severity,
	                         .number = number};
	copy(it->type, sizeof(it->type), fact_type(fact));
	copy(it->role, sizeof(it->role), json_text(fact, "role"));
	put_what(it, fact);
	n->items++;
}

/* Said again with more known, it is no news. */
static bool said_again(const struct json *fact)
{
	return json_get(fact, "updates") && json_get(fact, "request");
}

static void take_finding(struct news *n, const struct json *fact)
{
	const struct case_view *c = cases_of_finding(n->cases, fact_seq(fact));
	enum fact_severity s = SEV_INFO;

	fact_severity_of(json_text(fact, "severity"), &s);
	if (!said_again(fact) && (s >= n->least || (c && c->opened_seq == fact_seq(fact))))
		add(n, fact, NEWS_FINDING, s, c ? c->number : 0);
}

static int64_t opened_by(const struct news *n, int64_t seq)
{
	const struct case_view *c = cases_get(n->cases, (int64_t)cases_count(n->cases));

	return c && c->opened_seq == seq ? c->number : 0;
}

bool news_take(struct news *n, const struct json *fact)
{
	struct slice type = fact_type(fact);

	if (cases_take(n->cases, fact) < 0)
		return false;
	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		take_finding(n, fact);
	else if (slice_eq(type, SLICE("case.opened")))
		add(n, fact, NEWS_CASE, SEV_HIGH, opened_by(n, fact_seq(fact)));
	else if (slice_eq(type, SLICE("alert.test")))
		add(n, fact, NEWS_TEST, SEV_INFO, 0);
	return true;
}

void news_forget(struct news *n, int64_t upto)
{
	size_t gone = 0;

	while (gone < n->items && n->item[gone].seq <= upto)
		gone++;
	memmove(n->item, n->item + gone, (n->items - gone) * sizeof(*n->item));
	n->items -= gone;
	if (n->more_seq <= upto)
		n->more = 0;
}

/* ---- clocks ---- */

/* The stage that a running clock is in: each is told once. */
static void stage_of(const struct clock_view *v, int64_t now, char *out, size_t room)
{
	int64_t left = v->due_us - now, open = now - v->start_us;

	if (!v->due_us && open >= DAY_US)
		snprintf(out, room, "day%lld", (long long)(open / DAY_US));
	else if (!v->due_us)
		snprintf(out, room, "start");
	else if (left <= 0)
		snprintf(out, room, "late%lld", (long long)(-left / DAY_US));
	else if (left <= 15 * HOUR_US) /* from nine o'clock on the last day */
		snprintf(out, room, "last");
	else if (left <= DAY_US + 15 * HOUR_US)
		snprintf(out, room, "before");
	else if (v->soon_us && now >= v->soon_us + 9 * HOUR_US)
		snprintf(out, room, "soon");
	else if (left <= 3 * DAY_US + 15 * HOUR_US && v->rule->unit != CLOCK_HOURS)
		snprintf(out, room, "near");
	else
		snprintf(out, room, "start");
}

static enum fact_severity urgency(const struct clock_view *v, int64_t now)
{
	if (v->state == CLOCK_OVERDUE)
		return SEV_CRITICAL;
	return v->due_us && v->due_us - now <= 2 * DAY_US ? SEV_HIGH : SEV_MEDIUM;
}

static void remind(const struct case_view *c, const struct clock_view *v, int64_t now,
                   struct news_item *out)
{
	char stage[32];

	stage_of(v, now, stage, sizeof(stage));
	*out = (struct news_item){.sort = NEWS_CLOCK,
	                          .at_us = v->start_us,
	                          .severity = urgency(v, now),
	                          .number = c->number,
	                          .clock = *v};
	snprintf(out->key, sizeof(out->key), "%lld/%.*s/%s", (long long)c->number,
	         (int)(v->rule->id.n < 48 ? v->rule->id.n : 48), (const char *)v->rule->id.at,
	         stage);
}

size_t news_clocks(const struct news *n, const struct clocks *k, int64_t now_us,
                   struct arena *a, struct news_item *out, size_t max)
{
	size_t written = 0;

	for (size_t i = 1; i <= cases_count(n->cases); i++) {
		const struct case_view *c = cases_get(n->cases, (int64_t)i);
		struct clock_view *v;
		int64_t count = clocks_of(k, c, now_us, a, &v);

		for (int64_t j = 0; j < count && written < max; j++) {
			if (v[j].state == CLOCK_RUNS || v[j].state == CLOCK_OVERDUE)
				remind(c, &v[j], now_us, &out[written++]);
		}
	}
	return written;
}
