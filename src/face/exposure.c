/*
 * hinoban exposure: the vendor's question. Answered from the view of pages alone: which pages
 * loaded it, in which versions, from when to when, and which visits prove it.
 */
#include "face/commands.h"
#include "face/face.h"
#include "face/scope.h"
#include "report/report.h"
#include <string.h>

#define SHORT_HASH 12

/* ---- saying it ---- */

static void print_seen(struct face *f, const struct exposure_seen *s)
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
	if (!s->sure) {
		fputs("    ", stdout);
		SAY(T_EXPOSURE_UNSURE);
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

static void print_counts(struct face *f, struct exposure *x)
{
	const struct json *list = exposure_counts(x);

	if (!list || !list->first) {
		SAY(T_EXPOSURE_NO_COUNTS);
		return;
	}
	SAY(T_EXPOSURE_COUNTS);
	for (const struct json *c = list->first; c; c = c->next) {
		const char *group = scope_group_name(f, json_text(c, "population"));
		struct slice unit = json_text(c, "unit");

		if (!exposure_tells(c))
			continue;
		printf("  %s: ", group);
		if (json_get(c, "n"))
			printf("%s", face_num(f, json_num(c, "n", 0)));
		else
			printf("%s-%s", face_num(f, json_num(c, "low", 0)),
			       face_num(f, json_num(c, "high", 0)));
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

static struct json *seen_json(struct face *f, struct exposure_seen *s)
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
	json_put_bool(&f->mem, o, "sure", s->sure);
	json_put_int(&f->mem, o, "visits", s->visits);
	json_put_int(&f->mem, proof, "first", s->first_seq);
	json_put_int(&f->mem, proof, "last", s->last_seq);
	json_put_int(&f->mem, proof, "record", s->first_record);
	json_put(&f->mem, o, "proof", proof);
	return o;
}

static void print_json(struct face *f, struct exposure *x)
{
	struct json *o = json_obj(&f->mem), *pages = json_arr(&f->mem), *page = NULL,
	            *loads = NULL;

	json_put_str(&f->mem, o, "vendor", x->vendor);
	put_time(f, o, "from", x->since_us);
	put_time(f, o, "to", x->until_us);
	for (size_t i = 0; i < x->n; i++) {
		struct exposure_seen *s = &x->seen[i];

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
	json_put(&f->mem, o, "counts", json_copy(&f->mem, exposure_counts(x)));
	face_put_json(o);
}

static void print_all(struct face *f, struct exposure *x)
{
	if (x->n == 0) {
		SAY(T_EXPOSURE_NONE, x->vendor, face_int(f, x->pages), face_num(f, x->visits));
		return;
	}
	SAY(T_EXPOSURE_HEAD, face_int(f, exposure_pages(x)), face_int(f, x->pages), x->vendor);
	for (size_t i = 0; i < x->n; i++) {
		if (exposure_new_page(x, i))
			print_page(x, i);
		print_seen(f, &x->seen[i]);
	}
	print_counts(f, x);
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
	struct exposure x = {.mem = &f->mem, .vendor = args_text(&f->args, OPT_VENDOR)};
	int code, r;

	if (!x.vendor || !*x.vendor) {
		COMPLAIN(T_EXPOSURE_WANTED);
		return EXIT_USE;
	}
	if (!time_option(f, OPT_FROM, &x.since_us) || !time_option(f, OPT_TO, &x.until_us))
		return EXIT_USE;
	code = face_ledger(f);
	if (code)
		return code;
	x.ledger = f->ledger;
	r = exposure_ask(&x);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		code = EXIT_OURS;
	} else {
		if (args_has(&f->args, OPT_JSON))
			print_json(f, &x);
		else
			print_all(f, &x);
		code = x.n ? EXIT_FOUND : EXIT_GOOD;
	}
	exposure_done(&x);
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
