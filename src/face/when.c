#include "face/when.h"
#include "face/text.h"
#include <string.h>
#include <time.h>

#define US_PER_S 1000000LL
#define MAX_AGO  (200LL * 366 * 86400) /* seconds: far beyond any ledger */

static const struct {
	char unit;
	int64_t s;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};

static bool parse_ago(struct slice s, int64_t now_us, int64_t *us)
{
	uint64_t n;

	if (s.n < 2 || !slice_u64(slice_sub(s, 0, s.n - 1), &n) || n > (uint64_t)MAX_AGO)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (s.at[s.n - 1] == (uint8_t)units[i].unit &&
		    (int64_t)n <= MAX_AGO / units[i].s) {
			*us = now_us - (int64_t)n * units[i].s * US_PER_S;
			return true;
		}
	return false;
}

/* Midnight of the day `back` days ago, local. */
static int64_t midnight(int64_t now_us, int back)
{
	time_t t = (time_t)(now_us / US_PER_S);
	struct tm tm;

	localtime_r(&t, &tm);
	tm.tm_mday -= back;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * US_PER_S;
}

bool when_parse(struct slice s, int64_t now_us, int64_t *us)
{
	if (slice_eq(s, SLICE("now"))) {
		*us = now_us;
		return true;
	}
	if (slice_eq(s, SLICE("today")) || slice_eq(s, SLICE("yesterday"))) {
		*us = midnight(now_us, s.at[0] == 'y');
		return true;
	}
	return parse_ago(s, now_us, us) || clock_parse_local(s, false, us) ||
	       clock_parse(s, us);
}

static bool local(int64_t us, struct tm *tm)
{
	time_t t = (time_t)(us / US_PER_S);

	return localtime_r(&t, tm) != NULL;
}

void when_text(int64_t us, char out[WHEN_TEXT_BYTES])
{
	struct tm tm;

	if (!local(us, &tm) || !strftime(out, WHEN_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &tm))
		out[0] = '\0';
}

void when_exact(int64_t us, char out[WHEN_TEXT_BYTES])
{
	char day[24] = "", zone[8] = "";
	struct tm tm;

	if (local(us, &tm)) {
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
		strftime(zone, sizeof(zone), "%z", &tm);
	}
	snprintf(out, WHEN_TEXT_BYTES, "%s.%06d %s", day, (int)(us % US_PER_S), zone);
}

void when_length(int64_t us, char out[WHEN_TEXT_BYTES])
{
	static const struct {
		int64_t s;
		const char *en, *ja;
	} names[] = {{86400, "days", "日"}, {3600, "hours", "時間"}, {60, "minutes", "分"}};
	bool ja = text_lang() == LANG_JA;
	int64_t s = us / US_PER_S;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (s >= 2 * names[i].s) {
			snprintf(out, WHEN_TEXT_BYTES, ja ? "%lld%s" : "%lld %s",
			         (long long)(s / names[i].s), ja ? names[i].ja : names[i].en);
			return;
		}
	snprintf(out, WHEN_TEXT_BYTES, ja ? "%lld.%02d秒" : "%lld.%02d s", (long long)s,
	         (int)(us % US_PER_S / 10000));
}
