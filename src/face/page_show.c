/* hinoban page list, page show: what the ledger knows of the pages. */
#include "face/commands.h"
#include "face/page.h"

#include <string.h>

#define LOOK_BACK    20000 /* facts of a type, newest first */
#define HASH_SHOWN   12
#define NAME_COLUMNS 14
#define WHAT_COLUMNS 30

struct looking {
	struct face *f;
	struct slice page, arm; /* empty arm: any */
	const struct json *found;
};

static int on_fact(void *ctx, int64_t seq, struct slice canonical)
{
	struct looking *l = ctx;
	const struct json *v = json_parse(&l->f->mem, arena_copy(&l->f->mem, canonical), NULL);

	(void)seq;
	if (slice_eq(json_text(v, "page"), l->page) &&
	    (!l->arm.n || slice_eq(json_text(v, "arm"), l->arm)) && json_num(v, "part", 1) == 1)
		l->found = v;
	return l->found != NULL;
}

static const struct json *newest(struct face *f, const char *type, struct slice page,
                                 struct slice arm)
{
	struct ledger_query q = {
	    .type = slice_str(type), .newest_first = true, .limit = LOOK_BACK};
	struct looking l = {.f = f, .page = page, .arm = arm};

	ledger_each(f->ledger, &q, on_fact, &l);
	return l.found;
}

static void list_one(struct face *f, const struct conf_page *p)
{
	const struct json *fact = newest(f, "page.checked", p->name, (struct slice){0});
	const char *name = face_cstr(f, p->name), *url = face_cstr(f, p->url);
	char when[WHEN_TEXT_BYTES];
	struct json *o;

	if (args_has(&f->args, OPT_JSON)) {
		o = json_obj(&f->mem);
		json_put_str(&f->mem, o, "page", name);
		json_put_str(&f->mem, o, "url", url);
		json_put_slice(&f->mem, o, "journey", p->journey);
		if (fact)
			json_put(&f->mem, o, "checked", json_copy(&f->mem, fact));
		face_put_json(o);
		return;
	}
	if (!fact) {
		SAY(T_PAGE_LINE_NEVER, name, url);
		return;
	}
	when_text(fact_at_us(fact), when);
	if (json_true(fact, "valid"))
		SAY(T_PAGE_LINE, name, url, when);
	else
		SAY(T_PAGE_LINE_NOT, name, url, when, face_cstr(f, json_text(fact, "why")));
}

int page_list(struct face *f)
{
	int code = page_config(f);

	if (!code)
		code = face_ledger(f);
	for (size_t i = 0; !code && i < f->conf.page_watches; i++) {
		struct conf_page p = conf_page(&f->conf, i);

		list_one(f, &p);
	}
	return code;
}

/* ---- show ---- */

static void head(enum text_id id)
{
	putchar('\n');
	term_paint(TERM_BOLD, slice_str(text(id)));
	putchar('\n');
}

static void put_step(const struct json *s)
{
	fputs("  ", stdout);
	term_cell(json_text(s, "name"), NAME_COLUMNS);
	term_text(json_text(s, "url"));
	putchar('\n');
}

static void put_script(const struct json *s)
{
	struct slice name = json_text(s, "url"), hash = json_text(s, "hash");

	fputs("  ", stdout);
	term_cell(slice_sub(hash, 0, HASH_SHOWN), HASH_SHOWN + 2);
	term_cell(json_text(s, "party"), 6);
	term_text(name.n ? name : json_text(s, "inline"));
	putchar('\n');
}

static void put_field(const struct json *s)
{
	if (slice_eq(json_text(s, "kind"), SLICE("hidden")))
		return;
	fputs("  ", stdout);
	term_cell(json_text(s, "kind"), NAME_COLUMNS);
	term_text(json_text(s, "name"));
	if (json_true(s, "covered")) {
		putchar(' ');
		fputs(text(T_PAGE_COVERED), stdout);
	}
	putchar('\n');
}

static void put_header(const struct json *s)
{
	const struct json *all = json_get(s, "headers");

	for (const struct json *h = all ? all->first : NULL; h; h = h->next) {
		fputs("  ", stdout);
		term_text(h->name);
		fputs(": ", stdout);
		term_text(h->s);
		putchar('\n');
	}
}

static void put_request(const struct json *s)
{
	if (!slice_eq(json_text(s, "party"), SLICE("third")) && !json_true(s, "stopped"))
		return;
	fputs("  ", stdout);
	term_cell(json_text(s, "type"), NAME_COLUMNS);
	term_text(json_text(s, "url"));
	if (json_true(s, "stopped")) {
		putchar(' ');
		fputs(text(T_PAGE_STOPPED), stdout);
	}
	putchar('\n');
}

static void put_touch(const struct json *s)
{
	fputs("  ", stdout);
	term_cell(json_text(s, "what"), WHAT_COLUMNS);
	term_text(json_text(s, "script"));
	putchar('\n');
}

static void put_contact(const struct json *s)
{
	fputs("  ", stdout);
	term_cell(json_text(s, "how"), NAME_COLUMNS);
	term_text(json_text(s, "host"));
	putchar('\n');
}

/* The same at an earlier step: once is enough for the eye. */
static bool stood_before(const struct json *first, const struct json *e)
{
	static const char *const same[] = {"name", "url",  "inline", "hash", "kind",
	                                   "type", "what", "script", "host", "how"};
	const struct json *headers = json_get(e, "headers");

	for (const struct json *k = first; k != e; k = k->next) {
		bool differs = headers && !json_get(k, "headers");

		for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
			if (!headers)
				differs = differs || !slice_eq(json_text(k, same[i]),
				                               json_text(e, same[i]));
		for (const struct json *h = headers ? headers->first : NULL; h; h = h->next) {
			const struct json *was = json_get(k, "headers");

			while (was && was->kind == JSON_OBJ)
				was = was->first;
			while (was && !(slice_eq(was->name, h->name) && slice_eq(was->s, h->s)))
				was = was->next;
			differs = differs || !was;
		}
		if (!differs)
			return true;
	}
	return false;
}

static const struct {
	const char *list;
	enum text_id head;
	void (*put)(const struct json *entry);
} lists[] = {
    {"steps", T_PAGE_H_STEPS, put_step},          {"scripts", T_PAGE_H_SCRIPTS, put_script},
    {"fields", T_PAGE_H_FIELDS, put_field},       {"headers", T_PAGE_H_HEADERS, put_header},
    {"requests", T_PAGE_H_REQUESTS, put_request}, {"touches", T_PAGE_H_TOUCHES, put_touch},
    {"contacts", T_PAGE_H_CONTACTS, put_contact},
};

int page_show(struct face *f)
{
	const char *arm = args_text(&f->args, OPT_ARM), *name = f->args.rest[1];
	const struct json *fact;
	char when[WHEN_TEXT_BYTES];
	int code = page_config(f);

	if (code)
		return code;
	if (f->args.rests < 2) {
		COMPLAIN(T_TOO_FEW, "page show", "NAME");
		return EXIT_USE;
	}
	if (!page_known(f, name))
		return EXIT_USE;
	code = face_ledger(f);
	if (code)
		return code;
	arm = arm ? arm : "idle";
	fact = newest(f, "page.record", slice_str(name), slice_str(arm));
	if (!fact) {
		COMPLAIN(T_PAGE_NO_RECORD, name, arm);
		return EXIT_FOUND;
	}
	if (args_has(&f->args, OPT_JSON)) {
		face_put_json(fact);
		return EXIT_GOOD;
	}
	when_text(fact_at_us(fact), when);
	SAY(T_PAGE_SHOWN, name, arm, face_int(f, fact_seq(fact)), when);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct json *all = json_get(fact, lists[i].list);

		if (!all || !all->first)
			continue;
		head(lists[i].head);
		for (const struct json *e = all->first; e; e = e->next)
			if (!stood_before(all->first, e))
				lists[i].put(e);
	}
	return EXIT_GOOD;
}
