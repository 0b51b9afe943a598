/* hinoban page inventory: what the watched pages run, and who said that it may. */
#include "face/inventory.h"
#include <string.h>

#define STATUS_COLUMNS 15

int inventory_take(struct face *f, struct inventory *out)
{
	int r = inventory_read(f->ledger, &f->mem, out);

	if (r < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
	return r < 0 ? EXIT_OURS : EXIT_GOOD;
}

static const struct {
	enum text_id id;
	enum term_color color;
} statuses[] = {
    [ALLOWED_UNKNOWN] = {T_INV_UNKNOWN, TERM_YELLOW},
    [ALLOWED_REFUSED] = {T_INV_IS_REFUSED, TERM_RED},
    [ALLOWED_OUTDATED] = {T_INV_OUTDATED, TERM_YELLOW},
    [ALLOWED_GIVEN] = {T_INV_GIVEN, TERM_GREEN},
    [ALLOWED_BY_RULE] = {T_INV_BY_RULE, TERM_GREEN},
    [ALLOWED_EXEMPT] = {T_INV_EXEMPT, TERM_GREEN},
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
	json_put_str(&f->mem, o, "status", inventory_status(p->how));
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
		code = inventory_take(f, &v);
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
