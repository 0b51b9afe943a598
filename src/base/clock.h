/*
 * clock: the only source of time.
 *
 * Times are `int64_t` microseconds since 1970-01-01T00:00:00Z (POSIX, no leap
 * seconds). Text is RFC 3339 in UTC with six digits: 2026-11-24T04:05:06.000007Z.
 *
 * The player of plays drives the clock through a small mapped file that
 * HINOBAN_CLOCK names: an int64_t offset in microseconds that is added to the
 * real time. That code exists only in builds with -Dplay=true; a release build
 * has no way to be told the time.
 */
#ifndef HINOBAN_BASE_CLOCK_H
#define HINOBAN_BASE_CLOCK_H

#include "base/slice.h"

#define CLOCK_TEXT_BYTES 28 /* with NUL */

/* Once at start, before any sandbox. Negative errno where HINOBAN_CLOCK can't be used. */
int clock_setup(void);
int64_t clock_now_us(void);
/*
 * The machine's wall clock, unaffected by the player: only to be held against times that
 * other programs wrote (web servers' logs, files).
 */
int64_t clock_wall_us(void);
/* Monotonic, unaffected by the player: for timeouts and measurements. */
int64_t clock_mono_us(void);
/* Since the machine started, sleep included, as /proc/PID/stat counts. */
int64_t clock_boot_us(void);
/* Write RFC 3339 text; years 0000..9999, others are clamped. */
void clock_text(int64_t us, char out[CLOCK_TEXT_BYTES]);
/*
 * Read RFC 3339 (any offset, 0..9 fractional digits, 'T' or blank). Also plain
 * dates (midnight UTC). False on anything else.
 */
bool clock_parse(struct slice s, int64_t *us);
/*
 * Read "2026-11-24", "2026-11-24 13:05[:06]" ('T' or blank), in the machine's time zone. end: a
 * day alone means its end. False on anything else, and on a day that there is not.
 */
bool clock_parse_local(struct slice s, bool end, int64_t *us);
/* Days since 1970-01-01 of a civil date (proleptic Gregorian; months and days from 1), and
 * back. */
int64_t clock_days(int64_t y, int64_t m, int64_t d);
void clock_civil(int64_t days, int64_t *y, int64_t *m, int64_t *d);

#endif
