#include "fact/attrs.h"
#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#define LIST_BYTES  (64u * 1024) /* the kernel's own limit for names, and for a value */
#define HASH_PREFIX "sha256:"
#define ARENA_BYTES (256u * 1024)

static bool recorded(struct slice name)
{
	static const char *const whole[] = {"system.posix_acl_access",
	                                    "system.posix_acl_default", "security.capability",
	                                    "security.selinux"};

	if (slice_starts(name, SLICE("user.")))
		return true;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (slice_eq(name, slice_str(whole[i])))
			return true;
	}
	return false;
}

/* ---- base64 (RFC 4648) ---- */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(struct buf *out, struct slice in)
{
	for (size_t i = 0; i < in.n; i += 3) {
		uint32_t v = (uint32_t)in.at[i] << 16;

		v |= i + 1 < in.n ? (uint32_t)in.at[i + 1] << 8 : 0;
		v |= i + 2 < in.n ? (uint32_t)in.at[i + 2] : 0;
		buf_byte(out, (uint8_t)alphabet[v >> 18 & 63]);
		buf_byte(out, (uint8_t)alphabet[v >> 12 & 63]);
		buf_byte(out, i + 1 < in.n ? (uint8_t)alphabet[v >> 6 & 63] : '=');
		buf_byte(out, i + 2 < in.n ? (uint8_t)alphabet[v & 63] : '=');
	}
}

static int digit(uint8_t c)
{
	const char *p = c ? strchr(alphabet, c) : NULL;

	return p ? (int)(p - alphabet) : -1;
}

static bool decode(struct buf *out, struct slice in)
{
	if (in.n % 4)
		return false;
	for (size_t i = 0; i < in.n; i += 4) {
		bool last = i + 4 == in.n;
		int pad = !last ? 0 : (in.at[i + 3] == '=') + (in.at[i + 2] == '=');
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			int d = (int)k < 4 - pad ? digit(in.at[i + k]) : 0;

			if (d < 0)
				return false;
			v = v << 6 | (uint32_t)d;
		}
		for (int k = 0; k < 3 - pad; k++)
			buf_byte(out, (uint8_t)(v >> (16 - 8 * k)));
	}
	return buf_ok(out);
}

/* ---- reading ---- */

struct reading {
	struct arena mem;
	struct json *all;
	struct hash_state *over; /* names and values, in the kernel's order */
	struct buf value, text;
	int count;
};

static void put_hash(struct reading *r, const char *name, const struct hash *h)
{
	char hex[HASH_HEX_BYTES];

	hash_hex(h, hex);
	json_put_slice(&r->mem, r->all, name, arena_printf(&r->mem, HASH_PREFIX "%s", hex));
}

static void put_value(struct reading *r, struct slice name)
{
	struct slice v = buf_slice(&r->value);
	const char *key;

	buf_reset(&r->text);
	text_path(&r->text, name);
	key = arena_cstr(&r->mem, buf_slice(&r->text));
	if (v.n > ATTRS_VALUE_BYTES) {
		struct hash h = hash_of(v);

		put_hash(r, key, &h);
		return;
	}
	buf_reset(&r->text);
	encode(&r->text, v);
	json_put_slice(&r->mem, r->all, key, v.n ? buf_slice(&r->text) : SLICE(""));
}

static int read_one(struct reading *r, int fd, const char *name)
{
	uint8_t *to;
	ssize_t n;

	buf_reset(&r->value);
	to = buf_reserve(&r->value, LIST_BYTES);
	if (!to)
		return -ENOMEM;
	n = fgetxattr(fd, name, to, LIST_BYTES);
	if (n < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? 0
		                                               : -errno; /* gone meanwhile */
	buf_commit(&r->value, (size_t)n);
	hash_add(r->over, slice_mem(name, strlen(name) + 1));
	hash_add(r->over, buf_slice(&r->value));
	if (++r->count <= ATTRS_MOST)
		put_value(r, slice_str(name));
	return 0;
}

static int read_names(struct reading *r, int fd, struct slice names)
{
	int c = 0;

	while (names.n && c == 0) {
		size_t end = slice_chr(names, 0);
		struct slice name = slice_sub(names, 0, end);

		if (end == SIZE_MAX)
			return -EBADMSG;
		if (recorded(name))
			c = read_one(r, fd, (const char *)name.at);
		names = slice_sub(names, end + 1, names.n);
	}
	return c;
}

static int finish(struct reading *r, struct buf *out)
{
	struct buf whole;
	int c = 0;

	buf_init(&whole, ATTRS_MAX_BYTES);
	if (r->count > ATTRS_MOST || !json_write(&whole, r->all)) {
		struct hash h = hash_end(r->over);

		buf_reset(&whole);
		r->all = json_obj(&r->mem);
		put_hash(r, "*", &h);
		c = json_write(&whole, r->all) ? 0 : -ENOMEM;
	}
	if (c == 0)
		buf_add(out, buf_slice(&whole));
	buf_done(&whole);
	return c;
}

static int read_all(int fd, struct slice names, struct buf *out)
{
	struct reading r = {.over = hash_new()};
	int c = r.over ? 0 : -ENOMEM;

	arena_init(&r.mem, ARENA_BYTES);
	buf_init(&r.value, LIST_BYTES + 16);
	buf_init(&r.text, 4 * LIST_BYTES);
	r.all = json_obj(&r.mem);
	if (c == 0)
		c = read_names(&r, fd, names);
	if (c == 0 && r.count)
		c = finish(&r, out);
	hash_free(r.over);
	buf_done(&r.value);
	buf_done(&r.text);
	arena_done(&r.mem);
	return c;
}

int attrs_read(int fd, struct buf *out)
{
	char few[512], *list = few;
	ssize_t n = flistxattr(fd, few, sizeof(few));
	int c;

	if (n < 0 && errno == ERANGE) {
		list = malloc(LIST_BYTES);
		if (!list)
			return -ENOMEM;
		n = flistxattr(fd, list, LIST_BYTES);
	}
	c = n < 0 && errno != EOPNOTSUPP ? -errno : 0;
	if (n > 0)
		c = read_all(fd, slice_mem(list, (size_t)n), out);
	if (list != few)
		free(list);
	return c;
}

/* ---- the number ---- */

int64_t attrs_digest(struct slice canonical)
{
	struct hash h;
	uint64_t v = 0;

	if (!canonical.n || slice_eq(canonical, SLICE("{}")))
		return 0;
	h = hash_of(canonical);
	for (int i = 0; i < 8; i++)
		v = v << 8 | h.b[i];
	return (int64_t)(v >> 12 | 1); /* above 0, and a number of JSON */
}

int64_t attrs_digest_of(const struct json *xattrs)
{
	struct buf b;
	int64_t v;

	if (!xattrs || xattrs->kind != JSON_OBJ)
		return 0;
	buf_init(&b, 2 * ATTRS_MAX_BYTES);
	v = json_write(&b, xattrs) ? attrs_digest(buf_slice(&b)) : 0;
	buf_done(&b);
	return v;
}

/* ---- setting ---- */

static bool named(const struct json *xattrs, struct slice name)
{
	struct buf text;
	bool found = false;

	buf_init(&text, 4 * LIST_BYTES);
	text_path(&text, name);
	for (const struct json *m = xattrs ? xattrs->first : NULL; m && !found; m = m->next)
		found = slice_eq(m->name, buf_slice(&text));
	buf_done(&text);
	return found;
}

/* Those that should not be there; an ACL that a folder handed down, for one. */
static int drop_listed(int fd, struct slice names, const struct json *xattrs)
{
	int c = 0;

	while (names.n && slice_chr(names, 0) != SIZE_MAX) {
		struct slice name = slice_sub(names, 0, slice_chr(names, 0));

		names = slice_sub(names, name.n + 1, names.n);
		/* A label is the policy's to give: none recorded means none was known. */
		if (!recorded(name) || named(xattrs, name) ||
		    slice_eq(name, SLICE("security.selinux")))
			continue;
		if (fremovexattr(fd, (const char *)name.at) < 0 && errno != ENODATA && c == 0)
			c = -errno;
	}
	return c;
}

static int drop_others(int fd, const struct json *xattrs)
{
	char *list;
	ssize_t n = flistxattr(fd, NULL, 0);
	int c;

	if (n <= 0)
		return n < 0 && errno != EOPNOTSUPP ? -errno : 0;
	list = malloc(LIST_BYTES);
	if (!list)
		return -ENOMEM;
	n = flistxattr(fd, list, LIST_BYTES);
	c = n < 0 ? -errno : drop_listed(fd, slice_mem(list, (size_t)n), xattrs);
	free(list);
	return c;
}

static int set_one(int fd, const struct json *m)
{
	struct buf name, value;
	int c = -ENODATA;

	if (m->kind != JSON_STR || slice_starts(m->s, SLICE(HASH_PREFIX)))
		return c;
	buf_init(&name, LIST_BYTES);
	buf_init(&value, LIST_BYTES);
	if (!text_unpath(&name, m->name) || !recorded(buf_slice(&name)) ||
	    !decode(&value, m->s))
		c = -EBADMSG;
	else
		c = fsetxattr(fd, buf_cstr(&name), value.at ? value.at : (uint8_t *)"", value.n,
		              0) < 0
		        ? -errno
		        : 0;
	buf_done(&name);
	buf_done(&value);
	return c;
}

int attrs_set(int fd, const struct json *xattrs)
{
	int c = drop_others(fd, xattrs);

	for (const struct json *m = xattrs ? xattrs->first : NULL; m; m = m->next) {
		int r = set_one(fd, m);

		if (r < 0 && (c == 0 || c == -ENODATA))
			c = r;
	}
	return c;
}
