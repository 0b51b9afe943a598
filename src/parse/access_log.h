/* access_log: a log format compiled to pieces; for parse_access_log. */
#ifndef HINOBAN_PARSE_ACCESS_LOG_H
#define HINOBAN_PARSE_ACCESS_LOG_H

#include "base/base.h"

#define LOG_MAX_PIECES 64
#define LOG_MAX_LINE   (32u * 1024)
#define LOG_MAX_FIELD  4096 /* bytes of a field that are told */

enum log_field {
	LOG_SKIP,
	LOG_CLIENT,
	LOG_TIME_LOCAL, /* 24/Nov/2026:04:05:06 +0900 */
	LOG_TIME_ISO,
	LOG_MSEC,     /* seconds with milliseconds since 1970, at the end of the request */
	LOG_BEGIN_MS, /* milliseconds since 1970 */
	LOG_BEGIN_US,
	LOG_END_MS,
	LOG_END_US,
	LOG_DURATION, /* seconds with fractions */
	LOG_DURATION_MS,
	LOG_DURATION_US,
	LOG_REQUEST, /* "GET /path HTTP/1.1" */
	LOG_METHOD,
	LOG_URL,
	LOG_STATUS,
	LOG_BYTES,
	LOG_REFERER,
	LOG_AGENT,
	LOG_ID,
	LOG_FIELDS
};

/* A field and the text that stands behind it. The first piece may be text alone. */
struct log_piece {
	enum log_field field;
	bool text_only;
	struct slice behind;
};

struct log_format {
	struct log_piece piece[LOG_MAX_PIECES];
	size_t n;
};

/* nginx's log_format text or Apache's LogFormat; a name we know (combined, common ...). */
bool log_compile(struct log_format *f, struct slice text);
/* Cut a line into fields. False if it is not of this format. */
bool log_match(const struct log_format *f, struct slice line, struct slice field[LOG_FIELDS]);
/* "24/Nov/2026:04:05:06 +0900" */
bool log_time(struct slice s, int64_t *us);
/* "12.345" seconds as microseconds. */
bool log_seconds(struct slice s, int64_t *us);
/* Undo \xNN, \" and \\, and put [card] for what passes as a card number. */
void log_scrub(struct buf *out, struct slice s);

#endif
