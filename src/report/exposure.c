#include "report/exposure.h"
#include "base/url.h"
#include "report/inventory.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- whom is it about ---- */

static void add_host(struct exposure *x, struct slice host)
{
	while (host.n && (host.at[0] == '*' || host.at[0] == '.'))
		host = slice_sub(host, 1, host.n);
	for (size_t i = 0; i < x->hosts; i++) {
		if (slice_eq(host, slice_str(x->host[i])))
			return;
	}
	if (host.n && x->hosts < EXPOSURE_HOSTS)
		x->host[x->hosts++] = arena_cstr(x->mem, host);
}

/* Hosts of what was authorised in the name of this vendor or owner. */
static int hosts_of_name(struct exposure *x, struct slice name)
{
	struct allowed *words;
	int r = inventory_words(x->ledger, &words);

	if (r < 0)
		return r;
	for (size_t i = 0; i < allowed_count(words); i++) {
		const struct allowed_word *w = allowed_at(words, i);
		struct slice subject = slice_str(w->subject);

		if (strcmp(w->what, "script") != 0 ||
		    (!slice_caseeq(slice_str(w->vendor), name) &&
		     !slice_caseeq(slice_str(w->owner), name)))
			continue;
		subject = slice_sub(subject, url_scheme(subject), subject.n);
		add_host(x, slice_sub(subject, 0, slice_chr(subject, '/')));
	}
	allowed_free(words);
	return 0;
}

static int whom(struct exposure *x)
{
	struct slice v = slice_trim(slice_str(x->vendor));
	struct slice bare = slice_sub(v, url_scheme(v), v.n);
	struct slice host = slice_sub(bare, 0, url_host_length(bare));
	struct hash h;
	int code;

	if (hash_unhex(v, &h) || (v.n == 65 && v.at[32] == '.')) {
		x->hash = v;
		return 0;
	}
	code = hosts_of_name(x, v);
	if (code < 0 || x->hosts)
		return code;
	if (slice_chr(host, '.') != SIZE_MAX || slice_chr(host, ':') != SIZE_MAX)
		add_host(x, host);
	else
		x->part = v;
	return 0;
}

/* ---- what is known ---- */

static bool contains(struct slice host, struct slice part)
{
	return slice_casefind(host, part) != SIZE_MAX;
}

/* The same version in another way of visiting, and no visit between that lacked it. */
static bool goes_on(const struct exposure_seen *s, const struct ledger_load *l)
{
	return slice_eq(l->url, slice_str(s->url)) && slice_eq(l->hash, slice_str(s->hash)) &&
	       (s->maybe_to_us == 0 || l->first_us <= s->maybe_to_us) &&
	       l->maybe_from_us <= s->last_us;
}

static struct exposure_seen *place_for(struct exposure *x, const struct ledger_load *l)
{
	struct exposure_seen *s;

	for (size_t i = x->n; i > 0 && slice_eq(l->page, slice_str(x->seen[i - 1].page)); i--) {
		s = &x->seen[i - 1];
		if (goes_on(s, l))
			return s;
	}
	if (x->n == x->room) {
		size_t room = x->room ? 2 * x->room : 256;
		struct exposure_seen *more = reallocarray(x->seen, room, sizeof(*more));

		if (!more)
			return NULL;
		x->seen = more;
		x->room = room;
	}
	s = &x->seen[x->n++];
	*s = (struct exposure_seen){.page = arena_cstr(x->mem, l->page),
	                            .url = arena_cstr(x->mem, l->url),
	                            .hash = arena_cstr(x->mem, l->hash),
	                            .structure = arena_cstr(x->mem, l->structure),
	                            .by = arena_cstr(x->mem, l->made_by),
	                            .arms = {.max = 512},
	                            .first_us = l->first_us,
	                            .last_us = l->last_us,
	                            .first_seq = l->first_seq,
	                            .last_seq = l->last_seq,
	                            .first_record = l->first_record,
	                            .maybe_from_us = l->maybe_from_us,
	                            .maybe_to_us = l->maybe_to_us};
	return s;
}

/* Of two visits without it the one that is nearer to the interval; 0: there was none. */
static int64_t later_before(int64_t first, int64_t a, int64_t b)
{
	a = a < first ? a : 0;
	b = b < first ? b : 0;
	return a > b ? a : b;
}

static int64_t sooner_after(int64_t last, int64_t a, int64_t b)
{
	a = a > last ? a : 0;
	b = b > last ? b : 0;
	return a == 0 || (b != 0 && b < a) ? b : a;
}

static int take(void *ctx, const struct ledger_load *l)
{
	struct exposure *x = ctx;
	struct exposure_seen *s;

	if (x->part.n && !contains(l->host, x->part))
		return 0;
	s = place_for(x, l);
	if (!s)
		return -ENOMEM;
	if (l->first_us < s->first_us) {
		s->first_us = l->first_us;
		s->first_seq = l->first_seq;
	}
	if (l->last_us >= s->last_us) {
		s->last_us = l->last_us;
		s->last_seq = l->last_seq;
		s->last_record = l->last_record;
	}
	s->maybe_from_us = later_before(s->first_us, s->maybe_from_us, l->maybe_from_us);
	s->maybe_to_us = sooner_after(s->last_us, s->maybe_to_us, l->maybe_to_us);
	s->visits += l->visits;
	s->card = s->card || l->card;
	s->person = s->person || l->person;
	s->password = s->password || l->password;
	buf_str(&s->arms, s->arms.n ? " " : "");
	buf_add(&s->arms, l->arm);
	return 0;
}

static int count_visits(void *ctx, const struct ledger_visits *v)
{
	struct exposure *x = ctx;

	if (x->pages == 0 || !slice_eq(v->page, slice_str(x->last))) {
		x->last = arena_cstr(x->mem, v->page); /* pages come in order */
		x->pages++;
	}
	x->visits += v->good;
	return 0;
}

static int look_up(struct exposure *x)
{
	struct ledger_loads_query q = {.hash = x->hash};
	int r = 0;

	for (size_t i = 0; i < x->hosts && r >= 0; i++) {
		q.host = slice_str(x->host[i]);
		r = ledger_loads(x->ledger, &q, take, x);
	}
	if (x->hosts == 0)
		r = ledger_loads(x->ledger, &q, take, x);
	if (r >= 0)
		r = ledger_visits(x->ledger, count_visits, x);
	return r < 0 ? r : 0;
}

/* ---- when ---- */

/* Whether it stood in the time asked for, for certain or possibly. */
static bool reaches(const struct exposure *x, struct exposure_seen *s)
{
	int64_t since = x->since_us ? x->since_us : INT64_MIN;
	int64_t until = x->until_us ? x->until_us : INT64_MAX;
	int64_t from = s->maybe_from_us ? s->maybe_from_us : s->first_us;
	int64_t to = s->maybe_to_us ? s->maybe_to_us : INT64_MAX;

	s->sure = s->first_us < until && s->last_us >= since;
	return s->sure || (from < until && to > since);
}

/* After all ways of visiting are put together: each says more of when another's version ended.
 */
static void keep_the_time(struct exposure *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		if (reaches(x, &x->seen[i]))
			x->seen[n++] = x->seen[i];
		else
			buf_done(&x->seen[i].arms);
	x->n = n;
}

/* ---- the answer ---- */

int exposure_ask(struct exposure *x)
{
	int r = whom(x);

	if (r >= 0)
		r = look_up(x);
	if (r == 0)
		keep_the_time(x);
	return r;
}

void exposure_done(struct exposure *x)
{
	for (size_t i = 0; i < x->n; i++)
		buf_done(&x->seen[i].arms);
	free(x->seen);
	x->seen = NULL;
	x->n = x->room = 0;
}

bool exposure_new_page(const struct exposure *x, size_t i)
{
	return i == 0 || strcmp(x->seen[i].page, x->seen[i - 1].page) != 0;
}

int64_t exposure_pages(const struct exposure *x)
{
	int64_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += exposure_new_page(x, i);
	return n;
}

/* ---- counts of the scope stage ---- */

struct counts {
	struct exposure *x;
	struct json *list;
};

static bool overlaps(const struct exposure *x, const struct json *fact)
{
	int64_t from = 0, to = INT64_MAX;

	clock_parse(json_text(fact, "from"), &from);
	clock_parse(json_text(fact, "to"), &to);
	return (!x->until_us || from < x->until_us) && (!x->since_us || to >= x->since_us);
}

static int take_count(void *ctx, int64_t seq, struct slice canonical)
{
	struct counts *c = ctx;
	struct arena *a = c->x->mem;
	const struct json *fact = json_parse(a, arena_copy(a, canonical), NULL);

	(void)seq;
	if (fact && overlaps(c->x, fact))
		json_push(c->list, json_copy(a, fact));
	return 0;
}

const struct json *exposure_counts(struct exposure *x)
{
	struct ledger_query q = {.kind = SLICE("count")};
	struct counts c = {x, json_arr(x->mem)};

	ledger_each(x->ledger, &q, take_count, &c);
	return c.list;
}

bool exposure_tells(const struct json *count)
{
	if (!slice_eq(json_text(count, "item"), SLICE("all")))
		return false;
	for (const struct json *n = count->next; n; n = n->next) {
		if (slice_eq(json_text(n, "item"), SLICE("all")) &&
		    slice_eq(json_text(n, "population"), json_text(count, "population")) &&
		    slice_eq(json_text(n, "unit"), json_text(count, "unit")))
			return false;
	}
	return true;
}
