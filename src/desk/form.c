#include "desk/form.h"
#include "desk/html.h"

/* Cut the part up to the first byte b off *rest. */
static struct slice cut(struct slice *rest, uint8_t b)
{
	struct slice all = *rest;
	size_t at = slice_chr(all, b);

	*rest = at == SIZE_MAX ? SLICE("") : slice_sub(all, at + 1, all.n);
	return slice_sub(all, 0, at);
}

static struct slice decoded(struct arena *a, struct slice raw)
{
	struct slice out = SLICE("");
	struct buf text;

	buf_init(&text, raw.n + 1);
	if (html_unquery(&text, raw) && slice_utf8_valid(buf_slice(&text)))
		out = arena_copy(a, buf_slice(&text));
	buf_done(&text);
	return out;
}

struct slice form_field(struct arena *a, struct slice body, const char *name)
{
	for (int i = 0; i < FORM_MAX_FIELDS && body.n; i++) {
		struct slice value = cut(&body, '&');
		struct slice key = cut(&value, '=');

		if (slice_eq(key, slice_str(name)))
			return decoded(a, value);
	}
	return SLICE("");
}

int64_t form_number(struct arena *a, struct slice body, const char *name, int64_t otherwise)
{
	uint64_t n;

	if (!slice_u64(form_field(a, body, name), &n) || n > INT64_MAX)
		return otherwise;
	return (int64_t)n;
}

struct slice form_cookie(struct slice header, const char *name)
{
	for (int i = 0; i < FORM_MAX_FIELDS && header.n; i++) {
		struct slice value = slice_trim(cut(&header, ';'));
		struct slice key = cut(&value, '=');

		if (slice_eq(key, slice_str(name)))
			return value;
	}
	return SLICE("");
}

static bool port_or_nothing(struct slice s)
{
	uint64_t port;

	if (s.n == 0)
		return true;
	return s.at[0] == ':' && slice_u64(slice_sub(s, 1, s.n), &port) && port > 0 &&
	       port <= 65535;
}

bool form_host_ok(struct slice host)
{
	static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice name = slice_str(names[i]);

		if (slice_caseeq(slice_sub(host, 0, name.n), name) &&
		    port_or_nothing(slice_sub(host, name.n, host.n)))
			return true;
	}
	return false;
}

bool form_origin_ok(struct slice origin, struct slice host)
{
	struct slice scheme = SLICE("http://");

	return slice_starts(origin, scheme) &&
	       slice_caseeq(slice_sub(origin, scheme.n, origin.n), host);
}

bool form_local(struct slice way)
{
	if (!slice_starts(way, SLICE("/")) || way.n > 2048)
		return false;
	if (way.n > 1 && (way.at[1] == '/' || way.at[1] == '\\'))
		return false;
	for (size_t i = 0; i < way.n; i++) {
		if (way.at[i] <= ' ' || way.at[i] == '\\' || way.at[i] >= 0x7f)
			return false;
	}
	return true;
}
