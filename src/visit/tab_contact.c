/* tab_contact: the net log of a visit held against what the protocol told. */
#include "visit/tab.h"

#include <string.h>

static struct slice without_place(struct slice url)
{
	return slice_sub(url, 0, slice_chr(url, '#'));
}

/* Is there a request that explains it? */
static bool seen(const struct tab *t, const struct netlog_contact *c)
{
	for (size_t i = 0; i < t->reqs; i++) {
		const struct tab_req *r = &t->req[i];

		if (c->how == NETLOG_REQUEST
		        ? slice_eq(without_place(r->url), without_place(c->url))
		        : slice_eq(tab_bare_host(tab_host(r->url)), tab_bare_host(c->host)))
			return true;
	}
	return false;
}

/* A look-up's partition is the site of the document at the top: is it one of this visit? */
static bool is_ours(const struct tab *t, const struct netlog_contact *c)
{
	struct slice site = tab_host(c->site);

	if (c->how != NETLOG_DNS || !site.n)
		return true;
	for (size_t i = 0; i < t->reqs; i++) {
		struct slice host = tab_bare_host(tab_host(t->req[i].url));

		if (slice_eq(t->req[i].type, SLICE("document")) && slice_ends(host, site) &&
		    (host.n == site.n || host.at[host.n - site.n - 1] == '.'))
			return true;
	}
	return false;
}

static void put(struct tab *t, const struct netlog_contact *c)
{
	struct arena *a = &t->mem;
	struct netlog_contact *to = &t->contact[t->contacts++];
	struct json *o = json_obj(a);

	*to = *c;
	to->host = arena_copy(a, c->host);
	to->url = arena_copy(a, c->url);
	json_put_str(a, o, "how", netlog_how_name(c->how));
	json_put_slice(a, o, "host", scrub_host(t->scrub, a, c->host));
	json_put_str(a, o, "party", tab_first_host(t, c->host) ? "first" : "third");
	json_put_int(a, o, "n", c->n);
	tab_push(t, TAB_CONTACTS, o);
}

void tab_contacts(struct tab *t, const struct netlog *log)
{
	size_t n = 0;
	const struct netlog_contact *all = log ? netlog_contacts(log, &n) : NULL;

	t->contact = arena_array(&t->mem, NETLOG_MAX, sizeof(*t->contact));
	for (size_t i = 0; t->contact && i < n; i++)
		if (is_ours(t, &all[i]) && !seen(t, &all[i]))
			put(t, &all[i]);
}
