#include "parse/access_log.h"
#include "base/text.h"
#include "parse/parse.h"

#include "parse/chars.h"
#include "parse/shape.h"
#include <stdio.h>
#include <string.h>

#define MAX_TIME_US INT64_C(253402300799000000) /* the end of the year 9999 */

static bool digits(struct slice s, size_t from, size_t n, int *out)
{
	uint64_t v;

	if (from + n > s.n || !slice_u64(slice_sub(s, from, from + n), &v))
		return false;
	*out = (int)v;
	return true;
}

static int month(struct slice name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (name.n == 3 && memcmp(names + (size_t)i * 3, name.at, 3) == 0)
			return i + 1;
	return 0;
}

/* By way of RFC 3339, which base/clock.h reads. */
bool log_time(struct slice s, int64_t *us)
{
	int day, year, hour, minute, second, zone;
	char text[40];

	s = slice_trim(s);
	if (s.n && s.at[0] == '[') /* Apache's %t brings its brackets */
		s = slice_sub(s, 1, s.n - (s.at[s.n - 1] == ']'));
	if (s.n != 26 || !digits(s, 0, 2, &day) || !digits(s, 7, 4, &year) ||
	    !digits(s, 12, 2, &hour) || !digits(s, 15, 2, &minute) ||
	    !digits(s, 18, 2, &second) || !digits(s, 22, 4, &zone) ||
	    month(slice_sub(s, 3, 6)) == 0 || (s.at[21] != '+' && s.at[21] != '-'))
		return false;
	int n = snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", year,
	                 month(slice_sub(s, 3, 6)), day, hour, minute, second, s.at[21],
	                 zone / 100, zone % 100);
	return n > 0 && clock_parse(slice_mem(text, (size_t)n), us);
}

bool log_seconds(struct slice s, int64_t *us)
{
	size_t dot = slice_chr(s, '.');
	struct slice whole = slice_sub(s, 0, dot == SIZE_MAX ? s.n : dot);
	uint64_t v, fraction = 0, unit = 1000000;

	if (!slice_u64(whole, &v) || v > 100000000000u)
		return false;
	for (size_t i = dot == SIZE_MAX ? s.n : dot + 1; i < s.n && unit > 1; i++) {
		if (!chars_digit(s.at[i]))
			return false;
		unit /= 10;
		fraction += (uint64_t)(s.at[i] - '0') * unit;
	}
	*us = (int64_t)(v * 1000000 + fraction);
	return true;
}

/* A separator between the groups of a card number: '-', '+', ' ', "%20". */
static size_t separator(struct slice s, size_t at)
{
	if (at < s.n && (s.at[at] == '-' || s.at[at] == '+' || s.at[at] == ' '))
		return 1;
	return slice_starts(slice_sub(s, at, s.n), SLICE("%20")) ? 3 : 0;
}

/* Length of what passes as a card number at `at` (digits in groups), or 0. */
static size_t card_at(struct slice s, size_t at)
{
	uint8_t d[24];
	size_t n = 0, i = at;

	while (i < s.n && n < sizeof(d)) {
		size_t gap = n > 0 && n % 2 == 0 ? separator(s, i) : 0;
		if (gap && i + gap < s.n && chars_digit(s.at[i + gap]))
			i += gap;
		if (!chars_digit(s.at[i]))
			break;
		d[n++] = s.at[i++];
	}
	if (n < 13 || n > 19 || !shape_luhn(slice_mem(d, n)))
		return 0;
	return i - at;
}

static void without_cards(struct buf *out, struct slice s)
{
	size_t at = 0;

	while (at < s.n) {
		size_t card = chars_digit(s.at[at]) ? card_at(s, at) : 0;
		if (card) {
			buf_str(out, "[card]");
			at += card;
			continue;
		}
		/* A run of digits that is no card is passed over whole. */
		do
			buf_byte(out, s.at[at++]);
		while (at < s.n && chars_digit(s.at[at]) && chars_digit(s.at[at - 1]));
	}
}

static void unescape(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high, low;
		if (s.at[i] != '\\' || i + 1 >= s.n) {
			buf_byte(out, s.at[i]);
		} else if (s.at[i + 1] == 'x' && i + 3 < s.n &&
		           (high = text_hexval(s.at[i + 2])) >= 0 &&
		           (low = text_hexval(s.at[i + 3])) >= 0) {
			buf_byte(out, (uint8_t)(high * 16 + low));
			i += 3;
		} else if (s.at[i + 1] == '"' || s.at[i + 1] == '\\') {
			buf_byte(out, s.at[++i]);
		} else {
			buf_byte(out, s.at[i]);
		}
	}
}

void log_scrub(struct buf *out, struct slice s)
{
	struct buf plain = {.max = LOG_MAX_LINE};

	unescape(&plain, s);
	without_cards(out, buf_slice(&plain));
	buf_done(&plain);
}

struct maker {
	struct arena *a;
	struct json *obj;
	struct slice *field;
};

static void put_text(struct maker *m, const char *name, struct slice s)
{
	struct buf plain = {.max = LOG_MAX_LINE}, text = {.max = LOG_MAX_LINE * 4};

	if (s.n == 0 || slice_eq(s, SLICE("-")))
		return;
	log_scrub(&plain, slice_sub(s, 0, LOG_MAX_FIELD));
	/* Ill-formed UTF-8 stands in logs; facts are well-formed. */
	if (slice_utf8_valid(buf_slice(&plain)))
		json_put_slice(m->a, m->obj, name, buf_slice(&plain));
	else if (text_path(&text, buf_slice(&plain)), buf_ok(&text))
		json_put_slice(m->a, m->obj, name, buf_slice(&text));
	buf_done(&plain);
	buf_done(&text);
}

static void put_number(struct maker *m, const char *name, struct slice s)
{
	uint64_t v;

	if (slice_u64(s, &v) && v < (uint64_t)1 << 53)
		json_put_int(m->a, m->obj, name, (int64_t)v);
}

/* "METHOD URL HTTP/x": the URL may hold blanks if the client was rude. */
static bool put_request(struct maker *m, struct slice r)
{
	size_t first = slice_chr(r, ' '), last = r.n;

	while (last > 0 && r.at[last - 1] != ' ')
		last--;
	if (first == SIZE_MAX || first == 0 || first > 32 || last <= first + 1 ||
	    !slice_starts(slice_sub(r, last, r.n), SLICE("HTTP/")))
		return false;
	put_text(m, "method", slice_sub(r, 0, first));
	put_text(m, "url", slice_sub(r, first + 1, last - 1));
	return true;
}

static bool number(struct slice s, int64_t unit, int64_t *us)
{
	uint64_t v;

	if (!slice_u64(s, &v) || v > (uint64_t)1 << 53 || v > (uint64_t)(INT64_MAX / unit))
		return false;
	*us = (int64_t)v * unit;
	return true;
}

static bool duration(const struct maker *m, int64_t *us)
{
	return number(m->field[LOG_DURATION_US], 1, us) ||
	       number(m->field[LOG_DURATION_MS], 1000, us) ||
	       log_seconds(m->field[LOG_DURATION], us);
}

/*
 * The end of the request to the millisecond. Only together with its duration does it tell
 * when the request ran; a duration in whole seconds does not.
 */
static bool exact_time(const struct maker *m, int64_t *us)
{
	int64_t took;

	if (!duration(m, &took) ||
	    (m->field[LOG_DURATION].n && slice_chr(m->field[LOG_DURATION], '.') == SIZE_MAX &&
	     m->field[LOG_DURATION_US].n == 0 && m->field[LOG_DURATION_MS].n == 0))
		return false;
	if (slice_chr(m->field[LOG_MSEC], '.') != SIZE_MAX &&
	    log_seconds(m->field[LOG_MSEC], us))
		return true;
	if (number(m->field[LOG_END_US], 1, us) || number(m->field[LOG_END_MS], 1000, us))
		return true;
	if (!number(m->field[LOG_BEGIN_US], 1, us) && !number(m->field[LOG_BEGIN_MS], 1000, us))
		return false;
	*us += took;
	return true;
}

/* Apache writes the zone as +0900, RFC 3339 as +09:00. */
static bool iso_time(struct slice s, int64_t *us)
{
	char text[40];
	size_t n = s.n;

	if (n < 6 || n + 1 >= sizeof(text) || (s.at[n - 5] != '+' && s.at[n - 5] != '-'))
		return clock_parse(s, us);
	memcpy(text, s.at, n - 2);
	text[n - 2] = ':';
	memcpy(text + n - 1, s.at + n - 2, 2);
	return clock_parse(slice_mem(text, n + 1), us);
}

static bool put_time(struct maker *m)
{
	char text[CLOCK_TEXT_BYTES];
	int64_t us;
	bool exact = exact_time(m, &us);

	if (!exact && !log_time(m->field[LOG_TIME_LOCAL], &us) &&
	    !iso_time(m->field[LOG_TIME_ISO], &us) && !log_seconds(m->field[LOG_MSEC], &us) &&
	    !number(m->field[LOG_BEGIN_US], 1, &us) &&
	    !number(m->field[LOG_BEGIN_MS], 1000, &us) &&
	    !number(m->field[LOG_END_US], 1, &us) && !number(m->field[LOG_END_MS], 1000, &us))
		return false;
	if (us > MAX_TIME_US)
		return false;
	clock_text(us, text);
	json_put_str(m->a, m->obj, "at", text);
	json_put_bool(m->a, m->obj, "exact", exact);
	return true;
}

static void put_duration(struct maker *m)
{
	int64_t us;

	if (duration(m, &us))
		json_put_int(m->a, m->obj, "duration_us", us);
}

static struct json *make(struct arena *a, struct slice field[LOG_FIELDS])
{
	struct maker m = {a, json_obj(a), field};

	/* A client is one word: "host:443 192.0.2.1" is another format. */
	if (slice_chr(field[LOG_CLIENT], ' ') != SIZE_MAX || !put_time(&m))
		return NULL;
	if (field[LOG_REQUEST].n && !put_request(&m, field[LOG_REQUEST]))
		return NULL;
	put_text(&m, "method", field[LOG_METHOD]);
	put_text(&m, "url", field[LOG_URL]);
	put_text(&m, "client", field[LOG_CLIENT]);
	put_text(&m, "agent", field[LOG_AGENT]);
	put_text(&m, "referer", field[LOG_REFERER]);
	put_text(&m, "id", field[LOG_ID]);
	put_number(&m, "status", field[LOG_STATUS]);
	put_number(&m, "bytes", field[LOG_BYTES]);
	put_duration(&m);
	return m.obj;
}

static struct json *one_line(struct arena *a, const struct log_format *f, size_t formats,
                             struct slice line)
{
	if (line.n > LOG_MAX_LINE)
		return NULL;
	for (size_t i = 0; i < formats; i++) {
		struct slice field[LOG_FIELDS] = {0};
		struct json *made = log_match(&f[i], line, field) ? make(a, field) : NULL;
		if (made)
			return made;
	}
	return NULL;
}

struct json *parse_access_log(struct arena *a, struct slice format, struct slice lines,
                              size_t *ill_formed)
{
	struct log_format f[3];
	size_t formats = 1;
	struct json *out = json_arr(a);
	struct cursor c = cursor_over(lines);
	struct slice line;

	*ill_formed = 0;
	if (!log_compile(&f[0], format))
		return NULL;
	/* What is called combined is one of Apache's usual three. */
	if (slice_eq(format, SLICE("combined")) && log_compile(&f[1], SLICE("common")) &&
	    log_compile(&f[2], SLICE("vhost_combined")))
		formats = 3;
	while (cursor_line(&c, &line)) {
		if (line.n && line.at[line.n - 1] == '\r')
			line.n--;
		struct json *made = line.n ? one_line(a, f, formats, line) : NULL;
		if (made)
			json_push(out, made);
		else
			++*ill_formed;
	}
	return out;
}
