#include "desk/when.h"
#include <time.h>

#define SECOND_US 1000000LL

static const char *const days_ja[] = {"日", "月", "火", "水", "木", "金", "土"};
static const char *const days_en[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months_en[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const form_names[] = {"full", "short", "clock", "date"};

void when_setup(void)
{
	tzset();
}

static void text_ja(struct buf *out, const struct tm *t, enum when_form form)
{
	if (form == WHEN_FULL)
		buf_printf(out, "%d年", t->tm_year + 1900);
	if (form != WHEN_CLOCK)
		buf_printf(out, "%d月%d日", t->tm_mon + 1, t->tm_mday);
	if (form == WHEN_DATE)
		buf_printf(out, "（%s）", days_ja[t->tm_wday]);
}

static void text_en(struct buf *out, const struct tm *t, enum when_form form)
{
	if (form == WHEN_DATE)
		buf_printf(out, "%s ", days_en[t->tm_wday]);
	if (form != WHEN_CLOCK)
		buf_printf(out, "%d %s", t->tm_mday, months_en[t->tm_mon]);
	if (form == WHEN_FULL)
		buf_printf(out, " %d", t->tm_year + 1900);
	if (form == WHEN_FULL || form == WHEN_SHORT)
		buf_str(out, ",");
}

void when_text(struct buf *out, int64_t us, enum when_form form, enum lang lang)
{
	time_t s = us / SECOND_US;
	struct tm t;

	/* localtime_r, unlike localtime, does not look for the zone's file again. */
	if (!localtime_r(&s, &t))
		return;
	if (lang == LANG_JA)
		text_ja(out, &t, form);
	else
		text_en(out, &t, form);
	if (form == WHEN_DATE)
		return;
	buf_printf(out, "%s%02d:%02d", form == WHEN_CLOCK ? "" : " ", t.tm_hour, t.tm_min);
	if (form != WHEN_SHORT)
		buf_printf(out, ":%02d", t.tm_sec);
}

struct unit {
	int64_t seconds;
	const char *ja, *en;
};

static const struct unit units[] = {
    {86400, "日", "day"},
    {3600, "時間", "hour"},
    {60, "分", "minute"},
    {1, "秒", "second"},
};

static void amount(struct buf *out, int64_t n, const struct unit *u, enum lang lang)
{
	if (lang == LANG_JA)
		buf_printf(out, "%lld%s", (long long)n, u->ja);
	else
		buf_printf(out, "%lld %s%s", (long long)n, u->en, n == 1 ? "" : "s");
}

void when_span(struct buf *out, int64_t us, enum lang lang)
{
	int64_t s = us < 0 ? 0 : us / SECOND_US;
	size_t i = 0;

	if (s == 0) {
		buf_str(out, lang == LANG_JA ? "1秒未満" : "less than a second");
		return;
	}
	while (s < units[i].seconds)
		i++;
	amount(out, s / units[i].seconds, &units[i], lang);
	s %= units[i].seconds;
	/* A second unit where the first alone would be coarse: hours with minutes, few days. */
	if (i < 2 && s >= units[i + 1].seconds && (i == 1 || us < 10 * 86400 * SECOND_US)) {
		buf_str(out, lang == LANG_JA ? "" : " ");
		amount(out, s / units[i + 1].seconds, &units[i + 1], lang);
	}
}

void when_ago(struct buf *out, int64_t us, int64_t now_us, enum lang lang)
{
	if (now_us - us < 5 * SECOND_US) {
		buf_str(out, lang == LANG_JA ? "たった今" : "just now");
		return;
	}
	when_span(out, now_us - us, lang);
	buf_str(out, lang == LANG_JA ? "前" : " ago");
}

static void put(struct arena *a, struct json *obj, const char *name, struct buf *text)
{
	json_put_slice(a, obj, name, buf_slice(text));
	buf_reset(text);
}

void when_put(struct arena *a, struct json *obj, const char *name, int64_t us,
              enum when_form form, enum lang lang)
{
	struct json *when;
	char iso[CLOCK_TEXT_BYTES];
	struct buf text;

	if (us <= 0)
		return;
	when = json_obj(a);
	buf_init(&text, 256);
	clock_text(us, iso);
	json_put_str(a, when, "iso", iso);
	json_put_str(a, when, "form", form_names[form]);
	when_text(&text, us, form, lang);
	put(a, when, "text", &text);
	buf_printf(&text, "%.10s %.8s UTC", iso, iso + 11);
	put(a, when, "utc", &text);
	json_put(a, obj, name, when);
	buf_done(&text);
}
