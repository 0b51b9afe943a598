#include "report/clock.h"
#include "report/clock_parts.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define US      INT64_C(1000000)
#define DAY_S   INT64_C(86400)
#define HOUR_US (3600 * US)

const char *clock_state_name(enum clock_state s)
{
	static const char *const names[CLOCK_STATES] = {
	    [CLOCK_RUNS] = "runs",       [CLOCK_OVERDUE] = "overdue", [CLOCK_FILED] = "filed",
	    [CLOCK_STOPPED] = "stopped", [CLOCK_WAITS] = "waits",
	};

	return (unsigned)s < CLOCK_STATES ? names[s] : "unknown";
}

void clock_day_text(int64_t day, char out[CLOCK_DAY_BYTES])
{
	char full[CLOCK_TEXT_BYTES];

	clock_text(day * DAY_S * US, full);
	memcpy(out, full, 10);
	out[10] = '\0';
}

/* ---- days ---- */

static int64_t day_of(const struct clock_rule *r, int64_t us)
{
	int64_t s = us / US + r->zone_s;

	return s >= 0 ? s / DAY_S : -((DAY_S - 1 - s) / DAY_S);
}

/* The first moment of a day, where the rule's days are. */
static int64_t midnight_us(const struct clock_rule *r, int64_t day)
{
	return (day * DAY_S - r->zone_s) * US;
}

static const struct holidays *holidays_of(const struct clocks *k, const struct clock_rule *r)
{
	return r->japan ? &k->holidays : NULL;
}

/* n units after the day of the start. */
static int64_t count_days(const struct clocks *k, const struct clock_rule *r, int64_t start_us,
                          int64_t n)
{
	const struct holidays *h = holidays_of(k, r);
	int64_t day = day_of(r, start_us), left = n - r->first_day;

	if (r->unit != CLOCK_WORKDAYS)
		return day + left;
	while (left > 0) {
		day++;
		left -= holiday_open(h, day);
	}
	return day;
}

int64_t clocks_due_day(const struct clocks *k, const struct clock_rule *r, int64_t start_us)
{
	int64_t day = count_days(k, r, start_us, r->due);

	while (r->rolls && !holiday_open(holidays_of(k, r), day))
		day++;
	return day;
}

/* ---- starts ---- */

/* The earliest that no person set aside, of those for which the rule was in force. */
static const struct case_start *earliest(const struct clock_rule *r, const struct case_view *c)
{
	const struct case_start *s = NULL;

	for (size_t i = 0; i < c->starts; i++) {
		if (!c->start[i].not_counted && day_of(r, c->start[i].at_us) >= r->valid_from &&
		    (!s || c->start[i].at_us < s->at_us))
			s = &c->start[i];
	}
	return s;
}

/* Persons that a count names at most; 0: it counts something else. */
static int64_t persons(const struct json *count)
{
	int64_t n = json_num(count, "n", 0), high = json_num(count, "high", 0);
	struct slice unit = json_text(count, "unit");

	if (!slice_eq(unit, SLICE("名")))
		return 0;
	return high > n ? high : n;
}

int64_t clocks_persons(const struct case_view *c)
{
	int64_t most = 0;

	for (size_t i = 0; i < c->counts; i++) {
		int64_t n = persons(c->count[i]);

		most = n > most ? n : most;
	}
	return most;
}

/* "persons > 1000": the first count that says so. */
static const struct json *grown(const struct case_view *c, int64_t than)
{
	for (size_t i = 0; i < c->counts; i++) {
		if (persons(c->count[i]) > than)
			return c->count[i];
	}
	return NULL;
}

struct begun {
	int64_t us, seq;
	bool waits; /* it would begin with more persons */
};

static void begin_at(struct begun *b, int64_t us, int64_t seq)
{
	if (b->seq && b->us <= us)
		return;
	b->us = us;
	b->seq = seq;
}

static void begin_by(const struct clock_rule *r, const struct case_view *c, struct slice when,
                     struct begun *b)
{
	const struct case_trait *t = case_trait(c, when);
	const struct case_start *s = earliest(r, c);
	const struct json *count;
	int64_t than;

	if (clock_persons_than(when, &than)) {
		count = grown(c, than);
		b->waits = b->waits || !count;
		if (count)
			begin_at(b, fact_at_us(count), fact_seq(count));
	} else if (t && r->from_word) {
		begin_at(b, t->at_us, t->seq);
	} else if (t && s) {
		begin_at(b, s->at_us, s->seq);
	}
}

/* Does the rule concern this case at all? */
static bool concerns(const struct clock_rule *r, const struct case_view *c)
{
	for (size_t i = 0; i < r->need_count; i++) {
		if (!case_trait(c, r->needs[i]))
			return false;
	}
	for (size_t i = 0; i < r->unless_count; i++) {
		if (case_trait(c, r->unless[i]))
			return false;
	}
	return true;
}

/* ---- views ---- */

static void set_due(const struct clocks *k, struct clock_view *v)
{
	const struct clock_rule *r = v->rule;

	if (r->unit == CLOCK_PROMPTLY)
		return;
	if (r->unit == CLOCK_HOURS) {
		v->due_us = v->start_us + r->due * HOUR_US;
		return;
	}
	v->due_day = clocks_due_day(k, r, v->start_us);
	v->due_us = midnight_us(r, v->due_day + 1);
	if (r->soon)
		v->soon_us = midnight_us(r, count_days(k, r, v->start_us, r->soon));
}

static const struct case_receipt *receipt_of(const struct case_view *c, struct slice id)
{
	for (size_t i = c->receipts; i-- > 0;) {
		if (slice_eq(c->receipt[i].clock, id))
			return &c->receipt[i];
	}
	return NULL;
}

static enum clock_state state_of(const struct case_view *c, const struct clock_view *v,
                                 int64_t now_us)
{
	if (v->receipt)
		return CLOCK_FILED;
	if (c->state == CASE_DISMISSED)
		return CLOCK_STOPPED;
	return v->due_us && now_us >= v->due_us ? CLOCK_OVERDUE : CLOCK_RUNS;
}

/* False: the rule has nothing to say of this case. */
static bool view_of(const struct clocks *k, const struct clock_rule *r,
                    const struct case_view *c, int64_t now_us, struct clock_view *out)
{
	struct begun b = {0};

	if (!concerns(r, c))
		return false;
	for (size_t i = 0; i < r->starts; i++)
		begin_by(r, c, r->starts_when[i], &b);
	if (b.seq ? day_of(r, b.us) < r->valid_from : !b.waits || c->state == CASE_DISMISSED)
		return false;
	*out = (struct clock_view){.rule = r, .state = CLOCK_WAITS};
	if (!b.seq)
		return true;
	out->start_us = b.us;
	out->start_seq = b.seq;
	out->receipt = receipt_of(c, r->id);
	set_due(k, out);
	out->state = state_of(c, out, now_us);
	return true;
}

/* What has no date is due now; what has not begun comes last. */
static int64_t order_of(const struct clock_view *v)
{
	return v->state == CLOCK_WAITS ? INT64_MAX : v->due_us ? v->due_us : v->start_us;
}

static int by_due(const void *a, const void *b)
{
	const struct clock_view *v = a, *w = b;
	int64_t x = order_of(v), y = order_of(w);

	return x < y ? -1 : x > y ? 1 : slice_cmp(v->rule->id, w->rule->id);
}

int64_t clocks_of(const struct clocks *k, const struct case_view *c, int64_t now_us,
                  struct arena *a, struct clock_view **out)
{
	struct clock_view *v = arena_array(a, k->rules + 1, sizeof(*v));
	size_t n = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < k->rules && c->state != CASE_JOINED; i++)
		n += view_of(k, &k->rule[i], c, now_us, &v[n]);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_due);
	*out = v;
	return (int64_t)n;
}

/* ---- JSON ---- */

static void put_time(struct arena *a, struct json *o, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	json_put(a, o, name, us ? json_str(a, slice_str(text)) : json_null(a));
}

static struct json *both(struct arena *a, struct slice ja, struct slice en)
{
	struct json *o = json_obj(a);

	json_put_slice(a, o, "ja", ja);
	json_put_slice(a, o, "en", en.n ? en : ja);
	return o;
}

struct json *clock_json(struct arena *a, const struct case_view *c, const struct clock_view *v)
{
	struct json *o = json_obj(a);
	char day[CLOCK_DAY_BYTES];

	json_put_int(a, o, "case", c->number);
	json_put_slice(a, o, "clock", v->rule->id);
	json_put(a, o, "to", both(a, v->rule->to, v->rule->to_en));
	json_put(a, o, "what", both(a, v->rule->what, v->rule->what_en));
	json_put_str(a, o, "state", clock_state_name(v->state));
	put_time(a, o, "start", v->start_us);
	json_put_int(a, o, "start_seq", v->start_seq);
	put_time(a, o, "soon", v->soon_us);
	put_time(a, o, "due", v->due_us);
	clock_day_text(v->due_day, day);
	json_put(a, o, "day", v->due_day ? json_str(a, slice_str(day)) : json_null(a));
	json_put_slice(a, o, "source", v->rule->source);
	if (v->receipt) {
		json_put_slice(a, o, "receipt", v->receipt->receipt);
		put_time(a, o, "filed", v->receipt->at_us);
		json_put_int(a, o, "filed_by", v->receipt->seq);
	}
	return o;
}
