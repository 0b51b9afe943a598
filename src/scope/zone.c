#include "scope/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define US_PER_S 1000000LL

/* "+09:00" -> "<+0900>-09:00": POSIX counts the other way. */
static bool offset_zone(struct slice s, char out[32])
{
	if (s.n != 6 || (s.at[0] != '+' && s.at[0] != '-') || s.at[3] != ':')
		return false;
	for (size_t i = 1; i < 6; i++)
		if (i != 3 && (s.at[i] < '0' || s.at[i] > '9'))
			return false;
	snprintf(out, 32, "<%.*s%.*s>%c%.*s", SLICE_ARG(slice_sub(s, 0, 3)),
	         SLICE_ARG(slice_sub(s, 4, 6)), s.at[0] == '+' ? '-' : '+',
	         SLICE_ARG(slice_sub(s, 1, 6)));
	return true;
}

static bool zone_file(struct slice name, char out[128])
{
	char path[192];

	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = name.at[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/'))
			return false;
	}
	if (name.n == 0 || name.n > 64 || name.at[0] == '/')
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", SLICE_ARG(name));
	snprintf(out, 128, ":%.*s", SLICE_ARG(name));
	return access(path, R_OK) == 0;
}

bool zone_set(struct slice name)
{
	char tz[128];
	bool good = true;

	if (slice_eq(name, SLICE("local")))
		unsetenv("TZ");
	else if (slice_caseeq(name, SLICE("UTC")) || offset_zone(name, tz) ||
	         zone_file(name, tz))
		good = setenv("TZ", slice_caseeq(name, SLICE("UTC")) ? "UTC0" : tz, 1) == 0;
	else
		good = false;
	tzset();
	return good;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t zone_civil(int64_t us)
{
	time_t s = (time_t)floor_div(us, US_PER_S);
	struct tm tm;

	if (!localtime_r(&s, &tm))
		return us;
	return us + (int64_t)tm.tm_gmtoff * US_PER_S;
}

void zone_text(int64_t civil_us, char out[ZONE_TEXT_BYTES])
{
	time_t s = (time_t)floor_div(civil_us, US_PER_S);
	int rest = (int)(civil_us - (int64_t)s * US_PER_S);
	struct tm tm;
	size_t n;

	out[0] = '\0';
	if (!gmtime_r(&s, &tm) || tm.tm_year > 8099)
		return;
	n = strftime(out, ZONE_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &tm);
	if (n && rest)
		snprintf(out + n, ZONE_TEXT_BYTES - n, ".%06d", rest);
}

/* Does it end in Z, or in +hh:mm behind a time of day? */
static bool has_offset(struct slice s)
{
	uint8_t last = s.n ? s.at[s.n - 1] : 0;

	if (last == 'Z' || last == 'z')
		return true;
	return s.n > 6 && s.at[s.n - 3] == ':' &&
	       (s.at[s.n - 6] == '+' || (s.at[s.n - 6] == '-' && s.n > 16));
}

bool zone_parse(struct slice s, int64_t *us, bool *civil)
{
	char text[48];
	uint64_t n;

	s = slice_trim(s);
	if (slice_u64(s, &n) && n > 0 && n < 100000000000000ULL) {
		*us = n < 100000000000ULL ? (int64_t)n * US_PER_S : (int64_t)n * 1000;
		*civil = false;
		return true;
	}
	if (s.n < 10 || s.n + 5 >= sizeof(text) || s.at[4] != '-')
		return false;
	*civil = !has_offset(s);
	/* clock_parse wants seconds and an offset; a plain date it takes as it is */
	snprintf(text, sizeof(text), "%.*s%s%s", SLICE_ARG(s), s.n == 16 ? ":00" : "",
	         *civil && s.n > 10 ? "Z" : "");
	return clock_parse(slice_str(text), us);
}
