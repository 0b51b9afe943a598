#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S  INT64_C(1000000)
#define S_PER_DAY INT64_C(86400)

#ifdef HINOBAN_PLAY
static const volatile int64_t *played; /* offset in microseconds, written by the player */

int clock_setup(void)
{
	const char *file = getenv("HINOBAN_CLOCK");
	void *map;
	int fd;

	if (!file || played)
		return 0;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	map = mmap(NULL, sizeof(*played), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -errno;
	played = map;
	return 0;
}
#else
int clock_setup(void)
{
	return 0;
}
#endif

static int64_t read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	int64_t us = read_us(CLOCK_REALTIME);

#ifdef HINOBAN_PLAY
	if (played)
		us += *played;
#endif
	return us;
}

int64_t clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_boot_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}

/*
 * Days since 1970-01-01 <-> civil date, proleptic Gregorian (the algorithm of Howard
 * Hinnant's "chrono-Compatible Low-Level Date Algorithms", eras of 400 years).
 */
int64_t clock_days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void clock_civil(int64_t days, int64_t *y, int64_t *m, int64_t *d)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

static void put_digits(char *out, int64_t v, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + v % 10);
		v /= 10;
	}
}

void clock_text(int64_t us, char out[CLOCK_TEXT_BYTES])
{
	const int64_t least = clock_days(0, 1, 1) * S_PER_DAY * US_PER_S;
	const int64_t most = clock_days(10000, 1, 1) * S_PER_DAY * US_PER_S - 1;
	static const char form[CLOCK_TEXT_BYTES] = "0000-00-00T00:00:00.000000Z";
	int64_t s, frac, days, y, m, d;

	us = us < least ? least : us > most ? most : us;
	frac = ((us % US_PER_S) + US_PER_S) % US_PER_S;
	s = (us - frac) / US_PER_S;
	days = (s - (((s % S_PER_DAY) + S_PER_DAY) % S_PER_DAY)) / S_PER_DAY;
	s -= days * S_PER_DAY;
	clock_civil(days, &y, &m, &d);
	for (int i = 0; i < CLOCK_TEXT_BYTES; i++)
		out[i] = form[i];
	put_digits(out, y, 4);
	put_digits(out + 5, m, 2);
	put_digits(out + 8, d, 2);
	put_digits(out + 11, s / 3600, 2);
	put_digits(out + 14, s / 60 % 60, 2);
	put_digits(out + 17, s % 60, 2);
	put_digits(out + 20, frac, 6);
}

static bool digits(struct cursor *c, size_t width, int64_t *out)
{
	struct slice s;
	uint64_t v;
	struct cursor at = *c;

	if (!cursor_take(&at, width, &s) || !slice_u64(s, &v))
		return false;
	*c = at;
	*out = (int64_t)v;
	return true;
}

static bool in_range(int64_t v, int64_t least, int64_t most)
{
	return v >= least && v <= most;
}

static bool parse_date(struct cursor *c, int64_t *days)
{
	static const int8_t longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t y, m, d;
	bool leap;

	if (!digits(c, 4, &y) || !cursor_eat(c, SLICE("-")) || !digits(c, 2, &m) ||
	    !cursor_eat(c, SLICE("-")) || !digits(c, 2, &d))
		return false;
	if (!in_range(m, 1, 12) || !in_range(d, 1, longest[m - 1]))
		return false;
	leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	if (m == 2 && d == 29 && !leap)
		return false;
	*days = clock_days(y, m, d);
	return true;
}

/* "." and 1..9 digits, kept to the microsecond. */
static bool parse_fraction(struct cursor *c, int64_t *us)
{
	int64_t unit = 100000, digit;
	int n = 0;

	*us = 0;
	if (!cursor_eat(c, SLICE(".")))
		return true;
	for (; n < 9 && digits(c, 1, &digit); n++, unit /= 10)
		*us += digit * unit;
	return n > 0;
}

static bool parse_offset(struct cursor *c, int64_t *seconds)
{
	int64_t h, m;
	int sign = cursor_peek(c, 0);

	if (cursor_eat(c, SLICE("Z")) || cursor_eat(c, SLICE("z"))) {
		*seconds = 0;
		return true;
	}
	if ((sign != '+' && sign != '-') || !cursor_skip(c, 1) || !digits(c, 2, &h) ||
	    !cursor_eat(c, SLICE(":")) || !digits(c, 2, &m))
		return false;
	if (h > 23 || m > 59)
		return false;
	*seconds = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
	return true;
}

static bool parse_time(struct cursor *c, int64_t *seconds, int64_t *us)
{
	int64_t h, m, s, offset;

	if (!digits(c, 2, &h) || !cursor_eat(c, SLICE(":")) || !digits(c, 2, &m) ||
	    !cursor_eat(c, SLICE(":")) || !digits(c, 2, &s))
		return false;
	if (h > 23 || m > 59 || s > 60 || !parse_fraction(c, us) || !parse_offset(c, &offset))
		return false;
	*seconds = h * 3600 + m * 60 + s - offset;
	return true;
}

bool clock_parse(struct slice in, int64_t *out)
{
	struct cursor c = cursor_over(in);
	int64_t days, seconds = 0, us = 0;
	int sep;

	if (!parse_date(&c, &days))
		return false;
	sep = cursor_peek(&c, 0);
	if (sep == 'T' || sep == 't' || sep == ' ') {
		cursor_skip(&c, 1);
		if (!parse_time(&c, &seconds, &us))
			return false;
	}
	if (!cursor_end(&c))
		return false;
	*out = (days * S_PER_DAY + seconds) * US_PER_S + us;
	return true;
}

/* strptime(3) takes 30 February, and mktime(3) makes another day of it. */
static bool is_day(const struct tm *tm)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = tm->tm_year + 1900;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return tm->tm_mday <= days[tm->tm_mon] + (leap && tm->tm_mon == 1);
}

bool clock_parse_local(struct slice s, bool end, int64_t *out)
{
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
	                                    "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"};
	char text[32] = "";

	if (s.n < 10 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.at, s.n);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *rest = strptime(text, forms[i], &tm);

		if (rest && rest == text + s.n && is_day(&tm)) {
			tm.tm_mday += i == 0 && end;
			*out = (int64_t)mktime(&tm) * US_PER_S;
			return true;
		}
	}
	return false;
}
