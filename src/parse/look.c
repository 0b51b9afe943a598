#include "parse/look.h"

#include "parse/chars.h"
#include <string.h>

void look_init(struct look *l, struct arena *mem)
{
	memset(l, 0, sizeof(*l));
	l->mem = mem;
	l->text_left = LOOK_MAX_TEXT;
}

static bool is_flow(enum feature f)
{
	return f >= F_CARD_TO_FILE && f <= F_OBJECT_UNPACK;
}

void look_add(struct look *l, enum feature f, uint32_t n)
{
	if (f >= FEATURE_COUNT || (l->flows_only && !is_flow(f)))
		return;
	if (n > LOOK_MAX_COUNT - l->count[f])
		n = LOOK_MAX_COUNT - l->count[f];
	l->count[f] += n;
}

void look_max(struct look *l, enum feature f, uint64_t v)
{
	if (v > INT32_MAX)
		v = INT32_MAX;
	if (v > l->count[f])
		l->count[f] = (uint32_t)v;
}

void look_second_pass(struct look *l)
{
	l->flows_only = true;
	for (int f = 0; f < FEATURE_COUNT; f++)
		if (is_flow((enum feature)f))
			l->count[f] = 0;
}

void look_name(struct look *l, struct look_names *to, struct slice name)
{
	if (to->n >= LOOK_MAX_NAMES || name.n == 0 || name.n > 255 || !slice_utf8_valid(name))
		return;
	for (size_t i = 0; i < to->n; i++)
		if (slice_caseeq(to->name[i], name))
			return;
	struct slice copy = arena_copy(l->mem, name);
	if (copy.at)
		to->name[to->n++] = copy;
}

uint8_t *look_text(struct look *l, size_t n)
{
	if (n > l->text_left)
		return NULL;
	l->text_left -= n;
	return arena_alloc(l->mem, n + 1);
}

/* Name spaces of markup and places of examples: they stand in code and are never called. */
static const char *const no_hosts[] = {
    "www.w3.org",  "w3.org",      "schema.org", "example.com", "www.example.com",
    "example.org", "example.net", "localhost",  "127.0.0.1",
};

static bool is_no_host(struct slice host)
{
	for (size_t i = 0; i < sizeof(no_hosts) / sizeof(no_hosts[0]); i++)
		if (slice_caseeq(host, slice_str(no_hosts[i])))
			return true;
	return false;
}

/* Does it look like a host: labels with a dot, the last of letters or all of digits? */
static bool host_shape(struct slice h, bool *ip)
{
	size_t dots = 0, digits = 0, last = 0;

	for (size_t i = 0; i < h.n; i++) {
		if (h.at[i] == '.') {
			dots++;
			last = i + 1;
		} else if (chars_digit(h.at[i])) {
			digits++;
		}
	}
	*ip = dots == 3 && digits + dots == h.n;
	if (dots == 0 || h.n < 4 || h.at[0] == '.')
		return false;
	return *ip || (last + 2 <= h.n && chars_alpha(h.at[last]));
}

bool look_host(struct look *l, struct slice rest)
{
	size_t n = 0;
	bool ip;
	uint32_t hash = CHARS_HASH;

	while (n < rest.n && n < 254 &&
	       (chars_word(rest.at[n]) || rest.at[n] == '.' || rest.at[n] == '-'))
		hash = chars_hash(hash, rest.at[n++]);
	struct slice host = slice_sub(rest, 0, n);
	if (!host_shape(host, &ip) || is_no_host(host))
		return false;
	for (size_t i = 0; i < l->hosts_seen; i++)
		if (l->host_seen[i] == hash)
			return true;
	if (l->hosts_seen < LOOK_MAX_HOSTS)
		l->host_seen[l->hosts_seen++] = hash;
	look_max(l, F_HOSTS, l->hosts_seen);
	if (ip)
		look_add(l, F_HOST_IP, 1);
	look_name(l, &l->hosts, host);
	return true;
}

static void put_names(struct look *l, struct json *obj, const char *name,
                      struct look_names *names)
{
	if (names->n == 0)
		return;
	struct json *arr = json_arr(l->mem);
	for (size_t i = 0; i < names->n; i++)
		json_push(arr, json_str(l->mem, names->name[i]));
	json_put(l->mem, obj, name, arr);
}

static void shares(struct look *l)
{
	if (l->string_bytes >= 64)
		look_max(l, F_ESCAPED_SHARE, l->escape_bytes * 100 / l->string_bytes);
	if (l->names >= 20)
		look_max(l, F_ODD_NAMES, l->odd_names * 100 / l->names);
}

struct json *look_result(struct look *l, const char *kind)
{
	struct json *features = json_obj(l->mem), *out = json_obj(l->mem);

	shares(l);
	for (size_t f = 0; f < FEATURE_COUNT; f++)
		if (l->count[f])
			json_put_int(l->mem, features, feature_rows[f].name, l->count[f]);
	json_put_str(l->mem, out, "kind", kind);
	json_put(l->mem, out, "features", features);
	put_names(l, out, "hosts", &l->hosts);
	put_names(l, out, "written", &l->written);
	return out;
}
