#include "visit/twins.h"
#include "parse/parse.h"

#include <string.h>

#define MEM_BYTES  (128u << 20)
#define SECRET     "<secret>"
#define SECRET_MIN 8

struct run {
	struct flows_request *request;
	bool *first_party;
	size_t n;
	struct slice card;
	bool taken;
};

struct twins {
	struct arena mem;
	struct run run[TWINS_RUNS];
	struct run second[TWINS_RUNS]; /* of A2 and B */
	bool again;
};

struct twins *twins_new(void)
{
	struct twins *w = calloc(1, sizeof(*w));

	if (!w)
		err_die("no memory");
	arena_init(&w->mem, MEM_BYTES);
	return w;
}

void twins_free(struct twins *w)
{
	if (!w)
		return;
	arena_done(&w->mem);
	free(w);
}

/* The page's own tokens, out of what was sent. */
static struct slice without_secrets(struct twins *w, const struct tab *t, struct slice s)
{
	struct slice made = s;

	for (size_t i = 0; i < t->secrets; i++) {
		struct slice secret = t->secret[i];
		size_t at = secret.n < SECRET_MIN ? SIZE_MAX : slice_find(made, secret);

		if (at != SIZE_MAX)
			made = arena_printf(&w->mem, "%.*s" SECRET "%.*s",
			                    SLICE_ARG(slice_sub(made, 0, at)),
			                    SLICE_ARG(slice_sub(made, at + secret.n, made.n)));
	}
	return made.at == s.at ? arena_copy(&w->mem, s) : made;
}

/* Not whether a worker asked for it: where that ends with its page, not all of it is told. */
static const char *channel_of(const struct tab_req *r)
{
	if (r->socket)
		return "websocket";
	if (slice_eq(r->type, SLICE("document")) && r->body.n)
		return "form";
	return NULL;
}

static void take_one(struct twins *w, struct run *run, struct tab *t, const struct tab_req *r)
{
	struct flows_request *to = &run->request[run->n];
	const char *channel = channel_of(r);

	run->first_party[run->n++] = tab_first_party(t, r->url);
	*to = (struct flows_request){
	    .to = arena_copy(&w->mem, tab_host(r->url)),
	    .channel = channel ? slice_str(channel) : arena_copy(&w->mem, r->type),
	    .method = arena_copy(&w->mem, r->method),
	    .url = without_secrets(w, t, r->url),
	    .headers = without_secrets(w, t, r->headers),
	    .body = without_secrets(w, t, r->body),
	    .script = r->by.n ? arena_copy(&w->mem, r->by.url[0]) : (struct slice){0},
	};
}

/* What was put by: the next request, or the next page, carries it away. */
static void take_kept(struct twins *w, struct run *run, struct tab *t, const struct tab_kept *k)
{
	if (run->n == TAB_MAX_REQS)
		return;
	run->first_party[run->n] =
	    slice_eq(k->host, tab_bare_host(t->host)) || /* a cookie's has no port */
	    tab_first_host(t, k->host);
	run->request[run->n++] = (struct flows_request){
	    .to = arena_copy(&w->mem, k->host),
	    .channel = k->area,
	    .method = SLICE(""),
	    .url = arena_printf(&w->mem, "/%.*s", SLICE_ARG(k->key)),
	    .body = without_secrets(w, t, k->value),
	};
}

/* What the net log alone shows: the name itself may be what is carried. */
static void take_contact(struct twins *w, struct run *run, struct tab *t,
                         const struct netlog_contact *c)
{
	struct slice url = c->how == NETLOG_REQUEST ? c->url : c->host;

	if (run->n == TAB_MAX_REQS)
		return;
	run->first_party[run->n] = tab_first_host(t, c->host);
	run->request[run->n++] = (struct flows_request){
	    .to = arena_copy(&w->mem, c->host),
	    .channel = slice_str(netlog_how_name(c->how)),
	    .method = SLICE(""),
	    .url = without_secrets(w, t, url),
	};
}

void twins_take(struct twins *w, enum twins_run run, struct tab *t, struct slice card)
{
	struct run *r = w->again ? &w->second[run] : &w->run[run];

	*r = (struct run){.taken = true, .card = card};
	r->request = arena_array(&w->mem, TAB_MAX_REQS, sizeof(*r->request));
	r->first_party = arena_array(&w->mem, TAB_MAX_REQS, sizeof(*r->first_party));
	for (size_t i = 0; r->request && r->first_party && i < t->reqs; i++)
		if (!slice_starts(t->req[i].url, SLICE("data:")) &&
		    !slice_starts(t->req[i].url, SLICE("blob:")))
			take_one(w, r, t, &t->req[i]);
	for (size_t i = 0; r->request && r->first_party && i < t->kepts; i++)
		take_kept(w, r, t, &t->kept[i]);
	for (size_t i = 0; r->request && r->first_party && i < t->contacts; i++)
		take_contact(w, r, t, &t->contact[i]);
}

/* ---- telling ---- */

static struct flows_arm arm_of(const struct run *r)
{
	return (struct flows_arm){
	    .request = r->request, .n = r->n, .value = &r->card, .values = r->card.n > 0};
}

/* The first request of any arm that this is about: whose party, which method. */
static const struct flows_request *like(const struct twins *w, const struct flows_flow *f,
                                        bool *first_party)
{
	for (int run = TWINS_A; run <= TWINS_B; run++)
		for (size_t i = 0; i < w->run[run].n; i++) {
			const struct flows_request *q = &w->run[run].request[i];

			*first_party = w->run[run].first_party[i];
			if (slice_eq(q->to, f->to) && slice_eq(q->channel, f->channel) &&
			    slice_find(q->url, f->path) != SIZE_MAX)
				return q;
		}
	return NULL;
}

static bool sent_idle(const struct twins *w, const struct flows_flow *f)
{
	const struct run *r = &w->run[TWINS_IDLE];

	for (size_t i = 0; i < r->n; i++)
		if (slice_eq(r->request[i].to, f->to) &&
		    slice_eq(r->request[i].channel, f->channel) &&
		    slice_find(r->request[i].url, f->path) != SIZE_MAX)
			return true;
	return false;
}

static bool is_logged(struct slice channel)
{
	for (enum netlog_how how = NETLOG_DNS; how <= NETLOG_UDP; how++)
		if (slice_eq(channel, slice_str(netlog_how_name(how))))
			return true;
	return false;
}

static struct json *flow_json(const struct twins *w, struct arena *a, const struct scrub *scrub,
                              const struct flows_flow *f)
{
	struct json *o = json_obj(a);
	bool first_party = false, logged = is_logged(f->channel);
	const struct flows_request *q = like(w, f, &first_party);
	struct slice to = arena_printf(a, "%.*s%.*s", SLICE_ARG(slice_sub(f->to, 0, 250)),
	                               SLICE_ARG(slice_sub(f->path, 0, 500)));

	json_put_slice(a, o, "to", logged ? scrub_host(scrub, a, to) : scrub_url(scrub, a, to));
	json_put_slice(a, o, "host", scrub_host(scrub, a, slice_sub(f->to, 0, 250)));
	json_put_str(a, o, "party", first_party ? "first" : "third");
	json_put_slice(a, o, "channel", f->channel);
	json_put_slice(a, o, "method", q ? slice_sub(q->method, 0, 20) : SLICE(""));
	json_put_str(a, o, "verdict", flows_verdict_name(f->verdict));
	json_put_int(a, o, "requests", f->requests);
	if (f->encoding[0])
		json_put_str(a, o, "encoding", f->encoding);
	if (f->script.n)
		json_put_slice(a, o, "script", slice_sub(f->script, 0, 1000));
	/* The idle visit has no log: there nothing tells what goes out untyped. */
	if (w->run[TWINS_IDLE].taken)
		json_put_bool(a, o, "typed", !logged && !sent_idle(w, f));
	return o;
}

static int compare(const struct run *a, const struct run *a2, const struct run *b,
                   struct flows *out)
{
	struct flows_arm arm[3] = {arm_of(a), arm_of(a2), arm_of(b)};

	return flows_compare(&arm[0], &arm[1], &arm[2], out);
}

/* Put by in the browser, not sent: a session's number alters by itself. */
static bool is_kept(struct slice channel)
{
	return slice_eq(channel, SLICE("cookie")) || slice_eq(channel, SLICE("storage"));
}

/* Is it what the judge would speak of, though it can't be read? */
static bool is_doubtful(const struct twins *w, const struct flows_flow *f)
{
	bool first_party = false;

	if (f->verdict != FLOWS_UNDETERMINED || f->encoding[0])
		return f->verdict == FLOWS_FLOW && !f->encoding[0];
	if (is_kept(f->channel) || is_logged(f->channel) || !w->run[TWINS_IDLE].taken)
		return false;
	return like(w, f, &first_party) && !first_party && !sent_idle(w, f);
}

/* What the second pair says of it, where that is less. */
static enum flows_verdict confirmed(const struct flows *second, const struct flows_flow *f)
{
	for (size_t i = 0; i < second->n; i++) {
		const struct flows_flow *s = &second->flow[i];

		if (slice_eq(s->to, f->to) && slice_eq(s->channel, f->channel) &&
		    slice_eq(s->path, f->path))
			return s->verdict < f->verdict ? s->verdict : f->verdict;
	}
	return FLOWS_INDEPENDENT;
}

/* All pairs that there are; `second` is for what the second one says. */
static int compare_all(const struct twins *w, struct flows *out, struct flows *second)
{
	const struct run *a = &w->run[TWINS_A];
	const struct run *a2 = &w->second[TWINS_A2], *b = &w->second[TWINS_B];
	int r = compare(a, &w->run[TWINS_A2], &w->run[TWINS_B], out);

	if (r < 0 || !a2->taken || !b->taken)
		return r;
	r = compare(a, a2, b, second);
	for (size_t i = 0; r == 0 && i < out->n; i++)
		if (is_doubtful(w, &out->flow[i]))
			out->flow[i].verdict = confirmed(second, &out->flow[i]);
	return r;
}

uint64_t twins_doubt(const struct twins *w)
{
	struct flows *f = calloc(2, sizeof(*f));
	uint64_t sum = 0;

	if (!f)
		err_die("no memory");
	if (compare_all(w, &f[0], &f[1]) == 0)
		for (size_t i = 0; i < f->n; i++)
			if (is_doubtful(w, &f->flow[i]))
				sum += (hash_table(f->flow[i].to) * 31 +
				        hash_table(f->flow[i].channel)) *
				           7 +
				       (uint64_t)f->flow[i].verdict;
	free(f);
	return sum;
}

void twins_again(struct twins *w)
{
	w->again = true;
}

struct json *twins_flows(const struct twins *w, struct arena *a, const struct scrub *scrub)
{
	struct flows *f = arena_array(a, 2, sizeof(*f));
	struct json *list = json_arr(a);

	if (!f || compare_all(w, &f[0], &f[1]) < 0)
		return NULL;
	for (size_t i = 0; i < f->n; i++)
		json_push(list, flow_json(w, a, scrub, &f->flow[i]));
	return list;
}
