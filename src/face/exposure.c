/*
 * hinoban exposure: the vendor's question. Answered from the view of pages alone: which pages
 * loaded it, in which versions, from when to when, and which visits prove it.
 */
#include "base/url.h"
#include "face/commands.h"
#include "face/inventory.h"
#include <string.h>

#define HOSTS_MAX   32
#define SHORT_HASH  12
#define DATA_COLUMN 28

struct seen {
	const char *page, *url, *hash, *structure, *by;
	struct buf arms;
	int64_t first_us, last_us, first_seq, last_seq, first_record, last_record, visits;
	int64_t maybe_from_us, maybe_to_us;
	bool card, person, password;
};

struct exposure {
	struct face *f;
	const char *vendor;
	const char *host[HOSTS_MAX];
	size_t hosts;
	struct slice hash, part; /* of a host's name, where nothing else is known */
	int64_t since_us, until_us;
	struct seen *seen;
	size_t n, room;
	int64_t pages, visits; /* watched at all */
	const char *last;      /* page that was counted */
};

/* ---- whom is it about ---- */

static void add_host(struct exposure *x, struct slice host)
{
	while (host.n && (host.at[0] == '*' || host.at[0] == '.'))
		host = slice_sub(host, 1, host.n);
	for (size_t i = 0; i < x->hosts; i++) {
		if (slice_eq(host, slice_str(x->host[i])))
			return;
	}
	if (host.n && x->hosts < HOSTS_MAX)
		x->host[x->hosts++] = face_cstr(x->f, host);
}

/* Hosts of what was authorised in the name of this vendor or owner. */
static int hosts_of_name(struct exposure *x, struct slice name)
{
	struct allowed *words = inventory_words(x->f);

	if (!words)
		return EXIT_OURS;
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
	return EXIT_GOOD;
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
		return EXIT_GOOD;
	}
	code = hosts_of_name(x, v);
	if (code || x->hosts)
		return code;
	if (slice_chr(host, '.') != SIZE_MAX || slice_chr(host, ':') != SIZE_MAX)
		add_host(x, host);
	else
		x->part = v;
	return EXIT_GOOD;
}

/* ---- what is known ---- */

static bool contains(struct slice host, struct slice part)
{
	return slice_casefind(host, part) != SIZE_MAX;
}

static struct seen *place_for(struct exposure *x, const struct ledger_load *l)
{
	struct seen *s;

	for (size_t i = x->n; i > 0 && slice_eq(l->page, slice_str(x->seen[i - 1].page)); i--) {
		s = &x->seen[i - 1];
		/* The same version in another way of visiting, without a break between. */
		if (slice_eq(l->url, slice_str(s->url)) &&
		    slice_eq(l->hash, slice_str(s->hash)) && l->first_us <= s->last_us + 1 &&
		    s->first_us <= l->last_us + 1)
			return s;
	}
	if (x->n == x->room) {
		size_t room = x->room ? 2 * x->room : 256;
		struct seen *more = reallocarray(x->seen, room, sizeof(*more));

		if (!more)
			return NULL;
		x->seen = more;
		x->room = room;
	}
	s = &x->seen[x->n++];
	*s = (struct seen){.page = face_cstr(x->f, l->page),
	                   .url = face_cstr(x->f, l->url),
	                   .hash = face_cstr(x->f, l->hash),
	                   .structure = face_cstr(x->f, l->structure),
	                   .by = face_cstr(x->f, l->made_by),
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

static int take(void *ctx, const struct ledger_load *l)
{
	struct exposure *x = ctx;
	struct seen *s;

	if (x->part.n && !contains(l->host, x->part))
		return 0;
	s = place_for(x, l);
	if (!s)
		return -1;
	if (l->first_us < s->first_us) {
		s->first_us = l->first_us;
		s->first_seq = l->first_seq;
		s->maybe_from_us = l->maybe_from_us;
	}
	if (l->last_us >= s->last_us) {
		s->last_us = l->last_us;
		s->last_seq = l->last_seq;
		s->last_record = l->last_record;
		s->maybe_to_us = l->maybe_to_us;
	}
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
		x->last = face_cstr(x->f, v->page); /* pages come in order */
		x->pages++;
	}
	x->visits += v->good;
	return 0;
}

static int look_up(struct exposure *x)
{
	struct ledger_loads_query q = {
	    .hash = x->hash, .since_us = x->since_us, .until_us = x->until_us};
	int r = 0;

	for (size_t i = 0; i < x->hosts && r >= 0; i++) {
		q.host = slice_str(x->host[i]);
		r = ledger_loads(x->f->ledger, &q, take, x);
	}
	if (x->hosts == 0)
		r = ledger_loads(x->f->ledger, &q, take, x);
	if (r >= 0)
		r = ledger_visits(x->f->ledger, count_visits, x);
	if (r < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
	return r < 0 ? EXIT_OURS : EXIT_GOOD;
}

/* ---- saying it ---- */

static void print_seen(struct face *f, const struct seen *s)
{
	char from[WHEN_TEXT_BYTES], to[WHEN_TEXT_BYTES];
	const char *version = s->hash[0] ? s->hash : s->structure;

	fputs("  ", stdout);
	SAY(T_EXPOSURE_LOAD, s->url,
	    face_cstr(f, slice_sub(slice_str(version), 0, SHORT_HASH)));
	when_text(s->first_us, from);
	when_text(s->last_us, to);
	fputs("    ", stdout);
	SAY(T_EXPOSURE_SEEN, from, to, face_num(f, s->visits), face_int(f, s->first_seq),
	    face_int(f, s->last_seq));
	when_text(s->maybe_from_us, from);
	when_text(s->maybe_to_us, to);
	fputs("    ", stdout);
	SAY(T_EXPOSURE_MAYBE, s->maybe_from_us ? from : text(T_EXPOSURE_START),
	    s->maybe_to_us ? to : text(T_EXPOSURE_OPEN));
	if (s->by[0]) {
		fputs("    ", stdout);
		SAY(T_EXPOSURE_BY, s->by);
	}
}

static void print_page(const struct exposure *x, size_t from)
{
	bool card = false, person = false, password = false;

	for (size_t i = from; i < x->n && strcmp(x->seen[i].page, x->seen[from].page) == 0;
	     i++) {
		card = card || x->seen[i].card;
		person = person || x->seen[i].person;
		password = password || x->seen[i].password;
	}
	term_color(card ? TERM_RED : TERM_BOLD);
	SAY(T_EXPOSURE_PAGE, x->seen[from].page,
	    card       ? text(T_EXPOSURE_CARD)
	    : password ? text(T_EXPOSURE_PASSWORD)
	    : person   ? text(T_EXPOSURE_PERSON)
	               : "");
	term_color(TERM_PLAIN);
}

static int64_t pages_seen(const struct exposure *x)
{
	int64_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += i == 0 || strcmp(x->seen[i].page, x->seen[i - 1].page) != 0;
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
	struct arena *a = &c->x->f->mem;
	const struct json *fact = json_parse(a, arena_copy(a, canonical), NULL);

	(void)seq;
	if (fact && overlaps(c->x, fact))
		json_push(c->list, json_copy(a, fact));
	return 0;
}

static const struct json *counts_of(struct exposure *x)
{
	struct ledger_query q = {.kind = SLICE("count")};
	struct counts c = {x, json_arr(&x->f->mem)};

	ledger_each(x->f->ledger, &q, take_count, &c);
	return c.list;
}

static void print_counts(struct exposure *x)
{
	const struct json *list = counts_of(x);

	if (!list || !list->first) {
		SAY(T_EXPOSURE_NO_COUNTS);
		return;
	}
	SAY(T_EXPOSURE_COUNTS);
	for (const struct json *c = list->first; c; c = c->next) {
		struct slice population = json_text(c, "population"),
		             unit = json_text(c, "unit");

		fputs("  ", stdout);
		term_cell(population, DATA_COLUMN);
		if (json_get(c, "n"))
			printf(" %s", face_num(x->f, json_num(c, "n", 0)));
		else
			printf(" %s-%s", face_num(x->f, json_num(c, "low", 0)),
			       face_num(x->f, json_num(c, "high", 0)));
		term_text(unit);
		putchar('\n');
	}
}

/* ---- as JSON ---- */

static void put_time(struct face *f, struct json *o, const char *name, int64_t us)
{
	char at[CLOCK_TEXT_BYTES];

	clock_text(us, at);
	if (us && us != INT64_MIN && us != INT64_MAX)
		json_put_str(&f->mem, o, name, at);
}

static struct json *seen_json(struct face *f, struct seen *s)
{
	struct json *o = json_obj(&f->mem), *proof = json_obj(&f->mem);

	json_put_str(&f->mem, o, "url", s->url);
	json_put_str(&f->mem, o, "hash", s->hash);
	json_put_str(&f->mem, o, "structure", s->structure);
	json_put_str(&f->mem, o, "by", s->by);
	json_put_str(&f->mem, o, "arms", buf_cstr(&s->arms));
	put_time(f, o, "first", s->first_us);
	put_time(f, o, "last", s->last_us);
	put_time(f, o, "maybe_from", s->maybe_from_us);
	put_time(f, o, "maybe_to", s->maybe_to_us);
	json_put_int(&f->mem, o, "visits", s->visits);
	json_put_int(&f->mem, proof, "first", s->first_seq);
	json_put_int(&f->mem, proof, "last", s->last_seq);
	json_put_int(&f->mem, proof, "record", s->first_record);
	json_put(&f->mem, o, "proof", proof);
	return o;
}

static void print_json(struct exposure *x)
{
	struct face *f = x->f;
	struct json *o = json_obj(&f->mem), *pages = json_arr(&f->mem), *page = NULL,
	            *loads = NULL;

	json_put_str(&f->mem, o, "vendor", x->vendor);
	put_time(f, o, "from", x->since_us);
	put_time(f, o, "to", x->until_us);
	for (size_t i = 0; i < x->n; i++) {
		struct seen *s = &x->seen[i];

		if (i == 0 || strcmp(s->page, x->seen[i - 1].page) != 0) {
			page = json_obj(&f->mem);
			json_put_str(&f->mem, page, "page", s->page);
			loads = json_put(&f->mem, page, "loads", json_arr(&f->mem));
			json_push(pages, page);
		}
		json_put_bool(&f->mem, page, "card", json_true(page, "card") || s->card);
		json_put_bool(&f->mem, page, "person", json_true(page, "person") || s->person);
		json_put_bool(&f->mem, page, "password",
		              json_true(page, "password") || s->password);
		json_push(loads, seen_json(f, s));
	}
	json_put(&f->mem, o, "pages", pages);
	json_put_int(&f->mem, o, "watched", x->pages);
	json_put_int(&f->mem, o, "visits", x->visits);
	json_put(&f->mem, o, "counts", json_copy(&f->mem, counts_of(x)));
	face_put_json(o);
}

static void print_all(struct exposure *x)
{
	if (x->n == 0) {
		SAY(T_EXPOSURE_NONE, x->vendor, face_int(x->f, x->pages),
		    face_num(x->f, x->visits));
		return;
	}
	SAY(T_EXPOSURE_HEAD, face_int(x->f, pages_seen(x)), face_int(x->f, x->pages),
	    x->vendor);
	for (size_t i = 0; i < x->n; i++) {
		if (i == 0 || strcmp(x->seen[i].page, x->seen[i - 1].page) != 0)
			print_page(x, i);
		print_seen(x->f, &x->seen[i]);
	}
	print_counts(x);
}

static bool time_option(struct face *f, enum opt_id id, int64_t *us)
{
	const char *t = args_text(&f->args, id);

	if (!t || when_parse(slice_str(t), clock_now_us(), us))
		return true;
	COMPLAIN(T_BAD_TIME, t);
	return false;
}

static int exposure_run(struct face *f)
{
	struct exposure x = {.f = f, .vendor = args_text(&f->args, OPT_VENDOR)};
	int code;

	if (!x.vendor || !*x.vendor) {
		COMPLAIN(T_EXPOSURE_WANTED);
		return EXIT_USE;
	}
	if (!time_option(f, OPT_FROM, &x.since_us) || !time_option(f, OPT_TO, &x.until_us))
		return EXIT_USE;
	code = face_ledger(f);
	if (!code)
		code = whom(&x);
	if (!code)
		code = look_up(&x);
	if (!code) {
		if (args_has(&f->args, OPT_JSON))
			print_json(&x);
		else
			print_all(&x);
		code = x.n ? EXIT_FOUND : EXIT_GOOD;
	}
	for (size_t i = 0; i < x.n; i++)
		buf_done(&x.seen[i].arms);
	free(x.seen);
	return code;
}

static const uint8_t exposure_opts[] = {OPT_VENDOR, OPT_FROM, OPT_TO, OPT_JSON, OPT_END};

const struct command exposure_cmd = {
    .name = "exposure",
    .usage = "--vendor HOST|NAME|HASH",
    .what = T_EXPOSURE_WHAT,
    .more = T_EXPOSURE_EXAMPLES,
    .opts = exposure_opts,
    .run = exposure_run,
};
