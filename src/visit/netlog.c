/* netlog: lines out of a pipe, contacts out of lines. */
#include "visit/netlog.h"
#include "fact/fact.h"

#include <stdlib.h>
#include <string.h>

#define MEM_BYTES  (16u << 20)
#define LINE_MEM   (16u << 20)
#define SOCKETS    512 /* UDP sockets whose address is remembered */
#define HOST_BYTES 300
#define URL_BYTES  2048

enum { RESOLVE, LOOKUP, START, UDP_TO, UDP_SENT, SERVERS, TYPES };

static const char *const type_names[TYPES] = {
    [RESOLVE] = "HOST_RESOLVER_MANAGER_REQUEST",
    /* WebRTC asks without a log of its own: the job shows it. */
    [LOOKUP] = "HOST_RESOLVER_MANAGER_JOB",
    [START] = "URL_REQUEST_START_JOB",
    [UDP_TO] = "UDP_CONNECT",
    [UDP_SENT] = "UDP_BYTES_SENT",
    [SERVERS] = "DNS_CONFIG_CHANGED",
};

struct socket {
	int64_t id; /* of its source; 0: free */
	struct slice address;
};

struct netlog {
	struct buf line;
	bool over; /* in the middle of a line that is too long */
	struct arena mem, parsed;
	int64_t type[TYPES]; /* -1: not named */
	struct netlog_contact contact[NETLOG_MAX];
	size_t contacts;
	struct socket socket[SOCKETS];
	struct slice server[NETLOG_SERVERS];
	size_t servers;
};

const char *netlog_how_name(enum netlog_how how)
{
	static const char *const names[] = {"dns", "unseen", "udp"};

	return (unsigned)how <= NETLOG_UDP ? names[how] : "unknown";
}

struct netlog *netlog_new(void)
{
	struct netlog *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->line.max = NETLOG_MAX_LINE;
	arena_init(&n->mem, MEM_BYTES);
	arena_init(&n->parsed, LINE_MEM);
	for (int i = 0; i < TYPES; i++)
		n->type[i] = -1;
	return n;
}

void netlog_free(struct netlog *n)
{
	if (!n)
		return;
	buf_done(&n->line);
	arena_done(&n->mem);
	arena_done(&n->parsed);
	free(n);
}

const struct netlog_contact *netlog_contacts(const struct netlog *n, size_t *count)
{
	*count = n->contacts;
	return n->contact;
}

/* ---- contacts ---- */

static struct netlog_contact *contact(struct netlog *n, enum netlog_how how, struct slice host,
                                      struct slice url, struct slice site)
{
	struct netlog_contact *c;

	for (size_t i = 0; i < n->contacts; i++) {
		c = &n->contact[i];
		if (c->how == how && slice_eq(c->host, host) && slice_eq(c->url, url)) {
			c->n++;
			return c;
		}
	}
	if (!host.n || n->contacts == NETLOG_MAX)
		return NULL;
	c = &n->contact[n->contacts++];
	*c =
	    (struct netlog_contact){.how = how,
	                            .host = arena_copy(&n->mem, slice_sub(host, 0, HOST_BYTES)),
	                            .url = arena_copy(&n->mem, slice_sub(url, 0, URL_BYTES)),
	                            .site = arena_copy(&n->mem, slice_sub(site, 0, HOST_BYTES)),
	                            .n = 1};
	return c;
}

/* What follows "://", up to a path. */
static struct slice host_of(struct slice url)
{
	size_t at = slice_find(url, SLICE("://"));
	struct slice rest = at == SIZE_MAX ? url : slice_sub(url, at + 3, url.n);

	return slice_sub(rest, 0, slice_chr(rest, '/'));
}

/* "http://shop.localhost same_site" or "null [internally: ...]": a page's; "null": Chromium's.
 */
static void on_resolve(struct netlog *n, const struct json *params)
{
	struct slice key = json_text(params, "network_anonymization_key");

	if (json_text(params, "host").n &&
	    (slice_find(key, SLICE("://")) != SIZE_MAX || slice_starts(key, SLICE("null ["))))
		contact(n, NETLOG_DNS, host_of(json_text(params, "host")), (struct slice){0},
		        slice_sub(key, 0, slice_chr(key, ' ')));
}

static void on_start(struct netlog *n, const struct json *params)
{
	struct slice by = json_text(params, "initiator"), url = json_text(params, "url");

	if (!url.n || !by.n || slice_eq(by, SLICE("not an origin")))
		return;
	contact(n, NETLOG_REQUEST, host_of(url), url, by);
}

static struct socket *socket_of(struct netlog *n, int64_t id)
{
	size_t at = (size_t)id % SOCKETS;

	for (size_t i = 0; i < SOCKETS; i++) {
		struct socket *s = &n->socket[(at + i) % SOCKETS];

		if (s->id == id || s->id == 0)
			return s;
	}
	return &n->socket[at];
}

static bool is_server(const struct netlog *n, struct slice address)
{
	for (size_t i = 0; i < n->servers; i++)
		if (slice_eq(n->server[i], address))
			return true;
	return false;
}

static void on_udp(struct netlog *n, int64_t id, const struct json *params, bool sent)
{
	struct slice address = json_text(params, "address");
	struct netlog_contact *c;
	struct socket *s;

	if (id <= 0)
		return;
	s = socket_of(n, id);
	if (address.n && !(s->id == id && slice_eq(s->address, address)))
		*s = (struct socket){
		    .id = id,
		    .address = arena_copy(&n->mem, slice_sub(address, 0, HOST_BYTES))};
	if (!sent || s->id != id || is_server(n, s->address))
		return;
	c = contact(n, NETLOG_UDP, s->address, (struct slice){0}, (struct slice){0});
	if (c)
		c->bytes += json_num(params, "byte_count", 0);
}

static void on_servers(struct netlog *n, const struct json *params)
{
	const struct json *all = json_get(params, "nameservers");

	n->servers = 0;
	for (const struct json *s = all ? all->first : NULL; s && n->servers < NETLOG_SERVERS;
	     s = s->next)
		if (s->kind == JSON_STR)
			n->server[n->servers++] =
			    arena_copy(&n->mem, slice_sub(s->s, 0, HOST_BYTES));
}

/* ---- lines ---- */

static void learn_types(struct netlog *n, const struct json *constants)
{
	const struct json *types = json_get(constants, "logEventTypes");

	for (int i = 0; i < TYPES; i++)
		n->type[i] = json_num(types, type_names[i], -1);
}

static void on_event(struct netlog *n, const struct json *e)
{
	const struct json *params = json_get(e, "params");
	int64_t type = json_num(e, "type", -2), id = json_num(json_get(e, "source"), "id", 0);

	if (!params)
		return;
	if (type == n->type[RESOLVE] || type == n->type[LOOKUP])
		on_resolve(n, params);
	else if (type == n->type[START])
		on_start(n, params);
	else if (type == n->type[UDP_TO] || type == n->type[UDP_SENT])
		on_udp(n, id, params, type == n->type[UDP_SENT]);
	else if (type == n->type[SERVERS])
		on_servers(n, params);
}

/* "{...}," within a list; the first line is an object without its end. */
static void on_line(struct netlog *n, struct slice line)
{
	const struct json *v;
	struct slice text = slice_trim(line);

	if (text.n && text.at[text.n - 1] == ',')
		text = slice_sub(text, 0, text.n - 1);
	if (!text.n || text.at[0] != '{')
		return;
	arena_reset(&n->parsed);
	if (slice_starts(text, SLICE("{\"constants\":")))
		learn_types(n,
		            json_parse_foreign(&n->parsed, slice_sub(text, 13, text.n), NULL));
	else if ((v = json_parse_foreign(&n->parsed, text, NULL)))
		on_event(n, v);
}

bool netlog_feed(struct netlog *n, struct slice bytes)
{
	while (bytes.n) {
		size_t end = slice_chr(bytes, '\n');
		struct slice piece = slice_sub(bytes, 0, end);

		if (!n->over && n->line.n + piece.n > NETLOG_MAX_LINE) {
			n->over = true;
			buf_reset(&n->line);
		}
		if (!n->over)
			buf_add(&n->line, piece);
		if (end == SIZE_MAX)
			break;
		if (!n->over)
			on_line(n, buf_slice(&n->line));
		n->over = false;
		buf_reset(&n->line);
		bytes = slice_sub(bytes, end + 1, bytes.n);
	}
	return buf_ok(&n->line) && !n->mem.broken;
}
