/*
 * zone: moments as a shop writes them. A shop keeps times as its clock showed them (civil
 * time, in a zone), or as moments. The C library's zones are used: one is set at a time, for
 * the whole process, while files can still be read.
 *
 * Civil times are microseconds as if the clock had shown UTC.
 */
#ifndef HINOBAN_SCOPE_ZONE_H
#define HINOBAN_SCOPE_ZONE_H

#include "base/base.h"

#define ZONE_TEXT_BYTES 32

/* "UTC", "+09:00", a name such as "Asia/Tokyo", "local" (the machine's). False: no such one. */
bool zone_set(struct slice name);
/* What the clock of the zone showed at that moment. */
int64_t zone_civil(int64_t us);
/* "2022-04-19 12:00:00", with six digits behind the point where they aren't 0. */
void zone_text(int64_t civil_us, char out[ZONE_TEXT_BYTES]);
/*
 * A time as some row of SQLite holds it: date, date and time, with or without an offset,
 * seconds or milliseconds since 1970. False: none. *civil: it bears no offset.
 */
bool zone_parse(struct slice s, int64_t *us, bool *civil);

#endif
