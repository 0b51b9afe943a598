/* hinoban page inventory: what the watched pages run, and who said that it may. */
#include "face/inventory.h"
#include "base/url.h"
#include <string.h>

#define STATUS_COLUMNS 15

static int take_word(void *ctx, int64_t seq, struct slice canonical)
{
	struct face *f = ((void **)ctx)[0];

	(void)seq;
	allowed_take(((void **)ctx)[1],
	             json_parse(&f->mem, arena_copy(&f->mem, canonical), NULL));
	return 0;
}

struct allowed *inventory_words(struct face *f)
{
	static const char *const types[] = {"page.authorised", "page.refused"};
	struct allowed *words = allowed_new();
	void *ctx[] = {f, words};

	for (size_t i = 0; words && i < sizeof(types) / sizeof(types[0]); i++) {
		struct ledger_query q = {.type = slice_str(types[i])};
		int r = ledger_each(f->ledger, &q, take_word, ctx);

		if (r < 0) {
			COMPLAIN(T_LEDGER_FAULT, face_why(r));
			allowed_free(words);
			words = NULL;
		}
	}
	return words;
}

struct reading {
	struct face *f;
	struct inventory *v;
	size_t room;
};

/* The same script in several ways of visiting is one line. */
static bool joined(struct inventory *v, const struct ledger_load *l)
{
	struct inventory_script *p = v->n ? &v->script[v->n - 1] : NULL;

	if (!p || !slice_eq(l->page, slice_str(p->page)) ||
	    !slice_eq(l->url, slice_str(p->url)) || !slice_eq(l->hash, slice_str(p->hash)))
		return false;
	if (l->first_us < p->first_us) {
		p->first_us = l->first_us;
		p->first_seq = l->first_seq;
	}
	if (l->last_us > p->last_us) {
		p->last_us = l->last_us;
		p->last_seq = l->last_seq;
	}
	return true;
}

static int take_load(void *ctx, const struct ledger_load *l)
{
	struct reading *r = ctx;
	struct inventory *v = r->v;

	if (joined(v, l))
		return 0;
	if (v->n == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		struct inventory_script *more = reallocarray(v->script, room, sizeof(*more));

		if (!more)
			return -1;
		v->script = more;
		r->room = room;
	}
	v->script[v->n++] =
	    (struct inventory_script){.page = face_cstr(r->f, l->page),
	                              .url = face_cstr(r->f, l->url),
	                              .hash = face_cstr(r->f, l->hash),
	                              .structure = face_cstr(r->f, l->structure),
	                              .by = face_cstr(r->f, l->made_by),
	                              .first_us = l->first_us,
	                              .last_us = l->last_us,
	                              .first_seq = l->first_seq,
	                              .last_seq = l->last_seq,
	                              .third = slice_eq(l->party, SLICE("third"))};
	return 0;
}

/* Places inside a page are authorised by the page's address. */
static struct slice subject_of(struct face *f, const struct inventory_script *p)
{
	struct buf b = {.max = FACT_MAX_BYTES};
	struct slice s;

	url_steady(&b, slice_str(p->url));
	s = arena_copy(&f->mem, buf_slice(&b));
	buf_done(&b);
	return s.at ? s : slice_str("");
}

int inventory_read(struct face *f, struct inventory *out)
{
	struct ledger_loads_query q = {.now = true};
	struct inventory v = {.words = inventory_words(f)};
	struct reading r = {f, &v, 0};
	int code = v.words ? ledger_loads(f->ledger, &q, take_load, &r) : -1;

	if (code < 0) {
		if (v.words)
			COMPLAIN(T_LEDGER_FAULT, face_why(code));
		inventory_done(&v);
		return EXIT_OURS;
	}
	for (size_t i = 0; i < v.n; i++) {
		struct inventory_script *p = &v.script[i];

		p->how = allowed_is(v.words, "script", slice_str(p->page), subject_of(f, p),
		                    slice_str(p->hash), slice_str(p->structure), &p->word);
	}
	*out = v;
	return EXIT_GOOD;
}

void inventory_done(struct inventory *v)
{
	allowed_free(v->words);
	free(v->script);
}

static const struct {
	enum text_id id;
	const char *name;
	enum term_color color;
} statuses[] = {
    [ALLOWED_UNKNOWN] = {T_INV_UNKNOWN, "unknown", TERM_YELLOW},
    [ALLOWED_REFUSED] = {T_INV_IS_REFUSED, "refused", TERM_RED},
    [ALLOWED_OUTDATED] = {T_INV_OUTDATED, "changed", TERM_YELLOW},
    [ALLOWED_GIVEN] = {T_INV_GIVEN, "given", TERM_GREEN},
    [ALLOWED_BY_RULE] = {T_INV_BY_RULE, "rule", TERM_GREEN},
    [ALLOWED_EXEMPT] = {T_INV_EXEMPT, "3ds", TERM_GREEN},
};

static void print_json(struct face *f, const struct inventory_script *p)
{
	struct json *o = json_obj(&f->mem);
	char at[CLOCK_TEXT_BYTES];

	json_put_str(&f->mem, o, "page", p->page);
	json_put_str(&f->mem, o, "script", p->url);
	json_put_str(&f->mem, o, "hash", p->hash);
	json_put_str(&f->mem, o, "structure", p->structure);
	json_put_str(&f->mem, o, "by", p->by);
	json_put_bool(&f->mem, o, "third", p->third);
	json_put_str(&f->mem, o, "status", statuses[p->how].name);
	clock_text(p->first_us, at);
	json_put_str(&f->mem, o, "first", at);
	clock_text(p->last_us, at);
	json_put_str(&f->mem, o, "last", at);
	if (p->word) {
		json_put_str(&f->mem, o, "owner", p->word->owner);
		json_put_str(&f->mem, o, "reason", p->word->reason);
		json_put_int(&f->mem, o, "word", p->word->seq);
	}
	face_put_json(o);
}

static void print_line(const struct inventory_script *p)
{
	fputs("  ", stdout);
	term_color(statuses[p->how].color);
	term_cell(slice_str(text(statuses[p->how].id)), STATUS_COLUMNS);
	term_color(TERM_PLAIN);
	putchar(' ');
	term_text(slice_str(p->url));
	putchar('\n');
	if (p->word && p->word->owner[0]) {
		printf("%*s", STATUS_COLUMNS + 3, "");
		SAY(T_INV_OWNED, p->word->owner, p->word->reason);
	}
}

static void print_head(struct face *f, const struct inventory *v, size_t from)
{
	int64_t all = 0, unknown = 0;

	for (size_t i = from; i < v->n && strcmp(v->script[i].page, v->script[from].page) == 0;
	     i++) {
		all++;
		unknown += v->script[i].how < ALLOWED_GIVEN;
	}
	SAY(T_INV_HEAD, v->script[from].page, face_int(f, all), face_int(f, unknown));
}

int inventory_run(struct face *f)
{
	const char *only = args_text(&f->args, OPT_PAGE), *last = "";
	bool json = args_has(&f->args, OPT_JSON), open = false;
	struct inventory v;
	int code = face_ledger(f);

	if (!code)
		code = inventory_read(f, &v);
	if (code)
		return code;
	for (size_t i = 0; i < v.n; i++) {
		const struct inventory_script *p = &v.script[i];

		if (only && strcmp(only, p->page) != 0)
			continue;
		open = open || p->how < ALLOWED_GIVEN;
		if (json) {
			print_json(f, p);
			continue;
		}
		if (strcmp(last, p->page) != 0)
			print_head(f, &v, i);
		last = p->page;
		print_line(p);
	}
	if (v.n == 0 && !json)
		SAY(T_INV_NOTHING);
	inventory_done(&v);
	return open ? EXIT_FOUND : EXIT_GOOD;
}
