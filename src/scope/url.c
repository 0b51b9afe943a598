#include "scope/url.h"
#include "base/text.h"

#include <stdio.h>

static const struct {
	const char *scheme;
	enum url_kind kind;
} schemes[] = {
    {"sqlite:", URL_SQLITE},     {"postgresql://", URL_POSTGRES}, {"postgres://", URL_POSTGRES},
    {"mariadb://", URL_MARIADB}, {"mysql://", URL_MARIADB},
};

/* %XX undone; false where it doesn't fit, or a NUL is in it. */
static bool part(struct slice s, char *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int c = s.at[i];

		if (c == '%') {
			if (i + 2 >= s.n || text_hexval(s.at[i + 1]) < 0 ||
			    text_hexval(s.at[i + 2]) < 0)
				return false;
			c = text_hexval(s.at[i + 1]) * 16 + text_hexval(s.at[i + 2]);
			i += 2;
		}
		if (c == 0 || n + 1 >= room)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return true;
}

/* The part before the sign, which is stepped over; without the sign: all of it. */
static struct slice until(struct slice *rest, uint8_t sign)
{
	size_t at = slice_chr(*rest, sign);
	struct slice s = slice_sub(*rest, 0, at);

	*rest = at == SIZE_MAX ? slice_sub(*rest, rest->n, rest->n)
	                       : slice_sub(*rest, at + 1, rest->n);
	return s;
}

static const char *set_option(struct url *u, struct slice key, struct slice value)
{
	static const char *const tls[] = {"prefer", "off", "require", "verify"};

	if (slice_eq(key, SLICE("socket")) || slice_eq(key, SLICE("host")))
		return part(value, u->socket, sizeof(u->socket)) ? NULL
		                                                 : "a path behind socket=";
	if (slice_eq(key, SLICE("ca")))
		return part(value, u->ca, sizeof(u->ca)) ? NULL : "a file behind ca=";
	if (slice_eq(key, SLICE("tls")))
		for (int i = 0; i < 4; i++)
			if (slice_eq(value, slice_str(tls[i]))) {
				u->tls = (enum url_tls)i;
				return NULL;
			}
	return "socket=, ca= or tls=prefer|off|require|verify behind ?";
}

static const char *set_options(struct url *u, struct slice rest)
{
	while (rest.n) {
		struct slice value = until(&rest, '&');
		struct slice key = until(&value, '=');
		const char *why = set_option(u, key, value);

		if (why)
			return why;
	}
	return NULL;
}

static const char *set_host(struct url *u, struct slice host)
{
	struct slice port = {0};
	uint64_t n = 0;

	if (host.n && host.at[0] == '[') { /* [2001:db8::1]:5432 */
		host = slice_sub(host, 1, host.n);
		port = host;
		host = until(&port, ']');
		if (port.n && port.at[0] == ':')
			port = slice_sub(port, 1, port.n);
	} else {
		port = host;
		host = until(&port, ':');
	}
	if (port.n && (!slice_u64(port, &n) || n == 0 || n > 65535))
		return "a port from 1 to 65535";
	u->port = (unsigned)n;
	return part(host, u->host, sizeof(u->host)) ? NULL : "a host";
}

static enum url_fault network(struct slice rest, struct url *u, const char **expected)
{
	struct slice options = rest, where = until(&options, '?'), name = where, user;

	where = until(&name, '/');
	user = slice_chr(where, '@') == SIZE_MAX ? slice_sub(where, 0, 0) : until(&where, '@');
	if (slice_chr(user, ':') != SIZE_MAX)
		return URL_HAS_PASSWORD;
	*expected =
	    !part(user, u->user, sizeof(u->user)) ? "a user's name" : set_host(u, where);
	if (!*expected && (!name.n || !part(name, u->name, sizeof(u->name))))
		*expected =
		    "the database's name behind the host, as in postgresql://USER@HOST/NAME";
	if (!*expected)
		*expected = set_options(u, options);
	return *expected ? URL_BAD : URL_GOOD;
}

enum url_fault url_parse(struct slice text, struct url *out, const char **expected)
{
	struct url u = {0};
	enum url_fault r = URL_BAD;

	*expected = "sqlite:/FILE, postgresql://USER@HOST/NAME or mariadb://USER@HOST/NAME";
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct slice scheme = slice_str(schemes[i].scheme);

		if (!slice_starts(text, scheme))
			continue;
		text = slice_sub(text, scheme.n, text.n);
		u.kind = schemes[i].kind;
		if (u.kind != URL_SQLITE) {
			r = network(text, &u, expected);
			break;
		}
		if (slice_starts(text, SLICE("//")))
			text = slice_sub(text, 2, text.n);
		*expected = "an absolute path behind sqlite:";
		if (text.n && text.at[0] == '/' && part(text, u.path, sizeof(u.path)))
			r = URL_GOOD;
		break;
	}
	if (r == URL_GOOD)
		*out = u;
	return r;
}

struct slice url_said(const struct url *u, struct arena *a)
{
	const char *leaf = strrchr(u->path, '/');
	struct buf b;
	struct slice s;

	if (u->kind != URL_SQLITE)
		return arena_printf(
		    a, "%s:%s", u->kind == URL_POSTGRES ? "postgresql" : "mariadb", u->name);
	buf_init(&b, 8 * sizeof(u->path));
	buf_str(&b, "sqlite:");
	text_path(&b, slice_str(leaf ? leaf + 1 : u->path));
	s = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return s;
}
