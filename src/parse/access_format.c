#include "parse/access_log.h"

#include "parse/chars.h"

struct name {
	const char *name;
	enum log_field field;
};

static const struct name nginx_names[] = {
    {"remote_addr", LOG_CLIENT},
    {"http_x_forwarded_for", LOG_SKIP},
    {"time_local", LOG_TIME_LOCAL},
    {"time_iso8601", LOG_TIME_ISO},
    {"msec", LOG_MSEC},
    {"request_time", LOG_DURATION},
    {"request", LOG_REQUEST},
    {"request_method", LOG_METHOD},
    {"request_uri", LOG_URL},
    {"status", LOG_STATUS},
    {"body_bytes_sent", LOG_BYTES},
    {"bytes_sent", LOG_BYTES},
    {"http_referer", LOG_REFERER},
    {"http_user_agent", LOG_AGENT},
    {"request_id", LOG_ID},
};

static const struct name apache_names[] = {
    {"h", LOG_CLIENT},   {"a", LOG_CLIENT},      {"r", LOG_REQUEST}, {"s", LOG_STATUS},
    {"b", LOG_BYTES},    {"O", LOG_BYTES},       {"B", LOG_BYTES},   {"m", LOG_METHOD},
    {"U", LOG_URL},      {"D", LOG_DURATION_US}, {"L", LOG_ID},      {"t", LOG_TIME_LOCAL},
    {"T", LOG_DURATION},
};

/* %{...}i, %{...}T and %{...}t; a time is that of the request's begin where nothing is said. */
static const struct name apache_headers[] = {
    {"referer", LOG_REFERER},
    {"user-agent", LOG_AGENT},
};

static const struct name apache_units[] = {
    {"s", LOG_DURATION},
    {"ms", LOG_DURATION_MS},
    {"us", LOG_DURATION_US},
};

static const struct name apache_times[] = {
    {"msec", LOG_BEGIN_MS},
    {"usec", LOG_BEGIN_US},
    {"begin:msec", LOG_BEGIN_MS},
    {"begin:usec", LOG_BEGIN_US},
    {"end:msec", LOG_END_MS},
    {"end:usec", LOG_END_US},
    {"%d/%b/%Y:%H:%M:%S %z", LOG_TIME_LOCAL},
    {"%d/%b/%Y:%T %z", LOG_TIME_LOCAL},
    {"%Y-%m-%dT%H:%M:%S%z", LOG_TIME_ISO},
    {"%FT%T%z", LOG_TIME_ISO},
};
#define LIST(l) (l), sizeof(l) / sizeof((l)[0])

struct alias {
	const char *name, *format;
};

#define COMMON   "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
#define COMBINED COMMON " \"$http_referer\" \"$http_user_agent\""

static const struct alias aliases[] = {
    {"combined", COMBINED},
    {"common", COMMON},
    {"vhost_combined", "$host:$server_port " COMBINED},
};

static enum log_field field_of(struct slice name, const struct name *list, size_t n, bool exact)
{
	for (size_t i = 0; i < n; i++) {
		struct slice known = slice_str(list[i].name);
		if (exact ? slice_eq(name, known) : slice_caseeq(name, known))
			return list[i].field;
	}
	return LOG_SKIP;
}

static struct log_piece *add(struct log_format *f, enum log_field field, bool text_only)
{
	if (f->n >= LOG_MAX_PIECES)
		return NULL;
	f->piece[f->n] = (struct log_piece){field, text_only, {0}};
	return &f->piece[f->n++];
}

/* $name or ${name} at `at` (on the '$'): the offset behind it. */
static size_t nginx_name(struct slice t, size_t at, enum log_field *field)
{
	bool braces = at + 1 < t.n && t.at[at + 1] == '{';
	size_t from = at + 1 + braces, i = from;

	while (i < t.n && chars_word(t.at[i]))
		i++;
	*field = field_of(slice_sub(t, from, i), LIST(nginx_names), true);
	return i + (braces && i < t.n);
}

/* %{name}letter */
static enum log_field apache_braces(struct slice name, uint8_t letter)
{
	if (letter == 'i')
		return field_of(name, LIST(apache_headers), false);
	if (letter == 'T')
		return field_of(name, LIST(apache_units), true);
	return letter == 't' ? field_of(name, LIST(apache_times), true) : LOG_SKIP;
}

/* %h, %>s, %{Referer}i, %{us}T: the offset behind it. */
static size_t apache_name(struct slice t, size_t at, enum log_field *field)
{
	size_t i = at + 1;

	*field = LOG_SKIP;
	while (i < t.n &&
	       (t.at[i] == '>' || t.at[i] == '<' || t.at[i] == '!' || chars_digit(t.at[i])))
		i++;
	if (i == t.n)
		return t.n;
	if (t.at[i] == '{') {
		size_t from = i + 1, end = slice_chr(slice_sub(t, i, t.n), '}');
		if (end == SIZE_MAX || i + end + 1 == t.n)
			return t.n;
		i += end + 1;
		*field = apache_braces(slice_sub(t, from, i - 1), t.at[i]);
	} else {
		*field = field_of(slice_sub(t, i, i + 1), LIST(apache_names), true);
	}
	/* The query comes as part of the address: %U%q. */
	if (*field == LOG_URL && slice_starts(slice_sub(t, i + 1, t.n), SLICE("%q")))
		i += 2;
	return i + 1;
}

static bool is_apache(struct slice t)
{
	return slice_chr(t, '$') == SIZE_MAX && slice_chr(t, '%') != SIZE_MAX;
}

static struct slice known(struct slice text)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (slice_eq(text, slice_str(aliases[i].name)))
			return slice_str(aliases[i].format);
	return text;
}

bool log_compile(struct log_format *f, struct slice text)
{
	size_t at = 0;
	struct log_piece *last;
	bool apache;

	text = known(text);
	apache = is_apache(text);
	f->n = 0;
	last = add(f, LOG_SKIP, true);
	while (at < text.n && last) {
		size_t from = at;
		while (at < text.n && text.at[at] != (apache ? '%' : '$'))
			at++;
		last->behind = slice_sub(text, from, at);
		if (at == text.n)
			break;
		enum log_field field;
		at = (apache ? apache_name : nginx_name)(text, at, &field);
		last = add(f, field, false);
	}
	return last && f->n > 1;
}

/* Where `behind` stands next; quotes that are escaped do not count. */
static size_t find_behind(struct slice rest, struct slice behind)
{
	size_t at = 0;

	while (at <= rest.n) {
		size_t to = slice_find(slice_sub(rest, at, rest.n), behind);
		if (to == SIZE_MAX)
			return SIZE_MAX;
		at += to;
		size_t slashes = 0;
		while (slashes < at && rest.at[at - 1 - slashes] == '\\')
			slashes++;
		if (behind.at[0] != '"' || slashes % 2 == 0)
			return at;
		at++;
	}
	return SIZE_MAX;
}

bool log_match(const struct log_format *f, struct slice line, struct slice field[LOG_FIELDS])
{
	for (size_t i = 0; i < f->n; i++) {
		const struct log_piece *p = &f->piece[i];
		size_t end;
		if (p->text_only) {
			if (!slice_starts(line, p->behind))
				return false;
			end = 0;
		} else if (p->behind.n == 0) { /* to the end, or to the next field */
			end = i + 1 == f->n ? line.n : 0;
		} else {
			end = find_behind(line, p->behind);
		}
		if (end == SIZE_MAX)
			return false;
		if (p->field != LOG_SKIP && field[p->field].at == NULL)
			field[p->field] = slice_sub(line, 0, end);
		line = slice_sub(line, end + p->behind.n, line.n);
	}
	return line.n == 0;
}
