/*
 * hinoban scope: counts who is affected and records it. The counting is done by hinoban-scope;
 * here its figures are held against those of last time, recorded and shown.
 */
#include "face/scope.h"
#include "face/commands.h"
#include "fact/item.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_FIGURES   4096
#define LOOK_BACK      20000 /* figures of the past that are looked through */
#define NAME_COLUMNS   34
#define NUMBER_COLUMNS 20
#define FACT_ROOM      (4u * FACT_MAX_BYTES)
#define CERT_MAX_BYTES 65536

struct figure {
	struct json *draft;
	int64_t before; /* seq of the figure of last time; 0: none */
	int64_t before_us, before_low, before_high;
};

struct scope {
	struct face *f;
	struct figure *figure;
	size_t figures;
	const struct json *done, *list;
	int64_t looked;
	struct arena mem; /* one fact of the past */
	struct scope_window window;
};

static int64_t low_of(const struct json *d)
{
	return json_num(d, "n", json_num(d, "low", 0));
}

static int64_t high_of(const struct json *d)
{
	return json_num(d, "n", json_num(d, "high", 0));
}

static void take(void *ctx, struct slice name, const struct json *v)
{
	struct scope *s = ctx;

	if (slice_eq(name, SLICE("count")) && s->figures < MOST_FIGURES)
		s->figure[s->figures++].draft = json_copy(&s->f->mem, v);
	else if (slice_eq(name, SLICE("done")))
		s->done = v;
	else if (slice_eq(name, SLICE("list")))
		s->list = v;
}

/* ---- last time ---- */

static bool same_thing(const struct json *a, const struct json *b)
{
	static const char *const names[] = {"database", "scope", "population", "item", "unit"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!slice_eq(json_text(a, names[i]), json_text(b, names[i])))
			return false;
	return json_num(a, "case", 0) == json_num(b, "case", 0);
}

static int take_before(void *ctx, int64_t seq, struct slice canonical)
{
	struct scope *s = ctx;
	const struct json *fact;

	arena_reset(&s->mem);
	fact = json_parse(&s->mem, canonical, NULL);
	for (size_t i = 0; i < s->figures; i++) {
		struct figure *g = &s->figure[i];

		if (g->before || !same_thing(g->draft, fact))
			continue;
		g->before = seq;
		g->before_us = fact_at_us(fact);
		g->before_low = low_of(fact);
		g->before_high = high_of(fact);
	}
	return ++s->looked >= LOOK_BACK;
}

static void find_before(struct scope *s)
{
	struct ledger_query q = {.type = SLICE("count.scope"), .newest_first = true};

	arena_init(&s->mem, FACT_ROOM);
	ledger_each(s->f->ledger, &q, take_before, s);
	arena_done(&s->mem);
	for (size_t i = 0; i < s->figures; i++) {
		struct figure *g = &s->figure[i];

		if (!g->before)
			continue;
		json_put_int(&s->f->mem, g->draft, "before", g->before);
		json_put_int(&s->f->mem, g->draft, "change",
		             high_of(g->draft) - g->before_high);
		fact_ref(&s->f->mem, g->draft, g->before);
	}
}

/* ---- recording ---- */

static int record(struct scope *s)
{
	struct err e = {""};
	int r = 0;

	for (size_t i = 0; i < s->figures && r == 0; i++) {
		json_put_str(&s->f->mem, s->figure[i].draft, "by", face_who(s->f));
		r = post_client_queue(s->f->client, s->figure[i].draft, -1, &e);
	}
	if (r == 0)
		r = post_client_flush(s->f->client, &e);
	if (r == 0)
		return EXIT_GOOD;
	COMPLAIN(T_SCOPE_REFUSED, e.text);
	return EXIT_OURS;
}

static int put_mine(void *ctx, int64_t seq, struct slice canonical)
{
	struct scope *s = ctx;
	const struct json *fact;

	arena_reset(&s->mem);
	fact = json_parse(&s->mem, canonical, NULL);
	if (s->figures &&
	    slice_eq(json_text(fact, "run"), json_text(s->figure[0].draft, "run")))
		face_put_fact(s->f, seq);
	return 0;
}

/* As recorded; with --dry-run as they would have been. */
static void put_json(struct scope *s, int64_t size)
{
	struct ledger_query q = {.type = SLICE("count.scope"), .from_seq = size + 1};

	if (args_has(&s->f->args, OPT_DRY_RUN)) {
		for (size_t i = 0; i < s->figures; i++)
			face_put_json(s->figure[i].draft);
		return;
	}
	arena_init(&s->mem, FACT_ROOM);
	ledger_each(s->f->ledger, &q, put_mine, s);
	arena_done(&s->mem);
}

/* ---- showing ---- */

static const char *number(struct face *f, const struct json *d)
{
	struct buf b;
	const char *out;

	if (json_get(d, "n"))
		return face_num(f, json_num(d, "n", 0));
	buf_init(&b, 128);
	FILL(&b, T_SCOPE_RANGE, face_num(f, low_of(d)), face_num(f, high_of(d)));
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

static bool is_persons(const struct json *d)
{
	return slice_eq(json_text(d, "unit"), SLICE("名"));
}

static const struct json *other_unit(const struct scope *s, const struct json *d)
{
	for (size_t i = 0; i < s->figures; i++) {
		const struct json *o = s->figure[i].draft;

		if (is_persons(o) != is_persons(d) &&
		    slice_eq(json_text(o, "scope"), json_text(d, "scope")) &&
		    slice_eq(json_text(o, "population"), json_text(d, "population")) &&
		    slice_eq(json_text(o, "item"), json_text(d, "item")))
			return o;
	}
	return NULL;
}

static void right(const char *text, int columns)
{
	int w = (int)term_width(slice_str(text));

	printf("%*s", columns > w ? columns - w : 0, "");
	term_text(slice_str(text));
}

static void row(struct scope *s, const char *name, const struct json *entries,
                const struct json *persons, const char *note)
{
	printf("  ");
	term_cell(slice_str(name), NAME_COLUMNS);
	right(entries ? number(s->f, entries) : "", NUMBER_COLUMNS);
	right(persons ? number(s->f, persons) : "", NUMBER_COLUMNS);
	printf("%s%s\n", *note ? "  " : "", note);
}

static void head_row(const char *title)
{
	printf("\n");
	term_color(TERM_BOLD);
	term_cell(slice_str(title), NAME_COLUMNS + 2);
	right(text(T_SCOPE_ENTRIES), NUMBER_COLUMNS);
	right(text(T_SCOPE_PERSONS), NUMBER_COLUMNS);
	term_color(TERM_PLAIN);
	printf("\n");
}

/* The figure of the whole group, in the same unit. */
static const struct figure *group_of(const struct scope *s, const struct json *d)
{
	for (size_t i = 0; i < s->figures; i++) {
		const struct json *o = s->figure[i].draft;

		if (is_persons(o) == is_persons(d) &&
		    slice_eq(json_text(o, "item"), SLICE(ITEM_ALL)) &&
		    slice_eq(json_text(o, "population"), json_text(d, "population")))
			return &s->figure[i];
	}
	return NULL;
}

static bool empty_group(const struct scope *s, const struct json *d)
{
	const struct figure *g = group_of(s, d);

	return g && high_of(g->draft) == 0;
}

static void show_figure(struct scope *s, const struct json *d, struct slice *population)
{
	struct slice item = json_text(d, "item"), p = json_text(d, "population");
	const struct json *other = other_unit(s, d);
	bool all = slice_eq(item, SLICE(ITEM_ALL));
	bool total = slice_eq(p, SLICE("entered")) || slice_eq(p, SLICE("stored"));
	const char *name;

	if ((is_persons(d) && other) || (!all && empty_group(s, d)))
		return; /* shown in the row of its entries, or in that of its group */
	if (!slice_eq(p, *population))
		printf("\n");
	*population = p;
	name =
	    total ? text(T_SCOPE_TOTAL)
	    : all ? scope_group_name(s->f, p)
	    : slice_eq(item, SLICE("card"))
	        ? text(T_SCOPE_CARDS)
	        : face_cstr(s->f,
	                    arena_printf(&s->f->mem, "  %s",
	                                 scope_item_name(s->f, item, json_text(d, "label"))));
	row(s, name, is_persons(d) ? NULL : d, is_persons(d) ? d : other,
	    all || slice_eq(item, SLICE("card")) ? ""
	    : json_true(d, "required")           ? text(T_SCOPE_REQUIRED)
	                                         : text(T_SCOPE_OPTIONAL));
}

static void show_scope(struct scope *s, const char *scope, enum text_id title)
{
	struct slice population = {0};
	bool first = true;

	for (size_t i = 0; i < s->figures; i++) {
		const struct json *d = s->figure[i].draft;

		if (!slice_eq(json_text(d, "scope"), slice_str(scope)))
			continue;
		if (first) {
			head_row(text(title));
			population = json_text(d, "population");
		}
		first = false;
		show_figure(s, d, &population);
	}
}

/* "test 3 (12, 13, 14)" */
static void put_excluded(struct scope *s, struct buf *out, const struct json *d,
                         const struct json *e)
{
	const char *rule = face_cstr(s->f, e->name);
	const struct json *ids = json_get(json_get(d, "listed"), rule);

	if (out->n)
		buf_str(out, ", ");
	buf_printf(out, "%s %lld", rule, (long long)e->i);
	for (const struct json *i = ids ? ids->first : NULL; i; i = i->next) {
		buf_str(out, i == ids->first ? " (" : ", ");
		buf_add(out, i->s);
	}
	buf_str(out, !json_count(ids) ? "" : (int64_t)json_count(ids) < e->i ? " ...)" : ")");
}

static void show_excluded(struct scope *s)
{
	for (size_t i = 0; i < s->figures; i++) {
		const struct json *d = s->figure[i].draft, *x = json_get(d, "excluded");
		struct buf b;

		if (!x)
			continue;
		buf_init(&b, 4096);
		for (const struct json *e = x->first; e; e = e->next)
			put_excluded(s, &b, d, e);
		SAY(T_SCOPE_EXCLUDED, scope_group_name(s->f, json_text(d, "population")),
		    face_cstr(s->f, buf_slice(&b)));
		buf_done(&b);
	}
}

static void show_change(struct scope *s, const struct figure *g)
{
	int64_t by = high_of(g->draft) - g->before_high;
	const char *signed_by = face_num(s->f, by);
	char when[WHEN_TEXT_BYTES];
	struct slice what, item = json_text(g->draft, "item");

	if (by > 0)
		signed_by = face_cstr(s->f, arena_printf(&s->f->mem, "+%s", signed_by));
	what = arena_printf(&s->f->mem, "%s%s%s",
	                    scope_group_name(s->f, json_text(g->draft, "population")),
	                    slice_eq(item, SLICE(ITEM_ALL)) ? "" : text(T_AND),
	                    slice_eq(item, SLICE(ITEM_ALL)) ? ""
	                    : slice_eq(item, SLICE("card"))
	                        ? text(T_SCOPE_CARDS)
	                        : scope_item_name(s->f, item, json_text(g->draft, "label")));
	when_text(g->before_us, when);
	SAY(T_SCOPE_CHANGE, face_cstr(s->f, what), signed_by,
	    is_persons(g->draft) ? text(T_SCOPE_PERSONS) : text(T_SCOPE_ENTRIES), when);
}

/* An item that has changed by as much as its group tells nothing more. */
static bool moved_along(const struct scope *s, const struct figure *g)
{
	const struct figure *all = group_of(s, g->draft);

	return all && all != g && all->before &&
	       high_of(all->draft) - all->before_high == high_of(g->draft) - g->before_high &&
	       low_of(all->draft) - all->before_low == low_of(g->draft) - g->before_low;
}

static void show_changes(struct scope *s)
{
	char when[WHEN_TEXT_BYTES];
	int64_t newest = 0;
	bool any = false;

	for (size_t i = 0; i < s->figures; i++) {
		struct figure *g = &s->figure[i];

		if (!g->before)
			continue;
		newest = g->before_us > newest ? g->before_us : newest;
		if ((low_of(g->draft) == g->before_low &&
		     high_of(g->draft) == g->before_high) ||
		    moved_along(s, g))
			continue;
		if (!any)
			printf("\n");
		any = true;
		show_change(s, g);
	}
	if (!newest || any)
		return;
	when_text(newest, when);
	SAY(T_SCOPE_SAME, when);
}

static bool at_midnight(int64_t us)
{
	char t[WHEN_TEXT_BYTES];

	when_text(us, t);
	return slice_ends(slice_str(t), SLICE(" 00:00:00"));
}

static void show(struct scope *s)
{
	struct face *f = s->f;
	char from[WHEN_TEXT_BYTES], to[WHEN_TEXT_BYTES];
	const struct json *any = s->figures ? s->figure[0].draft : NULL;

	when_text(s->window.from_us, from);
	when_text(s->window.to_us, to);
	SAY(T_SCOPE_HEAD, from, to,
	    f->conf.scope_zone.n ? face_cstr(f, f->conf.scope_zone) : text(T_SCOPE_MACHINE),
	    face_cstr(f, json_text(any, "database")),
	    face_cstr(f, json_text(s->done, "server")));
	if (at_midnight(s->window.to_us))
		SAY(T_SCOPE_MIDNIGHT, face_cstr(f, slice_sub(slice_str(to), 0, 10)));
	show_scope(s, "entered", T_SCOPE_ENTERED);
	show_scope(s, "stored", T_SCOPE_STORED);
	show_changes(s);
	printf("\n");
	show_excluded(s);
	if (args_has(&f->args, OPT_DRY_RUN))
		SAY(T_SCOPE_DRY);
	else
		SAY(T_SCOPE_RECORDED, face_num(f, (int64_t)s->figures),
		    face_num(f, json_num(s->done, "rows", 0)),
		    face_cstr(f, json_text(s->done, "snapshot")));
}

/* ---- the list ---- */

static const char *certificate_path(struct face *f)
{
	const char *path = args_text(&f->args, OPT_CERTIFICATE);

	return path ? path : face_cstr(f, f->conf.scope_certificate);
}

static int put_certificate(struct scope *s, struct json *request)
{
	const char *path = certificate_path(s->f);
	char pem[CERT_MAX_BYTES];
	ssize_t n;

	if (!*path) {
		COMPLAIN(T_SCOPE_NO_CERTIFICATE);
		return EXIT_USE;
	}
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	n = fd < 0 ? -1 : read(fd, pem, sizeof(pem));
	if (n < 0 || !slice_utf8_valid(slice_mem(pem, (size_t)n))) {
		COMPLAIN(T_SCOPE_PASSWORD_FILE, path, strerror(n < 0 ? errno : EINVAL));
		return EXIT_USE;
	}
	json_put_slice(&s->f->mem, request, "certificate", slice_mem(pem, (size_t)n));
	return EXIT_GOOD;
}

static bool hash_file(int fd, char hex[HASH_HEX_BYTES])
{
	struct hash_state *st = hash_new();
	uint8_t chunk[65536];
	struct hash h;
	ssize_t n;

	for (off_t at = 0; st && (n = pread(fd, chunk, sizeof(chunk), at)) > 0; at += n)
		hash_add(st, slice_mem(chunk, (size_t)n));
	if (!st || fsync(fd) < 0) {
		hash_free(st);
		return false;
	}
	h = hash_end(st);
	hash_hex(&h, hex);
	hash_free(st);
	return true;
}

static int say_listed(struct scope *s, const char *path, int fd)
{
	struct arena *a = &s->f->mem;
	struct json *w = fact_draft(a, "list.written");
	struct err e = {""};
	char hex[HASH_HEX_BYTES];
	int64_t r;

	if (!hash_file(fd, hex)) {
		COMPLAIN(T_CANNOT_WRITE, path, strerror(errno));
		return EXIT_OURS;
	}
	json_put_str(a, w, "by", face_who(s->f));
	json_put_int(a, w, "lines", json_num(s->list, "lines", 0));
	json_put_str(a, w, "hash", hex);
	json_put_slice(a, w, "certificate", json_text(s->list, "certificate"));
	json_put_str(a, w, "from", s->window.from);
	json_put_str(a, w, "to", s->window.to);
	json_put_slice(a, w, "file", face_path_text(s->f, slice_str(path)));
	r = post_client_fact(s->f->client, w, -1, &e);
	if (r < 0) {
		COMPLAIN(T_SCOPE_REFUSED, e.text);
		return EXIT_OURS;
	}
	SAY(T_SCOPE_LISTED, path, face_num(s->f, json_num(s->list, "lines", 0)),
	    certificate_path(s->f));
	return EXIT_GOOD;
}

static int write_list(struct scope *s, struct json *request)
{
	const char *path = args_text(&s->f->args, OPT_LIST);
	int code = put_certificate(s, request);

	if (code)
		return code;
	AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		COMPLAIN(T_CANNOT_WRITE, path, strerror(errno));
		return EXIT_USE;
	}
	code = scope_talk(s->f, request, NULL, fd, take, s);
	if (code == EXIT_GOOD)
		code = say_listed(s, path, fd);
	if (code != EXIT_GOOD)
		unlink(path); /* half of it is no list */
	return code;
}

/* ---- the command ---- */

static int count(struct scope *s, const struct json *request)
{
	int64_t size = ledger_size(s->f->ledger);
	int code = scope_talk(s->f, request, NULL, -1, take, s);

	if (code)
		return code;
	find_before(s);
	if (!args_has(&s->f->args, OPT_DRY_RUN))
		code = record(s);
	if (code == EXIT_GOOD && args_has(&s->f->args, OPT_JSON))
		put_json(s, size);
	else if (code == EXIT_GOOD)
		show(s);
	return code;
}

static int scope_run(struct face *f)
{
	struct scope s = {.f = f};
	struct json *request;
	int code = face_conf(f);

	if (!code)
		code = face_client(f);
	if (!code)
		code = face_ledger(f);
	if (!code)
		code = scope_window(f, &s.window);
	if (code)
		return code;
	s.figure = arena_array(&f->mem, MOST_FIGURES, sizeof(*s.figure));
	request = scope_request(f, args_has(&f->args, OPT_LIST) ? "list" : "count", &s.window);
	if (!request || !s.figure)
		return EXIT_USE;
	return args_has(&f->args, OPT_LIST) ? write_list(&s, request) : count(&s, request);
}

static const uint8_t scope_opts[] = {OPT_CASE,        OPT_FROM,    OPT_TO,   OPT_ONLY,
                                     OPT_DATABASE,    OPT_FORCE,   OPT_JSON, OPT_LIST,
                                     OPT_CERTIFICATE, OPT_DRY_RUN, OPT_END};

const struct command scope_cmd = {
    .name = "scope",
    .usage = "",
    .what = T_SCOPE_WHAT,
    .more = T_SCOPE_EXAMPLES,
    .opts = scope_opts,
    .run = scope_run,
};
